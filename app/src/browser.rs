//! Access to browser features that have no component: storage, downloads, and the elements
//! of index.html outside the page.

use js_sys::Array;
use leptos::prelude::{document, request_animation_frame, window};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Url};

/// Returns a value from `localStorage`, or `None` if the browser denies access.
#[must_use]
pub fn local_value(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Stores a value in `localStorage`. Errors are ignored: the user may have disabled
/// storage.
pub fn set_local_value(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Removes a value from `localStorage`.
pub fn remove_local_value(name: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(name);
    }
}

/// Returns a value from `sessionStorage`, which lives as long as the tab.
#[must_use]
pub fn session_value(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(name).ok()?
}

/// Stores a value in `sessionStorage`, where it survives a reload. If the browser denies
/// access, the value is lost with the page.
pub fn set_session_value(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Removes a value from `sessionStorage`.
pub fn remove_session_value(name: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.remove_item(name);
    }
}

/// Returns 128 cryptographically random bits.
#[must_use]
pub fn random_u128() -> u128 {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u128::from_ne_bytes(bytes)
}

/// Offers a text for download as a file of the given name and media type.
pub fn download(name: &str, media_type: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
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
    // The browser has started the download by the next frame.
    request_animation_frame(move || {
        let _ = Url::revoke_object_url(&address);
    });
}

/// Returns the `<html>` element.
#[must_use]
pub fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// Returns the HTML element with the given id.
#[must_use]
pub fn element_by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Sets the text of an element of index.html.
pub fn set_text(id: &str, text: &str) {
    if let Some(element) = element_by_id(id) {
        element.set_text_content(Some(text));
    }
}

/// Shows an element of index.html that is initially hidden.
pub fn show_element(id: &str) {
    if let Some(element) = element_by_id(id) {
        element.set_hidden(false);
    }
}

/// Removes an element of index.html.
pub fn remove_element(id: &str) {
    if let Some(element) = element_by_id(id) {
        element.remove();
    }
}
