//! Signing in, staying signed in, and signing out.

use serde_json::json;

use crate::support::*;

fn attempt(client: &mut Client, email: &str, password: &str) -> Answer {
    client.post("/api/session", &json!({ "email": email, "password": password }))
}

#[test]
fn an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let server = Server::demo();
    let known = attempt(&mut server.visitor(), ANNA, "not her password");
    let unknown = attempt(&mut server.visitor(), "nobody@brightwater.example", "not her password");
    known.refused(401, "signInFailed");
    unknown.refused(401, "signInFailed");
    let without_id = |answer: &Answer| {
        let mut body = answer.json();
        body["error"]["innererror"] = json!(null);
        body
    };
    assert_eq!(without_id(&known), without_id(&unknown));
    let names = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&unknown));
}

#[test]
fn repeated_failures_delay_known_and_unknown_addresses() {
    let server = Server::demo();
    for email in [ANNA, "nobody@brightwater.example"] {
        let mut visitor = server.visitor();
        let codes: Vec<u16> =
            (0..6).map(|_| attempt(&mut visitor, email, "not the password").status).collect();
        assert!(codes.contains(&429), "{email}: {codes:?}");
        let answer = attempt(&mut visitor, email, PASSWORD);
        answer.refused(429, "tooManyAttempts");
        let wait: u32 = answer.header("retry-after").expect("how long").parse().expect("seconds");
        assert!((1..=300).contains(&wait));
    }
    server.sign_in(BEN);
}

#[test]
fn each_invalid_field_has_its_own_code() {
    let server = Server::demo();
    let answer = attempt(&mut server.visitor(), "anna", "");
    answer.refused(400, "invalidFields");
    assert_eq!(answer.field("email").as_deref(), Some("notAnEmailAddress"));
    assert_eq!(answer.field("password").as_deref(), Some("empty"));
    let answer = attempt(&mut server.visitor(), "", &"x".repeat(257));
    assert_eq!(answer.field("email").as_deref(), Some("empty"));
    assert_eq!(answer.field("password").as_deref(), Some("tooLong"));
}

#[test]
fn signing_out_ends_one_session_and_signing_out_everywhere_all() {
    let server = Server::demo();
    let (mut here, mut there, mut elsewhere) =
        (server.sign_in(ANNA), server.sign_in(ANNA), server.sign_in(ANNA));
    let stolen = here.clone();
    assert_eq!(here.delete("/api/session", None).status, 204);
    assert_eq!(here.cookie, None, "the browser forgets the cookie");
    stolen.clone().get("/api/session").refused(401, "signInRequired");
    there.get("/api/session").ok();
    assert_eq!(there.delete("/api/sessions", None).status, 204);
    elsewhere.get("/api/session").refused(401, "signInRequired");
    server.sign_in(DAAN).get("/api/session").ok();
}

#[test]
fn each_sign_in_has_a_new_token_that_scripts_cannot_read() {
    let server = Server::demo();
    let mut visitor = server.visitor();
    visitor.cookie = Some("accord=chosen-by-somebody-else".to_owned());
    let answer = attempt(&mut visitor, ANNA, PASSWORD);
    let cookie = answer.ok().header("set-cookie").expect("a cookie").to_owned();
    assert!(!cookie.contains("chosen-by-somebody-else"));
    for part in ["HttpOnly", "SameSite=", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_ne!(server.sign_in(ANNA).cookie, visitor.cookie);
    assert!(
        !server.log().contains(cookie.split(['=', ';']).nth(1).expect("a value")),
        "no token in the log"
    );
    attempt(&mut server.visitor(), ANNA, "typed by mistake").refused(401, "signInFailed");
    server.wait_for_log("status=401");
    assert!(!server.log().contains("typed by mistake"), "no password in the log");
}

#[test]
fn over_https_the_cookie_is_bound_to_the_host() {
    let server = Server::start(&["--demo", "--public-url", "https://accord.example"]);
    let mut visitor = server.visitor();
    visitor.origin = Some("https://accord.example".to_owned());
    let answer = attempt(&mut visitor, ANNA, PASSWORD);
    let cookie = answer.ok().header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-accord=") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn the_session_has_the_user_and_the_organization() {
    let server = Server::demo();
    let session = server.sign_in(BEN).get("/api/session").ok().json();
    assert_eq!(session["user"]["name"], "Ben Okafor");
    assert_eq!(session["user"]["roles"], json!(["billingAdministrator"]));
    assert_eq!(session["organization"]["clouds"], json!(["worldwide"]));
    assert!(!session.to_string().contains("password"));
}
