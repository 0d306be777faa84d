//! Checks of the source text: the wording, names of types that are declared twice, and the
//! imports of the app.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{app_imports, process::root, report::Steps};

/// Words that are not used, put together here so that this file passes its own check.
const UNUSED_WORDS: [&str; 2] = [concat!("an", "ew"), concat!("who", "ever")];

/// British spellings: a stem, and the endings that make it British. Dutch and German words
/// share the stems, so the endings are needed too.
const BRITISH: [(&str, &[&str]); 3] = [
    (concat!("organ", "is"), &["e", "ed", "es", "ation", "ing"]),
    (concat!("licen", "ce"), &["", "s", "d"]),
    (concat!("cance", "ll"), &["ed", "ing", "ation"]),
];

/// Languages whose own words look like British English.
const OTHER_LANGUAGES: [&str; 4] = ["de", "nl", "dutch", "german"];

/// Names that each crate may declare for itself, as Rust code does everywhere.
const PER_CRATE_NAMES: [&str; 2] = ["Error", "Result"];

/// Runs all checks of this module.
pub(crate) fn check_all() -> Result<()> {
    let mut steps = Steps::default();
    add_steps(&mut steps);
    steps.finish()
}

/// Runs each check of this module as a step.
pub(crate) fn add_steps(steps: &mut Steps) {
    steps.step("lints: wording", check_wording);
    steps.step("lints: names of types", check_type_names);
    steps.step("lints: imports of the app", app_imports::check);
}

/// Fails when a text file has a word that is not used here, and lists every place.
fn check_wording() -> Result<()> {
    let mut found = Vec::new();
    for path in kept_files(&root())? {
        // Pictures are not UTF-8.
        let Ok(text) = String::from_utf8(read(&path)?) else { continue };
        let inside = path.strip_prefix(root()).unwrap_or(&path);
        let english = is_english(inside);
        for (index, line) in text.lines().enumerate() {
            for word in unused_words(line, english) {
                found.push(format!("{}:{}: {word}", inside.display(), index + 1));
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!(
        "These words are not used in Accord (American spelling, plain words):\n{}",
        found.join("\n")
    );
}

/// Fails when two types have the same bare name, and lists both places.
fn check_type_names() -> Result<()> {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut folders = vec![root().join("app/src")];
    for entry in fs::read_dir(root().join("crates")).context("crates/ cannot be read.")? {
        folders.push(entry?.path().join("src"));
    }
    folders.sort();
    for path in folders.iter().filter(|folder| folder.is_dir()) {
        for path in files_below(path, &[])? {
            if path.extension().is_none_or(|extension| extension != "rs") || is_test_code(&path) {
                continue;
            }
            let text = fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read.", path.display()))?;
            let file = syn::parse_file(&text)
                .with_context(|| format!("{} cannot be parsed.", path.display()))?;
            let inside = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            for (name, line) in top_level_types(&file) {
                declared.entry(name).or_default().push(format!("{inside}:{line}"));
            }
        }
    }
    let repeated: Vec<String> = declared
        .into_iter()
        .filter(|(name, places)| places.len() > 1 && !PER_CRATE_NAMES.contains(&name.as_str()))
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    if repeated.is_empty() {
        return Ok(());
    }
    bail!(
        "These names are declared more than once. A type's name can be understood without its \
         module, so give each a full name:\n{}",
        repeated.join("\n")
    );
}

/// Returns the words of the line that are not used here.
fn unused_words(line: &str, english: bool) -> Vec<&'static str> {
    let line = line.to_lowercase();
    let mut found: Vec<&str> = UNUSED_WORDS
        .into_iter()
        .filter(|word| line.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word))
        .collect();
    if english {
        found.extend(BRITISH.into_iter().filter_map(|(stem, endings)| {
            line.match_indices(stem)
                .any(|(at, _)| {
                    let rest = &line[at + stem.len()..];
                    endings.iter().any(|ending| has_ending(rest, ending))
                })
                .then_some(stem)
        }));
    }
    found
}

/// Returns whether the word continues with this ending. A long ending may be followed by letters,
/// since a name in camel case is one word in lower case.
fn has_ending(rest: &str, ending: &str) -> bool {
    rest.strip_prefix(ending)
        .is_some_and(|after| ending.len() > 2 || !after.starts_with(|c: char| c.is_alphabetic()))
}

/// Returns whether the file is in English, judged by its name: `app/locales/de/home.json` and
/// `invitation.nl.html` are not.
fn is_english(inside: &Path) -> bool {
    !inside
        .to_string_lossy()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| OTHER_LANGUAGES.contains(&part))
}

/// Returns the name and the line of each type that the file declares outside of functions,
/// modules and tests.
fn top_level_types(file: &syn::File) -> Vec<(String, usize)> {
    file.items
        .iter()
        .filter_map(|item| {
            let (attributes, name) = match item {
                syn::Item::Struct(item) => (&item.attrs, &item.ident),
                syn::Item::Enum(item) => (&item.attrs, &item.ident),
                syn::Item::Trait(item) => (&item.attrs, &item.ident),
                syn::Item::Type(item) => (&item.attrs, &item.ident),
                syn::Item::Union(item) => (&item.attrs, &item.ident),
                _ => return None,
            };
            let for_tests = attributes.iter().any(|attribute| {
                attribute.path().is_ident("cfg")
                    && attribute
                        .parse_args::<syn::Ident>()
                        .is_ok_and(|condition| condition == "test")
            });
            (!for_tests).then(|| (name.to_string(), name.span().start().line))
        })
        .collect()
}

fn is_test_code(path: &Path) -> bool {
    path.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// Returns the files of the repository that git does not ignore.
fn kept_files(root: &Path) -> Result<Vec<PathBuf>> {
    let ignored =
        fs::read_to_string(root.join(".gitignore")).context(".gitignore cannot be read.")?;
    let mut skip: Vec<PathBuf> =
        ignored.lines().filter_map(|line| Some(root.join(line.strip_prefix('/')?))).collect();
    skip.push(root.join(".git"));
    files_below(root, &skip)
}

/// Returns all files below a folder, sorted, without those to skip.
pub(crate) fn files_below(folder: &Path, skip: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read.", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if skip.contains(&path) {
            continue;
        }
        if path.is_dir() {
            files.extend(files_below(&path, skip)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_words_are_found_as_whole_words() {
        let [first, second] = UNUSED_WORDS;
        assert_eq!(unused_words(&format!("Begin {first}."), true), [first]);
        assert_eq!(unused_words(&second.to_uppercase(), false), [second]);
        assert!(unused_words(&format!("a{first}"), true).is_empty());
    }

    #[test]
    fn british_spellings_are_found_in_names_too() {
        for (stem, ending) in [(BRITISH[0].0, "ation"), (BRITISH[1].0, "s"), (BRITISH[2].0, "ed")] {
            let word = format!("{stem}{ending}");
            assert_eq!(unused_words(&word, true), [stem]);
            assert_eq!(unused_words(&format!("let own_{word}_id = 1;"), true), [stem]);
            assert!(unused_words(&word, false).is_empty());
        }
        let facts = format!("struct Or{}ationFacts", &BRITISH[0].0[2..]);
        assert_eq!(unused_words(&facts, true), [BRITISH[0].0]);
        for fine in ["organization", "license", "canceled", "cancel", "organisatie"] {
            assert!(unused_words(fine, true).is_empty(), "{fine}");
        }
    }

    #[test]
    fn files_of_other_languages_are_known_by_their_names() {
        for (path, english) in [
            ("app/locales/de/home.json", false),
            ("tests/golden/mail/invitation.nl.html", false),
            ("app/locales/en/home.json", true),
            ("crates/service/src/demo.rs", true),
        ] {
            assert_eq!(is_english(Path::new(path)), english, "{path}");
        }
    }

    #[test]
    fn types_of_tests_modules_and_functions_are_left_out() {
        let file = syn::parse_file(
            "pub struct First;\n#[cfg(test)] struct Second;\nmod inner { struct Third; }\n\
             fn work() { enum Fourth {} }\n#[cfg(unix)] enum Fifth {}\n",
        )
        .unwrap();
        assert_eq!(top_level_types(&file), [("First".to_owned(), 1), ("Fifth".to_owned(), 5)]);
    }
}
