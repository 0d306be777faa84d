//! The context of a use case: the clock, and randomness for ids and tokens.

use std::fmt;

use rules::Timestamp;
use sha2::{Digest, Sha256};

/// Clock and randomness of one use case. The same time and seed give the same ids and
/// tokens, so that a run can be repeated.
#[derive(Clone)]
pub struct Context {
    /// Current time.
    pub now: Timestamp,
    /// Public address of the site without a trailing slash, such as
    /// `https://accord.example`. Links in mails use it, and never an address from a request.
    pub public_url: String,
    seed: [u8; 32],
    counter: u64,
}

impl Context {
    /// Creates a context. The seed must be 256 random bits wherever tokens need to be secret.
    #[must_use]
    pub fn new(now: Timestamp, public_url: &str, seed: [u8; 32]) -> Self {
        Self { now, public_url: public_url.to_owned(), seed, counter: 0 }
    }

    /// Returns 256 bits that can't be guessed without the seed: the hash of seed and counter.
    fn random_bytes(&mut self) -> [u8; 32] {
        self.counter += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.counter.to_be_bytes())
            .finalize()
            .into()
    }

    /// Returns random bits for an id: `UserId::new(context.now, context.id_bits())`.
    pub fn id_bits(&mut self) -> u128 {
        let bytes = self.random_bytes();
        bytes.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    }

    /// Returns a new token for a session or a link.
    pub fn token(&mut self) -> Token {
        Token(self.random_bytes())
    }
}

/// An unguessable token of 256 bits. It is given to its owner once; only its hash is stored.
/// `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// Returns the token for a cookie or a link: 64 hexadecimal digits.
    #[must_use]
    pub fn expose(&self) -> String {
        hex::encode(self.0)
    }

    /// Returns the hash to store.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.expose())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// The SHA-256 of a token, in hexadecimal. A fast hash is enough, because 256 random bits
/// can't be guessed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// Hashes a token from a cookie or a link. Any text is accepted; the hash of a text that
    /// is not a token matches no stored hash.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(sha256_hex(&[token.as_bytes()]))
    }

    /// Wraps a hash that was read from the store.
    #[must_use]
    pub fn from_stored(hash: String) -> Self {
        Self(hash)
    }

    /// Returns the hash to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the SHA-256 of the concatenated parts, in hexadecimal.
pub(crate) fn sha256_hex(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_repeats_a_run_but_tokens_never_repeat_within_it() {
        let start = Context::new(Timestamp::from_milliseconds(0), "https://a.example", [7; 32]);
        let (mut one, mut other) = (start.clone(), start);
        let (first, second) = (one.token(), one.token());
        assert_ne!(first, second);
        assert_eq!(other.token(), first);
        assert_eq!(first.expose().len(), 64);
        assert_eq!(TokenHash::of(&first.expose()), first.hash());
        assert_eq!(format!("{first:?}"), "Token(…)");
    }
}
