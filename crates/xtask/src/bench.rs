//! Benchmarks: the programs `examples/bench.rs` of some crates.

use anyhow::{Result, bail};

use crate::{
    process::{cargo, root, run},
    report,
};

/// Runs all benchmarks, one after another so that they do not disturb each other.
pub(crate) fn run_all() -> Result<()> {
    let mut found = false;
    for package in ["rules", "store", "service", "server"] {
        let program = root().join(format!("crates/{package}/examples/bench.rs"));
        if program.is_file() {
            found = true;
            report::note(&format!("== {package}"));
            run(cargo().args(["run", "--release", "-p", package, "--example", "bench"]))?;
        }
    }
    if !found {
        bail!("No crate has an examples/bench.rs.");
    }
    Ok(())
}
