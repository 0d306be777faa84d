//! Profiles of partners in the directory.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{CountryCode, Description, DisplayName, OrganizationId, string_enum};

/// Number of people in an organization, in the ranges of the lead schema of Microsoft's
/// directory of providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OrganizationSize {
    /// 1 to 9 people.
    #[strum(serialize = "1to9")]
    From1To9,
    /// 10 to 50 people.
    #[strum(serialize = "10to50")]
    From10To50,
    /// 51 to 250 people.
    #[strum(serialize = "51to250")]
    From51To250,
    /// 251 to 1,000 people.
    #[strum(serialize = "251to1000")]
    From251To1000,
    /// 1,001 to 5,000 people.
    #[strum(serialize = "1001to5000")]
    From1001To5000,
    /// 5,001 to 10,000 people.
    #[strum(serialize = "5001to10000")]
    From5001To10000,
    /// 10,001 to 20,000 people.
    #[strum(serialize = "10001to20000")]
    From10001To20000,
    /// More than 20,000 people.
    MoreThan20000,
}

string_enum!(OrganizationSize);

/// Kind of work that a partner offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum Service {
    /// Consulting and professional services.
    Consulting,
    /// Custom solutions by an independent software vendor.
    CustomSolution,
    /// Deployment or migration.
    DeploymentOrMigration,
    /// Hardware.
    Hardware,
    /// Integration.
    Integration,
    /// Services for the intellectual property of an independent software vendor.
    IpServices,
    /// Learning and certification.
    LearningAndCertification,
    /// Licensing.
    Licensing,
    /// Managed services.
    ManagedServices,
    /// Project services.
    ProjectServices,
}

string_enum!(Service);

/// Industry that a partner knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum Industry {
    /// Agriculture, forestry and fishing.
    AgricultureForestryAndFishing,
    /// Communications and media.
    CommunicationsAndMedia,
    /// Education.
    Education,
    /// Financial services.
    FinancialServices,
    /// Government.
    Government,
    /// Healthcare.
    Healthcare,
    /// Hospitality.
    Hospitality,
    /// Manufacturing.
    Manufacturing,
    /// Power and utilities.
    PowerAndUtilities,
    /// Public safety and national security.
    PublicSafetyAndNationalSecurity,
    /// Retail and consumer goods.
    RetailAndConsumerGoods,
    /// Services.
    Services,
    /// Travel and transportation.
    TravelAndTransportation,
    /// Wholesale and distribution.
    WholesaleAndDistribution,
}

string_enum!(Industry);

/// Place where a partner has people.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Country or region.
    pub country: CountryCode,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
}

/// Profile of a partner in the directory. Customers find a listed profile if the partner
/// serves their cloud and their country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Partner that the profile is about.
    pub partner: OrganizationId,
    /// Description, in the partner's words.
    pub description: Option<Description>,
    /// Places where the partner has people, at most [`Profile::LOCATIONS_MAX`].
    pub locations: Vec<Location>,
    /// Services that the partner offers.
    pub services: Vec<Service>,
    /// Industries that the partner knows.
    pub industries: Vec<Industry>,
    /// Sizes of organizations that the partner works for. Empty means all sizes.
    pub sizes: Vec<OrganizationSize>,
    /// Countries that the partner serves, at most [`Profile::COUNTRIES_MAX`].
    pub countries: Vec<CountryCode>,
    /// True if customers can find the profile.
    pub listed: bool,
    /// Number of changes, for `If-Match`. 0 if the profile was never saved.
    pub version: i64,
}

impl Profile {
    /// Maximum number of locations.
    pub const LOCATIONS_MAX: usize = 20;
    /// Maximum number of countries.
    pub const COUNTRIES_MAX: usize = 60;

    /// Returns the profile of a partner that has not saved one. Customers don't find it.
    #[must_use]
    pub const fn empty(partner: OrganizationId) -> Self {
        Self {
            partner,
            description: None,
            locations: Vec::new(),
            services: Vec::new(),
            industries: Vec::new(),
            sizes: Vec::new(),
            countries: Vec::new(),
            listed: false,
            version: 0,
        }
    }
}
