//! Relationships.

use rules::{AdminRole, EndedBy, Relationship, RelationshipState, RoleGrant, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use service::stored;

use crate::sql::json::json_columns;
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
    format: "format" = 1,
    derived: { "ended_at": ended_at },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "partner_key": "COALESCE((SELECT name_key FROM organization WHERE id = :partner), '')",
        "partner_words": "COALESCE((SELECT search_words FROM organization WHERE id = :partner), '')",
    },
}

json_columns!(RoleGrant: "StoredRoleGrant");

/// Format of an item of `grants`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "RoleGrant")]
struct StoredRoleGrant {
    #[serde(with = "stored::name")]
    role: AdminRole,
    #[serde(with = "stored::milliseconds")]
    since: Timestamp,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "stored::optional_milliseconds"
    )]
    ends: Option<Timestamp>,
}

json_columns!(RelationshipState: "StoredRelationshipState");

/// Format of `state`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "RelationshipState", tag = "status", rename_all = "camelCase")]
enum StoredRelationshipState {
    Active,
    Ended {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::name")]
        by: EndedBy,
        #[serde(with = "stored::text")]
        user: UserId,
    },
}

/// Returns the end of a relationship, or the largest number while it is active.
fn ended_at(relationship: &Relationship) -> i64 {
    listed::ended_at(relationship).map_or(i64::MAX, Timestamp::milliseconds)
}
