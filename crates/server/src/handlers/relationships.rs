//! Relationships.

use std::sync::Arc;

use api::RelationshipQuery;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rules::RelationshipId;
use service::{csv, relationships};

use crate::app::App;
use crate::error::Result;
use crate::request::{Id, NoOptions, SignedIn, Version};
use crate::{answer, world};

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
    let date: String = world::now().to_string().chars().take(10).collect();
    let mut response = csv::relationships(&page.value).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = format!("attachment; filename=\"partner-relationships-{date}.csv\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
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
    app.mail_waits.notify_one();
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
    app.mail_waits.notify_one();
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
