//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use service::{Token, TokenHash};

use crate::public_url::PublicUrl;

/// Name and protection of the session cookie. Both follow from the public address: `__Host-`
/// and `Secure` need https, and browsers disagree about such cookies over http on a loopback
/// address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    /// Returns the cookie of the site at `public_url`.
    pub(crate) const fn new(public_url: &PublicUrl) -> Self {
        Self { secure: public_url.is_https() }
    }

    /// Returns the cookie's name.
    pub(crate) const fn name(self) -> &'static str {
        if self.secure { "__Host-accord" } else { "accord" }
    }

    /// Returns the hash of the token that a request carries.
    pub(crate) fn token(self, headers: &HeaderMap) -> Option<TokenHash> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == self.name())
            .map(|cookie| cookie.value().to_owned())
            .filter(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .map(|token| TokenHash::of(&token))
    }

    /// Returns the `Set-Cookie` header that gives the browser a token. The cookie lasts until
    /// the browser closes; the server ends the session after a working day at the latest.
    pub(crate) fn set(self, token: &Token) -> Option<HeaderValue> {
        header_value(&self.cookie(token.expose()))
    }

    /// Returns the `Set-Cookie` header that removes the cookie.
    pub(crate) fn clear(self) -> Option<HeaderValue> {
        let mut cookie = self.cookie(String::new());
        cookie.set_max_age(cookie::time::Duration::ZERO);
        header_value(&cookie)
    }

    fn cookie(self, value: String) -> Cookie<'static> {
        Cookie::build((self.name(), value))
            .path("/")
            .secure(self.secure)
            .http_only(true)
            .same_site(SameSite::Lax)
            .build()
    }
}

/// Returns a `Set-Cookie` header that logs do not show.
fn header_value(cookie: &Cookie<'_>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&cookie.to_string()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use rules::Timestamp;
    use service::Context;

    use super::*;

    fn cookies(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, value.parse().unwrap());
        }
        headers
    }

    fn token() -> Token {
        Context::new(Timestamp::from_milliseconds(0), "", [1; 32]).token()
    }

    #[test]
    fn a_cookie_that_was_set_is_found_among_others() {
        for (site, name) in
            [("https://accord.example", "__Host-accord"), ("http://localhost:8080", "accord")]
        {
            let cookie = SessionCookie::new(&site.parse().unwrap());
            let set = cookie.set(&token()).unwrap();
            let set = set.to_str().unwrap();
            assert!(set.starts_with(name));
            assert!(set.contains("; HttpOnly") && set.contains("; SameSite=Lax"), "{set}");
            assert!(set.contains("; Path=/") && !set.contains("Max-Age"), "{set}");
            assert_eq!(set.contains("; Secure"), site.starts_with("https"));
            let (pair, _) = set.split_once(';').unwrap();
            let found = cookie.token(&cookies(&["a=1; b=2", &format!("c=3;{pair} ; d=4")]));
            assert_eq!(found, Some(token().hash()));
        }
    }

    #[test]
    fn a_cookie_is_removed_by_name() {
        let cookie = SessionCookie::new(&"http://localhost".parse().unwrap());
        let clear = cookie.clear().unwrap();
        let clear = clear.to_str().unwrap();
        assert!(clear.starts_with("accord=;") && clear.contains("Max-Age=0"), "{clear}");
    }

    #[test]
    fn values_that_are_not_tokens_are_ignored() {
        let cookie = SessionCookie::new(&"http://localhost".parse().unwrap());
        let token = token().expose();
        for other in [
            "accord".to_owned(),
            "accord=".to_owned(),
            format!("accord={}", &token[1..]),
            format!("accord={}g", &token[1..]),
            format!("xaccord={token}"),
            format!("__Host-accord={token}"),
        ] {
            assert_eq!(cookie.token(&cookies(&[&other])), None, "{other}");
        }
        assert_eq!(cookie.token(&HeaderMap::new()), None);
    }
}
