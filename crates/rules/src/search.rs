//! Splits text into words for full-text search. The index, the queries and the highlighting of
//! matches all use it.

use std::ops::Range;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Word in lowercase and without diacritics.
    pub folded: String,
}

/// Splits a text into words: runs of letters and digits, in lowercase and without diacritics.
/// Each Chinese, Japanese or Korean character is a word of its own, because those scripts use
/// no spaces.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        match character_kind(character) {
            CharacterKind::Separator => open = false,
            CharacterKind::Ideograph => {
                let mut folded = String::new();
                fold(character, &mut folded);
                words.push(Word { range: start..end, folded });
                open = false;
            }
            CharacterKind::Diacritic => {
                if let (true, Some(word)) = (open, words.last_mut()) {
                    word.range.end = end;
                }
            }
            CharacterKind::Letter => {
                if !open {
                    words.push(Word { range: start..start, folded: String::new() });
                    open = true;
                }
                if let Some(word) = words.last_mut() {
                    word.range.end = end;
                    fold(character, &mut word.folded);
                }
            }
        }
    }
    words
}

/// Splits a text as [`words`] does, without the byte ranges.
#[must_use]
pub fn search_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}

/// Returns the key by which names are sorted: the words of a text, separated by spaces. Ärzte
/// stands next to Arzte, and punctuation does not count. Keys are compared by code point.
#[must_use]
pub fn sort_key(text: &str) -> String {
    search_words(text).join(" ")
}

/// Returns whether a sort key contains a word that begins with each of these folded words.
#[must_use]
pub fn key_matches(key: &str, beginnings: &[String]) -> bool {
    beginnings
        .iter()
        .all(|beginning| key.split(' ').any(|word| word.starts_with(beginning.as_str())))
}

/// Splits a name of the API, such as `learningAndCertification`, into words.
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

/// Returns the byte ranges in `text` that match the search: the words of the search, and words
/// that start with its last word, which the user may still be typing.
#[must_use]
pub fn matches(text: &str, searched: &[String]) -> Vec<Range<usize>> {
    let Some((last, whole)) = searched.split_last() else { return Vec::new() };
    let mut ranges = Vec::new();
    for word in words(text) {
        if word.folded.starts_with(last.as_str()) || whole.contains(&word.folded) {
            ranges.push(word.range);
        }
    }
    ranges
}

/// Role of a character in a word.
enum CharacterKind {
    /// Part of a word.
    Letter,
    /// A word of its own.
    Ideograph,
    /// Diacritic of the previous letter.
    Diacritic,
    /// Not part of a word.
    Separator,
}

/// Returns the role of a character in a word. The ranges are coarser than the tables of the
/// standard library, to keep the page small. Every character that is not listed as
/// punctuation, symbol or space counts as a letter.
const fn character_kind(character: char) -> CharacterKind {
    match character {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{b5}' | '\u{ba}' => CharacterKind::Letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => {
            CharacterKind::Diacritic
        }
        // Letters and Roman numerals in the blocks of symbols.
        '\u{2126}' | '\u{212a}' | '\u{212b}' | '\u{2132}' | '\u{214e}' | '\u{2160}'..='\u{2188}' => {
            CharacterKind::Letter
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
        | '\u{20000}'..='\u{3ffff}' => CharacterKind::Ideograph,
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
        | '\u{e0000}'..='\u{10ffff}' => CharacterKind::Separator,
        _ => CharacterKind::Letter,
    }
}

/// Base letters, and the lowercase letters of the Latin, Greek and Cyrillic scripts that are
/// replaced by them.
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
    ("s", "śŝşšșſẛṡṣṥṧṩ"),
    ("ss", "ß"),
    ("t", "ţťŧțṫṭṯṱẗ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗụủứừửữựṳṵṷṹṻ"),
    ("v", "ṽṿ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("z", "źżžẑẓẕ"),
    ("ʒ", "ǯ"),
    ("α", "ά"),
    ("ε", "έ"),
    ("η", "ή"),
    ("ι", "ίϊΐ"),
    ("ο", "ό"),
    ("σ", "ς"),
    ("υ", "ύϋΰ"),
    ("ω", "ώ"),
    ("а", "ӑӓ"),
    ("г", "ѓ"),
    ("е", "ѐёӗ"),
    ("ж", "ӂӝ"),
    ("з", "ӟ"),
    ("и", "йѝӣӥ"),
    ("к", "ќ"),
    ("о", "ӧ"),
    ("у", "ўӯӱӳ"),
    ("ч", "ӵ"),
    ("ы", "ӹ"),
    ("э", "ӭ"),
    ("і", "ї"),
    ("ѵ", "ѷ"),
    ("ә", "ӛ"),
    ("ө", "ӫ"),
];

/// Appends a character in lowercase and without diacritics.
fn fold(character: char, folded: &mut String) {
    if character.is_ascii() {
        folded.push(character.to_ascii_lowercase());
        return;
    }
    let lowercase = to_lowercase(character);
    let found = FOLDED.iter().find(|(_, letters)| letters.contains(lowercase));
    match found {
        Some((base, _)) => folded.push_str(base),
        None => folded.push(lowercase),
    }
}

/// Returns the lowercase of a letter of the Latin, Greek, Cyrillic or Armenian script, the
/// scripts with two cases in which people write names. Full-width letters and digits become
/// ASCII.
fn to_lowercase(character: char) -> char {
    let code = character as u32;
    let lower = match code {
        0x1b7 => 0x292,
        0x178 => 0xff,
        0x1e9e => 0xdf,
        0x4c0 => 0x4cf,
        // In the extended ranges, uppercase and lowercase alternate. The uppercase letter has
        // the even code, except in a few ranges.
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
    use unicode_normalization::UnicodeNormalization;

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
            matches(text, &search_words(searched)).into_iter().map(|range| &text[range]).collect()
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
        // The scripts with two cases, without the letters of phonetic and African alphabets,
        // whose lowercase letters are in other blocks.
        let letters = ('\u{0}'..='\u{17f}')
            .chain(['\u{1a0}', '\u{1af}', '\u{1b7}', '\u{1f4}'])
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

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        let letters = ('\u{c0}'..='\u{24f}')
            .chain('\u{386}'..='\u{3ce}')
            .chain('\u{400}'..='\u{52f}')
            .chain('\u{1e00}'..='\u{1ef9}');
        for letter in letters {
            let decomposed: String = letter.to_string().nfd().collect();
            assert_eq!(sort_key(&letter.to_string()), sort_key(&decomposed), "{letter}");
        }
    }

    #[test]
    fn names_are_sorted_as_people_expect() {
        let sorted = ["", "3M", "Arzte", "Ärzte GmbH", "Arztehaus", "O’Brien", "Obrien", "Ødegård"];
        assert!(sorted.is_sorted_by_key(|name| sort_key(name)), "{:?}", sorted.map(sort_key));
        assert_eq!(sort_key("Café  Déjà-vu B.V."), "cafe deja vu b v");
        assert!(key_matches(&sort_key("İstanbul Yazılım"), &search_words("yaz ISTANB")));
        assert!(!key_matches(&sort_key("İstanbul Yazılım"), &search_words("stanbul")));
        assert!(key_matches("", &[]));
    }

    proptest! {
        #[test]
        fn sort_keys_do_not_depend_on_case_marks_or_normal_form(
            text in "[a-zA-ZÀ-ʯΆ-ώЀ-ӿ0-9 ,.&’-]{0,20}",
        ) {
            let key = sort_key(&text);
            let decomposed: String = text.nfd().collect();
            let without_marks: String =
                text.nfd().filter(|one| !unicode_normalization::char::is_combining_mark(*one)).collect();
            prop_assert_eq!(&sort_key(&decomposed), &key);
            prop_assert_eq!(&sort_key(&without_marks), &key);
            prop_assert_eq!(&sort_key(&key), &key);
        }

        #[test]
        fn every_beginning_of_every_word_is_found(
            text in "\\PC{1,30}",
            places in proptest::collection::vec((0..9_usize, 1..9_usize), 0..4),
        ) {
            let words = search_words(&text);
            let mut beginnings = Vec::new();
            if !words.is_empty() {
                for (word, length) in places {
                    beginnings.push(words[word % words.len()].chars().take(length).collect());
                }
            }
            prop_assert!(key_matches(&sort_key(&text), &beginnings));
        }

        #[test]
        fn words_stand_apart_in_their_order_and_are_found_again(text in "\\PC{0,60}") {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.range.start >= end && word.range.end > word.range.start);
                prop_assert!(text.get(word.range.clone()).is_some());
                prop_assert!(!word.folded.is_empty());
                prop_assert!(!word.folded.contains(' '));
                end = word.range.end;
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
