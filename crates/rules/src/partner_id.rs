//! Microsoft Partner IDs.

use serde::Deserialize;

use crate::string_types::string_newtype;
use crate::{FieldError, ids};

/// A Microsoft Partner ID (also called Partner Network ID or MPN ID): 1 to 10 digits, without
/// a leading 0. Each mistake has its own error, which the page shows before any request. Only
/// the server knows whether a partner has the ID. See docs/domain.md, Microsoft Partner ID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct PartnerId(String);

string_newtype!(PartnerId);

impl PartnerId {
    /// Maximum number of digits.
    pub const MAX: usize = 10;

    /// Parses typed or pasted text. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TenantId`], [`FieldError::NotDigits`],
    /// [`FieldError::LeadingZero`], [`FieldError::TooLong`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let id = input.trim();
        if id.is_empty() {
            return Err(FieldError::Empty);
        }
        let unbraced = id.trim_start_matches('{').trim_end_matches('}');
        if ids::parse_uuid(unbraced).is_some() {
            return Err(FieldError::TenantId);
        }
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(FieldError::NotDigits);
        }
        if id.starts_with('0') {
            return Err(FieldError::LeadingZero);
        }
        if id.len() > Self::MAX {
            return Err(FieldError::TooLong { max: Self::MAX });
        }
        Ok(Self(id.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_way_of_being_wrong_has_its_own_error() {
        for (input, error) in [
            ("", FieldError::Empty),
            ("   ", FieldError::Empty),
            ("12a4", FieldError::NotDigits),
            ("12 34", FieldError::NotDigits),
            ("-1", FieldError::NotDigits),
            ("１２３", FieldError::NotDigits),
            ("0123456", FieldError::LeadingZero),
            ("0", FieldError::LeadingZero),
            ("12345678901", FieldError::TooLong { max: 10 }),
            ("8d1a0f0e-7b1c-4a57-9f86-2f1f0d3c9a11", FieldError::TenantId),
            ("{8D1A0F0E-7B1C-4A57-9F86-2F1F0D3C9A11}", FieldError::TenantId),
        ] {
            assert_eq!(PartnerId::parse(input), Err(error), "{input}");
        }
    }

    #[test]
    fn the_shortest_and_the_longest_are_taken() {
        for input in ["1", "4391507", "1234567890"] {
            assert_eq!(PartnerId::parse(input).map(String::from), Ok(input.into()));
        }
    }

    proptest! {
        #[test]
        fn one_to_ten_digits_are_taken(id in "[1-9][0-9]{0,9}", before in " {0,3}", after in "[ \t\n]{0,3}") {
            prop_assert_eq!(PartnerId::parse(&format!("{before}{id}{after}")).map(String::from), Ok(id));
        }

        #[test]
        fn nothing_else_is_taken(input in "\\PC{0,40}") {
            if let Ok(id) = PartnerId::parse(&input) {
                prop_assert!((1..=10).contains(&id.as_str().len()));
                prop_assert_eq!(input.trim(), id.as_str());
            }
        }
    }
}
