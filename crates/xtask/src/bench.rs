//! The benchmarks: programs of their own, in `examples/bench.rs` of a crate.

use anyhow::{Result, bail};

use crate::{
    process::{cargo, root, run},
    report,
};

/// Runs every benchmark there is, one after another, so that none disturbs another.
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
        bail!("There is no benchmark yet: no crate has an examples/bench.rs.");
    }
    Ok(())
}
