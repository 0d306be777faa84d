//! Paged lists: the button that fetches the next page.

use api::{FromJson, Page};
use leptos::prelude::*;

use crate::{
    browser, client,
    load::{LoadState, Loader, spawn},
    t,
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

    /// Fetches the next page, appends its new rows to the list, and focuses the first one,
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
                    let known = before.value.len();
                    let page = append(before, page, id);
                    let first = page.value.get(known).map(id);
                    list.set(page);
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

/// Appends the rows of the next page that are not yet in the list.
fn append<T>(list: Page<T>, next: Page<T>, id: fn(&T) -> String) -> Page<T> {
    let mut value = list.value;
    let known: Vec<_> = value.iter().map(id).collect();
    value.extend(next.value.into_iter().filter(|row| !known.contains(&id(row))));
    Page { value, next_link: next.next_link, count: next.count.or(list.count) }
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
    /// Fetches the next page.
    #[prop(into)]
    on_press: Callback<()>,
) -> View {
    let failed = move || {
        more.failed.get().map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    let button = move || {
        has_more
            .get()
            .then(|| view! { <Button label=t::ui::load_more busy=more.busy on_press=on_press /> })
    };
    view! { <div class="row">{failed} {button}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(value: &[i32], next_link: Option<&str>, count: Option<u64>) -> Page<i32> {
        Page { value: value.to_vec(), next_link: next_link.map(str::to_owned), count }
    }

    #[test]
    fn a_row_that_is_loaded_twice_is_shown_once() {
        let all = append(
            page(&[1, 2, 3], Some("/2"), Some(5)),
            page(&[3, 4], None, None),
            i32::to_string,
        );
        assert_eq!(all, page(&[1, 2, 3, 4], None, Some(5)));
    }
}
