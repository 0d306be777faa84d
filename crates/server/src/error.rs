//! Errors as HTTP says them: the one place that knows which status a problem has.

use std::borrow::Cow;

use api::{ErrorBody, ErrorCode, FieldProblem, InnerError, Problem};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::{FieldError, Refusal, RefusalKind};
use service::StoreError;

use crate::world;

/// Carries the code of an error, as in Azure's APIs.
const ERROR_CODE: HeaderName = HeaderName::from_static("x-ms-error-code");

/// Why a request was not done, on its way to becoming an answer. The answer's body
/// is written by [`Failure::render`], where the request's id is known.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    problem: Problem,
    status: StatusCode,
    message: Cow<'static, str>,
    /// Seconds until trying again makes sense, where there is something to wait for.
    retry_after: Option<u32>,
}

/// A handler's result.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// The body's content type is not one that the address takes, which is this one.
    pub(crate) fn unsupported_media_type(wanted: &str) -> Self {
        Self {
            problem: ErrorCode::InvalidRequest.into(),
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message: format!("The body must be {wanted}.").into(),
            retry_after: None,
        }
    }

    /// The body did not arrive in time.
    pub(crate) fn too_slow() -> Self {
        Self {
            problem: ErrorCode::InvalidRequest.into(),
            status: StatusCode::REQUEST_TIMEOUT,
            message: "The body did not arrive in time.".into(),
            retry_after: None,
        }
    }

    /// The request can't be read, for this reason.
    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..ErrorCode::InvalidRequest.into() }
    }

    /// One header or option holds what can't be taken.
    pub(crate) fn field(field: &'static str, error: FieldError) -> Self {
        vec![FieldProblem { field, error }].into()
    }

    /// Something of the program or its surroundings failed; the cause is logged here.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(cause = %cause, "a request failed");
        ErrorCode::Internal.into()
    }

    /// The answer, with its body.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let mut body = ErrorBody::new(&self.problem, &self.message);
        body.error.innererror =
            Some(InnerError { request_id: request_id.to_owned(), date: world::now() });
        let code = HeaderValue::from_static(self.problem.code());
        let mut response =
            (self.status, [(ERROR_CODE, code)], crate::answer::json(&body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // HTTP wants a challenge with every 401. Browsers ignore this scheme, which
            // is what is wanted: the page itself asks people to sign in.
            let challenge = HeaderValue::from_static("Cookie realm=\"Accord\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let (status, message) = explain(&problem);
        let retry_after = match problem {
            Problem::Other { retry_after, .. } => retry_after,
            _ => None,
        };
        Self { problem, status, message: message.into(), retry_after }
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Problem::from(code).into()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<Vec<FieldProblem>> for Failure {
    fn from(fields: Vec<FieldProblem>) -> Self {
        Problem::Fields(fields).into()
    }
}

impl From<service::Error> for Failure {
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

impl From<world::NoRandomness> for Failure {
    fn from(error: world::NoRandomness) -> Self {
        Self::internal(&error)
    }
}

/// The status of a problem, and a sentence for developers.
pub(crate) fn explain(problem: &Problem) -> (StatusCode, &'static str) {
    match problem {
        Problem::Refused(refusal) => (refusal_status(refusal.kind()), refusal.message()),
        Problem::Fields(_) => explain_code(ErrorCode::InvalidFields),
        Problem::Other { code, .. } => explain_code(*code),
    }
}

fn explain_code(code: ErrorCode) -> (StatusCode, &'static str) {
    match code {
        ErrorCode::NotFound => {
            (StatusCode::NOT_FOUND, "There is no such thing, or none that you may know of.")
        }
        ErrorCode::MethodNotAllowed => (
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not have that method; Allow names those that it has.",
        ),
        ErrorCode::InvalidRequest => (StatusCode::BAD_REQUEST, "The request can't be read."),
        ErrorCode::InvalidFields => {
            (StatusCode::BAD_REQUEST, "One or more fields hold a value that can't be taken.")
        }
        ErrorCode::RequestTooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is larger than 64 KiB, or than 2 MiB where a file can be sent.",
        ),
        ErrorCode::VersionMismatch => (
            StatusCode::PRECONDITION_FAILED,
            "It was changed in the meantime. Get it again, and repeat with its new version.",
        ),
        ErrorCode::VersionRequired => (
            StatusCode::PRECONDITION_REQUIRED,
            "Send the version that you saw (@odata.etag) as If-Match.",
        ),
        ErrorCode::PlanHasProblems => (
            StatusCode::CONFLICT,
            "Lines of the plan can't be done, so nothing was. The plan says which, and why.",
        ),
        ErrorCode::RequestIdRequired => (
            StatusCode::BAD_REQUEST,
            "Name the order with a GUID of your own as Repeatability-Request-ID, and send the \
             same again with the same order.",
        ),
        ErrorCode::RequestIdReused => (
            StatusCode::CONFLICT,
            "Another order was placed with this Repeatability-Request-ID. Take a new one.",
        ),
        ErrorCode::SignInFailed => {
            (StatusCode::UNAUTHORIZED, "E-mail address and password don't belong together.")
        }
        ErrorCode::TooManyAttempts => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many attempts. Wait as many seconds as Retry-After says.",
        ),
        ErrorCode::ForeignOrigin => (
            StatusCode::FORBIDDEN,
            "The Origin header is missing, or is not that of this site's public address.",
        ),
        ErrorCode::Internal => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server failed. Its log holds the cause under the request's id.",
        ),
        ErrorCode::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, "The server can't do this now. Try again.")
        }
    }
}

const fn refusal_status(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::SignIn => StatusCode::UNAUTHORIZED,
        RefusalKind::Permission => StatusCode::FORBIDDEN,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::State | RefusalKind::Conflict => StatusCode::CONFLICT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_refusal_is_a_failure_of_the_server() {
        for refusal in Refusal::ALL {
            let (status, message) = explain(&(*refusal).into());
            assert!(status.is_client_error(), "{refusal}");
            assert!(message.ends_with('.'), "{refusal}");
        }
    }

    #[test]
    fn waiting_is_told_in_a_header() {
        let problem = Problem::Other { code: ErrorCode::TooManyAttempts, retry_after: Some(7) };
        let response = Failure::from(problem).render("id");
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        assert_eq!(response.headers()[ERROR_CODE], "tooManyAttempts");
    }
}
