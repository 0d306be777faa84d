//! Relationships.

use std::sync::Arc;

use api::RelationshipQuery;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rules::RelationshipId;
use service::{csv, relationships};

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Id, NoOptions, SignedIn, Version};

/// `GET /api/relationships`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let query = RelationshipQuery::parse(uri.query().unwrap_or_default())?;
    let page =
        app.read_as(&token, |store, caller, now| relationships::list(store, caller, &query, now))?;
    Ok(answer::page(&app, page))
}

/// `GET /api/relationships/export`
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    uri: Uri,
) -> Result<Response> {
    let asked = RelationshipQuery::parse(uri.query().unwrap_or_default())?;
    // Whatever page was looked at, a file holds all of them.
    let query = RelationshipQuery { top: u32::MAX, skip: api::SkipToken::default(), ..asked };
    let page =
        app.read_as(&token, |store, caller, now| relationships::list(store, caller, &query, now))?;
    Ok(answer::csv("partner-relationships", csv::relationships(&page.value)))
}

/// `GET /api/relationships/{id}`
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    _: NoOptions,
    headers: HeaderMap,
) -> Result<Response> {
    let found =
        app.read_as(&token, |store, caller, now| relationships::get(store, caller, id, now))?;
    Ok(answer::of_one(&headers, &found.etag.to_string(), &found))
}

/// `GET /api/relationships/{id}/history`
pub(crate) async fn history(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    _: NoOptions,
) -> Result<Response> {
    let page =
        app.read_as(&token, |store, caller, now| relationships::history(store, caller, id, now))?;
    Ok(answer::page(&app, page))
}

/// `POST /api/relationships/{id}/removeAdminRoles`
pub(crate) async fn remove_admin_roles(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let changed = app
        .write_as(token, move |store, context, caller| {
            relationships::remove_admin_roles(store, context, caller, id, version)
        })
        .await?;
    Ok(answer::versioned(changed.etag, &changed))
}

/// `POST /api/relationships/{id}/giveUpAdminRoles`
pub(crate) async fn give_up_admin_roles(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let changed = app
        .write_as(token, move |store, context, caller| {
            relationships::give_up_admin_roles(store, context, caller, id, version)
        })
        .await?;
    Ok(answer::versioned(changed.etag, &changed))
}

/// `POST /api/relationships/{id}/end`
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let changed = app
        .write_as(token, move |store, context, caller| {
            relationships::end(store, context, caller, id, version)
        })
        .await?;
    Ok(answer::versioned(changed.etag, &changed))
}

/// `DELETE /api/relationships/{id}`
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<RelationshipId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    app.write_as(token, move |store, context, caller| {
        relationships::delete(store, context, caller, id, version)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
