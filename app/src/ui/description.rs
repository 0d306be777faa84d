//! Description lists.

use leptos::prelude::*;
use stylers_macro::style;

use crate::{
    text::Text,
    view::{Slot, View, view},
};

/// The properties of an object: a list of [`DescriptionItem`]s.
#[component]
pub fn DescriptionList(
    /// The items.
    children: Slot,
) -> View {
    let scope = style! {
        dl {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
            gap: var(--space-4) var(--space-6);
            margin: 0;
        }
    };
    view! { class = scope, <dl>{children.run()}</dl> }
}

/// A property: its name and its value.
#[component]
pub fn DescriptionItem(
    /// The property's name.
    #[prop(into)]
    label: Text,
    /// The property's value.
    children: Slot,
) -> View {
    let scope = style! {
        dt {
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        dd {
            margin: var(--space-1) 0 0;
            overflow-wrap: anywhere;
        }
    };
    view! { class = scope,
        <div>
            <dt>{label}</dt>
            <dd>{children.run()}</dd>
        </div>
    }
}
