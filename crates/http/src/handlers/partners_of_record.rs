//! The partner of record of one subscription, and of many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::{
    AppliedPlan, ErrorCode, PartnerIdRequest, Plan, PlanRequest, SubscriptionQuery,
    SubscriptionResource, SubscriptionSelection, routes,
};
use axum::extract::Request;
use rules::{OrganizationId, PartnerId, Refusal, SubscriptionId, refusals};
use service::plan::PlanLine;
use service::{Context, Write, partner_of_record, pending_changes, plan};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::extract::{Id, IfMatch, JsonBody, JsonOrCsv, NoQuery};
use crate::respond::{JsonResponse, WithETag};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new().routes(routes!(set_partner_of_record, remove_partner_of_record))
}

/// Endpoints whose body may be a file.
pub(crate) fn router_with_files() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(plan_partners_of_record))
        .routes(routes!(apply_partners_of_record))
}

/// Sets the partner of record, replacing the current one. Both are told by mail.
#[utoipa::path(
    put,
    path = routes::PARTNER_OF_RECORD,
    params(Id<SubscriptionId>, IfMatch),
    request_body = PartnerIdRequest,
    responses((status = 200, body = SubscriptionResource)),
    extensions(("x-refusals" = json!([
        refusals::PARTNER_OF_RECORD_CHOICE,
        Refusal::PartnerStartsIn21Vianet,
        Refusal::SubscriptionEnded,
        refusals::UNUSABLE_PARTNER_ID,
        Refusal::PartnerOfRecordUnchanged,
        Refusal::TooManyLookUps,
    ]))),
)]
async fn set_partner_of_record(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<PartnerIdRequest>,
) -> Result<WithETag<SubscriptionResource>> {
    let partner_id = request.parse()?;
    let counted = partner_id.clone();
    // A transaction of its own, so that a refused change does not give the look-up back.
    session
        .write(move |store, context, caller| {
            partner_of_record::record_look_up(store, context, caller, id, version, &counted)
        })
        .await?;
    session
        .write(move |store, context, caller| {
            partner_of_record::set(store, context, caller, id, version, &partner_id)
        })
        .await
        .map(WithETag)
}

/// Removes the partner of record, who is told by mail.
#[utoipa::path(
    delete,
    path = routes::PARTNER_OF_RECORD,
    params(Id<SubscriptionId>, IfMatch),
    responses((status = 200, body = SubscriptionResource)),
    extensions(("x-refusals" = json!([
        refusals::PARTNER_OF_RECORD_CHOICE, Refusal::SubscriptionEnded, Refusal::NoPartnerOfRecord,
    ]))),
)]
async fn remove_partner_of_record(
    session: SignedIn,
    Id(id): Id<SubscriptionId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<SubscriptionResource>> {
    session
        .write(move |store, context, caller| {
            partner_of_record::remove(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Reports what a change to the partners of record of many subscriptions would do.
///
/// The plan names every problem by line. The subscriptions are listed, or are all that match
/// `filter` and `search`; at most 10,000. A CSV file has the columns subscriptionId and
/// partnerId (empty to remove), and may have others; at most 10,000 lines and 2 MiB. Changes
/// nothing but the count of look-ups.
#[utoipa::path(
    post,
    path = routes::PLAN_PARTNERS_OF_RECORD,
    request_body(content((PlanRequest = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = Plan)),
    extensions(("x-refusals" = json!([
        refusals::PARTNER_OF_RECORD_CHOICE,
        ErrorCode::TooManyMatches,
        ErrorCode::Unavailable,
    ]))),
)]
async fn plan_partners_of_record(
    session: SignedIn,
    _: NoQuery,
    request: Request,
) -> Result<WithETag<Plan>> {
    let (lines, over_limit) = read_lines(&session, request).await?;
    session
        .read_long(move |store, caller, now| plan::plan(store, caller, &lines, &over_limit, now))
        .await
        .map(WithETag)
}

/// Carries out the plan of the same body, all of it or nothing.
///
/// If-Match names the plan; if it would be a different one now, nothing is changed. The answer
/// comes when all changes are made. A plan of thousands of changes takes seconds, in which
/// readers may see some of its changes before others.
#[utoipa::path(
    post,
    path = routes::APPLY_PARTNERS_OF_RECORD,
    params(IfMatch),
    request_body(content((PlanRequest = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = AppliedPlan)),
    extensions(("x-refusals" = json!([
        refusals::PARTNER_OF_RECORD_CHOICE,
        ErrorCode::PlanHasProblems,
        ErrorCode::TooManyMatches,
        ErrorCode::Unavailable,
    ]))),
)]
async fn apply_partners_of_record(
    session: SignedIn,
    IfMatch(version): IfMatch,
    _: NoQuery,
    request: Request,
) -> Result<JsonResponse<AppliedPlan>> {
    let (lines, over_limit) = read_lines(&session, request).await?;
    let state = Arc::clone(session.state());
    let context = state.context()?;
    let confirmed = session
        .read_long(move |store, caller, _| {
            plan::confirm(store, &mut context.clone(), caller, &lines, &over_limit, version)
        })
        .await?;
    let apply = async move {
        let (applied, customer) = session
            .write(move |store, context, caller| {
                let applied = plan::decide(store, context, caller, &confirmed)?;
                Ok((applied, caller.organization.id()))
            })
            .await?;
        make_pending_changes(session.state(), customer).await?;
        Ok(applied)
    };
    state.run_to_end(apply).await.map(JsonResponse)
}

/// Makes the changes of decided plans of one customer that are still to be made, in
/// transactions between those of others.
async fn make_pending_changes(state: &ApiState, customer: OrganizationId) -> Result<()> {
    let make_some = move |store: &mut dyn Write, context: &mut Context| {
        pending_changes::make_some(store, context, Some(customer))
    };
    while state.write(make_some).await? {}
    Ok(())
}

/// Reads the lines of the body, and counts the look-ups of its Partner IDs. Returns the lines
/// and the IDs over the daily limit. The caller's permission comes first, since the body may
/// be a large file.
async fn read_lines(
    session: &SignedIn,
    request: Request,
) -> Result<(Arc<[PlanLine]>, BTreeSet<PartnerId>)> {
    let unfinished = session.read(|store, caller, now| {
        plan::check_may_plan(store, caller, now)?;
        pending_changes::customer_to_finish(store, caller)
    })?;
    if let Some(customer) = unfinished {
        // Usually a plan of someone else that is being applied. The new one starts from it.
        make_pending_changes(session.state(), customer).await?;
    }
    let lines: Arc<[PlanLine]> = match JsonOrCsv::<PlanRequest>::read(request).await? {
        JsonOrCsv::Json(request) => {
            let request = request.parse()?;
            let ids = match request.subscriptions {
                SubscriptionSelection::Ids(ids) => ids,
                SubscriptionSelection::Matching(query) => matching_ids(session, *query).await?,
            };
            plan::lines_from_ids(&ids, request.partner_id.as_ref())
        }
        JsonOrCsv::Csv(file) => plan::lines_from_csv(&file)?,
    }
    .into();
    let counted = Arc::clone(&lines);
    let over_limit = session
        .write(move |store, context, caller| {
            plan::record_look_ups(store, context, caller, &counted)
        })
        .await?;
    Ok((lines, over_limit))
}

/// Returns the ids of the caller's subscriptions that match a query.
async fn matching_ids(session: &SignedIn, query: SubscriptionQuery) -> Result<Vec<SubscriptionId>> {
    session
        .read_long(move |store, caller, now| {
            plan::matching_subscriptions(store, caller, &query, now)
        })
        .await
}
