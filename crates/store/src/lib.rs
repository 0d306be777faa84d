//! Storage: two implementations of the traits that the use cases read and write through
//! ([`service::Read`], [`service::Write`]), and one contract suite for both.
//!
//! - `Database` (with the feature `sql`, which is on by default) keeps everything in a
//!   SQLite file. Reads run on the calling thread. Writes go to one writer thread, which
//!   commits in groups; a successful answer means that the change is on disk.
//! - [`Memory`] keeps everything in maps. The demo in the browser uses it, and the contract
//!   tests use it as the reference model. It builds for WebAssembly.
//!
//! A statement that reads or changes rows of an organization is restricted to that
//! organization. The exceptions are look-ups by a token; look-ups by an id in commands of
//! the operator and in the outbox; and rows that other organizations may look up: products,
//! partner profiles, and partner accounts by their Microsoft Partner ID.

mod duplicates;
mod listed;
mod memory;
mod search;

#[cfg(feature = "sql")]
mod database;
#[cfg(feature = "sql")]
mod migrations;
#[cfg(feature = "sql")]
mod open;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sql")]
mod sqlite;
#[cfg(feature = "sql")]
mod writer;

#[cfg(feature = "sql")]
pub use database::Database;
pub use memory::Memory;
#[cfg(feature = "sql")]
pub use open::OpenError;
