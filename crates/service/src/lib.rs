//! The use cases of Accord: one function each, over a transaction of the store.
//!
//! Each loads what it needs, asks [`rules::check`], applies the change, saves it, appends to
//! the audit log and puts mail into the outbox, all in one transaction.
//!
//! The crate knows no HTTP and no SQL, and does no I/O other than through the traits [`Read`]
//! and [`Write`], which a store implements. Time, ids and tokens come from [`Context`]: the same
//! time and seed give the same results.

pub mod activity;
pub mod agreements;
mod audit;
mod context;
pub mod csv;
pub mod demo;
pub mod enquiries;
mod error;
pub mod invitations;
mod limits;
pub mod model;
pub mod offers;
pub mod orders;
pub mod organizations;
pub mod outbox;
mod paging;
pub mod partner_ids;
pub mod partner_of_record;
pub mod partners;
pub mod plan;
pub mod products;
pub mod profile;
pub mod relationships;
pub mod sign_in;
mod store;
pub mod subscriptions;
mod view;

pub use audit::{ChainBreak, entry_hash, verify_chain};
pub use context::{Context, Token, TokenHash};
pub use error::{Error, Result};
pub use model::Caller;
pub use store::{Read, StoreError, Write};
