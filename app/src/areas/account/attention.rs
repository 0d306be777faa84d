//! The cards of the home pages: what needs attention.

use crate::{
    features::{listing::COUNT_MAX, paging::RowCount},
    intl::{self},
    text::Text,
    ui::{Card, Icon, Link},
    view::{Slot, View, view},
};
use api::Page;
use leptos::prelude::*;
use stylers_macro::style;

/// The number of rows of a card; the complete list is a link away.
pub const CARD_ROWS: u32 = 5;

/// The number of things that need attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttentionCount {
    number: usize,
    /// Whether there are more than the number says.
    more: bool,
}

impl AttentionCount {
    /// Returns a number that is known exactly.
    pub fn exactly(number: usize) -> Self {
        Self { number, more: false }
    }

    /// Returns the number of rows of a list, given its first page.
    pub fn from_page<T>(page: &Page<T>) -> Self {
        match RowCount::from_page(page).all() {
            Some(number) => Self::exactly(number),
            None => Self { number: COUNT_MAX, more: true },
        }
    }

    /// Returns the number in words.
    fn text(self) -> String {
        let number = intl::number(self.number);
        if self.more { format!("{number}+") } else { number }
    }
}

/// A card that lists what needs attention, or says that nothing does.
#[component]
pub fn AttentionCard(
    /// The icon of the title.
    icon: Icon,
    /// The title.
    #[prop(into)]
    title: Text,
    /// The number of things, which can be more than the rows.
    count: AttentionCount,
    /// The text if there is nothing.
    #[prop(into)]
    empty: Text,
    /// The page with all of them.
    #[prop(into)]
    href: String,
    /// The text of the link to that page.
    #[prop(into)]
    link: Text,
    /// The rows.
    children: Slot,
) -> View {
    let scope = style! {
        .attention-head {
            display: flex;
            align-items: center;
            gap: var(--space-2);
            margin-bottom: var(--space-3);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .attention-mark {
            display: flex;
            color: var(--brand-text);
        }
        .attention-count {
            min-width: 24px;
            padding: 2px var(--space-2);
            border-radius: var(--radius-round);
            background-color: var(--brand-soft);
            color: var(--brand-text);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
            text-align: center;
        }
        .attention-empty {
            display: flex;
            gap: var(--space-2);
            margin: 0 0 var(--space-3);
            color: var(--text-2);
        }
        .attention-calm {
            display: flex;
            color: var(--success-text);
        }
        .attention-list {
            margin: 0 0 var(--space-3);
            padding: 0;
            list-style: none;
        }
    };
    let body = if count.number == 0 {
        view! { class = scope,
            <p class="attention-empty">
                <span class="attention-calm">{Icon::CheckCircle}</span>
                <span>{empty}</span>
            </p>
        }
    } else {
        view! { class = scope, <ul class="attention-list">{children.run()}</ul> }
    };
    let number = (count.number > 0).then(|| {
        view! { class = scope, <span class="attention-count">{move || count.text()}</span> }
    });
    view! { class = scope,
        <Card>
            <h2 class="attention-head">
                <span class="attention-mark">{icon}</span>
                <span>{title}</span>
                {number}
            </h2>
            {body}
            <Link href=href>{link}</Link>
        </Card>
    }
}

/// A row of an [`AttentionCard`]: a title, a text, and optionally a button.
#[component]
pub fn AttentionRow(
    /// The title.
    title: View,
    /// The text below the title.
    about: View,
    /// The button.
    #[prop(optional)]
    action: Option<View>,
) -> View {
    let scope = style! {
        .attention-row {
            display: flex;
            align-items: center;
            gap: var(--space-3);
            padding: var(--space-2) 0;
            border-bottom: 1px solid var(--line);
        }
        .attention-what {
            flex: 1;
            min-width: 0;
            overflow-wrap: anywhere;
        }
        .attention-title {
            font-weight: 600;
        }
        .attention-about {
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    view! { class = scope,
        <li class="attention-row">
            <div class="attention-what">
                <div class="attention-title">{title}</div>
                <div class="attention-about">{about}</div>
            </div>
            {action}
        </li>
    }
}
