//! The page's text, in the visitor's language.
//!
//! # How to add a text
//! 1. Put it under a snake-case key into `app/locales/en/<namespace>.json`, and
//!    into the same file of **every** other language. One file for each page;
//!    `ui` is for the components, `shell` for the frame around the pages. A new
//!    file is a new module; a new folder is a new language. Arguments stand in
//!    braces: `"Remove {partner}?"`. A plural is an object:
//!    `{"one": "{count} partner", "other": "{count} partners"}`.
//! 2. The build makes a function of it, in [`crate::t`], with one `&str` for
//!    each argument in alphabetical order; a plural takes `count: usize` first
//!    and writes `{count}` as the language writes numbers. A key that is
//!    missing in a language, or has other arguments there, fails the build.
//!
//! # How to use it
//! A function of [`crate::t`] reads the current language reactively, so it is
//! used where the view may run it again. It is plain text and never waits.
//! ```text
//! view! {
//!     <p>{t::partners::intro}</p>                  // no argument: pass the function
//!     <p>{move || t::partners::found(count.get())}</p> // arguments: a closure
//!     <input aria-label=t::ui::search />                     // attributes alike
//!     <Button label=t::ui::retry />                          // components take a `Text`
//!     <Button label=move || t::partners::remove(&name) />
//! }
//! ```
//! A component's prop for text is `#[prop(into)] label: Text`, made from such a
//! function, a closure, a `String` or a `&str` (for what people typed, such as
//! the name of a partner). For a link within a sentence write the link's text
//! between square brackets in the JSON and use [`split_link`].
//!
//! Numbers, dates and lists are written by [`crate::intl`].
//!
//! # Why this is our own
//! Only the visitor's language is fetched, and while the wasm is still on its
//! way; text is then there without waiting, which attributes need. Measured on
//! a routed app of ten pages and 300 messages (wasm, brotli 11): texts written
//! into the views 78.3 KB, this table 83.7 KB, `leptos_i18n` 0.6.2 with two
//! languages embedded 105.9 KB, and with `dynamic_load` 130.5 KB, where each
//! text is moreover a future and attributes have to wait for theirs.

use std::{
    cell::RefCell,
    fmt::{self, Debug, Formatter},
    sync::Arc,
};

use js_sys::{Array, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::{
    browser, intl, t,
    view::{Attribute, IntoAttribute, IntoView, View},
};

/// Where the choice of language is kept; index.html reads it too.
const STORED: &str = "accord-language";

/// Separates the plural forms of a message, as `build/messages.rs` writes them.
const FORM: char = '\u{1f}';

/// A language and its texts.
struct Table {
    language: &'static str,
    messages: Vec<String>,
}

thread_local! {
    static TABLE: RefCell<Option<ArcRwSignal<Arc<Table>>>> = const { RefCell::new(None) };
}

/// The text could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLoadError {
    /// The network or the server failed.
    Unreachable,
    /// The text belongs to another build of this page.
    Outdated,
}

/// A text that a component was given: it follows the language.
#[derive(Clone)]
pub struct Text(Arc<dyn Fn() -> String + Send + Sync>);

impl Text {
    /// The text now, in the current language. Reactive.
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

/// The current language's code, such as `nl`. Reactive.
#[must_use]
pub fn language() -> &'static str {
    with(|table| table.language).unwrap_or("en")
}

/// Fetches the text of the language that index.html chose. The page is mounted
/// only after it, so that no text is ever missing.
///
/// # Errors
/// When the text cannot be had.
pub async fn start() -> Result<(), TextLoadError> {
    let code = browser::root().map(|root| root.lang());
    let language = known(&code.unwrap_or_default());
    // index.html has asked already; where that failed it is asked again.
    let early = Reflect::get(&window(), &"accordText".into())
        .ok()
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    let messages = match early {
        Some(promise) => match read(promise).await {
            Ok(messages) => messages,
            Err(_) => fetch(language).await?,
        },
        None => fetch(language).await?,
    };
    show(language, messages);
    Ok(())
}

/// Changes the language, and remembers it. A page that is older than the text
/// on the server is loaded anew: the choice is kept, so nothing else is lost.
///
/// # Errors
/// When the text cannot be fetched; the language then stays as it was.
pub async fn choose(code: &str) -> Result<(), TextLoadError> {
    let language = known(code);
    match fetch(language).await {
        Ok(messages) => {
            browser::set_local_value(STORED, language);
            show(language, messages);
            Ok(())
        }
        Err(TextLoadError::Outdated) => {
            browser::set_local_value(STORED, language);
            let _ = window().location().reload();
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Changes the language for as long as the page is open, and remembers nothing.
///
/// # Errors
/// When the text cannot be fetched; the language then stays as it was.
pub async fn show_temporarily(code: &str) -> Result<(), TextLoadError> {
    let known = known(code);
    if untrack(language) != known {
        show(known, fetch(known).await?);
    }
    Ok(())
}

/// A text with a link in it: what stands before the square brackets, in them
/// and after them.
#[must_use]
pub fn split_link(text: &str) -> (String, String, String) {
    let (before, rest) = text.split_once('[').unwrap_or((text, ""));
    let (inner, after) = rest.split_once(']').unwrap_or((rest, ""));
    (before.to_owned(), inner.to_owned(), after.to_owned())
}

/// For the generated functions of [`crate::t`].
#[must_use]
pub fn message(index: usize) -> String {
    with(|table| table.messages.get(index).cloned()).flatten().unwrap_or_default()
}

/// For the generated functions of [`crate::t`].
#[must_use]
pub fn fill(index: usize, arguments: &[(&str, &str)]) -> String {
    insert(&message(index), arguments)
}

/// For the generated functions of [`crate::t`].
#[must_use]
pub fn plural(index: usize, count: usize, arguments: &[(&str, &str)]) -> String {
    let message = message(index);
    let category = intl::plural_category(count);
    let form = |wanted: &str| {
        message
            .split(FORM)
            .find_map(|form| form.split_once('=').filter(|(name, _)| *name == wanted))
            .map(|(_, text)| text)
    };
    let text = form(&category).or_else(|| form("other")).unwrap_or_default();
    let number = intl::number(count);
    let arguments: Vec<_> =
        [("count", number.as_str())].into_iter().chain(arguments.iter().copied()).collect();
    insert(text, &arguments)
}

/// Puts the arguments where their names stand between braces.
fn insert(text: &str, arguments: &[(&str, &str)]) -> String {
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

fn known(code: &str) -> &'static str {
    t::LANGUAGES.iter().find(|(known, _)| *known == code).map_or("en", |(known, _)| known)
}

fn with<T>(read: impl FnOnce(&Table) -> T) -> Option<T> {
    let table = TABLE.with_borrow(Clone::clone)?;
    Some(table.with(|table| read(table)))
}

fn show(language: &'static str, messages: Vec<String>) {
    let table = Arc::new(Table { language, messages });
    match TABLE.with_borrow(Clone::clone) {
        Some(signal) => signal.set(table),
        None => TABLE.set(Some(ArcRwSignal::new(table))),
    }
    if let Some(root) = browser::root() {
        root.set_lang(language);
    }
    // The message for a crash is put in place beforehand: after one, nothing
    // of this program can be relied on.
    untrack(|| {
        browser::set_text("crash-text", &t::ui::crashed());
        browser::set_text("crash-reload", &t::ui::reload());
    });
}

async fn fetch(language: &str) -> Result<Vec<String>, TextLoadError> {
    read(window().fetch_with_str(&format!("/text/{language}.json"))).await
}

async fn read(response: Promise) -> Result<Vec<String>, TextLoadError> {
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
    use super::{insert, split_link};

    #[test]
    fn arguments_are_put_in_place() {
        let text = insert("{who} removes {what}.", &[("what", "B"), ("who", "A")]);
        assert_eq!(text, "A removes B.");
        assert_eq!(insert("No argument.", &[]), "No argument.");
    }

    #[test]
    fn a_link_is_cut_out_of_its_sentence() {
        let (before, link, after) = split_link("Read the [agreement] first.");
        assert_eq!((&*before, &*link, &*after), ("Read the ", "agreement", " first."));
    }
}
