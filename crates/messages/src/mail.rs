//! Generates the functions of the mails, which contain the texts of every language.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use crate::{
    Catalog,
    catalog::{MAIL_AREA, Messages},
    message::{Message, MessageKey, MessagePart, MessageText},
};

impl Catalog {
    /// The mails' Rust code: one function for each message of `mail.json` and of those
    /// areas of the page that a mail shows labels of.
    ///
    /// A function takes the language, then the arguments in alphabetical order, a
    /// plural the count first. It returns a `&'static str` where the message has neither
    /// arguments nor labels, and a `Line` of spans otherwise.
    ///
    /// `languages` are the variants of `rules::Language`, each with its code.
    ///
    /// # Errors
    /// Names every language that has a variant and no folder, or a folder and no variant.
    pub fn mail_functions(
        &self,
        languages: &[(String, &str)],
        page_areas: &[&str],
    ) -> Result<String, String> {
        self.check_languages(languages)?;
        let messages: Vec<&Messages> =
            languages.iter().filter_map(|(_, code)| self.languages.get(*code)).collect();
        let mut code = String::from(
            "/// The place of a language's text in the arrays below.\n\
             const fn place(language: rules::Language) -> usize {\n    match language {\n",
        );
        for (index, (variant, _)) in languages.iter().enumerate() {
            let _ = writeln!(code, "        rules::Language::{variant} => {index},");
        }
        code.push_str("    }\n}\n");
        for area in std::iter::once(&MAIL_AREA).chain(page_areas) {
            let _ = writeln!(code, "\n/// The texts of `locales/<language>/{area}.json`.");
            if *area != MAIL_AREA {
                code.push_str(
                    "#[allow(dead_code, reason = \"the mails show some of the page's texts\")]\n",
                );
            }
            let _ = writeln!(code, "pub(crate) mod {area} {{");
            for (key, message) in self.source().filter(|(key, _)| key.area == *area) {
                code.push_str(&function(key, message, &messages));
            }
            code.push_str("}\n");
        }
        Ok(code)
    }

    /// The files that [`Self::mail_functions`] depends on, in a folder such as
    /// `app/locales`. A change in any other does not concern the mails.
    #[must_use]
    pub fn mail_sources(&self, folder: &Path, page_areas: &[&str]) -> Vec<PathBuf> {
        let mut areas: BTreeSet<&str> = page_areas.iter().copied().collect();
        areas.insert(MAIL_AREA);
        for (_, message) in self.source() {
            areas.extend(message.labels().into_iter().map(|label| label.area.as_str()));
        }
        let mut files = Vec::new();
        for language in self.languages.keys() {
            for area in &areas {
                files.push(folder.join(language).join(format!("{area}.json")));
            }
        }
        files
    }

    fn check_languages(&self, languages: &[(String, &str)]) -> Result<(), String> {
        let known: BTreeSet<&str> = languages.iter().map(|(_, code)| *code).collect();
        let found: BTreeSet<&str> = self.codes().into_iter().collect();
        let missing = known
            .difference(&found)
            .map(|code| format!("rules::Language has “{code}”, but app/locales/{code} is missing"));
        let unknown = found
            .difference(&known)
            .map(|code| format!("app/locales/{code} is there, but rules::Language lacks “{code}”"));
        let faults: Vec<String> = missing.chain(unknown).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

/// The function of a message, with its text in each of the languages.
fn function(key: &MessageKey, source: &Message, languages: &[&Messages]) -> String {
    let name = &key.name;
    let quoted = source.quoted();
    let mut arguments: Vec<String> = source.arguments().into_iter().collect();
    if arguments.is_empty() && source.labels().is_empty() && !source.is_plural() {
        let texts = languages
            .iter()
            .filter_map(|messages| Some(format!("{:?}", messages.get(key)?.main_text().source)))
            .collect::<Vec<_>>()
            .join(", ");
        return format!(
            "    /// {quoted}\n    pub(crate) const fn {name}(language: rules::Language) -> &'static str {{\n        [{texts}][super::place(language)]\n    }}\n"
        );
    }
    if source.is_plural() {
        // The count is always there, whether the text shows it or not.
        arguments.retain(|argument| argument != "count");
        arguments.insert(0, "count".to_owned());
    }
    let texts = languages
        .iter()
        .filter_map(|messages| {
            let message = messages.get(key)?;
            if !message.is_plural() {
                return Some(parts(message.main_text(), &arguments, messages));
            }
            let forms = message.forms().into_iter().map(|(category, text)| {
                format!(
                    "(rules::PluralCategory::{category}, {})",
                    parts(text, &arguments, messages)
                )
            });
            Some(format!("&[{}]", forms.collect::<Vec<_>>().join(", ")))
        })
        .collect::<Vec<_>>()
        .join(",\n            ");
    let count = languages.len();
    let (kind, call, named) = if source.is_plural() {
        let kind = "&[(rules::PluralCategory, &[crate::texts::TextPart])]";
        (kind, "fill_plural(language, TEXTS[super::place(language)], count, ", &arguments[1..])
    } else {
        ("&[crate::texts::TextPart]", "fill(TEXTS[super::place(language)], ", &arguments[..])
    };
    // The underscore lets an argument be called `type`, or like a message.
    let mut parameters = vec!["language: rules::Language".to_owned()];
    if source.is_plural() {
        parameters.push("count: u32".to_owned());
    }
    parameters.extend(named.iter().map(|name| format!("{name}_: &crate::document::Span<'a>")));
    let parameters = parameters.join(", ");
    let values = named.iter().map(|name| format!("{name}_")).collect::<Vec<_>>().join(", ");
    let (generic, lifetime) = if named.is_empty() { ("", "'static") } else { ("<'a>", "'a") };
    format!(
        "    /// {quoted}\n    pub(crate) fn {name}{generic}({parameters}) -> crate::document::Line<{lifetime}> {{\n        const TEXTS: [{kind}; {count}] = [\n            {texts},\n        ];\n        crate::texts::{call}&[{values}])\n    }}\n"
    )
}

/// The parts of a text as a Rust array. Arguments are numbered as in `arguments`.
fn parts(text: &MessageText, arguments: &[String], messages: &Messages) -> String {
    let part = |part: &MessagePart| match part {
        MessagePart::Words(words) => format!("crate::texts::TextPart::Words({words:?})"),
        MessagePart::Argument(name) => {
            let index = arguments.iter().position(|argument| argument == name).unwrap_or_default();
            format!("crate::texts::TextPart::Argument({index})")
        }
        MessagePart::Label(key) => {
            let label = messages.get(key).map(|message| message.main_text().source.as_str());
            format!("crate::texts::TextPart::Label({:?})", label.unwrap_or_default())
        }
    };
    format!("&[{}]", text.parts.iter().map(part).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;
    use crate::catalog::tests::catalog;

    const PAGE: (&str, &str, &str) = ("en", "page", r#"{ "accept": "Accept" }"#);
    const OTHER: (&str, &str, &str) = ("en", "other", r#"{ "open": "Open" }"#);

    #[test]
    fn a_label_in_a_mail_is_the_text_of_the_page() {
        let mail = ("en", "mail", r#"{ "step": "{who}, select {page.accept}." }"#);
        let catalog = catalog(&[PAGE, OTHER, mail]).unwrap();
        let code = catalog.mail_functions(&[("English".to_owned(), "en")], &["other"]).unwrap();
        assert!(code.contains("TextPart::Label(\"Accept\")"), "{code}");
        assert!(code.contains("fn step<'a>(language: rules::Language, who_: "), "{code}");
        assert!(code.contains("pub(crate) mod other {"), "{code}");
        assert!(!code.contains("mod page"), "{code}");
        let files = catalog.mail_sources(Path::new("locales"), &["other"]);
        let expected = ["locales/en/mail.json", "locales/en/other.json", "locales/en/page.json"];
        assert_eq!(files, expected.map(PathBuf::from));
    }

    #[test]
    fn languages_and_folders_are_the_same() {
        let catalog = catalog(&[PAGE, ("nl", "page", r#"{ "accept": "Accepteren" }"#)]).unwrap();
        let languages = [("English".to_owned(), "en"), ("French".to_owned(), "fr")];
        assert_eq!(
            catalog.mail_functions(&languages, &[]).unwrap_err(),
            "rules::Language has “fr”, but app/locales/fr is missing\n\
             app/locales/nl is there, but rules::Language lacks “nl”"
        );
    }
}
