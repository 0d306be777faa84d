//! What the pages of the partner's desk share.

use api::{Invitation, Page};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{InvitationStatus, OrganizationAction, OrganizationKind, Refusal, Timestamp, check};
use stylers_macro::style;

use crate::{
    client::Failure,
    intl,
    load::{LoadState, Loader, effect},
    session, t,
    text::Text,
    ui::{
        Badge, Card, EmptyState, ErrorState, Icon, Intent, LinkButton, ListState, PageTitle,
        Skeleton,
    },
    view::{IntoView, View, view},
    words,
};

/// Where the list of enquiries is.
pub const ENQUIRIES_PATH: &str = "/enquiries";
/// Where the list of invitations is.
pub const INVITATIONS_PATH: &str = "/invitations";
/// Where an invitation is composed.
pub const COMPOSE_PATH: &str = "/invitations/new";
/// Where the list of customers is.
pub const CUSTOMERS_PATH: &str = "/customers";
/// Where the partner says what customers find.
pub const PROFILE_PATH: &str = "/profile";

/// A page of the desk for the people of a partner, and for others the reason why it is
/// not theirs.
pub fn partner_only(page: impl FnOnce() -> View) -> View {
    if is_organization_kind(OrganizationKind::Partner) {
        return page();
    }
    wrong_organization_kind(
        Icon::Handshake,
        t::desk::title,
        t::desk::partner_only,
        Refusal::PartnerOnly,
    )
}

/// A page of the admin center for the people of a customer, and for others the reason why
/// it is not theirs.
pub fn customer_only(page: impl FnOnce() -> View) -> View {
    if is_organization_kind(OrganizationKind::Customer) {
        return page();
    }
    wrong_organization_kind(
        Icon::Billing,
        t::desk::customer_title,
        t::desk::customer_only,
        Refusal::CustomerOnly,
    )
}

fn is_organization_kind(kind: OrganizationKind) -> bool {
    session::current().with_untracked(|session| session.organization.kind) == kind
}

fn wrong_organization_kind(
    icon: Icon,
    name: fn() -> String,
    title: fn() -> String,
    refusal: Refusal,
) -> View {
    view! {
        <PageTitle title=name />
        <Card>
            <EmptyState icon=icon title=title hint=move || words::refusal(refusal)>
                <LinkButton href="/" label=t::shell::go_home />
            </EmptyState>
        </Card>
    }
}

/// Why whoever is signed in may not do this with the own organization. Reactive.
pub fn organization_refusal(action: OrganizationAction) -> Option<Refusal> {
    let session = session::current();
    let session = session.read();
    check(&session.actor(), &session.organization.facts(), action, intl::now()).err()
}

/// A filter by state, which the page's address says too, so that links and the browser's
/// Back find it again.
pub fn use_status_filter(base: &'static str) -> RwSignal<String> {
    let location = use_location();
    let in_address = move || location.query.read().get("status").unwrap_or_default();
    let status = RwSignal::new(untrack(in_address));
    let navigate = use_navigate();
    effect(move || {
        let said = in_address();
        // While the page is left, the address is already that of the next one.
        let here = location.pathname.read_untracked().trim_end_matches('/') == base;
        if here && *status.read_untracked() != said {
            status.set(said);
        }
    });
    effect(move || {
        let wanted = status.get();
        if untrack(in_address) != wanted {
            let query = if wanted.is_empty() { wanted } else { format!("?status={wanted}") };
            let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
            navigate(&format!("{base}{query}"), options);
        }
    });
    status
}

/// How it stands with a list of which `shown` are left by the filter.
pub fn list_state<T: Clone + Send + Sync + 'static>(
    list: Loader<Page<T>>,
    shown: impl Fn(&T) -> bool,
) -> ListState {
    list.with(|load| match load {
        LoadState::Loading => ListState::Loading,
        LoadState::Failed(failure) => ListState::Failed(failure.text()),
        LoadState::Ready(page) => {
            ListState::of(page.value.iter().filter(|one| shown(one)).count(), page.value.len())
        }
    })
}

/// Those of a list that the filter leaves.
pub fn filtered_items<T: Clone + Send + Sync + 'static>(
    list: Loader<Page<T>>,
    shown: impl Fn(&T) -> bool,
) -> Vec<T> {
    list.with(|load| {
        let page = load.ready().map(|page| page.value.as_slice()).unwrap_or_default();
        page.iter().filter(|one| shown(one)).cloned().collect()
    })
}

/// How it stands with the one thing that a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceState {
    /// It is on its way.
    Loading,
    /// There is none, or none that this person may know of.
    NotFound,
    /// It could not be had.
    Failed(Failure),
    /// There it is.
    Ready,
}

impl ResourceState {
    /// Of something that is fetched; an address that names nothing finds nothing.
    pub fn from_load<T>(load: &LoadState<Option<T>>) -> Self {
        match load {
            LoadState::Loading => Self::Loading,
            LoadState::Ready(None) => Self::NotFound,
            LoadState::Ready(Some(_)) => Self::Ready,
            LoadState::Failed(failure) if failure.is(api::ErrorCode::NotFound) => Self::NotFound,
            LoadState::Failed(failure) => Self::Failed(failure.clone()),
        }
    }

    /// What is shown in place of the thing, `None` where the thing is.
    pub fn placeholder(
        self,
        back: &'static str,
        label: fn() -> String,
        retry: impl Fn() + Send + Sync + 'static,
    ) -> Option<View> {
        Some(match self {
            Self::Ready => return None,
            Self::Loading => view! { <Skeleton lines=8 /> },
            Self::NotFound => view! {
                <Card>
                    <EmptyState
                        icon=Icon::Search
                        title=t::desk::not_found
                        hint=t::desk::not_found_hint
                    >
                        <LinkButton href=back label=label />
                    </EmptyState>
                </Card>
            },
            Self::Failed(failure) => view! {
                <ErrorState reason=move || failure.text() on_retry=move |()| retry() />
            },
        })
    }
}

/// The state of an invitation, as a badge.
pub fn invitation_status_badge(status: InvitationStatus) -> View {
    let intent = match status {
        InvitationStatus::Sent => Intent::Info,
        InvitationStatus::Accepted => Intent::Success,
        InvitationStatus::Canceled | InvitationStatus::Expired => Intent::Warning,
        InvitationStatus::Draft | InvitationStatus::Withdrawn => Intent::Neutral,
    };
    view! { <Badge label=move || words::invitation_status(status) intent=intent /> }
}

/// The moments of an invitation that are known, each in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvitationTimes {
    /// When it was sent first.
    pub sent: Option<i64>,
    /// When it was last sent again.
    pub resent: Option<i64>,
    /// From when on it can't be accepted.
    pub expires: Option<i64>,
    /// When it was accepted, canceled or withdrawn.
    pub answered: Option<i64>,
}

impl InvitationTimes {
    /// Of an invitation.
    pub fn from_invitation(invitation: &Invitation) -> Self {
        use rules::InvitationState as State;
        let of = |at: Timestamp| Some(at.milliseconds());
        match &invitation.state {
            State::Draft => Self::default(),
            State::Sent { at, expires, resent } => Self {
                sent: of(*at),
                resent: resent.and_then(of),
                expires: of(*expires),
                answered: None,
            },
            State::Accepted { at, sent, .. }
            | State::Canceled { at, sent, .. }
            | State::Withdrawn { at, sent, .. } => {
                Self { sent: sent.and_then(of), answered: of(*at), ..Self::default() }
            }
        }
    }
}

/// What somebody wrote: plain text in lines, whatever its script.
#[component]
pub fn QuotedText(
    /// What was written.
    text: String,
    /// Who wrote it, or what it is.
    #[prop(into)]
    caption: Text,
) -> View {
    let scope = style! {
        .words {
            margin: 0;
            padding: var(--space-3) var(--space-4);
            border-left: 3px solid var(--line-strong);
            border-radius: 0 var(--radius-4) var(--radius-4) 0;
            background-color: var(--surface-2);
        }
        .words-caption {
            margin-bottom: var(--space-1);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .words-text {
            margin: 0;
            max-width: 76ch;
            overflow-wrap: anywhere;
            white-space: pre-line;
        }
    };
    view! { class = scope,
        <figure class="words">
            <figcaption class="words-caption">{caption}</figcaption>
            <blockquote class="words-text" dir="auto">{text}</blockquote>
        </figure>
    }
}

/// A moment as a date, or that there is none.
pub fn date_or_none(milliseconds: Option<i64>) -> View {
    match milliseconds {
        Some(at) => (move || intl::date(at)).into_view(),
        None => view! { <crate::ui::NoValue /> },
    }
}
