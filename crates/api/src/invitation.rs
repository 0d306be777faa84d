//! Invitations on the wire.

use rules::{
    AdminRole, Cloud, DisplayName, DomainName, EmailAddress, EnquiryId, FieldError, InvitationId,
    InvitationState, InvitationStatus, Language, Note, Offer, OfferKind, OrganizationId,
    PartnerType, RelationshipId, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::json::from_json;
use crate::{AcceptAgreement, ETag, FieldProblem, Partner};

/// An invitation, as both sides see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// Its version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// The organization that it is addressed to.
    pub customer: OrganizationId,
    /// The name of that organization.
    pub customer_name: DisplayName,
    /// The verified domain of that organization.
    pub customer_domain: DomainName,
    /// The cloud of that organization.
    pub cloud: Cloud,
    /// Who asks: verified facts.
    pub partner: Partner,
    /// The type of relationship that is asked for.
    pub relationship_type: PartnerType,
    /// The admin roles that are asked for.
    pub admin_roles: Vec<AdminRole>,
    /// Whom the mail goes to; a draft may not say it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<EmailAddress>,
    /// The name of the recipient; a draft may not say it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_name: Option<DisplayName>,
    /// The language of the mail.
    pub language: Language,
    /// What the partner has to say, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Note>,
    /// The enquiry that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enquiry: Option<EnquiryId>,
    /// The partner's own terms, in 21Vianet's cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Note>,
    /// The trial or purchase that comes with it, in 21Vianet's cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// The short code that stands in the mail too, so that people can compare.
    pub code: String,
    /// When it was written.
    pub created: Timestamp,
    /// Who wrote it.
    pub created_by: UserId,
    /// Its status when the answer was made.
    pub status: InvitationStatus,
    /// What became of it, with times.
    pub state: InvitationState,
    /// The name of who accepted, canceled or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<DisplayName>,
}

from_json!(Invitation {
    id,
    etag = "@odata.etag",
    customer,
    customer_name = "customerName",
    customer_domain = "customerDomain",
    cloud,
    partner,
    relationship_type = "relationshipType",
    admin_roles = "adminRoles",
    recipient,
    recipient_name = "recipientName",
    language,
    message,
    enquiry,
    terms,
    offer,
    code,
    created,
    created_by = "createdBy",
    status,
    state,
    answered_by = "answeredBy",
});

impl Invitation {
    /// The facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> rules::Invitation {
        rules::Invitation {
            id: self.id,
            customer: self.customer,
            cloud: self.cloud,
            partner: self.partner.id,
            partner_type: self.relationship_type,
            admin_roles: self.admin_roles.clone(),
            recipient: self.recipient.clone(),
            recipient_name: self.recipient_name.clone(),
            language: self.language,
            message: self.message.clone(),
            enquiry: self.enquiry,
            terms: self.terms.clone(),
            offer: self.offer.clone(),
            created: self.created,
            created_by: self.created_by,
            state: self.state.clone(),
            version: self.etag.0,
        }
    }
}

/// The token of an invitation link (`POST /api/invitations/lookUp`). It travels in
/// a body, never in an address, so that it reaches no log and no `Referer`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct LookUpInvitation {
    /// What stands behind the `#` of the link.
    pub token: String,
}

// The token must not reach a log by way of a careless `{:?}`.
impl std::fmt::Debug for LookUpInvitation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LookUpInvitation(…)")
    }
}

/// The acceptance of an invitation with the agreement (`POST /api/invitations/{id}/accept`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AcceptInvitation {
    /// The agreement that was shown with it.
    pub agreement: AcceptAgreement,
}

/// What accepting an invitation led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AcceptedInvitation {
    /// The invitation as it is now.
    pub invitation: Invitation,
    /// The relationship, new or joined.
    pub relationship: RelationshipId,
}

from_json!(AcceptedInvitation { invitation, relationship });

/// A request to cancel an invitation (`POST /api/invitations/{id}/cancel`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CancelInvitation {
    /// Why, for the partner to read; may be empty.
    pub reason: String,
}

impl CancelInvitation {
    /// Parses the reason.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(&self) -> Result<Option<Note>, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let reason = fields.take("reason", Note::parse_optional(&self.reason));
        fields.finish(reason)
    }
}

/// What a partner types to draft an invitation (`POST /api/invitations`), and to change
/// a draft (`PATCH /api/invitations/{id}`), where the customer and the enquiry stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct InvitationRequest {
    /// The customer: its organization ID or its verified domain.
    pub customer: String,
    /// The type of relationship.
    pub relationship_type: String,
    /// Whether the admin roles of that type are asked for.
    pub ask_for_admin_roles: bool,
    /// Whom the mail goes to; may be empty until it is sent.
    pub recipient: String,
    /// The name of the recipient; may be empty until it is sent.
    pub recipient_name: String,
    /// The language of the mail.
    pub language: String,
    /// What the partner has to say; may be empty.
    pub message: String,
    /// The identifier of the enquiry that it answers; empty for none.
    pub enquiry: String,
    /// The partner's own terms, in 21Vianet's cloud; may be empty.
    pub terms: String,
    /// The trial or purchase that comes with it, in 21Vianet's cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferRequest>,
}

/// The trial or purchase that comes with an invitation, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OfferRequest {
    /// A trial or a purchase ([`OfferKind`]).
    pub kind: String,
    /// The product's name.
    pub product: String,
    /// How many licenses.
    pub quantity: String,
}

/// How a partner names the customer of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerRef {
    /// By its organization ID.
    Id(OrganizationId),
    /// By its verified domain.
    Domain(DomainName),
}

impl std::str::FromStr for CustomerRef {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        text.parse().map(Self::Id).or_else(|_| DomainName::parse(text).map(Self::Domain))
    }
}

/// A draft whose fields can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftInvitation {
    /// The customer.
    pub customer: CustomerRef,
    /// The type of relationship.
    pub partner_type: PartnerType,
    /// Whether the admin roles of that type are asked for.
    pub ask_for_admin_roles: bool,
    /// Whom the mail goes to, where that is known.
    pub recipient: Option<EmailAddress>,
    /// The name of the recipient, where that is known.
    pub recipient_name: Option<DisplayName>,
    /// The language of the mail.
    pub language: Language,
    /// What the partner has to say.
    pub message: Option<Note>,
    /// The enquiry that it answers.
    pub enquiry: Option<EnquiryId>,
    /// The partner's own terms.
    pub terms: Option<Note>,
    /// The trial or purchase that comes with it.
    pub offer: Option<Offer>,
}

impl InvitationRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(&self) -> Result<DraftInvitation, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let customer = fields.take("customer", some(&self.customer));
        let partner_type = fields.take("relationshipType", some(&self.relationship_type));
        let recipient = fields.take("recipient", EmailAddress::parse_optional(&self.recipient));
        let recipient_name =
            fields.take("recipientName", DisplayName::parse_optional(&self.recipient_name));
        let language = fields.take("language", some(&self.language));
        let message = fields.take("message", Note::parse_optional(&self.message));
        let enquiry = fields.take("enquiry", optional(&self.enquiry));
        let terms = fields.take("terms", Note::parse_optional(&self.terms));
        let offer = match &self.offer {
            None => Some(None),
            Some(offer) => offer.parse(&mut fields).map(Some),
        };
        let whole = (|| {
            Some(DraftInvitation {
                customer: customer?,
                partner_type: partner_type?,
                ask_for_admin_roles: self.ask_for_admin_roles,
                recipient: recipient?,
                recipient_name: recipient_name?,
                language: language?,
                message: message?,
                enquiry: enquiry?,
                terms: terms?,
                offer: offer?,
            })
        })();
        fields.finish(whole)
    }
}

impl OfferRequest {
    /// Parses the fields, by names that no other field of the invitation has.
    fn parse(&self, fields: &mut Fields) -> Option<Offer> {
        let kind: Option<OfferKind> = fields.take("offerKind", some(&self.kind));
        let product = fields.take("offerProduct", DisplayName::parse(&self.product));
        let quantity = fields.take("offerQuantity", Offer::parse_quantity(&self.quantity));
        Some(Offer { kind: kind?, product: product?, quantity: quantity? })
    }
}

/// The mail of an invitation as it would be sent (`GET /api/invitations/{id}/mail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RenderedMail {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its text as HTML.
    pub html: String,
}

from_json!(RenderedMail { subject, text, html });

/// Parses a value that may be left out.
pub(crate) fn optional<T: std::str::FromStr<Err = FieldError>>(
    text: &str,
) -> Result<Option<T>, FieldError> {
    match some(text) {
        Err(FieldError::Empty) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// Parses a value that has to be chosen: nothing chosen is an error of its own.
pub(crate) fn some<T: std::str::FromStr<Err = FieldError>>(text: &str) -> Result<T, FieldError> {
    match text.trim() {
        "" => Err(FieldError::Empty),
        text => text.parse(),
    }
}
