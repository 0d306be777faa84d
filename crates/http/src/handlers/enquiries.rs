//! Enquiries: what customers ask partners.

use std::sync::Arc;

use api::{DeclineEnquiry, EnquiryQuery, EnquiryRequest, EnquiryResource, Page, routes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::{EnquiryId, Refusal, refusals};
use service::enquiries;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{Id, IfMatch, IfNoneMatch, JsonBody, NoQuery, Query};
use crate::respond::{self, WithETag};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(list_enquiries, send_enquiries))
        .routes(routes!(get_enquiry))
        .routes(routes!(read_enquiry))
        .routes(routes!(decline_enquiry))
}

/// Lists the enquiries from or to the caller's organization.
#[utoipa::path(
    get,
    path = routes::ENQUIRIES,
    params(Query<EnquiryQuery>),
    responses((status = 200, body = Page<EnquiryResource>)),
    extensions(("x-refusals" = json!([Refusal::SalesAgentRequired]))),
)]
async fn list_enquiries(session: SignedIn, Query(query): Query<EnquiryQuery>) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| enquiries::list(store, caller, &query, now))
        .await
}

/// Sends an enquiry to each of the chosen partners, or to none if one cannot be chosen.
///
/// At most 30 in 24 hours; Retry-After says how long to wait.
#[utoipa::path(
    post,
    path = routes::ENQUIRIES,
    request_body = EnquiryRequest,
    responses((status = 201, description = "One enquiry for each partner.", body = Page<EnquiryResource>)),
    extensions(("x-refusals" = json!([
        Refusal::CustomerOnly,
        Refusal::BillingAdministratorRequired,
        Refusal::PartnerNotInCloud,
        Refusal::RecipientNotOfCustomer,
        Refusal::TooManyEnquiries,
        Refusal::TooManyWaitingEnquiries,
    ]))),
)]
async fn send_enquiries(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    _: NoQuery,
    JsonBody(request): JsonBody<EnquiryRequest>,
) -> Result<(StatusCode, Response)> {
    let new = request.parse()?;
    let sent = session
        .write(move |store, context, caller| enquiries::send(store, context, caller, &new))
        .await?;
    Ok((StatusCode::CREATED, respond::page(&state, sent)?))
}

/// Returns an enquiry.
#[utoipa::path(
    get,
    path = routes::ENQUIRY,
    params(Id<EnquiryId>, IfNoneMatch),
    responses((status = 200, body = EnquiryResource)),
    extensions(("x-refusals" = json!([Refusal::SalesAgentRequired]))),
)]
async fn get_enquiry(
    session: SignedIn,
    Id(id): Id<EnquiryId>,
    _: NoQuery,
    client: IfNoneMatch,
) -> Result<Response> {
    let found = session.read(|store, caller, now| enquiries::get(store, caller, id, now))?;
    Ok(respond::unless_matched(&client, &found.etag.to_string(), &found))
}

/// Records that the partner read the enquiry, which the customer sees.
///
/// Reading it again changes nothing.
#[utoipa::path(
    post,
    path = routes::READ_ENQUIRY,
    params(Id<EnquiryId>),
    responses((status = 200, body = EnquiryResource)),
    extensions(("x-refusals" = json!([
        Refusal::PartnerOnly, Refusal::SalesAgentRequired, refusals::ENQUIRY_CLOSED,
    ]))),
)]
async fn read_enquiry(
    session: SignedIn,
    Id(id): Id<EnquiryId>,
    _: NoQuery,
) -> Result<WithETag<EnquiryResource>> {
    session
        .write(move |store, context, caller| enquiries::mark_read(store, context, caller, id))
        .await
        .map(WithETag)
}

/// Declines an enquiry; the customer's contact receives the reason by mail.
#[utoipa::path(
    post,
    path = routes::DECLINE_ENQUIRY,
    params(Id<EnquiryId>, IfMatch),
    request_body = DeclineEnquiry,
    responses((status = 200, body = EnquiryResource)),
    extensions(("x-refusals" = json!([
        Refusal::PartnerOnly, Refusal::SalesAgentRequired, refusals::ENQUIRY_CLOSED,
    ]))),
)]
async fn decline_enquiry(
    session: SignedIn,
    Id(id): Id<EnquiryId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<DeclineEnquiry>,
) -> Result<WithETag<EnquiryResource>> {
    let reason = request.parse()?;
    session
        .write(move |store, context, caller| {
            enquiries::decline(store, context, caller, id, version, &reason)
        })
        .await
        .map(WithETag)
}
