//! What a partner says of itself to those who search.

use api::{ActivityTarget, AuditAction, ErrorCode, NewProfile, TargetKind};
use rules::{OrganizationAction, Profile, Timestamp, check};

use crate::agreements::facts;
use crate::audit::{self, Event};
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// The profile of the caller's organization, a partner. Before anything was written it is
/// an empty one of version 0, which nobody finds.
///
/// # Errors
/// A refusal, or the store's.
pub fn get(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<api::Profile> {
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::ViewProfile, now)?;
    let profile = store.profile(caller.organization.id)?;
    Ok(view::profile(profile.unwrap_or(Profile::empty(caller.organization.id))))
}

/// Replaces the profile of the caller's organization. Whoever writes the first one names
/// version 0.
///
/// # Errors
/// A refusal, a version mismatch, or the store's.
pub fn set(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    version: i64,
    new: NewProfile,
) -> Result<api::Profile> {
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::EditProfile, context.now)?;
    let held = store.profile(caller.organization.id)?.map_or(0, |profile| profile.version);
    if held != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    let profile = new.of(caller.organization.id, held + 1);
    store.set_profile(&profile)?;
    audit::append(
        store,
        context,
        caller.organization.id,
        Event {
            actor: audit::actor(&caller.user, &caller.organization),
            action: AuditAction::ProfileChanged,
            target: ActivityTarget {
                kind: TargetKind::Profile,
                id: caller.organization.id.to_string(),
                name: caller.organization.name.to_string(),
            },
            details: audit::details([("listed", profile.listed.to_string())]),
        },
    )?;
    Ok(view::profile(profile))
}
