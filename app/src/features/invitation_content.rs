//! An invitation as the customer sees it: on its page, and in the partner's preview.

use leptos::prelude::*;
use rules::{OfferKind, Refusal};

use crate::{
    features::{create_from_offer::OfferStep, invitation_content::view::InvitationView},
    intl,
    load::spawn,
    route::Route,
    session, t,
    ui::{
        Button, ButtonKind, Card, EmptyState, ErrorState, Icon, Intent, LinkButton, PageTitle,
        Skeleton, toast,
    },
    view::{View, view},
    words,
};

use flow::{InvitationFlow, InvitationFlowEvent, InvitationPageState};

pub mod flow;
pub mod view;

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
            view! { <LinkButton href=Route::Home label=t::partner_invitation::see_waiting /> },
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
            view! { <OfferStep relationship=relationship /> }
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
            <LinkButton href=Route::Home label=t::shell::go_home />
        </div>
    }
}
