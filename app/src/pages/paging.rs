//! Paged lists: the button that fetches the next page.

use api::{FromJson, Page};
use leptos::prelude::*;

use crate::{
    browser, client,
    load::{LoadState, Loader, spawn},
    text::Text,
    ui::{Button, Intent, MessageBar},
    view::{View, view},
};

/// The state of fetching the next page of a list.
#[derive(Clone, Copy)]
pub struct NextPage {
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
}

impl NextPage {
    /// Creates the initial state.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), failed: RwSignal::new(None) }
    }

    /// Fetches the next page, appends it to the list, and focuses the first new entry,
    /// whose element has the id that `id` returns.
    pub fn fetch<T>(self, list: Loader<Page<T>>, id: fn(&T) -> String)
    where
        T: Clone + FromJson + Send + Sync + 'static,
    {
        let Some(next) = untrack(|| list.with(next_link)) else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let answer = client::get::<Page<T>>(&next).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            let before = untrack(|| list.with(|load| load.ready().cloned()));
            // The list may have been searched or refreshed meanwhile; then this is no
            // longer its next page.
            let Some(before) = before.filter(|page| page.next_link.as_deref() == Some(&*next))
            else {
                return;
            };
            match answer {
                Ok(page) => {
                    let first = page.value.first().map(id);
                    let count = page.count.or(before.count);
                    let value = before.value.into_iter().chain(page.value).collect();
                    list.set(Page { value, next_link: page.next_link, count });
                    request_animation_frame(move || {
                        if let Some(element) =
                            first.and_then(|first| browser::element_by_id(&first))
                        {
                            let _ = element.focus();
                        }
                    });
                }
                Err(failure) => self.failed.set(Some(untrack(|| failure.text()))),
            }
        });
    }
}

impl Default for NextPage {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the URL of the next page.
pub fn next_link<T>(load: &LoadState<Page<T>>) -> Option<String> {
    load.ready().and_then(|page| page.next_link.clone())
}

/// The button beneath a list with further pages.
#[component]
pub fn LoadMoreButton(
    /// The state of fetching.
    more: NextPage,
    /// Whether there is a further page.
    #[prop(into)]
    has_more: Signal<bool>,
    /// The button's label.
    #[prop(into)]
    label: Text,
    /// Fetches the next page.
    #[prop(into)]
    on_press: Callback<()>,
) -> View {
    let failed = move || {
        more.failed.get().map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    let button = move || {
        let label = label.clone();
        has_more.get().then(|| view! { <Button label=label busy=more.busy on_press=on_press /> })
    };
    view! { <div class="row">{failed} {button}</div> }
}
