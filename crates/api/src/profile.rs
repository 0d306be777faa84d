//! Profiles of partners in the directory.

use rules::{
    CountryCode, Description, DisplayName, FieldError, Industry, Location, OrganizationId,
    OrganizationSize, Service,
};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::invitation::some;
use crate::{ETag, FieldProblem};

/// Profile of the caller's organization (`GET /api/profile`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProfileResource {
    /// Version. 0 if the profile was never saved.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// True if customers can find the profile.
    pub listed: bool,
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
    /// Countries that the partner serves.
    pub countries: Vec<CountryCode>,
}

/// Request to change the profile (`PUT /api/profile`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProfileRequest {
    /// True to let customers find the profile.
    pub listed: bool,
    /// Description. Optional.
    pub description: String,
    /// Places where the partner has people, at most 20.
    pub locations: Vec<LocationRequest>,
    /// Services that the partner offers ([`Service`]).
    pub services: Vec<String>,
    /// Industries that the partner knows ([`Industry`]).
    pub industries: Vec<String>,
    /// Sizes of organizations that the partner works for ([`OrganizationSize`]). Empty means
    /// all sizes.
    pub sizes: Vec<String>,
    /// Countries that the partner serves, at most 60. A listed profile needs at least one.
    pub countries: Vec<String>,
}

/// Place where the partner has people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LocationRequest {
    /// Country or region.
    pub country: String,
    /// City. Optional.
    pub city: String,
}

/// A parsed [`ProfileRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// True to let customers find the profile.
    pub listed: bool,
    /// Description.
    pub description: Option<Description>,
    /// Places where the partner has people.
    pub locations: Vec<Location>,
    /// Services that the partner offers.
    pub services: Vec<Service>,
    /// Industries that the partner knows.
    pub industries: Vec<Industry>,
    /// Sizes of organizations that the partner works for. Empty means all sizes.
    pub sizes: Vec<OrganizationSize>,
    /// Countries that the partner serves.
    pub countries: Vec<CountryCode>,
}

impl ProfileRequest {
    /// Parses the fields. Duplicate values are ignored.
    ///
    /// # Errors
    /// All invalid fields.
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
        // Customers only find partners that serve their country. A listed profile without
        // countries would never be found, and no one would know why.
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
    /// Returns the profile of this partner in this version.
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

/// Parses every value and removes duplicates.
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
