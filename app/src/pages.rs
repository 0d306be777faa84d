//! The pages, one module each.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{ButtonKind, EmptyState, Icon, IntoOnce, LinkButton, Once, PageTitle},
};

/// A page that is yet to be written.
pub fn placeholder(title: impl Into<Text>) -> Once {
    let title = title.into();
    view! { <PageTitle title=title /> }.once()
}

/// Stub of Home.
#[component]
pub fn Home() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of SignIn.
#[component]
pub fn SignIn() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of PartnerInvitation.
#[component]
pub fn PartnerInvitation() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of AcceptAgreement.
#[component]
pub fn AcceptAgreement() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of Outbox.
#[component]
pub fn Outbox() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of BillingAccounts.
#[component]
pub fn BillingAccounts() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of WhatCanAPartnerDo.
#[component]
pub fn WhatCanAPartnerDo() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of Activity.
#[component]
pub fn Activity() -> impl IntoView {
    
    placeholder(t::shell::home)
}

/// Stub of PartnerRelationships.
#[component]
pub fn PartnerRelationships(base: &'static str) -> impl IntoView {
    let _ = base;
    placeholder(t::shell::home)
}

/// Stub of PartnerDetails.
#[component]
pub fn PartnerDetails(base: &'static str) -> impl IntoView {
    let _ = base;
    placeholder(t::shell::home)
}

/// There is no page at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageTitle title=t::shell::not_found />
        <EmptyState icon=Icon::Search title=t::shell::not_found_title hint=t::shell::not_found_hint>
            <LinkButton href="/" label=t::shell::go_home kind=ButtonKind::Primary />
        </EmptyState>
    }
}
