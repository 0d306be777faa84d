//! The audit log.

use std::sync::Arc;

use api::{ActivityEntry, FieldProblem, Page, routes};
use axum::extract::State;
use rules::FieldError;
use service::activity;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{Query, QueryString, query_options, query_parameters};
use crate::respond::{self, JsonResponse};
use crate::state::{ApiState, SignedIn};

/// Entries on a page unless the client asks for another number.
const DEFAULT_TOP: u32 = 100;
/// Maximum number of entries on a page, as in Microsoft Graph.
const MAX_TOP: u32 = 300;

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(list_activity))
}

/// Options of the list.
pub(crate) struct ActivityQuery {
    top: u32,
    before: Option<i64>,
}

impl QueryString for ActivityQuery {
    fn parse(query: &str) -> std::result::Result<Self, Vec<FieldProblem>> {
        let invalid = |field| vec![FieldProblem { field, error: FieldError::NotAnOption }];
        let [top, skip] = query_options(query, ["$top", "$skiptoken"])?;
        let top = match top.map(|top| top.parse()) {
            None => DEFAULT_TOP,
            Some(Ok(top @ 1..=MAX_TOP)) => top,
            Some(_) => return Err(invalid("top")),
        };
        let before = skip
            .map(|skip| i64::from_str_radix(&skip, 16))
            .transpose()
            .map_err(|_| invalid("skiptoken"))?;
        Ok(Self { top, before })
    }
}

query_parameters! {
    ActivityParameters {
        "$top": "Maximum number of entries, 1 to 300; 100 by default.",
        "$skiptoken": "Where to continue; part of `@odata.nextLink`.",
    }
}

/// Lists the audit log of the caller's organization, newest first.
#[utoipa::path(
    get,
    path = routes::ACTIVITY,
    params(ActivityParameters),
    responses((status = 200, body = Page<ActivityEntry>)),
)]
async fn list_activity(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Query(query): Query<ActivityQuery>,
) -> Result<JsonResponse<Page<ActivityEntry>>> {
    let page = session
        .read_list(move |store, caller, now| {
            activity::list(store, caller, query.before, query.top, now)
        })
        .await?;
    Ok(respond::page(&state, page))
}
