//! Products that can be bought, and billing accounts that pay.

use std::sync::Arc;

use api::{BillingAccountResource, ErrorCode, Page, ProductQuery, ProductResource, routes};
use axum::extract::State;
use axum::response::Response;
use rules::Refusal;
use service::products;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{NoQuery, Query};
use crate::respond;
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(list_products)).routes(routes!(list_billing_accounts))
}

/// Lists the products that can be bought, priced in the currency in which the customer pays.
#[utoipa::path(
    get,
    path = routes::PRODUCTS,
    params(Query<ProductQuery>),
    responses((status = 200, body = Page<ProductResource>)),
    extensions(("x-refusals" = json!([ErrorCode::NotFound]))),
)]
async fn list_products(session: SignedIn, Query(query): Query<ProductQuery>) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| products::list(store, caller, &query, now))
        .await
}

/// Lists the billing accounts of the caller's organization.
#[utoipa::path(
    get,
    path = routes::BILLING_ACCOUNTS,
    responses((status = 200, body = Page<BillingAccountResource>)),
    extensions(("x-refusals" = json!([Refusal::CustomerOnly]))),
)]
async fn list_billing_accounts(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    _: NoQuery,
) -> Result<Response> {
    let page = session.read(products::billing_accounts)?;
    respond::page(&state, page)
}
