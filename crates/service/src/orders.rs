//! Orders of products, by a customer or by its reseller.

use std::sync::Arc;

use api::{AuditAction, ErrorCode, FieldProblem, NewOrder};
use rules::{
    BillingAccountId, DisplayName, FieldError, Money, Order, OrderAction, OrderFacts,
    OrderRequestId, Subscription, SubscriptionId, Timestamp, check, ensure_price_unchanged,
};

use crate::audit;
use crate::context::sha256_hex;
use crate::model::{Organization, PlacedOrder};
use crate::organizations::facts;
use crate::partner_of_record::{self, PartnerNotice};
use crate::view::NameCache;
use crate::{
    Caller, Context, Error, Read, Result, Write, partner_ids, products, relationships,
    subscriptions,
};

/// Records that the Partner ID of an order is looked up. Must run before [`place`], in its own
/// transaction. Records nothing if the order has no Partner ID, would be refused for any ID,
/// or was placed before.
///
/// # Errors
/// The refusal of [`rules::bounds::LOOK_UPS_OF_ORGANIZATION`], with the seconds to wait;
/// also the errors of [`place`].
pub fn record_look_up(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    request: OrderRequestId,
    order: &NewOrder,
) -> Result<()> {
    if let Some(partner_id) = &order.partner_id
        && find_placed_order(store, caller, request, order)?.is_none()
    {
        check_terms(store, caller, order, context.now)?;
        partner_ids::record_look_up(store, context, caller, partner_id)?;
    }
    Ok(())
}

/// Places an order, which creates a subscription. A repeated order with the same request
/// identifier does not order again; the answer is the current state of the subscription that
/// was created. [`record_look_up`] must run first.
///
/// # Errors
/// [`Refusal::PriceChanged`] if the price differs from the one that was shown; an invalid field
/// if the product is not sold to that customer or for that term;
/// [`ErrorCode::RequestIdReused`] if the request identifier belongs to a different order.
pub fn place(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    request: OrderRequestId,
    order: &NewOrder,
) -> Result<api::SubscriptionResource> {
    let now = context.now;
    if let Some(placed) = find_placed_order(store, caller, request, order)? {
        return subscriptions::get(store, caller, placed.subscription, now);
    }
    let terms = check_terms(store, caller, order, now)?;
    let partner = match &order.partner_id {
        None => None,
        Some(id) => Some(partner_ids::find_account(store, id)?),
    };
    let accepted = Order {
        subscription: SubscriptionId::new(now, context.id_bits()),
        product: order.product,
        product_name: terms.product_name,
        quantity: order.quantity,
        term: order.term,
        shown_price: order.unit_price,
        catalog_price: terms.unit_price,
        billing_account: terms.billing_account,
        partner,
    };
    let subscription = terms.facts.place(&caller.actor(), accepted, now)?;
    store.insert_subscription(&subscription)?;
    store.insert_placed_order(&PlacedOrder {
        organization: caller.organization.id(),
        request,
        digest: digest(order),
        customer: subscription.customer,
        subscription: subscription.id,
        at: now,
    })?;
    let seller = subscription.seller;
    let action = AuditAction::OrderPlaced;
    subscriptions::audit_new_subscription(store, context, caller, &subscription, action, seller)?;
    announce_partner_of_record(store, context, caller, &terms.customer, &subscription)?;
    subscriptions::get(store, caller, subscription.id, now)
}

/// Appends the partner of record of a new subscription to the logs, and notifies it.
pub(crate) fn announce_partner_of_record(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    customer: &Organization,
    subscription: &Subscription,
) -> Result<()> {
    partner_of_record::write_audit_entries(
        store,
        &mut NameCache::default(),
        context,
        &audit::actor(&caller.user, &caller.organization),
        subscription,
        None,
    )?;
    let record = subscription.partner_of_record.clone();
    let added: Vec<_> =
        record.map(|record| PartnerNotice::new(record, subscription)).into_iter().collect();
    partner_of_record::notify_partners(store, context, caller, customer, &added, &[])
}

/// Returns the result of an earlier order with this request identifier.
///
/// # Errors
/// [`ErrorCode::RequestIdReused`] if that was a different order.
fn find_placed_order(
    store: &mut dyn Read,
    caller: &Caller,
    request: OrderRequestId,
    order: &NewOrder,
) -> Result<Option<PlacedOrder>> {
    let placed = store.placed_order(caller.organization.id(), request)?;
    if placed.as_ref().is_some_and(|placed| placed.digest != digest(order)) {
        return Err(Error::Problem(ErrorCode::RequestIdReused.into()));
    }
    Ok(placed)
}

/// Returns the SHA-256 of the content of an order, to recognize a repeated order.
fn digest(order: &NewOrder) -> String {
    let partner = order.partner_id.as_ref().map(ToString::to_string).unwrap_or_default();
    let relationship = order.relationship.map(|id| id.to_string()).unwrap_or_default();
    let parts = [
        order.product.to_string(),
        order.term.to_string(),
        order.quantity.to_string(),
        order.unit_price.amount.to_string(),
        order.unit_price.currency.to_string(),
        partner,
        relationship,
    ];
    sha256_hex(&[parts.join("\n").as_bytes()])
}

/// The checked terms of an order.
struct OrderTerms {
    facts: OrderFacts,
    customer: Arc<Organization>,
    product_name: DisplayName,
    unit_price: Money,
    billing_account: BillingAccountId,
}

/// Checks whether the caller may place an order, and returns its terms. Refusals of the rules
/// come before problems of fields.
fn check_terms(
    store: &mut dyn Read,
    caller: &Caller,
    order: &NewOrder,
    now: Timestamp,
) -> Result<OrderTerms> {
    let (customer, facts) = match order.relationship {
        None => {
            let organization = facts(store, &caller.organization)?;
            (Arc::new(caller.organization.clone()), OrderFacts::FromMicrosoft(organization))
        }
        Some(id) => {
            let found = relationships::load(store, caller, id, now)?;
            (found.customer, OrderFacts::FromReseller(found.facts))
        }
    };
    let action = match order.partner_id {
        None => OrderAction::Place,
        Some(_) => OrderAction::PlaceWithPartner,
    };
    check(&caller.actor(), &facts, action, now)?;
    let account = products::default_billing_account(store, customer.id())?;
    let product = store
        .product(order.product)?
        .filter(|product| product.cloud == customer.cloud())
        .ok_or_else(|| invalid_option("product"))?;
    let unit_price =
        product.price(order.term, account.currency).ok_or_else(|| invalid_option("term"))?;
    // Before a Partner ID is looked up, which counts toward a limit.
    ensure_price_unchanged(order.unit_price, unit_price)?;
    Ok(OrderTerms {
        facts,
        customer,
        product_name: product.name,
        unit_price,
        billing_account: account.id,
    })
}

fn invalid_option(field: &'static str) -> Error {
    vec![FieldProblem { field, error: FieldError::NotAnOption }].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_with_any_difference_have_different_digests() {
        let order = |term: &str, quantity: u32, price: i64, partner: &str, relationship: bool| {
            let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
            digest(&NewOrder {
                product: id.parse().unwrap(),
                term: term.parse().unwrap(),
                quantity,
                unit_price: Money { amount: price, currency: rules::Currency::Eur },
                partner_id: partner.parse().ok(),
                relationship: relationship.then(|| id.parse().unwrap()),
            })
        };
        let one = order("P1M", 2, 510, "", false);
        assert_eq!(one, order("P1M", 2, 510, "", false));
        for other in [
            order("P1Y", 2, 510, "", false),
            order("P1M", 22, 510, "", false),
            order("P1M", 2, 511, "", false),
            order("P1M", 2, 510, "2", false),
            order("P1M", 2, 510, "", true),
        ] {
            assert_ne!(one, other);
        }
    }
}
