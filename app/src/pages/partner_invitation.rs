//! Accept agreement & authorize partner: the page that the link in an invitation opens.
//!
//! The link's token stands behind a `#`, so that no server's log and no `Referer` ever
//! holds it; once the invitation is there, its id takes the token's place in the address.

use api::{AcceptInvitation, AcceptedInvitation, CancelInvitation, Invitation, LookUpInvitation};
use api::{Agreement, routes};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{
    AdminRole, DAY, InvitationAction, InvitationState, InvitationStatus, Note, OrganisationKind,
    PartnerType, Refusal, check,
};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{effect, spawn},
    pages::agreement_document::{self, AgreementStep, blocker_text},
    session, t, text,
    ui::{
        Button, ButtonKind, Card, DescriptionList, Dialog, EmptyState, ErrorState, Icon, Intent,
        LinkButton, MessageBar, PageTitle, Skeleton, Tag, Term, TextArea, focus_title, toast,
    },
    view::{CollectView, View, view},
    words,
};

mod flow;

use flow::{Address, Command, Doing, Event, Flow, Stage};

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

    let stage = Memo::new(move |_| flow.read().stage.clone());
    let waits = Memo::new(move |_| {
        matches!(flow.read().stage, Stage::Loading) || flow.read().waiting().is_some()
    });
    let title = move || {
        if waits.get() { t::partner_invitation::title() } else { t::partner_invitation::other() }
    };
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
            let clouds = session::current().read().organisation.clouds.clone();
            let clouds: Vec<_> = clouds.into_iter().map(words::cloud).collect();
            state(
                Icon::Globe,
                t::partner_invitation::other_cloud_title(),
                t::partner_invitation::other_cloud(&signed_in_as(), &intl::list(&clouds)),
                other_account(),
            )
        }
        Stage::Refused(Refusal::InvitationForOtherOrganisation) => state(
            Icon::Building,
            t::partner_invitation::other_organisation_title(),
            t::partner_invitation::other_organisation(&signed_in_as()),
            other_account(),
        ),
        Stage::Refused(refusal) => state(
            Icon::Shield,
            t::partner_invitation::refused_title(),
            words::refusal(refusal),
            other_account(),
        ),
        Stage::Shown(invitation) if invitation.status == InvitationStatus::Sent => {
            view! { <Waiting invitation=*invitation flow=flow send=send /> }
        }
        Stage::Shown(invitation) => view! { <Answered invitation=*invitation /> },
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
            session::refresh();
            let partner = invitation.partner.name.to_string();
            let kind = untrack(|| words::partner_type(invitation.relationship_type));
            toast(Intent::Success, untrack(|| t::partner_invitation::authorized(&kind, &partner)));
            navigate(PARTNERS, NavigateOptions::default());
        }
        request => spawn(async move {
            // The page may be gone by the time of the answer; then nobody waits for it.
            if let Some(event) = ask(request).await {
                let _ = send.try_run(event);
            }
        }),
    }
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
            Event::Cancelled(answer.map(Box::new))
        }
        Command::ShowAddress(_) | Command::Leave(_) | Command::CheckSession => return None,
    })
}

/// The signed-in person and organisation, as one is told which account was the wrong one.
fn signed_in_as() -> String {
    let session = session::current();
    let session = session.read();
    t::partner_invitation::signed_in_as(
        session.user.name.as_str(),
        session.organisation.name.as_str(),
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

/// A waiting invitation: who asks for what, and the answer.
#[component]
fn Waiting(invitation: Invitation, flow: RwSignal<Flow>, send: Callback<Event>) -> View {
    let scope = style! {
        .invitation {
            display: flex;
            flex-wrap: wrap;
            align-items: flex-start;
            gap: var(--space-5);
        }
        .invitation-asked {
            flex: 3 1 500px;
            min-width: 0;
        }
        .invitation-answer {
            position: sticky;
            top: 68px;
            flex: 2 1 300px;
            min-width: 0;
        }
        .invitation-lead {
            max-width: 76ch;
            margin: calc(-1 * var(--space-3)) 0 var(--space-5);
            color: var(--text-2);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
    };
    let lead = {
        let (partner, customer) = (invitation.partner.name.clone(), &invitation.customer_name);
        let customer = customer.clone();
        move || t::partner_invitation::lead(customer.as_str(), partner.as_str())
    };
    let partner = who(&invitation);
    let asked = asked(&invitation);
    let warning = invitation
        .admin_roles
        .contains(&AdminRole::GlobalAdministrator)
        .then(|| global_administrator(invitation.partner.name.to_string()));
    view! { class = scope,
        <p class="invitation-lead">{lead}</p>
        <div class="invitation">
            <div class="invitation-asked stack">{warning} {partner} {asked}</div>
            <div class="invitation-answer">
                <Answer invitation=invitation flow=flow send=send />
            </div>
        </div>
    }
}

fn global_administrator(partner: String) -> View {
    let title = {
        let partner = partner.clone();
        move || t::partner_invitation::global_title(&partner)
    };
    view! {
        <MessageBar intent=Intent::Warning title=title>
            {move || t::partner_invitation::global(&partner)}
        </MessageBar>
    }
}

/// Who asks: what Accord has verified, and below it the partner's own words.
fn who(invitation: &Invitation) -> View {
    let partner = invitation.partner.clone();
    let country = partner.country.to_string();
    let since = partner.partner_since.milliseconds();
    let message = invitation.message.clone().map(|message| quote(&partner.name, message.as_str()));
    view! {
        <Card title=t::partner_invitation::who>
            <div class="stack">
                <DescriptionList>
                    <Term label=t::partner_invitation::partner>
                        <strong>{partner.name.to_string()}</strong>
                    </Term>
                    <Term label=t::partner_invitation::partner_id>
                        {partner.partner_id.to_string()}
                    </Term>
                    <Term label=t::partner_invitation::domain>{partner.domain.to_string()}</Term>
                    <Term label=t::partner_invitation::country>
                        {move || intl::country(&country)}
                    </Term>
                    <Term label=t::partner_invitation::since>{move || intl::date(since)}</Term>
                </DescriptionList>
                <Verified />
                {message}
            </div>
        </Card>
    }
}

/// What of the page was verified, and what not.
#[component]
fn Verified() -> View {
    let scope = style! {
        .verified {
            display: flex;
            gap: var(--space-2);
            margin: 0;
            color: var(--success-text);
        }
        .verified-text {
            color: var(--text-2);
        }
    };
    view! { class = scope,
        <p class="verified">
            {Icon::Shield}
            <span class="verified-text">{t::partner_invitation::verified}</span>
        </p>
    }
}

/// What somebody wrote: plain text, marked as what it is.
fn quote(author: &rules::DisplayName, words: &str) -> View {
    let author = author.to_string();
    view! {
        <Quote
            caption=move || t::partner_invitation::own_words(&author)
            words=words.to_owned()
        />
    }
}

/// Somebody's own words.
#[component]
fn Quote(#[prop(into)] caption: text::Text, words: String) -> View {
    let scope = style! {
        .quote {
            margin: 0;
            padding: var(--space-3) var(--space-4);
            border-left: 3px solid var(--line-strong);
            border-radius: 0 var(--radius-4) var(--radius-4) 0;
            background-color: var(--surface-2);
        }
        .quote-caption {
            margin-bottom: var(--space-2);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .quote-words {
            margin: 0;
            overflow-wrap: anywhere;
            white-space: pre-line;
        }
    };
    view! { class = scope,
        <figure class="quote">
            <figcaption class="quote-caption">{caption}</figcaption>
            // The direction follows the words, which may be of any script.
            <blockquote class="quote-words" dir="auto">
                {words}
            </blockquote>
        </figure>
    }
}

/// What is asked for: the type, what it may do, and the admin roles.
fn asked(invitation: &Invitation) -> View {
    let kind = invitation.relationship_type;
    let roles = invitation.admin_roles.clone();
    let name = invitation.partner.name.to_string();
    let roles = if roles.is_empty() {
        view! { <p>{move || t::partner_invitation::no_roles(&name)}</p> }
    } else {
        view! {
            <Roles roles=roles />
            <p class="muted">{t::partner_invitation::roles_end}</p>
        }
    };
    view! {
        <Card title=t::partner_invitation::asks_for>
            <div class="stack">
                <div class="stack">
                    <div>
                        <Tag label=move || words::partner_type(kind) />
                    </div>
                    <p>{move || words::partner_type_description(kind)}</p>
                </div>
                <div>
                    <h3>{t::partner_invitation::capabilities}</h3>
                    <Capabilities kind=kind />
                </div>
                <div class="stack">
                    <h3>{t::partner_invitation::roles}</h3>
                    {roles}
                </div>
            </div>
        </Card>
    }
}

/// What a partner of this type can do.
#[component]
fn Capabilities(kind: PartnerType) -> View {
    let scope = style! {
        .capabilities {
            display: grid;
            gap: var(--space-1);
            margin: var(--space-2) 0 0;
            padding: 0;
            list-style: none;
        }
        .capability {
            display: flex;
            gap: var(--space-2);
        }
        .capability-mark {
            color: var(--success-text);
        }
    };
    let items = kind
        .capabilities()
        .iter()
        .map(|capability| {
            let capability = *capability;
            view! { class = scope,
                <li class="capability">
                    <span class="capability-mark">{Icon::Check}</span>
                    <span>{move || words::capability(capability)}</span>
                </li>
            }
        })
        .collect_view();
    view! { class = scope, <ul class="capabilities">{items}</ul> }
}

/// Admin roles, and what each allows.
#[component]
fn Roles(roles: Vec<AdminRole>) -> View {
    let scope = style! {
        .asked-roles {
            display: grid;
            gap: var(--space-3);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .asked-role {
            display: flex;
            gap: var(--space-2);
        }
        .asked-role-mark {
            color: var(--brand-text);
        }
        .asked-role-mark.powerful {
            color: var(--warning-text);
        }
        .asked-role-name {
            display: block;
        }
    };
    let items = roles
        .into_iter()
        .map(|role| {
            let powerful = role == AdminRole::GlobalAdministrator;
            let icon = if powerful { Icon::Warning } else { Icon::Key };
            view! { class = scope,
                <li class="asked-role">
                    <span class="asked-role-mark" class:powerful=powerful>{icon}</span>
                    <span>
                        <strong class="asked-role-name">{move || words::admin_role(role)}</strong>
                        {move || words::admin_role_description(role)}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { class = scope, <ul class="asked-roles">{items}</ul> }
}

/// The answer: the agreement, and the two buttons.
#[component]
fn Answer(invitation: Invitation, flow: RwSignal<Flow>, send: Callback<Event>) -> View {
    let expires = match invitation.state {
        InvitationState::Sent { expires, .. } => Some(expires.milliseconds()),
        _ => None,
    };
    let expiry = expires.map(|expires| {
        let text = move || {
            let days = days_until(expires);
            t::partner_invitation::expires(days, &intl::date(expires))
        };
        view! { <Expiry text=text /> }
    });
    let asks_for_roles = !invitation.admin_roles.is_empty();
    let facts = invitation.facts();
    // Another role comes with another session, and the page with it.
    let session = session::current();
    let refused = Memo::new(move |_| {
        let actor = session.read().actor();
        check(&actor, &facts, InvitationAction::Accept, intl::now()).err()
    });
    let customer = session.read_untracked().organisation.kind == OrganisationKind::Customer;
    let problem = Memo::new(move |_| flow.read().problem.clone());
    let blocked = Signal::derive(move || {
        if flow.read().doing == Some(Doing::Cancelling) {
            return Some(t::partner_invitation::being_cancelled());
        }
        let reason = refused.get().map(words::refusal);
        reason.or_else(|| flow.read().reading.blocker().map(|blocker| blocker_text(&blocker)))
    });
    let reading = Signal::derive(move || flow.read().reading.clone());
    let cancelling = RwSignal::new(false);
    let step = customer.then(|| {
        view! {
            <AgreementStep
                reading=reading
                on_event=Callback::new(move |event| send.run(Event::Read(event)))
            />
        }
    });
    view! {
        <Card title=t::partner_invitation::your_answer>
            <div class="stack">
                {expiry}
                {move || refused.get().map(|refusal| read_only(refusal, customer))}
                {step}
                {move || problem.get().map(failed)}
                <Button
                    label=t::partner_invitation::accept
                    kind=ButtonKind::Primary
                    busy=Signal::derive(move || flow.read().doing == Some(Doing::Accepting))
                    disabled_reason=blocked
                    on_press=move |()| send.run(Event::Accept)
                />
                <Decline
                    roles=asks_for_roles
                    refused=refused.into()
                    busy=Signal::derive(move || flow.read().doing.is_some())
                    on_press=move |()| cancelling.set(true)
                />
            </div>
        </Card>
        <CancelDialog open=cancelling invitation=invitation flow=flow send=send />
    }
}

/// How many days are left; the last one counts, however little is left of it.
#[must_use]
pub fn days_until(milliseconds: i64) -> usize {
    let left = milliseconds - intl::now().milliseconds();
    usize::try_from((left + DAY - 1).div_euclid(DAY)).unwrap_or(0)
}

/// Until when the invitation can be answered.
#[component]
fn Expiry(#[prop(into)] text: text::Text) -> View {
    let scope = style! {
        .expiry {
            display: flex;
            gap: var(--space-2);
            margin: 0;
            color: var(--text-2);
        }
    };
    view! { class = scope, <p class="expiry">{Icon::Clock} <span>{text}</span></p> }
}

/// What whoever may not answer can do.
fn read_only(refusal: Refusal, customer: bool) -> View {
    if !customer {
        return view! {
            <MessageBar title=t::partner_invitation::as_customer_title>
                {t::partner_invitation::as_customer}
            </MessageBar>
        };
    }
    view! {
        <MessageBar title=t::partner_invitation::read_only_title>
            {move || words::refusal(refusal)} " " {t::partner_invitation::pass_on}
        </MessageBar>
    }
}

fn failed(failure: Failure) -> View {
    view! { <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar> }
}

/// The way out, and for whom it is.
#[component]
fn Decline(
    roles: bool,
    refused: Signal<Option<Refusal>>,
    busy: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> View {
    let scope = style! {
        .decline {
            display: grid;
            gap: var(--space-2);
            padding-top: var(--space-4);
            border-top: 1px solid var(--line);
        }
        .decline-hint {
            margin: 0;
            color: var(--text-2);
        }
    };
    let hint = move || {
        if roles {
            t::partner_invitation::cancel_roles()
        } else {
            t::partner_invitation::cancel_relationship()
        }
    };
    let reason = Signal::derive(move || refused.get().map(words::refusal));
    view! { class = scope,
        <div class="decline">
            <p class="decline-hint">{hint}</p>
            <Button
                label=t::partner_invitation::cancel
                disabled_reason=reason
                busy=busy
                on_press=on_press
            />
        </div>
    }
}

/// Asks before cancelling, and for a reason.
#[component]
fn CancelDialog(
    open: RwSignal<bool>,
    invitation: Invitation,
    flow: RwSignal<Flow>,
    send: Callback<Event>,
) -> View {
    let reason = RwSignal::new(String::new());
    let error =
        Signal::derive(move || Note::parse_optional(&reason.read()).err().map(words::field_error));
    let problem = Memo::new(move |_| flow.read().cancel_problem.clone());
    let busy = Signal::derive(move || flow.read().doing == Some(Doing::Cancelling));
    let submit = move || match Note::parse_optional(&reason.read_untracked()) {
        Ok(reason) => send.run(Event::Cancel(reason)),
        // The error stands at the field already.
        Err(_) => {
            if let Some(field) = crate::browser::element("cancel-reason") {
                let _ = field.focus();
            }
        }
    };
    let partner = invitation.partner.name.to_string();
    let counted = move || {
        let used = reason.read().trim().chars().count();
        t::partner_invitation::reason_hint(&intl::number(Note::MAX), &intl::number(used))
    };
    let body = move || {
        let partner = partner.clone();
        view! {
            <form
                class="stack"
                on:submit=move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    submit();
                }
            >
                <p>{move || t::partner_invitation::cancel_effect(&partner)}</p>
                <TextArea
                    label=t::partner_invitation::reason
                    value=reason
                    hint=counted
                    error=error
                    rows=3
                    required=false
                    id="cancel-reason"
                />
                {move || problem.get().map(failed)}
            </form>
        }
    };
    let actions = move || {
        view! {
            <Button
                label=t::partner_invitation::cancel
                kind=ButtonKind::Danger
                busy=busy
                on_press=move |()| submit()
            />
            <Button
                label=t::partner_invitation::keep
                on_press=move |()| open.set(false)
            />
        }
    };
    on_cleanup(focus_title::when_lost);
    view! {
        <Dialog open=open title=t::partner_invitation::cancel_question actions=actions>
            {body()}
        </Dialog>
    }
}

/// An invitation that waits no more: what became of it, and what to do next.
#[component]
fn Answered(invitation: Invitation) -> View {
    let status = invitation.status;
    let partner = invitation.partner.name.to_string();
    let at = invitation.state.since(intl::now()).unwrap_or(invitation.created).milliseconds();
    let by = invitation.answered_by.as_ref().map(ToString::to_string);
    let kind = invitation.relationship_type;
    let icon = match status {
        InvitationStatus::Accepted => Icon::CheckCircle,
        InvitationStatus::Expired => Icon::Clock,
        InvitationStatus::Draft | InvitationStatus::Sent => Icon::Send,
        InvitationStatus::Cancelled | InvitationStatus::Withdrawn => Icon::Close,
    };
    let customer =
        session::current().read_untracked().organisation.kind == OrganisationKind::Customer;
    let title = move || title(status, customer);
    let hint = {
        let name = invitation.customer_name.to_string();
        let partner = partner.clone();
        move || {
            if customer {
                happened(status, &partner, by.as_deref(), at, kind)
            } else {
                happened_there(status, &name, by.as_deref(), at, kind)
            }
        }
    };
    let reason = match &invitation.state {
        InvitationState::Cancelled { reason: Some(reason), .. } => Some(reason.to_string()),
        _ => None,
    };
    let reason = reason.map(|reason| {
        view! { <Quote caption=t::partner_invitation::reason_given words=reason /> }
    });
    // A partner that was turned down is asked for another invitation by mail.
    let address = format!("mailto:{}", invitation.partner.email);
    let actions = if status == InvitationStatus::Accepted || !customer {
        let label = if customer { t::partner_invitation::partners } else { t::shell::go_home };
        let href = if customer { PARTNERS } else { "/" };
        view! { <LinkButton href=href label=label kind=ButtonKind::Primary /> }
    } else {
        let label = move || t::partner_invitation::write_to(&partner);
        view! {
            <div class="row">
                <LinkButton href=PARTNERS label=t::partner_invitation::partners kind=ButtonKind::Primary />
                <LinkButton href=address label=label icon=Icon::Mail />
            </div>
        }
    };
    let about = about(&invitation, customer);
    view! {
        <div class="stack">
            <Card>
                <EmptyState icon=icon title=title hint=hint>
                    {actions}
                </EmptyState>
                {reason}
            </Card>
            {about}
        </div>
    }
}

/// What became of an invitation, in a line, as the customer or the partner says it.
fn title(status: InvitationStatus, customer: bool) -> String {
    match (status, customer) {
        (InvitationStatus::Accepted, true) => t::partner_invitation::accepted_title(),
        (InvitationStatus::Accepted, false) => t::partner_invitation::accepted_there_title(),
        (InvitationStatus::Cancelled, true) => t::partner_invitation::cancelled_title(),
        (InvitationStatus::Cancelled, false) => t::partner_invitation::cancelled_there_title(),
        (InvitationStatus::Withdrawn, true) => t::partner_invitation::withdrawn_title(),
        (InvitationStatus::Withdrawn, false) => t::partner_invitation::withdrawn_there_title(),
        (InvitationStatus::Expired, _) => t::partner_invitation::expired_title(),
        (InvitationStatus::Draft | InvitationStatus::Sent, _) => {
            t::partner_invitation::draft_title()
        }
    }
}

/// The same as [`happened`], for the partner that sent it.
fn happened_there(
    status: InvitationStatus,
    customer: &str,
    by: Option<&str>,
    at: i64,
    kind: PartnerType,
) -> String {
    let date = intl::date(at);
    match (status, by) {
        (InvitationStatus::Accepted, _) => {
            t::partner_invitation::accepted_there(customer, &date, &words::partner_type(kind))
        }
        (InvitationStatus::Cancelled, _) => t::partner_invitation::cancelled_there(customer, &date),
        (InvitationStatus::Withdrawn, Some(by)) => {
            t::partner_invitation::withdrawn_there_by(by, &date)
        }
        (InvitationStatus::Withdrawn, None) => t::partner_invitation::withdrawn_there(&date),
        (InvitationStatus::Expired, _) => t::partner_invitation::expired_there(customer, &date),
        (InvitationStatus::Draft | InvitationStatus::Sent, _) => t::partner_invitation::draft(),
    }
}

/// What became of an invitation, when and by whom, and what to do next.
fn happened(
    status: InvitationStatus,
    partner: &str,
    by: Option<&str>,
    at: i64,
    kind: PartnerType,
) -> String {
    let date = intl::date(at);
    match (status, by) {
        (InvitationStatus::Accepted, Some(by)) => {
            t::partner_invitation::accepted_by(by, &date, &words::partner_type(kind), partner)
        }
        (InvitationStatus::Accepted, None) => {
            t::partner_invitation::accepted(&date, &words::partner_type(kind), partner)
        }
        (InvitationStatus::Cancelled, Some(by)) => {
            t::partner_invitation::cancelled_by(by, &date, partner)
        }
        (InvitationStatus::Cancelled, None) => t::partner_invitation::cancelled(&date, partner),
        (InvitationStatus::Withdrawn, Some(by)) => {
            t::partner_invitation::withdrawn_by(by, &date, partner)
        }
        (InvitationStatus::Withdrawn, None) => t::partner_invitation::withdrawn(&date, partner),
        (InvitationStatus::Expired, _) => t::partner_invitation::expired(&date, partner),
        (InvitationStatus::Draft | InvitationStatus::Sent, _) => t::partner_invitation::draft(),
    }
}

/// Which invitation it was: the other side, and what was asked for.
fn about(invitation: &Invitation, customer: bool) -> View {
    let partner = invitation.partner.clone();
    let kind = invitation.relationship_type;
    let roles = invitation.admin_roles.clone();
    let created = invitation.created.milliseconds();
    let roles = move || {
        let names: Vec<_> = roles.iter().copied().map(words::admin_role).collect();
        if names.is_empty() { t::ui::none() } else { intl::list(&names) }
    };
    let (name, recipient) =
        (invitation.customer_name.to_string(), invitation.recipient.to_string());
    let other = if customer {
        view! {
            <Term label=t::partner_invitation::partner>{partner.name.to_string()}</Term>
            <Term label=t::partner_invitation::partner_id>{partner.partner_id.to_string()}</Term>
            <Term label=t::partner_invitation::domain>{partner.domain.to_string()}</Term>
        }
    } else {
        view! {
            <Term label=t::partner_invitation::customer>{name}</Term>
            <Term label=t::partner_invitation::recipient>{recipient}</Term>
        }
    };
    view! {
        <Card title=t::partner_invitation::about>
            <DescriptionList>
                {other}
                <Term label=t::partner_invitation::kind>
                    {move || words::partner_type(kind)}
                </Term>
                <Term label=t::partner_invitation::roles>{roles}</Term>
                <Term label=t::partner_invitation::written>{move || intl::date(created)}</Term>
            </DescriptionList>
        </Card>
    }
}
