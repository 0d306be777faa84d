//! The clock and the randomness that use cases are given.

use std::time::{SystemTime, UNIX_EPOCH};

use rules::Timestamp;
use service::Context;

/// The operating system gave no randomness. Without it there are no tokens.
#[derive(Debug)]
pub(crate) struct NoRandomness(getrandom::Error);

impl std::fmt::Display for NoRandomness {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the operating system gave no randomness: {}", self.0)
    }
}

impl std::error::Error for NoRandomness {}

/// This moment.
pub(crate) fn now() -> Timestamp {
    // A clock before 1970 reads as 1970; after some 292 million years, as the year 9999.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// So many random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// The context of one use case.
pub(crate) fn context(public_url: &str) -> Result<Context, NoRandomness> {
    Ok(Context::new(now(), public_url, random()?))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
