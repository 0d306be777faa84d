//! Demo data: fictional organizations in the three clouds, partners of all eight types, a
//! directory of partners to search, agreements with and without acceptances, enquiries,
//! invitations and subscriptions in all states, and accounts with each role. The use cases
//! themselves create the data, so that it contains nothing that they would not allow. The
//! exceptions are relationships and subscriptions that are older than Accord, which are
//! imported.

mod directory;
mod subscriptions;

use api::{
    AuditAction, CustomerRef, DemoAccount, DraftInvitation, EnquiryFilter, EnquiryQuery,
    NewEnquiry, NewProfile,
};
use rules::{
    Cloud, DAY, EnquiryContent, EnquiryId, HOUR, InvitationContent, InvitationId, Language,
    Location, Note, Offer, OfferKind, OrganizationId, OrganizationKind, OrganizationSize,
    PartnerId, PartnerType, Relationship, RelationshipId, RelationshipState, RoleGrant, Timestamp,
    UserRole,
};

use crate::agreements::{self, NewAgreementDocument};
use crate::model::{Organization, PartnerClouds, PartnerFacts, PasswordHash, Session, User};
use crate::organizations::{self, NewOrganization, NewOrganizationKind, NewUser};
use crate::{
    Caller, Context, Error, Read, Result, StoreError, Write, enquiries, invitations, outbox,
    profile, relationships,
};

/// Password of all demo accounts.
pub const PASSWORD: &str = "open sesame demo";

struct DemoOrganization {
    name: &'static str,
    domain: &'static str,
    country: &'static str,
    clouds: &'static [Cloud],
    /// Microsoft Partner ID, phone number and address of a partner.
    partner: Option<(&'static str, &'static str, &'static str)>,
}

struct DemoUser {
    name: &'static str,
    email: &'static str,
    role: UserRole,
    language: Language,
}

const ORGANIZATIONS: &[DemoOrganization] = &[
    customer("Brightwater Schools", "brightwater.example", "NL", &[Cloud::Worldwide]),
    customer("Harbour Bakery", "harbourbakery.example", "IE", &[Cloud::Worldwide]),
    customer("Lindenhof Maschinenbau GmbH", "lindenhof.example", "DE", &[Cloud::Germany]),
    customer("翠河贸易 Jade River Trading", "jaderiver.example", "CN", &[Cloud::Vianet21]),
    partner(
        "Meridian Cloud Services",
        "meridiancloud.example",
        "NL",
        &[Cloud::Worldwide, Cloud::Germany],
        ("4391507", "+31 20 555 0142", "Keizersgracht 401\n1016 EK Amsterdam\nNetherlands"),
    ),
    partner(
        "Kestrel Licensing",
        "kestrel.example",
        "BE",
        &[Cloud::Worldwide],
        ("5357564", "+32 2 555 0118", "Rue de la Loi 20\n1000 Brussels\nBelgium"),
    ),
    partner(
        "Oakline IT",
        "oakline.example",
        "NL",
        &[Cloud::Worldwide],
        ("6120984", "+31 30 555 0177", "Oudegracht 88\n3511 AV Utrecht\nNetherlands"),
    ),
    partner(
        "Fernhill Support",
        "fernhill.example",
        "IE",
        &[Cloud::Worldwide],
        ("2847716", "+353 1 555 0164", "12 Merrion Row\nDublin 2\nIreland"),
    ),
    partner(
        "Quillon Advisory",
        "quillon.example",
        "GB",
        &[Cloud::Worldwide],
        ("7730251", "+44 20 5550 0192", "3 Lamb Street\nLondon E1 6EA\nUnited Kingdom"),
    ),
    partner(
        "Saltmarsh Consulting",
        "saltmarsh.example",
        "NL",
        &[Cloud::Worldwide],
        ("3908842", "+31 10 555 0135", "Wijnhaven 65\n3011 WJ Rotterdam\nNetherlands"),
    ),
    partner(
        "Tidewater Procurement",
        "tidewater.example",
        "DK",
        &[Cloud::Worldwide],
        ("1584320", "+45 55 55 01 21", "Nyhavn 44\n1051 Copenhagen\nDenmark"),
    ),
    partner(
        "Pinnacle Devices",
        "pinnacledevices.example",
        "SE",
        &[Cloud::Worldwide],
        ("8559542", "+46 8 555 0150", "Sveavägen 17\n111 57 Stockholm\nSweden"),
    ),
    partner(
        "Lumen App Studio",
        "lumenapps.example",
        "NL",
        &[Cloud::Worldwide],
        ("9042716", "+31 40 555 0106", "Torenallee 20\n5617 BC Eindhoven\nNetherlands"),
    ),
    partner(
        "Rheinblick Systemhaus GmbH",
        "rheinblick.example",
        "DE",
        &[Cloud::Germany],
        ("6623170", "+49 221 555 0139", "Domstraße 7\n50668 Köln\nGermany"),
    ),
    partner(
        "海云科技 Haiyun Technology",
        "haiyun.example",
        "CN",
        &[Cloud::Vianet21],
        ("2719385", "+86 21 5550 0111", "南京西路 1266 号\n上海 200040"),
    ),
];

const fn customer(
    name: &'static str,
    domain: &'static str,
    country: &'static str,
    clouds: &'static [Cloud],
) -> DemoOrganization {
    DemoOrganization { name, domain, country, clouds, partner: None }
}

const fn partner(
    name: &'static str,
    domain: &'static str,
    country: &'static str,
    clouds: &'static [Cloud],
    facts: (&'static str, &'static str, &'static str),
) -> DemoOrganization {
    DemoOrganization { name, domain, country, clouds, partner: Some(facts) }
}

const USERS: &[DemoUser] = &[
    user(
        "Anna de Vries",
        "anna@brightwater.example",
        UserRole::GlobalAdministrator,
        Language::English,
    ),
    user("Daan Smit", "daan@brightwater.example", UserRole::GlobalAdministrator, Language::Dutch),
    user(
        "Ben Okafor",
        "ben@brightwater.example",
        UserRole::BillingAdministrator,
        Language::English,
    ),
    user("Carla Jansen", "carla@brightwater.example", UserRole::GlobalReader, Language::Dutch),
    user(
        "Grace Byrne",
        "grace@harbourbakery.example",
        UserRole::GlobalAdministrator,
        Language::English,
    ),
    user("Eva Brandt", "eva@lindenhof.example", UserRole::GlobalAdministrator, Language::German),
    user(
        "Felix Krüger",
        "felix@lindenhof.example",
        UserRole::BillingAdministrator,
        Language::German,
    ),
    user("李娜 Li Na", "li.na@jaderiver.example", UserRole::GlobalAdministrator, Language::Chinese),
    user("Mara Visser", "mara@meridiancloud.example", UserRole::AdminAgent, Language::Dutch),
    user("Sam Peters", "sam@meridiancloud.example", UserRole::SalesAgent, Language::English),
    user("Hugo Meijer", "hugo@meridiancloud.example", UserRole::HelpdeskAgent, Language::Dutch),
    user("Kim Lambert", "kim@kestrel.example", UserRole::AdminAgent, Language::English),
    user("Olga Bakker", "olga@oakline.example", UserRole::AdminAgent, Language::Dutch),
    user("Finn Doyle", "finn@fernhill.example", UserRole::AdminAgent, Language::English),
    user("Quinn Hart", "quinn@quillon.example", UserRole::AdminAgent, Language::English),
    user("Sanne Mulder", "sanne@saltmarsh.example", UserRole::AdminAgent, Language::Dutch),
    user("Tove Lund", "tove@tidewater.example", UserRole::AdminAgent, Language::English),
    user("Per Nyström", "per@pinnacledevices.example", UserRole::AdminAgent, Language::English),
    user("Lotte Peeters", "lotte@lumenapps.example", UserRole::AdminAgent, Language::Dutch),
    user("Ralf Neumann", "ralf@rheinblick.example", UserRole::AdminAgent, Language::German),
    user("王海 Wang Hai", "wang.hai@haiyun.example", UserRole::AdminAgent, Language::Chinese),
];

const fn user(
    name: &'static str,
    email: &'static str,
    role: UserRole,
    language: Language,
) -> DemoUser {
    DemoUser { name, email, role, language }
}

/// Accounts that the sign-in page offers, with each role and cloud.
const OFFERED_ACCOUNTS: &[&str] = &[
    "anna@brightwater.example",
    "daan@brightwater.example",
    "ben@brightwater.example",
    "carla@brightwater.example",
    "grace@harbourbakery.example",
    "eva@lindenhof.example",
    "li.na@jaderiver.example",
    "mara@meridiancloud.example",
    "sam@meridiancloud.example",
];

/// Returns the accounts that the sign-in page of a demo server offers.
///
/// # Errors
/// None with valid demo data, which a test checks.
pub fn accounts() -> Result<Vec<DemoAccount>> {
    OFFERED_ACCOUNTS
        .iter()
        .map(|offered| {
            let user = USERS.iter().find(|user| user.email == *offered);
            let (user, organization) =
                user.zip(organization_of(offered)).ok_or_else(invalid_demo_data)?;
            Ok(DemoAccount {
                email: parse(user.email)?,
                password: PASSWORD.to_owned(),
                name: parse(user.name)?,
                organization: parse(organization.name)?,
                kind: match organization.partner {
                    Some(_) => OrganizationKind::Partner,
                    None => OrganizationKind::Customer,
                },
                clouds: organization.clouds.to_vec(),
                roles: vec![user.role],
            })
        })
        .collect()
}

fn organization_of(email: &str) -> Option<&'static DemoOrganization> {
    let (_, domain) = email.split_once('@')?;
    demo_organizations().find(|organization| organization.domain == domain)
}

/// Returns the organizations that take part in the history, and those that are only listed in
/// the directory.
fn demo_organizations() -> impl Iterator<Item = &'static DemoOrganization> {
    ORGANIZATIONS.iter().chain(directory::PARTNERS)
}

/// Content of a store, which decides whether it can be used for the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreContents {
    /// Nothing; demo data can be added.
    Empty,
    /// Demo data only.
    DemoData,
    /// Other organizations. A demo server, which shows the outbox to all users, must not use
    /// the store.
    OwnData,
}

/// Returns what the store contains.
pub fn store_contents(store: &mut dyn Read) -> Result<StoreContents> {
    let organizations = store.organizations()?;
    let sample = |kept: &Organization| {
        demo_organizations().any(|sample| sample.domain == kept.domain().as_str())
    };
    Ok(if organizations.is_empty() {
        StoreContents::Empty
    } else if organizations.iter().all(sample) {
        StoreContents::DemoData
    } else {
        StoreContents::OwnData
    })
}

/// Fills an empty store with demo data, with a history of some years before `context.now`.
///
/// # Errors
/// Those of the store. Any other error means that the demo data breaks a rule.
pub fn fill(store: &mut dyn Write, context: &mut Context, password: &PasswordHash) -> Result<()> {
    let now = context.now;
    let mut builder = DemoBuilder { store, context, now, password, callers: Vec::new() };
    builder.create_organizations()?;
    builder.add_documents()?;
    builder.set_profiles()?;
    builder.add_products_and_partner_ids()?;
    builder.create_relationships()?;
    builder.create_subscriptions()?;
    builder.send_enquiries()?;
    builder.create_invitations()?;
    builder.context.now = now;
    Ok(())
}

struct DemoBuilder<'a> {
    store: &'a mut dyn Write,
    context: &'a mut Context,
    now: Timestamp,
    password: &'a PasswordHash,
    callers: Vec<Caller>,
}

/// Limit for listing mails; more than any organization gets.
const MAIL_LIMIT: u32 = 100;

/// An enquiry of a customer to some partners.
#[derive(Clone, Copy)]
struct DemoEnquiry {
    from: &'static str,
    to: &'static [&'static str],
    city: &'static str,
    size: OrganizationSize,
    phone: &'static str,
    text: &'static str,
}

/// Optional parts of an invitation.
#[derive(Clone, Copy, Default)]
struct InvitationExtras {
    enquiry: Option<EnquiryId>,
    terms: &'static str,
    offer: Option<(OfferKind, &'static str, u32)>,
}

/// An invitation from a partner.
struct DemoInvitation {
    partner: &'static str,
    customer: &'static str,
    kind: PartnerType,
    roles: bool,
    message: &'static str,
}

impl DemoBuilder<'_> {
    /// Sets the clock to a number of hours before now.
    fn hours_ago(&mut self, hours: i64) {
        self.context.now = self.now.plus(-hours * HOUR);
    }

    fn days_ago(&mut self, days: i64) {
        self.context.now = self.now.plus(-days * DAY);
    }

    fn create_organizations(&mut self) -> Result<()> {
        for (place, sample) in (0..).zip(ORGANIZATIONS) {
            let partner = sample.partner.is_some();
            self.create_organization(
                sample,
                if partner { 2_900 - place * 137 } else { 900 - place * 60 },
            )?;
        }
        for (place, sample) in (0..).zip(directory::PARTNERS) {
            self.create_organization(sample, 2_600 - place * 83)?;
        }
        Ok(())
    }

    fn create_organization(&mut self, sample: &DemoOrganization, days: i64) -> Result<()> {
        self.days_ago(days);
        let cloud = sample.clouds.first().copied().ok_or_else(invalid_demo_data)?;
        let organization = organizations::create(
            self.store,
            self.context,
            NewOrganization {
                name: parse(sample.name)?,
                domain: parse(sample.domain)?,
                country: parse(sample.country)?,
                kind: match sample.partner {
                    None => NewOrganizationKind::Customer { cloud },
                    Some((id, phone, address)) => NewOrganizationKind::Partner {
                        clouds: PartnerClouds::new(cloud, sample.clouds.iter().copied()),
                        facts: PartnerFacts {
                            partner_id: parse::<PartnerId>(id)?,
                            email: parse(&format!("hello@{}", sample.domain))?,
                            phone: Some(parse(phone)?),
                            address: Some(parse::<Note>(address)?),
                        },
                    },
                },
            },
        )?;
        let people = USERS.iter().chain(directory::STAFF);
        for user in people.filter(|user| user.email.ends_with(&format!("@{}", sample.domain))) {
            self.create_user(&organization, user)?;
        }
        Ok(())
    }

    fn create_user(&mut self, organization: &Organization, sample: &DemoUser) -> Result<()> {
        let user: User = organizations::create_user(
            self.store,
            self.context,
            NewUser {
                organization: organization.id(),
                email: parse(sample.email)?,
                name: parse(sample.name)?,
                password: self.password.clone(),
                roles: vec![sample.role],
                language: sample.language,
            },
        )?;
        // Demo users act without signing in: these sessions are never stored.
        let session = Session {
            token: self.context.token().hash(),
            user: user.id,
            organization: organization.id(),
            created: self.context.now,
            expires: self.context.now,
        };
        self.callers.push(Caller { user, organization: organization.clone(), session });
        Ok(())
    }

    fn add_documents(&mut self) -> Result<()> {
        self.days_ago(420);
        for cloud in Cloud::ALL {
            for document in DOCUMENTS.iter().filter(|one| one.clouds.contains(cloud)) {
                agreements::add_document(
                    self.store,
                    self.context,
                    NewAgreementDocument {
                        cloud: *cloud,
                        language: document.language,
                        version: 1,
                        title: parse(document.title)?,
                        body: document.body.trim().to_owned(),
                    },
                )?;
            }
        }
        Ok(())
    }

    /// Sets the profile of each partner.
    fn set_profiles(&mut self) -> Result<()> {
        for (place, sample) in (0..).zip(directory::PROFILES) {
            self.days_ago(700 - place);
            let agent = self.agent(sample.domain)?;
            let mut locations = Vec::new();
            for (country, city) in sample.locations {
                locations.push(Location { country: parse(country)?, city: Some(parse(city)?) });
            }
            let profile = NewProfile {
                listed: sample.listed,
                description: Some(parse(sample.description)?),
                locations,
                services: sample.services.to_vec(),
                industries: sample.industries.to_vec(),
                sizes: sample.sizes.to_vec(),
                countries: sample
                    .countries
                    .iter()
                    .map(|code| parse(code))
                    .collect::<Result<_>>()?,
            };
            profile::set(self.store, self.context, &agent, 0, profile)?;
        }
        Ok(())
    }

    /// Creates active and ended relationships.
    fn create_relationships(&mut self) -> Result<()> {
        use PartnerType as T;
        let brightwater = "anna@brightwater.example";
        for (days, partner, kind, roles) in [
            (380, "sanne@saltmarsh.example", T::Partner, false),
            (341, "tove@tidewater.example", T::Mpsa, false),
            (300, "kim@kestrel.example", T::Reseller, false),
            (255, "per@pinnacledevices.example", T::OemPc, false),
            (214, "lotte@lumenapps.example", T::Lob, false),
            (160, "finn@fernhill.example", T::Advisor, true),
            (121, "olga@oakline.example", T::DelegatedAdministrator, true),
        ] {
            self.accept_invitation(
                days,
                &DemoInvitation { partner, customer: brightwater, kind, roles, message: "" },
            )?;
        }
        // This invitation expires without an answer.
        self.days_ago(104);
        self.send_invitation(&DemoInvitation {
            partner: "kim@kestrel.example",
            customer: brightwater,
            kind: T::Advisor,
            roles: true,
            message: "We could look after your help desk during the summer.",
        })?;
        self.accept_invitation(
            96,
            &DemoInvitation {
                partner: "quinn@quillon.example",
                customer: brightwater,
                kind: T::Advisor,
                roles: false,
                message: "",
            },
        )?;
        let meridian = "mara@meridiancloud.example";
        self.insert_relationship_without_agreement(
            640,
            meridian,
            "eva@lindenhof.example",
            T::ResellerAndDelegatedAdministrator,
        )?;
        let asked = DemoInvitation {
            partner: meridian,
            customer: brightwater,
            kind: T::Advisor,
            roles: true,
            message: "",
        };
        let ended = self.accept_invitation(70, &asked)?;
        self.days_ago(41);
        let anna = self.caller(brightwater)?;
        let version = relationships::get(self.store, &anna, ended, self.context.now)?.etag.0;
        relationships::delete(self.store, self.context, &anna, ended, version)?;
        self.accept_invitation_with(
            33,
            &DemoInvitation {
                partner: "wang.hai@haiyun.example",
                customer: "li.na@jaderiver.example",
                kind: T::DelegatedAdministrator,
                roles: true,
                message: "",
            },
            InvitationExtras {
                terms: "许可证按年结算。我们在工作日九点至十八点提供中文支持，两小时内响应。",
                offer: Some((OfferKind::Purchase, "Office 365 企业版 E1", 60)),
                ..InvitationExtras::default()
            },
        )?;
        self.add_expiring_roles()
    }

    /// Imports a relationship from before there was an agreement to accept.
    fn insert_relationship_without_agreement(
        &mut self,
        days: i64,
        partner: &str,
        customer: &str,
        kind: PartnerType,
    ) -> Result<()> {
        self.days_ago(days);
        let (partner, customer) = (self.caller(partner)?, self.caller(customer)?);
        let now = self.context.now;
        let roles = kind.admin_roles().iter();
        let relationship = Relationship {
            id: RelationshipId::new(now, self.context.id_bits()),
            customer: customer.organization.id(),
            cloud: customer.organization.cloud(),
            partner: partner.organization.id(),
            partner_type: kind,
            grants: roles.map(|role| RoleGrant { role: *role, since: now, ends: None }).collect(),
            since: now,
            invitation: None,
            state: RelationshipState::Active,
            version: 1,
        };
        self.store.insert_relationship(&relationship)?;
        relationships::write_audit_entries(
            self.store,
            self.context,
            &customer,
            &relationship,
            AuditAction::RelationshipCreated,
        )
    }

    /// Adds an advisor whose roles expire in twelve days.
    fn add_expiring_roles(&mut self) -> Result<()> {
        let anna = self.caller("anna@brightwater.example")?;
        let fernhill = self.caller("finn@fernhill.example")?.organization.id();
        let advisors = self.store.relationships_between(anna.organization.id(), fernhill)?;
        for mut relationship in advisors {
            for grant in &mut relationship.grants {
                grant.ends = Some(self.now.plus(12 * DAY));
            }
            relationship.version += 1;
            self.store.update_relationship(&relationship)?;
        }
        Ok(())
    }

    /// Sends enquiries from customers, and answers them.
    fn send_enquiries(&mut self) -> Result<()> {
        self.add_enquiries_of_school()?;
        self.add_enquiries_of_bakery()?;
        self.add_enquiries_of_works()?;
        self.add_enquiries_of_trading_house()
    }

    fn add_enquiries_of_school(&mut self) -> Result<()> {
        let anna = "anna@brightwater.example";
        let size = OrganizationSize::From251To1000;
        self.days_ago(48);
        self.send_enquiry(&DemoEnquiry {
            from: anna,
            to: &["veldwerk.example"],
            city: "Haarlem",
            size,
            phone: "",
            text: "Our nine schools keep eleven terabytes on file servers of 2012. We look for \
                somebody who plans the migration to SharePoint with us and does it in the summer \
                holidays.",
        })?;
        self.days_ago(26);
        let courses = self.send_enquiry(&DemoEnquiry {
            from: anna,
            to: &["polderlearning.example"],
            city: "Haarlem",
            size,
            phone: "+31 23 555 0190",
            text: "A training day on Teams for 240 teachers, on Friday 5 September.",
        })?;
        self.days_ago(24);
        self.decline_enquiries(
            &courses,
            "Op 5 september zijn al onze trainers bezet. Vanaf oktober komen wij graag.",
        )?;
        self.days_ago(9);
        let care = self.send_enquiry(&DemoEnquiry {
            from: anna,
            to: &["meridiancloud.example", "noorderlicht.example"],
            city: "Haarlem",
            size,
            phone: "+31 23 555 0190",
            text: "We want to order student licenses for nine schools and have somebody who sets \
                them up and looks after them. Around 900 people, of whom 120 are staff.",
        })?;
        self.days_ago(8);
        for enquiry in care {
            self.mark_enquiry_read(enquiry)?;
        }
        self.days_ago(2);
        self.send_enquiry(&DemoEnquiry {
            from: anna,
            to: &["polderlearning.example"],
            city: "Haarlem",
            size,
            phone: "",
            text: "A second attempt: Teams training in two groups of 120, in the autumn holidays \
                or in the first week of November.",
        })?;
        Ok(())
    }

    fn add_enquiries_of_bakery(&mut self) -> Result<()> {
        let needs = DemoEnquiry {
            from: "grace@harbourbakery.example",
            to: &["meridiancloud.example"],
            city: "Dublin",
            size: OrganizationSize::From10To50,
            phone: "+353 1 555 0187",
            text: "Five shops, no IT of our own. Our mail should move to Microsoft 365 before the \
                lease of the old server ends in four weeks.",
        };
        self.days_ago(33);
        let move_mail = self.send_enquiry(&needs)?;
        self.days_ago(31);
        for enquiry in &move_mail {
            self.mark_enquiry_read(*enquiry)?;
        }
        self.days_ago(30);
        self.decline_enquiries(
            &move_mail,
            "We would not manage it in four weeks, and it would be unfair to try. From next month \
             on there is room again.",
        )?;
        self.hours_ago(5);
        self.send_enquiry(&DemoEnquiry {
            to: &["meridiancloud.example", "clonmore.example"],
            text: "The mail has moved. Now we look for somebody who keeps our licenses in order \
                and helps five shops with Teams on their tills' tablets.",
            ..needs
        })?;
        Ok(())
    }

    fn add_enquiries_of_works(&mut self) -> Result<()> {
        let needs = DemoEnquiry {
            from: "eva@lindenhof.example",
            to: &["meridiancloud.example"],
            city: "Augsburg",
            size: OrganizationSize::From51To250,
            phone: "",
            text: "Wir suchen eine Schulung zu Teams für 60 Personen in der Fertigung, in kleinen \
                Gruppen und am Nachmittag.",
        };
        self.days_ago(41);
        self.send_enquiry(&needs)?;
        self.days_ago(3);
        let servers = self.send_enquiry(&DemoEnquiry {
            to: &["meridiancloud.example", "rheinblick.example", "isarwerk.example"],
            phone: "+49 821 555 0166",
            text: "Migration von zwei Dateiservern nach SharePoint, mit Rechten und Verlauf. \
                Betriebsrat ist eingebunden; Beginn im nächsten Quartal.",
            ..needs
        })?;
        self.days_ago(2);
        for enquiry in servers.into_iter().take(2) {
            self.mark_enquiry_read(enquiry)?;
        }
        Ok(())
    }

    /// Sends the enquiries of the trading house. One leads to an accepted offer that has not
    /// been used yet, and one to an invitation that is still open.
    fn add_enquiries_of_trading_house(&mut self) -> Result<()> {
        let li_na = "li.na@jaderiver.example";
        let needs = DemoEnquiry {
            from: li_na,
            to: &["changfeng.example"],
            city: "上海",
            size: OrganizationSize::From51To250,
            phone: "+86 21 5550 0145",
            text: "需要为四十名员工采购 Office 365，并安排两天的 Teams 培训。",
        };
        self.days_ago(66);
        let licenses = self.send_enquiry(&needs)?;
        let asked = DemoInvitation {
            partner: "zhao@changfeng.example",
            customer: li_na,
            kind: PartnerType::Reseller,
            roles: false,
            message: "培训安排在采购完成后的第二周。",
        };
        let extras = InvitationExtras {
            enquiry: licenses.first().copied(),
            terms: "许可证按月结算，可提前三十天通知取消。培训在贵公司现场进行，费用已包含在内。",
            offer: Some((OfferKind::Purchase, "Office 365 企业版 E3", 40)),
        };
        self.accept_invitation_with(62, &asked, extras)?;

        self.days_ago(16);
        let files = self.send_enquiry(&DemoEnquiry {
            to: &["yunfan.example", "jinjiang.example"],
            text: "我们计划把文件服务器和邮箱迁移到云端，希望先试用，再决定是否采购。",
            ..needs
        })?;
        let (first, others) = files.split_at(files.len().min(1));
        self.days_ago(14);
        self.decline_enquiries(
            others,
            "我们目前只服务西南地区的客户，建议联系上海或深圳的合作伙伴。",
        )?;
        self.days_ago(7);
        let asked = DemoInvitation {
            partner: "chen.fan@yunfan.example",
            customer: li_na,
            kind: PartnerType::DelegatedAdministrator,
            roles: true,
            message: "试用期间由我们完成迁移演练，贵公司无需改动现有系统。",
        };
        let extras = InvitationExtras {
            enquiry: first.first().copied(),
            terms: "试用三十天，不收取费用。迁移演练期间我们仅使用受邀请授予的管理员角色，并在试用结束后七天内删除全部演练数据。",
            offer: Some((OfferKind::Trial, "Office 365 企业版 E5", 25)),
        };
        self.send_invitation_with(&asked, extras)?;
        Ok(())
    }

    /// Sends an enquiry to each of these partners, and returns the ids in that order.
    fn send_enquiry(&mut self, needs: &DemoEnquiry) -> Result<Vec<EnquiryId>> {
        let from = self.caller(needs.from)?;
        let mut partners = Vec::new();
        for domain in needs.to {
            partners.push(self.agent(domain)?.organization.id());
        }
        let new = NewEnquiry {
            partners,
            content: EnquiryContent {
                country: from.organization.country().clone(),
                city: Some(parse(needs.city)?),
                size: needs.size,
                needs: parse(needs.text)?,
                contact_name: from.user.name.clone(),
                contact_email: from.user.email.clone(),
                contact_phone: match needs.phone {
                    "" => None,
                    phone => Some(parse(phone)?),
                },
            },
        };
        let sent = enquiries::send(self.store, self.context, &from, &new)?;
        // Mails of the last days stay in the outbox, so that visitors can read them.
        if self.context.now < self.now.plus(-4 * DAY) {
            for partner in new.partners {
                self.mark_sent(partner)?;
            }
        }
        Ok(sent.value.into_iter().map(|enquiry| enquiry.id).collect())
    }

    /// Lets the first user of the partner read an enquiry.
    fn mark_enquiry_read(&mut self, enquiry: EnquiryId) -> Result<()> {
        let agent = self.enquiry_agent(enquiry)?;
        enquiries::mark_read(self.store, self.context, &agent, enquiry)?;
        Ok(())
    }

    /// Lets the partners decline enquiries.
    fn decline_enquiries(&mut self, enquiries: &[EnquiryId], reason: &str) -> Result<()> {
        for enquiry in enquiries {
            let agent = self.enquiry_agent(*enquiry)?;
            let now = self.context.now;
            let version = enquiries::get(self.store, &agent, *enquiry, now)?.etag.0;
            let reason = parse(reason)?;
            let declined =
                enquiries::decline(self.store, self.context, &agent, *enquiry, version, &reason)?;
            self.mark_sent(declined.customer)?;
        }
        Ok(())
    }

    /// Returns the first user of the partner that an enquiry was sent to.
    fn enquiry_agent(&mut self, enquiry: EnquiryId) -> Result<Caller> {
        for caller in &self.callers {
            let found = self.store.enquiry(caller.organization.id(), enquiry)?;
            if found.is_some_and(|found| found.partner == caller.organization.id()) {
                return Ok(caller.clone());
            }
        }
        Err(invalid_demo_data())
    }

    /// Creates open, withdrawn and canceled invitations.
    fn create_invitations(&mut self) -> Result<()> {
        use PartnerType as T;
        let brightwater = "anna@brightwater.example";
        let meridian = "mara@meridiancloud.example";

        self.days_ago(20);
        let withdrawn = self.send_invitation(&DemoInvitation {
            partner: "lotte@lumenapps.example",
            customer: brightwater,
            kind: T::Partner,
            roles: false,
            message: "",
        })?;
        self.days_ago(19);
        let lotte = self.caller("lotte@lumenapps.example")?;
        invitations::withdraw(self.store, self.context, &lotte, withdrawn, 2)?;

        self.days_ago(12);
        let canceled = self.send_invitation(&DemoInvitation {
            partner: "per@pinnacledevices.example",
            customer: brightwater,
            kind: T::DelegatedAdministrator,
            roles: true,
            message: "With admin roles we can register your new laptops ourselves.",
        })?;
        self.days_ago(11);
        let anna = self.caller(brightwater)?;
        let reason = Note::parse_optional("Registering laptops does not need admin roles.")
            .map_err(|_| invalid_demo_data())?;
        invitations::cancel(self.store, self.context, &anna, canceled, 2, reason)?;

        self.days_ago(6);
        self.send_invitation(&DemoInvitation {
            partner: "wang.hai@haiyun.example",
            customer: "li.na@jaderiver.example",
            kind: T::Advisor,
            roles: false,
            message: "",
        })?;
        self.days_ago(5);
        self.send_invitation(&DemoInvitation {
            partner: "ralf@rheinblick.example",
            customer: "eva@lindenhof.example",
            kind: T::Reseller,
            roles: false,
            message: "",
        })?;
        self.days_ago(4);
        self.send_invitation(&DemoInvitation {
            partner: "kim@kestrel.example",
            customer: "grace@harbourbakery.example",
            kind: T::Reseller,
            roles: false,
            message: "Welcome! We'll take care of your licenses from here.",
        })?;
        self.days_ago(3);
        self.send_invitation(&DemoInvitation { partner: "quinn@quillon.example", customer: brightwater, kind: T::DelegatedAdministrator, roles: true, message: "As agreed with Daan: with these roles we take over the daily administration from September on." })?;
        // Answers the enquiry that the school sent nine days ago.
        let school = self.caller(brightwater)?.organization.id();
        let filter = EnquiryFilter { customer: Some(school), ..EnquiryFilter::default() };
        let query = EnquiryQuery { filter, ..EnquiryQuery::default() };
        let caller = self.caller(meridian)?;
        let answered = enquiries::list(self.store, &caller, &query, self.context.now)?.value;
        let answered = answered.first();
        let extras = InvitationExtras {
            enquiry: answered.map(|enquiry| enquiry.id),
            ..InvitationExtras::default()
        };
        self.hours_ago(2);
        self.send_invitation_with(&DemoInvitation { partner: meridian, customer: brightwater, kind: T::ResellerAndDelegatedAdministrator, roles: true, message: "Thank you for the pleasant conversation on Tuesday. With this we can order the student licenses and set them up for all nine schools." }, extras)?;

        self.hours_ago(1);
        let mara = self.caller(meridian)?;
        let asked = DemoInvitation {
            partner: meridian,
            customer: "grace@harbourbakery.example",
            kind: T::Reseller,
            roles: false,
            message: "",
        };
        let draft = self.draft(&asked, InvitationExtras::default())?;
        invitations::draft(self.store, self.context, &mara, draft)?;
        Ok(())
    }

    fn caller(&self, email: &str) -> Result<Caller> {
        self.callers
            .iter()
            .find(|caller| caller.user.email.as_str() == email)
            .cloned()
            .ok_or_else(invalid_demo_data)
    }

    /// Returns the first user of an organization.
    fn agent(&self, domain: &str) -> Result<Caller> {
        self.callers
            .iter()
            .find(|caller| caller.organization.domain().as_str() == domain)
            .cloned()
            .ok_or_else(invalid_demo_data)
    }

    fn draft(&self, asked: &DemoInvitation, extras: InvitationExtras) -> Result<DraftInvitation> {
        let to = self.caller(asked.customer)?;
        Ok(DraftInvitation {
            customer: CustomerRef::Id(to.organization.id()),
            enquiry: extras.enquiry,
            content: InvitationContent {
                partner_type: asked.kind,
                ask_for_admin_roles: asked.roles,
                recipient: Some(to.user.email.clone()),
                recipient_name: Some(to.user.name.clone()),
                language: to.user.language,
                message: Note::parse_optional(asked.message).map_err(|_| invalid_demo_data())?,
                terms: Note::parse_optional(extras.terms).map_err(|_| invalid_demo_data())?,
                offer: match extras.offer {
                    None => None,
                    Some((kind, product, quantity)) => {
                        Some(Offer { kind, product: parse(product)?, quantity })
                    }
                },
            },
        })
    }

    fn send_invitation(&mut self, asked: &DemoInvitation) -> Result<InvitationId> {
        self.send_invitation_with(asked, InvitationExtras::default())
    }

    fn send_invitation_with(
        &mut self,
        asked: &DemoInvitation,
        extras: InvitationExtras,
    ) -> Result<InvitationId> {
        let draft = self.draft(asked, extras)?;
        let from = self.caller(asked.partner)?;
        let id = invitations::draft(self.store, self.context, &from, draft)?.id;
        invitations::send(self.store, self.context, &from, id, 1)?;
        Ok(id)
    }

    /// Sends an invitation a number of days ago, and accepts it the next day.
    fn accept_invitation(&mut self, days: i64, asked: &DemoInvitation) -> Result<RelationshipId> {
        self.accept_invitation_with(days, asked, InvitationExtras::default())
    }

    fn accept_invitation_with(
        &mut self,
        days: i64,
        asked: &DemoInvitation,
        extras: InvitationExtras,
    ) -> Result<RelationshipId> {
        self.days_ago(days);
        let id = self.send_invitation_with(asked, extras)?;
        let to: Caller = self.caller(asked.customer)?;
        self.mark_sent(to.organization.id())?;
        self.context.now = self.now.plus(-days * DAY + 5 * HOUR);
        let hash = agreements::current(self.store, &to, to.user.language, self.context.now)?.hash;
        let agreement = rules::AgreementToAccept { hash, acknowledged: true };
        let accepted = invitations::accept(self.store, self.context, &to, id, 2, &agreement)?;
        Ok(accepted.relationship)
    }

    /// Marks all waiting mails to an organization as sent.
    fn mark_sent(&mut self, organization: OrganizationId) -> Result<()> {
        let now = self.context.now;
        for mail in self.store.due_mails(now, MAIL_LIMIT)? {
            if mail.organization == organization && mail.created == now {
                outbox::mark_sent(self.store, mail.id, now)?;
            }
        }
        Ok(())
    }
}

/// The demo agreement in one language. Its text says that it is a sample.
struct DemoDocument {
    language: Language,
    /// The clouds that have the agreement in this language.
    clouds: &'static [Cloud],
    title: &'static str,
    body: &'static str,
}

/// The demo agreement. Readers of a language without a document get the English one.
const DOCUMENTS: &[DemoDocument] = &[
    DemoDocument {
        language: Language::English,
        clouds: Cloud::ALL,
        title: "Microsoft Customer Agreement (sample)",
        body: include_str!("demo/agreement.en.txt"),
    },
    DemoDocument {
        language: Language::Dutch,
        clouds: Cloud::ALL,
        title: "Microsoft-klantovereenkomst (voorbeeld)",
        body: include_str!("demo/agreement.nl.txt"),
    },
    DemoDocument {
        language: Language::German,
        clouds: &[Cloud::Germany],
        title: "Microsoft-Kundenvereinbarung (Muster)",
        body: include_str!("demo/agreement.de.txt"),
    },
    DemoDocument {
        language: Language::Chinese,
        clouds: &[Cloud::Vianet21],
        title: "Microsoft 客户协议（示例）",
        body: include_str!("demo/agreement.zh-CN.txt"),
    },
];

fn parse<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| invalid_demo_data())
}

fn invalid_demo_data() -> Error {
    Error::Store(StoreError::Engine("the demo data breaks a rule".to_owned()))
}
