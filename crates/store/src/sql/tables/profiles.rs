//! Profiles of partners.

use rules::Profile;

use crate::duplicates;
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
    other: ["place"],
}
