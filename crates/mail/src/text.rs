//! The writer that turns a document into plain text.

use std::borrow::Cow;

use crate::document::{Block, Document, Line, Span};
use crate::texts;

/// The width of a line in columns (RFC 5322 advises at most 78 characters).
const COLUMNS: usize = 76;

/// Returns a document as plain text.
pub(crate) fn write(document: &Document<'_>) -> String {
    let mut writer = TextWriter { document, out: String::new() };
    for block in &document.blocks {
        writer.block(block);
    }
    writer.out.push_str(&"-".repeat(COLUMNS));
    writer.out.push('\n');
    writer.lines("", "", &writer.plain(&document.footer.0));
    writer.out.push('\n');
    writer.lines("", "", texts::ui::product(document.language));
    writer.out
}

struct TextWriter<'a> {
    document: &'a Document<'a>,
    out: String,
}

impl TextWriter<'_> {
    fn block(&mut self, block: &Block<'_>) {
        match block {
            Block::Title(Line(spans)) => self.heading(&self.plain(spans), "="),
            Block::Heading(Line(spans)) => self.heading(&self.plain(spans), "-"),
            Block::Paragraph(Line(spans)) => self.lines("", "", &self.plain(spans)),
            Block::Facts(facts) => {
                for (name, value) in facts {
                    let value = self.plain(std::slice::from_ref(value));
                    let colon = texts::mail::colon(self.document.language);
                    self.lines("", "  ", &format!("{name}{colon}{value}"));
                }
            }
            Block::List(items) => {
                for Line(spans) in items {
                    self.lines("- ", "  ", &self.plain(spans));
                }
            }
            Block::Steps(items) => {
                for (index, Line(spans)) in items.iter().enumerate() {
                    self.lines(&format!("{}. ", index + 1), "   ", &self.plain(spans));
                }
            }
            // Each line is marked, so that a message can't pass for Accord's own words.
            Block::Quote(text) => {
                for line in text.split('\n') {
                    self.lines("> ", "> ", line);
                }
            }
            Block::Link { label, address } => {
                let label = format!("{label}{}", texts::mail::colon(self.document.language));
                self.lines("", "", label.trim_end());
                // The link stays in one piece, whatever its length, and alone on its line.
                self.out.push_str(address);
                self.out.push('\n');
            }
        }
        // No blank line between a heading and its section.
        if !matches!(block, Block::Heading(_)) {
            self.out.push('\n');
        }
    }

    fn heading(&mut self, text: &str, underline: &str) {
        let from = self.out.len();
        self.lines("", "", text);
        let columns = self.out[from..].lines().map(columns).max().unwrap_or(0);
        self.out.push_str(&underline.repeat(columns.min(COLUMNS)));
        self.out.push('\n');
    }

    fn plain(&self, spans: &[Span<'_>]) -> String {
        let mut text = String::new();
        for span in spans {
            match span {
                Span::Words(words) => text.push_str(words),
                Span::Term(term) => text.push_str(term),
                Span::Value(value) => text.push_str(&isolate(value)),
                Span::Label(label) => {
                    text.push_str(texts::mail::opening_quote(self.document.language));
                    text.push_str(label);
                    text.push_str(texts::mail::closing_quote(self.document.language));
                }
            }
        }
        text
    }

    /// Writes a paragraph and wraps it. A single word that is wider than a line is not
    /// broken: half an address is useless.
    fn lines(&mut self, first: &str, next: &str, text: &str) {
        let mut width = columns(first);
        self.out.push_str(first);
        let mut is_line_empty = true;
        for piece in wrap_pieces(text) {
            let gap = usize::from(piece.after_space && !is_line_empty);
            let piece_columns = columns(piece.text);
            if !is_line_empty && width + gap + piece_columns > COLUMNS {
                self.end_line();
                self.out.push_str(next);
                width = columns(next);
            } else if gap == 1 {
                self.out.push(' ');
                width += 1;
            }
            self.out.push_str(piece.text);
            width += piece_columns;
            is_line_empty = false;
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(kept);
        self.out.push('\n');
    }
}

/// Isolates a text that holds right-to-left characters, so that it does not change the
/// direction of the punctuation and the digits around it. Any other text is returned
/// unchanged.
pub(crate) fn isolate(value: &str) -> Cow<'_, str> {
    let is_right_to_left = |character| {
        matches!(character,
            '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if value.chars().any(is_right_to_left) {
        Cow::Owned(format!("\u{2068}{value}\u{2069}"))
    } else {
        Cow::Borrowed(value)
    }
}

/// A run of text that stays on one line.
struct WrapPiece<'a> {
    text: &'a str,
    /// True after white space, which becomes a space unless the line ends there.
    after_space: bool,
}

/// Splits a text where a line may end: at white space, and between the characters of
/// scripts that are written without it.
fn wrap_pieces(text: &str) -> impl Iterator<Item = WrapPiece<'_>> {
    let words = text.split([' ', '\t', '\n', '\u{3000}']);
    words.filter(|word| !word.is_empty()).flat_map(|word| {
        let mut rest = word;
        let mut after_space = true;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let pairs = rest.char_indices().zip(rest.char_indices().skip(1));
            let end = pairs
                .filter(|((_, before), (_, after))| can_break_between(*before, *after))
                .map(|(_, (at, _))| at)
                .next()
                .unwrap_or(rest.len());
            let (text, tail) = rest.split_at(end);
            rest = tail;
            Some(WrapPiece { text, after_space: std::mem::take(&mut after_space) })
        })
    })
}

/// Returns true if a line may end between two characters without white space: next to a
/// wide one, but not before closing punctuation or a mark, nor after opening punctuation.
fn can_break_between(before: char, after: char) -> bool {
    const OPENS: &str = "（《〈「『【〔“‘([{<#$¥￥";
    const CLOSES: &str =
        "，。、；：？！）》〉」』】〕”’…—·,.;:?!)]}>%％～ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";
    let is_flag = |character| matches!(character, '\u{1f1e6}'..='\u{1f1ff}');
    (width(before) == 2 || width(after) == 2)
        && !is_attached(after)
        && !matches!(before, '\u{200d}' | '\u{2060}' | '\u{a0}' | '\u{202f}' | '\u{2068}')
        && !matches!(after, '\u{a0}' | '\u{202f}')
        && !OPENS.contains(before)
        && !CLOSES.contains(after)
        && !(is_flag(before) && is_flag(after))
}

/// Returns true if a character combines with the one before it and has no width.
pub(crate) fn is_attached(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{93e}'..='\u{94d}'
        | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{1160}'..='\u{11ff}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}' | '\u{2068}' | '\u{2069}' | '\u{20d0}'..='\u{20ff}'
        | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// Returns the width of a character in columns: two for the wide ones of East Asia and
/// for emoji (Unicode Standard Annex 11).
fn width(character: char) -> usize {
    match character {
        _ if is_attached(character) => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{16fe0}'..='\u{1b2ff}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Returns the width of a text in columns.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use rules::Language;

    fn wrap(text: &str) -> String {
        let document = Document {
            language: Language::English,
            subject: String::new(),
            blocks: Vec::new(),
            footer: Line(Vec::new()),
        };
        let mut writer = TextWriter { document: &document, out: String::new() };
        writer.lines("", "", text);
        writer.out
    }

    #[test]
    fn lines_end_between_words() {
        let text = "word ".repeat(16);
        assert_eq!(wrap(&text), format!("{}\nword\n", "word ".repeat(15).trim_end()));
    }

    #[test]
    fn wide_characters_count_twice_and_no_line_begins_with_a_full_stop() {
        let text = format!("{}。好", "字".repeat(38));
        assert_eq!(wrap(&text), format!("{}\n字。好\n", "字".repeat(37)));
    }

    #[test]
    fn a_word_wider_than_a_line_is_not_broken() {
        let address = format!("https://contoso.example/{}", "x".repeat(100));
        assert_eq!(wrap(&format!("See {address} .")), format!("See\n{address}\n.\n"));
    }

    #[test]
    fn only_right_to_left_text_is_isolated() {
        assert_eq!(isolate("Contoso 合同"), "Contoso 合同");
        assert_eq!(isolate("شركة"), "\u{2068}شركة\u{2069}");
    }

    proptest! {
        #[test]
        fn wrapping_changes_only_white_space(text in "[\\PC\n\t]{0,400}") {
            let bare = |text: &str| text.replace([' ', '\t', '\n', '\u{3000}'], "");
            prop_assert_eq!(bare(&wrap(&text)), bare(&text));
        }

        #[test]
        fn no_line_is_wider_than_its_longest_word_or_the_limit(text in "([a-zé字，。“”（）\u{1f600}]{1,12} ?){0,60}") {
            for line in wrap(&text).lines() {
                let longest = wrap_pieces(line).map(|piece| columns(piece.text)).max().unwrap_or(0);
                prop_assert!(columns(line) <= COLUMNS.max(longest), "{line}");
            }
        }
    }
}
