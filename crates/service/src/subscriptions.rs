//! Subscriptions: listing and managing them. See [`crate::partner_of_record`] for their partner
//! of record.

use std::collections::BTreeMap;

use api::{
    ActivityTarget, AuditAction, Page, PartnerPeriod, SubscriptionQuery, TargetKind, routes,
};
use rules::{
    OrganizationAction, OrganizationId, Relationship, Subscription, SubscriptionAction,
    SubscriptionChange, SubscriptionFacts, SubscriptionId, Timestamp, check,
};

use crate::audit::{self, AuditEvent};
use crate::lists::{ListOwner, PageRequest, SubscriptionRow};
use crate::organizations::facts;
use crate::view::{self, NameCache};
use crate::{Caller, Context, Error, Read, Result, Write, lists, pending_changes};

/// Returns the subscriptions of the caller's organization that match the query. For a partner,
/// these are the ones that it sells or is the partner of record of. The search covers only
/// what the caller can see.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &SubscriptionQuery,
    now: Timestamp,
) -> Result<Page<api::SubscriptionResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewSubscriptions, now)?;
    let owner = ListOwner::of(caller);
    let load = |page: &PageRequest<'_, _>| store.subscription_page(owner, page);
    let convert = |row| Ok(view::subscription(row, caller.organization.id(), now));
    lists::load_page(query, routes::SUBSCRIPTIONS, now, load, convert)
}

/// Returns a subscription.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<api::SubscriptionResource> {
    let row = load_row(store, caller, id, now)?;
    Ok(view::subscription(row, caller.organization.id(), now))
}

/// Returns the current and former partners of record of a subscription, latest first. A
/// partner sees only its own entries, because the others concern only the customer.
pub fn history(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<Page<PartnerPeriod>> {
    let row = load_row(store, caller, id, now)?;
    let customer = row.facts.record.customer;
    let mut names = NameCache::default();
    let mut value: Vec<_> = view::current_period(row).into_iter().collect();
    for tenure in store.tenures(customer, id)? {
        value.push(view::former_period(store, &mut names, &tenure)?);
    }
    let own = caller.organization.id();
    value.retain(|period| own == customer || own == period.partner);
    Ok(Page { value, next_link: None, count: None })
}

/// Loads the facts about a subscription that the caller may see.
pub(crate) fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<SubscriptionFacts> {
    Ok(load_row(store, caller, id, now)?.facts)
}

/// Loads the facts about a subscription that is to be changed. A change of its partner of
/// record that is still to be made comes first.
pub(crate) fn load_for_change(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
) -> Result<SubscriptionFacts> {
    if let Some(subscription) = store.subscription(caller.organization.id(), id)? {
        pending_changes::make_one(store, context, &subscription)?;
    }
    load(store, caller, id, context.now)
}

fn load_row(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<SubscriptionRow> {
    let row = store.subscription_row(caller.organization.id(), id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &row.facts, SubscriptionAction::View, now)?;
    Ok(row)
}

/// Cache of the facts about sellers, by customer and seller.
pub(crate) type SellerCache = BTreeMap<(OrganizationId, OrganizationId), SellerFacts>;

/// Facts about the seller of a subscription.
pub(crate) struct SellerFacts {
    sells: bool,
    agreement_accepted: bool,
}

/// Loads the facts about a subscription for [`rules::check`].
pub(crate) fn load_facts(
    store: &mut dyn Read,
    sellers: &mut SellerCache,
    record: Subscription,
) -> Result<SubscriptionFacts> {
    let Some(partner) = record.seller else {
        return Ok(SubscriptionFacts { record, seller_sells: false, agreement_accepted: false });
    };
    let customer = record.customer;
    let seller = view::load_once(sellers, (customer, partner), || {
        let relationships = store.relationships_between(customer, partner)?;
        Ok(SellerFacts {
            sells: relationships.iter().any(Relationship::sells),
            agreement_accepted: store.latest_acceptance(customer)?.is_some(),
        })
    })?;
    let SellerFacts { sells, agreement_accepted } = *seller;
    Ok(SubscriptionFacts { record, seller_sells: sells, agreement_accepted })
}

/// Changes the number of licenses. Does nothing if that is the current number.
pub fn change_quantity(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    quantity: u32,
) -> Result<api::SubscriptionResource> {
    let change = SubscriptionChange::Quantity(quantity);
    manage(store, context, caller, id, version, change, AuditAction::QuantityChanged)
}

/// Suspends a subscription, which can't be used until it is reactivated.
pub fn suspend(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::SubscriptionResource> {
    let action = AuditAction::SubscriptionSuspended;
    manage(store, context, caller, id, version, SubscriptionChange::Suspend, action)
}

/// Reactivates a suspended subscription.
pub fn reactivate(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::SubscriptionResource> {
    let action = AuditAction::SubscriptionReactivated;
    manage(store, context, caller, id, version, SubscriptionChange::Reactivate, action)
}

/// Cancels a subscription permanently.
pub fn cancel(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::SubscriptionResource> {
    let action = AuditAction::SubscriptionCanceled;
    manage(store, context, caller, id, version, SubscriptionChange::Cancel, action)
}

fn manage(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    change: SubscriptionChange<'_>,
    action: AuditAction,
) -> Result<api::SubscriptionResource> {
    let before = load_for_change(store, context, caller, id)?;
    let former = before.record.quantity;
    let (after, _) = before.clone().apply(&caller.actor(), change, version, context.now)?;
    if change == SubscriptionChange::Quantity(former) {
        // Saving would give the subscription a new version for nothing.
        return get(store, caller, id, context.now);
    }
    let subscription = &after.record;
    store.update_subscription(subscription)?;
    let mut details = audit::details([("quantity", subscription.quantity.to_string())]);
    if subscription.quantity != former {
        details.extend(audit::details([("formerQuantity", former.to_string())]));
    }
    let seller = after.current_seller();
    write_audit_entries(store, context, caller, subscription, action, seller, details)?;
    get(store, caller, id, context.now)
}

/// Appends a new subscription to the logs.
pub(crate) fn audit_new_subscription(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    subscription: &Subscription,
    action: AuditAction,
    partner: Option<OrganizationId>,
) -> Result<()> {
    let details = audit::details([
        ("quantity", subscription.quantity.to_string()),
        ("term", subscription.term.to_string()),
    ]);
    write_audit_entries(store, context, caller, subscription, action, partner, details)
}

/// Appends to the logs of the customer and, if there is one, of the partner that sells the
/// subscription.
fn write_audit_entries(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    subscription: &Subscription,
    action: AuditAction,
    partner: Option<OrganizationId>,
    details: BTreeMap<String, String>,
) -> Result<()> {
    let event = |details| AuditEvent {
        actor: audit::actor(&caller.user, &caller.organization),
        action,
        target: ActivityTarget {
            kind: TargetKind::Subscription,
            id: subscription.id.to_string(),
            name: subscription.product_name.to_string(),
        },
        details,
    };
    audit::append(store, context, subscription.customer, event(details.clone()))?;
    if let Some(partner) = partner {
        let customer = view::existing_organization(store, subscription.customer)?;
        let mut details = details;
        details.extend(audit::details([("customer", customer.name().to_string())]));
        audit::append(store, context, partner, event(details))?;
    }
    Ok(())
}
