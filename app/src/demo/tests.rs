//! The demo against the pages' main jobs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use strum::VariantArray as _;

use super::places;
use super::world::{DemoAct, DemoMoment, DemoRequest, DemoResponse, DemoState, DemoWorld};
use crate::route::{Route, RouteKind};

const HOME: &str = "https://demo.example";
const ANNA: &str = "anna@brightwater.example";
const MARA: &str = "mara@meridiancloud.example";
const LI_NA: &str = "li.na@jaderiver.example";

/// Returns the moment that many seconds after the beginning.
fn moment(seconds: u8) -> DemoMoment {
    DemoMoment { now: 1_790_000_000_000 + i64::from(seconds) * 1_000, seed: [seconds; 32] }
}

fn world() -> DemoWorld {
    DemoWorld::new(HOME, &moment(0)).expect("the demo data keeps to the rules")
}

fn request(method: &str, path: &str, body: Option<Value>, version: Option<&str>) -> DemoRequest {
    DemoRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        media_type: body.as_ref().map(|_| "application/json".to_owned()).unwrap_or_default(),
        body: body.map(|body| body.to_string()),
        version: version.map(|version| version.parse().expect("a version")),
        ..DemoRequest::default()
    }
}

fn respond(world: &mut DemoWorld, request: &DemoRequest, seconds: u8) -> DemoResponse {
    world.respond(request, &moment(seconds)).expect("a response")
}

fn get(world: &mut DemoWorld, path: &str) -> Value {
    let response = respond(world, &request("GET", path, None, None), 9);
    assert!(response.is_success(), "{path}: {response:?}");
    response.json()
}

/// Carries out a change that must succeed, and returns the body of the response.
fn act(world: &mut DemoWorld, request: DemoRequest, seconds: u8) -> Value {
    let act = DemoAct::Request(request);
    let response = world.act(&act, &moment(seconds)).expect("a response");
    assert!(response.is_success(), "{act:?}: {response:?}");
    response.json()
}

/// Attempts a change that must be refused, and returns the code of the error.
fn refused(world: &mut DemoWorld, request: DemoRequest, seconds: u8) -> String {
    let act = DemoAct::Request(request);
    let response = world.act(&act, &moment(seconds)).expect("a response");
    assert!(!response.is_success(), "{act:?}: {response:?}");
    code(&response)
}

fn code(response: &DemoResponse) -> String {
    text(&response.json()["error"], "code").to_owned()
}

/// Returns a text field of a response.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn choose(world: &mut DemoWorld, person: &str, show: DemoState, seconds: u8) {
    let person = Some(person.parse().expect("an address"));
    let response = world.act(&DemoAct::Choose(person, show), &moment(seconds));
    assert!(response.is_some_and(|response| response.is_success()));
}

#[test]
fn the_bar_leads_to_every_page() {
    let mut pages = BTreeSet::new();
    for person in [ANNA, MARA] {
        let mut world = world();
        choose(&mut world, person, DemoState::Ready, 1);
        let places = world.look(&moment(2), places::of_person).expect("places");
        pages.extend(places.into_iter().map(|place| {
            let path = place.path.split(['?', '#']).next().unwrap_or_default().to_owned();
            RouteKind::from(Route::parse(&path))
        }));
    }
    // The frame of a preview is no page of its own for people.
    pages.insert(RouteKind::PreviewFrame);
    assert_eq!(pages, RouteKind::VARIANTS.iter().copied().collect());
}

#[test]
fn the_main_job_can_be_done() {
    let mut world = world();
    let session = get(&mut world, "/api/session");
    assert_eq!(session["user"]["email"], ANNA, "the first of the people is signed in");
    let invitations = get(&mut world, "/api/invitations");
    let waiting = invitations["value"].as_array().expect("a list");
    let waiting = waiting.iter().find(|one| one["status"] == "sent").expect("one waits").clone();
    let agreement = get(&mut world, "/api/agreement?language=en");
    let accept = request(
        "POST",
        &format!("/api/invitations/{}/accept", waiting["id"].as_str().expect("an id")),
        Some(json!({ "agreement": { "hash": agreement["hash"], "acknowledged": true } })),
        waiting["@odata.etag"].as_str(),
    );
    let accepted = act(&mut world, accept, 3);
    let path = format!("/api/relationships/{}", accepted["relationship"].as_str().expect("an id"));
    assert_eq!(get(&mut world, &path)["partner"]["name"], waiting["partner"]["name"]);
    // The version that the page saw is required, as on a server.
    let deleting = request("DELETE", &path, None, None);
    assert_eq!(refused(&mut world, deleting, 4), "versionRequired");
}

#[test]
fn the_same_acts_make_the_same_world() {
    let mut worlds = [world(), world()];
    let stories = worlds.each_mut().map(|world| {
        choose(world, MARA, DemoState::Refused, 1);
        choose(world, ANNA, DemoState::Ready, 2);
        ["/api/activity", "/api/outbox", "/api/invitations"].map(|path| get(world, path))
    });
    assert_eq!(stories[0], stories[1]);
}

#[test]
fn pages_are_shown_in_every_state() {
    let list = request("GET", "/api/relationships", None, None);
    let mut world = world();
    choose(&mut world, ANNA, DemoState::Loading, 3);
    assert_eq!(world.respond(&list, &moment(2)), None);
    assert_eq!(get(&mut world, "/api/session")["user"]["email"], ANNA);
    choose(&mut world, ANNA, DemoState::Error, 4);
    assert_eq!(code(&respond(&mut world, &list, 2)), "internal");
    choose(&mut world, ANNA, DemoState::Empty, 5);
    assert_eq!(get(&mut world, "/api/session")["user"]["email"], ANNA);
    for path in [
        "/api/relationships",
        "/api/invitations",
        "/api/outbox",
        "/api/products",
        "/api/subscriptions",
    ] {
        assert_eq!(get(&mut world, path)["value"], json!([]), "{path}");
    }
    // Every organization has a person without the role for anything.
    for (person, seconds) in people(&world).into_iter().zip(20..) {
        choose(&mut world, &person, DemoState::Refused, seconds);
        let roles = &get(&mut world, "/api/session")["user"]["roles"];
        assert!(
            *roles == json!(["globalReader"]) || *roles == json!(["helpdeskAgent"]),
            "{person}: {roles}"
        );
        assert_eq!(world.person().map(ToString::to_string), Some(person));
    }
    choose(&mut world, ANNA, DemoState::Ready, 255);
    assert_ne!(get(&mut world, "/api/relationships")["value"], json!([]));
}

fn people(world: &DemoWorld) -> Vec<String> {
    let people = world.people().expect("people");
    people.into_iter().flat_map(|(_, users)| users).map(|user| user.email.to_string()).collect()
}

#[test]
fn signing_in_and_out_works_as_on_a_server() {
    let mut world = world();
    act(&mut world, request("DELETE", "/api/session", None, None), 2);
    assert_eq!(world.person(), None);
    let list = request("GET", "/api/relationships", None, None);
    assert_eq!(code(&respond(&mut world, &list, 2)), "signInRequired");
    let typed = |password: &str| {
        let body = json!({ "email": MARA, "password": password });
        request("POST", "/api/session", Some(body), None)
    };
    assert_eq!(refused(&mut world, typed("guessed"), 3), "signInFailed");
    act(&mut world, typed(service::demo::PASSWORD), 4);
    assert_eq!(world.person().map(ToString::to_string).as_deref(), Some(MARA));
}

#[test]
fn a_session_that_expired_with_an_old_tab_starts_again() {
    let mut world = world();
    let tomorrow = DemoMoment { now: moment(0).now + 24 * 60 * 60 * 1_000, seed: [99; 32] };
    let list = request("GET", "/api/relationships", None, None);
    let response = world.respond(&list, &tomorrow).expect("a response");
    assert!(response.is_success(), "{response:?}");
    assert_eq!(world.person().map(ToString::to_string).as_deref(), Some(ANNA));
}

#[test]
fn the_list_can_be_saved_as_a_file() {
    let export = request("GET", "/api/relationships/export?$search=oakline", None, None);
    let DemoResponse { file_name, body, .. } = respond(&mut world(), &export, 2);
    assert_eq!(file_name.as_deref(), Some("partner-relationships-2026-09-21.csv"));
    assert!(body.contains("oakline.example") && !body.contains("kestrel.example"), "{body}");
}

#[test]
fn an_address_is_encoded_as_browsers_do() {
    let list = "/api/relationships?$filter=status eq 'active'&$top=1";
    assert_eq!(get(&mut world(), list)["value"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_page_without_a_public_address_has_a_demo_too() {
    let mut world = DemoWorld::new("http://intranet.example", &moment(0)).expect("a world");
    assert_eq!(get(&mut world, "/api/session")["user"]["email"], ANNA);
}

/// Returns the subscriptions of the person who is signed in that match a query.
fn subscriptions(world: &mut DemoWorld, query: &str) -> Vec<Value> {
    let list = get(world, &format!("/api/subscriptions?{query}"));
    list["value"].as_array().expect("a list").clone()
}

#[test]
fn a_repeated_order_creates_one_subscription_with_its_partner_of_record() {
    let mut world = world();
    let products = get(&mut world, "/api/products");
    let product = &products["value"][0];
    let order = json!({
        "product": product["id"],
        "term": product["prices"][0]["term"],
        "unitPrice": product["prices"][0]["unit"],
        "quantity": "7",
        "partnerId": "4391507",
    });
    let asked = DemoRequest {
        request_id: Some("018bcfe5-6800-7fff-bfff-ffffffffffff".parse().expect("an id")),
        ..request("POST", "/api/orders", Some(order), None)
    };
    let without_id = DemoRequest { request_id: None, ..asked.clone() };
    assert_eq!(refused(&mut world, without_id, 1), "requestIdRequired");
    let before = subscriptions(&mut world, "").len();
    let placed = act(&mut world, asked.clone(), 2);
    assert_eq!(placed["partnerOfRecord"]["partnerName"], "Meridian Cloud Services");
    assert_eq!(act(&mut world, asked, 3)["id"], placed["id"]);
    assert_eq!(subscriptions(&mut world, "").len(), before + 1);
    // The account that pays is the organization's own.
    let accounts = get(&mut world, "/api/billingAccounts");
    assert_eq!(accounts["value"][0]["id"], placed["billingAccount"]);
    // The partner is told.
    let mails = get(&mut world, "/api/outbox");
    let newest = mails["value"].as_array().expect("a list").iter();
    assert!(newest.filter_map(|mail| mail["subject"].as_str()).any(|subject| {
        subject.contains("Brightwater Schools") && subject.contains("Meridian Cloud Services")
    }));
}

#[test]
fn a_partner_of_record_is_checked_set_and_removed() {
    let mut world = world();
    let checking =
        |id: &str| request("POST", "/api/partnerIds/check", Some(json!({ "partnerId": id })), None);
    let found = act(&mut world, checking("4391507"), 1);
    assert_eq!(found["partnerName"], "Meridian Cloud Services");
    assert_eq!(refused(&mut world, checking("9999999"), 2), "partnerIdNotFound");
    assert_eq!(refused(&mut world, checking("0439"), 3), "invalidFields");

    let bare =
        subscriptions(&mut world, "$filter=status eq 'active' and partnerId eq null").remove(0);
    let path = format!("/api/subscriptions/{}/partnerOfRecord", text(&bare, "id"));
    let set = |version: &Value| {
        request("PUT", &path, Some(json!({ "partnerId": "4391507" })), version.as_str())
    };
    let added = act(&mut world, set(&bare["@odata.etag"]), 4);
    assert_eq!(added["partnerOfRecord"]["partnerId"], "4391507");
    // Another person who saw the earlier version.
    assert_eq!(refused(&mut world, set(&bare["@odata.etag"]), 5), "versionMismatch");
    let removing = request("DELETE", &path, None, added["@odata.etag"].as_str());
    assert!(act(&mut world, removing, 6).get("partnerOfRecord").is_none());
    let history = format!("/api/subscriptions/{}/history", text(&bare, "id"));
    assert_eq!(get(&mut world, &history)["value"][0]["partnerId"], "4391507");
}

#[test]
fn a_subscription_is_managed() {
    let mut world = world();
    let mut one =
        subscriptions(&mut world, "$filter=status eq 'active' and partnerId eq null").remove(0);
    let path = format!("/api/subscriptions/{}", text(&one, "id"));
    for (method, action, body, status) in [
        ("PATCH", "", Some(json!({ "quantity": "21" })), "active"),
        ("POST", "/suspend", None, "suspended"),
        ("POST", "/reactivate", None, "active"),
        ("POST", "/cancel", None, "ended"),
    ] {
        let version = text(&one, "@odata.etag").to_owned();
        let asked = request(method, &format!("{path}{action}"), body, Some(&version));
        one = act(&mut world, asked, 2);
        assert_eq!(one["status"], status);
        assert_eq!(one["quantity"], 21);
    }
    assert_eq!(get(&mut world, &path), one);
}

#[test]
fn many_partners_of_record_are_planned_and_set_by_choice_and_by_file() {
    let mut world = world();
    let bare = subscriptions(&mut world, "$filter=status eq 'active' and partnerId eq null");
    let ids: Vec<&str> = bare.iter().map(|one| text(one, "id")).collect();
    let choice = json!({ "subscriptions": ids, "partnerId": "4391507" });
    let ask = |action: &str, version: Option<&str>| {
        let path = format!("/api/subscriptions/partnersOfRecord/{action}");
        request("POST", &path, Some(choice.clone()), version)
    };
    assert!(!ask("plan", None).changes(), "nothing is kept of a plan");
    let plan = act(&mut world, ask("plan", None), 1);
    assert_eq!(plan["changes"].as_array().map(Vec::len), Some(ids.len()));
    assert_eq!(refused(&mut world, ask("apply", None), 2), "versionRequired");
    let applied = act(&mut world, ask("apply", plan["@odata.etag"].as_str()), 3);
    assert_eq!(applied["changed"], ids.len());

    let export = request("GET", "/api/subscriptions/export?$filter=status eq 'active'", None, None);
    let DemoResponse { file_name, body, .. } = respond(&mut world, &export, 4);
    assert_eq!(file_name.as_deref(), Some("subscriptions-2026-09-21.csv"));
    let file = body.replace("4391507", "");
    let with_file = |action: &str, file: &str, version: Option<&str>| DemoRequest {
        media_type: crate::client::CSV.to_owned(),
        body: Some(file.to_owned()),
        ..ask(action, version)
    };
    let broken = format!("{file}\r\nnothing,,,,,,,,");
    let problems = &act(&mut world, with_file("plan", &broken, None), 5)["problems"];
    assert_eq!(problems.as_array().map(Vec::len), Some(1), "{problems}");
    let plan = act(&mut world, with_file("plan", &file, None), 6);
    assert_eq!(plan["problems"], json!([]), "{plan}");
    let applied = with_file("apply", &file, plan["@odata.etag"].as_str());
    assert!(act(&mut world, applied, 7)["changed"].as_u64() > Some(0));
    assert_eq!(subscriptions(&mut world, "$filter=partnerId eq '4391507'").len(), 0);
}

#[test]
fn a_subscription_is_created_of_an_offer() {
    let mut world = world();
    choose(&mut world, LI_NA, DemoState::Ready, 1);
    let partners = get(&mut world, "/api/relationships");
    let partners = partners["value"].as_array().expect("a list");
    let with = partners.iter().find(|one| one.get("offer").is_some()).expect("an offer waits");
    let path = format!("/api/relationships/{}", text(with, "id"));
    let creating =
        request("POST", &format!("{path}/createFromOffer"), None, with["@odata.etag"].as_str());
    let created = act(&mut world, creating.clone(), 2);
    assert_eq!(created["partnerOfRecord"]["partner"], with["partner"]["id"]);
    assert!(get(&mut world, &path).get("offer").is_none());
    assert_eq!(refused(&mut world, creating, 3), "versionMismatch");
}

#[test]
fn invalid_requests_get_their_error_codes() {
    let mut world = world();
    let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
    for (method, path, code_expected) in [
        ("GET", "/api/nothing".to_owned(), "notFound"),
        ("PUT", "/api/session".to_owned(), "methodNotAllowed"),
        ("POST", "/api/session".to_owned(), "invalidRequest"),
        ("GET", "/api/relationships/x".to_owned(), "notFound"),
        ("GET", format!("/api/relationships/{id}"), "notFound"),
        ("GET", "/api/activity?$top=0".to_owned(), "invalidFields"),
        ("GET", "/api/activity?x=1".to_owned(), "invalidFields"),
    ] {
        let response = respond(&mut world, &request(method, &path, None, None), 2);
        assert_eq!(code(&response), code_expected, "{method} {path}");
    }
}
