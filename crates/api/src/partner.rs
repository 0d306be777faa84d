//! Partners, as customers see them, and the query that finds them.

use rules::{
    Cloud, CountryCode, Description, DisplayName, DomainName, EmailAddress, FieldError, Industry,
    Location, Note, OrganizationId, OrganizationSize, PartnerId, Service, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;
use crate::json::from_json;
use crate::list::{self, read_options, search, short, write_options};

/// A partner's verified facts and its contact information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// Its organization (tenant) ID.
    pub id: OrganizationId,
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

/// A partner that a search found, with what it says about itself (`GET /api/partners`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerProfile {
    /// Its verified facts and its contact information.
    pub partner: Partner,
    /// The clouds that it works in.
    pub clouds: Vec<Cloud>,
    /// What it does, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Where it has people.
    pub locations: Vec<Location>,
    /// What it offers.
    pub services: Vec<Service>,
    /// The industries that it knows.
    pub industries: Vec<Industry>,
    /// The sizes of organization that it works for; none stands for all.
    pub sizes: Vec<OrganizationSize>,
}

from_json!(PartnerProfile { partner, clouds, description, locations, services, industries, sizes });

/// What the search for partners is asked for: `$search`, `country`, `city`, `size`, `$top`
/// and `$skiptoken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerQuery {
    /// The words that are searched for; empty for all partners.
    pub search: String,
    /// The country that is served; the organization's own where none is named.
    pub country: Option<CountryCode>,
    /// The city, as free text; empty for everywhere.
    pub city: String,
    /// The size of the organization; `None` for all.
    pub size: Option<OrganizationSize>,
    /// How many at the most, 1 to [`PartnerQuery::TOP_MAX`].
    pub top: u32,
    /// Where to go on: what an answer said, opaque to clients. Empty for the first page.
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
    /// The most partners on a page.
    pub const TOP_MAX: u32 = 50;
    /// The most characters that are searched for, and of a city.
    pub const SEARCH_MAX: usize = list::SEARCH_MAX;
    /// The most characters of a skip token.
    pub const SKIP_MAX: usize = 500;

    /// Reads a query string. What this list doesn't know is an error, so that nobody
    /// takes an ignored filter for an applied one.
    ///
    /// # Errors
    /// Every option that is wrong, by its name without the `$`.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let mut parsed = Self::default();
        for option in read_options(query) {
            let Some((name, value)) = option else {
                fields.take::<()>("query", Err(FieldError::NotAnOption));
                continue;
            };
            match name.trim_start_matches('$') {
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
    /// The query string that [`PartnerQuery::parse`] reads; what is as usual is left out.
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
