//! The current language and its messages.

use std::{cell::RefCell, sync::Arc};

use leptos::prelude::*;

/// A language and its messages.
struct MessageTable {
    language: &'static str,
    messages: Vec<String>,
}

thread_local! {
    static TABLE: RefCell<Option<ArcRwSignal<Arc<MessageTable>>>> = const { RefCell::new(None) };
}

/// Returns the code of the current language, such as `nl`. Reactive.
#[must_use]
pub fn language() -> &'static str {
    with(|table| table.language).unwrap_or("en")
}

/// Returns a message. Used by the generated functions of [`crate::t`].
#[must_use]
pub fn message(index: usize) -> String {
    with(|table| table.messages.get(index).cloned()).flatten().unwrap_or_default()
}

fn with<T>(read: impl FnOnce(&MessageTable) -> T) -> Option<T> {
    let table = TABLE.with_borrow(Clone::clone)?;
    Some(table.with(|table| read(table)))
}

/// Replaces the language and its messages.
pub fn set(language: &'static str, messages: Vec<String>) {
    let table = Arc::new(MessageTable { language, messages });
    match TABLE.with_borrow(Clone::clone) {
        Some(signal) => signal.set(table),
        None => TABLE.set(Some(ArcRwSignal::new(table))),
    }
}
