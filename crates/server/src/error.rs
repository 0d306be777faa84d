//! Errors as HTTP says them: the one place that knows which status a problem has.

use std::borrow::Cow;

use api::{ErrorBody, ErrorCode, FieldProblem, InnerError, Problem};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::{FieldError, Refusal};
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
        Problem::Refused(refusal) => explain_refusal(*refusal),
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

/// 401: nobody is signed in. 403: this person, or this side, may not. 404: what was named
/// is not there. 409: nobody may, as things stand, or not with what was shown.
#[expect(clippy::too_many_lines, reason = "it is one table")]
fn explain_refusal(refusal: Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::SignInRequired => (StatusCode::UNAUTHORIZED, "Nobody is signed in."),
        Refusal::OtherOrganization => {
            (StatusCode::FORBIDDEN, "It belongs to another organization.")
        }
        Refusal::CustomerOnly => {
            (StatusCode::FORBIDDEN, "Only a customer organization can do this.")
        }
        Refusal::PartnerOnly => (StatusCode::FORBIDDEN, "Only a partner can do this."),
        Refusal::GlobalAdministratorRequired => {
            (StatusCode::FORBIDDEN, "Only a Global administrator may do this.")
        }
        Refusal::BillingAdministratorRequired => {
            (StatusCode::FORBIDDEN, "Only a Global or Billing administrator may do this.")
        }
        Refusal::AdminAgentRequired => {
            (StatusCode::FORBIDDEN, "Only an Admin agent of the partner may do this.")
        }
        Refusal::SalesAgentRequired => (
            StatusCode::FORBIDDEN,
            "Only an Admin agent or Sales agent of the partner may do this.",
        ),
        Refusal::InvitationForOtherOrganization => {
            (StatusCode::FORBIDDEN, "The invitation was addressed to another organization.")
        }
        Refusal::InvitationForOtherCloud => {
            (StatusCode::FORBIDDEN, "The invitation was made for another cloud.")
        }
        Refusal::InvitationNotSent => {
            (StatusCode::CONFLICT, "The invitation has not been sent yet.")
        }
        Refusal::InvitationAlreadySent => {
            (StatusCode::CONFLICT, "The invitation has been sent already.")
        }
        Refusal::InvitationAlreadyAccepted => {
            (StatusCode::CONFLICT, "The invitation was accepted before.")
        }
        Refusal::InvitationCanceled => {
            (StatusCode::CONFLICT, "The customer canceled the invitation.")
        }
        Refusal::InvitationWithdrawn => {
            (StatusCode::CONFLICT, "The partner withdrew the invitation.")
        }
        Refusal::InvitationExpired => (StatusCode::CONFLICT, "The invitation's 90 days are over."),
        Refusal::PartnerNotInCloud => {
            (StatusCode::CONFLICT, "The partner does not work in the organization's cloud.")
        }
        Refusal::RolesNotForType => (
            StatusCode::CONFLICT,
            "A partner of this type can't hold the admin roles that are asked for.",
        ),
        Refusal::AgreementNotAcknowledged => {
            (StatusCode::CONFLICT, "Reading the agreement was not acknowledged.")
        }
        Refusal::AgreementChanged => {
            (StatusCode::CONFLICT, "What was shown is not the current agreement any more.")
        }
        Refusal::AgreementAlreadyAccepted => {
            (StatusCode::CONFLICT, "The current version of the agreement was accepted before.")
        }
        Refusal::AgreementUnavailable => {
            (StatusCode::CONFLICT, "There is no agreement document in this cloud yet.")
        }
        Refusal::TypeHoldsNoRoles => {
            (StatusCode::CONFLICT, "A partner of this type holds no admin roles.")
        }
        Refusal::RolesHeldByAccount => {
            (StatusCode::CONFLICT, "The partner's roles are those of the account it was given.")
        }
        Refusal::NoRolesToRemove => (StatusCode::CONFLICT, "The partner holds no admin roles now."),
        Refusal::ResellerEndsRelationship => {
            (StatusCode::CONFLICT, "A reseller relationship is ended by the reseller.")
        }
        Refusal::PartnerEndsRelationship => {
            (StatusCode::CONFLICT, "A relationship of this type is ended by the partner.")
        }
        Refusal::RelationshipEnded => (StatusCode::CONFLICT, "The relationship has ended already."),
        Refusal::InvitationIncomplete => {
            (StatusCode::CONFLICT, "The invitation doesn't name whom it goes to yet.")
        }
        Refusal::RecipientNotOfCustomer => {
            (StatusCode::CONFLICT, "The recipient's address is not of the customer's domain.")
        }
        Refusal::InvitationSentRecently => {
            (StatusCode::CONFLICT, "The invitation was sent less than 24 hours ago.")
        }
        Refusal::OfferOnlyIn21Vianet => (
            StatusCode::CONFLICT,
            "Terms of the partner and offers go with invitations in 21Vianet's cloud alone.",
        ),
        Refusal::EnquiryDeclined => (StatusCode::CONFLICT, "The enquiry was declined."),
        Refusal::EnquiryExpired => (StatusCode::CONFLICT, "The enquiry's 14 days are over."),
        Refusal::EnquiryAnswered => {
            (StatusCode::CONFLICT, "The enquiry was answered with an invitation.")
        }
        Refusal::SubscriptionsActive => {
            (StatusCode::CONFLICT, "The customer has active subscriptions from this reseller.")
        }
        Refusal::CustomerSetsPartnerOfRecord => (
            StatusCode::FORBIDDEN,
            "Only the customer sets the partner of record, never a partner, whatever its roles.",
        ),
        Refusal::PartnerStartsIn21Vianet => (
            StatusCode::CONFLICT,
            "In 21Vianet's cloud a partner of record comes with the partner's invitation alone.",
        ),
        Refusal::PartnerOfRecordPresent => {
            (StatusCode::CONFLICT, "The subscription has a partner of record already.")
        }
        Refusal::NoPartnerOfRecord => {
            (StatusCode::CONFLICT, "The subscription has no partner of record.")
        }
        Refusal::PartnerOfRecordUnchanged => {
            (StatusCode::CONFLICT, "The subscription has this partner of record already.")
        }
        Refusal::PartnerIdNotFound => (StatusCode::NOT_FOUND, "No partner has this Partner ID."),
        Refusal::PartnerIdIsGlobalAccount => (
            StatusCode::CONFLICT,
            "The Partner ID is that of a whole company, not of one of its locations.",
        ),
        Refusal::SubscriptionEnded => (StatusCode::CONFLICT, "The subscription has ended."),
        Refusal::SubscriptionSuspended => (StatusCode::CONFLICT, "The subscription is suspended."),
        Refusal::SubscriptionNotSuspended => {
            (StatusCode::CONFLICT, "The subscription is not suspended.")
        }
        Refusal::SubscriptionIsTrial => (
            StatusCode::CONFLICT,
            "The subscription is a trial, which can be canceled but not suspended.",
        ),
        Refusal::ManagedByReseller => {
            (StatusCode::CONFLICT, "A reseller sold the subscription, and manages it.")
        }
        Refusal::NotTheSeller => {
            (StatusCode::FORBIDDEN, "The subscription was not bought from this partner.")
        }
        Refusal::NotAReseller => (StatusCode::CONFLICT, "A partner of this type sells nothing."),
        Refusal::AgreementNotAccepted => (
            StatusCode::CONFLICT,
            "The customer has not accepted the Microsoft Customer Agreement, so its reseller can \
             neither order nor change anything for it.",
        ),
        Refusal::NoOffer => (StatusCode::CONFLICT, "No offer waits to be created."),
        Refusal::PriceChanged => (
            StatusCode::CONFLICT,
            "The product costs something else by now than unitPrice says. Get the products again, \
             and order at a price that was shown, with a new Repeatability-Request-ID.",
        ),
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
