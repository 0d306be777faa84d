//! Toasts and announcements, which any code can trigger.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;

use crate::{
    t,
    ui::{Icon, Intent},
    view::{View, each, view},
};

#[derive(Clone, Debug)]
struct Toast {
    id: u32,
    intent: Intent,
    text: String,
}

/// The current messages. They belong to no page, because an action can finish after its
/// page was closed.
#[derive(Clone)]
struct Notifications {
    announcement: ArcRwSignal<String>,
    toasts: ArcRwSignal<Vec<Toast>>,
    next_id: ArcRwSignal<u32>,
}

thread_local! {
    static NOTIFICATIONS: RefCell<Option<Notifications>> = const { RefCell::new(None) };
}

fn notifications() -> Notifications {
    NOTIFICATIONS.with_borrow_mut(|notifications| {
        notifications
            .get_or_insert_with(|| Notifications {
                announcement: ArcRwSignal::new(String::new()),
                toasts: ArcRwSignal::default(),
                next_id: ArcRwSignal::new(0),
            })
            .clone()
    })
}

/// Announces a text to assistive technology only.
pub fn announce(text: &str) {
    notifications().announcement.set(text.to_owned());
}

/// Shows a message for a few seconds and announces it. Errors stay until they are
/// dismissed. A message that must not be missed belongs in a
/// [`MessageBar`](crate::ui::MessageBar) instead.
pub fn toast(intent: Intent, text: impl Into<String>) {
    let notifications = notifications();
    let id = notifications.next_id.get_untracked();
    notifications.next_id.set(id + 1);
    notifications.toasts.update(|toasts| toasts.push(Toast { id, intent, text: text.into() }));
    if intent != Intent::Error {
        set_timeout(move || dismiss(id), Duration::from_secs(7));
    }
}

fn dismiss(id: u32) {
    notifications().toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// The place where [`toast()`] and [`announce`] appear; used once, in the frame of the app.
#[component]
pub fn Toasts() -> View {
    let Notifications { announcement, toasts, .. } = notifications();
    view! {
        <div class="visually-hidden" role="status">{move || announcement.get()}</div>
        <div class="toasts" role="status">
            {each(move || toasts.get(), |toast| toast.id.to_string(), toast_view)}
        </div>
    }
}

/// Renders a message.
fn toast_view(toast: Toast) -> View {
    let Toast { id, intent, text } = toast;
    view! {
    <div class=format!("message toast {}", intent.class())>
        {intent.icon()}
        <div class="message-body">{text}</div>
        <button
            type="button"
            class="button subtle icon-only"
            aria-label=t::ui::dismiss
            on:click=move |_| dismiss(id)
        >
            {Icon::Close}
        </button>
    </div>
    }
}
