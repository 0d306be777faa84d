//! The mails that tell a partner that it became the partner of record of subscriptions,
//! or no longer is. Only the customer sets the partner of record, so the partner has no
//! other way to know. See docs/domain.md, Partner of record.

use rules::{DisplayName, DomainName, Language, PartnerId};

use crate::MailMessage;
use crate::document::{Block, Line, Span};
use crate::render::{MailContent, render};
use crate::texts::{self, mail as t, partner_invitation as page};

/// The number of subscriptions that a mail lists if it leaves some out. The page has
/// them all.
const LISTED_MAX: usize = 20;

/// The facts of a mail that tells a partner of the customer's choice.
#[derive(Clone, Copy, Debug)]
pub struct PartnerOfRecordMail<'a> {
    /// The language of the mail.
    pub language: Language,
    /// The partner; the mail goes to its contact address.
    pub partner_name: &'a DisplayName,
    /// The Microsoft Partner ID that was set or removed: a partner has one for each of its
    /// locations.
    pub partner_id: &'a PartnerId,
    /// The customer.
    pub customer_name: &'a DisplayName,
    /// The customer's domain, since a name alone doesn't identify an organization.
    pub customer_domain: &'a DomainName,
    /// All the subscriptions concerned, in the order in which they are listed.
    pub subscriptions: &'a [SubscriptionLine<'a>],
    /// The person who made the change, of the customer's staff.
    pub person: &'a DisplayName,
    /// The absolute address of the customer's details, if the partner can see that page.
    pub link: Option<&'a str>,
}

/// A subscription in a list of a mail.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionLine<'a> {
    /// The name of the product.
    pub product: &'a DisplayName,
    /// Number of licenses.
    pub quantity: u32,
}

/// Renders the mail that tells a partner that it is now the partner of record.
#[must_use]
pub fn render_partner_of_record_added(mail: &PartnerOfRecordMail<'_>) -> MailMessage {
    let PartnerOfRecordSpans { language, customer, partner, person } = spans(mail);
    let lines = PartnerOfRecordLines {
        title: t::partner_of_record_added_title(language, &partner),
        what_happened: t::partner_of_record_added_what_happened(
            language, &customer, &partner, &person,
        ),
        visibility: t::partner_of_record_added_visibility(language).into(),
        effect: t::partner_of_record_added_effect(language, &customer),
    };
    render(content(mail, t::partner_of_record_added_subject, lines))
}

/// Renders the mail that tells a partner that it is no longer the partner of record. The
/// mail doesn't say whether another partner replaced it: that concerns only the customer.
#[must_use]
pub fn render_partner_of_record_removed(mail: &PartnerOfRecordMail<'_>) -> MailMessage {
    let PartnerOfRecordSpans { language, customer, partner, person } = spans(mail);
    let lines = PartnerOfRecordLines {
        title: t::partner_of_record_removed_title(language, &partner),
        what_happened: t::partner_of_record_removed_what_happened(
            language, &customer, &partner, &person,
        ),
        visibility: t::partner_of_record_removed_visibility(language).into(),
        effect: t::partner_of_record_removed_effect(language, &customer),
    };
    render(content(mail, t::partner_of_record_removed_subject, lines))
}

/// The arguments of the texts.
struct PartnerOfRecordSpans<'a> {
    language: Language,
    customer: Span<'a>,
    partner: Span<'a>,
    person: Span<'a>,
}

fn spans<'a>(mail: &PartnerOfRecordMail<'a>) -> PartnerOfRecordSpans<'a> {
    PartnerOfRecordSpans {
        language: mail.language,
        customer: Span::Value(mail.customer_name.as_str()),
        partner: Span::Value(mail.partner_name.as_str()),
        person: Span::Value(mail.person.as_str()),
    }
}

/// The lines in which the mails differ.
struct PartnerOfRecordLines<'a> {
    title: Line<'a>,
    what_happened: Line<'a>,
    /// The part of the customer that the partner can see now, or no longer.
    visibility: Line<'a>,
    /// The other consequences.
    effect: Line<'a>,
}

fn content<'a>(
    mail: &PartnerOfRecordMail<'a>,
    subject: for<'n> fn(Language, &Span<'n>, &Span<'n>) -> Line<'n>,
    lines: PartnerOfRecordLines<'a>,
) -> MailContent<'a> {
    let PartnerOfRecordSpans { language, customer, partner, person } = spans(mail);
    let mut blocks = vec![
        Block::Title(lines.title),
        Block::paragraph(t::greeting(language, &partner)),
        Block::Paragraph(lines.what_happened),
        Block::Facts(vec![
            (t::organization(language), customer.clone()),
            (page::domain(language), Span::Value(mail.customer_domain.as_str())),
            (page::partner_id(language), Span::Value(mail.partner_id.as_str())),
            (t::done_by(language), person),
        ]),
        Block::heading(texts::subscription::title(language)),
        Block::List(list(language, mail.subscriptions)),
        Block::heading(t::what_this_means(language)),
    ];
    if mail.link.is_some() {
        // Without a relationship the partner has no page on which to see the customer.
        blocks.push(Block::Paragraph(lines.visibility));
    }
    blocks.extend([
        Block::Paragraph(lines.effect),
        Block::heading(t::what_you_can_do(language)),
        Block::paragraph(t::partner_of_record_advice(language, &customer)),
    ]);
    let label = t::customer_details_link(language);
    blocks.extend(mail.link.map(|address| Block::Link { label, address }));
    MailContent {
        language,
        customer_name: mail.customer_name,
        partner_name: mail.partner_name,
        subject,
        blocks,
        footer: t::partner_of_record_why(language, &partner),
    }
}

/// The subscriptions as a list, or the first of them and the number of the others.
fn list<'a>(language: Language, subscriptions: &[SubscriptionLine<'a>]) -> Vec<Line<'a>> {
    let total = subscriptions.len();
    // A line that leaves out a single subscription would be as long as its name.
    let listed = if total > LISTED_MAX + 1 { LISTED_MAX } else { total };
    let mut items = Vec::new();
    for subscription in &subscriptions[..listed] {
        let mut item =
            vec![Span::Value(subscription.product.as_str()), Span::words(t::colon(language))];
        item.extend(texts::offer::licenses(language, subscription.quantity).0);
        items.push(Line(item));
    }
    if total > listed {
        let left_out = u32::try_from(total - listed).unwrap_or(u32::MAX);
        let count = Span::words(texts::format_number(language, left_out));
        items.push(t::partner_of_record_more(language, &count));
    }
    items
}
