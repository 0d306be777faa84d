//! Partners, as customers see them.

use rules::{
    CountryCode, DisplayName, DomainName, EmailAddress, Note, OrganisationId, PartnerId, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::json::from_json;

/// A partner's verified facts and its contact information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// Its organisation (tenant) ID.
    pub id: OrganisationId,
    /// Its name.
    pub name: DisplayName,
    /// Its Microsoft Partner ID.
    pub partner_id: PartnerId,
    /// Its verified domain.
    pub domain: DomainName,
    /// Its country or region.
    pub country: CountryCode,
    /// Since when it is a partner.
    pub partner_since: Timestamp,
    /// Where it is written to.
    pub email: EmailAddress,
    /// Its telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<DisplayName>,
    /// Its postal address, in lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Note>,
}

from_json!(Partner {
    id,
    name,
    partner_id = "partnerId",
    domain,
    country,
    partner_since = "partnerSince",
    email,
    phone,
    address,
});
