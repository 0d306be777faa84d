//! A quotation.

use crate::{
    text::Text,
    view::{View, view},
};
use leptos::prelude::*;
use stylers_macro::style;

/// Text written by a person, as plain text with its line breaks.
#[component]
pub fn QuotedText(
    /// The text.
    text: String,
    /// The author, or the kind of text.
    #[prop(into)]
    caption: Text,
) -> View {
    let scope = style! {
        .words {
            margin: 0;
            padding: var(--space-3) var(--space-4);
            border-left: 3px solid var(--line-strong);
            border-radius: 0 var(--radius-4) var(--radius-4) 0;
            background-color: var(--surface-2);
        }
        .words-caption {
            margin-bottom: var(--space-1);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .words-text {
            margin: 0;
            max-width: 76ch;
            overflow-wrap: anywhere;
            white-space: pre-line;
        }
    };
    view! { class = scope,
        <figure class="words">
            <figcaption class="words-caption">{caption}</figcaption>
            <blockquote class="words-text" dir="auto">{text}</blockquote>
        </figure>
    }
}
