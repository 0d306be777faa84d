//! What every mail has in common: its subject, and its way to text and HTML.

use crate::document::{Block, Document, Span};
use crate::template::{Facts, Template};
use crate::texts::Texts;
use crate::{Rendered, html, text};

/// The most characters of the partner's name in a subject.
const PARTNER: usize = 60;
/// The most characters of the customer's name in a subject.
const CUSTOMER: usize = 40;

/// A mail of these parts.
pub(crate) fn render(
    texts: &Texts,
    subject: Template,
    facts: &Facts<'_>,
    blocks: Vec<Block<'_>>,
    why: Template,
) -> Rendered {
    let document = Document {
        language: texts.language,
        quotes: texts.quotes,
        colon: texts.colon,
        brand: texts.brand,
        subject: self::subject(subject, facts),
        blocks,
        footer: why.fill(facts),
    };
    Rendered {
        text: text::write(&document),
        html: html::write(&document),
        subject: document.subject,
    }
}

/// The subject: one line, on which long names are cut. Of the facts it may name the
/// partner and the customer.
fn subject(template: Template, facts: &Facts<'_>) -> String {
    let partner = shortened(facts.partner, PARTNER);
    let customer = shortened(facts.customer, CUSTOMER);
    let facts = Facts { customer: &customer, partner: &partner, ..Facts::default() };
    template
        .fill(&facts)
        .iter()
        .map(|span| match span {
            Span::Value(value) => text::isolated(value),
            Span::Words(words) | Span::Label(words) | Span::Term(words) => (*words).into(),
        })
        .collect()
}

/// A name of at most so many characters. One that is cut ends in an ellipsis, and
/// not between a letter and its accents.
fn shortened(name: &str, max: usize) -> String {
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= max {
        return name.to_owned();
    }
    let mut end = max - 1;
    while end > 1 && (text::attached(characters[end]) || matches!(characters[end - 1], '\u{200d}'))
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
    fn a_long_name_is_cut_where_a_letter_ends() {
        assert_eq!(shortened("Contoso", 7), "Contoso");
        assert_eq!(shortened("Contoso Ltd", 9), "Contoso…");
        assert_eq!(shortened("abce\u{301}\u{327}fg", 6), "abc…");
        assert_eq!(shortened("合作伙伴有限公司", 5), "合作伙伴…");
    }
}
