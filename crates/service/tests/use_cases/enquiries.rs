//! Enquiries and their answers.

use api::{AuditAction, EnquiryResource, NewEnquiry};
use rules::{DAY, EnquiryContent, EnquiryStatus, OrganizationSize, PartnerType};
use service::{Result, enquiries, invitations};

use crate::world::*;

/// Returns an enquiry of Harbour Bakery to Meridian.
pub(crate) fn enquiry(world: &World) -> NewEnquiry {
    NewEnquiry {
        partners: vec![world.organization(MARA)],
        content: EnquiryContent {
            country: "NL".parse().unwrap(),
            city: None,
            size: OrganizationSize::From1To9,
            needs: "We move our mail.".parse().unwrap(),
            contact_name: "Ada".parse().unwrap(),
            contact_email: ADA.parse().unwrap(),
            contact_phone: None,
        },
    }
}

fn send(world: &World) -> EnquiryResource {
    let new = enquiry(world);
    let sent =
        world.act(ADA, |store, context, caller| enquiries::send(store, context, caller, &new));
    sent.value.into_iter().next().unwrap()
}

fn listed() -> World {
    let world = World::new();
    world.list_profile(MARA);
    world
}

fn get(world: &World, who: &str, one: &EnquiryResource) -> Result<EnquiryResource> {
    let (caller, now) = (world.person(who), world.now());
    world.read(|store| enquiries::get(store, &caller, one.id, now))
}

fn decline(world: &World, who: &str, one: &EnquiryResource) -> Result<EnquiryResource> {
    let reason = "We have no capacity.".parse().unwrap();
    world.attempt(who, |store, context, caller| {
        enquiries::decline(store, context, caller, one.id, one.etag.0, &reason)
    })
}

fn draft_answer(world: &World, one: &EnquiryResource) -> Result<api::InvitationResource> {
    let mut content = world.content(ADA, PartnerType::Advisor);
    content.enquiry = Some(one.id);
    world
        .attempt(MARA, |store, context, caller| invitations::draft(store, context, caller, content))
}

#[test]
fn an_enquiry_is_mailed_to_the_partner_and_in_both_logs() {
    let world = listed();
    let sent = send(&world);
    assert_eq!(sent.status, EnquiryStatus::Sent);
    for who in [ADA, MARA] {
        assert_eq!(world.log(who).first(), Some(&AuditAction::EnquirySent), "{who}");
    }
    assert_eq!(world.mails(MARA)[0].to.as_str(), "hello@meridian.example");
}

#[test]
fn an_enquiry_goes_to_all_of_its_partners_or_to_none() {
    let world = listed();
    let partners = vec![world.organization(MARA), world.organization(KIM)];
    let new = NewEnquiry { partners, ..enquiry(&world) };
    let refusal =
        world.refusal(ADA, |store, context, caller| enquiries::send(store, context, caller, &new));
    assert_eq!(refusal, "invalidFields", "Kestrel is not listed");
    assert!(world.mails(MARA).is_empty());
    assert_eq!(world.logged(MARA, AuditAction::EnquirySent), 0);
}

#[test]
fn only_administrators_of_a_customer_enquire() {
    let world = listed();
    let new = enquiry(&world);
    for (who, why) in [(RITA, "billingAdministratorRequired"), (MARA, "customerOnly")] {
        let refusal = world
            .refusal(who, |store, context, caller| enquiries::send(store, context, caller, &new));
        assert_eq!(refusal, why, "{who}");
    }
}

#[test]
fn the_contact_belongs_to_the_customers_domain() {
    let world = listed();
    let mut new = enquiry(&world);
    new.content.contact_email = "ada@elsewhere.example".parse().unwrap();
    let refusal =
        world.refusal(ADA, |store, context, caller| enquiries::send(store, context, caller, &new));
    assert_eq!(refusal, "recipientNotOfCustomer");
}

#[test]
fn reading_is_noted_once() {
    let world = listed();
    let sent = send(&world);
    assert_eq!(
        get(&world, SAM, &sent).unwrap().status,
        EnquiryStatus::Sent,
        "looking is not reading"
    );
    for who in [SAM, MARA] {
        let read = world.act(who, |store, context, caller| {
            enquiries::mark_read(store, context, caller, sent.id)
        });
        assert_eq!(read.status, EnquiryStatus::Read);
    }
    assert_eq!(world.logged(ADA, AuditAction::EnquiryRead), 1);
}

#[test]
fn declining_tells_the_contact_why() {
    let world = listed();
    let sent = send(&world);
    let declined = decline(&world, SAM, &sent).unwrap();
    assert_eq!(declined.status, EnquiryStatus::Declined);
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::EnquiryDeclined));
    let mail = &world.mails(ADA)[0];
    assert!(mail.to.as_str() == ADA && mail.text.contains("no capacity"), "{}", mail.text);
    assert_eq!(code(&decline(&world, SAM, &declined).unwrap_err()), "enquiryDeclined");
}

#[test]
fn strangers_learn_of_no_enquiry() {
    let world = listed();
    let sent = send(&world);
    for who in [KIM, OLGA] {
        assert_eq!(code(&get(&world, who, &sent).unwrap_err()), "notFound", "{who}");
        assert_eq!(code(&decline(&world, who, &sent).unwrap_err()), "notFound", "{who}");
    }
    assert!(get(&world, RITA, &sent).is_ok());
}

#[test]
fn helpdesk_agents_and_customers_do_not_decline() {
    let world = listed();
    let sent = send(&world);
    assert_eq!(code(&decline(&world, HUGO, &sent).unwrap_err()), "salesAgentRequired");
    assert_eq!(code(&decline(&world, ADA, &sent).unwrap_err()), "partnerOnly");
}

#[test]
fn an_enquiry_expires_after_fourteen_days() {
    let world = listed();
    let sent = send(&world);
    world.pass(14 * DAY);
    assert_eq!(get(&world, ADA, &sent).unwrap().status, EnquiryStatus::Expired);
    assert_eq!(code(&decline(&world, SAM, &sent).unwrap_err()), "enquiryExpired");
    assert_eq!(code(&draft_answer(&world, &sent).unwrap_err()), "enquiryExpired");
}

#[test]
fn sending_an_invitation_answers_the_enquiry() {
    let world = listed();
    let sent = send(&world);
    let draft = draft_answer(&world, &sent).unwrap();
    assert_eq!(
        get(&world, ADA, &sent).unwrap().status,
        EnquiryStatus::Sent,
        "a draft is no answer"
    );
    world.act(MARA, |store, context, caller| {
        invitations::send(store, context, caller, draft.id, draft.etag.0)
    });
    assert_eq!(get(&world, ADA, &sent).unwrap().status, EnquiryStatus::Invited);
    assert_eq!(world.logged(ADA, AuditAction::EnquiryAnswered), 1);
    assert_eq!(code(&draft_answer(&world, &sent).unwrap_err()), "enquiryAnswered");
}

#[test]
fn a_draft_outlives_its_enquiry() {
    let world = listed();
    let sent = send(&world);
    let draft = draft_answer(&world, &sent).unwrap();
    world.pass(15 * DAY);
    world.act(MARA, |store, context, caller| {
        invitations::send(store, context, caller, draft.id, draft.etag.0)
    });
    assert_eq!(get(&world, ADA, &sent).unwrap().status, EnquiryStatus::Expired);
    assert_eq!(world.logged(ADA, AuditAction::EnquiryAnswered), 0);
}

#[test]
fn a_stale_version_declines_nothing() {
    let world = listed();
    let sent = send(&world);
    world.act(SAM, |store, context, caller| enquiries::mark_read(store, context, caller, sent.id));
    assert_eq!(code(&decline(&world, SAM, &sent).unwrap_err()), "versionMismatch");
}
