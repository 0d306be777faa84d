//! The outbox.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use rules::Refusal;
use service::demo::{self, StoreContents};
use service::outbox;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::NoOptions;

/// `GET /api/outbox`: on a server that holds sample data alone it stands in for
/// everybody's mailbox, and is open. That is asked each time, since an operator may
/// add an organization while the server runs.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: NoOptions,
) -> Result<Response> {
    if app.demo.is_some() {
        let open = app.read(|store| match demo::store_contents(store)? {
            StoreContents::OwnData => Ok(None),
            StoreContents::Empty | StoreContents::DemoData => {
                outbox::list_for_demo(store).map(Some)
            }
        })?;
        if let Some(page) = open {
            return Ok(answer::page(&app, page));
        }
    }
    let token = app.cookie.token(&headers).ok_or(Refusal::SignInRequired)?;
    let page = app.read_as(&token, |store, caller, now| outbox::list(store, caller, now))?;
    Ok(answer::page(&app, page))
}
