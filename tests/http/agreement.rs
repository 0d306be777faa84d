//! The Microsoft Customer Agreement: reading it, and accepting it without an invitation.

use serde_json::json;

use crate::support::*;

#[test]
fn only_customers_read_and_accept_the_agreement() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    mara.get("/api/agreement").refused(403, "customerOnly");
    let accepted = json!({ "hash": "0".repeat(64), "acknowledged": true });
    mara.post("/api/agreement/accept", &accepted).refused(403, "customerOnly");
}

#[test]
fn only_what_was_shown_and_acknowledged_is_accepted() {
    let server = Server::demo();
    // Lindenhof has accepted no agreement yet.
    let mut eva = server.sign_in(EVA);
    let shown = eva.get("/api/agreement").ok().clone();
    let etag = shown.header("etag").expect("a version").to_owned();
    let unchanged = eva.send("GET", "/api/agreement", &[("If-None-Match", &etag)], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    let hash = shown.json()["hash"].clone();
    for (hash, acknowledged, code) in [
        (&hash, false, "agreementNotAcknowledged"),
        (&json!("0".repeat(64)), true, "agreementChanged"),
    ] {
        let accepted = json!({ "hash": hash, "acknowledged": acknowledged });
        eva.post("/api/agreement/accept", &accepted).refused(409, code);
    }
    let accepted = json!({ "hash": hash, "acknowledged": true });
    eva.post("/api/agreement/accept", &accepted).ok();
    eva.post("/api/agreement/accept", &accepted).refused(409, "agreementAlreadyAccepted");
}

#[test]
fn without_an_agreement_nothing_can_be_accepted() {
    let server = Server::start(&[]);
    let customer = server.create_organizations(
        ("adminAgent", "roos@fabrikam.example"),
        ("globalAdministrator", ANNA),
    );
    let mut anna = server.sign_in(ANNA);
    let invitation = server.sign_in("roos@fabrikam.example").invite(&customer, "lob", false);
    let agreement = json!({ "hash": "0".repeat(64), "acknowledged": true });
    anna.get("/api/agreement").refused(409, "agreementUnavailable");
    anna.post("/api/agreement/accept", &agreement).refused(409, "agreementUnavailable");
    anna.accept_with(&invitation, &agreement).refused(409, "agreementUnavailable");
}
