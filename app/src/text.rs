//! The page's texts, in the visitor's language.
//!
//! # Adding a text
//! 1. Add the text under a snake-case key to `app/locales/en/<namespace>.json`, and to the
//!    same file of **every** other language. There is one file for each page; `ui` is for
//!    the components, `shell` for the frame around the pages. A new file becomes a module,
//!    a new folder a language. Write arguments in braces: `"Remove {partner}?"`. A plural
//!    is an object: `{"one": "{count} partner", "other": "{count} partners"}`.
//! 2. The build generates a function for the text in [`crate::t`], with one `&str` for each
//!    argument in alphabetical order. A plural takes `count: usize` first, and `{count}` is
//!    formatted in the page's language. A key that is missing in a language, or has other
//!    arguments there, fails the build.
//!
//! # Using a text
//! A function of [`crate::t`] reads the current language reactively, so use it where the
//! view can run it again. It returns plain text, and is never async.
//! ```text
//! view! {
//!     <p>{t::partners::intro}</p>                  // no argument: pass the function
//!     <p>{move || t::partners::found(count.get())}</p> // arguments: a closure
//!     <input aria-label=t::ui::search />                     // attributes alike
//!     <Button label=t::ui::retry />                          // components take a `Text`
//!     <Button label=move || t::partners::remove(&name) />
//! }
//! ```
//! A component's prop for text is `#[prop(into)] label: Text`. It accepts such a function,
//! a closure, a `String` or a `&str` (for text that users entered, such as the name of a
//! partner). For a link within a sentence, write the link's text between square brackets in
//! the JSON and use [`split_link`].
//!
//! Numbers, dates and lists are formatted by [`crate::intl`].
//!
//! # Why not a library
//! Only the visitor's language is fetched, in parallel with the wasm. All texts are then
//! available synchronously, which attributes need. Measured on a routed app of ten pages
//! and 300 messages (wasm, brotli 11): texts written into the views 78.3 KB, this table
//! 83.7 KB, `leptos_i18n` 0.6.2 with two languages embedded 105.9 KB, and with
//! `dynamic_load` 130.5 KB, where each text is a future that attributes have to await.

use std::{
    fmt::{self, Debug, Formatter},
    sync::Arc,
};

use js_sys::{Array, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::{
    browser, intl, message_table, t,
    view::{Attribute, IntoAttribute, IntoView, View},
};

pub use crate::message_table::{language, message};

/// Storage key of the chosen language; index.html reads it too.
const STORAGE_KEY: &str = "accord-language";

/// Separator of the plural forms of a message, as `crates/messages` writes them.
const PLURAL_SEPARATOR: char = '\u{1f}';

/// Error of fetching the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLoadError {
    /// The network or the server failed.
    Unreachable,
    /// The texts belong to another build of the page.
    Outdated,
}

/// A text passed to a component. It follows the page's language.
#[derive(Clone)]
pub struct Text(Arc<dyn Fn() -> String + Send + Sync>);

impl Text {
    /// Returns the text in the current language. Reactive.
    #[must_use]
    pub fn get(&self) -> String {
        (self.0)()
    }
}

impl Debug for Text {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Text")
    }
}

impl<F: Fn() -> String + Send + Sync + 'static> From<F> for Text {
    fn from(text: F) -> Self {
        Self(Arc::new(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::new(move || text.clone()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Signal<String>> for Text {
    fn from(text: Signal<String>) -> Self {
        Self(Arc::new(move || text.get()))
    }
}

impl IntoView for Text {
    fn into_view(self) -> View {
        (move || self.get()).into_view()
    }
}

impl IntoAttribute for Text {
    fn into_attribute(self) -> Attribute {
        (move || self.get()).into_attribute()
    }
}

impl IntoAttribute for Option<Text> {
    fn into_attribute(self) -> Attribute {
        self.map_or(Attribute::Fixed(None), Text::into_attribute)
    }
}

/// Fetches the texts of the language that index.html chose. The page is mounted afterwards,
/// so that no text is ever missing.
///
/// # Errors
/// Fails if the texts cannot be fetched.
pub async fn start() -> Result<(), TextLoadError> {
    let code = browser::root().map(|root| root.lang());
    let language = supported_language(&code.unwrap_or_default());
    // index.html has already requested the texts. If that failed, they are requested again.
    let early_response = Reflect::get(&window(), &"accordText".into())
        .ok()
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    let messages = match early_response {
        Some(promise) => match parse_response(promise).await {
            Ok(messages) => messages,
            Err(_) => fetch_messages(language).await?,
        },
        None => fetch_messages(language).await?,
    };
    set_messages(language, messages);
    Ok(())
}

/// Changes the language and stores the choice. If the server's texts belong to a newer
/// build, the page is reloaded; the choice is stored, so nothing else is lost.
///
/// # Errors
/// Fails if the texts cannot be fetched. The language then stays unchanged.
pub async fn choose(code: &str) -> Result<(), TextLoadError> {
    let language = supported_language(code);
    match fetch_messages(language).await {
        Ok(messages) => {
            browser::set_local_value(STORAGE_KEY, language);
            set_messages(language, messages);
            Ok(())
        }
        Err(TextLoadError::Outdated) => {
            browser::set_local_value(STORAGE_KEY, language);
            let _ = window().location().reload();
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Changes the language without storing the choice.
///
/// # Errors
/// Fails if the texts cannot be fetched. The language then stays unchanged.
pub async fn show_temporarily(code: &str) -> Result<(), TextLoadError> {
    let language_code = supported_language(code);
    if untrack(language) != language_code {
        set_messages(language_code, fetch_messages(language_code).await?);
    }
    Ok(())
}

/// Splits a text at the link in square brackets, and returns the text before, in and after
/// them.
#[must_use]
pub fn split_link(text: &str) -> (String, String, String) {
    let (before, rest) = text.split_once('[').unwrap_or((text, ""));
    let (inner, after) = rest.split_once(']').unwrap_or((rest, ""));
    (before.to_owned(), inner.to_owned(), after.to_owned())
}

/// Returns the message for a code of the API. Used by the generated functions of
/// [`crate::t`].
#[must_use]
pub fn for_code(messages: &[(&str, usize)], code: &str) -> Option<String> {
    messages.iter().find(|(known, _)| *known == code).map(|(_, index)| message(*index))
}

/// Returns a message with its arguments filled in. Used by the generated functions of
/// [`crate::t`].
#[must_use]
pub fn fill(index: usize, arguments: &[(&str, &str)]) -> String {
    fill_arguments(&message(index), arguments)
}

/// Returns the plural form of a message for `count`, with its arguments filled in. Used by
/// the generated functions of [`crate::t`].
#[must_use]
pub fn plural(index: usize, count: usize, arguments: &[(&str, &str)]) -> String {
    let message = message(index);
    let category = intl::plural_category(count);
    let form = |wanted: &str| {
        message
            .split(PLURAL_SEPARATOR)
            .find_map(|form| form.split_once('=').filter(|(name, _)| *name == wanted))
            .map(|(_, text)| text)
    };
    let text = form(&category).or_else(|| form("other")).unwrap_or_default();
    let number = intl::number(count);
    let arguments: Vec<_> =
        [("count", number.as_str())].into_iter().chain(arguments.iter().copied()).collect();
    fill_arguments(text, &arguments)
}

/// Replaces the names in braces with the arguments.
fn fill_arguments(text: &str, arguments: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = arguments.iter().find(|(argument, _)| *argument == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn supported_language(code: &str) -> &'static str {
    t::LANGUAGES.iter().find(|(known, _)| *known == code).map_or("en", |(known, _)| known)
}

fn set_messages(language: &'static str, messages: Vec<String>) {
    message_table::set(language, messages);
    if let Some(root) = browser::root() {
        root.set_lang(language);
    }
    // The crash message is set in advance: after a panic, nothing in this program can be
    // relied on.
    untrack(|| {
        browser::set_text("crash-text", &t::ui::crashed());
        browser::set_text("crash-reload", &t::ui::reload());
    });
}

async fn fetch_messages(language: &str) -> Result<Vec<String>, TextLoadError> {
    parse_response(window().fetch_with_str(&format!("/text/{language}.json"))).await
}

async fn parse_response(response: Promise) -> Result<Vec<String>, TextLoadError> {
    let unreachable = |_: JsValue| TextLoadError::Unreachable;
    let response: Response =
        JsFuture::from(response).await.and_then(JsCast::dyn_into).map_err(unreachable)?;
    if !response.ok() {
        return Err(TextLoadError::Unreachable);
    }
    let json = response.json().map_err(unreachable)?;
    let table = JsFuture::from(json).await.map_err(unreachable)?;
    let table: Array = table.dyn_into().map_err(unreachable)?;
    if table.shift().as_string().as_deref() != Some(t::FINGERPRINT) {
        return Err(TextLoadError::Outdated);
    }
    Ok(table.iter().map(|text| text.as_string().unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests {
    use super::{fill_arguments, split_link};

    #[test]
    fn arguments_replace_their_names() {
        let text = fill_arguments("{who} removes {what}.", &[("what", "B"), ("who", "A")]);
        assert_eq!(text, "A removes B.");
        assert_eq!(fill_arguments("No argument.", &[]), "No argument.");
    }

    #[test]
    fn a_sentence_is_split_at_its_link() {
        let (before, link, after) = split_link("Read the [agreement] first.");
        assert_eq!((&*before, &*link, &*after), ("Read the ", "agreement", " first."));
    }
}
