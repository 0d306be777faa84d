//! Invitations (relationship requests): what a partner asks, and what became of it.

use crate::names;
use serde::{Deserialize, Serialize};

use crate::access::{Action, Subject, check};
use crate::{
    Actor, AdminRole, Cloud, DAY, DisplayName, EmailAddress, InvitationId, Language, Note,
    OrganisationId, OrganisationKind, PartnerType, Refusal, Timestamp, UserId, UserRole,
};

/// How long an invitation can be accepted after it was sent: 90 days, in
/// milliseconds (domain section 4).
pub const INVITATION_LIFETIME: i64 = 90 * DAY;

/// A partner's request to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// The organisation that it is addressed to, the only one that can accept it.
    pub customer: OrganisationId,
    /// That organisation's cloud.
    pub cloud: Cloud,
    /// The partner that asks.
    pub partner: OrganisationId,
    /// The type of relationship.
    pub partner_type: PartnerType,
    /// The admin roles that are asked for.
    pub admin_roles: Vec<AdminRole>,
    /// Whom the mail goes to.
    pub recipient: EmailAddress,
    /// The name of the recipient.
    pub recipient_name: DisplayName,
    /// The language of the mail.
    pub language: Language,
    /// What the partner has to say, as plain text.
    pub message: Option<Note>,
    /// When it was written.
    pub created: Timestamp,
    /// Who wrote it.
    pub created_by: UserId,
    /// What became of it, as it is stored; see [`Invitation::status`].
    pub state: InvitationState,
    /// Counts the changes, for `If-Match`.
    pub version: i64,
}

/// What became of an invitation, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum InvitationState {
    /// Written, not sent.
    Draft,
    /// Sent, and waiting for the customer.
    Sent {
        /// When it was sent.
        at: Timestamp,
        /// From when on it can't be accepted any more.
        expires: Timestamp,
    },
    /// Accepted by the customer.
    Accepted {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
    },
    /// Cancelled by the customer.
    Cancelled {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// Why, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
    /// Withdrawn by the partner.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// When it had been sent; a draft that was withdrawn never was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Timestamp>,
    },
}

/// The state of an invitation at a moment, as people see it. An invitation
/// expires by the clock alone, so this is asked, not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum InvitationStatus {
    /// Written, not sent.
    Draft,
    /// Sent, and waiting for the customer.
    Sent,
    /// Accepted by the customer.
    Accepted,
    /// Cancelled by the customer.
    Cancelled,
    /// Withdrawn by the partner.
    Withdrawn,
    /// Sent, and not accepted in time.
    Expired,
}

names!(InvitationStatus {
    Draft => "draft",
    Sent => "sent",
    Accepted => "accepted",
    Cancelled => "cancelled",
    Withdrawn => "withdrawn",
    Expired => "expired",
});

impl InvitationState {
    /// The status at this moment.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        match self {
            Self::Draft => InvitationStatus::Draft,
            Self::Sent { expires, .. } if now >= *expires => InvitationStatus::Expired,
            Self::Sent { .. } => InvitationStatus::Sent,
            Self::Accepted { .. } => InvitationStatus::Accepted,
            Self::Cancelled { .. } => InvitationStatus::Cancelled,
            Self::Withdrawn { .. } => InvitationStatus::Withdrawn,
        }
    }

    /// Whether the customer never knew of it: it is a draft, or was one until the
    /// partner withdrew it.
    #[must_use]
    pub const fn never_sent(&self) -> bool {
        matches!(self, Self::Draft | Self::Withdrawn { sent: None, .. })
    }

    /// When it came into the status that it has at this moment; `None` for a draft.
    #[must_use]
    pub fn since(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Draft => None,
            Self::Sent { expires, .. } if now >= *expires => Some(*expires),
            Self::Sent { at, .. }
            | Self::Accepted { at, .. }
            | Self::Cancelled { at, .. }
            | Self::Withdrawn { at, .. } => Some(*at),
        }
    }
}

/// What can be done with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvitationAction {
    /// See it.
    View,
    /// Customer: accept it and authorise the partner.
    Accept,
    /// Customer: cancel it, so that it can't be accepted any more.
    Cancel,
    /// Partner: send it to the customer.
    Send,
    /// Partner: take it back.
    Withdraw,
}

names!(InvitationAction {
    View => "view",
    Accept => "accept",
    Cancel => "cancel",
    Send => "send",
    Withdraw => "withdraw",
});

impl Action for InvitationAction {
    const ALL: &'static [Self] = Self::ALL;
}

impl Subject for Invitation {
    type Action = InvitationAction;

    fn check(
        &self,
        actor: &Actor,
        action: InvitationAction,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let member = actor.member()?;
        let status = self.state.status(now);
        let of_partner = member.organisation == self.partner;
        match action {
            InvitationAction::View if of_partner => Ok(()),
            InvitationAction::View | InvitationAction::Accept | InvitationAction::Cancel => {
                if member.kind == OrganisationKind::Customer && !member.clouds.contains(&self.cloud)
                {
                    return Err(Refusal::InvitationForOtherCloud);
                }
                if member.organisation != self.customer {
                    return Err(Refusal::InvitationForOtherOrganisation);
                }
                if self.state.never_sent() {
                    return Err(Refusal::InvitationNotSent);
                }
                if action == InvitationAction::View {
                    return Ok(());
                }
                // Accepting lets a partner in, so it is for those who may authorise;
                // cancelling decides the same question the other way.
                member.must_hold(UserRole::GlobalAdministrator)?;
                must_wait(status)
            }
            InvitationAction::Send | InvitationAction::Withdraw => {
                member.must_be(OrganisationKind::Partner)?;
                if !of_partner {
                    return Err(Refusal::OtherOrganisation);
                }
                member.must_hold(UserRole::AdminAgent)?;
                if !member.clouds.contains(&self.cloud) {
                    return Err(Refusal::PartnerNotInCloud);
                }
                if self
                    .admin_roles
                    .iter()
                    .any(|role| !self.partner_type.admin_roles().contains(role))
                {
                    return Err(Refusal::RolesNotForType);
                }
                match (action, status) {
                    // A draft can be sent, and one that nobody wants any more withdrawn.
                    (_, InvitationStatus::Draft) => Ok(()),
                    (InvitationAction::Send, InvitationStatus::Sent) => {
                        Err(Refusal::InvitationAlreadySent)
                    }
                    _ => must_wait(status),
                }
            }
        }
    }
}

impl Invitation {
    /// The status at this moment.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        self.state.status(now)
    }

    /// When it can't be accepted any more; known once it is sent and until it is answered.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        match self.state {
            InvitationState::Sent { expires, .. } => Some(expires),
            _ => None,
        }
    }

    /// The invitation after this action, which succeeds exactly when [`check`]
    /// allows it. Viewing changes nothing.
    ///
    /// # Errors
    /// The reason why not.
    pub fn apply(
        mut self,
        actor: &Actor,
        action: InvitationAction,
        reason: Option<Note>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        check(actor, &self, action, now)?;
        let by = actor.member()?.user;
        self.state = match action {
            InvitationAction::View => return Ok(self),
            InvitationAction::Accept => InvitationState::Accepted { at: now, by },
            InvitationAction::Cancel => InvitationState::Cancelled { at: now, by, reason },
            InvitationAction::Withdraw => {
                let sent = match self.state {
                    InvitationState::Sent { at, .. } => Some(at),
                    _ => None,
                };
                InvitationState::Withdrawn { at: now, by, sent }
            }
            InvitationAction::Send => {
                InvitationState::Sent { at: now, expires: now.plus(INVITATION_LIFETIME) }
            }
        };
        self.version += 1;
        Ok(self)
    }
}

/// Refuses unless the invitation waits for an answer.
fn must_wait(status: InvitationStatus) -> Result<(), Refusal> {
    match status {
        InvitationStatus::Sent => Ok(()),
        InvitationStatus::Draft => Err(Refusal::InvitationNotSent),
        InvitationStatus::Accepted => Err(Refusal::InvitationAlreadyAccepted),
        InvitationStatus::Cancelled => Err(Refusal::InvitationCancelled),
        InvitationStatus::Withdrawn => Err(Refusal::InvitationWithdrawn),
        InvitationStatus::Expired => Err(Refusal::InvitationExpired),
    }
}
