//! The view of an invitation: the partner, its request, and the answer or the result.
//! Nothing here sends requests or depends on the address, because the invitation's page and
//! the partner's preview share this view.

use api::InvitationResource;
use leptos::prelude::*;
use rules::{
    Actor, AdminRole, InvitationAction, InvitationState, InvitationStatus, Note, OfferKind,
    OrganizationKind, PartnerType, Refusal, RelationshipId, check,
};
use stylers_macro::style;

use crate::{
    client::Failure,
    features::{
        agreement_document::{AgreementStep, blocker_text},
        invitation_content::flow::{
            AnswerRequest, AnswerStep, InvitationFlow, InvitationFlowEvent,
            asks_authorization_first,
        },
        offer::{OfferTerms, offer_line},
    },
    intl::{self, days_until},
    load::effect,
    route::Route,
    t, text,
    ui::{
        Button, ButtonKind, Card, DescriptionItem, DescriptionList, Dialog, EmptyState, Icon,
        Intent, LinkButton, MessageBar, QuotedText, RadioGroup, SelectOption, Tag, TextArea,
        focus_title_if_lost,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

/// An invitation as the customer sees it; the partner sees the same in its preview. It
/// sends no requests: the agreement's document is part of `flow`, and the user's actions go
/// to `on_event`.
///
/// In a preview, `flow` is [`InvitationFlow::default`] with the document in its `reading`,
/// and `on_event` handles only [`InvitationFlowEvent::Read`] and the steps of the answer,
/// so that nothing can be accepted or canceled ([`InvitationFlow::handle_event`] then
/// returns no commands that have to run). To show a draft as it will be when it is sent,
/// give it the status and the state [`InvitationStatus::Sent`].
#[component]
pub(super) fn InvitationView(
    /// The invitation. The view is rendered again if the invitation changes.
    invitation: InvitationResource,
    /// The viewer, who determines the possible actions and the wording.
    #[prop(into)]
    viewer: Signal<Actor>,
    /// The state of the answer.
    #[prop(into)]
    flow: Signal<InvitationFlow>,
    /// Receives the user's actions.
    #[prop(into)]
    on_event: Callback<InvitationFlowEvent>,
) -> View {
    let label = {
        let partner = invitation.partner.name.to_string();
        move || t::partner_invitation::from(&partner)
    };
    let content = if invitation.status == InvitationStatus::Sent {
        view! { <PendingInvitation invitation=invitation viewer=viewer flow=flow on_event=on_event /> }
    } else {
        view! { <AnsweredInvitation invitation=invitation customer=is_customer(viewer) flow=flow /> }
    };
    view! { <article aria-label=label>{content}</article> }
}

/// Returns whether the viewer belongs to a customer. Not reactive: this never changes.
fn is_customer(viewer: Signal<Actor>) -> bool {
    viewer.with_untracked(|viewer| {
        viewer.member().is_ok_and(|member| member.kind == OrganizationKind::Customer)
    })
}

/// A pending invitation: the partner, its request, and the answer.
#[component]
fn PendingInvitation(
    invitation: InvitationResource,
    viewer: Signal<Actor>,
    flow: Signal<InvitationFlow>,
    on_event: Callback<InvitationFlowEvent>,
) -> View {
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
    let partner = partner_card(&invitation);
    let request = request_card(&invitation);
    let offered = offer_card(&invitation);
    let warning = invitation
        .admin_roles
        .contains(&AdminRole::GlobalAdministrator)
        .then(|| global_administrator_warning(invitation.partner.name.to_string()));
    view! { class = scope,
        <p class="invitation-lead">{lead}</p>
        <div class="invitation">
            <div class="invitation-asked stack">{warning} {partner} {request} {offered}</div>
            <div class="invitation-answer">
                <AnswerCard invitation=invitation viewer=viewer flow=flow on_event=on_event />
            </div>
        </div>
    }
}

fn global_administrator_warning(partner: String) -> View {
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

/// Renders the partner: the code to compare, the verified facts, and the unverified ones:
/// the partner's own words.
fn partner_card(invitation: &InvitationResource) -> View {
    let partner = invitation.partner.clone();
    let country = partner.country.to_string();
    let since = partner.partner_since.milliseconds();
    let words = |text: fn(&str) -> String, words: &Option<Note>| {
        let author = partner.name.to_string();
        words.as_ref().map(|words| {
            view! { <QuotedText caption=move || text(&author) text=words.to_string() /> }
        })
    };
    let message = words(t::partner_invitation::own_words, &invitation.message);
    let terms = words(t::partner_invitation::own_terms, &invitation.terms);
    let code = invitation.code.clone();
    view! {
        <Card title=t::partner_invitation::who>
            <div class="stack">
                <ConfirmationCode code=code />
                <DescriptionList>
                    <DescriptionItem label=t::partner_invitation::partner>
                        <strong>{partner.name.to_string()}</strong>
                    </DescriptionItem>
                    <DescriptionItem label=t::partner_invitation::partner_id>
                        {partner.partner_id.to_string()}
                    </DescriptionItem>
                    <DescriptionItem label=t::partner_invitation::domain>{partner.domain.to_string()}</DescriptionItem>
                    <DescriptionItem label=t::partner_invitation::country>
                        {move || intl::country(&country)}
                    </DescriptionItem>
                    <DescriptionItem label=t::partner_invitation::since>{move || intl::date(since)}</DescriptionItem>
                </DescriptionList>
                <VerificationLegend />
                {terms}
                {message}
            </div>
        </Card>
    }
}

/// The code that exposes a forged mail or page: it is the same in the mail and here.
#[component]
fn ConfirmationCode(code: String) -> View {
    let scope = style! {
        .code {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-2) var(--space-4);
            padding: var(--space-3) var(--space-4);
            border-radius: var(--radius-4);
            background-color: var(--surface-3);
        }
        .code-itself {
            font-family: var(--font-mono);
            font-size: var(--size-heading);
            line-height: var(--line-heading);
            letter-spacing: 1px;
            white-space: nowrap;
        }
        .code-label {
            display: block;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .code-hint {
            flex: 1 1 240px;
            margin: 0;
        }
    };
    view! { class = scope,
        <div class="code">
            <div>
                <span class="code-label">{t::partner_invitation::code}</span>
                <strong class="code-itself">{code}</strong>
            </div>
            <p class="code-hint">{t::partner_invitation::code_hint}</p>
        </div>
    }
}

/// The legend of what was verified and what was not.
#[component]
fn VerificationLegend() -> View {
    let scope = style! {
        .verified {
            display: grid;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .verified-line {
            display: flex;
            gap: var(--space-2);
        }
        .verified-yes {
            color: var(--success-text);
        }
        .verified-no {
            color: var(--warning-text);
        }
    };
    view! { class = scope,
        <ul class="verified">
            <li class="verified-line">
                <span class="verified-yes">{Icon::Shield}</span>
                <span>{t::partner_invitation::verified}</span>
            </li>
            <li class="verified-line">
                <span class="verified-no">{Icon::Warning}</span>
                <span>{t::partner_invitation::not_verified}</span>
            </li>
        </ul>
    }
}

/// Renders the trial or purchase that comes with the invitation (21Vianet).
fn offer_card(invitation: &InvitationResource) -> Option<View> {
    let offer = invitation.offer.clone()?;
    Some(view! {
        <Card title=t::partner_invitation::offer>
            <div class="stack">
                <OfferTerms offer=offer />
                <p class="muted">{t::partner_invitation::offer_waits}</p>
            </div>
        </Card>
    })
}

/// Renders the request: the partner type, its capabilities, and the admin roles.
fn request_card(invitation: &InvitationResource) -> View {
    let kind = invitation.relationship_type;
    let roles = invitation.admin_roles.clone();
    let name = invitation.partner.name.to_string();
    let roles = if roles.is_empty() {
        view! { <p>{move || t::partner_invitation::no_roles(&name)}</p> }
    } else {
        view! {
            <RoleDescriptions roles=roles />
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

/// The capabilities of a partner type.
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

/// Admin roles and their descriptions.
#[component]
fn RoleDescriptions(roles: Vec<AdminRole>) -> View {
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

/// The answer: enabled for users who may answer, otherwise disabled with the reason.
#[component]
fn AnswerCard(
    invitation: InvitationResource,
    viewer: Signal<Actor>,
    flow: Signal<InvitationFlow>,
    on_event: Callback<InvitationFlowEvent>,
) -> View {
    let expiry = invitation.state.expires().map(|expires| {
        let expires = expires.milliseconds();
        let text = move || {
            let days = days_until(expires);
            t::partner_invitation::expires(days, &intl::date(expires))
        };
        view! { <Expiry text=text /> }
    });
    let facts = invitation.facts();
    // A change of the session can change the viewer's role.
    let refused = Memo::new(move |_| {
        viewer.with(|viewer| check(viewer, &facts, InvitationAction::Accept, intl::now()).err())
    });
    let customer = is_customer(viewer);
    let answer =
        AnswerContext { flow, on_event, refused, customer, reason: RwSignal::new(String::new()) };
    let note = move || refused.get().map(|refusal| read_only_note(refusal, customer));
    if asks_authorization_first(invitation.cloud) {
        return view! {
            <Card title=t::partner_invitation::authorization>
                <div class="stack">
                    {expiry} {note} <AuthorizationSteps invitation=invitation answer=answer />
                </div>
            </Card>
        };
    }
    let roles = !invitation.admin_roles.is_empty();
    let canceling = RwSignal::new(false);
    let partner = invitation.partner.name.to_string();
    view! {
        <Card title=t::partner_invitation::your_answer>
            <div class="stack">
                {expiry} {note} {accept_view(answer)}
                <CancelSection
                    roles=roles
                    refused=refused.into()
                    busy=Signal::derive(move || flow.read().in_progress.is_some())
                    on_press=move |()| canceling.set(true)
                />
            </div>
        </Card>
        <CancelDialog open=canceling partner=partner answer=answer />
    }
}

/// The context that the parts of the answer share.
#[derive(Clone, Copy)]
struct AnswerContext {
    flow: Signal<InvitationFlow>,
    on_event: Callback<InvitationFlowEvent>,
    /// The reason why the viewer can't answer.
    refused: Memo<Option<Refusal>>,
    /// Whether the viewer belongs to the customer.
    customer: bool,
    /// The input for the reason for canceling.
    reason: RwSignal<String>,
}

impl AnswerContext {
    /// Returns the reason why the viewer can't answer. Reactive.
    fn refusal_text(self) -> Option<String> {
        self.refused.get().map(words::refusal)
    }

    /// Returns whether this request is in progress. Reactive.
    fn is_in_progress(self, what: AnswerRequest) -> Signal<bool> {
        Signal::derive(move || self.flow.read().in_progress == Some(what))
    }

    /// Cancels with the reason in the input.
    fn cancel(self) {
        match Note::parse_optional(&self.reason.read_untracked()) {
            Ok(reason) => self.on_event.run(InvitationFlowEvent::Cancel(reason)),
            // The error is already shown at the field.
            Err(_) => {
                if let Some(field) = crate::browser::element_by_id("cancel-reason") {
                    let _ = field.focus();
                }
            }
        }
    }
}

/// Renders the agreement and the button to accept.
fn accept_view(answer: AnswerContext) -> View {
    let AnswerContext { flow, on_event, customer, .. } = answer;
    let problem = Memo::new(move |_| flow.read().problem.clone());
    let blocked = Signal::derive(move || {
        if flow.read().in_progress == Some(AnswerRequest::Canceling) {
            return Some(t::partner_invitation::being_canceled());
        }
        let reason = answer.refusal_text();
        reason.or_else(|| {
            flow.read().reading.acceptance_blocker().map(|blocker| blocker_text(&blocker))
        })
    });
    let step = customer.then(|| {
        view! {
            <AgreementStep
                review=Signal::derive(move || flow.read().reading.clone())
                on_event=Callback::new(move |event| on_event.run(InvitationFlowEvent::Read(event)))
            />
        }
    });
    view! {
        {step}
        {move || problem.get().map(failure_view)}
        <Button
            label=t::partner_invitation::accept
            kind=ButtonKind::Primary
            busy=answer.is_in_progress(AnswerRequest::Accepting)
            disabled_reason=blocked
            on_press=move |()| on_event.run(InvitationFlowEvent::Accept)
        />
    }
}

/// The id of the heading of the current step.
const STEP_ID: &str = "answer-step";

/// The answer in two steps: whether to authorize the partner, and then the agreement or the
/// consequences of No. This is the procedure in 21Vianet; see docs/domain.md, Clouds.
#[component]
fn AuthorizationSteps(invitation: InvitationResource, answer: AnswerContext) -> View {
    let step = Memo::new(move |_| answer.flow.read().answer_step);
    Effect::new(move |before: Option<AnswerStep>| {
        let step = step.get();
        if before.is_some_and(|before| before != step) {
            // The pressed button is gone, and with it the focus.
            request_animation_frame(|| {
                if let Some(heading) = crate::browser::element_by_id(STEP_ID) {
                    let _ = heading.focus();
                }
            });
        }
        step
    });
    (move || {
        let (title, content): (fn() -> String, View) = match step.get() {
            AnswerStep::Question => {
                (t::partner_invitation::step_authorize, question_step(&invitation, answer))
            }
            AnswerStep::Agreement => {
                (t::partner_invitation::step_agreement, agreement_step(answer))
            }
            AnswerStep::Refusal => (
                t::partner_invitation::step_cancel,
                cancel_step(invitation.partner.name.to_string(), answer),
            ),
        };
        view! {
            <h3 id=STEP_ID tabindex="-1">
                {title}
            </h3>
            {content}
        }
    })
    .into_view()
}

/// Renders the question under Partner relationships: Yes or No, and Next.
fn question_step(invitation: &InvitationResource, answer: AnswerContext) -> View {
    let scope = style! {
        .answer-means {
            margin: 0;
        }
    };
    let AnswerContext { flow, on_event, .. } = answer;
    let authorizes = move || flow.read().authorizes;
    let value = RwSignal::new(String::new());
    // The radio buttons have a signal of their own; these two effects keep it in sync with
    // the selection.
    effect(move || {
        let is = match authorizes() {
            Some(true) => YES,
            Some(false) => NO,
            None => "",
        };
        if *value.read_untracked() != is {
            value.set(is.to_owned());
        }
    });
    effect(move || {
        let is = match value.read().as_str() {
            "" => None,
            chosen => Some(chosen == YES),
        };
        if let Some(is) = is.filter(|is| untrack(authorizes) != Some(*is)) {
            on_event.run(InvitationFlowEvent::Choose(is));
        }
    });
    let partner = invitation.partner.name.to_string();
    let kind = invitation.relationship_type;
    let (yes, no) = (partner.clone(), partner);
    let blocked = Signal::derive(move || {
        let reason = answer.refusal_text();
        reason.or_else(|| authorizes().is_none().then(t::partner_invitation::choose_first))
    });
    view! { class = scope,
        <p class="answer-means">
            {move || t::partner_invitation::yes_means(&words::partner_type(kind), &yes)}
        </p>
        <p class="answer-means">{move || t::partner_invitation::no_means(&no)}</p>
        <RadioGroup
            label=t::partner_invitation::partner_relationships
            value=value
            choices=vec![
                SelectOption::new(YES, t::partner_invitation::yes),
                SelectOption::new(NO, t::partner_invitation::no),
            ]
        />
        <Button
            label=t::partner_invitation::next
            kind=ButtonKind::Primary
            disabled_reason=blocked
            on_press=move |()| on_event.run(InvitationFlowEvent::Next)
        />
    }
}

/// The values of the two options.
const YES: &str = "yes";
const NO: &str = "no";

/// Renders the step after Yes.
fn agreement_step(answer: AnswerContext) -> View {
    view! {
        {accept_view(answer)}
        <Button
            label=t::partner_invitation::back
            on_press=move |()| answer.on_event.run(InvitationFlowEvent::Back)
        />
    }
}

/// Renders the step after No: the consequences, and canceling.
fn cancel_step(partner: String, answer: AnswerContext) -> View {
    view! {
        {cancel_form(partner, answer)}
        <div class="row">
            <Button
                label=t::partner_invitation::cancel
                kind=ButtonKind::Danger
                disabled_reason=Signal::derive(move || answer.refusal_text())
                busy=answer.is_in_progress(AnswerRequest::Canceling)
                on_press=move |()| answer.cancel()
            />
            <Button
                label=t::partner_invitation::back
                on_press=move |()| answer.on_event.run(InvitationFlowEvent::Back)
            />
        </div>
    }
}

/// The expiry date of the invitation.
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

/// Renders the note for viewers who may not answer.
fn read_only_note(refusal: Refusal, customer: bool) -> View {
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

fn failure_view(failure: Failure) -> View {
    view! { <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar> }
}

/// The button to cancel, with an explanation.
#[component]
fn CancelSection(
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

/// Renders the consequences of canceling and the field for a reason.
fn cancel_form(partner: String, answer: AnswerContext) -> View {
    let reason = answer.reason;
    let problem = Memo::new(move |_| answer.flow.read().cancel_problem.clone());
    let error =
        Signal::derive(move || Note::parse_optional(&reason.read()).err().map(words::field_error));
    let hint = move || {
        let used = reason.read().trim().chars().count();
        t::partner_invitation::reason_hint(&intl::number(Note::MAX), &intl::number(used))
    };
    view! {
        <form
            class="stack"
            on:submit=move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                answer.cancel();
            }
        >
            <p>{move || t::partner_invitation::cancel_effect(&partner)}</p>
            <TextArea
                label=t::partner_invitation::reason
                value=reason
                hint=hint
                error=error
                rows=3
                required=false
                id="cancel-reason"
            />
            {move || problem.get().map(failure_view)}
        </form>
    }
}

/// The dialog that confirms canceling and asks for a reason.
#[component]
fn CancelDialog(open: RwSignal<bool>, partner: String, answer: AnswerContext) -> View {
    let actions = move || {
        view! {
            <Button
                label=t::partner_invitation::cancel
                kind=ButtonKind::Danger
                busy=answer.is_in_progress(AnswerRequest::Canceling)
                on_press=move |()| answer.cancel()
            />
            <Button
                label=t::partner_invitation::keep
                on_press=move |()| open.set(false)
            />
        }
    };
    on_cleanup(focus_title_if_lost);
    view! {
        <Dialog open=open title=t::partner_invitation::cancel_question actions=actions>
            {cancel_form(partner.clone(), answer)}
        </Dialog>
    }
}

/// An invitation that is no longer pending: its result and the next step.
#[component]
fn AnsweredInvitation(
    invitation: InvitationResource,
    customer: bool,
    flow: Signal<InvitationFlow>,
) -> View {
    let status = invitation.status;
    let partner = invitation.partner.name.to_string();
    let at = invitation.state.since(intl::now()).unwrap_or(invitation.created).milliseconds();
    let by = invitation.answered_by.as_ref().map(ToString::to_string);
    let kind = invitation.relationship_type;
    let icon = match status {
        InvitationStatus::Accepted => Icon::CheckCircle,
        InvitationStatus::Expired => Icon::Clock,
        InvitationStatus::Draft | InvitationStatus::Sent => Icon::Send,
        InvitationStatus::Canceled | InvitationStatus::Withdrawn => Icon::Close,
    };
    let title = move || result_title(status, customer);
    let hint = {
        let name = invitation.customer_name.to_string();
        let partner = partner.clone();
        move || {
            if customer {
                result_for_customer(status, &partner, by.as_deref(), at, kind)
            } else {
                result_for_partner(status, &name, by.as_deref(), at, kind)
            }
        }
    };
    let reason = if let InvitationState::Canceled { reason, .. } = &invitation.state {
        reason.as_ref().map(ToString::to_string)
    } else {
        None
    };
    let reason = reason.map(|reason| {
        view! { <QuotedText caption=t::partner_invitation::reason_given text=reason /> }
    });
    // To get another invitation from a declined partner, the customer writes a mail.
    let address = format!("mailto:{}", invitation.partner.email);
    let offered = invitation.offer.as_ref().map(|offer| offer.kind).filter(|_| customer);
    let actions = if let (InvitationStatus::Accepted, Some(offered)) = (status, offered) {
        let waiting = Memo::new(move |_| flow.read().offer);
        (move || accepted_offer_actions(offered, waiting.get())).into_view()
    } else if status == InvitationStatus::Accepted || !customer {
        let label = if customer { t::partner_invitation::partners } else { t::shell::go_home };
        let href = if customer { Route::PartnerRelationships } else { Route::Home };
        view! { <LinkButton href=href label=label kind=ButtonKind::Primary /> }
    } else {
        let label = move || t::partner_invitation::write_to(&partner);
        view! {
            <div class="row">
                <LinkButton href=Route::PartnerRelationships label=t::partner_invitation::partners kind=ButtonKind::Primary />
                <LinkButton href=address label=label icon=Icon::Mail />
            </div>
        }
    };
    let about = summary_card(&invitation, customer);
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

/// Renders the next steps after accepting an invitation with an offer of this kind:
/// creating it for the relationship, if it is still pending, and the partner list.
fn accepted_offer_actions(kind: OfferKind, waiting: Option<RelationshipId>) -> View {
    let create = waiting.map(|id| {
        let label: fn() -> String = match kind {
            OfferKind::Trial => t::create_from_offer::create_trial,
            OfferKind::Purchase => t::create_from_offer::create_subscription,
        };
        let href = Route::Partner(Some(id));
        view! { <LinkButton href=href label=label icon=Icon::Cart kind=ButtonKind::Primary /> }
    });
    let partners = if create.is_some() { ButtonKind::Secondary } else { ButtonKind::Primary };
    view! {
        <div class="row">
            {create}
            <LinkButton href=Route::PartnerRelationships label=t::partner_invitation::partners kind=partners />
        </div>
    }
}

/// Returns the title for the result of an invitation, in the customer's or the partner's
/// words.
fn result_title(status: InvitationStatus, customer: bool) -> String {
    match (status, customer) {
        (InvitationStatus::Accepted, true) => t::partner_invitation::accepted_title(),
        (InvitationStatus::Accepted, false) => t::partner_invitation::accepted_there_title(),
        (InvitationStatus::Canceled, true) => t::partner_invitation::canceled_title(),
        (InvitationStatus::Canceled, false) => t::partner_invitation::canceled_there_title(),
        (InvitationStatus::Withdrawn, true) => t::partner_invitation::withdrawn_title(),
        (InvitationStatus::Withdrawn, false) => t::partner_invitation::withdrawn_there_title(),
        (InvitationStatus::Expired, _) => t::partner_invitation::expired_title(),
        (InvitationStatus::Draft | InvitationStatus::Sent, _) => {
            t::partner_invitation::draft_title()
        }
    }
}

/// Returns the description of the result for the partner that sent the invitation.
fn result_for_partner(
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
        (InvitationStatus::Canceled, _) => t::partner_invitation::canceled_there(customer, &date),
        (InvitationStatus::Withdrawn, Some(by)) => {
            t::partner_invitation::withdrawn_there_by(by, &date)
        }
        (InvitationStatus::Withdrawn, None) => t::partner_invitation::withdrawn_there(&date),
        (InvitationStatus::Expired, _) => t::partner_invitation::expired_there(customer, &date),
        (InvitationStatus::Draft | InvitationStatus::Sent, _) => t::partner_invitation::draft(),
    }
}

/// Returns the description of the result for the customer: when, by whom, and the next
/// step.
fn result_for_customer(
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
        (InvitationStatus::Canceled, Some(by)) => {
            t::partner_invitation::canceled_by(by, &date, partner)
        }
        (InvitationStatus::Canceled, None) => t::partner_invitation::canceled(&date, partner),
        (InvitationStatus::Withdrawn, Some(by)) => {
            t::partner_invitation::withdrawn_by(by, &date, partner)
        }
        (InvitationStatus::Withdrawn, None) => t::partner_invitation::withdrawn(&date, partner),
        (InvitationStatus::Expired, _) => t::partner_invitation::expired(&date, partner),
        (InvitationStatus::Draft | InvitationStatus::Sent, _) => t::partner_invitation::draft(),
    }
}

/// Renders a summary of the invitation: the other side and the request.
fn summary_card(invitation: &InvitationResource, customer: bool) -> View {
    let partner = invitation.partner.clone();
    let kind = invitation.relationship_type;
    let roles = invitation.admin_roles.clone();
    let created = invitation.created.milliseconds();
    let roles = move || {
        let names: Vec<_> = roles.iter().copied().map(words::admin_role).collect();
        if names.is_empty() { t::ui::none() } else { intl::list(&names) }
    };
    let (name, recipient) = (
        invitation.customer_name.to_string(),
        invitation.recipient.as_ref().map(ToString::to_string),
    );
    let other = if customer {
        view! {
            <DescriptionItem label=t::partner_invitation::partner>{partner.name.to_string()}</DescriptionItem>
            <DescriptionItem label=t::partner_invitation::partner_id>{partner.partner_id.to_string()}</DescriptionItem>
            <DescriptionItem label=t::partner_invitation::domain>{partner.domain.to_string()}</DescriptionItem>
        }
    } else {
        view! {
            <DescriptionItem label=t::partner_invitation::customer>{name}</DescriptionItem>
            <DescriptionItem label=t::partner_invitation::recipient>
                {recipient.unwrap_or_else(t::ui::none)}
            </DescriptionItem>
        }
    };
    let code = invitation.code.clone();
    let offer = invitation.offer.clone().map(|offer| {
        view! {
            <DescriptionItem label=t::partner_invitation::offer>{move || offer_line(&offer)}</DescriptionItem>
        }
    });
    view! {
        <Card title=t::partner_invitation::about>
            <DescriptionList>
                {other}
                <DescriptionItem label=t::partner_invitation::kind>
                    {move || words::partner_type(kind)}
                </DescriptionItem>
                <DescriptionItem label=t::partner_invitation::roles>{roles}</DescriptionItem>
                {offer}
                <DescriptionItem label=t::partner_invitation::written>{move || intl::date(created)}</DescriptionItem>
                <DescriptionItem label=t::partner_invitation::code>{code}</DescriptionItem>
            </DescriptionList>
        </Card>
    }
}
