//! The mails that tell a customer of a change that its partner made to their
//! relationship. They name the person who made it: Microsoft's own mail says that the
//! partner ended a relationship even if the customer's administrator did. See
//! docs/domain.md, Mail.

use rules::{DisplayName, Language, PartnerType};

use crate::MailMessage;
use crate::document::{Block, Line, Span};
use crate::render::{MailContent, render};
use crate::texts::{self, mail as t, partner_invitation as page};

/// The facts of a mail that tells of a partner's action.
#[derive(Clone, Copy, Debug)]
pub struct PartnerActedMail<'a> {
    /// The language of the mail.
    pub language: Language,
    /// The person who gets the mail: a Global administrator of the customer.
    pub recipient_name: &'a DisplayName,
    /// The recipient's organization.
    pub customer_name: &'a DisplayName,
    /// The organization that acted.
    pub partner_name: &'a DisplayName,
    /// The person who acted, of the partner's staff.
    pub person: &'a DisplayName,
    /// The type of the relationship after the change.
    pub partner_type: PartnerType,
    /// The absolute address of the partner's details.
    pub link: &'a str,
}

/// Renders the mail that tells that a partner gave up its admin roles.
#[must_use]
pub fn render_roles_given_up(mail: &PartnerActedMail<'_>) -> MailMessage {
    let PartnerActedSpans { language, customer, partner, person } = spans(mail);
    let lines = PartnerActedLines {
        title: t::roles_given_up_title(language, &partner),
        what_happened: t::roles_given_up_what_happened(language, &customer, &partner, &person),
        effect: t::roles_given_up_effect(language, &partner),
        advice: t::roles_given_up_advice(language).into(),
    };
    render(content(mail, t::roles_given_up_subject, lines))
}

/// Renders the mail that tells that a partner ended the relationship.
#[must_use]
pub fn render_relationship_ended(mail: &PartnerActedMail<'_>) -> MailMessage {
    let PartnerActedSpans { language, customer, partner, person } = spans(mail);
    let lines = PartnerActedLines {
        title: t::relationship_ended_title(language, &partner),
        what_happened: t::relationship_ended_what_happened(language, &customer, &partner, &person),
        effect: t::relationship_ended_effect(language, &partner),
        advice: t::relationship_ended_advice(language),
    };
    render(content(mail, t::relationship_ended_subject, lines))
}

/// The arguments of the texts.
struct PartnerActedSpans<'a> {
    language: Language,
    customer: Span<'a>,
    partner: Span<'a>,
    person: Span<'a>,
}

fn spans<'a>(mail: &PartnerActedMail<'a>) -> PartnerActedSpans<'a> {
    PartnerActedSpans {
        language: mail.language,
        customer: Span::Value(mail.customer_name.as_str()),
        partner: Span::Value(mail.partner_name.as_str()),
        person: Span::Value(mail.person.as_str()),
    }
}

/// The lines in which the mails differ.
struct PartnerActedLines<'a> {
    title: Line<'a>,
    what_happened: Line<'a>,
    effect: Line<'a>,
    advice: Line<'a>,
}

fn content<'a>(
    mail: &PartnerActedMail<'a>,
    subject: for<'n> fn(Language, &Span<'n>, &Span<'n>) -> Line<'n>,
    lines: PartnerActedLines<'a>,
) -> MailContent<'a> {
    let PartnerActedSpans { language, customer, partner, person } = spans(mail);
    let recipient = Span::Value(mail.recipient_name.as_str());
    let partner_type = texts::partner_type(language, mail.partner_type);
    let footer = t::partner_acted_why(language, &customer, &recipient);
    let blocks = vec![
        Block::Title(lines.title),
        Block::paragraph(t::greeting(language, &recipient)),
        Block::Paragraph(lines.what_happened),
        Block::Facts(vec![
            (page::partner(language), partner),
            (t::done_by(language), person),
            (t::organization(language), customer),
            (page::kind(language), Span::words(partner_type)),
        ]),
        Block::heading(t::what_this_means(language)),
        Block::Paragraph(lines.effect),
        Block::heading(t::what_you_can_do(language)),
        Block::Paragraph(lines.advice),
        Block::Link { label: t::partner_details_link(language), address: mail.link },
    ];
    MailContent {
        language,
        customer_name: mail.customer_name,
        partner_name: mail.partner_name,
        subject,
        blocks,
        footer,
    }
}
