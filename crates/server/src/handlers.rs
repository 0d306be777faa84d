//! The handlers, by subject: each parses, calls one use case, and answers.

pub(crate) mod activity;
pub(crate) mod agreement;
pub(crate) mod enquiries;
pub(crate) mod invitations;
pub(crate) mod outbox;
pub(crate) mod partners;
pub(crate) mod profile;
pub(crate) mod relationships;
pub(crate) mod session;
pub(crate) mod site;
