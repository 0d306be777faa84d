//! Look-ups of Microsoft Partner IDs, and their daily limit.

use std::collections::BTreeSet;
use std::slice;

use api::CheckedPartnerId;
use rules::bounds::LOOK_UPS_OF_ORGANIZATION;
use rules::{
    DAY, OrganizationAction, OrganizationId, PartnerAccount, PartnerId, Refusal,
    RelationshipStatus, Timestamp,
};

use crate::organizations::facts;
use crate::{Caller, Context, Read, Result, Write, limits, view};

/// Records that the caller's organization looks up Partner IDs, and returns those that exceed
/// the daily limit. IDs that reveal nothing new do not count: those looked up within the last
/// 24 hours, those that are or were on a subscription of the organization, and those of a
/// partner with which it has a relationship.
///
/// Must run before any answer that reveals whether an ID exists, in its own transaction: even
/// if the next transaction is refused, the caller has learned something.
pub fn record_look_ups(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    ids: &[PartnerId],
) -> Result<Vec<PartnerId>> {
    check_may_look_up(store, caller, context.now)?;
    let organization = caller.organization.id();
    let recent = store.partner_id_look_ups(organization, context.now.plus(-DAY))?;
    let mut remaining = (LOOK_UPS_OF_ORGANIZATION.most as usize).saturating_sub(recent.len());
    let mut known: BTreeSet<PartnerId> = recent.into_iter().map(|(id, _)| id).collect();
    if ids.iter().all(|id| known.contains(id)) {
        return Ok(Vec::new());
    }
    let mut over_limit = Vec::new();
    for id in ids {
        if !known.insert(id.clone())
            || store.has_used_partner_id(organization, id)?
            || is_id_of_a_partner(store, organization, id)?
        {
            continue;
        }
        if remaining == 0 {
            over_limit.push(id.clone());
        } else {
            remaining -= 1;
            store.record_look_up(organization, id, context.now)?;
        }
    }
    Ok(over_limit)
}

/// Records that the caller's organization looks up one Partner ID; see [`record_look_ups`].
///
/// # Errors
/// The refusal of [`LOOK_UPS_OF_ORGANIZATION`], with the seconds to wait.
pub fn record_look_up(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: &PartnerId,
) -> Result<()> {
    if record_look_ups(store, context, caller, slice::from_ref(id))?.is_empty() {
        return Ok(());
    }
    let recent = store.partner_id_look_ups(caller.organization.id(), context.now.plus(-DAY))?;
    let mut times: Vec<_> = recent.into_iter().map(|(_, at)| at).collect();
    times.sort_unstable_by(|one, other| other.cmp(one));
    let place = LOOK_UPS_OF_ORGANIZATION.full_from(1) as usize;
    let decided_at = times.get(place.saturating_sub(1)).copied();
    limits::ensure_daily_room(LOOK_UPS_OF_ORGANIZATION, decided_at, context.now)
}

/// Returns whether a Partner ID is that of a partner with which a customer has an active
/// relationship.
fn is_id_of_a_partner(
    store: &mut dyn Read,
    customer: OrganizationId,
    id: &PartnerId,
) -> Result<bool> {
    let Some(account) = store.partner_account(id)? else {
        return Ok(false);
    };
    let relationships = store.relationships_between(customer, account.partner)?;
    Ok(relationships.iter().any(|one| one.status() == RelationshipStatus::Active))
}

fn check_may_look_up(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<()> {
    let organization = facts(store, &caller.organization)?;
    Ok(rules::check(&caller.actor(), &organization, OrganizationAction::CheckPartnerId, now)?)
}

/// Returns the partner of a Partner ID, and whether it can be the partner of record of the
/// caller's subscriptions. [`record_look_up`] must run first.
///
/// # Errors
/// [`Refusal::PartnerIdNotFound`] if there is no such ID.
pub fn check(
    store: &mut dyn Read,
    caller: &Caller,
    id: &PartnerId,
    now: Timestamp,
) -> Result<CheckedPartnerId> {
    check_may_look_up(store, caller, now)?;
    let account = find_account(store, id)?;
    let refusal = account.ensure_eligible_as_partner_of_record(caller.organization.cloud()).err();
    let partner = view::existing_organization(store, account.partner)?;
    Ok(CheckedPartnerId {
        partner_id: account.partner_id,
        partner: partner.id(),
        partner_name: partner.name().clone(),
        account_name: account.name,
        kind: account.kind,
        country: account.country,
        city: account.city,
        clouds: account.clouds,
        refusal,
    })
}

/// Returns the account of a Partner ID.
pub(crate) fn find_account(store: &mut dyn Read, id: &PartnerId) -> Result<PartnerAccount> {
    Ok(store.partner_account(id)?.ok_or(Refusal::PartnerIdNotFound)?)
}
