//! Refusals for the bounds of [`rules::bounds`].

use rules::Timestamp;
use rules::bounds::{self, Bound};

use crate::{Error, Result};

/// Checks that a bound has room. `is_full` says whether there are as many as
/// [`Bound::full_from`].
pub(crate) fn ensure_room(bound: Bound, is_full: bool) -> Result<()> {
    if is_full { Err(bound.refusal.into()) } else { Ok(()) }
}

/// Checks that a bound on the actions within 24 hours has room. `decided_at` is the time of the
/// [`Bound::full_from`]th latest action.
///
/// # Errors
/// [`Error::NotYet`], with the seconds to wait.
pub(crate) fn ensure_daily_room(
    bound: Bound,
    decided_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    match bounds::room_from(decided_at, now) {
        Some(room_from) => Err(Error::not_yet(bound.refusal, now, room_from)),
        None => Ok(()),
    }
}
