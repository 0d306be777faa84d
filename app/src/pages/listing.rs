//! Lists whose search, filters and sort order are kept in the page's URL, so that links,
//! bookmarks and the browser's Back button restore them.

use std::time::Duration;

use api::{FromJson, Page, encode_component, query_pairs};
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

/// The delay between the last keystroke and the search.
const SEARCH_DEBOUNCE: Duration = Duration::from_millis(250);

/// The maximum length of a search text in characters; the server rejects longer ones.
const SEARCH_MAX: usize = 200;

/// The value in the URL that turns off a filter with another default.
const NO_FILTER: &str = "all";

/// A filter of a list.
#[derive(Clone, Copy, Debug)]
pub struct FilterSpec {
    /// The filter's name in the URL.
    pub name: &'static str,
    /// The value if the URL has none; empty for no filter.
    pub default: &'static str,
    /// Whether a value is valid.
    pub is_valid: fn(&str) -> bool,
}

/// The filters and the sortable columns of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListSpec {
    /// The two filters.
    pub filters: [FilterSpec; 2],
    /// Returns the column with the given key, if the list can be sorted by it.
    pub column: fn(&str) -> Option<&'static str>,
    /// The sort order if the URL has none.
    pub default: TableSort,
}

/// The search, filters and sort order of a list, as given in the page's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListParams {
    /// The search text.
    pub search: String,
    /// The values of the filters, in the order of [`ListSpec::filters`]; empty for everything.
    pub filters: [String; 2],
    /// The sort order.
    pub sort: TableSort,
}

impl ListSpec {
    /// Returns the parameters of a URL without a query.
    #[must_use]
    pub fn defaults(&self) -> ListParams {
        let filters = self.filters.map(|filter| filter.default.to_owned());
        ListParams { search: String::new(), filters, sort: self.default }
    }

    /// Parses the query of a URL. Unknown values are replaced by the defaults, because the
    /// URL may come from an old link.
    #[must_use]
    pub fn parse(&self, query: &str) -> ListParams {
        let mut params = self.defaults();
        for (name, value) in query_pairs(query.trim_start_matches('?')).flatten() {
            match name.as_str() {
                "search" => value.trim().clone_into(&mut params.search),
                "sort" => {
                    params.sort.column = (self.column)(&value).unwrap_or(params.sort.column);
                }
                "desc" => params.sort.descending = value != "false",
                _ => {
                    for (filter, chosen) in self.filters.iter().zip(&mut params.filters) {
                        if filter.name == name && value == NO_FILTER {
                            chosen.clear();
                        } else if filter.name == name && (filter.is_valid)(&value) {
                            chosen.clone_from(&value);
                        }
                    }
                }
            }
        }
        params
    }

    /// Returns the query for a URL, without the default values.
    #[must_use]
    pub fn query(&self, params: &ListParams) -> String {
        let mut options = Vec::new();
        if !params.search.is_empty() {
            options.push(format!("search={}", encode_component(&params.search)));
        }
        for (filter, chosen) in self.filters.iter().zip(&params.filters) {
            if chosen.as_str() != filter.default {
                let value = if chosen.is_empty() { NO_FILTER } else { chosen };
                options.push(format!("{}={value}", filter.name));
            }
        }
        if params.sort.column != self.default.column {
            options.push(format!("sort={}", params.sort.column));
        }
        if params.sort.descending {
            options.push("desc=true".to_owned());
        }
        options.join("&")
    }

    /// Returns whether a search or a filter can be the reason for an empty list.
    #[must_use]
    pub fn is_filtered(&self, params: &ListParams) -> bool {
        let filtered = |(filter, chosen): (&FilterSpec, &String)| {
            !chosen.is_empty() && chosen.as_str() != filter.default
        };
        !params.search.is_empty() || self.filters.iter().zip(&params.filters).any(filtered)
    }
}

impl ListParams {
    /// Returns the search text for the server, truncated to the maximum length.
    #[must_use]
    pub fn search_for_server(&self) -> String {
        self.search.chars().take(SEARCH_MAX).collect()
    }
}

/// Returns a path with a query, which can be empty.
#[must_use]
pub fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The search box, the filters and the sort order of a list, synchronized with the page's
/// URL.
#[derive(Clone, Copy)]
pub struct ListControls {
    /// The content of the search box.
    pub search: RwSignal<String>,
    /// The selected values of the filters.
    pub filters: [RwSignal<String>; 2],
    /// The parameters in the URL.
    pub params: Memo<ListParams>,
    spec: ListSpec,
    /// Navigates to the URL with the given parameters; `true` replaces the current history
    /// entry.
    navigate_to: Callback<(ListParams, bool)>,
}

impl ListControls {
    /// Creates the controls for the list at the path `base`.
    #[must_use]
    pub fn new(base: &'static str, spec: ListSpec) -> Self {
        let location = use_location();
        // While the page is being left, the URL is already that of the next page.
        let params = Memo::new(move |before: Option<&ListParams>| {
            let is_current_page = location.pathname.read().trim_end_matches('/') == base;
            match before {
                Some(before) if !is_current_page => before.clone(),
                _ => spec.parse(&location.search.read()),
            }
        });
        let initial = params.get_untracked();
        let search = RwSignal::new(initial.search.clone());
        let filters = initial.filters.map(RwSignal::new);
        // The search text that these controls put into the URL. When the URL changes to it,
        // the box is left alone: the user may have typed more.
        let last_search = StoredValue::new(initial.search);
        let debounce_timer = StoredValue::new(None::<TimeoutHandle>);
        let cancel_debounce = move || {
            if let Some(handle) = debounce_timer.try_update_value(Option::take).flatten() {
                handle.clear();
            }
        };
        let navigate = use_navigate();
        let navigate_to = Callback::new(move |(params_wanted, replace): (ListParams, bool)| {
            cancel_debounce();
            if params_wanted == params.get_untracked() {
                return;
            }
            last_search.set_value(params_wanted.search.clone());
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate(&with_query(base, &spec.query(&params_wanted)), options);
        });
        let controls = Self { search, filters, params, spec, navigate_to };

        effect(move || {
            let params = params.get();
            if last_search.get_value() != params.search {
                cancel_debounce();
                last_search.set_value(params.search.clone());
                search.set(params.search.clone());
            }
            for (filter, value) in filters.into_iter().zip(params.filters) {
                if *filter.read_untracked() != value {
                    filter.set(value);
                }
            }
        });
        Effect::new(move |before: Option<()>| {
            search.track();
            cancel_debounce();
            if before.is_some()
                && controls.current_params().search != params.read_untracked().search
            {
                let search = move || controls.navigate_to.run((controls.current_params(), true));
                debounce_timer.set_value(set_timeout_with_handle(search, SEARCH_DEBOUNCE).ok());
            }
        });
        effect(move || {
            if filters.map(|filter| filter.get()) != params.read_untracked().filters {
                controls.navigate_to.run((controls.current_params(), false));
            }
        });
        on_cleanup(cancel_debounce);
        controls
    }

    /// Returns the parameters that the controls show.
    fn current_params(self) -> ListParams {
        ListParams {
            search: self.search.read_untracked().trim().to_owned(),
            filters: self.filters.map(|filter| filter.get_untracked()),
            sort: self.params.read_untracked().sort,
        }
    }

    /// Changes the sort order.
    pub fn sort(self, sort: TableSort) {
        if (self.spec.column)(sort.column).is_some() {
            self.navigate_to.run((ListParams { sort, ..self.current_params() }, false));
        }
    }

    /// Clears the search, resets the filters to their defaults, and focuses the search box:
    /// the button that was pressed disappears when the list is shown.
    pub fn clear(self, search_id: &str) {
        let params_wanted =
            ListParams { sort: self.params.read_untracked().sort, ..self.spec.defaults() };
        self.search.set(String::new());
        self.navigate_to.run((params_wanted, false));
        if let Some(search) = browser::element_by_id(search_id) {
            let _ = search.focus();
        }
    }
}

/// The entries of a list, fetched from the server.
pub struct ListData<T: Send + Sync + 'static> {
    /// The fetched page or pages.
    pub list: Loader<Page<T>>,
    /// The query of the list, without paging.
    pub query: Memo<String>,
    /// Whether the shown entries belong to an earlier query.
    pub updating: RwSignal<bool>,
    /// Whether the shown entries are restricted by a search or a filter.
    is_filtered: StoredValue<bool>,
    /// Whether the end of the current request will be announced.
    refreshing: StoredValue<bool>,
}

impl<T: Send + Sync + 'static> Clone for ListData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for ListData<T> {}

impl<T: Clone + FromJson + Send + Sync + 'static> ListData<T> {
    /// Fetches the entries from `route`, with a query made from the list's parameters.
    /// `refreshed` is announced after a refresh.
    pub fn new(
        controls: ListControls,
        route: &'static str,
        query: fn(&ListParams) -> String,
        refreshed: fn() -> String,
    ) -> Self {
        let ListControls { params, spec, .. } = controls;
        let is_filtered_now = move || params.with_untracked(|params| spec.is_filtered(params));
        let query = Memo::new(move |_| query(&params.read()));
        let updating = RwSignal::new(false);
        let refreshing = StoredValue::new(false);
        let is_filtered = StoredValue::new(is_filtered_now());
        let list = Loader::new(move || {
            let requested = query.get();
            updating.set(true);
            async move {
                let separator = if requested.is_empty() { "" } else { "&" };
                let path = format!("{route}?{requested}{separator}$count=true");
                let answer = client::get::<Page<T>>(&path).await;
                if query.try_get_untracked().is_some_and(|query| query == requested) {
                    is_filtered.set_value(is_filtered_now());
                    updating.set(false);
                }
                if answer.is_ok() && refreshing.try_get_value() == Some(true) {
                    announce(&untrack(refreshed));
                }
                let _ = refreshing.try_set_value(false);
                answer
            }
        });
        Self { list, query, updating, is_filtered, refreshing }
    }

    /// Fetches the list again, and announces when it has arrived.
    pub fn refresh(self) {
        self.refreshing.set_value(true);
        self.list.reload();
    }

    /// Returns the state of the list. Reactive.
    pub fn state(self) -> ListState {
        self.list.with(|load| match load {
            LoadState::Loading => ListState::Loading,
            LoadState::Failed(failure) => ListState::Failed(failure.text()),
            LoadState::Ready(page) if !page.value.is_empty() => ListState::Ready,
            LoadState::Ready(_) if self.is_filtered.get_value() => ListState::NoResult,
            LoadState::Ready(_) => ListState::Empty,
        })
    }
}

/// The number of entries and the actions on the whole list, with `children` between
/// **Refresh** and **Export**.
#[component]
pub fn ListTools(
    /// The number of entries, in words.
    #[prop(into)]
    count: Text,
    /// Fetches the list again.
    #[prop(into)]
    on_refresh: Callback<()>,
    /// The URL of the list as a file.
    #[prop(into)]
    export: Signal<String>,
    /// Further actions.
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

/// Renders the list or a placeholder for its state, and the button for more entries. `id`
/// returns the id of the element that takes the focus when more entries are fetched.
pub fn list_body<T: Clone + FromJson + Send + Sync + 'static>(
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

/// Returns the number of entries, and the number of shown entries if it is smaller. `None`
/// if the numbers are not known yet. Reactive.
pub fn list_counts<T: Clone + Send + Sync + 'static>(
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

    /// A list that shows the open entries by default.
    const LIST_SPEC: ListSpec = ListSpec {
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
    fn a_url_without_a_query_has_the_defaults() {
        assert_eq!(LIST_SPEC.parse(""), LIST_SPEC.defaults());
        assert_eq!(LIST_SPEC.parse("?"), LIST_SPEC.defaults());
        assert_eq!(LIST_SPEC.query(&LIST_SPEC.defaults()), "");
        assert_eq!(with_query("/a", ""), "/a");
        assert_eq!(with_query("/a", "b=c"), "/a?b=c");
    }

    #[test]
    fn all_parameters_survive_the_url() {
        for column in ["name", "size"] {
            for descending in [false, true] {
                for color in ["", "red", "blue"] {
                    for door in ["", "open", "shut"] {
                        for search in ["", "fabrikam", "a&b=c d", "100% é", "+31", "?#"] {
                            let params = ListParams {
                                search: search.to_owned(),
                                filters: [color.to_owned(), door.to_owned()],
                                sort: TableSort { column, descending },
                            };
                            let query = LIST_SPEC.query(&params);
                            assert_eq!(LIST_SPEC.parse(&query), params);
                            assert_eq!(LIST_SPEC.parse(&format!("?{query}")), params);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_handwritten_url_is_understood() {
        let params = LIST_SPEC.parse("?color=red&door=all&sort=size&desc=true&search=wide+world");
        assert_eq!(params.filters, ["red", ""]);
        assert_eq!(params.sort, TableSort { column: "size", descending: true });
        assert_eq!(params.search, "wide world");
    }

    #[test]
    fn invalid_values_become_the_defaults() {
        let query = "?color=loud&door=ajar&sort=taste&desc=false&x=1&search=%ff";
        assert_eq!(LIST_SPEC.parse(query), LIST_SPEC.defaults());
    }

    #[test]
    fn only_a_search_or_a_filter_restricts_the_list() {
        for (query, is_filtered) in [
            ("", false),
            ("door=all&sort=size", false),
            ("door=shut", true),
            ("search=x", true),
            ("color=red", true),
        ] {
            assert_eq!(LIST_SPEC.is_filtered(&LIST_SPEC.parse(query)), is_filtered, "{query}");
        }
    }

    #[test]
    fn the_search_text_is_truncated_for_the_server() {
        let params = ListParams { search: "é".repeat(300), ..LIST_SPEC.defaults() };
        assert_eq!(params.search_for_server().chars().count(), SEARCH_MAX);
    }
}
