//! Saying how it went, after the fact, from anywhere.

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

/// What is said, wherever it came from: an action may end after its page is
/// gone, so this belongs to no page.
#[derive(Clone)]
struct Voice {
    announced: ArcRwSignal<String>,
    toasts: ArcRwSignal<Vec<Toast>>,
    next: ArcRwSignal<u32>,
}

thread_local! {
    static VOICE: RefCell<Option<Voice>> = const { RefCell::new(None) };
}

fn voice() -> Voice {
    VOICE.with_borrow_mut(|voice| {
        voice
            .get_or_insert_with(|| Voice {
                announced: ArcRwSignal::new(String::new()),
                toasts: ArcRwSignal::default(),
                next: ArcRwSignal::new(0),
            })
            .clone()
    })
}

/// Says something to assistive technology alone.
pub fn announce(text: &str) {
    voice().announced.set(text.to_owned());
}

/// Shows a message for some seconds, and says it. What must not be missed
/// belongs in a [`MessageBar`](crate::ui::MessageBar) instead; errors therefore
/// stay until they are dismissed.
pub fn toast(intent: Intent, text: impl Into<String>) {
    let voice = voice();
    let id = voice.next.get_untracked();
    voice.next.set(id + 1);
    voice.toasts.update(|toasts| toasts.push(Toast { id, intent, text: text.into() }));
    if intent != Intent::Error {
        set_timeout(move || dismiss(id), Duration::from_secs(7));
    }
}

fn dismiss(id: u32) {
    voice().toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// Where [`toast()`] and [`announce`] appear; once, in the frame of the app.
#[component]
pub fn Toasts() -> View {
    let Voice { announced, toasts, .. } = voice();
    view! {
        <div class="visually-hidden" role="status">{move || announced.get()}</div>
        <div class="toasts" role="status">
            {each(move || toasts.get(), |toast| toast.id.to_string(), shown)}
        </div>
    }
}

/// One message.
fn shown(toast: Toast) -> View {
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
