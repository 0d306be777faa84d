//! Offers that come with invitations in the cloud operated by 21Vianet: a trial or a purchase,
//! which the customer creates after accepting. See docs/domain.md, Clouds.

use api::AuditAction;
use rules::{
    NewSubscription, OfferKind, PartnerOfRecord, Refusal, RelationshipChange, RelationshipId,
    Subscription, SubscriptionId, SubscriptionState, TRIAL_LENGTH, Term,
};

use crate::lists::RelationshipRow;
use crate::model::Organization;
use crate::{
    Caller, Context, Read, Result, Write, orders, products, relationships, subscriptions, view,
};

/// Creates the subscription from the open offer of a relationship, with the partner as its
/// partner of record, and notifies the partner. `version` is that of the relationship.
pub fn create_subscription(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::SubscriptionResource> {
    let now = context.now;
    let RelationshipRow { facts, customer, offered_by, .. } =
        relationships::load(store, caller, id, now)?;
    let offer = facts.offer.clone();
    let create = RelationshipChange::CreateFromOffer;
    let changed = facts.apply(&caller.actor(), create, version, now)?;
    let (offer, invitation) = offer.zip(offered_by).ok_or(Refusal::NoOffer)?;
    let relationship = changed.record;
    store.update_relationship(&relationship)?;
    let partner = view::existing_organization(store, relationship.partner)?;
    // Without a price: it is agreed between the customer and the partner, in the partner's terms.
    let subscription = Subscription {
        seller: relationship.partner_type.resells().then_some(partner.id()),
        offer_of: Some(invitation),
        state: match offer.kind {
            OfferKind::Trial => SubscriptionState::Trial { ends: now.plus(TRIAL_LENGTH) },
            OfferKind::Purchase => SubscriptionState::Active,
        },
        partner_of_record: choose_partner_of_record(store, context, caller, &partner, &customer)?,
        ..Subscription::new(NewSubscription {
            id: SubscriptionId::new(now, context.id_bits()),
            customer: customer.id(),
            cloud: relationship.cloud,
            product_name: offer.product,
            quantity: offer.quantity,
            term: Term::Year,
            billing_account: products::default_billing_account(store, customer.id())?.id,
            created: now,
            created_by: caller.user.id,
            created_by_organization: caller.organization.id(),
        })
    };
    store.insert_subscription(&subscription)?;
    let action = AuditAction::SubscriptionCreated;
    subscriptions::audit_new_subscription(
        store,
        context,
        caller,
        &subscription,
        action,
        Some(partner.id()),
    )?;
    orders::announce_partner_of_record(store, context, caller, &customer, &subscription)?;
    subscriptions::get(store, caller, subscription.id, now)
}

/// Returns the partner as the partner of record of its offer: with its main Partner ID if that
/// is of a location, and otherwise with its first location. `None` if it has no location in
/// this cloud.
fn choose_partner_of_record(
    store: &mut dyn Read,
    context: &Context,
    caller: &Caller,
    partner: &Organization,
    customer: &Organization,
) -> Result<Option<PartnerOfRecord>> {
    let main_id = partner.partner().as_ref().map(|facts| &facts.partner_id);
    let mut accounts = store.partner_accounts(partner.id())?;
    accounts
        .retain(|account| account.ensure_eligible_as_partner_of_record(customer.cloud()).is_ok());
    let chosen = accounts
        .iter()
        .find(|account| Some(&account.partner_id) == main_id)
        .or_else(|| accounts.first());
    Ok(chosen.map(|account| PartnerOfRecord {
        partner_id: account.partner_id.clone(),
        partner: partner.id(),
        since: context.now,
        set_by: caller.user.id,
    }))
}
