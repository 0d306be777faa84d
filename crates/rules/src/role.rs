//! Roles of users in their own organization, and admin roles that a customer grants to a
//! partner.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{OrganizationKind, Timestamp, string_enum};

/// Role of a user in the organization of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum UserRole {
    /// Customer: everything. Only this role can grant admin roles to partners.
    GlobalAdministrator,
    /// Customer: agreements, partners of record and purchases. Can view relationships.
    BillingAdministrator,
    /// Customer: can view everything and change nothing.
    GlobalReader,
    /// Partner: requests relationships, sends and withdraws invitations.
    AdminAgent,
    /// Partner: answers enquiries, drafts and previews invitations.
    SalesAgent,
    /// Partner: resets passwords and handles support incidents.
    HelpdeskAgent,
}

string_enum!(UserRole);

impl UserRole {
    /// Returns the kind of organization in which the role exists.
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

/// Admin role of a partner in a customer's organization. Delegated administration makes the
/// partner's Admin agents Global administrators there, and its Helpdesk agents Helpdesk
/// administrators. See docs/domain.md, Partner types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AdminRole {
    /// Can do everything in the customer's organization.
    GlobalAdministrator,
    /// Can reset passwords and handle support incidents.
    HelpdeskAdministrator,
}

string_enum!(AdminRole);

/// Grant of an admin role to a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleGrant {
    /// Granted role.
    pub role: AdminRole,
    /// Start of the grant.
    pub since: Timestamp,
    /// End of the grant. `None` means that the role stays until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

impl RoleGrant {
    /// Returns true if the grant has not expired at `now`. Grants never start in the future.
    #[must_use]
    pub fn is_held_at(&self, now: Timestamp) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}
