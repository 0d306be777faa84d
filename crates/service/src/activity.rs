//! Reading the audit log.

use api::{ActivityEntry, Page, TargetKind, routes};
use rules::{OrganizationAction, Timestamp, check};

use crate::model::AuditRecord;
use crate::organizations::facts;
use crate::{Caller, Read, Result};

/// Returns the log entries of the caller's organization, newest first. With `before`, only
/// entries with a lower sequence number.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    before: Option<i64>,
    top: u32,
    now: Timestamp,
) -> Result<Page<ActivityEntry>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewActivity, now)?;
    // One more entry than requested shows whether there is a next page.
    let mut records = store.audit(caller.organization.id, None, before, top.saturating_add(1))?;
    let more = records.len() > top as usize;
    records.truncate(top as usize);
    let next_link = records
        .last()
        .filter(|_| more)
        .map(|last| format!("{}?$top={top}&$skiptoken={:x}", routes::ACTIVITY, last.sequence));
    let mut value = entries(&records);
    // The log entries of enquiries quote what customers wrote, so the same permission
    // applies to them.
    if check(&caller.actor(), &organization, OrganizationAction::ViewEnquiries, now).is_err() {
        value.retain(|entry| entry.target.kind != TargetKind::Enquiry);
    }
    Ok(Page { value, next_link, count: None })
}

/// Converts records to entries of the API.
pub(crate) fn entries(records: &[AuditRecord]) -> Vec<ActivityEntry> {
    records.iter().filter_map(AuditRecord::entry).collect()
}
