//! Security headers of every response.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use http_api::PublicUrl;

/// Browser features that the page does not use.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), \
    camera=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
    geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), \
    local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), storage-access=(), usb=(), \
    window-management=(), xr-spatial-tracking=()";

/// Path of the preview of an invitation, which is shown in a frame of this site.
const FRAMED_PATH: &str = "/preview/";

/// Beginning and end of the path of an invitation's mail as HTML, which is shown in a frame of
/// this site.
const MAIL_PATH: (&str, &str) = ("/api/invitations/", "/mail/html");

/// Policy of a mail's HTML: it may only be looked at. Its styles are inline, as mail programs
/// require; scripts, forms and images are not allowed, nor is any other site as a frame.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The headers, created once at the start.
#[derive(Clone, Debug)]
pub(crate) struct SecurityHeaders {
    /// Headers of every response.
    all: Vec<(HeaderName, HeaderValue)>,
    /// Policy of a page that is shown in a frame of this site.
    framed: HeaderValue,
}

impl SecurityHeaders {
    /// Creates the headers of the site at `site`, whose document contains inline scripts with
    /// these hashes.
    pub(crate) fn new(
        site: &PublicUrl,
        script_hashes: &[String],
    ) -> Result<Self, header::InvalidHeaderValue> {
        let fixed = |name: &'static str, value: &'static str| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let policy =
            |ancestors| HeaderValue::from_str(&policy(site.is_https(), script_hashes, ancestors));
        let mut headers = vec![
            (header::CONTENT_SECURITY_POLICY, policy("'none'")?),
            fixed("x-content-type-options", "nosniff"),
            fixed("x-frame-options", "DENY"),
            fixed("referrer-policy", "no-referrer"),
            fixed("cross-origin-opener-policy", "same-origin"),
            fixed("cross-origin-resource-policy", "same-origin"),
            fixed("cross-origin-embedder-policy", "require-corp"),
            fixed("permissions-policy", PERMISSIONS),
        ];
        if site.is_https() {
            headers.push(fixed("strict-transport-security", "max-age=63072000; includeSubDomains"));
        }
        Ok(Self { all: headers, framed: policy("'self'")? })
    }

    /// Adds the headers to the response to a request for `path`.
    pub(crate) fn add(&self, path: &str, headers: &mut HeaderMap) {
        for (name, value) in &self.all {
            headers.insert(name, value.clone());
        }
        let policy = if path.starts_with(FRAMED_PATH) {
            self.framed.clone()
        } else if path.starts_with(MAIL_PATH.0) && path.ends_with(MAIL_PATH.1) {
            HeaderValue::from_static(MAIL_POLICY)
        } else {
            return;
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
}

/// Returns the policy of the page: its own files only. The page shows two documents of this
/// site in frames, and only those two may be framed: the preview of an invitation, and the HTML
/// of its mail. `wasm-unsafe-eval` allows compiling WebAssembly and nothing else.
fn policy(https: bool, script_hashes: &[String], ancestors: &str) -> String {
    let mut scripts = String::from("'self'");
    for hash in script_hashes {
        scripts.push(' ');
        scripts.push_str(hash);
    }
    let upgrade = if https { "; upgrade-insecure-requests" } else { "" };
    format!(
        "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; font-src 'none'; manifest-src 'self'; \
         frame-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {ancestors}{upgrade}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_of_the_document_may_run() {
        let policy = policy(false, &["'sha256-x'".to_owned()], "'none'");
        assert!(policy.contains("script-src 'self' 'sha256-x' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(policy.ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn https_sites_ask_for_encryption() {
        for (site, encrypted) in [("https://a.example", true), ("http://localhost", false)] {
            let mut headers = HeaderMap::new();
            let made = SecurityHeaders::new(&site.parse().unwrap(), &[]).unwrap();
            made.add("/", &mut headers);
            assert_eq!(headers.contains_key("strict-transport-security"), encrypted);
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert_eq!(policy.contains("upgrade-insecure-requests"), encrypted);
        }
    }

    #[test]
    fn only_preview_and_mail_can_be_framed_and_only_by_this_site() {
        let made = SecurityHeaders::new(&"http://localhost".parse().unwrap(), &[]).unwrap();
        let of = |path| {
            let mut headers = HeaderMap::new();
            made.add(path, &mut headers);
            let text = |name: HeaderName| headers[name].to_str().unwrap().to_owned();
            (text(header::CONTENT_SECURITY_POLICY), text(header::X_FRAME_OPTIONS))
        };
        for path in
            ["/", "/preview", "/invitations/1/preview", "/api/invitations/1/mail", "/x/mail/html"]
        {
            let (policy, options) = of(path);
            assert!(policy.contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(options, "DENY", "{path}");
        }
        for path in ["/preview/invitation/1", "/api/invitations/1/mail/html"] {
            let (policy, options) = of(path);
            assert!(policy.contains("frame-ancestors 'self'"), "{path}");
            assert_eq!(options, "SAMEORIGIN", "{path}");
        }
        let (mail, _) = of("/api/invitations/1/mail/html");
        assert!(mail.contains("sandbox") && !mail.contains("script-src"));
        let (page, _) = of("/preview/invitation/1");
        assert!(!page.contains("unsafe-inline"));
    }
}
