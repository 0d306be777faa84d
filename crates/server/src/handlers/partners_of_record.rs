//! The partner of record of one subscription, and of many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::{PartnerIdRequest, PlanRequest};
use axum::extract::{Request, State};
use axum::response::Response;
use rules::{PartnerId, SubscriptionId};
use service::plan::Line;
use service::{TokenHash, partner_of_record, plan};

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Id, Json, JsonOrCsv, NoOptions, SignedIn, Version};

/// `PUT /api/subscriptions/{id}/partnerOfRecord`
pub(crate) async fn set(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<PartnerIdRequest>,
) -> Result<Response> {
    let partner_id = request.parse()?;
    let noted = partner_id.clone();
    // In a transaction of its own, so that a change that is refused doesn't undo the count.
    app.write_as(token.clone(), move |store, context, caller| {
        partner_of_record::look_up(store, context, caller, id, version, &noted)
    })
    .await?;
    let changed = app
        .write_as(token, move |store, context, caller| {
            partner_of_record::set(store, context, caller, id, version, &partner_id)
        })
        .await?;
    Ok(answer::versioned(changed.etag, &changed))
}

/// `DELETE /api/subscriptions/{id}/partnerOfRecord`
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<SubscriptionId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let changed = app
        .write_as(token, move |store, context, caller| {
            partner_of_record::remove(store, context, caller, id, version)
        })
        .await?;
    Ok(answer::versioned(changed.etag, &changed))
}

/// `POST /api/subscriptions/partnersOfRecord/plan`
pub(crate) async fn plan(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
    request: Request,
) -> Result<Response> {
    let (lines, without_room) = lines(&app, &token, request).await?;
    let planned = app.read_much_as(&token, |store, caller, now| {
        plan::plan(store, caller, &lines, &without_room, now)
    })?;
    Ok(answer::versioned(planned.etag, &planned))
}

/// `POST /api/subscriptions/partnersOfRecord/apply`
pub(crate) async fn apply(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Version(version): Version,
    _: NoOptions,
    request: Request,
) -> Result<Response> {
    let (lines, without_room) = lines(&app, &token, request).await?;
    let applied = app
        .write_as(token, move |store, context, caller| {
            plan::apply(store, context, caller, &lines, &without_room, version)
        })
        .await?;
    Ok(answer::json(&applied))
}

/// What the body asks for, and those of its Partner IDs that the day has no room to look
/// up. Nothing is read of somebody who may not plan, since it may be a large file.
async fn lines(
    app: &App,
    token: &TokenHash,
    request: Request,
) -> Result<(Arc<[Line]>, BTreeSet<PartnerId>)> {
    app.read_as(token, |store, caller, now| plan::may_plan(store, caller, now))?;
    let lines: Arc<[Line]> = match JsonOrCsv::<PlanRequest>::read(request).await? {
        JsonOrCsv::Json(request) => plan::of_choice(&request.parse()?),
        JsonOrCsv::Csv(file) => plan::of_csv(&file)?,
    }
    .into();
    let noted = Arc::clone(&lines);
    let without_room = app
        .write_as(token.clone(), move |store, context, caller| {
            plan::note_look_ups(store, context, caller, &noted)
        })
        .await?;
    Ok((lines, without_room))
}
