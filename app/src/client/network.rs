//! A request on its way to the server, and what comes back.

use api::{ETag, Json};
use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Failure, answered};

/// Asks the server.
///
/// # Errors
/// What it refuses, or that it can't be reached.
pub(super) async fn sent(
    method: Method,
    path: String,
    body: Option<String>,
    version: Option<ETag>,
) -> Result<Json, Failure> {
    let mut request = RequestBuilder::new(&path).method(method);
    if let Some(version) = version {
        request = request.header("If-Match", &version.to_string());
    }
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    let response = request
        .map_err(|_| Failure::UNREACHABLE)?
        .send()
        .await
        .map_err(|_| Failure::UNREACHABLE)?;
    let ok = response.ok();
    let wait = response.headers().get("Retry-After").and_then(|seconds| seconds.parse().ok());
    // No answer of ours is null, so that one that is empty or not JSON can be read as one.
    answered(ok, wait, json(response).await.unwrap_or(Json::Null))
}

/// Has the browser parse an answer; `None` where there is none, or not in JSON.
async fn json(response: Response) -> Option<Json> {
    let parsing = web_sys::Response::from(response).json().ok()?;
    JsFuture::from(parsing).await.ok().map(|value| tree(&value))
}

/// A value of JavaScript that was parsed from JSON.
fn tree(value: &JsValue) -> Json {
    if let Some(text) = value.as_string() {
        Json::Text(text)
    } else if let Some(number) = value.as_f64() {
        Json::Number(number)
    } else if let Some(truth) = value.as_bool() {
        Json::Bool(truth)
    } else if let Some(items) = value.dyn_ref::<Array>() {
        Json::List(items.iter().map(|item| tree(&item)).collect())
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let entry = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            Some((entry.get(0).as_string()?, tree(&entry.get(1))))
        };
        Json::Object(Object::entries(object).iter().filter_map(entry).collect())
    } else {
        Json::Null
    }
}
