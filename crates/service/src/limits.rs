//! Daily limits.

use api::{ErrorCode, Problem};
use rules::{DAY, Timestamp};

use crate::Result;
use crate::error::seconds_until;

/// Checks that `more` operations would not exceed `limit` within 24 hours. `done` holds the
/// times of earlier operations.
///
/// # Errors
/// [`ErrorCode::TooManyAttempts`], with the seconds to wait.
pub(crate) fn ensure_daily_limit(
    mut done: Vec<Timestamp>,
    more: usize,
    limit: usize,
    now: Timestamp,
) -> Result<()> {
    done.retain(|at| now < at.plus(DAY));
    done.sort_unstable_by(|one, other| other.cmp(one));
    let over = (done.len() + more).saturating_sub(limit);
    // There is room again when the oldest `over` operations are a day old. The newest of
    // these decides; with `over` at 0, the index is past the end.
    let Some(last) = done.get(done.len().saturating_sub(over)) else {
        return Ok(());
    };
    let retry_after = Some(seconds_until(now, last.plus(DAY)));
    Err(Problem::Other { code: ErrorCode::TooManyAttempts, retry_after }.into())
}
