//! Lists whose search, filters and order stand in the page's address, so that links,
//! bookmarks and the browser's Back find them again.

use std::time::Duration;

use api::{FromJson, Page, decode_component, encode_component};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use stylers_macro::style;

use super::paging::{LoadMoreButton, NextPage, next_link};
use crate::{
    browser, client,
    load::{LoadState, Loader, effect},
    t,
    text::Text,
    ui::{Button, ButtonKind, Icon, ListState, ListView, TableSort, announce},
    view::{Slot, SlotFn, View, view},
};

/// How long typing must rest before it is searched for.
const REST: Duration = Duration::from_millis(250);

/// The most characters that are searched for; the server refuses more.
const SEARCH_MAX: usize = 200;

/// In the address: everything, where a filter usually leaves something out.
const ANY: &str = "all";

/// One thing by which a list is filtered.
#[derive(Clone, Copy, Debug)]
pub struct FilterSpec {
    /// Its name in the address.
    pub name: &'static str,
    /// What it is where the address doesn't say; empty for everything.
    pub default: &'static str,
    /// Whether a value can be chosen.
    pub is_valid: fn(&str) -> bool,
}

/// What a list can be narrowed and sorted by.
#[derive(Clone, Copy, Debug)]
pub struct ListSpec {
    /// Its two filters.
    pub filters: [FilterSpec; 2],
    /// The column of this key, where the list can be sorted by it.
    pub column: fn(&str) -> Option<&'static str>,
    /// How it is sorted where the address doesn't say.
    pub default: TableSort,
}

/// What a list shows, as the page's address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListParams {
    /// What is searched for.
    pub search: String,
    /// The values of the filters, in the order of [`ListSpec::filters`]; empty for everything.
    pub filters: [String; 2],
    /// How it is sorted.
    pub sort: TableSort,
}

impl ListSpec {
    /// What an address without a query shows.
    #[must_use]
    pub fn defaults(&self) -> ListParams {
        let filters = self.filters.map(|filter| filter.default.to_owned());
        ListParams { search: String::new(), filters, sort: self.default }
    }

    /// Reads the query of an address. What is unknown counts as usual, because the
    /// address may come from an older link.
    #[must_use]
    pub fn parse(&self, query: &str) -> ListParams {
        let mut shown = self.defaults();
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(value) = decode_component(value) else { continue };
            match name {
                "search" => value.trim().clone_into(&mut shown.search),
                "sort" => {
                    shown.sort.column = (self.column)(&value).unwrap_or(shown.sort.column);
                }
                "desc" => shown.sort.descending = value != "false",
                _ => {
                    for (filter, chosen) in self.filters.iter().zip(&mut shown.filters) {
                        if filter.name == name && value == ANY {
                            chosen.clear();
                        } else if filter.name == name && (filter.is_valid)(&value) {
                            chosen.clone_from(&value);
                        }
                    }
                }
            }
        }
        shown
    }

    /// The query of the address that shows this; what is as usual is left out.
    #[must_use]
    pub fn query(&self, shown: &ListParams) -> String {
        let mut options = Vec::new();
        if !shown.search.is_empty() {
            options.push(format!("search={}", encode_component(&shown.search)));
        }
        for (filter, chosen) in self.filters.iter().zip(&shown.filters) {
            if chosen.as_str() != filter.default {
                let value = if chosen.is_empty() { ANY } else { chosen };
                options.push(format!("{}={value}", filter.name));
            }
        }
        if shown.sort.column != self.default.column {
            options.push(format!("sort={}", shown.sort.column));
        }
        if shown.sort.descending {
            options.push("desc=true".to_owned());
        }
        options.join("&")
    }

    /// Whether an empty list may mean that the search or a filter left nothing.
    #[must_use]
    pub fn narrowed(&self, shown: &ListParams) -> bool {
        let filtered = |(filter, chosen): (&FilterSpec, &String)| {
            !chosen.is_empty() && chosen.as_str() != filter.default
        };
        !shown.search.is_empty() || self.filters.iter().zip(&shown.filters).any(filtered)
    }
}

impl ListParams {
    /// What the server is asked to search for.
    #[must_use]
    pub fn searched(&self) -> String {
        self.search.chars().take(SEARCH_MAX).collect()
    }
}

/// An address with a query, which may be empty.
#[must_use]
pub fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The search box, the filters and the columns of the list on a page, in step with the
/// page's address.
#[derive(Clone, Copy)]
pub struct ListControls {
    /// What stands in the search box.
    pub search: RwSignal<String>,
    /// What is chosen in the filters.
    pub filters: [RwSignal<String>; 2],
    /// What the address says.
    pub shown: Memo<ListParams>,
    listing: ListSpec,
    /// Goes to the address of what is to be shown; `true` replaces the one before.
    go: Callback<(ListParams, bool)>,
}

impl ListControls {
    /// Those of the list on the page of this path.
    #[must_use]
    pub fn new(base: &'static str, listing: ListSpec) -> Self {
        let location = use_location();
        // While the page is left, the address is already that of the next one.
        let shown = Memo::new(move |before: Option<&ListParams>| {
            let here = location.pathname.read().trim_end_matches('/') == base;
            match before {
                Some(before) if !here => before.clone(),
                _ => listing.parse(&location.search.read()),
            }
        });
        let at_first = shown.get_untracked();
        let search = RwSignal::new(at_first.search.clone());
        let filters = at_first.filters.map(RwSignal::new);
        // The search that the address got from here. When the address says it, the
        // box is left alone: somebody may have typed on.
        let sent = StoredValue::new(at_first.search);
        let rest = StoredValue::new(None::<TimeoutHandle>);
        let typing_goes_on = move || {
            if let Some(handle) = rest.try_update_value(Option::take).flatten() {
                handle.clear();
            }
        };
        let navigate = use_navigate();
        let go = Callback::new(move |(wanted, replace): (ListParams, bool)| {
            typing_goes_on();
            if wanted == shown.get_untracked() {
                return;
            }
            sent.set_value(wanted.search.clone());
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate(&address(base, &listing.query(&wanted)), options);
        });
        let controls = Self { search, filters, shown, listing, go };

        effect(move || {
            let shown = shown.get();
            if sent.get_value() != shown.search {
                typing_goes_on();
                sent.set_value(shown.search.clone());
                search.set(shown.search.clone());
            }
            for (filter, value) in filters.into_iter().zip(shown.filters) {
                if *filter.read_untracked() != value {
                    filter.set(value);
                }
            }
        });
        Effect::new(move |before: Option<()>| {
            search.track();
            typing_goes_on();
            if before.is_some() && controls.wanted().search != shown.read_untracked().search {
                let search = move || controls.go.run((controls.wanted(), true));
                rest.set_value(set_timeout_with_handle(search, REST).ok());
            }
        });
        effect(move || {
            if filters.map(|filter| filter.get()) != shown.read_untracked().filters {
                controls.go.run((controls.wanted(), false));
            }
        });
        on_cleanup(typing_goes_on);
        controls
    }

    /// What the controls say.
    fn wanted(self) -> ListParams {
        ListParams {
            search: self.search.read_untracked().trim().to_owned(),
            filters: self.filters.map(|filter| filter.get_untracked()),
            sort: self.shown.read_untracked().sort,
        }
    }

    /// Sorts otherwise.
    pub fn sort(self, sort: TableSort) {
        if (self.listing.column)(sort.column).is_some() {
            self.go.run((ListParams { sort, ..self.wanted() }, false));
        }
    }

    /// Searches for nothing and filters as usual, and gives the search box of this id the
    /// focus: the button that was pressed goes when the list is there.
    pub fn clear(self, search_id: &str) {
        let wanted =
            ListParams { sort: self.shown.read_untracked().sort, ..self.listing.defaults() };
        self.search.set(String::new());
        self.go.run((wanted, false));
        if let Some(search) = browser::element_by_id(search_id) {
            let _ = search.focus();
        }
    }
}

/// What the server has of what is to be shown.
pub struct ListData<T: Send + Sync + 'static> {
    /// The list.
    pub list: Loader<Page<T>>,
    /// The query that the server is asked.
    pub query: Memo<String>,
    /// Whether what is in the list is older than what is asked for.
    pub updating: RwSignal<bool>,
    /// Whether a search or a filter may have left out what is not in the list.
    narrowed: StoredValue<bool>,
    /// Whether somebody waits to hear that the list is up to date.
    refreshing: StoredValue<bool>,
}

impl<T: Send + Sync + 'static> Clone for ListData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for ListData<T> {}

impl<T: Clone + FromJson + Send + Sync + 'static> ListData<T> {
    /// Fetches what the controls say from this route, whose query is made of what is shown.
    /// `refreshed` says that a list which was asked for anew is there.
    pub fn new(
        controls: ListControls,
        route: &'static str,
        query: fn(&ListParams) -> String,
        refreshed: fn() -> String,
    ) -> Self {
        let ListControls { shown, listing, .. } = controls;
        let is_narrowed = move || shown.with_untracked(|shown| listing.narrowed(shown));
        let query = Memo::new(move |_| query(&shown.read()));
        let updating = RwSignal::new(false);
        let refreshing = StoredValue::new(false);
        let narrowed = StoredValue::new(is_narrowed());
        let list = Loader::new(move || {
            let asked = query.get();
            updating.set(true);
            async move {
                let answer = client::get::<Page<T>>(&address(route, &asked)).await;
                if query.try_get_untracked().is_some_and(|query| query == asked) {
                    narrowed.set_value(is_narrowed());
                    updating.set(false);
                }
                if answer.is_ok() && refreshing.try_get_value() == Some(true) {
                    announce(&untrack(refreshed));
                }
                let _ = refreshing.try_set_value(false);
                answer
            }
        });
        Self { list, query, updating, narrowed, refreshing }
    }

    /// Fetches the list anew, and says when it is there.
    pub fn refresh(self) {
        self.refreshing.set_value(true);
        self.list.reload();
    }

    /// How it stands. Reactive.
    pub fn state(self) -> ListState {
        self.list.with(|load| match load {
            LoadState::Loading => ListState::Loading,
            LoadState::Failed(failure) => ListState::Failed(failure.text()),
            LoadState::Ready(page) if !page.value.is_empty() => ListState::Ready,
            LoadState::Ready(_) if self.narrowed.get_value() => ListState::NoResult,
            LoadState::Ready(_) => ListState::Empty,
        })
    }
}

/// How many there are, and what can be done with the whole list: more of it between
/// **Refresh** and **Export**.
#[component]
pub fn ListTools(
    /// How many there are, in words.
    #[prop(into)]
    count: Text,
    /// Fetches the list anew.
    #[prop(into)]
    on_refresh: Callback<()>,
    /// The address of the list as a file.
    #[prop(into)]
    export: Signal<String>,
    /// What else can be done.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let scope = style! {
        .list-head {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            margin-bottom: var(--space-2);
        }
        .list-size {
            flex: 1 0 auto;
            margin: 0;
            color: var(--text-2);
        }
        @media (max-width: 799.98px) {
            .list-size {
                flex-basis: 100%;
            }
        }
    };
    view! { class = scope,
        <div class="list-head">
            <p class="list-size" role="status">
                {count}
            </p>
            <Button
                label=t::partner_relationships::refresh
                kind=ButtonKind::Subtle
                icon=Icon::Refresh
                on_press=on_refresh
            />
            {children.map(Slot::run)}
            <a class="button subtle" href=move || export.get() download="">
                {Icon::Download}
                {t::partner_relationships::export}
            </a>
        </div>
    }
}

/// The list, or in its place why there is none, and the button for more of it. `id` says
/// which element of an item takes the focus when more are fetched.
pub fn body<T: Clone + FromJson + Send + Sync + 'static>(
    listed: ListData<T>,
    controls: ListControls,
    search_id: &'static str,
    id: fn(&T) -> String,
    empty: SlotFn,
    table: SlotFn,
) -> View {
    let scope = style! {
        .updating {
            opacity: 0.6;
            transition: opacity var(--normal) 200ms;
        }
        .list-continues {
            margin-top: var(--space-4);
        }
    };
    let ListData { list, updating, .. } = listed;
    let more = NextPage::new();
    view! { class = scope,
        <div class:updating=move || updating.get() aria-busy=move || updating.get().then_some("true")>
            <ListView
                state=Signal::derive(move || listed.state())
                empty=empty
                on_retry=move |()| list.retry()
                on_clear=move |()| controls.clear(search_id)
            >
                {table.run()}
            </ListView>
        </div>
        <div class="list-continues">
            <LoadMoreButton
                more=more
                has_more=Signal::derive(move || list.with(next_link).is_some())
                label=t::partner_relationships::load_more
                on_press=move |()| more.fetch(list, id)
            />
        </div>
    }
}

/// How many there are, and how many of them are shown where those are fewer. Reactive;
/// `None` while that is not known.
pub fn counts<T: Clone + Send + Sync + 'static>(
    list: Loader<Page<T>>,
) -> Option<(usize, Option<usize>)> {
    list.with(|load| {
        let page = load.ready()?;
        let shown = page.value.len();
        let all = page.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(shown);
        Some((all, (shown < all).then_some(shown)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of which the open ones are shown usually.
    const LISTING: ListSpec = ListSpec {
        filters: [
            FilterSpec {
                name: "color",
                default: "",
                is_valid: |value| matches!(value, "red" | "blue"),
            },
            FilterSpec {
                name: "door",
                default: "open",
                is_valid: |value| matches!(value, "open" | "shut"),
            },
        ],
        column: |key| ["name", "size"].into_iter().find(|column| *column == key),
        default: TableSort { column: "name", descending: false },
    };

    #[test]
    fn an_address_without_a_query_shows_the_usual() {
        assert_eq!(LISTING.parse(""), LISTING.defaults());
        assert_eq!(LISTING.parse("?"), LISTING.defaults());
        assert_eq!(LISTING.query(&LISTING.defaults()), "");
        assert_eq!(address("/a", ""), "/a");
        assert_eq!(address("/a", "b=c"), "/a?b=c");
    }

    #[test]
    fn everything_survives_the_address() {
        for column in ["name", "size"] {
            for descending in [false, true] {
                for color in ["", "red", "blue"] {
                    for door in ["", "open", "shut"] {
                        for search in ["", "fabrikam", "a&b=c d", "100% é", "+31", "?#"] {
                            let shown = ListParams {
                                search: search.to_owned(),
                                filters: [color.to_owned(), door.to_owned()],
                                sort: TableSort { column, descending },
                            };
                            let query = LISTING.query(&shown);
                            assert_eq!(LISTING.parse(&query), shown);
                            assert_eq!(LISTING.parse(&format!("?{query}")), shown);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_address_reads_as_people_would_write_it() {
        let shown = LISTING.parse("?color=red&door=all&sort=size&desc=true&search=wide+world");
        assert_eq!(shown.filters, ["red", ""]);
        assert_eq!(shown.sort, TableSort { column: "size", descending: true });
        assert_eq!(shown.search, "wide world");
    }

    #[test]
    fn what_an_address_says_wrong_counts_as_usual() {
        let query = "?color=loud&door=ajar&sort=taste&desc=false&x=1&search=%ff";
        assert_eq!(LISTING.parse(query), LISTING.defaults());
    }

    #[test]
    fn only_a_search_or_a_filter_can_leave_nothing() {
        for (query, narrowed) in [
            ("", false),
            ("door=all&sort=size", false),
            ("door=shut", true),
            ("search=x", true),
            ("color=red", true),
        ] {
            assert_eq!(LISTING.narrowed(&LISTING.parse(query)), narrowed, "{query}");
        }
    }

    #[test]
    fn no_more_is_searched_for_than_the_server_takes() {
        let shown = ListParams { search: "é".repeat(300), ..LISTING.defaults() };
        assert_eq!(shown.searched().chars().count(), SEARCH_MAX);
    }
}
