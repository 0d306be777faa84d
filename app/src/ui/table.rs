//! Tables.

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
    /// Creates a column. Its [`Cell`]s refer to it by `key`.
    pub fn new(key: &'static str, label: impl Into<Text>) -> Self {
        Self { key, label: label.into(), sortable: false }
    }

    /// Makes the column sortable.
    #[must_use]
    pub fn sortable(self) -> Self {
        Self { sortable: true, ..self }
    }
}

/// The sort order of the rows. The page sorts them, and keeps the order in its URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSort {
    /// The column's key.
    pub column: &'static str,
    /// Whether the order is descending.
    pub descending: bool,
}

/// The columns of the table, as context for the cells.
#[derive(Clone)]
struct TableColumns(StoredValue<Vec<TableColumn>>);

/// A table. In a narrow window each row becomes a card in which every value has its
/// column's name, so that nothing scrolls sideways.
///
/// The children are `<tr>`s (from [`each`](crate::view::each)) of [`Cell`]s.
#[component]
pub fn Table(
    /// The caption, for assistive technology only.
    #[prop(into)]
    caption: Text,
    /// The columns, in order.
    columns: Vec<TableColumn>,
    /// The current sort order.
    #[prop(optional, into)]
    sort: Signal<Option<TableSort>>,
    /// Called with the requested sort order.
    #[prop(optional, into)]
    on_sort: Option<Callback<TableSort>>,
    /// The rows.
    children: Slot,
) -> View {
    let wide = columns.len() > 5;
    let headers =
        columns.iter().cloned().map(|column| column_header(column, sort, on_sort)).collect_view();
    provide_context(TableColumns(StoredValue::new(columns)));
    view! {
        // The roles are explicit because `display` would otherwise remove them in narrow
        // windows.
        <div class="table-frame" class:wide=wide>
            <table class="table" role="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{headers}</tr>
                </thead>
                <tbody role="rowgroup">{children.run()}</tbody>
            </table>
        </div>
    }
}

fn column_header(
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
    /// Whether the cell is the row's header.
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

/// The content of a cell without a value.
#[component]
pub fn NoValue() -> View {
    view! {
        <span aria-hidden="true" class="muted">"–"</span>
        <span class="visually-hidden">{t::ui::none}</span>
    }
}
