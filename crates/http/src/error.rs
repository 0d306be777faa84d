//! Errors as HTTP answers: the only place that knows which status a problem has.

use std::borrow::Cow;

use api::{ErrorBody, ErrorCode, FieldProblem, InnerError, Problem};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::{FieldError, Refusal, RefusalKind, Timestamp};
use service::StoreError;

use crate::respond::JsonResponse;

/// Carries the code of an error, as in Azure's APIs.
const ERROR_CODE: HeaderName = HeaderName::from_static("x-ms-error-code");

/// Why a request failed. Its response is rendered by
/// [`render_errors`](crate::render_errors), where the request's id is known.
#[derive(Clone, Debug)]
pub struct ApiError {
    problem: Problem,
    status: StatusCode,
    message: Cow<'static, str>,
    /// Seconds after which a retry can succeed, if waiting helps.
    retry_after: Option<u32>,
}

/// Result of a handler.
pub type Result<T> = std::result::Result<T, ApiError>;

impl ApiError {
    /// Refuses a body of a media type that the endpoint does not take.
    pub(crate) fn unsupported_media_type(wanted: &str) -> Self {
        Self {
            problem: ErrorCode::InvalidRequest.into(),
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message: format!("The body must be {wanted}.").into(),
            retry_after: None,
        }
    }

    /// Refuses a body that did not arrive in time.
    pub(crate) fn body_timeout() -> Self {
        Self {
            problem: ErrorCode::InvalidRequest.into(),
            status: StatusCode::REQUEST_TIMEOUT,
            message: "The body did not arrive in time.".into(),
            retry_after: None,
        }
    }

    /// Refuses a request that cannot be parsed.
    pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..ErrorCode::InvalidRequest.into() }
    }

    /// Refuses the value of one header or query option.
    pub(crate) fn field(field: &'static str, error: FieldError) -> Self {
        vec![FieldProblem { field, error }].into()
    }

    /// Reports a fault of the program or its environment, and logs the cause.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "a request failed");
        ErrorCode::Internal.into()
    }

    /// Renders the response with its JSON body.
    pub(crate) fn render(&self, request_id: &str, date: Timestamp) -> Response {
        let mut body = ErrorBody::new(&self.problem, &self.message);
        body.error.innererror = Some(InnerError { request_id: request_id.to_owned(), date });
        let code = HeaderValue::from_static(self.problem.code());
        let mut response = (self.status, [(ERROR_CODE, code)], JsonResponse(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // HTTP requires a challenge with every 401. Browsers ignore this scheme, as
            // intended: the page itself asks people to sign in.
            let challenge = HeaderValue::from_static("Cookie realm=\"Accord\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        let (status, message) = explain(&problem);
        let retry_after = match problem {
            Problem::Other { retry_after, .. } => retry_after,
            _ => None,
        };
        Self { problem, status, message: message.into(), retry_after }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Problem::from(code).into()
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<Vec<FieldProblem>> for ApiError {
    fn from(fields: Vec<FieldProblem>) -> Self {
        Problem::Fields(fields).into()
    }
}

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::Problem(problem) => problem.into(),
            service::Error::NotYet { refusal, retry_after } => {
                Self { retry_after: Some(retry_after), ..refusal.into() }
            }
            service::Error::Store(StoreError::Stale) => ErrorCode::VersionMismatch.into(),
            service::Error::Store(error) => Self::internal(&error),
        }
    }
}

/// Returns the status of a problem, and a sentence for developers.
#[must_use]
pub fn explain(problem: &Problem) -> (StatusCode, &'static str) {
    match problem {
        Problem::Refused(refusal) => (refusal_status(refusal.kind()), refusal.message()),
        Problem::Fields(_) => explain_code(ErrorCode::InvalidFields),
        Problem::Other { code, .. } => explain_code(*code),
    }
}

fn explain_code(code: ErrorCode) -> (StatusCode, &'static str) {
    match code {
        ErrorCode::NotFound => {
            (StatusCode::NOT_FOUND, "There is no such resource, or none that you may see.")
        }
        ErrorCode::MethodNotAllowed => (
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not support the method; Allow lists those that it supports.",
        ),
        ErrorCode::InvalidRequest => (StatusCode::BAD_REQUEST, "The request cannot be parsed."),
        ErrorCode::InvalidFields => {
            (StatusCode::BAD_REQUEST, "One or more fields have an invalid value.")
        }
        ErrorCode::RequestTooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is larger than 64 KiB, or than 2 MiB where a file is accepted.",
        ),
        ErrorCode::VersionMismatch => (
            StatusCode::PRECONDITION_FAILED,
            "The resource was changed in the meantime. Get it again, and repeat with its new version.",
        ),
        ErrorCode::VersionRequired => (
            StatusCode::PRECONDITION_REQUIRED,
            "Send the version that you read (@odata.etag) as If-Match.",
        ),
        ErrorCode::PlanHasProblems => (
            StatusCode::CONFLICT,
            "Some lines of the plan have problems, so nothing was changed. The plan lists them.",
        ),
        ErrorCode::TooManyMatches => (
            StatusCode::CONFLICT,
            "More than 10,000 subscriptions match, which is the maximum of a plan. Narrow the \
             filter or the search, and plan the rest afterwards.",
        ),
        ErrorCode::RequestIdRequired => (
            StatusCode::BAD_REQUEST,
            "Send a GUID of your own as Repeatability-Request-ID, and the same one again when you \
             repeat the order.",
        ),
        ErrorCode::RequestIdReused => (
            StatusCode::CONFLICT,
            "Another order was placed with this Repeatability-Request-ID. Use a new one.",
        ),
        ErrorCode::SignInFailed => {
            (StatusCode::UNAUTHORIZED, "The email address and the password do not match.")
        }
        ErrorCode::TooManyAttempts => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many attempts. Wait the number of seconds in Retry-After.",
        ),
        ErrorCode::ForeignOrigin => (
            StatusCode::FORBIDDEN,
            "The Origin header is missing, or is not this site's public address.",
        ),
        ErrorCode::Internal => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server failed. Its log has the cause under the request's id.",
        ),
        ErrorCode::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, "The server cannot do this now. Try again later.")
        }
    }
}

const fn refusal_status(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::SignIn => StatusCode::UNAUTHORIZED,
        RefusalKind::Permission => StatusCode::FORBIDDEN,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Limit => StatusCode::TOO_MANY_REQUESTS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_client_errors() {
        for refusal in Refusal::ALL {
            let (status, message) = explain(&(*refusal).into());
            assert!(status.is_client_error(), "{refusal}");
            assert!(message.ends_with('.'), "{refusal}");
        }
    }

    #[test]
    fn the_time_to_wait_is_in_a_header() {
        let problem = Problem::Other { code: ErrorCode::TooManyAttempts, retry_after: Some(7) };
        let response = ApiError::from(problem).render("id", Timestamp::from_milliseconds(0));
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        assert_eq!(response.headers()[ERROR_CODE], "tooManyAttempts");
    }
}
