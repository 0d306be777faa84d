//! What is kept: two implementations of what the use cases ask of a store
//! ([`service::Read`], [`service::Write`]), and one contract suite that holds both to
//! the same answers.
//!
//! - `Database` (with the feature `sql`, which is on by default) keeps everything on
//!   disk. The statements are one plain SQL text for every engine; SQLite is the
//!   engine that is built in. Reads run on the calling thread. Writes go to one writer,
//!   which commits in groups, and an answer of success means that it is on disk.
//! - [`Memory`] keeps everything in maps. It is the demo's store, and the
//!   reference model that the databases are tested against; it builds for WebAssembly.
//!
//! No statement names a row that an organization owns without that organization,
//! except by a token, by an id in the operator's and the outbox's own commands, or where
//! the row is for people of other organizations to look up: a product, the profile of a
//! partner, an account of a partner by its Microsoft Partner ID.

mod duplicates;
mod memory;
mod search;

#[cfg(feature = "sql")]
mod database;
#[cfg(feature = "sql")]
mod migrations;
#[cfg(feature = "sql")]
mod open;
#[cfg(feature = "sql")]
mod queue;
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
