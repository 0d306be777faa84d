//! Services: buying them, subscriptions, and billing accounts.

pub mod billing_accounts;
pub mod checkout;
pub mod import_partners;
pub mod purchase_services;
pub mod subscription_details;
pub mod subscriptions;
