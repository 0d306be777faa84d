//! Accept agreement & authorize partner: the page that the link in an invitation opens.
//!
//! The link's token is in the URL's fragment, so that no server log and no `Referer` ever
//! contains it. Once the invitation is loaded, its id replaces the token in the address.

use api::{
    AcceptInvitation, AcceptedInvitation, CancelInvitation, InvitationResource, LookUpInvitation,
};
use api::{Agreement, Page, RelationshipFilter, RelationshipQuery, RelationshipResource, routes};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{OfferKind, Refusal, RelationshipId, RelationshipStatus};

use crate::{
    client::{self, Failure},
    features::{agreement_document, create_from_offer::OfferStep},
    intl,
    load::{effect, spawn},
    session, t, text,
    ui::{
        Button, ButtonKind, Card, EmptyState, ErrorState, Icon, Intent, LinkButton, PageTitle,
        Skeleton, toast,
    },
    view::{View, view},
    words,
};

pub mod flow;
mod view;

use flow::{
    InvitationFlow, InvitationFlowCommand, InvitationFlowEvent, InvitationLink, InvitationPageState,
};

pub use self::view::*;

/// The path of the partner list.
const PARTNERS_PATH: &str = "/settings/partner-relationships";

/// The page of an invitation, for `/partner-invitation` and `/partner-invitation/{id}`.
#[component]
pub fn PartnerInvitation() -> View {
    let flow = RwSignal::new(InvitationFlow::default());
    let send = event_handler(flow);

    let location = use_location();
    effect(move || {
        if let Some(address) =
            InvitationLink::parse(&location.pathname.read(), &location.hash.read())
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

/// The content of the page in each state, for the user of the session in context. The
/// partner's preview uses it too, with a fictional user.
#[component]
pub fn InvitationContent(
    /// The state of the page.
    flow: RwSignal<InvitationFlow>,
    /// Receives the user's actions.
    send: Callback<InvitationFlowEvent>,
) -> View {
    let page = Memo::new(move |_| flow.read().page.clone());
    let is_pending = Memo::new(move |_| {
        matches!(flow.read().page, InvitationPageState::Loading)
            || flow.read().pending_invitation().is_some()
    });
    let title = move || match page.get() {
        InvitationPageState::Offered(_, OfferKind::Trial) => t::create_from_offer::trial_title(),
        InvitationPageState::Offered(_, OfferKind::Purchase) => {
            t::create_from_offer::purchase_title()
        }
        InvitationPageState::Loading
        | InvitationPageState::Incomplete
        | InvitationPageState::Unknown
        | InvitationPageState::Refused(_)
        | InvitationPageState::Failed(_)
        | InvitationPageState::Loaded(_) => {
            if is_pending.get() {
                t::partner_invitation::title()
            } else {
                t::partner_invitation::other()
            }
        }
    };
    let session = session::current();
    let viewer = Signal::derive(move || session.read().actor());
    let content = move || match page.get() {
        InvitationPageState::Loading => view! { <Skeleton lines=8 /> },
        InvitationPageState::Failed(failure) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| send.run(InvitationFlowEvent::Retry)
            />
        },
        InvitationPageState::Incomplete => placeholder(
            Icon::Link,
            t::partner_invitation::incomplete_title(),
            t::partner_invitation::incomplete(),
            view! { <LinkButton href="/" label=t::partner_invitation::see_waiting /> },
        ),
        InvitationPageState::Unknown => placeholder(
            Icon::Search,
            t::partner_invitation::unknown_title(),
            t::partner_invitation::unknown(&account_text()),
            switch_account_actions(),
        ),
        InvitationPageState::Refused(Refusal::InvitationForOtherCloud) => {
            let clouds = session::current().read().organization.clouds.clone();
            let clouds: Vec<_> = clouds.into_iter().map(words::cloud).collect();
            placeholder(
                Icon::Globe,
                t::partner_invitation::other_cloud_title(),
                t::partner_invitation::other_cloud(&account_text(), &intl::list(&clouds)),
                switch_account_actions(),
            )
        }
        InvitationPageState::Refused(Refusal::InvitationForOtherOrganization) => placeholder(
            Icon::Building,
            t::partner_invitation::other_organization_title(),
            t::partner_invitation::other_organization(&account_text()),
            switch_account_actions(),
        ),
        InvitationPageState::Refused(refusal) => placeholder(
            Icon::Shield,
            t::partner_invitation::refused_title(),
            words::refusal(refusal),
            switch_account_actions(),
        ),
        InvitationPageState::Offered(relationship, _) => {
            view! { <OfferStep relationship=relationship partners_path=PARTNERS_PATH /> }
        }
        InvitationPageState::Loaded(invitation) => {
            view! { <InvitationView invitation=*invitation viewer=viewer flow=flow on_event=send /> }
        }
    };
    view! {
        <PageTitle title=title />
        {content}
    }
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
            navigate(&format!("{}/{id}", routes::INVITATION_PAGE), options);
        }
        InvitationFlowCommand::RefreshSession => session::refresh(),
        InvitationFlowCommand::AnnounceAndLeave(invitation) => {
            announce_authorization(&invitation);
            navigate(PARTNERS_PATH, NavigateOptions::default());
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

/// Returns the signed-in user and organization in words, to tell which account is the wrong
/// one.
fn account_text() -> String {
    let session = session::current();
    let session = session.read();
    t::partner_invitation::signed_in_as(
        session.user.name.as_str(),
        session.organization.name.as_str(),
    )
}

/// Renders a placeholder for an invitation, with the possible actions.
fn placeholder(icon: Icon, title: String, hint: String, actions: View) -> View {
    view! {
        <Card>
            <EmptyState icon=icon title=title hint=hint>
                {actions}
            </EmptyState>
        </Card>
    }
}

/// Renders the buttons to switch the account and to go home.
fn switch_account_actions() -> View {
    let busy = RwSignal::new(false);
    let leave = move |()| {
        busy.set(true);
        spawn(async move {
            // Signing out shows the sign-in page at the same address.
            if let Err(failure) = session::sign_out(false).await {
                toast(Intent::Error, untrack(|| failure.text()));
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <div class="row">
            <Button
                label=t::partner_invitation::use_other_account
                kind=ButtonKind::Primary
                icon=Icon::Person
                busy=busy
                on_press=leave
            />
            <LinkButton href="/" label=t::shell::go_home />
        </div>
    }
}
