//! Passwords: hashed with argon2id, and compared a few at a time on threads of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::{ErrorCode, Problem};
use argon2::password_hash::{PasswordHasher as _, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordVerifier as _, Version};
use http_api::ApiError;
use service::model::PasswordHash;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::world;

/// Passwords compared at the same time: each takes a core and 19 MiB.
const PARALLEL_CHECKS: usize = 2;
/// Checks that may wait. Further ones are refused, so that a flood of guesses can neither
/// fill the memory nor delay others for minutes.
const MAX_WAITING: usize = 32;

/// Returns argon2id with the parameters that OWASP recommends: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(19_456, 2, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub(crate) struct HashError(String);

/// Hashes a password with a new salt, in PHC format.
pub(crate) fn hash(password: &str) -> Result<PasswordHash, HashError> {
    let failed = |error: &dyn std::fmt::Display| HashError(error.to_string());
    let salt: [u8; 16] = world::random().map_err(|error| failed(&error))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| failed(&error))?;
    let hash = argon2()
        .map_err(|error| failed(&error))?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| failed(&error))?;
    Ok(PasswordHash(hash.to_string()))
}

/// Returns whether a password matches a hash. A malformed hash matches nothing.
fn matches_hash(password: &str, hash: &PasswordHash) -> bool {
    let parsed = argon2::PasswordHash::new(&hash.0);
    match (argon2(), parsed) {
        (Ok(argon2), Ok(parsed)) => argon2.verify_password(password.as_bytes(), &parsed).is_ok(),
        _ => false,
    }
}

/// Compares passwords, a limited number at a time.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Compared with the password for an unknown account, so that the answer takes as long.
    unknown_account: PasswordHash,
}

/// The turn of one check, held until its outcome is recorded: parallel guesses then meet the
/// delay that earlier ones earned.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Passwords {
    /// Hashes a random password to compare with for unknown accounts.
    pub(crate) fn new() -> Result<Self, HashError> {
        let unguessable: [u8; 32] =
            world::random().map_err(|error| HashError(error.to_string()))?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(PARALLEL_CHECKS)),
            waiting: AtomicUsize::new(0),
            unknown_account: hash(&hex::encode(unguessable))?,
        })
    }

    /// Waits for a turn, or refuses if too many checks wait.
    pub(crate) async fn turn(&self) -> Result<Turn, ApiError> {
        let waiting = Waiting::enter(&self.waiting)
            .ok_or(Problem::Other { code: ErrorCode::TooManyAttempts, retry_after: Some(2) })?;
        let permit = Arc::clone(&self.turns).acquire_owned().await;
        drop(waiting);
        let permit = permit.map_err(|error| ApiError::internal(&error))?;
        Ok(Turn { _permit: permit })
    }

    /// Returns whether a password matches; takes as long for an unknown account (`None`).
    pub(crate) async fn compare(
        &self,
        _turn: &Turn,
        password: String,
        hash: Option<PasswordHash>,
    ) -> Result<bool, ApiError> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.unknown_account.clone());
        let matches = tokio::task::spawn_blocking(move || matches_hash(&password, &hash))
            .await
            .map_err(|error| ApiError::internal(&error))?;
        Ok(matches && exists)
    }
}

/// A place in the queue, given up also when the client disconnects.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Option<Self> {
        let place = Self(count);
        (count.fetch_add(1, Ordering::AcqRel) < MAX_WAITING).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_only_its_password() {
        let hash = hash("open sesame").unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(matches_hash("open sesame", &hash));
        assert!(!matches_hash("open sesame ", &hash));
        assert!(!matches_hash("open sesame", &PasswordHash("plain".to_owned())));
    }

    #[test]
    fn a_full_queue_refuses_and_empties_again() {
        let count = AtomicUsize::new(0);
        let places: Vec<_> = (0..MAX_WAITING).filter_map(|_| Waiting::enter(&count)).collect();
        assert_eq!(places.len(), MAX_WAITING);
        assert!(Waiting::enter(&count).is_none());
        drop(places);
        assert!(Waiting::enter(&count).is_some());
        assert_eq!(count.load(Ordering::Acquire), 0);
    }
}
