//! What a partner can choose in a preview.

use rules::{UserRole, string_enum};
use strum::{VariantArray, VariantNames};

/// A state in which a customer can find an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum PreviewState {
    /// The invitation is pending.
    Waiting,
    /// The invitation was accepted.
    Accepted,
    /// The customer canceled the invitation.
    Canceled,
    /// The partner withdrew the invitation.
    Withdrawn,
    /// The invitation expired.
    Expired,
    /// The link was opened by a user of another organization.
    OtherOrganization,
    /// The link was opened by a user in another cloud.
    OtherCloud,
    /// The link is unknown.
    Unknown,
    /// The link is incomplete.
    Incomplete,
    /// No user is signed in.
    SignedOut,
}

string_enum!(PreviewState);

/// The customer roles that can be previewed.
pub const ROLES: [UserRole; 3] =
    [UserRole::GlobalAdministrator, UserRole::BillingAdministrator, UserRole::GlobalReader];
