//! Errors in the format of Microsoft Graph's error object.

use rules::{FieldError, Refusal, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

/// Error codes in addition to those of [`Refusal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum ErrorCode {
    /// The resource does not exist, or the caller may not know that it does.
    NotFound,
    /// The address does not have this method.
    MethodNotAllowed,
    /// The request can't be read: no JSON, no UTF-8 or no query string.
    InvalidRequest,
    /// One or more fields are invalid. `details` names them.
    InvalidFields,
    /// The body is too large.
    RequestTooLarge,
    /// The resource changed since the version in `If-Match`.
    VersionMismatch,
    /// The `If-Match` header is missing.
    VersionRequired,
    /// Lines of the plan have problems. The plan names them.
    PlanHasProblems,
    /// More subscriptions match the filter of a plan than a plan can have.
    TooManyMatches,
    /// The `Repeatability-Request-ID` header is missing.
    RequestIdRequired,
    /// The `Repeatability-Request-ID` was used for another order.
    RequestIdReused,
    /// Wrong email address or password.
    SignInFailed,
    /// Too many attempts. `Retry-After` has the seconds to wait.
    TooManyAttempts,
    /// The request comes from a page of another origin.
    ForeignOrigin,
    /// The server failed. The log has the cause, with the request's id.
    Internal,
    /// The server can't be reached or is shutting down. The page also uses it when it is
    /// offline.
    Unavailable,
}

string_enum!(ErrorCode);

/// Reason why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Refused by a rule.
    Refused(Refusal),
    /// Invalid fields.
    Fields(Vec<FieldProblem>),
    /// Any other error.
    Other {
        /// Code.
        code: ErrorCode,
        /// Seconds after which another attempt makes sense.
        retry_after: Option<u32>,
    },
}

impl Problem {
    /// Creates a problem with this code.
    #[must_use]
    pub const fn other(code: ErrorCode) -> Self {
        Self::Other { code, retry_after: None }
    }

    /// Returns the code in the API.
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

/// An invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Name of the field in the API, such as `recipientName`.
    pub field: &'static str,
    /// Reason why the value is invalid.
    pub error: FieldError,
}

/// Collects the invalid fields of a request, so that the response names all of them.
#[derive(Default)]
pub(crate) struct Fields(Vec<FieldProblem>);

impl Fields {
    /// Returns the parsed value, or records the error and returns `None`.
    pub(crate) fn take<T>(
        &mut self,
        field: &'static str,
        parsed: Result<T, FieldError>,
    ) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldProblem { field, error })).ok()
    }

    /// Returns `value` if no error was recorded. `value` is only `None` if one was.
    pub(crate) fn finish<T>(self, whole: Option<T>) -> Result<T, Vec<FieldProblem>> {
        match whole {
            Some(whole) if self.0.is_empty() => Ok(whole),
            _ => Err(self.0),
        }
    }
}

/// Body of an error response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// An error or one of its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// Machine-readable code of a [`Refusal`] or an [`ErrorCode`], or in a detail of a
    /// [`FieldError`].
    pub code: String,
    /// Message for developers, in English. Clients have their own texts for users.
    pub message: String,
    /// Field that the detail is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Limit that the value exceeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Next step for the user, if a rule refused the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<rules::NextStep>,
    /// One detail for each invalid field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub details: Vec<ErrorDetail>,
    /// Information for finding the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub innererror: Option<InnerError>,
}

/// Information for finding the cause of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InnerError {
    /// Id of the request, which is part of every log line about it.
    #[serde(rename = "request-id")]
    pub request_id: String,
    /// Time of the error.
    pub date: rules::Timestamp,
}

impl ErrorBody {
    /// Creates the body for a problem.
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
