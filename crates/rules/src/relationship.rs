//! Relationships between customers and partners.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, VersionedSubject, check_version};
use crate::{
    Actor, AdminRole, Capability, Cloud, Invitation, InvitationId, Offer, OrganizationId,
    OrganizationKind, PartnerType, Refusal, Rejection, RelationshipId, RoleGrant, Timestamp,
    UserId, UserRole, string_enum,
};

/// A relationship between a customer and a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// Identifier.
    pub id: RelationshipId,
    /// Customer.
    pub customer: OrganizationId,
    /// Cloud of both.
    pub cloud: Cloud,
    /// Partner.
    pub partner: OrganizationId,
    /// Type.
    pub partner_type: PartnerType,
    /// Admin roles that the customer granted. An ended relationship keeps them, so that its
    /// past can be shown; see [`Relationship::held_grants`].
    pub grants: Vec<RoleGrant>,
    /// Start of the relationship.
    pub since: Timestamp,
    /// Latest invitation that the relationship came from.
    pub invitation: Option<InvitationId>,
    /// Stored state.
    pub state: RelationshipState,
    /// Number of changes, for `If-Match`.
    pub version: i64,
}

/// A relationship with the facts that decisions about it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipFacts {
    /// The relationship.
    pub record: Relationship,
    /// Number of the customer's active subscriptions from this partner.
    pub active_subscriptions: u32,
    /// True if the customer accepted the Microsoft Customer Agreement, which a reseller needs
    /// for every action.
    pub agreement_accepted: bool,
    /// Trial or purchase that was accepted with an invitation and is not created yet.
    pub offer: Option<Offer>,
}

/// Stored state of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase")]
pub enum RelationshipState {
    /// The relationship is active.
    Active,
    /// The relationship has ended.
    Ended {
        /// Time at which it ended.
        at: Timestamp,
        /// Side that ended it.
        by: EndedBy,
        /// User who ended it.
        user: UserId,
    },
}

/// Side that ended a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EndedBy {
    /// Customer.
    Customer,
    /// Partner.
    Partner,
}

string_enum!(EndedBy);

/// Status of a relationship, for lists and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum RelationshipStatus {
    /// Active.
    Active,
    /// Ended.
    Ended,
}

string_enum!(RelationshipStatus);

/// Action on a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum RelationshipAction {
    /// View the relationship.
    View,
    /// Customer: remove the partner's admin roles. The relationship stays.
    RemoveAdminRoles,
    /// Customer: end the relationship and remove the roles.
    Delete,
    /// Partner: give up its admin roles. The relationship stays.
    GiveUpAdminRoles,
    /// Partner: end the relationship and give up the roles.
    End,
    /// Partner: order products for the customer, as its reseller.
    Order,
    /// Customer: create the trial or the subscription that the partner offered.
    CreateFromOffer,
}

string_enum!(RelationshipAction);

/// Change of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum RelationshipChange {
    /// Customer: remove the partner's admin roles.
    RemoveAdminRoles,
    /// Customer: end the relationship.
    Delete,
    /// Partner: give up its admin roles.
    GiveUpAdminRoles,
    /// Partner: end the relationship.
    End,
    /// Customer: take up the partner's offer. The relationship stays as it is.
    CreateFromOffer,
}

impl RelationshipChange {
    /// All changes.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Returns the action that must be allowed for this change.
    #[must_use]
    pub const fn action(self) -> RelationshipAction {
        match self {
            Self::RemoveAdminRoles => RelationshipAction::RemoveAdminRoles,
            Self::Delete => RelationshipAction::Delete,
            Self::GiveUpAdminRoles => RelationshipAction::GiveUpAdminRoles,
            Self::End => RelationshipAction::End,
            Self::CreateFromOffer => RelationshipAction::CreateFromOffer,
        }
    }
}

impl Subject for RelationshipFacts {
    type Action = RelationshipAction;

    fn permission(&self, actor: &Actor, action: RelationshipAction) -> Result<(), Refusal> {
        let member = actor.member()?;
        let own = match member.kind {
            OrganizationKind::Customer => self.record.customer,
            OrganizationKind::Partner => self.record.partner,
        };
        if member.organization != own {
            return Err(Refusal::OtherOrganization);
        }
        let partner_type = self.record.partner_type;
        // The limits of the type are not secret, and they last longer than a role.
        match action {
            RelationshipAction::View => Ok(()),
            RelationshipAction::RemoveAdminRoles => {
                member.ensure_kind(OrganizationKind::Customer)?;
                ensure_can_hold_roles(partner_type)?;
                member.ensure_role(UserRole::GlobalAdministrator)
            }
            RelationshipAction::Delete => {
                member.ensure_kind(OrganizationKind::Customer)?;
                if partner_type.resells() {
                    return Err(Refusal::ResellerEndsRelationship);
                }
                if !partner_type.customer_can_delete() {
                    return Err(Refusal::PartnerEndsRelationship);
                }
                member.ensure_role(UserRole::GlobalAdministrator)
            }
            RelationshipAction::GiveUpAdminRoles => {
                member.ensure_kind(OrganizationKind::Partner)?;
                ensure_can_hold_roles(partner_type)?;
                member.ensure_role(UserRole::AdminAgent)
            }
            RelationshipAction::End => member.ensure_role(UserRole::AdminAgent),
            RelationshipAction::Order => {
                member.ensure_kind(OrganizationKind::Partner)?;
                if !partner_type.resells() {
                    return Err(Refusal::NotAReseller);
                }
                member.ensure_agent_in_cloud(self.record.cloud)
            }
            RelationshipAction::CreateFromOffer => member.ensure_billing_role(),
        }
    }

    fn state(&self, action: RelationshipAction, now: Timestamp) -> Result<(), Refusal> {
        if action == RelationshipAction::View {
            return Ok(());
        }
        if self.record.status() == RelationshipStatus::Ended {
            return Err(Refusal::RelationshipEnded);
        }
        match action {
            RelationshipAction::View | RelationshipAction::Delete => Ok(()),
            RelationshipAction::RemoveAdminRoles | RelationshipAction::GiveUpAdminRoles => {
                if self.record.roles(now).is_empty() {
                    Err(Refusal::NoRolesToRemove)
                } else {
                    Ok(())
                }
            }
            // If a reseller left while subscriptions are active, no one could change or cancel
            // them.
            RelationshipAction::End => {
                if self.record.partner_type.resells() && self.active_subscriptions > 0 {
                    Err(Refusal::SubscriptionsActive)
                } else {
                    Ok(())
                }
            }
            RelationshipAction::Order => {
                if self.agreement_accepted {
                    Ok(())
                } else {
                    Err(Refusal::AgreementNotAccepted)
                }
            }
            RelationshipAction::CreateFromOffer => {
                if self.offer.is_some() {
                    Ok(())
                } else {
                    Err(Refusal::NoOffer)
                }
            }
        }
    }
}

impl VersionedSubject for RelationshipFacts {
    fn version(&self) -> i64 {
        self.record.version
    }
}

/// Checks that a partner of this type can hold admin roles through the relationship. A reseller
/// whose roles were removed has the type `Reseller`, so the type is enough to check.
fn ensure_can_hold_roles(partner_type: PartnerType) -> Result<(), Refusal> {
    if partner_type == PartnerType::Partner {
        Err(Refusal::RolesHeldByAccount)
    } else if partner_type.admin_roles().is_empty() {
        Err(Refusal::TypeHoldsNoRoles)
    } else {
        Ok(())
    }
}

impl Relationship {
    /// Creates or updates the relationship that results from accepting an invitation.
    /// `existing` is the active relationship with the same partner that the invitation merges
    /// with (see [`PartnerType::merged_with`]).
    #[must_use]
    pub fn from_invitation(
        invitation: &Invitation,
        existing: Option<Self>,
        id: RelationshipId,
        now: Timestamp,
    ) -> Self {
        let mut relationship = existing.unwrap_or_else(|| Self {
            id,
            customer: invitation.customer,
            cloud: invitation.cloud,
            partner: invitation.partner,
            partner_type: invitation.partner_type,
            grants: Vec::new(),
            since: now,
            invitation: None,
            state: RelationshipState::Active,
            version: 0,
        });
        if let Some(joined) = relationship.partner_type.merged_with(invitation.partner_type) {
            relationship.partner_type = joined;
        }
        relationship
            .grants
            .retain(|grant| grant.is_held_at(now) && !invitation.admin_roles.contains(&grant.role));
        relationship.grants.extend(invitation.admin_roles.iter().map(|role| RoleGrant {
            role: *role,
            since: now,
            ends: None,
        }));
        relationship.grants.sort_by_key(|grant| grant.role);
        relationship.invitation = Some(invitation.id);
        relationship.version += 1;
        relationship
    }

    /// Returns true if accepting this invitation changes this relationship rather than create
    /// another.
    #[must_use]
    pub fn merges(&self, invitation: &Invitation) -> bool {
        self.customer == invitation.customer
            && self.partner == invitation.partner
            && self.cloud == invitation.cloud
            && self.status() == RelationshipStatus::Active
            && self.partner_type.merged_with(invitation.partner_type).is_some()
    }

    /// Returns true if the partner sells to the customer.
    #[must_use]
    pub const fn sells(&self) -> bool {
        matches!(self.state, RelationshipState::Active) && self.partner_type.resells()
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> RelationshipStatus {
        match self.state {
            RelationshipState::Active => RelationshipStatus::Active,
            RelationshipState::Ended { .. } => RelationshipStatus::Ended,
        }
    }

    /// Returns the grants of admin roles that the partner holds at `now`. None once the
    /// relationship has ended, although it keeps its grants.
    pub fn held_grants(&self, now: Timestamp) -> impl Iterator<Item = &RoleGrant> {
        let active = self.status() == RelationshipStatus::Active;
        self.grants.iter().filter(move |grant| active && grant.is_held_at(now))
    }

    /// Returns the admin roles that the partner holds at `now`.
    #[must_use]
    pub fn roles(&self, now: Timestamp) -> Vec<AdminRole> {
        self.held_grants(now).map(|grant| grant.role).collect()
    }

    /// Returns the earliest end of the admin roles that the partner holds at `now`.
    #[must_use]
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        self.held_grants(now).filter_map(|grant| grant.ends).min()
    }
}

/// Availability of a capability of the partner's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapabilityStatus {
    /// The partner has the capability.
    Available,
    /// The customer has to accept the agreement first.
    AgreementMissing,
    /// The partner lacks the required admin role.
    RoleMissing,
}

impl RelationshipFacts {
    /// Returns the capabilities of the partner's type, and what the partner lacks for each of
    /// them at `now`: an admin role or the agreement. After the relationship has ended, there
    /// are none.
    #[must_use]
    pub fn capabilities(&self, now: Timestamp) -> Vec<(Capability, CapabilityStatus)> {
        if self.record.status() == RelationshipStatus::Ended {
            return Vec::new();
        }
        let held = self.record.roles(now);
        let capabilities = self.record.partner_type.capabilities().iter();
        capabilities.map(|one| (*one, self.capability_status(*one, &held))).collect()
    }

    /// Returns the status of a capability of the partner that holds these roles.
    fn capability_status(&self, capability: Capability, held: &[AdminRole]) -> CapabilityStatus {
        let has_role = match capability {
            Capability::ManageUsers | Capability::ManageLicenses => {
                held.contains(&AdminRole::GlobalAdministrator)
            }
            Capability::ResetPasswords | Capability::HandleSupport => !held.is_empty(),
            Capability::SellProducts
            | Capability::ManageSubscriptions
            | Capability::WorkWithServices
            | Capability::SeeMpsaPurchases
            | Capability::UploadDeviceIds
            | Capability::ManageLobApps => true,
        };
        if !has_role {
            CapabilityStatus::RoleMissing
        } else if capability == Capability::ManageSubscriptions && !self.agreement_accepted {
            CapabilityStatus::AgreementMissing
        } else {
            CapabilityStatus::Available
        }
    }

    /// Returns the relationship after a change.
    ///
    /// # Errors
    /// Those of [`check_version`] for the action of the change, and no others.
    pub fn apply(
        mut self,
        actor: &Actor,
        change: RelationshipChange,
        version: i64,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        check_version(actor, &self, change.action(), version, now)?;
        let user = actor.member()?.user;
        let relationship = &mut self.record;
        match change {
            RelationshipChange::RemoveAdminRoles | RelationshipChange::GiveUpAdminRoles => {
                relationship.partner_type = relationship.partner_type.without_admin_roles();
                relationship.grants.clear();
            }
            RelationshipChange::Delete | RelationshipChange::End => {
                let by = if change == RelationshipChange::End {
                    EndedBy::Partner
                } else {
                    EndedBy::Customer
                };
                relationship.state = RelationshipState::Ended { at: now, by, user };
                self.offer = None;
            }
            RelationshipChange::CreateFromOffer => self.offer = None,
        }
        relationship.version += 1;
        Ok(self)
    }
}

/// Refusals of what the customer does with a relationship.
pub const RELATIONSHIP_BY_CUSTOMER: &[Refusal] =
    &[Refusal::CustomerOnly, Refusal::GlobalAdministratorRequired, Refusal::RelationshipEnded];

/// Refusals of what the partner does with a relationship.
pub const RELATIONSHIP_BY_PARTNER: &[Refusal] =
    &[Refusal::PartnerOnly, Refusal::AdminAgentRequired, Refusal::RelationshipEnded];

/// Reasons why there are no admin roles to remove.
pub const NO_ADMIN_ROLES: &[Refusal] =
    &[Refusal::TypeHoldsNoRoles, Refusal::RolesHeldByAccount, Refusal::NoRolesToRemove];
