//! States and kinds, in a word.

use leptos::prelude::*;

use crate::{
    text::Text,
    ui::Intent,
    view::{View, view},
};

/// A state in a word: an icon, a color and the word itself.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    label: Text,
    /// How it is meant.
    #[prop(optional)]
    intent: Intent,
) -> View {
    view! {
        <span class=format!("badge {}", intent.class())>
            {intent.icon()}
            {label}
        </span>
    }
}

/// A kind or a role in a word, without judgment.
#[component]
pub fn Tag(
    /// The word.
    #[prop(into)]
    label: Text,
) -> View {
    view! { <span class="tag">{label}</span> }
}
