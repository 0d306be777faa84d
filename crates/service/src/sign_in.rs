//! Signing in and out. The caller of these functions verifies the password outside the
//! transaction, because that takes long on purpose.

use api::{ActivityActor, ActivityTarget, AuditAction, ErrorCode, Problem, TargetKind};
use rules::bounds::SESSIONS_OF_ACCOUNT;
use rules::{EmailAddress, HOUR, SECOND, Timestamp};

use crate::audit::{self, AuditEvent};
use crate::error::seconds_until;
use crate::model::{PasswordHash, Session, SignInFailures, User};
use crate::{Caller, Context, Error, Read, Result, Token, TokenHash, Write};

/// Lifetime of a session: a working day, in milliseconds.
pub const SESSION_LIFETIME: i64 = 12 * HOUR;

/// Number of failures without a delay, to allow for typing errors.
const FREE_FAILURES: u32 = 3;
/// Longest delay, in milliseconds. It limits how long an attacker can lock the owner of an
/// account out.
const MAX_DELAY: i64 = 5 * 60 * SECOND;

/// Returns the hash to verify a password against, or `None` for an address without an
/// account. In that case, the caller verifies against a dummy hash, so that both take equally
/// long.
///
/// # Errors
/// [`ErrorCode::TooManyAttempts`], with the seconds to wait; also for unknown addresses.
pub fn password_hash(
    store: &mut dyn Read,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<PasswordHash>> {
    if let Some(failures) = store.sign_in_failures(email)? {
        let next_attempt = failures.last.plus(retry_delay(failures.count));
        if now < next_attempt {
            let retry_after = Some(seconds_until(now, next_attempt));
            return Err(Problem::Other { code: ErrorCode::TooManyAttempts, retry_after }.into());
        }
    }
    Ok(store.user_by_email(email)?.map(|user| user.password))
}

/// Returns the delay after a number of failures, in milliseconds: none for the first three,
/// then 1, 2, 4, … seconds.
fn retry_delay(failures: u32) -> i64 {
    match failures.saturating_sub(FREE_FAILURES) {
        0 => 0,
        more => (SECOND << (more - 1).min(20)).min(MAX_DELAY),
    }
}

/// Starts a session after the password was verified against `verified`.
///
/// # Errors
/// [`ErrorCode::SignInFailed`] if the account or its password has changed in the meantime.
pub fn start_session(
    store: &mut dyn Write,
    context: &mut Context,
    email: &EmailAddress,
    verified: &PasswordHash,
) -> Result<(Token, Caller)> {
    let user = store
        .user_by_email(email)?
        .filter(|user| user.password == *verified)
        .ok_or(Problem::other(ErrorCode::SignInFailed))?;
    let organization = crate::view::existing_organization(store, user.organization)?;
    store.set_sign_in_failures(email, None)?;
    store.delete_expired(context.now)?;
    let token = context.token();
    let session = Session {
        token: token.hash(),
        user: user.id,
        organization: user.organization,
        created: context.now,
        expires: context.now.plus(SESSION_LIFETIME),
    };
    store.insert_session(&session)?;
    store.keep_latest_sessions(user.organization, user.id, SESSIONS_OF_ACCOUNT)?;
    let event = event(audit::actor(&user, &organization), AuditAction::SignedIn, &user);
    audit::append(store, context, user.organization, event)?;
    Ok((token, Caller { user, organization, session }))
}

/// Records a failed attempt to sign in, for an address with or without an account.
pub fn record_failure(
    store: &mut dyn Write,
    context: &Context,
    email: &EmailAddress,
) -> Result<()> {
    let previous = store.sign_in_failures(email)?.map_or(0, |failures| failures.count);
    let failures = SignInFailures { count: previous.saturating_add(1), last: context.now };
    store.set_sign_in_failures(email, Some(failures))?;
    // Guesses at addresses without an account pile up for a day at most.
    store.delete_expired(context.now)?;
    if let Some(user) = store.user_by_email(email)? {
        let unknown =
            ActivityActor { user: None, name: None, organization: None, organization_name: None };
        let event = event(unknown, AuditAction::SignInFailed, &user);
        audit::append(store, context, user.organization, event)?;
    }
    Ok(())
}

/// Returns the caller with this session token, if the session has not ended.
pub fn find_caller(
    store: &mut dyn Read,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<Caller>> {
    Ok(store.caller(token)?.filter(|caller| !caller.session.has_expired(now)))
}

/// Returns the caller with this session token.
///
/// # Errors
/// [`rules::Refusal::SignInRequired`] if the session has ended.
pub fn require_caller(store: &mut dyn Read, token: &TokenHash, now: Timestamp) -> Result<Caller> {
    find_caller(store, token, now)?.ok_or(Error::from(rules::Refusal::SignInRequired))
}

/// Ends the caller's session.
pub fn sign_out(store: &mut dyn Write, context: &Context, caller: &Caller) -> Result<()> {
    store.delete_session(&caller.session.token)?;
    let actor = audit::actor(&caller.user, &caller.organization);
    let event = event(actor, AuditAction::SignedOut, &caller.user);
    audit::append(store, context, caller.organization.id(), event)
}

/// Ends all sessions of the caller's account.
pub fn sign_out_everywhere(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
) -> Result<()> {
    store.delete_sessions(caller.organization.id(), caller.user.id)?;
    let actor = audit::actor(&caller.user, &caller.organization);
    let event = event(actor, AuditAction::SignedOutEverywhere, &caller.user);
    audit::append(store, context, caller.organization.id(), event)
}

fn event(actor: ActivityActor, action: AuditAction, user: &User) -> AuditEvent {
    AuditEvent {
        actor,
        action,
        target: ActivityTarget {
            kind: TargetKind::User,
            id: user.id.to_string(),
            name: user.name.to_string(),
        },
        details: audit::details([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_after_three_failures_up_to_a_limit() {
        let delays: Vec<i64> = (0..7).map(retry_delay).collect();
        assert_eq!(delays, [0, 0, 0, 0, SECOND, 2 * SECOND, 4 * SECOND]);
        assert_eq!(retry_delay(u32::MAX), MAX_DELAY);
    }
}
