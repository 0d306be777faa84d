//! The parts that every mail has: its subject, its texts and its footer.

use rules::{DisplayName, Language};

use crate::document::{Block, Document, Line, Span};
use crate::{MailMessage, html, text};

/// The largest number of characters of the partner's name in a subject.
const PARTNER_MAX: usize = 60;
/// The largest number of characters of the customer's name in a subject.
const CUSTOMER_MAX: usize = 40;

/// A mail's content, before it is rendered.
pub(crate) struct MailContent<'a> {
    pub(crate) language: Language,
    pub(crate) customer_name: &'a DisplayName,
    pub(crate) partner_name: &'a DisplayName,
    /// The text of the subject, which names the customer and the partner.
    pub(crate) subject: for<'n> fn(Language, &Span<'n>, &Span<'n>) -> Line<'n>,
    pub(crate) blocks: Vec<Block<'a>>,
    pub(crate) footer: Line<'a>,
}

/// Renders a mail as text and as HTML.
pub(crate) fn render(content: MailContent<'_>) -> MailMessage {
    let document = Document {
        language: content.language,
        subject: subject(&content),
        blocks: content.blocks,
        footer: content.footer,
    };
    MailMessage {
        text: text::write(&document),
        html: html::write(&document),
        subject: document.subject,
    }
}

/// Returns the subject: one line, in which long names are shortened.
fn subject(content: &MailContent<'_>) -> String {
    let customer = shorten(content.customer_name.as_str(), CUSTOMER_MAX);
    let partner = shorten(content.partner_name.as_str(), PARTNER_MAX);
    let line = (content.subject)(content.language, &Span::Value(&customer), &Span::Value(&partner));
    let plain = |span: &Span<'_>| match span {
        Span::Words(words) => words.to_string(),
        Span::Value(value) => text::isolate(value).into_owned(),
        Span::Label(words) | Span::Term(words) => (*words).to_owned(),
    };
    line.0.iter().map(plain).collect()
}

/// Returns a name of at most `max` characters. A name that is cut ends in an ellipsis,
/// and never between a letter and its accents.
fn shorten(name: &str, max: usize) -> String {
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= max {
        return name.to_owned();
    }
    let mut end = max - 1;
    while end > 1
        && (text::is_attached(characters[end]) || matches!(characters[end - 1], '\u{200d}'))
    {
        end -= 1;
    }
    let kept: String = characters[..end].iter().collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_after_a_whole_letter() {
        assert_eq!(shorten("Contoso", 7), "Contoso");
        assert_eq!(shorten("Contoso Ltd", 9), "Contoso…");
        assert_eq!(shorten("abce\u{301}\u{327}fg", 6), "abc…");
        assert_eq!(shorten("合作伙伴有限公司", 5), "合作伙伴…");
    }
}
