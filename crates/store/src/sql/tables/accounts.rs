//! Accounts of users, their sessions, and failed attempts to sign in.

use rules::{EmailAddress, Timestamp};
use service::model::{Session, User};

use crate::duplicates;
use crate::sql::table::table;

table! {
    row: User,
    table: "account",
    key: ["organization", "id"],
    versioned: false,
    duplicate: duplicates::USER,
    columns: {
        organization,
        id,
        email,
        name,
        password,
        roles,
        language,
        created,
    },
    format: "format" = 1,
}

table! {
    row: Session,
    table: "session",
    key: ["token"],
    versioned: false,
    duplicate: duplicates::SESSION,
    columns: {
        token,
        organization,
        user: "account",
        created,
        expires,
    },
}

/// Failed attempts to sign in with an address.
pub(in crate::sql) struct SignInFailureRow {
    pub(in crate::sql) email: EmailAddress,
    pub(in crate::sql) failures: u32,
    pub(in crate::sql) last_failure: Timestamp,
}

table! {
    row: SignInFailureRow,
    table: "sign_in_failure",
    key: ["email"],
    versioned: false,
    duplicate: duplicates::USER,
    columns: {
        email,
        failures,
        last_failure,
    },
}
