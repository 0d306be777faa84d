//! What the use cases promise, on the store in memory: who may do what, what is written, who is
//! told, and that a refusal says why. One module for each subject.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod agreements;
mod audit;
mod bounds;
mod catalog;
mod enquiries;
mod invitations;
mod offers;
mod orders;
mod outbox;
mod partner_of_record;
mod plans;
mod profile;
mod relationships;
mod sign_in;
mod subscriptions;
mod world;
