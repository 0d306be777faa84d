//! The eight types of partner. See docs/domain.md, Partner types.

use strum::{VariantArray, VariantNames};

use crate::{AdminRole, string_enum};

/// Type of the relationship between a partner and a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum PartnerType {
    /// Sells Microsoft products to the organization.
    Reseller,
    /// Manages products and services for the organization.
    DelegatedAdministrator,
    /// Sells products and manages them.
    ResellerAndDelegatedAdministrator,
    /// Works with other services through a user account that the customer made for it.
    Partner,
    /// Resets passwords and handles support incidents.
    Advisor,
    /// Microsoft Products & Services Agreement partner: sees other MPSA partners' purchases.
    Mpsa,
    /// Uploads device IDs for PCs managed with Autopilot.
    OemPc,
    /// Develops, submits and manages line-of-business apps.
    Lob,
}

string_enum!(PartnerType);

/// Something that a partner can do for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum Capability {
    /// Sell products to the organization.
    SellProducts,
    /// Order and manage subscriptions, once the agreement is accepted.
    ManageSubscriptions,
    /// Create and manage user accounts.
    ManageUsers,
    /// Assign and manage licenses.
    ManageLicenses,
    /// Reset passwords.
    ResetPasswords,
    /// Handle support incidents.
    HandleSupport,
    /// Work with other services through the user account that the customer made for it.
    WorkWithServices,
    /// See the purchases of other MPSA partners, if the customer allows it.
    SeeMpsaPurchases,
    /// Upload device IDs for PCs managed with Autopilot.
    UploadDeviceIds,
    /// Develop, submit and manage line-of-business apps.
    ManageLobApps,
}

string_enum!(Capability);

impl PartnerType {
    /// Returns the admin roles that a relationship of this type can grant.
    #[must_use]
    pub const fn admin_roles(self) -> &'static [AdminRole] {
        match self {
            Self::DelegatedAdministrator
            | Self::ResellerAndDelegatedAdministrator
            | Self::Advisor => &[AdminRole::GlobalAdministrator, AdminRole::HelpdeskAdministrator],
            Self::Reseller | Self::Partner | Self::Mpsa | Self::OemPc | Self::Lob => &[],
        }
    }

    /// Returns true if an invitation of this type always requests the admin roles. An advisor
    /// can choose.
    #[must_use]
    pub const fn always_requests_roles(self) -> bool {
        matches!(self, Self::DelegatedAdministrator | Self::ResellerAndDelegatedAdministrator)
    }

    /// Returns true if a partner of this type sells to the customer. Only the partner can end
    /// such a relationship, and it needs the accepted agreement for every action.
    #[must_use]
    pub const fn resells(self) -> bool {
        matches!(self, Self::Reseller | Self::ResellerAndDelegatedAdministrator)
    }

    /// Returns true if the customer can delete the relationship.
    #[must_use]
    pub const fn customer_can_delete(self) -> bool {
        matches!(self, Self::DelegatedAdministrator | Self::Advisor)
    }

    /// Returns the type after the admin roles are removed. A reseller stays a reseller; any
    /// other type stays as it is, without roles.
    #[must_use]
    pub const fn without_admin_roles(self) -> Self {
        match self {
            Self::ResellerAndDelegatedAdministrator => Self::Reseller,
            other => other,
        }
    }

    /// Returns the type of a relationship after the customer accepts an invitation of type
    /// `other` from the same partner. Selling with and without administration is one
    /// relationship. `None` if the two types are separate relationships.
    #[must_use]
    pub fn merged_with(self, other: Self) -> Option<Self> {
        if self == other {
            Some(self)
        } else if self.resells() && other.resells() {
            Some(Self::ResellerAndDelegatedAdministrator)
        } else {
            None
        }
    }

    /// Returns what a partner of this type can do with every role that it can hold.
    #[must_use]
    pub const fn capabilities(self) -> &'static [Capability] {
        use Capability as C;
        match self {
            Self::Reseller => &[C::SellProducts, C::ManageSubscriptions],
            Self::DelegatedAdministrator => {
                &[C::ManageUsers, C::ManageLicenses, C::ResetPasswords, C::HandleSupport]
            }
            Self::ResellerAndDelegatedAdministrator => &[
                C::SellProducts,
                C::ManageSubscriptions,
                C::ManageUsers,
                C::ManageLicenses,
                C::ResetPasswords,
                C::HandleSupport,
            ],
            Self::Partner => &[C::WorkWithServices],
            Self::Advisor => &[C::ResetPasswords, C::HandleSupport],
            Self::Mpsa => &[C::SeeMpsaPurchases],
            Self::OemPc => &[C::UploadDeviceIds],
            Self::Lob => &[C::ManageLobApps],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_delegated_administrators_and_advisors_can_be_deleted() {
        let deletable: Vec<_> =
            PartnerType::ALL.iter().copied().filter(|kind| kind.customer_can_delete()).collect();
        assert_eq!(deletable, [PartnerType::DelegatedAdministrator, PartnerType::Advisor]);
    }

    #[test]
    fn joining_is_the_same_from_both_sides_and_never_takes_away() {
        for one in PartnerType::ALL {
            for other in PartnerType::ALL {
                let joined = one.merged_with(*other);
                assert_eq!(joined, other.merged_with(*one));
                if let Some(joined) = joined {
                    for capability in one.capabilities() {
                        assert!(joined.capabilities().contains(capability));
                    }
                }
            }
        }
    }
}
