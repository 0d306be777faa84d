//! Relationships: taking roles away, deleting, giving up and ending.

use api::{AuditAction, RelationshipResource};
use rules::{PartnerType, RelationshipId, RelationshipStatus};
use service::{Caller, Context, Result, Write, relationships, subscriptions};

use crate::orders::buy_for;
use crate::world::*;

type UseCase =
    fn(&mut dyn Write, &mut Context, &Caller, RelationshipId, i64) -> Result<RelationshipResource>;

const CHANGES: [UseCase; 4] = [
    relationships::remove_admin_roles,
    relationships::delete,
    relationships::give_up_admin_roles,
    relationships::end,
];

fn get(world: &World, who: &str, id: RelationshipId) -> Result<RelationshipResource> {
    let (caller, now) = (world.person(who), world.now());
    world.read(|store| relationships::get(store, &caller, id, now))
}

fn change(world: &World, who: &str, id: RelationshipId, change: UseCase) -> RelationshipResource {
    let version = get(world, who, id).unwrap().etag.0;
    world.act(who, |store, context, caller| change(store, context, caller, id, version))
}

fn refused(world: &World, who: &str, id: RelationshipId, change: UseCase) -> String {
    let version = get(world, who, id).map_or(1, |found| found.etag.0);
    world.refusal(who, |store, context, caller| change(store, context, caller, id, version))
}

#[test]
fn removing_roles_keeps_the_relationship_and_tells_the_partner() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::DelegatedAdministrator);
    let mails = world.mails(MARA).len();
    let after = change(&world, ADA, id, relationships::remove_admin_roles);
    assert_eq!(after.status, RelationshipStatus::Active);
    assert!(after.admin_roles.is_empty());
    for who in [ADA, MARA] {
        assert_eq!(world.log(who).first(), Some(&AuditAction::AdminRolesRemoved), "{who}");
    }
    assert!(world.mails(MARA).len() >= mails);
    assert_eq!(refused(&world, ADA, id, relationships::remove_admin_roles), "noRolesToRemove");
}

#[test]
fn a_reseller_and_delegated_administrator_without_roles_is_a_reseller() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::ResellerAndDelegatedAdministrator);
    let after = change(&world, ADA, id, relationships::remove_admin_roles);
    assert_eq!(after.relationship_type, PartnerType::Reseller);
    assert_eq!(refused(&world, ADA, id, relationships::remove_admin_roles), "typeHoldsNoRoles");
}

#[test]
fn types_without_roles_have_none_to_remove() {
    for kind in [PartnerType::Mpsa, PartnerType::OemPc, PartnerType::Lob, PartnerType::Reseller] {
        let world = World::new();
        let id = world.relate(MARA, ADA, kind);
        let refusal = refused(&world, ADA, id, relationships::remove_admin_roles);
        assert_eq!(refusal, "typeHoldsNoRoles", "{kind}");
    }
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Partner);
    let refusal = refused(&world, ADA, id, relationships::remove_admin_roles);
    assert_eq!(refusal, "rolesHeldByAccount");
}

#[test]
fn a_customer_deletes_delegated_administrators_and_advisors_alone() {
    for (kind, refusal) in [
        (PartnerType::DelegatedAdministrator, None),
        (PartnerType::Advisor, None),
        (PartnerType::Reseller, Some("resellerEndsRelationship")),
        (PartnerType::ResellerAndDelegatedAdministrator, Some("resellerEndsRelationship")),
        (PartnerType::Mpsa, Some("partnerEndsRelationship")),
        (PartnerType::OemPc, Some("partnerEndsRelationship")),
        (PartnerType::Lob, Some("partnerEndsRelationship")),
    ] {
        let world = World::new();
        let id = world.relate(MARA, ADA, kind);
        match refusal {
            None => {
                let after = change(&world, ADA, id, relationships::delete);
                assert_eq!(after.status, RelationshipStatus::Ended);
                assert_eq!(world.log(MARA).first(), Some(&AuditAction::RelationshipDeleted));
            }
            Some(refusal) => {
                assert_eq!(refused(&world, ADA, id, relationships::delete), refusal, "{kind}");
            }
        }
    }
}

#[test]
fn only_a_global_administrator_takes_access_away() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::DelegatedAdministrator);
    for who in [BILL, RITA] {
        for change in [relationships::remove_admin_roles as UseCase, relationships::delete] {
            assert_eq!(refused(&world, who, id, change), "globalAdministratorRequired", "{who}");
        }
    }
}

#[test]
fn no_one_else_learns_of_a_relationship() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Advisor);
    for who in [OLGA, KIM, LI, WANG] {
        assert_eq!(code(&get(&world, who, id).unwrap_err()), "notFound", "{who}");
        for change in CHANGES {
            assert_eq!(refused(&world, who, id, change), "notFound", "{who}");
        }
    }
}

#[test]
fn each_side_has_its_own_ways_to_end() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Advisor);
    for change in [relationships::remove_admin_roles as UseCase, relationships::delete] {
        assert_eq!(refused(&world, MARA, id, change), "customerOnly");
    }
    for change in [relationships::give_up_admin_roles as UseCase, relationships::end] {
        assert_eq!(refused(&world, ADA, id, change), "partnerOnly");
    }
}

#[test]
fn giving_up_roles_tells_the_customers_administrators() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Advisor);
    let mails = world.mails(ADA).len();
    for who in [SAM, HUGO] {
        let refusal = refused(&world, who, id, relationships::give_up_admin_roles);
        assert_eq!(refusal, "adminAgentRequired", "{who}");
    }
    let after = change(&world, MARA, id, relationships::give_up_admin_roles);
    assert!(after.admin_roles.is_empty());
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::AdminRolesGivenUp));
    let new = world.mails(ADA);
    assert_eq!(new.len(), mails + 1);
    assert_eq!(new[0].to.as_str(), ADA, "the Global administrator, and no one else");
}

#[test]
fn ending_on_the_partners_side_removes_the_roles_too() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::ResellerAndDelegatedAdministrator);
    let after = change(&world, MARA, id, relationships::end);
    assert_eq!(after.status, RelationshipStatus::Ended);
    assert!(after.admin_roles.is_empty());
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::RelationshipEnded));
}

#[test]
fn a_reseller_ends_only_without_active_subscriptions() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Reseller);
    let sold = buy_for(&world, MARA, id);
    assert_eq!(get(&world, MARA, id).unwrap().active_subscriptions, 1);
    assert_eq!(refused(&world, MARA, id, relationships::end), "subscriptionsActive");
    world.act(MARA, |store, context, caller| {
        subscriptions::suspend(store, context, caller, sold.id, sold.etag.0)
    });
    assert_eq!(get(&world, MARA, id).unwrap().active_subscriptions, 0);
    change(&world, MARA, id, relationships::end);
}

#[test]
fn what_has_ended_stays_ended() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Advisor);
    change(&world, ADA, id, relationships::delete);
    for (who, changes) in [(ADA, &CHANGES[..2]), (MARA, &CHANGES[2..])] {
        for change in changes {
            assert_eq!(refused(&world, who, id, *change), "relationshipEnded", "{who}");
        }
    }
}

#[test]
fn a_stale_version_is_refused_before_the_state_and_after_permissions() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::Advisor);
    let stale = get(&world, ADA, id).unwrap().etag.0;
    change(&world, ADA, id, relationships::delete);
    let again = |who: &str| {
        world.refusal(who, |store, context, caller| {
            relationships::delete(store, context, caller, id, stale)
        })
    };
    assert_eq!(again(ADA), "versionMismatch");
    assert_eq!(again(RITA), "globalAdministratorRequired");
}

#[test]
fn the_history_has_what_happened_latest_first() {
    let world = World::new();
    let id = world.relate(MARA, ADA, PartnerType::DelegatedAdministrator);
    change(&world, ADA, id, relationships::remove_admin_roles);
    change(&world, ADA, id, relationships::delete);
    for who in [ADA, MARA] {
        let (caller, now) = (world.person(who), world.now());
        let history =
            world.read(|store| relationships::history(store, &caller, id, now)).unwrap().value;
        let actions: Vec<_> = history.iter().map(|entry| entry.action).collect();
        assert_eq!(
            actions[..2],
            [AuditAction::RelationshipDeleted, AuditAction::AdminRolesRemoved],
            "{who}"
        );
    }
}
