//! Subscriptions, and creating one from a partner's offer.

use std::sync::Arc;

use api::{
    ErrorCode, Page, PartnerPeriod, QuantityRequest, SubscriptionList, SubscriptionQuery,
    SubscriptionResource, routes,
};
use axum::extract::State;
use axum::response::Response;
use rules::{Refusal, RelationshipId, SubscriptionId, refusals};
use service::{csv, offers, subscriptions};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::export::Export;
use crate::extract::{ExportQuery, Id, IfMatch, IfNoneMatch, JsonBody, NoQuery, Query};
use crate::respond::{self, WithETag};
use crate::state::{ApiState, ROWS_AT_ONCE_MAX, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(list_subscriptions))
        .routes(routes!(export_subscriptions))
        .routes(routes!(get_subscription, change_quantity))
        .routes(routes!(get_subscription_history))
        .routes(routes!(suspend_subscription))
        .routes(routes!(reactivate_subscription))
        .routes(routes!(cancel_subscription))
        .routes(routes!(create_from_offer))
}

/// Lists the subscriptions of the caller's organization.
///
/// A partner gets the subscriptions that it sells or is the partner of record of, without the
/// other partner of a subscription and without the price of what it does not sell.
#[utoipa::path(
    get,
    path = routes::SUBSCRIPTIONS,
    params(Query<SubscriptionQuery>),
    responses((status = 200, body = Page<SubscriptionResource>)),
)]
async fn list_subscriptions(
    session: SignedIn,
    Query(query): Query<SubscriptionQuery>,
) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| subscriptions::list(store, caller, &query, now))
        .await
}

/// Exports all subscriptions of the list as CSV.
///
/// A changed column `partnerId` can be brought back with planPartnersOfRecord.
#[utoipa::path(
    get,
    path = routes::SUBSCRIPTIONS_EXPORT,
    params(Query<ExportQuery<SubscriptionList>>),
    responses((
        status = 200,
        description = "CSV file (RFC 4180) in UTF-8 with a header line.",
        body = String,
        content_type = "text/csv",
    )),
)]
async fn export_subscriptions(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Query(ExportQuery(query)): Query<ExportQuery<SubscriptionList>>,
) -> Result<Response> {
    let export = Export {
        name: "subscriptions",
        header: csv::subscription_header(),
        list: subscriptions::list,
        rows: csv::subscription_rows,
    };
    export.respond(&state, session, query).await
}

/// Returns a subscription.
#[utoipa::path(
    get,
    path = routes::SUBSCRIPTION,
    params(Id<SubscriptionId>, IfNoneMatch),
    responses((status = 200, body = SubscriptionResource)),
)]
async fn get_subscription(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    _: NoQuery,
    client: IfNoneMatch,
) -> Result<Response> {
    let found = session.read(|store, caller, now| subscriptions::get(store, caller, id, now))?;
    Ok(respond::unless_matched(&client, &found.etag.to_string(), &found))
}

/// Lists every partner of record that a subscription had, the current one first.
///
/// A partner sees its own periods only.
#[utoipa::path(
    get,
    path = routes::SUBSCRIPTION_HISTORY,
    params(Id<SubscriptionId>),
    responses((status = 200, body = Page<PartnerPeriod>)),
    extensions(("x-refusals" = json!([ErrorCode::Unavailable]))),
)]
async fn get_subscription_history(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    _: NoQuery,
) -> Result<Response> {
    session
        .page(ROWS_AT_ONCE_MAX, move |store, caller, now| {
            subscriptions::history(store, caller, id, now)
        })
        .await
}

/// Changes the number of licenses of a subscription.
#[utoipa::path(
    patch,
    path = routes::SUBSCRIPTION,
    params(Id<SubscriptionId>, IfMatch),
    request_body = QuantityRequest,
    responses((status = 200, body = SubscriptionResource)),
    extensions(("x-refusals" = json!([
        refusals::SUBSCRIPTION_MANAGEMENT,
        Refusal::SubscriptionSuspended,
    ]))),
)]
async fn change_quantity(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<QuantityRequest>,
) -> Result<WithETag<SubscriptionResource>> {
    let quantity = request.parse()?;
    session
        .write(move |store, context, caller| {
            subscriptions::change_quantity(store, context, caller, id, version, quantity)
        })
        .await
        .map(WithETag)
}

/// Suspends a subscription: it cannot be used until it is reactivated.
#[utoipa::path(
    post,
    path = routes::SUSPEND_SUBSCRIPTION,
    params(Id<SubscriptionId>, IfMatch),
    responses((status = 200, body = SubscriptionResource)),
    extensions(("x-refusals" = json!([
        refusals::SUBSCRIPTION_MANAGEMENT,
        Refusal::SubscriptionSuspended,
        Refusal::SubscriptionIsTrial,
    ]))),
)]
async fn suspend_subscription(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<SubscriptionResource>> {
    session
        .write(move |store, context, caller| {
            subscriptions::suspend(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Reactivates a suspended subscription.
#[utoipa::path(
    post,
    path = routes::REACTIVATE_SUBSCRIPTION,
    params(Id<SubscriptionId>, IfMatch),
    responses((status = 200, body = SubscriptionResource)),
    extensions(("x-refusals" = json!([
        refusals::SUBSCRIPTION_MANAGEMENT,
        Refusal::SubscriptionNotSuspended,
    ]))),
)]
async fn reactivate_subscription(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<SubscriptionResource>> {
    session
        .write(move |store, context, caller| {
            subscriptions::reactivate(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Cancels a subscription for good.
#[utoipa::path(
    post,
    path = routes::CANCEL_SUBSCRIPTION,
    params(Id<SubscriptionId>, IfMatch),
    responses((status = 200, body = SubscriptionResource)),
    extensions(("x-refusals" = json!([refusals::SUBSCRIPTION_MANAGEMENT]))),
)]
async fn cancel_subscription(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<SubscriptionResource>> {
    session
        .write(move |store, context, caller| {
            subscriptions::cancel(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Creates the trial or subscription that came with an accepted invitation.
///
/// The partner becomes its partner of record and is told by mail. If-Match names the version
/// of the relationship.
#[utoipa::path(
    post,
    path = "/api/relationships/{id}/createFromOffer",
    params(Id<RelationshipId>, IfMatch),
    responses((
        status = 201,
        description = "Created; Location has the address of the subscription.",
        body = SubscriptionResource,
    )),
    extensions(("x-refusals" = json!([
        Refusal::CustomerOnly,
        Refusal::RelationshipEnded,
        Refusal::NoOffer,
        Refusal::BillingAdministratorRequired,
    ]))),
)]
async fn create_from_offer(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<Response> {
    let created = session
        .write(move |store, context, caller| {
            offers::create_subscription(store, context, caller, id, version)
        })
        .await?;
    let path = routes::of_subscription(routes::SUBSCRIPTION, created.id);
    Ok(respond::created(&state, &path, &created))
}
