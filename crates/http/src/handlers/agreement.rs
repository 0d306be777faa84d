//! The Microsoft Customer Agreement.

use std::sync::Arc;

use api::{AcceptAgreement, Agreement, AgreementAcceptanceResource, FieldProblem, routes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use rules::{Language, Refusal};
use service::agreements;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{
    IfNoneMatch, JsonBody, NoQuery, Query, QueryString, query_options, query_parameters,
};
use crate::respond::{self, JsonResponse};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(get_agreement)).routes(routes!(accept_agreement))
}

/// The language that a client asks for, if any.
pub(crate) struct LanguageQuery(pub(crate) Option<Language>);

impl QueryString for LanguageQuery {
    fn parse(query: &str) -> std::result::Result<Self, Vec<FieldProblem>> {
        let [language] = query_options(query, ["language"])?;
        let language = language.map(|language| language.parse()).transpose();
        language.map(Self).map_err(|error| vec![FieldProblem { field: "language", error }])
    }
}

query_parameters! {
    AgreementParameters {
        "language": "Language code; Accept-Language decides by default. Another language is \
            returned where the text does not exist in this one.",
    }
}

/// Returns the current Microsoft Customer Agreement of the organization's cloud.
#[utoipa::path(
    get,
    path = routes::AGREEMENT,
    params(AgreementParameters, IfNoneMatch),
    responses((status = 200, body = Agreement)),
    extensions(("x-refusals" = json!([Refusal::CustomerOnly, Refusal::AgreementUnavailable]))),
)]
async fn get_agreement(
    session: SignedIn,
    Query(LanguageQuery(language)): Query<LanguageQuery>,
    client: IfNoneMatch,
    headers: HeaderMap,
) -> Result<Response> {
    let language = language.unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::negotiate(accepted.unwrap_or_default())
    });
    let found =
        session.read(|store, caller, now| agreements::current(store, caller, language, now))?;
    // A document never changes, so the hash of its text is its version.
    let mut response = respond::unless_matched(&client, &format!("\"{}\"", found.hash), &found);
    let vary = HeaderValue::from_static("Accept-Language");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}

/// Accepts the agreement on its own, without an invitation.
#[utoipa::path(
    post,
    path = routes::ACCEPT_AGREEMENT,
    request_body = AcceptAgreement,
    responses((status = 200, body = AgreementAcceptanceResource)),
    extensions(("x-refusals" = json!([
        Refusal::CustomerOnly,
        Refusal::BillingAdministratorRequired,
        Refusal::AgreementNotAcknowledged,
        Refusal::AgreementChanged,
        Refusal::AgreementAlreadyAccepted,
        Refusal::AgreementUnavailable,
    ]))),
)]
async fn accept_agreement(
    session: SignedIn,
    _: NoQuery,
    JsonBody(request): JsonBody<AcceptAgreement>,
) -> Result<JsonResponse<AgreementAcceptanceResource>> {
    let agreement = request.parse()?;
    session
        .write(move |store, context, caller| agreements::accept(store, context, caller, &agreement))
        .await
        .map(JsonResponse)
}
