//! Changes of partners of record that are decided and still to be made.
//!
//! A plan has up to 10,000 changes, which take more than a second to write. In one transaction
//! they would keep everyone else from writing for as long. So a plan is decided in one short
//! transaction, which writes all of its changes in blocks, and the changes are made in further
//! transactions, between those of others:
//!
//! - After the decision, the changes are certain. They ask no rule again, and those that a
//!   failure leaves over are made later: by the running program, or after a crash by its next
//!   start.
//! - Every other change of a subscription makes its pending change first, and so builds on the
//!   plan.

use rules::{OrganizationId, PartnerOfRecord, Subscription, SubscriptionId, Timestamp, UserId};

use crate::model::{PartnerChange, PartnerChangeBlock};
use crate::view::NameCache;
use crate::{Caller, Context, Read, Result, Write, partner_of_record};

/// Number of changes of a block, which are made in one transaction. With three entries in logs
/// each, they take about 20 milliseconds.
const BLOCK_SIZE: usize = 50;

/// Returns the blocks for the changes of a plan.
pub(crate) fn into_blocks(
    mut changes: Vec<PartnerChange>,
    customer: OrganizationId,
    decided_by: UserId,
    decided: Timestamp,
) -> Vec<PartnerChangeBlock> {
    changes.sort_unstable_by_key(|change| change.subscription);
    let block = |changes: &[PartnerChange]| {
        let first = changes.first()?.subscription;
        let changes = changes.to_vec();
        Some(PartnerChangeBlock { customer, first, decided, decided_by, changes })
    };
    changes.chunks(BLOCK_SIZE).filter_map(block).collect()
}

/// Makes a block of pending changes of one customer, or of any. Returns whether there was one.
pub fn make_some(
    store: &mut dyn Write,
    context: &Context,
    customer: Option<OrganizationId>,
) -> Result<bool> {
    let Some(block) = store.pending_partner_changes(customer)? else {
        return Ok(false);
    };
    let mut names = NameCache::default();
    for change in &block.changes {
        if let Some(subscription) = store.subscription(block.customer, change.subscription)? {
            make(store, context, &mut names, &block, change, subscription)?;
        }
    }
    store.delete_pending_partner_changes(block.customer, block.first)?;
    Ok(true)
}

/// A block of pending changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingBlock {
    /// Customer.
    pub customer: OrganizationId,
    /// First subscription of the block.
    pub first: SubscriptionId,
    /// When the plan was decided.
    pub decided: Timestamp,
}

/// Returns the first block of pending changes of any customer.
pub fn first_pending(store: &mut dyn Read) -> Result<Option<PendingBlock>> {
    let block = store.pending_partner_changes(None)?;
    Ok(block.map(|PartnerChangeBlock { customer, first, decided, .. }| PendingBlock {
        customer,
        first,
        decided,
    }))
}

/// Returns the caller's organization if changes of it are pending.
pub fn customer_to_finish(store: &mut dyn Read, caller: &Caller) -> Result<Option<OrganizationId>> {
    let customer = caller.organization.id();
    Ok(store.pending_partner_changes(Some(customer))?.map(|_| customer))
}

/// Makes the pending change of a subscription, if it has one.
pub(crate) fn make_one(
    store: &mut dyn Write,
    context: &Context,
    subscription: &Subscription,
) -> Result<()> {
    let near = store.pending_partner_changes_near(subscription.customer, subscription.id)?;
    let Some(mut block) = near else {
        return Ok(());
    };
    let is_of_it = |change: &PartnerChange| change.subscription == subscription.id;
    if let Some(index) = block.changes.iter().position(is_of_it) {
        let change = block.changes.remove(index);
        make(store, context, &mut NameCache::default(), &block, &change, subscription.clone())?;
        store.update_pending_partner_changes(&block)?;
    }
    Ok(())
}

/// Makes a change of a block: saves the subscription and its history, and appends to the logs,
/// with the time of the decision.
fn make(
    store: &mut dyn Write,
    context: &Context,
    names: &mut NameCache,
    block: &PartnerChangeBlock,
    change: &PartnerChange,
    mut subscription: Subscription,
) -> Result<()> {
    let (by, at) = (block.decided_by, block.decided);
    let mut context = context.clone();
    context.now = at;
    let record = change.partner.clone().map(|(partner_id, partner)| PartnerOfRecord {
        partner_id,
        partner,
        since: at,
        set_by: by,
    });
    let tenure = subscription.replace_partner_of_record(record, by, at);
    let actor = names.actor(store, block.customer, by)?;
    partner_of_record::save(store, names, &context, &actor, &subscription, tenure.as_ref())
}
