//! Public endpoints: the server's facts, its health, and the OpenAPI document.

use std::sync::Arc;

use api::{ErrorCode, Site, routes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rules::Cloud;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::NoQuery;
use crate::respond::JsonResponse;
use crate::state::ApiState;

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(get_site))
        .routes(routes!(get_health))
        .routes(routes!(get_description))
}

/// Returns what anyone may know about the server.
#[utoipa::path(
    get,
    path = routes::SITE,
    security(()),
    responses((status = 200, body = Site)),
)]
async fn get_site(State(state): State<Arc<ApiState>>, _: NoQuery) -> JsonResponse<Site> {
    JsonResponse(Site {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: state.demo_accounts().is_some(),
        accounts: state.demo_accounts().unwrap_or_default().to_vec(),
    })
}

/// Health of the server.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    status: HealthStatus,
}

/// Status of a healthy server; an unhealthy one answers with an error.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum HealthStatus {
    /// The database answers.
    Ok,
}

/// Returns 200 while the server runs and its database answers.
#[utoipa::path(
    get,
    path = routes::HEALTH,
    security(()),
    responses((status = 200, body = Health)),
    extensions(("x-refusals" = json!([ErrorCode::Unavailable]))),
)]
async fn get_health(
    State(state): State<Arc<ApiState>>,
    _: NoQuery,
) -> Result<JsonResponse<Health>> {
    match state.read(|store| Ok(store.current_agreement(Cloud::Worldwide)?)) {
        Ok(_) => Ok(JsonResponse(Health { status: HealthStatus::Ok })),
        // The cause was logged.
        Err(_) => Err(ErrorCode::Unavailable.into()),
    }
}

/// Returns this document.
#[utoipa::path(
    get,
    path = routes::OPENAPI,
    security(()),
    responses((status = 200, body = Object)),
)]
async fn get_description(State(state): State<Arc<ApiState>>, _: NoQuery) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], state.description()).into_response()
}
