//! Automation for Accord, called as `cargo xtask`.
//!
//! [`process`] starts programs, [`tools`] finds or installs them, [`report`] writes to the
//! terminal, and each other module is one command or its parts.

mod app_imports;
mod bench;
mod dev;
mod dist;
mod process;
mod refusals;
mod report;
mod run;
mod source_checks;
mod styles;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, tests and starts Accord.
///
/// Needs Rust only. Other tools are installed when they are missing, at pinned versions,
/// from crates.io, npm and Debian.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Build Accord and start it with demo data.
    ///
    /// Installs missing tools (the wasm target, trunk, wasm-bindgen), builds page and
    /// server in release, and starts the server with demo organizations. The first
    /// time takes about ten minutes on two cores, later ones seconds. The data is kept
    /// in data/accord.sqlite; remove that file to start over. Ctrl-C stops the server.
    Run {
        /// The address and port to listen on.
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
        listen: String,
        /// Start the last build, without looking for changes.
        #[arg(long)]
        no_build: bool,
    },
    /// Run all tests, or some of them.
    ///
    /// Installs missing tools (also Chromium and Node.js) and runs formatting, clippy,
    /// the tests of every crate, the page's size budget and the journeys in a browser.
    /// A failure does not end the run; a table at the end lists the result and the
    /// duration of each step.
    Test {
        /// Only tests whose name contains this text; for browser tests also the name of
        /// a file.
        filter: Option<String>,
        /// Only one group of tests.
        #[arg(long, value_enum, value_name = "GROUP")]
        only: Option<test::TestGroup>,
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
    ///
    /// They print ratios, and fail if a target was missed. Other programs that run meanwhile
    /// change the results.
    Bench {
        /// Compare a large database (50,000 customers, 1,000,000 audit entries) with a small
        /// one. Takes some minutes.
        #[arg(long)]
        scale: bool,
        /// Only what contains this text in its name.
        only: Option<String>,
    },
    /// Start server and page for development; both are rebuilt after a change.
    ///
    /// The page is at <http://127.0.0.1:8081>, the server behind it on port 8080, the
    /// data in data/dev.sqlite.
    Dev,
    /// Install the tools that `trunk serve` needs, and fetch the crates.
    ///
    /// Trunk calls this before each build of the page.
    Tools,
    /// Install the tools of the browser tests and compile the page, beside other tests.
    #[command(hide = true)]
    Prepare,
    /// Check the wording of all text files, and that no two types have the same name.
    Sources,
    /// Generate style/generated.css and the tables of text.
    ///
    /// Trunk calls this before each build of the page.
    Styles,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Action::Run { listen, no_build } => run::run(&listen, !no_build),
        Action::Test { filter, only } => test::run_tests(filter.as_deref(), only),
        Action::Dist { check_size } => dist::build(check_size),
        Action::Bench { scale, only } => bench::run_benchmarks(scale, only.as_deref()),
        Action::Dev => dev::run(),
        Action::Tools => tools::install_for_trunk(),
        Action::Prepare => test::prepare(),
        Action::Sources => source_checks::check_all(),
        Action::Styles => styles::build(&process::root()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{}", report::error_text(&error));
            ExitCode::FAILURE
        }
    }
}
