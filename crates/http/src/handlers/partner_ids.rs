//! Microsoft Partner IDs.

use std::sync::Arc;

use api::{CheckedPartnerId, PartnerIdRequest, routes};
use rules::Refusal;
use service::partner_ids;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{JsonBody, NoQuery};
use crate::respond::JsonResponse;
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(check_partner_id))
}

/// Returns the partner with a Partner ID, and whether it can be a partner of record here.
///
/// Changes nothing but the count of look-ups: an organization can look up 200 different IDs in
/// 24 hours, here and wherever else an ID is sent. Retry-After says how long to wait.
#[utoipa::path(
    post,
    path = routes::CHECK_PARTNER_ID,
    request_body = PartnerIdRequest,
    responses((status = 200, body = CheckedPartnerId)),
    extensions(("x-refusals" = json!([
        Refusal::CustomerSetsPartnerOfRecord,
        Refusal::BillingAdministratorRequired,
        Refusal::PartnerIdNotFound,
        Refusal::TooManyLookUps,
    ]))),
)]
async fn check_partner_id(
    session: SignedIn,
    _: NoQuery,
    JsonBody(request): JsonBody<PartnerIdRequest>,
) -> Result<JsonResponse<CheckedPartnerId>> {
    let id = request.parse()?;
    let counted = id.clone();
    session
        .write(move |store, context, caller| {
            partner_ids::record_look_up(store, context, caller, &counted)
        })
        .await?;
    session.read(|store, caller, now| partner_ids::check(store, caller, &id, now)).map(JsonResponse)
}
