//! Invitations (relationship requests): what a partner asks, and what became of it.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, check};
use crate::{
    Actor, AdminRole, Cloud, DAY, DisplayName, DomainName, EmailAddress, EnquiryId, FieldError,
    InvitationId, Language, Note, OrganizationId, OrganizationKind, PartnerType, Refusal,
    Timestamp, UserId, UserRole, string_enum,
};

/// How long an invitation can be accepted after it was sent: 90 days, in
/// milliseconds (docs/domain.md, Invitations).
pub const INVITATION_LIFETIME: i64 = 90 * DAY;

/// How long a partner has to wait before it sends the same invitation again: a day, in
/// milliseconds, so that nobody is worn down by mail.
pub const RESEND_PAUSE: i64 = DAY;

/// A partner's request to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// The organization that it is addressed to, the only one that can accept it.
    pub customer: OrganizationId,
    /// That organization's cloud.
    pub cloud: Cloud,
    /// The partner that asks.
    pub partner: OrganizationId,
    /// The type of relationship.
    pub partner_type: PartnerType,
    /// The admin roles that are asked for.
    pub admin_roles: Vec<AdminRole>,
    /// Whom the mail goes to; a draft may not say it yet.
    pub recipient: Option<EmailAddress>,
    /// The name of the recipient; a draft may not say it yet.
    pub recipient_name: Option<DisplayName>,
    /// The language of the mail.
    pub language: Language,
    /// What the partner has to say, as plain text.
    pub message: Option<Note>,
    /// The enquiry that it answers.
    pub enquiry: Option<EnquiryId>,
    /// The partner's own terms; in 21Vianet's cloud alone (docs/domain.md, Clouds).
    pub terms: Option<Note>,
    /// The trial or purchase that comes with it; in 21Vianet's cloud alone
    /// (docs/domain.md, Clouds).
    pub offer: Option<Offer>,
    /// When it was written.
    pub created: Timestamp,
    /// Who wrote it.
    pub created_by: UserId,
    /// What became of it, as it is stored; see [`Invitation::status`].
    pub state: InvitationState,
    /// Counts the changes, for `If-Match`.
    pub version: i64,
}

/// Whether an offer is a trial or a purchase (seed 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OfferKind {
    /// A trial subscription.
    Trial,
    /// A subscription that is paid for.
    Purchase,
}

string_enum!(OfferKind);

/// What a partner in 21Vianet's cloud offers along with an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// A trial or a purchase.
    pub kind: OfferKind,
    /// The product's name.
    pub product: DisplayName,
    /// How many licenses: 1 to [`Offer::QUANTITY_MAX`].
    pub quantity: u32,
}

impl Offer {
    /// The most licenses of an offer.
    pub const QUANTITY_MAX: u32 = 10_000;

    /// Parses how many licenses are offered.
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
        /// When it was last sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resent: Option<Timestamp>,
    },
    /// Accepted by the customer.
    Accepted {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// When it had been sent; not known of those that were answered before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Timestamp>,
    },
    /// Canceled by the customer.
    Canceled {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// Why, in the customer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
        /// When it had been sent; not known of those that were answered before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Timestamp>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum InvitationStatus {
    /// Written, not sent.
    Draft,
    /// Sent, and waiting for the customer.
    Sent,
    /// Accepted by the customer.
    Accepted,
    /// Canceled by the customer.
    Canceled,
    /// Withdrawn by the partner.
    Withdrawn,
    /// Sent, and not accepted in time.
    Expired,
}

string_enum!(InvitationStatus);

impl InvitationState {
    /// The status at this moment.
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

    /// Whether the customer never knew of it: it is a draft, or was one until the
    /// partner withdrew it.
    #[must_use]
    pub const fn never_sent(&self) -> bool {
        matches!(self, Self::Draft | Self::Withdrawn { sent: None, .. })
    }

    /// From when on it can't be accepted any more; known once it is sent and until it is
    /// answered.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::Sent { expires, .. } => Some(*expires),
            _ => None,
        }
    }

    /// When it came into the status that it has at this moment; `None` for a draft.
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

/// What can be done with an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum InvitationAction {
    /// See it.
    View,
    /// Customer: accept it and authorize the partner.
    Accept,
    /// Customer: cancel it, so that it can't be accepted any more.
    Cancel,
    /// Partner: change the draft.
    Edit,
    /// Partner: send it to the customer.
    Send,
    /// Partner: send it once more, with a new link and 90 more days.
    Resend,
    /// Partner: take it back.
    Withdraw,
}

string_enum!(InvitationAction);

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
        let of_partner = member.organization == self.partner;
        match action {
            // A draft is of those who may write one; what was sent is the partner's.
            InvitationAction::View if of_partner && self.state.never_sent() => member.must_sell(),
            InvitationAction::View if of_partner => Ok(()),
            InvitationAction::View | InvitationAction::Accept | InvitationAction::Cancel => {
                if member.kind == OrganizationKind::Customer && !member.clouds.contains(&self.cloud)
                {
                    return Err(Refusal::InvitationForOtherCloud);
                }
                if member.organization != self.customer {
                    return Err(Refusal::InvitationForOtherOrganization);
                }
                if self.state.never_sent() {
                    return Err(Refusal::InvitationNotSent);
                }
                if action == InvitationAction::View {
                    return Ok(());
                }
                // Accepting lets a partner in, so it is for those who may authorize;
                // canceling decides the same question the other way.
                member.must_hold(UserRole::GlobalAdministrator)?;
                must_wait(status)
            }
            InvitationAction::Edit
            | InvitationAction::Send
            | InvitationAction::Resend
            | InvitationAction::Withdraw => {
                member.must_be(OrganizationKind::Partner)?;
                if !of_partner {
                    return Err(Refusal::OtherOrganization);
                }
                if action == InvitationAction::Edit {
                    member.must_sell()?;
                } else {
                    member.must_hold(UserRole::AdminAgent)?;
                }
                if !member.clouds.contains(&self.cloud) {
                    return Err(Refusal::PartnerNotInCloud);
                }
                match action {
                    InvitationAction::Resend => self.may_be_resent(now),
                    // A draft can be sent or edited, and one that nobody wants any more
                    // withdrawn.
                    _ if status == InvitationStatus::Draft => {
                        if action == InvitationAction::Send {
                            self.may_leave()
                        } else {
                            Ok(())
                        }
                    }
                    InvitationAction::Edit | InvitationAction::Send
                        if status == InvitationStatus::Sent =>
                    {
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

    /// Whether what it asks for and brings along can go together: admin roles that its
    /// type can hold, and terms and an offer only where 21Vianet operates the cloud. A
    /// draft is held to this when it is written, and again when it is sent.
    ///
    /// # Errors
    /// [`Refusal::RolesNotForType`], [`Refusal::OfferOnlyIn21Vianet`].
    pub fn fits(&self) -> Result<(), Refusal> {
        let may_hold = self.partner_type.admin_roles();
        if self.admin_roles.iter().any(|role| !may_hold.contains(role)) {
            return Err(Refusal::RolesNotForType);
        }
        if self.cloud != Cloud::Vianet21 && (self.terms.is_some() || self.offer.is_some()) {
            return Err(Refusal::OfferOnlyIn21Vianet);
        }
        Ok(())
    }

    /// Whether a draft is ready to be sent.
    fn may_leave(&self) -> Result<(), Refusal> {
        self.fits()?;
        if self.recipient.is_none() || self.recipient_name.is_none() {
            return Err(Refusal::InvitationIncomplete);
        }
        Ok(())
    }

    /// Whether it can be sent once more.
    fn may_be_resent(&self, now: Timestamp) -> Result<(), Refusal> {
        must_wait(self.status(now))?;
        match self.resend_from() {
            Some(from) if now < from => Err(Refusal::InvitationSentRecently),
            _ => self.may_leave(),
        }
    }

    /// From when on it can be sent once more; known once it is sent and until it is
    /// answered.
    #[must_use]
    pub fn resend_from(&self) -> Option<Timestamp> {
        match self.state {
            InvitationState::Sent { at, resent, .. } => {
                Some(resent.unwrap_or(at).plus(RESEND_PAUSE))
            }
            _ => None,
        }
    }

    /// The short code that stands in the mail and on the page, so that people can
    /// compare them, such as `K7QF-2M9D`: 40 random bits of the identifier in
    /// Crockford's base 32, which has no letters that look like digits.
    #[must_use]
    pub fn code(&self) -> String {
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bits = self.id.random();
        let mut code = String::with_capacity(9);
        for place in 0..8 {
            if place == 4 {
                code.push('-');
            }
            // The mask leaves an index below 32.
            code.push(char::from(DIGITS[(bits >> (35 - 5 * place) & 31) as usize]));
        }
        code
    }

    /// When it can't be accepted any more; known once it is sent and until it is answered.
    #[must_use]
    pub const fn expires(&self) -> Option<Timestamp> {
        self.state.expires()
    }

    /// The invitation after this action, which succeeds exactly when [`check`]
    /// allows it. Viewing changes nothing; editing counts as a change, and whoever
    /// edits puts what was typed into the invitation that comes back.
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
        let sent = match self.state {
            InvitationState::Sent { at, .. } => Some(at),
            _ => None,
        };
        self.state = match action {
            InvitationAction::View => return Ok(self),
            InvitationAction::Accept => InvitationState::Accepted { at: now, by, sent },
            InvitationAction::Cancel => InvitationState::Canceled { at: now, by, reason, sent },
            InvitationAction::Withdraw => InvitationState::Withdrawn { at: now, by, sent },
            InvitationAction::Edit => self.state,
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
        self.version += 1;
        Ok(self)
    }
}

/// Whether an invitation to a customer of this domain may go to this address: one of the
/// domain, or of a part of it. Asked when it is drafted, edited and sent, so that nobody
/// gets mail about an organization that is not their own.
///
/// # Errors
/// [`Refusal::RecipientNotOfCustomer`].
pub fn recipient_fits(recipient: &EmailAddress, domain: &DomainName) -> Result<(), Refusal> {
    let part = recipient.domain().strip_suffix(domain.as_str());
    if part.is_some_and(|part| part.is_empty() || part.ends_with('.')) {
        Ok(())
    } else {
        Err(Refusal::RecipientNotOfCustomer)
    }
}

/// Refuses unless the invitation waits for an answer.
fn must_wait(status: InvitationStatus) -> Result<(), Refusal> {
    match status {
        InvitationStatus::Sent => Ok(()),
        InvitationStatus::Draft => Err(Refusal::InvitationNotSent),
        InvitationStatus::Accepted => Err(Refusal::InvitationAlreadyAccepted),
        InvitationStatus::Canceled => Err(Refusal::InvitationCanceled),
        InvitationStatus::Withdrawn => Err(Refusal::InvitationWithdrawn),
        InvitationStatus::Expired => Err(Refusal::InvitationExpired),
    }
}
