//! The profile that customers find a partner by.

use api::{ActivityTarget, AuditAction, ErrorCode, NewProfile, TargetKind};
use rules::{OrganizationAction, Profile, Timestamp, check};

use crate::audit::{self, AuditEvent};
use crate::organizations::facts;
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// Returns the profile of the caller's organization, a partner. Before the first change, this
/// is an empty, unlisted profile with version 0.
pub fn get(store: &mut dyn Read, caller: &Caller, now: Timestamp) -> Result<api::ProfileResource> {
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::ViewProfile, now)?;
    let profile = store.profile(caller.organization.id())?;
    Ok(view::profile(profile.unwrap_or(Profile::empty(caller.organization.id()))))
}

/// Replaces the profile of the caller's organization. The version of the first change is 0.
pub fn set(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    version: i64,
    new: NewProfile,
) -> Result<api::ProfileResource> {
    let partner = facts(store, &caller.organization)?;
    check(&caller.actor(), &partner, OrganizationAction::EditProfile, context.now)?;
    let current = store.profile(caller.organization.id())?.map_or(0, |profile| profile.version);
    if current != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    let profile = new.of(caller.organization.id(), current + 1);
    store.set_profile(&profile)?;
    audit::append(
        store,
        context,
        caller.organization.id(),
        AuditEvent {
            actor: audit::actor(&caller.user, &caller.organization),
            action: AuditAction::ProfileChanged,
            target: ActivityTarget {
                kind: TargetKind::Profile,
                id: caller.organization.id().to_string(),
                name: caller.organization.name().to_string(),
            },
            details: audit::details([("listed", profile.listed.to_string())]),
        },
    )?;
    Ok(view::profile(profile))
}
