//! Orders.

use std::sync::Arc;

use api::{OrderRequest, routes};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use service::orders;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Json, NoOptions, RepeatableRequest, SignedIn};

/// `POST /api/orders`
pub(crate) async fn place(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    RepeatableRequest(request): RepeatableRequest,
    _: NoOptions,
    Json(typed): Json<OrderRequest>,
) -> Result<Response> {
    let order = typed.parse()?;
    if order.partner_id.is_some() {
        let noted = order.clone();
        // In a transaction of its own, so that an order that is refused doesn't undo the count.
        app.write_as(token.clone(), move |store, context, caller| {
            orders::look_up(store, context, caller, request, &noted)
        })
        .await?;
    }
    let placed = app
        .write_as(token, move |store, context, caller| {
            orders::place(store, context, caller, request, &order)
        })
        .await?;
    let path = routes::of_subscription(routes::SUBSCRIPTION, placed.id);
    let mut response = answer::created(&app, placed.etag, &path, &placed);
    let result = HeaderName::from_static(routes::REPEATABILITY_RESULT);
    response.headers_mut().insert(result, HeaderValue::from_static("accepted"));
    Ok(response)
}
