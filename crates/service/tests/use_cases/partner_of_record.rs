//! The partner of record of one subscription, and look-ups of Partner IDs.

use api::{AuditAction, SubscriptionResource};
use rules::{DAY, PartnerType, SubscriptionId};
use service::{Result, partner_ids, partner_of_record, relationships, subscriptions};

use crate::orders::{buy, buy_for, buy_with};
use crate::world::*;

fn set(
    world: &World,
    who: &str,
    one: &SubscriptionResource,
    id: &str,
) -> Result<SubscriptionResource> {
    let id = id.parse().unwrap();
    world.attempt(who, |store, context, caller| {
        partner_of_record::record_look_up(store, context, caller, one.id, one.etag.0, &id)
    })?;
    world.attempt(who, |store, context, caller| {
        partner_of_record::set(store, context, caller, one.id, one.etag.0, &id)
    })
}

fn remove(world: &World, who: &str, one: &SubscriptionResource) -> Result<SubscriptionResource> {
    world.attempt(who, |store, context, caller| {
        partner_of_record::remove(store, context, caller, one.id, one.etag.0)
    })
}

fn history(world: &World, who: &str, id: SubscriptionId) -> Vec<String> {
    let (caller, now) = (world.person(who), world.now());
    let page = world.read(|store| subscriptions::history(store, &caller, id, now)).unwrap();
    page.value.iter().map(|period| period.partner_id.to_string()).collect()
}

#[test]
fn setting_changing_and_removing_are_kept_in_the_history() {
    let world = World::new();
    let none = buy(&world, ADA, 1);
    let first = set(&world, ADA, &none, MERIDIAN_ID).unwrap();
    world.pass(DAY);
    let second = set(&world, BILL, &first, KESTREL_ID).unwrap();
    assert_eq!(second.partner_of_record.as_ref().unwrap().partner_id.as_str(), KESTREL_ID);
    world.pass(DAY);
    let removed = remove(&world, ADA, &second).unwrap();
    assert!(removed.partner_of_record.is_none());
    assert_eq!(history(&world, ADA, none.id), [KESTREL_ID, MERIDIAN_ID]);
    let log = world.log(ADA);
    assert_eq!(
        log[..3],
        [
            AuditAction::PartnerOfRecordRemoved,
            AuditAction::PartnerOfRecordChanged,
            AuditAction::PartnerOfRecordAdded
        ]
    );
}

#[test]
fn each_partner_is_told_its_own_part_alone() {
    let world = World::new();
    let first = buy_with(&world, ADA, 1, MERIDIAN_ID);
    set(&world, ADA, &first, KESTREL_ID).unwrap();
    assert_eq!(world.mails(MARA).len(), 2, "added, then removed");
    assert_eq!(world.mails(KIM).len(), 1);
    assert_eq!(world.log(MARA).first(), Some(&AuditAction::PartnerOfRecordRemoved));
    assert_eq!(world.log(KIM).first(), Some(&AuditAction::PartnerOfRecordAdded));
    for mail in world.mails(MARA) {
        assert!(!mail.text.contains("Kestrel"), "who replaced it concerns the customer alone");
    }
    assert_eq!(history(&world, KIM, first.id), [KESTREL_ID]);
    let (caller, now) = (world.person(MARA), world.now());
    let seen = world.read(|store| subscriptions::get(store, &caller, first.id, now));
    assert_eq!(code(&seen.unwrap_err()), "notFound");
}

#[test]
fn only_the_customer_chooses_whatever_roles_a_partner_holds() {
    let world = World::new();
    world.relate(MARA, ADA, PartnerType::DelegatedAdministrator);
    let reseller = world.relate(KIM, ADA, PartnerType::Reseller);
    let sold = buy_for(&world, KIM, reseller);
    let refusal = set(&world, KIM, &sold, KESTREL_ID).unwrap_err();
    assert_eq!(code(&refusal), "customerSetsPartnerOfRecord");
    assert!(set(&world, ADA, &sold, MERIDIAN_ID).is_ok(), "also for what a reseller sold");
}

#[test]
fn a_reader_chooses_nothing() {
    let world = World::new();
    let one = buy_with(&world, ADA, 1, MERIDIAN_ID);
    for result in [set(&world, RITA, &one, KESTREL_ID), remove(&world, RITA, &one)] {
        assert_eq!(code(&result.unwrap_err()), "billingAdministratorRequired");
    }
}

#[test]
fn an_id_that_cannot_be_is_refused_with_its_reason() {
    let world = World::new();
    let one = buy_with(&world, ADA, 1, MERIDIAN_ID);
    for (id, why) in [
        ("7777777", "partnerIdNotFound"),
        (HAIYUN_ID, "partnerNotInCloud"),
        (MERIDIAN_ID, "partnerOfRecordUnchanged"),
    ] {
        assert_eq!(code(&set(&world, ADA, &one, id).unwrap_err()), why);
    }
}

#[test]
fn the_id_of_a_whole_company_is_refused() {
    let world = World::new();
    let one = buy(&world, ADA, 1);
    let new = service::organizations::NewPartnerId {
        organization: world.organization(MARA),
        partner_id: "2000001".parse().unwrap(),
        kind: rules::AccountKind::Global,
        name: "Meridian Group".parse().unwrap(),
        country: "NL".parse().unwrap(),
        city: None,
    };
    world
        .write(|store, context| service::organizations::add_partner_id(store, context, new))
        .unwrap();
    let refusal = set(&world, ADA, &one, "2000001").unwrap_err();
    assert_eq!(code(&refusal), "partnerIdIsGlobalAccount");
}

#[test]
fn a_stale_version_is_refused_before_the_id_is_looked_up() {
    let world = World::new();
    let old = buy(&world, ADA, 1);
    set(&world, ADA, &old, MERIDIAN_ID).unwrap();
    assert_eq!(code(&set(&world, ADA, &old, "7777777").unwrap_err()), "versionMismatch");
    assert_eq!(code(&remove(&world, ADA, &old).unwrap_err()), "versionMismatch");
    let organization = world.organization(ADA);
    let after = rules::Timestamp::from_milliseconds(0);
    let looked_up =
        world.read(|store| Ok(store.partner_id_look_ups(organization, after)?)).unwrap();
    assert!(looked_up.iter().all(|(id, _)| id.as_str() != "7777777"));
}

#[test]
fn there_is_none_to_remove_twice() {
    let world = World::new();
    let one = buy_with(&world, ADA, 1, MERIDIAN_ID);
    let none = remove(&world, ADA, &one).unwrap();
    assert_eq!(code(&remove(&world, ADA, &none).unwrap_err()), "noPartnerOfRecord");
}

#[test]
fn an_ended_subscription_keeps_its_partner_of_record() {
    let world = World::new();
    let one = buy_with(&world, ADA, 1, MERIDIAN_ID);
    let ended = world.act(ADA, |store, context, caller| {
        subscriptions::cancel(store, context, caller, one.id, one.etag.0)
    });
    for result in [set(&world, ADA, &ended, KESTREL_ID), remove(&world, ADA, &ended)] {
        assert_eq!(code(&result.unwrap_err()), "subscriptionEnded");
    }
}

#[test]
fn checking_an_id_shows_the_partner_before_anything_is_saved() {
    let world = World::new();
    let check = |who: &str, id: &str| {
        let (caller, now, id) = (world.person(who), world.now(), id.parse().unwrap());
        world.read(|store| partner_ids::check(store, &caller, &id, now))
    };
    let checked = check(ADA, MERIDIAN_ID).unwrap();
    assert_eq!(checked.partner_name.as_str(), "Meridian Cloud");
    assert_eq!(checked.refusal, None);
    let refusal = check(ADA, HAIYUN_ID).unwrap().refusal;
    assert_eq!(refusal, Some(rules::Refusal::PartnerNotInCloud));
    assert_eq!(code(&check(ADA, "7777777").unwrap_err()), "partnerIdNotFound");
    assert_eq!(code(&check(RITA, MERIDIAN_ID).unwrap_err()), "billingAdministratorRequired");
    assert_eq!(code(&check(MARA, MERIDIAN_ID).unwrap_err()), "customerSetsPartnerOfRecord");
}

#[test]
fn the_mail_links_to_the_customer_only_within_a_relationship() {
    let world = World::new();
    buy_with(&world, ADA, 1, MERIDIAN_ID);
    assert!(!world.mails(MARA)[0].text.contains("/customers/"));
    let id = world.relate(MARA, ADA, PartnerType::Advisor);
    buy_with(&world, ADA, 2, MERIDIAN_ID);
    assert!(world.mails(MARA)[0].text.contains(&id.to_string()));
    world.act(ADA, |store, context, caller| relationships::delete(store, context, caller, id, 1));
    buy_with(&world, ADA, 3, MERIDIAN_ID);
    assert!(!world.mails(MARA)[0].text.contains(&id.to_string()));
}
