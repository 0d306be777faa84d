//! One invitation of the partner: composing it while it is a draft, and following it
//! after that.

use api::{Enquiry, Invitation, Page, Relationship, RelationshipQuery, decode_component, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{
    EnquiryId, InvitationAction, InvitationId, InvitationState, InvitationStatus,
    OrganizationAction, Refusal, check,
};

use super::{
    compose::{Compose, Known},
    desk::{
        self, CUSTOMERS_PATH, ENQUIRIES_PATH, INVITATIONS_PATH, InvitationTimes, QuotedText,
        ResourceState,
    },
};
use crate::{
    client::{self, Failure},
    intl,
    load::{Loader, spawn},
    session, t,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, Crumb, DescriptionItem, DescriptionList, Dialog,
        EmptyState, Icon, Intent, Link, LinkButton, MessageBar, PageTitle, Tag, toast,
    },
    view::{IntoView, View, view},
    words,
};

/// What the page's address names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    /// An invitation that is not written yet, perhaps to a customer of this organization
    /// ID or domain, perhaps in answer to an enquiry.
    New { customer: String, enquiry: Option<EnquiryId> },
    /// One that is.
    Of(InvitationId),
    /// Nothing that there could be.
    Nothing,
}

impl Subject {
    fn of(path: &str, query: &str) -> Self {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if last != "new" {
            return last.parse().map_or(Self::Nothing, Self::Of);
        }
        let value = |wanted: &str| {
            let pairs = query.trim_start_matches('?').split('&');
            let value = pairs.filter_map(|pair| pair.split_once('=')).find(|pair| pair.0 == wanted);
            value.and_then(|(_, value)| decode_component(value)).unwrap_or_default()
        };
        Self::New { customer: value("customer"), enquiry: value("enquiry").parse().ok() }
    }
}

/// What the page needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationPageData {
    /// The invitation; none where it is yet to be written.
    pub invitation: Option<Invitation>,
    /// The enquiry that it answers.
    pub enquiry: Option<Enquiry>,
    /// To whom it is yet to be written, as the address says.
    pub customer: String,
    /// The organizations that the partner knows.
    pub known: Vec<Known>,
}

/// Fetches what the page needs.
async fn open(subject: Subject) -> Result<Option<InvitationPageData>, Failure> {
    let (invitation, customer, enquiry) = match subject {
        Subject::Nothing => return Ok(None),
        Subject::New { customer, enquiry } => (None, customer, enquiry),
        Subject::Of(id) => {
            let route = routes::of_invitation(routes::INVITATION, id);
            let invitation: Invitation = client::get(&route).await?;
            let enquiry = invitation.enquiry;
            (Some(invitation), String::new(), enquiry)
        }
    };
    let composing = invitation.as_ref().is_none_or(|one| one.status == InvitationStatus::Draft);
    // Whoever may see an invitation may not always see the enquiry behind it.
    let enquiry = match enquiry {
        Some(id) if composing => {
            let route = routes::of_enquiry(routes::ENQUIRY, id);
            let found = client::get::<Enquiry>(&route).await;
            if invitation.is_none() { Some(found?) } else { found.ok() }
        }
        _ => None,
    };
    let mut known = Vec::new();
    if composing {
        let query = RelationshipQuery { top: 300, ..RelationshipQuery::default() };
        let path = format!("{}?{query}", routes::RELATIONSHIPS);
        let relationships: Page<Relationship> = client::get(&path).await?;
        let of_relationships = relationships.value.into_iter().map(|one| Known {
            id: one.customer,
            name: one.customer_name,
            cloud: one.cloud,
        });
        let asked = client::get::<Page<Enquiry>>(routes::ENQUIRIES).await;
        let asked = asked.map(|page| page.value).unwrap_or_default();
        let of_enquiries = asked.into_iter().map(|one| Known {
            id: one.customer,
            name: one.customer_name,
            cloud: one.cloud,
        });
        let own = invitation.iter().map(|one| Known {
            id: one.customer,
            name: one.customer_name.clone(),
            cloud: one.cloud,
        });
        known = Known::distinct(of_relationships.chain(of_enquiries).chain(own));
    }
    Ok(Some(InvitationPageData { invitation, enquiry, customer, known }))
}

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Nothing yet, or why not.
    Waiting,
    /// Why no invitation can be written.
    Refused(Refusal),
    /// The form.
    Compose,
    /// The invitation, to be read.
    Details,
}

/// The page, for `/invitations/new` and `/invitations/{id}`.
#[component]
pub fn InvitationDetails() -> View {
    let location = use_location();
    let subject = Memo::new(move |before: Option<&Subject>| {
        let path = location.pathname.read();
        // While the page is left, the address is already that of the next one.
        match before {
            Some(before) if !path.starts_with(INVITATIONS_PATH) => before.clone(),
            _ => Subject::of(&path, &location.search.read()),
        }
    });
    let loaded = Loader::new(move || open(subject.get()));
    let standing = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let session = session::current();
    let mode = Memo::new(move |_| {
        loaded.with(|load| match load.ready() {
            Some(Some(InvitationPageData { invitation: None, .. })) => {
                let session = session.read();
                let facts = session.organization.facts();
                let action = OrganizationAction::DraftInvitation;
                match check(&session.actor(), &facts, action, intl::now()) {
                    Ok(()) => Mode::Compose,
                    Err(refusal) => Mode::Refused(refusal),
                }
            }
            Some(Some(InvitationPageData { invitation: Some(invitation), .. })) => {
                let actor = session.read().actor();
                let edit = InvitationAction::Edit;
                match check(&actor, &invitation.facts(), edit, intl::now()) {
                    Ok(()) => Mode::Compose,
                    Err(_) => Mode::Details,
                }
            }
            _ => Mode::Waiting,
        })
    });
    let content = move || match mode.get() {
        Mode::Waiting => {
            let name = t::invitations::title;
            let instead =
                standing
                    .get()
                    .placeholder(INVITATIONS_PATH, t::invitations::all, move || loaded.retry());
            view! {
                <Breadcrumb crumbs=invitation_crumbs() current=name />
                <PageTitle title=name />
                {instead}
            }
        }
        Mode::Refused(refusal) => view! {
            <Breadcrumb crumbs=invitation_crumbs() current=t::invitations::new />
            <PageTitle title=t::invitations::new />
            <Card>
                <EmptyState
                    icon=Icon::Shield
                    title=t::invitations::refused
                    hint=move || words::refusal(refusal)
                >
                    <LinkButton href=INVITATIONS_PATH label=t::invitations::all />
                </EmptyState>
            </Card>
        },
        Mode::Compose => {
            let opened = untrack(|| loaded.with(|load| load.ready().cloned().flatten()));
            match opened {
                Some(opened) => view! { <Compose opened=opened loaded=loaded /> },
                None => ().into_view(),
            }
        }
        Mode::Details => view! { <Details loaded=loaded /> },
    };
    content.into_view()
}

/// The way back from an invitation.
pub fn invitation_crumbs() -> Vec<Crumb> {
    vec![Crumb::new(t::shell::invitations, INVITATIONS_PATH)]
}

/// An invitation that can't be changed, or not by this person.
#[component]
fn Details(loaded: Loader<Option<InvitationPageData>>) -> View {
    let current = Memo::new(move |_| {
        loaded.with(|load| load.ready().cloned().flatten().and_then(|opened| opened.invitation))
    });
    let name = move || {
        current.read().as_ref().map_or_else(t::invitations::title, |one| {
            t::invitations::to(one.customer_name.as_str())
        })
    };
    let badge =
        move || current.read().as_ref().map(|one| desk::invitation_status_badge(one.status));
    let of = move |section: fn(&Invitation) -> View| move || current.read().as_ref().map(section);
    let change = Callback::new(move |changed: Invitation| {
        let mut opened = untrack(|| loaded.with(|load| load.ready().cloned().flatten()));
        if let Some(opened) = &mut opened {
            opened.invitation = Some(changed);
        }
        loaded.set(opened);
    });
    view! {
        <Breadcrumb crumbs=invitation_crumbs() current=name />
        <PageTitle title=name>{badge}</PageTitle>
        <div class="stack">
            {of(outcome)}
            <Actions current=current change=change again=Callback::new(move |()| loaded.reload()) />
            <Card title=t::invitations::progress>{of(progress)}</Card>
            <Card title=t::invitations::asked>{of(asked)}</Card>
        </div>
    }
}

/// What came of it, where there is more to say than its state.
fn outcome(invitation: &Invitation) -> View {
    match &invitation.state {
        InvitationState::Canceled { reason: Some(reason), .. } => {
            view! { <QuotedText caption=t::invitations::canceled_because text=reason.to_string() /> }
        }
        InvitationState::Accepted { .. } => view! {
            <MessageBar intent=Intent::Success>
                {t::invitations::accepted}
                " "
                <Link href=CUSTOMERS_PATH>{t::invitations::see_customers}</Link>
            </MessageBar>
        },
        _ => ().into_view(),
    }
}

/// What was done with it, when.
fn progress(invitation: &Invitation) -> View {
    let times = InvitationTimes::from_invitation(invitation);
    let drafted = invitation.created.milliseconds();
    let code = invitation.code.clone();
    let moment = |label: fn() -> String, at: Option<i64>| {
        at.map(|at| view! { <DescriptionItem label=label>{move || intl::date_time(at)}</DescriptionItem> })
    };
    let answered = times.answered.map(|at| {
        let by = invitation.answered_by.as_ref().map(ToString::to_string);
        let by = move || match &by {
            Some(by) => t::invitations::on_by(by, &intl::date_time(at)),
            None => intl::date_time(at),
        };
        view! { <DescriptionItem label=t::invitations::answered>{by}</DescriptionItem> }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=t::invitations::drafted>{move || intl::date_time(drafted)}</DescriptionItem>
            {moment(t::invitations::sent, times.sent)}
            {moment(t::invitations::resent, times.resent)}
            {moment(t::invitations::expires, times.expires)}
            {answered}
            <DescriptionItem label=t::invitations::code>
                <strong>{code}</strong>
                <p class="muted">{t::invitations::code_hint}</p>
            </DescriptionItem>
        </DescriptionList>
    }
}

/// What was asked for, and of whom.
fn asked(invitation: &Invitation) -> View {
    let (kind, language) = (invitation.relationship_type, invitation.language);
    let roles = invitation.admin_roles.clone();
    let roles = move || {
        let names: Vec<_> = roles.iter().copied().map(words::admin_role).collect();
        if names.is_empty() { t::ui::none() } else { intl::list(&names) }
    };
    let recipient = recipient_text(invitation).unwrap_or_default();
    let recipient = move || if recipient.is_empty() { t::ui::none() } else { recipient.clone() };
    let enquiry = invitation.enquiry.map(|id| {
        view! {
            <DescriptionItem label=t::invitations::enquiry>
                <Link href=format!("{ENQUIRIES_PATH}/{id}")>{t::invitations::see_enquiry}</Link>
            </DescriptionItem>
        }
    });
    let offer = invitation.offer.clone().map(|offer| {
        let text = move || {
            let quantity = usize::try_from(offer.quantity).unwrap_or(usize::MAX);
            let kind = words::offer_kind(offer.kind);
            format!("{kind}: {}", t::invitations::licenses(quantity, offer.product.as_str()))
        };
        view! { <DescriptionItem label=t::invitations::offer>{text}</DescriptionItem> }
    });
    let message = invitation.message.as_ref().map(|message| {
        view! { <QuotedText caption=t::invitations::message text=message.to_string() /> }
    });
    let terms = invitation.terms.as_ref().map(|terms| {
        view! { <QuotedText caption=t::invitations::terms text=terms.to_string() /> }
    });
    let domain = invitation.customer_domain.to_string();
    view! {
        <div class="stack">
            <div>
                <Tag label=move || words::partner_type(kind) />
                <p class="muted">{move || words::partner_type_description(kind)}</p>
            </div>
            <DescriptionList>
                <DescriptionItem label=t::invitations::roles>{roles}</DescriptionItem>
                <DescriptionItem label=t::invitations::recipient>{recipient}</DescriptionItem>
                <DescriptionItem label=t::invitations::domain>{domain}</DescriptionItem>
                <DescriptionItem label=t::invitations::language>
                    {move || intl::language_name(language.as_str())}
                </DescriptionItem>
                {offer}
                {enquiry}
            </DescriptionList>
            {message}
            {terms}
        </div>
    }
}

/// Whom it goes to: the name, where it is known, and the address.
pub fn recipient_text(invitation: &Invitation) -> Option<String> {
    let address = invitation.recipient.as_ref()?;
    Some(match &invitation.recipient_name {
        Some(name) => format!("{name} ({address})"),
        None => address.to_string(),
    })
}

/// Why something can't be done with an invitation, for beside its button. A pause that
/// must pass first is told with its end.
pub fn invitation_refusal_text(
    invitation: &Invitation,
    action: InvitationAction,
) -> Option<String> {
    let facts = invitation.facts();
    let refusal = check(&session::actor(), &facts, action, intl::now()).err()?;
    match (refusal, facts.resend_from()) {
        (Refusal::InvitationSentRecently, Some(from)) => {
            Some(t::invitations::resend_from(&intl::date_time(from.milliseconds())))
        }
        _ => Some(words::refusal(refusal)),
    }
}

/// What can be done with it.
#[component]
fn Actions(
    current: Memo<Option<Invitation>>,
    change: Callback<Invitation>,
    again: Callback<()>,
) -> View {
    let reason = move |action| {
        Signal::derive(move || {
            current.read().as_ref().and_then(|one| invitation_refusal_text(one, action))
        })
    };
    let resending = RwSignal::new(false);
    let withdrawing = RwSignal::new(false);
    let href =
        move || current.read().as_ref().map(|one| format!("{INVITATIONS_PATH}/{}/preview", one.id));
    view! {
        <div class="row">
            <a class="button secondary" href=href>
                {Icon::Eye}
                {t::compose::preview}
            </a>
            <Button
                label=t::invitations::resend
                icon=Icon::Send
                disabled_reason=reason(InvitationAction::Resend)
                on_press=move |()| resending.set(true)
            />
            <Button
                label=t::invitations::withdraw
                disabled_reason=reason(InvitationAction::Withdraw)
                on_press=move |()| withdrawing.set(true)
            />
        </div>
        <ConfirmInvitationDialog
            what=InvitationCommand::Resend
            open=resending
            current=current.into()
            change=change
            again=again
        />
        <ConfirmInvitationDialog
            what=InvitationCommand::Withdraw
            open=withdrawing
            current=current.into()
            change=change
            again=again
        />
    }
}

/// What is asked about before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationCommand {
    /// Send the draft.
    Send,
    /// Send it once more.
    Resend,
    /// Take it back; a draft is thrown away.
    Withdraw,
}

impl InvitationCommand {
    fn route(self) -> &'static str {
        match self {
            Self::Send => routes::SEND_INVITATION,
            Self::Resend => routes::RESEND_INVITATION,
            Self::Withdraw => routes::WITHDRAW_INVITATION,
        }
    }

    fn action(self) -> InvitationAction {
        match self {
            Self::Send => InvitationAction::Send,
            Self::Resend => InvitationAction::Resend,
            Self::Withdraw => InvitationAction::Withdraw,
        }
    }

    fn label(self) -> String {
        match self {
            Self::Send => t::invitations::send(),
            Self::Resend => t::invitations::resend(),
            Self::Withdraw => t::invitations::withdraw(),
        }
    }

    fn question(self, invitation: &Invitation) -> String {
        let customer = invitation.customer_name.as_str();
        match self {
            Self::Send => t::invitations::send_question(customer),
            Self::Resend => t::invitations::resend_question(customer),
            Self::Withdraw if invitation.status == InvitationStatus::Draft => {
                t::invitations::discard_question()
            }
            Self::Withdraw => t::invitations::withdraw_question(customer),
        }
    }

    fn effect(self, invitation: &Invitation) -> String {
        let customer = invitation.customer_name.as_str();
        let to = recipient_text(invitation).unwrap_or_default();
        let language = intl::language_name(invitation.language.as_str());
        match self {
            Self::Send => t::invitations::send_effect(customer, &language, &to),
            Self::Resend => t::invitations::resend_effect(&language, &to),
            Self::Withdraw if invitation.status == InvitationStatus::Draft => {
                t::invitations::discard_effect()
            }
            Self::Withdraw => t::invitations::withdraw_effect(customer),
        }
    }

    fn done(self, invitation: &Invitation) -> String {
        let customer = invitation.customer_name.as_str();
        match self {
            Self::Send => t::invitations::was_sent(customer),
            Self::Resend => t::invitations::was_resent(customer),
            Self::Withdraw => t::invitations::was_withdrawn(customer),
        }
    }
}

/// Asks before it is done, and says what happened where it could not.
#[component]
pub fn ConfirmInvitationDialog(
    /// What is asked about.
    what: InvitationCommand,
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// The invitation.
    current: Signal<Option<Invitation>>,
    /// Takes the invitation as it is afterwards.
    change: Callback<Invitation>,
    /// Fetches the invitation anew, where it could not be done.
    again: Callback<()>,
) -> View {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if !open.get() {
            problem.set(None);
        }
    });
    // What is so now may be another page, which takes the dialog away: what happened stays
    // in sight.
    on_cleanup(move || {
        if let Some(text) = problem.try_get_untracked().flatten() {
            toast(Intent::Error, text);
        }
    });
    let reason = Signal::derive(move || {
        current.read().as_ref().and_then(|one| invitation_refusal_text(one, what.action()))
    });
    let question =
        move || current.read().as_ref().map(|one| what.question(one)).unwrap_or_default();
    let act = move |()| {
        let Some(invitation) = current.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        problem.set(None);
        spawn(async move {
            let path = routes::of_invitation(what.route(), invitation.id);
            let answer = client::post::<Invitation>(&path, &(), Some(invitation.etag)).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(changed) => {
                    toast(Intent::Success, untrack(|| what.done(&changed)));
                    let _ = open.try_set(false);
                    let _ = change.try_run(changed);
                }
                Err(failure) => {
                    let text = untrack(|| failure.text());
                    // Whatever stood in the way, it is shown as it is now.
                    let _ = again.try_run(());
                    if problem.try_set(Some(text.clone())).is_some() {
                        toast(Intent::Error, text);
                    }
                }
            }
        });
    };
    let kind =
        if what == InvitationCommand::Withdraw { ButtonKind::Danger } else { ButtonKind::Primary };
    let actions = move || {
        view! {
            <Button
                label=move || what.label()
                kind=kind
                busy=busy
                disabled_reason=reason
                on_press=act
            />
            <Button label=t::desk::back on_press=move |()| open.set(false) />
        }
    };
    let effect = move || current.read().as_ref().map(|one| what.effect(one)).unwrap_or_default();
    let failed = move || {
        problem.get().map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    view! {
        <Dialog
            open=open
            title=question
            actions=actions
            alert={what == InvitationCommand::Withdraw}
        >
            <div class="stack">
                <p>{effect}</p>
                {failed}
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_an_invitation_or_a_new_one() {
        let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
        assert_eq!(
            Subject::of(&format!("/invitations/{id}"), ""),
            Subject::Of(id.parse().unwrap())
        );
        assert_eq!(
            Subject::of("/invitations/new/", &format!("?enquiry={id}&customer=a.example")),
            Subject::New { customer: "a.example".to_owned(), enquiry: Some(id.parse().unwrap()) }
        );
        assert_eq!(
            Subject::of("/invitations/new", "?enquiry=none"),
            Subject::New { customer: String::new(), enquiry: None }
        );
        assert_eq!(Subject::of("/invitations/elsewhere", ""), Subject::Nothing);
    }
}
