//! What the own partner says of itself.

use std::sync::Arc;

use api::ProfileRequest;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use service::profile;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Json, NoOptions, SignedIn, Version};

/// `GET /api/profile`
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
    headers: HeaderMap,
) -> Result<Response> {
    let found = app.read_as(&token, |store, caller, now| profile::get(store, caller, now))?;
    Ok(answer::of_one(&headers, &found.etag.to_string(), &found))
}

/// `PUT /api/profile`
pub(crate) async fn set(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<ProfileRequest>,
) -> Result<Response> {
    let new = request.parse()?;
    let saved = app
        .write_as(token, move |store, context, caller| {
            profile::set(store, context, caller, version, new.clone())
        })
        .await?;
    Ok(answer::versioned(saved.etag, &saved))
}
