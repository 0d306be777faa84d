//! Bad input is answered with what is wrong with it, and never with a failure of the server.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::support::*;

const JSON: [(&str, &str); 2] = [("Content-Type", "application/json"), ("If-Match", "W/\"1\"")];

#[test]
fn what_cannot_be_read_says_so() {
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
fn each_field_of_a_draft_says_what_is_wrong_with_it() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let answer = mara.post("/api/invitations", &json!({
        "customer": "42", "relationshipType": "friend", "recipient": "a@b", "recipientName": "a\u{202e}b",
        "language": "", "message": "x".repeat(1_001),
    }));
    answer.refused(400, "invalidFields");
    for (field, code) in [
        ("customer", "notAnId"),
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
fn a_query_that_is_not_understood_is_not_ignored() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for (query, field) in [
        ("$filter=colour%20eq%20'red'", "filter"),
        ("$orderby=colour", "orderby"),
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
fn text_up_to_the_limit_survives_in_any_script() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(ANNA).organisation();
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

#[test]
fn nothing_that_is_sent_makes_the_server_fail() {
    let server = Server::demo();
    let client = server.sign_in(MARA);
    let paths = [
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
    ];
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
                    "message"
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
        prop::sample::select(vec!["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD"]),
        prop::sample::select(paths.to_vec()),
        "[a-zA-Z0-9$=&%' ()._~-]{0,40}",
        "[ -~]{0,20}",
        body,
    );
    let mut runner =
        TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    runner
        .run(&request, |(method, path, query, version, body)| {
            let mut client = client.clone();
            let path = format!("{path}?{}", query.replace(' ', "%20").replace('%', "%25"));
            let headers = [("Content-Type", "application/json"), ("If-Match", version.trim())];
            let body = (!matches!(method, "GET" | "HEAD")).then_some(body);
            let answer = client.send(method, &path, &headers, body.as_deref());
            prop_assert!(answer.status < 500, "{method} {path}: {}", answer.text);
            Ok(())
        })
        .expect("no request makes the server fail");
}
