//! Lists that are loaded page by page, and the button that fetches the next page.
//!
//! The type of the rows is erased, so that this code is in the wasm only once for all lists.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use api::{Json, Page, UnexpectedJson};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::{
    browser,
    client::{self, Failure},
    load::{LoadState, Loader, spawn},
    t,
    ui::{Button, Intent, MessageBar},
    view::{View, view},
};

/// A row of any list.
#[derive(Clone)]
pub struct ListRow {
    /// The id of the row's element that can take the focus.
    id: String,
    data: Arc<dyn Any + Send + Sync>,
}

/// Converts a page of a list from JSON.
pub type ReadPage = Arc<dyn Fn(&Json) -> Result<Page<ListRow>, UnexpectedJson> + Send + Sync>;

/// Sends the request for the first rows of a list, which the given function reads.
pub type FetchPage =
    Box<dyn Fn(ReadPage) -> Pin<Box<dyn Future<Output = Result<Page<ListRow>, Failure>>>>>;

/// The loaded pages of any list.
#[derive(Clone, Copy)]
pub struct LoadedPages {
    /// The loaded rows.
    pub loader: Loader<Page<ListRow>>,
    read: StoredValue<ReadPage>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
}

impl LoadedPages {
    /// Fetches the first rows by `fetch`, which gets the function that reads them, now and
    /// whenever a signal changes that `fetch` reads.
    pub fn new(read: ReadPage, fetch: FetchPage) -> Self {
        let loader = {
            let read = Arc::clone(&read);
            Loader::new(move || fetch(Arc::clone(&read)))
        };
        let (busy, failed) = (RwSignal::new(false), RwSignal::new(None));
        Self { loader, read: StoredValue::new(read), busy, failed }
    }

    /// Returns the number of rows; `None` before they are loaded. Reactive.
    pub fn count(self) -> Option<RowCount> {
        self.loader.with(|load| load.ready().map(RowCount::from_page))
    }

    /// Returns whether there is a further page. Reactive.
    pub fn continues(self) -> bool {
        self.next_link().is_some()
    }

    fn next_link(self) -> Option<String> {
        self.loader.with(|load| load.ready().and_then(|page| page.next_link.clone()))
    }

    /// Fetches the next page, appends its new rows to the list, and focuses the first one.
    fn fetch_next(self) {
        let Some(next) = untrack(|| self.next_link()) else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        let read = self.read.get_value();
        spawn(async move {
            let answer = client::get_with(&next, &*read).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            let before = untrack(|| self.loader.with(|load| load.ready().cloned()));
            // The list may have been searched or refreshed meanwhile; then this is no
            // longer its next page.
            let Some(before) = before.filter(|page| page.next_link.as_deref() == Some(&*next))
            else {
                return;
            };
            match answer {
                Ok(page) => {
                    let known = before.value.len();
                    let page = append(before, page);
                    let first = page.value.get(known).map(|row| row.id.clone());
                    self.loader.set(page);
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
fn append(list: Page<ListRow>, next: Page<ListRow>) -> Page<ListRow> {
    let mut value = list.value;
    for row in next.value {
        if !value.iter().any(|known| known.id == row.id) {
            value.push(row);
        }
    }
    Page { value, next_link: next.next_link, count: next.count.or(list.count) }
}

/// A list of rows of one type, loaded page by page.
pub struct PagedList<T> {
    /// The loaded pages.
    pub pages: LoadedPages,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for PagedList<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PagedList<T> {}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> PagedList<T> {
    /// Creates a list that is fetched by `fetch`, see [`LoadedPages::new`]. `id` returns the id
    /// of the element of a row that can take the focus.
    pub fn fetched_by(id: fn(&T) -> String, fetch: FetchPage) -> Self {
        let read: ReadPage = Arc::new(move |json| {
            let page: Page<T> = json.read()?;
            let row = |row: T| ListRow { id: id(&row), data: Arc::new(row) };
            let value = page.value.into_iter().map(row).collect();
            Ok(Page { value, next_link: page.next_link, count: page.count })
        });
        Self { pages: LoadedPages::new(read, fetch), of: PhantomData }
    }

    /// Creates a list whose first rows are at the address that `address` returns, which is
    /// reactive; it is empty without one.
    pub fn new(id: fn(&T) -> String, address: impl Fn() -> Option<String> + 'static) -> Self {
        let address: Box<dyn Fn() -> Option<String>> = Box::new(address);
        Self::fetched_by(id, fetch_from(address))
    }

    /// Returns the loaded rows. Reactive.
    pub fn rows(self) -> Vec<T> {
        self.pages.loader.with(|load| {
            let rows = load.ready().map(|page| page.value.as_slice()).unwrap_or_default();
            rows.iter().filter_map(|row| row.data.downcast_ref().cloned()).collect()
        })
    }

    /// Returns the state of the list with its rows. Reactive.
    pub fn load(self) -> LoadState<Vec<T>> {
        self.pages.loader.with(|load| match load {
            LoadState::Loading => LoadState::Loading,
            LoadState::Failed(failure) => LoadState::Failed(failure.clone()),
            LoadState::Ready(_) => LoadState::Ready(self.rows()),
        })
    }
}

fn fetch_from(address: Box<dyn Fn() -> Option<String>>) -> FetchPage {
    Box::new(move |read| {
        let address = address();
        Box::pin(async move {
            match address {
                Some(address) => client::get_with(&address, &*read).await,
                None => Ok(Page { value: Vec::new(), next_link: None, count: None }),
            }
        })
    })
}

/// The number of rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowCount {
    /// All rows are loaded.
    All(usize),
    /// Some of the rows are loaded.
    Some {
        /// Number of loaded rows.
        loaded: usize,
        /// Number of all rows.
        all: usize,
    },
    /// There are more rows than the server counts.
    Many {
        /// Number of loaded rows.
        loaded: usize,
    },
}

impl RowCount {
    /// Returns the number of rows of a list, given its loaded pages.
    pub fn from_page<T>(page: &Page<T>) -> Self {
        let loaded = page.value.len();
        let all = page.count.map(|all| usize::try_from(all).unwrap_or(usize::MAX));
        match all {
            // What was counted first may have changed while the pages were loaded.
            _ if page.next_link.is_none() => Self::All(loaded),
            Some(all) => Self::Some { loaded, all },
            None => Self::Many { loaded },
        }
    }

    /// Returns the number of loaded rows.
    pub fn loaded(self) -> usize {
        match self {
            Self::All(loaded) | Self::Some { loaded, .. } | Self::Many { loaded } => loaded,
        }
    }

    /// Returns the number of all rows; `None` if there are more than the server counts.
    pub fn all(self) -> Option<usize> {
        match self {
            Self::All(all) | Self::Some { all, .. } => Some(all),
            Self::Many { .. } => None,
        }
    }
}

/// The button beneath a list with further pages.
#[component]
pub fn LoadMoreButton(
    /// The list.
    pages: LoadedPages,
    /// Whether the list is hidden, and the button with it.
    #[prop(optional, into)]
    hidden: Signal<bool>,
) -> View {
    let failed = move || {
        pages
            .failed
            .get()
            .map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    let continues = Memo::new(move |_| pages.continues() && !hidden.get());
    let button = move || {
        continues.get().then(|| {
            view! {
                <Button
                    label=t::ui::load_more
                    busy=pages.busy
                    on_press=move |()| pages.fetch_next()
                />
            }
        })
    };
    view! { <div class="row">{failed} {button}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: &[&str], next_link: Option<&str>, count: Option<u64>) -> Page<ListRow> {
        let row = |id: &&str| ListRow { id: (*id).to_owned(), data: Arc::new(()) };
        let value = ids.iter().map(row).collect();
        Page { value, next_link: next_link.map(str::to_owned), count }
    }

    #[test]
    fn a_row_that_is_loaded_twice_is_shown_once() {
        let all =
            append(page(&["1", "2", "3"], Some("/2"), Some(5)), page(&["3", "4"], None, None));
        let ids: Vec<_> = all.value.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["1", "2", "3", "4"]);
        assert_eq!((all.next_link, all.count), (None, Some(5)));
    }

    #[test]
    fn more_rows_than_the_server_counts_have_no_number() {
        let count = |next_link, count| RowCount::from_page(&page(&["1", "2"], next_link, count));
        assert_eq!(count(None, Some(2)), RowCount::All(2));
        assert_eq!(count(Some("/2"), Some(345)), RowCount::Some { loaded: 2, all: 345 });
        assert_eq!(count(Some("/2"), None), RowCount::Many { loaded: 2 });
        // Rows were removed since they were counted.
        assert_eq!(count(None, Some(3)), RowCount::All(2));
    }
}
