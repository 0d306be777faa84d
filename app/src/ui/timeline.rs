//! Timelines.

use leptos::prelude::*;
use stylers_macro::style;

use crate::{
    text::Text,
    ui::Icon,
    view::{Slot, View, view},
};

/// A list of events, newest first: a list of [`TimelineItem`]s.
#[component]
pub fn Timeline(
    /// The items.
    children: Slot,
) -> View {
    let scope = style! {
        ol {
            margin: 0;
            padding: 0;
            list-style: none;
        }
    };
    view! { class = scope, <ol>{children.run()}</ol> }
}

/// An event.
#[component]
pub fn TimelineItem(
    /// The id of the title, which can take the focus.
    #[prop(optional, into)]
    id: Option<String>,
    /// The icon for the kind of event.
    icon: Icon,
    /// The event.
    #[prop(into)]
    title: Text,
    /// The formatted time.
    #[prop(into)]
    time: Text,
    /// The person and the details.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let scope = style! {
        .event {
            position: relative;
            display: grid;
            grid-template-columns: 32px 1fr;
            gap: 0 var(--space-3);
            padding-bottom: var(--space-5);
        }
        .event-line {
            position: absolute;
            top: 32px;
            bottom: 0;
            left: 15px;
            width: 1px;
            background-color: var(--line);
        }
        .event:last-child {
            padding-bottom: 0;
        }
        .event:last-child .event-line {
            display: none;
        }
        .event-mark {
            display: grid;
            place-items: center;
            width: 32px;
            height: 32px;
            border-radius: 50%;
            background-color: var(--surface-3);
            color: var(--text-2);
        }
        .event-title {
            margin: var(--space-1) 0 0;
            font-weight: 600;
        }
        .event-time {
            margin: 0;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    view! { class = scope,
        <li class="event">
            <span class="event-mark">{icon}</span>
            <span class="event-line"></span>
            <div>
                <p class="event-title" id=id tabindex="-1">
                    {title}
                </p>
                <p class="event-time">{time}</p>
                {children.map(Slot::run)}
            </div>
        </li>
    }
}
