//! The contract that every store keeps: the same stories, the same random histories
//! and the same races on each of them, and what only a database on disk promises.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails where it stands")]

mod chain;
mod content;
mod durability;
mod engines;
mod histories;
mod opening;
mod races;
mod sample_data;
mod samples;
mod search;
mod stories;
mod subscriptions;
