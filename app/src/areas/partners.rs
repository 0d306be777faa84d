//! The customer's partners: finding one, accepting its invitation, and what it may do.

pub mod accept_agreement;
pub mod find_a_partner;
pub mod my_requests;
pub mod partner_details;
pub mod partner_invitation;
pub mod partner_relationships;
pub mod what_can_a_partner_do;
