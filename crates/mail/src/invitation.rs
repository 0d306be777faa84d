//! The mail in which a partner asks to work with an organisation.

use rules::{
    AdminRole, DisplayName, DomainName, Language, Note, PartnerId, PartnerType, Timestamp,
};

use crate::date::Date;
use crate::document::{Block, Document, Span};
use crate::template::{Facts, Template};
use crate::texts::{self, Texts};
use crate::{Rendered, html, text};

/// The facts of an invitation's mail.
#[derive(Clone, Copy, Debug)]
pub struct InvitationMail<'a> {
    /// The language that it is written in.
    pub language: Language,
    /// Who reads it.
    pub recipient_name: &'a DisplayName,
    /// The organisation that is asked.
    pub customer_name: &'a DisplayName,
    /// The organisation that asks.
    pub partner_name: &'a DisplayName,
    /// The domain of the organisation that asks.
    pub partner_domain: &'a DomainName,
    /// Its Microsoft Partner ID.
    pub partner_id: &'a PartnerId,
    /// The type of relationship that it asks for.
    pub partner_type: PartnerType,
    /// The admin roles that it asks for.
    pub admin_roles: &'a [AdminRole],
    /// What it has to say itself.
    pub message: Option<&'a Note>,
    /// The absolute address of the page on which the invitation is reviewed.
    pub link: &'a str,
    /// From when on the invitation can't be accepted any more.
    pub expires: Timestamp,
}

/// Writes the mail of an invitation.
#[must_use]
pub fn invitation(mail: &InvitationMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    let expires = (texts.date)(&Date::of(mail.expires));
    let facts = Facts {
        recipient: mail.recipient_name.as_str(),
        customer: mail.customer_name.as_str(),
        partner: mail.partner_name.as_str(),
        expires: &expires,
    };
    let document = Document {
        language: mail.language,
        quotes: texts.quotes,
        colon: texts.colon,
        brand: texts.brand,
        subject: subject(mail, texts.invitation.subject),
        blocks: blocks(mail, texts, &facts),
        footer: texts.invitation.why.fill(&facts),
    };
    Rendered {
        text: text::write(&document),
        html: html::write(&document),
        subject: document.subject,
    }
}

fn blocks<'a>(
    mail: &InvitationMail<'a>,
    texts: &'static Texts,
    facts: &Facts<'a>,
) -> Vec<Block<'a>> {
    let words = &texts.invitation;
    let fill = |template: Template| template.fill(facts);
    let heading = |template| Block::Heading(fill(template));
    let paragraph = |template| Block::Paragraph(fill(template));

    let mut blocks = vec![
        Block::Title(fill(words.title)),
        paragraph(words.greeting),
        paragraph(words.introduction),
        heading(words.request),
        Block::Facts(vec![
            (words.partner_label, Span::Value(facts.partner)),
            (words.domain_label, Span::Value(mail.partner_domain.as_str())),
            (words.partner_id_label, Span::Value(mail.partner_id.as_str())),
            (words.customer_label, Span::Value(facts.customer)),
            (words.type_label, Span::Words((texts.partner_type)(mail.partner_type))),
            (words.expires_label, Span::Words(facts.expires)),
        ]),
        heading(words.capabilities),
        paragraph(words.capabilities_follow),
        Block::List(
            mail.partner_type
                .capabilities()
                .iter()
                .map(|capability| vec![Span::Words((texts.capability)(*capability))])
                .collect(),
        ),
        heading(words.roles),
    ];

    if mail.admin_roles.is_empty() {
        blocks.push(paragraph(words.no_roles));
    } else {
        let role = |role: &AdminRole| {
            vec![
                Span::Term((texts.admin_role)(*role)),
                Span::Words(texts.colon),
                Span::Words((texts.admin_role_allows)(*role)),
            ]
        };
        blocks.extend([
            paragraph(words.roles_follow),
            Block::List(mail.admin_roles.iter().map(role).collect()),
            paragraph(words.roles_end),
        ]);
    }

    if let Some(message) = mail.message {
        blocks.extend([
            heading(words.message),
            paragraph(words.message_follows),
            Block::Quote(message.as_str()),
        ]);
    }

    blocks.extend([
        heading(words.what_to_do),
        Block::Steps(words.steps.map(fill).into()),
        Block::Link { label: words.link, by_hand: words.link_by_hand, address: mail.link },
        paragraph(words.nothing_yet),
        heading(words.decline),
        paragraph(if mail.admin_roles.is_empty() {
            words.decline_relationship
        } else {
            words.decline_roles
        }),
        heading(words.unknown),
        paragraph(words.unknown_do),
        paragraph(words.unknown_verify),
    ]);
    blocks
}

/// The most characters of the partner's name in the subject.
const PARTNER: usize = 60;
/// The most characters of the customer's name in the subject.
const CUSTOMER: usize = 40;

fn subject(mail: &InvitationMail<'_>, template: Template) -> String {
    let partner = shortened(mail.partner_name.as_str(), PARTNER);
    let customer = shortened(mail.customer_name.as_str(), CUSTOMER);
    let facts = Facts { recipient: "", customer: &customer, partner: &partner, expires: "" };
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
