//! Enquiries of customers to partners. See docs/domain.md, Enquiries.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, VersionedSubject, check, check_version};
use crate::{
    Actor, Cloud, CountryCode, DAY, DisplayName, DomainName, EmailAddress, EnquiryId, InvitationId,
    Note, OrganizationAction, OrganizationFacts, OrganizationId, OrganizationKind,
    OrganizationSize, PhoneNumber, Refusal, Rejection, Timestamp, UserId,
    ensure_recipient_in_domain, string_enum,
};

/// Time in which a partner can answer an enquiry: 14 days, in milliseconds.
pub const ENQUIRY_LIFETIME: i64 = 14 * DAY;

/// Maximum number of partners for one form. Each partner gets its own enquiry.
pub const ENQUIRY_PARTNERS_MAX: usize = 10;

/// A customer's enquiry to one partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enquiry {
    /// Identifier.
    pub id: EnquiryId,
    /// Customer that sent the enquiry.
    pub customer: OrganizationId,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Partner that received the enquiry, the only one that can answer it.
    pub partner: OrganizationId,
    /// Country or region of the customer.
    pub country: CountryCode,
    /// City of the customer.
    pub city: Option<DisplayName>,
    /// Size of the customer.
    pub size: OrganizationSize,
    /// Business needs, in the customer's words.
    pub needs: Note,
    /// Name of the contact person.
    pub contact_name: DisplayName,
    /// Email address of the contact person.
    pub contact_email: EmailAddress,
    /// Telephone number of the contact person.
    pub contact_phone: Option<PhoneNumber>,
    /// Time at which it was sent.
    pub created: Timestamp,
    /// User who sent it.
    pub created_by: UserId,
    /// Stored state. See [`Enquiry::status`] for the status at a given time.
    pub state: EnquiryState,
    /// Number of changes, for `If-Match`.
    pub version: i64,
}

/// What a customer tells partners in an enquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnquiryContent {
    /// Country or region of the customer.
    pub country: CountryCode,
    /// City of the customer.
    pub city: Option<DisplayName>,
    /// Size of the customer.
    pub size: OrganizationSize,
    /// Business needs.
    pub needs: Note,
    /// Name of the contact person.
    pub contact_name: DisplayName,
    /// Email address of the contact person.
    pub contact_email: EmailAddress,
    /// Telephone number of the contact person.
    pub contact_phone: Option<PhoneNumber>,
}

/// An enquiry that is not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnquiryToSend {
    /// Identifier.
    pub id: EnquiryId,
    /// Facts about the customer.
    pub customer: OrganizationFacts,
    /// Verified domain of the customer.
    pub customer_domain: DomainName,
    /// Partner.
    pub partner: OrganizationId,
    /// Clouds of the partner.
    pub partner_clouds: Vec<Cloud>,
    /// Content.
    pub content: EnquiryContent,
}

/// An enquiry with the facts that decisions about it need: all of them are stored with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnquiryFacts {
    /// The enquiry.
    pub record: Enquiry,
}

/// Stored state of an enquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EnquiryState {
    /// Sent, not read yet.
    Sent {
        /// First moment at which it can't be answered anymore.
        expires: Timestamp,
    },
    /// Read by the partner, not answered yet.
    Read {
        /// Time at which it was first read.
        at: Timestamp,
        /// User who first read it.
        by: UserId,
        /// First moment at which it can't be answered anymore.
        expires: Timestamp,
    },
    /// Declined by the partner.
    Declined {
        /// Time at which it was declined.
        at: Timestamp,
        /// User who declined it.
        by: UserId,
        /// Reason, in the partner's words.
        reason: Note,
    },
    /// Answered with an invitation.
    Invited {
        /// Time at which the invitation was sent.
        at: Timestamp,
        /// User who sent the invitation.
        by: UserId,
        /// The invitation.
        invitation: InvitationId,
    },
}

/// Status of an enquiry at a given time. It is computed rather than stored, because enquiries
/// expire by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EnquiryStatus {
    /// Sent, not read yet.
    Sent,
    /// Read by the partner, not answered yet.
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
    /// Returns the status at `now`.
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

    /// Returns the first moment at which the enquiry can't be answered anymore. `None` once it
    /// is answered.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::Sent { expires } | Self::Read { expires, .. } => Some(*expires),
            Self::Declined { .. } | Self::Invited { .. } => None,
        }
    }
}

/// Action on an enquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EnquiryAction {
    /// View the enquiry.
    View,
    /// Partner: mark the enquiry as read. The customer sees that.
    Read,
    /// Partner: decline the enquiry, with a reason.
    Decline,
    /// Partner: answer the enquiry with an invitation.
    Answer,
}

string_enum!(EnquiryAction);

/// Change of an enquiry, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnquiryChange {
    /// Mark as read.
    Read,
    /// Decline for this reason.
    Decline(Note),
    /// Answer with this invitation.
    Answer(InvitationId),
}

impl EnquiryChange {
    /// Returns the action that must be allowed for this change.
    #[must_use]
    pub const fn action(&self) -> EnquiryAction {
        match self {
            Self::Read => EnquiryAction::Read,
            Self::Decline(_) => EnquiryAction::Decline,
            Self::Answer(_) => EnquiryAction::Answer,
        }
    }
}

impl Subject for EnquiryFacts {
    type Action = EnquiryAction;

    fn permission(&self, actor: &Actor, action: EnquiryAction) -> Result<(), Refusal> {
        let member = actor.member()?;
        let own = match member.kind {
            OrganizationKind::Customer => self.record.customer,
            OrganizationKind::Partner => self.record.partner,
        };
        if member.organization != own {
            return Err(Refusal::OtherOrganization);
        }
        match (action, member.kind) {
            (EnquiryAction::View, OrganizationKind::Customer) => Ok(()),
            // An enquiry contains the telephone number of a person, so only those who answer
            // see it.
            (EnquiryAction::View | EnquiryAction::Read | EnquiryAction::Decline, _) => {
                member.ensure_sales_role()
            }
            (EnquiryAction::Answer, _) => {
                member.ensure_sales_role()?;
                member.ensure_cloud(self.record.cloud)
            }
        }
    }

    fn state(&self, action: EnquiryAction, now: Timestamp) -> Result<(), Refusal> {
        if action == EnquiryAction::View {
            return Ok(());
        }
        match self.record.status(now) {
            EnquiryStatus::Sent | EnquiryStatus::Read => Ok(()),
            EnquiryStatus::Declined => Err(Refusal::EnquiryDeclined),
            EnquiryStatus::Invited => Err(Refusal::EnquiryAnswered),
            EnquiryStatus::Expired => Err(Refusal::EnquiryExpired),
        }
    }
}

impl VersionedSubject for EnquiryFacts {
    fn version(&self) -> i64 {
        self.record.version
    }
}

impl Enquiry {
    /// Returns the status at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> EnquiryStatus {
        self.state.status(now)
    }
}

impl EnquiryFacts {
    /// Sends an enquiry to one partner.
    ///
    /// # Errors
    /// Those of [`OrganizationAction::SendEnquiry`]; [`Refusal::RecipientNotOfCustomer`], because
    /// a partner that declines writes to the contact; [`Refusal::PartnerNotInCloud`].
    pub fn send(actor: &Actor, new: EnquiryToSend, now: Timestamp) -> Result<Self, Refusal> {
        let EnquiryToSend { id, customer, customer_domain, partner, partner_clouds, content } = new;
        check(actor, &customer, OrganizationAction::SendEnquiry, now)?;
        ensure_recipient_in_domain(&content.contact_email, &customer_domain)?;
        if !partner_clouds.contains(&customer.cloud) {
            return Err(Refusal::PartnerNotInCloud);
        }
        let record = Enquiry {
            id,
            customer: customer.id,
            cloud: customer.cloud,
            partner,
            country: content.country,
            city: content.city,
            size: content.size,
            needs: content.needs,
            contact_name: content.contact_name,
            contact_email: content.contact_email,
            contact_phone: content.contact_phone,
            created: now,
            created_by: actor.member()?.user,
            state: EnquiryState::Sent { expires: now.plus(ENQUIRY_LIFETIME) },
            version: 1,
        };
        Ok(Self { record })
    }

    /// Returns the enquiry after a change. Marking a read enquiry as read changes nothing, so
    /// that the first reader stays recorded.
    ///
    /// # Errors
    /// Those of [`check_version`] for the action of the change, and no others.
    pub fn apply(
        mut self,
        actor: &Actor,
        change: EnquiryChange,
        version: i64,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        check_version(actor, &self, change.action(), version, now)?;
        let by = actor.member()?.user;
        let enquiry = &mut self.record;
        enquiry.state = match (change, &enquiry.state) {
            (EnquiryChange::Read, EnquiryState::Sent { expires }) => {
                EnquiryState::Read { at: now, by, expires: *expires }
            }
            (EnquiryChange::Read, _) => return Ok(self),
            (EnquiryChange::Decline(reason), _) => EnquiryState::Declined { at: now, by, reason },
            (EnquiryChange::Answer(invitation), _) => {
                EnquiryState::Invited { at: now, by, invitation }
            }
        };
        enquiry.version += 1;
        Ok(self)
    }
}

/// States in which an enquiry cannot be answered.
pub const ENQUIRY_CLOSED: &[Refusal] =
    &[Refusal::EnquiryDeclined, Refusal::EnquiryExpired, Refusal::EnquiryAnswered];
