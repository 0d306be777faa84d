//! Errors of use cases.

use api::{ErrorCode, FieldProblem, Problem};
use rules::{Refusal, Rejection, SECOND, Timestamp};

use crate::StoreError;

/// Reason why a use case failed. All but [`Error::Store`] are answers to the caller rather
/// than errors of the program.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A problem to report to the caller.
    #[error("{}", .0.code())]
    Problem(Problem),
    /// A rule refuses the action for now.
    #[error("{} for {retry_after} seconds", refusal.code())]
    NotYet {
        /// Reason of the rule.
        refusal: Refusal,
        /// Seconds until the rule allows the action, if nothing else changes.
        retry_after: u32,
    },
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The object does not exist, or the caller may not know that it does.
    pub const NOT_FOUND: Self = Self::Problem(Problem::other(ErrorCode::NotFound));

    /// Returns the error for a rule that refuses an action until a point in time.
    pub(crate) fn not_yet(refusal: Refusal, now: Timestamp, until: Timestamp) -> Self {
        Self::NotYet { refusal, retry_after: seconds_until(now, until) }
    }
}

/// Returns the seconds to wait until a point in time, for `Retry-After`, rounded up.
pub(crate) fn seconds_until(now: Timestamp, until: Timestamp) -> u32 {
    let wait = until.milliseconds().saturating_sub(now.milliseconds()).max(0);
    u32::try_from(wait.div_euclid(SECOND) + 1).unwrap_or(u32::MAX)
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // The caller must not learn that an object of another organization exists.
            Refusal::OtherOrganization => Self::NOT_FOUND,
            refusal => Self::Problem(Problem::Refused(refusal)),
        }
    }
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Refused(refusal) => refusal.into(),
            Rejection::VersionMismatch => Self::Problem(ErrorCode::VersionMismatch.into()),
        }
    }
}

impl From<Vec<FieldProblem>> for Error {
    fn from(fields: Vec<FieldProblem>) -> Self {
        Self::Problem(Problem::Fields(fields))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Problem(Problem::other(ErrorCode::VersionMismatch)),
            error => Self::Store(error),
        }
    }
}
