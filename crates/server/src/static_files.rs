//! The page's files, held in memory with their compressed forms.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::{answer, world};

/// What stands at every address while the page is not built.
const NOT_BUILT: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<title>Accord</title></head><body><h1>The page is not built yet</h1>\
<p>The server runs, and its API answers under <code>/api</code>. The page's files are missing.</p>\
<p>Build them with <code>cargo xtask dist</code>, then start the server again in the same folder, \
or say where they are with <code>--site</code>.</p></body></html>\n";

/// How long a file whose name holds its hash may be kept: a year, unasked.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Any other file is asked for each time, which costs a 304.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The files of the page.
#[derive(Debug, Default)]
pub(crate) struct StaticFiles {
    files: HashMap<String, File>,
    /// The hashes of the scripts that stand in `index.html` itself, as a CSP names them.
    pub(crate) script_hashes: Vec<String>,
}

#[derive(Debug)]
struct File {
    kind: HeaderValue,
    cache: HeaderValue,
    plain: Form,
    brotli: Option<Form>,
    gzip: Option<Form>,
}

/// A file's bytes in one encoding, with the strong tag of exactly those bytes.
#[derive(Debug)]
struct Form {
    bytes: Bytes,
    tag: String,
}

impl Form {
    fn new(bytes: Vec<u8>) -> Self {
        let hash = world::hexadecimal(&Sha256::digest(&bytes));
        Self { tag: format!("\"{}\"", &hash[..32]), bytes: bytes.into() }
    }
}

impl StaticFiles {
    /// Reads a folder. A folder that is not there holds no files.
    pub(crate) fn load(folder: &Path) -> io::Result<Self> {
        let mut found = HashMap::new();
        if folder.is_dir() {
            collect(folder, "", &mut found)?;
        }
        let mut site = Self::default();
        if let Some(index) = found.get("index.html") {
            site.script_hashes = script_hashes(&String::from_utf8_lossy(index));
        }
        let packed = |name: &str| -> bool {
            name.strip_suffix(".br")
                .or_else(|| name.strip_suffix(".gz"))
                .is_some_and(|plain| found.contains_key(plain))
        };
        let names: Vec<String> = found.keys().filter(|name| !packed(name)).cloned().collect();
        for name in names {
            let mut take = |suffix: &str| found.remove(&format!("{name}{suffix}")).map(Form::new);
            let (brotli, gzip) = (take(".br"), take(".gz"));
            let Some(plain) = take("") else { continue };
            let file = File {
                kind: kind(&name),
                cache: if holds_hash(&name) { FOREVER } else { ASK },
                plain,
                brotli,
                gzip,
            };
            site.files.insert(name, file);
        }
        Ok(site)
    }

    /// Whether there is a page at all.
    pub(crate) fn is_built(&self) -> bool {
        self.files.contains_key("index.html")
    }

    /// Answers a `GET` of this path. A path of no file is one of the page's own, which
    /// the page itself resolves; only a missing file of a kind that the page would load
    /// is not found, lest a browser takes HTML for a script.
    pub(crate) fn get(&self, path: &str, request: &HeaderMap) -> Response {
        let name = path.trim_start_matches('/');
        if let Some(file) = self.files.get(name) {
            return file.answer(request);
        }
        if is_asset(name) {
            let text = "There is no such file.\n";
            return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, ASK)], text).into_response();
        }
        match self.files.get("index.html") {
            Some(index) => index.answer(request),
            None => (
                [(header::CONTENT_TYPE, kind("index.html")), (header::CACHE_CONTROL, ASK)],
                NOT_BUILT,
            )
                .into_response(),
        }
    }
}

impl File {
    fn answer(&self, request: &HeaderMap) -> Response {
        let accepted = Accepted::of(request);
        let (form, encoding) = match (&self.brotli, &self.gzip) {
            (Some(form), _) if accepted.brotli => (form, Some("br")),
            (_, Some(form)) if accepted.gzip => (form, Some("gzip")),
            _ => (&self.plain, None),
        };
        let mut response = if answer::matches_any(request, &form.tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(form.bytes.clone()));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, self.kind.clone());
            if let Some(encoding) = encoding {
                let encoding = HeaderValue::from_static(encoding);
                headers.insert(header::CONTENT_ENCODING, encoding);
            }
            response
        };
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&form.tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, self.cache.clone());
        let vary = HeaderValue::from_static("Accept-Encoding");
        headers.insert(header::VARY, vary);
        response
    }
}

/// Which encodings a request takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Accepted {
    brotli: bool,
    gzip: bool,
}

impl Accepted {
    fn of(request: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut any) = (None, None, None);
        let codings = request
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        for coding in codings {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let taken = weight
                .trim()
                .strip_prefix("q=")
                .is_none_or(|weight| weight.trim().parse().is_ok_and(|weight: f32| weight > 0.0));
            match name.trim().to_ascii_lowercase().as_str() {
                "br" => brotli = Some(taken),
                "gzip" | "x-gzip" => gzip = Some(taken),
                "*" => any = Some(taken),
                _ => {}
            }
        }
        let any = any.unwrap_or(false);
        Self { brotli: brotli.unwrap_or(any), gzip: gzip.unwrap_or(any) }
    }
}

fn collect(folder: &Path, prefix: &str, found: &mut HashMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // A name that is not UTF-8 can't stand in an address of ours.
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), found)?;
        } else {
            found.insert(format!("{prefix}{name}"), std::fs::read(&path)?);
        }
    }
    Ok(())
}

fn extension(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn kind(name: &str) -> HeaderValue {
    HeaderValue::from_static(match extension(name) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    })
}

fn is_asset(name: &str) -> bool {
    matches!(
        extension(name),
        "css"
            | "js"
            | "mjs"
            | "wasm"
            | "svg"
            | "json"
            | "map"
            | "webmanifest"
            | "txt"
            | "png"
            | "ico"
            | "webp"
            | "br"
            | "gz"
    )
}

/// Whether a name holds the hash of the file, as Trunk writes it: `app-6c07d76af842e125.js`,
/// `app-6c07d76af842e125_bg.wasm`. It writes 64 bits without leading zeros.
fn holds_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        (12..=16).contains(&hash.len())
            && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

/// The hashes of the scripts that stand in a document itself, as a CSP names them.
fn script_hashes(html: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let is_script = rest.get(..7).is_some_and(|tag| tag.eq_ignore_ascii_case("<script"))
            && rest[7..].starts_with(|next: char| next == '>' || next.is_ascii_whitespace());
        if !is_script {
            rest = &rest[1..];
            continue;
        }
        let Some((tag, after)) = rest.split_once('>') else {
            break;
        };
        let Some((script, after)) = after.split_once("</script") else {
            break;
        };
        if !tag.split_ascii_whitespace().any(|word| word.starts_with("src=")) {
            let hash = Sha256::digest(script.as_bytes());
            let hash = base64::engine::general_purpose::STANDARD.encode(hash);
            hashes.push(format!("'sha256-{hash}'"));
        }
        rest = after;
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: header::HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    fn site() -> (tempfile::TempDir, StaticFiles) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
        write("index.html", "<script>alert(1)</script>").unwrap();
        write("app-6c07d76af842e125_bg.wasm", "wasm").unwrap();
        write("app-6c07d76af842e125_bg.wasm.br", "br").unwrap();
        write("app-6c07d76af842e125_bg.wasm.gz", "gz").unwrap();
        std::fs::create_dir(folder.path().join("text")).unwrap();
        write("text/nl.json", "{}").unwrap();
        let site = StaticFiles::load(folder.path()).unwrap();
        (folder, site)
    }

    #[test]
    fn hashed_names_are_told_from_others() {
        for name in
            ["app-6c07d76af842e125.js", "app-6c07d76af842e125_bg.wasm", "mark-1af186b7418e410.svg"]
        {
            assert!(holds_hash(name), "{name}");
        }
        for name in
            ["index.html", "icons.svg", "text/zh-CN.json", "a-deadbeef.js", "abcdefabcdefabcd.js"]
        {
            assert!(!holds_hash(name), "{name}");
        }
    }

    #[test]
    fn the_best_form_that_is_taken_is_served() {
        let (_folder, site) = site();
        let path = "/app-6c07d76af842e125_bg.wasm";
        for (accept, encoding) in [
            ("gzip, deflate, br", Some("br")),
            ("br;q=0, gzip", Some("gzip")),
            ("gzip;q=0.5", Some("gzip")),
            ("*", Some("br")),
            ("identity", None),
            ("*;q=0", None),
            ("", None),
        ] {
            let response = site.get(path, &request(header::ACCEPT_ENCODING, accept));
            let headers = response.headers();
            let sent = headers.get(header::CONTENT_ENCODING);
            assert_eq!(sent.map(|sent| sent.to_str().unwrap()), encoding, "{accept}");
            assert_eq!(headers[header::CONTENT_TYPE], "application/wasm");
            assert_eq!(headers[header::VARY], "Accept-Encoding");
            assert_eq!(headers[header::CACHE_CONTROL], FOREVER);
        }
    }

    #[test]
    fn each_form_has_a_tag_of_its_own_that_is_answered_with_304() {
        let (_folder, site) = site();
        let path = "/app-6c07d76af842e125_bg.wasm";
        let plain = site.get(path, &HeaderMap::new()).headers()[header::ETAG].clone();
        let mut again = request(header::IF_NONE_MATCH, plain.to_str().unwrap());
        let response = site.get(path, &again);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(response.headers()[header::ETAG], plain);
        again.insert(header::ACCEPT_ENCODING, "br".parse().unwrap());
        assert_eq!(site.get(path, &again).status(), StatusCode::OK);
    }

    #[test]
    fn paths_of_the_page_get_the_page_and_missing_files_nothing() {
        let (_folder, site) = site();
        for path in ["/", "/partner-invitation", "/settings/a.b", "/../etc/passwd", "/text"] {
            let response = site.get(path, &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        }
        for path in
            ["/app-0000000000000000.js", "/text/fr.json", "/app-6c07d76af842e125_bg.wasm.br"]
        {
            let response = site.get(path, &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(site.get("/text/nl.json", &HeaderMap::new()).status(), StatusCode::OK);
    }

    #[test]
    fn a_missing_page_says_how_to_build_it() {
        let site = StaticFiles::load(Path::new("/nowhere/at/all")).unwrap();
        assert!(!site.is_built());
        let response = site.get("/", &HeaderMap::new());
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    }

    #[test]
    fn every_script_of_the_document_itself_is_hashed() {
        let html = "<!-- <script>no</script> --><script>alert(1)</script>\
                    <SCRIPT type=\"module\">two</script><script src=\"/a.js\"></script><scripts>";
        assert_eq!(
            script_hashes(html),
            [
                "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
                "'sha256-P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM='",
            ]
        );
    }
}
