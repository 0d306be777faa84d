//! Invitations.

use rules::{
    AdminRole, Cloud, DisplayName, DomainName, EmailAddress, EnquiryId, FieldError, Invitation,
    InvitationContent, InvitationFacts, InvitationId, InvitationState, InvitationStatus, Language,
    Note, Offer, OfferKind, OrganizationId, PartnerId, PartnerType, RelationshipId, Timestamp,
    UserId, string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::error::Fields;
use crate::list::{List, ListField, ListQuery, SortOrder, list_filter};
use crate::{AcceptAgreement, ETag, FieldProblem, Partner};

/// An invitation, for both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct InvitationResource {
    /// Identifier.
    pub id: InvitationId,
    /// Version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// Organization that the invitation is addressed to.
    pub customer: OrganizationId,
    /// Name of that organization.
    pub customer_name: DisplayName,
    /// Verified domain of that organization.
    pub customer_domain: DomainName,
    /// Cloud of that organization.
    pub cloud: Cloud,
    /// Partner that sends the invitation, with verified facts.
    pub partner: Partner,
    /// Type of the requested relationship.
    pub relationship_type: PartnerType,
    /// Requested admin roles.
    pub admin_roles: Vec<AdminRole>,
    /// Email address of the recipient. A draft can be without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<EmailAddress>,
    /// Name of the recipient. A draft can be without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_name: Option<DisplayName>,
    /// Language of the mail.
    pub language: Language,
    /// Message of the partner, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Note>,
    /// Enquiry that the invitation answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enquiry: Option<EnquiryId>,
    /// Terms of the partner, in 21Vianet's cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Note>,
    /// Trial or purchase that the partner offers, in 21Vianet's cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Short code that is also in the mail, so that people can compare them.
    pub code: String,
    /// Time at which the draft was created.
    pub created: Timestamp,
    /// User who created the draft.
    pub created_by: UserId,
    /// Status at the time of the response.
    pub status: InvitationStatus,
    /// State, with times.
    pub state: InvitationState,
    /// Name of the user who accepted, canceled or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<DisplayName>,
}

impl InvitationResource {
    /// Returns the facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> InvitationFacts {
        let record = Invitation {
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
        };
        InvitationFacts { record, customer_domain: self.customer_domain.clone() }
    }
}

/// Field by which invitations can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum InvitationField {
    /// Time at which the draft was created.
    Created,
    /// Status.
    Status,
    /// Name of the other side.
    Partner,
}

string_enum!(InvitationField);

impl ListField for InvitationField {}

list_filter! {
    /// Filter of the list of invitations.
    InvitationFilter {
        /// Statuses.
        status: Vec<InvitationStatus> = "status",
        /// Organization ID of the partner.
        partner: Option<OrganizationId> = "partner",
        /// Partner ID of the partner.
        partner_id: Option<PartnerId> = "partnerId",
        /// Organization ID of the customer.
        customer: Option<OrganizationId> = "customer",
        /// ID of the enquiry that the invitation answers.
        enquiry: Option<EnquiryId> = "enquiry",
    }
}

/// The list of invitations (`GET /api/invitations`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationList;

impl List for InvitationList {
    type Filter = InvitationFilter;
    type Field = InvitationField;
    const SEARCH: Option<&'static str> = Some("name of the other side");
    const DEFAULT_ORDER: SortOrder<InvitationField> =
        SortOrder::descending(InvitationField::Created);
}

/// Query of the list of invitations.
pub type InvitationQuery = ListQuery<InvitationList>;

/// Request for the invitation of a link (`POST /api/invitations/lookUp`). The token is in the
/// body rather than in the address, so that no log and no `Referer` contains it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct LookUpInvitation {
    /// Token after the `#` of the link.
    pub token: String,
}

// A careless `{:?}` must not write the token to a log.
impl std::fmt::Debug for LookUpInvitation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LookUpInvitation(…)")
    }
}

/// Request to accept an invitation and the agreement (`POST /api/invitations/{id}/accept`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AcceptInvitation {
    /// Agreement that was shown with the invitation.
    pub agreement: AcceptAgreement,
}

/// Response to accepting an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AcceptedInvitation {
    /// Accepted invitation.
    pub invitation: InvitationResource,
    /// New or changed relationship.
    pub relationship: RelationshipId,
}

/// Request to cancel an invitation (`POST /api/invitations/{id}/cancel`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CancelInvitation {
    /// Reason for the partner. Optional.
    pub reason: String,
}

impl CancelInvitation {
    /// Parses the reason.
    ///
    /// # Errors
    /// The invalid field.
    pub fn parse(&self) -> Result<Option<Note>, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let reason = fields.take("reason", Note::parse_optional(&self.reason));
        fields.finish(reason)
    }
}

/// Request to draft an invitation (`POST /api/invitations`) or to edit a draft (`PATCH
/// /api/invitations/{id}`). Editing ignores the customer and the enquiry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct InvitationRequest {
    /// Organization ID or verified domain of the customer.
    pub customer: String,
    /// Type of the requested relationship.
    pub relationship_type: String,
    /// True to request the admin roles of the type.
    pub ask_for_admin_roles: bool,
    /// Email address of the recipient. Required to send.
    pub recipient: String,
    /// Name of the recipient. Required to send.
    pub recipient_name: String,
    /// Language of the mail.
    pub language: String,
    /// Message of the partner. Optional.
    pub message: String,
    /// Identifier of the enquiry that the invitation answers. Empty for none.
    pub enquiry: String,
    /// Terms of the partner, in 21Vianet's cloud. Optional.
    pub terms: String,
    /// Trial or purchase that the partner offers, in 21Vianet's cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferRequest>,
}

/// Offer of an [`InvitationRequest`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OfferRequest {
    /// Trial or purchase ([`OfferKind`]).
    pub kind: String,
    /// Name of the product.
    pub product: String,
    /// Number of licenses.
    pub quantity: String,
}

/// Reference to the customer of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerRef {
    /// By organization ID.
    Id(OrganizationId),
    /// By verified domain.
    Domain(DomainName),
}

impl std::str::FromStr for CustomerRef {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        text.parse().map(Self::Id).or_else(|_| DomainName::parse(text).map(Self::Domain))
    }
}

/// A parsed [`InvitationRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftInvitation {
    /// Customer.
    pub customer: CustomerRef,
    /// Enquiry that the invitation answers.
    pub enquiry: Option<EnquiryId>,
    /// Content.
    pub content: InvitationContent,
}

impl InvitationRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// All invalid fields.
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
                enquiry: enquiry?,
                content: InvitationContent {
                    partner_type: partner_type?,
                    ask_for_admin_roles: self.ask_for_admin_roles,
                    recipient: recipient?,
                    recipient_name: recipient_name?,
                    language: language?,
                    message: message?,
                    terms: terms?,
                    offer: offer?,
                },
            })
        })();
        fields.finish(whole)
    }
}

impl OfferRequest {
    /// Parses the fields. Their names in errors differ from those of the invitation.
    fn parse(&self, fields: &mut Fields) -> Option<Offer> {
        let kind: Option<OfferKind> = fields.take("offerKind", some(&self.kind));
        let product = fields.take("offerProduct", DisplayName::parse(&self.product));
        let quantity = fields.take("offerQuantity", Offer::parse_quantity(&self.quantity));
        Some(Offer { kind: kind?, product: product?, quantity: quantity? })
    }
}

/// Mail of an invitation, rendered for a preview (`GET /api/invitations/{id}/mail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RenderedMail {
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

/// Parses an optional value. Empty text is `None`.
pub(crate) fn optional<T: std::str::FromStr<Err = FieldError>>(
    text: &str,
) -> Result<Option<T>, FieldError> {
    match some(text) {
        Err(FieldError::Empty) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// Parses a required value. Empty text is [`FieldError::Empty`].
pub(crate) fn some<T: std::str::FromStr<Err = FieldError>>(text: &str) -> Result<T, FieldError> {
    match text.trim() {
        "" => Err(FieldError::Empty),
        text => text.parse(),
    }
}
