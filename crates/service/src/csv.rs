//! The list of relationships as CSV (RFC 4180), for spreadsheets.

use std::fmt::Write as _;

use api::Relationship;

/// The names of the columns, which are those of the API.
const COLUMNS: [&str; 9] = [
    "partner",
    "partnerId",
    "domain",
    "relationshipType",
    "adminRoles",
    "agreement",
    "since",
    "ends",
    "status",
];

/// The relationships, a line each, below a line of names. The byte order mark tells
/// Excel that this is UTF-8.
#[must_use]
pub fn relationships(relationships: &[Relationship]) -> String {
    let mut text = String::from('\u{feff}');
    line(&mut text, &COLUMNS.map(str::to_owned));
    for one in relationships {
        let roles: Vec<_> = one.admin_roles.iter().map(|grant| grant.role.as_str()).collect();
        line(
            &mut text,
            &[
                one.partner.name.to_string(),
                one.partner.partner_id.to_string(),
                one.partner.domain.to_string(),
                one.relationship_type.to_string(),
                roles.join(", "),
                one.agreement.to_string(),
                one.since.to_string(),
                one.ends.map(|ends| ends.to_string()).unwrap_or_default(),
                one.status.to_string(),
            ],
        );
    }
    text
}

fn line(text: &mut String, cells: &[String]) {
    for (place, value) in cells.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        cell(text, value);
    }
    text.push_str("\r\n");
}

/// One cell. What a spreadsheet would take for a formula gets an apostrophe in front:
/// a partner chooses its name, and must not run anything on the reader's machine.
fn cell(text: &mut String, value: &str) {
    let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    // Writing to a String can't fail.
    let _ = if value.contains([',', '"', '\r', '\n']) {
        write!(text, "\"{guard}{}\"", value.replace('"', "\"\""))
    } else {
        write!(text, "{guard}{value}")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str) -> String {
        let mut text = String::new();
        cell(&mut text, value);
        text
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(written("Meridian"), "Meridian");
        assert_eq!(written("a, b"), "\"a, b\"");
        assert_eq!(written("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(written("a\nb"), "\"a\nb\"");
        assert_eq!(written(""), "");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let cell = written(&format!("{start}cmd|' /C calc'!A0"));
            let inside = cell.trim_start_matches('"');
            assert!(inside.starts_with('\''), "{cell:?}");
        }
        assert_eq!(written("=1,2"), "\"'=1,2\"");
    }

    #[test]
    fn the_first_line_names_the_columns() {
        assert_eq!(
            relationships(&[]),
            "\u{feff}partner,partnerId,domain,relationshipType,adminRoles,agreement,since,ends,status\r\n"
        );
    }
}
