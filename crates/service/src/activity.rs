//! Reading the audit log.

use api::{ActivityEntry, ActivityQuery, Page, routes};
use rules::{OrganizationAction, Timestamp, check};

use crate::lists::{PageRequest, RestrictedRows};
use crate::model::AuditRecord;
use crate::organizations::facts;
use crate::{Caller, Read, Result, lists};

/// Returns the log entries of the caller's organization that match the query, newest first.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &ActivityQuery,
    now: Timestamp,
) -> Result<Page<ActivityEntry>> {
    let organization = facts(store, &caller.organization)?;
    let actor = caller.actor();
    check(&actor, &organization, OrganizationAction::ViewActivity, now)?;
    // The log entries of enquiries quote what customers wrote, so the same permission
    // applies to them.
    let restricted = match check(&actor, &organization, OrganizationAction::ViewEnquiries, now) {
        Ok(()) => RestrictedRows::Shown,
        Err(_) => RestrictedRows::Hidden,
    };
    let load =
        |page: &PageRequest<'_, _>| store.activity_page(caller.organization.id(), restricted, page);
    let page = lists::load_page(query, routes::ACTIVITY, now, load, Ok)?;
    Ok(Page { value: entries(&page.value)?, next_link: page.next_link, count: page.count })
}

/// Converts records to entries of the API.
pub(crate) fn entries(records: &[AuditRecord]) -> Result<Vec<ActivityEntry>> {
    let entries: std::result::Result<_, _> = records.iter().map(AuditRecord::entry).collect();
    Ok(entries?)
}
