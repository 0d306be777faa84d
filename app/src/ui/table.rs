//! Many things of one kind.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::Icon,
    view::{CollectView, Slot, View, view},
};

/// A column of a [`Table`].
#[derive(Clone, Debug)]
pub struct TableColumn {
    key: &'static str,
    label: Text,
    sortable: bool,
}

impl TableColumn {
    /// A column; its [`Cell`]s name it by `key`.
    pub fn new(key: &'static str, label: impl Into<Text>) -> Self {
        Self { key, label: label.into(), sortable: false }
    }

    /// The rows can be sorted by it.
    #[must_use]
    pub fn sortable(self) -> Self {
        Self { sortable: true, ..self }
    }
}

/// By what rows are sorted. The page sorts them, and keeps this in its URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSort {
    /// The column's key.
    pub column: &'static str,
    /// Whether the greatest come first.
    pub descending: bool,
}

/// What the cells know of their table.
#[derive(Clone)]
struct TableColumns(StoredValue<Vec<TableColumn>>);

/// A real table. Where it has no room each row becomes a card, in which every
/// value carries its column's name, and nothing scrolls sideways.
///
/// The children are `<tr>`s (from a `<For>` with a stable key) of [`Cell`]s.
#[component]
pub fn Table(
    /// What is listed; read by assistive technology alone.
    #[prop(into)]
    caption: Text,
    /// The columns, in order.
    columns: Vec<TableColumn>,
    /// By what the rows are sorted.
    #[prop(optional, into)]
    sort: Signal<Option<TableSort>>,
    /// Asks to sort otherwise.
    #[prop(optional, into)]
    on_sort: Option<Callback<TableSort>>,
    /// The rows.
    children: Slot,
) -> View {
    let wide = columns.len() > 5;
    let heads = columns.iter().cloned().map(|column| head(column, sort, on_sort)).collect_view();
    provide_context(TableColumns(StoredValue::new(columns)));
    view! {
        // The roles are said aloud because `display` on narrow screens would
        // otherwise take them away.
        <div class="table-frame" class:wide=wide>
            <table class="table" role="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{children.run()}</tbody>
            </table>
        </div>
    }
}

fn head(
    column: TableColumn,
    sort: Signal<Option<TableSort>>,
    on_sort: Option<Callback<TableSort>>,
) -> View {
    let key = column.key;
    let descending =
        move || sort.get().filter(|sort| sort.column == key).map(|sort| sort.descending);
    let Some(on_sort) = on_sort.filter(|_| column.sortable) else {
        return view! { <th scope="col" role="columnheader">{column.label}</th> };
    };
    let press = move |_| {
        on_sort.run(TableSort { column: key, descending: descending() == Some(false) });
    };
    view! {
        <th
            scope="col"
            role="columnheader"
            aria-sort=move || {
                descending().map(|descending| if descending { "descending" } else { "ascending" })
            }
        >
            <button type="button" class="table-sort" on:click=press>
                {column.label}
                {move || {
                    descending()
                        .map(|descending| if descending { Icon::SortDown } else { Icon::SortUp })
                        .map(Icon::view)
                }}
            </button>
        </th>
    }
}

/// A cell of a row.
#[component]
pub fn Cell(
    /// The key of its column.
    of: &'static str,
    /// Whether it names the row.
    #[prop(optional)]
    header: bool,
    /// The value.
    children: Slot,
) -> View {
    let label = use_context::<TableColumns>().and_then(|columns| {
        columns.0.with_value(|columns| {
            columns.iter().find(|column| column.key == of).map(|column| column.label.clone())
        })
    });
    if header {
        view! { <th scope="row" role="rowheader">{children.run()}</th> }
    } else {
        view! {
            <td role="cell">
                <span class="table-label" aria-hidden="true">{label}</span>
                <div class="table-value">{children.run()}</div>
            </td>
        }
    }
}

/// What stands in a cell that has nothing to say.
#[component]
pub fn NoValue() -> View {
    view! {
        <span aria-hidden="true" class="muted">"–"</span>
        <span class="visually-hidden">{t::ui::none}</span>
    }
}
