//! Generates the functions of the page, and a table of texts for each language.
//!
//! Both number the messages in the same order. A fingerprint of that order keeps a page
//! from reading a table of another build.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;

use crate::{
    Catalog,
    catalog::{MAIL_AREA, SOURCE},
    message::{Message, MessageKey},
};

/// The areas whose messages the page looks up by a code of the API. The key is the code in
/// snake case. These areas get one function for all messages, which have no arguments.
const BY_CODE: [&str; 2] = ["next_step", "refusal"];

/// The prefix of headings in the audit log. They are looked up by their action, wherever they
/// are, so that all texts of an action can be in the file of its page.
const DONE: &str = "done_";

/// Returns the module by which the page looks up a message by a code of the API, and the code
/// in snake case. `None` for a message with a function of its own.
pub(crate) fn lookup_code(key: &MessageKey) -> Option<(&str, &str)> {
    let MessageKey { area, name } = key;
    if BY_CODE.contains(&area.as_str()) {
        return Some((area, name));
    }
    let action = name.strip_prefix(DONE).filter(|_| area != MAIL_AREA)?;
    Some((DONE.trim_end_matches('_'), action))
}

impl Catalog {
    /// The page's messages in one language, in the order of their numbers.
    fn page_messages(&self, language: &str) -> impl Iterator<Item = (&MessageKey, &Message)> {
        let messages = self.languages.get(language).into_iter().flatten();
        messages.filter(|(key, _)| key.area != MAIL_AREA)
    }

    /// A number that changes when the order or the arguments of the page's messages do
    /// (FNV-1a; nothing here is secret).
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for (MessageKey { area, name }, message) in self.page_messages(SOURCE) {
            let (arguments, plural) = (message.arguments(), message.is_plural());
            for byte in format!("{area}.{name}{arguments:?}{plural};").bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }

    /// The page's table of one language, as JSON: the fingerprint, then the messages.
    #[must_use]
    pub fn page_table(&self, language: &str) -> String {
        let mut table = vec![Value::String(self.fingerprint())];
        let messages = self.page_messages(language);
        table.extend(messages.map(|(_, message)| Value::String(message.encoded())));
        Value::Array(table).to_string()
    }

    /// The page's Rust code: the languages, and one function for each message.
    #[must_use]
    pub fn page_functions(&self) -> String {
        let mut code = String::new();
        let name_key = MessageKey { area: "ui".to_owned(), name: "language_name".to_owned() };
        let language = |(code, messages): (&String, &crate::catalog::Messages)| {
            let name = messages.get(&name_key).map_or_else(|| code.clone(), Message::encoded);
            format!("({code:?}, {name:?})")
        };
        let languages = self.languages.iter().map(language).collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            code,
            "/// Each language's code and its own name for itself.\n\
             pub(crate) const LANGUAGES: &[(&str, &str)] = &[{languages}];\n\n\
             /// The numbering of the messages that this page was built with.\n\
             pub(crate) const FINGERPRINT: &str = {:?};",
            self.fingerprint()
        );
        let mut areas: BTreeMap<&str, Vec<(usize, &str, &Message)>> = BTreeMap::new();
        let mut lookups: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
        for (index, (key, message)) in self.page_messages(SOURCE).enumerate() {
            match lookup_code(key) {
                Some((module, code)) => lookups.entry(module).or_default().push((index, code)),
                None => areas.entry(&key.area).or_default().push((index, &key.name, message)),
            }
        }
        for (area, messages) in areas {
            let _ = writeln!(
                code,
                "\n/// The texts of `locales/<language>/{area}.json`.\npub mod {area} {{"
            );
            for (index, name, message) in messages {
                code.push_str(&function(index, name, message));
            }
            code.push_str("}\n");
        }
        for (module, messages) in lookups {
            let _ = writeln!(
                code,
                "\n/// Texts that are looked up by a code.\npub mod {module} {{\n{}}}",
                lookup(&messages)
            );
        }
        code
    }
}

fn function(index: usize, name: &str, message: &Message) -> String {
    let arguments = message.arguments();
    let plural = message.is_plural();
    let mut parameters = Vec::new();
    if plural {
        parameters.push("count: usize".to_owned());
    }
    let named: Vec<&String> =
        arguments.iter().filter(|name| !(plural && *name == "count")).collect();
    // The underscore lets an argument be called `type`, or like a message.
    parameters.extend(named.iter().map(|name| format!("{name}_: &str")));
    let pairs =
        named.iter().map(|name| format!("({name:?}, {name}_)")).collect::<Vec<_>>().join(", ");
    let body = if plural {
        format!("crate::text::plural({index}, count, &[{pairs}])")
    } else if named.is_empty() {
        format!("crate::text::message({index})")
    } else {
        format!("crate::text::fill({index}, &[{pairs}])")
    };
    let quoted = message.quoted();
    if parameters.is_empty() {
        // A pointer instead of a function, so that all texts without arguments have one
        // type and the code that shows them is in the wasm once.
        return format!(
            "    /// {quoted}\n    #[expect(non_upper_case_globals, reason = \"it is called\")]\n    pub const {name}: fn() -> String = || {body};\n"
        );
    }
    format!(
        "    /// {quoted}\n    #[must_use]\n    pub fn {name}({}) -> String {{\n        {body}\n    }}\n",
        parameters.join(", ")
    )
}

/// The function that finds messages by a code of the API.
fn lookup(messages: &[(usize, &str)]) -> String {
    let mut entries = String::new();
    for (index, name) in messages {
        let _ = write!(entries, "({:?}, {index}), ", camel_case(name));
    }
    let example = messages.first().map(|(_, name)| camel_case(name)).unwrap_or_default();
    format!(
        "    /// Returns the message for a code of the API, such as `{example}`.\n    #[must_use]\n    pub fn for_code(code: &str) -> Option<String> {{\n        crate::text::for_code(&[{entries}], code)\n    }}\n"
    )
}

/// `signInRequired` for `sign_in_required`.
fn camel_case(snake_case: &str) -> String {
    let mut words = snake_case.split('_');
    let mut camel_case = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        camel_case.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel_case.push_str(characters.as_str());
    }
    camel_case
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use crate::catalog::tests::catalog;

    #[test]
    fn the_page_gets_nothing_of_the_mails() {
        let page = ("en", "page", r#"{ "a": "A {x}", "b": { "one": "B", "other": "Bs" } }"#);
        let mail = ("en", "mail", r#"{ "c": "C" }"#);
        let with_mail = catalog(&[page, mail]).unwrap();
        let without = catalog(&[page]).unwrap();
        assert_eq!(with_mail.fingerprint(), without.fingerprint());
        assert_eq!(with_mail.page_table("en"), without.page_table("en"));
        assert_eq!(with_mail.page_functions(), without.page_functions());
        let table = format!("[{:?},\"A {{x}}\",\"one=B\\u001fother=Bs\"]", without.fingerprint());
        assert_eq!(with_mail.page_table("en"), table);
    }

    #[test]
    fn refusals_are_found_by_their_code() {
        let refusals = ("en", "refusal", r#"{ "no_offer": "None.", "offer_in21_x": "X" }"#);
        let functions = catalog(&[refusals]).unwrap().page_functions();
        assert!(functions.contains(r#"&[("noOffer", 0), ("offerIn21X", 1), ]"#), "{functions}");
        let fault = catalog(&[("en", "refusal", r#"{ "no_offer": "{x}" }"#)]).err();
        let expected = "en: refusal.no_offer has arguments, but is looked up by its code";
        assert_eq!(fault.as_deref(), Some(expected));
    }

    #[test]
    fn headings_of_the_audit_log_are_found_in_every_file() {
        let one = ("en", "desk", r#"{ "a": "A", "done_signed_in": "In" }"#);
        let other = ("en", "words", r#"{ "done_signed_out": "Out" }"#);
        let functions = catalog(&[one, other]).unwrap().page_functions();
        assert!(functions.contains(r#"&[("signedIn", 1), ("signedOut", 2), ]"#), "{functions}");
        assert!(!functions.contains("done_"), "{functions}");
    }
}
