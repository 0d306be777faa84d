//! Organizations.

use std::sync::Arc;

use rules::search::sort_key;
use rules::{
    Cloud, CountryCode, DisplayName, DomainName, EmailAddress, Note, OrganizationId,
    OrganizationKind, PartnerId, PhoneNumber, Timestamp,
};
use serde::{Deserialize, Serialize};
use service::model::{Organization, PartnerClouds, PartnerFacts};
use service::{StoreError, stored};

use crate::sql::json::json_columns;
use crate::sql::row::{FromRow, RowReader};
use crate::sql::table::{TableRow, table};
use crate::{duplicates, listed};

/// Row of an organization.
pub(crate) struct StoredOrganization {
    id: OrganizationId,
    kind: OrganizationKind,
    name: DisplayName,
    domain: DomainName,
    country: CountryCode,
    /// One of a customer, at least one of a partner.
    clouds: Vec<Cloud>,
    created: Timestamp,
    /// Only of a partner.
    partner: Option<PartnerFacts>,
}

impl From<&Organization> for StoredOrganization {
    fn from(organization: &Organization) -> Self {
        Self {
            id: organization.id(),
            kind: organization.kind(),
            name: organization.name().clone(),
            domain: organization.domain().clone(),
            country: organization.country().clone(),
            clouds: organization.clouds().to_vec(),
            created: organization.created(),
            partner: organization.partner().cloned(),
        }
    }
}

impl FromRow for Organization {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, StoreError> {
        let StoredOrganization { id, kind, name, domain, country, clouds, created, partner } =
            StoredOrganization::from_row(row)?;
        match (kind, clouds.as_slice(), partner) {
            (OrganizationKind::Customer, [cloud], None) => {
                Ok(Self::Customer { id, name, domain, country, created, cloud: *cloud })
            }
            (OrganizationKind::Partner, [first, more @ ..], Some(facts)) => {
                let clouds = PartnerClouds::new(*first, more.iter().copied());
                Ok(Self::Partner { id, name, domain, country, created, clouds, facts })
            }
            _ => Err(StoreError::Engine(format!(
                "the row of the organization {id} does not fit its kind"
            ))),
        }
    }
}

impl FromRow for Arc<Organization> {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, StoreError> {
        let columns = StoredOrganization::COLUMNS.iter().map(|columns| columns.len()).sum();
        row.read_organization(columns, ID_PLACE)
    }
}

/// Place of the id among the columns: after the version of the format.
const ID_PLACE: usize = 1;

table! {
    row: StoredOrganization,
    table: "organization",
    key: ["id"],
    versioned: false,
    duplicate: duplicates::ORGANIZATION,
    columns: {
        id,
        kind,
        name,
        domain,
        country,
        clouds,
        created,
        partner: "partner_facts",
    },
    format: "format" = 1,
    derived: { "name_key": name_key, "search_words": search_words },
}

json_columns!(PartnerFacts: "StoredPartnerFacts");

/// Format of `partner_facts`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "PartnerFacts")]
struct StoredPartnerFacts {
    #[serde(rename = "partnerId", with = "stored::text")]
    partner_id: PartnerId,
    #[serde(with = "stored::text")]
    email: EmailAddress,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    phone: Option<PhoneNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    address: Option<Note>,
}

fn name_key(organization: &StoredOrganization) -> String {
    sort_key(organization.name.as_str())
}

fn search_words(organization: &StoredOrganization) -> String {
    let StoredOrganization { name, domain, partner, .. } = organization;
    listed::organization_words(name, domain, partner.as_ref())
}
