//! The profile of the caller's organization, a partner.

use std::sync::Arc;

use api::{ProfileRequest, ProfileResource, routes};
use axum::response::Response;
use rules::Refusal;
use service::profile;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{IfMatch, IfNoneMatch, JsonBody, NoQuery};
use crate::respond::{self, WithETag};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(get_profile, set_profile))
}

/// Returns the profile of the caller's organization; version 0 before it is first saved.
#[utoipa::path(
    get,
    path = routes::PROFILE,
    params(IfNoneMatch),
    responses((status = 200, body = ProfileResource)),
    extensions(("x-refusals" = json!([Refusal::PartnerOnly]))),
)]
async fn get_profile(session: SignedIn, _: NoQuery, client: IfNoneMatch) -> Result<Response> {
    let found = session.read(profile::get)?;
    Ok(respond::unless_matched(&client, &found.etag.to_string(), &found))
}

/// Replaces the profile of the caller's organization.
#[utoipa::path(
    put,
    path = routes::PROFILE,
    params(IfMatch),
    request_body = ProfileRequest,
    responses((status = 200, body = ProfileResource)),
    extensions(("x-refusals" = json!([Refusal::PartnerOnly, Refusal::AdminAgentRequired]))),
)]
async fn set_profile(
    session: SignedIn,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<ProfileRequest>,
) -> Result<WithETag<ProfileResource>> {
    let new = request.parse()?;
    session
        .write(move |store, context, caller| {
            profile::set(store, context, caller, version, new.clone())
        })
        .await
        .map(WithETag)
}
