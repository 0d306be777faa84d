//! The outbox.

use std::sync::Arc;

use api::{MailResource, OutboxQuery, Page, routes};
use axum::extract::State;
use axum::response::Response;
use rules::{MailId, Refusal};
use service::demo::{self, StoreContents};
use service::{Read, outbox};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{Id, NoQuery, Query};
use crate::respond::{self, JsonResponse};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(list_outbox)).routes(routes!(get_mail))
}

/// Lists the mails to the caller's organization; in a demo all mails, for everyone.
///
/// A demo's outbox stands in for everyone's mailbox. The database is checked on each request,
/// since an operator can add an organization while the server runs.
#[utoipa::path(
    get,
    path = routes::OUTBOX,
    params(Query<OutboxQuery>),
    responses((status = 200, body = Page<MailResource>)),
    extensions(("x-refusals" = json!([
        Refusal::GlobalAdministratorRequired, Refusal::AdminAgentRequired,
    ]))),
)]
async fn list_outbox(
    State(state): State<Arc<ApiState>>,
    session: Result<SignedIn>,
    Query(query): Query<OutboxQuery>,
) -> Result<Response> {
    let now = state.host().now();
    if let Some(page) = read_open_outbox(&state, |store| outbox::list_for_demo(store, &query, now))?
    {
        return respond::page(&state, page);
    }
    session?
        .page(query.top, move |store, caller, now| outbox::list(store, caller, &query, now))
        .await
}

/// Returns a mail to the caller's organization; in a demo any mail, for everyone.
#[utoipa::path(
    get,
    path = routes::OUTBOX_MAIL,
    params(Id<MailId>),
    responses((status = 200, body = MailResource)),
    extensions(("x-refusals" = json!([
        Refusal::GlobalAdministratorRequired, Refusal::AdminAgentRequired,
    ]))),
)]
async fn get_mail(
    State(state): State<Arc<ApiState>>,
    session: Result<SignedIn>,
    Id(id): Id<MailId>,
    _: NoQuery,
) -> Result<JsonResponse<MailResource>> {
    if let Some(mail) = read_open_outbox(&state, |store| outbox::get_for_demo(store, id))? {
        return Ok(JsonResponse(mail));
    }
    let mail = session?.read(|store, caller, now| outbox::get(store, caller, id, now))?;
    Ok(JsonResponse(mail))
}

/// Reads the outbox of a demo server, which is open to everyone. `None` on any other server.
fn read_open_outbox<T>(
    state: &ApiState,
    read: impl FnOnce(&mut dyn Read) -> service::Result<T>,
) -> Result<Option<T>> {
    if state.demo_accounts().is_none() {
        return Ok(None);
    }
    state.read(|store| match demo::store_contents(store)? {
        StoreContents::OwnData => Ok(None),
        StoreContents::Empty | StoreContents::DemoData => read(store).map(Some),
    })
}
