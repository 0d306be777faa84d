//! Partner relationships.

use std::sync::Arc;

use api::{
    ActivityEntry, ErrorCode, Page, RelationshipList, RelationshipQuery, RelationshipResource,
    routes,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::{Refusal, RelationshipId, refusals};
use service::{csv, relationships};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::error::Result;
use crate::export::Export;
use crate::extract::{ExportQuery, Id, IfMatch, IfNoneMatch, NoQuery, Query};
use crate::respond::{self, WithETag};
use crate::state::{ApiState, ROWS_AT_ONCE_MAX, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(list_relationships))
        .routes(routes!(export_relationships))
        .routes(routes!(get_relationship, delete_relationship))
        .routes(routes!(get_relationship_history))
        .routes(routes!(remove_admin_roles))
        .routes(routes!(give_up_admin_roles))
        .routes(routes!(end_relationship))
}

/// Lists the relationships of the caller's organization.
#[utoipa::path(
    get,
    path = routes::RELATIONSHIPS,
    params(Query<RelationshipQuery>),
    responses((status = 200, body = Page<RelationshipResource>)),
)]
async fn list_relationships(
    session: SignedIn,
    Query(query): Query<RelationshipQuery>,
) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| relationships::list(store, caller, &query, now))
        .await
}

/// Exports all relationships of the list as CSV.
#[utoipa::path(
    get,
    path = routes::RELATIONSHIPS_EXPORT,
    params(Query<ExportQuery<RelationshipList>>),
    responses((
        status = 200,
        description = "CSV file (RFC 4180) in UTF-8 with a header line.",
        body = String,
        content_type = "text/csv",
    )),
)]
async fn export_relationships(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Query(ExportQuery(query)): Query<ExportQuery<RelationshipList>>,
) -> Result<Response> {
    let export = Export {
        name: "partner-relationships",
        header: csv::relationship_header(),
        list: relationships::list,
        rows: csv::relationship_rows,
    };
    export.respond(&state, session, query).await
}

/// Returns a relationship.
#[utoipa::path(
    get,
    path = routes::RELATIONSHIP,
    params(Id<RelationshipId>, IfNoneMatch),
    responses((status = 200, body = RelationshipResource)),
)]
async fn get_relationship(
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    _: NoQuery,
    client: IfNoneMatch,
) -> Result<Response> {
    let found = session.read(|store, caller, now| relationships::get(store, caller, id, now))?;
    Ok(respond::unless_matched(&client, &found.etag.to_string(), &found))
}

/// Lists what was done with a relationship, newest first.
#[utoipa::path(
    get,
    path = routes::RELATIONSHIP_HISTORY,
    params(Id<RelationshipId>),
    responses((status = 200, body = Page<ActivityEntry>)),
    extensions(("x-refusals" = json!([ErrorCode::Unavailable]))),
)]
async fn get_relationship_history(
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    _: NoQuery,
) -> Result<Response> {
    session
        .page(ROWS_AT_ONCE_MAX, move |store, caller, now| {
            relationships::history(store, caller, id, now)
        })
        .await
}

/// Removes the partner's admin roles. The relationship stays.
#[utoipa::path(
    post,
    path = "/api/relationships/{id}/removeAdminRoles",
    params(Id<RelationshipId>, IfMatch),
    responses((status = 200, body = RelationshipResource)),
    extensions(("x-refusals" = json!([
        refusals::RELATIONSHIP_BY_CUSTOMER,
        refusals::NO_ADMIN_ROLES,
    ]))),
)]
async fn remove_admin_roles(
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<RelationshipResource>> {
    session
        .write(move |store, context, caller| {
            relationships::remove_admin_roles(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Gives up the caller's own admin roles, as the partner. The relationship stays.
///
/// The customer's Global administrators are told by mail.
#[utoipa::path(
    post,
    path = "/api/relationships/{id}/giveUpAdminRoles",
    params(Id<RelationshipId>, IfMatch),
    responses((status = 200, body = RelationshipResource)),
    extensions(("x-refusals" = json!([
        refusals::RELATIONSHIP_BY_PARTNER,
        refusals::NO_ADMIN_ROLES,
    ]))),
)]
async fn give_up_admin_roles(
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<RelationshipResource>> {
    session
        .write(move |store, context, caller| {
            relationships::give_up_admin_roles(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Ends a relationship of any type, as the partner.
///
/// The customer's Global administrators are told by mail.
#[utoipa::path(
    post,
    path = "/api/relationships/{id}/end",
    params(Id<RelationshipId>, IfMatch),
    responses((status = 200, body = RelationshipResource)),
    extensions(("x-refusals" = json!([
        refusals::RELATIONSHIP_BY_PARTNER,
        Refusal::SubscriptionsActive,
    ]))),
)]
async fn end_relationship(
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<RelationshipResource>> {
    session
        .write(move |store, context, caller| {
            relationships::end(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Deletes a relationship of a type that the customer ends. Its admin roles end with it.
#[utoipa::path(
    delete,
    path = routes::RELATIONSHIP,
    params(Id<RelationshipId>, IfMatch),
    responses((status = 204, description = "The relationship and its admin roles have ended.")),
    extensions(("x-refusals" = json!([
        refusals::RELATIONSHIP_BY_CUSTOMER,
        Refusal::ResellerEndsRelationship,
        Refusal::PartnerEndsRelationship,
    ]))),
)]
async fn delete_relationship(
    session: SignedIn,
    Id(id): Id<RelationshipId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<StatusCode> {
    session
        .write(move |store, context, caller| {
            relationships::delete(store, context, caller, id, version)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
