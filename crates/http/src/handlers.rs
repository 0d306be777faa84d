//! Handlers, one module for each subject. A module's `router` lists its handlers; route and
//! description of each come from its `#[utoipa::path]`.
//!
//! `x-refusals` names the refusals and errors of the endpoint itself. The document gets those
//! that follow from its parameters, body and session too; see [`crate::openapi`].

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
