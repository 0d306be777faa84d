//! The search for partners.

use std::sync::Arc;

use api::{Page, PartnerProfile, PartnerQuery, routes};
use axum::response::Response;
use rules::Refusal;
use service::partners;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::Query;
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(find_partners))
}

/// Finds listed partners that serve the organization's cloud and a country, best match first.
#[utoipa::path(
    get,
    path = routes::PARTNERS,
    params(Query<PartnerQuery>),
    responses((status = 200, body = Page<PartnerProfile>)),
    extensions(("x-refusals" = json!([Refusal::CustomerOnly]))),
)]
async fn find_partners(session: SignedIn, Query(query): Query<PartnerQuery>) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| partners::list(store, caller, &query, now))
        .await
}
