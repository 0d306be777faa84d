//! Starting other programs, with one environment for all of them.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

/// Returns the root folder of the workspace.
pub(crate) fn root() -> PathBuf {
    // Cargo passes the folder of the package at run time, so that a moved workspace works;
    // the folder at compile time is the fallback.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.ancestors().nth(2).map_or_else(|| package.clone(), Path::to_path_buf)
}

/// Returns the folder that `cargo install` puts programs into.
pub(crate) fn cargo_bin() -> Option<PathBuf> {
    let folder = env::var_os("CARGO_INSTALL_ROOT")
        .or_else(|| env::var_os("CARGO_HOME"))
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))?;
    Some(folder.join("bin"))
}

/// Returns the folders to search for programs: `PATH`, then cargo's own.
pub(crate) fn search_path() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    folders.extend(cargo_bin());
    let mut seen = Vec::new();
    folders.retain(|folder| {
        let new = !seen.contains(folder);
        if new {
            seen.push(folder.clone());
        }
        new
    });
    folders
}

/// Returns every program of that name, in the order of the search path.
pub(crate) fn find_all(name: &str) -> Vec<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    search_path()
        .into_iter()
        .map(|folder| folder.join(&name))
        .filter(|path| path.is_file())
        .collect()
}

/// Returns the first program of that name on the search path.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    find_all(name).into_iter().next()
}

/// Returns a command in the root folder, with cargo's folder on its `PATH`.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    if let Ok(path) = env::join_paths(search_path()) {
        command.env("PATH", path);
    }
    // This program was started by cargo, which described this package in the
    // environment. Some build scripts (ring's among them) watch these variables
    // and would be run again each time a build changes between here and a shell.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
            || text == "CARGO_CRATE_NAME"
            || text == "RUSTC_BOOTSTRAP"
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Returns a command of the cargo that runs this program.
pub(crate) fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Returns the command line as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line =
        program.file_stem().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        let argument = argument.to_string_lossy();
        if argument.is_empty() || argument.contains(char::is_whitespace) {
            line.push('\'');
            line.push_str(&argument);
            line.push('\'');
        } else {
            line.push_str(&argument);
        }
    }
    line
}

/// Runs the command with its output on the terminal. A failure is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| could_not_start(command))?;
    if status.success() {
        return Ok(());
    }
    bail!("`{line}` ended with {status}. Its output is above.");
}

/// A command that runs beside other work. Its output is kept until the end, so that it does
/// not mix with the output of that work.
pub(crate) struct Background {
    child: Child,
    line: String,
    output: NamedTempFile,
}

impl Background {
    /// Starts the command.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let line = shown(command);
        println!("$ {line} &");
        let output = NamedTempFile::new().context("A temporary file could not be made.")?;
        let file = output.reopen()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| could_not_start(command))?;
        Ok(Self { child, line, output })
    }

    /// Waits for the command and prints its output. A failure is an error.
    pub(crate) fn finish(mut self) -> Result<()> {
        let status = self.child.wait()?;
        println!("$ {}", self.line);
        print!("{}", String::from_utf8_lossy(&fs::read(self.output.path())?));
        if status.success() {
            return Ok(());
        }
        bail!("`{}` ended with {status}. Its output is above.", self.line);
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // An error means that the command has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the command without output and returns its stdout.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let line = shown(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| could_not_start(command))?;
    if !output.status.success() {
        bail!(
            "`{line}` ended with {}.\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn could_not_start(command: &Command) -> String {
    format!(
        "`{}` could not be started. Is {} installed, and on PATH?",
        shown(command),
        Path::new(command.get_program()).display()
    )
}
