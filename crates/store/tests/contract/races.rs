//! Many at once: what happens once happens exactly once.

use std::sync::{Arc, Barrier};
use std::thread;

use api::{AgreementToAccept, Problem};
use rules::{InvitationId, InvitationStatus, Refusal};
use service::{Caller, Error, Read, agreements, invitations};

use crate::engines::{Engine, on_every_engine};
use crate::sample_data::{caller, context, filled, now};

on_every_engine!(an_invitation_is_accepted_once, accepting_and_withdrawing_exclude_each_other,);

/// What somebody needs to accept or withdraw an invitation that waits.
#[derive(Clone)]
struct Waiting {
    invitation: InvitationId,
    version: i64,
    agreement: AgreementToAccept,
    customers: [Caller; 2],
    partner: Caller,
}

fn waiting(store: &mut dyn Read) -> service::Result<Waiting> {
    let customers =
        [caller(store, "anna@brightwater.example")?, caller(store, "daan@brightwater.example")?];
    let partner = caller(store, "mara@meridiancloud.example")?;
    let invitation = store
        .invitations(partner.organisation.id)?
        .into_iter()
        .find(|one| {
            one.customer == customers[0].organisation.id
                && one.status(now()) == InvitationStatus::Sent
        })
        .ok_or(Error::NOT_FOUND)?;
    let hash = agreements::current(store, &customers[0], rules::Language::English, now())?.hash;
    Ok(Waiting {
        invitation: invitation.id,
        version: invitation.version,
        agreement: AgreementToAccept { hash, acknowledged: true },
        customers,
        partner,
    })
}

/// How many acceptances, relationships and audit entries a customer has.
fn counted(store: &mut dyn Read, of: &Caller) -> service::Result<(usize, usize)> {
    let organisation = of.organisation.id;
    Ok((store.acceptances(organisation)?.len(), store.relationships(organisation)?.len()))
}

/// Does this in so many threads that begin together; the results by their number.
fn at_once<T: Send + 'static>(
    threads: u8,
    work: impl Fn(u8) -> T + Clone + Send + 'static,
) -> Vec<T> {
    let barrier = Arc::new(Barrier::new(threads.into()));
    let running: Vec<_> = (0..threads)
        .map(|number| {
            let (work, barrier) = (work.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                work(number)
            })
        })
        .collect();
    running.into_iter().map(|thread| thread.join().unwrap()).collect()
}

fn accept<E: Engine>(engine: &E, waiting: &Waiting, number: u8) -> service::Result<()> {
    let waiting = waiting.clone();
    engine.write(move |store| {
        let caller = &waiting.customers[usize::from(number) % 2];
        invitations::accept(
            store,
            &mut context(100 + number),
            caller,
            waiting.invitation,
            waiting.version,
            &waiting.agreement,
        )
        .map(drop)
    })
}

fn an_invitation_is_accepted_once<E: Engine>(_: &E) {
    let engine = filled::<E>();
    let waiting = engine.read(waiting).unwrap();
    let customer = waiting.customers[0].clone();
    let before = engine.read(|store| counted(store, &customer)).unwrap();
    let (racing, raced) = (engine.clone(), waiting.clone());
    let results = at_once(16, move |number| accept(&racing, &raced, number));
    let accepted = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(accepted, 1);
    for result in results {
        if let Err(error) = result {
            assert!(
                matches!(
                    error,
                    Error::Problem(Problem::Refused(Refusal::InvitationAlreadyAccepted))
                ),
                "{error:?}"
            );
        }
    }
    let after = engine.read(|store| counted(store, &customer)).unwrap();
    assert_eq!(after, (before.0 + 1, before.1 + 1));
    for organisation in [customer.organisation.id, waiting.partner.organisation.id] {
        let chain = engine.read(|store| service::verify_chain(store, organisation)).unwrap();
        assert!(chain.is_ok(), "{chain:?}");
    }
}

fn accepting_and_withdrawing_exclude_each_other<E: Engine>(_: &E) {
    for _ in 0..8 {
        let engine = filled::<E>();
        let waiting = engine.read(waiting).unwrap();
        let customer = waiting.customers[0].clone();
        let before = engine.read(|store| counted(store, &customer)).unwrap();
        let (racing, raced) = (engine.clone(), waiting.clone());
        let results = at_once(2, move |number| {
            if number == 0 {
                return accept(&racing, &raced, number);
            }
            let raced = raced.clone();
            racing.write(move |store| {
                let (id, version) = (raced.invitation, raced.version);
                invitations::withdraw(store, &mut context(9), &raced.partner, id, version).map(drop)
            })
        });
        let won: Vec<bool> = results.iter().map(Result::is_ok).collect();
        let (status, after) = engine
            .read(|store| {
                let id = waiting.invitation;
                let kept = store.invitation(customer.organisation.id, id)?;
                Ok((kept.map(|kept| kept.status(now())), counted(store, &customer)?))
            })
            .unwrap();
        match won.as_slice() {
            [true, false] => {
                assert_eq!(status, Some(InvitationStatus::Accepted));
                assert_eq!(after, (before.0 + 1, before.1 + 1));
            }
            [false, true] => {
                assert_eq!(status, Some(InvitationStatus::Withdrawn));
                assert_eq!(after, before);
            }
            other => panic!("{other:?}: {results:?}"),
        }
    }
}
