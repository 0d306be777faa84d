//! Why a use case was not done.

use api::{ErrorCode, FieldProblem, Problem};
use rules::Refusal;

use crate::StoreError;

/// Why a use case was not done: for a reason that the caller is told, or because
/// the store failed. Only the second is an error of the program.
#[derive(Debug)]
pub enum Error {
    /// Something to tell the caller.
    Problem(Problem),
    /// The store failed.
    Store(StoreError),
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// There is no such thing, or none that the caller may know of.
    pub const NOT_FOUND: Self = Self::Problem(Problem::other(ErrorCode::NotFound));
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
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {}
