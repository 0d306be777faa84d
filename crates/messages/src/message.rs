//! A message and its parts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Separates the plural forms of a message in the page's tables.
const PLURAL_SEPARATOR: char = '\u{1f}';

/// The plural categories of the Unicode CLDR, each with its variant of
/// `rules::PluralCategory`.
const CATEGORIES: [(&str, &str); 6] = [
    ("zero", "Zero"),
    ("one", "One"),
    ("two", "Two"),
    ("few", "Few"),
    ("many", "Many"),
    ("other", "Other"),
];

/// The name of a message: its area, which is the name of its file, and its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MessageKey {
    pub(crate) area: String,
    pub(crate) name: String,
}

/// A message in one language: one text, or one text for each plural category.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    Text(MessageText),
    Plural(BTreeMap<String, MessageText>),
}

/// A text as it is written in the file, and its parts.
#[derive(Clone, Debug)]
pub(crate) struct MessageText {
    pub(crate) source: String,
    pub(crate) parts: Vec<MessagePart>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MessagePart {
    /// Plain words.
    Words(String),
    /// A value that the caller passes: `{customer}`.
    Argument(String),
    /// The text of another message: `{partner_invitation.accept}`.
    Label(MessageKey),
}

impl Message {
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self::Text(MessageText::parse(text)?)),
            Value::Object(forms) => {
                let mut parsed = BTreeMap::new();
                for (category, text) in forms {
                    if !CATEGORIES.iter().any(|(known, _)| known == category) {
                        return Err(format!("“{category}” is not a plural category"));
                    }
                    let text = text.as_str().ok_or("a plural form must be text")?;
                    parsed.insert(category.clone(), MessageText::parse(text)?);
                }
                if !parsed.contains_key("other") {
                    return Err("a plural needs the form “other”".to_owned());
                }
                Ok(Self::Plural(parsed))
            }
            _ => Err("must be text, or an object of plural forms".to_owned()),
        }
    }

    pub(crate) const fn is_plural(&self) -> bool {
        matches!(self, Self::Plural(_))
    }

    /// The text, of a plural the one of the category “other”.
    pub(crate) fn main_text(&self) -> &MessageText {
        match self {
            Self::Text(text) => text,
            Self::Plural(forms) => &forms["other"],
        }
    }

    /// The names of the arguments, in any of the forms.
    pub(crate) fn arguments(&self) -> BTreeSet<String> {
        let arguments = self.parts().filter_map(|part| match part {
            MessagePart::Argument(name) => Some(name.clone()),
            MessagePart::Words(_) | MessagePart::Label(_) => None,
        });
        arguments.collect()
    }

    /// The messages that this one shows as labels, in any of the forms.
    pub(crate) fn labels(&self) -> BTreeSet<&MessageKey> {
        let labels = self.parts().filter_map(|part| match part {
            MessagePart::Label(key) => Some(key),
            MessagePart::Words(_) | MessagePart::Argument(_) => None,
        });
        labels.collect()
    }

    fn parts(&self) -> impl Iterator<Item = &MessagePart> {
        let texts: Vec<&MessageText> = match self {
            Self::Text(text) => vec![text],
            Self::Plural(forms) => forms.values().collect(),
        };
        texts.into_iter().flat_map(|text| &text.parts)
    }

    /// The forms of a plural, each with its variant of `rules::PluralCategory`.
    pub(crate) fn forms(&self) -> Vec<(&'static str, &MessageText)> {
        let Self::Plural(forms) = self else { return Vec::new() };
        let form = |&(category, variant)| Some((variant, forms.get(category)?));
        CATEGORIES.iter().filter_map(form).collect()
    }

    /// The message as the page's table holds it.
    pub(crate) fn encoded(&self) -> String {
        match self {
            Self::Text(text) => text.source.clone(),
            Self::Plural(forms) => forms
                .iter()
                .map(|(category, text)| format!("{category}={}", text.source))
                .collect::<Vec<_>>()
                .join(&PLURAL_SEPARATOR.to_string()),
        }
    }

    /// The line of documentation of a generated function: the text as a code span, in
    /// which nothing is markup.
    pub(crate) fn quoted(&self) -> String {
        let text = &self.main_text().source;
        format!("`{}`", text.replace(['\n', '`'], " "))
    }
}

impl MessageText {
    fn parse(source: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some((words, after)) = rest.split_once('{') {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("“{source}” opens a brace that it does not close"))?;
            if !words.is_empty() {
                parts.push(MessagePart::Words(words.to_owned()));
            }
            parts.push(placeholder(name)?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(MessagePart::Words(rest.to_owned()));
        }
        let has_brace =
            |part: &MessagePart| matches!(part, MessagePart::Words(words) if words.contains('}'));
        if parts.iter().any(has_brace) {
            return Err(format!("“{source}” closes a brace that it does not open"));
        }
        Ok(Self { source: source.to_owned(), parts })
    }
}

/// The part that a name between braces stands for.
fn placeholder(name: &str) -> Result<MessagePart, String> {
    if let Some((area, key)) = name.split_once('.') {
        if is_identifier(area) && is_identifier(key) {
            let key = MessageKey { area: area.to_owned(), name: key.to_owned() };
            return Ok(MessagePart::Label(key));
        }
    } else if is_identifier(name) {
        return Ok(MessagePart::Argument(name.to_owned()));
    }
    Err(format!("“{name}” is neither an argument's name nor the key of a message"))
}

/// Returns true if a name can be a module, a function or an argument in Rust.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_split_into_words_arguments_and_labels() {
        let message = Message::parse(&json!("{partner} asks: select {page.accept}.")).unwrap();
        assert_eq!(
            message.main_text().parts,
            [
                MessagePart::Argument("partner".to_owned()),
                MessagePart::Words(" asks: select ".to_owned()),
                MessagePart::Label(MessageKey {
                    area: "page".to_owned(),
                    name: "accept".to_owned()
                }),
                MessagePart::Words(".".to_owned()),
            ]
        );
        assert_eq!(message.arguments(), BTreeSet::from(["partner".to_owned()]));
    }

    #[test]
    fn malformed_messages_are_refused() {
        for message in [
            json!("{open"),
            json!("{}"),
            json!("close}"),
            json!("{a}}"),
            json!("{A}"),
            json!("{a.b.c}"),
            json!({ "one": "without other" }),
            json!({ "other": "x", "several": "x" }),
            json!(["list"]),
        ] {
            assert!(Message::parse(&message).is_err(), "{message}");
        }
    }
}
