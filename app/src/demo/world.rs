//! The demo's world: demo data in memory, the person who is signed in, and the state in which
//! pages are shown. The world uses neither the clock nor the browser: each [`DemoMoment`] has the
//! time and the randomness of an act, so that acts can be replayed.

use std::sync::{Arc, Mutex};

use api::{ETag, ErrorBody, ErrorCode, Problem, routes};
use axum::Router;
use axum::body::Body;
use axum::http::{self, StatusCode, header};
use axum::middleware::from_fn_with_state;
use http_api::{ApiState, PublicUrl, REQUEST_ID, render_errors};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rules::{
    Cloud, DisplayName, EmailAddress, Language, OrderRequestId, OrganizationKind, Refusal,
    Timestamp, UserRole,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::model::{Organization, Session, User};
use service::organizations::{self, NewOrganization, NewOrganizationKind, NewUser};
use service::{Caller, Context, Error, Read, Result, TokenHash, agreements, demo};
use store::Memory;
use tower::ServiceExt as _;

use super::host::{DemoHost, DemoHostState, password, run};
use crate::client::OutgoingRequest;

/// Characters that a browser encodes in the path and query of an address.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

/// Public address where the page's own is not allowed to be one, such as on a static host
/// without https. Only links in the demo's mails show it.
const FALLBACK_URL: &str = "http://localhost";

/// Time of an act, and the randomness for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMoment {
    /// Milliseconds since 1970.
    pub now: i64,
    /// 256 bits for ids and tokens.
    pub seed: [u8; 32],
}

impl DemoMoment {
    /// Returns the time.
    pub(crate) fn time(&self) -> Timestamp {
        Timestamp::from_milliseconds(self.now)
    }
}

/// State in which pages are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DemoState {
    /// The demo data.
    #[default]
    Ready,
    /// An organization without any data.
    Empty,
    /// Responses that never arrive.
    Loading,
    /// A server that fails.
    Error,
    /// A person of the same organization without the role for anything.
    Refused,
}

impl DemoState {
    /// All states, in the order of the bar.
    pub const ALL: [Self; 5] =
        [Self::Ready, Self::Empty, Self::Loading, Self::Error, Self::Refused];
}

/// A request of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DemoRequest {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Media type of the body.
    pub media_type: String,
    /// Body.
    pub body: Option<String>,
    /// Version that the page saw (`If-Match`).
    pub version: Option<ETag>,
    /// `Repeatability-Request-ID`.
    pub request_id: Option<OrderRequestId>,
}

impl From<OutgoingRequest> for DemoRequest {
    fn from(outgoing: OutgoingRequest) -> Self {
        let (media_type, body) = outgoing.body.unzip();
        Self {
            method: outgoing.method.as_str().to_owned(),
            path: outgoing.path,
            media_type: media_type.unwrap_or_default().to_owned(),
            body,
            version: outgoing.version,
            request_id: outgoing.request_id,
        }
    }
}

impl DemoRequest {
    /// Returns whether the request is about the session. Such requests are answered in every
    /// state that pages are shown in.
    fn is_about_session(&self) -> bool {
        [routes::SITE, routes::SESSION, routes::SESSIONS].contains(&self.path.as_str())
    }

    /// Returns whether the request may change something. A plan changes only the count of
    /// look-ups, which is not worth keeping the whole file for.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.method != "GET" && self.path != routes::PLAN_PARTNERS_OF_RECORD
    }

    /// Returns the request as HTTP, with the headers that a browser would add.
    fn to_http(&self, origin: &str, cookie: Option<&str>) -> http::Result<http::Request<Body>> {
        let path = utf8_percent_encode(&self.path, ENCODED).to_string();
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(path)
            .header(header::ORIGIN, origin)
            .header(REQUEST_ID, "demo");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if !self.media_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, &self.media_type);
        }
        if let Some(version) = self.version {
            request = request.header(header::IF_MATCH, version.to_string());
        }
        if let Some(id) = self.request_id {
            request = request.header(routes::REPEATABILITY_REQUEST_ID, id.to_string());
        }
        request.body(Body::from(self.body.clone().unwrap_or_default()))
    }
}

/// The response to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoResponse {
    /// HTTP status.
    pub status: u16,
    /// Seconds to wait (`Retry-After`).
    pub retry_after: Option<u32>,
    /// Name under which the browser would save the body, if it is a file.
    pub file_name: Option<String>,
    /// Media type of the body.
    pub media_type: String,
    /// Body; empty where there is none.
    pub body: String,
}

impl DemoResponse {
    /// Returns whether the request succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the body as JSON; null where it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Returns the response of a server that fails.
    fn internal_error() -> Self {
        let problem = Problem::from(ErrorCode::Internal);
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
            retry_after: None,
            file_name: None,
            media_type: "application/json".to_owned(),
            body: json!(ErrorBody::new(&problem, problem.code())).to_string(),
        }
    }
}

/// Something that changed the world. The same acts at the same moments create the same world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DemoAct {
    /// The bar chose a person, or no one, and a state.
    Choose(Option<EmailAddress>, DemoState),
    /// A page sent a request.
    Request(DemoRequest),
}

/// Everything that a server and a browser would hold.
pub struct DemoWorld {
    /// Public address, without a trailing slash.
    home: String,
    /// Demo data.
    sample: Memory,
    /// The same organizations and people, without anything that they did.
    bare: Memory,
    /// Host of the API.
    host: DemoHost,
    /// The API of a server.
    router: Router,
    /// Person that was chosen or signed in; with [`DemoState::Refused`] a colleague acts.
    person: Option<EmailAddress>,
    show: DemoState,
    /// Cookie of the browser.
    cookie: Option<String>,
}

impl DemoWorld {
    /// Creates the demo data as of this moment, with the first of its people signed in.
    /// Fails only if the demo data breaks a rule.
    pub fn new(home: &str, moment: &DemoMoment) -> Result<Self> {
        let public_url = home.parse().or_else(|_| FALLBACK_URL.parse::<PublicUrl>());
        let public_url = public_url.map_err(|_| Error::Problem(ErrorCode::Internal.into()))?;
        let home = public_url.as_str().to_owned();
        let (sample, bare) = (Memory::new(), Memory::new());
        let state = DemoHostState { store: sample.clone(), moment: moment.clone(), contexts: 0 };
        let host = DemoHost(Arc::new(Mutex::new(state)));
        let api = ApiState::new(Box::new(host.clone()), public_url, Some(demo::accounts()?));
        let api = Arc::new(api);
        let router =
            http_api::router(Arc::clone(&api)).layer(from_fn_with_state(api, render_errors));
        let mut world = Self {
            home,
            sample,
            bare,
            host,
            router,
            person: None,
            show: DemoState::Ready,
            cookie: None,
        };
        let context = world.context(moment);
        world.sample.write(|store| demo::fill(store, &mut context.clone(), &password()))?;
        world.strip(&mut context.clone())?;
        let first = demo::accounts()?.into_iter().next().map(|account| account.email);
        world.choose(first, DemoState::Ready, moment)?;
        Ok(world)
    }

    /// Creates the world in which no one has done anything yet.
    fn strip(&self, context: &mut Context) -> Result<()> {
        let (organizations, documents) = self.sample.read(|store| {
            let mut organizations = Vec::new();
            for organization in store.organizations()? {
                let users = store.users(organization.id())?;
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
                        name: organization.name().clone(),
                        domain: organization.domain().clone(),
                        country: organization.country().clone(),
                        kind: match organization {
                            Organization::Customer { cloud, .. } => {
                                NewOrganizationKind::Customer { cloud }
                            }
                            Organization::Partner { clouds, facts, .. } => {
                                NewOrganizationKind::Partner { clouds, facts }
                            }
                        },
                    },
                )?;
                for user in users {
                    organizations::create_user(
                        store,
                        context,
                        NewUser {
                            organization: created.id(),
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
                agreements::add_document(
                    store,
                    context,
                    agreements::NewAgreementDocument {
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

    /// Returns the person who was chosen or signed in.
    #[must_use]
    pub fn person(&self) -> Option<&EmailAddress> {
        self.person.as_ref()
    }

    /// Returns the state in which pages are shown.
    #[must_use]
    pub fn show(&self) -> DemoState {
        self.show
    }

    /// Carries out an act. `None` where no response ever arrives.
    pub fn act(&mut self, act: &DemoAct, moment: &DemoMoment) -> Option<DemoResponse> {
        match act {
            DemoAct::Choose(person, show) => {
                let chosen = self.choose(person.clone(), *show, moment);
                Some(chosen.unwrap_or_else(|_| DemoResponse::internal_error()))
            }
            DemoAct::Request(request) => self.respond(request, moment),
        }
    }

    /// Responds to a request as a server would, in the state that pages are shown in. `None`
    /// where no response ever arrives.
    pub fn respond(&mut self, request: &DemoRequest, moment: &DemoMoment) -> Option<DemoResponse> {
        if !request.is_about_session() {
            match self.show {
                DemoState::Loading => return None,
                DemoState::Error => return Some(DemoResponse::internal_error()),
                DemoState::Ready | DemoState::Empty | DemoState::Refused => {}
            }
        }
        let mut response = self.send(request, moment);
        if self.has_expired(response.as_ref()) {
            // The tab is older than the session: the person signs in again.
            let signed_in = self.choose(self.person.clone(), self.show, moment);
            if signed_in.is_ok() {
                response = self.send(request, moment);
            }
        }
        let Some(response) = response else { return Some(DemoResponse::internal_error()) };
        if response.is_success() && request.path == routes::SESSION && request.method == "POST" {
            self.person = response.json()["user"]["email"].as_str().and_then(|it| it.parse().ok());
            if self.show == DemoState::Refused {
                // A person who signs in acts for themselves.
                self.show = DemoState::Ready;
            }
        }
        Some(response)
    }

    /// Returns whether a response says that the session of the chosen person has ended.
    fn has_expired(&self, response: Option<&DemoResponse>) -> bool {
        let refused = |response: &DemoResponse| {
            response.status == StatusCode::UNAUTHORIZED.as_u16()
                && response.json()["error"]["code"] == Refusal::SignInRequired.as_str()
        };
        self.cookie.is_some() && self.person.is_some() && response.is_some_and(refused)
    }

    /// Sends a request to the API, and keeps the cookie that it sets.
    fn send(&mut self, request: &DemoRequest, moment: &DemoMoment) -> Option<DemoResponse> {
        {
            let mut state = self.host.state();
            state.store = self.store().clone();
            state.moment = moment.clone();
            state.contexts = 0;
        }
        let request = request.to_http(&self.home, self.cookie.as_deref()).ok()?;
        let response = run(self.router.clone().oneshot(request))?.ok()?;
        let (parts, body) = response.into_parts();
        let body = run(axum::body::to_bytes(body, usize::MAX))?.ok()?;
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(cookie) = text(header::SET_COOKIE) {
            let pair = cookie.split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
            if self.cookie.is_none() {
                self.person = None;
            }
        }
        let file_name = text(header::CONTENT_DISPOSITION)
            .and_then(|disposition| disposition.split('"').nth(1))
            .map(str::to_owned);
        Some(DemoResponse {
            status: parts.status.as_u16(),
            retry_after: text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok()),
            file_name,
            media_type: text(header::CONTENT_TYPE).unwrap_or_default().to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    /// Signs this person in, or no one, and shows pages in this state.
    fn choose(
        &mut self,
        person: Option<EmailAddress>,
        show: DemoState,
        moment: &DemoMoment,
    ) -> Result<DemoResponse> {
        self.show = show;
        self.cookie = None;
        let acting = match &person {
            Some(person) if show == DemoState::Refused => {
                Some(self.least_privileged(person, &mut self.context(moment))?)
            }
            acting => acting.clone(),
        };
        let response = acting.and_then(|email| {
            let sign_in = DemoRequest {
                method: "POST".to_owned(),
                path: routes::SESSION.to_owned(),
                media_type: "application/json".to_owned(),
                body: Some(json!({ "email": email, "password": demo::PASSWORD }).to_string()),
                ..DemoRequest::default()
            };
            self.send(&sign_in, moment)
        });
        self.person = person;
        Ok(response.unwrap_or(DemoResponse {
            status: StatusCode::NO_CONTENT.as_u16(),
            retry_after: None,
            file_name: None,
            media_type: String::new(),
            body: String::new(),
        }))
    }

    /// Returns the person of the same organization who may do the least, and creates one where
    /// there is none.
    fn least_privileged(
        &self,
        person: &EmailAddress,
        context: &mut Context,
    ) -> Result<EmailAddress> {
        let store = self.store();
        store.write(|store| {
            let user = store.user_by_email(person)?.ok_or(Error::NOT_FOUND)?;
            let organization = store.organization(user.organization)?.ok_or(Error::NOT_FOUND)?;
            let role = match organization.kind() {
                OrganizationKind::Customer => UserRole::GlobalReader,
                OrganizationKind::Partner => UserRole::HelpdeskAgent,
            };
            let colleagues = store.users(organization.id())?;
            if let Some(found) = colleagues.into_iter().find(|user| user.roles == [role]) {
                return Ok(found.email);
            }
            let new = NewUser {
                organization: organization.id(),
                email: parsed(&format!("robin@{}", organization.domain()))?,
                name: parsed::<DisplayName>("Robin Vale")?,
                password: password(),
                roles: vec![role],
                language: user.language,
            };
            Ok(organizations::create_user(store, context, new)?.email)
        })
    }

    /// Returns the context of a use case.
    fn context(&self, moment: &DemoMoment) -> Context {
        Context::new(moment.time(), &self.home, moment.seed)
    }

    /// Returns all people of the demo data by organization, customers first.
    pub(crate) fn people(&self) -> Result<Vec<(Organization, Vec<User>)>> {
        self.sample.read(|store| {
            let mut people = Vec::new();
            for organization in store.organizations()? {
                let mut users = store.users(organization.id())?;
                users.sort_by_key(|user| (user.roles.clone(), user.name.to_string()));
                if !users.is_empty() {
                    people.push((organization, users));
                }
            }
            people
                .sort_by_key(|(organization, _)| organization.kind() == OrganizationKind::Partner);
            Ok(people)
        })
    }

    fn store(&self) -> &Memory {
        if self.show == DemoState::Empty { &self.bare } else { &self.sample }
    }

    /// Reads the demo data as the chosen person, in whatever state pages are shown; as the
    /// first person while no one is chosen. For the places that the bar offers.
    pub(crate) fn look<T>(
        &self,
        moment: &DemoMoment,
        work: impl FnOnce(&mut dyn Read, &Caller, Timestamp) -> Result<T>,
    ) -> Result<T> {
        let first = || Some(demo::accounts().ok()?.into_iter().next()?.email);
        let person = self.person.clone().or_else(first).ok_or(Error::NOT_FOUND)?;
        self.sample.read(|store| {
            let user = store.user_by_email(&person)?.ok_or(Error::NOT_FOUND)?;
            let organization = store.organization(user.organization)?.ok_or(Error::NOT_FOUND)?;
            // A session that is never stored.
            let session = Session {
                token: TokenHash::of(""),
                user: user.id,
                organization: organization.id(),
                created: moment.time(),
                expires: moment.time(),
            };
            work(store, &Caller { user, organization, session }, moment.time())
        })
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::Problem(ErrorCode::Internal.into()))
}
