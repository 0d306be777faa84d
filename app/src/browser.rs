//! The few things of the browser that have no component: storage, and what
//! index.html keeps outside the page.

use js_sys::Array;
use leptos::prelude::{document, request_animation_frame, window};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Url};

/// What was remembered under the name, if the browser lets us know.
#[must_use]
pub fn local_value(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Remembers a value. A browser that refuses storage forgets it, which is
/// what its user asked for.
pub fn set_local_value(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Forgets a value.
pub fn remove_local_value(name: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(name);
    }
}

/// What was kept under the name for as long as the window is open.
#[must_use]
pub fn session_value(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(name).ok()?
}

/// Keeps a value for as long as the window is open, also while its page is loaded anew. A
/// browser that refuses storage loses it with the page.
pub fn set_session_value(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Keeps it no longer.
pub fn remove_session_value(name: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.remove_item(name);
    }
}

/// 128 bits that nobody can foresee.
#[must_use]
pub fn random_u128() -> u128 {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u128::from_ne_bytes(bytes)
}

/// Gives the reader a file of this name, media type and text to keep.
pub fn download(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options);
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into().ok());
    let (Ok(blob), Some(link)) = (blob, link) else { return };
    let (Ok(address), link): (_, HtmlAnchorElement) =
        (Url::create_object_url_with_blob(&blob), link)
    else {
        return;
    };
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser has begun to read it by the next picture.
    request_animation_frame(move || {
        let _ = Url::revoke_object_url(&address);
    });
}

/// The `<html>` element.
#[must_use]
pub fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The element with that id, as HTML.
#[must_use]
pub fn element_by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Replaces the text of an element of index.html.
pub fn set_text(id: &str, text: &str) {
    if let Some(element) = element_by_id(id) {
        element.set_text_content(Some(text));
    }
}

/// Shows an element of index.html that is hidden until it is needed.
pub fn show_element(id: &str) {
    if let Some(element) = element_by_id(id) {
        element.set_hidden(false);
    }
}

/// Takes an element of index.html away.
pub fn remove_element(id: &str) {
    if let Some(element) = element_by_id(id) {
        element.remove();
    }
}
