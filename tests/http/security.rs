//! Access without a session or from another origin, security headers, and secrets in logs.

use serde_json::json;

use crate::documented::operations;
use crate::support::*;

/// The operations that need no session.
const OPEN: &[(&str, &str)] = &[
    ("GET", "/api/site"),
    ("GET", "/api/health"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/outbox"),
    ("GET", "/api/outbox/01890000-0000-7000-8000-000000000001"),
    ("POST", "/api/session"),
    // Signing out twice is no error.
    ("DELETE", "/api/session"),
];

#[test]
fn a_visitor_is_refused_except_at_the_open_addresses() {
    let server = Server::demo();
    assert!(operations().len() >= 20);
    for operation in operations() {
        let (method, path) = (operation.method.as_str(), operation.path_to_nothing());
        let headers = [("Content-Type", "application/json"), ("If-Match", "W/\"1\"")];
        let body = operation.is_change().then_some(b"{}".as_slice());
        let answer = server.visitor().send(method, &path, &headers, body);
        if OPEN.contains(&(method, path.as_str())) {
            assert_ne!(answer.status, 401, "{method} {path}");
        } else {
            assert!(operation.needs_session(), "{method} {path} is documented as open");
            answer.refused(401, "signInRequired");
        }
    }
}

#[test]
fn without_sample_data_the_outbox_is_for_administrators() {
    let server = Server::start(&[]);
    server.visitor().get("/api/outbox").refused(401, "signInRequired");
    let site = server.visitor().get("/api/site").ok().json();
    assert_eq!((&site["demo"], &site["accounts"]), (&json!(false), &json!([])));
    server.create_organizations(
        ("salesAgent", "sophie@fabrikam.example"),
        ("billingAdministrator", BEN),
    );
    server.create_user("fabrikam.example", "adminAgent", "roos@fabrikam.example");
    server.create_user("brightwater.example", "globalAdministrator", ANNA);
    server.sign_in(BEN).get("/api/outbox").refused(403, "globalAdministratorRequired");
    server.sign_in("sophie@fabrikam.example").get("/api/outbox").refused(403, "adminAgentRequired");
    for who in [ANNA, "roos@fabrikam.example"] {
        assert_eq!(server.sign_in(who).get("/api/outbox").ok().json()["value"], json!([]));
    }
}

#[test]
fn a_mail_is_read_by_its_recipient_only() {
    let server = Server::start(&[]);
    let partner = ("adminAgent", "roos@fabrikam.example");
    let customer = server.create_organizations(partner, ("globalAdministrator", ANNA));
    let mut roos = server.sign_in("roos@fabrikam.example");
    roos.invite(&customer, "lob", false);
    let mut anna = server.sign_in(ANNA);
    let mail = anna.get("/api/outbox").ok().json()["value"][0].clone();
    let path = format!("/api/outbox/{}", id(&mail));
    assert_eq!(anna.get(&path).ok().json(), mail);
    roos.get(&path).refused(404, "notFound");
    server.visitor().get(&path).refused(401, "signInRequired");
    // The outbox of a demo stands in for everyone's mailbox.
    let demo = Server::demo();
    let mail = demo.visitor().get("/api/outbox?$top=1").ok().json()["value"][0].clone();
    assert_eq!(demo.visitor().get(&format!("/api/outbox/{}", id(&mail))).ok().json(), mail);
    demo.visitor().get(&path).refused(404, "notFound");
}

#[test]
fn a_change_from_another_origin_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let oakline = anna.relationship("Oakline IT");
    let path = format!("/api/relationships/{}", id(&oakline));
    for origin in [Some("https://evil.example"), Some("null"), Some("http://127.0.0.1:1"), None] {
        anna.origin = origin.map(str::to_owned);
        anna.delete(&path, Some(etag(&oakline))).refused(403, "foreignOrigin");
    }
    anna.origin = Some(server.url.replace("127.0.0.1", "localhost"));
    assert_eq!(
        anna.delete(&path, Some(etag(&oakline))).status,
        204,
        "another name of the same machine"
    );
}

#[test]
fn every_answer_has_the_security_headers() {
    let server = Server::demo();
    for path in ["/", "/partner-invitation", "/api/site", "/api/nothing", "/no/such.file"] {
        let answer = server.visitor().get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default().to_owned();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "'sha256-"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        assert!(answer.header("permissions-policy").is_some(), "{path}");
        assert!(answer.header("server").is_none(), "{path}");
    }
    assert_eq!(server.visitor().get("/api/site").header("cache-control"), Some("no-store"));
}

#[test]
fn every_error_has_the_request_id_of_the_log() {
    let server = Server::demo();
    let answer = server.visitor().get("/api/relationships");
    let id = answer.json()["error"]["innererror"]["request-id"].as_str().expect("an id").to_owned();
    assert_eq!(answer.header("x-request-id"), Some(id.as_str()));
    assert_eq!(answer.header("x-ms-error-code"), Some("signInRequired"));
    server.wait_for_log(&id);
}

#[test]
fn no_token_reaches_the_log() {
    let server = Server::demo();
    let token = server.token("Meridian Cloud Services");
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&token).ok().json();
    anna.get(&format!("/partner-invitation?{token}"));
    anna.accept(&invitation).ok();
    server.wait_for_log("/accept");
    assert!(!server.log().contains(&token));
}

#[test]
fn links_in_mails_do_not_depend_on_the_request() {
    let server = Server::start(&["--demo", "--public-url", "https://accord.example"]);
    let mut mara = server.visitor();
    mara.origin = Some("https://accord.example".to_owned());
    mara.post("/api/session", &json!({ "email": MARA, "password": PASSWORD })).ok();
    let mut anna = server.visitor();
    anna.origin.clone_from(&mara.origin);
    anna.post("/api/session", &json!({ "email": ANNA, "password": PASSWORD })).ok();
    let customer = anna.organization();
    let draft = mara.post("/api/invitations", &draft(&customer, "lob", false)).ok().json();
    let path = format!("/api/invitations/{}/send", id(&draft));
    let headers = [
        ("If-Match", etag(&draft)),
        ("Content-Type", "application/json"),
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
    ];
    mara.send("POST", &path, &headers, Some(b"{}")).ok();
    let outbox = server.visitor().get("/api/outbox").text;
    assert!(outbox.contains("https://accord.example/partner-invitation#"));
    assert!(!outbox.contains("evil.example"));
}
