//! What a partner says of itself to those who search.

use api::{ActivityTarget, AuditAction, ErrorCode, NewProfile, TargetKind};
use rules::{OrganisationAction, Profile, Timestamp, check};

use crate::agreements::facts;
use crate::audit::{self, Event};
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// The profile of the caller's organisation, a partner. Before anything was written it is
/// an empty one of version 0, which nobody finds.
///
/// # Errors
/// A refusal, or the store's.
pub fn get(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<api::Profile> {
    let partner = facts(store, &caller.organisation)?;
    check(&caller.actor(), &partner, OrganisationAction::ViewProfile, now)?;
    let profile = store.profile(caller.organisation.id)?;
    Ok(view::profile(profile.unwrap_or(Profile::empty(caller.organisation.id))))
}

/// Replaces the profile of the caller's organisation. Whoever writes the first one names
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
    let partner = facts(store, &caller.organisation)?;
    check(&caller.actor(), &partner, OrganisationAction::EditProfile, context.now)?;
    let held = store.profile(caller.organisation.id)?.map_or(0, |profile| profile.version);
    if held != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    let profile = new.of(caller.organisation.id, held + 1);
    store.set_profile(&profile)?;
    audit::append(
        store,
        context,
        caller.organisation.id,
        Event {
            actor: audit::actor(&caller.user, &caller.organisation),
            action: AuditAction::ProfileChanged,
            target: ActivityTarget {
                kind: TargetKind::Profile,
                id: caller.organisation.id.to_string(),
                name: caller.organisation.name.to_string(),
            },
            details: audit::details([("listed", profile.listed.to_string())]),
        },
    )?;
    Ok(view::profile(profile))
}
