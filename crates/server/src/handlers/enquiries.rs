//! Enquiries.

use std::sync::Arc;

use api::{DeclineEnquiry, EnquiryRequest};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rules::EnquiryId;
use service::enquiries;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Id, Json, NoOptions, SignedIn, Version};

/// `GET /api/enquiries`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
) -> Result<Response> {
    let page = app.read_as(&token, |store, caller, now| enquiries::list(store, caller, now))?;
    Ok(answer::page(&app, page))
}

/// `POST /api/enquiries`
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
    Json(request): Json<EnquiryRequest>,
) -> Result<Response> {
    let new = request.parse()?;
    let sent = app
        .write_as(token, move |store, context, caller| {
            enquiries::send(store, context, caller, &new)
        })
        .await?;
    let mut response = answer::page(&app, sent);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// `GET /api/enquiries/{id}`
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<EnquiryId>,
    _: NoOptions,
    headers: HeaderMap,
) -> Result<Response> {
    let found = app.read_as(&token, |store, caller, now| enquiries::get(store, caller, id, now))?;
    Ok(answer::of_one(&headers, &found.etag.to_string(), &found))
}

/// `POST /api/enquiries/{id}/read`
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<EnquiryId>,
    _: NoOptions,
) -> Result<Response> {
    let read = app
        .write_as(token, move |store, context, caller| enquiries::read(store, context, caller, id))
        .await?;
    Ok(answer::versioned(read.etag, &read))
}

/// `POST /api/enquiries/{id}/decline`
pub(crate) async fn decline(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<EnquiryId>,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<DeclineEnquiry>,
) -> Result<Response> {
    let reason = request.parse()?;
    let declined = app
        .write_as(token, move |store, context, caller| {
            enquiries::decline(store, context, caller, id, version, &reason)
        })
        .await?;
    Ok(answer::versioned(declined.etag, &declined))
}
