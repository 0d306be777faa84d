//! The words of a text, as full-text search knows them: the same for what is indexed,
//! for what is searched for, and for the marks in what was found.

use std::ops::Range;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes of the text.
    pub place: Range<usize>,
    /// In lower case and without diacritics.
    pub folded: String,
}

/// The words of a text in their order: letters and digits in a row, in lower case and
/// without diacritics. A character of Chinese, Japanese or Korean is a word of its own,
/// because those scripts set no spaces.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        match kind(character) {
            Kind::Between => open = false,
            Kind::Alone => {
                let mut folded = String::new();
                fold(character, &mut folded);
                words.push(Word { place: start..end, folded });
                open = false;
            }
            Kind::Mark => {
                if let (true, Some(word)) = (open, words.last_mut()) {
                    word.place.end = end;
                }
            }
            Kind::Letter => {
                if !open {
                    words.push(Word { place: start..start, folded: String::new() });
                    open = true;
                }
                if let Some(word) = words.last_mut() {
                    word.place.end = end;
                    fold(character, &mut word.folded);
                }
            }
        }
    }
    words
}

/// The words of a text as [`words`] finds them, without their places.
#[must_use]
pub fn search_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}

/// The words of a name on the wire, such as `learningAndCertification`.
#[must_use]
pub fn name_words(name: &str) -> Vec<String> {
    let mut apart = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            apart.push(' ');
        }
        apart.push(character);
    }
    search_words(&apart)
}

/// Where a text matches what was searched for, in bytes of the text and in its order: the
/// words that were searched for, and those that begin with the last of them, which may
/// still be being typed.
#[must_use]
pub fn matches(text: &str, searched: &[String]) -> Vec<Range<usize>> {
    let Some((last, whole)) = searched.split_last() else { return Vec::new() };
    let mut places = Vec::new();
    for word in words(text) {
        if word.folded.starts_with(last.as_str()) || whole.contains(&word.folded) {
            places.push(word.place);
        }
    }
    places
}

/// What a character is for words.
enum Kind {
    /// Part of a word.
    Letter,
    /// A word of its own.
    Alone,
    /// A diacritic on the letter before it.
    Mark,
    /// No part of a word.
    Between,
}

/// What a character is for words. The standard library's tables know every character;
/// these ranges are enough for words, and the page doesn't grow by the tables. What is
/// no punctuation, symbol or space that is known here counts as a letter.
const fn kind(character: char) -> Kind {
    match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{b5}' | '\u{ba}' => Kind::Letter,
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => {
            Kind::Mark
        }
        // Letters and Roman numerals among the symbols.
        '\u{2126}' | '\u{212a}' | '\u{212b}' | '\u{2132}' | '\u{214e}' | '\u{2160}'..='\u{2188}' => {
            Kind::Letter
        }
        // Hangul, kana and Han, with their extensions and half-width forms.
        '\u{1100}'..='\u{11ff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30fa}'
        | '\u{30fc}'..='\u{318f}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}' => Kind::Alone,
        '\u{0}'..='\u{bf}'
        | '\u{d7}'
        | '\u{f7}'
        | '\u{37e}'
        | '\u{387}'
        | '\u{589}'
        | '\u{58a}'
        | '\u{5be}'
        | '\u{5c0}'
        | '\u{5c3}'
        | '\u{60c}'
        | '\u{61b}'
        | '\u{61f}'
        | '\u{66a}'..='\u{66d}'
        | '\u{6d4}'
        | '\u{964}'
        | '\u{965}'
        | '\u{1680}'
        // General punctuation, currencies, arrows, mathematics, boxes, pictures.
        | '\u{2000}'..='\u{2070}'
        | '\u{207a}'..='\u{207e}'
        | '\u{20a0}'..='\u{2bff}'
        | '\u{2e00}'..='\u{2fff}'
        | '\u{3000}'..='\u{3040}'
        | '\u{30fb}'
        | '\u{3190}'..='\u{31ef}'
        | '\u{3200}'..='\u{33ff}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe10}'..='\u{fe6f}'
        | '\u{feff}'
        | '\u{ff00}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff65}'
        | '\u{ffe0}'..='\u{ffff}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{e0000}'..='\u{10ffff}' => Kind::Between,
        _ => Kind::Letter,
    }
}

/// The letters of Latin, Greek and Cyrillic script that are a letter with a diacritic or
/// are commonly written with other letters, in lower case.
const FOLDED: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặḁª"),
    ("ae", "æǣǽ"),
    ("b", "ḃḅḇ"),
    ("c", "çćĉċčḉ"),
    ("d", "ďđðḋḍḏḑḓ"),
    ("e", "èéêëēĕėęěȅȇȩẹẻẽếềểễệḕḗḙḛḝ"),
    ("f", "ḟ"),
    ("g", "ĝğġģǥǧǵḡ"),
    ("h", "ĥħȟḣḥḧḩḫẖ"),
    ("i", "ìíîïĩīĭįıǐȉȋỉịḭḯ"),
    ("ij", "ĳ"),
    ("j", "ĵǰ"),
    ("k", "ķǩĸḱḳḵ"),
    ("l", "ĺļľŀłḷḹḻḽ"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňŉŋǹṅṇṉṋ"),
    ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱọỏốồổỗộớờởỡợṍṏṑṓº"),
    ("oe", "œ"),
    ("p", "ṕṗ"),
    ("r", "ŕŗřȑȓṙṛṝṟ"),
    ("s", "śŝşšșſṡṣṥṧṩ"),
    ("ss", "ß"),
    ("t", "ţťŧțṫṭṯṱẗ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗụủứừửữựṳṵṷṹṻ"),
    ("v", "ṽṿ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("z", "źżžẑẓẕ"),
    ("α", "ά"),
    ("ε", "έ"),
    ("η", "ή"),
    ("ι", "ίϊΐ"),
    ("ο", "ό"),
    ("σ", "ς"),
    ("υ", "ύϋΰ"),
    ("ω", "ώ"),
    ("е", "ѐё"),
    ("и", "ѝ"),
];

/// Writes a character in lower case and without diacritics.
fn fold(character: char, folded: &mut String) {
    if character.is_ascii() {
        folded.push(character.to_ascii_lowercase());
        return;
    }
    let lower = lower(character);
    let found = FOLDED.iter().find(|(_, letters)| letters.contains(lower));
    match found {
        Some((base, _)) => folded.push_str(base),
        None => folded.push(lower),
    }
}

/// The lower case of a letter of Latin, Greek, Cyrillic or Armenian script, the scripts
/// that have two cases and that people write names in. Letters and digits of full width
/// become those of ASCII.
fn lower(character: char) -> char {
    let code = character as u32;
    let lower = match code {
        0x130 => 0x69,
        0x178 => 0xff,
        0x1e9e => 0xdf,
        0x4c0 => 0x4cf,
        // In the extended ranges the two cases stand side by side, the capital on the
        // even place but for a few stretches.
        0x139..=0x148 | 0x179..=0x17e | 0x1af | 0x1cd..=0x1dc | 0x4c1..=0x4ce => code + code % 2,
        0x100..=0x137
        | 0x14a..=0x177
        | 0x1a0..=0x1a5
        | 0x1de..=0x1ef
        | 0x1f4
        | 0x1f8..=0x21f
        | 0x222..=0x233
        | 0x460..=0x481
        | 0x48a..=0x4bf
        | 0x4d0..=0x52f
        | 0x1e00..=0x1e95
        | 0x1ea0..=0x1eff => code | 1,
        0xc0..=0xde | 0x391..=0x3ab | 0x410..=0x42f => code + 0x20,
        0x386 => 0x3ac,
        0x388..=0x38a => code + 0x25,
        0x38c => 0x3cc,
        0x38e | 0x38f => code + 0x3f,
        0x400..=0x40f => code + 0x50,
        0x531..=0x556 => code + 0x30,
        0xff10..=0xff19 | 0xff41..=0xff5a => code - 0xfee0,
        0xff21..=0xff3a => code - 0xfee0 + 0x20,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_found_in_the_scripts_of_the_clouds() {
        for (text, expected) in [
            ("Wide World Importers B.V.", &["wide", "world", "importers", "b", "v"][..]),
            ("Büro für Änderungen – Straße 12", &["buro", "fur", "anderungen", "strasse", "12"]),
            ("DÉJÀ-VU’s", &["deja", "vu", "s"]),
            ("De\u{301}ja\u{300}", &["deja"]),
            ("ŁÓDŹ İstanbul Ørsted ŒUVRE", &["lodz", "istanbul", "orsted", "oeuvre"]),
            ("云计算 Office365", &["云", "计", "算", "office365"]),
            ("クラウドの移行", &["ク", "ラ", "ウ", "ド", "の", "移", "行"]),
            ("클라우드", &["클", "라", "우", "드"]),
            ("ЁЛКА Ελλάς ΆΛΦΑ", &["елка", "ελλασ", "αλφα"]),
            ("Ｃｏｎｔｏｓｏ　３６５", &["contoso", "365"]),
            ("a_b @c #d 👩\u{200d}💻 €5", &["a", "b", "c", "d", "5"]),
            (" \u{301}…", &[]),
        ] {
            assert_eq!(search_words(text), expected, "{text}");
        }
    }

    #[test]
    fn names_on_the_wire_are_taken_apart() {
        assert_eq!(name_words("learningAndCertification"), ["learning", "and", "certification"]);
        assert_eq!(name_words("ipServices"), ["ip", "services"]);
    }

    #[test]
    fn what_matched_is_marked_where_it_stands() {
        let marked = |text: &'static str, searched: &str| -> Vec<&str> {
            matches(text, &search_words(searched)).into_iter().map(|place| &text[place]).collect()
        };
        let text = "Migration of Exchange: e\u{301}tudes, migrations, Étude.";
        assert_eq!(marked(text, "migration etude"), ["Migration", "e\u{301}tudes", "Étude"]);
        assert_eq!(marked(text, "etudes migr"), ["Migration", "e\u{301}tudes", "migrations"]);
        assert_eq!(marked("云计算和云", "云"), ["云", "云"]);
        assert!(marked(text, "").is_empty());
        assert!(marked(text, "xchange").is_empty());
    }

    #[test]
    fn every_latin_letter_of_europe_becomes_a_letter_of_ascii() {
        for character in ('\u{c0}'..='\u{17f}').filter(|one| one.is_alphabetic()) {
            let words = search_words(&character.to_string());
            assert_eq!(words.len(), 1, "{character}");
            // The apostrophe and the n of Afrikaans are two characters in one.
            if character != 'ŉ' {
                assert!(words[0].bytes().all(|byte| byte.is_ascii_lowercase()), "{character}");
            }
        }
    }

    #[test]
    fn both_cases_of_a_letter_are_the_same_word() {
        // The scripts that have two cases, without the letters of phoneticians and of
        // African languages, whose small letters stand far away.
        let letters = ('\u{0}'..='\u{17f}')
            .chain(['\u{1a0}', '\u{1af}', '\u{1f4}'])
            .chain('\u{1cd}'..='\u{1ef}')
            .chain('\u{1f8}'..='\u{21f}')
            .chain('\u{222}'..='\u{233}')
            .chain('\u{386}'..='\u{3ce}')
            .chain('\u{400}'..='\u{52f}')
            .chain('\u{531}'..='\u{556}')
            .chain('\u{1e00}'..='\u{1eff}')
            .chain('\u{ff21}'..='\u{ff5a}');
        for capital in letters.filter(|one| one.is_uppercase()) {
            let small: String = capital.to_lowercase().collect();
            assert_eq!(search_words(&capital.to_string()), search_words(&small), "{capital}");
        }
    }

    proptest! {
        #[test]
        fn words_stand_apart_in_their_order_and_are_found_again(text in "\\PC{0,60}") {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.place.start >= end && word.place.end > word.place.start);
                prop_assert!(text.get(word.place.clone()).is_some());
                prop_assert!(!word.folded.is_empty());
                prop_assert!(!word.folded.contains(' '));
                end = word.place.end;
            }
            let once = search_words(&text);
            prop_assert_eq!(search_words(&once.join(" ")), once);
        }

        #[test]
        fn what_the_standard_library_calls_letters_belongs_to_words(
            text in "[\\p{Latin}\\p{Greek}\\p{Cyrillic}\\p{Arabic}\\p{Hebrew}\\p{Nd}]{1,20}",
        ) {
            let letters = text.chars().filter(|one| one.is_alphanumeric()).count();
            prop_assert!(letters == 0 || !search_words(&text).is_empty());
        }

        #[test]
        fn letters_among_the_symbols_are_letters(text in "[ΩKÅℲⅎⅠ-ↈ]{1,5}") {
            prop_assert!(!search_words(&text).is_empty());
        }

        #[test]
        fn every_word_of_a_text_is_marked_in_it(text in "[a-zé云 ,]{0,40}") {
            let searched = search_words(&text);
            prop_assert_eq!(matches(&text, &searched).len(), searched.len());
        }
    }
}
