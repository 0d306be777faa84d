//! The system's clock and randomness.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use rules::Timestamp;
use service::Context;

/// The operating system provided no randomness. Without it there are no tokens.
#[derive(Debug, thiserror::Error)]
#[error("the operating system provided no randomness: {0}")]
pub(crate) struct NoRandomness(getrandom::Error);

/// Returns the current time.
pub(crate) fn now() -> Timestamp {
    // A clock before 1970 reads as 1970; after some 292 million years, as the year 9999.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Returns 128 random bits for an id that is no secret. The system is asked for many at once,
/// because each request needs an id.
pub(crate) fn random_id() -> Result<[u8; 16], NoRandomness> {
    /// Bytes that are taken at once.
    const BATCH: usize = 4096;

    thread_local! {
        static UNUSED: RefCell<Vec<[u8; 16]>> = const { RefCell::new(Vec::new()) };
    }

    UNUSED.with_borrow_mut(|unused| {
        if unused.is_empty() {
            *unused = random::<BATCH>()?.as_chunks().0.to_vec();
        }
        Ok(unused.pop().unwrap_or_default())
    })
}

/// Returns random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// Returns the context of one use case of an operator's command.
pub(crate) fn context(public_url: &str) -> Result<Context, NoRandomness> {
    Ok(Context::new(now(), public_url, random()?))
}
