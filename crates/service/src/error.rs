//! Why a use case was not done.

use api::{ErrorCode, FieldProblem, Problem};
use rules::{Refusal, SECOND, Timestamp};

use crate::StoreError;

/// Why a use case was not done: for a reason that the caller is told, or because
/// the store failed. Only the second is an error of the program.
#[derive(Debug)]
pub enum Error {
    /// Something to tell the caller.
    Problem(Problem),
    /// A rule says no for the time being.
    NotYet {
        /// The rule's reason.
        refusal: Refusal,
        /// Seconds until it says yes, if nothing else changes.
        retry_after: u32,
    },
    /// The store failed.
    Store(StoreError),
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// There is no such thing, or none that the caller may know of.
    pub const NOT_FOUND: Self = Self::Problem(Problem::other(ErrorCode::NotFound));

    /// A rule says no until this moment.
    pub(crate) fn not_yet(refusal: Refusal, now: Timestamp, until: Timestamp) -> Self {
        Self::NotYet { refusal, retry_after: seconds_until(now, until) }
    }
}

/// The whole seconds to wait until a moment, for `Retry-After`: one too many rather than
/// one too few.
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
            // That a thing of another organisation exists is nobody else's business.
            Refusal::OtherOrganisation => Self::NOT_FOUND,
            refusal => Self::Problem(Problem::Refused(refusal)),
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

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Problem(problem) => formatter.write_str(problem.code()),
            Self::NotYet { refusal, retry_after } => {
                write!(formatter, "{} for {retry_after} seconds", refusal.code())
            }
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {}
