//! `cargo xtask run`: builds Accord and starts it with demo data.

use std::{fs, net::TcpListener, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    dist,
    process::{command, root, shown},
    report,
};

/// Builds page and server unless told not to, and becomes the server.
pub(crate) fn run(listen: &str, build: bool) -> Result<()> {
    // A port that is taken is reported before minutes of building, not after.
    if let Err(error) = TcpListener::bind(listen) {
        bail!(
            "{listen} cannot be listened on: {error}.\n\
             Is Accord running already? `cargo xtask run --listen 127.0.0.1:8090` takes another port."
        );
    }
    if build {
        dist::build(false)?;
    } else if !dist::server_path().is_file() {
        bail!("Nothing is built yet. Leave out --no-build, or run `cargo xtask dist` first.");
    }
    let data = root().join("data");
    fs::create_dir_all(&data).with_context(|| format!("{} cannot be created.", data.display()))?;
    report::note(&format!(
        "Starting Accord with demo data, kept in data/accord.sqlite.\n\
         Open http://{listen} when the server is listening; Ctrl-C stops it."
    ));
    let mut server = command(dist::server_path());
    server.args(["serve", "--demo", "--listen", listen]);
    server.args(["--database", "data/accord.sqlite"]);
    become_program(&mut server)
}

/// Replaces this process by the program, so that signals and the exit status are the
/// program's own.
#[cfg(unix)]
fn become_program(program: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    let error = program.exec();
    Err(error).with_context(|| format!("`{}` could not be started.", shown(program)))
}

/// Waits for the program. The terminal sends Ctrl-C to both.
#[cfg(not(unix))]
fn become_program(program: &mut Command) -> Result<()> {
    let line = shown(program);
    let status = program.status().with_context(|| format!("`{line}` could not be started."))?;
    if !status.success() {
        bail!("`{line}` ended with {status}.");
    }
    Ok(())
}
