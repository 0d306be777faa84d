//! Relationships.

use rules::{Relationship, Timestamp};

use crate::sql::table::table;
use crate::{duplicates, listed};

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
    derived: { "ended_at": ended_at },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "partner_key": "COALESCE((SELECT name_key FROM organization WHERE id = :partner), '')",
        "partner_words": "COALESCE((SELECT search_words FROM organization WHERE id = :partner), '')",
    },
}

/// Returns the end of a relationship, or the largest number while it is active.
fn ended_at(relationship: &Relationship) -> i64 {
    listed::ended_at(relationship).map_or(i64::MAX, Timestamp::milliseconds)
}
