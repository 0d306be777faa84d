//! The words of the mails, one table a language.

mod chinese;
mod dutch;
mod english;
mod german;

use rules::{AdminRole, Capability, Language, PartnerType};

use crate::date::Date;
use crate::template::Template;

/// Everything that the mails say in a language. Labels are those of the pages, so
/// that the reader finds on the page what the mail names.
pub(crate) struct Texts {
    /// The marks around a label.
    pub(crate) quotes: (&'static str, &'static str),
    /// What stands between a name and what is said of it.
    pub(crate) colon: &'static str,
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
    /// The invitation.
    pub(crate) invitation: InvitationTexts,
}

/// What the mail of an invitation says, in the order in which it says it.
pub(crate) struct InvitationTexts {
    /// The subject; of the facts it may name the partner and the customer.
    pub(crate) subject: Template,
    pub(crate) title: Template,
    pub(crate) greeting: Template,
    pub(crate) introduction: Template,

    pub(crate) request: Template,
    pub(crate) partner_label: &'static str,
    pub(crate) domain_label: &'static str,
    pub(crate) partner_id_label: &'static str,
    pub(crate) customer_label: &'static str,
    pub(crate) type_label: &'static str,
    pub(crate) expires_label: &'static str,

    pub(crate) capabilities: Template,
    pub(crate) capabilities_follow: Template,

    pub(crate) roles: Template,
    pub(crate) roles_follow: Template,
    /// That the roles can be removed later.
    pub(crate) roles_end: Template,
    pub(crate) no_roles: Template,

    pub(crate) message: Template,
    /// That the words that follow are the partner's.
    pub(crate) message_follows: Template,

    pub(crate) what_to_do: Template,
    pub(crate) link: &'static str,
    pub(crate) link_by_hand: &'static str,
    pub(crate) steps: [Template; 5],
    /// That nothing happens by following the link, and until when it can be followed.
    pub(crate) nothing_yet: Template,

    pub(crate) decline: Template,
    /// What to do without the wish for admin roles to be delegated.
    pub(crate) decline_roles: Template,
    /// What to do without the wish for the relationship, where no roles are asked for.
    pub(crate) decline_relationship: Template,

    pub(crate) unknown: Template,
    pub(crate) unknown_do: Template,
    pub(crate) unknown_verify: Template,

    /// Why one got the mail.
    pub(crate) why: Template,
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
