//! What a partner says about itself, so that customers find it.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{CountryCode, Description, DisplayName, OrganizationId, string_enum};

/// The number of people in an organization, in the steps of the lead schema that
/// Microsoft's directory of providers feeds (domain section 6).
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

/// A kind of work that a partner offers (domain section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum Service {
    /// Consulting and professional services.
    Consulting,
    /// Solutions made to measure, by an independent software vendor.
    CustomSolution,
    /// Deployment or migration.
    DeploymentOrMigration,
    /// Hardware.
    Hardware,
    /// Integration.
    Integration,
    /// Services around the intellectual property of an independent software vendor.
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

/// An industry that a partner knows (domain section 6).
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

/// A place where a partner has people.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The country or region.
    pub country: CountryCode,
    /// The city, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
}

/// What a partner says about itself. Customers find it while it is listed, if the
/// partner serves their cloud and their country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The partner that it is about.
    pub partner: OrganizationId,
    /// What the partner does, in its own words.
    pub description: Option<Description>,
    /// Where it has people; at the most [`Profile::LOCATIONS_MAX`].
    pub locations: Vec<Location>,
    /// What it offers.
    pub services: Vec<Service>,
    /// The industries that it knows.
    pub industries: Vec<Industry>,
    /// The sizes of organization that it works for; none stands for all.
    pub sizes: Vec<OrganizationSize>,
    /// The countries that it serves; at the most [`Profile::COUNTRIES_MAX`].
    pub countries: Vec<CountryCode>,
    /// Whether customers find it.
    pub listed: bool,
    /// Counts the changes, for `If-Match`; 0 of one that was never saved.
    pub version: i64,
}

impl Profile {
    /// The most places that a profile names.
    pub const LOCATIONS_MAX: usize = 20;
    /// The most countries that a profile names.
    pub const COUNTRIES_MAX: usize = 60;

    /// The profile of a partner that has said nothing about itself yet: nobody finds it.
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
