//! Tests of the declarations against the schema, and of errors of decoding.

mod formats;

use std::collections::BTreeSet;

use rules::{
    AgreementAcceptance, AgreementDocument, BillingAccount, Enquiry, Invitation, PartnerAccount,
    PastPartnerOfRecord, Product, Profile, Relationship, Subscription, Timestamp,
};
use rusqlite::Connection;
use service::model::{
    AuditRecord, Organization, OutboxMail, PartnerChangeBlock, PlacedOrder, Session, User,
};

use super::row::{FromRow, KnownOrganizations, RowReader};
use super::table::{TableRow, insert, update};
use super::tables::{LookUpRow, SearchWordRow, SignInFailureRow, StoredOrganization};
use super::{add_functions, partner_search, read, search_index, write};
use crate::migrations::MIGRATIONS;

/// Returns an empty database with all tables.
pub(super) fn empty_database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    add_functions(&connection).unwrap();
    for migration in MIGRATIONS {
        connection.execute_batch(migration.statements).unwrap();
    }
    connection
}

/// Returns SQLite's query plan, one line for each step.
pub(super) fn query_plan(statement: &str) -> String {
    let connection = empty_database();
    let mut prepared = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let mut rows = prepared.raw_query();
    let mut plan = String::new();
    while let Some(row) = rows.next().unwrap() {
        plan += &row.get::<_, String>(3).unwrap();
        plan.push('\n');
    }
    plan
}

/// Declaration of a table, for comparison with the schema.
struct Declaration {
    name: &'static str,
    columns: Vec<&'static str>,
    key: Vec<&'static str>,
    statements: Vec<String>,
}

fn declaration<T: TableRow>() -> Declaration {
    Declaration {
        name: T::NAME,
        columns: [
            T::COLUMNS.concat(),
            T::DERIVED.to_vec(),
            T::RETAINED.to_vec(),
            T::COMPUTED.iter().map(|(name, _)| *name).collect(),
            T::OTHER.to_vec(),
        ]
        .concat(),
        key: T::KEY.to_vec(),
        // A table whose key is all that it has is not updated.
        statements: if T::COLUMNS.len() > T::KEY.len() {
            vec![insert::<T>(), update::<T>("")]
        } else {
            vec![insert::<T>()]
        },
    }
}

fn declarations() -> Vec<Declaration> {
    vec![
        declaration::<AgreementAcceptance>(),
        declaration::<AgreementDocument>(),
        declaration::<AuditRecord>(),
        declaration::<BillingAccount>(),
        declaration::<Enquiry>(),
        declaration::<Invitation>(),
        declaration::<LookUpRow>(),
        declaration::<StoredOrganization>(),
        declaration::<OutboxMail>(),
        declaration::<PartnerAccount>(),
        declaration::<PastPartnerOfRecord>(),
        declaration::<PartnerChangeBlock>(),
        declaration::<PlacedOrder>(),
        declaration::<Product>(),
        declaration::<Profile>(),
        declaration::<Relationship>(),
        declaration::<SearchWordRow>(),
        declaration::<Session>(),
        declaration::<SignInFailureRow>(),
        declaration::<Subscription>(),
        declaration::<User>(),
    ]
}

fn strings(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn the_declarations_and_the_schema_have_the_same_tables_and_columns() {
    let connection = empty_database();
    let declared: BTreeSet<String> =
        declarations().iter().map(|table| table.name.to_owned()).collect();
    let mut tables = strings(
        &connection,
        // `commit_count` is a number, which needs no declaration.
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name <> 'commit_count'",
    );
    tables.sort();
    assert_eq!(Vec::from_iter(declared), tables);
    for table in declarations() {
        let name = table.name;
        let mut columns = strings(
            &connection,
            &format!("SELECT name FROM pragma_table_info('{name}') ORDER BY name"),
        );
        columns.sort();
        let mut declared = table.columns;
        declared.sort_unstable();
        assert_eq!(declared, columns, "{name}");
    }
}

#[test]
fn the_declared_keys_are_unique() {
    let connection = empty_database();
    for table in declarations() {
        let name = table.name;
        let mut unique: Vec<Vec<String>> = strings(
            &connection,
            &format!("SELECT name FROM pragma_index_list('{name}') WHERE \"unique\""),
        )
        .iter()
        .map(|index| {
            strings(
                &connection,
                &format!("SELECT name FROM pragma_index_info('{index}') ORDER BY seqno"),
            )
        })
        .collect();
        unique.push(strings(
            &connection,
            &format!("SELECT name FROM pragma_table_info('{name}') WHERE pk > 0 ORDER BY pk"),
        ));
        assert!(unique.iter().any(|columns| *columns == table.key), "{name}: {unique:?}");
    }
}

#[test]
fn every_statement_fits_the_schema() {
    let connection = empty_database();
    let statements =
        [read::STATEMENTS, write::STATEMENTS, partner_search::STATEMENTS, search_index::STATEMENTS]
            .concat();
    let texts = statements.into_iter().map(|statement| statement.as_str());
    let declarations = declarations();
    let of_tables = declarations.iter().flat_map(|table| &table.statements).map(String::as_str);
    for statement in texts.chain(of_tables) {
        let prepared = connection.prepare(statement);
        assert!(prepared.is_ok(), "{statement}: {:?}", prepared.err());
    }
}

/// Returns the error of reading the row of a query.
fn read_error<T: FromRow>(query: &str) -> String {
    let connection = Connection::open_in_memory().unwrap();
    let mut statement = connection.prepare(query).unwrap();
    let mut rows = statement.query([]).unwrap();
    let row = rows.next().unwrap().unwrap();
    match T::from_row(&mut RowReader::new(row, &mut KnownOrganizations::new())) {
        Ok(_) => panic!("{query} was read"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_column_that_does_not_parse_is_an_error_with_its_name() {
    for (value, reason) in [
        ("NULL", "nothing where an integer belongs"),
        ("'7'", "Text where an integer belongs"),
        ("x'00'", "Blob where an integer belongs"),
        ("1.5", "Real where an integer belongs"),
        ("-1", "out of range"),
        ("1 << 40", "out of range"),
    ] {
        let error = read_error::<SignInFailureRow>(&format!("SELECT 'a@a.example', {value}, 0"));
        assert!(error.contains("column failures of sign_in_failure does not"), "{error}");
        assert!(error.contains(reason), "{error}");
        let error = read_error::<u32>(&format!("SELECT {value} AS total"));
        assert!(error.contains("column total does not"), "{error}");
        assert!(error.contains(reason), "{error}");
    }
    let error = read_error::<Timestamp>("SELECT -1 AS moment");
    assert!(error.contains("not a moment"), "{error}");
    let error = read_error::<bool>("SELECT 2 AS listed");
    assert!(error.contains("2 where 0 or 1 belongs"), "{error}");
    let error = read_error::<Organization>("SELECT 1, 'no id'");
    assert!(error.contains("column id of organization does not"), "{error}");
}

#[test]
fn a_row_with_formats_of_another_version_is_an_error_that_names_it() {
    let error = read_error::<Organization>("SELECT 7");
    assert!(error.contains("column format of organization does not"), "{error}");
    assert!(error.contains("version 7 of the formats is unknown"), "{error}");
}

#[test]
fn columns_that_belong_together_are_all_null_or_none() {
    let row = "'00000000-0001-7000-8000-000000000001'";
    let tenure = |record: &str| format!("SELECT {row}, {row}, 1, {record}, 0, {row}");
    for record in ["NULL, NULL, 18, NULL", "NULL, NULL, NULL, NULL", "'1', 'x', 1, 'x'"] {
        let error = read_error::<PastPartnerOfRecord>(&tenure(record));
        assert!(
            error.contains(
                "columns partner_id, partner_of_record, partner_since, partner_set_by of \
                 partner_tenure do not"
            ),
            "{error}"
        );
    }
}
