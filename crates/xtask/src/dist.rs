//! The release build: page and server, compression, and what a visitor downloads.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    process::{cargo, root, run},
    report::{self, bytes},
    tools,
};

/// What the first visit may weigh: HTML, CSS, JavaScript, wasm and one language, in
/// brotli. The ten pages of the main job were held to 200,000 bytes, which at
/// 1.6 Mbit/s is one second of download; the search for partners and the partner's
/// desk, nine pages with their forms, added about half as much again, and subscriptions,
/// six pages with a checkout and an import, about 82,000. The limit is lowered with the
/// page, and raised for new pages alone.
const LIMIT: u64 = 390_000;

/// The kinds of file that are worth compressing.
const COMPRESSED: [&str; 6] = ["html", "css", "js", "wasm", "svg", "json"];

/// Folders of `dist/` that hold one file (or one folder) for each language.
const LANGUAGE_FOLDERS: [&str; 2] = ["text", "locales"];

/// Builds page and server, and tells the sizes.
pub(crate) fn build(check_size: bool) -> Result<()> {
    page()?;
    server()?;
    let sizes = sizes(&site())?;
    print!("\n{}", sizes.table());
    if check_size {
        sizes.check()?;
    }
    let program = server_binary();
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
    // Trunk is kept off the network, so that it fetches no tools of its own; the
    // crates have to be here before.
    run(cargo().arg("fetch"))?;
    report::note("Building the page in release (three minutes the first time, then less).");
    let mut build = tools.trunk();
    build.args(["build", "--release", "--cargo-profile", "wasm-release"]);
    // A page for a server has nothing of the demo, which Trunk.toml asks for.
    build.args(["--features=", "--dist", "dist"]);
    run(&mut build).context("The page could not be built.")?;
    let written = compress(&site())?;
    report::note(&format!("Compressed {written} files beside their originals."));
    Ok(())
}

/// Builds the demo (the page on sample data, without a server) into a folder of its own and
/// returns that folder.
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

/// Builds the server in release, with the page of `dist/` inside.
pub(crate) fn server() -> Result<()> {
    report::note("Building the server in release (five minutes the first time, then less).");
    run(cargo().args(["build", "--release", "--package", "server"]).env("ACCORD_PAGE_DIR", site()))
        .context("The server could not be built.")
}

/// Where the built page lies.
pub(crate) fn site() -> PathBuf {
    root().join("dist")
}

/// Where the release build of the server lies.
pub(crate) fn server_binary() -> PathBuf {
    tools::target_dir().join("release").join(format!("accord{}", std::env::consts::EXE_SUFFIX))
}

/// Fails when the page in `dist/` is over the limit; prints the table either way.
pub(crate) fn check_size() -> Result<()> {
    let sizes = sizes(&site())?;
    print!("\n{}", sizes.table());
    sizes.check()
}

/// Writes `.br` and `.gz` beside each file that gets smaller by it, and tells how
/// many were written.
fn compress(site: &Path) -> Result<usize> {
    let mut files = Vec::new();
    collect(site, &mut files)?;
    files.retain(|path| COMPRESSED.contains(&extension(path)));
    // The largest comes first, so that no core waits long for the last one.
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
    // The default header carries neither name nor time, so that the same page
    // gives the same bytes.
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

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| {
        format!("{} cannot be read. `cargo xtask dist` builds it.", folder.display())
    })?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// One kind of file in the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    files: usize,
    plain: u64,
    brotli: u64,
}

impl Size {
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

/// What the page weighs, by kind.
#[derive(Debug, Default)]
struct Sizes {
    html: Size,
    css: Size,
    js: Size,
    wasm: Size,
    icons: Size,
    languages: BTreeMap<String, Size>,
}

fn sizes(site: &Path) -> Result<Sizes> {
    let mut files = Vec::new();
    collect(site, &mut files)?;
    let mut sizes = Sizes::default();
    for path in files {
        let plain = length(&path)?;
        let packed = sibling(&path, "br");
        let brotli = if packed.is_file() { length(&packed)? } else { plain };
        let inside = path.strip_prefix(site).unwrap_or(&path);
        if let Some(language) = language(inside) {
            if COMPRESSED.contains(&extension(&path)) {
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

/// The language that a file belongs to: what comes after the languages' folder,
/// up to the first dot or dash of a hash (`locales/nl-1a2b3c4d5e6f7a8b.json`).
fn language(inside: &Path) -> Option<String> {
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

impl Sizes {
    /// The heaviest language stands for every one.
    fn language(&self) -> Option<(&str, Size)> {
        self.languages
            .iter()
            .max_by_key(|(_, size)| size.brotli)
            .map(|(name, size)| (name.as_str(), *size))
    }

    /// What the budget is about.
    fn counted(&self) -> Size {
        let language = self.language().map(|(_, size)| size).unwrap_or_default();
        [self.html, self.css, self.js, self.wasm].into_iter().fold(language, Size::plus)
    }

    fn table(&self) -> String {
        let language = match self.language() {
            Some((name, size)) => (format!("language ({name}, of {})", self.languages.len()), size),
            None => ("language (inside the wasm)".to_owned(), Size::default()),
        };
        let rows = [
            ("HTML".to_owned(), self.html),
            ("CSS".to_owned(), self.css),
            ("JavaScript".to_owned(), self.js),
            ("wasm".to_owned(), self.wasm),
            language,
            ("what counts".to_owned(), self.counted()),
            ("icons".to_owned(), self.icons),
            ("total".to_owned(), self.counted().plus(self.icons)),
        ];
        let mut table = format!(
            "{:<28}{:>6}{:>12}{:>12}\n",
            "what a first visit loads", "files", "plain", "brotli"
        );
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
            bail!("There is no wasm in dist/: the page was not built.");
        }
        if counted > LIMIT {
            bail!(
                "The page is {} bytes over its limit: HTML, CSS, JavaScript, wasm and one \
                 language are {} bytes in brotli, and {} are allowed.\n\
                 The table above tells which part it is; a new dependency of the page is the \
                 usual reason (`cargo tree -p app -e normal`).",
                bytes(counted - LIMIT),
                bytes(counted),
                bytes(LIMIT)
            );
        }
        println!("{} of {} bytes are used.", bytes(counted), bytes(LIMIT));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        for (path, expected) in [
            ("locales/nl.json", Some("nl")),
            ("locales/zh-CN.json", Some("zh-CN")),
            ("text/en-0123456789abcdef.json", Some("en")),
            ("text/de/texts.json", Some("de")),
            ("app-0123456789abcdef.js", None),
        ] {
            assert_eq!(language(Path::new(path)).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn the_heaviest_language_counts_once() {
        let mut sizes = Sizes::default();
        sizes.wasm.add(10, 5);
        sizes.icons.add(100, 50);
        for (name, brotli) in [("en", 2), ("nl", 3)] {
            let language = sizes.languages.entry(name.to_owned()).or_default();
            language.add(brotli * 2, brotli);
        }
        assert_eq!(sizes.counted().brotli, 8);
        assert!(sizes.check().is_ok());
        sizes.js.add(LIMIT, LIMIT);
        assert!(sizes.check().is_err());
    }

    #[test]
    fn compression_is_undone_by_its_readers() {
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
