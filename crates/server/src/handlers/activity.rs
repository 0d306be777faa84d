//! The audit log.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use rules::FieldError;
use service::activity;

use crate::answer;
use crate::app::App;
use crate::error::{Failure, Result};
use crate::request::{SignedIn, options};

/// How many entries a page has where nobody asks for another number.
const USUAL: u32 = 100;
/// The most entries of a page, as in Graph.
const MOST: u32 = 300;

/// `GET /api/activity`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let [top, skip] = options(uri.query(), ["$top", "$skiptoken"])?;
    let top = match top.map(|top| top.parse()) {
        None => USUAL,
        Some(Ok(top @ 1..=MOST)) => top,
        Some(_) => return Err(Failure::field("top", FieldError::NotAnOption)),
    };
    let before = skip
        .map(|skip| i64::from_str_radix(&skip, 16))
        .transpose()
        .map_err(|_| Failure::field("skiptoken", FieldError::NotAnOption))?;
    let page =
        app.read_as(&token, |store, caller, now| activity::list(store, caller, before, top, now))?;
    Ok(answer::page(&app, page))
}
