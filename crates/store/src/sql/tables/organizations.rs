//! Organizations.

use service::model::Organization;

use crate::duplicates;
use crate::sql::table::table;

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
}
