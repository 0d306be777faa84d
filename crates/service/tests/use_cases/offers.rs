//! Offers of partners in the cloud operated by 21Vianet, which the customer takes up after
//! accepting the invitation.

use api::{AuditAction, RelationshipResource, SubscriptionResource};
use rules::{
    Offer, OfferKind, PartnerType, SubscriptionState, SubscriptionStatus, TRIAL_LENGTH, Term,
};
use service::{Result, invitations, offers, relationships};

use crate::world::*;

/// Accepts an invitation of Haiyun's with an offer, and returns the relationship.
fn relate(world: &World, kind: PartnerType, offer: Option<OfferKind>) -> RelationshipResource {
    let mut content = world.content(LI, kind);
    content.content.ask_for_admin_roles = false;
    content.content.terms = Some("Terms of Haiyun.".parse().unwrap());
    content.content.offer =
        offer.map(|kind| Offer { kind, product: "Office".parse().unwrap(), quantity: 5 });
    let draft = world
        .act(WANG, |store, context, caller| invitations::draft(store, context, caller, content));
    let sent = world.act(WANG, |store, context, caller| {
        invitations::send(store, context, caller, draft.id, draft.etag.0)
    });
    let agreement = world.agreement_to_accept(LI);
    let accepted = world.act(LI, |store, context, caller| {
        invitations::accept(store, context, caller, sent.id, sent.etag.0, &agreement)
    });
    let (caller, now) = (world.person(LI), world.now());
    world.read(|store| relationships::get(store, &caller, accepted.relationship, now)).unwrap()
}

fn create(world: &World, who: &str, of: &RelationshipResource) -> Result<SubscriptionResource> {
    world.attempt(who, |store, context, caller| {
        offers::create_subscription(store, context, caller, of.id, of.etag.0)
    })
}

#[test]
fn a_trial_ends_by_itself_and_has_the_partner_of_record() {
    let world = World::new();
    let relationship = relate(&world, PartnerType::Reseller, Some(OfferKind::Trial));
    assert!(relationship.offer.is_some());
    let mails = world.mails(WANG).len();
    let trial = create(&world, LI, &relationship).unwrap();
    assert_eq!(trial.state, SubscriptionState::Trial { ends: world.now().plus(TRIAL_LENGTH) });
    assert_eq!((trial.product_name.as_str(), trial.quantity), ("Office", 5));
    assert_eq!((trial.term, trial.unit_price, trial.product), (Term::Year, None, None));
    assert!(trial.offer_of.is_some() && trial.seller.is_some());
    let record = trial.partner_of_record.unwrap();
    assert_eq!(record.partner_id.as_str(), HAIYUN_ID);
    for who in [LI, WANG] {
        assert_eq!(world.logged(who, AuditAction::SubscriptionCreated), 1);
    }
    assert_eq!(world.mails(WANG).len(), mails + 1);
}

#[test]
fn a_purchase_is_active_and_an_advisor_does_not_sell_it() {
    let world = World::new();
    let relationship = relate(&world, PartnerType::Advisor, Some(OfferKind::Purchase));
    let bought = create(&world, LI, &relationship).unwrap();
    assert_eq!(bought.status, SubscriptionStatus::Active);
    assert!(bought.seller.is_none() && bought.partner_of_record.is_some());
}

#[test]
fn an_offer_is_taken_up_once() {
    let world = World::new();
    let relationship = relate(&world, PartnerType::Reseller, Some(OfferKind::Trial));
    create(&world, LI, &relationship).unwrap();
    assert_eq!(code(&create(&world, LI, &relationship).unwrap_err()), "versionMismatch");
    let (caller, now) = (world.person(LI), world.now());
    let current =
        world.read(|store| relationships::get(store, &caller, relationship.id, now)).unwrap();
    assert!(current.offer.is_none());
    assert_eq!(code(&create(&world, LI, &current).unwrap_err()), "noOffer");
    assert_eq!(world.logged(LI, AuditAction::SubscriptionCreated), 1);
}

#[test]
fn an_invitation_without_an_offer_leaves_nothing_to_create() {
    let world = World::new();
    let relationship = relate(&world, PartnerType::Reseller, None);
    assert_eq!(code(&create(&world, LI, &relationship).unwrap_err()), "noOffer");
}

#[test]
fn only_the_customer_takes_up_an_offer() {
    let world = World::new();
    let relationship = relate(&world, PartnerType::Reseller, Some(OfferKind::Trial));
    assert_eq!(code(&create(&world, WANG, &relationship).unwrap_err()), "customerOnly");
    for stranger in [ADA, MARA] {
        assert_eq!(code(&create(&world, stranger, &relationship).unwrap_err()), "notFound");
    }
    assert_eq!(world.logged(LI, AuditAction::SubscriptionCreated), 0);
}
