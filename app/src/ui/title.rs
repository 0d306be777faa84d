//! The page's heading, and focus management after navigation.

use std::cell::RefCell;

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use crate::{
    browser,
    load::effect,
    t,
    text::Text,
    ui::announce,
    view::{Slot, View, view},
};

/// The id of the heading.
const TITLE_ID: &str = "page-title";

thread_local! {
    /// The path whose title was handled last; `None` before the first page.
    static LAST_PATH: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The page's heading. It sets the document's title. After a navigation it takes the focus
/// and is announced, but not on the first page and not when only the query changes, because
/// then the user is typing in a filter.
#[component]
pub fn PageTitle(
    /// The page's name.
    #[prop(into)]
    title: Text,
    /// An introductory sentence.
    #[prop(optional, into)]
    intro: Option<Text>,
    /// Badges next to the name, or buttons at the end of the line.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let node = NodeRef::<html::H1>::new();
    let path = use_location().pathname;
    let name = title.clone();
    effect(move || {
        document().set_title(&format!("{} - {}", name.get(), t::ui::product()));
    });
    let name = title.clone();
    effect(move || {
        let path = path.get();
        let name = name.clone();
        // Wait until the new page is in place; until then this would be the old page's
        // title.
        request_animation_frame(move || {
            let Some(heading) = node.try_get_untracked().flatten() else { return };
            if !heading.is_connected() {
                return;
            }
            let before = LAST_PATH.replace(Some(path.clone()));
            if before.is_some_and(|before| before != path) {
                let _ = heading.focus();
                announce(&untrack(|| name.get()));
            }
        });
    });
    view! {
        <header class="page-title">
            <div class="page-title-line">
                <h1 id=TITLE_ID tabindex="-1" node_ref=node>
                    {title}
                </h1>
                {children.map(Slot::run)}
            </div>
            {intro.map(|intro| view! { <p class="page-intro">{intro}</p> })}
        </header>
    }
}

/// Returns the path of the page whose title was handled last: while a page is set up, that of
/// the page before.
pub fn last_path() -> Option<String> {
    LAST_PATH.with_borrow(Clone::clone)
}

/// Returns whether no element has the focus but the page's title, which gets it after a
/// navigation.
pub fn is_focus_on_title_or_lost() -> bool {
    document()
        .active_element()
        .is_none_or(|element| element.tag_name() == "BODY" || element.id() == TITLE_ID)
}

/// Focuses the page's title if no element has the focus. For use after the focused element
/// was removed from the page.
pub fn focus_title_if_lost() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let (true, Some(title)) = (lost, browser::element_by_id(TITLE_ID)) {
            let _ = title.focus();
        }
    });
}

/// The first link in the tab order: skips the navigation.
#[component]
pub fn SkipLink() -> View {
    let skip = |event: leptos::ev::MouseEvent| {
        // The router would treat the fragment as a navigation.
        event.prevent_default();
        if let Some(main) = browser::element_by_id("main") {
            let _ = main.focus();
        }
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>
            {t::ui::skip}
        </a>
    }
}
