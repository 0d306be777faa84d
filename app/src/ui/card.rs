//! The card.

use leptos::prelude::*;

use crate::{
    text::Text,
    view::{Slot, View, view},
};

/// A surface for related content, with an optional heading.
#[component]
pub fn Card(
    /// The heading (`<h2>`).
    #[prop(optional, into)]
    title: Option<Text>,
    /// The content.
    children: Slot,
) -> View {
    view! {
        <section class="card">
            {title.map(|title| view! { <h2 class="card-title">{title}</h2> })}
            {children.run()}
        </section>
    }
}
