//! Relationships between a customer and a partner.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, check};
use crate::{
    Actor, AdminRole, Cloud, Invitation, InvitationId, Offer, OrganizationId, OrganizationKind,
    PartnerType, Refusal, RelationshipId, RoleGrant, Timestamp, UserId, UserRole, string_enum,
};

/// That a partner works with a customer, as what, and with which admin roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// Its identifier.
    pub id: RelationshipId,
    /// The customer.
    pub customer: OrganizationId,
    /// The cloud of both.
    pub cloud: Cloud,
    /// The partner.
    pub partner: OrganizationId,
    /// The type.
    pub partner_type: PartnerType,
    /// The admin roles that were given, with their ends where they have one.
    pub grants: Vec<RoleGrant>,
    /// When it began.
    pub since: Timestamp,
    /// The invitation that it came from, the latest where there were several.
    pub invitation: Option<InvitationId>,
    /// Whether it still stands.
    pub state: RelationshipState,
    /// How many of the customer's subscriptions from this partner are active. It is
    /// counted when it is asked for, not stored with the relationship.
    pub active_subscriptions: u32,
    /// Whether the customer accepted the Microsoft Customer Agreement, as it has to before a
    /// reseller can do anything for it. It is found when it is asked for, not stored with
    /// the relationship.
    pub agreement_accepted: bool,
    /// The trial or purchase that was accepted with the invitation and waits to be created.
    /// It is found when it is asked for, not stored with the relationship.
    pub offer: Option<Offer>,
    /// Counts the changes, for `If-Match`.
    pub version: i64,
}

/// Whether a relationship still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase")]
pub enum RelationshipState {
    /// It stands.
    Active,
    /// It has ended.
    Ended {
        /// When.
        at: Timestamp,
        /// Which side ended it.
        by: EndedBy,
        /// Who.
        user: UserId,
    },
}

/// The side that ended a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EndedBy {
    /// An administrator of the customer.
    Customer,
    /// The partner.
    Partner,
}

string_enum!(EndedBy);

/// The state of a relationship, as lists show and filter it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum RelationshipStatus {
    /// It stands.
    Active,
    /// It has ended.
    Ended,
}

string_enum!(RelationshipStatus);

/// What can be done with a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum RelationshipAction {
    /// See it.
    View,
    /// Customer: take away the partner's admin roles; the relationship stays.
    RemoveAdminRoles,
    /// Customer: end the relationship, and with it the roles.
    Delete,
    /// Partner: give up its own admin roles; the relationship stays.
    GiveUpAdminRoles,
    /// Partner: end the relationship, and with it the roles.
    End,
    /// Partner: order products for the customer, as its reseller.
    Order,
    /// Customer: create the trial or the subscription that the partner offered.
    CreateFromOffer,
}

string_enum!(RelationshipAction);

impl Subject for Relationship {
    type Action = RelationshipAction;

    fn check(
        &self,
        actor: &Actor,
        action: RelationshipAction,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let member = actor.member()?;
        let concerned = match member.kind {
            OrganizationKind::Customer => member.organization == self.customer,
            OrganizationKind::Partner => member.organization == self.partner,
        };
        if !concerned {
            return Err(Refusal::OtherOrganization);
        }
        if action == RelationshipAction::View {
            return Ok(());
        }
        // What can never be done with this type is said before what this person
        // may not do: it is the more lasting reason, and it is no secret.
        member.must_be(match action {
            RelationshipAction::GiveUpAdminRoles
            | RelationshipAction::End
            | RelationshipAction::Order => OrganizationKind::Partner,
            RelationshipAction::View
            | RelationshipAction::RemoveAdminRoles
            | RelationshipAction::Delete
            | RelationshipAction::CreateFromOffer => OrganizationKind::Customer,
        })?;
        let takes_roles = matches!(
            action,
            RelationshipAction::RemoveAdminRoles | RelationshipAction::GiveUpAdminRoles
        );
        match action {
            RelationshipAction::RemoveAdminRoles | RelationshipAction::GiveUpAdminRoles => {
                if self.partner_type == PartnerType::Partner {
                    return Err(Refusal::RolesHeldByAccount);
                }
                // A reseller that had roles removed is a reseller: the type says it.
                if self.partner_type.admin_roles().is_empty() {
                    return Err(Refusal::TypeHoldsNoRoles);
                }
            }
            RelationshipAction::Delete if self.partner_type.resells() => {
                return Err(Refusal::ResellerEndsRelationship);
            }
            RelationshipAction::Delete if !self.partner_type.customer_may_delete() => {
                return Err(Refusal::PartnerEndsRelationship);
            }
            RelationshipAction::Order if !self.partner_type.resells() => {
                return Err(Refusal::NotAReseller);
            }
            _ => {}
        }
        if self.status() == RelationshipStatus::Ended {
            return Err(Refusal::RelationshipEnded);
        }
        match action {
            _ if takes_roles && self.roles(now).is_empty() => Err(Refusal::NoRolesToRemove),
            // A reseller that left its customer with running subscriptions would leave it
            // without anybody to change or cancel them (docs/domain.md, Partner types).
            RelationshipAction::End
                if self.partner_type.resells() && self.active_subscriptions > 0 =>
            {
                Err(Refusal::SubscriptionsActive)
            }
            RelationshipAction::GiveUpAdminRoles | RelationshipAction::End => {
                member.must_hold(UserRole::AdminAgent)
            }
            RelationshipAction::Order => {
                member.must_act_in(self.cloud)?;
                if self.agreement_accepted { Ok(()) } else { Err(Refusal::AgreementNotAccepted) }
            }
            RelationshipAction::CreateFromOffer if self.offer.is_none() => Err(Refusal::NoOffer),
            RelationshipAction::CreateFromOffer => member.must_buy(),
            RelationshipAction::View
            | RelationshipAction::RemoveAdminRoles
            | RelationshipAction::Delete => member.must_hold(UserRole::GlobalAdministrator),
        }
    }
}

impl Relationship {
    /// The relationship that comes from accepting this invitation: a new one, or
    /// `standing`, the active one with the same partner that it joins (see
    /// [`PartnerType::joined_with`]).
    #[must_use]
    pub fn from_invitation(
        invitation: &Invitation,
        standing: Option<Self>,
        id: RelationshipId,
        now: Timestamp,
    ) -> Self {
        let mut relationship = standing.unwrap_or_else(|| Self {
            id,
            customer: invitation.customer,
            cloud: invitation.cloud,
            partner: invitation.partner,
            partner_type: invitation.partner_type,
            grants: Vec::new(),
            since: now,
            invitation: None,
            state: RelationshipState::Active,
            active_subscriptions: 0,
            agreement_accepted: false,
            offer: None,
            version: 0,
        });
        if let Some(joined) = relationship.partner_type.joined_with(invitation.partner_type) {
            relationship.partner_type = joined;
        }
        relationship
            .grants
            .retain(|grant| grant.held_at(now) && !invitation.admin_roles.contains(&grant.role));
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

    /// Whether accepting this invitation changes this relationship instead of making a new one.
    #[must_use]
    pub fn joins(&self, invitation: &Invitation) -> bool {
        self.customer == invitation.customer
            && self.partner == invitation.partner
            && self.cloud == invitation.cloud
            && self.status() == RelationshipStatus::Active
            && self.partner_type.joined_with(invitation.partner_type).is_some()
    }

    /// Whether it stands, as lists show it.
    #[must_use]
    pub const fn status(&self) -> RelationshipStatus {
        match self.state {
            RelationshipState::Active => RelationshipStatus::Active,
            RelationshipState::Ended { .. } => RelationshipStatus::Ended,
        }
    }

    /// The admin roles that the partner holds at this moment.
    #[must_use]
    pub fn roles(&self, now: Timestamp) -> Vec<AdminRole> {
        self.grants.iter().filter(|grant| grant.held_at(now)).map(|grant| grant.role).collect()
    }

    /// When the first of the roles held at this moment ends by itself.
    #[must_use]
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        self.grants.iter().filter(|grant| grant.held_at(now)).filter_map(|grant| grant.ends).min()
    }

    /// The relationship after this action, which succeeds exactly when [`check`]
    /// allows it. Viewing changes nothing, nor does ordering: what comes of it is a
    /// subscription.
    ///
    /// # Errors
    /// The reason why not.
    pub fn apply(
        mut self,
        actor: &Actor,
        action: RelationshipAction,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        check(actor, &self, action, now)?;
        match action {
            RelationshipAction::View | RelationshipAction::Order => return Ok(self),
            RelationshipAction::CreateFromOffer => self.offer = None,
            RelationshipAction::RemoveAdminRoles | RelationshipAction::GiveUpAdminRoles => {
                self.partner_type = self.partner_type.without_roles();
                self.grants.clear();
            }
            RelationshipAction::Delete | RelationshipAction::End => {
                let by = if action == RelationshipAction::End {
                    EndedBy::Partner
                } else {
                    EndedBy::Customer
                };
                let user = actor.member()?.user;
                self.state = RelationshipState::Ended { at: now, by, user };
                self.grants.clear();
            }
        }
        self.version += 1;
        Ok(self)
    }
}
