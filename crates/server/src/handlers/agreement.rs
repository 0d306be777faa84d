//! The Microsoft Customer Agreement.

use std::sync::Arc;

use api::AcceptAgreement;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use rules::Language;
use service::agreements;

use crate::answer;
use crate::app::App;
use crate::error::{Failure, Result};
use crate::request::{Json, NoOptions, SignedIn, options};

/// `GET /api/agreement`
pub(crate) async fn current(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    let [asked] = options(uri.query(), ["language"])?;
    let language = match asked {
        Some(asked) => asked.parse().map_err(|error| Failure::field("language", error))?,
        None => Language::negotiate(
            headers
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default(),
        ),
    };
    let found = app
        .read_as(&token, |store, caller, now| agreements::current(store, caller, language, now))?;
    // A document never changes, so the hash of its text is its version.
    let mut response = answer::of_one(&headers, &format!("\"{}\"", found.hash), &found);
    let vary = HeaderValue::from_static("Accept-Language");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}

/// `POST /api/agreement/accept`
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
    Json(request): Json<AcceptAgreement>,
) -> Result<Response> {
    let agreement = request.parse()?;
    let accepted = app
        .write_as(token, move |store, context, caller| {
            agreements::accept(store, context, caller, &agreement)
        })
        .await?;
    Ok(answer::json(&accepted))
}
