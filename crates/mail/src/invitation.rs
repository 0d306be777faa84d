//! The mail in which a partner asks to work with an organization.

use rules::{
    AdminRole, Cloud, DisplayName, DomainName, Language, Note, OfferKind, PartnerId, PartnerType,
    Timestamp,
};

use crate::Rendered;
use crate::date::Date;
use crate::document::{Block, Span};
use crate::render::render;
use crate::template::{Facts, Template};
use crate::texts::{self, Texts};

/// The facts of an invitation's mail.
#[derive(Clone, Copy, Debug)]
pub struct InvitationMail<'a> {
    /// The language that it is written in.
    pub language: Language,
    /// Who reads it.
    pub recipient_name: &'a DisplayName,
    /// The organization that is asked.
    pub customer_name: &'a DisplayName,
    /// The cloud of the organization that is asked: in 21Vianet the page is answered
    /// with other words (docs/domain.md, Clouds).
    pub cloud: Cloud,
    /// The organization that asks.
    pub partner_name: &'a DisplayName,
    /// The domain of the organization that asks.
    pub partner_domain: &'a DomainName,
    /// Its Microsoft Partner ID.
    pub partner_id: &'a PartnerId,
    /// The type of relationship that it asks for.
    pub partner_type: PartnerType,
    /// The admin roles that it asks for.
    pub admin_roles: &'a [AdminRole],
    /// The invitation's short code. The page shows the same, so that people can compare.
    pub code: &'a str,
    /// What it has to say itself.
    pub message: Option<&'a Note>,
    /// The terms under which it works, in its own words; in 21Vianet alone.
    pub terms: Option<&'a Note>,
    /// What it offers to begin with; in 21Vianet alone.
    pub offer: Option<OfferLine<'a>>,
    /// The absolute address of the page on which the invitation is reviewed.
    pub link: &'a str,
    /// From when on the invitation can't be accepted any more.
    pub expires: Timestamp,
}

/// The trial or purchase that comes with an invitation.
#[derive(Clone, Copy, Debug)]
pub struct OfferLine<'a> {
    /// Whether it is a trial or a purchase.
    pub kind: OfferKind,
    /// What is offered.
    pub product: &'a DisplayName,
    /// How many licenses.
    pub quantity: u32,
}

/// Writes the mail of an invitation.
#[must_use]
pub fn invitation(mail: &InvitationMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    let expires = (texts.date)(&Date::of(mail.expires));
    let quantity = mail.offer.map(|offer| texts.number(offer.quantity)).unwrap_or_default();
    let facts = Facts {
        recipient: mail.recipient_name.as_str(),
        customer: mail.customer_name.as_str(),
        partner: mail.partner_name.as_str(),
        code: mail.code,
        expires: &expires,
        ..Facts::default()
    };
    let words = &texts.invitation;
    let blocks = blocks(mail, texts, &facts, &quantity);
    render(texts, words.subject, &facts, blocks, words.why)
}

fn blocks<'a>(
    mail: &InvitationMail<'a>,
    texts: &'static Texts,
    facts: &Facts<'a>,
    quantity: &'a str,
) -> Vec<Block<'a>> {
    let words = &texts.invitation;
    let fill = |template: Template| template.fill(facts);
    let heading = |template| Block::Heading(fill(template));
    let paragraph = |template| Block::Paragraph(fill(template));
    // What is said of a term, in a list.
    let said = |term: &'static str, template: Template| {
        let mut line = vec![Span::Term(term), Span::Words(texts.colon)];
        line.extend(fill(template));
        line
    };

    let mut blocks = vec![
        Block::Title(fill(words.title)),
        paragraph(words.greeting),
        paragraph(words.introduction),
        heading(words.request),
        Block::Facts(vec![
            (texts.partner_label, Span::Value(facts.partner)),
            (texts.domain_label, Span::Value(mail.partner_domain.as_str())),
            (texts.partner_id_label, Span::Value(mail.partner_id.as_str())),
            (texts.customer_label, Span::Value(facts.customer)),
            (texts.type_label, Span::Words((texts.partner_type)(mail.partner_type))),
            (words.code_label, Span::Term(facts.code)),
            (words.expires_label, Span::Words(facts.expires)),
        ]),
        heading(words.trust),
        Block::List(vec![
            said(words.verified_label, words.verified),
            said(words.not_verified_label, words.not_verified),
        ]),
        paragraph(words.compare),
        heading(words.capabilities),
        paragraph(words.capabilities_follow),
        texts.capabilities(mail.partner_type),
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

    if let Some(offer) = mail.offer {
        let kind = match offer.kind {
            OfferKind::Trial => words.trial,
            OfferKind::Purchase => words.purchase,
        };
        blocks.extend([
            heading(words.offer),
            Block::Facts(vec![
                (words.offer_label, Span::Words(kind)),
                (words.product_label, Span::Value(offer.product.as_str())),
                (words.quantity_label, Span::Words(quantity)),
            ]),
            paragraph(words.offer_waits),
        ]);
    }

    if let Some(terms) = mail.terms {
        blocks.extend([
            heading(words.terms),
            paragraph(words.terms_follow),
            Block::Quote(terms.as_str()),
        ]);
    }

    if let Some(message) = mail.message {
        blocks.extend([
            heading(words.message),
            paragraph(words.message_follows),
            Block::Quote(message.as_str()),
        ]);
    }

    let in_21vianet = mail.cloud == Cloud::Vianet21;
    let mut steps: Vec<_> = words.steps.map(fill).into();
    if in_21vianet {
        // The page asks for this once somebody is signed in, and for the agreement then.
        steps.insert(2, fill(words.authorize_in_21vianet));
    }
    blocks.extend([
        heading(words.what_to_do),
        Block::Steps(steps),
        Block::Link { label: words.link, by_hand: texts.link_by_hand, address: mail.link },
        paragraph(words.nothing_yet),
        heading(words.decline),
        paragraph(match (in_21vianet, mail.admin_roles.is_empty()) {
            (true, _) => words.decline_in_21vianet,
            (false, true) => words.decline_relationship,
            (false, false) => words.decline_roles,
        }),
        heading(words.unknown),
        paragraph(words.unknown_do),
        paragraph(words.unknown_verify),
    ]);
    blocks
}
