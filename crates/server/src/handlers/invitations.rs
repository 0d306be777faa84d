//! Invitations.

use std::sync::Arc;

use api::{
    AcceptInvitation, CancelInvitation, InvitationRequest, LookUpInvitation, RenderedMail, routes,
};
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{Html, IntoResponse, Response};
use rules::{InvitationId, Language};
use service::{TokenHash, invitations};

use crate::answer;
use crate::app::App;
use crate::error::{Failure, Result};
use crate::request::{Id, Json, NoOptions, SignedIn, Version, options};

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
    let path = routes::of_invitation(routes::INVITATION, drafted.id);
    Ok(answer::created(&app, drafted.etag, &path, &drafted))
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
    let canceled = app
        .write_as(token, move |store, context, caller| {
            invitations::cancel(store, context, caller, id, version, reason.clone())
        })
        .await?;
    Ok(answer::versioned(canceled.etag, &canceled))
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
    Ok(answer::versioned(sent.etag, &sent))
}

/// `PATCH /api/invitations/{id}`
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    Version(version): Version,
    _: NoOptions,
    Json(request): Json<InvitationRequest>,
) -> Result<Response> {
    let draft = request.parse()?;
    let edited = app
        .write_as(token, move |store, context, caller| {
            invitations::edit(store, context, caller, id, version, draft.clone())
        })
        .await?;
    Ok(answer::versioned(edited.etag, &edited))
}

/// `POST /api/invitations/{id}/resend`
pub(crate) async fn resend(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    Version(version): Version,
    _: NoOptions,
) -> Result<Response> {
    let sent = app
        .write_as(token, move |store, context, caller| {
            invitations::resend(store, context, caller, id, version)
        })
        .await?;
    Ok(answer::versioned(sent.etag, &sent))
}

/// `GET /api/invitations/{id}/mail`
pub(crate) async fn mail(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    uri: Uri,
) -> Result<Response> {
    Ok(answer::json(&rendered(&app, &token, id, &uri)?))
}

/// `GET /api/invitations/{id}/mail/html`: the HTML alone, as a document to be shown in a
/// page. Its headers let it do nothing but be looked at.
pub(crate) async fn mail_html(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    Id(id): Id<InvitationId>,
    uri: Uri,
) -> Result<Response> {
    Ok(Html(rendered(&app, &token, id, &uri)?.html).into_response())
}

fn rendered(app: &App, token: &TokenHash, id: InvitationId, uri: &Uri) -> Result<RenderedMail> {
    let [asked] = options(uri.query(), ["language"])?;
    let language: Option<Language> = asked
        .map(|asked| asked.parse())
        .transpose()
        .map_err(|error| Failure::field("language", error))?;
    let url = app.public_url.as_str();
    app.read_as(token, |store, caller, now| {
        invitations::mail(store, caller, id, language, url, now)
    })
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
