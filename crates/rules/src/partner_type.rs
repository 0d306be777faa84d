//! The eight types of partner.

use strum::{VariantArray, VariantNames};

use crate::{AdminRole, string_enum};

/// How a partner works with an organization (seed 000, "What can a partner do
/// for my organization or school?"; domain section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum PartnerType {
    /// Sells Microsoft products to the organization.
    Reseller,
    /// Manages products and services for the organization.
    DelegatedAdministrator,
    /// Sells and manages.
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

/// One thing that a partner can do for an organization.
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
    /// Work with other services through the account it was given.
    WorkWithServices,
    /// See the purchases of other MPSA partners, where the customer allows it.
    SeeMpsaPurchases,
    /// Upload device IDs for PCs managed with Autopilot.
    UploadDeviceIds,
    /// Develop, submit and manage line-of-business apps.
    ManageLobApps,
}

string_enum!(Capability);

impl PartnerType {
    /// The admin roles that a partner of this type can hold by the relationship itself.
    #[must_use]
    pub const fn admin_roles(self) -> &'static [AdminRole] {
        match self {
            Self::DelegatedAdministrator
            | Self::ResellerAndDelegatedAdministrator
            | Self::Advisor => &[AdminRole::GlobalAdministrator, AdminRole::HelpdeskAdministrator],
            Self::Reseller | Self::Partner | Self::Mpsa | Self::OemPc | Self::Lob => &[],
        }
    }

    /// Whether an invitation of this type always asks for the admin roles. An
    /// advisor holds them only when it asked for them.
    #[must_use]
    pub const fn always_asks_for_roles(self) -> bool {
        matches!(self, Self::DelegatedAdministrator | Self::ResellerAndDelegatedAdministrator)
    }

    /// Whether this partner sells to the organization. Such a relationship is ended by
    /// the partner alone, and needs the accepted agreement to do anything.
    #[must_use]
    pub const fn resells(self) -> bool {
        matches!(self, Self::Reseller | Self::ResellerAndDelegatedAdministrator)
    }

    /// Whether the customer may delete the relationship.
    #[must_use]
    pub const fn customer_may_delete(self) -> bool {
        matches!(self, Self::DelegatedAdministrator | Self::Advisor)
    }

    /// The type that is left when the admin roles are gone: a reseller stays a
    /// reseller; every other type stays what it is, without roles.
    #[must_use]
    pub const fn without_roles(self) -> Self {
        match self {
            Self::ResellerAndDelegatedAdministrator => Self::Reseller,
            other => other,
        }
    }

    /// The type of a relationship of this type whose partner is also accepted as
    /// `other`, where both are one relationship: selling, with or without
    /// administration, is one. `None` where they stand side by side.
    #[must_use]
    pub fn joined_with(self, other: Self) -> Option<Self> {
        if self == other {
            Some(self)
        } else if self.resells() && other.resells() {
            Some(Self::ResellerAndDelegatedAdministrator)
        } else {
            None
        }
    }

    /// What a partner of this type may do for the organization, with every role it can hold.
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
            PartnerType::ALL.iter().copied().filter(|kind| kind.customer_may_delete()).collect();
        assert_eq!(deletable, [PartnerType::DelegatedAdministrator, PartnerType::Advisor]);
    }

    #[test]
    fn joining_is_the_same_from_both_sides_and_never_takes_away() {
        for one in PartnerType::ALL {
            for other in PartnerType::ALL {
                let joined = one.joined_with(*other);
                assert_eq!(joined, other.joined_with(*one));
                if let Some(joined) = joined {
                    for capability in one.capabilities() {
                        assert!(joined.capabilities().contains(capability));
                    }
                }
            }
        }
    }
}
