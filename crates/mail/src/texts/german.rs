//! German, with the labels of the German admin center.

use rules::{AdminRole, Capability, Language, PartnerType};

use super::{
    EnquiryDeclinedTexts, EnquiryReceivedTexts, InvitationTexts, PartnerActedTexts,
    PartnerOfRecordChangeTexts, PartnerOfRecordTexts, Texts,
};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    language: Language::German,
    quotes: ("„", "“"),
    colon: ": ",
    thousands: ".",
    licenses: ["Lizenz", "Lizenzen"],
    brand: "Accord Admin Center",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    partner_label: "Partner",
    customer_label: "Für Organisation",
    organization_label: "Organisation",
    domain_label: "Domäne",
    partner_id_label: "Microsoft-Partner-ID",
    done_by_label: "Ausgeführt von",
    type_label: "Partnertyp",
    link_by_hand: "Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser",
    invitation: InvitationTexts {
        subject: Template::new("{partner} bittet {customer}, eine Partnerbeziehung anzunehmen"),
        title: Template::new("{partner} möchte mit {customer} zusammenarbeiten"),
        greeting: Template::new("Guten Tag, {recipient},"),
        introduction: Template::new(
            "{partner} möchte Partner von {customer} werden. Lesen Sie unten, worum der Partner bittet, und nehmen Sie die Einladung dann an oder lehnen Sie sie ab.",
        ),

        request: Template::new("Die Anfrage"),
        code_label: "Code",
        expires_label: "Gültig bis",

        trust: Template::new("Was geprüft ist und was nicht"),
        verified_label: "Geprüft",
        verified: Template::new(
            "Name, Domäne und Microsoft-Partner-ID sind die, unter denen der Partner in Accord registriert ist, und ein angemeldeter Mitarbeiter des Partners hat diese Einladung gesendet.",
        ),
        not_verified_label: "Nicht geprüft",
        not_verified: Template::new(
            "alles, was der Partner selbst schreibt, was er vorhat und ob ihn jemand bei {customer} kennt oder um diese Einladung gebeten hat.",
        ),
        compare: Template::new(
            "Diese Einladung hat den Code {code}. Die Seite, die der Link öffnet, zeigt denselben Code. Zeigt sie einen anderen oder keinen, nehmen Sie die Einladung nicht an.",
        ),

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

        offer: Template::new("Das Angebot"),
        offer_label: "Angebot",
        trial: "Testabonnement",
        purchase: "Kauf",
        product_label: "Produkt",
        quantity_label: "Lizenzen",
        offer_waits: Template::new(
            "Mit der Annahme der Einladung wird noch nichts bestellt. Das Angebot bleibt erhalten, damit Sie das Abonnement danach erstellen können.",
        ),

        terms: Template::new("Bedingungen von {partner}"),
        terms_follow: Template::new(
            "Diese Bedingungen sind die eigenen Worte des Partners. Sie gehören nicht zur Microsoft-Kundenvereinbarung, und niemand sonst hat sie geprüft.",
        ),

        message: Template::new("Nachricht von {partner}"),
        message_follows: Template::new(
            "Dies sind die eigenen Worte des Partners. Niemand sonst hat sie geprüft, auch keine Adresse darin.",
        ),

        what_to_do: Template::new("So nehmen Sie die Einladung an"),
        link: "Einladung ansehen",
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
        authorize_in_21vianet: Template::new(
            "Wählen Sie unter *Partnerbeziehungen* die Option *Ja* aus, um den Partner zu autorisieren, und wählen Sie dann *Weiter* aus.",
        ),
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
        decline_in_21vianet: Template::new(
            "Wenn Sie den Partner nicht autorisieren möchten, öffnen Sie den Link, melden Sie sich an, wählen Sie unter *Partnerbeziehungen* die Option *Nein*, dann *Weiter* und danach *Einladung ablehnen* aus.",
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
    enquiry_received: EnquiryReceivedTexts {
        subject: Template::new("{customer} bittet {partner} um Unterstützung"),
        title: Template::new("{customer} sucht einen Partner"),
        greeting: Template::new("Guten Tag, {partner},"),
        introduction: Template::new(
            "{customer} hat Sie unter *Partner suchen* gefunden und möchte gern von Ihnen hören.",
        ),
        contact_label: "Ansprechpartner",
        expires_label: "Antwort vor dem",
        needs: Template::new("Was {customer} braucht"),
        needs_follow: Template::new(
            "Dies sind die eigenen Worte des Kunden. Niemand sonst hat sie geprüft.",
        ),
        what_to_do: Template::new("So antworten Sie"),
        answer: Template::new(
            "Öffnen Sie den Link und melden Sie sich als Administrator-Agent oder Vertriebs-Agent von {partner} an. Dort sehen Sie, wie Sie {person} erreichen, und können mit einer Einladung antworten oder ablehnen und den Grund nennen. Die Anfrage läuft ab am {expires}.",
        ),
        link: "Anfrage lesen",
        why: Template::new(
            "Sie erhalten diese E-Mail, weil dies die Kontaktadresse von {partner} ist und das Profil unter *Partner suchen* steht. Ein Administrator-Agent kann das im Profil ändern.",
        ),
    },
    enquiry_declined: EnquiryDeclinedTexts {
        subject: Template::new("{partner} kann {customer} bei der Anfrage nicht helfen"),
        title: Template::new("{partner} hat Ihre Anfrage abgelehnt"),
        greeting: Template::new("Guten Tag, {recipient},"),
        introduction: Template::new(
            "{partner} hat die Anfrage von {customer} gelesen und abgelehnt. Ihre Anfragen bei anderen Anbietern sind davon nicht betroffen.",
        ),
        reason: Template::new("Der Grund"),
        reason_follows: Template::new(
            "Dies sind die eigenen Worte des Partners. Niemand sonst hat sie geprüft.",
        ),
        what_to_do: Template::new("Was Sie tun können"),
        ask_others: Template::new(
            "Wählen Sie einen anderen Anbieter: Öffnen Sie *Partner suchen*, suchen Sie erneut und wählen Sie *Ausgewählte Anbieter kontaktieren* aus.",
        ),
        link: "Partner suchen",
        why: Template::new(
            "Sie erhalten diese E-Mail, weil Sie, {recipient}, Ansprechpartner der Anfrage sind, die {customer} an {partner} gesendet hat.",
        ),
    },
    roles_given_up: PartnerActedTexts {
        subject: Template::new("{partner} hat die Administratorrollen bei {customer} abgegeben"),
        title: Template::new("{partner} hat die Administratorrollen abgegeben"),
        greeting: Template::new("Guten Tag, {recipient},"),
        what_happened: Template::new(
            "{person} von {partner} hat die Administratorrollen abgegeben, die der Partner bei {customer} hatte. Das hat der Partner selbst getan, niemand bei {customer}.",
        ),
        meaning: Template::new("Was das bedeutet"),
        effect: Template::new(
            "Die Mitarbeiter von {partner} können nicht mehr als Administratoren in Ihrer Organisation arbeiten. Die Partnerbeziehung bleibt bestehen.",
        ),
        what_to_do: Template::new("Was Sie tun können"),
        advice: Template::new(
            "Sie müssen nichts tun. Wenn Sie den Partner weiterhin als Administrator brauchen, bitten Sie ihn um eine neue Einladung.",
        ),
        link: "Details des Partners ansehen",
        why: Template::new(
            "Sie erhalten diese E-Mail, weil Sie, {recipient}, globaler Administrator von {customer} sind.",
        ),
    },
    relationship_ended: PartnerActedTexts {
        subject: Template::new("{partner} hat die Partnerbeziehung mit {customer} beendet"),
        title: Template::new("{partner} hat die Partnerbeziehung beendet"),
        greeting: Template::new("Guten Tag, {recipient},"),
        what_happened: Template::new(
            "{person} von {partner} hat die Partnerbeziehung mit {customer} beendet. Das hat der Partner selbst getan, niemand bei {customer}.",
        ),
        meaning: Template::new("Was das bedeutet"),
        effect: Template::new(
            "{partner} kann für Ihre Organisation nichts mehr tun. Administratorrollen, die der Partner hatte, endeten mit der Beziehung. Ihre anderen Partner sind davon nicht betroffen.",
        ),
        what_to_do: Template::new("Was Sie tun können"),
        advice: Template::new(
            "Sie müssen nichts tun. Wenn Sie das nicht erwartet haben, fragen Sie den Partner. Um wieder mit ihm zu arbeiten, brauchen Sie eine neue Einladung; andere Partner finden Sie unter *Partner suchen*.",
        ),
        link: "Details des Partners ansehen",
        why: Template::new(
            "Sie erhalten diese E-Mail, weil Sie, {recipient}, globaler Administrator von {customer} sind.",
        ),
    },
    partner_of_record: PartnerOfRecordTexts {
        greeting: Template::new("Guten Tag, {partner},"),
        subscriptions: Template::new("Abonnements"),
        more: Template::new("und {count} weitere"),
        meaning: Template::new("Was das bedeutet"),
        what_to_do: Template::new("Was Sie tun können"),
        advice: Template::new(
            "Sie müssen nichts tun. Wenn Sie das nicht erwartet haben, fragen Sie bei {customer} nach. Verwenden Sie dafür eine Telefonnummer oder Adresse, die Sie bereits kennen.",
        ),
        link: "Details des Kunden ansehen",
        why: Template::new(
            "Sie erhalten diese E-Mail, weil dies die Kontaktadresse von {partner} ist. Der Betreiber von Accord kann sie ändern.",
        ),
        added: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} hat {partner} als Partner of Record angegeben"),
            title: Template::new("{partner} ist jetzt Partner of Record"),
            what_happened: Template::new(
                "{person} von {customer} hat {partner} bei jedem unten aufgeführten Abonnement als Partner of Record angegeben.",
            ),
            sight: Template::new(
                "Ein hier aufgeführtes Abonnement können Sie in Accord sehen, solange Sie sein Partner of Record sind.",
            ),
            effect: Template::new(
                "Der Partner of Record ist der Partner, den ein Kunde als Berater für ein Abonnement wählt; jedes Abonnement hat höchstens einen. Für sich allein gibt Ihnen das keine Administratorrollen und kein Recht, das Abonnement zu ändern. Den Partner of Record kann nur {customer} ändern oder entfernen.",
            ),
        },
        removed: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} hat {partner} als Partner of Record entfernt"),
            title: Template::new("{partner} ist nicht mehr Partner of Record"),
            what_happened: Template::new(
                "{person} von {customer} hat {partner} bei jedem unten aufgeführten Abonnement als Partner of Record entfernt.",
            ),
            sight: Template::new(
                "Ein hier aufgeführtes Abonnement können Sie nur noch sehen, wenn Sie es verkaufen oder mit einer anderen Microsoft-Partner-ID sein Partner of Record sind.",
            ),
            effect: Template::new(
                "Ihre anderen Abonnements bleiben, wie sie sind, ebenso eine Partnerbeziehung mit {customer}.",
            ),
        },
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
        Capability::ManageLicenses => "Lizenzen zuweisen und verwalten",
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
