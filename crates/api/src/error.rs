//! Errors on the wire: Microsoft Graph's error object, with codes of our own.

use rules::{FieldError, Refusal, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::json::from_json;

/// Every code that an error answer can carry beside those of [`Refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum ErrorCode {
    /// There is no such thing, or none that the caller may know of.
    NotFound,
    /// The method is not one of those that the address has.
    MethodNotAllowed,
    /// The request can't be read: not JSON, not UTF-8, a query that is none.
    InvalidRequest,
    /// One or more fields hold a value that can't be taken; `details` says which.
    InvalidFields,
    /// The body is larger than the server takes.
    RequestTooLarge,
    /// The thing was changed by somebody else in the meantime (`If-Match`).
    VersionMismatch,
    /// The request needs an `If-Match` header.
    VersionRequired,
    /// Lines of what shall be changed at once hold mistakes; the plan says which.
    PlanHasProblems,
    /// An order needs a `Repeatability-Request-ID` header.
    RequestIdRequired,
    /// The `Repeatability-Request-ID` was used for another order.
    RequestIdReused,
    /// E-mail address and password don't belong together.
    SignInFailed,
    /// Too many attempts; `Retry-After` says how many seconds to wait.
    TooManyAttempts,
    /// The request comes from a page of another origin.
    ForeignOrigin,
    /// The server failed; the log holds the cause under the request's id.
    Internal,
    /// The server can't be reached or is shutting down. Also what the page says when offline.
    Unavailable,
}

string_enum!(ErrorCode);

/// Why a request was not done: refused by a rule, or by what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A rule says no.
    Refused(Refusal),
    /// Fields hold values that can't be taken.
    Fields(Vec<FieldProblem>),
    /// Anything else, with the seconds to wait where there is something to wait for.
    Other {
        /// The code.
        code: ErrorCode,
        /// Seconds until trying again makes sense.
        retry_after: Option<u32>,
    },
}

impl Problem {
    /// A problem of this code.
    #[must_use]
    pub const fn other(code: ErrorCode) -> Self {
        Self::Other { code, retry_after: None }
    }

    /// The code on the wire.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Fields(_) => ErrorCode::InvalidFields.as_str(),
            Self::Other { code, .. } => code.as_str(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::other(code)
    }
}

/// That one field of a request holds a value that can't be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name on the wire, such as `recipientName`.
    pub field: &'static str,
    /// What is wrong with it.
    pub error: FieldError,
}

/// Collects the fields of a request that are wrong, so that all are told at once.
#[derive(Default)]
pub(crate) struct Fields(Vec<FieldProblem>);

impl Fields {
    /// The parsed value, or nothing and a note of what is wrong.
    pub(crate) fn take<T>(
        &mut self,
        field: &'static str,
        parsed: Result<T, FieldError>,
    ) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldProblem { field, error })).ok()
    }

    /// The whole, if every field was right. `whole` is `None` only where a field was wrong.
    pub(crate) fn finish<T>(self, whole: Option<T>) -> Result<T, Vec<FieldProblem>> {
        match whole {
            Some(whole) if self.0.is_empty() => Ok(whole),
            _ => Err(self.0),
        }
    }
}

/// The body of every error answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

from_json!(ErrorBody { error });

/// One error, or one of its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// The machine-readable code: one of [`Refusal`]'s, [`ErrorCode`]'s or, in a
    /// detail, [`FieldError`]'s.
    pub code: String,
    /// For developers, in English. What people read is written by the clients.
    pub message: String,
    /// The field that a detail is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The bound that was passed, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// What to do next ([`rules::NextStep`]), where a rule refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<rules::NextStep>,
    /// One for each field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub details: Vec<ErrorDetail>,
    /// For whoever looks for the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub innererror: Option<InnerError>,
}

from_json!(ErrorDetail {
    code,
    message,
    target,
    limit,
    next_step = "nextStep",
    details or default,
    innererror,
});

/// Where to look for the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InnerError {
    /// The request's id, which stands in every line of the log about it.
    #[serde(rename = "request-id")]
    pub request_id: String,
    /// When, in ISO 8601.
    pub date: rules::Timestamp,
}

from_json!(InnerError { request_id = "request-id", date });

impl ErrorBody {
    /// The body that says this problem.
    #[must_use]
    pub fn new(problem: &Problem, message: &str) -> Self {
        let details = match problem {
            Problem::Fields(fields) => fields
                .iter()
                .map(|field| ErrorDetail {
                    code: field.error.code().to_owned(),
                    message: format!("The field {} can't be taken: {}.", field.field, field.error),
                    target: Some(field.field.to_owned()),
                    limit: field.error.limit(),
                    next_step: None,
                    details: Vec::new(),
                    innererror: None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let next_step = match problem {
            Problem::Refused(refusal) => Some(refusal.next_step()),
            _ => None,
        };
        Self {
            error: ErrorDetail {
                code: problem.code().to_owned(),
                message: message.to_owned(),
                target: None,
                limit: None,
                next_step,
                details,
                innererror: None,
            },
        }
    }
}
