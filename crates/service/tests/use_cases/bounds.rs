//! Bounds: just below, at and above, and that what is over does not count.

use api::NewEnquiry;
use rules::bounds::{
    DRAFTS_OF_USER, ENQUIRIES_OF_CUSTOMER, ENQUIRIES_WAITING, INVITATIONS_OF_PARTNER,
    INVITATIONS_TO_CUSTOMER, INVITATIONS_WAITING_AT_CUSTOMER, LOOK_UPS_OF_ORGANIZATION,
    SESSIONS_OF_ACCOUNT,
};
use rules::{DAY, HOUR, Invitation, InvitationId, PartnerId, PartnerType};
use service::{enquiries, invitations, partner_ids, sign_in};

use crate::enquiries::enquiry;
use crate::world::*;

fn send(world: &World, by: &str, to: &str) -> service::Result<api::InvitationResource> {
    let draft = world.draft(by, to, PartnerType::Lob);
    world.attempt(by, |store, context, caller| {
        invitations::send(store, context, caller, draft.id, draft.etag.0)
    })
}

fn withdraw(world: &World, one: &api::InvitationResource) {
    world.act(MARA, |store, context, caller| {
        invitations::withdraw(store, context, caller, one.id, one.etag.0)
    });
}

#[test]
fn a_person_has_as_many_drafts_as_the_bound_says() {
    let world = World::new();
    let draft = |who: &str| {
        let content = world.content(ADA, PartnerType::Lob);
        world.attempt(who, |store, context, caller| {
            invitations::draft(store, context, caller, content)
        })
    };
    let mut last = None;
    for _ in 0..DRAFTS_OF_USER.most {
        last = Some(draft(SAM).unwrap());
    }
    assert_eq!(code(&draft(SAM).unwrap_err()), "tooManyDrafts");
    assert!(draft(MARA).is_ok(), "each person has a bound of its own");
    withdraw(&world, &last.unwrap());
    assert!(draft(SAM).is_ok(), "a withdrawn draft does not count");
    assert_eq!(code(&draft(SAM).unwrap_err()), "tooManyDrafts");
}

#[test]
fn a_partner_sends_a_customer_as_many_invitations_a_day_as_the_bound_says() {
    let world = World::new();
    for number in 0..INVITATIONS_TO_CUSTOMER.most {
        withdraw(&world, &send(&world, MARA, ADA).unwrap());
        if number == 0 {
            world.pass(HOUR);
        }
    }
    let error = send(&world, MARA, ADA).unwrap_err();
    assert_eq!(code(&error), "tooManyInvitationsToCustomer");
    assert!((82_799..=82_801).contains(&wait(&error)), "the first was an hour ago");
    assert!(send(&world, MARA, OLGA).is_ok(), "each customer has a bound of its own");
    assert!(send(&world, KIM, ADA).is_ok(), "and each partner");
    world.pass(23 * HOUR);
    assert!(send(&world, MARA, ADA).is_ok(), "the first is a day old");
    assert_eq!(code(&send(&world, MARA, ADA).unwrap_err()), "tooManyInvitationsToCustomer");
}

#[test]
fn only_so_many_invitations_wait_for_one_customer() {
    let world = World::new();
    let mut sent = Vec::new();
    for _ in 0..INVITATIONS_WAITING_AT_CUSTOMER.most {
        sent.push(send(&world, MARA, ADA).unwrap());
    }
    world.pass(DAY);
    let error = send(&world, MARA, ADA).unwrap_err();
    assert_eq!(code(&error), "tooManyWaitingInvitations");
    assert!(send(&world, MARA, OLGA).is_ok());
    world.act(ADA, |store, context, caller| {
        let one = &sent[0];
        invitations::cancel(store, context, caller, one.id, one.etag.0, None)
    });
    assert!(send(&world, MARA, ADA).is_ok(), "an answered one does not count");
    world.pass(90 * DAY);
    assert!(send(&world, MARA, ADA).is_ok(), "nor do expired ones");
}

#[test]
fn a_partner_sends_as_many_invitations_a_day_as_the_bound_says() {
    let world = World::new();
    let first = world.send(MARA, OLGA, PartnerType::Lob);
    // The others are copies of the first one, since each customer has a lower bound.
    let partner = world.organization(MARA);
    let add_until = |count: u32| {
        world.write(|store, context| {
            let sample = store.invitation(partner, first.id)?.unwrap();
            for _ in 1..count {
                let id = InvitationId::new(context.now, context.id_bits());
                store.insert_invitation(&Invitation { id, ..sample.clone() })?;
            }
            Ok(())
        })
    };
    add_until(INVITATIONS_OF_PARTNER.most - 1).unwrap();
    world.pass(HOUR);
    let last = send(&world, MARA, ADA).unwrap();
    let error = send(&world, MARA, ADA).unwrap_err();
    assert_eq!(code(&error), "tooManyInvitations");
    assert!((82_799..=82_801).contains(&wait(&error)), "the others were sent an hour ago");
    withdraw(&world, &last);
    assert_eq!(code(&send(&world, MARA, ADA).unwrap_err()), "tooManyInvitations");
    assert!(send(&world, KIM, ADA).is_ok(), "each partner has a bound of its own");
    world.pass(23 * HOUR);
    assert!(send(&world, MARA, ADA).is_ok(), "the others are a day old");
}

#[test]
fn sending_again_counts_as_a_mail() {
    let world = World::new();
    let old = send(&world, MARA, ADA).unwrap();
    world.pass(DAY);
    for _ in 1..INVITATIONS_TO_CUSTOMER.most {
        withdraw(&world, &send(&world, MARA, ADA).unwrap());
    }
    let resend = || {
        world.attempt(MARA, |store, context, caller| {
            invitations::resend(store, context, caller, old.id, old.etag.0)
        })
    };
    resend().unwrap();
    assert_eq!(code(&send(&world, MARA, ADA).unwrap_err()), "tooManyInvitationsToCustomer");
}

fn send_enquiries(world: &World, count: usize) -> service::Result<()> {
    let partners = [MARA, KIM].map(|who| world.organization(who));
    let new = NewEnquiry { partners: partners[..count].to_vec(), ..enquiry(world) };
    world
        .attempt(ADA, |store, context, caller| enquiries::send(store, context, caller, &new))
        .map(|_| ())
}

#[test]
fn a_customer_sends_as_many_enquiries_a_day_as_the_bound_says() {
    let world = World::new();
    world.list_profile(MARA);
    world.list_profile(KIM);
    send_enquiries(&world, 1).unwrap();
    world.pass(HOUR);
    for _ in 2..ENQUIRIES_OF_CUSTOMER.most {
        send_enquiries(&world, 1).unwrap();
    }
    let error = send_enquiries(&world, 2).unwrap_err();
    assert_eq!(code(&error), "tooManyEnquiries");
    assert!((82_799..=82_801).contains(&wait(&error)), "the first was an hour ago");
    send_enquiries(&world, 1).unwrap();
    assert_eq!(code(&send_enquiries(&world, 1).unwrap_err()), "tooManyEnquiries");
    world.pass(23 * HOUR);
    send_enquiries(&world, 1).unwrap();
}

#[test]
fn only_so_many_enquiries_wait_for_an_answer() {
    let world = World::new();
    world.list_profile(MARA);
    world.list_profile(KIM);
    let mut sent = 0;
    while sent < ENQUIRIES_WAITING.most {
        send_enquiries(&world, 2).unwrap();
        sent += 2;
        if sent % 20 == 0 {
            world.pass(DAY);
        }
    }
    assert_eq!(code(&send_enquiries(&world, 1).unwrap_err()), "tooManyWaitingEnquiries");
    world.pass(5 * DAY);
    send_enquiries(&world, 1).unwrap();
}

#[test]
fn an_organization_looks_up_as_many_ids_a_day_as_the_bound_says() {
    let world = World::new();
    let ids = |from: u32, to: u32| -> Vec<PartnerId> {
        (from..to).map(|number| number.to_string().parse().unwrap()).collect()
    };
    let look_up = |who: &str, ids: &[PartnerId]| {
        world.act(who, |store, context, caller| {
            partner_ids::record_look_ups(store, context, caller, ids)
        })
    };
    let most = LOOK_UPS_OF_ORGANIZATION.most;
    assert!(look_up(ADA, &ids(1, most)).is_empty());
    world.pass(HOUR);
    let over = look_up(BILL, &ids(1, most + 3));
    assert_eq!(over, ids(most + 1, most + 3), "known ones are free, one more is new");
    let one = "9000001".parse().unwrap();
    let error = world
        .attempt(ADA, |store, context, caller| {
            partner_ids::record_look_up(store, context, caller, &one)
        })
        .unwrap_err();
    assert_eq!(code(&error), "tooManyLookUps");
    assert!((82_799..=82_801).contains(&wait(&error)));
    assert!(look_up(OLGA, &ids(1, 10)).is_empty(), "each organization has a bound of its own");
    world.pass(23 * HOUR);
    assert!(look_up(ADA, &ids(9_000_001, 9_000_100)).is_empty());
}

#[test]
fn signing_in_once_more_ends_the_oldest_session() {
    let world = World::new();
    let (other, _) = world.sign_in(BILL);
    let tokens: Vec<_> = (0..=SESSIONS_OF_ACCOUNT)
        .map(|_| {
            world.pass(1);
            world.sign_in(ADA).0
        })
        .collect();
    let now = world.now();
    let is_valid = |token: &service::Token| {
        world.read(|store| sign_in::find_caller(store, &token.hash(), now)).unwrap().is_some()
    };
    assert!(!is_valid(&tokens[0]));
    assert!(tokens[1..].iter().all(is_valid));
    assert!(is_valid(&other), "the sessions of others stay");
}
