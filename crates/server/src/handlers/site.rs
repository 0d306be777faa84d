//! What everybody may know of this server.

use std::sync::Arc;

use api::{ErrorCode, Site};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rules::Cloud;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::NoOptions;

/// `GET /api/site`
pub(crate) async fn facts(State(app): State<Arc<App>>, _: NoOptions) -> Response {
    answer::json(&Site {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: app.demo.is_some(),
        accounts: app.demo.clone().unwrap_or_default(),
    })
}

/// `GET /api/health`
pub(crate) async fn health(State(app): State<Arc<App>>, _: NoOptions) -> Result<Response> {
    let asked = app.database.read(|store| Ok(store.current_agreement(Cloud::Worldwide)?));
    match asked {
        Ok(_) => Ok(answer::json(&serde_json::json!({ "status": "ok" }))),
        Err(error) => {
            tracing::error!(cause = %error, "the database does not answer");
            Err(ErrorCode::Unavailable.into())
        }
    }
}

/// `GET /api/openapi.json`
pub(crate) async fn description(State(app): State<Arc<App>>, _: NoOptions) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], app.description.clone()).into_response()
}
