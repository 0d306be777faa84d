//! Ordering products: a customer for itself, or its reseller for it.

use api::{AuditAction, ErrorCode, FieldProblem, NewOrder};
use rules::{
    BillingAccountId, DisplayName, FieldError, Money, OrderRequestId, OrganizationAction,
    PartnerOfRecord, Refusal, RelationshipAction, Seller, Subscription, SubscriptionId,
    SubscriptionState, Timestamp, check,
};

use crate::agreements::facts;
use crate::context::sha256;
use crate::model::{Organization, PlacedOrder};
use crate::partner_of_record::{self, Credit};
use crate::view::Names;
use crate::{
    Caller, Context, Error, Read, Result, Write, partner_ids, products, relationships,
    subscriptions,
};

/// Notes that the Partner ID of an order is looked up, in a transaction that goes before
/// [`place`]. Nothing is noted where there is none, where the order would be refused
/// whatever the ID is, or where it was placed before.
///
/// # Errors
/// A refusal; a wrong field; [`ErrorCode::TooManyAttempts`] over
/// [`partner_ids::DAILY_LIMIT`], with the seconds to wait; or the store's.
pub fn look_up(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    request: OrderRequestId,
    order: &NewOrder,
) -> Result<()> {
    if let Some(partner_id) = &order.partner_id
        && before(store, caller, request, order)?.is_none()
    {
        terms(store, caller, order, context.now)?;
        partner_ids::note_look_up(store, context, caller, partner_id)?;
    }
    Ok(())
}

/// Places an order, from which a subscription comes. The same order with the same request
/// identifier is one order however often it arrives: the answer is then what came of it, as
/// it is now. [`look_up`] goes before it.
///
/// # Errors
/// A refusal, [`Refusal::PriceChanged`] where the product costs something else by now than
/// what was shown; a wrong field where it is not sold to that customer, or not for that term; [`ErrorCode::RequestIdReused`] where the identifier was given to another order; or
/// the store's.
pub fn place(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    request: OrderRequestId,
    order: &NewOrder,
) -> Result<api::Subscription> {
    let now = context.now;
    if let Some(placed) = before(store, caller, request, order)? {
        return subscriptions::get(store, caller, placed.subscription, now);
    }
    let terms = terms(store, caller, order, now)?;
    let partner_of_record = match &order.partner_id {
        None => None,
        Some(id) => {
            let account = partner_ids::account(store, id)?;
            account.ensure_eligible_as_partner_of_record(terms.customer.cloud())?;
            Some(PartnerOfRecord {
                partner_id: account.partner_id,
                partner: account.partner,
                since: now,
                set_by: caller.user.id,
            })
        }
    };
    let subscription = Subscription {
        id: SubscriptionId::new(now, context.id_bits()),
        customer: terms.customer.id,
        cloud: terms.customer.cloud(),
        product: Some(order.product),
        product_name: terms.product_name,
        quantity: order.quantity,
        term: order.term,
        unit_price: Some(terms.unit_price),
        billing_account: terms.billing_account,
        seller: terms.seller,
        offer_of: None,
        state: SubscriptionState::Active,
        partner_of_record,
        created: now,
        created_by: caller.user.id,
        created_by_organization: caller.organization.id,
        version: 1,
    };
    store.insert_subscription(&subscription)?;
    store.insert_placed_order(&PlacedOrder {
        organization: caller.organization.id,
        request,
        digest: digest(order),
        customer: subscription.customer,
        subscription: subscription.id,
        at: now,
    })?;
    let seller = subscription.seller.map(|seller| seller.partner);
    let action = AuditAction::OrderPlaced;
    subscriptions::note_new(store, context, caller, &subscription, action, seller)?;
    begin(store, context, caller, &terms.customer, &subscription)?;
    subscriptions::shown(store, caller, subscription, now)
}

/// Writes the partner of record that a new subscription has from the beginning to the logs,
/// and tells it.
pub(crate) fn begin(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    customer: &Organization,
    subscription: &Subscription,
) -> Result<()> {
    partner_of_record::note(store, &mut Names::default(), context, caller, subscription, None)?;
    let record = subscription.partner_of_record.clone();
    let added: Vec<_> = record.map(|record| Credit::of(record, subscription)).into_iter().collect();
    partner_of_record::tell(store, context, caller, customer, &added, &[])
}

/// What came of this request, where the same order was placed with it before.
fn before(
    store: &mut dyn Read,
    caller: &Caller,
    request: OrderRequestId,
    order: &NewOrder,
) -> Result<Option<PlacedOrder>> {
    let placed = store.placed_order(caller.organization.id, request)?;
    if placed.as_ref().is_some_and(|placed| placed.digest != digest(order)) {
        return Err(Error::Problem(ErrorCode::RequestIdReused.into()));
    }
    Ok(placed)
}

/// The SHA-256 of what is ordered, by which an order is known again.
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
    sha256(&[parts.join("\n").as_bytes()])
}

/// Who buys what, and for how much: what was shown is what it costs.
struct Terms {
    customer: Organization,
    seller: Option<Seller>,
    product_name: DisplayName,
    unit_price: Money,
    billing_account: BillingAccountId,
}

/// What the order comes to, if the caller may place it. The rules come first, then what is
/// wrong with a field.
fn terms(store: &mut dyn Read, caller: &Caller, order: &NewOrder, now: Timestamp) -> Result<Terms> {
    let actor = caller.actor();
    let (customer, seller) = match order.relationship {
        None => {
            let organization = facts(store, &caller.organization)?;
            check(&actor, &organization, OrganizationAction::PlaceOrder, now)?;
            if order.partner_id.is_some() {
                check(&actor, &organization, OrganizationAction::NamePartnerAtPurchase, now)?;
            }
            (caller.organization.clone(), None)
        }
        Some(id) => {
            let found = relationships::load(store, caller, id, now)?;
            check(&actor, &found.relationship, RelationshipAction::Order, now)?;
            if order.partner_id.is_some() {
                return Err(Refusal::CustomerSetsPartnerOfRecord.into());
            }
            let seller = Seller {
                partner: caller.organization.id,
                sells: true,
                agreement_accepted: found.relationship.agreement_accepted,
            };
            (found.customer, Some(seller))
        }
    };
    let payer = products::payer(store, customer.id)?;
    let product = store
        .product(order.product)?
        .filter(|product| product.cloud == customer.cloud())
        .ok_or_else(|| wrong("product"))?;
    let unit_price = product.price(order.term, payer.currency).ok_or_else(|| wrong("term"))?;
    if unit_price != order.unit_price {
        return Err(Refusal::PriceChanged.into());
    }
    Ok(Terms {
        customer,
        seller,
        product_name: product.name,
        unit_price,
        billing_account: payer.id,
    })
}

fn wrong(field: &'static str) -> Error {
    vec![FieldProblem { field, error: FieldError::NotAnOption }].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_difference_makes_it_another_order() {
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
