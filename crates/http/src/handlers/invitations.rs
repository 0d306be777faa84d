//! Invitations.

use std::sync::Arc;

use api::{
    AcceptInvitation, AcceptedInvitation, CancelInvitation, ErrorCode, InvitationQuery,
    InvitationRequest, InvitationResource, LookUpInvitation, Page, RenderedMail, routes,
};
use axum::extract::State;
use axum::response::{Html, Response};
use rules::{InvitationId, Refusal, refusals};
use service::{TokenHash, invitations};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::agreement::LanguageQuery;
use crate::error::Result;
use crate::extract::{Id, IfMatch, IfNoneMatch, JsonBody, NoQuery, Query, query_parameters};
use crate::respond::{self, JsonResponse, WithETag};
use crate::state::{ApiState, SignedIn};

pub(crate) fn router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, draft_invitation))
        .routes(routes!(look_up_invitation))
        .routes(routes!(get_invitation, edit_invitation))
        .routes(routes!(accept_invitation))
        .routes(routes!(cancel_invitation))
        .routes(routes!(send_invitation))
        .routes(routes!(resend_invitation))
        .routes(routes!(withdraw_invitation))
        .routes(routes!(get_invitation_mail))
        .routes(routes!(get_invitation_mail_html))
}

/// Lists the invitations to or from the caller's organization.
#[utoipa::path(
    get,
    path = routes::INVITATIONS,
    params(Query<InvitationQuery>),
    responses((status = 200, body = Page<InvitationResource>)),
)]
async fn list_invitations(
    session: SignedIn,
    Query(query): Query<InvitationQuery>,
) -> Result<Response> {
    session
        .page(query.top, move |store, caller, now| invitations::list(store, caller, &query, now))
        .await
}

/// Drafts an invitation from the caller's organization, a partner.
///
/// The customer is named by its ID or domain, or by the enquiry that the invitation answers.
#[utoipa::path(
    post,
    path = routes::INVITATIONS,
    request_body = InvitationRequest,
    responses((
        status = 201,
        description = "Drafted; Location has its address.",
        body = InvitationResource,
    )),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CONTENT,
        Refusal::SalesAgentRequired,
        refusals::ENQUIRY_CLOSED,
        Refusal::TooManyDrafts,
        ErrorCode::NotFound,
    ]))),
)]
async fn draft_invitation(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    _: NoQuery,
    JsonBody(request): JsonBody<InvitationRequest>,
) -> Result<Response> {
    let draft = request.parse()?;
    let drafted = session
        .write(move |store, context, caller| {
            invitations::draft(store, context, caller, draft.clone())
        })
        .await?;
    let path = routes::of_invitation(routes::INVITATION, drafted.id);
    Ok(respond::created(&state, &path, &drafted))
}

/// Returns the invitation that a link's token belongs to. Changes nothing.
#[utoipa::path(
    post,
    path = routes::LOOK_UP_INVITATION,
    request_body = LookUpInvitation,
    responses((status = 200, body = InvitationResource)),
    extensions(("x-refusals" = json!([refusals::INVITATION_NOT_ADDRESSED, ErrorCode::NotFound]))),
)]
async fn look_up_invitation(
    session: SignedIn,
    _: NoQuery,
    JsonBody(request): JsonBody<LookUpInvitation>,
) -> Result<WithETag<InvitationResource>> {
    let token = TokenHash::of(&request.token);
    session
        .read(|store, caller, now| invitations::find_by_token(store, caller, &token, now))
        .map(WithETag)
}

/// Returns an invitation.
#[utoipa::path(
    get,
    path = routes::INVITATION,
    params(Id<InvitationId>, IfNoneMatch),
    responses((status = 200, body = InvitationResource)),
)]
async fn get_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    _: NoQuery,
    client: IfNoneMatch,
) -> Result<Response> {
    let found = session.read(|store, caller, now| invitations::get(store, caller, id, now))?;
    Ok(respond::unless_matched(&client, &found.etag.to_string(), &found))
}

/// Replaces the content of a draft. Its customer and its enquiry stay.
#[utoipa::path(
    patch,
    path = routes::INVITATION,
    params(Id<InvitationId>, IfMatch),
    request_body = InvitationRequest,
    responses((status = 200, body = InvitationResource)),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CLOSED,
        refusals::INVITATION_CONTENT,
        Refusal::SalesAgentRequired,
        Refusal::InvitationAlreadySent,
    ]))),
)]
async fn edit_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<InvitationRequest>,
) -> Result<WithETag<InvitationResource>> {
    let draft = request.parse()?;
    session
        .write(move |store, context, caller| {
            invitations::edit(store, context, caller, id, version, draft.clone())
        })
        .await
        .map(WithETag)
}

/// Accepts an invitation together with the agreement, and authorizes the partner.
#[utoipa::path(
    post,
    path = routes::ACCEPT_INVITATION,
    params(Id<InvitationId>, IfMatch),
    request_body = AcceptInvitation,
    responses((status = 200, body = AcceptedInvitation)),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CLOSED,
        refusals::INVITATION_BY_CUSTOMER,
        Refusal::AgreementNotAcknowledged,
        Refusal::AgreementChanged,
        Refusal::AgreementUnavailable,
    ]))),
)]
async fn accept_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<AcceptInvitation>,
) -> Result<WithETag<AcceptedInvitation>> {
    let agreement = request.agreement.parse()?;
    session
        .write(move |store, context, caller| {
            invitations::accept(store, context, caller, id, version, &agreement)
        })
        .await
        .map(WithETag)
}

/// Cancels an invitation, as the customer.
#[utoipa::path(
    post,
    path = routes::CANCEL_INVITATION,
    params(Id<InvitationId>, IfMatch),
    request_body = CancelInvitation,
    responses((status = 200, body = InvitationResource)),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CLOSED,
        refusals::INVITATION_BY_CUSTOMER,
    ]))),
)]
async fn cancel_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
    JsonBody(request): JsonBody<CancelInvitation>,
) -> Result<WithETag<InvitationResource>> {
    let reason = request.parse()?;
    session
        .write(move |store, context, caller| {
            invitations::cancel(store, context, caller, id, version, reason.clone())
        })
        .await
        .map(WithETag)
}

/// Sends a draft by mail with a new link. The enquiry that it answers is answered.
///
/// At most 20 mails to one customer in 24 hours, and 5,000 in all: Retry-After says how long to
/// wait. At most 20 invitations wait for the answer of one customer.
#[utoipa::path(
    post,
    path = routes::SEND_INVITATION,
    params(Id<InvitationId>, IfMatch),
    responses((status = 200, body = InvitationResource)),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CLOSED,
        // An expired enquiry can still be answered with a draft that exists.
        Refusal::EnquiryDeclined,
        Refusal::EnquiryAnswered,
        refusals::INVITATION_CONTENT,
        Refusal::AdminAgentRequired,
        Refusal::InvitationIncomplete,
        Refusal::InvitationAlreadySent,
        Refusal::TooManyInvitationsToCustomer,
        Refusal::TooManyInvitations,
        Refusal::TooManyWaitingInvitations,
    ]))),
)]
async fn send_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<InvitationResource>> {
    session
        .write(move |store, context, caller| invitations::send(store, context, caller, id, version))
        .await
        .map(WithETag)
}

/// Sends a pending invitation again, with a new link and 90 more days.
///
/// The previous link stops working. Once in 24 hours, and at most 20 mails to one customer:
/// Retry-After says how long to wait.
#[utoipa::path(
    post,
    path = routes::RESEND_INVITATION,
    params(Id<InvitationId>, IfMatch),
    responses((status = 200, body = InvitationResource)),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CLOSED,
        refusals::INVITATION_CONTENT,
        Refusal::AdminAgentRequired,
        Refusal::InvitationIncomplete,
        Refusal::InvitationNotSent,
        Refusal::InvitationSentRecently,
        Refusal::TooManyInvitationsToCustomer,
        Refusal::TooManyInvitations,
    ]))),
)]
async fn resend_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<InvitationResource>> {
    session
        .write(move |store, context, caller| {
            invitations::resend(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

/// Withdraws an invitation, as the partner.
#[utoipa::path(
    post,
    path = routes::WITHDRAW_INVITATION,
    params(Id<InvitationId>, IfMatch),
    responses((status = 200, body = InvitationResource)),
    extensions(("x-refusals" = json!([
        refusals::INVITATION_CLOSED,
        Refusal::PartnerOnly,
        Refusal::AdminAgentRequired,
        Refusal::PartnerNotInCloud,
    ]))),
)]
async fn withdraw_invitation(
    session: SignedIn,
    Id(id): Id<InvitationId>,
    IfMatch(version): IfMatch,
    _: NoQuery,
) -> Result<WithETag<InvitationResource>> {
    session
        .write(move |store, context, caller| {
            invitations::withdraw(store, context, caller, id, version)
        })
        .await
        .map(WithETag)
}

query_parameters! {
    MailParameters {
        "language": "Language code; the invitation's language by default.",
    }
}

/// Renders the mail of an invitation as it would be sent, with a link that leads nowhere.
#[utoipa::path(
    get,
    path = routes::INVITATION_MAIL,
    params(Id<InvitationId>, MailParameters),
    responses((status = 200, body = RenderedMail)),
    extensions(("x-refusals" = json!([Refusal::PartnerOnly, Refusal::SalesAgentRequired]))),
)]
async fn get_invitation_mail(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Id(id): Id<InvitationId>,
    Query(language): Query<LanguageQuery>,
) -> Result<JsonResponse<RenderedMail>> {
    render_mail(&state, &session, id, &language).map(JsonResponse)
}

/// Renders the HTML of that mail as a document, to be shown in a frame of this site.
#[utoipa::path(
    get,
    path = routes::INVITATION_MAIL_HTML,
    params(Id<InvitationId>, MailParameters),
    responses((status = 200, body = String, content_type = "text/html")),
    extensions(("x-refusals" = json!([Refusal::PartnerOnly, Refusal::SalesAgentRequired]))),
)]
async fn get_invitation_mail_html(
    State(state): State<Arc<ApiState>>,
    session: SignedIn,
    Id(id): Id<InvitationId>,
    Query(language): Query<LanguageQuery>,
) -> Result<Html<String>> {
    Ok(Html(render_mail(&state, &session, id, &language)?.html))
}

fn render_mail(
    state: &ApiState,
    session: &SignedIn,
    id: InvitationId,
    LanguageQuery(language): &LanguageQuery,
) -> Result<RenderedMail> {
    let url = state.public_url().as_str();
    session.read(|store, caller, now| invitations::mail(store, caller, id, *language, url, now))
}
