//! Lookup of Microsoft Partner IDs.

use rules::{AccountKind, Cloud, CountryCode, DisplayName, OrganizationId, PartnerId, Refusal};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;

/// A typed Partner ID, to look it up (`POST /api/partnerIds/check`) or to set it as the
/// partner of record (`PUT /api/subscriptions/{id}/partnerOfRecord`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PartnerIdRequest {
    /// Partner ID.
    pub partner_id: String,
}

impl PartnerIdRequest {
    /// Parses the ID.
    ///
    /// # Errors
    /// The invalid field.
    pub fn parse(&self) -> Result<PartnerId, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let id = fields.take("partnerId", PartnerId::parse(&self.partner_id));
        fields.finish(id)
    }
}

/// Account of a Partner ID (`POST /api/partnerIds/check`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckedPartnerId {
    /// Partner ID.
    pub partner_id: PartnerId,
    /// Partner.
    pub partner: OrganizationId,
    /// Name of the partner.
    pub partner_name: DisplayName,
    /// Name of the account.
    pub account_name: DisplayName,
    /// Kind of account: the whole company or one location.
    pub kind: AccountKind,
    /// Country or region of the account.
    pub country: CountryCode,
    /// City of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
    /// Clouds in which the partner works.
    pub clouds: Vec<Cloud>,
    /// Reason why it can't be a partner of record in the caller's cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}
