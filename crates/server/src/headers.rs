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

/// The headers, made once at the start.
#[derive(Clone, Debug)]
pub(crate) struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    /// The headers of a site of this address, whose document holds scripts of these hashes.
    pub(crate) fn new(
        site: &PublicUrl,
        script_hashes: &[String],
    ) -> Result<Self, header::InvalidHeaderValue> {
        let fixed = |name: &'static str, value: &'static str| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut headers = vec![
            (
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_str(&policy(site.is_https(), script_hashes))?,
            ),
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
        Ok(Self(headers))
    }

    /// Adds them to an answer.
    pub(crate) fn add(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name, value.clone());
        }
    }
}

/// Nothing is allowed but what the page is made of. It has no frames: mails are shown
/// as text. `wasm-unsafe-eval` lets WebAssembly be compiled and nothing else.
fn policy(https: bool, script_hashes: &[String]) -> String {
    let mut scripts = String::from("'self'");
    for hash in script_hashes {
        scripts.push(' ');
        scripts.push_str(hash);
    }
    let upgrade = if https { "; upgrade-insecure-requests" } else { "" };
    format!(
        "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; font-src 'none'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'{upgrade}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_of_the_document_are_let_in() {
        let policy = policy(false, &["'sha256-x'".to_owned()]);
        assert!(policy.contains("script-src 'self' 'sha256-x' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(policy.ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn encryption_is_asked_for_where_there_is_some() {
        for (site, encrypted) in [("https://a.example", true), ("http://localhost", false)] {
            let mut headers = HeaderMap::new();
            let made = SecurityHeaders::new(&site.parse().unwrap(), &[]).unwrap();
            made.add(&mut headers);
            assert_eq!(headers.contains_key("strict-transport-security"), encrypted);
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert_eq!(policy.contains("upgrade-insecure-requests"), encrypted);
        }
    }
}
