//! German, with the labels of the German admin center.

use rules::{AdminRole, Capability, PartnerType};

use super::{InvitationTexts, Texts};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    quotes: ("„", "“"),
    colon: ": ",
    brand: "Accord Admin Center",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    invitation: InvitationTexts {
        subject: Template::new("{partner} bittet {customer}, eine Partnerbeziehung anzunehmen"),
        title: Template::new("{partner} möchte mit {customer} zusammenarbeiten"),
        greeting: Template::new("Guten Tag, {recipient},"),
        introduction: Template::new(
            "{partner} möchte Partner von {customer} werden. Lesen Sie unten, worum der Partner bittet, und nehmen Sie die Einladung dann an oder lehnen Sie sie ab.",
        ),

        request: Template::new("Die Anfrage"),
        partner_label: "Partner",
        domain_label: "Domäne",
        partner_id_label: "Microsoft-Partner-ID",
        customer_label: "Für Organisation",
        type_label: "Partnertyp",
        expires_label: "Gültig bis",

        capabilities: Template::new("Was der Partner tun könnte"),
        capabilities_follow: Template::new(
            "Ein Partner dieses Typs kann für Ihre Organisation Folgendes tun:",
        ),

        roles: Template::new("Administratorrollen"),
        roles_follow: Template::new(
            "{partner} bittet um die folgenden Administratorrollen in Ihrer Organisation. Die Mitarbeiter des Partners könnten dort dann als Administratoren arbeiten:",
        ),
        roles_end: Template::new(
            "Sie können diese Rollen jederzeit entfernen. Die Partnerbeziehung bleibt dabei bestehen.",
        ),
        no_roles: Template::new(
            "{partner} bittet nicht um Administratorrollen in Ihrer Organisation.",
        ),

        message: Template::new("Nachricht von {partner}"),
        message_follows: Template::new(
            "Dies sind die eigenen Worte des Partners. Niemand sonst hat sie geprüft.",
        ),

        what_to_do: Template::new("So nehmen Sie die Einladung an"),
        link: "Einladung ansehen",
        link_by_hand: "Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser",
        steps: [
            Template::new("Öffnen Sie den Link unten."),
            Template::new(
                "Melden Sie sich als globaler Administrator von {customer} an. Wenn Sie diese Rolle nicht haben, leiten Sie diese E-Mail an jemanden weiter, der sie hat.",
            ),
            Template::new(
                "Öffnen Sie auf der Seite *Vereinbarung annehmen und Partner autorisieren* die *Microsoft-Kundenvereinbarung* und lesen Sie sie.",
            ),
            Template::new(
                "Aktivieren Sie das Kontrollkästchen, um zu bestätigen, dass Sie die Vereinbarung gelesen haben.",
            ),
            Template::new("Wählen Sie *Annehmen und autorisieren* aus."),
        ],
        nothing_yet: Template::new(
            "Das Öffnen des Links allein ändert nichts: Der Partner erhält erst Zugriff, wenn ein globaler Administrator Ihrer Organisation die Einladung angenommen hat. Die Einladung ist gültig bis {expires}.",
        ),

        decline: Template::new("Wenn Sie das nicht möchten"),
        decline_roles: Template::new(
            "Wenn Sie dem Partner keine Administratorrollen übertragen möchten, lehnen Sie die Einladung ab, statt sie anzunehmen: Öffnen Sie den Link, melden Sie sich an und wählen Sie *Einladung ablehnen* aus. Sie können den Partner um eine Einladung ohne Administratorrollen bitten.",
        ),
        decline_relationship: Template::new(
            "Wenn Sie nicht mit diesem Partner zusammenarbeiten möchten, lehnen Sie die Einladung ab, statt sie anzunehmen: Öffnen Sie den Link, melden Sie sich an und wählen Sie *Einladung ablehnen* aus.",
        ),

        unknown: Template::new("Wenn Sie {partner} nicht kennen"),
        unknown_do: Template::new(
            "Nehmen Sie die Einladung dann nicht an. Sie können sie ablehnen oder einfach nichts tun: Sie läuft von selbst ab.",
        ),
        unknown_verify: Template::new(
            "Wenn Sie nicht sicher sind, ob die Anfrage echt ist, fragen Sie zuerst beim Partner nach. Verwenden Sie dafür eine Telefonnummer oder Adresse, die Sie bereits kennen, und keine aus dieser E-Mail.",
        ),

        why: Template::new(
            "Sie erhalten diese E-Mail, weil {partner} Sie, {recipient}, in dieser Einladung als Kontakt bei {customer} angegeben hat. Die Einladung gilt nur für {customer} und nur nach der Anmeldung.",
        ),
    },
};

fn date(date: &Date) -> String {
    let month = date.month_in(&[
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ]);
    format!("{}. {month} {}, {:02}:{:02} Uhr (UTC)", date.day, date.year, date.hour, date.minute)
}

fn partner_type(partner_type: PartnerType) -> &'static str {
    match partner_type {
        PartnerType::Reseller => "Handelspartner",
        PartnerType::DelegatedAdministrator => "Delegierter Administrator",
        PartnerType::ResellerAndDelegatedAdministrator => {
            "Handelspartner und delegierter Administrator"
        }
        PartnerType::Partner => "Partner",
        PartnerType::Advisor => "Berater",
        PartnerType::Mpsa => "MPSA-Partner (Microsoft Products & Services Agreement)",
        PartnerType::OemPc => "OEM-PC-Partner",
        PartnerType::Lob => "Partner für Branchen-Apps (LOB)",
    }
}

fn capability(capability: Capability) -> &'static str {
    match capability {
        Capability::SellProducts => "Ihnen Microsoft-Produkte verkaufen",
        Capability::ManageSubscriptions => {
            "Abonnements für Sie bestellen und verwalten, sobald Sie die Microsoft-Kundenvereinbarung angenommen haben"
        }
        Capability::ManageUsers => "Benutzerkonten erstellen und verwalten",
        Capability::ManageLicences => "Lizenzen zuweisen und verwalten",
        Capability::ResetPasswords => "Kennwörter zurücksetzen",
        Capability::HandleSupport => "Supportfälle bearbeiten",
        Capability::WorkWithServices => {
            "In Ihrem Namen mit anderen Microsoft-Diensten arbeiten, mit dem Benutzerkonto, das Sie dem Partner geben"
        }
        Capability::SeeMpsaPurchases => {
            "Die Käufe sehen, die Sie über andere MPSA-Partner getätigt haben, sofern Sie es erlauben"
        }
        Capability::UploadDeviceIds => {
            "Geräte-IDs für PCs hochladen, die Sie mit Autopilot verwalten"
        }
        Capability::ManageLobApps => {
            "Branchen-Apps für Ihre Organisation entwickeln, einreichen und verwalten"
        }
    }
}

fn admin_role(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => "Globaler Administrator",
        AdminRole::HelpdeskAdministrator => "Helpdesk-Administrator",
    }
}

fn admin_role_allows(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => {
            "kann in Ihrer Organisation alles sehen und ändern, auch Benutzer, Kennwörter, Einstellungen und die Rollen anderer Administratoren."
        }
        AdminRole::HelpdeskAdministrator => {
            "kann Kennwörter zurücksetzen und Supportfälle bearbeiten."
        }
    }
}
