//! What happened: the audit log, and the mails that were sent.

pub mod activity;
pub mod outbox;
