//! Microsoft Partner IDs: whose one is, and how many of them can be looked up.

use std::collections::BTreeSet;
use std::slice;

use api::CheckedPartnerId;
use rules::{
    DAY, OrganizationAction, OrganizationId, PartnerAccount, PartnerId, Refusal,
    RelationshipStatus, Timestamp,
};

use crate::agreements::facts;
use crate::{Caller, Context, Read, Result, Write, limits, view};

/// How many Partner IDs an organization can look up within 24 hours. It is far more than
/// anybody's partners have, and far too few to read out the directory by counting.
pub const DAILY_LIMIT: usize = 200;

/// Notes that the caller's organization looks up these Partner IDs, and says which of them
/// the day has no room for. One that it looked up within the last 24 hours costs nothing,
/// nor does one that tells it nothing new: that is or was on a subscription of its own, or
/// belongs to a partner with which it has a relationship.
///
/// Every answer that tells whether an ID exists has to be preceded by this, in a transaction
/// of its own: whoever is refused in the next one has learned something all the same.
///
/// # Errors
/// A refusal, or the store's.
pub fn note_look_ups(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    ids: &[PartnerId],
) -> Result<Vec<PartnerId>> {
    may_check(store, caller, context.now)?;
    let organization = caller.organization.id;
    let done = store.look_ups(organization, context.now.plus(-DAY))?;
    let mut room = DAILY_LIMIT.saturating_sub(done.len());
    let mut known: BTreeSet<PartnerId> = done.into_iter().map(|(id, _)| id).collect();
    if ids.iter().all(|id| known.contains(id)) {
        return Ok(Vec::new());
    }
    known.extend(of_partners(store, organization)?);
    let mut without_room = Vec::new();
    for id in ids {
        if !known.insert(id.clone()) || store.has_named(organization, id)? {
            continue;
        }
        if room == 0 {
            without_room.push(id.clone());
        } else {
            room -= 1;
            store.note_look_up(organization, id, context.now)?;
        }
    }
    Ok(without_room)
}

/// The same of one Partner ID.
///
/// # Errors
/// A refusal; [`api::ErrorCode::TooManyAttempts`] over [`DAILY_LIMIT`], with the seconds to
/// wait; or the store's.
pub fn note_look_up(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    id: &PartnerId,
) -> Result<()> {
    if note_look_ups(store, context, caller, slice::from_ref(id))?.is_empty() {
        return Ok(());
    }
    let done = store.look_ups(caller.organization.id, context.now.plus(-DAY))?;
    let done = done.into_iter().map(|(_, at)| at).collect();
    limits::in_a_day(done, 1, DAILY_LIMIT, context.now)
}

/// The Partner IDs of the partners with which a customer has a relationship now.
fn of_partners(store: &mut dyn Read, customer: OrganizationId) -> Result<Vec<PartnerId>> {
    let relationships = store.relationships(customer)?.into_iter();
    let partners: BTreeSet<_> = relationships
        .filter(|one| one.status() == RelationshipStatus::Active)
        .map(|one| one.partner)
        .collect();
    let mut ids = Vec::new();
    for partner in partners {
        let accounts = store.partner_accounts(partner)?.into_iter();
        ids.extend(accounts.map(|account| account.partner_id));
    }
    Ok(ids)
}

fn may_check(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<()> {
    let organization = facts(store, &caller.organization)?;
    Ok(rules::check(&caller.actor(), &organization, OrganizationAction::CheckPartnerId, now)?)
}

/// Whose this Partner ID is, and whether it can be the partner of record of a subscription
/// of the caller's organization. [`note_look_up`] goes before it.
///
/// # Errors
/// [`Refusal::PartnerIdNotFound`], another refusal, or the store's.
pub fn check(
    store: &mut dyn Read,
    caller: &Caller,
    id: &PartnerId,
    now: Timestamp,
) -> Result<CheckedPartnerId> {
    may_check(store, caller, now)?;
    let account = account(store, id)?;
    let refusal = account.ensure_eligible_as_partner_of_record(caller.organization.cloud()).err();
    let partner = view::named_organization(store, account.partner)?;
    Ok(CheckedPartnerId {
        partner_id: account.partner_id,
        partner: partner.id,
        partner_name: partner.name,
        account_name: account.name,
        kind: account.kind,
        country: account.country,
        city: account.city,
        clouds: account.clouds,
        refusal,
    })
}

/// The account of this Partner ID.
pub(crate) fn account(store: &mut dyn Read, id: &PartnerId) -> Result<PartnerAccount> {
    Ok(store.partner_account(id)?.ok_or(Refusal::PartnerIdNotFound)?)
}
