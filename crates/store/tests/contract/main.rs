//! The contract of the stores: the same tests of each method, the same random histories and
//! the same races for both, and the guarantees that only the database on disk gives.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod chain;
mod content;
mod durability;
mod engines;
mod histories;
mod lists;
mod opening;
mod races;
mod rows;
mod sample_data;
mod samples;
mod search;
mod stories;
mod subscriptions;
