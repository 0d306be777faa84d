//! Products that can be bought, and billing accounts that pay.

use std::sync::Arc;

use api::{BillingAccountResource, ErrorCode, Page, ProductQuery, ProductResource, routes};
use axum::extract::State;
use rules::Refusal;
use service::products;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{NoQuery, Query};
use crate::respond::{self, JsonResponse};
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
async fn list_products(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Query(query): Query<ProductQuery>,
) -> Result<JsonResponse<Page<ProductResource>>> {
    let page = session
        .read_list(query.top, move |store, caller, now| products::list(store, caller, &query, now))
        .await?;
    Ok(respond::page(&state, page))
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
) -> Result<JsonResponse<Page<BillingAccountResource>>> {
    let page = session.read(products::billing_accounts)?;
    Ok(respond::page(&state, page))
}
