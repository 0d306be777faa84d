//! The audit log.

use std::sync::Arc;

use api::{ActivityEntry, ActivityQuery, Page, routes};
use axum::response::Response;
use service::activity;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::Query;
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(list_activity))
}

/// Lists the audit log of the caller's organization, newest first.
#[utoipa::path(
    get,
    path = routes::ACTIVITY,
    params(Query<ActivityQuery>),
    responses((status = 200, body = Page<ActivityEntry>)),
)]
async fn list_activity(session: SignedIn, Query(query): Query<ActivityQuery>) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| activity::list(store, caller, &query, now))
        .await
}
