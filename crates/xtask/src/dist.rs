//! `cargo xtask dist`: the release build of page and server, compression, and the size of
//! a first visit.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    process::{Background, cargo, root, run},
    report::{self, bytes},
    tools::{self, WASM},
};

/// Limit of a first visit in bytes: HTML, CSS, JavaScript, wasm and one language, compressed
/// with brotli. 200,000 bytes are one second at 1.6 Mbit/s and were the limit of the first
/// ten pages; nine pages of partner search and partner desk added half of that, and six
/// pages of subscriptions 82,000. Lists that load page by page, keep their place and change
/// all that match added 7,000. The limit is raised for what users get only, with one exception
/// of 9,000: the page reads JSON with serde's derives (docs/PERFORMANCE.md).
const SIZE_LIMIT: u64 = 408_000;

/// Extensions of files that are worth compressing.
const COMPRESSED_EXTENSIONS: [&str; 6] = ["html", "css", "js", "wasm", "svg", "json"];

/// Folders of `dist/` with one file (or one folder) per language.
const LANGUAGE_FOLDERS: [&str; 2] = ["text", "locales"];

/// Builds page and server, and prints the sizes.
pub(crate) fn build(check_size: bool) -> Result<()> {
    tools::ensure_wasm_target()?;
    // The server contains the page, so it is built last. The first time most of the work is
    // the crates below it, which are compiled beside the page.
    let crates_of_server = (!server_path().is_file())
        .then(|| Background::start(server_build().arg("--quiet")))
        .transpose()?;
    let built_page = page();
    if let Some(crates) = crates_of_server {
        report::note("Waiting for the crates of the server.");
        crates.finish()?;
        if built_page.is_err() {
            // This program has no page inside.
            fs::remove_file(server_path())?;
        }
    }
    built_page?;
    server()?;
    let sizes = measure(&site_folder())?;
    print!("\n{}", sizes.table());
    if check_size {
        sizes.check()?;
    }
    let program = server_path();
    let size = length(&program)?;
    report::note(&format!(
        "Ready: {} ({} bytes, the page inside).",
        program.display(),
        bytes(size)
    ));
    Ok(())
}

/// Builds the page into `dist/` and compresses its files.
pub(crate) fn page() -> Result<()> {
    let tools = tools::page_tools()?;
    // Trunk runs offline, so that it downloads no tools; the crates must be there before.
    run(cargo().arg("fetch"))?;
    report::note("Building the page in release (three minutes the first time, then less).");
    let mut build = tools.trunk();
    build.args(["build", "--release", "--cargo-profile", "wasm-release"]);
    // The page of a server is built without the feature `demo` of Trunk.toml.
    build.args(["--features=", "--dist", "dist"]);
    run(&mut build).context("The page could not be built.")?;
    let written = compress(&site_folder())?;
    report::note(&format!("Compressed {written} files beside their originals."));
    Ok(())
}

/// Builds the demo (the page on demo data, without a server) for the browser tests and
/// returns its folder.
pub(crate) fn demo_page() -> Result<PathBuf> {
    let tools = tools::page_tools()?;
    run(cargo().arg("fetch"))?;
    report::note("Building the demo (two minutes the first time, then less).");
    let folder = root().join("target/test-demo");
    let mut build = tools.trunk();
    build.args(["build", "--features", "demo"]).arg("--dist").arg(&folder);
    run(&mut build).context("The demo could not be built.")?;
    Ok(folder)
}

/// Compiles the page's crates as Trunk will, so that Trunk finds them compiled. They have
/// a profile and a target of their own, so this can run beside any other build.
pub(crate) fn compile_page() -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--package", "app", "--bin", "app"]);
    build.args(["--profile", "wasm-release", "--target", WASM]);
    run(&mut build)
}

/// Builds the server in release, with the page of `dist/` inside.
fn server() -> Result<()> {
    report::note("Building the server in release (two minutes the first time, then less).");
    let mut build = server_build();
    run(build.env("ACCORD_PAGE_DIR", site_folder())).context("The server could not be built.")
}

/// Returns the command that builds the server in release.
fn server_build() -> Command {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "server"]);
    build
}

/// Returns the folder of the built page.
pub(crate) fn site_folder() -> PathBuf {
    root().join("dist")
}

/// Returns the path of the server's release build.
pub(crate) fn server_path() -> PathBuf {
    tools::target_dir().join("release").join(format!("accord{}", std::env::consts::EXE_SUFFIX))
}

/// Prints the sizes of the page in `dist/`, and fails when it is over the limit.
pub(crate) fn check_size() -> Result<()> {
    let sizes = measure(&site_folder())?;
    print!("\n{}", sizes.table());
    sizes.check()
}

/// Writes `.br` and `.gz` beside each file that gets smaller, and returns the number of
/// files written.
fn compress(site: &Path) -> Result<usize> {
    let mut files = Vec::new();
    collect_files(site, &mut files)?;
    files.retain(|path| COMPRESSED_EXTENSIONS.contains(&extension(path)));
    // The largest file comes first, so that no core is left with it at the end.
    files.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).map_or(0, |meta| meta.len())));
    let next = AtomicUsize::new(0);
    let work = || -> Result<usize> {
        let mut written = 0;
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            written += compress_file(path)?;
        }
        Ok(written)
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .map(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .sum()
    })
}

fn compress_file(path: &Path) -> Result<usize> {
    let plain = fs::read(path).with_context(|| format!("{} cannot be read.", path.display()))?;
    let mut written = 0;
    for (suffix, packed) in [("br", brotli(&plain)?), ("gz", gzip(&plain)?)] {
        let sibling = sibling(path, suffix);
        if packed.len() < plain.len() {
            fs::write(&sibling, packed)
                .with_context(|| format!("{} cannot be written.", sibling.display()))?;
            written += 1;
        }
    }
    Ok(written)
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: plain.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*plain, &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    // The default header has neither name nor time, so that the same page gives the same
    // bytes.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}

fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| {
        format!("{} cannot be read. `cargo xtask dist` builds it.", folder.display())
    })?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect_files(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Number and size of the files of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct FileGroup {
    files: usize,
    plain: u64,
    brotli: u64,
}

impl FileGroup {
    fn add(&mut self, plain: u64, brotli: u64) {
        self.files += 1;
        self.plain += plain;
        self.brotli += brotli;
    }

    fn plus(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            plain: self.plain + other.plain,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Sizes of the page, by kind of file.
#[derive(Debug, Default)]
struct PageSizes {
    html: FileGroup,
    css: FileGroup,
    js: FileGroup,
    wasm: FileGroup,
    icons: FileGroup,
    languages: BTreeMap<String, FileGroup>,
}

fn measure(site: &Path) -> Result<PageSizes> {
    let mut files = Vec::new();
    collect_files(site, &mut files)?;
    let mut sizes = PageSizes::default();
    for path in files {
        let plain = length(&path)?;
        let packed = sibling(&path, "br");
        let brotli = if packed.is_file() { length(&packed)? } else { plain };
        let inside = path.strip_prefix(site).unwrap_or(&path);
        if let Some(language) = language_of(inside) {
            if COMPRESSED_EXTENSIONS.contains(&extension(&path)) {
                sizes.languages.entry(language).or_default().add(plain, brotli);
            }
            continue;
        }
        match extension(&path) {
            "html" => sizes.html.add(plain, brotli),
            "css" => sizes.css.add(plain, brotli),
            "js" | "mjs" => sizes.js.add(plain, brotli),
            "wasm" => sizes.wasm.add(plain, brotli),
            "svg" | "png" | "ico" | "webp" => sizes.icons.add(plain, brotli),
            _ => {}
        }
    }
    Ok(sizes)
}

fn length(path: &Path) -> Result<u64> {
    let meta = fs::metadata(path).with_context(|| format!("{} cannot be read.", path.display()))?;
    Ok(meta.len())
}

/// Returns the language of a file: the name in the folder of languages, up to the first dot
/// or the dash of a hash (`locales/nl-1a2b3c4d5e6f7a8b.json`).
fn language_of(inside: &Path) -> Option<String> {
    let mut parts = inside.iter().map(|part| part.to_string_lossy());
    parts.find(|part| LANGUAGE_FOLDERS.contains(&part.as_ref()))?;
    let name = parts.next()?;
    let stem = name.split('.').next().unwrap_or(&name);
    let code = match stem.rsplit_once('-') {
        Some((code, hash)) if hash.len() >= 8 => code,
        _ => stem,
    };
    Some(code.to_owned())
}

impl PageSizes {
    /// Returns the largest language; a first visit loads one.
    fn largest_language(&self) -> Option<(&str, FileGroup)> {
        self.languages
            .iter()
            .max_by_key(|(_, size)| size.brotli)
            .map(|(name, size)| (name.as_str(), *size))
    }

    /// Returns the sum that the limit applies to.
    fn counted(&self) -> FileGroup {
        let language = self.largest_language().map(|(_, size)| size).unwrap_or_default();
        [self.html, self.css, self.js, self.wasm].into_iter().fold(language, FileGroup::plus)
    }

    fn table(&self) -> String {
        let language = match self.largest_language() {
            Some((name, size)) => (format!("language ({name}, of {})", self.languages.len()), size),
            None => ("language (inside the wasm)".to_owned(), FileGroup::default()),
        };
        let rows = [
            ("HTML".to_owned(), self.html),
            ("CSS".to_owned(), self.css),
            ("JavaScript".to_owned(), self.js),
            ("wasm".to_owned(), self.wasm),
            language,
            ("counted".to_owned(), self.counted()),
            ("icons".to_owned(), self.icons),
            ("total".to_owned(), self.counted().plus(self.icons)),
        ];
        let mut table =
            format!("{:<28}{:>6}{:>12}{:>12}\n", "first visit", "files", "plain", "brotli");
        table.extend(rows.map(|(name, size)| {
            format!(
                "{name:<28}{:>6}{:>12}{:>12}\n",
                size.files,
                bytes(size.plain),
                bytes(size.brotli)
            )
        }));
        table
    }

    fn check(&self) -> Result<()> {
        let counted = self.counted().brotli;
        if self.wasm.files == 0 {
            bail!("There is no wasm in dist/. Was the page built?");
        }
        if counted > SIZE_LIMIT {
            bail!(
                "The page is {} bytes over its limit: HTML, CSS, JavaScript, wasm and one \
                 language are {} bytes in brotli, and {} are allowed.\n\
                 The table above shows which part it is; a new dependency of the page is the \
                 usual reason (`cargo tree -p app -e normal`).",
                bytes(counted - SIZE_LIMIT),
                bytes(counted),
                bytes(SIZE_LIMIT)
            );
        }
        println!("{} of {} bytes are used.", bytes(counted), bytes(SIZE_LIMIT));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_read_from_paths() {
        for (path, expected) in [
            ("locales/nl.json", Some("nl")),
            ("locales/zh-CN.json", Some("zh-CN")),
            ("text/en-0123456789abcdef.json", Some("en")),
            ("text/de/texts.json", Some("de")),
            ("app-0123456789abcdef.js", None),
        ] {
            assert_eq!(language_of(Path::new(path)).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn the_largest_language_counts_once() {
        let mut sizes = PageSizes::default();
        sizes.wasm.add(10, 5);
        sizes.icons.add(100, 50);
        for (name, brotli) in [("en", 2), ("nl", 3)] {
            let language = sizes.languages.entry(name.to_owned()).or_default();
            language.add(brotli * 2, brotli);
        }
        assert_eq!(sizes.counted().brotli, 8);
        assert!(sizes.check().is_ok());
        sizes.js.add(SIZE_LIMIT, SIZE_LIMIT);
        assert!(sizes.check().is_err());
    }

    #[test]
    fn compressed_bytes_decompress_to_the_original() {
        let plain = b"relationship ".repeat(500);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(&plain).unwrap(), &mut back).unwrap();
        assert_eq!(back, plain);
        let packed = gzip(&plain).unwrap();
        assert!(packed.len() < plain.len());
        let mut back = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*packed), &mut back).unwrap();
        assert_eq!(back, plain);
    }
}
