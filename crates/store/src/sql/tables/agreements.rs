//! Agreement documents and their acceptances.

use rules::{AgreementAcceptance, AgreementDocument};

use crate::duplicates;
use crate::sql::table::table;

table! {
    row: AgreementDocument,
    table: "agreement_document",
    key: ["cloud", "version", "language"],
    versioned: false,
    duplicate: duplicates::AGREEMENT_DOCUMENT,
    columns: {
        cloud,
        version,
        language,
        title,
        body,
        hash,
        added,
    },
}

table! {
    row: AgreementAcceptance,
    table: "agreement_acceptance",
    key: ["organization", "id"],
    versioned: false,
    duplicate: duplicates::ACCEPTANCE,
    columns: {
        organization,
        id,
        version,
        language,
        hash,
        at: "accepted_at",
        by: "accepted_by",
        by_name: "accepted_by_name",
        invitation,
    },
}
