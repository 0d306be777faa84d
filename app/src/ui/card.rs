//! Things that belong together.

use leptos::prelude::*;

use crate::{
    text::Text,
    view::{Slot, View, view},
};

/// A surface for things that belong together, with or without a heading.
#[component]
pub fn Card(
    /// The heading (`<h2>`).
    #[prop(optional, into)]
    title: Option<Text>,
    /// What belongs together.
    children: Slot,
) -> View {
    view! {
        <section class="card">
            {title.map(|title| view! { <h2 class="card-title">{title}</h2> })}
            {children.run()}
        </section>
    }
}
