//! What the databases share: the statements, one text for every engine, and the rows.
//! An engine implements [`Sql`] and nothing else to be a store. Full-text search is the
//! one thing that every engine says in its own way, so it stands there too.
//!
//! The statements keep to what SQLite and PostgreSQL both understand: numbered
//! placeholders, `ON CONFLICT DO NOTHING`, BIGINT for every integer, TEXT for ids and
//! for JSON. A taken key is told by the number of rows that an INSERT added and not by
//! an error, since an error would end the whole transaction on PostgreSQL.

mod read;
mod rows;
mod statement;
pub(crate) mod terms;
mod value;
mod write;

use service::StoreError;
use service::model::PartnerSearch;

use crate::search::Question;

pub(crate) use rows::{Column, Columns, Row, place};
pub(crate) use statement::Statement;
pub(crate) use value::Value;

/// Why an engine did not run a statement.
#[derive(Debug)]
pub(crate) enum SqlError {
    /// A value that must be unique is taken.
    Unique,
    /// Anything else, in words for the log.
    Engine(String),
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        Self::Engine(match error {
            SqlError::Unique => "a value that must be unique is taken".to_owned(),
            SqlError::Engine(cause) => cause,
        })
    }
}

/// One connection of an engine, in a transaction.
pub(crate) trait Sql {
    /// Runs a query and shows each row that it finds.
    fn query(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Runs a statement that changes rows; says how many.
    fn execute(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, SqlError>;

    /// Has the profile at this place found by these terms, which are parted by spaces,
    /// and by no others; by none where there are none.
    fn set_terms(&mut self, place: i64, terms: Option<&str>) -> Result<(), StoreError>;

    /// The places of the profiles that match at this level and at none before it: those
    /// after this place, in ascending order, at the most `limit`.
    fn find(
        &mut self,
        search: &PartnerSearch,
        question: &Question,
        level: u8,
        after: i64,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError>;
}

/// A transaction over an engine: what the use cases are given.
pub(crate) struct Transaction<'a> {
    sql: &'a mut dyn Sql,
    has_queued_mail: bool,
}

impl<'a> Transaction<'a> {
    /// The use cases' view of a connection that has begun a transaction.
    pub(crate) fn new(sql: &'a mut dyn Sql) -> Self {
        Self { sql, has_queued_mail: false }
    }

    /// Returns whether a mail was put into the outbox in this transaction.
    pub(crate) fn has_queued_mail(&self) -> bool {
        self.has_queued_mail
    }

    /// Every row of a query.
    fn all<T>(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        decode: fn(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.sql.query(statement, values, &mut |columns| {
            found.push(decode(columns)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The row of a query that finds one at the most.
    fn one<T>(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        decode: fn(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.sql.query(statement, values, &mut |columns| {
            found = Some(decode(columns)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Adds a row, by a statement that adds none where its key is taken.
    fn insert(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        what: &'static str,
    ) -> Result<(), StoreError> {
        match self.sql.execute(statement, values)? {
            0 => Err(StoreError::Duplicate(what)),
            _ => Ok(()),
        }
    }

    /// Changes a row, by a statement that finds none where the row is another by now.
    fn update(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        unique: &'static str,
    ) -> Result<(), StoreError> {
        match self.sql.execute(statement, values) {
            Ok(0) => Err(StoreError::Stale),
            Ok(_) => Ok(()),
            Err(SqlError::Unique) => Err(StoreError::Duplicate(unique)),
            Err(error) => Err(error.into()),
        }
    }
}
