//! The API, answered by the use cases themselves. [`table`] mirrors that of the server
//! (`crates/server/src/router.rs`), and a test holds the two to the same addresses and
//! methods.

use std::collections::BTreeSet;

use api::{
    AcceptAgreement, AcceptInvitation, CancelInvitation, DeclineEnquiry, ETag, EnquiryRequest,
    ErrorCode, FieldProblem, InvitationRequest, LookUpInvitation, OrderRequest, PartnerIdRequest,
    PartnerQuery, PlanRequest, Problem, ProfileRequest, QuantityRequest, RelationshipQuery,
    RenderedMail, SignInRequest, Site, SkipToken, SubscriptionQuery, decode_component, routes,
};
use rules::{FieldError, Language, OrderRequestId, PartnerId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::plan::{self, Line};
use service::{
    Error, Result, TokenHash, activity, agreements, csv, demo, enquiries, invitations, offers,
    orders, organizations, outbox, partner_ids, partner_of_record, partners, products, profile,
    relationships, sign_in, subscriptions,
};

use super::world::{Moment, World};
use crate::client::{CSV, Outgoing};

/// How many entries a page of the audit log has where nobody asks for another number.
const ACTIVITY_USUAL: u32 = 100;
/// The most entries of a page of the audit log.
const ACTIVITY_MOST: u32 = 300;

/// What a page asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// The address, with its query.
    pub path: String,
    /// The media type of the body.
    pub kind: String,
    /// The body.
    pub body: Option<String>,
    /// The version that the page saw (`If-Match`).
    pub version: Option<ETag>,
    /// By what it is known again (`Repeatability-Request-ID`).
    pub once: Option<OrderRequestId>,
}

impl From<Outgoing> for Request {
    fn from(asked: Outgoing) -> Self {
        let (kind, body) = asked.body.unzip();
        Self {
            method: asked.method.as_str().to_owned(),
            path: asked.path,
            kind: kind.unwrap_or_default().to_owned(),
            body,
            version: asked.version,
            once: asked.once,
        }
    }
}

impl Request {
    /// Whether it asks who is signed in, or changes that: pages are shown in every state
    /// by whoever is.
    pub(crate) fn is_about_the_session(&self) -> bool {
        [routes::SITE, routes::SESSION, routes::SESSIONS].contains(&self.path.as_str())
    }

    /// Whether it may change something. A plan changes nothing but how many Partner IDs may
    /// still be looked up, which is not worth keeping the whole file for.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.method != "GET" && self.path != routes::PLAN_PARTNERS_OF_RECORD
    }
}

/// What a request is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A body.
    Json(serde_json::Value),
    /// That it was done.
    Nothing,
    /// A file to keep, or a document of its own.
    File {
        /// Its name, for keeping it.
        name: String,
        /// Its media type.
        kind: &'static str,
        /// What is in it.
        text: String,
    },
    /// Why it was not done.
    Problem(Problem),
    /// No answer, ever.
    Never,
}

/// A request under way to its handler.
pub(super) struct Asked<'a> {
    request: &'a Request,
    moment: &'a Moment,
    query: &'a str,
    id: &'a str,
}

/// What answers at an address to a method.
type Handler = fn(&mut World, &Asked) -> Result<Answer>;

/// The methods of an address, written as the server's router does.
pub(super) struct Methods(Vec<(&'static str, Handler)>);

fn get(handler: Handler) -> Methods {
    Methods(vec![("GET", handler)])
}

fn post(handler: Handler) -> Methods {
    Methods(vec![("POST", handler)])
}

fn put(handler: Handler) -> Methods {
    Methods(vec![("PUT", handler)])
}

fn delete(handler: Handler) -> Methods {
    Methods(vec![("DELETE", handler)])
}

impl Methods {
    fn post(self, handler: Handler) -> Self {
        self.and("POST", handler)
    }

    fn put(self, handler: Handler) -> Self {
        self.and("PUT", handler)
    }

    fn patch(self, handler: Handler) -> Self {
        self.and("PATCH", handler)
    }

    fn delete(self, handler: Handler) -> Self {
        self.and("DELETE", handler)
    }

    /// The methods' names.
    #[cfg(test)]
    pub(super) fn names(&self) -> std::collections::BTreeSet<String> {
        self.0.iter().map(|(method, _)| (*method).to_owned()).collect()
    }

    fn and(mut self, method: &'static str, handler: Handler) -> Self {
        self.0.push((method, handler));
        self
    }
}

/// Every address of the API with its methods.
pub(super) fn table() -> Vec<(&'static str, Methods)> {
    vec![
        (routes::SITE, get(site)),
        (routes::HEALTH, get(health)),
        (routes::OPENAPI, get(on_a_server_alone)),
        (routes::SESSION, get(session).post(sign_in).delete(sign_out)),
        (routes::SESSIONS, delete(sign_out_everywhere)),
        (routes::RELATIONSHIPS, get(relationship_list)),
        (routes::RELATIONSHIPS_EXPORT, get(relationship_export)),
        (routes::RELATIONSHIP, get(relationship).delete(delete_relationship)),
        (routes::REMOVE_ADMIN_ROLES, post(remove_admin_roles)),
        (routes::GIVE_UP_ADMIN_ROLES, post(give_up_admin_roles)),
        (routes::END_RELATIONSHIP, post(end_relationship)),
        (routes::RELATIONSHIP_HISTORY, get(relationship_history)),
        (routes::INVITATIONS, get(invitation_list).post(draft_invitation)),
        (routes::LOOK_UP_INVITATION, post(look_up_invitation)),
        (routes::INVITATION, get(invitation).patch(edit_invitation)),
        (routes::ACCEPT_INVITATION, post(accept_invitation)),
        (routes::CANCEL_INVITATION, post(cancel_invitation)),
        (routes::SEND_INVITATION, post(send_invitation)),
        (routes::RESEND_INVITATION, post(resend_invitation)),
        (routes::WITHDRAW_INVITATION, post(withdraw_invitation)),
        (routes::INVITATION_MAIL, get(invitation_mail)),
        (routes::INVITATION_MAIL_HTML, get(invitation_mail_html)),
        (routes::PARTNERS, get(partner_search)),
        (routes::ENQUIRIES, get(enquiry_list).post(send_enquiry)),
        (routes::ENQUIRY, get(enquiry)),
        (routes::READ_ENQUIRY, post(read_enquiry)),
        (routes::DECLINE_ENQUIRY, post(decline_enquiry)),
        (routes::PROFILE, get(own_profile).put(set_profile)),
        (routes::PRODUCTS, get(product_list)),
        (routes::BILLING_ACCOUNTS, get(billing_account_list)),
        (routes::ORDERS, post(place_order)),
        (routes::SUBSCRIPTIONS, get(subscription_list)),
        (routes::SUBSCRIPTIONS_EXPORT, get(subscription_export)),
        (routes::SUBSCRIPTION, get(subscription).patch(change_quantity)),
        (routes::SUBSCRIPTION_HISTORY, get(subscription_history)),
        (routes::SUSPEND_SUBSCRIPTION, post(suspend_subscription)),
        (routes::REACTIVATE_SUBSCRIPTION, post(reactivate_subscription)),
        (routes::CANCEL_SUBSCRIPTION, post(cancel_subscription)),
        (routes::CREATE_FROM_OFFER, post(create_from_offer)),
        (routes::PARTNER_OF_RECORD, put(set_partner_of_record).delete(remove_partner_of_record)),
        (routes::PLAN_PARTNERS_OF_RECORD, post(plan_partners_of_record)),
        (routes::APPLY_PARTNERS_OF_RECORD, post(apply_partners_of_record)),
        (routes::CHECK_PARTNER_ID, post(check_partner_id)),
        (routes::AGREEMENT, get(agreement)),
        (routes::ACCEPT_AGREEMENT, post(accept_agreement)),
        (routes::ACTIVITY, get(activity_list)),
        (routes::OUTBOX, get(outbox_list)),
    ]
}

/// Answers a request.
pub(super) fn answer(world: &mut World, request: &Request, moment: &Moment) -> Answer {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let table = table();
    let found = table.iter().find(|(route, _)| *route == path).map(|found| (found, "")).or_else(
        // An address that is spelled out goes before one with an identifier in it.
        || table.iter().find_map(|found| Some((found, identifier(found.0, path)?))),
    );
    let Some(((_, methods), id)) = found else {
        return Answer::Problem(ErrorCode::NotFound.into());
    };
    let handler = methods.0.iter().find(|(method, _)| *method == request.method);
    let Some((_, handler)) = handler else {
        return Answer::Problem(ErrorCode::MethodNotAllowed.into());
    };
    said(handler(world, &Asked { request, moment, query, id }))
}

/// What stands in a path where its route has `{id}`, if it is a path of this route.
fn identifier<'a>(route: &str, path: &'a str) -> Option<&'a str> {
    let (before, after) = route.split_once("{id}")?;
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

/// What a use case ended in, as an answer.
pub(super) fn said(result: Result<Answer>) -> Answer {
    result.unwrap_or_else(|error| match error {
        Error::Problem(problem) => Answer::Problem(problem),
        // How long to wait stands in a header, which the page reads where nothing else
        // says it; a refusal's text does.
        Error::NotYet { refusal, .. } => Answer::Problem(refusal.into()),
        Error::Store(failed) => {
            // A server would write it to its log.
            leptos::logging::error!("{failed}");
            Answer::Problem(ErrorCode::Internal.into())
        }
    })
}

fn json(body: &impl Serialize) -> Result<Answer> {
    let value = serde_json::to_value(body).map_err(|_| problem(ErrorCode::Internal))?;
    Ok(Answer::Json(value))
}

fn problem(code: ErrorCode) -> Error {
    Error::Problem(code.into())
}

fn field(field: &'static str, error: FieldError) -> Error {
    vec![FieldProblem { field, error }].into()
}

impl Asked<'_> {
    /// The identifier in the address. One that can't be read names nothing.
    fn id<T: std::str::FromStr>(&self) -> Result<T> {
        self.id.parse().map_err(|_| Error::NOT_FOUND)
    }

    /// The version that the page saw.
    fn version(&self) -> Result<i64> {
        Ok(self.request.version.ok_or(problem(ErrorCode::VersionRequired))?.0)
    }

    /// The body.
    fn body<T: DeserializeOwned>(&self) -> Result<T> {
        let body = self.request.body.as_deref().unwrap_or_default();
        serde_json::from_str(body).map_err(|_| problem(ErrorCode::InvalidRequest))
    }

    /// A file of CSV to be kept, named by what it holds and by the day.
    fn csv(&self, name: &str, text: String) -> Answer {
        let date: String = self.moment.time().to_string().chars().take(10).collect();
        Answer::File { name: format!("{name}-{date}.csv"), kind: "text/csv;charset=utf-8", text }
    }

    /// The options of the query, those of these names and no others.
    fn options<const N: usize>(&self, known: [&str; N]) -> Result<[Option<String>; N]> {
        let mut options = [const { None }; N];
        let unknown = || field("query", FieldError::NotAnOption);
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode_component(name).ok_or_else(unknown)?;
            let place = known.iter().position(|known| *known == name).ok_or_else(unknown)?;
            options[place] = Some(decode_component(value).ok_or_else(unknown)?);
        }
        Ok(options)
    }
}

fn site(_: &mut World, _: &Asked) -> Result<Answer> {
    json(&Site {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        demo: true,
        accounts: demo::accounts()?,
    })
}

fn health(_: &mut World, _: &Asked) -> Result<Answer> {
    json(&json!({ "status": "ok" }))
}

/// The description of the API is made by the server, and no page asks for it.
fn on_a_server_alone(_: &mut World, _: &Asked) -> Result<Answer> {
    Err(Error::NOT_FOUND)
}

fn session(world: &mut World, asked: &Asked) -> Result<Answer> {
    json(&world.read_as(asked.moment, |store, caller, _| organizations::session(store, caller))?)
}

fn sign_in(world: &mut World, asked: &Asked) -> Result<Answer> {
    let typed = asked.body::<SignInRequest>()?.parse()?;
    let caller = world.sign_in(&typed, asked.moment)?;
    json(&world.read(|store| organizations::session(store, &caller))?)
}

fn sign_out(world: &mut World, asked: &Asked) -> Result<Answer> {
    world.sign_out(asked.moment)?;
    Ok(Answer::Nothing)
}

fn sign_out_everywhere(world: &mut World, asked: &Asked) -> Result<Answer> {
    world.write_as(asked.moment, |store, context, caller| {
        sign_in::sign_out_everywhere(store, context, caller)
    })?;
    world.forget();
    Ok(Answer::Nothing)
}

fn relationship_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    let query = RelationshipQuery::parse(asked.query)?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        relationships::list(store, caller, &query, now)
    })?)
}

fn relationship_export(world: &mut World, asked: &Asked) -> Result<Answer> {
    let query = RelationshipQuery {
        top: u32::MAX,
        skip: SkipToken::default(),
        ..RelationshipQuery::parse(asked.query)?
    };
    let page = world.read_as(asked.moment, |store, caller, now| {
        relationships::list(store, caller, &query, now)
    })?;
    Ok(asked.csv("partner-relationships", csv::relationships(&page.value)))
}

fn relationship(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(
        &world.read_as(asked.moment, |store, caller, now| {
            relationships::get(store, caller, id, now)
        })?,
    )
}

fn relationship_history(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        relationships::history(store, caller, id, now)
    })?)
}

fn remove_admin_roles(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        relationships::remove_admin_roles(store, context, caller, id, version)
    })?)
}

fn give_up_admin_roles(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        relationships::give_up_admin_roles(store, context, caller, id, version)
    })?)
}

fn end_relationship(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        relationships::end(store, context, caller, id, version)
    })?)
}

fn delete_relationship(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    world.write_as(asked.moment, |store, context, caller| {
        relationships::delete(store, context, caller, id, version)
    })?;
    Ok(Answer::Nothing)
}

fn invitation_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    json(&world.read_as(asked.moment, invitations::list)?)
}

fn draft_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let draft = asked.body::<InvitationRequest>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::draft(store, context, caller, draft)
    })?)
}

fn look_up_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let token = TokenHash::of(&asked.body::<LookUpInvitation>()?.token);
    json(&world.read_as(asked.moment, |store, caller, now| {
        invitations::look_up(store, caller, &token, now)
    })?)
}

fn invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(
        &world
            .read_as(asked.moment, |store, caller, now| invitations::get(store, caller, id, now))?,
    )
}

fn accept_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    let agreement = asked.body::<AcceptInvitation>()?.agreement.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::accept(store, context, caller, id, version, &agreement)
    })?)
}

fn cancel_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    let reason = asked.body::<CancelInvitation>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::cancel(store, context, caller, id, version, reason)
    })?)
}

fn send_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::send(store, context, caller, id, version)
    })?)
}

fn edit_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    let draft = asked.body::<InvitationRequest>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::edit(store, context, caller, id, version, draft)
    })?)
}

fn resend_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::resend(store, context, caller, id, version)
    })?)
}

fn invitation_mail(world: &mut World, asked: &Asked) -> Result<Answer> {
    json(&rendered(world, asked)?)
}

fn invitation_mail_html(world: &mut World, asked: &Asked) -> Result<Answer> {
    Ok(Answer::File {
        name: "mail.html".to_owned(),
        kind: "text/html;charset=utf-8",
        text: rendered(world, asked)?.html,
    })
}

fn rendered(world: &World, asked: &Asked) -> Result<RenderedMail> {
    let id = asked.id()?;
    let [language] = asked.options(["language"])?;
    let language: Option<Language> = language
        .map(|language| language.parse())
        .transpose()
        .map_err(|error| field("language", error))?;
    world.read_as(asked.moment, |store, caller, now| {
        invitations::mail(store, caller, id, language, world.home(), now)
    })
}

fn withdraw_invitation(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        invitations::withdraw(store, context, caller, id, version)
    })?)
}

fn partner_search(world: &mut World, asked: &Asked) -> Result<Answer> {
    let query = PartnerQuery::parse(asked.query)?;
    json(
        &world.read_as(asked.moment, |store, caller, now| {
            partners::search(store, caller, &query, now)
        })?,
    )
}

fn enquiry_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    json(&world.read_as(asked.moment, enquiries::list)?)
}

fn send_enquiry(world: &mut World, asked: &Asked) -> Result<Answer> {
    let new = asked.body::<EnquiryRequest>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        enquiries::send(store, context, caller, &new)
    })?)
}

fn enquiry(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(
        &world
            .read_as(asked.moment, |store, caller, now| enquiries::get(store, caller, id, now))?,
    )
}

fn read_enquiry(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        enquiries::read(store, context, caller, id)
    })?)
}

fn decline_enquiry(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    let reason = asked.body::<DeclineEnquiry>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        enquiries::decline(store, context, caller, id, version, &reason)
    })?)
}

fn own_profile(world: &mut World, asked: &Asked) -> Result<Answer> {
    json(&world.read_as(asked.moment, profile::get)?)
}

fn set_profile(world: &mut World, asked: &Asked) -> Result<Answer> {
    let version = asked.version()?;
    let new = asked.body::<ProfileRequest>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        profile::set(store, context, caller, version, new)
    })?)
}

fn product_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    let [relationship] = asked.options(["relationship"])?;
    let relationship = relationship
        .map(|relationship| relationship.parse())
        .transpose()
        .map_err(|error| field("relationship", error))?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        products::list(store, caller, relationship, now)
    })?)
}

fn billing_account_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    json(&world.read_as(asked.moment, products::billing_accounts)?)
}

fn place_order(world: &mut World, asked: &Asked) -> Result<Answer> {
    let request = asked.request.once.ok_or(problem(ErrorCode::RequestIdRequired))?;
    let order = asked.body::<OrderRequest>()?.parse()?;
    if order.partner_id.is_some() {
        world.write_as(asked.moment, |store, context, caller| {
            orders::look_up(store, context, caller, request, &order)
        })?;
    }
    json(&world.write_as(asked.moment, |store, context, caller| {
        orders::place(store, context, caller, request, &order)
    })?)
}

fn subscription_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    let query = SubscriptionQuery::parse(asked.query)?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        subscriptions::list(store, caller, &query, now)
    })?)
}

fn subscription_export(world: &mut World, asked: &Asked) -> Result<Answer> {
    let query = SubscriptionQuery {
        top: u32::MAX,
        skip: SkipToken::default(),
        ..SubscriptionQuery::parse(asked.query)?
    };
    let page = world.read_as(asked.moment, |store, caller, now| {
        subscriptions::list(store, caller, &query, now)
    })?;
    Ok(asked.csv("subscriptions", csv::subscriptions(&page.value)))
}

fn subscription(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(
        &world.read_as(asked.moment, |store, caller, now| {
            subscriptions::get(store, caller, id, now)
        })?,
    )
}

fn subscription_history(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.id()?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        subscriptions::history(store, caller, id, now)
    })?)
}

fn change_quantity(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    let quantity = asked.body::<QuantityRequest>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        subscriptions::change_quantity(store, context, caller, id, version, quantity)
    })?)
}

fn suspend_subscription(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        subscriptions::suspend(store, context, caller, id, version)
    })?)
}

fn reactivate_subscription(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        subscriptions::reactivate(store, context, caller, id, version)
    })?)
}

fn cancel_subscription(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        subscriptions::cancel(store, context, caller, id, version)
    })?)
}

fn create_from_offer(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        offers::create(store, context, caller, id, version)
    })?)
}

fn set_partner_of_record(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    let partner = asked.body::<PartnerIdRequest>()?.parse()?;
    world.write_as(asked.moment, |store, context, caller| {
        partner_of_record::look_up(store, context, caller, id, version, &partner)
    })?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        partner_of_record::set(store, context, caller, id, version, &partner)
    })?)
}

fn remove_partner_of_record(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (id, version) = (asked.id()?, asked.version()?);
    json(&world.write_as(asked.moment, |store, context, caller| {
        partner_of_record::remove(store, context, caller, id, version)
    })?)
}

fn plan_partners_of_record(world: &mut World, asked: &Asked) -> Result<Answer> {
    let (lines, without_room) = lines_to_plan(world, asked)?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        plan::plan(store, caller, &lines, &without_room, now)
    })?)
}

fn apply_partners_of_record(world: &mut World, asked: &Asked) -> Result<Answer> {
    let version = asked.version()?;
    let (lines, without_room) = lines_to_plan(world, asked)?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        plan::apply(store, context, caller, &lines, &without_room, version)
    })?)
}

/// What is asked for, of a choice or of a file, and those of its Partner IDs that the day
/// has no room to look up.
fn lines_to_plan(world: &World, asked: &Asked) -> Result<(Vec<Line>, BTreeSet<PartnerId>)> {
    world.read_as(asked.moment, plan::may_plan)?;
    let lines = if asked.request.kind == CSV {
        plan::of_csv(asked.request.body.as_deref().unwrap_or_default().as_bytes())?
    } else {
        plan::of_choice(&asked.body::<PlanRequest>()?.parse()?)
    };
    let without_room = world.write_as(asked.moment, |store, context, caller| {
        plan::note_look_ups(store, context, caller, &lines)
    })?;
    Ok((lines, without_room))
}

fn check_partner_id(world: &mut World, asked: &Asked) -> Result<Answer> {
    let id = asked.body::<PartnerIdRequest>()?.parse()?;
    world.write_as(asked.moment, |store, context, caller| {
        partner_ids::note_look_up(store, context, caller, &id)
    })?;
    json(
        &world.read_as(asked.moment, |store, caller, now| {
            partner_ids::check(store, caller, &id, now)
        })?,
    )
}

fn agreement(world: &mut World, asked: &Asked) -> Result<Answer> {
    let [language] = asked.options(["language"])?;
    let language = match language {
        Some(language) => language.parse().map_err(|error| field("language", error))?,
        None => Language::English,
    };
    json(&world.read_as(asked.moment, |store, caller, now| {
        agreements::current(store, caller, language, now)
    })?)
}

fn accept_agreement(world: &mut World, asked: &Asked) -> Result<Answer> {
    let agreement = asked.body::<AcceptAgreement>()?.parse()?;
    json(&world.write_as(asked.moment, |store, context, caller| {
        agreements::accept(store, context, caller, &agreement)
    })?)
}

fn activity_list(world: &mut World, asked: &Asked) -> Result<Answer> {
    let [top, skip] = asked.options(["$top", "$skiptoken"])?;
    let top = match top.map(|top| top.parse()) {
        None => ACTIVITY_USUAL,
        Some(Ok(top @ 1..=ACTIVITY_MOST)) => top,
        Some(_) => return Err(field("top", FieldError::NotAnOption)),
    };
    let before = skip
        .map(|skip| i64::from_str_radix(&skip, 16))
        .transpose()
        .map_err(|_| field("skiptoken", FieldError::NotAnOption))?;
    json(&world.read_as(asked.moment, |store, caller, now| {
        activity::list(store, caller, before, top, now)
    })?)
}

/// The outbox stands in for everybody's mailbox, as it does on a server with sample data.
fn outbox_list(world: &mut World, _: &Asked) -> Result<Answer> {
    json(&world.read(outbox::list_of_demo)?)
}
