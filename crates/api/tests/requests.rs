//! Requests are read field by field, and every field that is wrong is named.

use api::{
    CustomerRef, DeclineEnquiry, EnquiryRequest, FieldProblem, InvitationRequest, LineFault,
    LineProblem, LocationRequest, OfferRequest, OrderRequest, PartnerIdRequest, PartnersToSet,
    PlanRequest, ProfileRequest, QuantityRequest, SubscriptionSelection,
};
use proptest::prelude::*;
use rules::{
    CountryCode, Currency, FieldError, Industry, Money, Offer, OfferKind, OrganizationSize,
    PartnerType, Refusal, Service, Term,
};
use strum::IntoEnumIterator;

const ID: &str = "018bcfe5-6800-7fff-bfff-000000000001";

/// An organization ID that ends in this number.
fn id(number: usize) -> String {
    format!("018bcfe5-6800-7fff-bfff-{number:012x}")
}

fn named(problems: &[FieldProblem]) -> Vec<(&str, FieldError)> {
    problems.iter().map(|problem| (problem.field, problem.error)).collect()
}

fn enquiry() -> EnquiryRequest {
    EnquiryRequest {
        partners: vec![id(1), id(2)],
        country: " nl ".to_owned(),
        city: "Utrecht".to_owned(),
        size: "51to250".to_owned(),
        needs: "Moving our mail".to_owned(),
        contact_name: "Anna de Vries".to_owned(),
        contact_email: "Anna@Contoso.example".to_owned(),
        contact_phone: "+31 20 123 4567".to_owned(),
        consent: true,
    }
}

#[test]
fn an_enquiry_is_read_with_each_partner_once() {
    let partners = vec![id(1), id(2), id(1)];
    let parsed = EnquiryRequest { partners, ..enquiry() }.parse().expect("right");
    assert_eq!(parsed.partners.iter().map(ToString::to_string).collect::<Vec<_>>(), [id(1), id(2)]);
    assert_eq!(parsed.content.country.as_str(), "NL");
    assert_eq!(parsed.content.size, OrganizationSize::From51To250);
    assert_eq!(parsed.content.contact_email.as_str(), "anna@contoso.example");
    let without =
        EnquiryRequest { city: String::new(), contact_phone: "  ".to_owned(), ..enquiry() };
    let parsed = without.parse().expect("right");
    assert_eq!((parsed.content.city, parsed.content.contact_phone), (None, None));
}

#[test]
fn an_empty_enquiry_names_every_missing_field() {
    let problems = EnquiryRequest::default().parse().expect_err("empty");
    assert_eq!(
        named(&problems),
        [
            ("partners", FieldError::Empty),
            ("country", FieldError::Empty),
            ("size", FieldError::Empty),
            ("needs", FieldError::Empty),
            ("contactName", FieldError::Empty),
            ("contactEmail", FieldError::Empty),
            ("consent", FieldError::ConsentNeeded),
        ]
    );
}

#[test]
fn an_enquiry_goes_to_ten_partners_at_the_most() {
    let to = |count| EnquiryRequest { partners: (0..count).map(id).collect(), ..enquiry() };
    assert!(to(10).parse().is_ok());
    let problems = to(11).parse().expect_err("too many");
    assert_eq!(named(&problems), [("partners", FieldError::TooMany { max: 10 })]);
    let twice =
        EnquiryRequest { partners: (0..20).map(|place| id(place / 2)).collect(), ..enquiry() };
    assert!(twice.parse().is_ok());
    let wrong = EnquiryRequest { partners: vec!["contoso.example".to_owned()], ..enquiry() };
    assert_eq!(named(&wrong.parse().expect_err("no ID")), [("partners", FieldError::NotAnId)]);
}

#[test]
fn an_enquiry_is_declined_with_a_reason() {
    let decline = |reason: &str| DeclineEnquiry { reason: reason.to_owned() }.parse();
    assert_eq!(decline(" No people ").map(String::from), Ok("No people".to_owned()));
    assert_eq!(named(&decline("  ").expect_err("empty")), [("reason", FieldError::Empty)]);
}

fn invitation() -> InvitationRequest {
    InvitationRequest {
        customer: ID.to_owned(),
        relationship_type: "reseller".to_owned(),
        language: "nl".to_owned(),
        ..InvitationRequest::default()
    }
}

#[test]
fn a_draft_may_lack_its_recipient() {
    let parsed = invitation().parse().expect("right");
    assert_eq!(parsed.customer, CustomerRef::Id(ID.parse().expect("an ID")));
    let content = parsed.content;
    assert_eq!(content.partner_type, PartnerType::Reseller);
    assert_eq!((content.recipient, content.recipient_name), (None, None));
    assert_eq!((parsed.enquiry, content.terms, content.offer), (None, None, None));
}

#[test]
fn a_customer_is_named_by_its_id_or_its_domain() {
    let customer = |customer: &str| {
        InvitationRequest { customer: customer.to_owned(), ..invitation() }
            .parse()
            .map(|draft| draft.customer)
    };
    let domain = "contoso.example".parse().expect("a domain");
    assert_eq!(customer(" Contoso.example "), Ok(CustomerRef::Domain(domain)));
    let error = customer("Contoso").expect_err("neither");
    assert_eq!(named(&error), [("customer", FieldError::NotADomainName)]);
    assert_eq!(named(&customer("").expect_err("empty")), [("customer", FieldError::Empty)]);
}

#[test]
fn the_terms_and_the_offer_of_an_invitation_are_read() {
    let offer = OfferRequest {
        kind: "trial".to_owned(),
        product: "Office 365".to_owned(),
        quantity: " 25 ".to_owned(),
    };
    let with = InvitationRequest {
        enquiry: id(9),
        terms: "Thirty days.".to_owned(),
        offer: Some(offer),
        ..invitation()
    };
    let parsed = with.parse().expect("right");
    assert_eq!(parsed.enquiry.map(|enquiry| enquiry.to_string()), Some(id(9)));
    let product = "Office 365".parse().expect("a name");
    assert_eq!(parsed.content.offer, Some(Offer { kind: OfferKind::Trial, product, quantity: 25 }));
    let wrong = InvitationRequest {
        enquiry: "x".to_owned(),
        offer: Some(OfferRequest { quantity: "0".to_owned(), ..OfferRequest::default() }),
        ..invitation()
    };
    assert_eq!(
        named(&wrong.parse().expect_err("wrong")),
        [
            ("enquiry", FieldError::NotAnId),
            ("offerKind", FieldError::Empty),
            ("offerProduct", FieldError::Empty),
            ("offerQuantity", FieldError::NotAQuantity { max: 10_000 }),
        ]
    );
}

fn profile() -> ProfileRequest {
    let place = |city: &str| LocationRequest { country: "NL".to_owned(), city: city.to_owned() };
    ProfileRequest {
        listed: true,
        description: "We migrate.".to_owned(),
        locations: vec![place("Utrecht"), place(""), place("Utrecht")],
        services: vec!["licensing".to_owned(), "hardware".to_owned(), "licensing".to_owned()],
        industries: vec!["education".to_owned()],
        sizes: vec!["1to9".to_owned()],
        countries: vec!["nl".to_owned(), "NL".to_owned(), "BE".to_owned()],
    }
}

#[test]
fn a_profile_is_read_with_each_choice_once() {
    let parsed = profile().parse().expect("right");
    assert_eq!(parsed.locations.len(), 2);
    assert_eq!(parsed.services, [Service::Licensing, Service::Hardware]);
    assert_eq!(parsed.industries, [Industry::Education]);
    assert_eq!(parsed.countries.iter().map(CountryCode::as_str).collect::<Vec<_>>(), ["NL", "BE"]);
    let whose = ID.parse().expect("an ID");
    let saved = parsed.of(whose, 3);
    assert_eq!((saved.partner, saved.version, saved.listed), (whose, 3, true));
}

#[test]
fn a_listed_profile_says_which_countries_it_serves() {
    let none = ProfileRequest { countries: Vec::new(), ..profile() };
    assert_eq!(named(&none.parse().expect_err("none")), [("countries", FieldError::Empty)]);
    assert!(ProfileRequest::default().parse().is_ok());
}

#[test]
fn a_profile_names_every_invalid_field() {
    let place =
        |place: usize| LocationRequest { country: "NL".to_owned(), city: place.to_string() };
    let wrong = ProfileRequest {
        listed: true,
        description: "x".repeat(2_501),
        locations: (0..21).map(place).collect(),
        services: vec!["juggling".to_owned()],
        industries: vec![String::new()],
        sizes: vec!["huge".to_owned()],
        countries: ('A'..='Z')
            .flat_map(|one| ('A'..='C').map(move |two| format!("{one}{two}")))
            .collect(),
    };
    assert_eq!(
        named(&wrong.parse().expect_err("wrong")),
        [
            ("description", FieldError::TooLong { max: 2_500 }),
            ("locations", FieldError::TooMany { max: 20 }),
            ("services", FieldError::NotAnOption),
            ("industries", FieldError::Empty),
            ("sizes", FieldError::NotAnOption),
            ("countries", FieldError::TooMany { max: 60 }),
        ]
    );
}

fn order() -> OrderRequest {
    OrderRequest {
        product: id(1),
        term: "P1Y".to_owned(),
        quantity: " 25 ".to_owned(),
        unit_price: Some(Money { amount: 24_000, currency: Currency::Eur }),
        ..OrderRequest::default()
    }
}

#[test]
fn an_order_is_read_with_and_without_optional_fields() {
    let parsed = order().parse().expect("right");
    assert_eq!(parsed.product.to_string(), id(1));
    assert_eq!((parsed.term, parsed.quantity, parsed.unit_price.amount), (Term::Year, 25, 24_000));
    assert_eq!((parsed.partner_id, parsed.relationship), (None, None));
    let full = OrderRequest { partner_id: " 4391507 ".to_owned(), relationship: id(2), ..order() };
    let parsed = full.parse().expect("right");
    assert_eq!(parsed.partner_id.as_ref().map(rules::PartnerId::as_str), Some("4391507"));
    assert_eq!(parsed.relationship.map(|relationship| relationship.to_string()), Some(id(2)));
}

#[test]
fn an_order_names_every_invalid_field() {
    assert_eq!(
        named(&OrderRequest::default().parse().expect_err("empty")),
        [
            ("product", FieldError::Empty),
            ("term", FieldError::Empty),
            ("quantity", FieldError::Empty),
            ("unitPrice", FieldError::Empty),
        ]
    );
    let wrong = OrderRequest {
        product: "E3".to_owned(),
        term: "P1W".to_owned(),
        quantity: "10001".to_owned(),
        unit_price: None,
        partner_id: "0123".to_owned(),
        relationship: "x".to_owned(),
    };
    assert_eq!(
        named(&wrong.parse().expect_err("wrong")),
        [
            ("product", FieldError::NotAnId),
            ("term", FieldError::NotAnOption),
            ("quantity", FieldError::NotAQuantity { max: 10_000 }),
            ("unitPrice", FieldError::Empty),
            ("partnerId", FieldError::LeadingZero),
            ("relationship", FieldError::NotAnId),
        ]
    );
}

#[test]
fn a_number_of_licenses_is_read() {
    let parse = |quantity: &str| QuantityRequest { quantity: quantity.to_owned() }.parse();
    assert_eq!(parse("10000"), Ok(10_000));
    let error = parse("0").expect_err("none");
    assert_eq!(named(&error), [("quantity", FieldError::NotAQuantity { max: 10_000 })]);
}

#[test]
fn each_way_in_which_a_partner_id_is_wrong_has_its_code() {
    let parse = |id: &str| PartnerIdRequest { partner_id: id.to_owned() }.parse();
    assert_eq!(parse(" 4391507 ").map(String::from), Ok("4391507".to_owned()));
    for (typed, error) in [
        ("", FieldError::Empty),
        ("43 91", FieldError::NotDigits),
        ("0439", FieldError::LeadingZero),
        ("12345678901", FieldError::TooLong { max: 10 }),
        (ID, FieldError::TenantId),
    ] {
        assert_eq!(named(&parse(typed).expect_err(typed)), [("partnerId", error)]);
    }
}

#[test]
fn a_plan_is_for_each_subscription_once_and_for_10_000_at_the_most() {
    let plan = |subscriptions: Vec<String>, partner_id: &str| {
        let partner_id = partner_id.to_owned();
        PlanRequest { subscriptions, partner_id, ..PlanRequest::default() }.parse()
    };
    let ids = |parsed: &PartnersToSet| match &parsed.subscriptions {
        SubscriptionSelection::Ids(ids) => ids.iter().map(ToString::to_string).collect(),
        SubscriptionSelection::Matching(_) => Vec::new(),
    };
    let parsed = plan(vec![id(1), id(2), id(1)], "4391507").expect("right");
    assert_eq!(ids(&parsed), [id(1), id(2)]);
    assert!(parsed.partner_id.is_some());
    let most = plan((0..10_000).map(id).collect(), " ").expect("right");
    assert_eq!((ids(&most).len(), most.partner_id), (10_000, None));
    let more = plan((0..10_001).map(id).collect(), "x").expect_err("too many");
    assert_eq!(
        named(&more),
        [
            ("subscriptions", FieldError::TooMany { max: 10_000 }),
            ("partnerId", FieldError::NotDigits),
        ]
    );
    assert_eq!(
        named(&plan(Vec::new(), "").expect_err("none")),
        [("subscriptions", FieldError::Empty)]
    );
    let wrong = plan(vec![id(1), "E3".to_owned()], "").expect_err("no ID");
    assert_eq!(named(&wrong), [("subscriptions", FieldError::NotAnId)]);
    // To remove the partner of record, the ID must be present and empty.
    for unsaid in ["{}", r#"{"subscriptions":[]}"#, r#"{"partnerID":"4391507"}"#] {
        assert!(serde_json::from_str::<PlanRequest>(unsaid).is_err(), "{unsaid}");
    }
    assert!(serde_json::from_str::<PlanRequest>(r#"{"partnerId":""}"#).is_ok());
}

#[test]
fn a_plan_can_be_for_all_that_match() {
    let read = |json: &str| serde_json::from_str::<PlanRequest>(json).expect(json);
    let parsed = read(r#"{"filter":"partnerId eq null","search":"office","partnerId":"4391507"}"#);
    let SubscriptionSelection::Matching(query) = parsed.parse().expect("right").subscriptions
    else {
        panic!("not a query");
    };
    assert_eq!(query.to_string(), "$search=office&$filter=partnerId%20eq%20null");
    for all in [r#"{"filter":"","partnerId":""}"#, r#"{"search":"","partnerId":""}"#] {
        let selection = SubscriptionSelection::Matching(Box::default());
        assert_eq!(read(all).parse().map(|parsed| parsed.subscriptions), Ok(selection), "{all}");
    }
    let both = read(r#"{"subscriptions":["x"],"filter":"x","partnerId":"0"}"#);
    assert_eq!(
        named(&both.parse().expect_err("both")),
        [
            ("subscriptions", FieldError::TooMany { max: 0 }),
            ("filter", FieldError::NotAnOption),
            ("partnerId", FieldError::LeadingZero),
        ]
    );
    let long = PlanRequest { search: Some("x".repeat(201)), ..PlanRequest::default() };
    assert_eq!(
        named(&long.parse().expect_err("long")),
        [("search", FieldError::TooLong { max: 200 })]
    );
}

#[test]
fn the_fault_of_a_line_survives_a_round_trip() {
    let faults = FieldError::iter().map(LineFault::from);
    for fault in faults.chain(Refusal::ALL.iter().copied().map(LineFault::from)) {
        assert_eq!(LineProblem::new(1, "", "", fault).fault(), Some(fault));
    }
    let long = LineProblem::new(7, &"字".repeat(101), " 0 ", FieldError::LeadingZero.into());
    assert_eq!(long.subscription.map(|typed| typed.chars().count()), Some(100));
    assert_eq!((long.line, long.partner_id), (7, Some("0".to_owned())));
    let newer = LineProblem {
        code: "fromTomorrow".to_owned(),
        ..LineProblem::new(1, "", "", FieldError::Empty.into())
    };
    assert_eq!(newer.fault(), None);
}

proptest! {
    #[test]
    fn no_request_panics(text in "\\PC{0,40}", listed: bool) {
        let list = vec![text.clone()];
        let _ = OrderRequest { product: text.clone(), term: text.clone(), quantity: text.clone(), partner_id: text.clone(), relationship: text.clone(), unit_price: None }.parse();
        let _ = PlanRequest { subscriptions: list.clone(), partner_id: text.clone(), filter: listed.then(|| text.clone()), search: Some(text.clone()) }.parse();
        let _ = LineProblem::new(1, &text, &text, FieldError::Empty.into());
        let _ = EnquiryRequest { partners: list.clone(), country: text.clone(), size: text.clone(), contact_phone: text.clone(), ..enquiry() }.parse();
        let _ = InvitationRequest { customer: text.clone(), enquiry: text.clone(), terms: text.clone(), ..invitation() }.parse();
        let _ = ProfileRequest { listed, description: text, services: list.clone(), countries: list, ..profile() }.parse();
    }
}
