//! Answers: JSON, versions and pages.

use api::{ETag, Page};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::world;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// 200 with JSON.
pub(crate) fn json(body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => ([(header::CONTENT_TYPE, JSON)], Body::from(bytes)).into_response(),
        Err(error) => {
            // The types of the API hold nothing that JSON can't; should it happen all
            // the same, the log says so and the client gets no half of an answer.
            tracing::error!(cause = %error, "an answer can't be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// 200 with a file of CSV to be kept, named by what it holds and by the day.
pub(crate) fn csv(name: &str, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let date: String = world::now().to_string().chars().take(10).collect();
    let kept = format!("attachment; filename=\"{name}-{date}.csv\"");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    response
}

/// 200 with JSON and its version as `ETag`.
pub(crate) fn versioned(version: ETag, body: &impl Serialize) -> Response {
    let mut response = json(body);
    if let Some(tag) = tag(&version.to_string()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// 201 with something new, its version as `ETag`, and where it is from now on.
pub(crate) fn created(app: &App, version: ETag, path: &str, body: &impl Serialize) -> Response {
    let mut response = versioned(version, body);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(place) = HeaderValue::from_str(&format!("{}{path}", app.public_url)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// What a `GET` of one thing answers: the thing, or 304 where the client has it.
pub(crate) fn of_one(request: &HeaderMap, version: &str, body: &impl Serialize) -> Response {
    let Some(tag) = tag(version) else {
        return json(body);
    };
    let mut response = if matches_any(request, version) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json(body)
    };
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// 200 with a page of a list, whose link to the next page is made absolute.
pub(crate) fn page<T: Serialize>(app: &App, mut page: Page<T>) -> Response {
    if let Some(link) = &mut page.next_link {
        link.insert_str(0, app.public_url.as_str());
    }
    json(&page)
}

fn tag(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok()
}

/// Whether `If-None-Match` names this tag, compared weakly as RFC 9110 wants for `GET`.
pub(crate) fn matches_any(request: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| -> String { tag.trim().trim_start_matches("W/").to_owned() };
    let wanted = bare(tag);
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|held| held.trim() == "*" || bare(held) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(tags: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, tags.parse().unwrap());
        headers
    }

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        assert!(matches_any(&holding("\"a\", W/\"3\""), "W/\"3\""));
        assert!(matches_any(&holding("\"3\""), "W/\"3\""));
        assert!(matches_any(&holding("*"), "\"x\""));
        assert!(!matches_any(&holding("\"33\""), "W/\"3\""));
        assert!(!matches_any(&HeaderMap::new(), "\"x\""));
    }
}
