//! The page's files, held in memory together with their compressed variants.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use bytes::Bytes;
use sha2::{Digest, Sha256};

// The files that the build script embedded, and whether they are the built page.
include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// `Cache-Control` of files whose name contains a hash of their content: one year.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// `Cache-Control` of all other files: revalidated on each use, which costs a 304.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The page's files by path, ready to be served.
#[derive(Debug, Default)]
pub(crate) struct StaticFiles {
    files: HashMap<String, StaticFile>,
    /// Hashes of the inline scripts of `index.html`, in the form that a CSP expects.
    pub(crate) script_hashes: Vec<String>,
}

/// A file in every encoding that it is available in.
#[derive(Debug)]
struct StaticFile {
    content_type: HeaderValue,
    cache_control: HeaderValue,
    identity: EncodedFile,
    brotli: Option<EncodedFile>,
    gzip: Option<EncodedFile>,
}

/// A file's bytes in one encoding, with a strong `ETag` of exactly these bytes.
#[derive(Debug)]
struct EncodedFile {
    bytes: Bytes,
    etag: String,
}

impl EncodedFile {
    fn new(bytes: Bytes) -> Self {
        let hash = hex::encode(Sha256::digest(&bytes));
        Self { etag: format!("\"{}\"", &hash[..32]), bytes }
    }
}

impl StaticFiles {
    /// Returns the page that is embedded in the program.
    pub(crate) fn embedded() -> Self {
        let files = EMBEDDED_FILES
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes)));
        Self::from_files(files.collect())
    }

    /// Whether the program was built with its page. If not, [`StaticFiles::embedded`] is a
    /// placeholder.
    pub(crate) const fn page_is_embedded() -> bool {
        PAGE_IS_EMBEDDED
    }

    /// Reads the page from a folder, which must contain an `index.html`.
    pub(crate) fn load(folder: &Path) -> io::Result<Self> {
        let mut files = HashMap::new();
        read_folder(folder, "", &mut files)?;
        if !files.contains_key("index.html") {
            return Err(io::Error::new(io::ErrorKind::NotFound, "there is no index.html"));
        }
        Ok(Self::from_files(files))
    }

    /// Pairs each file with its compressed variants, which are named `.br` and `.gz`.
    fn from_files(mut files: HashMap<String, Bytes>) -> Self {
        let mut site = Self::default();
        if let Some(index) = files.get("index.html") {
            site.script_hashes = script_hashes(&String::from_utf8_lossy(index));
        }
        let is_variant = |name: &str| -> bool {
            name.strip_suffix(".br")
                .or_else(|| name.strip_suffix(".gz"))
                .is_some_and(|original| files.contains_key(original))
        };
        let names: Vec<String> = files.keys().filter(|name| !is_variant(name)).cloned().collect();
        for name in names {
            let mut take =
                |suffix: &str| files.remove(&format!("{name}{suffix}")).map(EncodedFile::new);
            let (brotli, gzip) = (take(".br"), take(".gz"));
            let Some(identity) = take("") else { continue };
            let file = StaticFile {
                content_type: content_type(&name),
                cache_control: if contains_hash(&name) { IMMUTABLE } else { REVALIDATE },
                identity,
                brotli,
                gzip,
            };
            site.files.insert(name, file);
        }
        site
    }

    /// Answers a `GET` of this path.
    ///
    /// Paths without a file belong to the page's own router and get `index.html`. Missing
    /// scripts, styles and the like get 404, so that no browser reads HTML as a script.
    pub(crate) fn get(&self, path: &str, request: &HeaderMap) -> Response {
        let name = path.trim_start_matches('/');
        if let Some(file) = self.files.get(name) {
            return file.answer(request);
        }
        if is_asset(name) {
            let text = "There is no such file.\n";
            return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, REVALIDATE)], text)
                .into_response();
        }
        self.files
            .get("index.html")
            .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |index| index.answer(request))
    }
}

impl StaticFile {
    fn answer(&self, request: &HeaderMap) -> Response {
        let accepted = AcceptedEncodings::of(request);
        let (file, encoding) = match (&self.brotli, &self.gzip) {
            (Some(file), _) if accepted.brotli => (file, Some("br")),
            (_, Some(file)) if accepted.gzip => (file, Some("gzip")),
            _ => (&self.identity, None),
        };
        let mut response = if http_api::if_none_match(request, &file.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(file.bytes.clone()));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, self.content_type.clone());
            if let Some(encoding) = encoding {
                let encoding = HeaderValue::from_static(encoding);
                headers.insert(header::CONTENT_ENCODING, encoding);
            }
            response
        };
        let headers = response.headers_mut();
        if let Ok(etag) = HeaderValue::from_str(&file.etag) {
            headers.insert(header::ETAG, etag);
        }
        headers.insert(header::CACHE_CONTROL, self.cache_control.clone());
        let vary = HeaderValue::from_static("Accept-Encoding");
        headers.insert(header::VARY, vary);
        response
    }
}

/// Compressed encodings that a request accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct AcceptedEncodings {
    brotli: bool,
    gzip: bool,
}

impl AcceptedEncodings {
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

/// Reads the files of a folder and its subfolders, each under its path relative to the page.
fn read_folder(folder: &Path, prefix: &str, files: &mut HashMap<String, Bytes>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // The page never asks for a name that is not UTF-8.
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), std::fs::read(&path)?.into());
        }
    }
    Ok(())
}

fn extension(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn content_type(name: &str) -> HeaderValue {
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

/// Returns whether a file name contains a hash of the content, as Trunk writes them:
/// `app-6c07d76af842e125.js`, `app-6c07d76af842e125_bg.wasm`. The hash has 64 bits, without
/// leading zeros.
fn contains_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        (12..=16).contains(&hash.len())
            && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

/// Returns the hashes of a document's inline scripts, in the form that a CSP expects.
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
    fn names_with_a_hash_are_recognized() {
        for name in
            ["app-6c07d76af842e125.js", "app-6c07d76af842e125_bg.wasm", "mark-1af186b7418e410.svg"]
        {
            assert!(contains_hash(name), "{name}");
        }
        for name in
            ["index.html", "icons.svg", "text/zh-CN.json", "a-deadbeef.js", "abcdefabcdefabcd.js"]
        {
            assert!(!contains_hash(name), "{name}");
        }
    }

    #[test]
    fn the_best_accepted_encoding_is_served() {
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
            assert_eq!(headers[header::CACHE_CONTROL], IMMUTABLE);
        }
    }

    #[test]
    fn each_encoding_has_its_own_etag_and_is_revalidated() {
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
    fn page_paths_get_the_page_and_missing_files_get_404() {
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
    fn a_folder_without_a_page_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(StaticFiles::load(folder.path()).is_err());
        assert!(StaticFiles::load(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn the_embedded_files_are_served() {
        let site = StaticFiles::embedded();
        let response = site.get("/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        // Every file whose original is embedded, and nothing else.
        let originals =
            EMBEDDED_FILES.iter().filter(|(name, _)| !matches!(extension(name), "br" | "gz"));
        assert_eq!(site.files.len(), originals.count());
    }

    #[test]
    fn every_inline_script_is_hashed() {
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
