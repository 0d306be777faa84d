//! SQL statements and rows, independent of the connection that runs them. A connection
//! implements [`SqlConnection`]; [`Transaction`] implements the store's traits on top.

mod read;
mod rows;
mod statement;
pub(crate) mod terms;
mod value;
mod write;

use service::StoreError;
use service::model::PartnerSearch;

use crate::search::SearchWords;

pub(crate) use rows::{ColumnValue, RowReader, SqlRow, profile_place};
pub(crate) use statement::SqlStatement;
pub(crate) use value::SqlValue;

/// Reason why a statement failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SqlError {
    /// A unique value is taken.
    #[error("a value that must be unique is taken")]
    Unique,
    /// Any other error, as text for the log.
    #[error("{0}")]
    Engine(String),
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        Self::Engine(error.to_string())
    }
}

/// A database connection with an open transaction.
pub(crate) trait SqlConnection {
    /// Runs a query and calls `each` for each row.
    fn query(
        &mut self,
        statement: &SqlStatement,
        values: &[SqlValue<'_>],
        each: &mut dyn FnMut(&mut RowReader<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Runs a statement that changes rows, and returns their number.
    fn execute(
        &mut self,
        statement: &SqlStatement,
        values: &[SqlValue<'_>],
    ) -> Result<u64, SqlError>;

    /// Replaces the search terms of the profile at `place`. The terms are separated by
    /// spaces; `None` removes the profile from the index.
    fn set_search_terms(&mut self, place: i64, terms: Option<&str>) -> Result<(), StoreError>;

    /// Returns the places of the profiles that match at `level` and at no better one: at
    /// most `limit`, in ascending order, starting after the place `after`.
    fn find_profiles(
        &mut self,
        search: &PartnerSearch,
        words: &SearchWords,
        level: u8,
        after: i64,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError>;
}

/// A transaction of the store on a connection. It implements the traits that the use cases
/// work with.
pub(crate) struct Transaction<'a> {
    sql: &'a mut dyn SqlConnection,
    has_queued_mail: bool,
}

impl<'a> Transaction<'a> {
    /// Wraps a connection that has begun a transaction.
    pub(crate) fn new(sql: &'a mut dyn SqlConnection) -> Self {
        Self { sql, has_queued_mail: false }
    }

    /// Returns whether a mail was put into the outbox in this transaction.
    pub(crate) fn has_queued_mail(&self) -> bool {
        self.has_queued_mail
    }

    /// Returns all rows of a query.
    fn all<T>(
        &mut self,
        statement: &SqlStatement,
        values: &[SqlValue<'_>],
        decode: fn(&mut RowReader<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.sql.query(statement, values, &mut |row| {
            found.push(decode(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Returns the row of a query that finds at most one.
    fn one<T>(
        &mut self,
        statement: &SqlStatement,
        values: &[SqlValue<'_>],
        decode: fn(&mut RowReader<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.sql.query(statement, values, &mut |row| {
            found = Some(decode(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Adds a row with an `ON CONFLICT DO NOTHING` statement. `duplicate` is the text for
    /// [`StoreError::Duplicate`].
    fn insert(
        &mut self,
        statement: &SqlStatement,
        values: &[SqlValue<'_>],
        duplicate: &'static str,
    ) -> Result<(), StoreError> {
        match self.sql.execute(statement, values)? {
            0 => Err(StoreError::Duplicate(duplicate)),
            _ => Ok(()),
        }
    }

    /// Changes a row with a statement that matches only the previous version of the row.
    /// `duplicate` is the text for [`StoreError::Duplicate`].
    fn update(
        &mut self,
        statement: &SqlStatement,
        values: &[SqlValue<'_>],
        duplicate: &'static str,
    ) -> Result<(), StoreError> {
        match self.sql.execute(statement, values) {
            Ok(0) => Err(StoreError::Stale),
            Ok(_) => Ok(()),
            Err(SqlError::Unique) => Err(StoreError::Duplicate(duplicate)),
            Err(error) => Err(error.into()),
        }
    }
}
