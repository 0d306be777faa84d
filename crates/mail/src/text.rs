//! Writes a document as plain text.

use std::borrow::Cow;

use crate::document::{Block, Document, Span};

/// The most columns of a line (RFC 5322 advises 78 with the line's end).
const COLUMNS: usize = 76;

/// The text part.
pub(crate) fn write(document: &Document<'_>) -> String {
    let mut writer = Writer { document, out: String::new() };
    for block in &document.blocks {
        writer.block(block);
    }
    writer.out.push_str(&"-".repeat(COLUMNS));
    writer.out.push('\n');
    writer.lines("", "", &writer.plain(&document.footer));
    writer.out.push('\n');
    writer.lines("", "", document.brand);
    writer.out
}

struct Writer<'a> {
    document: &'a Document<'a>,
    out: String,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block<'_>) {
        match block {
            Block::Title(spans) => self.heading(&self.plain(spans), "="),
            Block::Heading(spans) => self.heading(&self.plain(spans), "-"),
            Block::Paragraph(spans) => self.lines("", "", &self.plain(spans)),
            Block::Facts(facts) => {
                for (name, value) in facts {
                    let value = self.plain(std::slice::from_ref(value));
                    self.lines("", "  ", &format!("{name}{}{value}", self.document.colon));
                }
            }
            Block::List(items) => {
                for item in items {
                    self.lines("- ", "  ", &self.plain(item));
                }
            }
            Block::Steps(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.lines(&format!("{}. ", index + 1), "   ", &self.plain(item));
                }
            }
            // Each line carries a mark, so that no message can pass for our own words.
            Block::Quote(text) => {
                for line in text.split('\n') {
                    self.lines("> ", "> ", line);
                }
            }
            Block::Link { label, address, .. } => {
                let label = format!("{label}{}", self.document.colon);
                self.lines("", "", label.trim_end());
                // The link stays whole, whatever its length, and alone on its line.
                self.out.push_str(address);
                self.out.push('\n');
            }
        }
        // A section's heading stands close to what it heads.
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
                Span::Words(words) | Span::Term(words) => text.push_str(words),
                Span::Value(value) => text.push_str(&isolated(value)),
                Span::Label(label) => {
                    let (open, close) = self.document.quotes;
                    text.push_str(open);
                    text.push_str(label);
                    text.push_str(close);
                }
            }
        }
        text
    }

    /// Writes a paragraph in lines, each as full as it gets. A single word that is
    /// wider than a line stays whole: half an address is of no use to anyone.
    fn lines(&mut self, first: &str, next: &str, text: &str) {
        let mut width = columns(first);
        self.out.push_str(first);
        let mut fresh = true;
        for piece in pieces(text) {
            let gap = usize::from(piece.after_space && !fresh);
            let piece_columns = columns(piece.text);
            if !fresh && width + gap + piece_columns > COLUMNS {
                self.end_line();
                self.out.push_str(next);
                width = columns(next);
            } else if gap == 1 {
                self.out.push(' ');
                width += 1;
            }
            self.out.push_str(piece.text);
            width += piece_columns;
            fresh = false;
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(kept);
        self.out.push('\n');
    }
}

/// Text that runs from right to left is isolated, so that it does not turn the
/// punctuation and the digits around it. Other text needs no invisible signs.
pub(crate) fn isolated(value: &str) -> Cow<'_, str> {
    let from_the_right = |character| {
        matches!(character,
            '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if value.chars().any(from_the_right) {
        Cow::Owned(format!("\u{2068}{value}\u{2069}"))
    } else {
        Cow::Borrowed(value)
    }
}

/// A run of text that stays on one line.
struct Piece<'a> {
    text: &'a str,
    /// Whether white space stood before it, which is a blank unless the line ends there.
    after_space: bool,
}

/// The runs between which a line may end: at white space, and between the signs of
/// scripts that are written without any.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
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
                .filter(|((_, before), (_, after))| may_part(*before, *after))
                .map(|(_, (at, _))| at)
                .next()
                .unwrap_or(rest.len());
            let (text, tail) = rest.split_at(end);
            rest = tail;
            Some(Piece { text, after_space: std::mem::take(&mut after_space) })
        })
    })
}

/// Whether a line may end between two signs without white space: beside a wide one,
/// but not before what closes or belongs to it, nor after what opens.
fn may_part(before: char, after: char) -> bool {
    const OPENS: &str = "（《〈「『【〔“‘([{<#$¥￥";
    const CLOSES: &str =
        "，。、；：？！）》〉」』】〕”’…—·,.;:?!)]}>%％～ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";
    let flag = |character| matches!(character, '\u{1f1e6}'..='\u{1f1ff}');
    (width(before) == 2 || width(after) == 2)
        && !attached(after)
        && !matches!(before, '\u{200d}' | '\u{2060}' | '\u{a0}' | '\u{202f}' | '\u{2068}')
        && !matches!(after, '\u{a0}' | '\u{202f}')
        && !OPENS.contains(before)
        && !CLOSES.contains(after)
        && !(flag(before) && flag(after))
}

/// Whether a sign belongs to the one before it and takes no room of its own.
pub(crate) fn attached(character: char) -> bool {
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

/// The columns that a sign takes: two for the wide ones of East Asia and for pictures
/// (Unicode Standard Annex 11).
fn width(character: char) -> usize {
    match character {
        _ if attached(character) => 0,
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

/// The columns that a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use rules::Language;

    fn wrapped(text: &str) -> String {
        let document = Document {
            language: Language::English,
            quotes: ("“", "”"),
            colon: ": ",
            brand: "",
            subject: String::new(),
            blocks: Vec::new(),
            footer: Vec::new(),
        };
        let mut writer = Writer { document: &document, out: String::new() };
        writer.lines("", "", text);
        writer.out
    }

    #[test]
    fn lines_end_between_words() {
        let text = "word ".repeat(16);
        assert_eq!(wrapped(&text), format!("{}\nword\n", "word ".repeat(15).trim_end()));
    }

    #[test]
    fn wide_signs_count_twice_and_no_line_begins_with_a_stop() {
        let text = format!("{}。好", "字".repeat(38));
        assert_eq!(wrapped(&text), format!("{}\n字。好\n", "字".repeat(37)));
    }

    #[test]
    fn a_word_wider_than_a_line_stays_whole() {
        let address = format!("https://contoso.example/{}", "x".repeat(100));
        assert_eq!(wrapped(&format!("See {address} .")), format!("See\n{address}\n.\n"));
    }

    #[test]
    fn text_from_the_right_is_isolated_and_no_other() {
        assert_eq!(isolated("Contoso 合同"), "Contoso 合同");
        assert_eq!(isolated("شركة"), "\u{2068}شركة\u{2069}");
    }

    proptest! {
        #[test]
        fn wrapping_changes_nothing_but_white_space(text in "[\\PC\n\t]{0,400}") {
            let bare = |text: &str| text.replace([' ', '\t', '\n', '\u{3000}'], "");
            prop_assert_eq!(bare(&wrapped(&text)), bare(&text));
        }

        #[test]
        fn words_of_any_width_fill_lines_and_no_more(text in "([a-zé字，。“”（）\u{1f600}]{1,12} ?){0,60}") {
            for line in wrapped(&text).lines() {
                let longest = pieces(line).map(|piece| columns(piece.text)).max().unwrap_or(0);
                prop_assert!(columns(line) <= COLUMNS.max(longest), "{line}");
            }
        }
    }
}
