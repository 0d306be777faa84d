//! The page reads every type of answer as serde does.

use std::{collections::BTreeSet, fmt::Debug, str::FromStr};

use crate::{
    AcceptedInvitation, Account, ActivityActor, ActivityEntry, ActivityTarget, Agreement,
    AgreementAcceptanceResource, AgreementState, AppliedPlan, AuditAction, BillingAccountResource,
    CheckedPartnerId, DemoAccount, ETag, EnquiryResource, ErrorBody, ErrorDetail, FromJson,
    InnerError, InvitationResource, Json, LineProblem, MailResource, MailStatus,
    OrganizationResource, Page, Partner, PartnerProfile, PartnerRef, Plan, PlannedChange,
    ProductResource, ProfileResource, RelationshipResource, RenderedMail, SessionResource, Site,
    TargetKind,
};
use rules::{
    AccountKind, AdminRole, Cloud, Currency, EndedBy, EnquiryState, EnquiryStatus, FieldError,
    Industry, InvitationState, InvitationStatus, Language, Location, Money, NextStep, Offer,
    OfferKind, OrganizationKind, OrganizationSize, PartnerType, Price, Refusal, RelationshipState,
    RelationshipStatus, RoleGrant, Service, Term, Timestamp, UserRole,
};
use serde::{
    Serialize,
    de::{DeserializeOwned, Deserializer, Error as _, Visitor, value::Error},
};
use serde_json::{Value, json};

/// Traits that these tests require of a response type.
pub(crate) trait Answer:
    FromJson + Serialize + DeserializeOwned + PartialEq + Debug
{
}

impl<T: FromJson + Serialize + DeserializeOwned + PartialEq + Debug> Answer for T {}

/// Checks the reader of a struct with two samples: one with a value in every field, and one
/// with the required fields only.
pub(crate) fn check<T: Answer>(full: &T, sparse: &T) {
    let Value::Object(fields) = written(full) else { panic!("{full:?} is no object") };
    let filled: BTreeSet<_> = fields.keys().map(String::as_str).collect();
    let known = names::<T>().iter().copied().collect();
    assert_eq!(filled, known, "the full sample fills every field");
    let Value::Object(fields) = written(sparse) else { panic!("{sparse:?} is no object") };
    for name in fields.keys() {
        let mut fewer = fields.clone();
        fewer.remove(name);
        assert_eq!(read::<T>(fewer.into()), None, "the sparse sample does without {name}");
    }
    check_one(full);
    check_one(sparse);
}

/// Checks that a value survives a round trip, and that each variant of its JSON with one
/// change is accepted or rejected as by serde.
pub(crate) fn check_one<T: Answer>(sample: &T) {
    let written = written(sample);
    assert_eq!(read::<T>(written.clone()).as_ref(), Some(sample));
    assert_eq!(read::<T>(Value::Null), None);
    for (changed, without_null) in changes(&written) {
        let answer = read::<T>(changed.clone());
        if answer != by_serde(changed.clone()) {
            // A null may be treated like a missing field.
            assert_eq!(answer, by_serde(without_null), "{changed}");
        }
    }
}

fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("a value that can be written")
}

fn read<T: FromJson>(value: Value) -> Option<T> {
    T::from_json(&Json::from(value))
}

fn by_serde<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

/// Returns the variants of a JSON value with one change: a value of another type, a null, or
/// a missing field. Each comes with the same variant without the null.
fn changes(value: &Value) -> Vec<(Value, Value)> {
    let others = [
        json!(true),
        json!(-1),
        json!(1.5),
        json!(5_000_000_000_u64),
        json!("text"),
        json!(["text"]),
        json!({ "text": "text" }),
    ];
    let mut all: Vec<_> = others.into_iter().map(|other| (other.clone(), other)).collect();
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let with = |item| {
                    let mut items = items.clone();
                    items[place] = item;
                    Value::Array(items)
                };
                all.push((with(Value::Null), with(Value::Null)));
                all.extend(changes(item).into_iter().map(|(one, other)| (with(one), with(other))));
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                let with = |item| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), item);
                    Value::Object(fields)
                };
                let mut fewer = fields.clone();
                fewer.remove(name);
                let without = Value::Object(fewer);
                all.push((without.clone(), without.clone()));
                all.push((with(Value::Null), without));
                all.extend(changes(item).into_iter().map(|(one, other)| (with(one), with(other))));
            }
        }
        _ => {}
    }
    all
}

/// The names on the wire of all fields of a struct, as serde knows them.
fn names<T: DeserializeOwned>() -> &'static [&'static str] {
    /// Records the field names, and then fails.
    struct Names<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Names<'_> {
        type Error = Error;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            _visitor: V,
        ) -> Result<V::Value, Error> {
            *self.0 = fields;
            Err(Error::custom("only the names were asked for"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
            Err(Error::custom("not a struct"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
            option unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier
            ignored_any
        }
    }

    let mut names: &'static [&'static str] = &[];
    assert!(T::deserialize(Names(&mut names)).is_err());
    names
}

/// A value of a sample, through its parser.
pub(crate) fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect(text)
}

/// An identifier of any kind.
pub(crate) fn id<T: FromStr<Err: Debug>>(number: u8) -> T {
    parsed(&format!("018bcfe5-6800-7fff-bfff-0000000000{number:02x}"))
}

/// A moment on this day of one month.
pub(crate) fn day(day: u8) -> Timestamp {
    parsed(&format!("2026-11-{day:02}T18:53:57.250Z"))
}

fn partner(phone: Option<&str>, address: Option<&str>) -> Partner {
    Partner {
        id: id(1),
        name: parsed("Fabrikam \"旅行\" 🧳"),
        partner_id: parsed("4567890"),
        domain: parsed("fabrikam.example"),
        country: parsed("DE"),
        partner_since: day(1),
        email: parsed("hello@fabrikam.example"),
        phone: phone.map(parsed),
        address: address.map(parsed),
    }
}

fn full_partner() -> Partner {
    partner(Some("+49 30 1234"), Some("Street 1\nBerlin"))
}

fn grant(ends: Option<Timestamp>) -> RoleGrant {
    RoleGrant { role: AdminRole::HelpdeskAdministrator, since: day(3), ends }
}

fn ended() -> RelationshipState {
    RelationshipState::Ended { at: day(9), by: EndedBy::Partner, user: id(2) }
}

fn full_relationship() -> RelationshipResource {
    RelationshipResource {
        id: id(3),
        etag: ETag(7),
        customer: id(4),
        customer_name: parsed("Contoso"),
        cloud: Cloud::Vianet21,
        partner: full_partner(),
        relationship_type: PartnerType::Advisor,
        admin_roles: vec![grant(Some(day(20))), grant(None)],
        agreement: AgreementState::NotAccepted,
        since: day(3),
        ends: Some(day(20)),
        status: RelationshipStatus::Ended,
        state: ended(),
        invitation: Some(id(5)),
        offer: Some(offer()),
        active_subscriptions: 3,
    }
}

fn sparse_relationship() -> RelationshipResource {
    RelationshipResource {
        partner: partner(None, None),
        admin_roles: Vec::new(),
        ends: None,
        status: RelationshipStatus::Active,
        state: RelationshipState::Active,
        invitation: None,
        offer: None,
        ..full_relationship()
    }
}

fn offer() -> Offer {
    Offer { kind: OfferKind::Purchase, product: parsed("Office 365"), quantity: 25 }
}

fn canceled(reason: Option<&str>) -> InvitationState {
    let sent = reason.map(|_| day(3));
    InvitationState::Canceled { at: day(4), by: id(7), reason: reason.map(parsed), sent }
}

fn full_invitation() -> InvitationResource {
    InvitationResource {
        id: id(5),
        etag: ETag(2),
        customer: id(4),
        customer_name: parsed("Contoso"),
        customer_domain: parsed("contoso.example"),
        cloud: Cloud::Germany,
        partner: full_partner(),
        relationship_type: PartnerType::ResellerAndDelegatedAdministrator,
        admin_roles: AdminRole::ALL.to_vec(),
        recipient: Some(parsed("anna@contoso.example")),
        recipient_name: Some(parsed("Anna")),
        language: Language::Chinese,
        message: Some(parsed("Hello,\nAnna")),
        enquiry: Some(id(9)),
        terms: Some(parsed("Thirty days")),
        offer: Some(offer()),
        code: "K7QF-2M9D".to_owned(),
        created: day(2),
        created_by: id(6),
        status: InvitationStatus::Canceled,
        state: canceled(Some("Not now")),
        answered_by: Some(parsed("Anna")),
    }
}

fn sparse_invitation() -> InvitationResource {
    InvitationResource {
        partner: partner(None, None),
        admin_roles: Vec::new(),
        recipient: None,
        recipient_name: None,
        message: None,
        enquiry: None,
        terms: None,
        offer: None,
        status: InvitationStatus::Draft,
        state: InvitationState::Draft,
        answered_by: None,
        ..full_invitation()
    }
}

fn full_enquiry() -> EnquiryResource {
    EnquiryResource {
        id: id(9),
        etag: ETag(2),
        customer: id(4),
        customer_name: parsed("Contoso"),
        partner: full_partner(),
        cloud: Cloud::Worldwide,
        country: parsed("NL"),
        city: Some(parsed("Utrecht")),
        size: OrganizationSize::From51To250,
        needs: parsed("Moving\nour mail"),
        contact_name: parsed("Anna"),
        contact_email: parsed("anna@contoso.example"),
        contact_phone: Some(parsed("+31 20 123 4567")),
        created: day(2),
        created_by: id(7),
        created_by_name: parsed("Anna"),
        status: EnquiryStatus::Declined,
        state: EnquiryState::Declined { at: day(4), by: id(6), reason: parsed("No people") },
    }
}

fn sparse_enquiry() -> EnquiryResource {
    EnquiryResource {
        partner: partner(None, None),
        city: None,
        contact_phone: None,
        status: EnquiryStatus::Expired,
        state: EnquiryState::Sent { expires: day(16) },
        ..full_enquiry()
    }
}

fn location(city: Option<&str>) -> Location {
    Location { country: parsed("NL"), city: city.map(parsed) }
}

fn full_profile() -> ProfileResource {
    ProfileResource {
        etag: ETag(0),
        listed: true,
        description: Some(parsed("We migrate.\n我们迁移。")),
        locations: vec![location(Some("Utrecht")), location(None)],
        services: Service::ALL.to_vec(),
        industries: Industry::ALL.to_vec(),
        sizes: OrganizationSize::ALL.to_vec(),
        countries: vec![parsed("NL"), parsed("BE")],
    }
}

fn sparse_profile() -> ProfileResource {
    ProfileResource {
        description: None,
        locations: Vec::new(),
        services: Vec::new(),
        industries: Vec::new(),
        sizes: Vec::new(),
        countries: Vec::new(),
        ..full_profile()
    }
}

fn found(partner: Partner, profile: ProfileResource) -> PartnerProfile {
    PartnerProfile {
        partner,
        clouds: Cloud::ALL.to_vec(),
        description: profile.description,
        locations: profile.locations,
        services: profile.services,
        industries: profile.industries,
        sizes: profile.sizes,
    }
}

fn price() -> Price {
    Price { term: Term::Month, unit: Money { amount: -2_350, currency: Currency::Chf } }
}

fn product(prices: Vec<Price>) -> ProductResource {
    ProductResource {
        id: id(20),
        cloud: Cloud::Germany,
        name: parsed("Office 365 E3"),
        description: parsed("Mail,\nfiles"),
        prices,
    }
}

fn billing_account() -> BillingAccountResource {
    BillingAccountResource {
        id: id(21),
        name: parsed("Contoso"),
        currency: Currency::Cny,
        created: day(1),
    }
}

fn checked(city: Option<&str>, refusal: Option<Refusal>) -> CheckedPartnerId {
    CheckedPartnerId {
        partner_id: parsed("4391500"),
        partner: id(1),
        partner_name: parsed("Fabrikam"),
        account_name: parsed("Fabrikam"),
        kind: AccountKind::Global,
        country: parsed("DE"),
        city: city.map(parsed),
        clouds: Cloud::ALL.to_vec(),
        refusal,
    }
}

fn reference() -> PartnerRef {
    PartnerRef { partner_id: parsed("4391511"), partner_name: parsed("Fabrikam") }
}

fn change(from: Option<PartnerRef>, to: Option<PartnerRef>) -> PlannedChange {
    PlannedChange { line: 2, subscription: id(22), product_name: parsed("Office 365"), from, to }
}

fn full_problem() -> LineProblem {
    let fault = FieldError::TooLong { max: 10 }.into();
    LineProblem::new(3, "018bcfe5", "12345678901", fault)
}

fn sparse_problem() -> LineProblem {
    LineProblem::new(10_001, "", " ", Refusal::SubscriptionEnded.into())
}

fn agreement() -> Agreement {
    Agreement {
        version: 3,
        language: Language::English,
        title: parsed("Agreement"),
        body: "# Heading\n\nText".to_owned(),
        hash: parsed(&"0123456789abcdef".repeat(4)),
        added: day(1),
    }
}

fn acceptance() -> AgreementAcceptanceResource {
    AgreementAcceptanceResource {
        version: 3,
        language: Language::Dutch,
        hash: agreement().hash,
        at: day(5),
        by: parsed("Anna"),
    }
}

fn account() -> Account {
    Account {
        id: id(7),
        name: parsed("Anna"),
        email: parsed("anna@contoso.example"),
        roles: UserRole::ALL.to_vec(),
    }
}

fn organization(agreement: Option<AgreementAcceptanceResource>) -> OrganizationResource {
    OrganizationResource {
        id: id(4),
        name: parsed("Contoso"),
        kind: OrganizationKind::Customer,
        clouds: Cloud::ALL.to_vec(),
        domain: parsed("contoso.example"),
        country: parsed("NL"),
        current_agreement: agreement.as_ref().map(|accepted| accepted.version + 1),
        agreement,
    }
}

fn demo_account() -> DemoAccount {
    DemoAccount {
        email: parsed("anna@contoso.example"),
        password: "correct horse battery staple".to_owned(),
        name: parsed("Anna"),
        organization: parsed("Contoso"),
        kind: OrganizationKind::Partner,
        clouds: vec![Cloud::Worldwide],
        roles: vec![UserRole::AdminAgent],
    }
}

fn mail(next_or_sent: Option<Timestamp>) -> MailResource {
    MailResource {
        id: id(8),
        to: parsed("anna@contoso.example"),
        language: Language::German,
        subject: "Subject".to_owned(),
        text: String::new(),
        html: "<p>🧳</p>".to_owned(),
        created: day(6),
        status: MailStatus::Waiting,
        attempts: u32::MAX,
        next_or_sent,
    }
}

fn full_actor() -> ActivityActor {
    ActivityActor {
        user: Some(id(7)),
        name: Some(parsed("Anna")),
        organization: Some(id(4)),
        organization_name: Some(parsed("Contoso")),
    }
}

fn sparse_actor() -> ActivityActor {
    ActivityActor { user: None, name: None, organization: None, organization_name: None }
}

fn target() -> ActivityTarget {
    ActivityTarget { kind: TargetKind::Invitation, id: "any".to_owned(), name: String::new() }
}

fn full_entry() -> ActivityEntry {
    ActivityEntry {
        sequence: 41,
        at: day(7),
        actor: full_actor(),
        action: AuditAction::InvitationCanceled,
        target: target(),
        details: [("reason".to_owned(), "Not now".to_owned())].into(),
        hash: "00ff".to_owned(),
    }
}

fn sparse_entry() -> ActivityEntry {
    ActivityEntry { actor: sparse_actor(), details: [].into(), ..full_entry() }
}

fn inner_error() -> InnerError {
    InnerError { request_id: "4711".to_owned(), date: day(8) }
}

fn full_error() -> ErrorDetail {
    ErrorDetail {
        target: Some("reason".to_owned()),
        limit: Some(1_000),
        next_step: Some(NextStep::AskForNewInvitation),
        details: vec![sparse_error()],
        innererror: Some(inner_error()),
        ..sparse_error()
    }
}

fn sparse_error() -> ErrorDetail {
    ErrorDetail {
        code: "invalidFields".to_owned(),
        message: "Text".to_owned(),
        target: None,
        limit: None,
        next_step: None,
        details: Vec::new(),
        innererror: None,
    }
}

#[test]
fn the_session_is_read() {
    let session = |accepted| SessionResource {
        user: account(),
        organization: organization(accepted),
        expires: day(30),
    };
    check(&session(Some(acceptance())), &session(None));
    check(&account(), &Account { roles: Vec::new(), ..account() });
    check(&organization(Some(acceptance())), &organization(None));
}

#[test]
fn public_facts_of_the_server_are_read() {
    let site = |accounts| Site { version: "0.1.0".to_owned(), demo: true, accounts };
    check(&site(vec![demo_account()]), &site(Vec::new()));
    check(&demo_account(), &DemoAccount { roles: Vec::new(), ..demo_account() });
}

#[test]
fn relationships_are_read_in_every_state() {
    check(&full_relationship(), &sparse_relationship());
    check(&full_partner(), &partner(None, None));
    check(&grant(Some(day(20))), &grant(None));
    check_one(&RelationshipState::Active);
    check_one(&ended());
}

#[test]
fn invitations_are_read_in_every_state() {
    check(&full_invitation(), &sparse_invitation());
    let accepted = |invitation| AcceptedInvitation { invitation, relationship: id(3) };
    check(&accepted(full_invitation()), &accepted(sparse_invitation()));
    for state in [
        InvitationState::Draft,
        InvitationState::Sent { at: day(3), expires: day(30), resent: None },
        InvitationState::Sent { at: day(3), expires: day(30), resent: Some(day(5)) },
        InvitationState::Accepted { at: day(4), by: id(7), sent: None },
        InvitationState::Accepted { at: day(4), by: id(7), sent: Some(day(3)) },
        canceled(Some("Not now")),
        canceled(None),
        InvitationState::Withdrawn { at: day(4), by: id(7), sent: Some(day(3)) },
        InvitationState::Withdrawn { at: day(4), by: id(7), sent: None },
    ] {
        check_one(&state);
    }
    // Expiry is computed from the clock, so an expired invitation has no stored state.
    let expired = json!({ "status": "expired", "at": day(3), "expires": day(30) });
    assert_eq!(read::<InvitationState>(expired), None);
}

#[test]
fn enquiries_are_read_in_every_state() {
    check(&full_enquiry(), &sparse_enquiry());
    for state in [
        EnquiryState::Sent { expires: day(16) },
        EnquiryState::Read { at: day(3), by: id(6), expires: day(16) },
        full_enquiry().state,
        EnquiryState::Invited { at: day(4), by: id(6), invitation: id(5) },
    ] {
        check_one(&state);
    }
    // Expiry is computed from the clock, so an expired enquiry has no stored state.
    let expired = json!({ "status": "expired", "expires": day(16) });
    assert_eq!(read::<EnquiryState>(expired), None);
}

#[test]
fn profiles_and_search_results_are_read() {
    check(&full_profile(), &sparse_profile());
    check(&found(full_partner(), full_profile()), &found(partner(None, None), sparse_profile()));
    check(&location(Some("Utrecht")), &location(None));
}

#[test]
fn offers_and_rendered_mails_are_read() {
    check(&offer(), &Offer { kind: OfferKind::Trial, ..offer() });
    let mail = RenderedMail {
        subject: "Subject".to_owned(),
        text: "Text".to_owned(),
        html: "<p>🧳</p>".to_owned(),
    };
    check(&mail, &mail);
}

#[test]
fn products_prices_and_billing_accounts_are_read() {
    check(&product(vec![price()]), &product(Vec::new()));
    check(&price(), &price());
    check(&price().unit, &price().unit);
    check(&billing_account(), &billing_account());
}

#[test]
fn a_checked_partner_id_is_read() {
    check(&checked(Some("Köln"), Some(Refusal::PartnerIdIsGlobalAccount)), &checked(None, None));
}

#[test]
fn plans_are_read() {
    let full = Plan {
        etag: ETag(9_007_199_254_740_991),
        lines: 10_000,
        unchanged: 9_997,
        changes: vec![change(Some(reference()), None), change(None, Some(reference()))],
        problems: vec![full_problem(), sparse_problem()],
    };
    let sparse = Plan { changes: Vec::new(), problems: Vec::new(), ..full.clone() };
    check(&full, &sparse);
    check(&change(Some(reference()), Some(reference())), &change(None, None));
    check(&reference(), &reference());
    check(&full_problem(), &sparse_problem());
    let applied = AppliedPlan { changed: 3 };
    check(&applied, &applied);
}

#[test]
fn agreements_are_read() {
    check(&agreement(), &agreement());
    check(&acceptance(), &acceptance());
}

#[test]
fn the_outbox_is_read() {
    check(&mail(Some(day(7))), &mail(None));
}

#[test]
fn the_audit_log_is_read() {
    check(&full_entry(), &sparse_entry());
    check(&full_actor(), &sparse_actor());
    check(&target(), &target());
}

#[test]
fn lists_are_read() {
    let full = Page {
        value: vec![full_entry(), sparse_entry()],
        next_link: Some("https://accord.example/api/activity?$skiptoken=a".to_owned()),
        count: Some(300),
    };
    check(&full, &Page { value: Vec::new(), next_link: None, count: None });
}

#[test]
fn errors_are_read() {
    check(&ErrorBody { error: full_error() }, &ErrorBody { error: sparse_error() });
    check(&full_error(), &sparse_error());
    check(&inner_error(), &inner_error());
}

#[test]
fn a_number_is_read_where_it_is_exact_and_fits() {
    let largest = 9_007_199_254_740_991.0;
    assert_eq!(i64::from_json(&Json::Number(largest)), Some(9_007_199_254_740_991));
    assert_eq!(i64::from_json(&Json::Number(-largest)), Some(-9_007_199_254_740_991));
    for number in [largest + 1.0, -largest - 1.0, f64::INFINITY, f64::NAN, 0.5] {
        assert_eq!(i64::from_json(&Json::Number(number)), None, "{number}");
    }
    assert_eq!(u32::from_json(&Json::Number(-1.0)), None);
}
