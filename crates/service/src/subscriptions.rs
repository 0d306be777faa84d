//! Subscriptions: listing and managing them. See [`crate::partner_of_record`] for their partner
//! of record.

use std::collections::BTreeMap;

use api::{
    ActivityTarget, AuditAction, Page, PartnerIdFilter, PartnerPeriod, SubscriptionField,
    SubscriptionFilter, SubscriptionQuery, TargetKind, routes,
};
use rules::{
    OrganizationAction, OrganizationId, OrganizationKind, Subscription, SubscriptionAction,
    SubscriptionChange, SubscriptionFacts, SubscriptionId, Timestamp, check,
};

use crate::audit::{self, AuditEvent};
use crate::organizations::facts;
use crate::view::{self, NameCache};
use crate::{Caller, Context, Error, Read, Result, Write, paging};

/// Returns the subscriptions of the caller's organization that match the query. For a partner,
/// these are the ones that it sells or is the partner of record of. The search covers only
/// what the caller can see.
///
/// An organization has at most some thousands of subscriptions, so this function filters and
/// sorts, rather than the store.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &SubscriptionQuery,
    now: Timestamp,
) -> Result<Page<api::SubscriptionResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewSubscriptions, now)?;
    let mut names = NameCache::default();
    let actor = caller.actor();
    let mut sellers = BTreeMap::new();
    let mut found = Vec::new();
    for one in store.subscriptions(caller.organization.id)? {
        let one = load_facts(store, &mut sellers, one)?;
        if check(&actor, &one, SubscriptionAction::View, now).is_err() {
            continue;
        }
        let one = one.redacted_for(caller.organization.id);
        if matches_filter(&one.record, &query.filter, now)
            && (query.search.is_empty()
                || matches_search(store, &mut names, &one.record, caller, &query.search)?)
        {
            found.push(one);
        }
    }
    sort(&mut found, query, now);
    let page = paging::page_of(found, query, routes::SUBSCRIPTIONS, now)?;
    let mut value = Vec::new();
    for one in page.value {
        value.push(view::subscription(store, &mut names, &one, now)?);
    }
    Ok(Page { value, next_link: page.next_link, count: page.count })
}

/// Returns whether a subscription passes the filter.
fn matches_filter(one: &Subscription, filter: &SubscriptionFilter, now: Timestamp) -> bool {
    let record = one.partner_of_record.as_ref();
    let matches_id = match &filter.partner_id {
        None => true,
        Some(PartnerIdFilter::None) => record.is_none(),
        Some(PartnerIdFilter::Any) => record.is_some(),
        Some(PartnerIdFilter::Is(id)) => record.is_some_and(|record| record.partner_id == *id),
    };
    let matches_partner =
        filter.partner_of_record.is_none_or(|id| record.is_some_and(|record| record.partner == id));
    let matches_seller = filter.seller.is_none_or(|seller| one.seller == Some(seller));
    matches_id
        && matches_partner
        && matches_seller
        && (filter.status.is_empty() || filter.status.contains(&one.status(now)))
        && filter.customer.is_none_or(|customer| customer == one.customer)
        && filter.product.is_none_or(|product| one.product == Some(product))
}

/// Returns whether each word occurs in the name of the product, in the name or the Partner ID
/// of the partner of record, or, if the caller is a partner, in the customer's name.
fn matches_search(
    store: &mut dyn Read,
    names: &mut NameCache,
    one: &Subscription,
    caller: &Caller,
    search: &str,
) -> Result<bool> {
    let mut text = one.product_name.to_string();
    let mut add = |word: &str| {
        text.push(' ');
        text.push_str(word);
    };
    if let Some(record) = &one.partner_of_record {
        add(names.organization(store, record.partner)?.name.as_str());
        add(record.partner_id.as_str());
    }
    if caller.organization.kind == OrganizationKind::Partner {
        add(names.organization(store, one.customer)?.name.as_str());
    }
    Ok(paging::matches_search(&text, search))
}

fn sort(subscriptions: &mut [SubscriptionFacts], query: &SubscriptionQuery, now: Timestamp) {
    let name = |one: &SubscriptionFacts| one.record.product_name.as_str().to_lowercase();
    // Ties break by name, then id, so that pages never overlap.
    subscriptions.sort_by_cached_key(|one| (name(one), one.record.id));
    match query.order.field {
        SubscriptionField::Product => {}
        SubscriptionField::Renews => subscriptions.sort_by_key(|one| {
            let at = one.record.renews(now).or(one.record.ends().filter(|at| *at > now));
            (at.is_none(), at)
        }),
        SubscriptionField::Status => subscriptions.sort_by_key(|one| one.record.status(now)),
    }
    if query.order.descending {
        subscriptions.reverse();
    }
}

/// Returns a subscription.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<api::SubscriptionResource> {
    let subscription = load(store, caller, id, now)?;
    api_subscription(store, caller, subscription, now)
}

/// Returns the current and former partners of record of a subscription, latest first. A
/// partner sees only its own entries, because the others concern only the customer.
pub fn history(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<Page<PartnerPeriod>> {
    let subscription = load(store, caller, id, now)?.record;
    let mut names = NameCache::default();
    let mut value: Vec<_> =
        view::current_period(store, &mut names, &subscription)?.into_iter().collect();
    for tenure in store.tenures(subscription.customer, id)? {
        value.push(view::former_period(store, &mut names, &tenure)?);
    }
    let own = caller.organization.id;
    value.retain(|period| own == subscription.customer || own == period.partner);
    Ok(Page { value, next_link: None, count: None })
}

/// Loads the facts about a subscription that the caller may see.
pub(crate) fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<SubscriptionFacts> {
    let subscription = store.subscription(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    let subscription = load_facts(store, &mut BTreeMap::new(), subscription)?;
    check(&caller.actor(), &subscription, SubscriptionAction::View, now)?;
    Ok(subscription)
}

/// Converts a subscription for the API, as the caller sees it.
pub(crate) fn api_subscription(
    store: &mut dyn Read,
    caller: &Caller,
    subscription: SubscriptionFacts,
    now: Timestamp,
) -> Result<api::SubscriptionResource> {
    let seen = subscription.redacted_for(caller.organization.id);
    view::subscription(store, &mut NameCache::default(), &seen, now)
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
        let relationships = store.relationships(customer)?;
        Ok(SellerFacts {
            sells: relationships.iter().any(|one| one.partner == partner && one.sells()),
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
    let before = load(store, caller, id, context.now)?;
    let former = before.record.quantity;
    let (after, _) = before.clone().apply(&caller.actor(), change, version, context.now)?;
    if change == SubscriptionChange::Quantity(former) {
        // Saving would give the subscription a new version for nothing.
        return api_subscription(store, caller, before, context.now);
    }
    let subscription = &after.record;
    store.update_subscription(subscription)?;
    let mut details = audit::details([("quantity", subscription.quantity.to_string())]);
    if subscription.quantity != former {
        details.extend(audit::details([("formerQuantity", former.to_string())]));
    }
    let seller = after.current_seller();
    write_audit_entries(store, context, caller, subscription, action, seller, details)?;
    api_subscription(store, caller, after, context.now)
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
        details.extend(audit::details([("customer", customer.name.to_string())]));
        audit::append(store, context, partner, event(details))?;
    }
    Ok(())
}
