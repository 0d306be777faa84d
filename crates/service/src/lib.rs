//! Use cases, one function each. A use case runs in one transaction of the store: it loads
//! what it needs, asks [`rules::check`], applies the change, saves it, appends to the audit
//! log, and puts mail into the outbox.
//!
//! There is no HTTP, no SQL, and no I/O other than the store. The clock, ids and tokens come
//! from [`Context`], so that a run with the same seed gives the same results, bit for bit.
//!
//! Functions that take a caller fail with [`Error::Problem`] if the rules refuse the action
//! to the caller, if the caller may not see the object (not found), or if the caller named
//! an outdated version; and with [`Error::Store`] if the store fails.

pub mod activity;
pub mod agreements;
mod audit;
mod audit_content;
mod context;
pub mod csv;
pub mod demo;
pub mod enquiries;
mod error;
pub mod invitations;
mod limits;
pub mod lists;
pub mod model;
pub mod offers;
pub mod orders;
pub mod organizations;
pub mod outbox;
pub mod partner_ids;
pub mod partner_of_record;
pub mod partners;
pub mod pending_changes;
pub mod plan;
pub mod products;
pub mod profile;
pub mod relationships;
pub mod sign_in;
mod store;
pub mod stored;
pub mod subscriptions;
mod view;

pub use audit::{ChainBreak, entry_hash, verify_chain};
pub use context::{Context, Token, TokenHash};
pub use error::{Error, Result};
pub use model::Caller;
pub use store::{Read, StoreError, Write};
