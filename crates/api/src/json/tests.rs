//! The page reads every type of response as `serde_json` does.

use std::{fmt::Debug, str::FromStr};

use crate::{
    AcceptedInvitation, Account, ActivityActor, ActivityEntry, ActivityTarget, Agreement,
    AgreementAcceptanceResource, AgreementState, AppliedPlan, AuditAction, BillingAccountResource,
    CheckedPartnerId, DemoAccount, ETag, EnquiryResource, ErrorBody, ErrorDetail, InnerError,
    InvitationResource, Json, LineProblem, MailResource, MailStatus, OrganizationResource, Page,
    Partner, PartnerProfile, PartnerRef, Plan, PlannedChange, ProductResource, ProfileResource,
    RelationshipResource, RenderedMail, SessionResource, Site, TargetKind, UnexpectedJson,
};
use rules::{
    AccountKind, AdminRole, Cloud, Currency, EndedBy, EnquiryState, EnquiryStatus, FieldError,
    Industry, InvitationState, InvitationStatus, Language, Location, Money, NextStep, Offer,
    OfferKind, OrganizationKind, OrganizationSize, PartnerType, Price, Refusal, RelationshipState,
    RelationshipStatus, RoleGrant, Service, Term, Timestamp, UserRole,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Checks that a response survives a round trip, and that each variant of its JSON with one
/// change is accepted or rejected as by `serde_json`.
pub(crate) fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(sample: &T) {
    let written = serde_json::to_value(sample).expect("a value that can be written");
    assert_eq!(read::<T>(written.clone()).as_ref(), Ok(sample));
    for changed in changes(&written) {
        let expected = serde_json::from_value(changed.clone()).ok();
        assert_eq!(read::<T>(changed.clone()).ok(), expected, "{changed}");
    }
}

/// Reads a value as the page does.
fn read<T: DeserializeOwned>(value: Value) -> Result<T, UnexpectedJson> {
    Json::from(value).read()
}

/// Returns the variants of a JSON value with one change: a value of another type, an unknown
/// value of an enum, or a missing or an unknown member.
fn changes(value: &Value) -> Vec<Value> {
    let mut all = vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(5_000_000_000_u64),
        json!("text"),
        json!([{ "text": "text" }]),
        json!({ "text": "text" }),
    ];
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                all.extend(changes(item).into_iter().map(|changed| {
                    let mut items = items.clone();
                    items[place] = changed;
                    Value::Array(items)
                }));
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                all.extend(changes(item).into_iter().map(|changed| {
                    let mut members = members.clone();
                    members.insert(name.clone(), changed);
                    Value::Object(members)
                }));
                let mut fewer = members.clone();
                fewer.remove(name);
                all.push(Value::Object(fewer));
            }
            let mut more = members.clone();
            more.insert("unknown".to_owned(), json!({ "text": [1.5, null] }));
            all.push(Value::Object(more));
        }
        _ => {}
    }
    all
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

fn partner() -> Partner {
    Partner {
        id: id(1),
        name: parsed("Fabrikam \"旅行\" 🧳"),
        partner_id: parsed("4567890"),
        domain: parsed("fabrikam.example"),
        country: parsed("DE"),
        partner_since: day(1),
        email: parsed("hello@fabrikam.example"),
        phone: Some(parsed("+49 30 1234")),
        address: Some(parsed("Street 1\nBerlin")),
    }
}

fn grant(ends: Option<Timestamp>) -> RoleGrant {
    RoleGrant { role: AdminRole::HelpdeskAdministrator, since: day(3), ends }
}

fn ended() -> RelationshipState {
    RelationshipState::Ended { at: day(9), by: EndedBy::Partner, user: id(2) }
}

fn relationship() -> RelationshipResource {
    RelationshipResource {
        id: id(3),
        etag: ETag(7),
        customer: id(4),
        customer_name: parsed("Contoso"),
        cloud: Cloud::Vianet21,
        partner: partner(),
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

fn offer() -> Offer {
    Offer { kind: OfferKind::Purchase, product: parsed("Office 365"), quantity: 25 }
}

fn canceled() -> InvitationState {
    let reason = Some(parsed("Not now"));
    InvitationState::Canceled { at: day(4), by: id(7), reason, sent: Some(day(3)) }
}

fn invitation() -> InvitationResource {
    InvitationResource {
        id: id(5),
        etag: ETag(2),
        customer: id(4),
        customer_name: parsed("Contoso"),
        customer_domain: parsed("contoso.example"),
        cloud: Cloud::Germany,
        partner: partner(),
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
        state: canceled(),
        answered_by: Some(parsed("Anna")),
    }
}

fn enquiry() -> EnquiryResource {
    EnquiryResource {
        id: id(9),
        etag: ETag(2),
        customer: id(4),
        customer_name: parsed("Contoso"),
        partner: partner(),
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

fn location(city: Option<&str>) -> Location {
    Location { country: parsed("NL"), city: city.map(parsed) }
}

fn profile() -> ProfileResource {
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

fn found(profile: ProfileResource) -> PartnerProfile {
    PartnerProfile {
        partner: partner(),
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

fn product() -> ProductResource {
    ProductResource {
        id: id(20),
        cloud: Cloud::Germany,
        name: parsed("Office 365 E3"),
        description: parsed("Mail,\nfiles"),
        prices: vec![price()],
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

fn checked() -> CheckedPartnerId {
    CheckedPartnerId {
        partner_id: parsed("4391500"),
        partner: id(1),
        partner_name: parsed("Fabrikam"),
        account_name: parsed("Fabrikam"),
        kind: AccountKind::Global,
        country: parsed("DE"),
        city: Some(parsed("Köln")),
        clouds: Cloud::ALL.to_vec(),
        refusal: Some(Refusal::PartnerIdIsGlobalAccount),
    }
}

fn reference() -> PartnerRef {
    PartnerRef { partner_id: parsed("4391511"), partner_name: parsed("Fabrikam") }
}

fn change() -> PlannedChange {
    PlannedChange {
        line: 2,
        subscription: id(22),
        product_name: parsed("Office 365"),
        from: Some(reference()),
        to: Some(reference()),
    }
}

fn problem() -> LineProblem {
    let fault = FieldError::TooLong { max: 10 }.into();
    LineProblem::new(3, "018bcfe5", "12345678901", fault)
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

fn organization() -> OrganizationResource {
    OrganizationResource {
        id: id(4),
        name: parsed("Contoso"),
        kind: OrganizationKind::Customer,
        clouds: Cloud::ALL.to_vec(),
        domain: parsed("contoso.example"),
        country: parsed("NL"),
        agreement: Some(acceptance()),
        current_agreement: Some(4),
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

fn mail() -> MailResource {
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
        next_or_sent: Some(day(7)),
    }
}

fn actor() -> ActivityActor {
    ActivityActor {
        user: Some(id(7)),
        name: Some(parsed("Anna")),
        organization: Some(id(4)),
        organization_name: Some(parsed("Contoso")),
    }
}

fn target() -> ActivityTarget {
    ActivityTarget { kind: TargetKind::Invitation, id: "any".to_owned(), name: String::new() }
}

fn entry() -> ActivityEntry {
    ActivityEntry {
        sequence: 41,
        at: day(7),
        actor: actor(),
        action: AuditAction::InvitationCanceled,
        target: target(),
        details: [("reason".to_owned(), "Not now".to_owned())].into(),
        hash: "00ff".to_owned(),
    }
}

fn inner_error() -> InnerError {
    InnerError { request_id: "4711".to_owned(), date: day(8) }
}

fn error(target: &str, details: Vec<ErrorDetail>) -> ErrorDetail {
    ErrorDetail {
        code: "invalidFields".to_owned(),
        message: "Text".to_owned(),
        target: Some(target.to_owned()),
        limit: Some(1_000),
        next_step: Some(NextStep::AskForNewInvitation),
        details,
        innererror: Some(inner_error()),
    }
}

#[test]
fn the_session_is_read() {
    check(&SessionResource { user: account(), organization: organization(), expires: day(30) });
}

#[test]
fn public_facts_of_the_server_are_read() {
    let accounts = vec![demo_account()];
    check(&Site { version: "0.1.0".to_owned(), demo: true, accounts });
}

#[test]
fn relationships_are_read_in_every_state() {
    check(&relationship());
    check(&RelationshipState::Active);
    check(&ended());
}

#[test]
fn invitations_are_read_in_every_state() {
    check(&AcceptedInvitation { invitation: invitation(), relationship: id(3) });
    for state in [
        InvitationState::Draft,
        InvitationState::Sent { at: day(3), expires: day(30), resent: Some(day(5)) },
        InvitationState::Accepted { at: day(4), by: id(7), sent: Some(day(3)) },
        canceled(),
        InvitationState::Withdrawn { at: day(4), by: id(7), sent: Some(day(3)) },
    ] {
        check(&state);
    }
}

#[test]
fn enquiries_are_read_in_every_state() {
    check(&enquiry());
    for state in [
        EnquiryState::Sent { expires: day(16) },
        EnquiryState::Read { at: day(3), by: id(6), expires: day(16) },
        enquiry().state,
        EnquiryState::Invited { at: day(4), by: id(6), invitation: id(5) },
    ] {
        check(&state);
    }
}

#[test]
fn an_expired_state_is_refused() {
    // Expiry is computed from the clock, so it is a status but no stored state.
    let expired = json!({ "status": "expired", "at": day(3), "expires": day(30) });
    assert_eq!(read::<InvitationState>(expired.clone()), Err(UnexpectedJson));
    assert_eq!(read::<EnquiryState>(expired), Err(UnexpectedJson));
}

#[test]
fn profiles_and_search_results_are_read() {
    check(&profile());
    check(&found(profile()));
}

#[test]
fn rendered_mails_are_read() {
    check(&RenderedMail {
        subject: "Subject".to_owned(),
        text: "Text".to_owned(),
        html: "<p>🧳</p>".to_owned(),
    });
}

#[test]
fn products_and_billing_accounts_are_read() {
    check(&product());
    check(&billing_account());
}

#[test]
fn a_checked_partner_id_is_read() {
    check(&checked());
}

#[test]
fn plans_are_read() {
    check(&Plan {
        etag: ETag(9_007_199_254_740_991),
        lines: 10_000,
        unchanged: 9_997,
        changes: vec![change()],
        problems: vec![problem()],
    });
    check(&AppliedPlan { changed: 3 });
}

#[test]
fn agreements_are_read() {
    check(&agreement());
    check(&acceptance());
}

#[test]
fn the_outbox_is_read() {
    check(&mail());
}

#[test]
fn a_page_of_the_audit_log_is_read() {
    check(&Page {
        value: vec![entry()],
        next_link: Some("https://accord.example/api/activity?$skiptoken=a".to_owned()),
        count: Some(300),
    });
}

#[test]
fn errors_are_read() {
    check(&ErrorBody { error: error("user", vec![error("reason", Vec::new())]) });
}

#[test]
fn unknown_members_are_ignored() {
    let value = json!({ "changed": 3, "of": [{ "more": 4.5 }] });
    assert_eq!(read(value), Ok(AppliedPlan { changed: 3 }));
}

#[test]
fn unknown_values_of_enums_are_refused() {
    assert_eq!(read::<Cloud>(json!("moon")), Err(UnexpectedJson));
    assert_eq!(read::<RelationshipState>(json!({ "status": "moon" })), Err(UnexpectedJson));
}

#[test]
fn a_number_is_read_where_it_is_exact_and_fits() {
    let largest = 9_007_199_254_740_991.0;
    assert_eq!(Json::Number(largest).read(), Ok(9_007_199_254_740_991_i64));
    assert_eq!(Json::Number(-largest).read(), Ok(-9_007_199_254_740_991_i64));
    for number in [largest + 1.0, -largest - 1.0, f64::INFINITY, f64::NAN, 0.5] {
        assert_eq!(Json::Number(number).read::<i64>(), Err(UnexpectedJson), "{number}");
    }
    assert_eq!(Json::Number(-1.0).read::<u32>(), Err(UnexpectedJson));
}
