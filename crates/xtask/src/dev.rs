//! `cargo xtask dev`: the server with demo data, and `trunk serve` in front of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Child,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    process::{self, cargo, command, root, shown},
    report, styles, tools,
};

const SERVER: &str = "127.0.0.1:8080";
const PAGE_PORT: &str = "8081";

/// Interval between two checks of the sources. Reading the times of a few hundred files
/// takes less than a millisecond, so no file watcher is needed.
const POLL: Duration = Duration::from_millis(400);

/// Folders and files that trunk must not watch: the output of building and running, which
/// would start a build again and again, and the sources of the server only.
const IGNORED_BY_TRUNK: [&str; 15] = [
    ".ci",
    ".git",
    ".stage",
    "data",
    "dist",
    "target",
    "tests",
    "style/generated.css",
    "style/languages.js",
    "style/text",
    "crates/mail",
    "crates/server",
    "crates/service",
    "crates/store",
    "crates/xtask",
];

static STOP: AtomicBool = AtomicBool::new(false);

/// Runs server and page until Ctrl-C.
pub(crate) fn run() -> Result<()> {
    let tools = tools::page_tools()?;
    process::run(cargo().arg("fetch"))?;
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed))
        .context("The handler of Ctrl-C could not be set.")?;
    fs::create_dir_all(root().join("data")).context("data/ cannot be created.")?;
    styles::build(&root())?;

    report::note("Building the server (some minutes the first time).");
    let mut server = DevServer::default();
    let mut last = source_state();
    server.rebuild();

    report::note(&format!(
        "Starting `trunk serve`: the page is at http://127.0.0.1:{PAGE_PORT} and reloads itself; \
         it asks the server at http://{SERVER}, which is rebuilt when crates/ change. \
         Ctrl-C stops both."
    ));
    let mut page = tools.trunk();
    page.args(["serve", "--address", "127.0.0.1", "--port", PAGE_PORT]);
    // Without the feature `demo` of Trunk.toml the page talks to a server: this one.
    page.args(["--features=", "--proxy-backend", &format!("http://{SERVER}/api/")]);
    // A separate folder, since `dist/` is the page of the release build.
    page.args(["--dist", "target/dev-page"]);
    for path in IGNORED_BY_TRUNK {
        // Trunk refuses to ignore what does not exist.
        if root().join(path).exists() {
            page.args(["--ignore", path]);
        }
    }
    let mut page = ChildProcess::start(&mut page)?;

    while !STOP.load(Ordering::Relaxed) {
        thread::sleep(POLL);
        if let Some(status) = page.exit_status()? {
            if STOP.load(Ordering::Relaxed) {
                break;
            }
            bail!("`trunk serve` ended with {status}. Its output is above.");
        }
        server.report_exit();
        let current = source_state();
        if current != last {
            last = current;
            report::note("crates/ changed: building the server again.");
            server.rebuild();
        }
    }
    report::note("Stopped.");
    Ok(())
}

/// The development server: none while the first build is broken.
#[derive(Default)]
struct DevServer {
    running: Option<ChildProcess>,
}

impl DevServer {
    /// Builds the server and restarts it. The old process keeps running during the build,
    /// and when the build fails.
    fn rebuild(&mut self) {
        if let Err(error) = process::run(cargo().args(["build", "--package", "server"])) {
            report::note(&format!("{}\nWaiting for a change.", report::error_text(&error)));
            return;
        }
        self.running = None;
        let program = tools::target_dir()
            .join("debug")
            .join(format!("accord{}", std::env::consts::EXE_SUFFIX));
        let mut server = command(program);
        server.args(["serve", "--demo", "--listen", SERVER]);
        // The browser uses the address of trunk, and the server checks the origin of unsafe
        // requests.
        server.args([
            "--public-url",
            &format!("http://127.0.0.1:{PAGE_PORT}"),
            "--database",
            "data/dev.sqlite",
        ]);
        match ChildProcess::start(&mut server) {
            Ok(running) => self.running = Some(running),
            Err(error) => report::note(&report::error_text(&error)),
        }
    }

    fn report_exit(&mut self) {
        if let Some(running) = &mut self.running
            && let Ok(Some(status)) = running.exit_status()
        {
            self.running = None;
            report::note(&format!(
                "The server ended with {status}. It is started again after the next change."
            ));
        }
    }
}

/// A child process that is killed when the value is dropped.
struct ChildProcess {
    child: Child,
}

impl ChildProcess {
    fn start(command: &mut std::process::Command) -> Result<Self> {
        println!("$ {}", shown(command));
        let child = command
            .stdin(std::process::Stdio::null())
            .spawn()
            .with_context(|| format!("`{}` could not be started.", shown(command)))?;
        Ok(Self { child })
    }

    fn exit_status(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // An error means that the process has ended already. A killed server does not
        // damage its database.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the number of source files of the server and the newest modification time. The
/// number makes a removed file a change too.
fn source_state() -> (usize, Option<SystemTime>) {
    let mut files = Vec::new();
    for folder in ["crates", "Cargo.toml", "Cargo.lock"] {
        collect_sources(&root().join(folder), &mut files);
    }
    let newest = files
        .iter()
        .filter_map(|path| fs::metadata(path).and_then(|meta| meta.modified()).ok())
        .max();
    (files.len(), newest)
}

fn collect_sources(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_path_buf());
        return;
    }
    // The server does not depend on xtask.
    if path.ends_with("crates/xtask") {
        return;
    }
    // A folder that disappears while it is read is missing the next time.
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        collect_sources(&entry.path(), files);
    }
}
