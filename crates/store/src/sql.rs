//! The store's traits on a SQLite connection.
//!
//! - `tables/` declares each table once: its columns, and how a row is written and read.
//! - `read` and `write` have the statements. Parameters are bound by name.
//! - `lists` has the statements of pages, and `search_index` the words that searches find.
//! - `columns` and `json` convert values to columns and back.

mod columns;
mod functions;
mod json;
mod lists;
mod partner_search;
mod read;
mod row;
mod search_index;
mod search_terms;
mod table;
mod tables;
mod write;

use rusqlite::{CachedStatement, Connection, ffi};
use service::StoreError;

pub(crate) use functions::add_functions;

use crate::sqlite::SqliteError;
use row::{FromRow, KnownOrganizations, RowReader};
use table::{NamedValue, TableRow};

type Result<T> = std::result::Result<T, StoreError>;

/// A transaction on a connection. It implements the traits that the use cases work with.
pub(crate) struct Transaction<'a> {
    connection: &'a Connection,
    has_queued_mail: bool,
    /// Texts of the statements of lists that were run.
    #[cfg(test)]
    list_statements: Vec<String>,
}

impl<'a> Transaction<'a> {
    /// Wraps a connection that has begun a transaction.
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self {
            connection,
            has_queued_mail: false,
            #[cfg(test)]
            list_statements: Vec::new(),
        }
    }

    /// Returns whether a mail was put into the outbox in this transaction.
    pub(crate) fn has_queued_mail(&self) -> bool {
        self.has_queued_mail
    }

    /// Prepares a statement and binds its parameters.
    fn prepare(
        &self,
        statement: &str,
        values: &[NamedValue<'_>],
    ) -> std::result::Result<CachedStatement<'a>, SqliteError> {
        let mut prepared = self.connection.prepare_cached(statement)?;
        // A name that the statement lacks is an error of SQLite; a parameter without a value
        // would silently be NULL.
        if prepared.parameter_count() != values.len() {
            return Err(rusqlite::Error::InvalidParameterCount(
                values.len(),
                prepared.parameter_count(),
            )
            .into());
        }
        for (name, value) in values {
            prepared.raw_bind_parameter(*name, value)?;
        }
        Ok(prepared)
    }

    /// Calls `each` for each row of a query.
    fn for_each<T: FromRow>(
        &mut self,
        statement: &str,
        values: &[NamedValue<'_>],
        mut each: impl FnMut(T),
    ) -> Result<()> {
        let mut prepared = self.prepare(statement, values)?;
        let mut organizations = KnownOrganizations::new();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().map_err(SqliteError::from)? {
            each(RowReader::new(row, &mut organizations).read()?);
        }
        Ok(())
    }

    /// Returns all rows of a query.
    fn all<T: FromRow>(&mut self, statement: &str, values: &[NamedValue<'_>]) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.for_each(statement, values, |row| found.push(row))?;
        Ok(found)
    }

    /// Returns the row of a query that finds at most one.
    fn one<T: FromRow>(&mut self, statement: &str, values: &[NamedValue<'_>]) -> Result<Option<T>> {
        let mut found = None;
        self.for_each(statement, values, |row| found = Some(row))?;
        Ok(found)
    }

    /// Runs a statement that changes rows, and returns their number.
    fn execute(
        &mut self,
        statement: &str,
        values: &[NamedValue<'_>],
    ) -> std::result::Result<u64, SqliteError> {
        Ok(self.prepare(statement, values)?.raw_execute()? as u64)
    }

    /// Adds a row.
    fn insert<T: TableRow>(&mut self, row: &T) -> Result<()> {
        match self.execute(T::insert_statement(), &row.encode()?)? {
            0 => Err(StoreError::Duplicate(T::DUPLICATE)),
            _ => Ok(()),
        }
    }

    /// Changes a row.
    fn update<T: TableRow>(&mut self, row: &T) -> Result<()> {
        self.update_with(T::update_statement(), &row.encode()?, T::DUPLICATE)
    }

    /// Changes a row with a statement that matches only the previous version of the row.
    /// `duplicate` is the text for [`StoreError::Duplicate`].
    fn update_with(
        &mut self,
        statement: &str,
        values: &[NamedValue<'_>],
        duplicate: &'static str,
    ) -> Result<()> {
        match self.execute(statement, values) {
            Ok(0) => Err(StoreError::Stale),
            Ok(_) => Ok(()),
            Err(error) if is_unique_violation(&error) => Err(StoreError::Duplicate(duplicate)),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_unique_violation(SqliteError(error): &SqliteError) -> bool {
    matches!(
        error.sqlite_error().map(|error| error.extended_code),
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
    )
}

#[cfg(test)]
mod tests;
