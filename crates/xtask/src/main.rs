//! Automation for Accord, called as `cargo xtask`.
//!
//! One module a subject; [`process`] starts programs, [`tools`] finds or installs
//! them, and the rest is one command each.

mod bench;
mod dev;
mod dist;
mod process;
mod refusals;
mod report;
mod run;
mod styles;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, tests and starts Accord.
///
/// Only Rust has to be there. What else is needed is installed when it is missing,
/// at pinned versions, from crates.io, npm and Debian alone.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Build Accord and start it with demo data, to look at it.
    ///
    /// Installs what is missing (the wasm target, trunk, wasm-bindgen), builds page
    /// and server in release, and starts the server with sample organizations. The
    /// first time takes about fifteen minutes on two cores, later ones seconds. The
    /// data is kept in data/accord.sqlite; remove that file to begin anew. Ctrl-C
    /// stops the server.
    Run {
        /// The address and port to listen on.
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
        listen: String,
        /// Start what was built last, without looking for changes.
        #[arg(long)]
        no_build: bool,
    },
    /// Run the tests: all of them, or those that are asked for.
    ///
    /// Installs what they need (also Chromium and Node.js, where there are none) and
    /// runs formatting, clippy, the tests of every crate, the page's size budget and
    /// the journeys in a browser. A failure does not end the run; a table at the end
    /// tells what failed and what took how long.
    Test {
        /// Only tests whose name holds this text; for browser tests also a file's
        /// name.
        filter: Option<String>,
        /// Only one part.
        #[arg(long, value_enum, value_name = "PART")]
        only: Option<test::Part>,
    },
    /// Build for release: target/release/accord, with the page inside.
    ///
    /// The page is built into dist/ first and compressed (.br, .gz); a table shows what a
    /// first visit loads.
    Dist {
        /// Fail when HTML, CSS, JavaScript, wasm and one language exceed the limit.
        #[arg(long)]
        check_size: bool,
    },
    /// Run the benchmarks.
    Bench,
    /// Work on Accord: server and page, both rebuilt and reloaded after a change.
    ///
    /// The page is at <http://127.0.0.1:8081>, the server behind it on port 8080, the
    /// data in data/dev.sqlite.
    Dev,
    /// Install what `trunk serve` needs, where it is missing, and fetch the crates.
    ///
    /// Trunk calls this before each build of the page.
    Tools,
    /// Collect the components' styles into style/generated.css.
    ///
    /// Trunk calls this before each build of the page.
    Styles,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Action::Run { listen, no_build } => run::run(&listen, !no_build),
        Action::Test { filter, only } => test::run_tests(filter.as_deref(), only),
        Action::Dist { check_size } => dist::build(check_size),
        Action::Bench => bench::run_all(),
        Action::Dev => dev::run(),
        Action::Tools => tools::for_trunk(),
        Action::Styles => styles::build(&process::root()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{}", report::words(&error));
            ExitCode::FAILURE
        }
    }
}
