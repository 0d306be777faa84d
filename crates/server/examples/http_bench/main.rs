//! Benchmarks of the whole server, over HTTP in one process. Each result is a ratio of two
//! measurements that alternate in the same run, because absolute figures would mostly depend
//! on the machine.
//!
//! `cargo run --release -p server --example http_bench` compares endpoints with a bare axum "hello";
//! with `-- --scale`, it compares a large database with a small one (`--quick` tries that with
//! fewer rows). A further argument names
//! what to measure alone. The exit status is 1 if a target was missed.

mod client;
mod generate;
mod running;
mod scale;
mod speed;

use std::error::Error;
use std::process::ExitCode;

/// A result with an error of any type.
pub(crate) type Anything<T> = Result<T, Box<dyn Error>>;

fn main() -> Anything<ExitCode> {
    let folder = tempfile::tempdir()?;
    let _log = server::start_to_file(&folder.path().join("log"))?;
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let only = only.as_deref().unwrap_or_default();
    let has = |wanted| std::env::args().any(|argument| argument == wanted);
    let met = if has("--quick") {
        scale::compare_sizes(folder.path(), generate::QUICK, only)?
    } else if has("--scale") {
        scale::compare_sizes(folder.path(), generate::LARGE, only)?
    } else {
        speed::compare_with_hello(folder.path(), only)?
    };
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the value that a quarter of the values do not exceed.
pub(crate) fn lower_quartile(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 4).copied().unwrap_or(f64::NAN)
}

/// Returns the median.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
