//! Concurrent use cases: what must happen once happens exactly once.

use std::sync::{Arc, Barrier};
use std::thread;

use api::{ErrorCode, NewOrder};
use rules::{
    AgreementToAccept, Currency, InvitationId, InvitationStatus, OrderRequestId, OrganizationKind,
    PartnerId, Term,
};
use service::{
    Caller, Error, Read, agreements, invitations, offers, orders, partner_of_record, relationships,
};

use crate::engines::{Engine, on_every_engine};
use crate::rows;
use crate::sample_data::{caller, context, filled, now};

on_every_engine!(
    an_invitation_is_accepted_once,
    accepting_and_withdrawing_exclude_each_other,
    the_same_order_is_placed_once,
    an_offer_is_taken_up_once,
    of_several_who_name_a_partner_of_record_one_does,
);

/// An open invitation, and the users who can accept or withdraw it.
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
    let invitation = rows::invitations(store, partner.organization.id())?
        .into_iter()
        .find(|one| {
            one.customer == customers[0].organization.id()
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

/// Numbers of acceptances, relationships and audit entries of a customer.
fn counted(store: &mut dyn Read, of: &Caller) -> service::Result<(usize, usize)> {
    let organization = of.organization.id();
    Ok((store.acceptances(organization)?.len(), rows::relationships(store, organization)?.len()))
}

/// Runs a function in several threads that start together, and returns their results in order.
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
            let Error::Problem(problem) = error else { panic!("{error:?}") };
            assert_eq!(problem.code(), ErrorCode::VersionMismatch.as_str());
        }
    }
    let after = engine.read(|store| counted(store, &customer)).unwrap();
    assert_eq!(after, (before.0 + 1, before.1 + 1));
    for organization in [customer.organization.id(), waiting.partner.organization.id()] {
        let chain = engine.read(|store| service::verify_chain(store, organization)).unwrap();
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
                let kept = store.invitation(customer.organization.id(), id)?;
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

fn the_same_order_is_placed_once<E: Engine>(_: &E) {
    let engine = filled::<E>();
    let (anna, order, before) = engine
        .read(|store| {
            let anna = caller(store, "anna@brightwater.example")?;
            let product = store
                .products(anna.organization.cloud())?
                .into_iter()
                .find(|product| product.price(Term::Year, Currency::Eur).is_some())
                .ok_or(Error::NOT_FOUND)?;
            let order = NewOrder {
                product: product.id,
                term: Term::Year,
                quantity: 12,
                unit_price: product.price(Term::Year, Currency::Eur).ok_or(Error::NOT_FOUND)?,
                partner_id: None,
                relationship: None,
            };
            let before = rows::subscriptions(store, anna.organization.id())?;
            Ok((anna, order, before))
        })
        .unwrap();
    let request = OrderRequestId::new(now(), 1);
    let (racing, ordering) = (engine.clone(), anna.clone());
    let results = at_once(16, move |number| {
        // The last thread places a different order with the same identifier.
        let quantity = if number == 15 { 13 } else { 12 };
        let (caller, order) = (ordering.clone(), NewOrder { quantity, ..order.clone() });
        racing.write(move |store| {
            orders::place(store, &mut context(100 + number), &caller, request, &order)
        })
    });
    let mut subscriptions: Vec<_> = results.iter().flatten().map(|one| one.id).collect();
    let refused: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    for error in &refused {
        let Error::Problem(problem) = error else { panic!("{error:?}") };
        assert_eq!(problem.code(), ErrorCode::RequestIdReused.as_str());
    }
    assert_eq!(subscriptions.len() + refused.len(), 16);
    subscriptions.dedup();
    assert_eq!(subscriptions.len(), 1);
    let after =
        engine.read(|store| Ok(rows::subscriptions(store, anna.organization.id())?)).unwrap();
    assert_eq!(after.len(), before.len() + 1);
}

fn an_offer_is_taken_up_once<E: Engine>(_: &E) {
    let engine = filled::<E>();
    let (customer, relationship, version, before) = engine
        .read(|store| {
            for organization in store.organizations()? {
                if organization.kind() == OrganizationKind::Partner {
                    continue;
                }
                for user in store.users(organization.id())? {
                    let customer = caller(store, user.email.as_str())?;
                    for one in rows::relationships(store, organization.id())? {
                        let seen = relationships::get(store, &customer, one.id, now())?;
                        let administers =
                            user.roles.contains(&rules::UserRole::GlobalAdministrator);
                        if seen.offer.is_some() && administers {
                            let before = rows::subscriptions(store, organization.id())?.len();
                            return Ok((customer, seen.id, seen.etag.0, before));
                        }
                    }
                }
            }
            Err(Error::NOT_FOUND)
        })
        .unwrap();
    let (racing, creating) = (engine.clone(), customer.clone());
    let results = at_once(16, move |number| {
        let caller = creating.clone();
        racing.write(move |store| {
            offers::create_subscription(
                store,
                &mut context(100 + number),
                &caller,
                relationship,
                version,
            )
        })
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        let Error::Problem(problem) = error else { panic!("{error:?}") };
        assert_eq!(problem.code(), ErrorCode::VersionMismatch.as_str());
    }
    let after = engine
        .read(|store| Ok(rows::subscriptions(store, customer.organization.id())?.len()))
        .unwrap();
    assert_eq!(after, before + 1);
}

fn of_several_who_name_a_partner_of_record_one_does<E: Engine>(_: &E) {
    let engine = filled::<E>();
    let (callers, held, ids) = engine
        .read(|store| {
            let callers = ["anna", "daan"].map(|name| format!("{name}@brightwater.example"));
            let callers = [caller(store, &callers[0])?, caller(store, &callers[1])?];
            let held = rows::subscriptions(store, callers[0].organization.id())?
                .into_iter()
                .find(|one| one.renews(now()).is_some() && one.partner_of_record.is_none())
                .ok_or(Error::NOT_FOUND)?;
            let mut ids = Vec::new();
            for organization in store.organizations()? {
                let accounts = store.partner_accounts(organization.id())?;
                let usable = |one: &rules::PartnerAccount| {
                    one.ensure_eligible_as_partner_of_record(held.cloud).is_ok()
                };
                ids.extend(accounts.into_iter().filter(usable).map(|one| one.partner_id));
            }
            Ok((callers, held, ids))
        })
        .unwrap();
    assert!(ids.len() > 1, "{ids:?}");
    let wanted = move |number: u8| -> PartnerId { ids[usize::from(number) % ids.len()].clone() };
    let (racing, named) = (engine.clone(), wanted.clone());
    let (id, version, organization) = (held.id, held.version, callers[0].organization.id());
    let results = at_once(16, move |number| {
        let (caller, partner) = (callers[usize::from(number) % 2].clone(), named(number));
        racing.write(move |store| {
            let mut context = context(100 + number);
            partner_of_record::set(store, &mut context, &caller, id, version, &partner)
        })
    });
    let won: Vec<u8> = (0..).zip(&results).filter(|(_, one)| one.is_ok()).map(|(n, _)| n).collect();
    let [won] = won.as_slice() else { panic!("{results:?}") };
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        let Error::Problem(problem) = error else { panic!("{error:?}") };
        assert_eq!(problem.code(), ErrorCode::VersionMismatch.as_str());
    }
    let (after, history) = engine
        .read(|store| Ok((store.subscription(organization, id)?, store.tenures(organization, id)?)))
        .unwrap();
    let after = after.unwrap();
    assert_eq!(after.version, version + 1);
    assert_eq!(after.partner_of_record.map(|record| record.partner_id), Some(wanted(*won)));
    assert_eq!(history, []);
}
