//! The `accord` command: the server, and what its operator needs beside it.
//!
//! This crate is the process: command line, configuration, sockets, static files, delivery of
//! mail, logs. The HTTP API itself is `http_api`. The program is [`main`]; [`ServedSite`] is the part
//! of it that benchmarks run in their own process.

mod cli;
mod commands;
mod config;
mod connection;
mod delivery;
mod drain;
mod headers;
mod host;
mod log;
mod long_reads;
mod password;
mod plan_completion;
mod router;
mod site;
mod static_files;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

pub use log::start_to_file;
pub use site::{ServedSite, fill_with_demo_data};

/// Runs the command that the program's arguments name.
#[must_use]
pub fn main() -> ExitCode {
    match commands::run(cli::Accord::parse()) {
        Ok(code) => code,
        Err(error) => {
            // The alternate format appends the causes, separated by colons.
            eprintln!("accord: {error:#}");
            ExitCode::FAILURE
        }
    }
}
