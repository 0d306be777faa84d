//! Subscriptions: licenses, suspending, reactivating and canceling.

use api::{AuditAction, SubscriptionResource};
use rules::{PartnerType, SubscriptionId, SubscriptionStatus};
use service::{Caller, Context, Result, Write, relationships, subscriptions};

use crate::orders::{buy, buy_for};
use crate::world::*;

type UseCase =
    fn(&mut dyn Write, &Context, &Caller, SubscriptionId, i64) -> Result<SubscriptionResource>;

fn manage(
    world: &World,
    who: &str,
    one: &SubscriptionResource,
    change: UseCase,
) -> Result<SubscriptionResource> {
    world.attempt(who, |store, context, caller| change(store, context, caller, one.id, one.etag.0))
}

fn set_quantity(
    world: &World,
    who: &str,
    one: &SubscriptionResource,
    quantity: u32,
) -> Result<SubscriptionResource> {
    world.attempt(who, |store, context, caller| {
        subscriptions::change_quantity(store, context, caller, one.id, one.etag.0, quantity)
    })
}

const CHANGES: [UseCase; 3] =
    [subscriptions::suspend, subscriptions::reactivate, subscriptions::cancel];

#[test]
fn the_number_of_licenses_is_changed_and_logged() {
    let world = World::new();
    let bought = buy(&world, ADA, 1);
    let more = set_quantity(&world, BILL, &bought, 9).unwrap();
    assert_eq!(more.quantity, 9);
    assert_ne!(more.etag, bought.etag);
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::QuantityChanged));
}

#[test]
fn the_same_number_changes_nothing() {
    let world = World::new();
    let bought = buy(&world, ADA, 1);
    let log = world.log(ADA).len();
    let same = set_quantity(&world, ADA, &bought, bought.quantity).unwrap();
    assert_eq!(same.etag, bought.etag);
    assert_eq!(world.log(ADA).len(), log);
}

#[test]
fn suspending_and_reactivating_go_back_and_forth() {
    let world = World::new();
    let bought = buy(&world, ADA, 1);
    let suspended = manage(&world, ADA, &bought, subscriptions::suspend).unwrap();
    assert_eq!(suspended.status, SubscriptionStatus::Suspended);
    let again = manage(&world, ADA, &suspended, subscriptions::suspend).unwrap_err();
    assert_eq!(code(&again), "subscriptionSuspended");
    assert_eq!(
        code(&set_quantity(&world, ADA, &suspended, 9).unwrap_err()),
        "subscriptionSuspended"
    );
    let active = manage(&world, ADA, &suspended, subscriptions::reactivate).unwrap();
    assert_eq!(active.status, SubscriptionStatus::Active);
    let again = manage(&world, ADA, &active, subscriptions::reactivate).unwrap_err();
    assert_eq!(code(&again), "subscriptionNotSuspended");
    let log = world.log(ADA);
    assert_eq!(log[0], AuditAction::SubscriptionReactivated);
    assert_eq!(log[1], AuditAction::SubscriptionSuspended);
}

#[test]
fn a_canceled_subscription_is_over() {
    let world = World::new();
    let bought = buy(&world, ADA, 1);
    let canceled = manage(&world, ADA, &bought, subscriptions::cancel).unwrap();
    assert_eq!(canceled.status, SubscriptionStatus::Ended);
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::SubscriptionCanceled));
    for change in CHANGES {
        let error = manage(&world, ADA, &canceled, change).unwrap_err();
        assert_eq!(code(&error), "subscriptionEnded");
    }
}

#[test]
fn readers_change_nothing_and_strangers_see_nothing() {
    let world = World::new();
    let bought = buy(&world, ADA, 1);
    for change in [CHANGES[0], CHANGES[2]] {
        let error = manage(&world, RITA, &bought, change).unwrap_err();
        assert_eq!(code(&error), "billingAdministratorRequired");
        for who in [OLGA, MARA, LI] {
            let error = manage(&world, who, &bought, change).unwrap_err();
            assert_eq!(code(&error), "notFound", "{who}");
        }
    }
}

#[test]
fn a_stale_version_changes_nothing() {
    let world = World::new();
    let bought = buy(&world, ADA, 1);
    set_quantity(&world, BILL, &bought, 9).unwrap();
    for change in CHANGES {
        let error = manage(&world, ADA, &bought, change).unwrap_err();
        assert_eq!(code(&error), "versionMismatch");
    }
    assert_eq!(code(&set_quantity(&world, ADA, &bought, 3).unwrap_err()), "versionMismatch");
}

#[test]
fn what_a_reseller_sold_it_alone_manages() {
    let world = World::new();
    let relationship = world.relate(MARA, ADA, PartnerType::Reseller);
    let sold = buy_for(&world, MARA, relationship);
    assert_eq!(code(&set_quantity(&world, ADA, &sold, 9).unwrap_err()), "managedByReseller");
    assert_eq!(code(&set_quantity(&world, SAM, &sold, 9).unwrap_err()), "adminAgentRequired");
    assert_eq!(set_quantity(&world, MARA, &sold, 9).unwrap().quantity, 9);
    for who in [ADA, MARA] {
        assert_eq!(world.log(who).first(), Some(&AuditAction::QuantityChanged), "{who}");
    }
}

#[test]
fn after_the_reseller_has_left_the_customer_manages() {
    let world = World::new();
    let relationship = world.relate(MARA, ADA, PartnerType::Reseller);
    let sold = buy_for(&world, MARA, relationship);
    let suspended = manage(&world, MARA, &sold, subscriptions::suspend).unwrap();
    world.act(MARA, |store, context, caller| {
        relationships::end(store, context, caller, relationship, 1)
    });
    let active = manage(&world, ADA, &suspended, subscriptions::reactivate).unwrap();
    assert_eq!(active.status, SubscriptionStatus::Active);
    let error = manage(&world, MARA, &active, subscriptions::suspend).unwrap_err();
    assert_eq!(code(&error), "notFound", "a former reseller sees nothing of what it sold");
}
