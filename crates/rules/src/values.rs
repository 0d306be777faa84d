//! Values that people type, each with the one parser that lets it in.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use crate::string_types::string_newtype;

/// Why a typed value was not taken. The code goes over the wire; the text
/// belongs to the clients, in the user's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr, Error)]
#[error("{}", self.code())]
#[strum(serialize_all = "camelCase")]
pub enum FieldError {
    /// Nothing was typed where something is needed.
    Empty,
    /// More characters than the field holds.
    TooLong {
        /// The most characters that it holds.
        max: usize,
    },
    /// Fewer characters than the field needs.
    TooShort {
        /// The fewest characters that it takes.
        min: usize,
    },
    /// A control character, or one that turns the direction of the text around it.
    ControlCharacter,
    /// Not of the form name@domain.
    NotAnEmailAddress,
    /// Not a domain name such as contoso.example.
    NotADomainName,
    /// Not the two letters of a country or region (ISO 3166-1).
    NotACountry,
    /// Something other than the digits 0 to 9.
    NotDigits,
    /// A Partner ID that begins with 0.
    LeadingZero,
    /// A tenant ID (GUID) where a Partner ID is asked for.
    TenantId,
    /// Not an identifier of ours.
    NotAnId,
    /// Not a moment in ISO 8601, UTC.
    NotATime,
    /// Not one of the values that the field knows.
    NotAnOption,
    /// Not a SHA-256 in hexadecimal.
    NotAHash,
    /// A password that anyone would try first.
    CommonPassword,
    /// Not a telephone number: too few digits, or other characters than those that
    /// numbers are written with.
    NotAPhoneNumber,
    /// A word that mixes Latin letters with Cyrillic or Greek ones, which look the same:
    /// a name that could be taken for another.
    MixedScripts,
    /// No organization has this identifier or this domain.
    UnknownOrganization,
    /// The box that gives consent is not ticked.
    ConsentNeeded,
    /// More choices than can be taken.
    TooMany {
        /// The most choices that can be taken.
        max: usize,
    },
    /// Not a whole number from 1 to the most that can be taken.
    NotAQuantity {
        /// The most that can be taken.
        max: usize,
    },
    /// A line of a file about what a line before it is about.
    DuplicateLine,
    /// A file whose first line doesn't name a column that is needed, or a line that ends
    /// before that column.
    MissingColumn,
    /// Bytes that are no text in UTF-8.
    NotUtf8,
    /// A quotation mark that is not closed on its line.
    UnclosedQuote,
    /// The organization has no subscription of this identifier.
    UnknownSubscription,
    /// More Partner IDs than an organization may look up in a day.
    TooManyLookUps,
}

impl FieldError {
    /// Returns the machine-readable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Returns the limit that the value exceeds, for the errors that have one.
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

/// Trims a text and sees to its length (in characters) and to characters that
/// would not be shown as what they are. A line break passes where lines may.
fn text(input: &str, max: usize, lines: bool) -> Result<String, FieldError> {
    let trimmed = input.trim();
    if trimmed.is_empty() {
        return Err(FieldError::Empty);
    }
    let hidden = |character: char| {
        (character.is_control() && !(lines && matches!(character, '\n' | '\t')))
            || matches!(character,
                // Embeddings, overrides and isolates turn what stands around them.
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
                // Line and paragraph separators, and the byte order mark.
                | '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    let trimmed = if lines { trimmed.replace("\r\n", "\n") } else { trimmed.to_owned() };
    if trimmed.chars().any(hidden) {
        return Err(FieldError::ControlCharacter);
    }
    if trimmed.chars().count() > max {
        return Err(FieldError::TooLong { max });
    }
    Ok(trimmed)
}

/// A name of a person, an organization or a document, on one line, in any
/// script: 1 to 120 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

string_newtype!(DisplayName, kept);

impl DisplayName {
    /// The most characters of a name.
    pub const MAX: usize = 120;

    /// Parses what was typed, without the spaces around it.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::ControlCharacter`],
    /// [`FieldError::MixedScripts`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let name = Self::kept(input)?;
        if hides(name.as_str()) {
            return Err(FieldError::ControlCharacter);
        }
        if name.as_str().split(|character| !in_word(character)).any(mixes_scripts) {
            return Err(FieldError::MixedScripts);
        }
        Ok(name)
    }

    /// A name that was taken before, from the store or from an answer. What a newer
    /// version of the program would not take any more is still what somebody is called.
    fn kept(input: &str) -> Result<Self, FieldError> {
        text(input, Self::MAX, false).map(Self)
    }

    /// Parses an optional field: nothing typed is no name.
    ///
    /// # Errors
    /// As [`DisplayName::parse`], but for [`FieldError::Empty`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        optional(Self::parse(input))
    }
}

/// Turns the error of an empty field into nothing.
fn optional<T>(parsed: Result<T, FieldError>) -> Result<Option<T>, FieldError> {
    match parsed {
        Err(FieldError::Empty) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// Whether a name holds a character that takes no room: it could hide in a word, or set
/// two words apart that look like one. What joins or varies the character before it may
/// stand behind one of a script that needs it, or behind a picture.
fn hides(name: &str) -> bool {
    let mut before = None;
    name.chars().any(|character| {
        let hidden = if joins(character) {
            before.is_none_or(|before| has_look_alikes(before) || before.is_whitespace())
        } else {
            unseen(character)
        };
        if !joins(character) {
            before = Some(character);
        }
        hidden
    })
}

/// Whether a character has no shape of its own: those that Unicode lets programs ignore
/// (`Default_Ignorable_Code_Point`), and the blank one of Braille.
const fn unseen(character: char) -> bool {
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

/// Whether a character joins or varies the one before it and is not seen itself: joiners,
/// and variation selectors of Mongolian, of pictures and of ideographs.
const fn joins(character: char) -> bool {
    matches!(
        character,
        '\u{200c}'..='\u{200d}'
            | '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether a character belongs to a word, as far as mixed scripts are looked for. All
/// that is not ASCII does, but spaces and general punctuation: a word then holds too
/// much rather than too little.
const fn in_word(character: char) -> bool {
    match character {
        '\u{a0}'
        | '\u{b7}'
        | '\u{2000}'..='\u{200b}'
        | '\u{200e}'..='\u{206f}'
        | '\u{3000}'..='\u{303f}' => false,
        character => !character.is_ascii() || character.is_ascii_alphanumeric(),
    }
}

/// Whether a character is of the scripts whose letters look alike, or is ASCII.
fn has_look_alikes(character: char) -> bool {
    character.is_ascii() || latin(character) || alike(character)
}

fn latin(character: char) -> bool {
    character.is_ascii_alphabetic()
        || matches!(character,
            '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2af}'
            | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Letters of Cyrillic and Greek, many of which look exactly like Latin ones.
fn alike(character: char) -> bool {
    matches!(character,
        '\u{370}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d26}'..='\u{1d2b}'
        | '\u{1f00}'..='\u{1fff}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}')
}

/// Whether a word mixes Latin letters with Cyrillic or Greek ones, many of which look
/// exactly alike (Unicode Technical Standard 39, section 5).
fn mixes_scripts(word: &str) -> bool {
    word.chars().any(latin) && word.chars().any(alike)
}

/// A few lines that one person writes to another, as plain text in any script:
/// a message or a reason, 1 to 1,000 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Note(String);

string_newtype!(Note);

impl Note {
    /// The most characters of a note.
    pub const MAX: usize = 1_000;

    /// Parses what was typed, without the spaces around it.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        text(input, Self::MAX, true).map(Self)
    }

    /// Parses an optional field: nothing typed is no note.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        optional(Self::parse(input))
    }
}

/// What a partner does, in its own words, as plain text in any script: 1 to 2,500
/// characters (docs/domain.md, Enquiries).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Description(String);

string_newtype!(Description);

impl Description {
    /// The most characters of a description.
    pub const MAX: usize = 2_500;

    /// Parses what was typed, without the spaces around it.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        text(input, Self::MAX, true).map(Self)
    }

    /// Parses an optional field: nothing typed is no description.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::ControlCharacter`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        optional(Self::parse(input))
    }
}

/// A telephone number as people write it: at most 30 digits, spaces and the characters
/// that set digits apart, with at least 5 digits. It is shown and dialled as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

string_newtype!(PhoneNumber);

impl PhoneNumber {
    /// The most characters of a number.
    pub const MAX: usize = 30;
    /// The fewest digits of a number.
    pub const DIGITS_MIN: usize = 5;

    /// Parses what was typed, without the spaces around it.
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

    /// Parses an optional field: nothing typed is no number.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::NotAPhoneNumber`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        optional(Self::parse(input))
    }
}

/// An e-mail address, in lower case: one `@`, a local part of at most 64 ASCII
/// characters (RFC 5321, without quoting) and a [`DomainName`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

string_newtype!(EmailAddress "email");

impl EmailAddress {
    /// The most characters of an address (RFC 5321).
    pub const MAX: usize = 254;

    /// Parses what was typed, without the spaces around it, in lower case.
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
            && !local.contains("..")
            && DomainName::parse(domain).is_ok();
        if well_formed { Ok(Self(address)) } else { Err(FieldError::NotAnEmailAddress) }
    }

    /// Parses an optional field: nothing typed is no address.
    ///
    /// # Errors
    /// [`FieldError::TooLong`], [`FieldError::NotAnEmailAddress`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, FieldError> {
        optional(Self::parse(input))
    }

    /// The domain behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A domain name in lower case: at least two labels of letters, digits and
/// hyphens (RFC 1035). A name in another script is written as its `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainName(String);

string_newtype!(DomainName "hostname");

impl DomainName {
    /// The most characters of a domain name.
    pub const MAX: usize = 253;

    /// Parses what was typed, without the spaces around it, in lower case.
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
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let numeric_top = name
            .rsplit('.')
            .next()
            .is_some_and(|top| top.bytes().all(|byte| byte.is_ascii_digit()));
        if name.contains('.') && name.split('.').all(label) && !numeric_top {
            Ok(Self(name))
        } else {
            Err(FieldError::NotADomainName)
        }
    }
}

/// A country or region as its two letters (ISO 3166-1 alpha-2), in upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode(String);

string_newtype!(CountryCode);

impl CountryCode {
    /// Parses two letters, without the spaces around them.
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

/// A password that an account may be given: 12 to 256 characters, any of them
/// (NIST SP 800-63B asks for length, not for kinds of characters), and none of
/// those that everyone tries first. It is not trimmed, and its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// The fewest characters of a new password.
    pub const MIN: usize = 12;
    /// The most characters of a password; a limit keeps hashing bounded.
    pub const MAX: usize = 256;

    /// Takes the password exactly as it was typed.
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

    /// The password, for the function that hashes it and nothing else.
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
    fn names_hold_no_character_that_hides_or_turns() {
        for input in ["a\u{202e}b", "a\u{2066}b", "a\nb", "a\u{0}b", "a\u{85}b", "a\u{2028}b"] {
            assert_eq!(DisplayName::parse(input), Err(FieldError::ControlCharacter), "{input:?}");
        }
        assert_eq!(Note::parse("line\r\nline").map(String::from), Ok("line\nline".into()));
    }

    #[test]
    fn a_word_of_a_name_is_written_in_one_script() {
        for input in [
            // The capital С, the small а, о and р are Cyrillic; the Ο is Greek.
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
            // In a word, to set two scripts apart; alone, as a name that nobody sees.
            "Cont\u{206a}\u{43e}\u{206a}so",
            "\u{206a}C\u{2065}\u{43e}\u{2065}ntoso",
            "Cont\u{200c}\u{43e}so",
            "Con\u{fe0f}toso",
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
        // A picture that is joined from several stays one picture, Persian keeps its
        // joiners, and a Japanese name the variant of its character.
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
        assert!(NewPassword::parse("correct horse battery staple").is_ok());
        assert!(
            !format!("{:?}", NewPassword::parse("correct horse battery staple")).contains("horse")
        );
    }

    #[test]
    fn every_error_is_found_again_by_its_code() {
        for error in FieldError::iter() {
            assert_eq!(FieldError::from_code(error.code(), error.limit()), Some(error));
        }
        assert_eq!(FieldError::from_code("tooLong", Some(7)), Some(FieldError::TooLong { max: 7 }));
        assert_eq!(FieldError::from_code("tooMany", Some(7)), Some(FieldError::TooMany { max: 7 }));
    }

    proptest! {
        #[test]
        fn text_in_any_script_up_to_the_limit_is_kept(input in "[\\p{L}\\p{N}\\p{P}]{1,120}") {
            prop_assert_eq!(Note::parse(&input).map(String::from), Ok(input.clone()));
            if !mixes_scripts(&input) {
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
