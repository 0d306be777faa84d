//! The audit log.

use service::model::AuditRecord;

use crate::duplicates;
use crate::listed::AuditColumns;
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
    derived: { "target_kind" & "action" & "account" & "words": columns },
}

/// Returns the kind of the target, the action, who did it, and the words of both names.
fn columns(record: &AuditRecord) -> (&'static str, &'static str, Option<String>, String) {
    let AuditColumns { target_kind, action, account, words } = AuditColumns::of(record);
    (target_kind, action, account, words)
}
