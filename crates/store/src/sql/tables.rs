//! The tables: one module for each subject, which declares the columns of its tables, and how
//! they are written and read. The schema itself is in `migrations/`; a test compares both.

mod accounts;
mod agreements;
mod audit;
mod enquiries;
mod invitations;
mod mails;
mod organizations;
mod partner_accounts;
mod products;
mod profiles;
mod relationships;
mod search_words;
mod subscriptions;

pub(super) use accounts::SignInFailureRow;
pub(super) use organizations::StoredOrganization;
pub(super) use partner_accounts::LookUpRow;
pub(super) use search_words::SearchWordRow;
