//! The words of the mails, one table a language.

mod chinese;
mod dutch;
mod english;
mod german;

use rules::{AdminRole, Capability, Language, PartnerType};

use crate::date::Date;
use crate::document::{Block, Span};
use crate::template::Template;

/// Everything that the mails say in a language. Labels are those of the pages, so
/// that the reader finds on the page what the mail names.
pub(crate) struct Texts {
    /// The language.
    pub(crate) language: Language,
    /// The marks around a label.
    pub(crate) quotes: (&'static str, &'static str),
    /// What stands between a name and what is said of it.
    pub(crate) colon: &'static str,
    /// What stands between the thousands of a number.
    pub(crate) thousands: &'static str,
    /// What follows the number of licenses: of one, and of several.
    pub(crate) licenses: [&'static str; 2],
    /// The name of the product.
    pub(crate) brand: &'static str,
    /// A moment, with its time zone.
    pub(crate) date: fn(&Date) -> String,
    /// The name of a type of partner.
    pub(crate) partner_type: fn(PartnerType) -> &'static str,
    /// What a partner can do.
    pub(crate) capability: fn(Capability) -> &'static str,
    /// The name of an admin role.
    pub(crate) admin_role: fn(AdminRole) -> &'static str,
    /// What an admin role allows.
    pub(crate) admin_role_allows: fn(AdminRole) -> &'static str,

    pub(crate) partner_label: &'static str,
    /// Before the organization that is asked.
    pub(crate) customer_label: &'static str,
    /// Before the organization on the customer's side elsewhere.
    pub(crate) organization_label: &'static str,
    pub(crate) domain_label: &'static str,
    pub(crate) partner_id_label: &'static str,
    /// Before the person who did what the mail tells of.
    pub(crate) done_by_label: &'static str,
    pub(crate) type_label: &'static str,
    /// What to do where a button doesn't work.
    pub(crate) link_by_hand: &'static str,

    pub(crate) invitation: InvitationTexts,
    pub(crate) enquiry_received: EnquiryReceivedTexts,
    pub(crate) enquiry_declined: EnquiryDeclinedTexts,
    pub(crate) roles_given_up: PartnerActedTexts,
    pub(crate) relationship_ended: PartnerActedTexts,
    pub(crate) partner_of_record: PartnerOfRecordTexts,
}

impl Texts {
    /// A number as the language writes it.
    pub(crate) fn number(&self, number: u32) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + 4);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(self.thousands);
            }
            text.push(digit);
        }
        text
    }

    /// So many licenses, as the language counts them.
    pub(crate) fn licenses(&self, quantity: u32) -> String {
        let [one, several] = self.licenses;
        let counted = if quantity == 1 { one } else { several };
        format!("{} {counted}", self.number(quantity))
    }

    /// What a type of partner can do, as a list.
    pub(crate) fn capabilities(&self, partner_type: PartnerType) -> Block<'static> {
        let capability = |one: &Capability| vec![Span::Words((self.capability)(*one))];
        Block::List(partner_type.capabilities().iter().map(capability).collect())
    }
}

/// What the mail of an invitation says, in the order in which it says it.
pub(crate) struct InvitationTexts {
    /// The subject; of the facts it may name the partner and the customer.
    pub(crate) subject: Template,
    pub(crate) title: Template,
    pub(crate) greeting: Template,
    pub(crate) introduction: Template,

    pub(crate) request: Template,
    pub(crate) code_label: &'static str,
    pub(crate) expires_label: &'static str,

    pub(crate) trust: Template,
    pub(crate) verified_label: &'static str,
    /// What Accord answers for.
    pub(crate) verified: Template,
    pub(crate) not_verified_label: &'static str,
    /// What nobody answers for but the partner.
    pub(crate) not_verified: Template,
    /// That the page must show the code of the mail.
    pub(crate) compare: Template,

    pub(crate) capabilities: Template,
    pub(crate) capabilities_follow: Template,

    pub(crate) roles: Template,
    pub(crate) roles_follow: Template,
    /// That the roles can be removed later.
    pub(crate) roles_end: Template,
    pub(crate) no_roles: Template,

    pub(crate) offer: Template,
    pub(crate) offer_label: &'static str,
    pub(crate) trial: &'static str,
    pub(crate) purchase: &'static str,
    pub(crate) product_label: &'static str,
    pub(crate) quantity_label: &'static str,
    /// That accepting orders nothing yet.
    pub(crate) offer_waits: Template,

    pub(crate) terms: Template,
    /// That the terms that follow are the partner's.
    pub(crate) terms_follow: Template,

    pub(crate) message: Template,
    /// That the words that follow are the partner's.
    pub(crate) message_follows: Template,

    pub(crate) what_to_do: Template,
    pub(crate) link: &'static str,
    pub(crate) steps: [Template; 5],
    /// What 21Vianet's page asks for after signing in (docs/domain.md, Clouds).
    pub(crate) authorize_in_21vianet: Template,
    /// That nothing happens by following the link, and until when it can be followed.
    pub(crate) nothing_yet: Template,

    pub(crate) decline: Template,
    /// What to do without the wish for admin roles to be delegated.
    pub(crate) decline_roles: Template,
    /// What to do without the wish for the relationship, where no roles are asked for.
    pub(crate) decline_relationship: Template,
    /// What to do without the wish for either, in 21Vianet.
    pub(crate) decline_in_21vianet: Template,

    pub(crate) unknown: Template,
    pub(crate) unknown_do: Template,
    pub(crate) unknown_verify: Template,

    /// Why one got the mail.
    pub(crate) why: Template,
}

/// What the mail to a partner that is asked says, in the order in which it says it.
pub(crate) struct EnquiryReceivedTexts {
    pub(crate) subject: Template,
    pub(crate) title: Template,
    pub(crate) greeting: Template,
    pub(crate) introduction: Template,
    pub(crate) contact_label: &'static str,
    pub(crate) expires_label: &'static str,
    pub(crate) needs: Template,
    /// That the words that follow are the customer's.
    pub(crate) needs_follow: Template,
    pub(crate) what_to_do: Template,
    /// How to answer, who can, and until when.
    pub(crate) answer: Template,
    pub(crate) link: &'static str,
    pub(crate) why: Template,
}

/// What the mail to a customer whose enquiry was declined says, in the order in which it
/// says it.
pub(crate) struct EnquiryDeclinedTexts {
    pub(crate) subject: Template,
    pub(crate) title: Template,
    pub(crate) greeting: Template,
    pub(crate) introduction: Template,
    pub(crate) reason: Template,
    /// That the words that follow are the partner's.
    pub(crate) reason_follows: Template,
    pub(crate) what_to_do: Template,
    pub(crate) ask_others: Template,
    pub(crate) link: &'static str,
    pub(crate) why: Template,
}

/// What a mail says that tells a customer what its partner did, in the order in which it
/// says it.
pub(crate) struct PartnerActedTexts {
    pub(crate) subject: Template,
    pub(crate) title: Template,
    pub(crate) greeting: Template,
    /// Who did what, and that nobody of the customer did.
    pub(crate) what_happened: Template,
    pub(crate) meaning: Template,
    pub(crate) effect: Template,
    pub(crate) what_to_do: Template,
    pub(crate) advice: Template,
    pub(crate) link: &'static str,
    pub(crate) why: Template,
}

/// What the mails say that tell a partner for which subscriptions it is the partner of
/// record, in the order in which they say it.
pub(crate) struct PartnerOfRecordTexts {
    pub(crate) greeting: Template,
    /// What stands above the list of the subscriptions.
    pub(crate) subscriptions: Template,
    /// How many the list leaves out.
    pub(crate) more: Template,
    pub(crate) meaning: Template,
    pub(crate) what_to_do: Template,
    pub(crate) advice: Template,
    pub(crate) link: &'static str,
    pub(crate) why: Template,
    pub(crate) added: PartnerOfRecordChangeTexts,
    pub(crate) removed: PartnerOfRecordChangeTexts,
}

/// What is said of becoming a partner of record alone, or of ceasing to be one.
pub(crate) struct PartnerOfRecordChangeTexts {
    pub(crate) subject: Template,
    pub(crate) title: Template,
    /// Who did what.
    pub(crate) what_happened: Template,
    /// What the partner can see by it, or no longer can. Without a relationship it has no
    /// page on which to see it.
    pub(crate) sight: Template,
    /// What else it means, and what it doesn't.
    pub(crate) effect: Template,
}

/// The table of a language.
pub(crate) const fn of(language: Language) -> &'static Texts {
    match language {
        Language::English => &english::TEXTS,
        Language::Dutch => &dutch::TEXTS,
        Language::German => &german::TEXTS,
        Language::Chinese => &chinese::TEXTS,
    }
}
