//! The `accord` command: the server, and what its operator needs beside it.
//!
//! A handler here parses a request, calls one use case of [`service`] in a
//! transaction of the store, and answers. What is allowed is decided by the rules;
//! what a refusal is called as an HTTP status is decided in [`error`] alone.

mod answer;
mod app;
mod cli;
mod commands;
mod config;
mod connection;
mod cookie;
mod delivery;
mod error;
mod handlers;
mod headers;
mod log;
mod openapi;
mod origin;
mod password;
mod request;
mod router;
mod static_files;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match commands::run(cli::Accord::parse()) {
        Ok(code) => code,
        Err(error) => {
            // The causes stand behind the sentence, each after a colon.
            eprintln!("accord: {error:#}");
            ExitCode::FAILURE
        }
    }
}
