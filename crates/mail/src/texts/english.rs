//! English, as the Microsoft admin centers write it.

use rules::{AdminRole, Capability, PartnerType};

use super::{InvitationTexts, Texts};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    quotes: ("“", "”"),
    colon: ": ",
    brand: "Accord admin center",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    invitation: InvitationTexts {
        subject: Template::new("{partner} asks {customer} to accept a partner relationship"),
        title: Template::new("{partner} would like to work with {customer}"),
        greeting: Template::new("Hello {recipient},"),
        introduction: Template::new(
            "{partner} would like to become a partner of {customer}. Please read below what the partner asks for, then accept the invitation or cancel it.",
        ),

        request: Template::new("The request"),
        partner_label: "Partner",
        domain_label: "Domain",
        partner_id_label: "Microsoft Partner ID",
        customer_label: "For organization",
        type_label: "Partner type",
        expires_label: "Valid until",

        capabilities: Template::new("What the partner could do"),
        capabilities_follow: Template::new(
            "A partner of this type can do the following for your organization:",
        ),

        roles: Template::new("Admin roles"),
        roles_follow: Template::new(
            "{partner} asks for these admin roles in your organization. Its staff could then work there as administrators:",
        ),
        roles_end: Template::new(
            "You can remove these roles at any time. That doesn’t end the partner relationship.",
        ),
        no_roles: Template::new("{partner} doesn’t ask for any admin roles in your organization."),

        message: Template::new("Message from {partner}"),
        message_follows: Template::new(
            "These are the partner’s own words. Nobody else has checked them.",
        ),

        what_to_do: Template::new("How to accept"),
        link: "Review the invitation",
        link_by_hand: "If the button doesn’t work, copy this address into your browser",
        steps: [
            Template::new("Open the link below."),
            Template::new(
                "Sign in as a Global administrator of {customer}. If you aren’t one, forward this mail to someone who is.",
            ),
            Template::new(
                "On the page *Accept agreement & authorize partner*, open the *Microsoft Customer Agreement* and read it.",
            ),
            Template::new("Check the box to acknowledge that you read the agreement."),
            Template::new("Select *Accept & Authorize*."),
        ],
        nothing_yet: Template::new(
            "Opening the link changes nothing by itself: the partner gets no access until a Global administrator of your organization has accepted. The invitation is valid until {expires}.",
        ),

        decline: Template::new("If you don’t want this"),
        decline_roles: Template::new(
            "If you don’t want to delegate admin roles to the partner, cancel the invitation instead of accepting it: open the link, sign in, and select *Cancel the invitation*. You can ask the partner for an invitation without admin roles.",
        ),
        decline_relationship: Template::new(
            "If you don’t want to work with this partner, cancel the invitation instead of accepting it: open the link, sign in, and select *Cancel the invitation*.",
        ),

        unknown: Template::new("If you don’t know {partner}"),
        unknown_do: Template::new(
            "Then don’t accept. You can cancel the invitation, or do nothing: it expires by itself.",
        ),
        unknown_verify: Template::new(
            "If you aren’t sure that the request is genuine, ask the partner first. Use a phone number or an address that you already know, not one from this mail.",
        ),

        why: Template::new(
            "You get this mail because {partner} named you, {recipient}, as its contact at {customer} in this invitation. The invitation works for {customer} only, and only after signing in.",
        ),
    },
};

fn date(date: &Date) -> String {
    let month = date.month_in(&[
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]);
    let (hour, half) = match date.hour {
        0 => (12, "AM"),
        hour @ 1..=11 => (hour, "AM"),
        12 => (12, "PM"),
        hour => (hour - 12, "PM"),
    };
    format!("{month} {}, {}, {hour}:{:02} {half} UTC", date.day, date.year, date.minute)
}

fn partner_type(partner_type: PartnerType) -> &'static str {
    match partner_type {
        PartnerType::Reseller => "Reseller",
        PartnerType::DelegatedAdministrator => "Delegated administrator",
        PartnerType::ResellerAndDelegatedAdministrator => "Reseller & delegated administrator",
        PartnerType::Partner => "Partner",
        PartnerType::Advisor => "Advisor",
        PartnerType::Mpsa => "Microsoft Products & Services Agreement (MPSA) partner",
        PartnerType::OemPc => "OEM PC partner",
        PartnerType::Lob => "Line-of-business (LOB) partner",
    }
}

fn capability(capability: Capability) -> &'static str {
    match capability {
        Capability::SellProducts => "Sell Microsoft products to you",
        Capability::ManageSubscriptions => {
            "Order and manage subscriptions for you, once you have accepted the Microsoft Customer Agreement"
        }
        Capability::ManageUsers => "Create and manage user accounts",
        Capability::ManageLicences => "Assign and manage licenses",
        Capability::ResetPasswords => "Reset passwords",
        Capability::HandleSupport => "Handle support incidents",
        Capability::WorkWithServices => {
            "Work with other Microsoft services on your behalf, with the user account that you give it"
        }
        Capability::SeeMpsaPurchases => {
            "See the purchases that you made through other MPSA partners, where you allow it"
        }
        Capability::UploadDeviceIds => "Upload device IDs for PCs that you manage with Autopilot",
        Capability::ManageLobApps => {
            "Develop, submit, and manage line-of-business apps for your organization"
        }
    }
}

fn admin_role(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => "Global administrator",
        AdminRole::HelpdeskAdministrator => "Helpdesk administrator",
    }
}

fn admin_role_allows(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => {
            "can see and change everything in your organization, including users, passwords, settings, and the roles of other administrators."
        }
        AdminRole::HelpdeskAdministrator => "can reset passwords and handle support incidents.",
    }
}
