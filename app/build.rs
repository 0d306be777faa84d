//! Generates the functions of the page's texts from `locales/`.

use std::{env, fs, path::Path, process::ExitCode};

use messages::Catalog;

fn main() -> ExitCode {
    strip_names();
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    messages::finish_build_script(generate())
}

fn generate() -> Result<(), String> {
    let catalog = Catalog::read(Path::new("locales"))?;
    let folder = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    fs::write(Path::new(&folder).join("messages.rs"), catalog.page_functions())
        .map_err(|error| error.to_string())
}

/// Leaves the names of functions out of a released page, a quarter of its
/// bytes. The profile's own `strip = true` would also take the section that
/// tells wasm-bindgen which features of WebAssembly are in use.
fn strip_names() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=--strip-all");
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
    }
}
