//! Invitations (relationship requests) of partners to customers. See docs/domain.md,
//! Invitations.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, VersionedSubject, check, check_version};
use crate::{
    Actor, AdminRole, Cloud, DAY, DisplayName, DomainName, EmailAddress, EnquiryId, FieldError,
    InvitationId, Language, Member, Note, OrganizationId, OrganizationKind, PartnerType, Refusal,
    Rejection, Timestamp, UserId, UserRole, string_enum,
};

/// Time in which a sent invitation can be accepted: 90 days, in milliseconds.
pub const INVITATION_LIFETIME: i64 = 90 * DAY;

/// Minimum time before the same invitation can be sent again: one day, in milliseconds. It
/// limits the mails to a recipient.
pub const RESEND_PAUSE: i64 = DAY;

/// A partner's request for a relationship with a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Identifier.
    pub id: InvitationId,
    /// Organization that the invitation is addressed to, the only one that can accept it.
    pub customer: OrganizationId,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Partner that sends the invitation.
    pub partner: OrganizationId,
    /// Type of the requested relationship.
    pub partner_type: PartnerType,
    /// Requested admin roles.
    pub admin_roles: Vec<AdminRole>,
    /// Email address of the recipient. A draft can be without.
    pub recipient: Option<EmailAddress>,
    /// Name of the recipient. A draft can be without.
    pub recipient_name: Option<DisplayName>,
    /// Language of the mail.
    pub language: Language,
    /// Message of the partner, as plain text.
    pub message: Option<Note>,
    /// Enquiry that the invitation answers.
    pub enquiry: Option<EnquiryId>,
    /// Terms of the partner. Only in 21Vianet's cloud.
    pub terms: Option<Note>,
    /// Trial or purchase that the partner offers. Only in 21Vianet's cloud.
    pub offer: Option<Offer>,
    /// Time at which the draft was created.
    pub created: Timestamp,
    /// User who created the draft.
    pub created_by: UserId,
    /// Stored state. See [`Invitation::status`] for the status at a given time.
    pub state: InvitationState,
    /// Number of changes, for `If-Match`.
    pub version: i64,
}

/// An invitation with the facts that decisions about it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationFacts {
    /// The invitation.
    pub record: Invitation,
    /// Verified domain of the customer.
    pub customer_domain: DomainName,
}

/// Kind of an [`Offer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OfferKind {
    /// Trial subscription.
    Trial,
    /// Paid subscription.
    Purchase,
}

string_enum!(OfferKind);

/// Offer of a partner in 21Vianet's cloud, as part of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Trial or purchase.
    pub kind: OfferKind,
    /// Name of the product.
    pub product: DisplayName,
    /// Number of licenses, 1 to [`Offer::QUANTITY_MAX`].
    pub quantity: u32,
}

impl Offer {
    /// Maximum number of licenses.
    pub const QUANTITY_MAX: u32 = 10_000;

    /// Parses a number of licenses.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::NotAQuantity`].
    pub fn parse_quantity(input: &str) -> Result<u32, FieldError> {
        match input.trim() {
            "" => Err(FieldError::Empty),
            digits => match digits.parse() {
                Ok(quantity @ 1..=Self::QUANTITY_MAX) => Ok(quantity),
                _ => Err(FieldError::NotAQuantity { max: Self::QUANTITY_MAX as usize }),
            },
        }
    }
}

/// Stored state of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum InvitationState {
    /// Not sent yet.
    Draft,
    /// Sent, not answered yet.
    Sent {
        /// Time at which it was first sent.
        at: Timestamp,
        /// First moment at which it can't be accepted anymore.
        expires: Timestamp,
        /// Time at which it was last sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resent: Option<Timestamp>,
    },
    /// Accepted by the customer.
    Accepted {
        /// Time at which it was accepted.
        at: Timestamp,
        /// User who accepted it.
        by: UserId,
        /// Time at which it was sent. `None` if it was answered before this was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Timestamp>,
    },
    /// Canceled by the customer.
    Canceled {
        /// Time at which it was canceled.
        at: Timestamp,
        /// User who canceled it.
        by: UserId,
        /// Reason, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
        /// Time at which it was sent. `None` if it was answered before this was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Timestamp>,
    },
    /// Withdrawn by the partner.
    Withdrawn {
        /// Time at which it was withdrawn.
        at: Timestamp,
        /// User who withdrew it.
        by: UserId,
        /// Time at which it was sent. `None` if it was withdrawn as a draft.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Timestamp>,
    },
}

/// Status of an invitation at a given time. It is computed rather than stored, because
/// invitations expire by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum InvitationStatus {
    /// Not sent yet.
    Draft,
    /// Sent, not answered yet.
    Sent,
    /// Accepted by the customer.
    Accepted,
    /// Canceled by the customer.
    Canceled,
    /// Withdrawn by the partner.
    Withdrawn,
    /// Not answered in time.
    Expired,
}

string_enum!(InvitationStatus);

impl InvitationState {
    /// Returns the status at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        match self {
            Self::Draft => InvitationStatus::Draft,
            Self::Sent { expires, .. } if now >= *expires => InvitationStatus::Expired,
            Self::Sent { .. } => InvitationStatus::Sent,
            Self::Accepted { .. } => InvitationStatus::Accepted,
            Self::Canceled { .. } => InvitationStatus::Canceled,
            Self::Withdrawn { .. } => InvitationStatus::Withdrawn,
        }
    }

    /// Returns true for a draft and for a draft that was withdrawn. The customer never sees
    /// those.
    #[must_use]
    pub const fn never_sent(&self) -> bool {
        matches!(self, Self::Draft | Self::Withdrawn { sent: None, .. })
    }

    /// Returns the first moment at which the invitation can't be accepted anymore. Only a sent
    /// invitation that is not answered has one.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::Sent { expires, .. } => Some(*expires),
            _ => None,
        }
    }

    /// Returns the start of the status at `now`. `None` for a draft.
    #[must_use]
    pub fn since(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Draft => None,
            Self::Sent { expires, .. } if now >= *expires => Some(*expires),
            Self::Sent { at, .. }
            | Self::Accepted { at, .. }
            | Self::Canceled { at, .. }
            | Self::Withdrawn { at, .. } => Some(*at),
        }
    }
}

/// Action on an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum InvitationAction {
    /// View the invitation.
    View,
    /// Customer: accept the invitation and authorize the partner.
    Accept,
    /// Customer: cancel the invitation, so that it can't be accepted anymore.
    Cancel,
    /// Partner: edit the draft.
    Edit,
    /// Partner: send the invitation to the customer.
    Send,
    /// Partner: send the invitation again, with a new link and 90 more days.
    Resend,
    /// Partner: withdraw the invitation.
    Withdraw,
}

string_enum!(InvitationAction);

/// Change of an invitation, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationChange {
    /// Customer: accept.
    Accept,
    /// Customer: cancel, for this reason.
    Cancel(Option<Note>),
    /// Partner: replace the content of the draft.
    Edit(InvitationContent),
    /// Partner: send.
    Send,
    /// Partner: send again.
    Resend,
    /// Partner: withdraw.
    Withdraw,
}

impl InvitationChange {
    /// Returns the action that must be allowed for this change.
    #[must_use]
    pub const fn action(&self) -> InvitationAction {
        match self {
            Self::Accept => InvitationAction::Accept,
            Self::Cancel(_) => InvitationAction::Cancel,
            Self::Edit(_) => InvitationAction::Edit,
            Self::Send => InvitationAction::Send,
            Self::Resend => InvitationAction::Resend,
            Self::Withdraw => InvitationAction::Withdraw,
        }
    }
}

/// What a partner writes in an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationContent {
    /// Type of the requested relationship.
    pub partner_type: PartnerType,
    /// True if the admin roles of the type are requested.
    pub ask_for_admin_roles: bool,
    /// Email address of the recipient.
    pub recipient: Option<EmailAddress>,
    /// Name of the recipient.
    pub recipient_name: Option<DisplayName>,
    /// Language of the mail.
    pub language: Language,
    /// Message of the partner.
    pub message: Option<Note>,
    /// Terms of the partner.
    pub terms: Option<Note>,
    /// Trial or purchase that the partner offers.
    pub offer: Option<Offer>,
}

impl InvitationContent {
    /// Returns the admin roles that the invitation requests.
    #[must_use]
    pub const fn requested_roles(&self) -> &'static [AdminRole] {
        if self.ask_for_admin_roles || self.partner_type.always_requests_roles() {
            self.partner_type.admin_roles()
        } else {
            &[]
        }
    }
}

/// A draft that does not exist yet: its addressee and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Identifier.
    pub id: InvitationId,
    /// Customer.
    pub customer: OrganizationId,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Verified domain of the customer.
    pub customer_domain: DomainName,
    /// Enquiry of that customer that the invitation answers.
    pub enquiry: Option<EnquiryId>,
    /// Content.
    pub content: InvitationContent,
}

impl Subject for InvitationFacts {
    type Action = InvitationAction;

    fn permission(&self, actor: &Actor, action: InvitationAction) -> Result<(), Refusal> {
        let invitation = &self.record;
        let member = actor.member()?;
        let of_partner = member.organization == invitation.partner;
        match action {
            // Only those who can write a draft see it. Everyone at the partner sees what was
            // sent.
            InvitationAction::View if of_partner && invitation.state.never_sent() => {
                member.ensure_sales_role()
            }
            InvitationAction::View if of_partner => Ok(()),
            InvitationAction::View => self.ensure_addressee(member),
            // Accepting grants access to a partner, so it takes the role that can authorize.
            // Canceling is the same decision with the other outcome.
            InvitationAction::Accept | InvitationAction::Cancel => {
                self.ensure_addressee(member)?;
                member.ensure_role(UserRole::GlobalAdministrator)
            }
            InvitationAction::Edit
            | InvitationAction::Send
            | InvitationAction::Resend
            | InvitationAction::Withdraw => {
                member.ensure_kind(OrganizationKind::Partner)?;
                if !of_partner {
                    return Err(Refusal::OtherOrganization);
                }
                member.ensure_cloud(invitation.cloud)?;
                if action == InvitationAction::Edit {
                    member.ensure_sales_role()
                } else {
                    member.ensure_role(UserRole::AdminAgent)
                }
            }
        }
    }

    fn state(&self, action: InvitationAction, now: Timestamp) -> Result<(), Refusal> {
        let status = self.record.status(now);
        match action {
            InvitationAction::View => Ok(()),
            InvitationAction::Edit => ensure_draft(status),
            InvitationAction::Send => {
                ensure_draft(status)?;
                self.ensure_sendable()
            }
            InvitationAction::Resend => {
                ensure_pending(status)?;
                if self.record.resendable_from().is_some_and(|from| now < from) {
                    return Err(Refusal::InvitationSentRecently);
                }
                self.ensure_sendable()
            }
            InvitationAction::Withdraw if status == InvitationStatus::Draft => Ok(()),
            InvitationAction::Accept | InvitationAction::Cancel | InvitationAction::Withdraw => {
                ensure_pending(status)
            }
        }
    }
}

impl VersionedSubject for InvitationFacts {
    fn version(&self) -> i64 {
        self.record.version
    }
}

impl InvitationFacts {
    /// Returns a new draft of the actor's organization.
    ///
    /// # Errors
    /// Those of editing such a draft: of the actor first, then of the content.
    pub fn draft(actor: &Actor, new: NewInvitation, now: Timestamp) -> Result<Self, Refusal> {
        let member = actor.member()?;
        let content = new.content;
        let record = Invitation {
            id: new.id,
            customer: new.customer,
            cloud: new.cloud,
            partner: member.organization,
            partner_type: content.partner_type,
            admin_roles: Vec::new(),
            recipient: None,
            recipient_name: None,
            language: content.language,
            message: None,
            enquiry: new.enquiry,
            terms: None,
            offer: None,
            created: now,
            created_by: member.user,
            state: InvitationState::Draft,
            version: 1,
        };
        let mut draft = Self { record, customer_domain: new.customer_domain };
        check(actor, &draft, InvitationAction::Edit, now)?;
        draft.set_content(content)?;
        Ok(draft)
    }

    /// Returns the invitation after a change.
    ///
    /// # Errors
    /// Those of [`check_version`] for the action of the change; then those of the content of
    /// [`InvitationChange::Edit`].
    pub fn apply(
        mut self,
        actor: &Actor,
        change: InvitationChange,
        version: i64,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        check_version(actor, &self, change.action(), version, now)?;
        let by = actor.member()?.user;
        let sent = match self.record.state {
            InvitationState::Sent { at, .. } => Some(at),
            InvitationState::Draft
            | InvitationState::Accepted { .. }
            | InvitationState::Canceled { .. }
            | InvitationState::Withdrawn { .. } => None,
        };
        let expires = now.plus(INVITATION_LIFETIME);
        self.record.version += 1;
        self.record.state = match change {
            InvitationChange::Edit(content) => {
                self.set_content(content)?;
                return Ok(self);
            }
            InvitationChange::Accept => InvitationState::Accepted { at: now, by, sent },
            InvitationChange::Cancel(reason) => {
                InvitationState::Canceled { at: now, by, reason, sent }
            }
            InvitationChange::Withdraw => InvitationState::Withdrawn { at: now, by, sent },
            InvitationChange::Send => InvitationState::Sent { at: now, expires, resent: None },
            InvitationChange::Resend => {
                InvitationState::Sent { at: sent.unwrap_or(now), expires, resent: Some(now) }
            }
        };
        Ok(self)
    }

    /// Replaces the content, and checks that its parts are allowed together.
    fn set_content(&mut self, content: InvitationContent) -> Result<(), Refusal> {
        if content.ask_for_admin_roles && content.requested_roles().is_empty() {
            return Err(Refusal::RolesNotForType);
        }
        let invitation = &mut self.record;
        invitation.partner_type = content.partner_type;
        invitation.admin_roles = content.requested_roles().to_vec();
        invitation.recipient = content.recipient;
        invitation.recipient_name = content.recipient_name;
        invitation.language = content.language;
        invitation.message = content.message;
        invitation.terms = content.terms;
        invitation.offer = content.offer;
        self.ensure_consistent()
    }

    /// Checks that the parts of the invitation are allowed together: only admin roles that the
    /// type can hold, terms and an offer only in 21Vianet's cloud, and a recipient at the
    /// customer. Checked when a draft is saved and again when it is sent.
    fn ensure_consistent(&self) -> Result<(), Refusal> {
        let invitation = &self.record;
        if let Some(recipient) = &invitation.recipient {
            ensure_recipient_in_domain(recipient, &self.customer_domain)?;
        }
        let may_hold = invitation.partner_type.admin_roles();
        if invitation.admin_roles.iter().any(|role| !may_hold.contains(role)) {
            return Err(Refusal::RolesNotForType);
        }
        let has_offer = invitation.terms.is_some() || invitation.offer.is_some();
        if has_offer && !invitation.cloud.has_offers() {
            return Err(Refusal::OfferOnlyIn21Vianet);
        }
        Ok(())
    }

    /// Checks that a draft is complete enough to be sent.
    fn ensure_sendable(&self) -> Result<(), Refusal> {
        self.ensure_consistent()?;
        if self.record.recipient.is_none() || self.record.recipient_name.is_none() {
            return Err(Refusal::InvitationIncomplete);
        }
        Ok(())
    }

    /// Requires a member of the organization that the invitation was sent to.
    fn ensure_addressee(&self, member: &Member) -> Result<(), Refusal> {
        let invitation = &self.record;
        if member.kind == OrganizationKind::Customer && !member.clouds.contains(&invitation.cloud) {
            return Err(Refusal::InvitationForOtherCloud);
        }
        if member.organization != invitation.customer {
            return Err(Refusal::InvitationForOtherOrganization);
        }
        if invitation.state.never_sent() {
            return Err(Refusal::InvitationNotSent);
        }
        Ok(())
    }
}

impl Invitation {
    /// Returns the status at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        self.state.status(now)
    }

    /// Returns the first moment at which the invitation can be sent again. Only a sent
    /// invitation that is not answered has one.
    #[must_use]
    pub fn resendable_from(&self) -> Option<Timestamp> {
        match self.state {
            InvitationState::Sent { at, resent, .. } => {
                Some(resent.unwrap_or(at).plus(RESEND_PAUSE))
            }
            _ => None,
        }
    }

    /// Returns the short code in the mail and on the page, such as `K7QF-2M9D`, so that people
    /// can compare them. It encodes 40 random bits of the identifier in Crockford's base 32,
    /// which has no letters that look like digits.
    #[must_use]
    pub fn code(&self) -> String {
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bits = self.id.random_bits();
        let mut code = String::with_capacity(9);
        for place in 0..8 {
            if place == 4 {
                code.push('-');
            }
            // The mask keeps the index below 32.
            code.push(char::from(DIGITS[(bits >> (35 - 5 * place) & 31) as usize]));
        }
        code
    }

    /// Returns the first moment at which the invitation can't be accepted anymore. Only a sent
    /// invitation that is not answered has one.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        self.state.expires()
    }
}

/// Checks that the recipient's address is in the customer's domain or one of its subdomains.
/// Called when an invitation is drafted, edited and sent, so that mail about an organization
/// only goes to its own people.
///
/// # Errors
/// [`Refusal::RecipientNotOfCustomer`].
pub fn ensure_recipient_in_domain(
    recipient: &EmailAddress,
    domain: &DomainName,
) -> Result<(), Refusal> {
    let part = recipient.domain().strip_suffix(domain.as_str());
    if part.is_some_and(|part| part.is_empty() || part.ends_with('.')) {
        Ok(())
    } else {
        Err(Refusal::RecipientNotOfCustomer)
    }
}

/// Checks that the invitation is not sent yet.
fn ensure_draft(status: InvitationStatus) -> Result<(), Refusal> {
    match status {
        InvitationStatus::Draft => Ok(()),
        InvitationStatus::Sent => Err(Refusal::InvitationAlreadySent),
        InvitationStatus::Accepted
        | InvitationStatus::Canceled
        | InvitationStatus::Withdrawn
        | InvitationStatus::Expired => ensure_pending(status),
    }
}

/// Checks that the invitation is sent and not answered.
fn ensure_pending(status: InvitationStatus) -> Result<(), Refusal> {
    match status {
        InvitationStatus::Sent => Ok(()),
        InvitationStatus::Draft => Err(Refusal::InvitationNotSent),
        InvitationStatus::Accepted => Err(Refusal::InvitationAlreadyAccepted),
        InvitationStatus::Canceled => Err(Refusal::InvitationCanceled),
        InvitationStatus::Withdrawn => Err(Refusal::InvitationWithdrawn),
        InvitationStatus::Expired => Err(Refusal::InvitationExpired),
    }
}

/// States in which an invitation cannot be changed.
pub const INVITATION_CLOSED: &[Refusal] = &[
    Refusal::InvitationAlreadyAccepted,
    Refusal::InvitationCanceled,
    Refusal::InvitationWithdrawn,
    Refusal::InvitationExpired,
];

/// Refusals of everyone to whom an invitation was not addressed.
pub const INVITATION_NOT_ADDRESSED: &[Refusal] =
    &[Refusal::InvitationForOtherOrganization, Refusal::InvitationForOtherCloud];

/// Refusals of what the customer does with an invitation. The partner that sent it is refused
/// as another organization.
pub const INVITATION_BY_CUSTOMER: &[Refusal] =
    &[Refusal::InvitationForOtherOrganization, Refusal::GlobalAdministratorRequired];

/// Refusals of the content of an invitation.
pub const INVITATION_CONTENT: &[Refusal] = &[
    Refusal::PartnerOnly,
    Refusal::PartnerNotInCloud,
    Refusal::RolesNotForType,
    Refusal::OfferOnlyIn21Vianet,
    Refusal::RecipientNotOfCustomer,
];
