//! The outbox, as the delivery uses it.

use api::MailStatus;
use rules::{DAY, HOUR, MINUTE, MailId, PartnerType};
use service::model::OutboxMail;
use service::{invitations, outbox};

use crate::world::*;

fn due(world: &World) -> Vec<OutboxMail> {
    let now = world.now();
    world.read(|store| outbox::due(store, now, 10)).unwrap()
}

fn waiting() -> (World, MailId) {
    let world = World::new();
    world.send(MARA, ADA, PartnerType::Lob);
    let id = due(&world)[0].id;
    (world, id)
}

fn mail(world: &World, id: MailId) -> OutboxMail {
    world.read(|store| Ok(store.mail(id)?)).unwrap().unwrap()
}

fn fail(world: &World, id: MailId, is_final: bool) {
    let failed = world
        .write(|store, context| outbox::mark_failed(store, id, "450 later", is_final, context.now));
    failed.unwrap();
}

#[test]
fn a_new_mail_is_due_at_once() {
    let (world, id) = waiting();
    assert_eq!(due(&world).len(), 1);
    let now = world.now();
    assert!(world.read(|store| outbox::is_wanted(store, id, now)).unwrap());
}

#[test]
fn a_sent_mail_loses_its_text_and_is_done() {
    let (world, id) = waiting();
    let now = world.now();
    world.write(|store, _| outbox::mark_sent(store, id, now)).unwrap();
    let sent = mail(&world, id);
    assert_eq!((sent.status, sent.attempts), (MailStatus::Sent, 1));
    assert!(sent.text.is_empty() && sent.html.is_empty());
    assert!(due(&world).is_empty());
}

#[test]
fn failures_are_tried_again_after_growing_delays() {
    let (world, id) = waiting();
    for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
        fail(&world, id, false);
        assert_eq!(mail(&world, id).next, world.now().plus(minutes * MINUTE));
        assert!(due(&world).is_empty());
        world.pass(minutes * MINUTE);
        assert_eq!(due(&world).len(), 1);
    }
    assert_eq!(mail(&world, id).last_error.as_deref(), Some("450 later"));
}

#[test]
fn a_final_failure_is_not_tried_again() {
    let (world, id) = waiting();
    fail(&world, id, true);
    assert_eq!(mail(&world, id).status, MailStatus::Failed);
    world.pass(9 * DAY);
    assert!(due(&world).is_empty());
}

#[test]
fn a_hundred_failures_are_enough() {
    let (world, id) = waiting();
    for attempt in 1..=100 {
        assert_eq!(mail(&world, id).status, MailStatus::Waiting, "{attempt}");
        fail(&world, id, false);
        world.pass(HOUR);
    }
    assert_eq!(mail(&world, id).status, MailStatus::Failed);
}

#[test]
fn the_mail_of_an_expired_invitation_is_not_wanted() {
    let (world, id) = waiting();
    world.pass(90 * DAY);
    let now = world.now();
    assert!(!world.read(|store| outbox::is_wanted(store, id, now)).unwrap());
}

#[test]
fn a_failure_while_it_was_superseded_leaves_it_superseded() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let id = due(&world)[0].id;
    world.act(MARA, |store, context, caller| {
        invitations::withdraw(store, context, caller, sent.id, sent.etag.0)
    });
    fail(&world, id, false);
    assert_eq!(mail(&world, id).status, MailStatus::Superseded);
}

#[test]
fn a_mail_that_was_sent_meanwhile_stays_sent() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let id = due(&world)[0].id;
    let now = world.now();
    world.write(|store, _| outbox::mark_sent(store, id, now)).unwrap();
    world.act(MARA, |store, context, caller| {
        invitations::withdraw(store, context, caller, sent.id, sent.etag.0)
    });
    assert_eq!(mail(&world, id).status, MailStatus::Sent);
}

#[test]
fn the_outbox_is_read_by_global_administrators_alone() {
    let (world, id) = waiting();
    let now = world.now();
    let read = |who: &str| {
        let caller = world.person(who);
        world.read(|store| outbox::get(store, &caller, id, now))
    };
    assert!(read(ADA).is_ok());
    for who in [BILL, RITA] {
        assert_eq!(code(&read(who).unwrap_err()), "globalAdministratorRequired", "{who}");
    }
    assert_eq!(code(&read(OLGA).unwrap_err()), "notFound");
}
