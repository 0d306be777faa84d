//! Signing in and out. The password itself is compared outside the transaction,
//! by whoever calls: that takes long on purpose.

use api::{ActivityActor, ActivityTarget, AuditAction, ErrorCode, Problem, TargetKind};
use rules::{EmailAddress, HOUR, SECOND, Timestamp};

use crate::audit::{self, Event};
use crate::error::seconds_until;
use crate::model::{PasswordHash, Session, SignInFailures, User};
use crate::{Caller, Context, Error, Read, Result, Token, TokenHash, Write};

/// How long a session lasts: a working day, in milliseconds.
pub const SESSION_LIFETIME: i64 = 12 * HOUR;

/// How many failures are free of delay; people mistype.
const FREE_FAILURES: u32 = 3;
/// The longest delay, in milliseconds. It bounds how long a stranger who guesses can
/// keep the owner of an account out.
const LONGEST_DELAY: i64 = 5 * 60 * SECOND;

/// The hash to compare a password with, or `None` for an address without an account:
/// then the caller compares with a hash of nothing, so that both take as long.
///
/// # Errors
/// Too many attempts, with the seconds to wait; the same for unknown addresses.
pub fn password_of(
    store: &mut dyn Read,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<PasswordHash>> {
    if let Some(failures) = store.sign_in_failures(email)? {
        let again = failures.last.plus(delay(failures.count));
        if now < again {
            let retry_after = Some(seconds_until(now, again));
            return Err(Problem::Other { code: ErrorCode::TooManyAttempts, retry_after }.into());
        }
    }
    Ok(store.user_by_email(email)?.map(|user| user.password))
}

/// How long to wait after so many failures, in milliseconds: nothing for the first
/// three, then 1, 2, 4, … seconds.
fn delay(failures: u32) -> i64 {
    match failures.saturating_sub(FREE_FAILURES) {
        0 => 0,
        more => (SECOND << (more - 1).min(20)).min(LONGEST_DELAY),
    }
}

/// Begins a session for the account whose password was compared and fits.
///
/// # Errors
/// That signing in failed, where the account or its password changed in between.
pub fn succeed(
    store: &mut dyn Write,
    context: &mut Context,
    email: &EmailAddress,
    compared: &PasswordHash,
) -> Result<(Token, Caller)> {
    let user = store
        .user_by_email(email)?
        .filter(|user| user.password == *compared)
        .ok_or(Problem::other(ErrorCode::SignInFailed))?;
    let organization = crate::view::named_organization(store, user.organization)?;
    store.set_sign_in_failures(email, None)?;
    store.forget_expired(context.now)?;
    let token = context.token();
    let session = Session {
        token: token.hash(),
        user: user.id,
        organization: user.organization,
        created: context.now,
        expires: context.now.plus(SESSION_LIFETIME),
    };
    store.insert_session(&session)?;
    let event = event(audit::actor(&user, &organization), AuditAction::SignedIn, &user);
    audit::append(store, context, user.organization, event)?;
    Ok((token, Caller { user, organization, session }))
}

/// Notes that signing in failed, for an address with or without an account.
///
/// # Errors
/// The store's.
pub fn fail(store: &mut dyn Write, context: &Context, email: &EmailAddress) -> Result<()> {
    let before = store.sign_in_failures(email)?.map_or(0, |failures| failures.count);
    let failures = SignInFailures { count: before.saturating_add(1), last: context.now };
    store.set_sign_in_failures(email, Some(failures))?;
    if let Some(user) = store.user_by_email(email)? {
        let nobody =
            ActivityActor { user: None, name: None, organization: None, organization_name: None };
        let event = event(nobody, AuditAction::SignInFailed, &user);
        audit::append(store, context, user.organization, event)?;
    }
    Ok(())
}

/// Whoever holds this token, if its session stands.
///
/// # Errors
/// The store's.
pub fn caller(store: &mut dyn Read, token: &TokenHash, now: Timestamp) -> Result<Option<Caller>> {
    let Some(session) = store.session(token)?.filter(|session| now < session.expires) else {
        return Ok(None);
    };
    let user = store.user(session.organization, session.user)?;
    let organization = store.organization(session.organization)?;
    Ok(user.zip(organization).map(|(user, organization)| Caller { user, organization, session }))
}

/// The same inside a writing transaction, where a session that ended in the meantime
/// is refused.
///
/// # Errors
/// [`rules::Refusal::SignInRequired`], or the store's.
pub fn caller_again(store: &mut dyn Write, token: &TokenHash, now: Timestamp) -> Result<Caller> {
    caller(store, token, now)?.ok_or(Error::from(rules::Refusal::SignInRequired))
}

/// Ends the caller's session.
///
/// # Errors
/// The store's.
pub fn sign_out(store: &mut dyn Write, context: &Context, caller: &Caller) -> Result<()> {
    store.delete_session(&caller.session.token)?;
    let actor = audit::actor(&caller.user, &caller.organization);
    let event = event(actor, AuditAction::SignedOut, &caller.user);
    audit::append(store, context, caller.organization.id, event)
}

/// Ends every session of the caller's account.
///
/// # Errors
/// The store's.
pub fn sign_out_everywhere(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
) -> Result<()> {
    store.delete_sessions(caller.organization.id, caller.user.id)?;
    let actor = audit::actor(&caller.user, &caller.organization);
    let event = event(actor, AuditAction::SignedOutEverywhere, &caller.user);
    audit::append(store, context, caller.organization.id, event)
}

fn event(actor: ActivityActor, action: AuditAction, user: &User) -> Event {
    Event {
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
    fn the_delay_grows_after_three_failures_and_has_an_end() {
        let delays: Vec<i64> = (0..7).map(delay).collect();
        assert_eq!(delays, [0, 0, 0, 0, SECOND, 2 * SECOND, 4 * SECOND]);
        assert_eq!(delay(u32::MAX), LONGEST_DELAY);
    }
}
