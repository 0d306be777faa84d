//! Parts shared by the partner's pages and by pages about one resource.

use api::InvitationResource;
use leptos::prelude::*;
use rules::{InvitationStatus, OrganizationAction, OrganizationKind, Refusal, Timestamp, check};
use stylers_macro::style;

use crate::{
    client::Failure,
    intl,
    load::LoadState,
    session, t,
    text::Text,
    ui::{Badge, Card, EmptyState, ErrorState, Icon, Intent, LinkButton, PageTitle, Skeleton},
    view::{IntoView, View, view},
    words,
};

/// Path of the list of enquiries.
pub const ENQUIRIES_PATH: &str = "/enquiries";
/// Path of the list of invitations.
pub const INVITATIONS_PATH: &str = "/invitations";
/// Path of the form that composes an invitation.
pub const COMPOSE_PATH: &str = "/invitations/new";
/// Path of the list of customers.
pub const CUSTOMERS_PATH: &str = "/customers";
/// Path of the partner's profile.
pub const PROFILE_PATH: &str = "/profile";

/// Shows a page to users of a partner organization. Others see why they can't use the page.
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

/// Shows a page to users of a customer organization. Others see why they can't use the page.
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

/// Returns why the user may not perform an action on their organization. Reactive.
pub fn organization_refusal(action: OrganizationAction) -> Option<Refusal> {
    let session = session::current();
    let session = session.read();
    check(&session.actor(), &session.organization.facts(), action, intl::now()).err()
}

/// State of the resource that a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceState {
    /// The resource is being fetched.
    Loading,
    /// The resource doesn't exist, or the user may not know that it does.
    NotFound,
    /// The request failed.
    Failed(Failure),
    /// The resource is loaded.
    Ready,
}

impl ResourceState {
    /// Converts the state of a fetch. `None` means that the page's address names no resource.
    pub fn from_load<T>(load: &LoadState<Option<T>>) -> Self {
        match load {
            LoadState::Loading => Self::Loading,
            LoadState::Ready(None) => Self::NotFound,
            LoadState::Ready(Some(_)) => Self::Ready,
            LoadState::Failed(failure) if failure.is(api::ErrorCode::NotFound) => Self::NotFound,
            LoadState::Failed(failure) => Self::Failed(failure.clone()),
        }
    }

    /// Returns what to show instead of the resource, or `None` when it is loaded.
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

/// Returns a badge with the status of an invitation.
pub fn invitation_status_badge(status: InvitationStatus) -> View {
    let intent = match status {
        InvitationStatus::Sent => Intent::Info,
        InvitationStatus::Accepted => Intent::Success,
        InvitationStatus::Canceled | InvitationStatus::Expired => Intent::Warning,
        InvitationStatus::Draft | InvitationStatus::Withdrawn => Intent::Neutral,
    };
    view! { <Badge label=move || words::invitation_status(status) intent=intent /> }
}

/// Times of an invitation's events, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvitationTimes {
    /// First sent.
    pub sent: Option<i64>,
    /// Last resent.
    pub resent: Option<i64>,
    /// Expires; the invitation can't be accepted from then on.
    pub expires: Option<i64>,
    /// Accepted, canceled or withdrawn.
    pub answered: Option<i64>,
}

impl InvitationTimes {
    /// Reads the times from an invitation's state.
    pub fn from_invitation(invitation: &InvitationResource) -> Self {
        use rules::InvitationState as State;
        let milliseconds = |at: Timestamp| Some(at.milliseconds());
        match &invitation.state {
            State::Draft => Self::default(),
            State::Sent { at, expires, resent } => Self {
                sent: milliseconds(*at),
                resent: resent.and_then(milliseconds),
                expires: milliseconds(*expires),
                answered: None,
            },
            State::Accepted { at, sent, .. }
            | State::Canceled { at, sent, .. }
            | State::Withdrawn { at, sent, .. } => Self {
                sent: sent.and_then(milliseconds),
                answered: milliseconds(*at),
                ..Self::default()
            },
        }
    }
}

/// Text written by a person, as plain text with its line breaks.
#[component]
pub fn QuotedText(
    /// The text.
    text: String,
    /// The author, or the kind of text.
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

/// Formats a time as a date, or shows that there is none.
pub fn date_or_none(milliseconds: Option<i64>) -> View {
    match milliseconds {
        Some(at) => (move || intl::date(at)).into_view(),
        None => view! { <crate::ui::NoValue /> },
    }
}
