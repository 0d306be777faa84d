//! The world of the demo: the sample data in memory, who is signed in, and which
//! state the pages are shown in. It knows neither the browser nor a clock: both come in
//! with each [`Moment`], so that what was done can be done again.

use api::ErrorCode;
use rules::{
    Cloud, DisplayName, EmailAddress, Language, OrganizationKind, Refusal, Timestamp, UserRole,
};
use serde::{Deserialize, Serialize};
use service::model::{Organization, PasswordHash, Session, User};
use service::organizations::{self, NewOrganization, NewUser};
use service::{Caller, Context, Error, Read, Result, TokenHash, Write, agreements, demo, sign_in};
use store::Memory;

use super::routes::{self, Answer, Request};

/// When something happens, and the randomness for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970.
    pub now: i64,
    /// 256 bits for ids and tokens.
    pub seed: [u8; 32],
}

impl Moment {
    /// The time of it.
    pub(crate) fn time(&self) -> Timestamp {
        Timestamp::from_milliseconds(self.now)
    }
}

/// The state that the pages are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// As it is.
    #[default]
    Ready,
    /// An organization that has nothing yet.
    Empty,
    /// Answers that never come.
    Loading,
    /// A server that fails.
    Error,
    /// A person of the same organization without the role for anything.
    Refused,
}

impl Show {
    /// Every state, in the order in which the bar has them.
    pub const ALL: [Self; 5] =
        [Self::Ready, Self::Empty, Self::Loading, Self::Error, Self::Refused];
}

/// Something that changed the world. The same acts at the same moments make the same
/// world again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// The bar chose a person, or nobody, and a state.
    Choose(Option<EmailAddress>, Show),
    /// A page asked for a change.
    Ask(Request),
}

/// Everything that a server would hold.
pub struct World {
    /// Where the page is, without a slash at the end; links in mails begin with it.
    home: String,
    /// The sample data.
    sample: Memory,
    /// The same organizations and people, and nothing that they ever did.
    bare: Memory,
    /// Who was chosen; with [`Show::Refused`] somebody else of the organization acts.
    person: Option<EmailAddress>,
    show: Show,
    /// What a browser would keep in its cookie.
    session: Option<TokenHash>,
}

/// What stands for the hash of the password that all sample accounts have. Nothing here
/// is secret, and a real hash would take a second to make.
fn password() -> PasswordHash {
    PasswordHash("demo".to_owned())
}

impl World {
    /// The sample data as of this moment, with the first of its people signed in.
    ///
    /// # Errors
    /// None with the sample data as it is; a test proves it.
    pub fn new(home: &str, moment: &Moment) -> Result<Self> {
        let mut world = Self {
            home: home.to_owned(),
            sample: Memory::new(),
            bare: Memory::new(),
            person: None,
            show: Show::Ready,
            session: None,
        };
        let context = world.context(moment);
        world.sample.write(|store| demo::fill(store, &mut context.clone(), &password()))?;
        world.strip(&mut context.clone())?;
        let first = demo::accounts()?.into_iter().next().map(|account| account.email);
        world.choose(first, Show::Ready, moment)?;
        Ok(world)
    }

    /// Makes the world in which nobody has done anything yet.
    fn strip(&self, context: &mut Context) -> Result<()> {
        let (organizations, documents) = self.sample.read(|store| {
            let mut organizations = Vec::new();
            for organization in store.organizations()? {
                let users = store.users(organization.id)?;
                organizations.push((organization, users));
            }
            let mut documents = Vec::new();
            for cloud in Cloud::ALL {
                let Some(version) = store.current_agreement(*cloud)? else { continue };
                for language in Language::ALL {
                    documents.extend(store.agreement_document(*cloud, version, *language)?);
                }
            }
            Ok((organizations, documents))
        })?;
        self.bare.write(|store| {
            for (organization, users) in organizations {
                let created = organizations::create(
                    store,
                    context,
                    NewOrganization {
                        cloud: organization.cloud(),
                        name: organization.name,
                        domain: organization.domain,
                        country: organization.country,
                        more_clouds: organization.clouds,
                        partner: organization.partner,
                    },
                )?;
                for user in users {
                    organizations::create_user(
                        store,
                        context,
                        NewUser {
                            organization: created.id,
                            email: user.email,
                            name: user.name,
                            password: user.password,
                            roles: user.roles,
                            language: user.language,
                        },
                    )?;
                }
            }
            for document in documents {
                agreements::add(
                    store,
                    context,
                    agreements::NewDocument {
                        cloud: document.cloud,
                        language: document.language,
                        version: document.version,
                        title: document.title,
                        body: document.body,
                    },
                )?;
            }
            Ok(())
        })
    }

    /// Who was chosen.
    #[must_use]
    pub fn person(&self) -> Option<&EmailAddress> {
        self.person.as_ref()
    }

    /// The state that the pages are shown in.
    #[must_use]
    pub fn show(&self) -> Show {
        self.show
    }

    /// Does something.
    pub fn act(&mut self, act: &Act, moment: &Moment) -> Answer {
        match act {
            Act::Choose(person, show) => {
                routes::said(self.choose(person.clone(), *show, moment).map(|()| Answer::Nothing))
            }
            Act::Ask(request) => self.answer(request, moment),
        }
    }

    /// Answers a request as a server would, but for the state that pages are shown in.
    pub fn answer(&mut self, request: &Request, moment: &Moment) -> Answer {
        if !request.is_about_the_session() {
            match self.show {
                Show::Loading => return Answer::Never,
                Show::Error => return Answer::Problem(ErrorCode::Internal.into()),
                Show::Ready | Show::Empty | Show::Refused => {}
            }
        }
        routes::answer(self, request, moment)
    }

    /// Makes this person, or nobody, the one who is signed in.
    fn choose(&mut self, person: Option<EmailAddress>, show: Show, moment: &Moment) -> Result<()> {
        self.person = person;
        self.show = show;
        self.session = None;
        let mut context = self.context(moment);
        let Some(person) = self.person.clone() else { return Ok(()) };
        let acting = match show {
            Show::Refused => self.powerless(&person, &mut context)?,
            _ => person,
        };
        let (token, _) = self
            .store()
            .write(|store| sign_in::succeed(store, &mut context, &acting, &password()))?;
        self.session = Some(token.hash());
        Ok(())
    }

    /// Whoever in this person's organization may do the least; there is somebody.
    fn powerless(&self, person: &EmailAddress, context: &mut Context) -> Result<EmailAddress> {
        self.sample.write(|store| {
            let user = store.user_by_email(person)?.ok_or(Error::NOT_FOUND)?;
            let organization = store.organization(user.organization)?.ok_or(Error::NOT_FOUND)?;
            let role = match organization.kind {
                OrganizationKind::Customer => UserRole::GlobalReader,
                OrganizationKind::Partner => UserRole::HelpdeskAgent,
            };
            let colleagues = store.users(organization.id)?;
            if let Some(found) = colleagues.into_iter().find(|user| user.roles == [role]) {
                return Ok(found.email);
            }
            let new = NewUser {
                organization: organization.id,
                email: parsed(&format!("robin@{}", organization.domain))?,
                name: parsed::<DisplayName>("Robin Vale")?,
                password: password(),
                roles: vec![role],
                language: user.language,
            };
            Ok(organizations::create_user(store, context, new)?.email)
        })
    }

    /// Where the page is, without a slash at the end.
    pub(crate) fn home(&self) -> &str {
        &self.home
    }

    /// What the use cases are given of the world.
    fn context(&self, moment: &Moment) -> Context {
        Context::new(moment.time(), &self.home, moment.seed)
    }

    /// Everybody of the sample data, by organization: customers first, as they were founded.
    pub(crate) fn people(&self) -> Result<Vec<(Organization, Vec<User>)>> {
        self.sample.read(|store| {
            let mut people = Vec::new();
            for organization in store.organizations()? {
                let mut users = store.users(organization.id)?;
                users.sort_by_key(|user| (user.roles.clone(), user.name.to_string()));
                if !users.is_empty() {
                    people.push((organization, users));
                }
            }
            people.sort_by_key(|(organization, _)| organization.kind == OrganizationKind::Partner);
            Ok(people)
        })
    }

    fn store(&self) -> &Memory {
        match self.show {
            Show::Empty => &self.bare,
            _ => &self.sample,
        }
    }

    /// Whoever was chosen, in the sample data, whatever state the pages are shown in;
    /// while nobody is, the first of the people. For what the bar offers.
    pub(crate) fn look<T>(
        &self,
        moment: &Moment,
        work: impl FnOnce(&mut dyn Read, &Caller, Timestamp) -> Result<T>,
    ) -> Result<T> {
        let first = || Some(demo::accounts().ok()?.into_iter().next()?.email);
        let person = self.person.clone().or_else(first).ok_or(Error::NOT_FOUND)?;
        self.sample.read(|store| {
            let user = store.user_by_email(&person)?.ok_or(Error::NOT_FOUND)?;
            let organization = store.organization(user.organization)?.ok_or(Error::NOT_FOUND)?;
            // It is never kept: a session that nobody asks for.
            let session = Session {
                token: TokenHash::of(""),
                user: user.id,
                organization: organization.id,
                created: moment.time(),
                expires: moment.time(),
            };
            work(store, &Caller { user, organization, session }, moment.time())
        })
    }

    /// Reads, as anybody.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        self.store().read(work)
    }

    /// Reads as whoever is signed in.
    pub(crate) fn read_as<T>(
        &self,
        moment: &Moment,
        work: impl FnOnce(&mut dyn Read, &Caller, Timestamp) -> Result<T>,
    ) -> Result<T> {
        let token = self.session.as_ref().ok_or(Refusal::SignInRequired)?;
        self.read(|store| {
            let now = moment.time();
            let caller = sign_in::caller(store, token, now)?.ok_or(Refusal::SignInRequired)?;
            work(store, &caller, now)
        })
    }

    /// Writes as whoever is signed in.
    pub(crate) fn write_as<T>(
        &self,
        moment: &Moment,
        work: impl FnOnce(&mut dyn Write, &mut Context, &Caller) -> Result<T>,
    ) -> Result<T> {
        let token = self.session.as_ref().ok_or(Refusal::SignInRequired)?;
        let mut context = self.context(moment);
        self.store().write(|store| {
            let caller = sign_in::caller_again(store, token, context.now)?;
            work(store, &mut context, &caller)
        })
    }

    /// Signs in with what was typed.
    pub(crate) fn sign_in(&mut self, typed: &api::SignIn, moment: &Moment) -> Result<Caller> {
        let mut context = self.context(moment);
        let store = self.store().clone();
        let email = &typed.email;
        let hash = store.read(|store| sign_in::password_of(store, email, context.now))?;
        let Some(hash) = hash.filter(|_| typed.password == demo::PASSWORD) else {
            store.write(|store| sign_in::fail(store, &context, email))?;
            return Err(Error::Problem(ErrorCode::SignInFailed.into()));
        };
        self.sign_out(moment)?;
        let (token, caller) =
            store.write(|store| sign_in::succeed(store, &mut context, email, &hash))?;
        self.person = Some(email.clone());
        if self.show == Show::Refused {
            // Whoever signs in is that very person.
            self.show = Show::Ready;
        }
        self.session = Some(token.hash());
        Ok(caller)
    }

    /// Signs out; done, too, where nobody was signed in any more.
    pub(crate) fn sign_out(&mut self, moment: &Moment) -> Result<()> {
        if self.session.is_some() {
            match self.write_as(moment, |store, context, caller| {
                sign_in::sign_out(store, context, caller)
            }) {
                Err(Error::Problem(_)) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        self.forget();
        Ok(())
    }

    /// Nobody is signed in any more.
    pub(crate) fn forget(&mut self) {
        self.session = None;
        self.person = None;
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::Problem(ErrorCode::Internal.into()))
}
