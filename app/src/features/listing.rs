//! Lists that the server searches, filters, sorts and returns page by page.
//!
//! The search, the filters and the sort order are kept in the page's URL, so that links,
//! bookmarks and the browser's Back button restore them; [`list_place`] keeps the loaded rows
//! and the scroll position.

use std::{sync::Arc, time::Duration};

use api::{List, ListQuery, RelationshipQuery, SortOrder, encode_component, query_pairs};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use serde::de::DeserializeOwned;
use stylers_macro::style;

use crate::{
    browser, client,
    features::{
        list_place::{self, ListPlace},
        paging::{FetchPage, LoadMoreButton, LoadedPages, PagedList, RowCount},
    },
    intl,
    load::{LoadState, effect},
    route::Route,
    t,
    text::Text,
    ui::{Button, ButtonKind, Crumb, Icon, ListState, ListView, TableSort, announce},
    view::{Slot, SlotFn, View, view},
};

/// The number of rows of a page.
pub const PAGE_SIZE: u32 = 50;

/// The delay between the last keystroke and the search.
const SEARCH_DEBOUNCE: Duration = Duration::from_millis(250);

/// The maximum length of a search text in characters; the server rejects longer ones.
const SEARCH_MAX: usize = RelationshipQuery::SEARCH_MAX;

/// The maximum number of rows of a request.
const TOP_MAX: u32 = RelationshipQuery::TOP_MAX;

/// The number of rows that the server counts; a list with more has no count.
pub const COUNT_MAX: usize = RelationshipQuery::COUNT_MAX as usize;

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
    /// The filters.
    pub filters: &'static [FilterSpec],
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
    /// The names and the values of the filters, in the order of [`ListSpec::filters`]; a value
    /// is empty for everything.
    pub filters: Vec<(&'static str, String)>,
    /// The sort order.
    pub sort: TableSort,
}

impl ListSpec {
    /// Returns the parameters of a URL without a query.
    #[must_use]
    pub fn defaults(&self) -> ListParams {
        let filters = self.filters.iter().map(|filter| (filter.name, filter.default.to_owned()));
        ListParams { search: String::new(), filters: filters.collect(), sort: self.default }
    }

    /// Returns whether a column is sorted in descending order unless the URL says otherwise.
    fn is_descending_by_default(&self, column: &str) -> bool {
        self.default.descending && column == self.default.column
    }

    /// Parses the query of a URL. Unknown values are replaced by the defaults, because the
    /// URL may come from an old link.
    #[must_use]
    pub fn parse(&self, query: &str) -> ListParams {
        let mut params = self.defaults();
        let mut descending = None;
        for (name, value) in query_pairs(query.trim_start_matches('?')).flatten() {
            match name.as_str() {
                "search" => value.trim().clone_into(&mut params.search),
                "sort" => {
                    params.sort.column = (self.column)(&value).unwrap_or(params.sort.column);
                }
                "desc" => descending = Some(value != "false"),
                _ => {
                    for (filter, (_, chosen)) in self.filters.iter().zip(&mut params.filters) {
                        if filter.name == name && value == NO_FILTER {
                            chosen.clear();
                        } else if filter.name == name && (filter.is_valid)(&value) {
                            chosen.clone_from(&value);
                        }
                    }
                }
            }
        }
        params.sort.descending =
            descending.unwrap_or_else(|| self.is_descending_by_default(params.sort.column));
        params
    }

    /// Returns the query for a URL, without the default values.
    #[must_use]
    pub fn query(&self, params: &ListParams) -> String {
        let mut options = Vec::new();
        if !params.search.is_empty() {
            options.push(format!("search={}", encode_component(&params.search)));
        }
        for (filter, (name, chosen)) in self.filters.iter().zip(&params.filters) {
            if chosen.as_str() != filter.default {
                let value = if chosen.is_empty() { NO_FILTER } else { chosen };
                options.push(format!("{name}={value}"));
            }
        }
        if params.sort.column != self.default.column {
            options.push(format!("sort={}", params.sort.column));
        }
        if params.sort.descending != self.is_descending_by_default(params.sort.column) {
            options.push(format!("desc={}", params.sort.descending));
        }
        options.join("&")
    }

    /// Returns whether a search or a filter can be the reason for an empty list.
    #[must_use]
    pub fn is_filtered(&self, params: &ListParams) -> bool {
        let filtered = |(filter, (_, chosen)): (&FilterSpec, &(_, String))| {
            !chosen.is_empty() && chosen.as_str() != filter.default
        };
        !params.search.is_empty() || self.filters.iter().zip(&params.filters).any(filtered)
    }
}

impl ListParams {
    /// Returns the value of a filter, empty for everything.
    #[must_use]
    pub fn filter(&self, name: &str) -> &str {
        let value = self.filters.iter().find(|(known, _)| *known == name);
        value.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Returns the query for the server, with a filter made from these parameters.
    #[must_use]
    pub fn list_query<L: List>(&self, filter: L::Filter) -> ListQuery<L> {
        ListQuery {
            search: self.search.chars().take(SEARCH_MAX).collect(),
            filter,
            order: SortOrder {
                field: self.sort.column.parse().unwrap_or(L::DEFAULT_ORDER.field),
                descending: self.sort.descending,
            },
            ..ListQuery::default()
        }
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
    /// The parameters in the URL.
    pub params: Memo<ListParams>,
    /// The selected values of the filters.
    filters: StoredValue<Vec<(&'static str, RwSignal<String>)>>,
    /// The path of the page.
    base: StoredValue<String>,
    spec: ListSpec,
    /// Navigates to the URL with the given parameters; `true` replaces the current history
    /// entry.
    navigate_to: Callback<(ListParams, bool)>,
}

impl ListControls {
    /// Creates the controls for the list on a page.
    #[must_use]
    pub fn new(list: Route, spec: ListSpec) -> Self {
        Self::at(StoredValue::new(list.path()), spec)
    }

    fn at(base: StoredValue<String>, spec: ListSpec) -> Self {
        let location = use_location();
        // While the page is being left, the URL is already that of the next page.
        let params = Memo::new(move |before: Option<&ListParams>| {
            let path = location.pathname.read();
            let is_current_page = base.with_value(|base| path.trim_end_matches('/') == base);
            match before {
                Some(before) if !is_current_page => before.clone(),
                _ => spec.parse(&location.search.read()),
            }
        });
        let initial = params.get_untracked();
        let search = RwSignal::new(initial.search.clone());
        let filters: Vec<_> =
            initial.filters.into_iter().map(|(name, value)| (name, RwSignal::new(value))).collect();
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
            let address = base.with_value(|base| with_query(base, &spec.query(&params_wanted)));
            navigate(&address, options);
        });
        let filters = StoredValue::new(filters);
        let controls = Self { search, params, filters, base, spec, navigate_to };

        effect(move || {
            let params = params.get();
            if last_search.get_value() != params.search {
                cancel_debounce();
                last_search.set_value(params.search.clone());
                search.set(params.search.clone());
            }
            for (name, filter) in filters.get_value() {
                let value = params.filter(name);
                if *filter.read_untracked() != value {
                    filter.set(value.to_owned());
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
            let chosen = filters.get_value().into_iter().map(|(name, value)| (name, value.get()));
            if chosen.collect::<Vec<_>>() != params.read_untracked().filters {
                controls.navigate_to.run((controls.current_params(), false));
            }
        });
        on_cleanup(cancel_debounce);
        controls
    }

    /// Returns the selected value of a filter.
    pub fn filter(self, name: &str) -> RwSignal<String> {
        self.filters.with_value(|filters| {
            let filter = filters.iter().find(|(known, _)| *known == name);
            filter.map(|(_, value)| *value).unwrap_or_default()
        })
    }

    /// Returns the parameters that the controls show.
    fn current_params(self) -> ListParams {
        let filters = self.filters.get_value().into_iter();
        ListParams {
            search: self.search.read_untracked().trim().to_owned(),
            filters: filters.map(|(name, value)| (name, value.get_untracked())).collect(),
            sort: self.params.read_untracked().sort,
        }
    }

    /// Returns the current sort order, for a table.
    pub fn current_sort(self) -> Signal<Option<TableSort>> {
        Signal::derive(move || Some(self.params.read().sort))
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

    /// Returns the query of the list's URL. Reactive.
    pub fn query(self) -> String {
        self.spec.query(&self.params.read())
    }

    /// Returns the address of the list. Reactive.
    pub fn address(self) -> String {
        let query = self.query();
        self.base.with_value(|base| with_query(base, &query))
    }

    /// Returns whether a search or a filter restricts the list. Reactive.
    pub fn is_filtered(self) -> bool {
        self.spec.is_filtered(&self.params.read())
    }
}

/// Returns the link above a details page to a list, as it was left.
pub fn list_crumb(label: impl Into<Text>, list: Route) -> Crumb {
    Crumb::new(label, list_place::last_address(&list.path()))
}

/// A list of the server with its state, whatever the type of its rows.
#[derive(Clone, Copy)]
pub struct ListPages {
    /// The loaded pages.
    pub pages: LoadedPages,
    /// The query for the server, without a limit on the rows.
    pub query: Memo<String>,
    /// Whether the shown rows belong to an earlier query.
    updating: RwSignal<bool>,
    /// Whether the shown rows are restricted by a search or a filter.
    is_filtered: StoredValue<bool>,
    /// Whether the end of the current request will be announced.
    refreshing: StoredValue<bool>,
}

impl ListPages {
    /// Fetches as many rows again, and announces when they have arrived.
    pub fn refresh(self) {
        self.refreshing.set_value(true);
        self.pages.loader.reload();
    }

    /// Returns the state of the list. Reactive.
    fn state(self) -> ListState {
        self.pages.loader.with(|load| match load {
            LoadState::Loading => ListState::Loading,
            LoadState::Failed(failure) => ListState::Failed(failure.text()),
            LoadState::Ready(page) if !page.value.is_empty() => ListState::Ready,
            LoadState::Ready(_) if self.is_filtered.get_value() => ListState::NoResult,
            LoadState::Ready(_) => ListState::Empty,
        })
    }
}

/// The rows of a list, fetched from the server page by page.
pub struct ListData<T> {
    /// The list without the type of its rows.
    pub list: ListPages,
    rows: PagedList<T>,
}

impl<T> Clone for ListData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ListData<T> {}

impl<T: Clone + DeserializeOwned + Send + Sync + 'static> ListData<T> {
    /// Fetches the rows from `route`, with a query made from the list's parameters. `id`
    /// returns the id of the element of a row that can take the focus.
    pub fn new<L: List>(
        controls: ListControls,
        route: &'static str,
        query: impl Fn(&ListParams) -> ListQuery<L> + Send + Sync + 'static,
        id: fn(&T) -> String,
    ) -> Self {
        // With the number of rows, the query of the first page; without it, that of the list.
        let write: WriteQuery = Arc::new(move |params, top| {
            let query = query(params);
            match top {
                Some(top) => ListQuery { top, count: true, ..query }.to_string(),
                None => query.to_string(),
            }
        });
        let request = ListRequest::new(controls, write);
        let rows = PagedList::fetched_by(id, request.fetch(route));
        Self { list: request.list(rows.pages), rows }
    }

    /// Fetches as many rows again, and announces when they have arrived.
    pub fn refresh(self) {
        self.list.refresh();
    }

    /// Returns the loaded rows. Reactive.
    pub fn rows(self) -> Vec<T> {
        self.rows.rows()
    }
}

/// Writes the query for the server: that of the first page, given the number of its rows, or that
/// of the whole list.
type WriteQuery = Arc<dyn Fn(&ListParams, Option<u32>) -> String + Send + Sync>;

/// The request for the first page of a list.
struct ListRequest {
    controls: ListControls,
    write: WriteQuery,
    query: Memo<String>,
    updating: RwSignal<bool>,
    is_filtered: StoredValue<bool>,
    refreshing: StoredValue<bool>,
    window: ListWindow,
}

impl ListRequest {
    fn new(controls: ListControls, write: WriteQuery) -> Self {
        let query = {
            let write = Arc::clone(&write);
            Memo::new(move |_| write(&controls.params.read(), None))
        };
        Self {
            controls,
            write,
            query,
            updating: RwSignal::new(false),
            is_filtered: StoredValue::new(untrack(|| controls.is_filtered())),
            refreshing: StoredValue::new(false),
            window: ListWindow::new(controls),
        }
    }

    /// Returns the function that sends the request.
    fn fetch(&self, route: &'static str) -> FetchPage {
        let Self { controls, query, updating, is_filtered, refreshing, window, .. } = *self;
        let write = Arc::clone(&self.write);
        Box::new(move |read| {
            let requested = query.get();
            let top = window.top(&requested);
            let address = with_query(route, &write(&controls.params.read_untracked(), Some(top)));
            updating.set(true);
            Box::pin(async move {
                let answer = client::get_with(&address, &*read).await;
                if query.try_get_untracked().is_some_and(|query| query == requested) {
                    is_filtered.set_value(untrack(|| controls.is_filtered()));
                    updating.set(false);
                }
                if answer.is_ok() && refreshing.try_get_value() == Some(true) {
                    announce(&untrack(t::ui::refreshed));
                }
                let _ = refreshing.try_set_value(false);
                answer
            })
        })
    }

    /// Returns the list of the pages that the request returns.
    fn list(&self, pages: LoadedPages) -> ListPages {
        let Self { query, updating, is_filtered, refreshing, window, .. } = *self;
        window.follow(pages);
        ListPages { pages, query, updating, is_filtered, refreshing }
    }
}

/// The number of rows that a list has loaded, so that it can be fetched again without losing
/// its place.
#[derive(Clone, Copy)]
struct ListWindow {
    /// The query of the last request, and the number of rows to fetch if it is repeated.
    last: StoredValue<(Option<String>, usize)>,
    /// Where the list was left, until its rows are there again.
    place: StoredValue<Option<ListPlace>>,
}

impl ListWindow {
    /// Begins where the user left the list with these parameters, and remembers where it is
    /// left.
    fn new(controls: ListControls) -> Self {
        let address = move || untrack(|| controls.address());
        let place = controls.base.with_value(|base| list_place::take_on_return(base, &address()));
        let rows = place.as_ref().map_or(0, |place| place.rows);
        let window = Self { last: StoredValue::new((None, rows)), place: StoredValue::new(place) };
        let path = use_location().pathname;
        on_cleanup(move || {
            let place = list_place::current_place(window.rows(), &path.read_untracked());
            list_place::remember(controls.base.get_value(), address(), place);
        });
        window
    }

    fn rows(self) -> usize {
        self.last.with_value(|(_, rows)| *rows)
    }

    /// Returns the number of rows to request: as many as are loaded if the query is that of
    /// the last request.
    fn top(self, query: &str) -> u32 {
        self.last.update_value(|(last, rows)| {
            if last.replace(query.to_owned()).is_some_and(|last| last != query) {
                *rows = 0;
            }
        });
        let rows = u32::try_from(self.rows()).unwrap_or(u32::MAX);
        rows.clamp(PAGE_SIZE, TOP_MAX)
    }

    /// Follows the number of loaded rows. When the first ones are there, the list is scrolled
    /// to its place.
    fn follow(self, pages: LoadedPages) {
        effect(move || {
            let Some(count) = pages.count() else { return };
            self.last.update_value(|(_, known)| *known = count.loaded());
            if let Some(place) = self.place.try_update_value(Option::take).flatten() {
                // The rows are in the page by the next frame, and the title has the focus.
                request_animation_frame(move || place.restore());
            }
        });
    }
}

/// The number of rows and the actions on the whole list, with `children` between **Refresh**
/// and **Export**.
#[component]
pub fn ListTools(
    /// The number of rows, in words.
    #[prop(into)]
    count: Text,
    /// Fetches the list again.
    #[prop(into)]
    on_refresh: Callback<()>,
    /// The URL of the list as a file, if there is one.
    #[prop(optional, into)]
    export: Option<Signal<String>>,
    /// Further actions.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let scope = style! {
        .list-head {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            margin: 0 calc(-1 * var(--space-3)) var(--space-2);
        }
        .list-size {
            flex: auto;
            margin: 0 var(--space-3);
            color: var(--text-2);
        }
        @media (max-width: 799.98px) {
            .list-size {
                flex-basis: 100%;
            }
        }
    };
    let export = export.map(|export| {
        view! {
            <a class="button subtle" href=move || export.get() download="">
                {Icon::Download}
                {t::ui::export}
            </a>
        }
    });
    view! { class = scope,
        <div class="list-head">
            <p class="list-size" role="status">
                {count}
            </p>
            <Button
                label=t::ui::refresh
                kind=ButtonKind::Subtle
                icon=Icon::Refresh
                on_press=on_refresh
            />
            {children.map(Slot::run)}
            {export}
        </div>
    }
}

/// Renders the list or a placeholder for its state, and the button for more rows.
pub fn list_body(
    list: ListPages,
    controls: ListControls,
    search_id: &'static str,
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
    let ListPages { pages, updating, .. } = list;
    view! { class = scope,
        <div class:updating=move || updating.get() aria-busy=move || updating.get().then_some("true")>
            <ListView
                state=Signal::derive(move || list.state())
                empty=empty
                on_retry=move |()| pages.loader.retry()
                on_clear=move |()| controls.clear(search_id)
            >
                {table.run()}
            </ListView>
        </div>
        <div class="list-continues">
            <LoadMoreButton pages=pages />
        </div>
    }
}

/// The texts for the number of rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct CountTexts {
    /// Takes the number of all rows.
    pub all: fn(usize) -> String,
    /// Takes the numbers of all rows and of the loaded ones.
    pub some: fn(usize, &str) -> String,
}

impl CountTexts {
    /// Returns the number of rows in words; empty if it is not known yet. Reactive.
    pub fn text(self, list: ListPages) -> String {
        match list.pages.count() {
            None => String::new(),
            Some(RowCount::All(all)) => (self.all)(all),
            Some(RowCount::Some { loaded, all }) => (self.some)(all, &intl::number(loaded)),
            Some(RowCount::Many { loaded }) => {
                t::ui::more_than(&intl::number(COUNT_MAX), &intl::number(loaded))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list that shows the open entries by default.
    const LIST_SPEC: ListSpec = ListSpec {
        filters: &[
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
                                filters: vec![
                                    ("color", color.to_owned()),
                                    ("door", door.to_owned()),
                                ],
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
        assert_eq!(params.filter("color"), "red");
        assert_eq!(params.filter("door"), "");
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
    fn a_descending_default_order_survives_the_url() {
        let default = TableSort { column: "size", descending: true };
        let spec = ListSpec { default, ..LIST_SPEC };
        assert_eq!(spec.parse("").sort, default);
        assert_eq!(spec.parse("sort=name").sort, TableSort { column: "name", descending: false });
        for column in ["name", "size"] {
            for descending in [false, true] {
                let params =
                    ListParams { sort: TableSort { column, descending }, ..spec.defaults() };
                assert_eq!(spec.parse(&spec.query(&params)), params);
            }
        }
    }

    #[test]
    fn the_search_text_is_truncated_for_the_server() {
        let params = ListParams { search: "é".repeat(300), ..LIST_SPEC.defaults() };
        let query: api::ProductQuery = params.list_query(api::ProductFilter::default());
        assert_eq!(query.search.chars().count(), SEARCH_MAX);
    }
}
