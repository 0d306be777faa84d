//! Dutch, with the labels of the Dutch admin center.

use rules::{AdminRole, Capability, Language, PartnerType};

use super::{
    EnquiryDeclinedTexts, EnquiryReceivedTexts, InvitationTexts, PartnerActedTexts,
    PartnerOfRecordChangeTexts, PartnerOfRecordTexts, Texts,
};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    language: Language::Dutch,
    quotes: ("‘", "’"),
    colon: ": ",
    thousands: ".",
    licenses: ["licentie", "licenties"],
    brand: "Accord-beheercentrum",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    partner_label: "Partner",
    customer_label: "Voor organisatie",
    organization_label: "Organisatie",
    domain_label: "Domein",
    partner_id_label: "Microsoft-partner-id",
    done_by_label: "Gedaan door",
    type_label: "Partnertype",
    link_by_hand: "Werkt de knop niet? Kopieer dan dit adres naar uw browser",
    invitation: InvitationTexts {
        subject: Template::new("{partner} vraagt {customer} om een partnerrelatie te accepteren"),
        title: Template::new("{partner} wil graag samenwerken met {customer}"),
        greeting: Template::new("Beste {recipient},"),
        introduction: Template::new(
            "{partner} wil partner worden van {customer}. Lees hieronder wat de partner vraagt en accepteer of annuleer daarna de uitnodiging.",
        ),

        request: Template::new("Het verzoek"),
        code_label: "Code",
        expires_label: "Geldig tot",

        trust: Template::new("Wat is gecontroleerd en wat niet"),
        verified_label: "Gecontroleerd",
        verified: Template::new(
            "naam, domein en Microsoft-partner-id zijn die waaronder de partner in Accord is geregistreerd, en een aangemelde medewerker van de partner heeft deze uitnodiging verzonden.",
        ),
        not_verified_label: "Niet gecontroleerd",
        not_verified: Template::new(
            "alles wat de partner zelf schrijft, wat die van plan is en of iemand bij {customer} de partner kent of om deze uitnodiging heeft gevraagd.",
        ),
        compare: Template::new(
            "Deze uitnodiging heeft de code {code}. De pagina die de koppeling opent, toont dezelfde code. Toont die een andere of geen code, accepteer dan niet.",
        ),

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

        offer: Template::new("Het aanbod"),
        offer_label: "Aanbod",
        trial: "Proefabonnement",
        purchase: "Aankoop",
        product_label: "Product",
        quantity_label: "Licenties",
        offer_waits: Template::new(
            "Met het accepteren van de uitnodiging wordt nog niets besteld. Het aanbod blijft bewaard, zodat u het abonnement daarna kunt maken.",
        ),

        terms: Template::new("Voorwaarden van {partner}"),
        terms_follow: Template::new(
            "Deze voorwaarden zijn de eigen woorden van de partner. Ze horen niet bij de Microsoft-klantovereenkomst en niemand anders heeft ze gecontroleerd.",
        ),

        message: Template::new("Bericht van {partner}"),
        message_follows: Template::new(
            "Dit zijn de eigen woorden van de partner. Niemand anders heeft ze gecontroleerd, ook de adressen erin niet.",
        ),

        what_to_do: Template::new("Zo accepteert u de uitnodiging"),
        link: "Uitnodiging bekijken",
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
        authorize_in_21vianet: Template::new(
            "Selecteer onder *Partnerrelaties* de optie *Ja* om de partner te autoriseren en selecteer daarna *Volgende*.",
        ),
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
        decline_in_21vianet: Template::new(
            "Wilt u de partner niet autoriseren? Open dan de koppeling, meld u aan, selecteer onder *Partnerrelaties* de optie *Nee*, selecteer *Volgende* en daarna *Uitnodiging annuleren*.",
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
    enquiry_received: EnquiryReceivedTexts {
        subject: Template::new("{customer} vraagt {partner} om hulp"),
        title: Template::new("{customer} zoekt een partner"),
        greeting: Template::new("Beste {partner},"),
        introduction: Template::new(
            "{customer} heeft u gevonden onder *Een partner zoeken* en hoort graag van u.",
        ),
        contact_label: "Contactpersoon",
        expires_label: "Beantwoorden vóór",
        needs: Template::new("Wat {customer} nodig heeft"),
        needs_follow: Template::new(
            "Dit zijn de eigen woorden van de klant. Niemand anders heeft ze gecontroleerd.",
        ),
        what_to_do: Template::new("Zo antwoordt u"),
        answer: Template::new(
            "Open de koppeling en meld u aan als beheermedewerker of verkoopmedewerker van {partner}. Daar ziet u hoe u {person} bereikt, en kunt u antwoorden met een uitnodiging, of afwijzen en zeggen waarom. De aanvraag verloopt op {expires}.",
        ),
        link: "Aanvraag lezen",
        why: Template::new(
            "U ontvangt deze e-mail omdat dit het contactadres van {partner} is en het profiel onder *Een partner zoeken* staat. Een beheermedewerker kan dat in het profiel wijzigen.",
        ),
    },
    enquiry_declined: EnquiryDeclinedTexts {
        subject: Template::new("{partner} kan {customer} niet helpen met de aanvraag"),
        title: Template::new("{partner} heeft uw aanvraag afgewezen"),
        greeting: Template::new("Beste {recipient},"),
        introduction: Template::new(
            "{partner} heeft de aanvraag van {customer} gelezen en afgewezen. Voor uw aanvragen bij andere providers verandert er niets.",
        ),
        reason: Template::new("De reden"),
        reason_follows: Template::new(
            "Dit zijn de eigen woorden van de partner. Niemand anders heeft ze gecontroleerd.",
        ),
        what_to_do: Template::new("Wat u kunt doen"),
        ask_others: Template::new(
            "Kies een andere provider: open *Een partner zoeken*, zoek opnieuw en selecteer *Contact opnemen met geselecteerde providers*.",
        ),
        link: "Een partner zoeken",
        why: Template::new(
            "U ontvangt deze e-mail omdat u, {recipient}, contactpersoon bent van de aanvraag die {customer} aan {partner} heeft gestuurd.",
        ),
    },
    roles_given_up: PartnerActedTexts {
        subject: Template::new("{partner} heeft de beheerdersrollen bij {customer} opgegeven"),
        title: Template::new("{partner} heeft de beheerdersrollen opgegeven"),
        greeting: Template::new("Beste {recipient},"),
        what_happened: Template::new(
            "{person} van {partner} heeft de beheerdersrollen opgegeven die de partner bij {customer} had. De partner heeft dit zelf gedaan, niet iemand bij {customer}.",
        ),
        meaning: Template::new("Wat dit betekent"),
        effect: Template::new(
            "De medewerkers van {partner} kunnen niet meer als beheerder in uw organisatie werken. De partnerrelatie blijft bestaan.",
        ),
        what_to_do: Template::new("Wat u kunt doen"),
        advice: Template::new(
            "U hoeft niets te doen. Hebt u de partner nog als beheerder nodig, vraag dan om een nieuwe uitnodiging.",
        ),
        link: "Details van de partner bekijken",
        why: Template::new(
            "U ontvangt deze e-mail omdat u, {recipient}, globale beheerder van {customer} bent.",
        ),
    },
    relationship_ended: PartnerActedTexts {
        subject: Template::new("{partner} heeft de partnerrelatie met {customer} beëindigd"),
        title: Template::new("{partner} heeft de partnerrelatie beëindigd"),
        greeting: Template::new("Beste {recipient},"),
        what_happened: Template::new(
            "{person} van {partner} heeft de partnerrelatie met {customer} beëindigd. De partner heeft dit zelf gedaan, niet iemand bij {customer}.",
        ),
        meaning: Template::new("Wat dit betekent"),
        effect: Template::new(
            "{partner} kan niets meer voor uw organisatie doen. Beheerdersrollen die de partner had, zijn met de relatie beëindigd. Voor uw andere partners verandert er niets.",
        ),
        what_to_do: Template::new("Wat u kunt doen"),
        advice: Template::new(
            "U hoeft niets te doen. Had u dit niet verwacht, vraag het dan aan de partner. Wilt u weer met de partner werken, dan hebt u een nieuwe uitnodiging nodig; andere partners vindt u onder *Een partner zoeken*.",
        ),
        link: "Details van de partner bekijken",
        why: Template::new(
            "U ontvangt deze e-mail omdat u, {recipient}, globale beheerder van {customer} bent.",
        ),
    },
    partner_of_record: PartnerOfRecordTexts {
        greeting: Template::new("Beste {partner},"),
        subscriptions: Template::new("Abonnementen"),
        more: Template::new("en nog {count}"),
        meaning: Template::new("Wat dit betekent"),
        what_to_do: Template::new("Wat u kunt doen"),
        advice: Template::new(
            "U hoeft niets te doen. Had u dit niet verwacht, vraag het dan aan {customer}, via een telefoonnummer of adres dat u al kent.",
        ),
        link: "Details van de klant bekijken",
        why: Template::new(
            "U ontvangt deze e-mail omdat dit het contactadres van {partner} is. Degene die Accord voor u beheert, kan het wijzigen.",
        ),
        added: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} heeft {partner} ingesteld als partner of record"),
            title: Template::new("{partner} is nu partner of record"),
            what_happened: Template::new(
                "{person} van {customer} heeft {partner} ingesteld als partner of record van elk abonnement hieronder.",
            ),
            sight: Template::new(
                "Een abonnement uit deze lijst kunt u in Accord zien zolang u er de partner of record van bent.",
            ),
            effect: Template::new(
                "De partner of record is de partner die een klant als adviseur voor een abonnement kiest; elk abonnement heeft er hoogstens één. Op zich geeft dit u geen beheerdersrollen en geen recht om het abonnement te wijzigen. Alleen {customer} kan de partner of record wijzigen of verwijderen.",
            ),
        },
        removed: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} heeft {partner} verwijderd als partner of record"),
            title: Template::new("{partner} is geen partner of record meer"),
            what_happened: Template::new(
                "{person} van {customer} heeft {partner} verwijderd als partner of record van elk abonnement hieronder.",
            ),
            sight: Template::new(
                "Een abonnement uit deze lijst kunt u alleen nog zien als u het verkoopt of er met een andere Microsoft-partner-id de partner of record van bent.",
            ),
            effect: Template::new(
                "Uw andere abonnementen blijven zoals ze zijn, net als een partnerrelatie met {customer}.",
            ),
        },
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
        Capability::ManageLicenses => "Licenties toewijzen en beheren",
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
