//! Why a use case was not done.

use api::{ErrorCode, FieldProblem, Problem};
use rules::{Refusal, RefusalKind, SECOND, Timestamp};

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

/// What came of a change of the version that was named, where this one is held. That it is
/// another by now goes before what the state of now has against the change: whoever saw
/// another state is to see this one first. What this person may not do is said whichever
/// version was named.
pub(crate) fn of_version<T>(
    held: i64,
    named: i64,
    outcome: std::result::Result<T, Refusal>,
) -> Result<T> {
    match outcome {
        Err(refusal) if held == named || refusal.kind() != RefusalKind::State => {
            Err(refusal.into())
        }
        Ok(done) if held == named => Ok(done),
        _ => Err(Error::Problem(ErrorCode::VersionMismatch.into())),
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
            // That a thing of another organization exists is nobody else's business.
            Refusal::OtherOrganization => Self::NOT_FOUND,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_goes_before_the_state_and_after_the_person() {
        let code = |held, outcome| match of_version(held, 7, outcome) {
            Ok(()) => "done".to_owned(),
            Err(error) => error.to_string(),
        };
        for (outcome, same, other) in [
            (Ok(()), "done", "versionMismatch"),
            (Err(Refusal::NoPartnerOfRecord), "noPartnerOfRecord", "versionMismatch"),
            (Err(Refusal::PartnerStartsIn21Vianet), "partnerStartsIn21Vianet", "versionMismatch"),
            (Err(Refusal::NoOffer), "noOffer", "versionMismatch"),
            (
                Err(Refusal::BillingAdministratorRequired),
                "billingAdministratorRequired",
                "billingAdministratorRequired",
            ),
            (Err(Refusal::ManagedByReseller), "managedByReseller", "managedByReseller"),
        ] {
            assert_eq!((code(7, outcome).as_str(), code(6, outcome).as_str()), (same, other));
        }
    }
}
