//! Partners and the search for partners.

use rules::{
    Cloud, CountryCode, Description, DisplayName, DomainName, EmailAddress, FieldError, Industry,
    Location, Note, OrganizationId, OrganizationSize, PartnerId, Service, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;
use crate::json::from_json;
use crate::list::{self, option_name, query_pairs, search, short, write_options};

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
    pub phone: Option<DisplayName>,
    /// Postal address, in lines.
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

from_json!(PartnerProfile { partner, clouds, description, locations, services, industries, sizes });

/// Query of the search for partners: `$search`, `country`, `city`, `size`, `$top` and
/// `$skiptoken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerQuery {
    /// Search words. Empty for all partners.
    pub search: String,
    /// Country that the partner serves. The default is the country of the caller's
    /// organization.
    pub country: Option<CountryCode>,
    /// City, as free text. Empty for all.
    pub city: String,
    /// Size of the organization. `None` for all.
    pub size: Option<OrganizationSize>,
    /// Maximum number of partners on the page, 1 to [`PartnerQuery::TOP_MAX`].
    pub top: u32,
    /// Token of the next page from the previous response, opaque to clients. Empty for the
    /// first page.
    pub skip: String,
}

impl Default for PartnerQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            country: None,
            city: String::new(),
            size: None,
            top: 20,
            skip: String::new(),
        }
    }
}

impl PartnerQuery {
    /// Maximum number of partners on a page.
    pub const TOP_MAX: u32 = 50;
    /// Maximum number of characters of the search and of the city.
    pub const SEARCH_MAX: usize = list::SEARCH_MAX;
    /// Maximum number of characters of a skip token.
    pub const SKIP_MAX: usize = 500;

    /// Parses a query string. Unknown options are errors, so that an ignored filter is never
    /// taken for an applied one.
    ///
    /// # Errors
    /// All invalid options, by their names without the `$`.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let mut parsed = Self::default();
        for option in query_pairs(query) {
            let Some((name, value)) = option else {
                fields.take::<()>("query", Err(FieldError::NotAnOption));
                continue;
            };
            match option_name(&name) {
                "search" => {
                    parsed.search = fields.take("search", search(&value)).unwrap_or_default();
                }
                "country" => {
                    let country = match CountryCode::parse(&value) {
                        Err(FieldError::Empty) => Ok(None),
                        country => country.map(Some),
                    };
                    parsed.country = fields.take("country", country).flatten();
                }
                "city" => {
                    parsed.city =
                        fields.take("city", short(&value, Self::SEARCH_MAX)).unwrap_or_default();
                }
                "size" => {
                    let size = match value.trim() {
                        "" => Ok(None),
                        size => size.parse().map(Some),
                    };
                    parsed.size = fields.take("size", size).flatten();
                }
                "top" => {
                    let top = match value.parse() {
                        Ok(top @ 1..=Self::TOP_MAX) => Ok(top),
                        _ => Err(FieldError::NotAnOption),
                    };
                    parsed.top = fields.take("top", top).unwrap_or(parsed.top);
                }
                "skiptoken" => {
                    parsed.skip =
                        fields.take("skiptoken", short(&value, Self::SKIP_MAX)).unwrap_or_default();
                }
                _ => {
                    fields.take::<()>("query", Err(FieldError::NotAnOption));
                }
            }
        }
        fields.finish(Some(parsed))
    }
}

impl std::fmt::Display for PartnerQuery {
    /// Writes the query string that [`PartnerQuery::parse`] reads. Default values are left
    /// out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let top =
            if self.top == Self::default().top { String::new() } else { self.top.to_string() };
        write_options(
            formatter,
            &[
                ("$search", self.search.clone()),
                ("country", self.country.clone().map(String::from).unwrap_or_default()),
                ("city", self.city.clone()),
                ("size", self.size.map(String::from).unwrap_or_default()),
                ("$top", top),
                ("$skiptoken", self.skip.clone()),
            ],
        )
    }
}
