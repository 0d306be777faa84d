//! An invitation in every state that it can be in.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::*;

/// The waiting invitation of the sample data that asks for admin roles.
const WAITING: &str = "Meridian Cloud Services";

#[test]
fn waiting_it_tells_the_addressed_organisation_who_asks_for_what() {
    let server = Server::demo();
    let token = server.token(WAITING);
    let invitation = server.sign_in(ANNA).look_up(&token).ok().json();
    assert_eq!(invitation["status"], "sent");
    assert_eq!(invitation["partner"]["partnerId"], "4391507");
    assert_eq!(invitation["relationshipType"], "resellerAndDelegatedAdministrator");
    assert_eq!(invitation["adminRoles"], json!(["globalAdministrator", "helpdeskAdministrator"]));
    assert!(!invitation.to_string().contains(&token), "the token is nowhere in the answer");
}

#[test]
fn accepted_it_makes_one_relationship_and_keeps_what_was_shown() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token(WAITING)).ok().json();
    let shown = anna.get("/api/agreement?language=nl").ok().json();
    let agreement = json!({ "hash": shown["hash"], "acknowledged": true });
    let accepted = anna.accept_with(&invitation, &agreement).ok().json();
    assert_eq!(accepted["invitation"]["status"], "accepted");
    assert_eq!(accepted["invitation"]["answeredBy"], "Anna de Vries");
    let relationship = anna.relationship(WAITING);
    assert_eq!(relationship["id"], accepted["relationship"]);
    assert_eq!(relationship["relationshipType"], "resellerAndDelegatedAdministrator");
    let session = anna.get("/api/session").json();
    let kept = &session["organisation"]["agreement"];
    assert_eq!((&kept["hash"], &kept["language"]), (&shown["hash"], &json!("nl")));
    assert_eq!(kept["by"], "Anna de Vries");
}

#[test]
fn accepted_before_it_cannot_be_accepted_again() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let token = server.token(WAITING);
    let invitation = anna.look_up(&token).json();
    let accepted = anna.accept(&invitation).ok().json();
    anna.accept(&invitation).refused(409, "invitationAlreadyAccepted");
    anna.accept(&accepted["invitation"]).refused(409, "invitationAlreadyAccepted");
    // The link still says what became of it.
    assert_eq!(anna.look_up(&token).ok().json()["status"], "accepted");
}

#[test]
fn cancelled_it_stays_cancelled_and_says_why() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token(WAITING)).json();
    let path = format!("/api/invitations/{}/cancel", id(&invitation));
    let reason = "Wij delegeren geen beheerdersrollen. 我们不委派。 \"quoted\"\nSecond line";
    let cancelled = anna.change(&path, etag(&invitation), &json!({ "reason": reason })).ok().json();
    assert_eq!(cancelled["status"], "cancelled");
    anna.accept(&cancelled).refused(409, "invitationCancelled");
    let seen_by_partner =
        server.sign_in(MARA).get(&format!("/api/invitations/{}", id(&invitation))).json();
    assert_eq!(seen_by_partner["state"]["reason"], reason);
}

#[test]
fn withdrawn_it_cannot_be_accepted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let token = server.token(WAITING);
    let invitation = anna.look_up(&token).json();
    let mut mara = server.sign_in(MARA);
    let path = format!("/api/invitations/{}/withdraw", id(&invitation));
    mara.change(&path, etag(&invitation), &json!({})).ok();
    anna.accept(&invitation).refused(409, "invitationWithdrawn");
    let found = anna.look_up(&token).ok().json();
    assert_eq!(
        (&found["status"], &found["answeredBy"]),
        (&json!("withdrawn"), &json!("Mara Visser"))
    );
}

#[test]
fn expired_it_cannot_be_accepted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token("help desk during the summer")).ok().json();
    assert_eq!(invitation["status"], "expired");
    anna.accept(&invitation).refused(409, "invitationExpired");
}

#[test]
fn another_organisation_and_another_cloud_learn_nothing() {
    let server = Server::demo();
    let token = server.token(WAITING);
    for (who, code) in [
        (GRACE, "invitationForOtherOrganisation"),
        (EVA, "invitationForOtherCloud"),
        (LI_NA, "invitationForOtherCloud"),
        ("kim@kestrel.example", "invitationForOtherOrganisation"),
    ] {
        let answer = server.sign_in(who).look_up(&token);
        answer.refused(403, code);
        assert!(
            !answer.text.contains("Meridian") && !answer.text.contains("Brightwater"),
            "{who}: {}",
            answer.text
        );
    }
}

#[test]
fn by_its_id_it_does_not_exist_for_another_organisation() {
    let server = Server::demo();
    let invitation = server.sign_in(ANNA).look_up(&server.token(WAITING)).json();
    let mut grace = server.sign_in(GRACE);
    grace.get(&format!("/api/invitations/{}", id(&invitation))).refused(404, "notFound");
    grace.accept(&invitation).refused(404, "notFound");
}

#[test]
fn a_role_that_is_not_enough_may_read_but_neither_accept_nor_cancel() {
    let server = Server::demo();
    let token = server.token(WAITING);
    for who in [BEN, CARLA] {
        let mut member = server.sign_in(who);
        let invitation = member.look_up(&token).ok().json();
        member.accept(&invitation).refused(403, "globalAdministratorRequired");
        let path = format!("/api/invitations/{}/cancel", id(&invitation));
        let answer = member.change(&path, etag(&invitation), &json!({}));
        answer.refused(403, "globalAdministratorRequired");
        assert_eq!(answer.json()["error"]["nextStep"], "askGlobalAdministrator");
    }
}

#[test]
fn signed_out_nobody_sees_anything_of_it() {
    let server = Server::demo();
    let token = server.token(WAITING);
    let answer = server.visitor().look_up(&token);
    answer.refused(401, "signInRequired");
    assert!(!answer.text.contains("Meridian"));
    server.visitor().look_up("no such token").refused(401, "signInRequired");
}

#[test]
fn an_unknown_token_is_not_found() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let wrong = "0".repeat(64);
    for token in ["", "x", wrong.as_str(), "../../etc/passwd", "' OR 1=1 --", "\u{0}"] {
        anna.look_up(token).refused(404, "notFound");
    }
}

#[test]
fn following_the_link_changes_nothing_however_often() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let token = server.token(WAITING);
    let before = anna.look_up(&token).json();
    let log = anna.get("/api/activity").json();
    for _ in 0..20 {
        for method in ["GET", "HEAD"] {
            for path in [
                "/partner-invitation",
                &format!("/partner-invitation?token={token}"),
                &format!("/api/invitations/{}", id(&before)),
            ] {
                anna.send(method, path, &[], None).ok();
            }
        }
        assert_eq!(anna.look_up(&token).json(), before);
    }
    assert_eq!(anna.get("/api/activity").json(), log, "looking writes nothing to the log");
}

#[test]
fn a_draft_is_the_partners_own() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let mut anna = server.sign_in(ANNA);
    let customer = anna.organisation();
    let draft = mara.post("/api/invitations", &draft(&customer, "advisor", false)).ok().json();
    anna.get(&format!("/api/invitations/{}", id(&draft))).refused(404, "notFound");
    anna.accept(&draft).refused(404, "notFound");
    let listed = anna.get("/api/invitations").json().to_string();
    assert!(!listed.contains(id(&draft)));
    // A Sales agent drafts, and leaves sending to an Admin agent.
    let mut sam = server.sign_in(SAM);
    let path = format!("/api/invitations/{}/send", id(&draft));
    sam.change(&path, etag(&draft), &json!({})).refused(403, "adminAgentRequired");
    let sent = mara.change(&path, etag(&draft), &json!({})).ok().json();
    mara.change(&path, etag(&sent), &json!({})).refused(409, "invitationAlreadySent");
}

#[test]
fn a_draft_that_was_withdrawn_was_never_the_customers_business() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let mut anna = server.sign_in(ANNA);
    let customer = anna.organisation();
    let draft = mara.post("/api/invitations", &draft(&customer, "advisor", false)).ok().json();
    let path = format!("/api/invitations/{}/withdraw", id(&draft));
    let withdrawn = mara.change(&path, etag(&draft), &json!({})).ok().json();
    assert_eq!(withdrawn["status"], "withdrawn");
    anna.get(&format!("/api/invitations/{}", id(&draft))).refused(404, "notFound");
    for path in ["/api/invitations", "/api/activity"] {
        assert!(!anna.get(path).ok().text.contains(id(&draft)), "{path}");
    }
}

#[test]
fn what_a_type_cannot_hold_cannot_be_asked_for() {
    let server = Server::demo();
    let customer = server.sign_in(ANNA).organisation();
    let mut mara = server.sign_in(MARA);
    for kind in ["reseller", "partner", "mpsa", "oemPc", "lob"] {
        mara.post("/api/invitations", &draft(&customer, kind, true))
            .refused(409, "rolesNotForType");
    }
    let asked = mara.invite(&customer, "delegatedAdministrator", false);
    assert_eq!(
        asked["adminRoles"].as_array().map(Vec::len),
        Some(2),
        "this type always asks for its roles"
    );
    let china = server.sign_in(LI_NA).organisation();
    mara.post("/api/invitations", &draft(&china, "reseller", false))
        .refused(409, "partnerNotInCloud");
}

#[test]
fn two_administrators_at_once_make_one_relationship_and_one_agreement() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token(WAITING)).json();
    let hash = anna.get("/api/agreement").json()["hash"].clone();
    let people: Vec<Client> =
        (0..8).map(|turn| server.sign_in(if turn % 2 == 0 { ANNA } else { DAAN })).collect();
    let answers = at_once(people, |client| {
        client.accept_with(&invitation, &json!({ "hash": hash, "acknowledged": true }))
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(409, "invitationAlreadyAccepted");
    }
    let list = anna
        .get(
            "/api/relationships?$search=Meridian&$filter=status eq 'active'"
                .replace(' ', "%20")
                .as_str(),
        )
        .json();
    assert_eq!(list["value"].as_array().map(Vec::len), Some(1));
    let log = anna.get("/api/activity?$top=50").json();
    let entries = log["value"].as_array().expect("entries").clone();
    let recent = |action: &str| {
        entries
            .iter()
            .filter(|entry| {
                entry["action"] == action && entry["at"].as_str() > invitation["created"].as_str()
            })
            .count()
    };
    assert_eq!(
        (recent("invitationAccepted"), recent("agreementAccepted"), recent("relationshipCreated")),
        (1, 1, 1)
    );
}

#[test]
fn accepting_and_withdrawing_at_once_leaves_exactly_one_of_them() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let customer = anna.organisation();
    let hash = anna.get("/api/agreement").json()["hash"].clone();
    for round in 0..10 {
        let invitation = mara.invite(&customer, "advisor", true);
        let withdraw = format!("/api/invitations/{}/withdraw", id(&invitation));
        let answers = at_once(vec![anna.clone(), mara.clone()], |client| {
            if client.cookie == anna.cookie {
                client.accept_with(&invitation, &json!({ "hash": hash, "acknowledged": true }))
            } else {
                client.change(&withdraw, etag(&invitation), &json!({}))
            }
        });
        let won: Vec<bool> = answers.iter().map(|answer| answer.status == 200).collect();
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "round {round}: {answers:?}");
        let now = anna.get(&format!("/api/invitations/{}", id(&invitation))).json();
        assert_eq!(now["status"], if won[0] { "accepted" } else { "withdrawn" });
        answers[usize::from(won[0])]
            .refused(409, if won[0] { "invitationAlreadyAccepted" } else { "invitationWithdrawn" });
    }
}

/// Lets all of them do it in the same moment.
fn at_once(clients: Vec<Client>, work: impl Fn(&mut Client) -> Answer + Sync) -> Vec<Answer> {
    let barrier = Barrier::new(clients.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients
            .into_iter()
            .map(|mut client| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(&mut client)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    })
}

#[test]
fn without_the_tick_or_with_another_text_nothing_is_accepted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token(WAITING)).json();
    let hash = anna.get("/api/agreement").json()["hash"].clone();
    anna.accept_with(&invitation, &json!({ "hash": hash, "acknowledged": false }))
        .refused(409, "agreementNotAcknowledged");
    anna.accept_with(&invitation, &json!({ "hash": "0".repeat(64), "acknowledged": true }))
        .refused(409, "agreementChanged");
    let answer =
        anna.accept_with(&invitation, &json!({ "hash": "nonsense", "acknowledged": true }));
    answer.refused(400, "invalidFields");
    assert_eq!(answer.field("hash").as_deref(), Some("notAHash"));
    let still: Value = anna.get(&format!("/api/invitations/{}", id(&invitation))).json();
    assert_eq!(still["status"], "sent");
}

#[test]
fn a_newer_agreement_that_comes_while_one_reads_is_shown_before_it_is_accepted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token(WAITING)).json();
    let read = anna.get("/api/agreement").json();
    let text = server.database().with_file_name("agreement.txt");
    std::fs::write(&text, "The second text.").expect("a file");
    let path = text.to_str().expect("a path");
    let added = server.command(
        &[
            "agreement",
            "add",
            "--cloud",
            "worldwide",
            "--language",
            "en",
            "--version",
            "2",
            "--title",
            "Second",
            "--file",
            path,
        ],
        "",
    );
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    anna.accept_with(&invitation, &json!({ "hash": read["hash"], "acknowledged": true }))
        .refused(409, "agreementChanged");
    let newer = anna.get("/api/agreement?language=nl").json();
    assert_eq!(
        (&newer["version"], &newer["language"]),
        (&json!(2), &json!("en")),
        "English where there is no Dutch"
    );
    anna.accept(&invitation).ok();
}
