//! Accounts of partners by their Partner ID, and look-ups of Partner IDs.

use rules::{OrganizationId, PartnerAccount, PartnerId, Timestamp};

use crate::duplicates;
use crate::sql::table::table;

table! {
    row: PartnerAccount,
    table: "partner_account",
    key: ["partner_id"],
    versioned: false,
    duplicate: duplicates::PARTNER_ACCOUNT,
    columns: {
        partner_id,
        partner,
        kind,
        name,
        country,
        city,
    },
    // Those of the partner, which the statements read too.
    unstored: { clouds: Vec::new() },
}

/// A Partner ID that an organization has looked up.
pub(in crate::sql) struct LookUpRow {
    pub(in crate::sql) organization: OrganizationId,
    pub(in crate::sql) partner_id: PartnerId,
    pub(in crate::sql) looked_up: Timestamp,
}

table! {
    row: LookUpRow,
    table: "partner_look_up",
    key: ["organization", "partner_id"],
    versioned: false,
    duplicate: duplicates::PARTNER_ACCOUNT,
    columns: {
        organization,
        partner_id,
        looked_up,
    },
}
