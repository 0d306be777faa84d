//! Every message in every language, read and checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use crate::message::{Message, MessageKey, is_identifier};
use crate::page::lookup_code;

/// The language that the others are checked against. The page falls back to it when it
/// has none of the visitor's languages.
pub(crate) const SOURCE: &str = "en";

/// The area of the mails. The page gets nothing of it.
pub(crate) const MAIL_AREA: &str = "mail";

pub(crate) type Messages = BTreeMap<MessageKey, Message>;

/// Every message in every language, checked.
pub struct Catalog {
    pub(crate) languages: BTreeMap<String, Messages>,
}

impl Catalog {
    /// Reads and checks a folder such as `app/locales`.
    ///
    /// # Errors
    /// Names every message that is missing, left over or malformed, or whose arguments
    /// or labels differ from the English ones.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut languages = BTreeMap::new();
        for language in entries(folder)? {
            let path = folder.join(&language);
            if path.is_dir() {
                languages.insert(language, read_language(&path)?);
            }
        }
        let catalog = Self { languages };
        catalog.check()?;
        Ok(catalog)
    }

    /// The languages' codes, sorted.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        self.languages.keys().map(String::as_str).collect()
    }

    /// The messages of the source language.
    pub(crate) fn source(&self) -> impl Iterator<Item = (&MessageKey, &Message)> {
        self.languages.get(SOURCE).into_iter().flatten()
    }

    fn check(&self) -> Result<(), String> {
        let source = self
            .languages
            .get(SOURCE)
            .ok_or_else(|| format!("the language “{SOURCE}” is missing"))?;
        let mut faults = Vec::new();
        for (language, messages) in &self.languages {
            for key in source.keys().filter(|key| !messages.contains_key(*key)) {
                faults.push(format!("{language}: {}.{} is missing", key.area, key.name));
            }
            for (key, message) in messages {
                let fault = match source.get(key) {
                    None => Some(format!("is not in “{SOURCE}”")),
                    Some(original) => difference(message, original),
                };
                let label_faults = label_faults(key, message, messages);
                faults.extend(
                    fault
                        .into_iter()
                        .chain(label_faults)
                        .chain(code_fault(key, message))
                        .map(|fault| format!("{language}: {}.{} {fault}", key.area, key.name)),
                );
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

/// A difference between a translation and its original that the code would not bear.
fn difference(message: &Message, original: &Message) -> Option<String> {
    if message.arguments() != original.arguments() {
        return Some(format!("has other arguments than “{SOURCE}”"));
    }
    if message.labels() != original.labels() {
        return Some(format!("names other labels than “{SOURCE}”"));
    }
    (message.is_plural() != original.is_plural())
        .then(|| "is a plural in one language and not in the other".to_owned())
}

/// The labels that a message names and that can't be shown.
fn label_faults(key: &MessageKey, message: &Message, messages: &Messages) -> Vec<String> {
    let mut faults = Vec::new();
    for label in message.labels() {
        let name = format!("{}.{}", label.area, label.name);
        match messages.get(label) {
            _ if key.area != MAIL_AREA => {
                faults.push(format!("names “{name}”, which only {MAIL_AREA}.json may do"));
            }
            Some(Message::Text(text)) if text.source.contains(['{', '[']) => {
                faults.push(format!("names “{name}”, which is more than a label"));
            }
            Some(Message::Text(_)) => {}
            Some(Message::Plural(_)) | None => {
                faults.push(format!("names “{name}”, which is not a label"));
            }
        }
    }
    faults
}

/// A message that is looked up by a code of the API, but can't be shown without arguments.
fn code_fault(key: &MessageKey, message: &Message) -> Option<String> {
    let plain = !message.is_plural() && message.arguments().is_empty();
    (lookup_code(key).is_some() && !plain)
        .then(|| "has arguments, but is looked up by its code".to_owned())
}

/// The names of the files and folders in a folder, sorted.
fn entries(folder: &Path) -> Result<BTreeSet<String>, String> {
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        names.insert(entry.map_err(at)?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn read_language(folder: &Path) -> Result<Messages, String> {
    let mut messages = Messages::new();
    for file in entries(folder)? {
        let Some(area) = file.strip_suffix(".json") else {
            continue;
        };
        let path = folder.join(&file);
        let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        if !is_identifier(area) {
            return Err(at(&"the file's name must be a Rust name"));
        }
        let text = fs::read_to_string(&path).map_err(|error| at(&error))?;
        let parsed: BTreeMap<String, Value> =
            serde_json::from_str(&text).map_err(|error| at(&error))?;
        for (name, value) in parsed {
            if !is_identifier(&name) {
                return Err(at(&format!("“{name}” must be a Rust name")));
            }
            let message =
                Message::parse(&value).map_err(|error| at(&format!("{name}: {error}")))?;
            messages.insert(MessageKey { area: area.to_owned(), name }, message);
        }
    }
    Ok(messages)
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    /// A catalog of these files, each with its language, its area and its content.
    pub(crate) fn catalog(files: &[(&str, &str, &str)]) -> Result<Catalog, String> {
        let folder = tempfile::tempdir().unwrap();
        for (language, area, content) in files {
            let path = folder.path().join(language);
            fs::create_dir_all(&path).unwrap();
            fs::write(path.join(format!("{area}.json")), content).unwrap();
        }
        Catalog::read(folder.path())
    }

    #[test]
    fn every_difference_between_languages_is_named() {
        let faults = catalog(&[
            ("en", "page", r#"{ "a": "A", "b": "{x}", "c": "C", "d": { "other": "D" } }"#),
            ("nl", "page", r#"{ "b": "{y}", "c": "C", "d": "D", "e": "E" }"#),
        ])
        .err()
        .unwrap();
        let expected = [
            "nl: page.a is missing",
            "nl: page.b has other arguments than “en”",
            "nl: page.d is a plural in one language and not in the other",
            "nl: page.e is not in “en”",
        ];
        assert_eq!(faults.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_mails_name_labels_and_only_those_that_exist() {
        let page = ("en", "page", r#"{ "label": "Label", "filled": "{x}" }"#);
        let with_mail = |mail| catalog(&[page, ("en", "mail", mail)]).err();
        assert_eq!(with_mail(r#"{ "a": "Select {page.label}." }"#), None);
        for (mail, fault) in [
            (r#"{ "a": "{page.none}" }"#, "en: mail.a names “page.none”, which is not a label"),
            (
                r#"{ "a": "{page.filled}" }"#,
                "en: mail.a names “page.filled”, which is more than a label",
            ),
        ] {
            assert_eq!(with_mail(mail).as_deref(), Some(fault));
        }
        let fault = catalog(&[("en", "page", r#"{ "a": "{page.b}", "b": "B" }"#)]).err();
        let expected = "en: page.a names “page.b”, which only mail.json may do";
        assert_eq!(fault.as_deref(), Some(expected));
    }
}
