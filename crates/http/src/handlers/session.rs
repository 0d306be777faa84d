//! Signing in and out.

use std::sync::Arc;

use api::{ErrorCode, SessionResource, SignIn, SignInRequest, routes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::{Caller, Token, TokenHash, organizations, sign_in as signing};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{JsonBody, NoQuery};
use crate::respond::JsonResponse;
use crate::state::{ApiState, SignedIn, record_caller};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(get_session, sign_in, sign_out))
        .routes(routes!(sign_out_everywhere))
}

/// Returns who is signed in.
#[utoipa::path(get, path = routes::SESSION, responses((status = 200, body = SessionResource)))]
async fn get_session(session: SignedIn, _: NoQuery) -> Result<JsonResponse<SessionResource>> {
    session.read(|store, caller, _| organizations::session(store, caller)).map(JsonResponse)
}

/// Signs in. The response sets the session cookie; the browser's previous session ends.
#[utoipa::path(
    post,
    path = routes::SESSION,
    security(()),
    request_body = SignInRequest,
    responses((status = 200, body = SessionResource)),
    extensions(("x-refusals" = json!([ErrorCode::SignInFailed, ErrorCode::TooManyAttempts]))),
)]
async fn sign_in(
    State(state): State<Arc<ApiState>>,
    headers: HeaderMap,
    _: NoQuery,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<Response> {
    let typed = request.parse()?;
    let previous = state.cookie().token(&headers);
    // The attempt is finished even if the client disconnects: a failure must count.
    let attempt = attempt(Arc::clone(&state), typed, previous);
    let (token, caller, session) = state.run_to_end(attempt).await?;
    record_caller(&caller);
    let mut response = JsonResponse(session).into_response();
    if let Some(cookie) = state.cookie().set(&token) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Makes one attempt to sign in. An unknown address takes as long as a wrong password, gets
/// the same answer, and counts the same.
async fn attempt(
    state: Arc<ApiState>,
    typed: SignIn,
    previous: Option<TokenHash>,
) -> Result<(Token, Caller, SessionResource)> {
    let SignIn { email, password } = typed;
    let stored = || {
        let now = state.host().now();
        state.read(|store| signing::password_hash(store, &email, now))
    };
    // The delay after failures is checked before queueing, and again when the turn comes:
    // attempts that failed in the meantime count.
    stored()?;
    let check = state.host().check_password(password, &stored).await?;
    let Some(hash) = check.matched else {
        let email = email.clone();
        state.write(move |store, context| signing::record_failure(store, context, &email)).await?;
        return Err(ErrorCode::SignInFailed.into());
    };
    let email = email.clone();
    let signed_in = state
        .write(move |store, context| {
            if let Some(previous) = &previous
                && let Some(caller) = signing::find_caller(store, previous, context.now)?
            {
                signing::sign_out(store, context, &caller)?;
            }
            let (token, caller) = signing::start_session(store, context, &email, &hash)?;
            let session = organizations::session(store, &caller)?;
            Ok((token, caller, session))
        })
        .await?;
    drop(check.turn);
    Ok(signed_in)
}

/// Signs out. Succeeds also without a session.
#[utoipa::path(
    delete,
    path = routes::SESSION,
    security(()),
    responses((status = 204, description = "Signed out; the cookie is removed.")),
)]
async fn sign_out(
    State(state): State<Arc<ApiState>>,
    headers: HeaderMap,
    _: NoQuery,
) -> Result<Response> {
    if let Some(token) = state.cookie().token(&headers)
        && let Some(caller) = state.caller(&token)?
    {
        record_caller(&caller);
        state
            .write(move |store, context| match signing::find_caller(store, &token, context.now)? {
                Some(caller) => signing::sign_out(store, context, &caller),
                None => Ok(()),
            })
            .await?;
    }
    Ok(signed_out(&state))
}

/// Ends every session of the caller.
#[utoipa::path(
    delete,
    path = routes::SESSIONS,
    responses((status = 204, description = "Every session has ended; the cookie is removed.")),
)]
async fn sign_out_everywhere(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    _: NoQuery,
) -> Result<Response> {
    session
        .write(|store, context, caller| signing::sign_out_everywhere(store, context, caller))
        .await?;
    Ok(signed_out(&state))
}

fn signed_out(state: &ApiState) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = state.cookie().clear() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
