//! What happens: one function a use case, over a transaction of the store. Each
//! loads what it needs, asks [`rules::check`], applies the change, saves it, appends
//! to the audit log and puts mail in the outbox, all in one transaction.
//!
//! There is no HTTP here, no SQL, and nothing that waits for the world. Clock, ids
//! and tokens come through [`Context`], so that a run replays bit for bit from a seed.

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
