//! Versions of resources.

use std::fmt;
use std::str::FromStr;

use rules::FieldError;
use serde::{Deserialize, Serialize};

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_version_survives_a_round_trip(version: i64) {
            prop_assert_eq!(ETag(version).to_string().parse(), Ok(ETag(version)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC*") {
            let _ = text.parse::<ETag>();
        }
    }
}
