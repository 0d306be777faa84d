//! Parts of one page that have a URL each.

use leptos::prelude::*;

use crate::{
    text::Text,
    ui::Link,
    view::{CollectView, View, view},
};

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Its name.
    pub label: Text,
    /// Where it is.
    pub href: String,
}

impl Tab {
    /// A tab.
    pub fn new(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// Links to the parts of a page; `aria-current` marks the one that is shown.
#[component]
pub fn Tabs(
    /// What they are parts of.
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
