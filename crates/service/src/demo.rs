//! Sample data: fictional organisations in the three clouds, partners of all eight
//! types, agreements accepted and not, invitations in every state, accounts of each
//! role. It is told as a story through the use cases themselves, so that it can hold
//! nothing that they would not have let happen.

use api::{AuditAction, DemoAccount, DraftInvitation};
use rules::{
    Cloud, DAY, HOUR, InvitationId, Language, Note, OrganisationId, OrganisationKind, PartnerId,
    PartnerType, Relationship, RelationshipId, RelationshipState, RoleGrant, Timestamp, UserRole,
};

use crate::agreements::{self, NewDocument};
use crate::model::{Organisation, PartnerFacts, PasswordHash, Session, User};
use crate::organisations::{self, NewOrganisation, NewUser};
use crate::{
    Caller, Context, Error, Read, Result, StoreError, Write, invitations, outbox, relationships,
};

/// The password of every sample account.
pub const PASSWORD: &str = "open sesame demo";

struct SampleOrganisation {
    name: &'static str,
    domain: &'static str,
    country: &'static str,
    clouds: &'static [Cloud],
    /// Of a partner: its Microsoft Partner ID, telephone number and address.
    partner: Option<(&'static str, &'static str, &'static str)>,
}

struct SampleUser {
    name: &'static str,
    email: &'static str,
    role: UserRole,
    language: Language,
}

const ORGANISATIONS: &[SampleOrganisation] = &[
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
) -> SampleOrganisation {
    SampleOrganisation { name, domain, country, clouds, partner: None }
}

const fn partner(
    name: &'static str,
    domain: &'static str,
    country: &'static str,
    clouds: &'static [Cloud],
    facts: (&'static str, &'static str, &'static str),
) -> SampleOrganisation {
    SampleOrganisation { name, domain, country, clouds, partner: Some(facts) }
}

const USERS: &[SampleUser] = &[
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
) -> SampleUser {
    SampleUser { name, email, role, language }
}

/// The accounts that the sign-in page offers: one of each role and cloud.
const OFFERED: &[&str] = &[
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

/// The accounts that the sign-in page of a server with sample data offers.
///
/// # Errors
/// Never with the sample data as it is; a test proves it.
pub fn accounts() -> Result<Vec<DemoAccount>> {
    OFFERED
        .iter()
        .map(|offered| {
            let user = USERS.iter().find(|user| user.email == *offered);
            let (user, organisation) = user.zip(organisation_of(offered)).ok_or_else(broken)?;
            Ok(DemoAccount {
                email: parse(user.email)?,
                password: PASSWORD.to_owned(),
                name: parse(user.name)?,
                organisation: parse(organisation.name)?,
                kind: match organisation.partner {
                    Some(_) => OrganisationKind::Partner,
                    None => OrganisationKind::Customer,
                },
                clouds: organisation.clouds.to_vec(),
                roles: vec![user.role],
            })
        })
        .collect()
}

fn organisation_of(email: &str) -> Option<&'static SampleOrganisation> {
    let (_, domain) = email.split_once('@')?;
    ORGANISATIONS.iter().find(|organisation| organisation.domain == domain)
}

/// What a store holds, for the question whether sample data may be used with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Nothing yet: sample data may be filled in.
    Nothing,
    /// Sample data alone.
    SampleData,
    /// Organisations of somebody's own. A server that shows the outbox to everybody
    /// must not open it.
    Own,
}

/// What the store holds.
///
/// # Errors
/// The store's.
pub fn contents(store: &mut dyn Read) -> Result<Contents> {
    let organisations = store.organisations()?;
    let sample = |kept: &Organisation| {
        ORGANISATIONS.iter().any(|sample| sample.domain == kept.domain.as_str())
    };
    Ok(if organisations.is_empty() {
        Contents::Nothing
    } else if organisations.iter().all(sample) {
        Contents::SampleData
    } else {
        Contents::Own
    })
}

/// Fills an empty store with the sample data, as if it had come about over the last
/// months before `context.now`.
///
/// # Errors
/// The store's; anything else means that the story does not keep to the rules.
pub fn fill(store: &mut dyn Write, context: &mut Context, password: &PasswordHash) -> Result<()> {
    let now = context.now;
    let mut told = Story { store, context, now, password, callers: Vec::new() };
    told.found()?;
    told.documents()?;
    told.relate()?;
    told.invite()?;
    told.context.now = now;
    Ok(())
}

struct Story<'a> {
    store: &'a mut dyn Write,
    context: &'a mut Context,
    now: Timestamp,
    password: &'a PasswordHash,
    callers: Vec<Caller>,
}

/// What a partner asks for in the story.
struct Asked {
    partner: &'static str,
    customer: &'static str,
    kind: PartnerType,
    roles: bool,
    message: &'static str,
}

impl Story<'_> {
    /// Lets the story go on so many hours before now.
    fn hours_ago(&mut self, hours: i64) {
        self.context.now = self.now.plus(-hours * HOUR);
    }

    fn days_ago(&mut self, days: i64) {
        self.context.now = self.now.plus(-days * DAY);
    }

    fn found(&mut self) -> Result<()> {
        for (place, sample) in (0..).zip(ORGANISATIONS) {
            self.days_ago(if sample.partner.is_some() {
                2_900 - place * 137
            } else {
                900 - place * 60
            });
            let organisation = organisations::create(
                self.store,
                self.context,
                NewOrganisation {
                    name: parse(sample.name)?,
                    domain: parse(sample.domain)?,
                    country: parse(sample.country)?,
                    cloud: sample.clouds.first().copied().ok_or_else(broken)?,
                    more_clouds: sample.clouds.to_vec(),
                    partner: match sample.partner {
                        None => None,
                        Some((id, phone, address)) => Some(PartnerFacts {
                            partner_id: parse::<PartnerId>(id)?,
                            email: parse(&format!("hello@{}", sample.domain))?,
                            phone: Some(parse(phone)?),
                            address: Some(parse::<Note>(address)?),
                        }),
                    },
                },
            )?;
            for sample in
                USERS.iter().filter(|user| user.email.ends_with(&format!("@{}", sample.domain)))
            {
                self.staff(&organisation, sample)?;
            }
        }
        Ok(())
    }

    fn staff(&mut self, organisation: &Organisation, sample: &SampleUser) -> Result<()> {
        let user: User = organisations::create_user(
            self.store,
            self.context,
            NewUser {
                organisation: organisation.id,
                email: parse(sample.email)?,
                name: parse(sample.name)?,
                password: self.password.clone(),
                roles: vec![sample.role],
                language: sample.language,
            },
        )?;
        // The story's people act without signing in: these sessions are never stored.
        let session = Session {
            token: self.context.token().hash(),
            user: user.id,
            organisation: organisation.id,
            created: self.context.now,
            expires: self.context.now,
        };
        self.callers.push(Caller { user, organisation: organisation.clone(), session });
        Ok(())
    }

    fn documents(&mut self) -> Result<()> {
        self.days_ago(420);
        for cloud in Cloud::ALL {
            for (language, title, body) in DOCUMENTS {
                let spoken = match language {
                    Language::German => *cloud == Cloud::Germany,
                    Language::Chinese => *cloud == Cloud::Vianet21,
                    Language::English | Language::Dutch => true,
                };
                if spoken {
                    agreements::add(
                        self.store,
                        self.context,
                        NewDocument {
                            cloud: *cloud,
                            language: *language,
                            version: 1,
                            title: parse(title)?,
                            body: body.trim().to_owned(),
                        },
                    )?;
                }
            }
        }
        Ok(())
    }

    /// The relationships that stand, and some that stood.
    fn relate(&mut self) -> Result<()> {
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
            self.accepted(
                days,
                &Asked { partner, customer: brightwater, kind, roles, message: "" },
            )?;
        }
        // One that nobody answered in time.
        self.days_ago(104);
        self.sent(&Asked {
            partner: "kim@kestrel.example",
            customer: brightwater,
            kind: T::Advisor,
            roles: true,
            message: "We could look after your help desk during the summer.",
        })?;
        self.accepted(
            96,
            &Asked {
                partner: "quinn@quillon.example",
                customer: brightwater,
                kind: T::Advisor,
                roles: false,
                message: "",
            },
        )?;
        let meridian = "mara@meridiancloud.example";
        self.before_the_agreement(
            640,
            meridian,
            "eva@lindenhof.example",
            T::ResellerAndDelegatedAdministrator,
        )?;
        let asked = Asked {
            partner: meridian,
            customer: brightwater,
            kind: T::Advisor,
            roles: true,
            message: "",
        };
        let ended = self.accepted(70, &asked)?;
        self.days_ago(41);
        let anna = self.caller(brightwater)?;
        let version = relationships::get(self.store, &anna, ended, self.context.now)?.etag.0;
        relationships::delete(self.store, self.context, &anna, ended, version)?;
        self.accepted(
            33,
            &Asked {
                partner: "wang.hai@haiyun.example",
                customer: "li.na@jaderiver.example",
                kind: T::DelegatedAdministrator,
                roles: true,
                message: "",
            },
        )?;
        self.ends_soon()
    }

    /// A relationship from before there was an agreement to accept, as the operator
    /// would have brought it over from elsewhere.
    fn before_the_agreement(
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
            customer: customer.organisation.id,
            cloud: customer.organisation.cloud(),
            partner: partner.organisation.id,
            partner_type: kind,
            grants: roles.map(|role| RoleGrant { role: *role, since: now, ends: None }).collect(),
            since: now,
            invitation: None,
            state: RelationshipState::Active,
            version: 1,
        };
        self.store.insert_relationship(&relationship)?;
        relationships::note(
            self.store,
            self.context,
            &customer,
            &relationship,
            AuditAction::RelationshipCreated,
        )
    }

    /// An advisor whose roles end by themselves in twelve days.
    fn ends_soon(&mut self) -> Result<()> {
        let anna = self.caller("anna@brightwater.example")?;
        let advisors = self.store.relationships(anna.organisation.id)?;
        let fernhill = self.caller("finn@fernhill.example")?.organisation.id;
        for mut relationship in advisors.into_iter().filter(|one| one.partner == fernhill) {
            for grant in &mut relationship.grants {
                grant.ends = Some(self.now.plus(12 * DAY));
            }
            relationship.version += 1;
            self.store.update_relationship(&relationship)?;
        }
        Ok(())
    }

    /// The invitations that wait, and those that were withdrawn and cancelled.
    fn invite(&mut self) -> Result<()> {
        use PartnerType as T;
        let brightwater = "anna@brightwater.example";
        let meridian = "mara@meridiancloud.example";

        self.days_ago(20);
        let withdrawn = self.sent(&Asked {
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
        let cancelled = self.sent(&Asked {
            partner: "per@pinnacledevices.example",
            customer: brightwater,
            kind: T::DelegatedAdministrator,
            roles: true,
            message: "With admin roles we can register your new laptops ourselves.",
        })?;
        self.days_ago(11);
        let anna = self.caller(brightwater)?;
        let reason = Note::parse_optional("Registering laptops does not need admin roles.")
            .map_err(|_| broken())?;
        invitations::cancel(self.store, self.context, &anna, cancelled, 2, reason)?;

        self.days_ago(6);
        self.sent(&Asked {
            partner: "wang.hai@haiyun.example",
            customer: "li.na@jaderiver.example",
            kind: T::Advisor,
            roles: false,
            message: "",
        })?;
        self.days_ago(5);
        self.sent(&Asked {
            partner: "ralf@rheinblick.example",
            customer: "eva@lindenhof.example",
            kind: T::Reseller,
            roles: false,
            message: "",
        })?;
        self.days_ago(4);
        self.sent(&Asked {
            partner: "kim@kestrel.example",
            customer: "grace@harbourbakery.example",
            kind: T::Reseller,
            roles: false,
            message: "Welcome! We'll take care of your licences from here.",
        })?;
        self.days_ago(3);
        self.sent(&Asked { partner: "quinn@quillon.example", customer: brightwater, kind: T::DelegatedAdministrator, roles: true, message: "As agreed with Daan: with these roles we take over the daily administration from September on." })?;
        self.hours_ago(2);
        self.sent(&Asked { partner: meridian, customer: brightwater, kind: T::ResellerAndDelegatedAdministrator, roles: true, message: "Thank you for the pleasant conversation on Tuesday. With this we can order the student licences and set them up for all nine schools." })?;

        self.hours_ago(1);
        let mara = self.caller(meridian)?;
        let draft = self.draft(&Asked {
            partner: meridian,
            customer: "grace@harbourbakery.example",
            kind: T::Reseller,
            roles: false,
            message: "",
        })?;
        invitations::draft(self.store, self.context, &mara, draft)?;
        Ok(())
    }

    fn caller(&self, email: &str) -> Result<Caller> {
        self.callers
            .iter()
            .find(|caller| caller.user.email.as_str() == email)
            .cloned()
            .ok_or_else(broken)
    }

    fn draft(&self, asked: &Asked) -> Result<DraftInvitation> {
        let to = self.caller(asked.customer)?;
        Ok(DraftInvitation {
            customer: to.organisation.id,
            partner_type: asked.kind,
            ask_for_admin_roles: asked.roles,
            recipient: to.user.email.clone(),
            recipient_name: to.user.name.clone(),
            language: to.user.language,
            message: Note::parse_optional(asked.message).map_err(|_| broken())?,
        })
    }

    fn sent(&mut self, asked: &Asked) -> Result<InvitationId> {
        let draft = self.draft(asked)?;
        let from = self.caller(asked.partner)?;
        let id = invitations::draft(self.store, self.context, &from, draft)?.id;
        invitations::send(self.store, self.context, &from, id, 1)?;
        Ok(id)
    }

    /// An invitation that was sent so many days ago and accepted the day after.
    fn accepted(&mut self, days: i64, asked: &Asked) -> Result<RelationshipId> {
        self.days_ago(days);
        let id = self.sent(asked)?;
        let to: Caller = self.caller(asked.customer)?;
        self.mark_sent(to.organisation.id)?;
        self.context.now = self.now.plus(-days * DAY + 5 * HOUR);
        let hash = agreements::current(self.store, &to, to.user.language, self.context.now)?.hash;
        let agreement = api::AgreementToAccept { hash, acknowledged: true };
        let accepted = invitations::accept(self.store, self.context, &to, id, 2, &agreement)?;
        Ok(accepted.relationship)
    }

    /// The mail server of the story took what was written to this organisation.
    fn mark_sent(&mut self, organisation: OrganisationId) -> Result<()> {
        for mail in self.store.mails(Some(organisation), 1)? {
            outbox::sent(self.store, mail.id, self.context.now)?;
        }
        Ok(())
    }
}

/// The sample agreement in each language. It says plainly that it is one.
const DOCUMENTS: &[(Language, &str, &str)] = &[
    (
        Language::English,
        "Microsoft Customer Agreement (sample)",
        include_str!("demo/agreement.en.txt"),
    ),
    (
        Language::Dutch,
        "Microsoft-klantovereenkomst (voorbeeld)",
        include_str!("demo/agreement.nl.txt"),
    ),
    (
        Language::German,
        "Microsoft-Kundenvereinbarung (Muster)",
        include_str!("demo/agreement.de.txt"),
    ),
    (Language::Chinese, "Microsoft 客户协议（示例）", include_str!("demo/agreement.zh-CN.txt")),
];

fn parse<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| broken())
}

fn broken() -> Error {
    Error::Store(StoreError::Engine("the sample data does not keep to the rules".to_owned()))
}
