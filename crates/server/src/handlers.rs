//! The handlers, by subject: each parses, calls one use case, and answers.

pub(crate) mod activity;
pub(crate) mod agreement;
pub(crate) mod enquiries;
pub(crate) mod invitations;
pub(crate) mod orders;
pub(crate) mod outbox;
pub(crate) mod partner_ids;
pub(crate) mod partners;
pub(crate) mod partners_of_record;
pub(crate) mod products;
pub(crate) mod profile;
pub(crate) mod relationships;
pub(crate) mod session;
pub(crate) mod site;
pub(crate) mod subscriptions;
