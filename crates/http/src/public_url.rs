//! The site's public address, and the check of the origin of unsafe requests.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, Method, Uri, header};

/// Address at which people reach the site, such as `https://accord.example`: scheme, host
/// and, unless it is the default, port. Without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    https: bool,
    loopback_port: Option<u16>,
}

/// Why an address cannot be the public one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// Not of the form `scheme://host:port`.
    #[error("this is not an address such as https://accord.example")]
    Malformed,
    /// Has a path, a query or a user name.
    #[error(
        "give scheme, host and port only, such as https://accord.example: Accord is served at \
         the root of its host"
    )]
    MoreThanOrigin,
    /// Not encrypted, although the host is not this machine.
    #[error(
        "sessions would travel unencrypted: use https://, with a proxy that holds the \
         certificate in front of Accord (http:// is for 127.0.0.1 and localhost only)"
    )]
    Insecure,
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let uri: Uri =
            text.trim().trim_end_matches('/').parse().map_err(|_| PublicUrlError::Malformed)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(PublicUrlError::Malformed);
        };
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(PublicUrlError::Malformed),
        };
        if !matches!(uri.path(), "" | "/")
            || uri.query().is_some()
            || authority.as_str().contains('@')
        {
            return Err(PublicUrlError::MoreThanOrigin);
        }
        let host = authority.host().to_ascii_lowercase();
        // Anything after the host must be a valid port.
        let rest = &authority.as_str()[authority.host().len()..];
        if host.is_empty() || (!rest.is_empty() && authority.port_u16().is_none()) {
            return Err(PublicUrlError::Malformed);
        }
        let default_port = if https { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default_port);
        let loopback = is_loopback(&host);
        if !https && !loopback {
            return Err(PublicUrlError::Insecure);
        }
        Ok(Self {
            text: origin(scheme, &host, port),
            https,
            loopback_port: loopback.then_some(port),
        })
    }
}

/// Returns an origin as browsers write it: without the default port of the scheme.
fn origin(scheme: &str, host: &str, port: u16) -> String {
    match (scheme, port) {
        ("https", 443) | ("http", 80) => format!("{scheme}://{host}"),
        _ => format!("{scheme}://{host}:{port}"),
    }
}

/// Returns whether a host name or address is this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl PublicUrl {
    /// Returns the address, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether the address uses https.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Returns whether a request may change something: its method is safe, or a page of this
    /// site sends it.
    ///
    /// Every browser sends `Origin` with unsafe requests, so a request without it is refused
    /// like a foreign one; a program sends the public address. On a loopback address the
    /// three names of this machine are equivalent.
    pub fn admits(&self, method: &Method, headers: &HeaderMap) -> bool {
        if method.is_safe() {
            return true;
        }
        let mut sent = headers.get_all(header::ORIGIN).iter();
        let (Some(sent), None) = (sent.next(), sent.next()) else {
            return false;
        };
        if sent.as_bytes() == self.text.as_bytes() {
            return true;
        }
        let scheme = if self.https { "https" } else { "http" };
        self.loopback_port.is_some_and(|port| {
            ["localhost", "127.0.0.1", "[::1]"]
                .iter()
                .any(|host| origin(scheme, host, port).as_bytes() == sent.as_bytes())
        })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PublicUrl {
        text.parse().unwrap()
    }

    fn from(origin: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        headers
    }

    #[test]
    fn addresses_are_normalized_like_origins() {
        for (text, origin) in [
            ("https://Accord.Example/", "https://accord.example"),
            ("https://accord.example:443", "https://accord.example"),
            ("https://accord.example:8443", "https://accord.example:8443"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(url(text).as_str(), origin);
        }
    }

    #[test]
    fn unusable_addresses_say_why() {
        for (text, error) in [
            ("accord.example", PublicUrlError::Malformed),
            ("ftp://accord.example", PublicUrlError::Malformed),
            ("https://", PublicUrlError::Malformed),
            ("https://accord.example:99999", PublicUrlError::Malformed),
            ("https://accord.example/x", PublicUrlError::MoreThanOrigin),
            ("https://accord.example?x", PublicUrlError::MoreThanOrigin),
            ("https://a@accord.example", PublicUrlError::MoreThanOrigin),
            ("http://accord.example", PublicUrlError::Insecure),
            ("http://127.0.0.1.accord.example", PublicUrlError::Insecure),
            ("http://192.168.1.7:8080", PublicUrlError::Insecure),
        ] {
            assert_eq!(text.parse::<PublicUrl>(), Err(error), "{text}");
        }
    }

    #[test]
    fn only_pages_of_this_site_may_change_anything() {
        let site = url("https://accord.example");
        assert!(site.admits(&Method::POST, &from("https://accord.example")));
        for foreign in [
            "http://accord.example",
            "https://accord.example:444",
            "https://accord.example.evil.example",
            "https://sub.accord.example",
            "https://localhost",
            "null",
            "",
        ] {
            assert!(!site.admits(&Method::POST, &from(foreign)), "{foreign}");
        }
        let mut two = from("https://accord.example");
        two.append(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert!(!site.admits(&Method::POST, &two));
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!site.admits(&method, &HeaderMap::new()), "{method}");
        }
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(site.admits(&method, &from("https://evil.example")));
        }
    }

    #[test]
    fn loopback_names_are_equivalent_on_the_same_port() {
        let site = url("http://127.0.0.1:8080");
        for same in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            assert!(site.admits(&Method::DELETE, &from(same)), "{same}");
        }
        for other in ["http://localhost:8081", "https://localhost:8080", "http://localhost"] {
            assert!(!site.admits(&Method::DELETE, &from(other)), "{other}");
        }
    }
}
