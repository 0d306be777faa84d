//! The mails about an enquiry: to the partner that is asked, and to the customer whose
//! enquiry was declined.

use rules::{DisplayName, Language, Note, Timestamp};

use crate::date::Date;
use crate::document::{Block, Span};
use crate::render::render;
use crate::template::{Facts, Template};
use crate::{Rendered, texts};

/// The facts of the mail that tells a partner of an enquiry.
#[derive(Clone, Copy, Debug)]
pub struct EnquiryReceivedMail<'a> {
    /// The language that it is written in.
    pub language: Language,
    /// The organization that is asked; its contact address gets the mail.
    pub partner_name: &'a DisplayName,
    /// The organization that asks.
    pub customer_name: &'a DisplayName,
    /// Whom the partner answers.
    pub contact_name: &'a DisplayName,
    /// What the customer needs, in its own words.
    pub needs: &'a Note,
    /// The absolute address of the enquiry's page.
    pub link: &'a str,
    /// From when on the enquiry can't be answered any more.
    pub expires: Timestamp,
}

/// Writes the mail that tells a partner of an enquiry.
///
/// The contact's address and telephone number are not in it: the customer consented to
/// share them with the partner, not with whoever reads the partner's mail.
#[must_use]
pub fn enquiry_received(mail: &EnquiryReceivedMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    let words = &texts.enquiry_received;
    let expires = (texts.date)(&Date::of(mail.expires));
    let facts = Facts {
        customer: mail.customer_name.as_str(),
        partner: mail.partner_name.as_str(),
        person: mail.contact_name.as_str(),
        expires: &expires,
        ..Facts::default()
    };
    let fill = |template: Template| template.fill(&facts);
    let blocks = vec![
        Block::Title(fill(words.title)),
        Block::Paragraph(fill(words.greeting)),
        Block::Paragraph(fill(words.introduction)),
        Block::Facts(vec![
            (texts.organization_label, Span::Value(facts.customer)),
            (words.contact_label, Span::Value(facts.person)),
            (words.expires_label, Span::Words(facts.expires)),
        ]),
        Block::Heading(fill(words.needs)),
        Block::Paragraph(fill(words.needs_follow)),
        Block::Quote(mail.needs.as_str()),
        Block::Heading(fill(words.what_to_do)),
        Block::Paragraph(fill(words.answer)),
        Block::Link { label: words.link, by_hand: texts.link_by_hand, address: mail.link },
    ];
    render(texts, words.subject, &facts, blocks, words.why)
}

/// The facts of the mail that tells a customer that a partner declined.
#[derive(Clone, Copy, Debug)]
pub struct EnquiryDeclinedMail<'a> {
    /// The language that it is written in.
    pub language: Language,
    /// Who reads it: the contact that the enquiry named.
    pub recipient_name: &'a DisplayName,
    /// The organization that asked.
    pub customer_name: &'a DisplayName,
    /// The organization that was asked.
    pub partner_name: &'a DisplayName,
    /// Why it declined, in its own words.
    pub reason: &'a Note,
    /// The absolute address of **Find a partner**.
    pub link: &'a str,
}

/// Writes the mail that tells a customer that a partner declined, and where others are.
#[must_use]
pub fn enquiry_declined(mail: &EnquiryDeclinedMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    let words = &texts.enquiry_declined;
    let facts = Facts {
        recipient: mail.recipient_name.as_str(),
        customer: mail.customer_name.as_str(),
        partner: mail.partner_name.as_str(),
        ..Facts::default()
    };
    let fill = |template: Template| template.fill(&facts);
    let blocks = vec![
        Block::Title(fill(words.title)),
        Block::Paragraph(fill(words.greeting)),
        Block::Paragraph(fill(words.introduction)),
        Block::Heading(fill(words.reason)),
        Block::Paragraph(fill(words.reason_follows)),
        Block::Quote(mail.reason.as_str()),
        Block::Heading(fill(words.what_to_do)),
        Block::Paragraph(fill(words.ask_others)),
        Block::Link { label: words.link, by_hand: texts.link_by_hand, address: mail.link },
    ];
    render(texts, words.subject, &facts, blocks, words.why)
}
