//! Parts shared by the partner's pages and by pages about one resource.

/// Path of the list of enquiries.
pub const ENQUIRIES_PATH: &str = "/enquiries";
/// Path of the list of invitations.
pub const INVITATIONS_PATH: &str = "/invitations";
/// Path of the form that composes an invitation.
pub const COMPOSE_PATH: &str = "/invitations/new";
/// Path of the list of customers.
pub const CUSTOMERS_PATH: &str = "/customers";
/// Path of the partner's profile.
pub const PROFILE_PATH: &str = "/profile";
