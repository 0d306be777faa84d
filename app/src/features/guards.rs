//! Which kind of organization a page is for, and what the user may do with their own.

use leptos::prelude::*;
use rules::{OrganizationAction, OrganizationKind, Refusal, check};

use crate::{
    intl,
    route::Route,
    session, t,
    ui::{ButtonKind, Card, EmptyState, Icon, LinkButton, PageTitle},
    view::{View, view},
    words,
};

/// Shows a page to users of a partner organization. Others see why they can't use the page.
pub fn partner_only(page: impl FnOnce() -> View) -> View {
    if is_organization_kind(OrganizationKind::Partner) {
        return page();
    }
    refused_page(
        Icon::Handshake,
        t::guards::partner_title,
        t::guards::partner_only,
        Refusal::PartnerOnly,
        ButtonKind::Secondary,
    )
}

/// Shows a page to users of a customer organization. Others see why they can't use the page.
pub fn customer_only(page: impl FnOnce() -> View) -> View {
    if is_organization_kind(OrganizationKind::Customer) {
        return page();
    }
    refused_page(
        Icon::Billing,
        t::guards::customer_title,
        t::guards::customer_only,
        Refusal::CustomerOnly,
        ButtonKind::Secondary,
    )
}

fn is_organization_kind(kind: OrganizationKind) -> bool {
    session::current().with_untracked(|session| session.organization.kind) == kind
}

/// Says why the user can't use a page, with a link to the home page.
pub fn refused_page(
    icon: Icon,
    name: fn() -> String,
    title: fn() -> String,
    refusal: Refusal,
    link: ButtonKind,
) -> View {
    view! {
        <PageTitle title=name />
        <Card>
            <EmptyState icon=icon title=title hint=move || words::refusal(refusal)>
                <LinkButton href=Route::Home label=t::shell::go_home kind=link />
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
