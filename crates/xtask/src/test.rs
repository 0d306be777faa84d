//! Every test there is, behind one command.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::{
    dist,
    process::{capture, cargo, command, root, run, shown},
    refusals,
    report::Steps,
    tools::{self, WASM},
};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The rules alone: their tests, their dependencies, and that they are wasm.
    Rules,
    /// The tests of every crate.
    Rust,
    /// The journeys in a browser.
    Browser,
    /// Formatting and clippy.
    Lints,
    /// The page's weight.
    Size,
}

/// Runs the tests, or one part of them, or those whose name holds the filter.
pub(crate) fn run_tests(filter: Option<&str>, only: Option<Part>) -> Result<()> {
    let wanted = |part: Part| only.is_none_or(|only| only == part);
    let mut steps = Steps::default();

    // What is cheap and fails often comes first. A filter asks for tests, and the
    // checks that no name belongs to are left out then.
    if wanted(Part::Lints) && (filter.is_none() || only.is_some()) {
        lints(&mut steps);
    }
    if wanted(Part::Rules) && (filter.is_none() || only.is_some()) {
        steps.step("rules: what they depend on", rules_dependencies);
        steps.step("rules: compiled for wasm", || {
            tools::wasm_target()?;
            run(cargo().args(["check", "--package", "rules", "--target", WASM]))
        });
    }
    if only == Some(Part::Rules) {
        steps.step("rules: tests", || {
            run(cargo().args(["test", "--package", "rules", "--package", "api"]).args(filter))
        });
    }
    let mut server = None;
    if wanted(Part::Rust) {
        server = steps.step("rust: compile", build_tests).flatten();
        let passed = steps.step("rust: tests", || {
            run(cargo()
                .args(["test", "--workspace", "--no-fail-fast"])
                .args(filter)
                .env(refusals::RECORD_VARIABLE, refusals::prepare_record()?))
        });
        // A filter or a failed test leaves answers out.
        if passed.is_some() && filter.is_none() {
            steps.step("http: refusals that no test saw", refusals::compare_with_golden);
        }
    }
    let mut page = false;
    if wanted(Part::Size) && filter.is_none() || wanted(Part::Browser) {
        page = steps.step("page: build", dist::page).is_some();
    }
    if page && wanted(Part::Size) && filter.is_none() {
        steps.step("page: size", dist::check_size);
    }
    if page && wanted(Part::Browser) {
        let demo = steps.step("demo: build", dist::demo_page);
        steps.step("browser: tests", || {
            let server = match server {
                Some(server) => server,
                None => build_server()?,
            };
            let demo = demo.context("The demo was not built.")?;
            browser_tests(&server, &demo, filter)
        });
    }
    steps.finish()
}

fn lints(steps: &mut Steps) {
    steps.step("lints: formatting", || {
        run(cargo().args(["fmt", "--all", "--check"]))
            .context("`cargo fmt` puts the formatting right.")
    });
    steps.step("lints: clippy", || {
        run(cargo()
            .args(["clippy", "--workspace", "--exclude", "app", "--all-targets"])
            .args(["--", "-D", "warnings"]))
    });
    steps.step("lints: clippy of the page, for wasm", || {
        tools::wasm_target()?;
        run(cargo()
            .args(["clippy", "--package", "app", "--all-targets"])
            .args(["--target", WASM, "--", "-D", "warnings"]))
    });
    steps.step("lints: clippy of the demo, for wasm", || {
        run(cargo()
            .args(["clippy", "--package", "app", "--features", "demo"])
            .args(["--target", WASM, "--", "-D", "warnings"]))
    });
    steps.step("lints: the server with its own features alone", || {
        // Building the whole workspace lends every crate the features that any
        // other one asks for; the release build does not.
        run(cargo().args(["check", "--package", "server"]))
    });
}

/// Fails when the rules have grown a dependency that nobody has looked at.
fn rules_dependencies() -> Result<()> {
    let list = root().join("crates/xtask/rules-dependencies.txt");
    let allowed =
        fs::read_to_string(&list).with_context(|| format!("{} cannot be read.", list.display()))?;
    let tree = capture(cargo().args([
        "tree",
        "--package",
        "rules",
        "--edges",
        "normal,no-proc-macro",
        "--target",
        WASM,
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let unknown = not_listed(&allowed, &tree);
    if unknown.is_empty() {
        return Ok(());
    }
    bail!(
        "The rules have a new dependency: {}.\n\
         They are pure (no I/O, no clock, no randomness) and are downloaded by everyone who \
         opens the page. Do without it; if that is wrong, add a line to {}.",
        unknown.join(", "),
        list.display()
    );
}

/// The crates of the tree whose name has no line of its own in the list.
fn not_listed(list: &str, tree: &str) -> Vec<String> {
    let allowed: BTreeSet<&str> =
        list.lines().filter_map(|line| line.split('#').next()).map(str::trim).collect();
    let found: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    found.difference(&allowed).map(|&name| name.to_owned()).collect()
}

/// Compiles what the tests of Rust need, and tells where the server's program is.
///
/// The browser tests use this very program: to build the server in release as
/// well would take longer than all of them.
fn build_tests() -> Result<Option<PathBuf>> {
    compile(&["--workspace", "--lib", "--bins", "--tests"])
}

fn build_server() -> Result<PathBuf> {
    compile(&["--package", "server", "--bin", "accord"])?
        .context("The package `server` has built no program `accord`.")
}

fn compile(arguments: &[&str]) -> Result<Option<PathBuf>> {
    let mut build = cargo();
    build
        .args(["build", "--message-format", "json-render-diagnostics"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let line = shown(&build);
    println!("$ {line}");
    let mut child = build.spawn().with_context(|| format!("`{line}` could not be started."))?;
    let mut program = None;
    if let Some(messages) = child.stdout.take() {
        for message in BufReader::new(messages).lines() {
            if let Some(path) = server_program(&message?) {
                program = Some(path);
            }
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}` ended with {status}. Its own words are above.");
    }
    Ok(program)
}

/// The path of the server's program, if this message of cargo is about it.
fn server_program(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_server = message["target"]["name"] == "accord"
        && message["target"]["kind"][0] == "bin"
        && message["profile"]["test"] == false;
    let path = message["executable"].as_str()?;
    is_server.then(|| PathBuf::from(path))
}

/// Runs `tests/browser/*.test.mjs` in Node's own test runner.
fn browser_tests(server: &Path, demo: &Path, filter: Option<&str>) -> Result<()> {
    let trunk = tools::page_tools()?.trunk();
    let chromium = tools::browser()?;
    let node = tools::node()?;
    tools::npm_packages()?;
    let mut files = Vec::new();
    let folder = root().join("tests/browser");
    for entry in
        fs::read_dir(&folder).with_context(|| format!("{} cannot be read.", folder.display()))?
    {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("There is no test in {}.", folder.display());
    }
    let mut runner = command(node);
    runner
        .arg("--test")
        // A browser keeps a core busy by itself, and the server wants some of the
        // other.
        .arg("--test-concurrency=2")
        .arg("--test-reporter=spec")
        // One test starts trunk itself, with what it needs to find its tools.
        .envs(trunk.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("TRUNK", trunk.get_program())
        .env("ACCORD_DEMO", demo)
        .env("ACCORD_BIN", server)
        .env("CHROMIUM", chromium);
    if let Some(filter) = filter {
        // A filter that names a file means every test in it.
        let named: Vec<PathBuf> = files
            .iter()
            .filter(|path| {
                path.file_name().is_some_and(|name| name.to_string_lossy().contains(filter))
            })
            .cloned()
            .collect();
        if named.is_empty() {
            runner.arg(format!("--test-name-pattern={filter}"));
        } else {
            files = named;
        }
    }
    runner.args(files.iter().map(|path| path.strip_prefix(root()).unwrap_or(path)));
    run(&mut runner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_dependency_is_noticed() {
        let list = "# a reason\nrules\nserde  # its derived code\n";
        assert!(not_listed(list, "rules v0.1.0 (/x)\nserde v1.0.0\nserde v1.0.0 (*)\n").is_empty());
        assert_eq!(not_listed(list, "rules v0.1.0\nchrono v0.4.0\n"), ["chrono"]);
    }

    #[test]
    fn cargo_tells_where_the_server_is() {
        let message = |kind: &str, test: bool| {
            format!(
                r#"{{"target":{{"name":"accord","kind":["{kind}"]}},"profile":{{"test":{test}}},"executable":"/t/accord"}}"#
            )
        };
        assert_eq!(server_program(&message("bin", false)), Some(PathBuf::from("/t/accord")));
        assert_eq!(server_program(&message("bin", true)), None);
        assert_eq!(server_program(&message("lib", false)), None);
        assert_eq!(server_program("not JSON"), None);
    }
}
