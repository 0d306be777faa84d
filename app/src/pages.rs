//! The pages, one module each.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{ButtonKind, EmptyState, Icon, IntoOnce, LinkButton, Once, PageTitle},
};

/// What needs attention now.
#[component]
pub fn Home() -> impl IntoView {
    view! { <PageTitle title=t::shell::home /> }
}

/// A page that is yet to be written.
pub fn placeholder(title: impl Into<Text>) -> Once {
    let title = title.into();
    view! { <PageTitle title=title /> }.once()
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
