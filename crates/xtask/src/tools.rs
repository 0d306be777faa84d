//! The tools of the build and the tests: found on the search path, or installed at pinned
//! versions from crates.io, npm and Debian.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    process::{self, capture, cargo_bin, command, find, find_all, root, run},
    report::{self, seconds},
};

/// Version of trunk: the last that understands this workspace and compiles with the pinned
/// Rust.
const TRUNK: &str = "0.21.14";

/// Compilation target of the page.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Oldest major version of Node.js whose test runner has `--test-concurrency`.
const OLDEST_NODE: u32 = 20;

/// Installs Rust's wasm target unless it is there.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let libdir = capture(command("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(libdir.trim()).is_dir() {
        return Ok(());
    }
    report::note(&format!(
        "Rust cannot compile for {WASM} yet: adding the target (20 MB, some seconds)."
    ));
    run(command("rustup").args(["target", "add", WASM])).with_context(|| {
        format!(
            "The page is compiled for {WASM}, and this Rust cannot.\n\
             With a Rust from rustup, `rustup target add {WASM}` adds it; with a Rust from a \
             distribution, install its package for wasm32."
        )
    })
}

/// Installs the missing tools of the page (the wasm target, trunk and wasm-bindgen) and
/// returns their places.
pub(crate) fn page_tools() -> Result<PageTools> {
    ensure_wasm_target()?;
    Ok(PageTools {
        trunk: ensure_cargo_tool(&CargoTool {
            program: "trunk",
            package: "trunk",
            version: TRUNK,
            // The page is served and proxied over plain HTTP on this machine, and trunk
            // downloads nothing, so it needs no TLS.
            arguments: &["--no-default-features"],
            opt_level: "0",
            purpose: "builds the page",
            duration: "about three minutes on two cores",
        })?,
        wasm_bindgen: wasm_bindgen()?,
    })
}

/// Installs what a trunk started by hand needs, since trunk runs offline. Trunk itself may
/// have any version.
pub(crate) fn install_for_trunk() -> Result<()> {
    ensure_wasm_target()?;
    wasm_bindgen()?;
    // Without a network most crates are usually there, and the build reports the others.
    if let Err(error) = run(process::cargo().args(["fetch", "--quiet", "--target", WASM])) {
        report::note(&report::error_text(&error));
    }
    Ok(())
}

/// Installs wasm-bindgen in the version of Cargo.lock and returns its path.
fn wasm_bindgen() -> Result<PathBuf> {
    ensure_cargo_tool(&CargoTool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &wasm_bindgen_version()?,
        // Only the test runner of the same package uses the default features.
        arguments: &["--no-default-features", "--bin", "wasm-bindgen"],
        // It reads megabytes of wasm, which takes long without optimization.
        opt_level: "1",
        purpose: "connects the page's wasm to JavaScript",
        duration: "about two minutes on two cores",
    })
}

/// Paths of the tools that build the page.
pub(crate) struct PageTools {
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
}

impl PageTools {
    /// Returns a command of trunk that uses these tools and downloads none.
    pub(crate) fn trunk(&self) -> std::process::Command {
        let mut trunk = command(&self.trunk);
        // Trunk takes the first wasm-bindgen on the path, and wants another one if the
        // version differs.
        let folders = self
            .wasm_bindgen
            .parent()
            .map(Path::to_path_buf)
            .into_iter()
            .chain(process::search_path());
        if let Ok(path) = env::join_paths(folders) {
            trunk.env("PATH", path);
        }
        trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
        trunk.env("TRUNK_OFFLINE", "true");
        // The usual NO_COLOR=1 is not a value that trunk accepts.
        if env::var_os("NO_COLOR").is_some() {
            trunk.env("NO_COLOR", "true");
        }
        trunk
    }
}

/// A program that `cargo install` provides.
struct CargoTool<'a> {
    program: &'a str,
    package: &'a str,
    version: &'a str,
    arguments: &'a [&'a str],
    opt_level: &'a str,
    purpose: &'a str,
    duration: &'a str,
}

/// Returns the path of the program, after installing it if it is missing.
fn ensure_cargo_tool(tool: &CargoTool) -> Result<PathBuf> {
    let mut other = None;
    for path in find_all(tool.program) {
        match version_of(&path) {
            Some(version) if version == tool.version => return Ok(path),
            Some(version) => other = Some((path, version)),
            None => {}
        }
    }
    let CargoTool { program, package, version, purpose, duration, .. } = tool;
    let instead =
        other.map_or_else(String::new, |(path, found)| format!(" ({} is {found})", path.display()));
    report::note(&format!(
        "Installing {program} {version}, which {purpose}{instead}: {duration}, once."
    ));
    let start = Instant::now();
    if let Err(error) = run(&mut install_command(tool, true)) {
        // The lock file of a tool names exact versions, and a mirror of the registry may not
        // have all of them.
        report::note(&format!(
            "{}\nTrying again with the newest dependencies that fit.",
            report::error_text(&error)
        ));
        run(&mut install_command(tool, false)).with_context(|| {
            format!(
                "{program} {version} could not be installed.\n\
                 Is crates.io reachable? By hand: cargo install {package} --version ={version}"
            )
        })?;
    }
    let path = cargo_bin()
        .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
        .filter(|path| version_of(path).as_deref() == Some(*version))
        .with_context(|| {
            format!("{program} {version} was installed, but is not in cargo's folder of programs.")
        })?;
    report::note(&format!("{program} {version} is installed ({}).", seconds(start.elapsed())));
    Ok(path)
}

fn install_command(tool: &CargoTool, locked: bool) -> std::process::Command {
    let mut install = process::cargo();
    // Outside of the workspace its cargo configuration does not apply.
    install.current_dir(env::temp_dir());
    // A program of another version is replaced, also one that cargo does not know of, such as
    // from a cache of CI.
    install.args(["install", "--force", tool.package, "--version"]);
    install.arg(format!("={}", tool.version));
    if locked {
        install.arg("--locked");
    }
    install.args(tool.arguments);
    // The tools share most of their dependencies, and so one target folder.
    install.arg("--target-dir").arg(target_dir().join("tools"));
    // The tools run for seconds, so a short compilation is worth more than a fast program.
    install
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    install
}

/// Returns the folder that cargo builds into.
pub(crate) fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Returns the version that the program prints: `trunk 0.21.14`, `v20.1.0`.
fn version_of(program: &Path) -> Option<String> {
    let text = capture(command(program).arg("--version")).ok()?;
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}

/// Returns the version of wasm-bindgen in Cargo.lock. The command must have the same.
fn wasm_bindgen_version() -> Result<String> {
    let path = root().join("Cargo.lock");
    let text =
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read.", path.display()))?;
    locked_version(&text, "wasm-bindgen").with_context(|| {
        format!("{} names no wasm-bindgen, so there is no page to build.", path.display())
    })
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

/// Returns the path of a Chromium, after installing Debian's package if there is none.
pub(crate) fn ensure_browser() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if path.is_file() {
            return Ok(path);
        }
        bail!("CHROMIUM is set to {}, which does not exist.", path.display());
    }
    let known = || {
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .into_iter()
            .find_map(find)
    };
    if let Some(path) = known() {
        return Ok(path);
    }
    report::note("No browser here: installing Debian's chromium (about 100 MB, one minute).");
    apt_install(&["chromium", "fonts-liberation"]).context(
        "The browser tests need a Chromium. Set CHROMIUM to the path of one, or install it.",
    )?;
    known().context("Debian's chromium was installed, but no browser is on PATH.")
}

/// Returns the path of Node.js, after installing Debian's packages if it or npm is missing.
pub(crate) fn ensure_node() -> Result<PathBuf> {
    if find("node").is_none() || find("npm").is_none() {
        report::note("No Node.js here: installing Debian's nodejs and npm (about one minute).");
        apt_install(&["nodejs", "npm"]).with_context(|| {
            format!("The browser tests need Node.js {OLDEST_NODE} or newer, with npm.")
        })?;
    }
    let node = find("node").context("Node.js was installed, but `node` is not on PATH.")?;
    let version = version_of(&node).unwrap_or_default();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!(
            "{} is Node.js {version}; the browser tests need {OLDEST_NODE} or newer.",
            node.display()
        );
    }
    Ok(node)
}

/// Installs the npm packages of the browser tests, as locked in `tests/package-lock.json`.
pub(crate) fn ensure_npm_packages() -> Result<()> {
    let tests = root().join("tests");
    let lock = fs::read_to_string(tests.join("package-lock.json"))
        .context("tests/package-lock.json cannot be read.")?;
    let stamp = tests.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    report::note("Installing the browser tests' npm packages (some seconds).");
    run(command("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&tests))
    .context("The npm packages could not be installed. Is the npm registry reachable?")?;
    fs::write(&stamp, lock).with_context(|| format!("{} cannot be written.", stamp.display()))
}

/// Installs packages of Debian, as root or through sudo.
fn apt_install(packages: &[&str]) -> Result<()> {
    if find("apt-get").is_none() {
        bail!("This system has no apt-get. Install these by other means: {}", packages.join(", "));
    }
    let root = capture(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let apt = |arguments: &[&str]| {
        let mut apt = if root {
            command("apt-get")
        } else {
            let mut sudo = command("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
        run(&mut apt)
    };
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    apt(&["update", "-q"]).and_then(|()| apt(&install)).with_context(|| {
        format!(
            "Debian's packages could not be installed. By hand: \
                 sudo apt-get update && sudo apt-get install -y {}",
            packages.join(" ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }
}
