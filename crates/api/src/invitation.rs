//! Invitations on the wire.

use rules::{
    AdminRole, Cloud, DisplayName, EmailAddress, FieldError, InvitationId, InvitationState,
    InvitationStatus, Language, Note, OrganisationId, PartnerType, RelationshipId, Timestamp,
    UserId,
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
    /// The organisation that it is addressed to.
    pub customer: OrganisationId,
    /// The name of that organisation.
    pub customer_name: DisplayName,
    /// The cloud of that organisation.
    pub cloud: Cloud,
    /// Who asks: verified facts.
    pub partner: Partner,
    /// The type of relationship that is asked for.
    pub relationship_type: PartnerType,
    /// The admin roles that are asked for.
    pub admin_roles: Vec<AdminRole>,
    /// Whom the mail goes to.
    pub recipient: EmailAddress,
    /// The name of the recipient.
    pub recipient_name: DisplayName,
    /// The language of the mail.
    pub language: Language,
    /// What the partner has to say, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Note>,
    /// When it was written.
    pub created: Timestamp,
    /// Who wrote it.
    pub created_by: UserId,
    /// Its status when the answer was made.
    pub status: InvitationStatus,
    /// What became of it, with times.
    pub state: InvitationState,
    /// The name of who accepted, cancelled or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<DisplayName>,
}

from_json!(Invitation {
    id,
    etag = "@odata.etag",
    customer,
    customer_name = "customerName",
    cloud,
    partner,
    relationship_type = "relationshipType",
    admin_roles = "adminRoles",
    recipient,
    recipient_name = "recipientName",
    language,
    message,
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

/// The cancellation of an invitation (`POST /api/invitations/{id}/cancel`).
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

/// What a partner types to draft an invitation (`POST /api/invitations`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct InvitationRequest {
    /// The customer's organisation ID.
    pub customer: String,
    /// The type of relationship.
    pub relationship_type: String,
    /// Whether the admin roles of that type are asked for.
    pub ask_for_admin_roles: bool,
    /// Whom the mail goes to.
    pub recipient: String,
    /// The name of the recipient.
    pub recipient_name: String,
    /// The language of the mail.
    pub language: String,
    /// What the partner has to say; may be empty.
    pub message: String,
}

/// A draft whose fields can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftInvitation {
    /// The customer.
    pub customer: OrganisationId,
    /// The type of relationship.
    pub partner_type: PartnerType,
    /// Whether the admin roles of that type are asked for.
    pub ask_for_admin_roles: bool,
    /// Whom the mail goes to.
    pub recipient: EmailAddress,
    /// The name of the recipient.
    pub recipient_name: DisplayName,
    /// The language of the mail.
    pub language: Language,
    /// What the partner has to say.
    pub message: Option<Note>,
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
        let recipient = fields.take("recipient", EmailAddress::parse(&self.recipient));
        let recipient_name = fields.take("recipientName", DisplayName::parse(&self.recipient_name));
        let language = fields.take("language", some(&self.language));
        let message = fields.take("message", Note::parse_optional(&self.message));
        let whole = (|| {
            Some(DraftInvitation {
                customer: customer?,
                partner_type: partner_type?,
                ask_for_admin_roles: self.ask_for_admin_roles,
                recipient: recipient?,
                recipient_name: recipient_name?,
                language: language?,
                message: message?,
            })
        })();
        fields.finish(whole)
    }
}

/// Parses a value that has to be chosen: nothing chosen is an error of its own.
fn some<T: std::str::FromStr<Err = FieldError>>(text: &str) -> Result<T, FieldError> {
    match text.trim() {
        "" => Err(FieldError::Empty),
        text => text.parse(),
    }
}
