//! Changing the partners of record of many subscriptions with one plan.

use std::collections::BTreeSet;

use api::{AppliedPlan, AuditAction, Plan, SubscriptionResource};
use rules::{PartnerId, SubscriptionId};
use service::model::PartnerChangeBlock;
use service::plan::{self, ConfirmedPlan, PlanLine};
use service::{Result, pending_changes, subscriptions};

use crate::orders::{buy, buy_with};
use crate::world::*;

fn buy_many(world: &World, count: u32) -> Vec<SubscriptionId> {
    (0..count).map(|number| buy_with(world, ADA, number, MERIDIAN_ID).id).collect()
}

fn lines(ids: &[SubscriptionId], partner: &str) -> Vec<PlanLine> {
    let partner: Option<PartnerId> = partner.parse().ok();
    plan::lines_from_ids(ids, partner.as_ref())
}

fn make(world: &World, who: &str, lines: &[PlanLine]) -> Result<Plan> {
    let over = world.attempt(who, |store, context, caller| {
        plan::record_look_ups(store, context, caller, lines)
    })?;
    let (caller, now) = (world.person(who), world.now());
    world.read(|store| plan::plan(store, &caller, lines, &over, now))
}

fn confirm(world: &World, who: &str, lines: &[PlanLine], version: i64) -> Result<ConfirmedPlan> {
    let (caller, mut context) = (world.person(who), world.context());
    let none = BTreeSet::new();
    world.read(|store| plan::confirm(store, &mut context, &caller, lines, &none, version))
}

fn decide(world: &World, who: &str, confirmed: &ConfirmedPlan) -> Result<AppliedPlan> {
    world.attempt(who, |store, context, caller| plan::decide(store, context, caller, confirmed))
}

fn make_some(world: &World) -> bool {
    world.write(|store, context| pending_changes::make_some(store, context, None)).unwrap()
}

fn apply(world: &World, who: &str, lines: &[PlanLine]) -> Result<u32> {
    let version = make(world, who, lines)?.etag.0;
    let changed = decide(world, who, &confirm(world, who, lines, version)?)?.changed;
    while make_some(world) {}
    Ok(changed)
}

fn get(world: &World, id: SubscriptionId) -> SubscriptionResource {
    let (caller, now) = (world.person(ADA), world.now());
    world.read(|store| subscriptions::get(store, &caller, id, now)).unwrap()
}

fn partner(world: &World, id: SubscriptionId) -> String {
    let record = get(world, id).partner_of_record;
    record.map(|record| record.partner_id.to_string()).unwrap_or_default()
}

fn pending(world: &World) -> Option<PartnerChangeBlock> {
    world.read(|store| Ok(store.pending_partner_changes(None)?)).unwrap()
}

#[test]
fn a_small_plan_is_complete_with_its_decision() {
    let world = World::new();
    let ids = buy_many(&world, 5);
    let lines = lines(&ids, KESTREL_ID);
    let plan = make(&world, ADA, &lines).unwrap();
    assert_eq!((plan.lines, plan.unchanged, plan.changes.len()), (5, 0, 5));
    let confirmed = confirm(&world, ADA, &lines, plan.etag.0).unwrap();
    assert_eq!(decide(&world, ADA, &confirmed).unwrap().changed, 5);
    assert!(pending(&world).is_none());
    assert!(ids.iter().all(|id| partner(&world, *id) == KESTREL_ID));
}

#[test]
fn a_plan_changes_nothing_before_it_is_decided() {
    let world = World::new();
    let ids = buy_many(&world, 3);
    let log = world.log(ADA).len();
    let lines = lines(&ids, KESTREL_ID);
    let plan = make(&world, ADA, &lines).unwrap();
    confirm(&world, ADA, &lines, plan.etag.0).unwrap();
    assert!(ids.iter().all(|id| partner(&world, *id) == MERIDIAN_ID));
    assert_eq!(world.log(ADA).len(), log);
    assert_eq!(make(&world, ADA, &lines).unwrap().etag, plan.etag);
}

#[test]
fn each_subscription_is_logged_and_each_partner_gets_one_mail() {
    let world = World::new();
    let ids = buy_many(&world, 7);
    let mails = (world.mails(MARA).len(), world.mails(KIM).len());
    apply(&world, BILL, &lines(&ids, KESTREL_ID)).unwrap();
    assert_eq!(world.logged(ADA, AuditAction::PartnerOfRecordChanged), 7);
    assert_eq!(world.logged(MARA, AuditAction::PartnerOfRecordRemoved), 7);
    assert_eq!(world.logged(KIM, AuditAction::PartnerOfRecordAdded), 7);
    assert_eq!((world.mails(MARA).len(), world.mails(KIM).len()), (mails.0 + 1, mails.1 + 1));
    let (caller, now) = (world.person(ADA), world.now());
    for id in ids {
        let history = world.read(|store| subscriptions::history(store, &caller, id, now)).unwrap();
        assert_eq!(history.value.len(), 2);
    }
}

#[test]
fn a_large_plan_is_made_in_blocks_and_survives_an_end_in_between() {
    let world = World::new();
    let ids = buy_many(&world, 230);
    let lines = lines(&ids, KESTREL_ID);
    let version = make(&world, ADA, &lines).unwrap().etag.0;
    let confirmed = confirm(&world, ADA, &lines, version).unwrap();
    assert_eq!(decide(&world, ADA, &confirmed).unwrap().changed, 230);
    assert!(make_some(&world));
    let made = ids.iter().filter(|id| partner(&world, **id) == KESTREL_ID).count();
    assert_eq!(made, 50, "the program ends here");
    // The next start makes the others.
    while make_some(&world) {}
    assert!(ids.iter().all(|id| partner(&world, *id) == KESTREL_ID));
    assert_eq!(world.logged(ADA, AuditAction::PartnerOfRecordChanged), 230);
    let organization = world.organization(ADA);
    let chain = world.read(|store| service::verify_chain(store, organization)).unwrap();
    assert!(chain.is_ok(), "{chain:?}");
}

#[test]
fn another_change_builds_on_a_plan_that_is_still_being_made() {
    let world = World::new();
    let ids = buy_many(&world, 130);
    let target = lines(&ids, KESTREL_ID);
    let version = make(&world, ADA, &target).unwrap().etag.0;
    let confirmed = confirm(&world, ADA, &target, version).unwrap();
    decide(&world, ADA, &confirmed).unwrap();
    let (one, last) = (ids[3], ids[129]);
    // Someone who saw the subscription before the plan is told that it has changed.
    let before = get(&world, one);
    let refusal = world.refusal(BILL, |store, context, caller| {
        subscriptions::change_quantity(store, context, caller, one, before.etag.0, 9)
    });
    assert_eq!(refusal, "versionMismatch");
    for id in [one, last] {
        let changed = world.act(BILL, |store, context, caller| {
            subscriptions::change_quantity(store, context, caller, id, before.etag.0 + 1, 9)
        });
        assert_eq!(changed.quantity, 9);
        assert_eq!(partner(&world, id), KESTREL_ID);
    }
    while make_some(&world) {}
    assert!(ids.iter().all(|id| partner(&world, *id) == KESTREL_ID));
    assert_eq!(get(&world, one).quantity, 9, "the plan did not undo it");
    assert_eq!(world.logged(ADA, AuditAction::PartnerOfRecordChanged), 130, "each once");
}

#[test]
fn a_plan_is_not_decided_while_another_one_is_being_made() {
    let world = World::new();
    let ids = buy_many(&world, 130);
    let (first, second) = (lines(&ids, KESTREL_ID), lines(&ids, ""));
    let version = make(&world, ADA, &first).unwrap().etag.0;
    let one = confirm(&world, ADA, &first, version).unwrap();
    let version = make(&world, ADA, &second).unwrap().etag.0;
    let other = confirm(&world, ADA, &second, version).unwrap();
    decide(&world, ADA, &one).unwrap();
    assert_eq!(code(&decide(&world, BILL, &other).unwrap_err()), "versionMismatch");
    while make_some(&world) {}
    assert_eq!(code(&decide(&world, BILL, &other).unwrap_err()), "versionMismatch");
    assert!(ids.iter().all(|id| partner(&world, *id) == KESTREL_ID));
}

#[test]
fn a_plan_that_changed_since_it_was_shown_is_refused() {
    let world = World::new();
    let ids = buy_many(&world, 3);
    let lines = lines(&ids, KESTREL_ID);
    let version = make(&world, ADA, &lines).unwrap().etag.0;
    let confirmed = confirm(&world, ADA, &lines, version).unwrap();
    let changed = get(&world, ids[1]);
    world.act(BILL, |store, context, caller| {
        subscriptions::change_quantity(store, context, caller, ids[1], changed.etag.0, 9)
    });
    let error = confirm(&world, ADA, &lines, version).err().unwrap();
    assert_eq!(code(&error), "versionMismatch");
    assert_eq!(code(&decide(&world, ADA, &confirmed).unwrap_err()), "versionMismatch");
    assert!(ids.iter().all(|id| partner(&world, *id) == MERIDIAN_ID), "nothing was changed");
    assert_eq!(world.mails(KIM).len(), 0);
}

#[test]
fn a_plan_with_a_problem_changes_nothing() {
    let world = World::new();
    let mut ids = buy_many(&world, 3);
    let ended = get(&world, ids[2]);
    world.act(ADA, |store, context, caller| {
        subscriptions::cancel(store, context, caller, ended.id, ended.etag.0)
    });
    ids.push(ids[0]);
    let lines = lines(&ids, KESTREL_ID);
    let plan = make(&world, ADA, &lines).unwrap();
    let problems: Vec<_> =
        plan.problems.iter().map(|problem| (problem.line, problem.code.as_str())).collect();
    assert_eq!(problems, [(3, "subscriptionEnded"), (4, "duplicateLine")]);
    let error = confirm(&world, ADA, &lines, plan.etag.0).err().unwrap();
    assert_eq!(code(&error), "planHasProblems");
}

#[test]
fn subscriptions_of_others_are_unknown() {
    let world = World::new();
    let ids = buy_many(&world, 1);
    let foreign = buy(&world, OLGA, 50).id;
    let plan = make(&world, ADA, &lines(&[ids[0], foreign], KESTREL_ID)).unwrap();
    assert_eq!(plan.problems.len(), 1);
    assert_eq!(plan.problems[0].code, "unknownSubscription");
}

#[test]
fn only_those_who_choose_partners_of_record_make_plans() {
    let world = World::new();
    let ids = buy_many(&world, 1);
    let lines = lines(&ids, KESTREL_ID);
    for (who, why) in
        [(RITA, "billingAdministratorRequired"), (MARA, "customerSetsPartnerOfRecord")]
    {
        assert_eq!(code(&make(&world, who, &lines).unwrap_err()), why, "{who}");
    }
}

#[test]
fn what_is_already_so_is_unchanged() {
    let world = World::new();
    let ids = buy_many(&world, 4);
    let lines = lines(&ids, MERIDIAN_ID);
    let plan = make(&world, ADA, &lines).unwrap();
    assert_eq!((plan.unchanged, plan.changes.len()), (4, 0));
    assert_eq!(apply(&world, ADA, &lines).unwrap(), 0);
}

#[test]
fn a_plan_removes_partners_too() {
    let world = World::new();
    let ids = buy_many(&world, 4);
    assert_eq!(apply(&world, ADA, &lines(&ids, "")).unwrap(), 4);
    assert!(ids.iter().all(|id| partner(&world, *id).is_empty()));
    assert_eq!(world.logged(MARA, AuditAction::PartnerOfRecordRemoved), 4);
}

#[test]
fn a_file_is_read_line_by_line() {
    let world = World::new();
    let ids = buy_many(&world, 2);
    let file =
        format!("subscriptionId,partnerId\r\n{},{KESTREL_ID}\r\n{},\r\nx,0\r\n", ids[0], ids[1]);
    let lines = plan::lines_from_csv(file.as_bytes()).unwrap();
    let plan = make(&world, ADA, &lines).unwrap();
    assert_eq!(plan.changes.len(), 2);
    let codes: BTreeSet<_> = plan.problems.iter().map(|problem| problem.code.clone()).collect();
    assert_eq!(codes, ["leadingZero", "notAnId"].map(str::to_owned).into());
}
