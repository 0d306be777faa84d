//! All rows of an organization, read as lists on both sides.

use api::{
    EnquiryQuery, InvitationQuery, List, ListQuery, OutboxQuery, RelationshipQuery,
    SubscriptionQuery,
};
use rules::{Enquiry, Invitation, OrganizationId, Relationship, Subscription, Timestamp};
use service::lists::{ListOwner, ListRows, PageRequest, RestrictedRows};
use service::model::OutboxMail;
use service::{Read, StoreError};

type Result<T> = std::result::Result<T, StoreError>;

/// Returns the request for a whole list.
fn whole<L: List>(query: &ListQuery<L>) -> PageRequest<'_, L> {
    let now = Timestamp::from_milliseconds(i64::MAX);
    PageRequest { query, as_of: now, now, limit: u32::MAX }
}

/// Reads the lists of both sides. A row that is in both is returned once.
fn both_sides<R, T, K: Ord>(
    organization: OrganizationId,
    mut read: impl FnMut(ListOwner) -> Result<ListRows<R>>,
    record: impl Fn(R) -> T,
    id: impl Fn(&T) -> K,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for owner in [ListOwner::Customer(organization), ListOwner::Partner(organization)] {
        found.extend(read(owner)?.rows.into_iter().map(|listed| record(listed.row)));
    }
    found.sort_by_key(&id);
    found.dedup_by_key(|one| id(one));
    Ok(found)
}

/// Returns the relationships of an organization, ordered by id.
pub(crate) fn relationships(
    store: &mut dyn Read,
    organization: OrganizationId,
) -> Result<Vec<Relationship>> {
    let query = RelationshipQuery::default();
    let read = |owner| store.relationship_page(owner, &whole(&query));
    both_sides(organization, read, |row| row.facts.record, |one| one.id)
}

/// Returns the invitations of an organization, newest first (by id). A customer's are those
/// that were sent.
pub(crate) fn invitations(
    store: &mut dyn Read,
    organization: OrganizationId,
) -> Result<Vec<Invitation>> {
    let query = InvitationQuery::default();
    let read = |owner| store.invitation_page(owner, RestrictedRows::Shown, &whole(&query));
    let mut found = both_sides(organization, read, |row| row.facts.record, |one| one.id)?;
    found.reverse();
    Ok(found)
}

/// Returns the enquiries of an organization, newest first (by id).
pub(crate) fn enquiries(
    store: &mut dyn Read,
    organization: OrganizationId,
) -> Result<Vec<Enquiry>> {
    let query = EnquiryQuery::default();
    let read = |owner| store.enquiry_page(owner, &whole(&query));
    let mut found = both_sides(organization, read, |row| row.facts.record, |one| one.id)?;
    found.reverse();
    Ok(found)
}

/// Returns the subscriptions of an organization, newest first (by id). A partner's are those
/// that it sells or is the partner of record of.
pub(crate) fn subscriptions(
    store: &mut dyn Read,
    organization: OrganizationId,
) -> Result<Vec<Subscription>> {
    let query = SubscriptionQuery::default();
    let read = |owner| store.subscription_page(owner, &whole(&query));
    let mut found = both_sides(organization, read, |row| row.facts.record, |one| one.id)?;
    found.reverse();
    Ok(found)
}

/// Returns the newest mails, at most `limit`; with an organization, only those to it.
pub(crate) fn mails(
    store: &mut dyn Read,
    organization: Option<OrganizationId>,
    limit: u32,
) -> Result<Vec<OutboxMail>> {
    let query = OutboxQuery::default();
    let page = PageRequest { limit, ..whole(&query) };
    let found = store.outbox_page(organization, &page)?.rows;
    Ok(found.into_iter().map(|listed| listed.row).collect())
}
