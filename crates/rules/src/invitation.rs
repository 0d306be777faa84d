//! Invitations (relationship requests) of partners to customers. See docs/domain.md,
//! Invitations.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, check};
use crate::{
    Actor, AdminRole, Cloud, DAY, DisplayName, DomainName, EmailAddress, EnquiryId, FieldError,
    InvitationId, Language, Note, OrganizationId, OrganizationKind, PartnerType, Refusal,
    Timestamp, UserId, UserRole, string_enum,
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

impl Subject for InvitationFacts {
    type Action = InvitationAction;

    fn check(
        &self,
        actor: &Actor,
        action: InvitationAction,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let invitation = &self.record;
        let member = actor.member()?;
        let status = invitation.status(now);
        let of_partner = member.organization == invitation.partner;
        match action {
            // Only those who can write a draft see it. Everyone at the partner sees what was
            // sent.
            InvitationAction::View if of_partner && invitation.state.never_sent() => {
                member.ensure_sales_role()
            }
            InvitationAction::View if of_partner => Ok(()),
            InvitationAction::View | InvitationAction::Accept | InvitationAction::Cancel => {
                if member.kind == OrganizationKind::Customer
                    && !member.clouds.contains(&invitation.cloud)
                {
                    return Err(Refusal::InvitationForOtherCloud);
                }
                if member.organization != invitation.customer {
                    return Err(Refusal::InvitationForOtherOrganization);
                }
                if invitation.state.never_sent() {
                    return Err(Refusal::InvitationNotSent);
                }
                if action == InvitationAction::View {
                    return Ok(());
                }
                // Accepting grants access to a partner, so it takes the role that can
                // authorize. Canceling is the same decision with the other outcome.
                member.ensure_role(UserRole::GlobalAdministrator)?;
                ensure_pending(status)
            }
            InvitationAction::Edit
            | InvitationAction::Send
            | InvitationAction::Resend
            | InvitationAction::Withdraw => {
                member.ensure_kind(OrganizationKind::Partner)?;
                if !of_partner {
                    return Err(Refusal::OtherOrganization);
                }
                if action == InvitationAction::Edit {
                    member.ensure_sales_role()?;
                } else {
                    member.ensure_role(UserRole::AdminAgent)?;
                }
                if !member.clouds.contains(&invitation.cloud) {
                    return Err(Refusal::PartnerNotInCloud);
                }
                match action {
                    InvitationAction::Resend => invitation.ensure_resendable(now),
                    // A draft can be edited, sent and withdrawn.
                    _ if status == InvitationStatus::Draft => {
                        if action == InvitationAction::Send {
                            invitation.ensure_sendable()
                        } else {
                            Ok(())
                        }
                    }
                    InvitationAction::Edit | InvitationAction::Send
                        if status == InvitationStatus::Sent =>
                    {
                        Err(Refusal::InvitationAlreadySent)
                    }
                    _ => ensure_pending(status),
                }
            }
        }
    }
}

impl InvitationFacts {
    /// Returns the invitation after an action. It fails exactly if [`check`] refuses the
    /// action. Viewing changes nothing. Editing only increases the version; the caller sets
    /// the fields.
    ///
    /// # Errors
    /// The reason why the action is not allowed.
    pub fn apply(
        mut self,
        actor: &Actor,
        action: InvitationAction,
        reason: Option<Note>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        check(actor, &self, action, now)?;
        let by = actor.member()?.user;
        let invitation = &mut self.record;
        let sent = match invitation.state {
            InvitationState::Sent { at, .. } => Some(at),
            _ => None,
        };
        invitation.state = match action {
            InvitationAction::View => return Ok(self),
            InvitationAction::Edit => invitation.state.clone(),
            InvitationAction::Accept => InvitationState::Accepted { at: now, by, sent },
            InvitationAction::Cancel => InvitationState::Canceled { at: now, by, reason, sent },
            InvitationAction::Withdraw => InvitationState::Withdrawn { at: now, by, sent },
            InvitationAction::Send => InvitationState::Sent {
                at: now,
                expires: now.plus(INVITATION_LIFETIME),
                resent: None,
            },
            InvitationAction::Resend => InvitationState::Sent {
                at: sent.unwrap_or(now),
                expires: now.plus(INVITATION_LIFETIME),
                resent: Some(now),
            },
        };
        invitation.version += 1;
        Ok(self)
    }
}

impl Invitation {
    /// Returns the status at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        self.state.status(now)
    }

    /// Checks that the parts of the invitation are allowed together: only admin roles that the
    /// type can hold, and terms and an offer only in 21Vianet's cloud. Called when a draft is
    /// saved and again when it is sent.
    ///
    /// # Errors
    /// [`Refusal::RolesNotForType`], [`Refusal::OfferOnlyIn21Vianet`].
    pub fn ensure_consistent(&self) -> Result<(), Refusal> {
        let may_hold = self.partner_type.admin_roles();
        if self.admin_roles.iter().any(|role| !may_hold.contains(role)) {
            return Err(Refusal::RolesNotForType);
        }
        if self.cloud != Cloud::Vianet21 && (self.terms.is_some() || self.offer.is_some()) {
            return Err(Refusal::OfferOnlyIn21Vianet);
        }
        Ok(())
    }

    /// Checks that a draft is complete enough to be sent.
    fn ensure_sendable(&self) -> Result<(), Refusal> {
        self.ensure_consistent()?;
        if self.recipient.is_none() || self.recipient_name.is_none() {
            return Err(Refusal::InvitationIncomplete);
        }
        Ok(())
    }

    /// Checks that the invitation can be sent again.
    fn ensure_resendable(&self, now: Timestamp) -> Result<(), Refusal> {
        ensure_pending(self.status(now))?;
        match self.resendable_from() {
            Some(from) if now < from => Err(Refusal::InvitationSentRecently),
            _ => self.ensure_sendable(),
        }
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
