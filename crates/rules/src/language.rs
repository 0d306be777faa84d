//! Languages of the page, the mails and the documents.
//!
//! A language is a variant of [`Language`] and a folder of texts in `app/locales`;
//! CONTRIBUTING.md, "Adding a language", has the steps.

use strum::{VariantArray, VariantNames};

use crate::string_enum;

/// A language. Its name is the BCP 47 tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
pub enum Language {
    /// English, the fallback for every text.
    #[strum(serialize = "en")]
    English,
    /// Dutch.
    #[strum(serialize = "nl")]
    Dutch,
    /// German.
    #[strum(serialize = "de")]
    German,
    /// Simplified Chinese.
    #[strum(serialize = "zh-CN")]
    Chinese,
}

string_enum!(Language);

impl Language {
    /// Returns the first language of an `Accept-Language` header or of a browser's list that
    /// Accord has. The default is English.
    #[must_use]
    pub fn negotiate(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.split(';').next())
            .find_map(|tag| {
                let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
                Self::ALL
                    .iter()
                    .copied()
                    .find(|language| language.as_str().split('-').next() == Some(primary.as_str()))
            })
            .unwrap_or(Self::English)
    }

    /// Returns the plural category of a whole number, by the
    /// [rules of the Unicode CLDR](https://cldr.unicode.org/index/cldr-spec/plural-rules).
    #[must_use]
    pub const fn plural_category(self, number: u32) -> PluralCategory {
        match self {
            Self::English | Self::Dutch | Self::German if number == 1 => PluralCategory::One,
            Self::English | Self::Dutch | Self::German | Self::Chinese => PluralCategory::Other,
        }
    }
}

/// A form of a noun that goes with some numbers. No language uses all of them; each uses
/// [`Other`](Self::Other).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluralCategory {
    /// The form of zero, as in Arabic.
    Zero,
    /// The singular.
    One,
    /// The dual, as in Arabic.
    Two,
    /// The form of a few, as of 2 to 4 in Czech.
    Few,
    /// The form of many, as of 5 and more in Polish.
    Many,
    /// The form of every other number.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_is_chosen() {
        assert_eq!(Language::negotiate("tlh, nl-BE;q=0.8, en;q=0.5"), Language::Dutch);
        assert_eq!(Language::negotiate("zh-Hans-CN"), Language::Chinese);
        assert_eq!(Language::negotiate(""), Language::English);
    }

    #[test]
    fn plurals_follow_the_rules_of_the_unicode_cldr() {
        for language in [Language::English, Language::Dutch, Language::German] {
            assert_eq!(language.plural_category(1), PluralCategory::One);
            for number in [0, 2, 11, 21, 101] {
                assert_eq!(language.plural_category(number), PluralCategory::Other);
            }
        }
        assert_eq!(Language::Chinese.plural_category(1), PluralCategory::Other);
    }
}
