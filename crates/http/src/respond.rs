//! Responses: JSON, versions, pages of lists.

use api::{ETag, Page};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::error::{ApiError, Result};
use crate::extract::IfNoneMatch;
use crate::state::ApiState;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Bytes that are allocated for a JSON body at first.
const JSON_CAPACITY: usize = 2 * 1024;
/// Bytes that are allocated for each row of a list.
const ROW_CAPACITY: usize = 1024;

/// 200 with JSON.
pub(crate) struct JsonResponse<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for JsonResponse<T> {
    fn into_response(self) -> Response {
        json(&self.0)
    }
}

fn json(body: &impl Serialize) -> Response {
    match to_json(body, JSON_CAPACITY) {
        Ok(bytes) => json_bytes(bytes.into()),
        Err(error) => {
            // Not expected: every value of the API's types can be written as JSON. If it fails,
            // the error is logged, and the client gets no partial body.
            tracing::error!(cause = %error, "an answer cannot be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn to_json(body: &impl Serialize, capacity: usize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(capacity);
    serde_json::to_writer(&mut bytes, body)?;
    Ok(bytes)
}

/// 200 with JSON.
pub(crate) fn json_bytes(json: Bytes) -> Response {
    ([(header::CONTENT_TYPE, JSON)], Body::from(json)).into_response()
}

/// A resource with a version for `If-Match`.
pub(crate) trait Versioned: Serialize {
    /// Returns the version.
    fn etag(&self) -> ETag;
}

macro_rules! versioned {
    ($($type:ident),+) => {
        $(impl Versioned for api::$type {
            fn etag(&self) -> ETag {
                self.etag
            }
        })+
    };
}
versioned!(
    EnquiryResource,
    InvitationResource,
    Plan,
    ProfileResource,
    RelationshipResource,
    SubscriptionResource
);

impl Versioned for api::AcceptedInvitation {
    fn etag(&self) -> ETag {
        self.invitation.etag
    }
}

/// 200 with JSON and its version as `ETag`.
pub(crate) struct WithETag<T>(pub(crate) T);

impl<T: Versioned> IntoResponse for WithETag<T> {
    fn into_response(self) -> Response {
        with_etag(json(&self.0), &self.0.etag().to_string())
    }
}

fn with_etag(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// 200 with JSON and its version, or 304 if the client has that version.
pub(crate) fn unless_matched(
    client: &IfNoneMatch,
    version: &str,
    body: &impl Serialize,
) -> Response {
    let response =
        if client.matches(version) { StatusCode::NOT_MODIFIED.into_response() } else { json(body) };
    with_etag(response, version)
}

/// 201 with a new resource, its version as `ETag`, and its address at `path`.
pub(crate) fn created(state: &ApiState, path: &str, body: &impl Versioned) -> Response {
    let mut response = with_etag(json(body), &body.etag().to_string());
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&format!("{}{path}", state.public_url())) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// 200 with a page of a list.
pub(crate) fn page<T: Serialize>(state: &ApiState, page: Page<T>) -> Result<Response> {
    page_json(state, page).map(json_bytes)
}

/// Returns the JSON of a page of a list. Its link to the next page is absolute.
pub(crate) fn page_json<T: Serialize>(state: &ApiState, mut page: Page<T>) -> Result<Bytes> {
    if let Some(link) = &mut page.next_link {
        link.insert_str(0, state.public_url().as_str());
    }
    let json = to_json(&page, page.value.len() * ROW_CAPACITY + JSON_CAPACITY);
    json.map(Bytes::from).map_err(|error| ApiError::internal(&error))
}
