//! English, as the Microsoft admin centers write it.

use rules::{AdminRole, Capability, Language, PartnerType};

use super::{
    EnquiryDeclinedTexts, EnquiryReceivedTexts, InvitationTexts, PartnerActedTexts,
    PartnerOfRecordChangeTexts, PartnerOfRecordTexts, Texts,
};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    language: Language::English,
    quotes: ("“", "”"),
    colon: ": ",
    thousands: ",",
    licenses: ["license", "licenses"],
    brand: "Accord admin center",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    partner_label: "Partner",
    customer_label: "For organization",
    organization_label: "Organization",
    domain_label: "Domain",
    partner_id_label: "Microsoft Partner ID",
    done_by_label: "Done by",
    type_label: "Partner type",
    link_by_hand: "If the button doesn’t work, copy this address into your browser",
    invitation: InvitationTexts {
        subject: Template::new("{partner} asks {customer} to accept a partner relationship"),
        title: Template::new("{partner} would like to work with {customer}"),
        greeting: Template::new("Hello {recipient},"),
        introduction: Template::new(
            "{partner} would like to become a partner of {customer}. Please read below what the partner asks for, then accept the invitation or cancel it.",
        ),

        request: Template::new("The request"),
        code_label: "Code",
        expires_label: "Valid until",

        trust: Template::new("What is verified, and what isn’t"),
        verified_label: "Verified",
        verified: Template::new(
            "name, domain, and Microsoft Partner ID are those under which the partner is registered in Accord, and a signed-in member of its staff sent this invitation.",
        ),
        not_verified_label: "Not verified",
        not_verified: Template::new(
            "everything that the partner writes itself, what it intends, and whether anybody at {customer} knows it or asked for this invitation.",
        ),
        compare: Template::new(
            "This invitation has the code {code}. The page that the link opens shows the same code. If it shows another one or none, don’t accept.",
        ),

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

        offer: Template::new("The offer"),
        offer_label: "Offer",
        trial: "Trial subscription",
        purchase: "Purchase",
        product_label: "Product",
        quantity_label: "Licenses",
        offer_waits: Template::new(
            "Accepting the invitation orders nothing yet. It keeps the offer, so that you can create the subscription afterwards.",
        ),

        terms: Template::new("Terms of {partner}"),
        terms_follow: Template::new(
            "These terms are the partner’s own words. They aren’t part of the Microsoft Customer Agreement, and nobody else has checked them.",
        ),

        message: Template::new("Message from {partner}"),
        message_follows: Template::new(
            "These are the partner’s own words. Nobody else has checked them, or any address in them.",
        ),

        what_to_do: Template::new("How to accept"),
        link: "Review the invitation",
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
        authorize_in_21vianet: Template::new(
            "Under *Partner relationships*, select *Yes* to authorize the partner, and then select *Next*.",
        ),
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
        decline_in_21vianet: Template::new(
            "If you don’t want to authorize the partner, open the link, sign in, select *No* under *Partner relationships*, select *Next*, and then select *Cancel the invitation*.",
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
    enquiry_received: EnquiryReceivedTexts {
        subject: Template::new("{customer} asks {partner} for help"),
        title: Template::new("{customer} is looking for a partner"),
        greeting: Template::new("Hello {partner},"),
        introduction: Template::new(
            "{customer} found you under *Find a partner* and would like to hear from you.",
        ),
        contact_label: "Contact person",
        expires_label: "Answer before",
        needs: Template::new("What {customer} needs"),
        needs_follow: Template::new(
            "These are the customer’s own words. Nobody else has checked them.",
        ),
        what_to_do: Template::new("How to answer"),
        answer: Template::new(
            "Open the link and sign in as an Admin agent or a Sales agent of {partner}. There you find how to reach {person}, and you can answer with an invitation, or decline and say why. The enquiry expires on {expires}.",
        ),
        link: "Read the enquiry",
        why: Template::new(
            "You get this mail because this is the contact address of {partner}, and its profile is listed under *Find a partner*. An Admin agent can change that in the profile.",
        ),
    },
    enquiry_declined: EnquiryDeclinedTexts {
        subject: Template::new("{partner} can’t help {customer} with its request"),
        title: Template::new("{partner} declined your request"),
        greeting: Template::new("Hello {recipient},"),
        introduction: Template::new(
            "{partner} read the request that {customer} sent and declined it. Your requests to other providers aren’t affected.",
        ),
        reason: Template::new("The reason"),
        reason_follows: Template::new(
            "These are the partner’s own words. Nobody else has checked them.",
        ),
        what_to_do: Template::new("What you can do"),
        ask_others: Template::new(
            "Choose another provider: open *Find a partner*, search again, and select *Contact selected providers*.",
        ),
        link: "Find a partner",
        why: Template::new(
            "You get this mail because you, {recipient}, are the contact person of the request that {customer} sent to {partner}.",
        ),
    },
    roles_given_up: PartnerActedTexts {
        subject: Template::new("{partner} gave up its admin roles at {customer}"),
        title: Template::new("{partner} gave up its admin roles"),
        greeting: Template::new("Hello {recipient},"),
        what_happened: Template::new(
            "{person} of {partner} gave up the admin roles that the partner held at {customer}. The partner did this itself; nobody at {customer} did.",
        ),
        meaning: Template::new("What this means"),
        effect: Template::new(
            "The staff of {partner} can no longer work in your organization as administrators. The partner relationship stays.",
        ),
        what_to_do: Template::new("What you can do"),
        advice: Template::new(
            "You don’t have to do anything. If you still need the partner as an administrator, ask it for a new invitation.",
        ),
        link: "See the partner’s details",
        why: Template::new(
            "You get this mail because you, {recipient}, are a Global administrator of {customer}.",
        ),
    },
    relationship_ended: PartnerActedTexts {
        subject: Template::new("{partner} ended its partner relationship with {customer}"),
        title: Template::new("{partner} ended the partner relationship"),
        greeting: Template::new("Hello {recipient},"),
        what_happened: Template::new(
            "{person} of {partner} ended the partner relationship with {customer}. The partner did this itself; nobody at {customer} did.",
        ),
        meaning: Template::new("What this means"),
        effect: Template::new(
            "{partner} can no longer do anything for your organization. Admin roles that it held ended with the relationship. Your other partners aren’t affected.",
        ),
        what_to_do: Template::new("What you can do"),
        advice: Template::new(
            "You don’t have to do anything. If you didn’t expect this, ask the partner. To work with it again, you need a new invitation; other partners are under *Find a partner*.",
        ),
        link: "See the partner’s details",
        why: Template::new(
            "You get this mail because you, {recipient}, are a Global administrator of {customer}.",
        ),
    },
    partner_of_record: PartnerOfRecordTexts {
        greeting: Template::new("Hello {partner},"),
        subscriptions: Template::new("Subscriptions"),
        more: Template::new("and {count} more"),
        meaning: Template::new("What this means"),
        what_to_do: Template::new("What you can do"),
        advice: Template::new(
            "You don’t have to do anything. If you didn’t expect this, ask {customer}. Use a phone number or an address that you already know.",
        ),
        link: "See the customer’s details",
        why: Template::new(
            "You get this mail because this is the contact address of {partner}. Whoever runs Accord for you can change it.",
        ),
        added: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} named {partner} as partner of record"),
            title: Template::new("{partner} is now partner of record"),
            what_happened: Template::new(
                "{person} of {customer} named {partner} as the partner of record of each subscription listed below.",
            ),
            sight: Template::new(
                "In Accord, you can see each subscription that is listed here for as long as you are its partner of record.",
            ),
            effect: Template::new(
                "The partner of record is the partner that a customer chooses as the advisor for a subscription; each subscription has one at most. By itself, this gives you no admin roles and no right to change the subscription. Only {customer} can change or remove its partner of record.",
            ),
        },
        removed: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} removed {partner} as partner of record"),
            title: Template::new("{partner} is no longer partner of record"),
            what_happened: Template::new(
                "{person} of {customer} removed {partner} as the partner of record of each subscription listed below.",
            ),
            sight: Template::new(
                "You can no longer see a subscription that is listed here, unless you sell it or are its partner of record with another Microsoft Partner ID.",
            ),
            effect: Template::new(
                "Your other subscriptions stay as they are, and so does a partner relationship with {customer}.",
            ),
        },
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
        Capability::ManageLicenses => "Assign and manage licenses",
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
