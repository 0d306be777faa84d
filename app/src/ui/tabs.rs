//! Tabs: parts of a page with a URL each.

use leptos::prelude::*;

use crate::{
    text::Text,
    ui::Link,
    view::{CollectView, View, view},
};

/// Creates a tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// The tab's name.
    pub label: Text,
    /// The tab's address.
    pub href: String,
}

impl Tab {
    /// Creates a tab.
    pub fn new(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// Links to the parts of a page; `aria-current` marks the one that is shown.
#[component]
pub fn Tabs(
    /// The accessible name of the tabs.
    #[prop(into)]
    label: Text,
    /// The tabs.
    tabs: Vec<Tab>,
) -> View {
    let links = tabs
        .into_iter()
        .map(|tab| view! { <Link href=tab.href exact=true class="tab">{tab.label}</Link> })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{links}</nav> }
}
