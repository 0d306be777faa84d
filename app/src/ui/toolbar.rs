//! The toolbar above a list: search, filters and actions.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{Icon, SelectOption, field::option_views, unique_id},
    view::{Slot, View, view},
};

/// A toolbar with actions, a [`SearchBox`] and [`Filter`]s.
#[component]
pub fn Toolbar(
    /// The controls.
    children: Slot,
) -> View {
    view! {
        <div class="toolbar" role="search">
            {children.run()}
        </div>
    }
}

/// A search box that updates its value at each keystroke.
#[component]
pub fn SearchBox(
    /// The label.
    #[prop(into)]
    label: Text,
    /// The search text.
    value: RwSignal<String>,
    /// The id, if the page sets the focus.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    view! {
        <span class="search">
            {Icon::Search}
            <input
                class="input"
                id=id
                type="search"
                autocomplete="off"
                aria-label=label.clone()
                placeholder=label
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </span>
    }
}

/// A filter with an additional option "all", whose value is empty.
#[component]
pub fn Filter(
    /// The label.
    #[prop(into)]
    label: Text,
    /// The selected value.
    value: RwSignal<String>,
    /// The options without "all".
    #[prop(into)]
    choices: Signal<Vec<SelectOption>>,
) -> View {
    let id = unique_id("filter");
    let all = move || {
        let mut all = vec![SelectOption::new("", t::ui::all)];
        all.extend(choices.get());
        option_views(all, value)
    };
    view! {
        <span class="filter">
            <label for=id.clone()>{label}</label>
            <select
                class="input"
                id=id
                on:change=move |event| value.set(event_target_value(&event))
            >
                {all}
            </select>
        </span>
    }
}
