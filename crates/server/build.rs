//! Embeds the page in the program, so that one file is all there is to deploy.
//!
//! `ACCORD_PAGE_DIR` names the folder of the built page; `cargo xtask dist` sets it. Without
//! it, as in development and tests, a placeholder is embedded instead.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=ACCORD_PAGE_DIR");
    let page = env::var_os("ACCORD_PAGE_DIR").filter(|folder| !folder.is_empty());
    let page = page.map(PathBuf::from);
    let folder = match &page {
        // Relative to the workspace, where cargo is usually called, and not to this crate.
        Some(page) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("placeholder"),
    };
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(&folder, "", &mut files)?;
    }
    files.sort();
    // The sources of the page have an index.html, too, but no wasm.
    let has = |end: &str| files.iter().any(|(name, _)| name.ends_with(end));
    if !has("index.html") || (page.is_some() && !has(".wasm")) {
        return Err(io::Error::other(format!(
            "ACCORD_PAGE_DIR: there is no built page in {}",
            folder.display()
        )));
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    let mut source = BufWriter::new(File::create(Path::new(&out).join("page.rs"))?);
    writeln!(source, "const PAGE_IS_EMBEDDED: bool = {};", page.is_some())?;
    writeln!(source, "const EMBEDDED_FILES: &[(&str, &[u8])] = &[")?;
    for (name, path) in files {
        writeln!(source, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    writeln!(source, "];")?;
    source.flush()
}

/// Lists the files of a folder and its subfolders, each with its name relative to the page.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            let path = path.canonicalize()?;
            let path = path.to_str().ok_or_else(|| io::Error::other("a path is not UTF-8"))?;
            files.push((name, path.to_owned()));
        }
    }
    Ok(())
}
