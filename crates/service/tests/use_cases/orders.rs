//! Orders by a customer and by its reseller.

use api::{AuditAction, NewOrder, SubscriptionResource};
use rules::{DAY, OrderRequestId, PartnerType, RelationshipId, SubscriptionStatus, Term};
use service::{Result, orders, relationships};

use crate::world::*;

fn request(number: u32) -> OrderRequestId {
    format!("01890000-0000-7000-8000-{number:012}").parse().unwrap()
}

fn order(world: &World) -> NewOrder {
    NewOrder {
        product: world.product(),
        term: Term::Month,
        quantity: 3,
        unit_price: price(510),
        partner_id: None,
        relationship: None,
    }
}

fn place(world: &World, who: &str, number: u32, order: &NewOrder) -> Result<SubscriptionResource> {
    world.attempt(who, |store, context, caller| {
        orders::record_look_up(store, context, caller, request(number), order)
    })?;
    world.attempt(who, |store, context, caller| {
        orders::place(store, context, caller, request(number), order)
    })
}

/// Buys a subscription for the customer itself.
pub(crate) fn buy(world: &World, who: &str, number: u32) -> SubscriptionResource {
    place(world, who, number, &order(world)).unwrap()
}

/// Buys a subscription with a partner of record.
pub(crate) fn buy_with(world: &World, who: &str, number: u32, id: &str) -> SubscriptionResource {
    let order = NewOrder { partner_id: Some(id.parse().unwrap()), ..order(world) };
    place(world, who, number, &order).unwrap()
}

/// Buys a subscription as the customer's reseller.
pub(crate) fn buy_for(
    world: &World,
    who: &str,
    relationship: RelationshipId,
) -> SubscriptionResource {
    let order = NewOrder { relationship: Some(relationship), ..order(world) };
    place(world, who, 900, &order).unwrap()
}

#[test]
fn an_order_creates_a_subscription_and_a_log_entry() {
    let world = World::new();
    let bought = buy(&world, BILL, 1);
    assert_eq!((bought.quantity, bought.status), (3, SubscriptionStatus::Active));
    assert_eq!(bought.created_by_name.as_str(), "bill");
    assert!(bought.seller.is_none() && bought.partner_of_record.is_none());
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::OrderPlaced));
}

#[test]
fn a_repeated_request_is_one_order() {
    let world = World::new();
    let order = order(&world);
    let first = place(&world, ADA, 1, &order).unwrap();
    world.pass(DAY);
    let again = place(&world, BILL, 1, &order).unwrap();
    assert_eq!(first.id, again.id);
    assert_eq!(world.logged(ADA, AuditAction::OrderPlaced), 1);
    assert_ne!(place(&world, ADA, 2, &order).unwrap().id, first.id);
}

#[test]
fn a_request_id_is_not_used_for_another_order() {
    let world = World::new();
    let order = order(&world);
    place(&world, ADA, 1, &order).unwrap();
    let other = NewOrder { quantity: 4, ..order };
    assert_eq!(code(&place(&world, ADA, 1, &other).unwrap_err()), "requestIdReused");
    assert!(place(&world, OLGA, 1, &other).is_ok(), "request ids are per organization");
}

#[test]
fn a_price_that_was_not_shown_buys_nothing() {
    let world = World::new();
    let order = NewOrder { unit_price: price(509), ..order(&world) };
    assert_eq!(code(&place(&world, ADA, 1, &order).unwrap_err()), "priceChanged");
    assert_eq!(world.logged(ADA, AuditAction::OrderPlaced), 0);
}

#[test]
fn a_term_that_is_not_sold_is_an_invalid_field() {
    let world = World::new();
    let order = NewOrder { term: Term::Year, ..order(&world) };
    assert_eq!(code(&place(&world, ADA, 1, &order).unwrap_err()), "invalidFields");
}

#[test]
fn readers_and_partners_do_not_buy_for_themselves() {
    let world = World::new();
    let order = order(&world);
    assert_eq!(code(&place(&world, RITA, 1, &order).unwrap_err()), "billingAdministratorRequired");
    assert_eq!(code(&place(&world, MARA, 1, &order).unwrap_err()), "customerOnly");
}

#[test]
fn products_of_another_cloud_are_not_sold() {
    let world = World::new();
    let order = order(&world);
    assert_eq!(code(&place(&world, LI, 1, &order).unwrap_err()), "invalidFields");
}

#[test]
fn a_partner_of_record_at_purchase_is_told() {
    let world = World::new();
    let bought = buy_with(&world, ADA, 1, MERIDIAN_ID);
    let record = bought.partner_of_record.unwrap();
    assert_eq!(record.partner_id.as_str(), MERIDIAN_ID);
    assert_eq!(world.mails(MARA).len(), 1);
    assert_eq!(world.mails(MARA)[0].to.as_str(), "hello@meridian.example");
    assert_eq!(world.log(MARA).first(), Some(&AuditAction::PartnerOfRecordAdded));
}

#[test]
fn a_partner_of_record_must_exist_in_the_cloud() {
    let world = World::new();
    let order = order(&world);
    for (id, why) in [("7777777", "partnerIdNotFound"), (HAIYUN_ID, "partnerNotInCloud")] {
        let order = NewOrder { partner_id: Some(id.parse().unwrap()), ..order.clone() };
        assert_eq!(code(&place(&world, ADA, 1, &order).unwrap_err()), why);
    }
}

#[test]
fn a_reseller_orders_for_its_customer_and_both_logs_say_so() {
    let world = World::new();
    let relationship = world.relate(MARA, ADA, PartnerType::Reseller);
    let sold = buy_for(&world, MARA, relationship);
    assert_eq!(sold.customer, world.organization(ADA));
    assert_eq!(sold.seller.unwrap().partner, world.organization(MARA));
    for who in [ADA, MARA] {
        assert_eq!(world.log(who).first(), Some(&AuditAction::OrderPlaced), "{who}");
    }
}

#[test]
fn only_a_reseller_with_a_relationship_orders() {
    let world = World::new();
    let order = order(&world);
    let of = |id| NewOrder { relationship: Some(id), ..order.clone() };
    let advisor = world.relate(MARA, ADA, PartnerType::Advisor);
    assert_eq!(code(&place(&world, MARA, 1, &of(advisor)).unwrap_err()), "notAReseller");
    let reseller = world.relate(KIM, ADA, PartnerType::Reseller);
    assert_eq!(code(&place(&world, MARA, 2, &of(reseller)).unwrap_err()), "notFound");
    let end = |store: &mut dyn service::Write, context: &mut service::Context, by: &_| {
        relationships::end(store, context, by, reseller, 1)
    };
    world.act(KIM, end);
    assert_eq!(code(&place(&world, KIM, 3, &of(reseller)).unwrap_err()), "relationshipEnded");
}

#[test]
fn a_reseller_names_no_partner_of_record() {
    let world = World::new();
    let relationship = world.relate(MARA, ADA, PartnerType::Reseller);
    let order = NewOrder {
        relationship: Some(relationship),
        partner_id: Some(MERIDIAN_ID.parse().unwrap()),
        ..order(&world)
    };
    let refusal = code(&place(&world, MARA, 1, &order).unwrap_err());
    assert_eq!(refusal, "customerSetsPartnerOfRecord");
}
