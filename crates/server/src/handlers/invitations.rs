//! Invitations.

use std::sync::Arc;

use api::{AcceptInvitation, CancelInvitation, InvitationRequest, LookUpInvitation, routes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use rules::InvitationId;
use service::{TokenHash, invitations};

use crate::answer;
use crate::app::App;
use crate::error::Result;
use crate::request::{Id, Json, NoOptions, SignedIn, Version};

/// `GET /api/invitations`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
) -> Result<Response> {
    let page = app.read_as(&token, |store, caller, now| invitations::list(store, caller, now))?;
    Ok(answer::page(&app, page))
}

/// `POST /api/invitations`
pub(crate) async fn draft(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
    Json(request): Json<InvitationRequest>,
) -> Result<Response> {
    let draft = request.parse()?;
    let drafted = app
        .write_as(token, move |store, context, caller| {
            invitations::draft(store, context, caller, draft.clone())
        })
        .await?;
    let mut response = answer::versioned(drafted.etag, &drafted);
    *response.status_mut() = StatusCode::CREATED;
    let path = routes::of_invitation(routes::INVITATION, drafted.id);
    if let Ok(place) = HeaderValue::from_str(&format!("{}{path}", app.public_url)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// `POST /api/invitations/lookUp`
pub(crate) async fn look_up(
    State(app): State<Arc<App>>,
    SignedIn(session): SignedIn,
    _: NoOptions,
    Json(request): Json<LookUpInvitation>,
) -> Result<Response> {
    let token = TokenHash::of(&request.token);
    let found = app
        .read_as(&session, |store, caller, now| invitations::look_up(store, caller, &token, now))?;
    Ok(answer::versioned(found.etag, &found))
}

/// `GET /api/invitations/{id}`
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    _: NoOptions,
    headers: HeaderMap,
) -> Result<Response> {
    let found =
        app.read_as(&token, |store, caller, now| invitations::get(store, caller, id, now))?;
    Ok(answer::of_one(&headers, &found.etag.to_string(), &found))
}

/// `POST /api/invitations/{id}/accept`
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<AcceptInvitation>,
) -> Result<Response> {
    let agreement = request.agreement.parse()?;
    let accepted = app
        .write_as(token, move |store, context, caller| {
            invitations::accept(store, context, caller, id, version, &agreement)
        })
        .await?;
    Ok(answer::versioned(accepted.invitation.etag, &accepted))
}

/// `POST /api/invitations/{id}/cancel`
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<CancelInvitation>,
) -> Result<Response> {
    let reason = request.parse()?;
    let cancelled = app
        .write_as(token, move |store, context, caller| {
            invitations::cancel(store, context, caller, id, version, reason.clone())
        })
        .await?;
    Ok(answer::versioned(cancelled.etag, &cancelled))
}

/// `POST /api/invitations/{id}/send`
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let sent = app
        .write_as(token, move |store, context, caller| {
            invitations::send(store, context, caller, id, version)
        })
        .await?;
    app.mail_waits.notify_one();
    Ok(answer::versioned(sent.etag, &sent))
}

/// `POST /api/invitations/{id}/withdraw`
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let withdrawn = app
        .write_as(token, move |store, context, caller| {
            invitations::withdraw(store, context, caller, id, version)
        })
        .await?;
    Ok(answer::versioned(withdrawn.etag, &withdrawn))
}
