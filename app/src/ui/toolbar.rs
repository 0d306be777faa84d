//! What stands above a list: search, filters, actions, how many.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{Icon, SelectOption, field::options, unique_id},
    view::{Slot, View, view},
};

/// The line above a list: actions, a [`SearchBox`], [`Filter`]s.
#[component]
pub fn Toolbar(
    /// How many are shown, in words. It is announced when it changes.
    #[prop(optional, into)]
    count: Option<Text>,
    /// The controls.
    children: Slot,
) -> View {
    view! {
        <div class="toolbar" role="search">
            {children.run()}
            {count.map(|count| view! { <p class="toolbar-count" role="status">{count}</p> })}
        </div>
    }
}

/// Searches at each keystroke.
#[component]
pub fn SearchBox(
    /// What is searched.
    #[prop(into)]
    label: Text,
    /// What for.
    value: RwSignal<String>,
    /// Its id, where the page gives it the focus.
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

/// Shows only those of one kind. The empty value stands for all.
#[component]
pub fn Filter(
    /// By what.
    #[prop(into)]
    label: Text,
    /// The kind.
    value: RwSignal<String>,
    /// The kinds; "all" comes by itself.
    #[prop(into)]
    choices: Signal<Vec<SelectOption>>,
) -> View {
    let id = unique_id("filter");
    let all = move || {
        let mut all = vec![SelectOption::new("", t::ui::all)];
        all.extend(choices.get());
        options(all, value)
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
