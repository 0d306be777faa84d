//! Accept agreement: reading and accepting the Microsoft Customer Agreement without an
//! invitation.

use api::{AgreementAcceptanceResource, routes};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{OrganizationAction, OrganizationKind, Refusal, check};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    features::agreement_document::{
        self, AgreementButton, AgreementReview, AgreementReviewEvent, AgreementStep, blocker_text,
    },
    intl,
    load::{LoadState, effect, spawn},
    route::Route,
    session, t, text,
    ui::{
        Badge, Button, ButtonKind, Card, DescriptionItem, DescriptionList, EmptyState, Icon,
        Intent, LinkButton, MessageBar, PageTitle, toast,
    },
    view::{View, view},
    words,
};

/// State of the organization's agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OrganizationAgreement {
    /// The organization is a partner, which has no customer agreement to accept.
    Partner,
    /// There is no agreement for the organization's cloud.
    Unavailable,
    /// The current version is accepted.
    Accepted,
    /// The current version is not accepted.
    NotAccepted,
}

/// The page, for `/billing/accounts/agreement`.
#[component]
pub fn AcceptAgreement() -> View {
    let session = session::current();
    let agreement = Memo::new(move |_| {
        let organization = &session.read().organization;
        let accepted = organization.agreement.as_ref().map(|accepted| accepted.version);
        match (organization.kind, accepted, organization.current_agreement) {
            (OrganizationKind::Partner, ..) => OrganizationAgreement::Partner,
            (_, None, None) => OrganizationAgreement::Unavailable,
            (_, accepted, current) if accepted >= current => OrganizationAgreement::Accepted,
            _ => OrganizationAgreement::NotAccepted,
        }
    });
    let content = move || match agreement.get() {
        OrganizationAgreement::Partner => view! {
            <Card>
                <EmptyState
                    icon=Icon::Document
                    title=t::agreement::customers_only
                    hint=t::agreement::customers_only_hint
                >
                    <LinkButton href=Route::Home label=t::shell::go_home kind=ButtonKind::Primary />
                </EmptyState>
            </Card>
        },
        OrganizationAgreement::Unavailable => view! {
            <Card>
                <EmptyState
                    icon=Icon::Document
                    title=t::agreement::unavailable_title
                    hint=move || words::refusal(Refusal::AgreementUnavailable)
                >
                    <LinkButton href=Route::PartnerRelationships label=t::agreement::partners kind=ButtonKind::Primary />
                </EmptyState>
            </Card>
        },
        OrganizationAgreement::Accepted => view! { <AgreementSections accepted=true /> },
        OrganizationAgreement::NotAccepted => view! { <AgreementSections accepted=false /> },
    };
    view! {
        <PageTitle title=t::agreement::title intro=t::agreement::accept_intro />
        {content}
    }
}

/// The previous acceptance, and the current agreement.
#[component]
fn AgreementSections(
    /// `true` if the current version is accepted.
    accepted: bool,
) -> View {
    let scope = style! {
        .agreement-page {
            max-width: 760px;
        }
    };
    let session = session::current();
    let review = RwSignal::new(AgreementReview::default());
    // Counts the requests for the document; a change fetches it again.
    let fetch_count = RwSignal::new(0_u32);
    effect(move || {
        fetch_count.track();
        let language = text::language();
        spawn(async move {
            let answer = agreement_document::fetch(language).await;
            // The page may have closed, or changed its language.
            if untrack(text::language) == language {
                let _ = review.try_update(|review| review.receive_document(answer));
            }
        });
    });
    let on_event = Callback::new(move |event: AgreementReviewEvent| {
        if review.try_update(|review| review.handle_event(event)) == Some(true) {
            fetch_count.update(|fetch_count| *fetch_count += 1);
        }
    });
    let acceptance = Memo::new(move |_| session.read().organization.agreement.clone());
    let current = Memo::new(move |_| session.read().organization.current_agreement);
    let newer_version = move || {
        let (accepted, current) = (acceptance.get()?.version, current.get()?);
        (accepted < current).then(|| newer_version_message(accepted, current))
    };
    let agreement = if accepted {
        view! {
            <Card>
                <div class="stack">
                    <div>{t::agreement::nothing_to_do}</div>
                    <div class="row">
                        <AgreementButton review=review on_event=on_event />
                        <LinkButton href=Route::PartnerRelationships label=t::agreement::partners />
                    </div>
                </div>
            </Card>
        }
    } else {
        view! { <AcceptCard review=review fetch_count=fetch_count on_event=on_event /> }
    };
    view! { class = scope,
        <div class="agreement-page stack">
            {newer_version}
            {move || acceptance.get().map(acceptance_card)}
            {agreement}
        </div>
    }
}

fn newer_version_message(accepted: u32, current: u32) -> View {
    view! {
        <MessageBar title=t::agreement::newer_title>
            {move || t::agreement::newer(&accepted.to_string(), &current.to_string())}
        </MessageBar>
    }
}

/// Shows the accepted version, the user who accepted it, the date and the document shown.
fn acceptance_card(accepted: AgreementAcceptanceResource) -> View {
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

/// The card with the steps to accept the agreement: read, acknowledge, accept.
#[component]
fn AcceptCard(
    review: RwSignal<AgreementReview>,
    fetch_count: RwSignal<u32>,
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
        let request = review.read_untracked().acceptance_request();
        let Some(request) = request.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        problem.set(None);
        let navigate = navigate.clone();
        spawn(async move {
            let answer = client::post::<AgreementAcceptanceResource>(
                routes::ACCEPT_AGREEMENT,
                &request,
                None,
            );
            match answer.await {
                Ok(_) => {
                    session::refresh();
                    toast(Intent::Success, untrack(t::agreement::accepted_toast));
                    navigate(&Route::PartnerRelationships.path(), NavigateOptions::default());
                }
                Err(failure) => {
                    let _ = busy.try_set(false);
                    handle_failure(failure, review, fetch_count, problem);
                }
            }
        });
    };
    let blocked = Signal::derive(move || {
        let reason = refused.get().map(words::refusal);
        reason.or_else(|| review.read().acceptance_blocker().map(|blocker| blocker_text(&blocker)))
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
                <AgreementStep review=review on_event=on_event />
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

/// Updates the page after accepting failed.
fn handle_failure(
    failure: Failure,
    review: RwSignal<AgreementReview>,
    fetch_count: RwSignal<u32>,
    problem: RwSignal<Option<Failure>>,
) {
    match failure.refusal() {
        Some(Refusal::AgreementChanged) => {
            let _ = review.try_update(AgreementReview::restart_with_new_version);
            let _ = fetch_count.try_update(|fetch_count| *fetch_count += 1);
        }
        Some(Refusal::AgreementUnavailable) => {
            let _ = review.try_update(|review| review.document = LoadState::Failed(failure));
        }
        Some(_) => {
            // Someone else accepted first, the user's roles have changed, or the session ended.
            session::refresh();
            let _ = problem.try_set(Some(failure));
        }
        None => {
            let _ = problem.try_set(Some(failure));
        }
    }
}
