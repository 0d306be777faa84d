//! The mails that tell a customer what its partner did with their relationship. They say
//! who did it: Microsoft's own mail claims that the partner ended what the customer's
//! administrator had ended (docs/domain.md, Mail), which confuses readers.

use rules::{DisplayName, Language, PartnerType};

use crate::Rendered;
use crate::document::{Block, Span};
use crate::render::render;
use crate::template::{Facts, Template};
use crate::texts::{self, PartnerActedTexts, Texts};

/// The facts of a mail that tells what a partner did.
#[derive(Clone, Copy, Debug)]
pub struct PartnerActedMail<'a> {
    /// The language that it is written in.
    pub language: Language,
    /// Who reads it: a Global administrator of the customer.
    pub recipient_name: &'a DisplayName,
    /// The organization of whoever reads it.
    pub customer_name: &'a DisplayName,
    /// The organization that acted.
    pub partner_name: &'a DisplayName,
    /// Who acted, of the partner's staff.
    pub person: &'a DisplayName,
    /// The type of the relationship, as it is afterwards.
    pub partner_type: PartnerType,
    /// The absolute address of the partner's details.
    pub link: &'a str,
}

/// Writes the mail that tells that a partner gave up its admin roles.
#[must_use]
pub fn roles_given_up(mail: &PartnerActedMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    write(mail, texts, &texts.roles_given_up)
}

/// Writes the mail that tells that a partner ended the relationship.
#[must_use]
pub fn relationship_ended(mail: &PartnerActedMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    write(mail, texts, &texts.relationship_ended)
}

fn write(
    mail: &PartnerActedMail<'_>,
    texts: &'static Texts,
    words: &'static PartnerActedTexts,
) -> Rendered {
    let facts = Facts {
        recipient: mail.recipient_name.as_str(),
        customer: mail.customer_name.as_str(),
        partner: mail.partner_name.as_str(),
        person: mail.person.as_str(),
        ..Facts::default()
    };
    let fill = |template: Template| template.fill(&facts);
    let blocks = vec![
        Block::Title(fill(words.title)),
        Block::Paragraph(fill(words.greeting)),
        Block::Paragraph(fill(words.what_happened)),
        Block::Facts(vec![
            (texts.partner_label, Span::Value(facts.partner)),
            (texts.done_by_label, Span::Value(facts.person)),
            (texts.organization_label, Span::Value(facts.customer)),
            (texts.type_label, Span::Words((texts.partner_type)(mail.partner_type))),
        ]),
        Block::Heading(fill(words.meaning)),
        Block::Paragraph(fill(words.effect)),
        Block::Heading(fill(words.what_to_do)),
        Block::Paragraph(fill(words.advice)),
        Block::Link { label: words.link, by_hand: texts.link_by_hand, address: mail.link },
    ];
    render(texts, words.subject, &facts, blocks, words.why)
}
