//! The search for partners.

use std::sync::Arc;

use api::{FieldProblem, Page, PartnerProfile, PartnerQuery, routes};
use axum::extract::State;
use rules::Refusal;
use service::partners;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{Query, QueryString, query_parameters};
use crate::respond::{self, JsonResponse};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(find_partners))
}

impl QueryString for PartnerQuery {
    fn parse(query: &str) -> std::result::Result<Self, Vec<FieldProblem>> {
        Self::parse(query)
    }
}

query_parameters! {
    PartnerParameters {
        "$search": "Words in the profile, all of them; the last may be the beginning of a word.",
        "country": "Country or region that the partner serves; the organization's by default.",
        "city": "City in which the partner has staff.",
        "size": "Size of organization that the partner serves.",
        "$top": "Maximum number of partners, 1 to 50; 20 by default.",
        "$skiptoken": "Where to continue; part of `@odata.nextLink`.",
    }
}

/// Finds listed partners that serve the organization's cloud and a country, best match first.
#[utoipa::path(
    get,
    path = routes::PARTNERS,
    params(PartnerParameters),
    responses((status = 200, body = Page<PartnerProfile>)),
    extensions(("x-refusals" = json!([Refusal::CustomerOnly]))),
)]
async fn find_partners(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Query(query): Query<PartnerQuery>,
) -> Result<JsonResponse<Page<PartnerProfile>>> {
    let page = session
        .read_list(move |store, caller, now| partners::search(store, caller, &query, now))
        .await?;
    Ok(respond::page(&state, page))
}
