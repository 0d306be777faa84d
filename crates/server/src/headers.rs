//! The headers that every answer carries.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::origin::PublicUrl;

/// Everything that a page could ask of the browser and this one doesn't.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), \
    camera=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
    geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), \
    local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), storage-access=(), usb=(), \
    window-management=(), xr-spatial-tracking=()";

/// Below this path the page is shown inside another page of this site: the preview of an
/// invitation stands there.
const FRAMED: &str = "/preview/";

/// An answer of the API that is a document of its own: the HTML of an invitation's mail,
/// which is shown inside a page.
const MAIL: (&str, &str) = ("/api/invitations/", "/mail/html");

/// What a mail's HTML may do: be looked at. Its style stands in its elements, as mail
/// programs want it; there are no scripts, forms or pictures, and no site but this one
/// shows it.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The headers, made once at the start.
#[derive(Clone, Debug)]
pub(crate) struct SecurityHeaders {
    /// What every answer carries.
    all: Vec<(HeaderName, HeaderValue)>,
    /// The policy of the page where it is shown inside another page of this site.
    framed: HeaderValue,
}

impl SecurityHeaders {
    /// The headers of a site of this address, whose document holds scripts of these hashes.
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

    /// Adds them to the answer to a request of this path.
    pub(crate) fn add(&self, path: &str, headers: &mut HeaderMap) {
        for (name, value) in &self.all {
            headers.insert(name, value.clone());
        }
        let policy = if path.starts_with(FRAMED) {
            self.framed.clone()
        } else if path.starts_with(MAIL.0) && path.ends_with(MAIL.1) {
            HeaderValue::from_static(MAIL_POLICY)
        } else {
            return;
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
}

/// Nothing is allowed but what the page is made of. It shows two things in frames, both
/// of this site, of which only those two let themselves be shown in one: the preview of
/// an invitation, and the HTML of its mail. `wasm-unsafe-eval` lets WebAssembly be
/// compiled and nothing else.
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
    fn only_the_scripts_of_the_document_are_let_in() {
        let policy = policy(false, &["'sha256-x'".to_owned()], "'none'");
        assert!(policy.contains("script-src 'self' 'sha256-x' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(policy.ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn encryption_is_asked_for_where_there_is_some() {
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
    fn only_the_preview_and_the_mail_can_be_framed_and_only_by_this_site() {
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
