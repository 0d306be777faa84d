//! Passwords: hashed with argon2id, compared in turn and away from the threads that
//! answer requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::{ErrorCode, Problem};
use argon2::password_hash::{PasswordHasher as _, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordVerifier as _, Version};
use service::model::PasswordHash;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Failure;
use crate::world;

/// How many passwords are compared at once: each takes a core and 19 MiB for a while.
const AT_ONCE: usize = 2;
/// How many may wait for their turn. Who comes then is asked to come back, so that a
/// flood of guesses can't fill the memory or delay the others for minutes.
const WAITING: usize = 32;

/// The parameters that OWASP recommends: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(19_456, 2, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Why a password was not hashed.
#[derive(Debug)]
pub(crate) struct HashError(String);

impl std::fmt::Display for HashError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "a password could not be hashed: {}", self.0)
    }
}

impl std::error::Error for HashError {}

/// The hash of a password, in PHC form with a salt of its own.
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

/// Whether a password is the one of this hash. A hash that can't be read fits none.
fn fits(password: &str, hash: &PasswordHash) -> bool {
    let parsed = argon2::PasswordHash::new(&hash.0);
    match (argon2(), parsed) {
        (Ok(argon2), Ok(parsed)) => argon2.verify_password(password.as_bytes(), &parsed).is_ok(),
        _ => false,
    }
}

/// Compares passwords, so many at once.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// What the password of an account that does not exist is compared with, so that
    /// the answer takes as long.
    of_nobody: PasswordHash,
}

/// The turn of one comparison. Held until its outcome is noted, so that those who
/// guess at the same time meet the delay that their guesses earned.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Passwords {
    /// Prepares: hashes what nobody's password is.
    pub(crate) fn new() -> Result<Self, HashError> {
        let unguessable: [u8; 32] =
            world::random().map_err(|error| HashError(error.to_string()))?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            of_nobody: hash(&world::hexadecimal(&unguessable))?,
        })
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Result<Turn, Failure> {
        let waiting = Waiting::begin(&self.waiting)
            .ok_or(Problem::Other { code: ErrorCode::TooManyAttempts, retry_after: Some(2) })?;
        let permit = Arc::clone(&self.turns).acquire_owned().await;
        drop(waiting);
        let permit = permit.map_err(|error| Failure::internal(&error))?;
        Ok(Turn { _permit: permit })
    }

    /// Whether a password is that of an account; as slow where there is no account.
    pub(crate) async fn compare(
        &self,
        _turn: &Turn,
        password: String,
        hash: Option<PasswordHash>,
    ) -> Result<bool, Failure> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.of_nobody.clone());
        let fits = tokio::task::spawn_blocking(move || fits(&password, &hash))
            .await
            .map_err(|error| Failure::internal(&error))?;
        Ok(fits && exists)
    }
}

/// A place among those who wait; left even when the client goes away meanwhile.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Option<Self> {
        let place = Self(count);
        (count.fetch_add(1, Ordering::AcqRel) < WAITING).then_some(place)
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
    fn a_hash_fits_its_password_alone() {
        let hash = hash("open sesame").unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("open sesame", &hash));
        assert!(!fits("open sesame ", &hash));
        assert!(!fits("open sesame", &PasswordHash("plain".to_owned())));
    }

    #[test]
    fn a_full_queue_takes_nobody_and_empties_again() {
        let count = AtomicUsize::new(0);
        let places: Vec<_> = (0..WAITING).filter_map(|_| Waiting::begin(&count)).collect();
        assert_eq!(places.len(), WAITING);
        assert!(Waiting::begin(&count).is_none());
        drop(places);
        assert!(Waiting::begin(&count).is_some());
        assert_eq!(count.load(Ordering::Acquire), 0);
    }
}
