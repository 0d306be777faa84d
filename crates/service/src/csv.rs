//! Lists as CSV (RFC 4180) for spreadsheets, and the import of files that come back from one.
//!
//! Files are written with the crate `csv`, and read with a parser of their own: the reader of
//! that crate accepts an open quote and takes the following lines for a part of the cell.

use api::{FieldProblem, PlanRequest, RelationshipResource, SubscriptionResource};
use rules::FieldError;

/// Name of the column with the id of a subscription.
pub(crate) const SUBSCRIPTION_COLUMN: &str = "subscriptionId";
/// Name of the column with a Microsoft Partner ID.
pub(crate) const PARTNER_ID_COLUMN: &str = "partnerId";
/// Field name of problems with a file as a whole.
const FILE: &str = "file";

/// Byte order mark, by which Excel recognizes UTF-8. Excel writes it too.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns the first line of a file of relationships. The column names are those of the API.
#[must_use]
pub fn relationship_header() -> String {
    header([
        "partner",
        PARTNER_ID_COLUMN,
        "domain",
        "relationshipType",
        "adminRoles",
        "agreement",
        "since",
        "ends",
        "status",
    ])
}

/// Returns relationships as lines of CSV.
#[must_use]
pub fn relationship_rows(relationships: &[RelationshipResource]) -> String {
    let mut csv = CsvWriter::new();
    for one in relationships {
        let roles: Vec<_> = one.admin_roles.iter().map(|grant| grant.role.as_str()).collect();
        csv.write_row([
            one.partner.name.to_string(),
            one.partner.partner_id.to_string(),
            one.partner.domain.to_string(),
            one.relationship_type.to_string(),
            roles.join(", "),
            one.agreement.to_string(),
            one.since.to_string(),
            one.ends.map(|ends| ends.to_string()).unwrap_or_default(),
            one.status.to_string(),
        ]);
    }
    csv.finish()
}

/// Returns the first line of a file of subscriptions. [`read`] accepts the file, so that
/// Partner IDs can be changed in a spreadsheet and imported.
#[must_use]
pub fn subscription_header() -> String {
    header([
        SUBSCRIPTION_COLUMN,
        "product",
        "status",
        "quantity",
        "term",
        "renews",
        PARTNER_ID_COLUMN,
        "partner",
        "customer",
    ])
}

/// Returns subscriptions as lines of CSV.
#[must_use]
pub fn subscription_rows(subscriptions: &[SubscriptionResource]) -> String {
    let mut csv = CsvWriter::new();
    for one in subscriptions {
        let record = one.partner_of_record.as_ref();
        csv.write_row([
            one.id.to_string(),
            one.product_name.to_string(),
            one.status.to_string(),
            one.quantity.to_string(),
            one.term.to_string(),
            one.renews.map(|renews| renews.to_string()).unwrap_or_default(),
            record.map(|record| record.partner_id.to_string()).unwrap_or_default(),
            record.map(|record| record.partner_name.to_string()).unwrap_or_default(),
            one.customer_name.to_string(),
        ]);
    }
    csv.finish()
}

/// Returns the beginning of a file: the byte order mark and the names of the columns.
fn header<const N: usize>(columns: [&str; N]) -> String {
    let mut csv = CsvWriter::new();
    csv.write_row(columns);
    format!("{BYTE_ORDER_MARK}{}", csv.finish())
}

/// Lines of a CSV file that are being written.
struct CsvWriter(csv::Writer<Vec<u8>>);

impl CsvWriter {
    fn new() -> Self {
        let mut builder = csv::WriterBuilder::new();
        Self(builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    fn write_row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        // Writing to a Vec can't fail, and all rows of a file are arrays of one length.
        let _ = self.0.write_record(cells.into_iter().map(|cell| guard_formula(cell.as_ref())));
    }

    fn finish(self) -> String {
        // Flushing to a Vec can't fail, and everything that was written is UTF-8.
        String::from_utf8(self.0.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// Returns the text of a cell with an apostrophe in front if a spreadsheet would take it for
/// a formula. A partner chooses its own name, which must not run anything on the machine of
/// a reader.
fn guard_formula(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// A line of an imported file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CsvRow<const N: usize> {
    /// Line number in the file, from 1.
    pub(crate) number: u32,
    /// Cells of the requested columns, or the reason why the line could not be split.
    pub(crate) cells: Result<[CellText; N], FieldError>,
}

/// Text of a cell without surrounding spaces, or the reason why it could not be read.
pub(crate) type CellText = Result<String, FieldError>;

/// Reads columns of a CSV file by name. The columns can be in any order, and the file can have
/// others. Cells are separated by commas, semicolons or tabs, because spreadsheets choose the
/// delimiter by language. Blank lines are skipped; at most [`PlanRequest::LINES_MAX`] other
/// lines are accepted. The apostrophe of [`guard_formula`] is removed.
///
/// Unlike in RFC 4180, a cell ends with its line. Otherwise a missing closing quote would make
/// the following lines part of the cell, and they would be neither applied nor reported.
///
/// # Errors
/// For the `file`: [`FieldError::NotUtf8`], [`FieldError::Empty`] or [`FieldError::TooMany`].
/// For a column: [`FieldError::MissingColumn`], or [`FieldError::TooMany`] if the name occurs
/// twice. Errors in a line are part of the result.
pub(crate) fn read<const N: usize>(
    file: &[u8],
    columns: [&'static str; N],
) -> Result<Vec<CsvRow<N>>, Vec<FieldProblem>> {
    let invalid_file = |error| vec![FieldProblem { field: FILE, error }];
    let file = file.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(file);
    let mut lines = numbered_lines(file).filter(|(_, line)| !line.trim_ascii().is_empty());
    let Some((_, names)) = lines.next() else {
        return Err(invalid_file(FieldError::Empty));
    };
    // In UTF-16, which spreadsheets call "Unicode text", every other byte is zero.
    if names.contains(&0) {
        return Err(invalid_file(FieldError::NotUtf8));
    }
    let (delimiter, indexes) = find_columns(names, columns)?;
    let mut rows = Vec::new();
    for (number, line) in lines {
        let cells = split_cells(line, delimiter);
        if cells.as_ref().is_ok_and(|cells| cells.iter().all(Vec::is_empty)) {
            continue;
        }
        if rows.len() == PlanRequest::LINES_MAX {
            return Err(invalid_file(FieldError::TooMany { max: PlanRequest::LINES_MAX }));
        }
        rows.push(CsvRow {
            number,
            cells: cells.map(|cells| indexes.map(|index| cell_text(cells.get(index)))),
        });
    }
    Ok(rows)
}

/// Returns the lines with their numbers. Line ends can be those of Windows, Unix or old
/// Macintoshes.
fn numbered_lines(file: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let end = if file.contains(&b'\n') { b'\n' } else { b'\r' };
    (1..).zip(file.split(move |byte| *byte == end))
}

/// Returns the delimiter of the file, and the indexes of the columns with these names.
fn find_columns<const N: usize>(
    names: &[u8],
    columns: [&'static str; N],
) -> Result<(u8, [usize; N]), Vec<FieldProblem>> {
    let mut fewest: Option<Vec<FieldProblem>> = None;
    for delimiter in *b",;\t" {
        // With an open quote, there are no column names.
        let cells = split_cells(names, delimiter).unwrap_or_default();
        let mut problems = Vec::new();
        let indexes = columns.map(|column| {
            let mut found = cells.iter().enumerate().filter_map(|(index, cell)| {
                cell.eq_ignore_ascii_case(column.as_bytes()).then_some(index)
            });
            let first = found.next();
            let error = match first {
                None => FieldError::MissingColumn,
                // Either of the two could be meant.
                Some(_) if found.next().is_some() => FieldError::TooMany { max: 1 },
                Some(index) => return index,
            };
            problems.push(FieldProblem { field: column, error });
            0
        });
        if problems.is_empty() {
            return Ok((delimiter, indexes));
        }
        if fewest.as_ref().is_none_or(|fewest| problems.len() < fewest.len()) {
            fewest = Some(problems);
        }
    }
    Err(fewest.unwrap_or_default())
}

/// Splits a line into cells without surrounding spaces.
fn split_cells(line: &[u8], delimiter: u8) -> Result<Vec<Vec<u8>>, FieldError> {
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut quoted = false;
    let mut rest = line.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte == b'"' && quoted {
            // A doubled quote stands for one.
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

/// Returns the text of a cell, which is missing if the line ends before its column.
fn cell_text(cell: Option<&Vec<u8>>) -> CellText {
    let text = str::from_utf8(cell.ok_or(FieldError::MissingColumn)?);
    let text = text.map_err(|_| FieldError::NotUtf8)?;
    Ok(text.strip_prefix('\'').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The bytes of one cell in a written file.
    fn written(text: &str) -> String {
        let mut csv = CsvWriter::new();
        csv.write_row([text, "end"]);
        let file = csv.finish();
        file.strip_suffix(",end\r\n").unwrap().to_owned()
    }

    #[test]
    fn cells_are_quoted_if_necessary() {
        assert_eq!(written("Meridian"), "Meridian");
        assert_eq!(written("a, b"), "\"a, b\"");
        assert_eq!(written("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(written("a\nb"), "\"a\nb\"");
        assert_eq!(written(""), "");
    }

    #[test]
    fn no_written_cell_is_a_formula() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let cell = written(&format!("{start}cmd|' /C calc'!A0"));
            let inside = cell.trim_start_matches('"');
            assert!(inside.starts_with('\''), "{cell:?}");
        }
        assert_eq!(written("=1,2"), "\"'=1,2\"");
    }

    #[test]
    fn the_first_line_names_the_columns() {
        assert_eq!(relationship_rows(&[]), "");
        assert_eq!(
            relationship_header(),
            "\u{feff}partner,partnerId,domain,relationshipType,adminRoles,agreement,since,ends,status\r\n"
        );
    }

    const COLUMNS: [&str; 2] = [SUBSCRIPTION_COLUMN, PARTNER_ID_COLUMN];

    /// Number and cells of each line, with error codes in place of texts.
    fn found(file: &[u8]) -> Vec<(u32, String)> {
        let rows = read(file, COLUMNS).expect("a file that can be read");
        let shown = |cell: &CellText| match cell {
            Ok(text) => text.clone(),
            Err(error) => format!("<{error}>"),
        };
        let line = |row: &CsvRow<2>| match &row.cells {
            Ok(cells) => cells.iter().map(shown).collect::<Vec<_>>().join("|"),
            Err(error) => format!("<{error}>"),
        };
        rows.iter().map(|row| (row.number, line(row))).collect()
    }

    /// Problems of the file as a whole.
    fn refused(file: &[u8]) -> Vec<(&'static str, FieldError)> {
        let problems = read(file, COLUMNS).expect_err("a file that can't be read");
        problems.iter().map(|problem| (problem.field, problem.error)).collect()
    }

    #[test]
    fn columns_are_found_by_name_with_any_delimiter_and_in_any_order() {
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
    fn an_invalid_line_does_not_affect_other_lines() {
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
    fn invalid_files_are_refused_as_a_whole() {
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
        assert_eq!(
            refused(b"a,1\nb,2"),
            [missing(SUBSCRIPTION_COLUMN), missing(PARTNER_ID_COLUMN)]
        );
        assert_eq!(refused(b"x;subscriptionId\na;1"), [missing(PARTNER_ID_COLUMN)]);
        assert_eq!(refused(b"subscriptionId|partnerId\na|1")[0], missing(SUBSCRIPTION_COLUMN));
        assert_eq!(refused(b"\"subscriptionId,partnerId\na,1").len(), 2);
        assert_eq!(
            refused(b"subscriptionId,partnerId,PartnerID\na,1,2"),
            [(PARTNER_ID_COLUMN, FieldError::TooMany { max: 1 })]
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
        fn no_file_panics_and_no_line_is_skipped(file: Vec<u8>, lines in 0..9_u32) {
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
        fn a_written_cell_is_read_back(value in "[^\\r\\n\\p{White_Space}'][^\\r\\n']{0,20}") {
            let mut csv = CsvWriter::new();
            csv.write_row([PARTNER_ID_COLUMN, SUBSCRIPTION_COLUMN]);
            csv.write_row([value.as_str(), "a"]);
            let trimmed = value.trim_ascii();
            prop_assert_eq!(found(csv.finish().as_bytes()), [(2, format!("a|{trimmed}"))]);
        }
    }
}
