//! Relationships.

use rules::Relationship;

use crate::duplicates;
use crate::sql::table::table;

table! {
    row: Relationship,
    table: "relationship",
    key: ["customer", "id"],
    versioned: true,
    duplicate: duplicates::RELATIONSHIP,
    columns: {
        customer,
        id,
        cloud,
        partner,
        partner_type,
        grants,
        since,
        invitation,
        state,
        version,
    },
}
