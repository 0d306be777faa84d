//! The commands of README.md, run exactly as they are printed.
#![cfg(unix)]

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Returns the `sh` blocks of one section of a Markdown document, in order.
fn shell_blocks(document: &str, section: &str) -> String {
    let heading = format!("\n## {section}\n");
    let (_, after) = document.split_once(&heading).expect("the section");
    let section = after.split("\n## ").next().expect("its text");
    let mut script = String::new();
    let mut rest = section;
    while let Some((_, block)) = rest.split_once("\n```sh\n") {
        let (block, after) = block.split_once("\n```\n").expect("the end of the block");
        script.push_str(block);
        script.push('\n');
        rest = after;
    }
    script
}

#[test]
fn the_deploying_section_ends_with_a_signed_in_session() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).expect("README.md");
    let commands = shell_blocks(&readme, "Deploying");
    assert!(commands.contains("accord serve"), "the section starts a server:\n{commands}");

    // A free port, since 8080 may be in use. It is free again once it is known.
    let listen = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let listen = listen.expect("a free port").to_string();
    let program = Path::new(env!("CARGO_BIN_EXE_accord"));
    let path = std::env::join_paths(
        program
            .parent()
            .map(Path::to_path_buf)
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let folder = tempfile::tempdir().expect("an empty folder");
    // The server must not outlive the shell, whatever happens.
    let setup = "set -euo pipefail\ntrap 'kill $(jobs -p) && wait' EXIT";
    // The page is inside the program: the commands name no folder of it.
    let page = "curl --silent --show-error --fail \"http://$ACCORD_LISTEN/\"";
    let mut shell = Command::new("bash");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ACCORD_")) {
        shell.env_remove(name);
    }
    let output = shell
        .args(["-c", &format!("{setup}\n{commands}\n{page}\n")])
        .current_dir(folder.path())
        .env("PATH", path.expect("a search path"))
        .env("ACCORD_LISTEN", &listen)
        .output()
        .expect("bash runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{printed}\n{log}", output.status);
    let session = printed.lines().find(|line| line.starts_with('{')).unwrap_or_default();
    let session: Value = serde_json::from_str(session).expect("the session as JSON");
    assert_eq!(session["user"]["email"], "anna@contoso.example", "{session}");
    assert_eq!(session["organization"]["name"], "Contoso", "{session}");
    assert!(printed.contains("<!DOCTYPE html>"), "the page is served:\n{printed}");
    assert!(log.contains("stopped"), "the server stops with the shell:\n{log}");
    assert!(TcpListener::bind(&listen).is_ok(), "the port is free again");
}
