//! Organizations.

use rules::search::sort_key;
use service::model::Organization;

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
    derived: { "name_key": name_key, "search_words": listed::organization_words },
}

fn name_key(organization: &Organization) -> String {
    sort_key(organization.name.as_str())
}
