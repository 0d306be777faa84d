//! SQL functions for what lists sort and search by. They are those of `rules` and `listed`, so
//! that both stores agree.

use rules::search::key_matches;
use rules::{RelationshipStatus, RoleGrant, Term, Timestamp};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

use super::columns::{FromColumns, InvalidColumn};
use crate::listed;

/// Adds the functions to a connection.
pub(crate) fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    // The words of a row, and the folded beginnings of words that it must have.
    connection.create_scalar_function("key_matches", 2, flags, |context| {
        let words = argument::<String>(context, 1)?;
        let searched: Vec<String> = words.split(' ').map(str::to_owned).collect();
        Ok(key_matches(&argument::<String>(context, 0)?, &searched))
    })?;
    // Arguments: grants, end of the relationship, moment.
    connection.create_scalar_function("held_roles", 3, flags, |context| {
        let (grants, status, as_of) = grants(context)?;
        Ok(listed::held_roles(&grants, status, as_of))
    })?;
    connection.create_scalar_function("roles_end", 3, flags, |context| {
        let (grants, status, as_of) = grants(context)?;
        Ok(milliseconds(listed::roles_end(&grants, status, as_of)))
    })?;
    // Arguments: term, start, moment.
    connection.create_scalar_function("next_renewal", 3, flags, |context| {
        let term: Term = argument(context, 0)?;
        let start: Timestamp = argument(context, 1)?;
        Ok(term.next_after(start, argument(context, 2)?).milliseconds())
    })
}

fn argument<T: FromColumns<1>>(context: &Context<'_>, index: usize) -> Result<T> {
    let value: ValueRef<'_> = context.get_raw(index);
    T::from_columns([value])
        .map_err(|InvalidColumn(reason)| Error::UserFunctionError(reason.into()))
}

/// Returns the grants of a relationship, its status at a moment, and the moment.
fn grants(context: &Context<'_>) -> Result<(Vec<RoleGrant>, RelationshipStatus, Timestamp)> {
    let as_of: Timestamp = argument(context, 2)?;
    let status = match argument::<i64>(context, 1)? {
        ended_at if ended_at <= as_of.milliseconds() => RelationshipStatus::Ended,
        _ => RelationshipStatus::Active,
    };
    Ok((argument(context, 0)?, status, as_of))
}

/// Returns the time, or the largest number if it is missing.
fn milliseconds(time: Option<Timestamp>) -> i64 {
    time.map_or(i64::MAX, Timestamp::milliseconds)
}
