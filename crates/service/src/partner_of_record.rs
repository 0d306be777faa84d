//! The partner of record of a subscription: naming it, changing it, removing it.

use std::collections::BTreeMap;

use api::{ActivityTarget, AuditAction, TargetKind, routes};
use mail::{MailMessage, PartnerOfRecordMail, SubscriptionLine};
use rules::{
    DisplayName, OrganizationId, PartnerId, PartnerOfRecord, PastPartnerOfRecord,
    RelationshipStatus, Subscription, SubscriptionAction, SubscriptionChange, SubscriptionId,
    Timestamp, UserRole, check,
};

use crate::audit::{self, Event};
use crate::enquiries::language_of;
use crate::error::of_version;
use crate::model::Organization;
use crate::outbox::{self, Letter};
use crate::view::Names;
use crate::{Caller, Context, Read, Result, Write, partner_ids, subscriptions, view};

/// Notes that a Partner ID is looked up in order to [`set`] it, in a transaction that goes
/// before that one. Nothing is noted where it would be refused whatever the ID is.
///
/// # Errors
/// A refusal; a version mismatch; [`api::ErrorCode::TooManyAttempts`] over
/// [`partner_ids::DAILY_LIMIT`], with the seconds to wait; not found; or the store's.
pub fn look_up(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    partner_id: &PartnerId,
) -> Result<()> {
    load(store, caller, id, version, setting, context.now)?;
    partner_ids::note_look_up(store, context, caller, partner_id)
}

/// Makes the account of this Partner ID the partner of record, in place of the one that
/// there may be, and tells both by mail. [`look_up`] goes before it.
///
/// # Errors
/// [`rules::Refusal::PartnerIdNotFound`], another refusal, a version mismatch, not found,
/// or the store's.
pub fn set(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    partner_id: &PartnerId,
) -> Result<api::Subscription> {
    let before = load(store, caller, id, version, setting, context.now)?;
    let account = partner_ids::account(store, partner_id)?;
    change(store, context, caller, before, SubscriptionChange::SetPartnerOfRecord(&account))
}

/// Leaves the subscription without a partner of record, and tells the one that was.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn remove(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::Subscription> {
    let removing = |_: &Subscription| SubscriptionAction::RemovePartnerOfRecord;
    let before = load(store, caller, id, version, removing, context.now)?;
    change(store, context, caller, before, SubscriptionChange::RemovePartnerOfRecord)
}

/// What naming a partner of record is to this subscription, whichever partner it is.
pub(crate) fn setting(subscription: &Subscription) -> SubscriptionAction {
    match subscription.partner_of_record {
        Some(_) => SubscriptionAction::ChangePartnerOfRecord,
        None => SubscriptionAction::AddPartnerOfRecord,
    }
}

/// The subscription, if the caller may do this with it and knows it as it is. That comes
/// before whatever is wrong with a Partner ID: what was typed for another state of the
/// subscription is neither looked up nor judged.
fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    action: impl Fn(&Subscription) -> SubscriptionAction,
    now: Timestamp,
) -> Result<Subscription> {
    let subscription = subscriptions::load(store, caller, id, now)?;
    let allowed = check(&caller.actor(), &subscription, action(&subscription), now);
    of_version(subscription.version, version, allowed)?;
    Ok(subscription)
}

fn change(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    before: Subscription,
    change: SubscriptionChange<'_>,
) -> Result<api::Subscription> {
    let (after, tenure) = before.apply(&caller.actor(), change, context.now)?;
    save(store, &mut Names::default(), context, caller, &after, tenure.as_ref())?;
    let (added, removed) = credits(&after, tenure);
    tell(store, context, caller, &caller.organization, added.as_slice(), removed.as_slice())?;
    subscriptions::shown(store, caller, after, context.now)
}

/// Saves a subscription whose partner of record changed, with the time that is over, and
/// writes to the logs.
pub(crate) fn save(
    store: &mut dyn Write,
    names: &mut Names,
    context: &Context,
    caller: &Caller,
    after: &Subscription,
    tenure: Option<&PastPartnerOfRecord>,
) -> Result<()> {
    store.update_subscription(after)?;
    if let Some(tenure) = tenure {
        store.insert_tenure(tenure)?;
    }
    note(store, names, context, caller, after, tenure.map(|tenure| &tenure.record))
}

/// Writes to the logs of the customer and of each partner that came or went. A partner is
/// told of itself alone: whom it replaced, or who replaced it, is the customer's business.
pub(crate) fn note(
    store: &mut dyn Write,
    names: &mut Names,
    context: &Context,
    caller: &Caller,
    after: &Subscription,
    former: Option<&PartnerOfRecord>,
) -> Result<()> {
    let present = after.partner_of_record.as_ref();
    let mut append = |organization, former, present| {
        append(store, names, context, caller, after, organization, (former, present))
    };
    append(after.customer, former, present)?;
    let mut partners: Vec<_> =
        former.into_iter().chain(present).map(|record| record.partner).collect();
    partners.dedup();
    for partner in partners {
        let own = |record: &&PartnerOfRecord| record.partner == partner;
        append(partner, former.filter(own), present.filter(own))?;
    }
    Ok(())
}

/// Writes to the log of one organization that this partner of record became that one.
fn append(
    store: &mut dyn Write,
    names: &mut Names,
    context: &Context,
    caller: &Caller,
    subscription: &Subscription,
    organization: OrganizationId,
    (former, present): (Option<&PartnerOfRecord>, Option<&PartnerOfRecord>),
) -> Result<()> {
    let action = match (former, present) {
        (Some(_), Some(_)) => AuditAction::PartnerOfRecordChanged,
        (None, Some(_)) => AuditAction::PartnerOfRecordAdded,
        (Some(_), None) => AuditAction::PartnerOfRecordRemoved,
        (None, None) => return Ok(()),
    };
    let mut details = BTreeMap::new();
    if organization != subscription.customer {
        let customer = names.organization(store, subscription.customer)?;
        details.extend(audit::details([("customer", customer.name.to_string())]));
    }
    for (record, id, name) in
        [(present, "partnerId", "partner"), (former, "formerPartnerId", "formerPartner")]
    {
        if let Some(record) = record {
            let partner = names.organization(store, record.partner)?;
            details.extend(audit::details([
                (id, record.partner_id.to_string()),
                (name, partner.name.to_string()),
            ]));
        }
    }
    let target = ActivityTarget {
        kind: TargetKind::Subscription,
        id: subscription.id.to_string(),
        name: subscription.product_name.to_string(),
    };
    let actor = audit::actor(&caller.user, &caller.organization);
    audit::append(store, context, organization, Event { actor, action, target, details })
}

/// A subscription of which a partner became the partner of record, or ceased to be it.
pub(crate) struct Credit {
    /// The partner.
    pub(crate) record: PartnerOfRecord,
    /// What is subscribed to.
    pub(crate) product: DisplayName,
    /// How many licenses.
    pub(crate) quantity: u32,
}

impl Credit {
    /// That of this partner for this subscription.
    pub(crate) fn of(record: PartnerOfRecord, subscription: &Subscription) -> Self {
        Self { record, product: subscription.product_name.clone(), quantity: subscription.quantity }
    }
}

/// Which partner came, and which went, when a subscription became this one. One that is
/// named by another of its Partner IDs has not gone.
pub(crate) fn credits(
    after: &Subscription,
    tenure: Option<PastPartnerOfRecord>,
) -> (Option<Credit>, Option<Credit>) {
    let credit = |record| Credit::of(record, after);
    let present = after.partner_of_record.as_ref();
    let former = tenure.map(|tenure| tenure.record);
    let gone = former.filter(|former| present.is_none_or(|now| now.partner != former.partner));
    (present.cloned().map(credit), gone.map(credit))
}

/// Tells each partner that came or went, by one mail for each of its Partner IDs, however
/// many subscriptions it is about. It goes to the partner's contact address, in the
/// language of its first Admin agent.
pub(crate) fn tell(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    customer: &Organization,
    added: &[Credit],
    removed: &[Credit],
) -> Result<()> {
    type Writer = fn(&PartnerOfRecordMail<'_>) -> MailMessage;
    let kinds: [(_, Writer); 2] = [
        (removed, mail::render_partner_of_record_removed),
        (added, mail::render_partner_of_record_added),
    ];
    for (credits, write) in kinds {
        let mut accounts = BTreeMap::<_, Vec<_>>::new();
        for credit in credits {
            accounts.entry(&credit.record.partner_id).or_default().push(credit);
        }
        for (partner_id, credits) in accounts {
            let Some(first) = credits.first() else { continue };
            let partner = view::named_organization(store, first.record.partner)?;
            let language = language_of(store, partner.id, UserRole::AdminAgent)?;
            let link = customer_page(store, context, customer, &partner)?;
            let subscriptions: Vec<_> = credits
                .iter()
                .map(|credit| SubscriptionLine {
                    product: &credit.product,
                    quantity: credit.quantity,
                })
                .collect();
            let rendered = write(&PartnerOfRecordMail {
                language,
                partner_name: &partner.name,
                partner_id,
                customer_name: &customer.name,
                customer_domain: &customer.domain,
                subscriptions: &subscriptions,
                person: &caller.user.name,
                link: link.as_deref(),
            });
            let letter = Letter {
                organization: partner.id,
                invitation: None,
                to: view::partner(&partner)?.email,
                to_name: &partner.name,
                language,
            };
            outbox::put(store, context, letter, rendered)?;
        }
    }
    Ok(())
}

/// The address of the page that a partner has about a customer: there is one where they
/// have a relationship, which a partner of record needs not.
fn customer_page(
    store: &mut dyn Read,
    context: &Context,
    customer: &Organization,
    partner: &Organization,
) -> Result<Option<String>> {
    let relationships = store.relationships(partner.id)?;
    let standing = relationships
        .iter()
        .find(|one| one.customer == customer.id && one.status() == RelationshipStatus::Active);
    Ok(standing.map(|one| format!("{}{}/{}", context.public_url, routes::CUSTOMERS_PAGE, one.id)))
}
