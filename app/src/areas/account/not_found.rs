//! The page for an unknown address.

use leptos::prelude::*;

use crate::{
    route::Route,
    t,
    ui::{ButtonKind, EmptyState, Icon, LinkButton, PageTitle},
    view::{View, view},
};

/// The page for an unknown address.
#[component]
pub fn NotFound() -> View {
    view! {
        <PageTitle title=t::shell::not_found />
        <EmptyState icon=Icon::Search title=t::shell::not_found_title hint=t::shell::not_found_hint>
            <LinkButton href=Route::Home label=t::shell::go_home kind=ButtonKind::Primary />
        </EmptyState>
    }
}
