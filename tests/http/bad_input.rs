//! Invalid input is refused with a code that names the error, and never makes the server fail.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::support::*;

const JSON: [(&str, &str); 3] = [
    ("Content-Type", "application/json"),
    ("If-Match", "W/\"1\""),
    ("Repeatability-Request-ID", "01890000-0000-7000-8000-000000000001"),
];

#[test]
fn an_unreadable_body_is_refused() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let deep = "[".repeat(50_000);
    let bodies: [&[u8]; 8] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"\xff\xfe",
        deep.as_bytes(),
        b"{\"customer\":{\"a\":1}}",
    ];
    for body in bodies {
        let answer = mara.send("POST", "/api/invitations", &JSON, Some(body));
        assert!(
            (400..500).contains(&answer.status),
            "{:?}: {}",
            String::from_utf8_lossy(body),
            answer.text
        );
        assert!(!answer.code().is_empty());
    }
    // The values of an object's fields are no object.
    for body in ["[\"4391507\"]", " \n[\"4391507\"]", "[]"] {
        let answer = server.sign_in(ANNA).send(
            "POST",
            "/api/partnerIds/check",
            &JSON,
            Some(body.as_bytes()),
        );
        answer.refused(400, "invalidRequest");
    }
    let huge = vec![b'x'; 66_000];
    mara.send("POST", "/api/invitations", &JSON, Some(&huge)).refused(413, "requestTooLarge");
    let answer =
        mara.send("POST", "/api/invitations", &[("Content-Type", "text/plain")], Some(b"{}"));
    assert_eq!(answer.status, 415);
    let answer = mara.send("PATCH", "/api/session", &JSON, Some(b"{}"));
    answer.refused(405, "methodNotAllowed");
    assert!(answer.header("allow").is_some());
    mara.get("/api/no/such/thing").refused(404, "notFound");
    mara.get("/api/relationships/not-an-id").refused(404, "notFound");
    mara.get("/api/relationships/%ff").refused(404, "notFound");
}

#[test]
fn each_invalid_field_of_a_draft_has_its_own_code() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let answer = mara.post("/api/invitations", &json!({
        "customer": "42", "relationshipType": "friend", "recipient": "a@b", "recipientName": "a\u{202e}b",
        "language": "", "message": "x".repeat(1_001),
    }));
    answer.refused(400, "invalidFields");
    for (field, code) in [
        ("customer", "notADomainName"),
        ("relationshipType", "notAnOption"),
        ("recipient", "notAnEmailAddress"),
        ("recipientName", "controlCharacter"),
        ("language", "empty"),
        ("message", "tooLong"),
    ] {
        assert_eq!(answer.field(field).as_deref(), Some(code), "{field}");
    }
}

#[test]
fn an_invalid_query_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for (query, field) in [
        ("$filter=color%20eq%20'red'", "filter"),
        ("$orderby=color", "orderby"),
        ("$top=1000", "top"),
        ("$skiptoken=%00", "skiptoken"),
        ("$select=id", "query"),
        ("%ff", "query"),
    ] {
        let answer = anna.get(&format!("/api/relationships?{query}"));
        answer.refused(400, "invalidFields");
        assert!(answer.field(field).is_some(), "{query}: {}", answer.text);
    }
    for query in ["$top=0", "$top=x", "$skiptoken=zz", "$top=99999999999999999999"] {
        assert_eq!(anna.get(&format!("/api/activity?{query}")).status, 400, "{query}");
    }
    assert_eq!(anna.get("/api/agreement?language=tlh").status, 400);
}

#[test]
fn text_up_to_the_limit_is_kept_in_any_script() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(ANNA).organization();
    for script in ["a", "ß", "字", "ا", "ह", "🦀", "'", "\\", "\"", "<", "&", "%"] {
        let message = script.repeat(1_000 / script.chars().count());
        let name = script.repeat(120);
        let mut typed = draft(&customer, "lob", false);
        typed["message"] = json!(message);
        typed["recipientName"] = json!(name);
        let made = mara.post("/api/invitations", &typed).ok().json();
        let kept = mara.get(&format!("/api/invitations/{}", id(&made))).json();
        assert_eq!(
            (&kept["message"], &kept["recipientName"]),
            (&json!(message), &json!(name)),
            "{script}"
        );
        typed["recipientName"] = json!(format!("{name}x"));
        assert_eq!(
            mara.post("/api/invitations", &typed).field("recipientName").as_deref(),
            Some("tooLong")
        );
    }
}

/// Paths of the API, with identifiers that don't exist.
const PATHS: &[&str] = &[
    "/api/session",
    "/api/sessions",
    "/api/invitations",
    "/api/invitations/lookUp",
    "/api/agreement/accept",
    "/api/invitations/01890000-0000-7000-8000-000000000001/accept",
    "/api/relationships",
    "/api/activity",
    "/api/relationships/01890000-0000-7000-8000-000000000001",
    "/api/outbox",
    "/api/agreement",
    "/api/partners",
    "/api/enquiries",
    "/api/enquiries/01890000-0000-7000-8000-000000000001",
    "/api/enquiries/01890000-0000-7000-8000-000000000001/read",
    "/api/enquiries/01890000-0000-7000-8000-000000000001/decline",
    "/api/invitations/01890000-0000-7000-8000-000000000001",
    "/api/invitations/01890000-0000-7000-8000-000000000001/resend",
    "/api/invitations/01890000-0000-7000-8000-000000000001/mail",
    "/api/invitations/01890000-0000-7000-8000-000000000001/mail/html",
    "/api/relationships/01890000-0000-7000-8000-000000000001/giveUpAdminRoles",
    "/api/relationships/01890000-0000-7000-8000-000000000001/end",
    "/api/profile",
    "/api/relationships/01890000-0000-7000-8000-000000000001/createFromOffer",
    "/api/orders",
    "/api/subscriptions/01890000-0000-7000-8000-000000000001",
    "/api/partnerIds/check",
    "/api/subscriptions/partnersOfRecord/plan",
    "/api/subscriptions/partnersOfRecord/apply",
    "/api/subscriptions/01890000-0000-7000-8000-000000000001/partnerOfRecord",
];

#[test]
fn no_request_makes_the_server_fail() {
    let server = Server::demo();
    let people = [server.sign_in(MARA), server.sign_in(ANNA)];
    let value = prop_oneof![
        Just("null".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        "\\PC{0,30}".prop_map(|text| json!(text).to_string()),
        Just("{\"a\":[]}".to_owned()),
    ];
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(
            (
                prop::sample::select(vec![
                    "email",
                    "password",
                    "customer",
                    "token",
                    "agreement",
                    "hash",
                    "acknowledged",
                    "language",
                    "message",
                    "partners",
                    "needs",
                    "contactEmail",
                    "reason",
                    "enquiry",
                    "terms",
                    "offer",
                    "locations",
                    "countries",
                    "listed",
                    "description",
                    "product",
                    "term",
                    "quantity",
                    "relationship",
                    "partnerId",
                    "subscriptions"
                ]),
                value
            ),
            0..6
        )
        .prop_map(|pairs| {
            let pairs: Vec<String> =
                pairs.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", pairs.join(",")).into_bytes()
        }),
    ];
    let request = (
        0..2_usize,
        prop::sample::select(vec!["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD"]),
        prop::sample::select(PATHS),
        "[a-zA-Z0-9$=&%' ()._~-]{0,40}",
        "[ -~]{0,20}",
        body,
    );
    let mut runner =
        TestRunner::new(Config { cases: 800, failure_persistence: None, ..Config::default() });
    runner
        .run(&request, |(who, method, path, query, version, body)| {
            let mut client = people[who].clone();
            let path = format!("{path}?{}", query.replace(' ', "%20").replace('%', "%25"));
            let headers = [("Content-Type", "application/json"), ("If-Match", version.trim())];
            let body = (!matches!(method, "GET" | "HEAD")).then_some(body);
            let answer = client.send(method, &path, &headers, body.as_deref());
            prop_assert!(answer.status < 500, "{method} {path}: {}", answer.text);
            Ok(())
        })
        .expect("no request makes the server fail");
}

/// Texts that would add a header to a mail, reverse the text around them, hide, or look like
/// another name.
const ATTACKS: [(&str, &str); 7] = [
    ("Bob\r\nBcc: x@evil.example", "controlCharacter"),
    ("Bob\nSubject: Invoice", "controlCharacter"),
    ("Bob\u{2028}Bcc: x@evil.example", "controlCharacter"),
    ("Bob\u{0}", "controlCharacter"),
    ("Bob \u{202e}elpmaxe.live", "controlCharacter"),
    ("M\u{435}ridian", "mixedScripts"),
    ("Micr\u{3bf}soft", "mixedScripts"),
];

#[test]
fn names_and_addresses_in_mails_cannot_deceive() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let meridian = mara.organization();
    for (attack, code) in ATTACKS {
        for field in ["contactName", "city"] {
            let mut typed = enquiry(&[&meridian]);
            typed[field] = json!(attack);
            let answer = anna.post("/api/enquiries", &typed);
            assert_eq!(answer.field(field).as_deref(), Some(code), "{attack:?}: {}", answer.text);
        }
        let mut typed = draft("brightwater.example", "lob", false);
        typed["recipientName"] = json!(attack);
        typed["offer"] = json!({ "kind": "trial", "product": attack, "quantity": "1" });
        let answer = mara.post("/api/invitations", &typed);
        for field in ["recipientName", "offerProduct"] {
            assert_eq!(answer.field(field).as_deref(), Some(code), "{attack:?}: {}", answer.text);
        }
    }
    for address in [
        "anna@brightwater.example\r\nBcc: x@evil.example",
        "anna@brightwater.example, x@evil.example",
        "anna@brightw\u{430}ter.example",
        "\"x@evil.example\"@brightwater.example",
        "<x@evil.example>anna@brightwater.example",
    ] {
        let mut typed = enquiry(&[&meridian]);
        typed["contactEmail"] = json!(address);
        let answer = anna.post("/api/enquiries", &typed);
        assert_eq!(answer.field("contactEmail").as_deref(), Some("notAnEmailAddress"), "{address}");
        let mut typed = draft("brightwater.example", "lob", false);
        typed["recipient"] = json!(address);
        let answer = mara.post("/api/invitations", &typed);
        assert_eq!(answer.field("recipient").as_deref(), Some("notAnEmailAddress"), "{address}");
    }
    let mut typed = enquiry(&[&meridian]);
    for phone in ["+31 20\r\nBcc: x", "call me", "1234", "＋３１２０５５５"] {
        typed["contactPhone"] = json!(phone);
        let answer = anna.post("/api/enquiries", &typed);
        assert_eq!(answer.field("contactPhone").as_deref(), Some("notAPhoneNumber"), "{phone}");
    }
    assert!(!server.visitor().get("/api/outbox").text.contains("evil"));
}

#[test]
fn a_text_with_line_breaks_stays_in_the_body_of_a_mail() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let meridian = mara.organization();
    let text = "Marker\r\nBcc: x@evil.example\r\n\r\n.\r\n<script>alert(1)</script>";
    let mut typed = enquiry(&[&meridian]);
    typed["needs"] = json!(text);
    let sent = anna.post("/api/enquiries", &typed).ok().json()["value"][0].clone();
    let path = format!("/api/enquiries/{}/decline", id(&sent));
    mara.change(&path, etag(&sent), &json!({ "reason": text })).ok();
    let mut typed = draft("brightwater.example", "lob", false);
    typed["message"] = json!(text);
    let drafted = mara.post("/api/invitations", &typed).ok().json();
    mara.change(&format!("/api/invitations/{}/send", id(&drafted)), etag(&drafted), &json!({}))
        .ok();
    for to in ["hello@meridiancloud.example", ANNA, "somebody@brightwater.example"] {
        let mails = server.mails(to, "Marker");
        assert_eq!(mails.len(), 1, "{to}");
        let subject = mails[0]["subject"].as_str().expect("a subject");
        assert!(!subject.contains(['\r', '\n']) && !subject.contains("Bcc"), "{subject}");
        assert!(!mails[0]["html"].as_str().is_some_and(|html| html.contains("<script")), "{to}");
    }
    // Invisible and reversing characters are refused in texts too.
    for hidden in ["a\u{202e}b", "a\u{2066}b", "a\u{0}b", "a\u{feff}b"] {
        let mut typed = enquiry(&[&meridian]);
        typed["needs"] = json!(hidden);
        let answer = anna.post("/api/enquiries", &typed);
        assert_eq!(answer.field("needs").as_deref(), Some("controlCharacter"), "{hidden:?}");
        let answer = mara.change(&path, etag(&sent), &json!({ "reason": hidden }));
        assert_eq!(answer.field("reason").as_deref(), Some("controlCharacter"), "{hidden:?}");
        let mut typed = draft("brightwater.example", "lob", false);
        (typed["message"], typed["terms"]) = (json!(hidden), json!(hidden));
        let answer = mara.post("/api/invitations", &typed);
        for field in ["message", "terms"] {
            assert_eq!(answer.field(field).as_deref(), Some("controlCharacter"), "{hidden:?}");
        }
    }
}

#[test]
fn each_invalid_field_of_an_enquiry_has_its_own_code() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let answer = anna.post("/api/enquiries", &json!({}));
    answer.refused(400, "invalidFields");
    for (field, code) in [
        ("partners", "empty"),
        ("country", "empty"),
        ("size", "empty"),
        ("needs", "empty"),
        ("contactName", "empty"),
        ("contactEmail", "empty"),
        ("consent", "consentNeeded"),
    ] {
        assert_eq!(answer.field(field).as_deref(), Some(code), "{field}");
    }
    let ids: Vec<String> =
        (0..11).map(|place| format!("01890000-0000-7000-8000-0000000000{place:02}")).collect();
    let answer = anna.post(
        "/api/enquiries",
        &json!({
            "partners": ids, "country": "Holland", "city": "x".repeat(121), "size": "12",
            "needs": "字".repeat(1_001), "contactName": "x".repeat(121),
            "contactEmail": format!("{}@brightwater.example", "x".repeat(250)),
            "contactPhone": "1".repeat(31), "consent": true,
        }),
    );
    for (field, code) in [
        ("partners", "tooMany"),
        ("country", "notACountry"),
        ("city", "tooLong"),
        ("size", "notAnOption"),
        ("needs", "tooLong"),
        ("contactName", "tooLong"),
        ("contactEmail", "tooLong"),
        ("contactPhone", "tooLong"),
    ] {
        assert_eq!(answer.field(field).as_deref(), Some(code), "{field}");
    }
    for wrong in [json!({ "partners": "x" }), json!({ "consent": "yes" }), json!(null)] {
        anna.post("/api/enquiries", &wrong).refused(400, "invalidRequest");
    }
    let mut mara = server.sign_in(MARA);
    let asked = anna.send_enquiries(&[&mara.organization()]).remove(0);
    let path = format!("/api/enquiries/{}/decline", id(&asked));
    let answer = mara.change(&path, etag(&asked), &json!({ "reason": "x".repeat(1_001) }));
    assert_eq!(answer.field("reason").as_deref(), Some("tooLong"));
}
