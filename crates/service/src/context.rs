//! Everything that depends on the world: the clock, and randomness for ids and tokens.

use std::fmt;
use std::fmt::Write as _;

use rules::Timestamp;
use sha2::{Digest, Sha256};

/// The world of one use case. The same moment and seed give the same ids and
/// tokens, so that a run can be replayed.
#[derive(Clone)]
pub struct Context {
    /// The moment at which it happens.
    pub now: Timestamp,
    /// Where people reach the page, without a slash at the end, such as
    /// `https://accord.example`. Links in mails are made of it, never of a request.
    pub public_url: String,
    seed: [u8; 32],
    drawn: u64,
}

impl Context {
    /// A context of this moment. The seed must be 256 random bits wherever tokens count.
    #[must_use]
    pub fn new(now: Timestamp, public_url: &str, seed: [u8; 32]) -> Self {
        Self { now, public_url: public_url.to_owned(), seed, drawn: 0 }
    }

    /// 256 bits that nobody without the seed can guess: the hash of seed and counter.
    fn draw(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.drawn.to_be_bytes())
            .finalize()
            .into()
    }

    /// Bits for an identifier: `UserId::new(context.now, context.id_bits())`.
    pub fn id_bits(&mut self) -> u128 {
        let bytes = self.draw();
        bytes.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    }

    /// A new token for a session or a link.
    pub fn token(&mut self) -> Token {
        Token(self.draw())
    }
}

/// An unguessable token of 256 bits. It is shown once, to whom it is for; only its
/// hash is kept. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// The token as it stands in a cookie or a link: 64 hexadecimal digits.
    #[must_use]
    pub fn expose(&self) -> String {
        hexadecimal(&self.0)
    }

    /// What is kept of it.
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

/// The SHA-256 of a token, in hexadecimal. A token has 256 random bits, so a fast
/// hash is enough: there is nothing to guess.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a token as it stands in a cookie or a link. Any text has one;
    /// that of no token is found nowhere.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(sha256(&[token.as_bytes()]))
    }

    /// The hash as it was kept.
    #[must_use]
    pub fn from_kept(hash: String) -> Self {
        Self(hash)
    }

    /// The hash, to be kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of these parts one after the other, in hexadecimal.
pub(crate) fn sha256(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hexadecimal(&hasher.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_run_and_never_the_same_token_twice() {
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
