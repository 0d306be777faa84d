//! How much of something a day has room for.

use api::{ErrorCode, Problem};
use rules::{DAY, Timestamp};

use crate::Result;
use crate::error::seconds_until;

/// Refuses `more` where, with what was done at these times, it would be more than `limit`
/// within 24 hours; says when there is room.
///
/// # Errors
/// [`ErrorCode::TooManyAttempts`], with the seconds to wait.
pub(crate) fn in_a_day(
    mut done: Vec<Timestamp>,
    more: usize,
    limit: usize,
    now: Timestamp,
) -> Result<()> {
    done.retain(|at| now < at.plus(DAY));
    done.sort_unstable_by(|one, other| other.cmp(one));
    let over = (done.len() + more).saturating_sub(limit);
    // Room comes when the oldest `over` of them are a day old; the newest of those is the
    // last to be. Where none are over, there is no such one.
    let Some(last) = done.get(done.len().saturating_sub(over)) else {
        return Ok(());
    };
    let retry_after = Some(seconds_until(now, last.plus(DAY)));
    Err(Problem::Other { code: ErrorCode::TooManyAttempts, retry_after }.into())
}
