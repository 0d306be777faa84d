//! Which kind of organization a page is for, and what the user may do with their own.

use leptos::prelude::*;
use rules::{OrganizationAction, OrganizationKind, Refusal, check};

use crate::{
    intl,
    route::Route,
    session, t,
    ui::{Card, EmptyState, Icon, LinkButton, PageTitle},
    view::{View, view},
    words,
};

/// Shows a page to users of a partner organization. Others see why they can't use the page.
pub fn partner_only(page: impl FnOnce() -> View) -> View {
    if is_organization_kind(OrganizationKind::Partner) {
        return page();
    }
    wrong_organization_kind(
        Icon::Handshake,
        t::guards::partner_title,
        t::guards::partner_only,
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
        t::guards::customer_title,
        t::guards::customer_only,
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
                <LinkButton href=Route::Home label=t::shell::go_home />
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
