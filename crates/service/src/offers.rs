//! What partners offer with their invitations in 21Vianet's cloud: a trial or a purchase,
//! which the customer creates once it has accepted (docs/domain.md, Clouds).

use api::AuditAction;
use rules::{
    OfferKind, PartnerOfRecord, Refusal, RelationshipAction, RelationshipId, Seller, Subscription,
    SubscriptionId, SubscriptionState, TRIAL_LENGTH, Term,
};

use crate::error::of_version;
use crate::model::Organization;
use crate::relationships::{self, Found};
use crate::{Caller, Context, Read, Result, Write, orders, products, subscriptions, view};

/// Creates the trial or the subscription that waits from the offer that came with a
/// relationship, with the partner as its partner of record, and tells the partner. `version`
/// is that of the relationship.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn create(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Subscription> {
    let now = context.now;
    let Found { relationship, customer, offering } = relationships::load(store, caller, id, now)?;
    let (held, offer) = (relationship.version, relationship.offer.clone());
    let changed = relationship.apply(&caller.actor(), RelationshipAction::CreateFromOffer, now);
    let changed = of_version(held, version, changed)?;
    let (offer, invitation) = offer.zip(offering).ok_or(Refusal::NoOffer)?;
    store.update_relationship(&changed)?;
    let partner = view::named_organization(store, changed.partner)?;
    let subscription = Subscription {
        id: SubscriptionId::new(now, context.id_bits()),
        customer: customer.id,
        cloud: changed.cloud,
        product: None,
        product_name: offer.product,
        quantity: offer.quantity,
        term: Term::Year,
        // What it costs is between the customer and the partner, in the partner's terms.
        unit_price: None,
        billing_account: products::payer(store, customer.id)?.id,
        seller: changed.partner_type.resells().then_some(Seller {
            partner: partner.id,
            sells: true,
            agreement_accepted: changed.agreement_accepted,
        }),
        offer_of: Some(invitation),
        state: match offer.kind {
            OfferKind::Trial => SubscriptionState::Trial { ends: now.plus(TRIAL_LENGTH) },
            OfferKind::Purchase => SubscriptionState::Active,
        },
        partner_of_record: adviser(store, context, caller, &partner, &customer)?,
        created: now,
        created_by: caller.user.id,
        created_by_organization: caller.organization.id,
        version: 1,
    };
    store.insert_subscription(&subscription)?;
    let action = AuditAction::SubscriptionCreated;
    subscriptions::note_new(store, context, caller, &subscription, action, Some(partner.id))?;
    orders::begin(store, context, caller, &customer, &subscription)?;
    subscriptions::shown(store, caller, subscription, now)
}

/// The partner as the partner of record of what it offered: by the Partner ID that it goes
/// by where that is of a location, else by its first location. A partner that has none in
/// this cloud is left out.
fn adviser(
    store: &mut dyn Read,
    context: &Context,
    caller: &Caller,
    partner: &Organization,
    customer: &Organization,
) -> Result<Option<PartnerOfRecord>> {
    let own = partner.partner.as_ref().map(|facts| &facts.partner_id);
    let mut accounts = store.partner_accounts(partner.id)?;
    accounts
        .retain(|account| account.ensure_eligible_as_partner_of_record(customer.cloud()).is_ok());
    let chosen = accounts
        .iter()
        .find(|account| Some(&account.partner_id) == own)
        .or_else(|| accounts.first());
    Ok(chosen.map(|account| PartnerOfRecord {
        partner_id: account.partner_id.clone(),
        partner: partner.id,
        since: context.now,
        set_by: caller.user.id,
    }))
}
