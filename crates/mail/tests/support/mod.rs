//! Sample mails for the tests, and the checks that several tests share.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use mail::{
    EnquiryDeclinedMail, EnquiryReceivedMail, InvitationMail, MailMessage, OfferLine,
    PartnerActedMail, PartnerOfRecordMail, SubscriptionLine, render_enquiry_declined,
    render_enquiry_received, render_invitation, render_partner_of_record_added,
    render_partner_of_record_removed, render_relationship_ended, render_roles_given_up,
};
use rules::{
    AdminRole, Cloud, DisplayName, DomainName, Language, Note, OfferKind, PartnerId, PartnerType,
    Timestamp,
};

/// The link of every mail.
pub(crate) const LINK: &str =
    "https://accord.contoso.example/invitations/3q2-7wLx0Jm1uQ8c5vN4tYbR6sKpZdHeGfAiWoUXyTk";
/// An invitation's short code.
pub(crate) const CODE: &str = "K7QF-2M9D";

/// The facts of the mails, owned. Every mail is made of the same facts, so that one check
/// of typed text applies to all of them.
pub(crate) struct Sample {
    pub(crate) recipient: DisplayName,
    pub(crate) customer: DisplayName,
    pub(crate) cloud: Cloud,
    pub(crate) partner: DisplayName,
    pub(crate) partner_domain: DomainName,
    pub(crate) customer_domain: DomainName,
    pub(crate) person: DisplayName,
    pub(crate) message: Option<Note>,
    pub(crate) terms: Option<Note>,
    pub(crate) offer: Option<(OfferKind, DisplayName, u32)>,
    pub(crate) partner_type: PartnerType,
    pub(crate) admin_roles: Vec<AdminRole>,
    /// Each subscription's product and number of licenses.
    pub(crate) subscriptions: Vec<(DisplayName, u32)>,
}

impl Sample {
    pub(crate) fn reseller() -> Self {
        Self {
            recipient: name("Anna de Vries"),
            customer: name("Brightwater Schools"),
            cloud: Cloud::Worldwide,
            partner: name("Fabrikam Cloud Services"),
            partner_domain: DomainName::parse("fabrikam.example").unwrap(),
            customer_domain: DomainName::parse("brightwater.example").unwrap(),
            person: name("Roos Bakker"),
            message: None,
            terms: None,
            offer: None,
            partner_type: PartnerType::Reseller,
            admin_roles: Vec::new(),
            subscriptions: vec![
                (name("Office 365 E3"), 1_250),
                (name("Microsoft 365 Business Standard"), 14),
                (name("Project Plan 3"), 1),
            ],
        }
    }

    pub(crate) fn with_roles() -> Self {
        Self {
            partner: name("Müller & Söhne <IT> 云服务"),
            message: Some(note(
                "Dear Anna,\n\nas agreed on the phone on Tuesday, this is our invitation. We move the mailboxes of your 14 schools, and look after them from then on.\n\n- Roos & the team\t<roos@fabrikam.example>",
            )),
            partner_type: PartnerType::ResellerAndDelegatedAdministrator,
            admin_roles: AdminRole::ALL.to_vec(),
            ..Self::reseller()
        }
    }

    pub(crate) fn in_21vianet() -> Self {
        Self {
            recipient: name("李娜"),
            customer: name("玉河学校 Jade River"),
            cloud: Cloud::Vianet21,
            partner: name("云帆信息技术有限公司"),
            partner_domain: DomainName::parse("yunfan.example").unwrap(),
            customer_domain: DomainName::parse("jaderiver.example").unwrap(),
            person: name("王伟"),
            message: Some(note("李娜，您好！\n\n按照约定，我们先提供一个月的试用。")),
            terms: Some(note(
                "1. 我们在工作日 9:00–18:00 提供支持。\n2. 试用期满后，双方另行约定价格。",
            )),
            offer: Some((OfferKind::Trial, name("Office 365 E3"), 1_250)),
            partner_type: PartnerType::DelegatedAdministrator,
            admin_roles: AdminRole::ALL.to_vec(),
            subscriptions: vec![(name("Office 365 E3 试用版"), 25)],
        }
    }

    /// The mail of an invitation.
    pub(crate) fn render(&self, language: Language) -> MailMessage {
        render_invitation(&InvitationMail {
            language,
            recipient_name: &self.recipient,
            customer_name: &self.customer,
            cloud: self.cloud,
            partner_name: &self.partner,
            partner_domain: &self.partner_domain,
            partner_id: &PartnerId::parse("4567890").unwrap(),
            partner_type: self.partner_type,
            admin_roles: &self.admin_roles,
            code: CODE,
            message: self.message.as_ref(),
            terms: self.terms.as_ref(),
            offer: self.offer.as_ref().map(|(kind, product, quantity)| OfferLine {
                kind: *kind,
                product,
                quantity: *quantity,
            }),
            link: LINK,
            expires: expires(),
        })
    }

    /// The text that a person wrote: the message, or the given text if there is none.
    fn written(&self, default: &str) -> Note {
        self.message.clone().unwrap_or_else(|| note(default))
    }

    /// All mails but the invitation's, each with its name.
    pub(crate) fn others(&self, language: Language) -> [(&'static str, MailMessage); 6] {
        let acted = PartnerActedMail {
            language,
            recipient_name: &self.recipient,
            customer_name: &self.customer,
            partner_name: &self.partner,
            person: &self.person,
            partner_type: self.partner_type,
            link: LINK,
        };
        [
            (
                "enquiry-received",
                render_enquiry_received(&EnquiryReceivedMail {
                    language,
                    partner_name: &self.partner,
                    customer_name: &self.customer,
                    contact_name: &self.recipient,
                    needs: &self.written(
                        "We move 14 schools to the cloud in summer: 1,200 mailboxes, and training for the teachers.\n\nWhen could you start?",
                    ),
                    link: LINK,
                    expires: expires(),
                }),
            ),
            (
                "enquiry-declined",
                render_enquiry_declined(&EnquiryDeclinedMail {
                    language,
                    recipient_name: &self.recipient,
                    customer_name: &self.customer,
                    partner_name: &self.partner,
                    reason: &self.written("We can’t take more customers this year."),
                    link: LINK,
                }),
            ),
            ("roles-given-up", render_roles_given_up(&acted)),
            ("relationship-ended", render_relationship_ended(&acted)),
            (
                "partner-of-record-added",
                self.of_record(language, Some(LINK), render_partner_of_record_added),
            ),
            (
                "partner-of-record-removed",
                self.of_record(language, Some(LINK), render_partner_of_record_removed),
            ),
        ]
    }

    /// One of the mails about the partner of record.
    pub(crate) fn of_record(
        &self,
        language: Language,
        link: Option<&str>,
        write: fn(&PartnerOfRecordMail<'_>) -> MailMessage,
    ) -> MailMessage {
        let mut subscriptions = Vec::new();
        for (product, quantity) in &self.subscriptions {
            subscriptions.push(SubscriptionLine { product, quantity: *quantity });
        }
        write(&PartnerOfRecordMail {
            language,
            partner_name: &self.partner,
            partner_id: &PartnerId::parse("4567890").unwrap(),
            customer_name: &self.customer,
            customer_domain: &self.customer_domain,
            subscriptions: &subscriptions,
            person: &self.recipient,
            link,
        })
    }

    /// Every mail of these facts.
    pub(crate) fn all(&self, language: Language) -> Vec<MailMessage> {
        let mut mails = vec![self.render(language)];
        mails.extend(self.others(language).map(|(_, mail)| mail));
        mails
    }
}

fn expires() -> Timestamp {
    "2026-11-20T18:53:57.000Z".parse().unwrap()
}

pub(crate) fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

pub(crate) fn note(text: &str) -> Note {
    Note::parse(text).unwrap()
}

pub(crate) fn samples() -> [(&'static str, Sample); 3] {
    [
        ("reseller", Sample::reseller()),
        ("reseller-and-administrator", Sample::with_roles()),
        ("21vianet", Sample::in_21vianet()),
    ]
}

/// Escapes a text for HTML, independently of the crate's own function.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The tags of a document, each with its angle brackets.
pub(crate) fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)).collect()
}

/// Asserts that every element is closed in the right order, and no bracket is alone.
pub(crate) fn assert_balanced(html: &str) {
    let mut open = Vec::new();
    for tag in tags(html) {
        assert_eq!(tag.matches('"').count() % 2, 0, "a quote is open in <{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
        } else if !tag.starts_with('!') {
            let name = tag.split([' ', '\n']).next().unwrap();
            if !matches!(name, "meta" | "br") {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_eq!(html.matches('<').count(), html.matches('>').count());
}

/// The text without white space and without the characters that isolate a direction.
pub(crate) fn bare(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .filter(|character| !matches!(character, '\u{2068}' | '\u{2069}'))
        .collect()
}
