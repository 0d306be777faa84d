//! Reads `locales/<language>/<namespace>.json`, checks that every language
//! says the same things, and writes what the page needs of it.
//!
//! It is one file used twice: the build script of `app` generates a function
//! for each message, and `cargo xtask styles` writes one table of text for
//! each language. Both number the messages in the same order, and a
//! fingerprint of that order keeps a page from reading a table that is not
//! its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use serde_json::Value;

/// The language that the others are checked against, and that speaks when
/// none of the visitor's languages is there.
pub(crate) const SOURCE: &str = "en";

/// Separates the plural forms of one message in a table.
const FORM: char = '\u{1f}';

/// The namespaces whose messages are looked up by a code of the API: the key is the code in
/// snake case. They get no function for each message, so every message must be plain text.
const BY_CODE: [&str; 2] = ["next_step", "refusal"];

const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A message: one text, or one text for each plural category.
#[derive(Clone, Debug)]
enum Message {
    Text(String),
    Plural(BTreeMap<String, String>),
}

impl Message {
    fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self::Text(text.clone())),
            Value::Object(forms) => {
                let mut parsed = BTreeMap::new();
                for (category, text) in forms {
                    if !CATEGORIES.contains(&category.as_str()) {
                        return Err(format!("“{category}” is no plural category"));
                    }
                    let text = text.as_str().ok_or("a plural form must be text")?;
                    parsed.insert(category.clone(), text.to_owned());
                }
                if !parsed.contains_key("other") {
                    return Err("a plural needs the form “other”".to_owned());
                }
                Ok(Self::Plural(parsed))
            }
            _ => Err("must be text, or an object of plural forms".to_owned()),
        }
    }

    /// The names between braces, in any of the forms.
    fn arguments(&self) -> Result<BTreeSet<String>, String> {
        let mut names = BTreeSet::new();
        let texts: Vec<&String> = match self {
            Self::Text(text) => vec![text],
            Self::Plural(forms) => forms.values().collect(),
        };
        for text in texts {
            let mut rest = text.as_str();
            while let Some(start) = rest.find('{') {
                let Some(length) = rest[start..].find('}') else {
                    return Err(format!("“{text}” opens a brace that it does not close"));
                };
                let name = &rest[start + 1..start + length];
                if !is_identifier(name) {
                    return Err(format!("“{name}” is no name for an argument"));
                }
                names.insert(name.to_owned());
                rest = &rest[start + length + 1..];
            }
        }
        Ok(names)
    }

    fn encoded(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Plural(forms) => forms
                .iter()
                .map(|(category, text)| format!("{category}={text}"))
                .collect::<Vec<_>>()
                .join(&FORM.to_string()),
        }
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

type Key = (String, String);
type Messages = BTreeMap<Key, Message>;

/// Every message in every language, checked.
pub(crate) struct Catalog {
    languages: BTreeMap<String, Messages>,
}

impl Catalog {
    /// Reads and checks the folder.
    ///
    /// # Errors
    /// Names every message that is missing, left over, malformed, or whose
    /// arguments differ from the source language's.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
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

    fn source(&self) -> Result<&Messages, String> {
        self.languages.get(SOURCE).ok_or_else(|| format!("there is no language “{SOURCE}”"))
    }

    fn check(&self) -> Result<(), String> {
        let source = self.source()?;
        let mut faults = Vec::new();
        for ((namespace, name), message) in source {
            let plain = matches!(message, Message::Text(_)) && message.arguments()?.is_empty();
            if BY_CODE.contains(&namespace.as_str()) && !plain {
                faults.push(format!("{namespace}.{name} must be text without arguments"));
            }
        }
        for (language, messages) in &self.languages {
            for key in source.keys().filter(|key| !messages.contains_key(*key)) {
                faults.push(format!("{language}: {}.{} is missing", key.0, key.1));
            }
            for (key, message) in messages {
                let Some(original) = source.get(key) else {
                    faults.push(format!("{language}: {}.{} is not in “{SOURCE}”", key.0, key.1));
                    continue;
                };
                if message.arguments()? != original.arguments()? {
                    faults.push(format!(
                        "{language}: {}.{} has other arguments than “{SOURCE}”",
                        key.0, key.1
                    ));
                }
                if matches!(message, Message::Plural(_)) != matches!(original, Message::Plural(_)) {
                    faults.push(format!(
                        "{language}: {}.{} is a plural in one language and not in the other",
                        key.0, key.1
                    ));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// The languages' codes, sorted.
    #[must_use]
    pub(crate) fn codes(&self) -> Vec<&str> {
        self.languages.keys().map(String::as_str).collect()
    }

    /// A number that changes when the order or the arguments of the messages
    /// do (FNV-1a; nothing here is secret).
    #[must_use]
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for ((namespace, name), message) in self.languages.get(SOURCE).into_iter().flatten() {
            let arguments = message.arguments().unwrap_or_default();
            let plural = matches!(message, Message::Plural(_));
            for byte in format!("{namespace}.{name}{arguments:?}{plural};").bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }

    /// The table of one language: the fingerprint, then the messages.
    #[must_use]
    pub(crate) fn table(&self, language: &str) -> String {
        let messages = self.languages.get(language).into_iter().flatten();
        let mut table = vec![Value::String(self.fingerprint())];
        table.extend(messages.map(|(_, message)| Value::String(message.encoded())));
        Value::Array(table).to_string()
    }

    /// The Rust module with one function for each message.
    #[must_use]
    pub(crate) fn rust(&self) -> String {
        let mut code = String::new();
        let languages = self
            .languages
            .iter()
            .map(|(code, messages)| {
                let key = ("ui".to_owned(), "language_name".to_owned());
                let name = messages.get(&key).map_or_else(|| code.clone(), Message::encoded);
                format!("({code:?}, {name:?})")
            })
            .collect::<Vec<_>>()
            .join(", ");
        let _ = writeln!(
            code,
            "/// Each language's code and its own name for itself.\n\
             pub(crate) const LANGUAGES: &[(&str, &str)] = &[{languages}];\n\n\
             /// Which numbering of the messages this page was built with.\n\
             pub(crate) const FINGERPRINT: &str = {:?};",
            self.fingerprint()
        );
        let mut modules: BTreeMap<&str, Vec<(usize, &str, &Message)>> = BTreeMap::new();
        for (index, ((namespace, name), message)) in
            self.languages.get(SOURCE).into_iter().flatten().enumerate()
        {
            modules.entry(namespace).or_default().push((index, name, message));
        }
        for (namespace, messages) in modules {
            let _ = writeln!(
                code,
                "\n/// The text of `locales/<language>/{namespace}.json`.\npub mod {namespace} {{"
            );
            if BY_CODE.contains(&namespace) {
                code.push_str(&lookup(&messages));
            } else {
                for (index, name, message) in messages {
                    code.push_str(&function(index, name, message));
                }
            }
            code.push_str("}\n");
        }
        code
    }
}

fn function(index: usize, name: &str, message: &Message) -> String {
    let arguments = message.arguments().unwrap_or_default();
    let plural = matches!(message, Message::Plural(_));
    let english = match message {
        Message::Text(text) => text,
        Message::Plural(forms) => &forms["other"],
    };
    let mut parameters = Vec::new();
    if plural {
        parameters.push("count: usize".to_owned());
    }
    let named: Vec<&String> =
        arguments.iter().filter(|name| !(plural && *name == "count")).collect();
    // With a mark behind the name, so that an argument may be called `type`, or as
    // another message is.
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
    let quoted = english.replace('\n', " ").replace(['[', ']', '<', '>', '`'], " ");
    if parameters.is_empty() {
        // A pointer and not a function: so every text without arguments has the same
        // type, and the code that shows one is in the wasm once.
        return format!(
            "    /// “{quoted}”\n    #[expect(non_upper_case_globals, reason = \"it is called\")]\n    pub const {name}: fn() -> String = || {body};\n"
        );
    }
    format!(
        "    /// “{quoted}”\n    #[must_use]\n    pub fn {name}({}) -> String {{\n        {body}\n    }}\n",
        parameters.join(", ")
    )
}

/// The function that finds the messages of a namespace by a code of the API.
fn lookup(messages: &[(usize, &str, &Message)]) -> String {
    let mut entries = String::new();
    for (index, name, _) in messages {
        let _ = write!(entries, "({:?}, {index}), ", camel_case(name));
    }
    format!(
        "    /// Returns the message for a code of the API, such as `{}`.\n    #[must_use]\n    pub fn for_code(code: &str) -> Option<String> {{\n        crate::text::for_code(&[{entries}], code)\n    }}\n",
        messages.first().map(|(_, name, _)| camel_case(name)).unwrap_or_default()
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

fn entries(folder: &Path) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| error.to_string())?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn read_language(folder: &Path) -> Result<Messages, String> {
    let mut messages = Messages::new();
    for file in entries(folder)? {
        let Some(namespace) = file.strip_suffix(".json") else {
            continue;
        };
        let path = folder.join(&file);
        let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        if !is_identifier(namespace) {
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
            message.arguments().map_err(|error| at(&format!("{name}: {error}")))?;
            messages.insert((namespace.to_owned(), name), message);
        }
    }
    Ok(messages)
}
