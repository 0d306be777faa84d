//! What a partner says about itself, on the wire.

use rules::{
    CountryCode, Description, DisplayName, FieldError, Industry, Location, OrganizationId,
    OrganizationSize, Service,
};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::invitation::some;
use crate::json::from_json;
use crate::{ETag, FieldProblem};

/// What the own partner says about itself (`GET /api/profile`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Its version; 0 of one that was never saved.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// Whether customers find it.
    pub listed: bool,
    /// What the partner does, in its own words.
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
    /// The countries that it serves.
    pub countries: Vec<CountryCode>,
}

from_json!(Profile {
    etag = "@odata.etag",
    listed,
    description,
    locations,
    services,
    industries,
    sizes,
    countries,
});

/// What a partner types about itself (`PUT /api/profile`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProfileRequest {
    /// Whether customers shall find it.
    pub listed: bool,
    /// What the partner does; may be empty.
    pub description: String,
    /// Where it has people; at the most 20.
    pub locations: Vec<LocationRequest>,
    /// What it offers ([`Service`]).
    pub services: Vec<String>,
    /// The industries that it knows ([`Industry`]).
    pub industries: Vec<String>,
    /// The sizes of organization that it works for ([`OrganizationSize`]); none for all.
    pub sizes: Vec<String>,
    /// The countries that it serves; at the most 60, and at least one while it is listed.
    pub countries: Vec<String>,
}

/// A place where a partner has people, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LocationRequest {
    /// The country or region.
    pub country: String,
    /// The city; may be empty.
    pub city: String,
}

/// A profile whose fields can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// Whether customers shall find it.
    pub listed: bool,
    /// What the partner does.
    pub description: Option<Description>,
    /// Where it has people.
    pub locations: Vec<Location>,
    /// What it offers.
    pub services: Vec<Service>,
    /// The industries that it knows.
    pub industries: Vec<Industry>,
    /// The sizes of organization that it works for; none stands for all.
    pub sizes: Vec<OrganizationSize>,
    /// The countries that it serves.
    pub countries: Vec<CountryCode>,
}

impl ProfileRequest {
    /// Parses the fields. What is chosen twice is taken once.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(&self) -> Result<NewProfile, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let description =
            fields.take("description", Description::parse_optional(&self.description));
        let locations = fields.take(
            "locations",
            each(&self.locations, rules::Profile::LOCATIONS_MAX, LocationRequest::parse),
        );
        let services =
            fields.take("services", each(&self.services, Service::ALL.len(), |text| some(text)));
        let industries = fields
            .take("industries", each(&self.industries, Industry::ALL.len(), |text| some(text)));
        let sizes =
            fields.take("sizes", each(&self.sizes, OrganizationSize::ALL.len(), |text| some(text)));
        let countries: Result<Vec<CountryCode>, _> =
            each(&self.countries, rules::Profile::COUNTRIES_MAX, |text| some(text));
        // Customers find those who serve their country, so a listed profile that names
        // none would never be found, and nobody would know why.
        let countries = match countries {
            Ok(none) if none.is_empty() && self.listed => Err(FieldError::Empty),
            parsed => parsed,
        };
        let countries = fields.take("countries", countries);
        let whole = (|| {
            Some(NewProfile {
                listed: self.listed,
                description: description?,
                locations: locations?,
                services: services?,
                industries: industries?,
                sizes: sizes?,
                countries: countries?,
            })
        })();
        fields.finish(whole)
    }
}

impl NewProfile {
    /// The profile of this partner with these words, in this version.
    #[must_use]
    pub fn of(self, partner: OrganizationId, version: i64) -> rules::Profile {
        rules::Profile {
            partner,
            description: self.description,
            locations: self.locations,
            services: self.services,
            industries: self.industries,
            sizes: self.sizes,
            countries: self.countries,
            listed: self.listed,
            version,
        }
    }
}

impl LocationRequest {
    /// Parses the place.
    fn parse(&self) -> Result<Location, FieldError> {
        let country = CountryCode::parse(&self.country)?;
        Ok(Location { country, city: DisplayName::parse_optional(&self.city)? })
    }
}

/// Parses each of a list, and takes what is there twice once.
fn each<S, T: PartialEq>(
    typed: &[S],
    max: usize,
    parse: impl Fn(&S) -> Result<T, FieldError>,
) -> Result<Vec<T>, FieldError> {
    let mut parsed = Vec::new();
    for one in typed {
        let one = parse(one)?;
        if !parsed.contains(&one) {
            if parsed.len() == max {
                return Err(FieldError::TooMany { max });
            }
            parsed.push(one);
        }
    }
    Ok(parsed)
}
