//! Black-box tests of the HTTP API: each test runs the real program on a database of its own
//! and sends requests. Every answer is compared with the API's description.

mod agreement;
mod bad_input;
mod crash;
mod documented;
mod enquiries;
mod every_operation;
mod invitations;
mod lists;
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
