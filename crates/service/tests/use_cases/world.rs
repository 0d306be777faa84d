//! A small world for each test: three customers, three partners, people of each role, and a
//! clock that the test moves.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use api::{AuditAction, CustomerRef, DraftInvitation, InvitationResource, NewProfile, OutboxQuery};
use rules::{
    AgreementToAccept, Cloud, InvitationContent, Language, Money, OrganizationId, PartnerType,
    Price, ProductId, RelationshipId, Term, Timestamp, UserRole,
};
use service::agreements::{self, NewAgreementDocument};
use service::lists::PageRequest;
use service::model::{OutboxMail, PartnerClouds, PartnerFacts, PasswordHash};
use service::organizations::{self, NewOrganization, NewOrganizationKind, NewUser};
use service::products::{self, NewProduct};
use service::{Caller, Context, Error, Read, Result, Token, Write, invitations, profile, sign_in};
use store::Memory;

/// A user of the customer Harbour Bakery, by role.
pub(crate) const ADA: &str = "ada@harbour.example";
pub(crate) const BILL: &str = "bill@harbour.example";
pub(crate) const RITA: &str = "rita@harbour.example";
/// The Global administrator of another customer in the same cloud.
pub(crate) const OLGA: &str = "olga@school.example";
/// The Global administrator of a customer in 21Vianet's cloud.
pub(crate) const LI: &str = "li@jade.example";
/// A user of the partner Meridian, by role.
pub(crate) const MARA: &str = "mara@meridian.example";
pub(crate) const SAM: &str = "sam@meridian.example";
pub(crate) const HUGO: &str = "hugo@meridian.example";
/// The Admin agent of another partner in the same cloud.
pub(crate) const KIM: &str = "kim@kestrel.example";
/// The Admin agent of a partner in 21Vianet's cloud.
pub(crate) const WANG: &str = "wang@haiyun.example";

/// Partner ID of Meridian.
pub(crate) const MERIDIAN_ID: &str = "1000001";
/// Partner ID of Kestrel.
pub(crate) const KESTREL_ID: &str = "1000002";
/// Partner ID of Haiyun, a partner in another cloud.
pub(crate) const HAIYUN_ID: &str = "1000003";

const URL: &str = "https://accord.example";

struct Place {
    name: &'static str,
    domain: &'static str,
    country: &'static str,
    cloud: Cloud,
    partner_id: Option<&'static str>,
    people: &'static [(&'static str, UserRole)],
}

const PLACES: &[Place] = &[
    Place {
        name: "Harbour Bakery",
        domain: "harbour.example",
        country: "NL",
        cloud: Cloud::Worldwide,
        partner_id: None,
        people: &[
            (ADA, UserRole::GlobalAdministrator),
            (BILL, UserRole::BillingAdministrator),
            (RITA, UserRole::GlobalReader),
        ],
    },
    Place {
        name: "Brightwater School",
        domain: "school.example",
        country: "NL",
        cloud: Cloud::Worldwide,
        partner_id: None,
        people: &[(OLGA, UserRole::GlobalAdministrator)],
    },
    Place {
        name: "Jade River",
        domain: "jade.example",
        country: "CN",
        cloud: Cloud::Vianet21,
        partner_id: None,
        people: &[(LI, UserRole::GlobalAdministrator)],
    },
    Place {
        name: "Meridian Cloud",
        domain: "meridian.example",
        country: "NL",
        cloud: Cloud::Worldwide,
        partner_id: Some(MERIDIAN_ID),
        people: &[
            (MARA, UserRole::AdminAgent),
            (SAM, UserRole::SalesAgent),
            (HUGO, UserRole::HelpdeskAgent),
        ],
    },
    Place {
        name: "Kestrel Licensing",
        domain: "kestrel.example",
        country: "BE",
        cloud: Cloud::Worldwide,
        partner_id: Some(KESTREL_ID),
        people: &[(KIM, UserRole::AdminAgent)],
    },
    Place {
        name: "Haiyun Technology",
        domain: "haiyun.example",
        country: "CN",
        cloud: Cloud::Vianet21,
        partner_id: Some(HAIYUN_ID),
        people: &[(WANG, UserRole::AdminAgent)],
    },
];

/// The store, the people and the clock of a test.
pub(crate) struct World {
    store: Memory,
    now: Cell<Timestamp>,
    seed: Cell<u8>,
    people: RefCell<BTreeMap<&'static str, Caller>>,
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self {
            store: Memory::new(),
            now: Cell::new(Timestamp::from_milliseconds(1_800_000_000_000)),
            seed: Cell::new(0),
            people: RefCell::default(),
        };
        let people = world.write(|store, context| {
            for cloud in [Cloud::Worldwide, Cloud::Vianet21] {
                agreements::add_document(store, context, agreement(cloud, 1))?;
            }
            let mut people = BTreeMap::new();
            for place in PLACES {
                fill(store, context, place, &mut people)?;
            }
            Ok(people)
        });
        *world.people.borrow_mut() = people.unwrap();
        world
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now.get()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, milliseconds: i64) {
        self.now.set(self.now().plus(milliseconds));
    }

    /// Returns the signed-in user with this address.
    pub(crate) fn person(&self, email: &str) -> Caller {
        self.people.borrow()[email].clone()
    }

    /// Returns the organization of a user.
    pub(crate) fn organization(&self, email: &str) -> OrganizationId {
        self.person(email).organization.id()
    }

    pub(crate) fn context(&self) -> Context {
        self.seed.set(self.seed.get().wrapping_add(1));
        let mut seed = [0; 32];
        seed[0] = self.seed.get();
        seed[8..16].copy_from_slice(&self.now().milliseconds().to_be_bytes());
        Context::new(self.now(), URL, seed)
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        self.store.read(work)
    }

    /// Runs a use case in a transaction of its own.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Write, &mut Context) -> Result<T>,
    ) -> Result<T> {
        // No two transactions are at the same time, so that the latest is known.
        self.pass(1);
        let mut context = self.context();
        self.store.write(|store| work(store, &mut context))
    }

    /// Runs a use case as a user, who has all permissions that it takes.
    pub(crate) fn act<T>(
        &self,
        who: &str,
        work: impl FnOnce(&mut dyn Write, &mut Context, &Caller) -> Result<T>,
    ) -> T {
        self.attempt(who, work).unwrap()
    }

    /// Runs a use case as a user, and returns what came of it.
    pub(crate) fn attempt<T>(
        &self,
        who: &str,
        work: impl FnOnce(&mut dyn Write, &mut Context, &Caller) -> Result<T>,
    ) -> Result<T> {
        let caller = self.person(who);
        self.write(|store, context| work(store, context, &caller))
    }

    /// Runs a use case that is refused, and returns the code of the refusal.
    pub(crate) fn refusal<T>(
        &self,
        who: &str,
        work: impl FnOnce(&mut dyn Write, &mut Context, &Caller) -> Result<T>,
    ) -> String {
        code(&self.attempt(who, work).err().expect("a refusal"))
    }

    /// Returns the actions in the log of a user's organization, latest first.
    pub(crate) fn log(&self, who: &str) -> Vec<AuditAction> {
        let organization = self.organization(who);
        let records = self.read(|store| Ok(store.audit(organization, None, None, 500)?)).unwrap();
        records.iter().map(|record| record.entry().unwrap().action).collect()
    }

    /// Returns how often an action is in the log of a user's organization.
    pub(crate) fn logged(&self, who: &str, action: AuditAction) -> usize {
        self.log(who).iter().filter(|one| **one == action).count()
    }

    /// Returns the mails to a user's organization, latest first.
    pub(crate) fn mails(&self, who: &str) -> Vec<OutboxMail> {
        let organization = self.organization(who);
        let (query, now) = (OutboxQuery::default(), self.now());
        let page = PageRequest { query: &query, as_of: now, now, limit: 500 };
        let rows = self.read(|store| Ok(store.outbox_page(Some(organization), &page)?)).unwrap();
        rows.rows.into_iter().map(|row| row.row).collect()
    }

    /// Returns the token in the latest mail to a user's organization that has a link.
    pub(crate) fn token(&self, who: &str) -> String {
        let mails = self.mails(who);
        let text = mails.iter().find_map(|mail| mail.text.split_once('#')).unwrap().1;
        text.chars().take_while(char::is_ascii_hexdigit).collect()
    }

    /// Drafts an invitation of Meridian's.
    pub(crate) fn draft(&self, by: &str, to: &str, kind: PartnerType) -> InvitationResource {
        let draft = self.content(to, kind);
        self.act(by, |store, context, caller| invitations::draft(store, context, caller, draft))
    }

    /// Returns what a draft for a customer says.
    pub(crate) fn content(&self, to: &str, kind: PartnerType) -> DraftInvitation {
        let recipient = self.person(to);
        DraftInvitation {
            customer: CustomerRef::Id(recipient.organization.id()),
            enquiry: None,
            content: InvitationContent {
                partner_type: kind,
                ask_for_admin_roles: !kind.admin_roles().is_empty(),
                recipient: Some(recipient.user.email),
                recipient_name: Some(recipient.user.name),
                language: Language::English,
                message: None,
                terms: None,
                offer: None,
            },
        }
    }

    /// Drafts and sends an invitation.
    pub(crate) fn send(&self, by: &str, to: &str, kind: PartnerType) -> InvitationResource {
        let draft = self.draft(by, to, kind);
        self.act(by, |store, context, caller| {
            invitations::send(store, context, caller, draft.id, draft.etag.0)
        })
    }

    /// Sends an invitation and accepts it. Returns the relationship.
    pub(crate) fn relate(&self, by: &str, to: &str, kind: PartnerType) -> RelationshipId {
        let sent = self.send(by, to, kind);
        let agreement = self.agreement_to_accept(to);
        let accepted = self.act(to, |store, context, caller| {
            invitations::accept(store, context, caller, sent.id, sent.etag.0, &agreement)
        });
        accepted.relationship
    }

    /// Returns the acceptance of the current agreement, with the box ticked.
    pub(crate) fn agreement_to_accept(&self, who: &str) -> AgreementToAccept {
        let caller = self.person(who);
        let now = self.now();
        let current =
            self.read(|store| agreements::current(store, &caller, Language::English, now));
        AgreementToAccept { hash: current.unwrap().hash, acknowledged: true }
    }

    /// Adds a product that costs 5.10 euros a month, and returns it.
    pub(crate) fn product(&self) -> ProductId {
        let new = NewProduct {
            cloud: Cloud::Worldwide,
            name: "Power BI Pro".parse().unwrap(),
            description: "Reports.".parse().unwrap(),
            prices: vec![Price { term: Term::Month, unit: price(510) }],
        };
        self.write(|store, context| products::add(store, context, new)).unwrap()
    }

    /// Lists the profile of a partner in the directory of the Netherlands.
    pub(crate) fn list_profile(&self, who: &str) {
        let new = NewProfile {
            listed: true,
            description: None,
            locations: Vec::new(),
            services: Vec::new(),
            industries: Vec::new(),
            sizes: Vec::new(),
            countries: vec!["NL".parse().unwrap()],
        };
        self.act(who, |store, context, caller| profile::set(store, context, caller, 0, new));
    }

    /// Signs a user in once more.
    pub(crate) fn sign_in(&self, email: &str) -> (Token, Caller) {
        let email = email.parse().unwrap();
        self.write(|store, context| sign_in::start_session(store, context, &email, &password()))
            .unwrap()
    }
}

/// Returns an amount of euros.
pub(crate) fn price(amount: i64) -> Money {
    Money { amount, currency: rules::Currency::Eur }
}

/// Returns the code of the answer to the caller.
pub(crate) fn code(error: &Error) -> String {
    match error {
        Error::Problem(problem) => problem.code().to_owned(),
        Error::NotYet { refusal, .. } => refusal.code().to_owned(),
        Error::Store(error) => panic!("the store failed: {error}"),
    }
}

/// Returns the seconds to wait that an answer names.
pub(crate) fn wait(error: &Error) -> u32 {
    match error {
        Error::Problem(api::Problem::Other { retry_after: Some(wait), .. })
        | Error::NotYet { retry_after: wait, .. } => *wait,
        Error::Problem(_) | Error::Store(_) => panic!("no time to wait: {error}"),
    }
}

/// Returns the hash of everyone's password.
pub(crate) fn password() -> PasswordHash {
    PasswordHash("hash".to_owned())
}

/// Returns a version of the agreement.
pub(crate) fn agreement(cloud: Cloud, version: u32) -> NewAgreementDocument {
    NewAgreementDocument {
        cloud,
        language: Language::English,
        version,
        title: "Microsoft Customer Agreement".parse().unwrap(),
        body: format!("Version {version} for {cloud}."),
    }
}

fn fill(
    store: &mut dyn Write,
    context: &mut Context,
    place: &Place,
    people: &mut BTreeMap<&'static str, Caller>,
) -> Result<()> {
    let kind = match place.partner_id {
        None => NewOrganizationKind::Customer { cloud: place.cloud },
        Some(id) => NewOrganizationKind::Partner {
            clouds: PartnerClouds::new(place.cloud, []),
            facts: PartnerFacts {
                partner_id: id.parse().unwrap(),
                email: format!("hello@{}", place.domain).parse().unwrap(),
                phone: None,
                address: None,
            },
        },
    };
    let organization = organizations::create(
        store,
        context,
        NewOrganization {
            name: place.name.parse().unwrap(),
            domain: place.domain.parse().unwrap(),
            country: place.country.parse().unwrap(),
            kind,
        },
    )?;
    for (email, role) in place.people {
        let (name, _) = email.split_once('@').unwrap();
        let user = NewUser {
            organization: organization.id(),
            email: email.parse().unwrap(),
            name: name.parse().unwrap(),
            password: password(),
            roles: vec![*role],
            language: Language::English,
        };
        let user = organizations::create_user(store, context, user)?;
        let (_, caller) = sign_in::start_session(store, context, &user.email, &user.password)?;
        people.insert(email, caller);
    }
    Ok(())
}
