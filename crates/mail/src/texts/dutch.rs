//! Dutch, with the labels of the Dutch admin center.

use rules::{AdminRole, Capability, PartnerType};

use super::{InvitationTexts, Texts};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    quotes: ("‘", "’"),
    colon: ": ",
    brand: "Accord-beheercentrum",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    invitation: InvitationTexts {
        subject: Template::new("{partner} vraagt {customer} om een partnerrelatie te accepteren"),
        title: Template::new("{partner} wil graag samenwerken met {customer}"),
        greeting: Template::new("Beste {recipient},"),
        introduction: Template::new(
            "{partner} wil partner worden van {customer}. Lees hieronder wat de partner vraagt en accepteer of annuleer daarna de uitnodiging.",
        ),

        request: Template::new("Het verzoek"),
        partner_label: "Partner",
        domain_label: "Domein",
        partner_id_label: "Microsoft-partner-id",
        customer_label: "Voor organisatie",
        type_label: "Partnertype",
        expires_label: "Geldig tot",

        capabilities: Template::new("Wat de partner zou kunnen doen"),
        capabilities_follow: Template::new(
            "Een partner van dit type kan het volgende doen voor uw organisatie:",
        ),

        roles: Template::new("Beheerdersrollen"),
        roles_follow: Template::new(
            "{partner} vraagt om deze beheerdersrollen in uw organisatie. De medewerkers van de partner kunnen daar dan als beheerder werken:",
        ),
        roles_end: Template::new(
            "U kunt deze rollen op elk moment verwijderen. De partnerrelatie blijft dan bestaan.",
        ),
        no_roles: Template::new("{partner} vraagt niet om beheerdersrollen in uw organisatie."),

        message: Template::new("Bericht van {partner}"),
        message_follows: Template::new(
            "Dit zijn de eigen woorden van de partner. Niemand anders heeft ze gecontroleerd.",
        ),

        what_to_do: Template::new("Zo accepteert u de uitnodiging"),
        link: "Uitnodiging bekijken",
        link_by_hand: "Werkt de knop niet? Kopieer dan dit adres naar uw browser",
        steps: [
            Template::new("Open de koppeling hieronder."),
            Template::new(
                "Meld u aan als globale beheerder van {customer}. Bent u dat niet, stuur deze e-mail dan door naar iemand die dat wel is.",
            ),
            Template::new(
                "Open op de pagina *Overeenkomst accepteren & partner autoriseren* de *Microsoft-klantovereenkomst* en lees deze.",
            ),
            Template::new(
                "Schakel het selectievakje in om te bevestigen dat u de overeenkomst hebt gelezen.",
            ),
            Template::new("Selecteer *Accepteren & autoriseren*."),
        ],
        nothing_yet: Template::new(
            "De koppeling openen verandert op zichzelf niets: de partner krijgt pas toegang als een globale beheerder van uw organisatie de uitnodiging heeft geaccepteerd. De uitnodiging is geldig tot {expires}.",
        ),

        decline: Template::new("Als u dit niet wilt"),
        decline_roles: Template::new(
            "Wilt u geen beheerdersrollen aan de partner delegeren? Annuleer de uitnodiging dan in plaats van deze te accepteren: open de koppeling, meld u aan en selecteer *Uitnodiging annuleren*. U kunt de partner om een uitnodiging zonder beheerdersrollen vragen.",
        ),
        decline_relationship: Template::new(
            "Wilt u niet met deze partner samenwerken? Annuleer de uitnodiging dan in plaats van deze te accepteren: open de koppeling, meld u aan en selecteer *Uitnodiging annuleren*.",
        ),

        unknown: Template::new("Als u {partner} niet kent"),
        unknown_do: Template::new(
            "Accepteer de uitnodiging dan niet. U kunt deze annuleren, maar u hoeft niets te doen: de uitnodiging verloopt vanzelf.",
        ),
        unknown_verify: Template::new(
            "Twijfelt u of het verzoek echt is? Vraag het dan eerst aan de partner zelf, via een telefoonnummer of adres dat u al kent en niet via gegevens uit deze e-mail.",
        ),

        why: Template::new(
            "U ontvangt deze e-mail omdat {partner} u, {recipient}, in deze uitnodiging als contactpersoon bij {customer} heeft opgegeven. De uitnodiging werkt alleen voor {customer} en alleen na aanmelding.",
        ),
    },
};

fn date(date: &Date) -> String {
    let month = date.month_in(&[
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ]);
    format!("{} {month} {} om {:02}:{:02} uur (UTC)", date.day, date.year, date.hour, date.minute)
}

fn partner_type(partner_type: PartnerType) -> &'static str {
    match partner_type {
        PartnerType::Reseller => "Reseller",
        PartnerType::DelegatedAdministrator => "Gedelegeerde beheerder",
        PartnerType::ResellerAndDelegatedAdministrator => "Reseller & gedelegeerde beheerder",
        PartnerType::Partner => "Partner",
        PartnerType::Advisor => "Adviseur",
        PartnerType::Mpsa => "MPSA-partner (Microsoft Products & Services Agreement)",
        PartnerType::OemPc => "OEM-pc-partner",
        PartnerType::Lob => "LOB-partner (Line-Of-Business)",
    }
}

fn capability(capability: Capability) -> &'static str {
    match capability {
        Capability::SellProducts => "Microsoft-producten aan u verkopen",
        Capability::ManageSubscriptions => {
            "Abonnementen voor u bestellen en beheren, zodra u de Microsoft-klantovereenkomst hebt geaccepteerd"
        }
        Capability::ManageUsers => "Gebruikersaccounts maken en beheren",
        Capability::ManageLicences => "Licenties toewijzen en beheren",
        Capability::ResetPasswords => "Wachtwoorden opnieuw instellen",
        Capability::HandleSupport => "Ondersteuningsincidenten afhandelen",
        Capability::WorkWithServices => {
            "Namens u met andere Microsoft-services werken, met het gebruikersaccount dat u de partner geeft"
        }
        Capability::SeeMpsaPurchases => {
            "De aankopen zien die u via andere MPSA-partners hebt gedaan, als u dat toestaat"
        }
        Capability::UploadDeviceIds => {
            "Apparaat-id’s uploaden voor pc’s die u beheert met Autopilot"
        }
        Capability::ManageLobApps => {
            "Line-Of-Business-apps voor uw organisatie ontwikkelen, indienen en beheren"
        }
    }
}

fn admin_role(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => "Globale beheerder",
        AdminRole::HelpdeskAdministrator => "Helpdeskbeheerder",
    }
}

fn admin_role_allows(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => {
            "kan alles in uw organisatie zien en wijzigen, ook gebruikers, wachtwoorden, instellingen en de rollen van andere beheerders."
        }
        AdminRole::HelpdeskAdministrator => {
            "kan wachtwoorden opnieuw instellen en ondersteuningsincidenten afhandelen."
        }
    }
}
