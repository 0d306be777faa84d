//! Lists the refusals that the API documents and that no HTTP test saw.
//!
//! The HTTP tests record what is documented and what they saw (`tests/http/documented.rs`);
//! the list of the rest is a golden file, so that a new refusal without a test shows in review.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
};

use anyhow::{Context as _, Result, bail};

use crate::{process::root, tools};

/// The variable that tells the HTTP tests where to record what they see.
pub(crate) const RECORD_VARIABLE: &str = "HTTP_ANSWERS";

/// The folder that the HTTP tests record into.
pub(crate) fn record_folder() -> PathBuf {
    tools::target_dir().join("http-answers")
}

/// Makes an empty folder for the record.
pub(crate) fn prepare_record() -> Result<PathBuf> {
    let folder = record_folder();
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("{} cannot be removed.", folder.display()))?;
    }
    fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be created.", folder.display()))?;
    Ok(folder)
}

/// Compares the refusals that no test saw with the golden file, which `UPDATE_GOLDEN=1` writes.
pub(crate) fn compare_with_golden() -> Result<()> {
    let read = |name: &str| {
        let path = record_folder().join(name);
        fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read: did the HTTP tests run?", path.display()))
    };
    let list = not_seen(&read("documented.txt")?, &read("seen.txt")?);
    let path = root().join("tests/golden/refusals-not-seen.txt");
    if env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        if env::var("CI").as_deref() == Ok("true") {
            bail!("UPDATE_GOLDEN is set in CI, where golden files are compared and never written.");
        }
        fs::write(&path, &list)
            .with_context(|| format!("{} cannot be written.", path.display()))?;
    }
    let golden =
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read.", path.display()))?;
    println!("Documented refusals that no HTTP test saw: {}", list.lines().count());
    compare(&golden, &list).with_context(|| {
        format!(
            "Add a test, correct the API's description, or run `cargo xtask test --only rust` \
             with UPDATE_GOLDEN=1 to write {}.",
            path.display()
        )
    })
}

/// Returns the documented outcomes that were not seen, one per line and sorted. An outcome that
/// many operations document and none had is one line with `*`. So is a failure of the server,
/// such as `500 internal`, for the operations that did not have it: none of them is special.
fn not_seen(documented: &str, seen: &str) -> String {
    let seen: BTreeSet<&str> = seen.lines().collect();
    let mut by_outcome: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut seen_outcomes = BTreeSet::new();
    for line in documented.lines().collect::<BTreeSet<_>>() {
        let Some((operation, outcome)) = line.split_once(' ') else { continue };
        if seen.contains(line) {
            seen_outcomes.insert(outcome);
        } else {
            by_outcome.entry(outcome).or_default().push(operation);
        }
    }
    let mut lines = BTreeSet::new();
    for (outcome, operations) in by_outcome {
        let is_failure = outcome.starts_with('5');
        if operations.len() == 1 || (seen_outcomes.contains(outcome) && !is_failure) {
            lines.extend(operations.iter().map(|operation| format!("{operation} {outcome}\n")));
        } else {
            lines.insert(format!("* {outcome}\n"));
        }
    }
    lines.into_iter().collect()
}

/// Fails when the lists differ, and says in which lines.
fn compare(golden: &str, list: &str) -> Result<()> {
    let (golden, list): (BTreeSet<_>, BTreeSet<_>) =
        (golden.lines().collect(), list.lines().collect());
    if golden == list {
        return Ok(());
    }
    let added = list.difference(&golden).map(|line| format!("+ {line}"));
    let removed = golden.difference(&list).map(|line| format!("- {line}"));
    let lines: Vec<String> = added.chain(removed).collect();
    bail!("The list of refusals that no HTTP test saw has changed:\n{}", lines.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_that_were_not_seen_are_listed() {
        let documented = "getSite 200\ngetSite 500 internal\nplaceOrder 201\n\
                          getMail 500 internal\n\
                          placeOrder 409 priceChanged\nplaceOrder 500 internal\n\
                          getSite 400 invalidFields\nplaceOrder 400 invalidFields\n";
        let seen = "getSite 200\nplaceOrder 201\ngetSite 400 invalidFields\ngetMail 500 internal\n";
        assert_eq!(
            not_seen(documented, seen),
            "* 500 internal\nplaceOrder 400 invalidFields\nplaceOrder 409 priceChanged\n"
        );
    }

    #[test]
    fn a_difference_names_the_lines() {
        assert!(compare("a 1\nb 2\n", "b 2\na 1\n").is_ok());
        let message = compare("a 1\nb 2\n", "b 2\nc 3\n").unwrap_err().to_string();
        assert!(message.ends_with("\n+ c 3\n- a 1"), "{message}");
    }
}
