//! The HTTP API, black box: the real program, a database of its own for each test,
//! and nothing but requests. What the product promises is said here by code and status.

mod bad_input;
mod crash;
mod enquiries;
mod invitations;
mod mail;
mod operator;
mod partners;
mod relationships;
mod roles;
mod security;
mod sign_in;
mod support;
