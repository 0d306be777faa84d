//! Accept agreement & authorize partner: the page that the link in an invitation opens.
//!
//! The link's token stands behind a `#`, so that no server's log and no `Referer` ever
//! holds it; once the invitation is there, its id takes the token's place in the address.

use api::{AcceptInvitation, AcceptedInvitation, CancelInvitation, Invitation, LookUpInvitation};
use api::{Agreement, Page, Relationship, RelationshipQuery, routes};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{OfferKind, Refusal, RelationshipId, RelationshipStatus};

use crate::{
    client::{self, Failure},
    intl,
    load::{effect, spawn},
    pages::{agreement_document, create_from_offer::OfferStep},
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

use flow::{Address, Command, Event, Flow, Stage};

pub use self::view::*;

/// Where the list of partners is.
const PARTNERS: &str = "/settings/partner-relationships";

/// The page of an invitation, for `/partner-invitation` and `/partner-invitation/{id}`.
#[component]
pub fn PartnerInvitation() -> View {
    let flow = RwSignal::new(Flow::default());
    let send = runner(flow);

    let location = use_location();
    effect(move || {
        if let Some(address) = Address::of(&location.pathname.read(), &location.hash.read()) {
            send.run(Event::Arrived(address));
        }
    });
    Effect::new(move |before: Option<&'static str>| {
        let language = text::language();
        if before.is_some_and(|before| before != language) {
            send.run(Event::LanguageChanged);
        }
        language
    });

    view! { <InvitationStage flow=flow send=send /> }
}

/// What the page shows of an invitation in each state, for whoever the session around it
/// says; the partner's preview shows it too, for somebody who is made up.
#[component]
pub fn InvitationStage(
    /// What is shown.
    flow: RwSignal<Flow>,
    /// What the visitor does.
    send: Callback<Event>,
) -> View {
    let stage = Memo::new(move |_| flow.read().stage.clone());
    let waits = Memo::new(move |_| {
        matches!(flow.read().stage, Stage::Loading) || flow.read().waiting().is_some()
    });
    let title = move || match stage.get() {
        Stage::Offered(_, OfferKind::Trial) => t::create_from_offer::trial_title(),
        Stage::Offered(_, OfferKind::Purchase) => t::create_from_offer::purchase_title(),
        _ if waits.get() => t::partner_invitation::title(),
        _ => t::partner_invitation::other(),
    };
    let session = session::current();
    let viewer = Signal::derive(move || session.read().actor());
    let content = move || match stage.get() {
        Stage::Loading => view! { <Skeleton lines=8 /> },
        Stage::Failed(failure) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| send.run(Event::Retry)
            />
        },
        Stage::Incomplete => state(
            Icon::Link,
            t::partner_invitation::incomplete_title(),
            t::partner_invitation::incomplete(),
            view! { <LinkButton href="/" label=t::partner_invitation::see_waiting /> },
        ),
        Stage::Unknown => state(
            Icon::Search,
            t::partner_invitation::unknown_title(),
            t::partner_invitation::unknown(&signed_in_as()),
            other_account(),
        ),
        Stage::Refused(Refusal::InvitationForOtherCloud) => {
            let clouds = session::current().read().organization.clouds.clone();
            let clouds: Vec<_> = clouds.into_iter().map(words::cloud).collect();
            state(
                Icon::Globe,
                t::partner_invitation::other_cloud_title(),
                t::partner_invitation::other_cloud(&signed_in_as(), &intl::list(&clouds)),
                other_account(),
            )
        }
        Stage::Refused(Refusal::InvitationForOtherOrganization) => state(
            Icon::Building,
            t::partner_invitation::other_organization_title(),
            t::partner_invitation::other_organization(&signed_in_as()),
            other_account(),
        ),
        Stage::Refused(refusal) => state(
            Icon::Shield,
            t::partner_invitation::refused_title(),
            words::refusal(refusal),
            other_account(),
        ),
        Stage::Offered(relationship, _) => {
            view! { <OfferStep relationship=relationship partners_path=PARTNERS /> }
        }
        Stage::Shown(invitation) => {
            view! { <InvitationView invitation=*invitation viewer=viewer flow=flow on_event=send /> }
        }
    };
    view! {
        <PageTitle title=title />
        {content}
    }
}

/// Puts events into the state, and does what follows from them.
fn runner(flow: RwSignal<Flow>) -> Callback<Event> {
    let navigate = use_navigate();
    let callback = StoredValue::new(None::<Callback<Event>>);
    let send = Callback::new(move |event: Event| {
        let Some(commands) = flow.try_update(|flow| flow.step(event)) else { return };
        let Some(send) = callback.get_value() else { return };
        for command in commands {
            run(command, send, &navigate);
        }
    });
    callback.set_value(Some(send));
    send
}

fn run(command: Command, send: Callback<Event>, navigate: &dyn Fn(&str, NavigateOptions)) {
    match command {
        Command::ShowAddress(id) => {
            let options =
                NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&format!("{}/{id}", routes::INVITATION_PAGE), options);
        }
        Command::CheckSession => session::refresh(),
        Command::Leave(invitation) => {
            tell(&invitation);
            navigate(PARTNERS, NavigateOptions::default());
        }
        Command::Tell(invitation) => tell(&invitation),
        request => spawn(async move {
            // The page may be gone by the time of the answer; then nobody waits for it.
            if let Some(event) = ask(request).await {
                let _ = send.try_run(event);
            }
        }),
    }
}

/// Says that the partner is authorized.
fn tell(invitation: &Invitation) {
    session::refresh();
    let partner = invitation.partner.name.as_str();
    let kind = untrack(|| words::partner_type(invitation.relationship_type));
    toast(Intent::Success, untrack(|| t::partner_invitation::authorized(&kind, partner)));
}

/// Asks the server; the answer is the next event.
async fn ask(command: Command) -> Option<Event> {
    Some(match command {
        Command::LookUp(turn, token) => {
            let body = LookUpInvitation { token: token.expose().to_owned() };
            let answer = client::post::<Invitation>(routes::LOOK_UP_INVITATION, &body, None).await;
            Event::InvitationCame(turn, answer.map(Box::new))
        }
        Command::Get(turn, id) => {
            let path = routes::of_invitation(routes::INVITATION, id);
            Event::InvitationCame(turn, client::get::<Invitation>(&path).await.map(Box::new))
        }
        Command::FindOffer(turn, invitation) => {
            Event::OfferCame(turn, find_offer(&invitation).await)
        }
        Command::GetAgreement(turn) => {
            let answer: Result<Agreement, Failure> =
                agreement_document::fetch(untrack(text::language)).await;
            Event::AgreementCame(turn, answer)
        }
        Command::Accept(id, etag, agreement) => {
            let path = routes::of_invitation(routes::ACCEPT_INVITATION, id);
            let body = AcceptInvitation { agreement };
            let answer = client::post::<AcceptedInvitation>(&path, &body, Some(etag)).await;
            Event::Accepted(answer.map(Box::new))
        }
        Command::Cancel(id, etag, reason) => {
            let path = routes::of_invitation(routes::CANCEL_INVITATION, id);
            let reason = reason.map(String::from).unwrap_or_default();
            let body = CancelInvitation { reason };
            let answer = client::post::<Invitation>(&path, &body, Some(etag)).await;
            Event::Canceled(answer.map(Box::new))
        }
        Command::ShowAddress(_) | Command::Leave(_) | Command::Tell(_) | Command::CheckSession => {
            return None;
        }
    })
}

/// The relationship with the partner of this invitation, where what was offered with it
/// waits to be created. Where that can't be had, the page goes without: the offer waits on
/// Home and on the partner's page too.
async fn find_offer(invitation: &Invitation) -> Option<RelationshipId> {
    let query = RelationshipQuery {
        search: invitation.partner.partner_id.to_string(),
        statuses: vec![RelationshipStatus::Active],
        ..RelationshipQuery::default()
    };
    let path = format!("{}?{query}", routes::RELATIONSHIPS);
    let found = client::get::<Page<Relationship>>(&path).await.ok()?.value;
    // A relationship that stood before keeps the invitation that it came from.
    let waits = |one: &Relationship| {
        one.partner.id == invitation.partner.id
            && one.offer.is_some()
            && one.offer == invitation.offer
    };
    found.into_iter().find(waits).map(|one| one.id)
}

/// The signed-in person and organization, as one is told which account was the wrong one.
fn signed_in_as() -> String {
    let session = session::current();
    let session = session.read();
    t::partner_invitation::signed_in_as(
        session.user.name.as_str(),
        session.organization.name.as_str(),
    )
}

/// What is said in place of an invitation, and what can be done about it.
fn state(icon: Icon, title: String, hint: String, actions: View) -> View {
    view! {
        <Card>
            <EmptyState icon=icon title=title hint=hint>
                {actions}
            </EmptyState>
        </Card>
    }
}

/// The way to another account, and the way home.
fn other_account() -> View {
    let busy = RwSignal::new(false);
    let leave = move |()| {
        busy.set(true);
        spawn(async move {
            // The frame asks for another account here, at the same address.
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
