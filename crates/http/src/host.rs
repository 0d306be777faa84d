//! The interface to the process that hosts the API.

use std::any::Any;
use std::pin::Pin;

use rules::{OrganizationId, Timestamp};
use service::model::PasswordHash;
use service::{Read, Write};

use crate::error::{ApiError, Result};

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Work in a read transaction.
pub type ReadWork<'a> = &'a mut dyn FnMut(&mut dyn Read) -> service::Result<()>;

/// Work in a read transaction that can run on another thread. It may run more than once.
pub type MovableReadWork = Box<dyn FnMut(&mut dyn Read) -> service::Result<()> + Send>;

/// Work in a write transaction. The store may run it more than once.
pub type WriteWork = Box<dyn FnMut(&mut dyn Write) -> service::Result<()> + Send>;

/// Loads the password hash to compare with; `None` where there is no such account.
pub type StoredPassword<'a> = &'a (dyn Fn() -> Result<Option<PasswordHash>> + Send + Sync);

/// Outcome of [`Host::try_read`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAttempt {
    /// The work ran to its end.
    Done,
    /// The work took too long and was given up. What it returned is not to be used.
    TooLong,
}

/// Whether a long read can be refused when too many are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongReadAdmission {
    /// The read is the first one of a request, and can be refused.
    New,
    /// The read continues a response that has begun, which a refusal would break off.
    Continued,
}

/// Outcome of comparing a password.
pub struct PasswordCheck {
    /// Hash that the password matched; `None` for a wrong password and for an unknown account.
    pub matched: Option<PasswordHash>,
    /// Place in the queue of password checks. Held until the outcome is recorded, so that
    /// parallel guesses meet the delay that earlier ones earned.
    pub turn: Box<dyn Any + Send>,
}

/// The process that hosts the API: its store, clock, randomness and password hashing.
pub trait Host: Send + Sync + 'static {
    /// Returns the current time.
    fn now(&self) -> Timestamp;

    /// Returns 256 random bits for ids and tokens.
    ///
    /// # Errors
    /// [`ApiError::internal`] if the system provides no randomness.
    fn random_seed(&self) -> Result<[u8; 32]>;

    /// Runs `work`, which takes microseconds, in a read transaction on the calling thread.
    fn read(&self, work: ReadWork<'_>) -> service::Result<()>;

    /// Runs `work` like [`read`](Self::read), and gives up when it takes long.
    fn try_read(&self, work: ReadWork<'_>) -> service::Result<ReadAttempt> {
        self.read(work).map(|()| ReadAttempt::Done)
    }

    /// Runs `work` in a read transaction whose duration grows with the number of rows, so that
    /// other requests are served meanwhile. Organizations take turns.
    ///
    /// # Errors
    /// [`api::ErrorCode::Unavailable`] if the read is new and too many are waiting, and the errors
    /// of `work`.
    fn read_long(
        &self,
        organization: OrganizationId,
        admission: LongReadAdmission,
        work: MovableReadWork,
    ) -> BoxFuture<'_, Result<()>>;

    /// Runs `work` in a write transaction; the future is ready once the result is on disk.
    fn write(&self, work: WriteWork) -> BoxFuture<'_, service::Result<()>>;

    /// Waits for a turn, loads the stored hash, and compares `password` with it. Takes equally
    /// long for an unknown account.
    ///
    /// # Errors
    /// [`api::ErrorCode::TooManyAttempts`] if too many checks are waiting, and the errors of
    /// `stored`.
    fn check_password<'a>(
        &'a self,
        password: String,
        stored: StoredPassword<'a>,
    ) -> BoxFuture<'a, Result<PasswordCheck>>;

    /// Runs `task` to its end, even if the client disconnects.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}

/// Reports a host that broke its contract, such as by not running the work of a read.
pub(crate) fn broken_contract(what: &str) -> ApiError {
    ApiError::internal(&format_args!("the host broke its contract: {what}"))
}
