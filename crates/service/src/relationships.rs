//! Relationships: listing them, taking roles away, deleting them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use api::{
    ActivityEntry, ActivityTarget, AuditAction, ErrorCode, Page, RelationshipField,
    RelationshipQuery, SkipToken, TargetKind, routes,
};
use rules::{
    OrganisationAction, OrganisationId, Relationship, RelationshipAction, RelationshipId,
    Timestamp, check,
};

use crate::agreements::facts;
use crate::audit::{self, Event};
use crate::invitations::role_names;
use crate::model::Organisation;
use crate::{Caller, Context, Error, Read, Result, Write, activity, view};

/// How many entries of a relationship's history are shown.
const HISTORY: u32 = 200;

/// The relationships of the caller's organisation that the query asks for.
///
/// An organisation has at the most some hundreds of partners, so filtering and
/// sorting happen here, the same for every engine.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &RelationshipQuery,
    now: Timestamp,
) -> Result<Page<api::Relationship>> {
    let organisation = facts(store, &caller.organisation)?;
    check(&caller.actor(), &organisation, OrganisationAction::ViewRelationships, now)?;
    let mut found = Vec::new();
    // A customer's whole list has one customer: what is said of it is loaded once.
    let mut customers = BTreeMap::new();
    for relationship in store.relationships(caller.organisation.id)? {
        let wanted = (query.types.is_empty() || query.types.contains(&relationship.partner_type))
            && (query.statuses.is_empty() || query.statuses.contains(&relationship.status()));
        if wanted {
            let customer = match customers.entry(relationship.customer) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(customer(store, relationship.customer)?),
            };
            let shown = shown(store, &relationship, customer, now)?;
            if matches(&shown, &query.search) {
                found.push(shown);
            }
        }
    }
    sort(&mut found, query);
    let count = found.len() as u64;
    let skipped = usize::try_from(query.skip.0).unwrap_or(usize::MAX);
    let value: Vec<_> = found.into_iter().skip(skipped).take(query.top as usize).collect();
    let next = query.skip.0.saturating_add(value.len() as u64);
    let next_link = (!value.is_empty() && next < count).then(|| {
        let rest = RelationshipQuery { skip: SkipToken(next), ..query.clone() };
        format!("{}?{rest}", routes::RELATIONSHIPS)
    });
    Ok(Page { value, next_link, count: Some(count) })
}

/// Whether every word that is searched for stands in the name, the domain or the Partner ID.
fn matches(relationship: &api::Relationship, search: &str) -> bool {
    let partner = &relationship.partner;
    let text = format!("{} {} {}", partner.name, partner.domain, partner.partner_id).to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn sort(relationships: &mut [api::Relationship], query: &RelationshipQuery) {
    let name = |relationship: &api::Relationship| relationship.partner.name.as_str().to_lowercase();
    // Equal ones stand by name and id, in either direction, so that pages don't overlap.
    relationships.sort_by_cached_key(|relationship| (name(relationship), relationship.id));
    match query.order.field {
        RelationshipField::Partner => relationships.sort_by_cached_key(&name),
        RelationshipField::RelationshipType => {
            relationships.sort_by_key(|one| one.relationship_type);
        }
        RelationshipField::AdminRoles => {
            relationships.sort_by_key(|one| std::cmp::Reverse(one.admin_roles.len()));
        }
        RelationshipField::Agreement => relationships.sort_by_key(|one| one.agreement),
        RelationshipField::Since => relationships.sort_by_key(|one| one.since),
        RelationshipField::Ends => {
            relationships.sort_by_key(|one| (one.ends.is_none(), one.ends));
        }
        RelationshipField::Status => relationships.sort_by_key(|one| one.status),
    }
    if query.order.descending {
        relationships.reverse();
    }
}

/// What is said of the customer of a relationship.
struct Customer {
    organisation: Organisation,
    accepted_agreement: bool,
}

fn customer(store: &mut dyn Read, id: OrganisationId) -> Result<Customer> {
    Ok(Customer {
        organisation: view::named_organisation(store, id)?,
        accepted_agreement: store.latest_acceptance(id)?.is_some(),
    })
}

/// A relationship as the API says it.
fn shown(
    store: &mut dyn Read,
    relationship: &Relationship,
    customer: &Customer,
    now: Timestamp,
) -> Result<api::Relationship> {
    let partner = view::named_organisation(store, relationship.partner)?;
    let accepted = customer.accepted_agreement;
    view::relationship(relationship, &customer.organisation, &partner, accepted, now)
}

/// The relationship of this id.
///
/// # Errors
/// Not found, or the store's.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<api::Relationship> {
    let relationship = load(store, caller, id, now)?;
    let customer = customer(store, relationship.customer)?;
    shown(store, &relationship, &customer, now)
}

/// What was done with a relationship, the newest first.
///
/// # Errors
/// Not found, or the store's.
pub fn history(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<Page<ActivityEntry>> {
    load(store, caller, id, now)?;
    let records = store.audit(caller.organisation.id, Some(&id.to_string()), None, HISTORY)?;
    Ok(Page { value: activity::entries(&records), next_link: None, count: None })
}

fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<Relationship> {
    let relationship = store.relationship(caller.organisation.id, id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &relationship, RelationshipAction::View, now)?;
    Ok(relationship)
}

/// Takes away the partner's admin roles. The relationship stays.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn remove_admin_roles(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Relationship> {
    let action = RelationshipAction::RemoveAdminRoles;
    change(store, context, caller, id, version, action, AuditAction::AdminRolesRemoved)
}

/// Ends the relationship, and with it the roles.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn delete(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Relationship> {
    let action = RelationshipAction::Delete;
    change(store, context, caller, id, version, action, AuditAction::RelationshipDeleted)
}

fn change(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
    action: RelationshipAction,
    noted: AuditAction,
) -> Result<api::Relationship> {
    let before = load(store, caller, id, context.now)?;
    let changed = before.clone().apply(&caller.actor(), action, context.now)?;
    if before.version != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    store.update_relationship(&changed)?;
    // The log says which type and roles there were, since that is what was taken away.
    note(store, context, caller, &before, noted)?;
    let customer = customer(store, changed.customer)?;
    shown(store, &changed, &customer, context.now)
}

/// Writes to the logs of both sides; each sees the other side's name.
pub(crate) fn note(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    relationship: &Relationship,
    action: AuditAction,
) -> Result<()> {
    let sides = [
        (relationship.customer, relationship.partner),
        (relationship.partner, relationship.customer),
    ];
    for (organisation, other) in sides {
        let target = ActivityTarget {
            kind: TargetKind::Relationship,
            id: relationship.id.to_string(),
            name: view::named_organisation(store, other)?.name.to_string(),
        };
        audit::append(
            store,
            context,
            organisation,
            Event {
                actor: audit::actor(&caller.user, &caller.organisation),
                action,
                target,
                details: audit::details([
                    ("relationshipType", relationship.partner_type.to_string()),
                    ("adminRoles", role_names(&relationship.roles(context.now))),
                ]),
            },
        )?;
    }
    Ok(())
}
