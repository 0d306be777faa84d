//! Signing in and out.

use std::sync::Arc;

use api::{ErrorCode, Session, SignIn, SignInRequest};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::{Token, TokenHash, organizations, sign_in as signing};
use tracing::Instrument as _;

use crate::answer;
use crate::app::App;
use crate::error::{Failure, Result};
use crate::log;
use crate::request::{Json, NoOptions, SignedIn};
use crate::world;

/// `GET /api/session`
pub(crate) async fn current(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
) -> Result<Response> {
    let session = app.read_as(&token, |store, caller, _| organizations::session(store, caller))?;
    Ok(answer::json(&session))
}

/// `POST /api/session`
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: NoOptions,
    Json(request): Json<SignInRequest>,
) -> Result<Response> {
    let typed = request.parse()?;
    let before = app.cookie.token(&headers);
    // The attempt goes on where the client goes away meanwhile: a failure must count.
    let attempt = attempt(Arc::clone(&app), typed, before).in_current_span();
    let (token, session) =
        tokio::spawn(attempt).await.map_err(|error| Failure::internal(&error))??;
    let mut response = answer::json(&session);
    if let Some(cookie) = app.cookie.set(&token) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// One attempt to sign in. An address without an account takes as long as a wrong
/// password, is answered the same, and counts the same.
async fn attempt(
    app: Arc<App>,
    typed: SignIn,
    before: Option<TokenHash>,
) -> Result<(Token, Session)> {
    let SignIn { email, password } = typed;
    let asked = |app: &App| app.read(|store| signing::password_hash(store, &email, world::now()));
    // Those who have to wait are told so before they queue, and again when it is their
    // turn: guesses that ran meanwhile count.
    asked(&app)?;
    let turn = app.passwords.turn().await?;
    let hash = asked(&app)?;
    let fits = app.passwords.compare(&turn, password, hash.clone()).await?;
    let Some(hash) = hash.filter(|_| fits) else {
        app.write(move |store, context| signing::record_failure(store, context, &email)).await?;
        return Err(ErrorCode::SignInFailed.into());
    };
    let (token, caller, session) = app
        .write(move |store, context| {
            // Whoever signs in anew leaves the session that the browser had.
            if let Some(before) = &before
                && let Some(caller) = signing::find_caller(store, before, context.now)?
            {
                signing::sign_out(store, context, &caller)?;
            }
            let (token, caller) = signing::start_session(store, context, &email, &hash)?;
            let session = organizations::session(store, &caller)?;
            Ok((token, caller, session))
        })
        .await?;
    log::remember(&caller);
    Ok((token, session))
}

/// `DELETE /api/session`: done, too, where nobody was signed in any more.
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    _: NoOptions,
) -> Result<Response> {
    if let Some(token) = app.cookie.token(&headers) {
        let stands = app.read(|store| signing::find_caller(store, &token, world::now()))?;
        if let Some(caller) = stands {
            log::remember(&caller);
            app.write(move |store, context| {
                match signing::find_caller(store, &token, context.now)? {
                    Some(caller) => signing::sign_out(store, context, &caller),
                    None => Ok(()),
                }
            })
            .await?;
        }
    }
    Ok(signed_out(&app))
}

/// `DELETE /api/sessions`
pub(crate) async fn sign_out_everywhere(
    State(app): State<Arc<App>>,
    SignedIn(token): SignedIn,
    _: NoOptions,
) -> Result<Response> {
    app.write_as(token, |store, context, caller| {
        signing::sign_out_everywhere(store, context, caller)
    })
    .await?;
    Ok(signed_out(&app))
}

fn signed_out(app: &App) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = app.cookie.clear() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
