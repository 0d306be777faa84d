//! Billing > Products & services, or Subscriptions: the organization's subscriptions with
//! their partners of record.

use api::{
    ListFilter as _, PartnerIdFilter, SubscriptionField, SubscriptionFilter, SubscriptionList,
    SubscriptionQuery, SubscriptionResource, routes,
};
use leptos::prelude::*;
use rules::{OrganizationAction, SubscriptionId, SubscriptionStatus};
use stylers_macro::style;

use crate::{
    browser,
    features::{
        guards::organization_refusal,
        listing::{
            self, CountTexts, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools,
            with_query,
        },
        paging::RowCount,
        subscription::{
            SubscriptionCost, format_term_price, list_title, renewal_view, status_badge,
        },
    },
    intl,
    load::effect,
    route::Route,
    t,
    ui::{
        Button, ButtonKind, Cell, EmptyState, Filter, Icon, LinkButton, NoValue, PageTitle,
        SearchBox, SelectOption, Table, TableColumn, TableSort, Toolbar, announce, unique_id,
    },
    view::{IntoView, View, each, view},
    words,
};

pub mod bulk;

use bulk::{BulkDialog, BulkDialogState, BulkTarget};

/// The id of the search box.
const SEARCH_ID: &str = "search-subscriptions";

/// The filters and the sort order of the list.
const LIST_SPEC: ListSpec = ListSpec {
    filters: &[
        FilterSpec {
            name: "status",
            default: "",
            is_valid: |value| value.parse::<SubscriptionStatus>().is_ok(),
        },
        FilterSpec {
            name: "partner",
            default: "",
            is_valid: |value| value.parse::<PartnerIdFilter>().is_ok(),
        },
    ],
    column: |key| key.parse().ok().map(SubscriptionField::as_str),
    default: TableSort { column: SubscriptionField::Product.as_str(), descending: false },
};

const COUNT: CountTexts =
    CountTexts { all: t::subscriptions::count, some: t::subscriptions::count_of };

fn query(params: &ListParams) -> SubscriptionQuery {
    params.list_query::<SubscriptionList>(SubscriptionFilter {
        status: params.filter("status").parse().into_iter().collect(),
        partner_id: params.filter("partner").parse().ok(),
        ..SubscriptionFilter::default()
    })
}

/// The page with the list of subscriptions.
#[component]
pub fn Subscriptions() -> View {
    let controls = ListControls::new(Route::Subscriptions, LIST_SPEC);
    let subscriptions =
        ListData::new(controls, routes::SUBSCRIPTIONS, query, |row: &SubscriptionResource| {
            row.id.to_string()
        });
    let selection = RowSelection::new(controls, subscriptions);
    let bulk = BulkDialogState::new(Callback::new(move |()| {
        selection.clear();
        subscriptions.list.pages.loader.reload();
    }));
    view! {
        <PageTitle title=list_title intro=t::subscriptions::intro />
        {toolbar_view(controls, subscriptions)}
        {bulk_actions(selection, bulk)}
        {listing::list_body(
            subscriptions.list,
            controls,
            SEARCH_ID,
            empty.into(),
            (move || table(controls, selection)).into(),
        )}
        <BulkDialog bulk=bulk />
    }
}

fn empty() -> View {
    view! {
        <EmptyState
            icon=Icon::Cart
            title=t::subscriptions::empty
            hint=t::subscriptions::empty_hint
        >
            <LinkButton href=Route::Purchase label=t::shell::purchase_services />
        </EmptyState>
    }
}

/// Renders the toolbar above the list.
fn toolbar_view(controls: ListControls, subscriptions: ListData<SubscriptionResource>) -> View {
    let (status, partner) = (controls.filter("status"), controls.filter("partner"));
    let partners = partner_options(subscriptions, partner);
    let export = move || with_query(routes::SUBSCRIPTIONS_EXPORT, &subscriptions.list.query.read());
    view! {
        <Toolbar>
            <SearchBox id=SEARCH_ID label=t::subscriptions::search value=controls.search />
            <Filter label=t::subscriptions::status value=status choices=status_options() />
            <Filter label=t::subscriptions::partner_of_record value=partner choices=partners />
        </Toolbar>
        <ListTools
            count=move || COUNT.text(subscriptions.list)
            on_refresh=move |()| subscriptions.refresh()
            export=Signal::derive(export)
        >
            <LinkButton
                href=Route::ImportPartners
                label=t::subscriptions::import
                kind=ButtonKind::Subtle
                icon=Icon::Document
            />
        </ListTools>
    }
}

fn status_options() -> Vec<SelectOption> {
    SelectOption::for_each(SubscriptionStatus::ALL, words::subscription_status)
}

/// Returns the options for the filter by partner of record: none, any, and each partner
/// that was in the list or is named in the address.
fn partner_options(
    subscriptions: ListData<SubscriptionResource>,
    chosen: RwSignal<String>,
) -> Signal<Vec<SelectOption>> {
    let seen: RwSignal<Vec<(String, String)>> = RwSignal::new(Vec::new());
    effect(move || {
        let rows = subscriptions.rows();
        let records = rows.iter().filter_map(|row| row.partner_of_record.as_ref());
        let found = records.map(|record| {
            let label = t::subscriptions::name_and_id(
                record.partner_id.as_str(),
                record.partner_name.as_str(),
            );
            (record.partner_id.to_string(), label)
        });
        let mut all = seen.get_untracked();
        for (id, label) in found {
            if !all.iter().any(|(known, _)| *known == id) {
                all.push((id, label));
            }
        }
        if all.len() != seen.read_untracked().len() {
            crate::sort::order_by(&mut all, |(_, label)| label.to_ascii_lowercase());
            seen.set(all);
        }
    });
    Signal::derive(move || {
        let mut choices = vec![
            SelectOption::new(PartnerIdFilter::None.to_string(), t::subscriptions::with_none),
            SelectOption::new(PartnerIdFilter::Any.to_string(), t::subscriptions::with_any),
        ];
        let seen = seen.get();
        let named = chosen.get();
        let unseen = matches!(named.parse(), Ok(PartnerIdFilter::Is(_)))
            && !seen.iter().any(|(id, _)| *id == named);
        choices.extend(seen.into_iter().map(|(id, label)| SelectOption::new(id, label)));
        if unseen {
            choices.push(SelectOption::new(named.clone(), named));
        }
        choices
    })
}

/// The selection of subscriptions in the list.
#[derive(Clone, Copy)]
struct RowSelection {
    params: Memo<ListParams>,
    subscriptions: ListData<SubscriptionResource>,
    chosen: RwSignal<Vec<SubscriptionId>>,
    /// Whether all subscriptions that match the search and the filters are selected, loaded or
    /// not.
    matching: RwSignal<bool>,
}

/// The numbers of a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SelectionCounts {
    /// Selected rows.
    chosen: usize,
    /// Loaded rows.
    loaded: usize,
    /// All rows, if there are not too many to be counted.
    all: Option<usize>,
    /// Whether all that match are selected, loaded or not.
    matching: bool,
}

impl SelectionCounts {
    /// Returns whether all rows can be selected that match.
    fn offers_matching(self) -> bool {
        self.chosen == self.loaded && self.all.is_none_or(|all| self.loaded < all)
    }

    /// Returns the selection in words. Reactive.
    fn text(self) -> String {
        match (self.matching, self.chosen, self.all) {
            (true, _, Some(all)) => t::subscriptions::chosen_matching(all),
            (true, _, None) => {
                t::subscriptions::chosen_matching_many(&intl::number(listing::COUNT_MAX))
            }
            (false, 0, _) => t::subscriptions::choose_all(self.loaded),
            (false, chosen, Some(all)) => t::subscriptions::chosen(all, &intl::number(chosen)),
            (false, chosen, None) => t::subscriptions::chosen_some(chosen),
        }
    }
}

impl RowSelection {
    fn new(controls: ListControls, subscriptions: ListData<SubscriptionResource>) -> Self {
        let (chosen, matching) = (RwSignal::new(Vec::new()), RwSignal::new(false));
        effect(move || {
            // Other subscriptions match another search or filter.
            subscriptions.list.query.track();
            matching.set(false);
        });
        Self { params: controls.params, subscriptions, chosen, matching }
    }

    /// Returns the selected subscriptions that are loaded, with the names of their products, in
    /// the list's order. Reactive.
    fn chosen_rows(self) -> Vec<(SubscriptionId, String)> {
        let chosen = self.chosen.read();
        let rows = self.subscriptions.rows().into_iter().filter(|row| chosen.contains(&row.id));
        rows.map(|row| (row.id, row.product_name.to_string())).collect()
    }

    /// Returns the numbers of the selection. Reactive.
    fn counts(self) -> SelectionCounts {
        let count = self.subscriptions.list.pages.count().unwrap_or(RowCount::All(0));
        let (loaded, all) = (count.loaded(), count.all());
        let matching = self.matching.get();
        let chosen = if matching { loaded } else { self.chosen_rows().len() };
        SelectionCounts { chosen, loaded, all, matching }
    }

    fn contains(self, id: SubscriptionId) -> bool {
        self.matching.get() || self.chosen.read().contains(&id)
    }

    fn set_selected(self, id: SubscriptionId, is_selected: bool) {
        if self.matching.get_untracked() {
            self.set_all_selected(true);
        }
        self.chosen.update(|chosen| {
            chosen.retain(|other| *other != id);
            if is_selected {
                chosen.push(id);
            }
        });
    }

    /// Selects all loaded subscriptions, or none.
    fn set_all_selected(self, are_selected: bool) {
        let rows = untrack(|| self.subscriptions.rows());
        let chosen = rows.iter().filter(|_| are_selected).map(|row| row.id).collect();
        self.matching.set(false);
        self.chosen.set(chosen);
    }

    /// Selects all subscriptions that match the search and the filters, loaded or not.
    fn select_matching(self) {
        self.matching.set(true);
        announce(&untrack(|| self.counts().text()));
    }

    fn clear(self) {
        self.set_all_selected(false);
    }

    /// Returns what a bulk action applies to.
    fn target(self) -> BulkTarget {
        untrack(|| {
            if self.matching.get() {
                let SubscriptionQuery { filter, search, .. } = query(&self.params.read());
                let count = self.counts().all;
                BulkTarget::Matching { filter: filter.text(), search, count }
            } else {
                BulkTarget::These(self.chosen_rows())
            }
        })
    }
}

/// Renders the bar for bulk actions: the selection and the two buttons.
fn bulk_actions(selection: RowSelection, bulk: BulkDialogState) -> View {
    let scope = style! {
        .bulk {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-2) var(--space-4);
            margin-bottom: var(--space-3);
            padding: var(--space-2) var(--space-4);
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: var(--surface-2);
        }
        .bulk-all {
            display: flex;
            flex: 1 1 auto;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-1) var(--space-3);
            min-width: 0;
        }
        .bulk-commands {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-2) var(--space-4);
        }
        .bulk-reasons {
            flex: 1 1 100%;
            margin: 0;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .bulk-reasons:empty {
            display: none;
        }
    };
    let counts = Memo::new(move |_| selection.counts());
    let reason_id = unique_id("bulk-reason");
    let reason = Memo::new(move |_| {
        let refused = organization_refusal(OrganizationAction::ChangePartnersOfRecord);
        match (refused, counts.get().chosen) {
            (Some(refusal), _) => Some(words::refusal(refusal)),
            (None, 0) => Some(t::subscriptions::choose_first()),
            _ => None,
        }
    });
    let all_id = unique_id("choose-all");
    let label = move || counts.get().text();
    let button = {
        let reason_id = reason_id.clone();
        move |label: fn() -> String, removes: bool| {
            view! {
                <Button
                    label=label
                    icon=if removes { Icon::Delete } else { Icon::Handshake }
                    disabled_reason=Signal::derive(move || reason.get())
                    reason_id=reason_id.clone()
                    on_press=move |()| bulk.show(selection.target(), removes)
                />
            }
        }
    };
    let nothing = Memo::new(move |_| counts.get().loaded == 0);
    let bar = move || {
        view! { class = scope,
            <div class="bulk" role="group" aria-label=t::subscriptions::bulk>
                <div class="bulk-all">
                    <span class="choice">
                        <input
                            type="checkbox"
                            id=all_id.clone()
                            prop:checked=move || counts.get().chosen == counts.get().loaded
                            prop:indeterminate=move || {
                                (1..counts.get().loaded).contains(&counts.get().chosen)
                            }
                            on:change=move |event| {
                                selection.set_all_selected(event_target_checked(&event));
                            }
                        />
                        <label for=all_id.clone()>{label}</label>
                    </span>
                    {matching_button(selection, counts, all_id.clone())}
                </div>
                <div class="bulk-commands">
                    {button(t::subscriptions::set, false)} {button(t::subscriptions::remove, true)}
                </div>
                <p class="bulk-reasons" id=reason_id.clone()>
                    {move || reason.get()}
                </p>
            </div>
        }
    };
    (move || (!nothing.get()).then(&bar)).into_view()
}

/// Renders the button that selects all subscriptions that match when all loaded ones are
/// selected, and the one that takes this back. `all_id` is the id of the checkbox for all loaded
/// ones.
fn matching_button(selection: RowSelection, counts: Memo<SelectionCounts>, all_id: String) -> View {
    let is_offered =
        Memo::new(move |_| counts.with(|counts| counts.matching || counts.offers_matching()));
    let label = move || match counts.get() {
        SelectionCounts { matching: true, .. } => t::subscriptions::clear_selection(),
        SelectionCounts { all: Some(all), .. } => t::subscriptions::select_matching(all),
        SelectionCounts { all: None, .. } => t::subscriptions::select_matching_many(),
    };
    let press = move || {
        let all_id = all_id.clone();
        move |()| {
            if counts.get_untracked().matching {
                selection.clear();
                // The pressed button disappears.
                if let Some(all) = browser::element_by_id(&all_id) {
                    let _ = all.focus();
                }
            } else {
                selection.select_matching();
            }
        }
    };
    let button = move || {
        is_offered.get().then(|| {
            view! { <Button label=label kind=ButtonKind::Subtle on_press=press() /> }
        })
    };
    button.into_view()
}

fn table(controls: ListControls, selection: RowSelection) -> View {
    let product = SubscriptionField::Product.as_str();
    let status = SubscriptionField::Status.as_str();
    let renews = SubscriptionField::Renews.as_str();
    let columns = vec![
        TableColumn::new("choose", t::subscriptions::choose),
        TableColumn::new(product, t::subscriptions::product).sortable(),
        TableColumn::new(status, t::subscriptions::status).sortable(),
        TableColumn::new("licenses", t::subscriptions::licenses),
        TableColumn::new(renews, t::subscriptions::renews).sortable(),
        TableColumn::new("price", t::subscriptions::price),
        TableColumn::new("partner", t::subscriptions::partner_of_record),
    ];
    view! {
        <Table
            caption=list_title
            columns=columns
            sort=controls.current_sort()
            on_sort=move |sort| controls.sort(sort)
        >
            {each(
                move || selection.subscriptions.rows(),
                |row| format!("{} {} {}", row.id, row.etag.0, row.status),
                move |subscription| row(&subscription, selection),
            )}
        </Table>
    }
}

fn row(subscription: &SubscriptionResource, selection: RowSelection) -> View {
    let scope = style! {
        .subscription-label {
            display: block;
            min-width: 160px;
        }
        .subscription-partner {
            display: block;
            min-width: 120px;
        }
        .subscription-note {
            display: block;
            color: var(--text-2);
            font-weight: 400;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
            overflow-wrap: anywhere;
        }
    };
    let id = subscription.id;
    let name = subscription.product_name.to_string();
    let choose = {
        let name = name.clone();
        move || t::subscriptions::choose_one(&name)
    };
    let seller = subscription.seller.as_ref().map(|seller| {
        let name = seller.partner_name.to_string();
        let text = move || t::subscriptions::sold_by(&name);
        view! { class = scope, <span class="subscription-note">{text}</span> }
    });
    let quantity = usize::try_from(subscription.quantity).unwrap_or(usize::MAX);
    let partner = subscription.partner_of_record.as_ref().map_or_else(
        || view! { <NoValue /> },
        |record| {
            let (name, id) = (record.partner_name.to_string(), record.partner_id.to_string());
            view! { class = scope,
                <span class="subscription-partner">{name}</span>
                <span class="subscription-note">{id}</span>
            }
        },
    );
    let status = status_badge(subscription.status);
    let renews = renewal_view(subscription).unwrap_or_else(|| view! { <NoValue /> });
    let price = price_view(subscription);
    view! { class = scope,
        <tr role="row">
            <Cell of="choose">
                <label class="table-choice">
                    <input
                        type="checkbox"
                        aria-label=choose
                        prop:checked=move || selection.contains(id)
                        on:change=move |event| selection.set_selected(id, event_target_checked(&event))
                    />
                </label>
            </Cell>
            <Cell of=SubscriptionField::Product.as_str() header=true>
                <span class="subscription-label">
                    <a id=id.to_string() href=Route::Subscription(Some(id)).path()>
                        {name}
                    </a>
                    {seller}
                </span>
            </Cell>
            <Cell of=SubscriptionField::Status.as_str()>{status}</Cell>
            <Cell of="licenses">{move || intl::number(quantity)}</Cell>
            <Cell of=SubscriptionField::Renews.as_str()>{renews}</Cell>
            <Cell of="price">
                {price}
            </Cell>
            <Cell of="partner">{partner}</Cell>
        </tr>
    }
}

/// Renders the cost of all licenses for one term.
fn price_view(subscription: &SubscriptionResource) -> View {
    let scope = style! {
        .cost-whole {
            white-space: nowrap;
        }
    };
    let term = subscription.term;
    match SubscriptionCost::from_subscription(subscription) {
        SubscriptionCost::Amount { total, .. } => {
            let text = move || format_term_price(total, term);
            view! { class = scope, <span class="cost-whole">{text}</span> }
        }
        SubscriptionCost::Free => t::subscriptions::free.into_view(),
        SubscriptionCost::Agreed => t::subscriptions::as_agreed.into_view(),
        SubscriptionCost::Nothing | SubscriptionCost::Hidden => view! { <NoValue /> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_match_are_offered_when_all_loaded_ones_are_selected() {
        let counts = |chosen, all| SelectionCounts { chosen, loaded: 50, all, matching: false };
        assert!(counts(50, Some(70)).offers_matching());
        assert!(counts(50, None).offers_matching());
        assert!(!counts(50, Some(50)).offers_matching(), "all are loaded");
        assert!(!counts(49, Some(70)).offers_matching());
    }

    #[test]
    fn a_handwritten_url_is_understood() {
        let params = LIST_SPEC.parse("?status=suspended&partner=4391511&sort=renews&desc=true");
        assert_eq!(params.filter("status"), "suspended");
        assert_eq!(params.filter("partner"), "4391511");
        assert_eq!(params.sort, TableSort { column: "renews", descending: true });
        let invalid = LIST_SPEC.parse("?status=asleep&partner=0123&sort=color");
        assert_eq!(invalid, LIST_SPEC.defaults());
    }

    #[test]
    fn the_server_can_parse_every_query() {
        for address in ["", "status=trial&partner=none", "search=é&partner=any&sort=status"] {
            let params = LIST_SPEC.parse(address);
            let query = query(&params);
            assert_eq!(SubscriptionQuery::parse(&query.to_string()).as_ref(), Ok(&query));
            assert_eq!(query.search, params.search);
            let statuses = query.filter.status.len();
            assert_eq!(statuses, usize::from(!params.filter("status").is_empty()));
            let partner = query.filter.partner_id.map(|partner| partner.to_string());
            assert_eq!(partner.unwrap_or_default(), params.filter("partner"));
            assert_eq!(query.order.field.as_str(), params.sort.column);
        }
    }
}
