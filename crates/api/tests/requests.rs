//! Requests are read field by field, and every field that is wrong is named.

use api::{
    CustomerRef, DeclineEnquiry, EnquiryRequest, FieldProblem, InvitationRequest, LocationRequest,
    OfferRequest, PartnerQuery, ProfileRequest,
};
use proptest::prelude::*;
use proptest::sample::select;
use rules::{
    CountryCode, FieldError, Industry, Offer, OfferKind, OrganisationSize, PartnerType, Service,
};

const ID: &str = "018bcfe5-6800-7fff-bfff-000000000001";

/// An organisation ID that ends in this number.
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
    assert_eq!(parsed.country.as_str(), "NL");
    assert_eq!(parsed.size, OrganisationSize::From51To250);
    assert_eq!(parsed.contact_email.as_str(), "anna@contoso.example");
    let without =
        EnquiryRequest { city: String::new(), contact_phone: "  ".to_owned(), ..enquiry() };
    let parsed = without.parse().expect("right");
    assert_eq!((parsed.city, parsed.contact_phone), (None, None));
}

#[test]
fn an_empty_enquiry_says_all_that_it_lacks() {
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
fn a_draft_may_lack_whom_it_goes_to() {
    let parsed = invitation().parse().expect("right");
    assert_eq!(parsed.customer, CustomerRef::Id(ID.parse().expect("an ID")));
    assert_eq!(parsed.partner_type, PartnerType::Reseller);
    assert_eq!((parsed.recipient, parsed.recipient_name), (None, None));
    assert_eq!((parsed.enquiry, parsed.terms, parsed.offer), (None, None, None));
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
fn what_comes_with_an_invitation_is_read() {
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
    assert_eq!(parsed.offer, Some(Offer { kind: OfferKind::Trial, product, quantity: 25 }));
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
fn a_profile_says_all_that_is_wrong_with_it() {
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

#[test]
fn a_search_that_is_not_understood_is_not_ignored() {
    for (query, field) in [
        ("country=Holland", "country"),
        ("size=huge", "size"),
        ("$top=0", "top"),
        ("$top=51", "top"),
        ("$filter=size eq '1to9'", "query"),
        ("%ff=1", "query"),
    ] {
        let problems = PartnerQuery::parse(query).expect_err(query);
        assert_eq!(problems[0].field, field, "{query}");
    }
    for (name, max) in [("$search", 200), ("city", 200), ("$skiptoken", 500)] {
        assert!(PartnerQuery::parse(&format!("{name}={}", "x".repeat(max))).is_ok());
        let problems = PartnerQuery::parse(&format!("{name}={}", "x".repeat(max + 1)));
        let field = name.trim_start_matches('$');
        assert_eq!(named(&problems.expect_err(name)), [(field, FieldError::TooLong { max })]);
    }
    assert_eq!(PartnerQuery::parse("$search=&country=&size=&city="), Ok(PartnerQuery::default()));
}

proptest! {
    #[test]
    fn every_search_survives_a_round_trip(
        search in "[^\\s\"]{0,20}",
        country in prop::option::of("[A-Z]{2}"),
        city in "[^\\s]{0,20}",
        size in prop::option::of(select(OrganisationSize::ALL)),
        top in 1..=50_u32,
        skip in "[0-9a-z.-]{0,20}",
    ) {
        let country = country.map(|country| country.parse().expect("a country"));
        let query = PartnerQuery { search, country, city, size, top, skip };
        prop_assert_eq!(PartnerQuery::parse(&query.to_string()), Ok(query));
    }

    #[test]
    fn no_search_panics(query in "\\PC{0,80}") {
        let _ = PartnerQuery::parse(&query);
    }

    #[test]
    fn no_request_panics(text in "\\PC{0,40}", listed: bool) {
        let list = vec![text.clone()];
        let _ = EnquiryRequest { partners: list.clone(), country: text.clone(), size: text.clone(), contact_phone: text.clone(), ..enquiry() }.parse();
        let _ = InvitationRequest { customer: text.clone(), enquiry: text.clone(), terms: text.clone(), ..invitation() }.parse();
        let _ = ProfileRequest { listed, description: text, services: list.clone(), countries: list, ..profile() }.parse();
    }
}
