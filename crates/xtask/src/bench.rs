//! Benchmarks. They print ratios of measurements of the same run.

use anyhow::Result;

use crate::{
    process::{cargo, run},
    report,
};

/// Runs the benchmarks one after another, so that they do not disturb each other: those of the
/// store, and those of the server's endpoints. With `scale`, runs the comparison of a large
/// database with a small one instead. `only` names what to measure alone.
pub(crate) fn run_benchmarks(scale: bool, only: Option<&str>) -> Result<()> {
    if !scale && only.is_none() {
        run_example("store", "bench", &[])?;
    }
    let scale = if scale { Some("--scale") } else { None };
    let arguments: Vec<&str> = scale.into_iter().chain(only).collect();
    run_example("server", "http_bench", &arguments)
}

fn run_example(package: &str, example: &str, arguments: &[&str]) -> Result<()> {
    report::note(&format!("== {package}"));
    let command = ["run", "--release", "-p", package, "--example", example, "--"];
    run(cargo().args(command).args(arguments))
}
