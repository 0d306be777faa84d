//! The few things of the browser that have no component: storage, and what
//! index.html keeps outside the page.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What was remembered under the name, if the browser lets us know.
#[must_use]
pub fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Remembers a value. A browser that refuses storage forgets it, which is
/// what its user asked for.
pub fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Forgets a value.
pub fn forget(name: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(name);
    }
}

/// The `<html>` element.
#[must_use]
pub fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The element with that id, as HTML.
#[must_use]
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Replaces the text of an element of index.html.
pub fn set_text(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}

/// Shows an element of index.html that is hidden until it is needed.
pub fn reveal(id: &str) {
    if let Some(element) = element(id) {
        element.set_hidden(false);
    }
}

/// Takes an element of index.html away.
pub fn discard(id: &str) {
    if let Some(element) = element(id) {
        element.remove();
    }
}
