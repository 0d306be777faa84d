//! What can be bought, and the accounts that pay.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use service::products;

use crate::answer;
use crate::app::App;
use crate::error::{Failure, Result};
use crate::request::{NoOptions, SignedIn, options};

/// `GET /api/products`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let [asked] = options(uri.query(), ["relationship"])?;
    let relationship = asked
        .map(|asked| asked.parse())
        .transpose()
        .map_err(|error| Failure::field("relationship", error))?;
    let page =
        app.read_as(&token, |store, caller, now| products::list(store, caller, relationship, now))?;
    Ok(answer::page(&app, page))
}

/// `GET /api/billingAccounts`
pub(crate) async fn billing_accounts(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
) -> Result<Response> {
    let page =
        app.read_as(&token, |store, caller, now| products::billing_accounts(store, caller, now))?;
    Ok(answer::page(&app, page))
}
