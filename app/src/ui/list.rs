//! The states of a list, each with a distinct look.

use leptos::prelude::*;
use stylers_macro::style;

use crate::{
    t,
    text::Text,
    ui::{Button, Icon, Spinner},
    view::{CollectView, IntoView, Slot, SlotFn, View, view},
};

/// The state of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListState {
    /// The list is being fetched.
    #[default]
    Loading,
    /// The list could not be fetched, with the reason.
    Failed(String),
    /// There are no entries yet.
    Empty,
    /// There are entries, but none matches the search and the filters.
    NoResult,
    /// There are entries to show.
    Ready,
}

/// A list, or a placeholder for its state.
#[component]
pub fn ListView(
    /// The state of the list.
    #[prop(into)]
    state: Signal<ListState>,
    /// The placeholder for [`ListState::Empty`], for instance an [`EmptyState`]. It should
    /// say what will appear here and how.
    #[prop(into)]
    empty: SlotFn,
    /// Retries the request.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Clears the search and the filters.
    #[prop(optional, into)]
    on_clear: Option<Callback<()>>,
    /// The list.
    children: SlotFn,
) -> View {
    // A memo, so that the list is not rendered again when it merely grows.
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

/// The placeholder for an empty list or page.
#[component]
pub fn EmptyState(
    /// The icon.
    icon: Icon,
    /// The title.
    #[prop(into)]
    title: Text,
    /// A hint: what will appear here, or what to do.
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

/// The placeholder for a failed request, with a button to retry.
#[component]
pub fn ErrorState(
    /// The reason.
    #[prop(into)]
    reason: Text,
    /// Retries the request.
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

/// The placeholder while content is being fetched: gray lines.
#[component]
pub fn Skeleton(
    /// The number of lines.
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
