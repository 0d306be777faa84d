//! The mails about an enquiry: to the partner that is asked, and to the customer whose
//! enquiry was declined.

use rules::{DisplayName, Language, Note, Timestamp};

use crate::MailMessage;
use crate::document::{Block, Span};
use crate::render::{MailContent, render};
use crate::texts::{self, enquiries as page, mail as t};

/// The facts of the mail that tells a partner of an enquiry.
#[derive(Clone, Copy, Debug)]
pub struct EnquiryReceivedMail<'a> {
    /// The language of the mail.
    pub language: Language,
    /// The organization that is asked; the mail goes to its contact address.
    pub partner_name: &'a DisplayName,
    /// The organization that asks.
    pub customer_name: &'a DisplayName,
    /// The customer's contact person.
    pub contact_name: &'a DisplayName,
    /// The customer's needs, in its own words.
    pub needs: &'a Note,
    /// The absolute address of the enquiry's page.
    pub link: &'a str,
    /// The moment from which the enquiry can't be answered any more.
    pub expires: Timestamp,
}

/// Renders the mail that tells a partner of an enquiry.
///
/// The contact's address and telephone number are not in it: the customer consented to
/// share them with the partner, not with every reader of the partner's mailbox.
#[must_use]
pub fn render_enquiry_received(mail: &EnquiryReceivedMail<'_>) -> MailMessage {
    let language = mail.language;
    let customer = Span::Value(mail.customer_name.as_str());
    let partner = Span::Value(mail.partner_name.as_str());
    let contact = Span::Value(mail.contact_name.as_str());
    let expires = Span::words(texts::format_date_time(language, mail.expires));
    let blocks = vec![
        Block::title(t::enquiry_received_title(language, &customer)),
        Block::paragraph(t::greeting(language, &partner)),
        Block::paragraph(t::enquiry_received_introduction(language, &customer)),
        Block::Facts(vec![
            (page::customer(language), customer.clone()),
            (page::contact(language), contact.clone()),
            (t::enquiry_received_answer_before(language), expires.clone()),
        ]),
        Block::heading(t::enquiry_received_needs(language, &customer)),
        Block::paragraph(t::enquiry_received_needs_intro(language)),
        Block::Quote(mail.needs.as_str()),
        Block::heading(t::enquiry_received_how_to_answer(language)),
        Block::paragraph(t::enquiry_received_answer(language, &expires, &partner, &contact)),
        Block::Link { label: t::enquiry_received_link(language), address: mail.link },
    ];
    render(MailContent {
        language,
        customer_name: mail.customer_name,
        partner_name: mail.partner_name,
        subject: t::enquiry_received_subject,
        blocks,
        footer: t::enquiry_received_why(language, &partner),
    })
}

/// The facts of the mail that tells a customer that a partner declined.
#[derive(Clone, Copy, Debug)]
pub struct EnquiryDeclinedMail<'a> {
    /// The language of the mail.
    pub language: Language,
    /// The person who gets the mail: the contact of the enquiry.
    pub recipient_name: &'a DisplayName,
    /// The organization that asked.
    pub customer_name: &'a DisplayName,
    /// The organization that was asked.
    pub partner_name: &'a DisplayName,
    /// The partner's reason, in its own words.
    pub reason: &'a Note,
    /// The absolute address of **Find a partner**.
    pub link: &'a str,
}

/// Renders the mail that tells a customer that a partner declined, and where to find
/// others.
#[must_use]
pub fn render_enquiry_declined(mail: &EnquiryDeclinedMail<'_>) -> MailMessage {
    let language = mail.language;
    let recipient = Span::Value(mail.recipient_name.as_str());
    let customer = Span::Value(mail.customer_name.as_str());
    let partner = Span::Value(mail.partner_name.as_str());
    let blocks = vec![
        Block::title(t::enquiry_declined_title(language, &partner)),
        Block::paragraph(t::greeting(language, &recipient)),
        Block::paragraph(t::enquiry_declined_introduction(language, &customer, &partner)),
        Block::heading(t::enquiry_declined_reason(language)),
        Block::paragraph(t::enquiry_declined_reason_intro(language)),
        Block::Quote(mail.reason.as_str()),
        Block::heading(t::what_you_can_do(language)),
        Block::paragraph(t::enquiry_declined_ask_others(language)),
        Block::Link { label: texts::shell::find_a_partner(language), address: mail.link },
    ];
    render(MailContent {
        language,
        customer_name: mail.customer_name,
        partner_name: mail.partner_name,
        subject: t::enquiry_declined_subject,
        blocks,
        footer: t::enquiry_declined_why(language, &customer, &partner, &recipient),
    })
}
