//! Lists, versions and query strings.

use std::fmt;
use std::str::FromStr;

use rules::FieldError;
use serde::{Deserialize, Serialize};

use crate::json::{FromJson, Json, object};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items.
    pub value: Vec<T>,
    /// Where the next page is; absent on the last.
    #[serde(rename = "@odata.nextLink", default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
    /// How many there are on all pages, where that is known.
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

/// The version of a thing, as `ETag`, `If-Match` and `@odata.etag` write it: `W/"3"`.
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

/// Where a list goes on: how many items to pass over. Opaque to clients.
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

/// By which field a list is sorted, and in which direction (`$orderby`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<F> {
    /// The field.
    pub field: F,
    /// From the last to the first.
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

/// Writes a text so that it can stand in a query string (RFC 3986).
#[must_use]
pub fn encode_component(text: &str) -> String {
    use fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Reads what [`encode_component`] or a browser's form wrote; `None` where it is not UTF-8.
#[must_use]
pub fn decode_component(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The options of a query string with their values, as they are meant; `None` for one that
/// is not UTF-8.
pub(crate) fn read_options(query: &str) -> impl Iterator<Item = Option<(String, String)>> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        decode_component(name).zip(decode_component(value))
    })
}

/// Writes the options of a query string that hold something.
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

/// The most characters that are searched for.
pub(crate) const SEARCH_MAX: usize = 200;

/// The words that a list is searched for (`$search`), with or without quotes around them.
pub(crate) fn search(value: &str) -> Result<String, FieldError> {
    short(value.trim().trim_matches('"'), SEARCH_MAX)
}

/// A text without the spaces around it, unless it is too long.
pub(crate) fn short(text: &str, max: usize) -> Result<String, FieldError> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(FieldError::TooLong { max });
    }
    Ok(text.to_owned())
}

/// How many items a page of a list holds (`$top`), 1 to 300 as in Graph.
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
