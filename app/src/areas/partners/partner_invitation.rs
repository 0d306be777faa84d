//! Accept agreement & authorize partner: the page that the link in an invitation opens.
//!
//! The link's token is in the URL's fragment, so that no server log and no `Referer` ever
//! contains it. Once the invitation is loaded, its id replaces the token in the address.

use api::{
    AcceptInvitation, AcceptedInvitation, Agreement, CancelInvitation, InvitationResource,
    LookUpInvitation, Page, RelationshipFilter, RelationshipQuery, RelationshipResource, routes,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{RelationshipId, RelationshipStatus};

use crate::{
    client::{self, Failure},
    features::{
        agreement_document,
        invitation_content::{
            InvitationContent,
            flow::{InvitationFlow, InvitationFlowCommand, InvitationFlowEvent, InvitationLink},
        },
    },
    load::{effect, spawn},
    route::Route,
    session, t, text,
    ui::{Intent, toast},
    view::{View, view},
    words,
};

/// The page of an invitation, for `/partner-invitation` and `/partner-invitation/{id}`.
#[component]
pub fn PartnerInvitation() -> View {
    let flow = RwSignal::new(InvitationFlow::default());
    let send = event_handler(flow);

    let location = use_location();
    effect(move || {
        if let Some(address) =
            InvitationLink::parse(Route::parse(&location.pathname.read()), &location.hash.read())
        {
            send.run(InvitationFlowEvent::AddressChanged(address));
        }
    });
    Effect::new(move |before: Option<&'static str>| {
        let language = text::language();
        if before.is_some_and(|before| before != language) {
            send.run(InvitationFlowEvent::LanguageChanged);
        }
        language
    });

    view! { <InvitationContent flow=flow send=send /> }
}

/// Returns a callback that applies an event to the state and runs the resulting commands.
fn event_handler(flow: RwSignal<InvitationFlow>) -> Callback<InvitationFlowEvent> {
    let navigate = use_navigate();
    let callback = StoredValue::new(None::<Callback<InvitationFlowEvent>>);
    let send = Callback::new(move |event: InvitationFlowEvent| {
        let Some(commands) = flow.try_update(|flow| flow.handle_event(event)) else { return };
        let Some(send) = callback.get_value() else { return };
        for command in commands {
            run_command(command, send, &navigate);
        }
    });
    callback.set_value(Some(send));
    send
}

fn run_command(
    command: InvitationFlowCommand,
    send: Callback<InvitationFlowEvent>,
    navigate: &dyn Fn(&str, NavigateOptions),
) {
    match command {
        InvitationFlowCommand::ReplaceAddress(id) => {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&Route::PartnerInvitation(Some(id)).path(), options);
        }
        InvitationFlowCommand::RefreshSession => session::refresh(),
        InvitationFlowCommand::AnnounceAndLeave(invitation) => {
            announce_authorization(&invitation);
            navigate(&Route::PartnerRelationships.path(), NavigateOptions::default());
        }
        InvitationFlowCommand::Announce(invitation) => announce_authorization(&invitation),
        request @ (InvitationFlowCommand::LookUpToken(..)
        | InvitationFlowCommand::FetchInvitation(..)
        | InvitationFlowCommand::FindOffer(..)
        | InvitationFlowCommand::FetchAgreement(_)
        | InvitationFlowCommand::Accept(..)
        | InvitationFlowCommand::Cancel(..)) => spawn(async move {
            // The page may be closed when the answer arrives; then nothing handles it.
            if let Some(event) = send_request(request).await {
                let _ = send.try_run(event);
            }
        }),
    }
}

/// Shows the message that the partner is authorized.
fn announce_authorization(invitation: &InvitationResource) {
    session::refresh();
    let partner = invitation.partner.name.as_str();
    let kind = untrack(|| words::partner_type(invitation.relationship_type));
    toast(Intent::Success, untrack(|| t::partner_invitation::authorized(&kind, partner)));
}

/// Sends the request of a command. The answer is the next event.
async fn send_request(command: InvitationFlowCommand) -> Option<InvitationFlowEvent> {
    Some(match command {
        InvitationFlowCommand::LookUpToken(turn, token) => {
            let body = LookUpInvitation { token: token.expose().to_owned() };
            let answer =
                client::post::<InvitationResource>(routes::LOOK_UP_INVITATION, &body, None).await;
            InvitationFlowEvent::InvitationFetched(turn, answer.map(Box::new))
        }
        InvitationFlowCommand::FetchInvitation(turn, id) => {
            let path = routes::of_invitation(routes::INVITATION, id);
            InvitationFlowEvent::InvitationFetched(
                turn,
                client::get::<InvitationResource>(&path).await.map(Box::new),
            )
        }
        InvitationFlowCommand::FindOffer(turn, invitation) => {
            InvitationFlowEvent::OfferFound(turn, find_offer(&invitation).await)
        }
        InvitationFlowCommand::FetchAgreement(turn) => {
            let answer: Result<Agreement, Failure> =
                agreement_document::fetch(untrack(text::language)).await;
            InvitationFlowEvent::AgreementFetched(turn, answer)
        }
        InvitationFlowCommand::Accept(id, etag, agreement) => {
            let path = routes::of_invitation(routes::ACCEPT_INVITATION, id);
            let body = AcceptInvitation { agreement };
            let answer = client::post::<AcceptedInvitation>(&path, &body, Some(etag)).await;
            InvitationFlowEvent::Accepted(answer.map(Box::new))
        }
        InvitationFlowCommand::Cancel(id, etag, reason) => {
            let path = routes::of_invitation(routes::CANCEL_INVITATION, id);
            let reason = reason.map(String::from).unwrap_or_default();
            let body = CancelInvitation { reason };
            let answer = client::post::<InvitationResource>(&path, &body, Some(etag)).await;
            InvitationFlowEvent::Canceled(answer.map(Box::new))
        }
        InvitationFlowCommand::ReplaceAddress(_)
        | InvitationFlowCommand::AnnounceAndLeave(_)
        | InvitationFlowCommand::Announce(_)
        | InvitationFlowCommand::RefreshSession => {
            return None;
        }
    })
}

/// Returns the relationship with the invitation's partner, if the accepted offer can still
/// be created. If the request fails, the page does without: Home and the partner's page
/// show the offer too.
async fn find_offer(invitation: &InvitationResource) -> Option<RelationshipId> {
    let query = RelationshipQuery {
        filter: RelationshipFilter {
            status: vec![RelationshipStatus::Active],
            partner: Some(invitation.partner.id),
            ..RelationshipFilter::default()
        },
        ..RelationshipQuery::default()
    };
    let path = format!("{}?{query}", routes::RELATIONSHIPS);
    let found = client::get::<Page<RelationshipResource>>(&path).await.ok()?.value;
    // A relationship that existed before keeps its original invitation, so the offers are
    // compared.
    let waits = |one: &RelationshipResource| one.offer.is_some() && one.offer == invitation.offer;
    found.into_iter().find(waits).map(|one| one.id)
}
