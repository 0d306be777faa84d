//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use service::{Token, TokenHash};

use crate::origin::PublicUrl;

/// How the session's cookie is called and protected, which follows from the public
/// address: `__Host-` and `Secure` need https, and browsers differ on such cookies
/// over http on the own machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionCookie {
    name: &'static str,
    attributes: &'static str,
}

impl SessionCookie {
    /// The cookie of a site of this address.
    pub(crate) const fn of(site: &PublicUrl) -> Self {
        if site.is_https() {
            Self { name: "__Host-accord", attributes: "; Path=/; Secure; HttpOnly; SameSite=Lax" }
        } else {
            Self { name: "accord", attributes: "; Path=/; HttpOnly; SameSite=Lax" }
        }
    }

    /// The hash of the token that a request carries.
    pub(crate) fn token(self, headers: &HeaderMap) -> Option<TokenHash> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name)
            .map(|(_, token)| token)
            .filter(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .map(TokenHash::of)
    }

    /// The header that gives the browser a token. It lasts until the browser is
    /// closed; the server ends the session after a working day at the latest.
    pub(crate) fn set(self, token: &Token) -> Option<HeaderValue> {
        let text = format!("{}={}{}", self.name, token.expose(), self.attributes);
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The header that takes it away.
    pub(crate) fn clear(self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; Max-Age=0{}", self.name, self.attributes)).ok()
    }
}

#[cfg(test)]
mod tests {
    use rules::Timestamp;
    use service::Context;

    use super::*;

    fn carrying(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, cookie.parse().unwrap());
        }
        headers
    }

    fn token() -> Token {
        Context::new(Timestamp::from_milliseconds(0), "", [1; 32]).token()
    }

    #[test]
    fn what_is_set_is_found_again_among_others() {
        for (site, name) in
            [("https://accord.example", "__Host-accord"), ("http://localhost:8080", "accord")]
        {
            let cookie = SessionCookie::of(&site.parse().unwrap());
            let set = cookie.set(&token()).unwrap();
            let set = set.to_str().unwrap();
            assert!(set.starts_with(name));
            assert!(set.contains("; HttpOnly; SameSite=Lax"));
            assert_eq!(set.contains("Secure"), site.starts_with("https"));
            let (pair, _) = set.split_once(';').unwrap();
            let found = cookie.token(&carrying(&["a=1; b=2", &format!("c=3;{pair} ; d=4")]));
            assert_eq!(found, Some(token().hash()));
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        let cookie = SessionCookie::of(&"http://localhost".parse().unwrap());
        let token = token().expose();
        for other in [
            "accord".to_owned(),
            "accord=".to_owned(),
            format!("accord={}", &token[1..]),
            format!("accord={}g", &token[1..]),
            format!("xaccord={token}"),
            format!("__Host-accord={token}"),
        ] {
            assert_eq!(cookie.token(&carrying(&[&other])), None, "{other}");
        }
        assert_eq!(cookie.token(&HeaderMap::new()), None);
    }
}
