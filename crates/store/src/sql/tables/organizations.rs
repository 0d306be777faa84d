//! Organizations.

use rules::search::sort_key;
use rules::{DisplayName, EmailAddress, Note, PartnerId};
use serde::{Deserialize, Serialize};
use service::model::{Organization, PartnerFacts};
use service::stored;

use crate::sql::json::json_columns;
use crate::sql::table::table;
use crate::{duplicates, listed};

table! {
    row: Organization,
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
    derived: { "name_key": name_key, "search_words": listed::organization_words },
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
    phone: Option<DisplayName>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    address: Option<Note>,
}

fn name_key(organization: &Organization) -> String {
    sort_key(organization.name.as_str())
}
