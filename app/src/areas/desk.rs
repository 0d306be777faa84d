//! The partner's desk: enquiries, invitations, customers and its profile.

pub mod compose;
pub mod customers;
pub mod enquiries;
pub mod enquiry_details;
pub mod invitation_actions;
pub mod invitation_details;
pub mod invitation_parts;
pub mod invitations;
pub mod preview;
pub mod profile;
