//! Profiles of partners.

use rules::{CountryCode, DisplayName, Location, Profile};
use serde::{Deserialize, Serialize};
use service::stored;

use crate::duplicates;
use crate::sql::json::json_columns;
use crate::sql::table::table;

// SQLite numbers new rows by `place`.
table! {
    row: Profile,
    table: "partner_profile",
    key: ["partner"],
    versioned: true,
    duplicate: duplicates::ORGANIZATION,
    columns: {
        partner,
        description,
        locations,
        services,
        industries,
        sizes,
        countries,
        listed,
        version,
    },
    format: "format" = 1,
    other: ["place"],
}

json_columns!(Location: "StoredLocation");

/// Format of an item of `locations`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Location")]
struct StoredLocation {
    #[serde(with = "stored::text")]
    country: CountryCode,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
    city: Option<DisplayName>,
}
