//! Subscriptions: listing them, and managing what there is. Their partner of record is
//! named in [`crate::partner_of_record`].

use std::collections::BTreeMap;

use api::{
    ActivityTarget, AuditAction, Page, PartnerFilter, PartnerPeriod, SubscriptionField,
    SubscriptionQuery, TargetKind, routes,
};
use rules::{
    OrganizationAction, OrganizationId, OrganizationKind, RelationshipStatus, Seller, Subscription,
    SubscriptionAction, SubscriptionChange, SubscriptionId, Timestamp, check,
};

use crate::agreements::facts;
use crate::audit::{self, Event};
use crate::error::of_version;
use crate::view::{self, Names};
use crate::{Caller, Context, Error, Read, Result, Write, paging};

/// The subscriptions of the caller's organization that the query asks for; of a partner,
/// those that it sells or is the partner of record of, found by what it sees of them alone.
///
/// Filtering and sorting happen here, the same for every engine: an organization has at the
/// most some thousands of them.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &SubscriptionQuery,
    now: Timestamp,
) -> Result<Page<api::Subscription>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewSubscriptions, now)?;
    let mut names = Names::default();
    let words: Vec<_> = query.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let actor = caller.actor();
    let mut sellers = BTreeMap::new();
    let mut found = Vec::new();
    for one in store.subscriptions(caller.organization.id)? {
        let one = with_rights(store, &mut sellers, one)?;
        if check(&actor, &one, SubscriptionAction::View, now).is_err() {
            continue;
        }
        let one = one.redacted_for(caller.organization.id);
        if is_wanted(&one, query, now)
            && (words.is_empty() || holds(store, &mut names, &one, caller, &words)?)
        {
            found.push(one);
        }
    }
    sort(&mut found, query, now);
    let part = paging::part(found, query.skip, query.top);
    let next_link = part.next.map(|skip| {
        let rest = SubscriptionQuery { skip, ..query.clone() };
        format!("{}?{rest}", routes::SUBSCRIPTIONS)
    });
    let mut value = Vec::new();
    for one in part.value {
        value.push(view::subscription(store, &mut names, &one, now)?);
    }
    Ok(Page { value, next_link, count: Some(part.count) })
}

/// Whether a subscription is one of those that the query's filters let through.
fn is_wanted(one: &Subscription, query: &SubscriptionQuery, now: Timestamp) -> bool {
    let record = one.partner_of_record.as_ref();
    let partner = match &query.partner {
        None => true,
        Some(PartnerFilter::None) => record.is_none(),
        Some(PartnerFilter::Any) => record.is_some(),
        Some(PartnerFilter::Is(id)) => record.is_some_and(|record| record.partner_id == *id),
    };
    partner
        && (query.statuses.is_empty() || query.statuses.contains(&one.status(now)))
        && query.customer.is_none_or(|customer| customer == one.customer)
}

/// Whether every one of these words stands in the name of the product, in the name or the
/// Partner ID of the partner of record, or, for a partner, in the customer's name.
fn holds(
    store: &mut dyn Read,
    names: &mut Names,
    one: &Subscription,
    caller: &Caller,
    words: &[String],
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
    let text = text.to_lowercase();
    Ok(words.iter().all(|word| text.contains(word)))
}

fn sort(subscriptions: &mut [Subscription], query: &SubscriptionQuery, now: Timestamp) {
    let name = |one: &Subscription| one.product_name.as_str().to_lowercase();
    // Equal ones stand by name and id, in either direction, so that pages don't overlap.
    subscriptions.sort_by_cached_key(|one| (name(one), one.id));
    match query.order.field {
        SubscriptionField::Product => {}
        SubscriptionField::Renews => subscriptions.sort_by_key(|one| {
            let at = one.renews(now).or(one.ends().filter(|at| *at > now));
            (at.is_none(), at)
        }),
        SubscriptionField::Status => subscriptions.sort_by_key(|one| one.status(now)),
    }
    if query.order.descending {
        subscriptions.reverse();
    }
}

/// The subscription of this id.
///
/// # Errors
/// Not found, or the store's.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<api::Subscription> {
    let subscription = load(store, caller, id, now)?;
    shown(store, caller, subscription, now)
}

/// Every partner of record that the subscription had, the one of now first. A partner is
/// told of itself alone: who came before and after it is the customer's business.
///
/// # Errors
/// Not found, or the store's.
pub fn history(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<Page<PartnerPeriod>> {
    let subscription = load(store, caller, id, now)?;
    let mut names = Names::default();
    let mut value: Vec<_> =
        view::present_period(store, &mut names, &subscription)?.into_iter().collect();
    for tenure in store.tenures(subscription.customer, id)? {
        value.push(view::former_period(store, &mut names, &tenure)?);
    }
    let own = caller.organization.id;
    value.retain(|period| own == subscription.customer || own == period.partner);
    Ok(Page { value, next_link: None, count: None })
}

/// The subscription of this id, which the caller may see, with what its seller may do.
pub(crate) fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<Subscription> {
    let subscription = store.subscription(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    let subscription = with_rights(store, &mut BTreeMap::new(), subscription)?;
    check(&caller.actor(), &subscription, SubscriptionAction::View, now)?;
    Ok(subscription)
}

/// A subscription as the API says it to the caller.
pub(crate) fn shown(
    store: &mut dyn Read,
    caller: &Caller,
    subscription: Subscription,
    now: Timestamp,
) -> Result<api::Subscription> {
    let seen = subscription.redacted_for(caller.organization.id);
    view::subscription(store, &mut Names::default(), &seen, now)
}

/// Which seller of which customer may do what, as far as it was asked for.
type Sellers = BTreeMap<(OrganizationId, OrganizationId), Seller>;

/// The subscription with what its seller may do now, which is not stored with it.
fn with_rights(
    store: &mut dyn Read,
    sellers: &mut Sellers,
    subscription: Subscription,
) -> Result<Subscription> {
    let Some(Seller { partner, .. }) = subscription.seller else {
        return Ok(subscription);
    };
    let customer = subscription.customer;
    let seller = view::known(sellers, (customer, partner), || {
        let relationships = store.relationships(customer)?;
        Ok(Seller {
            partner,
            sells: relationships.iter().any(|one| {
                one.partner == partner
                    && one.status() == RelationshipStatus::Active
                    && one.partner_type.resells()
            }),
            agreement_accepted: store.latest_acceptance(customer)?.is_some(),
        })
    })?;
    Ok(Subscription { seller: Some(*seller), ..subscription })
}

/// Changes how many licenses it has; nothing happens where it has so many already.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn change_quantity(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    quantity: u32,
) -> Result<api::Subscription> {
    let change = SubscriptionChange::Quantity(quantity);
    manage(store, context, caller, id, version, change, AuditAction::QuantityChanged)
}

/// Suspends it: it can't be used until it is reactivated.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn suspend(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::Subscription> {
    let action = AuditAction::SubscriptionSuspended;
    manage(store, context, caller, id, version, SubscriptionChange::Suspend, action)
}

/// Lets a suspended one run again.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn reactivate(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::Subscription> {
    let action = AuditAction::SubscriptionReactivated;
    manage(store, context, caller, id, version, SubscriptionChange::Reactivate, action)
}

/// Cancels it, for good.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn cancel(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::Subscription> {
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
) -> Result<api::Subscription> {
    let before = load(store, caller, id, context.now)?;
    let (held, former) = (before.version, before.quantity);
    let changed = before.clone().apply(&caller.actor(), change, context.now);
    let (after, _) = of_version(held, version, changed)?;
    if change == SubscriptionChange::Quantity(former) {
        // There is nothing to do, and nothing that others would have to see first.
        return shown(store, caller, before, context.now);
    }
    store.update_subscription(&after)?;
    let mut details = audit::details([("quantity", after.quantity.to_string())]);
    if after.quantity != former {
        details.extend(audit::details([("formerQuantity", former.to_string())]));
    }
    let seller = after.seller.filter(|seller| seller.sells).map(|seller| seller.partner);
    note(store, context, caller, &after, action, seller, details)?;
    shown(store, caller, after, context.now)
}

/// What the log says of a subscription that is new.
pub(crate) fn note_new(
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
    note(store, context, caller, subscription, action, partner, details)
}

/// Writes to the log of the customer, and to that of the partner through which it was
/// bought.
fn note(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    subscription: &Subscription,
    action: AuditAction,
    partner: Option<OrganizationId>,
    details: BTreeMap<String, String>,
) -> Result<()> {
    let event = |details| Event {
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
        let customer = view::named_organization(store, subscription.customer)?;
        let mut details = details;
        details.extend(audit::details([("customer", customer.name.to_string())]));
        audit::append(store, context, partner, event(details))?;
    }
    Ok(())
}
