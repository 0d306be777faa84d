//! Values that users type. Each type has one parser.

use serde::Deserialize;
use strum::{EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use crate::string_types::string_newtype;

/// Reason why a typed value is invalid. The API returns the code; clients have the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr, Error)]
#[error("{}", self.code())]
#[strum(serialize_all = "camelCase")]
pub enum FieldError {
    /// The value is required.
    Empty,
    /// The value has too many characters.
    TooLong {
        /// Maximum number of characters.
        max: usize,
    },
    /// The value has too few characters.
    TooShort {
        /// Minimum number of characters.
        min: usize,
    },
    /// The value has a control character, an invisible character, or one that changes the text
    /// direction.
    ControlCharacter,
    /// Not an email address like name@domain.
    NotAnEmailAddress,
    /// Not a domain name like contoso.example.
    NotADomainName,
    /// Not the two letters of a country or region (ISO 3166-1).
    NotACountry,
    /// The value has other characters than the digits 0 to 9.
    NotDigits,
    /// A Partner ID with a leading 0.
    LeadingZero,
    /// A tenant ID (UUID) instead of a Partner ID.
    TenantId,
    /// Not an identifier.
    NotAnId,
    /// Not a time in ISO 8601 and UTC.
    NotATime,
    /// Not one of the allowed values.
    NotAnOption,
    /// Not a SHA-256 hash in hexadecimal.
    NotAHash,
    /// A common password, which attackers try first.
    CommonPassword,
    /// Not a telephone number: too few digits, or other characters than telephone numbers
    /// have.
    NotAPhoneNumber,
    /// A word mixes Latin letters with Cyrillic or Greek letters that look alike, so that the
    /// name could pass for another.
    MixedScripts,
    /// No organization has this identifier or domain.
    UnknownOrganization,
    /// The consent box is not ticked.
    ConsentNeeded,
    /// Too many values.
    TooMany {
        /// Maximum number of values.
        max: usize,
    },
    /// Not a whole number from 1 to the maximum.
    NotAQuantity {
        /// Maximum.
        max: usize,
    },
    /// A line of a file about the same subscription as an earlier line.
    DuplicateLine,
    /// The first line of a file does not name a required column, or a line ends before that
    /// column.
    MissingColumn,
    /// Not UTF-8.
    NotUtf8,
    /// A quotation mark is not closed on its line.
    UnclosedQuote,
    /// The organization has no subscription with this identifier.
    UnknownSubscription,
}

impl FieldError {
    /// Returns the machine-readable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Returns the limit, if the error has one.
    #[must_use]
    pub fn limit(mut self) -> Option<usize> {
        self.limit_mut().map(|limit| *limit)
    }

    /// Returns the error with this code and limit.
    #[must_use]
    pub fn from_code(code: &str, limit: Option<usize>) -> Option<Self> {
        let mut error: Self = code.parse().ok()?;
        if let (Some(own), Some(limit)) = (error.limit_mut(), limit) {
            *own = limit;
        }
        Some(error)
    }

    fn limit_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::TooLong { max } | Self::TooMany { max } | Self::NotAQuantity { max } => Some(max),
            Self::TooShort { min } => Some(min),
            _ => None,
        }
    }
}

/// Number of lines that a text can have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// One line.
    Single,
    /// Any number of lines.
    Multiple,
}

/// Trims a text, and checks its length and that it has no characters that hide or change other
/// characters.
fn parse_text(input: &str, max: usize, lines: Lines) -> Result<String, FieldError> {
    let trimmed = input.trim();
    if trimmed.is_empty() {
        return Err(FieldError::Empty);
    }
    let multiple = lines == Lines::Multiple;
    let hidden = |character: char| {
        (character.is_control() && !(multiple && matches!(character, '\n' | '\t')))
            || matches!(character,
                // Embeddings, overrides and isolates change the direction of the text around
                // them.
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
                // Line and paragraph separators, and the byte order mark.
                | '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    let trimmed = if multiple { trimmed.replace("\r\n", "\n") } else { trimmed.to_owned() };
    if trimmed.chars().any(hidden) {
        return Err(FieldError::ControlCharacter);
    }
    if trimmed.chars().count() > max {
        return Err(FieldError::TooLong { max });
    }
    Ok(trimmed)
}

/// Name of a person, an organization or a document: one line in any script, 1 to 120
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct DisplayName(String);

string_newtype!(DisplayName, parse_stored);

impl DisplayName {
    /// Maximum number of characters.
    pub const MAX: usize = 120;

    /// Parses typed text. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::ControlCharacter`],
    /// [`FieldError::MixedScripts`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let name = Self::parse_stored(input)?;
        if has_invisible_character(name.as_str()) {
            return Err(FieldError::ControlCharacter);
        }
        if name.as_str().split(|character| !is_word_character(character)).any(mixes_scripts) {
            return Err(FieldError::MixedScripts);
        }
        Ok(name)
    }

    /// Parses a name from the database or the API. It skips the newer checks of
    /// [`DisplayName::parse`], so that names from before stay readable.
    fn parse_stored(input: &str) -> Result<Self, FieldError> {
        parse_text(input, Self::MAX, Lines::Single).map(Self)
    }

    /// Parses an optional field. Empty text is `None`.
    ///
    /// # Errors
    /// The errors of [`DisplayName::parse`] except [`FieldError::Empty`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        empty_as_none(Self::parse(input))
    }
}

/// Replaces [`FieldError::Empty`] by `None`.
fn empty_as_none<T>(parsed: Result<T, FieldError>) -> Result<Option<T>, FieldError> {
    match parsed {
        Err(FieldError::Empty) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// Returns true if the name has an invisible character, which could hide in a word or seem to
/// split it. Joiners and variation selectors are allowed after an emoji or a letter of a
/// script that needs them.
fn has_invisible_character(name: &str) -> bool {
    let mut before = None;
    name.chars().any(|character| {
        let hidden = if is_joiner(character) {
            before.is_none_or(|before| is_confusable(before) || before.is_whitespace())
        } else {
            is_invisible(character)
        };
        if !is_joiner(character) {
            before = Some(character);
        }
        hidden
    })
}

/// Returns true for characters without a visible shape: Unicode's
/// `Default_Ignorable_Code_Point` and the Braille blank.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Returns true for invisible characters that join or vary the previous one: joiners, and
/// variation selectors of Mongolian, emoji and ideographs.
const fn is_joiner(character: char) -> bool {
    matches!(
        character,
        '\u{200c}'..='\u{200d}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Returns true if the character is part of a word in the check for mixed scripts: everything
/// except ASCII punctuation, spaces and general punctuation. Words may be too long, but never
/// too short.
const fn is_word_character(character: char) -> bool {
    match character {
        '\u{a0}'
        | '\u{b7}'
        | '\u{2000}'..='\u{200b}'
        | '\u{200e}'..='\u{206f}'
        | '\u{3000}'..='\u{303f}' => false,
        character => !character.is_ascii() || character.is_ascii_alphanumeric(),
    }
}

/// Returns true for ASCII and for the scripts whose letters look alike.
fn is_confusable(character: char) -> bool {
    character.is_ascii() || is_latin(character) || is_cyrillic_or_greek(character)
}

fn is_latin(character: char) -> bool {
    character.is_ascii_alphabetic()
        || matches!(character,
            '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2af}'
            | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Returns true for Cyrillic and Greek letters, many of which look like Latin ones.
fn is_cyrillic_or_greek(character: char) -> bool {
    matches!(character,
        '\u{370}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d26}'..='\u{1d2b}'
        | '\u{1f00}'..='\u{1fff}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}')
}

/// Returns true if a word mixes Latin letters with Cyrillic or Greek ones (Unicode Technical
/// Standard 39, section 5).
fn mixes_scripts(word: &str) -> bool {
    word.chars().any(is_latin) && word.chars().any(is_cyrillic_or_greek)
}

/// A message or a reason: plain text of several lines in any script, 1 to 1,000 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Note(String);

string_newtype!(Note);

impl Note {
    /// Maximum number of characters.
    pub const MAX: usize = 1_000;

    /// Parses typed text. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        parse_text(input, Self::MAX, Lines::Multiple).map(Self)
    }

    /// Parses an optional field. Empty text is `None`.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        empty_as_none(Self::parse(input))
    }
}

/// Description of a partner in its own words: plain text in any script, 1 to 2,500 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Description(String);

string_newtype!(Description);

impl Description {
    /// Maximum number of characters.
    pub const MAX: usize = 2_500;

    /// Parses typed text. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        parse_text(input, Self::MAX, Lines::Multiple).map(Self)
    }

    /// Parses an optional field. Empty text is `None`.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        empty_as_none(Self::parse(input))
    }
}

/// A telephone number as people write it: digits, spaces and the usual separators, at most 30
/// characters and at least 5 digits. It is stored as typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct PhoneNumber(String);

string_newtype!(PhoneNumber);

impl PhoneNumber {
    /// Maximum number of characters.
    pub const MAX: usize = 30;
    /// Minimum number of digits.
    pub const DIGITS_MIN: usize = 5;

    /// Parses typed text. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::NotAPhoneNumber`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let number = input.trim();
        if number.is_empty() {
            return Err(FieldError::Empty);
        }
        if number.chars().count() > Self::MAX {
            return Err(FieldError::TooLong { max: Self::MAX });
        }
        let allowed = |byte: u8| byte.is_ascii_digit() || b" +-./()".contains(&byte);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if number.bytes().all(allowed) && digits >= Self::DIGITS_MIN {
            Ok(Self(number.to_owned()))
        } else {
            Err(FieldError::NotAPhoneNumber)
        }
    }

    /// Parses an optional field. Empty text is `None`.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::NotAPhoneNumber`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        empty_as_none(Self::parse(input))
    }
}

/// An email address in lowercase: a local part of at most 64 ASCII characters (RFC 5321,
/// without quoting), `@` and a [`DomainName`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct EmailAddress(String);

string_newtype!(EmailAddress "email");

impl EmailAddress {
    /// Maximum number of characters (RFC 5321).
    pub const MAX: usize = 254;

    /// Parses typed text and converts it to lowercase. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::NotAnEmailAddress`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let address = input.trim().to_ascii_lowercase();
        if address.is_empty() {
            return Err(FieldError::Empty);
        }
        if address.chars().count() > Self::MAX {
            return Err(FieldError::TooLong { max: Self::MAX });
        }
        let (local, domain) = address.rsplit_once('@').ok_or(FieldError::NotAnEmailAddress)?;
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let well_formed = (1..=64).contains(&local.len())
            && local.bytes().all(allowed)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.as_bytes().windows(2).any(|pair| pair == b"..")
            && DomainName::parse(domain).is_ok();
        if well_formed { Ok(Self(address)) } else { Err(FieldError::NotAnEmailAddress) }
    }

    /// Parses an optional field. Empty text is `None`.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::NotAnEmailAddress`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        empty_as_none(Self::parse(input))
    }

    /// Returns the domain after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A domain name in lowercase: at least two labels of letters, digits and hyphens (RFC 1035).
/// A name in another script is written in its `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct DomainName(String);

string_newtype!(DomainName "hostname");

impl DomainName {
    /// Maximum number of characters.
    pub const MAX: usize = 253;

    /// Parses typed text and converts it to lowercase. Whitespace around it is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::NotADomainName`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let name = input.trim().to_ascii_lowercase();
        if name.is_empty() {
            return Err(FieldError::Empty);
        }
        if name.chars().count() > Self::MAX {
            return Err(FieldError::TooLong { max: Self::MAX });
        }
        let is_label = |label: &[u8]| {
            (1..=63).contains(&label.len())
                && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
                && !label.starts_with(b"-")
                && !label.ends_with(b"-")
        };
        let mut labels = name.as_bytes().split(|byte| *byte == b'.');
        let is_top = |label: &[u8]| is_label(label) && !label.iter().all(u8::is_ascii_digit);
        let has_top = labels.next_back().is_some_and(is_top);
        let mut lower = labels.peekable();
        if has_top && lower.peek().is_some() && lower.all(is_label) {
            Ok(Self(name))
        } else {
            Err(FieldError::NotADomainName)
        }
    }
}

/// Country or region as two uppercase letters (ISO 3166-1 alpha-2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct CountryCode(String);

string_newtype!(CountryCode);

impl CountryCode {
    /// Parses two letters in either case. Whitespace around them is ignored.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::NotACountry`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let code = input.trim().to_ascii_uppercase();
        if code.is_empty() {
            return Err(FieldError::Empty);
        }
        if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(FieldError::NotACountry)
        }
    }
}

/// A new password: 12 to 256 characters of any kind (NIST SP 800-63B recommends length over
/// kinds of characters) that is not a common password. It is not trimmed, and `Debug` hides
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// Minimum number of characters.
    pub const MIN: usize = 12;
    /// Maximum number of characters, which limits the cost of hashing.
    pub const MAX: usize = 256;

    /// Parses the password exactly as typed.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooShort`], [`FieldError::TooLong`],
    /// [`FieldError::CommonPassword`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let length = input.chars().count();
        if length == 0 {
            return Err(FieldError::Empty);
        }
        if length < Self::MIN {
            return Err(FieldError::TooShort { min: Self::MIN });
        }
        if length > Self::MAX {
            return Err(FieldError::TooLong { max: Self::MAX });
        }
        let letters = input.to_lowercase();
        let repeated = input.chars().all(|character| input.starts_with(character));
        let common = ["password", "123456789012", "qwertyuiop", "letmeinletmein", "administrator"];
        if repeated
            || common.iter().any(|word| letters.starts_with(word) && length < word.len() + 6)
        {
            return Err(FieldError::CommonPassword);
        }
        Ok(Self(input.to_owned()))
    }

    /// Returns the password. Use it only for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NewPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn addresses_are_taken_in_lower_case_without_spaces() {
        assert_eq!(
            EmailAddress::parse(" Anna@Brightwater.Example ").map(String::from),
            Ok("anna@brightwater.example".into())
        );
        assert_eq!(
            EmailAddress::parse("a.b+c@x-y.example").map(|address| address.domain().to_owned()),
            Ok("x-y.example".into())
        );
    }

    #[test]
    fn what_is_no_address_says_so() {
        for input in [
            "anna",
            "anna@",
            "@b.example",
            "a b@c.example",
            "a@b",
            "a..b@c.example",
            ".a@c.example",
            "a@c.example\nBcc: x@y.example",
            "ä@c.example",
            "a@-c.example",
            "a@1.2.3.4",
            "a@@b.example",
            "a.@c.example",
            &format!("{}@b.example", "a".repeat(65)),
        ] {
            assert_eq!(EmailAddress::parse(input), Err(FieldError::NotAnEmailAddress), "{input}");
        }
        assert_eq!(EmailAddress::parse("  "), Err(FieldError::Empty));
        assert_eq!(
            EmailAddress::parse(&format!("{}@b.example", "a".repeat(250))),
            Err(FieldError::TooLong { max: 254 })
        );
    }

    #[test]
    fn the_longest_value_is_taken_and_a_longer_one_is_not() {
        fn check_maximum<T: std::fmt::Debug>(
            parse: fn(&str) -> Result<T, FieldError>,
            max: usize,
            text: impl Fn(usize) -> String,
        ) {
            assert!(parse(&text(max)).is_ok(), "{}", text(max));
            assert_eq!(parse(&text(max + 1)).err(), Some(FieldError::TooLong { max }));
        }
        let letters = |length| "字".repeat(length);
        let domain = |length| format!("{}{}", "a.".repeat(90), "a".repeat(length - 180));
        check_maximum(DisplayName::parse, 120, letters);
        check_maximum(Note::parse, 1_000, letters);
        check_maximum(Description::parse, 2_500, letters);
        check_maximum(PhoneNumber::parse, 30, |length| "1".repeat(length));
        check_maximum(EmailAddress::parse, 254, |length| {
            format!("{}@{}", "a".repeat(64), domain(length - 65))
        });
        check_maximum(DomainName::parse, 253, |length| {
            format!("{}.{}", "b".repeat(20), domain(length - 21))
        });
        check_maximum(NewPassword::parse, 256, |length| format!("{}b", "a".repeat(length - 1)));
    }

    #[test]
    fn an_optional_value_is_none_when_it_is_empty() {
        fn check_optional<T: std::fmt::Display>(
            parse: fn(&str) -> Result<Option<T>, FieldError>,
            text: &str,
            wrong: &str,
        ) {
            let parsed = |input: &str| parse(input).map(|value| value.map(|one| one.to_string()));
            assert_eq!(parsed(" "), Ok(None));
            assert_eq!(parsed(&format!(" {text} ")), Ok(Some(text.to_owned())));
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        check_optional(DisplayName::parse_optional, "Anna", "An\na");
        check_optional(Note::parse_optional, "Moving to the cloud.\nAnd back.", "a\u{0}b");
        check_optional(Description::parse_optional, "We move.\nAnd help.", "a\u{0}b");
        check_optional(PhoneNumber::parse_optional, "+31 20 123 4567", "a");
        check_optional(EmailAddress::parse_optional, "anna@brightwater.example", "anna");
    }

    #[test]
    fn a_domain_has_labels_of_letters_digits_and_inner_hyphens() {
        for input in ["contoso.example", "xn--bro-hoa.example", "3m.x9", "a.b.c.d.example", "1.2.a"]
        {
            assert_eq!(DomainName::parse(input).map(String::from), Ok(input.into()), "{input}");
        }
        assert_eq!(
            DomainName::parse(" Contoso.EXAMPLE ").map(String::from),
            Ok("contoso.example".into())
        );
        assert_eq!(DomainName::parse(" "), Err(FieldError::Empty));
        let long = format!("{}.example", "a".repeat(64));
        for input in [
            "contoso",
            "contoso.",
            ".example",
            "contoso..example",
            "con_toso.example",
            "-contoso.example",
            "contoso-.example",
            "contoso.-example",
            "contoso.example-",
            "büro.example",
            "1.2.3.4",
            &long,
        ] {
            assert_eq!(DomainName::parse(input), Err(FieldError::NotADomainName), "{input}");
        }
    }

    #[test]
    fn a_country_is_two_letters() {
        assert_eq!(CountryCode::parse(" nl ").map(String::from), Ok("NL".into()));
        assert_eq!(CountryCode::parse(" "), Err(FieldError::Empty));
        for input in ["N", "NLD", "N1", "12", "ñ"] {
            assert_eq!(CountryCode::parse(input), Err(FieldError::NotACountry), "{input}");
        }
    }

    #[test]
    fn names_hold_no_character_that_hides_or_turns() {
        for input in ["a\u{202e}b", "a\u{2066}b", "a\nb", "a\u{0}b", "a\u{85}b", "a\u{2028}b"] {
            assert_eq!(DisplayName::parse(input), Err(FieldError::ControlCharacter), "{input:?}");
        }
        assert_eq!(Note::parse("line\r\nline").map(String::from), Ok("line\nline".into()));
    }

    #[test]
    fn a_word_of_a_name_is_written_in_one_script() {
        for input in [
            // С, а, о and р are Cyrillic; Ο is Greek.
            "\u{421}ontoso",
            "Cont\u{43e}so",
            "Fabrik\u{430}m GmbH",
            "Micr\u{3bf}soft",
            "CONT\u{39f}SO",
            "\u{440}aypal",
            "Contoso2\u{43e}",
            "Cont\u{301}\u{43e}so",
            "\u{ff23}\u{43e}ntoso",
        ] {
            assert_eq!(DisplayName::parse(input), Err(FieldError::MixedScripts), "{input:?}");
        }
        for input in [
            "Contoso Россия",
            "ООО «Северный ветер»",
            "Ελληνικά Α.Ε.",
            "Wide World Importers",
            "α-Blocker & Söhne",
            "阿拉伯 Contoso",
            "Contoso旅行社",
            "μ-Ziekenhuis",
            "Ångström ß",
            "علي",
        ] {
            assert_eq!(DisplayName::parse(input).map(String::from), Ok(input.into()), "{input}");
        }
    }

    #[test]
    fn a_name_holds_nothing_that_is_not_seen() {
        for hidden in ['\u{ad}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{61c}'] {
            let input = format!("Con{hidden}toso");
            assert_eq!(DisplayName::parse(&input), Err(FieldError::ControlCharacter), "{input:?}");
        }
        for input in [
            // Inside a word, to separate two scripts; alone, as an invisible name.
            "Cont\u{206a}\u{43e}\u{206a}so",
            "\u{206a}C\u{2065}\u{43e}\u{2065}ntoso",
            "Cont\u{200c}\u{43e}so",
            "Con\u{fe0f}toso",
            "Bü\u{200d}ro",
            "Север\u{200d}ный",
            "Contoso \u{fe0f}",
            "Con\u{e0041}toso",
            "\u{3164}",
            "\u{115f}",
            "\u{ffa0}",
            "\u{2800}",
            "\u{200d}",
            "\u{fe0f}",
        ] {
            assert_eq!(DisplayName::parse(input), Err(FieldError::ControlCharacter), "{input:?}");
        }
        // A joined emoji stays one emoji, Persian keeps its joiners, and a Japanese name keeps
        // the variant of its character.
        for input in ["Anna 👩\u{200d}💻", "❤\u{fe0f} Bakery", "می\u{200c}خواهم", "葛\u{e0100}城"]
        {
            assert_eq!(DisplayName::parse(input).map(String::from), Ok(input.into()), "{input}");
        }
    }

    #[test]
    fn a_name_that_was_taken_before_is_still_read() {
        for input in ["\u{3bc}Torrent IT", "Con\u{ad}toso", "Micr\u{3bf}soft"] {
            assert!(DisplayName::parse(input).is_err(), "{input:?}");
            assert_eq!(input.parse::<DisplayName>().map(String::from), Ok(input.into()));
        }
        assert!("a\u{202e}b".parse::<DisplayName>().is_err());
    }

    #[test]
    fn telephone_numbers_are_taken_as_people_write_them() {
        for input in ["+31 20 123 4567", "(020) 123-4567", "020/1234567", "+49.30.12345", "12345"] {
            assert_eq!(PhoneNumber::parse(input).map(String::from), Ok(input.into()), "{input}");
        }
        for input in ["1234", "020 CALL NOW", "+31 20 123 4567 x8", "١٢٣٤٥٦", "123\n45", "-----"]
        {
            assert_eq!(PhoneNumber::parse(input), Err(FieldError::NotAPhoneNumber), "{input}");
        }
        assert_eq!(PhoneNumber::parse(&"1".repeat(31)), Err(FieldError::TooLong { max: 30 }));
        assert_eq!(PhoneNumber::parse_optional("  "), Ok(None));
    }

    #[test]
    fn passwords_are_judged_by_length_and_by_being_guessed_first() {
        assert_eq!(NewPassword::parse("short"), Err(FieldError::TooShort { min: 12 }));
        assert_eq!(NewPassword::parse("Password12345"), Err(FieldError::CommonPassword));
        assert_eq!(NewPassword::parse("aaaaaaaaaaaaaaaa"), Err(FieldError::CommonPassword));
        assert_eq!(NewPassword::parse(&"ab".repeat(129)), Err(FieldError::TooLong { max: 256 }));
        for input in
            ["correct horse battery staple", "12 letters .", " Passwort12345 ", "password123456"]
        {
            let password = NewPassword::parse(input).expect("a password");
            assert_eq!(password.expose(), input);
            assert_eq!(format!("{password:?}"), "NewPassword(…)");
        }
        assert_eq!(NewPassword::parse(""), Err(FieldError::Empty));
        assert_eq!(NewPassword::parse("11 letters."), Err(FieldError::TooShort { min: 12 }));
    }

    #[test]
    fn every_error_is_found_again_by_its_code() {
        for error in FieldError::iter() {
            assert_eq!(FieldError::from_code(error.code(), error.limit()), Some(error));
        }
        assert_eq!(FieldError::from_code("tooLong", Some(7)), Some(FieldError::TooLong { max: 7 }));
        assert_eq!(FieldError::from_code("tooMany", Some(7)), Some(FieldError::TooMany { max: 7 }));
        assert_eq!(
            FieldError::from_code("tooShort", Some(7)),
            Some(FieldError::TooShort { min: 7 })
        );
        assert_eq!(FieldError::TooLong { max: 120 }.limit(), Some(120));
        assert_eq!(FieldError::Empty.limit(), None);
        assert_eq!(FieldError::from_code("toLong", None), None);
    }

    proptest! {
        #[test]
        fn text_in_any_script_up_to_the_limit_is_kept(input in "[\\p{L}\\p{N}\\p{P}]{1,120}") {
            prop_assert_eq!(Note::parse(&input).map(String::from), Ok(input.clone()));
            // Letters that show nothing: a name must not have them.
            let fills = input.contains(['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}']);
            if !mixes_scripts(&input) && !fills {
                prop_assert_eq!(DisplayName::parse(&input).map(String::from), Ok(input));
            }
        }

        #[test]
        fn parsing_again_changes_nothing(input in "\\PC{0,200}") {
            if let Ok(name) = DisplayName::parse(&input) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name));
            }
            if let Ok(address) = EmailAddress::parse(&input) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
            }
        }

        #[test]
        fn one_character_more_than_the_limit_is_too_long(extra in 1_usize..50) {
            let input = "字".repeat(Note::MAX + extra);
            prop_assert_eq!(Note::parse(&input), Err(FieldError::TooLong { max: Note::MAX }));
        }
    }
}
