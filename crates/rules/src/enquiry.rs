//! Enquiries: what a customer writes to a partner that it found, and what became of it.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, check};
use crate::{
    Actor, Cloud, CountryCode, DAY, DisplayName, EmailAddress, EnquiryId, InvitationId, Note,
    OrganizationId, OrganizationKind, OrganizationSize, PhoneNumber, Refusal, Timestamp, UserId,
    string_enum,
};

/// How long a partner can answer an enquiry: 14 days, in milliseconds (docs/domain.md, Enquiries).
pub const ENQUIRY_LIFETIME: i64 = 14 * DAY;

/// To how many partners one form can be sent. Each gets an enquiry of its own.
pub const ENQUIRY_PARTNERS_MAX: usize = 10;

/// What a customer asks of one partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enquiry {
    /// Its identifier.
    pub id: EnquiryId,
    /// The organization that asks.
    pub customer: OrganizationId,
    /// That organization's cloud.
    pub cloud: Cloud,
    /// The partner that is asked, the only one that can answer.
    pub partner: OrganizationId,
    /// The country or region of the organization.
    pub country: CountryCode,
    /// The city, where one was named.
    pub city: Option<DisplayName>,
    /// The size of the organization.
    pub size: OrganizationSize,
    /// The business needs, in the customer's words.
    pub needs: Note,
    /// The contact person.
    pub contact_name: DisplayName,
    /// The address of the contact person.
    pub contact_email: EmailAddress,
    /// The telephone number of the contact person.
    pub contact_phone: Option<PhoneNumber>,
    /// When it was sent.
    pub created: Timestamp,
    /// Who sent it.
    pub created_by: UserId,
    /// What became of it, as it is stored; see [`Enquiry::status`].
    pub state: EnquiryState,
    /// Counts the changes, for `If-Match`.
    pub version: i64,
}

/// What became of an enquiry, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EnquiryState {
    /// Sent, and not read yet.
    Sent {
        /// From when on it can't be answered any more.
        expires: Timestamp,
    },
    /// Read by the partner, and not answered yet.
    Read {
        /// When it was first read.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// From when on it can't be answered any more.
        expires: Timestamp,
    },
    /// Declined by the partner.
    Declined {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// Why, in the partner's words.
        reason: Note,
    },
    /// Answered with an invitation.
    Invited {
        /// When the invitation was sent.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// The invitation.
        invitation: InvitationId,
    },
}

/// The state of an enquiry at a moment, as people see it. An enquiry expires by the
/// clock alone, so this is asked, not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EnquiryStatus {
    /// Sent, and not read yet.
    Sent,
    /// Read by the partner, and not answered yet.
    Read,
    /// Declined by the partner, with a reason.
    Declined,
    /// Answered with an invitation.
    Invited,
    /// Not answered in time.
    Expired,
}

string_enum!(EnquiryStatus);

impl EnquiryState {
    /// The status at this moment.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> EnquiryStatus {
        match self {
            Self::Sent { expires } | Self::Read { expires, .. } if now >= *expires => {
                EnquiryStatus::Expired
            }
            Self::Sent { .. } => EnquiryStatus::Sent,
            Self::Read { .. } => EnquiryStatus::Read,
            Self::Declined { .. } => EnquiryStatus::Declined,
            Self::Invited { .. } => EnquiryStatus::Invited,
        }
    }

    /// From when on it can't be answered any more; known until it is answered.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::Sent { expires } | Self::Read { expires, .. } => Some(*expires),
            Self::Declined { .. } | Self::Invited { .. } => None,
        }
    }
}

/// What can be done with an enquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EnquiryAction {
    /// See it.
    View,
    /// Partner: note that it was read, which the customer sees.
    Read,
    /// Partner: decline it, with a reason.
    Decline,
    /// Partner: answer it with an invitation.
    Answer,
}

string_enum!(EnquiryAction);

/// A change of an enquiry, with what it brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnquiryChange {
    /// It was read.
    Read,
    /// It is declined, for this reason.
    Decline(Note),
    /// It is answered with this invitation.
    Answer(InvitationId),
}

impl EnquiryChange {
    /// The action that has to be allowed for this change.
    #[must_use]
    pub const fn action(&self) -> EnquiryAction {
        match self {
            Self::Read => EnquiryAction::Read,
            Self::Decline(_) => EnquiryAction::Decline,
            Self::Answer(_) => EnquiryAction::Answer,
        }
    }
}

impl Subject for Enquiry {
    type Action = EnquiryAction;

    fn check(&self, actor: &Actor, action: EnquiryAction, now: Timestamp) -> Result<(), Refusal> {
        let member = actor.member()?;
        let own = match member.kind {
            OrganizationKind::Customer => self.customer,
            OrganizationKind::Partner => self.partner,
        };
        if member.organization != own {
            return Err(Refusal::OtherOrganization);
        }
        if member.kind == OrganizationKind::Partner {
            // It names a person who can be rung up, so it is for those who answer.
            member.must_sell()?;
        }
        if action == EnquiryAction::View {
            return Ok(());
        }
        member.must_be(OrganizationKind::Partner)?;
        match self.status(now) {
            EnquiryStatus::Sent | EnquiryStatus::Read => {}
            EnquiryStatus::Declined => return Err(Refusal::EnquiryDeclined),
            EnquiryStatus::Invited => return Err(Refusal::EnquiryAnswered),
            EnquiryStatus::Expired => return Err(Refusal::EnquiryExpired),
        }
        if action == EnquiryAction::Answer && !member.clouds.contains(&self.cloud) {
            return Err(Refusal::PartnerNotInCloud);
        }
        Ok(())
    }
}

impl Enquiry {
    /// The status at this moment.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> EnquiryStatus {
        self.state.status(now)
    }

    /// The enquiry after this change, which succeeds exactly when [`check`] allows its
    /// action. Reading it again changes nothing, not even the version: the first reader
    /// stays noted.
    ///
    /// # Errors
    /// The reason why not.
    pub fn apply(
        mut self,
        actor: &Actor,
        change: EnquiryChange,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        check(actor, &self, change.action(), now)?;
        let by = actor.member()?.user;
        self.state = match (change, self.state) {
            (EnquiryChange::Read, EnquiryState::Sent { expires }) => {
                EnquiryState::Read { at: now, by, expires }
            }
            (EnquiryChange::Read, state) => {
                self.state = state;
                return Ok(self);
            }
            (EnquiryChange::Decline(reason), _) => EnquiryState::Declined { at: now, by, reason },
            (EnquiryChange::Answer(invitation), _) => {
                EnquiryState::Invited { at: now, by, invitation }
            }
        };
        self.version += 1;
        Ok(self)
    }
}
