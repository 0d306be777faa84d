//! Working on Accord: the server with demo data, and `trunk serve` in front of it.

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

/// How often the sources are looked at. Reading the times of a few hundred files
/// costs less than a millisecond, so no watcher of the operating system is needed.
const POLL: Duration = Duration::from_millis(400);

/// What trunk does not have to watch: what is made by building and running, which
/// would have it build for ever, and what is the server's alone.
const NOT_THE_PAGE: [&str; 15] = [
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

/// Runs both until Ctrl-C.
pub(crate) fn run() -> Result<()> {
    let tools = tools::page_tools()?;
    process::run(cargo().arg("fetch"))?;
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed))
        .context("Ctrl-C could not be watched for.")?;
    fs::create_dir_all(root().join("data")).context("data/ cannot be created.")?;
    styles::build(&root())?;

    report::note("Building the server (some minutes the first time).");
    let mut server = Server::default();
    let mut seen = newest_source();
    server.rebuild();

    report::note(&format!(
        "Starting `trunk serve`: the page is at http://127.0.0.1:{PAGE_PORT} and reloads itself; \
         it asks the server at http://{SERVER}, which is rebuilt when crates/ change. \
         Ctrl-C stops both."
    ));
    let mut page = tools.trunk();
    page.args(["serve", "--address", "127.0.0.1", "--port", PAGE_PORT]);
    // Without the demo, which Trunk.toml asks for, the page asks a server: this one.
    page.args(["--features=", "--proxy-backend", &format!("http://{SERVER}/api/")]);
    // The page has a folder of its own, so that `dist/` stays the release build that
    // `run --no-build` starts.
    page.args(["--dist", "target/dev-page"]);
    for path in NOT_THE_PAGE {
        // Trunk refuses to ignore what does not exist.
        if root().join(path).exists() {
            page.args(["--ignore", path]);
        }
    }
    let mut page = Running::start(&mut page)?;

    while !STOP.load(Ordering::Relaxed) {
        thread::sleep(POLL);
        if let Some(status) = page.ended()? {
            if STOP.load(Ordering::Relaxed) {
                break;
            }
            bail!("`trunk serve` ended with {status}. Its own words are above.");
        }
        server.notice_end();
        let newest = newest_source();
        if newest != seen {
            seen = newest;
            report::note("crates/ changed: building the server again.");
            server.rebuild();
        }
    }
    report::note("Stopped.");
    Ok(())
}

/// The server's process, when there is one.
#[derive(Default)]
struct Server {
    running: Option<Running>,
}

impl Server {
    /// Builds, and starts anew when that worked. The old server goes on answering
    /// while the new one is built, and when it could not be.
    fn rebuild(&mut self) {
        if let Err(error) = process::run(cargo().args(["build", "--package", "server"])) {
            report::note(&format!("{}\nWaiting for a change.", report::words(&error)));
            return;
        }
        self.running = None;
        let program = tools::target_dir()
            .join("debug")
            .join(format!("accord{}", std::env::consts::EXE_SUFFIX));
        let mut server = command(program);
        server.args(["serve", "--demo", "--listen", SERVER]);
        // The browser sees the address of trunk; the server checks where unsafe
        // requests come from, and has to be told.
        server.args([
            "--public-url",
            &format!("http://127.0.0.1:{PAGE_PORT}"),
            "--database",
            "data/dev.sqlite",
        ]);
        match Running::start(&mut server) {
            Ok(running) => self.running = Some(running),
            Err(error) => report::note(&report::words(&error)),
        }
    }

    fn notice_end(&mut self) {
        if let Some(running) = &mut self.running
            && let Ok(Some(status)) = running.ended()
        {
            self.running = None;
            report::note(&format!(
                "The server ended with {status}. It is started again after the next change."
            ));
        }
    }
}

/// A child process that does not outlive this one.
struct Running {
    child: Child,
}

impl Running {
    fn start(command: &mut std::process::Command) -> Result<Self> {
        println!("$ {}", shown(command));
        let child = command
            .stdin(std::process::Stdio::null())
            .spawn()
            .with_context(|| format!("`{}` could not be started.", shown(command)))?;
        Ok(Self { child })
    }

    fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has ended already, which is what is wanted. The
        // database stands a killed server; it is one of its promises.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The newest change in what the server is built from, with the number of files,
/// so that a removed file is noticed too.
fn newest_source() -> (usize, Option<SystemTime>) {
    let mut files = Vec::new();
    for folder in ["crates", "Cargo.toml", "Cargo.lock"] {
        sources(&root().join(folder), &mut files);
    }
    let newest = files
        .iter()
        .filter_map(|path| fs::metadata(path).and_then(|meta| meta.modified()).ok())
        .max();
    (files.len(), newest)
}

fn sources(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_path_buf());
        return;
    }
    // This program and its like are no part of the server.
    if path.ends_with("crates/xtask") {
        return;
    }
    // A folder that vanishes while it is read is seen without it the next time.
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        sources(&entry.path(), files);
    }
}
