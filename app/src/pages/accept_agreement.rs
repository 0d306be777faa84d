//! Accept agreement: the Microsoft Customer Agreement alone, without an invitation.

use api::{AgreementAcceptance, routes};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{OrganizationAction, OrganizationKind, Refusal, check};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{LoadState, effect, spawn},
    pages::agreement_document::{
        self, AgreementButton, AgreementReview, AgreementReviewEvent, AgreementStep, blocker_text,
    },
    session, t, text,
    ui::{
        Badge, Button, ButtonKind, Card, DescriptionItem, DescriptionList, EmptyState, Icon,
        Intent, LinkButton, MessageBar, PageTitle, toast,
    },
    view::{View, view},
    words,
};

/// Where the list of partners is.
const PARTNERS: &str = "/settings/partner-relationships";

/// What an organization is to this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Situation {
    /// It is a partner, which accepts nothing here.
    Partner,
    /// There is no document for its cloud.
    Unavailable,
    /// It has accepted the current version.
    Accepted,
    /// It has not, or an older one alone.
    Open,
}

/// The page of the agreement alone.
#[component]
pub fn AcceptAgreement() -> View {
    let session = session::current();
    let situation = Memo::new(move |_| {
        let organization = &session.read().organization;
        let accepted = organization.agreement.as_ref().map(|accepted| accepted.version);
        match (organization.kind, accepted, organization.current_agreement) {
            (OrganizationKind::Partner, ..) => Situation::Partner,
            (_, None, None) => Situation::Unavailable,
            (_, accepted, current) if accepted >= current => Situation::Accepted,
            _ => Situation::Open,
        }
    });
    let content = move || match situation.get() {
        Situation::Partner => view! {
            <Card>
                <EmptyState
                    icon=Icon::Document
                    title=t::agreement::customers_only
                    hint=t::agreement::customers_only_hint
                >
                    <LinkButton href="/" label=t::shell::go_home kind=ButtonKind::Primary />
                </EmptyState>
            </Card>
        },
        Situation::Unavailable => view! {
            <Card>
                <EmptyState
                    icon=Icon::Document
                    title=t::agreement::unavailable_title
                    hint=move || words::refusal(Refusal::AgreementUnavailable)
                >
                    <LinkButton href=PARTNERS label=t::agreement::partners kind=ButtonKind::Primary />
                </EmptyState>
            </Card>
        },
        situation => view! { <Agreement open=situation == Situation::Open /> },
    };
    view! {
        <PageTitle title=t::agreement::title intro=t::agreement::accept_intro />
        {content}
    }
}

/// The agreement: what was accepted before, and what there is to accept.
#[component]
fn Agreement(open: bool) -> View {
    let scope = style! {
        .agreement-page {
            max-width: 760px;
        }
    };
    let session = session::current();
    let reading = RwSignal::new(AgreementReview::default());
    let again = RwSignal::new(0_u32);
    effect(move || {
        again.track();
        let language = text::language();
        spawn(async move {
            let answer = agreement_document::fetch(language).await;
            // The page may be gone by now, or show another language already.
            if untrack(text::language) == language {
                let _ = reading.try_update(|reading| reading.receive_document(answer));
            }
        });
    });
    let on_event = Callback::new(move |event: AgreementReviewEvent| {
        if reading.try_update(|reading| reading.handle_event(event)) == Some(true) {
            again.update(|again| *again += 1);
        }
    });
    let accepted = Memo::new(move |_| session.read().organization.agreement.clone());
    let current = Memo::new(move |_| session.read().organization.current_agreement);
    let newer = move || {
        let (accepted, current) = (accepted.get()?.version, current.get()?);
        (accepted < current).then(|| newer(accepted, current))
    };
    let answer = if open {
        view! { <Answer reading=reading again=again on_event=on_event /> }
    } else {
        view! {
            <Card>
                <div class="stack">
                    <div>{t::agreement::nothing_to_do}</div>
                    <div class="row">
                        <AgreementButton reading=reading on_event=on_event />
                        <LinkButton href=PARTNERS label=t::agreement::partners />
                    </div>
                </div>
            </Card>
        }
    };
    view! { class = scope,
        <div class="agreement-page stack">
            {newer}
            {move || accepted.get().map(acceptance)}
            {answer}
        </div>
    }
}

fn newer(accepted: u32, current: u32) -> View {
    view! {
        <MessageBar title=t::agreement::newer_title>
            {move || t::agreement::newer(&accepted.to_string(), &current.to_string())}
        </MessageBar>
    }
}

/// Who accepted which version, when, and what was shown.
fn acceptance(accepted: AgreementAcceptance) -> View {
    let at = accepted.at.milliseconds();
    let language = accepted.language;
    let hash = accepted.hash.to_string();
    view! {
        <Card title=t::agreement::accepted_title>
            <div class="stack">
                <div>
                    <Badge
                        label=move || words::agreement_state(api::AgreementState::Accepted)
                        intent=Intent::Success
                    />
                </div>
                <DescriptionList>
                    <DescriptionItem label=t::agreement::accepted_by>{accepted.by.to_string()}</DescriptionItem>
                    <DescriptionItem label=t::agreement::accepted_at>{move || intl::date_time(at)}</DescriptionItem>
                    <DescriptionItem label=t::agreement::accepted_version>
                        {accepted.version.to_string()}
                    </DescriptionItem>
                    <DescriptionItem label=t::agreement::accepted_language>
                        {move || intl::language_name(language.as_str())}
                    </DescriptionItem>
                    <DescriptionItem label=t::agreement::fingerprint>
                        <code title=hash.clone()>{format!("{}…", &hash[..12])}</code>
                    </DescriptionItem>
                </DescriptionList>
            </div>
        </Card>
    }
}

/// Reading, acknowledging and accepting.
#[component]
fn Answer(
    reading: RwSignal<AgreementReview>,
    again: RwSignal<u32>,
    on_event: Callback<AgreementReviewEvent>,
) -> View {
    let session = session::current();
    let refused = Memo::new(move |_| {
        let session = session.read();
        let facts = session.organization.facts();
        check(&session.actor(), &facts, OrganizationAction::AcceptAgreement, intl::now()).err()
    });
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Failure>);
    let navigate = use_navigate();
    let accept = move |()| {
        let acceptance = reading.read_untracked().acceptance_request();
        let Some(acceptance) = acceptance.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        problem.set(None);
        let navigate = navigate.clone();
        spawn(async move {
            let answer =
                client::post::<AgreementAcceptance>(routes::ACCEPT_AGREEMENT, &acceptance, None);
            match answer.await {
                Ok(_) => {
                    session::refresh();
                    toast(Intent::Success, untrack(t::agreement::accepted_toast));
                    navigate(PARTNERS, NavigateOptions::default());
                }
                Err(failure) => {
                    let _ = busy.try_set(false);
                    not_accepted(failure, reading, again, problem);
                }
            }
        });
    };
    let blocked = Signal::derive(move || {
        let reason = refused.get().map(words::refusal);
        reason.or_else(|| reading.read().acceptance_blocker().map(|blocker| blocker_text(&blocker)))
    });
    view! {
        <Card title=t::agreement::step_title>
            <div class="stack">
                {move || {
                    refused
                        .get()
                        .map(|refusal| {
                            view! {
                                <MessageBar title=t::agreement::yours_only>
                                    {move || words::refusal(refusal)}
                                </MessageBar>
                            }
                        })
                }}
                <AgreementStep reading=reading on_event=on_event />
                {move || {
                    problem
                        .get()
                        .map(|failure| {
                            view! {
                                <MessageBar intent=Intent::Error>
                                    {move || failure.text()}
                                </MessageBar>
                            }
                        })
                }}
                <Button
                    label=t::agreement::accept
                    kind=ButtonKind::Primary
                    busy=busy
                    disabled_reason=blocked
                    on_press=accept
                />
            </div>
        </Card>
    }
}

/// What follows from an acceptance that was not taken.
fn not_accepted(
    failure: Failure,
    reading: RwSignal<AgreementReview>,
    again: RwSignal<u32>,
    problem: RwSignal<Option<Failure>>,
) {
    match failure.refusal() {
        Some(Refusal::AgreementChanged) => {
            let _ = reading.try_update(AgreementReview::restart_with_new_version);
            let _ = again.try_update(|again| *again += 1);
        }
        Some(Refusal::AgreementUnavailable) => {
            let _ = reading.try_update(|reading| reading.document = LoadState::Failed(failure));
        }
        Some(_) => {
            // Somebody else was faster, the roles have changed, or nobody is signed in.
            session::refresh();
            let _ = problem.try_set(Some(failure));
        }
        None => {
            let _ = problem.try_set(Some(failure));
        }
    }
}
