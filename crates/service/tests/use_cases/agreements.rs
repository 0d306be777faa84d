//! The Microsoft Customer Agreement.

use api::AuditAction;
use rules::{AgreementToAccept, Cloud, Language};
use service::agreements;

use crate::world::*;

fn accept(
    world: &World,
    who: &str,
    text: &AgreementToAccept,
) -> service::Result<api::AgreementAcceptanceResource> {
    world.attempt(who, |store, context, caller| agreements::accept(store, context, caller, text))
}

#[test]
fn a_billing_administrator_accepts_the_agreement_alone() {
    let world = World::new();
    let accepted = accept(&world, BILL, &world.agreement_to_accept(BILL)).unwrap();
    assert_eq!(accepted.version, 1);
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::AgreementAccepted));
    let again = accept(&world, ADA, &world.agreement_to_accept(ADA)).unwrap_err();
    assert_eq!(code(&again), "agreementAlreadyAccepted");
}

#[test]
fn readers_and_partners_accept_nothing() {
    let world = World::new();
    let text = world.agreement_to_accept(ADA);
    assert_eq!(code(&accept(&world, RITA, &text).unwrap_err()), "billingAdministratorRequired");
    assert_eq!(code(&accept(&world, MARA, &text).unwrap_err()), "customerOnly");
}

#[test]
fn the_box_must_be_ticked() {
    let world = World::new();
    let text = AgreementToAccept { acknowledged: false, ..world.agreement_to_accept(ADA) };
    assert_eq!(code(&accept(&world, ADA, &text).unwrap_err()), "agreementNotAcknowledged");
}

#[test]
fn a_newer_version_is_accepted_again() {
    let world = World::new();
    let old = world.agreement_to_accept(ADA);
    accept(&world, ADA, &old).unwrap();
    let new = agreement(Cloud::Worldwide, 2);
    world.write(|store, context| agreements::add_document(store, context, new)).unwrap();
    assert_eq!(code(&accept(&world, ADA, &old).unwrap_err()), "agreementChanged");
    assert_eq!(accept(&world, ADA, &world.agreement_to_accept(ADA)).unwrap().version, 2);
}

#[test]
fn a_document_never_changes() {
    let world = World::new();
    let again = agreement(Cloud::Worldwide, 1);
    let error =
        world.write(|store, context| agreements::add_document(store, context, again)).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
}

#[test]
fn readers_of_other_languages_get_the_english_text() {
    let world = World::new();
    let (caller, now) = (world.person(ADA), world.now());
    let shown =
        world.read(|store| agreements::current(store, &caller, Language::German, now)).unwrap();
    assert_eq!(shown.language, Language::English);
}

#[test]
fn each_cloud_has_its_own_text() {
    let world = World::new();
    let worldwide = world.agreement_to_accept(ADA);
    assert_ne!(worldwide.hash, world.agreement_to_accept(LI).hash);
    assert_eq!(code(&accept(&world, LI, &worldwide).unwrap_err()), "agreementChanged");
}
