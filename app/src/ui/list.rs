//! The states of a list, which look clearly different from each other.

use leptos::prelude::*;
use stylers_macro::style;

use crate::{
    t,
    text::Text,
    ui::{Button, Icon, Spinner},
    view::{CollectView, IntoView, Slot, SlotFn, View, view},
};

/// How it stands with a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListState {
    /// It is on its way.
    #[default]
    Loading,
    /// It could not be had, and why.
    Failed(String),
    /// There is nothing yet.
    Empty,
    /// There is something, but nothing that was searched for.
    NoResult,
    /// There it is.
    Ready,
}

impl ListState {
    /// The state of a list of which `total` things exist and `shown` are left
    /// by the search and the filters.
    #[must_use]
    pub fn of(shown: usize, total: usize) -> Self {
        match (shown, total) {
            (_, 0) => Self::Empty,
            (0, _) => Self::NoResult,
            _ => Self::Ready,
        }
    }
}

/// Shows a list, or in its place why there is none.
#[component]
pub fn ListView(
    /// How it stands.
    #[prop(into)]
    state: Signal<ListState>,
    /// What is shown while there is nothing yet; say what will appear here and
    /// how, for instance in an [`EmptyState`].
    #[prop(into)]
    empty: SlotFn,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Clears the search and the filters.
    #[prop(optional, into)]
    on_clear: Option<Callback<()>>,
    /// The list itself.
    children: SlotFn,
) -> View {
    // A memo, so that the list is not made anew when it merely grows.
    let state = Memo::new(move |_| state.get());
    (move || {
        match state.get() {
        ListState::Loading => view! { <Skeleton /> },
        ListState::Failed(reason) => {
            view! { <ErrorState reason=reason on_retry=on_retry /> }
        }
        ListState::Empty => empty.run(),
        ListState::NoResult => view! {
            <EmptyState icon=Icon::Search title=t::ui::no_result hint=t::ui::no_result_hint>
                {on_clear
                    .map(|on_clear| view! { <Button label=t::ui::clear_filters on_press=on_clear /> })}
            </EmptyState>
        },
        ListState::Ready => children.run(),
    }
    }).into_view()
}

/// There is nothing yet: what will be here, and what to do about it.
#[component]
pub fn EmptyState(
    /// The picture.
    icon: Icon,
    /// What is so.
    #[prop(into)]
    title: Text,
    /// What will be here, or what to do.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let scope = style! {
        .empty {
            display: grid;
            justify-items: center;
            gap: var(--space-2);
            padding: var(--space-12) var(--space-4);
            text-align: center;
        }
        .empty-title {
            margin: 0;
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
            font-weight: 600;
        }
        .empty-hint {
            max-width: 48ch;
            margin: 0 0 var(--space-2);
            color: var(--text-2);
        }
        .empty-picture {
            display: grid;
            place-items: center;
            width: 56px;
            height: 56px;
            margin-bottom: var(--space-2);
            border-radius: 50%;
            background-color: var(--brand-soft);
            color: var(--brand-text);
        }
    };
    view! { class = scope,
        <div class="empty">
            <span class="empty-picture">{icon}</span>
            <p class="empty-title">{title}</p>
            {hint.map(|hint| view! { class = scope, <p class="empty-hint">{hint}</p> })}
            {children.map(Slot::run)}
        </div>
    }
}

/// It could not be had: why, and a way to try again.
#[component]
pub fn ErrorState(
    /// Why.
    #[prop(into)]
    reason: Text,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> View {
    let scope = style! {
        .failed {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-3);
            padding: var(--space-4);
            border: 1px solid var(--error-line);
            border-radius: var(--radius-4);
            background-color: var(--error-soft);
        }
        .failed-text {
            flex: 1 1 240px;
            margin: 0;
        }
        .failed-mark {
            display: flex;
            color: var(--error-text);
        }
    };
    view! { class = scope,
        <div class="failed" role="alert">
            <span class="failed-mark">{Icon::Error}</span>
            <p class="failed-text">
                <strong>{t::ui::failed}</strong>
                " "
                {reason}
            </p>
            <Button label=t::ui::retry icon=Icon::Refresh on_press=on_retry />
        </div>
    }
}

/// It is on its way: grey lines where it will be.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 5)]
    lines: usize,
) -> View {
    view! {
        <div class="skeleton">
            <span class="visually-hidden">
                <Spinner label=t::ui::loading />
            </span>
            {(0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}
