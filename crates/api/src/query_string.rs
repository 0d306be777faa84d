//! Query strings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The characters that [`encode_component`] escapes: all but the unreserved ones of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a text for a query string.
#[must_use]
pub fn encode_component(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Decodes a text of a query string, in which `+` is a space. `None` as for [`decode_percent`].
#[must_use]
pub fn decode_component(text: &str) -> Option<String> {
    decode_percent(&text.replace('+', " "))
}

/// Decodes the `%` escapes of a part of an address (RFC 3986). `None` for malformed escapes and
/// for bytes that are not UTF-8.
#[must_use]
pub fn decode_percent(text: &str) -> Option<String> {
    let is_escape = |rest: &str| {
        rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    // `percent_encoding` would keep what only looks like an escape.
    if !text.split('%').skip(1).all(is_escape) {
        return None;
    }
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Splits a query string into decoded names and values. `None` for a pair that is not UTF-8,
/// which the parser of `form_urlencoded` would silently replace.
pub fn query_pairs(query: &str) -> impl Iterator<Item = Option<(String, String)>> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        decode_component(name).zip(decode_component(value))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_survives_a_query_string(text in "\\PC*") {
            prop_assert_eq!(decode_component(&encode_component(&text)), Some(text));
        }

        #[test]
        fn bytes_that_are_not_utf8_are_refused(byte in 0x80_u8..) {
            prop_assert_eq!(decode_component(&format!("a%{byte:02x}")), None);
        }

        #[test]
        fn any_query_string_is_read_without_a_panic(text in "\\PC*") {
            let _ = decode_component(&text);
        }
    }
}
