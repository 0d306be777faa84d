//! The HTTP API, black box: the real program, a database of its own for each test,
//! and nothing but requests. What the product promises is said here by code and status.

mod agreement;
mod bad_input;
mod crash;
mod documented;
mod enquiries;
mod every_operation;
mod invitations;
mod mail;
mod operator;
mod orders;
mod partner_ids;
mod partner_of_record;
mod partners;
mod plans;
mod readme;
mod relationships;
mod roles;
mod security;
mod sign_in;
mod subscriptions;
mod support;
