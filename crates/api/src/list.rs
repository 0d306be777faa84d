//! Lists, versions and query strings.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rules::FieldError;
use serde::{Deserialize, Serialize};

use crate::json::{FromJson, Json, object};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// Items.
    pub value: Vec<T>,
    /// Address of the next page. Absent on the last page.
    #[serde(rename = "@odata.nextLink", default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
    /// Number of items on all pages, if known.
    #[serde(rename = "@odata.count", default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

impl<T: FromJson> FromJson for Page<T> {
    fn from_json(json: &Json) -> Option<Self> {
        Some(object!(json as Self {
            value,
            next_link = "@odata.nextLink",
            count = "@odata.count",
        }))
    }
}

/// Version of a resource, for `ETag`, `If-Match` and `@odata.etag`: `W/"3"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ETag(pub i64);

impl fmt::Display for ETag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "W/\"{}\"", self.0)
    }
}

impl FromStr for ETag {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        text.strip_prefix("W/")
            .unwrap_or(text)
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .and_then(|version| version.parse().ok())
            .map(Self)
            .ok_or(FieldError::NotAnId)
    }
}

impl TryFrom<String> for ETag {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        text.parse()
    }
}

impl From<ETag> for String {
    fn from(tag: ETag) -> Self {
        tag.to_string()
    }
}

rules::string_schema!(ETag);

/// Position in a list: the number of items before it. Opaque to clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SkipToken(pub u64);

impl fmt::Display for SkipToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}", self.0)
    }
}

impl FromStr for SkipToken {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        u64::from_str_radix(text, 16).map(Self).map_err(|_| FieldError::NotAnOption)
    }
}

/// Sort order (`$orderby`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<F> {
    /// Field.
    pub field: F,
    /// True to sort from last to first.
    pub descending: bool,
}

impl<F: fmt::Display> fmt::Display for Order<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.field, if self.descending { " desc" } else { "" })
    }
}

impl<F: FromStr<Err = FieldError>> FromStr for Order<F> {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let mut words = text.split_ascii_whitespace();
        let field = words.next().ok_or(FieldError::Empty)?.parse()?;
        let descending = match (words.next(), words.next()) {
            (None | Some("asc"), None) => false,
            (Some("desc"), None) => true,
            _ => return Err(FieldError::NotAnOption),
        };
        Ok(Self { field, descending })
    }
}

/// The characters that [`encode_component`] escapes: all but the unreserved ones of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a text for a query string.
#[must_use]
pub fn encode_component(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Decodes a percent-encoded text, in which `+` is a space. `None` if it is not UTF-8.
#[must_use]
pub fn decode_component(text: &str) -> Option<String> {
    let is_escape = |rest: &str| {
        rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    // `percent_encoding` would keep what only looks like an escape.
    if !text.split('%').skip(1).all(is_escape) {
        return None;
    }
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().ok()?;
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

/// Returns the name of a query option without its `$`, which Microsoft Graph made optional.
pub(crate) fn option_name(name: &str) -> &str {
    name.strip_prefix('$').unwrap_or(name)
}

/// Writes a query string of the options that have a value.
pub(crate) fn write_options(
    formatter: &mut fmt::Formatter<'_>,
    options: &[(&str, String)],
) -> fmt::Result {
    let mut separator = "";
    for (name, value) in options {
        if !value.is_empty() {
            write!(formatter, "{separator}{name}={}", encode_component(value))?;
            separator = "&";
        }
    }
    Ok(())
}

/// Maximum number of characters of a search.
pub(crate) const SEARCH_MAX: usize = 200;

/// Parses the words of a search (`$search`), with or without quotes around them.
pub(crate) fn search(value: &str) -> Result<String, FieldError> {
    short(value.trim().trim_matches('"'), SEARCH_MAX)
}

/// Trims a text and checks its length.
pub(crate) fn short(text: &str, max: usize) -> Result<String, FieldError> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(FieldError::TooLong { max });
    }
    Ok(text.to_owned())
}

/// Parses the page size (`$top`), 1 to 300 as in Microsoft Graph.
pub(crate) fn top(value: &str) -> Result<u32, FieldError> {
    match value.parse() {
        Ok(top @ 1..=300) => Ok(top),
        _ => Err(FieldError::NotAnOption),
    }
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
            let _ = text.parse::<ETag>();
        }

        #[test]
        fn a_version_survives_a_round_trip(version: i64) {
            prop_assert_eq!(ETag(version).to_string().parse(), Ok(ETag(version)));
        }
    }
}
