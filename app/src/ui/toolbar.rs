//! What stands above a list: search, filters, actions, how many.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{Choice, Icon, IntoOnce, Slot, field::options, live, unique_id},
};

/// The line above a list: actions, a [`SearchBox`], [`Filter`]s.
#[component]
pub fn Toolbar(
    /// How many are shown, in words. It is announced when it changes.
    #[prop(optional, into)]
    count: Option<Text>,
    /// The controls.
    children: Slot,
) -> impl IntoView {
    view! {
        <div class="toolbar" role="search">
            {children.run()}
            {count.map(|count| view! { <p class="toolbar-count" role="status">{count}</p> })}
        </div>
    }
    .once()
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
) -> impl IntoView {
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
    .once()
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
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    let id = unique_id("filter");
    let all = move || {
        let mut all = vec![Choice::new("", t::ui::all)];
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
                {live(all)}
            </select>
        </span>
    }
    .once()
}
