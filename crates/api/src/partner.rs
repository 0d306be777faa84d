//! Partners and the search for partners.

use rules::{
    Cloud, CountryCode, Description, DisplayName, DomainName, EmailAddress, Industry, Location,
    Note, OrganizationId, OrganizationSize, PartnerId, PhoneNumber, Service, Timestamp,
    string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::list::{FilterText, List, ListField, ListQuery, SortOrder, SortOrders, list_filter};

/// Verified facts about a partner, and its contact information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// Organization (tenant) ID.
    pub id: OrganizationId,
    /// Name.
    pub name: DisplayName,
    /// Microsoft Partner ID.
    pub partner_id: PartnerId,
    /// Verified domain.
    pub domain: DomainName,
    /// Country or region.
    pub country: CountryCode,
    /// Time since which it is a partner.
    pub partner_since: Timestamp,
    /// Email address.
    pub email: EmailAddress,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
    /// Postal address, in lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Note>,
}

/// A partner in the search results, with its profile (`GET /api/partners`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerProfile {
    /// Verified facts and contact information.
    pub partner: Partner,
    /// Clouds in which the partner works.
    pub clouds: Vec<Cloud>,
    /// Description, in the partner's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Places where the partner has people.
    pub locations: Vec<Location>,
    /// Services that the partner offers.
    pub services: Vec<Service>,
    /// Industries that the partner knows.
    pub industries: Vec<Industry>,
    /// Sizes of organizations that the partner works for. Empty means all sizes.
    pub sizes: Vec<OrganizationSize>,
}

/// Field by which partners are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum PartnerField {
    /// How well the partner matches the search.
    Relevance,
}

string_enum!(PartnerField);

impl ListField for PartnerField {}

list_filter! {
    /// Filter of the search for partners.
    PartnerFilter {
        /// Country or region that the partner serves; that of the caller's organization by
        /// default.
        country: Option<CountryCode> = "country",
        /// City in which the partner has people.
        city: Option<FilterText> = "city",
        /// Size of organization that the partner works for.
        size: Option<OrganizationSize> = "size",
    }
}

/// The search for partners (`GET /api/partners`), best match first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerList;

impl List for PartnerList {
    type Filter = PartnerFilter;
    type Field = PartnerField;
    const SEARCH: Option<&'static str> =
        Some("profile; the last word may be the beginning of a word");
    const DEFAULT_ORDER: SortOrder<PartnerField> = SortOrder::descending(PartnerField::Relevance);
    const ORDERS: SortOrders = SortOrders::DefaultOnly;
}

/// Query of the search for partners.
pub type PartnerQuery = ListQuery<PartnerList>;
