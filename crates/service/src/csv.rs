//! Lists as CSV (RFC 4180) for spreadsheets, and what comes back from one.

use std::fmt::Write as _;

use api::{FieldProblem, PlanRequest, Relationship, Subscription};
use rules::FieldError;

/// The column that names a subscription, in what is written and in what is read.
pub(crate) const SUBSCRIPTION: &str = "subscriptionId";
/// The column that holds a Microsoft Partner ID, likewise.
pub(crate) const PARTNER_ID: &str = "partnerId";
/// What a file as a whole is called where something is wrong with it.
const FILE: &str = "file";

/// The byte order mark, which tells Excel that a file is UTF-8. Excel writes it too.
const MARK: &str = "\u{feff}";

/// The relationships, a line each, below a line of names, which are those of the API.
#[must_use]
pub fn relationships(relationships: &[Relationship]) -> String {
    let mut text = MARK.to_owned();
    let columns = [
        "partner",
        PARTNER_ID,
        "domain",
        "relationshipType",
        "adminRoles",
        "agreement",
        "since",
        "ends",
        "status",
    ];
    line(&mut text, &columns.map(str::to_owned));
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

/// The subscriptions, a line each, below a line of names. [`read`] takes the file as it
/// is, so that Partner IDs can be changed in a spreadsheet and brought back.
#[must_use]
pub fn subscriptions(subscriptions: &[Subscription]) -> String {
    let mut text = MARK.to_owned();
    let columns = [
        SUBSCRIPTION,
        "product",
        "status",
        "quantity",
        "term",
        "renews",
        PARTNER_ID,
        "partner",
        "customer",
    ];
    line(&mut text, &columns.map(str::to_owned));
    for one in subscriptions {
        let record = one.partner_of_record.as_ref();
        line(
            &mut text,
            &[
                one.id.to_string(),
                one.product_name.to_string(),
                one.status.to_string(),
                one.quantity.to_string(),
                one.term.to_string(),
                one.renews.map(|renews| renews.to_string()).unwrap_or_default(),
                record.map(|record| record.partner_id.to_string()).unwrap_or_default(),
                record.map(|record| record.partner_name.to_string()).unwrap_or_default(),
                one.customer_name.to_string(),
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

/// A line of a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row<const N: usize> {
    /// Its place in the file, from 1, as an editor counts.
    pub(crate) number: u32,
    /// The cells of the columns that were asked for, each with what is wrong with it; or
    /// why the line has no cells.
    pub(crate) cells: Result<[Cell; N], FieldError>,
}

/// What stands in a cell, without the spaces around it, or why that can't be read.
pub(crate) type Cell = Result<String, FieldError>;

/// Reads the columns of these names, in whichever order and beside whichever others they
/// stand, from lines of cells between commas, semicolons or tabs: what spreadsheets write
/// depends on the language that they are used in. Lines without anything in them are
/// passed over; of the others there are [`PlanRequest::LINES_MAX`] at most. The apostrophe
/// that [`cell`] puts before a formula is taken off.
///
/// A cell ends with its line, other than in RFC 4180: where a quotation mark is never
/// closed, the lines after it would be taken for a part of that cell, and what they ask
/// for would be neither done nor reported.
///
/// # Errors
/// [`FieldError::NotUtf8`], [`FieldError::Empty`] or [`FieldError::TooMany`] of the
/// `file`; of a column [`FieldError::MissingColumn`], or [`FieldError::TooMany`] where the
/// name stands there twice. What is wrong with one line is said with that line.
pub(crate) fn read<const N: usize>(
    file: &[u8],
    columns: [&'static str; N],
) -> Result<Vec<Row<N>>, Vec<FieldProblem>> {
    let wrong = |error| vec![FieldProblem { field: FILE, error }];
    let file = file.strip_prefix(MARK.as_bytes()).unwrap_or(file);
    let mut lines = lines(file).filter(|(_, line)| !line.trim_ascii().is_empty());
    let Some((_, names)) = lines.next() else {
        return Err(wrong(FieldError::Empty));
    };
    // In UTF-16, which spreadsheets write as "Unicode text", every other byte is a zero.
    if names.contains(&0) {
        return Err(wrong(FieldError::NotUtf8));
    }
    let (delimiter, places) = head(names, columns)?;
    let mut rows = Vec::new();
    for (number, line) in lines {
        let cells = cells(line, delimiter);
        if cells.as_ref().is_ok_and(|cells| cells.iter().all(Vec::is_empty)) {
            continue;
        }
        if rows.len() == PlanRequest::LINES_MAX {
            return Err(wrong(FieldError::TooMany { max: PlanRequest::LINES_MAX }));
        }
        rows.push(Row {
            number,
            cells: cells.map(|cells| places.map(|place| value(cells.get(place)))),
        });
    }
    Ok(rows)
}

/// The lines with their numbers, ended as Windows, Unix or an old Macintosh ends them.
fn lines(file: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let end = if file.contains(&b'\n') { b'\n' } else { b'\r' };
    (1..).zip(file.split(move |byte| *byte == end))
}

/// By what the cells are divided, and where the columns of these names stand.
fn head<const N: usize>(
    names: &[u8],
    columns: [&'static str; N],
) -> Result<(u8, [usize; N]), Vec<FieldProblem>> {
    let mut fewest: Option<Vec<FieldProblem>> = None;
    for delimiter in *b",;\t" {
        // Names whose quotation marks are not closed are names of nothing.
        let cells = cells(names, delimiter).unwrap_or_default();
        let mut problems = Vec::new();
        let places = columns.map(|column| {
            let mut found = cells.iter().enumerate().filter_map(|(place, cell)| {
                cell.eq_ignore_ascii_case(column.as_bytes()).then_some(place)
            });
            let first = found.next();
            let error = match first {
                None => FieldError::MissingColumn,
                // Which of the two is meant can't be known.
                Some(_) if found.next().is_some() => FieldError::TooMany { max: 1 },
                Some(place) => return place,
            };
            problems.push(FieldProblem { field: column, error });
            0
        });
        if problems.is_empty() {
            return Ok((delimiter, places));
        }
        if fewest.as_ref().is_none_or(|fewest| problems.len() < fewest.len()) {
            fewest = Some(problems);
        }
    }
    Err(fewest.unwrap_or_default())
}

/// The cells of one line, without the spaces around them.
fn cells(line: &[u8], delimiter: u8) -> Result<Vec<Vec<u8>>, FieldError> {
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut quoted = false;
    let mut rest = line.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte == b'"' && quoted {
            // Two of them stand for one.
            quoted = rest.next_if_eq(&b'"').is_some();
            if quoted {
                cell.push(b'"');
            }
        } else if byte == b'"' && cell.trim_ascii().is_empty() {
            quoted = true;
        } else if byte == delimiter && !quoted {
            cells.push(cell.trim_ascii().to_vec());
            cell.clear();
        } else {
            cell.push(byte);
        }
    }
    if quoted {
        return Err(FieldError::UnclosedQuote);
    }
    cells.push(cell.trim_ascii().to_vec());
    Ok(cells)
}

/// The text of a cell; a line may end before its column.
fn value(cell: Option<&Vec<u8>>) -> Cell {
    let text = str::from_utf8(cell.ok_or(FieldError::MissingColumn)?);
    let text = text.map_err(|_| FieldError::NotUtf8)?;
    Ok(text.strip_prefix('\'').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    const COLUMNS: [&str; 2] = [SUBSCRIPTION, PARTNER_ID];

    /// Each line's number and cells, with the code of what is wrong in place of a text.
    fn found(file: &[u8]) -> Vec<(u32, String)> {
        let rows = read(file, COLUMNS).expect("a file that can be read");
        let shown = |cell: &Cell| match cell {
            Ok(text) => text.clone(),
            Err(error) => format!("<{error}>"),
        };
        let line = |row: &Row<2>| match &row.cells {
            Ok(cells) => cells.iter().map(shown).collect::<Vec<_>>().join("|"),
            Err(error) => format!("<{error}>"),
        };
        rows.iter().map(|row| (row.number, line(row))).collect()
    }

    /// What is wrong with the file as a whole.
    fn refused(file: &[u8]) -> Vec<(&'static str, FieldError)> {
        let problems = read(file, COLUMNS).expect_err("a file that can't be read");
        problems.iter().map(|problem| (problem.field, problem.error)).collect()
    }

    #[test]
    fn columns_are_found_by_name_whatever_divides_them_and_wherever_they_stand() {
        for file in [
            "subscriptionId,partnerId\na,1\nb,\n",
            "\u{feff}subscriptionId,partnerId\r\na,1\r\nb,\r\n",
            "subscriptionId,partnerId\ra,1\rb,",
            "product;PARTNERID; subscriptionID ;price, net\nx;1;a;1,50\ny;;b;2,50",
            "partnerId\tsubscriptionId\n1\ta\n\tb",
            "\"partnerId\",\"note, with a comma\",\"subscriptionId\"\n1,,a\n,\"a;b\",b",
            "subscriptionId,partnerId\n \"a\" ,\"1\"\nb,\"\"",
            "subscriptionId,partnerId\na,'1\nb,'",
        ] {
            let expected = [(2, "a|1".to_owned()), (3, "b|".to_owned())];
            assert_eq!(found(file.as_bytes()), expected, "{file}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_stays_in_that_line() {
        let file = b"subscriptionId,product,partnerId\n\
            a,\"never closed,1\n\
            b,two \"quoted\" words,2\n\
            c\n\
            \n\
            ,,\n\
            d,\xfcber,4\n\
            e,x,\xfc\n\
            \"f\"\"\",x,6\0\n\
            ,,7";
        let expected = [
            (2, "<unclosedQuote>"),
            (3, "b|2"),
            (4, "c|<missingColumn>"),
            (7, "d|4"),
            (8, "e|<notUtf8>"),
            (9, "f\"|6\0"),
            (10, "|7"),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect();
        assert_eq!(found(file), expected);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_of_the_file() {
        let utf16: Vec<u8> = "\u{feff}subscriptionId\tpartnerId\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(refused(&utf16), [("file", FieldError::NotUtf8)]);
        assert_eq!(refused(&utf16[2..]), [("file", FieldError::NotUtf8)]);
        for empty in ["", "\u{feff}", " \r\n\t\n"] {
            assert_eq!(refused(empty.as_bytes()), [("file", FieldError::Empty)]);
        }
        let missing = |column| (column, FieldError::MissingColumn);
        assert_eq!(refused(b"a,1\nb,2"), [missing(SUBSCRIPTION), missing(PARTNER_ID)]);
        assert_eq!(refused(b"x;subscriptionId\na;1"), [missing(PARTNER_ID)]);
        assert_eq!(refused(b"subscriptionId|partnerId\na|1")[0], missing(SUBSCRIPTION));
        assert_eq!(refused(b"\"subscriptionId,partnerId\na,1").len(), 2);
        assert_eq!(
            refused(b"subscriptionId,partnerId,PartnerID\na,1,2"),
            [(PARTNER_ID, FieldError::TooMany { max: 1 })]
        );
        assert!(found(b"subscriptionId,partnerId").is_empty());
    }

    #[test]
    fn ten_thousand_lines_are_read_and_no_more() {
        let mut file = b"subscriptionId,partnerId\n\n,\n".to_vec();
        file.extend(b"a,1\n".repeat(PlanRequest::LINES_MAX));
        assert_eq!(found(&file).len(), PlanRequest::LINES_MAX);
        file.extend(b"a,1");
        assert_eq!(refused(&file), [("file", FieldError::TooMany { max: PlanRequest::LINES_MAX })]);
    }

    #[test]
    fn a_line_of_two_mebibytes_is_a_line() {
        let mut file = b"subscriptionId,partnerId\n".to_vec();
        file.extend(b"\",".repeat(1024 * 1024));
        file.extend(b"\na,1");
        assert_eq!(found(&file).last(), Some(&(3, "a|1".to_owned())));
    }

    proptest! {
        #[test]
        fn no_file_panics_and_no_line_is_passed_over(file: Vec<u8>, lines in 0..9_u32) {
            let _ = read(&file, COLUMNS);
            let mut known = b"subscriptionId,partnerId\n".to_vec();
            for _ in 0..lines {
                known.extend(file.iter().filter(|byte| !b"\r\n".contains(byte)));
                known.extend(b"x\n");
            }
            let rows = read(&known, COLUMNS).map(|rows| rows.len());
            prop_assert_eq!(rows, Ok(lines as usize));
        }

        #[test]
        fn a_cell_that_was_written_is_read(value in "[^\\r\\n\\p{White_Space}'][^\\r\\n']{0,20}") {
            let mut text = "partnerId,subscriptionId\n".to_owned();
            line(&mut text, &[value.clone(), "a".to_owned()]);
            let written = value.trim_ascii();
            prop_assert_eq!(found(text.as_bytes()), [(2, format!("a|{written}"))]);
        }
    }
}
