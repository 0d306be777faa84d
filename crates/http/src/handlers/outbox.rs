//! The outbox.

use std::sync::Arc;

use api::{MailResource, OutboxQuery, Page, routes};
use axum::extract::State;
use rules::Refusal;
use service::demo::{self, StoreContents};
use service::outbox;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::Query;
use crate::respond::{self, JsonResponse};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(list_outbox))
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
) -> Result<JsonResponse<Page<MailResource>>> {
    if state.demo_accounts().is_some() {
        let now = state.host().now();
        let open = state.read(|store| match demo::store_contents(store)? {
            StoreContents::OwnData => Ok(None),
            StoreContents::Empty | StoreContents::DemoData => {
                outbox::list_for_demo(store, &query, now).map(Some)
            }
        })?;
        if let Some(page) = open {
            return Ok(respond::page(&state, page));
        }
    }
    let page = session?
        .read_list(move |store, caller, now| outbox::list(store, caller, &query, now))
        .await?;
    Ok(respond::page(&state, page))
}
