//! Changes of partners of record that are decided and still to be made.
//!
//! A plan has up to 10,000 changes, which take about a second to write. In one transaction
//! they would keep everyone else from writing for as long. So a plan is decided in one short
//! transaction, which keeps all of its changes as rows of one small table, and the changes are
//! made in further transactions, between those of others:
//!
//! - After the decision, the changes are certain. They ask no rule again, and after a crash the
//!   next start of the program makes those that are left.
//! - Whoever changes a subscription makes its pending change first, so that every later change
//!   builds on the plan.

use rules::{OrganizationId, Subscription};

use crate::model::PendingPartnerChange;
use crate::view::NameCache;
use crate::{Caller, Context, Read, Result, Write, partner_of_record};

/// Number of changes that one transaction makes. With three entries in logs each, they take
/// about 10 milliseconds.
pub const CHANGES_PER_TRANSACTION: u32 = 100;

/// Makes up to [`CHANGES_PER_TRANSACTION`] pending changes of one customer, or of all. Returns
/// whether there may be more.
pub fn make_some(
    store: &mut dyn Write,
    context: &Context,
    customer: Option<OrganizationId>,
) -> Result<bool> {
    let changes = store.pending_partner_changes(customer, CHANGES_PER_TRANSACTION)?;
    let may_have_more = u32::try_from(changes.len()) == Ok(CHANGES_PER_TRANSACTION);
    let mut names = NameCache::default();
    for change in changes {
        if let Some(subscription) = store.subscription(change.customer, change.subscription)? {
            make(store, context, &mut names, subscription, change)?;
        }
    }
    Ok(may_have_more)
}

/// Returns the caller's organization if changes of it are pending.
pub fn customer_to_finish(store: &mut dyn Read, caller: &Caller) -> Result<Option<OrganizationId>> {
    let customer = caller.organization.id;
    let pending = store.pending_partner_changes(Some(customer), 1)?;
    Ok((!pending.is_empty()).then_some(customer))
}

/// Makes the pending change of a subscription, if it has one.
pub(crate) fn make_one(
    store: &mut dyn Write,
    context: &Context,
    subscription: &Subscription,
) -> Result<()> {
    match store.pending_partner_change(subscription.customer, subscription.id)? {
        Some(change) => {
            make(store, context, &mut NameCache::default(), subscription.clone(), change)
        }
        None => Ok(()),
    }
}

/// Makes a change: saves the subscription and its history, and appends to the logs, with the
/// time of the decision.
fn make(
    store: &mut dyn Write,
    context: &Context,
    names: &mut NameCache,
    mut subscription: Subscription,
    change: PendingPartnerChange,
) -> Result<()> {
    let PendingPartnerChange { customer, record, decided, decided_by, .. } = change;
    let mut context = context.clone();
    context.now = decided;
    let actor = names.actor(store, customer, decided_by)?;
    let tenure = subscription.replace_partner_of_record(record, decided_by, decided);
    partner_of_record::save(store, names, &context, &actor, &subscription, tenure.as_ref())?;
    store.delete_pending_partner_change(customer, subscription.id)?;
    Ok(())
}
