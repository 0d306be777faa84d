//! Signing in and out.

use api::AuditAction;
use rules::{HOUR, SECOND};
use service::model::PasswordHash;
use service::sign_in::{
    SESSION_LIFETIME, find_caller, password_hash, record_failure, sign_out, sign_out_everywhere,
    start_session,
};

use crate::world::*;

#[test]
fn a_session_is_found_by_its_token_until_it_expires() {
    let world = World::new();
    let (token, caller) = world.sign_in(ADA);
    assert_eq!(caller.user.email.as_str(), ADA);
    let find = || {
        let now = world.now();
        world.read(|store| find_caller(store, &token.hash(), now)).unwrap()
    };
    assert_eq!(find().unwrap().user.id, caller.user.id);
    world.pass(SESSION_LIFETIME - 1);
    assert!(find().is_some());
    world.pass(1);
    assert!(find().is_none());
}

#[test]
fn signing_in_is_logged() {
    let world = World::new();
    let before = world.logged(ADA, AuditAction::SignedIn);
    world.sign_in(ADA);
    assert_eq!(world.logged(ADA, AuditAction::SignedIn), before + 1);
}

#[test]
fn a_password_that_changed_while_it_was_verified_starts_no_session() {
    let world = World::new();
    let email = ADA.parse().unwrap();
    let old = PasswordHash("another hash".to_owned());
    let error = world.write(|store, context| start_session(store, context, &email, &old));
    assert_eq!(code(&error.err().unwrap()), "signInFailed");
}

#[test]
fn an_unknown_address_has_no_password_and_starts_no_session() {
    let world = World::new();
    let email = "nobody@harbour.example".parse().unwrap();
    let now = world.now();
    assert_eq!(world.read(|store| password_hash(store, &email, now)).unwrap(), None);
    let error = world.write(|store, context| start_session(store, context, &email, &password()));
    assert_eq!(code(&error.err().unwrap()), "signInFailed");
}

#[test]
fn failures_delay_the_next_attempt_also_for_unknown_addresses() {
    for email in [ADA, "nobody@harbour.example"] {
        let world = World::new();
        let email = email.parse().unwrap();
        let ask = || {
            let now = world.now();
            world.read(|store| password_hash(store, &email, now))
        };
        for _ in 0..3 {
            world.write(|store, context| record_failure(store, context, &email)).unwrap();
            assert!(ask().is_ok(), "three typing errors are free");
        }
        world.write(|store, context| record_failure(store, context, &email)).unwrap();
        let error = ask().unwrap_err();
        assert_eq!(code(&error), "tooManyAttempts");
        assert!((1..=2).contains(&wait(&error)));
        world.pass(SECOND);
        assert!(ask().is_ok());
        for _ in 0..30 {
            world.write(|store, context| record_failure(store, context, &email)).unwrap();
        }
        assert!(wait(&ask().unwrap_err()) <= 301, "no one is locked out for long");
    }
}

#[test]
fn a_success_forgets_the_failures() {
    let world = World::new();
    let email = ADA.parse().unwrap();
    for _ in 0..9 {
        world.write(|store, context| record_failure(store, context, &email)).unwrap();
    }
    world.sign_in(ADA);
    let now = world.now();
    assert!(world.read(|store| password_hash(store, &email, now)).unwrap().is_some());
}

#[test]
fn a_failure_is_logged_for_its_account_alone_and_names_no_one() {
    let world = World::new();
    let before = world.log(OLGA).len();
    for email in [ADA, "nobody@school.example"] {
        let email = email.parse().unwrap();
        world.write(|store, context| record_failure(store, context, &email)).unwrap();
    }
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::SignInFailed));
    assert_eq!(world.log(OLGA).len(), before);
}

#[test]
fn failures_of_yesterday_are_deleted_by_the_next_failure_of_anyone() {
    let world = World::new();
    let (old, new) = ("old@x.example".parse().unwrap(), "new@x.example".parse().unwrap());
    world.write(|store, context| record_failure(store, context, &old)).unwrap();
    world.pass(25 * HOUR);
    world.write(|store, context| record_failure(store, context, &new)).unwrap();
    assert!(world.read(|store| Ok(store.sign_in_failures(&old)?)).unwrap().is_none());
    assert!(world.read(|store| Ok(store.sign_in_failures(&new)?)).unwrap().is_some());
}

#[test]
fn signing_out_ends_this_session_alone_and_is_logged() {
    let world = World::new();
    let (kept, _) = world.sign_in(ADA);
    let (token, caller) = world.sign_in(ADA);
    world.write(|store, context| sign_out(store, context, &caller)).unwrap();
    let now = world.now();
    assert!(world.read(|store| find_caller(store, &token.hash(), now)).unwrap().is_none());
    assert!(world.read(|store| find_caller(store, &kept.hash(), now)).unwrap().is_some());
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::SignedOut));
}

#[test]
fn signing_out_everywhere_ends_all_sessions_of_this_account_alone() {
    let world = World::new();
    let (one, _) = world.sign_in(ADA);
    let (of_bill, _) = world.sign_in(BILL);
    let (other, caller) = world.sign_in(ADA);
    world.write(|store, context| sign_out_everywhere(store, context, &caller)).unwrap();
    let now = world.now();
    for token in [one, other] {
        assert!(world.read(|store| find_caller(store, &token.hash(), now)).unwrap().is_none());
    }
    assert!(world.read(|store| find_caller(store, &of_bill.hash(), now)).unwrap().is_some());
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::SignedOutEverywhere));
}

#[test]
fn the_session_names_the_user_and_the_organization() {
    let world = World::new();
    let caller = world.person(BILL);
    let session = world.read(|store| service::organizations::session(store, &caller)).unwrap();
    assert_eq!(session.user.email.as_str(), BILL);
    assert_eq!(session.organization.domain.as_str(), "harbour.example");
    assert_eq!(session.organization.current_agreement, Some(1));
    assert!(session.organization.agreement.is_none());
}
