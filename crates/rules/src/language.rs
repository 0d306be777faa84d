//! The languages of the pages, the mails and the documents.

use strum::{VariantArray, VariantNames};

use crate::string_enum;

/// A language, named by its BCP 47 tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
pub enum Language {
    /// English, the fallback of every text.
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
    /// The language that an `Accept-Language` header or a browser's list asks
    /// for first, of those that there are; English where none is asked for.
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_there_is_wins() {
        assert_eq!(Language::negotiate("fr-FR, nl-BE;q=0.8, en;q=0.5"), Language::Dutch);
        assert_eq!(Language::negotiate("zh-Hans-CN"), Language::Chinese);
        assert_eq!(Language::negotiate(""), Language::English);
    }
}
