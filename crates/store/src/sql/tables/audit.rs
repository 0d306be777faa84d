//! The audit log.

use service::model::AuditRecord;

use crate::duplicates;
use crate::sql::table::table;

table! {
    row: AuditRecord,
    table: "audit",
    key: ["organization", "sequence"],
    versioned: false,
    duplicate: duplicates::AUDIT,
    columns: {
        organization,
        sequence,
        target,
        content,
        hash,
    },
}
