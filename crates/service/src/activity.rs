//! Reading the audit log.

use api::{
    ActivityEntry, ActivityFilter, ActivityQuery, Page, SkipToken, SortKey, TargetKind, routes,
};
use rules::{OrganizationAction, Timestamp, check};

use crate::model::AuditRecord;
use crate::organizations::facts;
use crate::{Caller, Read, Result, paging};

/// Number of records that are read at once.
const BATCH: u32 = 300;

/// Returns the log entries of the caller's organization that match the query, newest first.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &ActivityQuery,
    now: Timestamp,
) -> Result<Page<ActivityEntry>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewActivity, now)?;
    // The log entries of enquiries quote what customers wrote, so the same permission
    // applies to them.
    let sees_enquiries =
        check(&caller.actor(), &organization, OrganizationAction::ViewEnquiries, now).is_ok();
    let after = match &query.skip {
        None => None,
        Some(token) => {
            let [sequence] = paging::integer_keys(token)?;
            Some(sequence)
        }
    };
    let kinds = VisibleKinds { enquiries: sees_enquiries };
    // One more entry than requested shows whether there is a next page.
    let limit = query.top as usize;
    let mut value = matching(store, caller, &query.filter, kinds, after, limit + 1)?;
    let more = value.len() > limit;
    value.truncate(limit);
    let next_link = value.last().filter(|_| more).map(|last| {
        let as_of = query.skip.as_ref().map_or(now, |token| token.as_of);
        let keys = vec![SortKey::Integer(last.sequence)];
        query.next_link(routes::ACTIVITY, SkipToken { as_of, keys })
    });
    let max = ActivityQuery::COUNT_MAX as usize;
    let count = if query.count {
        let counted = matching(store, caller, &query.filter, kinds, None, max + 1)?.len();
        (counted <= max).then_some(counted as u64)
    } else {
        None
    };
    Ok(Page { value, next_link, count })
}

/// What the caller may see of the log.
#[derive(Clone, Copy)]
struct VisibleKinds {
    /// True if entries about enquiries are shown.
    enquiries: bool,
}

/// Returns the newest entries that match the filter, at most `limit`; with `before`, only those
/// with a lower sequence number.
fn matching(
    store: &mut dyn Read,
    caller: &Caller,
    filter: &ActivityFilter,
    kinds: VisibleKinds,
    mut before: Option<i64>,
    limit: usize,
) -> Result<Vec<ActivityEntry>> {
    let target = filter.target.as_ref().map(api::FilterText::as_str);
    let mut found = Vec::new();
    while found.len() < limit {
        let records = store.audit(caller.organization.id, target, before, BATCH)?;
        let Some(last) = records.last() else { break };
        before = Some(last.sequence);
        found.extend(entries(&records)?.into_iter().filter(|entry| {
            (kinds.enquiries || entry.target.kind != TargetKind::Enquiry)
                && matches_filter(entry, filter)
        }));
    }
    found.truncate(limit);
    Ok(found)
}

/// Returns whether an entry passes the filter, but for the target's identifier.
fn matches_filter(entry: &ActivityEntry, filter: &ActivityFilter) -> bool {
    (filter.action.is_empty() || filter.action.contains(&entry.action))
        && (filter.target_kind.is_empty() || filter.target_kind.contains(&entry.target.kind))
        && filter.user.is_none_or(|user| entry.actor.user == Some(user))
}

/// Converts records to entries of the API.
pub(crate) fn entries(records: &[AuditRecord]) -> Result<Vec<ActivityEntry>> {
    let entries: std::result::Result<_, _> = records.iter().map(AuditRecord::entry).collect();
    Ok(entries?)
}
