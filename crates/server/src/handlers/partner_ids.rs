//! Microsoft Partner IDs.

use std::sync::Arc;

use api::PartnerIdRequest;
use axum::extract::State;
use axum::response::Response;
use service::partner_ids;

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Json, NoOptions, SignedIn};

/// `POST /api/partnerIds/check`
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
    Json(request): Json<PartnerIdRequest>,
) -> Result<Response> {
    let id = request.parse()?;
    let noted = id.clone();
    app.write_as(token.clone(), move |store, context, caller| {
        partner_ids::record_look_up(store, context, caller, &noted)
    })
    .await?;
    let found =
        app.read_as(&token, |store, caller, now| partner_ids::check(store, caller, &id, now))?;
    Ok(answer::json(&found))
}
