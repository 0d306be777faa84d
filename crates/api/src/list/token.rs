//! Skip tokens: where the next page of a list starts.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use rules::{FieldError, Timestamp};

/// Start of a page (`$skiptoken`): after the row with these sort keys, in the list as it was at
/// a moment. Opaque to clients, who can send any token: a list checks that it is of
/// the past and that its keys fit the sort order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkipToken {
    /// Time of the first page. What depends on the clock is evaluated at this time on every
    /// page.
    pub as_of: Timestamp,
    /// Sort keys of the last row of the previous page. The last key is the row's id.
    pub keys: Vec<SortKey>,
}

/// Value by which a list is sorted. Numbers come before texts, as in SQLite.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A number, such as a time or the position of an enum's value.
    Integer(i64),
    /// A text, folded.
    Text(String),
}

impl SortKey {
    /// Key of a missing number: the largest one.
    pub const MISSING: Self = Self::Integer(i64::MAX);
}

impl fmt::Display for SkipToken {
    /// Writes the time and the keys in hexadecimal. No character needs escaping in a query.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}", self.as_of.milliseconds())?;
        for key in &self.keys {
            match key {
                SortKey::Integer(number) => write!(formatter, ".{number:x}")?,
                SortKey::Text(text) => {
                    formatter.write_char('~')?;
                    text.bytes().try_for_each(|byte| write!(formatter, "{byte:02x}"))?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for SkipToken {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let token = parse(text).ok_or(FieldError::NotAnOption)?;
        // A number can be written in several ways, but only one is ours.
        if token.to_string() == text { Ok(token) } else { Err(FieldError::NotAnOption) }
    }
}

fn parse(text: &str) -> Option<SkipToken> {
    let end = text.find(['.', '~']).unwrap_or(text.len());
    let (as_of, mut rest) = text.split_at(end);
    let as_of = Timestamp::from_milliseconds(i64::from_str_radix(as_of, 16).ok()?);
    let mut keys = Vec::new();
    while let Some(kind) = rest.chars().next() {
        rest = &rest[1..];
        let end = rest.find(['.', '~']).unwrap_or(rest.len());
        let (digits, following) = rest.split_at(end);
        keys.push(match kind {
            '.' => SortKey::Integer(u64::from_str_radix(digits, 16).ok()?.cast_signed()),
            _ => SortKey::Text(parse_text(digits)?),
        });
        rest = following;
    }
    Some(SkipToken { as_of, keys })
}

fn parse_text(digits: &str) -> Option<String> {
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any skip token.
    fn any_token() -> impl Strategy<Value = SkipToken> {
        let key = prop_oneof![
            any::<i64>().prop_map(SortKey::Integer),
            Just(SortKey::MISSING),
            "\\PC{0,12}".prop_map(SortKey::Text),
        ];
        let as_of = (0..253_402_300_800_000_i64).prop_map(Timestamp::from_milliseconds);
        (as_of, prop::collection::vec(key, 0..4))
            .prop_map(|(as_of, keys)| SkipToken { as_of, keys })
    }

    #[test]
    fn only_tokens_that_were_written_are_read() {
        let token = SkipToken {
            as_of: Timestamp::from_milliseconds(255),
            keys: vec![SortKey::Text("aé".to_owned()), SortKey::Integer(-1)],
        };
        let text = "ff~61c3a9.ffffffffffffffff";
        assert_eq!(token.to_string(), text);
        assert_eq!(text.parse(), Ok(token));
        for other in [
            "",
            "x",
            "FF",
            "0ff",
            "-1",
            "+ff",
            "ff.",
            "ff.+1",
            "ff.01",
            "ff~6",
            "ff~ff",
            "ff~6G",
            "ff-1",
            "ff.1.",
            "ff.10000000000000000",
            "ffffffffffffff",
            "é",
            "ff~é",
        ] {
            assert_eq!(other.parse::<SkipToken>(), Err(FieldError::NotAnOption), "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_token_survives_a_round_trip(token in any_token()) {
            prop_assert_eq!(token.to_string().parse(), Ok(token));
        }

        #[test]
        fn no_token_panics(text in "[0-9a-f.~é]{0,20}|\\PC{0,20}") {
            let _ = text.parse::<SkipToken>();
        }
    }
}
