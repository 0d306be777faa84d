//! Going somewhere.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::view::{Slot, View, view};

/// A link to a page of the app. `aria-current` marks it on that page and, but
/// for `exact`, on the pages below it. (The router follows any `<a>`; its own
/// `<A>` would cost more for relative paths, which are not used here.)
#[component]
pub fn Link(
    /// Where it goes.
    #[prop(into)]
    href: Signal<String>,
    /// Its classes.
    #[prop(optional)]
    class: Option<&'static str>,
    /// Whether pages below do not count.
    #[prop(optional)]
    exact: bool,
    /// What it reads.
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
