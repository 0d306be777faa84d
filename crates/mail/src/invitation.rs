//! The mail in which a partner invites an organization to a relationship.

use rules::{
    AdminRole, Cloud, DisplayName, DomainName, Language, Note, OfferKind, PartnerId, PartnerType,
    Timestamp,
};

use crate::MailMessage;
use crate::document::{Block, Line, Span};
use crate::render::{MailContent, render};
use crate::texts::{self, mail as t, partner_invitation as page};

/// The facts of an invitation's mail.
#[derive(Clone, Copy, Debug)]
pub struct InvitationMail<'a> {
    /// The language of the mail.
    pub language: Language,
    /// The person who gets the mail.
    pub recipient_name: &'a DisplayName,
    /// The organization that is invited.
    pub customer_name: &'a DisplayName,
    /// The cloud of the organization that is invited. In 21Vianet the page has one more
    /// step. See docs/domain.md, Invitations.
    pub cloud: Cloud,
    /// The organization that invites.
    pub partner_name: &'a DisplayName,
    /// The partner's domain.
    pub partner_domain: &'a DomainName,
    /// The partner's Microsoft Partner ID.
    pub partner_id: &'a PartnerId,
    /// The type of relationship that the partner asks for.
    pub partner_type: PartnerType,
    /// The admin roles that the partner asks for.
    pub admin_roles: &'a [AdminRole],
    /// The invitation's short code. The page shows the same, so that people can compare.
    pub code: &'a str,
    /// The partner's message, in its own words.
    pub message: Option<&'a Note>,
    /// The partner's terms, in its own words; in 21Vianet only.
    pub terms: Option<&'a Note>,
    /// The offer that comes with the invitation; in 21Vianet only.
    pub offer: Option<OfferLine<'a>>,
    /// The absolute address of the page on which the invitation is reviewed.
    pub link: &'a str,
    /// The moment from which the invitation can't be accepted any more.
    pub expires: Timestamp,
}

/// The trial or purchase that comes with an invitation.
#[derive(Clone, Copy, Debug)]
pub struct OfferLine<'a> {
    /// Trial or purchase.
    pub kind: OfferKind,
    /// The name of the product.
    pub product: &'a DisplayName,
    /// Number of licenses.
    pub quantity: u32,
}

/// Renders the mail of an invitation.
#[must_use]
pub fn render_invitation(mail: &InvitationMail<'_>) -> MailMessage {
    let language = mail.language;
    let recipient = Span::Value(mail.recipient_name.as_str());
    let customer = Span::Value(mail.customer_name.as_str());
    let partner = Span::Value(mail.partner_name.as_str());
    let mut blocks = vec![
        Block::title(t::invitation_title(language, &customer, &partner)),
        Block::paragraph(t::greeting(language, &recipient)),
        Block::paragraph(t::invitation_introduction(language, &customer, &partner)),
    ];
    blocks.extend(request(mail));
    blocks.extend(verification(mail));
    blocks.extend(capabilities(mail));
    blocks.extend(roles(mail));
    if let Some(offer) = &mail.offer {
        blocks.extend(self::offer(language, offer));
    }
    if let Some(terms) = mail.terms {
        blocks.extend([
            Block::heading(t::invitation_terms(language, &partner)),
            Block::paragraph(t::invitation_terms_intro(language)),
            Block::Quote(terms.as_str()),
        ]);
    }
    if let Some(message) = mail.message {
        blocks.extend([
            Block::heading(t::invitation_message(language, &partner)),
            Block::paragraph(t::invitation_message_intro(language)),
            Block::Quote(message.as_str()),
        ]);
    }
    blocks.extend(steps(mail));
    blocks.extend(ways_out(mail));
    render(MailContent {
        language,
        customer_name: mail.customer_name,
        partner_name: mail.partner_name,
        subject: t::invitation_subject,
        blocks,
        footer: t::invitation_why(language, &customer, &partner, &recipient),
    })
}

/// The section with the facts of the request.
fn request<'a>(mail: &InvitationMail<'a>) -> Vec<Block<'a>> {
    let language = mail.language;
    vec![
        Block::heading(t::invitation_request(language)),
        Block::Facts(vec![
            (page::partner(language), Span::Value(mail.partner_name.as_str())),
            (page::domain(language), Span::Value(mail.partner_domain.as_str())),
            (page::partner_id(language), Span::Value(mail.partner_id.as_str())),
            (page::customer(language), Span::Value(mail.customer_name.as_str())),
            (page::kind(language), Span::words(texts::partner_type(language, mail.partner_type))),
            (page::code(language), Span::Term(mail.code)),
            (t::invitation_valid_until(language), expires(mail)),
        ]),
    ]
}

fn expires(mail: &InvitationMail<'_>) -> Span<'static> {
    Span::words(texts::format_date_time(mail.language, mail.expires))
}

/// The section that says which statements Accord has verified.
fn verification<'a>(mail: &InvitationMail<'a>) -> Vec<Block<'a>> {
    let language = mail.language;
    let customer = Span::Value(mail.customer_name.as_str());
    vec![
        Block::heading(t::invitation_verification(language)),
        Block::List(vec![
            described(
                language,
                t::invitation_verified(language),
                t::invitation_verified_facts(language),
            ),
            described(
                language,
                t::invitation_not_verified(language),
                t::invitation_not_verified_facts(language, &customer),
            ),
        ]),
        Block::paragraph(t::invitation_compare_code(language, &Span::Term(mail.code))),
    ]
}

/// A term with its description, as an item of a list.
fn described<'a>(
    language: Language,
    term: &'static str,
    description: impl Into<Line<'a>>,
) -> Line<'a> {
    let mut line = vec![Span::Term(term), Span::words(t::colon(language))];
    line.extend(description.into().0);
    Line(line)
}

/// The section with the things that a partner of this type can do.
fn capabilities<'a>(mail: &InvitationMail<'a>) -> Vec<Block<'a>> {
    let language = mail.language;
    let capability = |one: &_| Line::from(texts::capability(language, *one));
    vec![
        Block::heading(t::invitation_capabilities(language)),
        Block::paragraph(t::invitation_capabilities_intro(language)),
        Block::List(mail.partner_type.capabilities().iter().map(capability).collect()),
    ]
}

/// The section with the admin roles that the partner asks for.
fn roles<'a>(mail: &InvitationMail<'a>) -> Vec<Block<'a>> {
    let language = mail.language;
    let partner = Span::Value(mail.partner_name.as_str());
    let mut blocks = vec![Block::heading(page::roles(language))];
    if mail.admin_roles.is_empty() {
        blocks.push(Block::paragraph(t::invitation_no_roles(language, &partner)));
    } else {
        let role = |role: &AdminRole| {
            let name = texts::admin_role(language, *role);
            described(language, name, texts::admin_role_description(language, *role))
        };
        blocks.extend([
            Block::paragraph(t::invitation_roles_intro(language, &partner)),
            Block::List(mail.admin_roles.iter().map(role).collect()),
            Block::paragraph(t::invitation_roles_end(language)),
        ]);
    }
    blocks
}

/// The section with the offer.
fn offer<'a>(language: Language, offer: &OfferLine<'a>) -> [Block<'a>; 3] {
    let quantity = texts::format_number(language, offer.quantity);
    [
        Block::heading(t::invitation_offer(language)),
        Block::Facts(vec![
            (texts::offer::kind(language), Span::words(texts::offer_kind(language, offer.kind))),
            (texts::offer::product(language), Span::Value(offer.product.as_str())),
            (texts::offer::quantity(language), Span::words(quantity)),
        ]),
        Block::paragraph(t::invitation_offer_effect(language)),
    ]
}

/// The section with the steps of accepting, and the link.
fn steps<'a>(mail: &InvitationMail<'a>) -> Vec<Block<'a>> {
    let language = mail.language;
    let customer = Span::Value(mail.customer_name.as_str());
    let mut steps = vec![
        t::invitation_step_open(language).into(),
        t::invitation_step_sign_in(language, &customer),
        t::invitation_step_read(language),
        t::invitation_step_acknowledge(language).into(),
        t::invitation_step_accept(language),
    ];
    if mail.cloud == Cloud::Vianet21 {
        // There the page asks for this after signing in, and only then for the agreement.
        steps.insert(2, t::invitation_step_authorize(language));
    }
    vec![
        Block::heading(t::invitation_how_to_accept(language)),
        Block::Steps(steps),
        Block::Link { label: t::invitation_link(language), address: mail.link },
        Block::paragraph(t::invitation_link_effect(language, &expires(mail))),
    ]
}

/// The sections for readers who don't want to accept.
fn ways_out<'a>(mail: &InvitationMail<'a>) -> Vec<Block<'a>> {
    let language = mail.language;
    let partner = Span::Value(mail.partner_name.as_str());
    let decline = match (mail.cloud, mail.admin_roles) {
        (Cloud::Vianet21, _) => t::invitation_decline_in_21vianet(language),
        (Cloud::Worldwide | Cloud::Germany, []) => t::invitation_decline_relationship(language),
        (Cloud::Worldwide | Cloud::Germany, _) => t::invitation_decline_roles(language),
    };
    vec![
        Block::heading(t::invitation_decline(language)),
        Block::Paragraph(decline),
        Block::heading(t::invitation_unknown_partner(language, &partner)),
        Block::paragraph(t::invitation_unknown_partner_advice(language)),
        Block::paragraph(t::invitation_unknown_partner_ask(language)),
    ]
}
