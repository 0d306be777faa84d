//! The breadcrumb navigation.

use leptos::prelude::*;
use stylers_macro::style;

use crate::{
    t,
    text::Text,
    ui::Icon,
    ui::Link,
    view::{CollectView, View, view},
};

/// A link in a [`Breadcrumb`].
#[derive(Clone, Debug)]
pub struct Crumb {
    /// The page's name.
    pub label: Text,
    /// The page's address.
    pub href: String,
}

impl Crumb {
    /// Creates a link to a parent page.
    pub fn new(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The links to the parent pages, followed by the current page, which is not a link.
#[component]
pub fn Breadcrumb(
    /// The parent pages, outermost first.
    crumbs: Vec<Crumb>,
    /// The name of the current page.
    #[prop(into)]
    current: Text,
) -> View {
    let scope = style! {
        ol {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            row-gap: var(--space-1);
            margin: 0;
            padding: 0;
            list-style: none;
            color: var(--text-2);
        }
        li {
            display: flex;
            align-items: center;
        }
    };
    let above = crumbs
        .into_iter()
        .map(|crumb| {
            view! { class = scope,
                <li>
                    <Link href=crumb.href>{crumb.label}</Link>
                    {Icon::ChevronRight}
                </li>
            }
        })
        .collect_view();
    view! { class = scope,
        <nav class="breadcrumb" aria-label=t::ui::breadcrumb>
            <ol>
                {above}
                <li aria-current="page">{current}</li>
            </ol>
        </nav>
    }
}
