//! `cargo xtask test`: lints, tests of all crates, page size and browser journeys.

use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::{
    dist,
    process::{Background, capture, cargo, command, root, run, shown},
    refusals,
    report::{self, Steps},
    source_checks,
    tools::{self, WASM},
};

/// A group of tests for `--only`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestGroup {
    /// The rules: their tests, their dependencies, and that they compile for wasm.
    Rules,
    /// The tests of all crates.
    Rust,
    /// The journeys in a browser.
    Browser,
    /// Formatting, clippy and checks of the source text.
    Lints,
    /// The size of the page.
    Size,
}

/// Arguments of cargo for all crates and their tests.
const ALL_CRATES: [&str; 4] = ["--workspace", "--lib", "--bins", "--tests"];

/// Runs all tests, one group of them, or those whose name contains the filter.
pub(crate) fn run_tests(filter: Option<&str>, only: Option<TestGroup>) -> Result<()> {
    let wanted = |group: TestGroup| only.is_none_or(|only| only == group);
    let needs_page = wanted(TestGroup::Browser) || wanted(TestGroup::Size) && filter.is_none();
    let mut steps = Steps::default();

    // Installing tools and compiling the page for release takes minutes and shares nothing
    // with lints and Rust tests, so it runs beside them.
    let preparation = (needs_page && only.is_none()).then(|| {
        tools::ensure_wasm_target()?;
        Background::start(command(env::current_exe()?).arg("prepare"))
    });

    // Cheap checks that fail often come first. A filter names tests, so the checks without
    // a name are left out then.
    if wanted(TestGroup::Lints) && (filter.is_none() || only.is_some()) {
        lints(&mut steps);
    }
    if wanted(TestGroup::Rules) && (filter.is_none() || only.is_some()) {
        steps.step("rules: dependencies", check_rules_dependencies);
        steps.step("rules, http: compiled for wasm", || {
            tools::ensure_wasm_target()?;
            run(cargo()
                .args(["check", "--package", "rules", "--package", "http-api"])
                .args(["--target", WASM]))
        });
    }
    if only == Some(TestGroup::Rules) {
        steps.step("rules: tests", || {
            run(cargo().args(["test", "--package", "rules", "--package", "api"]).args(filter))
        });
    }
    let compiled = wanted(TestGroup::Rust);
    if compiled {
        steps.step("rust: compile", || compile(&ALL_CRATES, None).map(drop));
    }
    // Tests have timeouts, so they do not run beside compilers.
    if let Some(preparation) = preparation {
        steps.step("page: tools and compile, beside the above", || preparation?.finish());
    }
    if wanted(TestGroup::Rust) {
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
    if needs_page {
        page = steps.step("page: build", dist::page).is_some();
    }
    if page && wanted(TestGroup::Size) && filter.is_none() {
        steps.step("page: size", dist::check_size);
    }
    if page && wanted(TestGroup::Browser) {
        let demo = steps.step("demo: build", dist::demo_page);
        steps.step("browser: tests", || {
            let server = build_server_with_page(compiled)?;
            let demo = demo.context("The demo was not built.")?;
            browser_tests(&server, &demo, filter)
        });
    }
    steps.finish()
}

/// Installs the tools of the page and of its tests, and compiles the page.
pub(crate) fn prepare() -> Result<()> {
    let start = Instant::now();
    tools::page_tools()?;
    tools::ensure_browser()?;
    tools::ensure_node()?;
    tools::ensure_npm_packages()?;
    dist::compile_page()?;
    report::note(&format!("This took {}.", report::seconds(start.elapsed())));
    Ok(())
}

fn lints(steps: &mut Steps) {
    source_checks::add_steps(steps);
    steps.step("lints: formatting", || {
        run(cargo().args(["fmt", "--all", "--check"]))
            .context("`cargo fmt` corrects the formatting.")
    });
    steps.step("lints: clippy", || {
        run(cargo()
            .args(["clippy", "--workspace", "--exclude", "app", "--all-targets"])
            .args(["--", "-D", "warnings"]))
    });
    steps.step("lints: clippy of the page, for wasm", || {
        tools::ensure_wasm_target()?;
        run(cargo()
            .args(["clippy", "--package", "app", "--all-targets"])
            .args(["--target", WASM, "--", "-D", "warnings"]))
    });
    steps.step("lints: clippy of the demo, for wasm", || {
        run(cargo()
            .args(["clippy", "--package", "app", "--features", "demo"])
            .args(["--target", WASM, "--", "-D", "warnings"]))
    });
    steps.step("lints: the server with only its own features", || {
        // In a build of the whole workspace every crate gets the features that any other
        // crate asks for; the release build of the server does not. `view_macro` is a
        // macro, so it only affects crates that run at compile time, which then need not be
        // compiled again.
        run(cargo().args(["check", "--package", "server", "--package", "view_macro"]))
    });
}

/// Fails when the rules have a dependency that is not in the list.
fn check_rules_dependencies() -> Result<()> {
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
    let unknown = unlisted_crates(&allowed, &tree);
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

/// Returns the crates of the tree that are not in the list.
fn unlisted_crates(list: &str, tree: &str) -> Vec<String> {
    let allowed: BTreeSet<&str> =
        list.lines().filter_map(|line| line.split('#').next()).map(str::trim).collect();
    let found: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    found.difference(&allowed).map(|&name| name.to_owned()).collect()
}

/// Compiles the server with the page of `dist/` inside, as it is deployed, and returns the path
/// of its program. A debug build, since a release build would take longer than the tests do.
/// What was compiled for the other tests is used again.
fn build_server_with_page(tests_are_compiled: bool) -> Result<PathBuf> {
    let server = ["--package", "server", "--bin", "accord"];
    let arguments: &[&str] = if tests_are_compiled { &ALL_CRATES } else { &server };
    compile(arguments, Some(&dist::site_folder()))?
        .context("Building the package `server` gave no program `accord`.")
}

/// Compiles with debug settings, with the page of a folder inside the server if one is given,
/// and returns the path of the server's program if it was built.
fn compile(arguments: &[&str], page: Option<&Path>) -> Result<Option<PathBuf>> {
    let mut build = cargo();
    if let Some(page) = page {
        build.env("ACCORD_PAGE_DIR", page);
    }
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
        bail!("`{line}` ended with {status}. Its output is above.");
    }
    Ok(program)
}

/// Returns the path of the server's program if the message of cargo is about it.
fn server_program(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_server = message["target"]["name"] == "accord"
        && message["target"]["kind"][0] == "bin"
        && message["profile"]["test"] == false;
    let path = message["executable"].as_str()?;
    is_server.then(|| PathBuf::from(path))
}

/// Runs `tests/browser/*.test.mjs` in Node's test runner.
fn browser_tests(server: &Path, demo: &Path, filter: Option<&str>) -> Result<()> {
    let trunk = tools::page_tools()?.trunk();
    let chromium = tools::ensure_browser()?;
    let node = tools::ensure_node()?;
    tools::ensure_npm_packages()?;
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
        // One test starts trunk, which needs these variables to find its tools.
        .envs(trunk.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("TRUNK", trunk.get_program())
        .env("DEMO_PAGE", demo)
        .env("ACCORD_BIN", server)
        .env("CHROMIUM", chromium);
    if let Some(filter) = filter {
        // A filter that matches the name of a file selects all tests of the file.
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
    fn new_dependencies_are_found() {
        let list = "# a reason\nrules\nserde  # its derived code\n";
        assert!(
            unlisted_crates(list, "rules v0.1.0 (/x)\nserde v1.0.0\nserde v1.0.0 (*)\n").is_empty()
        );
        assert_eq!(unlisted_crates(list, "rules v0.1.0\nchrono v0.4.0\n"), ["chrono"]);
    }

    #[test]
    fn the_path_of_the_server_is_read_from_cargos_messages() {
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
