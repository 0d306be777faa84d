//! Setting and removing the partner of record of a subscription.

use std::collections::BTreeMap;

use api::{ActivityActor, ActivityTarget, AuditAction, TargetKind, routes};
use mail::{MailMessage, PartnerOfRecordMail, SubscriptionLine};
use rules::{
    DisplayName, OrganizationId, PartnerId, PartnerOfRecord, PastPartnerOfRecord,
    RelationshipStatus, Subscription, SubscriptionAction, SubscriptionChange, SubscriptionFacts,
    SubscriptionId, UserRole, check_version,
};

use crate::audit::{self, AuditEvent};
use crate::enquiries::organization_language;
use crate::model::{Organization, OutboxMail};
use crate::outbox::{self, MailEnvelope};
use crate::view::NameCache;
use crate::{Caller, Context, Read, Result, Write, partner_ids, subscriptions, view};

/// Records that a Partner ID is looked up in order to [`set`] it. Must run before that, in its
/// own transaction. Records nothing if the change would be refused for any ID.
///
/// # Errors
/// The refusal of [`rules::bounds::LOOK_UPS_OF_ORGANIZATION`], with the seconds to wait.
pub fn record_look_up(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    partner_id: &PartnerId,
) -> Result<()> {
    load(store, context, caller, id, version, SubscriptionFacts::set_partner_action)?;
    partner_ids::record_look_up(store, context, caller, partner_id)
}

/// Sets or replaces the partner of record of a subscription, and notifies both partners.
/// [`record_look_up`] must run first.
///
/// # Errors
/// [`rules::Refusal::PartnerIdNotFound`] if there is no such ID.
pub fn set(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    partner_id: &PartnerId,
) -> Result<api::SubscriptionResource> {
    let set_action = SubscriptionFacts::set_partner_action;
    let before = load(store, context, caller, id, version, set_action)?;
    let account = partner_ids::find_account(store, partner_id)?;
    change(store, context, caller, before, SubscriptionChange::SetPartnerOfRecord(&account))
}

/// Removes the partner of record of a subscription, and notifies it.
pub fn remove(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
) -> Result<api::SubscriptionResource> {
    let remove_action = |_: &SubscriptionFacts| SubscriptionAction::RemovePartnerOfRecord;
    let before = load(store, context, caller, id, version, remove_action)?;
    change(store, context, caller, before, SubscriptionChange::RemovePartnerOfRecord)
}

/// Loads a subscription, and checks that the caller may do this and named the current version.
/// These checks come before any check of the Partner ID, which is not even looked up for an
/// outdated version.
fn load(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: SubscriptionId,
    version: i64,
    action: impl Fn(&SubscriptionFacts) -> SubscriptionAction,
) -> Result<SubscriptionFacts> {
    let subscription = subscriptions::load_for_change(store, context, caller, id)?;
    let action = action(&subscription);
    check_version(&caller.actor(), &subscription, action, version, context.now)?;
    Ok(subscription)
}

fn change(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    before: SubscriptionFacts,
    change: SubscriptionChange<'_>,
) -> Result<api::SubscriptionResource> {
    let version = before.record.version;
    let (after, tenure) = before.apply(&caller.actor(), change, version, context.now)?;
    let user = audit::actor(&caller.user, &caller.organization);
    save(store, &mut NameCache::default(), context, &user, &after.record, tenure.as_ref())?;
    let (added, removed) = partner_notices(&after.record, tenure);
    notify_partners(
        store,
        context,
        caller,
        &caller.organization,
        added.as_slice(),
        removed.as_slice(),
    )?;
    subscriptions::get(store, caller, after.record.id, context.now)
}

/// Saves a subscription whose partner of record has changed and the tenure that ended, and
/// appends to the logs.
pub(crate) fn save(
    store: &mut dyn Write,
    names: &mut NameCache,
    context: &Context,
    actor: &ActivityActor,
    after: &Subscription,
    tenure: Option<&PastPartnerOfRecord>,
) -> Result<()> {
    store.update_subscription(after)?;
    if let Some(tenure) = tenure {
        store.insert_tenure(tenure)?;
    }
    write_audit_entries(store, names, context, actor, after, tenure.map(|tenure| &tenure.record))
}

/// Appends to the logs of the customer and of the new and the former partner. The entry of a
/// partner does not mention the other one, because that concerns only the customer.
pub(crate) fn write_audit_entries(
    store: &mut dyn Write,
    names: &mut NameCache,
    context: &Context,
    actor: &ActivityActor,
    after: &Subscription,
    former: Option<&PartnerOfRecord>,
) -> Result<()> {
    let current = after.partner_of_record.as_ref();
    let mut append = |organization, former, current| {
        append_audit_entry(store, names, context, actor, after, organization, (former, current))
    };
    append(after.customer, former, current)?;
    let mut partners: Vec<_> =
        former.into_iter().chain(current).map(|record| record.partner).collect();
    partners.dedup();
    for partner in partners {
        let own = |record: &&PartnerOfRecord| record.partner == partner;
        append(partner, former.filter(own), current.filter(own))?;
    }
    Ok(())
}

/// Appends the change from one partner of record to another to the log of one organization.
fn append_audit_entry(
    store: &mut dyn Write,
    names: &mut NameCache,
    context: &Context,
    actor: &ActivityActor,
    subscription: &Subscription,
    organization: OrganizationId,
    (former, current): (Option<&PartnerOfRecord>, Option<&PartnerOfRecord>),
) -> Result<()> {
    let action = match (former, current) {
        (Some(_), Some(_)) => AuditAction::PartnerOfRecordChanged,
        (None, Some(_)) => AuditAction::PartnerOfRecordAdded,
        (Some(_), None) => AuditAction::PartnerOfRecordRemoved,
        (None, None) => return Ok(()),
    };
    let mut details = BTreeMap::new();
    if organization != subscription.customer {
        let customer = names.organization(store, subscription.customer)?;
        details.extend(audit::details([("customer", customer.name().to_string())]));
    }
    for (record, id, name) in
        [(current, "partnerId", "partner"), (former, "formerPartnerId", "formerPartner")]
    {
        if let Some(record) = record {
            let partner = names.organization(store, record.partner)?;
            details.extend(audit::details([
                (id, record.partner_id.to_string()),
                (name, partner.name().to_string()),
            ]));
        }
    }
    let target = ActivityTarget {
        kind: TargetKind::Subscription,
        id: subscription.id.to_string(),
        name: subscription.product_name.to_string(),
    };
    let event = AuditEvent { actor: actor.clone(), action, target, details };
    audit::append(store, context, organization, event)
}

/// A new or former partner of record of a subscription, who is to be notified.
pub(crate) struct PartnerNotice {
    /// Partner.
    pub(crate) record: PartnerOfRecord,
    /// Product of the subscription.
    pub(crate) product: DisplayName,
    /// Number of licenses.
    pub(crate) quantity: u32,
}

impl PartnerNotice {
    /// Makes the notice for a partner and a subscription.
    pub(crate) fn new(record: PartnerOfRecord, subscription: &Subscription) -> Self {
        Self { record, product: subscription.product_name.clone(), quantity: subscription.quantity }
    }
}

/// Returns the notices for the new and the former partner of record after a change. A partner
/// that stays with another of its Partner IDs is not a former one.
pub(crate) fn partner_notices(
    after: &Subscription,
    tenure: Option<PastPartnerOfRecord>,
) -> (Option<PartnerNotice>, Option<PartnerNotice>) {
    let notice = |record| PartnerNotice::new(record, after);
    let current = after.partner_of_record.as_ref();
    let former = tenure.map(|tenure| tenure.record);
    let removed =
        former.filter(|former| current.is_none_or(|current| current.partner != former.partner));
    (current.cloned().map(notice), removed.map(notice))
}

/// Puts the mails of [`partner_mails`] into the outbox.
pub(crate) fn notify_partners(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    customer: &Organization,
    added: &[PartnerNotice],
    removed: &[PartnerNotice],
) -> Result<()> {
    for mail in partner_mails(store, context, caller, customer, added, removed)? {
        store.insert_mail(&mail)?;
    }
    Ok(())
}

/// Returns one mail for each Partner ID that was added or removed, listing all subscriptions.
/// It goes to the partner's contact address, in the language of its first Admin agent.
pub(crate) fn partner_mails(
    store: &mut dyn Read,
    context: &mut Context,
    caller: &Caller,
    customer: &Organization,
    added: &[PartnerNotice],
    removed: &[PartnerNotice],
) -> Result<Vec<OutboxMail>> {
    type Writer = fn(&PartnerOfRecordMail<'_>) -> MailMessage;
    let mut mails = Vec::new();
    let kinds: [(_, Writer); 2] = [
        (removed, mail::render_partner_of_record_removed),
        (added, mail::render_partner_of_record_added),
    ];
    for (notices, write) in kinds {
        let mut accounts = BTreeMap::<_, Vec<_>>::new();
        for notice in notices {
            accounts.entry(&notice.record.partner_id).or_default().push(notice);
        }
        for (partner_id, notices) in accounts {
            let Some(first) = notices.first() else { continue };
            let partner = view::existing_organization(store, first.record.partner)?;
            let language = organization_language(store, partner.id(), UserRole::AdminAgent)?;
            let link = customer_page(store, context, customer, &partner)?;
            let subscriptions: Vec<_> = notices
                .iter()
                .map(|notice| SubscriptionLine {
                    product: &notice.product,
                    quantity: notice.quantity,
                })
                .collect();
            let rendered = write(&PartnerOfRecordMail {
                language,
                partner_name: partner.name(),
                partner_id,
                customer_name: customer.name(),
                customer_domain: customer.domain(),
                subscriptions: &subscriptions,
                person: &caller.user.name,
                link: link.as_deref(),
            });
            let envelope = MailEnvelope {
                organization: partner.id(),
                invitation: None,
                to: view::partner(&partner)?.email,
                to_name: partner.name(),
                language,
            };
            mails.push(outbox::new_mail(context, envelope, rendered));
        }
    }
    Ok(mails)
}

/// Returns the address of the partner's page about a customer. There is one only if they have
/// an active relationship, which a partner of record does not need.
fn customer_page(
    store: &mut dyn Read,
    context: &Context,
    customer: &Organization,
    partner: &Organization,
) -> Result<Option<String>> {
    let relationships = store.relationships_between(customer.id(), partner.id())?;
    let active = relationships.iter().find(|one| one.status() == RelationshipStatus::Active);
    Ok(active.map(|one| format!("{}{}/{}", context.public_url, routes::CUSTOMERS_PAGE, one.id)))
}
