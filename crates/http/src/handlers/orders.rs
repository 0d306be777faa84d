//! Orders.

use std::sync::Arc;

use api::{ErrorCode, OrderRequest, SubscriptionResource, routes};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use rules::{Refusal, refusals};
use service::orders;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{JsonBody, NoQuery, RepeatabilityRequestId};
use crate::respond;
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(place_order))
}

/// Orders a product at the price that was shown.
///
/// The order is for the caller's organization, with a partner of record if one is given, or,
/// through a relationship, for a customer of the caller's organization, its reseller. The
/// partner of record is told by mail.
#[utoipa::path(
    post,
    path = routes::ORDERS,
    params(RepeatabilityRequestId),
    request_body = OrderRequest,
    responses((
        status = 201,
        description = "Ordered, now or by an earlier request with the same id; Location has the \
            address of the subscription.",
        body = SubscriptionResource,
    )),
    extensions(("x-refusals" = json!([
        Refusal::CustomerOnly,
        Refusal::BillingAdministratorRequired,
        Refusal::CustomerSetsPartnerOfRecord,
        Refusal::PartnerStartsIn21Vianet,
        Refusal::PartnerOnly,
        Refusal::NotAReseller,
        Refusal::RelationshipEnded,
        Refusal::AdminAgentRequired,
        Refusal::AgreementNotAccepted,
        Refusal::PriceChanged,
        refusals::UNUSABLE_PARTNER_ID,
        ErrorCode::NotFound,
        Refusal::TooManyLookUps,
    ]))),
)]
async fn place_order(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    RepeatabilityRequestId(request_id): RepeatabilityRequestId,
    _: NoQuery,
    JsonBody(request): JsonBody<OrderRequest>,
) -> Result<Response> {
    let order = request.parse()?;
    if order.partner_id.is_some() {
        let order = order.clone();
        // A transaction of its own, so that a refused order does not give the look-up back.
        session
            .write(move |store, context, caller| {
                orders::record_look_up(store, context, caller, request_id, &order)
            })
            .await?;
    }
    let placed = session
        .write(move |store, context, caller| {
            orders::place(store, context, caller, request_id, &order)
        })
        .await?;
    let path = routes::of_subscription(routes::SUBSCRIPTION, placed.id);
    let mut response = respond::created(&state, &path, &placed);
    let result = HeaderName::from_static(routes::REPEATABILITY_RESULT);
    response.headers_mut().insert(result, HeaderValue::from_static("accepted"));
    Ok(response)
}
