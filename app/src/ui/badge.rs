//! Badges and tags.

use leptos::prelude::*;

use crate::{
    text::Text,
    ui::Intent,
    view::{View, view},
};

/// A badge for a state: an icon, a color and a word.
#[component]
pub fn Badge(
    /// The text.
    #[prop(into)]
    label: Text,
    /// The meaning, which determines icon and color.
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

/// A neutral tag for a kind or a role.
#[component]
pub fn Tag(
    /// The text.
    #[prop(into)]
    label: Text,
) -> View {
    view! { <span class="tag">{label}</span> }
}
