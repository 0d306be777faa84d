//! The `accord` command: the server, and what its operator needs beside it.
//!
//! This crate is the process: command line, configuration, sockets, static files, delivery of
//! mail, logs. The HTTP API itself is `http_api`.

mod cli;
mod commands;
mod config;
mod connection;
mod delivery;
mod drain;
mod headers;
mod host;
mod log;
mod password;
mod router;
mod static_files;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match commands::run(cli::Accord::parse()) {
        Ok(code) => code,
        Err(error) => {
            // The alternate format appends the causes, separated by colons.
            eprintln!("accord: {error:#}");
            ExitCode::FAILURE
        }
    }
}
