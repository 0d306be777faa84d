//! Invitations: drafting, sending, sending again, withdrawing, canceling and accepting.

use api::{AuditAction, CustomerRef, InvitationResource, MailStatus};
use rules::{
    AdminRole, AgreementToAccept, DAY, InvitationStatus, Language, Offer, OfferKind, PartnerType,
    RelationshipStatus,
};
use service::{Caller, Context, Result, TokenHash, Write, invitations, relationships};

use crate::world::*;

const LIFETIME: i64 = 90 * DAY;

type UseCase = fn(
    &mut dyn Write,
    &mut Context,
    &Caller,
    rules::InvitationId,
    i64,
) -> Result<InvitationResource>;

fn cancel(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: rules::InvitationId,
    version: i64,
) -> Result<InvitationResource> {
    invitations::cancel(store, context, caller, id, version, None)
}

fn answer(
    world: &World,
    who: &str,
    one: &InvitationResource,
    answer: UseCase,
) -> InvitationResource {
    world.act(who, |store, context, caller| answer(store, context, caller, one.id, one.etag.0))
}

fn refused(world: &World, who: &str, one: &InvitationResource, answer: UseCase) -> String {
    world.refusal(who, |store, context, caller| answer(store, context, caller, one.id, one.etag.0))
}

fn accept(world: &World, who: &str, one: &InvitationResource, agreement: &AgreementToAccept) {
    world.act(who, |store, context, caller| {
        invitations::accept(store, context, caller, one.id, one.etag.0, agreement)
    });
}

fn accept_refused(
    world: &World,
    who: &str,
    one: &InvitationResource,
    agreement: &AgreementToAccept,
) -> String {
    world.refusal(who, |store, context, caller| {
        invitations::accept(store, context, caller, one.id, one.etag.0, agreement)
    })
}

fn get(world: &World, who: &str, one: &InvitationResource) -> Result<InvitationResource> {
    let (caller, now) = (world.person(who), world.now());
    world.read(|store| invitations::get(store, &caller, one.id, now))
}

#[test]
fn a_draft_is_seen_and_logged_on_the_partners_side_alone() {
    let world = World::new();
    let draft = world.draft(SAM, ADA, PartnerType::DelegatedAdministrator);
    assert_eq!(draft.status, InvitationStatus::Draft);
    assert_eq!(
        draft.admin_roles,
        [AdminRole::GlobalAdministrator, AdminRole::HelpdeskAdministrator]
    );
    assert!(get(&world, MARA, &draft).is_ok());
    assert_eq!(code(&get(&world, ADA, &draft).unwrap_err()), "notFound");
    assert_eq!(code(&get(&world, KIM, &draft).unwrap_err()), "notFound");
    assert_eq!(world.log(MARA).first(), Some(&AuditAction::InvitationDrafted));
    assert_eq!(world.logged(ADA, AuditAction::InvitationDrafted), 0);
    assert!(world.mails(ADA).is_empty());
}

#[test]
fn only_sales_and_admin_agents_draft() {
    let world = World::new();
    let draft = |who: &str| {
        let content = world.content(ADA, PartnerType::Lob);
        world.attempt(who, |store, context, caller| {
            invitations::draft(store, context, caller, content)
        })
    };
    assert!(draft(MARA).is_ok() && draft(SAM).is_ok());
    assert_eq!(code(&draft(HUGO).unwrap_err()), "salesAgentRequired");
    assert_eq!(code(&draft(ADA).unwrap_err()), "partnerOnly");
}

#[test]
fn a_draft_names_a_customer_by_its_domain_or_id() {
    let world = World::new();
    let mut content = world.content(ADA, PartnerType::Lob);
    content.customer = CustomerRef::Domain("harbour.example".parse().unwrap());
    let draft = world.act(MARA, |store, context, caller| {
        invitations::draft(store, context, caller, content.clone())
    });
    assert_eq!(draft.customer, world.organization(ADA));
    for wrong in ["nowhere.example", "kestrel.example"] {
        content.customer = CustomerRef::Domain(wrong.parse().unwrap());
        let refusal = world.refusal(MARA, |store, context, caller| {
            invitations::draft(store, context, caller, content.clone())
        });
        assert_eq!(refusal, "invalidFields", "{wrong}: no customer");
    }
}

#[test]
fn a_partner_invites_customers_of_its_clouds_alone() {
    let world = World::new();
    let content = world.content(LI, PartnerType::Lob);
    let refusal = world.refusal(MARA, |store, context, caller| {
        invitations::draft(store, context, caller, content)
    });
    assert_eq!(refusal, "partnerNotInCloud");
}

#[test]
fn the_recipient_belongs_to_the_customers_domain() {
    let world = World::new();
    let mut content = world.content(ADA, PartnerType::Lob);
    content.content.recipient = Some("ada@elsewhere.example".parse().unwrap());
    let refusal = world.refusal(MARA, |store, context, caller| {
        invitations::draft(store, context, caller, content)
    });
    assert_eq!(refusal, "recipientNotOfCustomer");
}

#[test]
fn a_type_without_roles_asks_for_none() {
    let world = World::new();
    let mut content = world.content(ADA, PartnerType::Reseller);
    content.content.ask_for_admin_roles = true;
    let refusal = world.refusal(MARA, |store, context, caller| {
        invitations::draft(store, context, caller, content)
    });
    assert_eq!(refusal, "rolesNotForType");
}

#[test]
fn terms_and_offers_go_with_invitations_in_21vianet_alone() {
    let world = World::new();
    let offer = Offer { kind: OfferKind::Trial, product: "Office".parse().unwrap(), quantity: 5 };
    let mut content = world.content(ADA, PartnerType::Reseller);
    content.content.offer = Some(offer.clone());
    let refusal = world.refusal(MARA, |store, context, caller| {
        invitations::draft(store, context, caller, content)
    });
    assert_eq!(refusal, "offerOnlyIn21Vianet");
    let mut content = world.content(LI, PartnerType::Reseller);
    content.content.offer = Some(offer.clone());
    let draft = world
        .act(WANG, |store, context, caller| invitations::draft(store, context, caller, content));
    assert_eq!(draft.offer, Some(offer));
}

#[test]
fn a_draft_is_edited_but_stays_with_its_customer() {
    let world = World::new();
    let draft = world.draft(SAM, ADA, PartnerType::Lob);
    let edit = |content| {
        world.attempt(MARA, |store, context, caller| {
            invitations::edit(store, context, caller, draft.id, draft.etag.0, content)
        })
    };
    assert_eq!(code(&edit(world.content(OLGA, PartnerType::Lob)).unwrap_err()), "invalidFields");
    let log = world.log(MARA).len();
    let edited = edit(world.content(ADA, PartnerType::Mpsa)).unwrap();
    assert_eq!(edited.relationship_type, PartnerType::Mpsa);
    assert_eq!(world.log(MARA).len(), log, "typing is not logged");
    // The second of two people learns that someone else was first.
    let error = edit(world.content(ADA, PartnerType::OemPc)).unwrap_err();
    assert_eq!(code(&error), "versionMismatch");
}

#[test]
fn sending_mails_a_link_and_is_in_both_logs() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Advisor);
    assert_eq!(sent.status, InvitationStatus::Sent);
    assert_eq!(world.log(MARA).first(), Some(&AuditAction::InvitationSent));
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::InvitationSent));
    let mails = world.mails(ADA);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to.as_str(), ADA);
    assert_eq!(mails[0].invitation, Some(sent.id));
    let (caller, now) = (world.person(ADA), world.now());
    let token = TokenHash::of(&world.token(ADA));
    let found = world.read(|store| invitations::find_by_token(store, &caller, &token, now));
    assert_eq!(found.unwrap().id, sent.id);
}

#[test]
fn a_link_opens_nothing_for_another_organization() {
    let world = World::new();
    world.send(MARA, ADA, PartnerType::Advisor);
    let (caller, now) = (world.person(OLGA), world.now());
    let find = |token: &str| {
        let token = TokenHash::of(token);
        world.read(|store| invitations::find_by_token(store, &caller, &token, now))
    };
    let error = find(&world.token(ADA)).unwrap_err();
    assert_eq!(code(&error), "invitationForOtherOrganization");
    assert_eq!(code(&find("0").unwrap_err()), "notFound");
}

#[test]
fn only_admin_agents_send_and_only_complete_drafts() {
    let world = World::new();
    let draft = world.draft(SAM, ADA, PartnerType::Lob);
    assert_eq!(refused(&world, SAM, &draft, invitations::send), "adminAgentRequired");
    let mut content = world.content(ADA, PartnerType::Lob);
    content.content.recipient = None;
    let incomplete = world
        .act(MARA, |store, context, caller| invitations::draft(store, context, caller, content));
    assert_eq!(refused(&world, MARA, &incomplete, invitations::send), "invitationIncomplete");
    answer(&world, MARA, &draft, invitations::send);
    assert_eq!(world.mails(ADA).len(), 1);
}

#[test]
fn an_invitation_is_sent_once() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    assert_eq!(refused(&world, MARA, &sent, invitations::send), "invitationAlreadySent");
    assert_eq!(world.mails(ADA).len(), 1);
}

#[test]
fn sending_again_waits_a_day_and_replaces_the_link() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let first = world.token(ADA);
    let error = world
        .attempt(MARA, |store, context, caller| {
            invitations::resend(store, context, caller, sent.id, sent.etag.0)
        })
        .unwrap_err();
    assert_eq!(code(&error), "invitationSentRecently");
    assert!((86_400..=86_401).contains(&wait(&error)));
    world.pass(DAY);
    let again = answer(&world, MARA, &sent, invitations::resend);
    assert_eq!(again.status, InvitationStatus::Sent);
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::InvitationResent));
    let second = world.token(ADA);
    assert_ne!(first, second);
    let (caller, now) = (world.person(ADA), world.now());
    let find = |token: &str| {
        let token = TokenHash::of(token);
        world.read(|store| invitations::find_by_token(store, &caller, &token, now))
    };
    assert_eq!(code(&find(&first).unwrap_err()), "notFound");
    assert!(find(&second).is_ok());
    let statuses: Vec<_> = world.mails(ADA).iter().map(|mail| mail.status).collect();
    assert_eq!(statuses, [MailStatus::Waiting, MailStatus::Superseded]);
}

#[test]
fn sending_again_starts_the_ninety_days_again() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    world.pass(LIFETIME - DAY);
    let again = answer(&world, MARA, &sent, invitations::resend);
    world.pass(LIFETIME - 1);
    assert_eq!(get(&world, ADA, &again).unwrap().status, InvitationStatus::Sent);
    world.pass(1);
    assert_eq!(get(&world, ADA, &again).unwrap().status, InvitationStatus::Expired);
}

#[test]
fn an_expired_invitation_is_not_accepted() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let agreement = world.agreement_to_accept(ADA);
    world.pass(LIFETIME);
    assert_eq!(accept_refused(&world, ADA, &sent, &agreement), "invitationExpired");
    assert_eq!(refused(&world, ADA, &sent, cancel), "invitationExpired");
}

#[test]
fn a_withdrawn_draft_is_the_partners_business() {
    let world = World::new();
    let draft = world.draft(MARA, ADA, PartnerType::Lob);
    let withdrawn = answer(&world, MARA, &draft, invitations::withdraw);
    assert_eq!(withdrawn.status, InvitationStatus::Withdrawn);
    assert_eq!(world.logged(ADA, AuditAction::InvitationWithdrawn), 0);
    assert_eq!(code(&get(&world, ADA, &draft).unwrap_err()), "notFound");
}

#[test]
fn withdrawing_stops_the_mail_and_is_in_both_logs() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    answer(&world, MARA, &sent, invitations::withdraw);
    assert_eq!(world.mails(ADA)[0].status, MailStatus::Superseded);
    assert_eq!(world.log(ADA).first(), Some(&AuditAction::InvitationWithdrawn));
    let agreement = world.agreement_to_accept(ADA);
    let now = get(&world, ADA, &sent).unwrap();
    assert_eq!(accept_refused(&world, ADA, &now, &agreement), "invitationWithdrawn");
}

#[test]
fn a_customer_cancels_with_a_reason_that_the_partner_reads() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::DelegatedAdministrator);
    let reason = Some("We have no need.".parse().unwrap());
    let canceled = world.act(ADA, |store, context, caller| {
        invitations::cancel(store, context, caller, sent.id, sent.etag.0, reason)
    });
    assert_eq!(canceled.status, InvitationStatus::Canceled);
    assert_eq!(get(&world, SAM, &sent).unwrap().status, InvitationStatus::Canceled);
    assert_eq!(world.log(MARA).first(), Some(&AuditAction::InvitationCanceled));
}

#[test]
fn only_a_global_administrator_of_the_customer_answers() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let agreement = world.agreement_to_accept(ADA);
    for (who, why) in [
        (BILL, "globalAdministratorRequired"),
        (RITA, "globalAdministratorRequired"),
        (OLGA, "notFound"),
        (KIM, "notFound"),
        (MARA, "invitationForOtherOrganization"),
    ] {
        assert_eq!(accept_refused(&world, who, &sent, &agreement), why, "{who}");
        assert_eq!(refused(&world, who, &sent, cancel), why, "{who}");
    }
}

#[test]
fn accepting_creates_the_relationship_and_accepts_the_agreement() {
    let world = World::new();
    let relationship = world.relate(MARA, ADA, PartnerType::DelegatedAdministrator);
    let (caller, now) = (world.person(ADA), world.now());
    let found = world.read(|store| relationships::get(store, &caller, relationship, now)).unwrap();
    assert_eq!(found.status, RelationshipStatus::Active);
    assert_eq!(found.relationship_type, PartnerType::DelegatedAdministrator);
    assert_eq!(found.admin_roles.len(), 2);
    for who in [ADA, MARA] {
        for action in [AuditAction::InvitationAccepted, AuditAction::RelationshipCreated] {
            assert_eq!(world.logged(who, action), 1, "{who}: {action}");
        }
    }
    assert_eq!(world.logged(ADA, AuditAction::AgreementAccepted), 1);
    assert_eq!(world.mails(ADA)[0].status, MailStatus::Superseded);
}

#[test]
fn the_box_must_be_ticked_for_the_text_that_was_shown() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let agreement = world.agreement_to_accept(ADA);
    let unread = AgreementToAccept { acknowledged: false, ..agreement.clone() };
    assert_eq!(accept_refused(&world, ADA, &sent, &unread), "agreementNotAcknowledged");
    let new = agreement_of_version_2();
    world.write(|store, context| service::agreements::add_document(store, context, new)).unwrap();
    assert_eq!(accept_refused(&world, ADA, &sent, &agreement), "agreementChanged");
    accept(&world, ADA, &sent, &world.agreement_to_accept(ADA));
}

fn agreement_of_version_2() -> service::agreements::NewAgreementDocument {
    agreement(rules::Cloud::Worldwide, 2)
}

#[test]
fn an_invitation_is_accepted_once() {
    let world = World::new();
    let sent = world.send(MARA, ADA, PartnerType::Lob);
    let agreement = world.agreement_to_accept(ADA);
    accept(&world, ADA, &sent, &agreement);
    let code = accept_refused(&world, ADA, &sent, &agreement);
    assert!(["versionMismatch", "invitationAlreadyAccepted"].contains(&code.as_str()), "{code}");
    let accepted = get(&world, ADA, &sent).unwrap();
    assert_eq!(accept_refused(&world, ADA, &accepted, &agreement), "invitationAlreadyAccepted");
    assert_eq!(world.logged(ADA, AuditAction::RelationshipCreated), 1);
}

#[test]
fn accepting_from_a_reseller_that_asks_for_roles_changes_its_relationship() {
    let world = World::new();
    let reseller = world.relate(MARA, ADA, PartnerType::Reseller);
    let both = world.relate(MARA, ADA, PartnerType::ResellerAndDelegatedAdministrator);
    assert_eq!(reseller, both);
    let (caller, now) = (world.person(ADA), world.now());
    let found = world.read(|store| relationships::get(store, &caller, both, now)).unwrap();
    assert_eq!(found.relationship_type, PartnerType::ResellerAndDelegatedAdministrator);
    assert_eq!(world.logged(MARA, AuditAction::RelationshipChanged), 1);
    let other = world.relate(KIM, ADA, PartnerType::Reseller);
    assert_ne!(other, both, "another partner has a relationship of its own");
}

#[test]
fn a_preview_of_the_mail_shows_no_link_that_works() {
    let world = World::new();
    let draft = world.draft(SAM, ADA, PartnerType::Advisor);
    let now = world.now();
    let preview = |who: &str, language| {
        let caller = world.person(who);
        world.read(|store| {
            invitations::mail(store, &caller, draft.id, language, "https://a.example", now)
        })
    };
    let mail = preview(SAM, None).unwrap();
    let token = mail.text.split_once('#').unwrap().1;
    assert!(token.starts_with("0000000000"), "{token}");
    assert_ne!(preview(SAM, Some(Language::German)).unwrap().subject, mail.subject);
    assert_eq!(code(&preview(HUGO, None).unwrap_err()), "notFound");
    assert_eq!(code(&preview(ADA, None).unwrap_err()), "notFound");
}
