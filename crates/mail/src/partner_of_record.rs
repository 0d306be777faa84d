//! The mails that tell a partner that it became the partner of record of subscriptions, or
//! ceased to be it: only the customer sets it, so no one else can tell it (docs/domain.md,
//! Partner of record).

use rules::{DisplayName, DomainName, Language, PartnerId};

use crate::Rendered;
use crate::document::{Block, Span};
use crate::render::render;
use crate::template::{Facts, Template};
use crate::texts::{self, PartnerOfRecordChangeTexts, Texts};

/// The most subscriptions that a mail lists where it leaves some out. The page has them all.
const LISTED: usize = 20;

/// The facts of a mail that tells a partner what a customer did.
#[derive(Clone, Copy, Debug)]
pub struct PartnerOfRecordMail<'a> {
    /// The language that it is written in.
    pub language: Language,
    /// The partner; its contact address gets the mail.
    pub partner_name: &'a DisplayName,
    /// The Microsoft Partner ID that was set or removed: a partner has one for each of its
    /// locations.
    pub partner_id: &'a PartnerId,
    /// The customer.
    pub customer_name: &'a DisplayName,
    /// The customer's domain: its name alone doesn't say which organization it is.
    pub customer_domain: &'a DomainName,
    /// The subscriptions that it is about, all of them, in the order in which they are told.
    pub subscriptions: &'a [SubscriptionLine<'a>],
    /// Who did it, of the customer's people.
    pub person: &'a DisplayName,
    /// The absolute address of the customer's details, where the partner has such a page.
    pub link: Option<&'a str>,
}

/// One of the subscriptions that a mail is about.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionLine<'a> {
    /// What is subscribed to.
    pub product: &'a DisplayName,
    /// How many licenses.
    pub quantity: u32,
}

/// Writes the mail that tells a partner that it is the partner of record now.
#[must_use]
pub fn partner_of_record_added(mail: &PartnerOfRecordMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    write(mail, texts, &texts.partner_of_record.added)
}

/// Writes the mail that tells a partner that it is the partner of record no longer. Whether
/// another partner is instead is not its business.
#[must_use]
pub fn partner_of_record_removed(mail: &PartnerOfRecordMail<'_>) -> Rendered {
    let texts = texts::of(mail.language);
    write(mail, texts, &texts.partner_of_record.removed)
}

fn write(
    mail: &PartnerOfRecordMail<'_>,
    texts: &'static Texts,
    change: &'static PartnerOfRecordChangeTexts,
) -> Rendered {
    let words = &texts.partner_of_record;
    let total = mail.subscriptions.len();
    // A line that left out a single one would take the room of naming it.
    let (listed, left_out) = if total > LISTED + 1 { (LISTED, total - LISTED) } else { (total, 0) };
    let listed = mail.subscriptions.iter().take(listed);
    let licenses: Vec<_> = listed.clone().map(|one| texts.licenses(one.quantity)).collect();
    let count = texts.number(u32::try_from(left_out).unwrap_or(u32::MAX));
    let facts = Facts {
        customer: mail.customer_name.as_str(),
        partner: mail.partner_name.as_str(),
        person: mail.person.as_str(),
        count: &count,
        ..Facts::default()
    };
    let fill = |template: Template| template.fill(&facts);
    let mut subscriptions = Vec::new();
    for (one, licenses) in listed.zip(&licenses) {
        let product = Span::Value(one.product.as_str());
        subscriptions.push(vec![product, Span::Words(texts.colon), Span::Words(licenses)]);
    }
    if left_out > 0 {
        subscriptions.push(fill(words.more));
    }
    let mut blocks = vec![
        Block::Title(fill(change.title)),
        Block::Paragraph(fill(words.greeting)),
        Block::Paragraph(fill(change.what_happened)),
        Block::Facts(vec![
            (texts.organization_label, Span::Value(facts.customer)),
            (texts.domain_label, Span::Value(mail.customer_domain.as_str())),
            (texts.partner_id_label, Span::Value(mail.partner_id.as_str())),
            (texts.done_by_label, Span::Value(facts.person)),
        ]),
        Block::Heading(fill(words.subscriptions)),
        Block::List(subscriptions),
        Block::Heading(fill(words.meaning)),
    ];
    blocks.extend(mail.link.map(|_| Block::Paragraph(fill(change.sight))));
    blocks.extend([
        Block::Paragraph(fill(change.effect)),
        Block::Heading(fill(words.what_to_do)),
        Block::Paragraph(fill(words.advice)),
    ]);
    blocks.extend(mail.link.map(|address| Block::Link {
        label: words.link,
        by_hand: texts.link_by_hand,
        address,
    }));
    render(texts, change.subject, &facts, blocks, words.why)
}
