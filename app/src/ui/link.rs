//! Links.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::view::{Slot, View, view};

/// A link to a page of the app. `aria-current` marks the link on that page and, unless
/// `exact` is set, on the pages below it. (The router handles every `<a>`; its own `<A>`
/// would cost more for relative paths, which are not used here.)
#[component]
pub fn Link(
    /// The address.
    #[prop(into)]
    href: Signal<String>,
    /// The CSS classes.
    #[prop(optional)]
    class: Option<&'static str>,
    /// Whether the pages below are excluded from `aria-current`.
    #[prop(optional)]
    exact: bool,
    /// The content.
    children: Slot,
) -> View {
    let path = use_location().pathname;
    let current = move || {
        let (path, href) = (path.read(), href.read());
        let rest = path.strip_prefix(href.split(['?', '#']).next().unwrap_or_default())?;
        (rest.is_empty() || (!exact && rest.starts_with('/'))).then_some("page")
    };
    view! {
        <a href=move || href.get() class=class aria-current=current>
            {children.run()}
        </a>
    }
}
