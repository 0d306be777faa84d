//! Roles: those that people hold in their own organization, and those that a
//! customer gives a partner.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{OrganizationKind, Timestamp, string_enum};

/// The role of a person in the organization that the account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum UserRole {
    /// Customer: everything; alone may authorize admin roles.
    GlobalAdministrator,
    /// Customer: agreements, partner of record, purchases; may view relationships.
    BillingAdministrator,
    /// Customer: sees everything, changes nothing.
    GlobalReader,
    /// Partner: requests relationships, sends and withdraws invitations.
    AdminAgent,
    /// Partner: answers enquiries, drafts and previews invitations.
    SalesAgent,
    /// Partner: password resets and support incidents.
    HelpdeskAgent,
}

string_enum!(UserRole);

impl UserRole {
    /// The kind of organization in which this role exists.
    #[must_use]
    pub const fn kind(self) -> OrganizationKind {
        match self {
            Self::GlobalAdministrator | Self::BillingAdministrator | Self::GlobalReader => {
                OrganizationKind::Customer
            }
            Self::AdminAgent | Self::SalesAgent | Self::HelpdeskAgent => OrganizationKind::Partner,
        }
    }
}

/// An admin role that a partner can hold in a customer's organization. Delegated
/// administration makes the partner's Admin agents Global administrators there
/// and its Helpdesk agents Helpdesk administrators (domain section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AdminRole {
    /// May do everything in the customer's organization.
    GlobalAdministrator,
    /// May reset passwords and handle support incidents.
    HelpdeskAdministrator,
}

string_enum!(AdminRole);

/// An admin role that a partner was given, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleGrant {
    /// The role.
    pub role: AdminRole,
    /// When it was given.
    pub since: Timestamp,
    /// When it ends by itself; without an end it stays until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

impl RoleGrant {
    /// Whether the role is held at this moment: it has begun and not yet ended.
    #[must_use]
    pub fn held_at(&self, now: Timestamp) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}
