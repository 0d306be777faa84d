//! Partner IDs that are looked up, on the wire.

use rules::{AccountKind, Cloud, CountryCode, DisplayName, OrganizationId, PartnerId, Refusal};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;
use crate::json::from_json;

/// A Partner ID as it is typed, to look it up (`POST /api/partnerIds/check`) or to make it
/// the partner of record (`PUT /api/subscriptions/{id}/partnerOfRecord`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PartnerIdRequest {
    /// The Partner ID.
    pub partner_id: String,
}

impl PartnerIdRequest {
    /// Parses the ID.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(&self) -> Result<PartnerId, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let id = fields.take("partnerId", PartnerId::parse(&self.partner_id));
        fields.finish(id)
    }
}

/// Whose Partner ID one is (`POST /api/partnerIds/check`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckedPartnerId {
    /// The ID.
    pub partner_id: PartnerId,
    /// The partner.
    pub partner: OrganizationId,
    /// The partner's name.
    pub partner_name: DisplayName,
    /// The name of the account that the ID stands for.
    pub account_name: DisplayName,
    /// Whether that is the whole company or one of its locations.
    pub kind: AccountKind,
    /// The country or region where it is.
    pub country: CountryCode,
    /// The city where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
    /// The clouds in which the partner works.
    pub clouds: Vec<Cloud>,
    /// Why it can't be a partner of record in the own cloud, where it can't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

from_json!(CheckedPartnerId {
    partner_id = "partnerId",
    partner,
    partner_name = "partnerName",
    account_name = "accountName",
    kind,
    country,
    city,
    clouds,
    refusal,
});
