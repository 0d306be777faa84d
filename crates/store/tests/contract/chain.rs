//! The hash chain of the audit log is valid after any use case, and shows changes that were made
//! without them.

use proptest::prelude::*;
use rules::OrganizationId;
use service::model::PasswordHash;
use service::{Read, enquiries, invitations, relationships, sign_in, verify_chain};
use store::Memory;

use crate::engines::{Engine, OnDisk, on_every_engine};
use crate::rows;
use crate::sample_data::{caller, context, filled};

on_every_engine!(the_sample_data_verifies);

fn organizations(store: &mut dyn Read) -> service::Result<Vec<OrganizationId>> {
    Ok(store.organizations()?.into_iter().map(|organization| organization.id()).collect())
}

/// Length or first break of each chain.
fn verified<E: Engine>(engine: &E) -> Vec<Result<i64, (i64, String)>> {
    engine
        .read(|store| {
            let mut chains = Vec::new();
            for id in organizations(store)? {
                chains.push(match verify_chain(store, id)? {
                    Ok((length, _)) => Ok(length),
                    Err(broken) => Err((broken.sequence, broken.reason)),
                });
            }
            Ok(chains)
        })
        .unwrap()
}

fn the_sample_data_verifies<E: Engine>(_: &E) {
    let chains = verified(&filled::<E>());
    assert!(chains.iter().all(Result::is_ok), "{chains:?}");
    assert!(chains.iter().flatten().sum::<i64>() > 100, "{chains:?}");
}

/// Runs a use case that may be refused.
fn step<E: Engine>(engine: &E, seed: u8, what: u8, who: usize, with: usize) {
    // The result does not matter: refusals must not break the chain either.
    let _: service::Result<()> = engine.write(move |store| {
        let mut context = context(seed);
        let mut emails = Vec::new();
        for id in organizations(store)? {
            emails.extend(store.users(id)?.into_iter().map(|user| user.email));
        }
        let email = &emails[who % emails.len()];
        let caller = caller(store, email.as_str())?;
        let invitation = rows::invitations(store, caller.organization.id())?;
        let invitation = invitation.get(with % invitation.len().max(1));
        let relationship = rows::relationships(store, caller.organization.id())?;
        let relationship = relationship.get(with % relationship.len().max(1));
        match (what % 10, invitation, relationship) {
            (0, ..) => sign_in::record_failure(store, &context, email),
            (1, ..) => {
                let password = PasswordHash("$argon2id$sample".to_owned());
                sign_in::start_session(store, &mut context, email, &password).map(drop)
            }
            (2, Some(one), _) => {
                invitations::withdraw(store, &mut context, &caller, one.id, one.version).map(drop)
            }
            (3, Some(one), _) => {
                let version = one.version;
                invitations::cancel(store, &mut context, &caller, one.id, version, None).map(drop)
            }
            (4, _, Some(one)) => {
                relationships::delete(store, &mut context, &caller, one.id, one.version).map(drop)
            }
            (5, _, Some(one)) => {
                let version = one.version;
                relationships::remove_admin_roles(store, &mut context, &caller, one.id, version)
                    .map(drop)
            }
            (6, _, Some(one)) => {
                let version = one.version;
                relationships::give_up_admin_roles(store, &mut context, &caller, one.id, version)
                    .map(drop)
            }
            (7, _, Some(one)) => {
                relationships::end(store, &mut context, &caller, one.id, one.version).map(drop)
            }
            (8, Some(one), _) => {
                invitations::resend(store, &mut context, &caller, one.id, one.version).map(drop)
            }
            (9, ..) => {
                let enquiry = rows::enquiries(store, caller.organization.id())?;
                match enquiry.get(with % enquiry.len().max(1)) {
                    Some(one) => enquiries::mark_read(store, &context, &caller, one.id).map(drop),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn chains_are_valid_after_any_run_and_the_same_in_both_stores(
        steps in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..40),
    ) {
        let (memory, disk) = (filled::<Memory>(), filled::<OnDisk>());
        for (seed, (what, who, with)) in (10_u8..).zip(steps) {
            step(&memory, seed, what, who, with);
            step(&disk, seed, what, who, with);
        }
        let chains = verified(&memory);
        prop_assert!(chains.iter().all(Result::is_ok), "{chains:?}");
        prop_assert_eq!(verified(&disk), chains);
    }
}

/// Verifies the log of Brightwater after a change in the file.
fn tampered(statements: &str) -> Result<i64, (i64, String)> {
    let engine = filled::<OnDisk>();
    let organization = engine
        .read(|store| Ok(caller(store, "anna@brightwater.example")?.organization.id()))
        .unwrap();
    let file = rusqlite::Connection::open(engine.path()).unwrap();
    file.execute_batch(
        "DROP TRIGGER audit_rejects_updates; DROP TRIGGER audit_rejects_deletes;
         CREATE TEMP VIEW log AS SELECT * FROM audit WHERE organization =
             (SELECT id FROM organization WHERE domain = 'brightwater.example');",
    )
    .unwrap();
    let statements =
        statements.replace("{of}", &format!("organization = '{organization}' AND sequence"));
    file.execute_batch(&statements).unwrap();
    drop(file);
    engine
        .read(|store| {
            Ok(match verify_chain(store, organization)? {
                Ok((length, _)) => Ok(length),
                Err(broken) => Err((broken.sequence, broken.reason)),
            })
        })
        .unwrap()
}

fn broken_at(statements: &str) -> i64 {
    tampered(statements).unwrap_err().0
}

#[test]
fn changes_in_the_file_are_found_at_their_entry() {
    let length = tampered("").unwrap();
    assert!(length > 20, "{length}");
    // Changed content.
    assert_eq!(
        broken_at(
            "UPDATE audit SET content = replace(content, '\"at\":\"', '\"at\":\"1') WHERE {of} = 7"
        ),
        7
    );
    // A changed target column, by which a history is found.
    assert_eq!(broken_at("UPDATE audit SET target = 'x' WHERE {of} = 7"), 7);
    // A changed hash, which no longer fits the entry.
    assert_eq!(broken_at("UPDATE audit SET hash = substr(hash, 2) || 'g' WHERE {of} = 7"), 7);
    // A deleted entry, which the next entry shows.
    assert_eq!(broken_at("DELETE FROM audit WHERE {of} = 7"), 8);
    assert_eq!(broken_at("DELETE FROM audit WHERE {of} = 1"), 2);
    // Two swapped entries.
    assert_eq!(
        broken_at(
            "UPDATE audit SET sequence = -1 WHERE {of} = 7;
             UPDATE audit SET sequence = 7 WHERE {of} = 9;
             UPDATE audit SET sequence = 9 WHERE {of} = -1;"
        ),
        7
    );
    // An entry from the log of another organization.
    assert_eq!(
        broken_at(
            "UPDATE audit SET (content, hash) = (SELECT content, hash FROM audit AS other
             WHERE other.sequence = 7 AND other.organization <> audit.organization LIMIT 1)
             WHERE {of} = 7"
        ),
        7
    );
}

#[test]
fn the_file_itself_refuses_to_change_or_lose_an_entry() {
    let engine = filled::<OnDisk>();
    let file = rusqlite::Connection::open(engine.path()).unwrap();
    for statement in [
        "UPDATE audit SET content = ''",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE sequence = 1",
    ] {
        let error = file.execute(statement, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{statement}: {error}");
    }
    assert!(verified(&engine).iter().all(Result::is_ok));
}
