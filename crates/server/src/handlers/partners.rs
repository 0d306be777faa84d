//! Finding a partner.

use std::sync::Arc;

use api::PartnerQuery;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use service::partners;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::SignedIn;

/// `GET /api/partners`
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let query = PartnerQuery::parse(uri.query().unwrap_or_default())?;
    let page =
        app.read_as(&token, |store, caller, now| partners::search(store, caller, &query, now))?;
    Ok(answer::page(&app, page))
}
