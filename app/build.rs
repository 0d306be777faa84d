//! Generates the functions for the page's texts from `locales/`.

use std::{env, fs, path::Path, process::ExitCode};

#[path = "build/messages.rs"]
#[expect(dead_code, reason = "the tables of text are written by `cargo xtask styles`")]
mod messages;

fn main() -> ExitCode {
    strip_names();
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build/messages.rs");
    println!("cargo::rerun-if-changed=build.rs");
    let result = messages::Catalog::read(Path::new("locales")).and_then(|catalog| {
        let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
        fs::write(Path::new(&out).join("messages.rs"), catalog.rust())
            .map_err(|error| error.to_string())
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Strips function names from a release build, which saves a quarter of its bytes. The
/// profile's own `strip = true` would also remove the section that tells wasm-bindgen which
/// WebAssembly features are used.
fn strip_names() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=--strip-all");
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
    }
}
