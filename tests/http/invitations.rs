//! Invitations in all their states.

use serde_json::{Value, json};

use crate::support::*;

/// The partner of the demo data whose pending invitation asks for admin roles.
const WAITING: &str = "Meridian Cloud Services";

#[test]
fn a_pending_invitation_shows_its_customer_who_asks_for_what() {
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
fn accepting_creates_a_relationship_and_records_the_agreement_that_was_shown() {
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
    let kept = &session["organization"]["agreement"];
    assert_eq!((&kept["hash"], &kept["language"]), (&shown["hash"], &json!("nl")));
    assert_eq!(kept["by"], "Anna de Vries");
}

#[test]
fn an_accepted_invitation_cannot_be_accepted_again() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let token = server.token(WAITING);
    let invitation = anna.look_up(&token).json();
    let accepted = anna.accept(&invitation).ok().json();
    anna.accept(&invitation).refused(412, "versionMismatch");
    anna.accept(&accepted["invitation"]).refused(409, "invitationAlreadyAccepted");
    // The link still shows its status.
    assert_eq!(anna.look_up(&token).ok().json()["status"], "accepted");
}

#[test]
fn a_canceled_invitation_stays_canceled_and_shows_the_reason() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token(WAITING)).json();
    let path = format!("/api/invitations/{}/cancel", id(&invitation));
    let reason = "Wij delegeren geen beheerdersrollen. 我们不委派。 \"quoted\"\nSecond line";
    let canceled = anna.change(&path, etag(&invitation), &json!({ "reason": reason })).ok().json();
    assert_eq!(canceled["status"], "canceled");
    anna.accept(&canceled).refused(409, "invitationCanceled");
    let seen_by_partner =
        server.sign_in(MARA).get(&format!("/api/invitations/{}", id(&invitation))).json();
    assert_eq!(seen_by_partner["state"]["reason"], reason);
}

#[test]
fn a_withdrawn_invitation_cannot_be_accepted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let token = server.token(WAITING);
    let invitation = anna.look_up(&token).json();
    let mut mara = server.sign_in(MARA);
    let path = format!("/api/invitations/{}/withdraw", id(&invitation));
    mara.change(&path, etag(&invitation), &json!({})).ok();
    anna.accept(&invitation).refused(412, "versionMismatch");
    let found = anna.look_up(&token).ok().json();
    anna.accept(&found).refused(409, "invitationWithdrawn");
    assert_eq!(
        (&found["status"], &found["answeredBy"]),
        (&json!("withdrawn"), &json!("Mara Visser"))
    );
}

#[test]
fn an_expired_invitation_cannot_be_accepted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let invitation = anna.look_up(&server.token("help desk during the summer")).ok().json();
    assert_eq!(invitation["status"], "expired");
    anna.accept(&invitation).refused(409, "invitationExpired");
}

#[test]
fn a_link_shows_nothing_to_another_organization_or_cloud() {
    let server = Server::demo();
    let token = server.token(WAITING);
    for (who, code) in [
        (GRACE, "invitationForOtherOrganization"),
        (EVA, "invitationForOtherCloud"),
        (LI_NA, "invitationForOtherCloud"),
        ("kim@kestrel.example", "invitationForOtherOrganization"),
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
fn an_invitation_is_not_found_by_another_organization() {
    let server = Server::demo();
    let invitation = server.sign_in(ANNA).look_up(&server.token(WAITING)).json();
    let mut grace = server.sign_in(GRACE);
    grace.get(&format!("/api/invitations/{}", id(&invitation))).refused(404, "notFound");
    grace.accept(&invitation).refused(404, "notFound");
}

#[test]
fn other_roles_may_read_but_neither_accept_nor_cancel() {
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
fn a_link_shows_nothing_to_a_visitor() {
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
fn following_the_link_changes_nothing() {
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
    assert_eq!(anna.get("/api/activity").json(), log, "reading writes nothing to the log");
}

#[test]
fn a_draft_is_hidden_from_the_customer() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let mut anna = server.sign_in(ANNA);
    let customer = anna.organization();
    let draft = mara.post("/api/invitations", &draft(&customer, "advisor", false)).ok().json();
    anna.get(&format!("/api/invitations/{}", id(&draft))).refused(404, "notFound");
    anna.accept(&draft).refused(404, "notFound");
    let listed = anna.get("/api/invitations").json().to_string();
    assert!(!listed.contains(id(&draft)));
    // A Sales agent can't send a draft, an Admin agent can.
    let mut sam = server.sign_in(SAM);
    let path = format!("/api/invitations/{}/send", id(&draft));
    sam.change(&path, etag(&draft), &json!({})).refused(403, "adminAgentRequired");
    let sent = mara.change(&path, etag(&draft), &json!({})).ok().json();
    mara.change(&path, etag(&sent), &json!({})).refused(409, "invitationAlreadySent");
}

#[test]
fn a_withdrawn_draft_is_hidden_from_the_customer() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let mut anna = server.sign_in(ANNA);
    let customer = anna.organization();
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
fn admin_roles_can_be_asked_for_only_where_the_type_has_them() {
    let server = Server::demo();
    let customer = server.sign_in(ANNA).organization();
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
    let china = server.sign_in(LI_NA).organization();
    mara.post("/api/invitations", &draft(&china, "reseller", false))
        .refused(409, "partnerNotInCloud");
}

#[test]
fn accepting_twice_at_once_creates_one_relationship() {
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
        answer.refused(412, "versionMismatch");
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
fn of_accepting_and_withdrawing_at_once_one_succeeds() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let customer = anna.organization();
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
        answers[usize::from(won[0])].refused(412, "versionMismatch");
    }
}

#[test]
fn accepting_needs_the_acknowledgment_of_the_current_agreement() {
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
fn a_newer_agreement_must_be_read_before_accepting() {
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

/// Returns the pending invitation from the partner of this name.
fn waiting(client: &mut Client, partner: &str) -> Value {
    let list = client.get("/api/invitations").ok().json();
    let list = list["value"].as_array().expect("a list").clone();
    list.into_iter()
        .find(|one| one["partner"]["name"] == partner && one["status"] == "sent")
        .expect("a waiting invitation")
}

/// Sends, resends, withdraws or cancels an invitation.
fn act(client: &mut Client, invitation: &Value, action: &str) -> Answer {
    let path = format!("/api/invitations/{}/{action}", id(invitation));
    client.change(&path, etag(invitation), &json!({}))
}

fn resend(client: &mut Client, invitation: &Value) -> Answer {
    act(client, invitation, "resend")
}

/// Replaces the content of an invitation by this draft.
fn edit(client: &mut Client, invitation: &Value, draft: &Value) -> Answer {
    let path = format!("/api/invitations/{}", id(invitation));
    client.change_by("PATCH", &path, etag(invitation), draft)
}

/// Accepts an invitation for someone who can't read the agreement.
fn accept_unread(client: &mut Client, invitation: &Value) -> Answer {
    client.accept_with(invitation, &json!({ "hash": "0".repeat(64), "acknowledged": true }))
}

/// Returns the current state of an invitation.
fn reload(client: &mut Client, invitation: &Value) -> Value {
    client.get(&format!("/api/invitations/{}", id(invitation))).ok().json()
}

#[test]
fn an_answered_or_expired_invitation_cannot_be_changed() {
    let server = Server::demo();
    let (anna, mara) = (server.sign_in(ANNA), server.sign_in(MARA));
    let kim = server.sign_in(KIM);
    let brightwater = anna.clone().organization();
    let [accepted, canceled, withdrawn] =
        ["lob", "mpsa", "oemPc"].map(|kind| mara.clone().invite(&brightwater, kind, false));
    anna.clone().accept(&accepted).ok();
    act(&mut anna.clone(), &canceled, "cancel").ok();
    act(&mut mara.clone(), &withdrawn, "withdraw").ok();
    let list = kim.clone().get("/api/invitations").ok().json();
    let list = list["value"].as_array().expect("a list");
    let expired = list.iter().find(|one| one["status"] == "expired").expect("an expired one");
    for (invitation, partner, customer, code) in [
        (&accepted, &mara, &anna, "invitationAlreadyAccepted"),
        (&canceled, &mara, &anna, "invitationCanceled"),
        (&withdrawn, &mara, &anna, "invitationWithdrawn"),
        (expired, &kim, &anna, "invitationExpired"),
    ] {
        let (mut partner, mut customer) = (partner.clone(), customer.clone());
        let current = reload(&mut partner, invitation);
        for action in ["send", "resend", "withdraw"] {
            act(&mut partner, &current, action).refused(409, code);
        }
        let to = current["customer"].as_str().expect("an id");
        edit(&mut partner, &current, &draft(to, "advisor", false)).refused(409, code);
        act(&mut customer, &current, "cancel").refused(409, code);
        customer.accept(&current).refused(409, code);
        assert_eq!(reload(&mut partner, &current), current);
    }
}

#[test]
fn each_side_can_do_only_its_own_part() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let customer = anna.organization();
    let typed = draft(&customer, "lob", false);
    for who in [ANNA, BEN, CARLA] {
        server.sign_in(who).post("/api/invitations", &typed).refused(403, "partnerOnly");
    }
    let mut hugo = server.sign_in(HUGO);
    hugo.post("/api/invitations", &typed).refused(403, "salesAgentRequired");
    let sent = mara.invite(&customer, "lob", false);
    for action in ["send", "resend", "withdraw"] {
        act(&mut anna, &sent, action).refused(403, "partnerOnly");
        act(&mut server.sign_in(SAM), &sent, action).refused(403, "adminAgentRequired");
    }
    edit(&mut anna, &sent, &typed).refused(403, "partnerOnly");
    edit(&mut hugo, &sent, &typed).refused(403, "salesAgentRequired");
    act(&mut mara, &sent, "cancel").refused(403, "invitationForOtherOrganization");
    accept_unread(&mut mara, &sent).refused(403, "invitationForOtherOrganization");
    for who in [GRACE, EVA, KIM] {
        let mut stranger = server.sign_in(who);
        for action in ["send", "resend", "withdraw", "cancel"] {
            act(&mut stranger, &sent, action).refused(404, "notFound");
        }
        edit(&mut stranger, &sent, &typed).refused(404, "notFound");
        accept_unread(&mut stranger, &sent).refused(404, "notFound");
    }
    assert_eq!(reload(&mut anna, &sent), sent);
}

#[test]
fn a_change_needs_the_current_version() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut quinn = server.sign_in("quinn@quillon.example");
    let mut mara = server.sign_in(MARA);
    let outdated = |invitation: &Value| {
        let mut outdated = invitation.clone();
        outdated["@odata.etag"] = json!("W/\"9999\"");
        outdated
    };
    let typed = draft("brightwater.example", "lob", false);
    let drafted = mara.post("/api/invitations", &typed).ok().json();
    act(&mut mara, &outdated(&drafted), "send").refused(412, "versionMismatch");
    edit(&mut mara, &outdated(&drafted), &typed).refused(412, "versionMismatch");
    // This one was sent days ago, so that it can be sent again.
    let sent = waiting(&mut quinn, "Quillon Advisory");
    for action in ["resend", "withdraw"] {
        act(&mut quinn, &outdated(&sent), action).refused(412, "versionMismatch");
    }
    act(&mut anna, &outdated(&sent), "cancel").refused(412, "versionMismatch");
    anna.accept(&outdated(&sent)).refused(412, "versionMismatch");
    let path = format!("/api/invitations/{}", id(&sent));
    let unchanged = anna.send("GET", &path, &[("If-None-Match", etag(&sent))], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
}

#[test]
fn sending_an_invitation_again_counts_toward_the_daily_limit() {
    let server = Server::demo();
    let mut quinn = server.sign_in("quinn@quillon.example");
    let old = waiting(&mut quinn, "Quillon Advisory");
    for _ in 0..20 {
        let sent = quinn.invite("brightwater.example", "lob", false);
        act(&mut quinn, &sent, "withdraw").ok();
    }
    let refused = resend(&mut quinn, &old);
    refused.refused(429, "tooManyInvitationsToCustomer");
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn sending_again_makes_a_new_link_and_adds_ninety_days() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut quinn = server.sign_in("quinn@quillon.example");
    let invitation = waiting(&mut quinn, "Quillon Advisory");
    let first = server.token("Quillon Advisory");
    let again = resend(&mut quinn, &invitation).ok().json();
    let second = server.token("Quillon Advisory");
    assert_ne!(first, second);
    anna.look_up(&first).refused(404, "notFound");
    assert_eq!(anna.look_up(&second).ok().json()["id"], invitation["id"]);
    assert_eq!(again["code"], invitation["code"], "the code that people compare stays the same");
    assert_eq!(again["state"]["at"], invitation["state"]["at"]);
    assert!(again["state"]["expires"].as_str() > invitation["state"]["expires"].as_str());
    // Not twice a day, and the answer has the time to wait.
    let early = resend(&mut quinn, &again);
    early.refused(409, "invitationSentRecently");
    assert_eq!(early.json()["error"]["nextStep"], "wait");
    let wait: u64 = early.header("retry-after").and_then(|wait| wait.parse().ok()).expect("when");
    assert!((23 * 3_600..=24 * 3_600 + 1).contains(&wait), "{wait}");
    assert_eq!(server.token("Quillon Advisory"), second, "nothing was sent");
    for mut side in [anna, quinn] {
        let log = side.log(10);
        assert_eq!(log.iter().filter(|done| *done == "invitationResent").count(), 1, "{log:?}");
    }
}

#[test]
fn only_a_pending_invitation_is_sent_again() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(ANNA).organization();
    let drafted = mara.post("/api/invitations", &draft(&customer, "lob", false)).ok().json();
    resend(&mut mara, &drafted).refused(409, "invitationNotSent");
    let sent = waiting(&mut mara, WAITING);
    let early = resend(&mut mara, &sent);
    early.refused(409, "invitationSentRecently");
    let wait: u64 = early.header("retry-after").and_then(|wait| wait.parse().ok()).expect("when");
    assert!((21 * 3_600..=22 * 3_600 + 1).contains(&wait), "two hours have passed: {wait}");
    let mut kim = server.sign_in(KIM);
    let expired = kim.get("/api/invitations").ok().json();
    let expired = expired["value"].as_array().expect("a list").iter();
    let expired = expired.clone().find(|one| one["status"] == "expired").expect("one").clone();
    resend(&mut kim, &expired).refused(409, "invitationExpired");
    let mut anna = server.sign_in(ANNA);
    anna.accept(&sent).ok();
    let path = format!("/api/invitations/{}", id(&sent));
    let accepted = mara.get(&path).json();
    resend(&mut mara, &accepted).refused(409, "invitationAlreadyAccepted");
    mara.post(&format!("{path}/resend"), &json!({})).refused(428, "versionRequired");
}

#[test]
fn an_invitation_goes_only_to_the_domain_of_the_customer() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(ANNA).organization();
    let mut typed = draft(&customer, "lob", false);
    for other in [
        "anna@evil.example",
        "anna@evilbrightwater.example",
        "anna@brightwater.example.evil.example",
        "anna@brightwater.exampl",
        "anna@example",
    ] {
        typed["recipient"] = json!(other);
        let answer = mara.post("/api/invitations", &typed);
        if other.ends_with("@example") {
            answer.refused(400, "invalidFields");
        } else {
            answer.refused(409, "recipientNotOfCustomer");
        }
    }
    for own in ["anna@brightwater.example", "Anna@Office.Brightwater.Example"] {
        typed["recipient"] = json!(own);
        let drafted = mara.post("/api/invitations", &typed).ok().json();
        let path = format!("/api/invitations/{}", id(&drafted));
        let mut elsewhere = typed.clone();
        elsewhere["recipient"] = json!("anna@evil.example");
        mara.change_by("PATCH", &path, etag(&drafted), &elsewhere)
            .refused(409, "recipientNotOfCustomer");
        mara.change(&format!("{path}/send"), etag(&drafted), &json!({})).ok();
    }
    assert!(!server.visitor().get("/api/outbox").text.contains("evil"));
}

#[test]
fn a_draft_names_the_customer_by_id_or_domain() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(ANNA).organization();
    let drafted =
        mara.post("/api/invitations", &draft(" Brightwater.Example ", "lob", false)).ok().json();
    assert_eq!(drafted["customer"], json!(customer));
    assert_eq!(drafted["customerDomain"], "brightwater.example");
    for (other, code) in [
        ("nobody.example", "unknownOrganization"),
        // A partner organization can't be invited as a customer.
        ("kestrel.example", "unknownOrganization"),
        ("01890000-0000-7000-8000-000000000001", "unknownOrganization"),
        ("", "empty"),
    ] {
        let answer = mara.post("/api/invitations", &draft(other, "lob", false));
        answer.refused(400, "invalidFields");
        assert_eq!(answer.field("customer").as_deref(), Some(code), "{other}");
    }
    // The customer of a draft can't be changed.
    let path = format!("/api/invitations/{}", id(&drafted));
    let mut typed = draft("harbourbakery.example", "lob", false);
    typed["recipient"] = json!("");
    let answer = mara.change_by("PATCH", &path, etag(&drafted), &typed);
    assert_eq!(answer.field("customer").as_deref(), Some("notAnOption"), "{}", answer.text);
}

#[test]
fn a_draft_may_be_incomplete_until_it_is_sent() {
    let server = Server::demo();
    let mut sam = server.sign_in(SAM);
    let mut mara = server.sign_in(MARA);
    let begun = json!({
        "customer": "brightwater.example", "relationshipType": "advisor", "language": "nl",
    });
    let drafted = sam.post("/api/invitations", &begun).ok().json();
    assert_eq!((drafted.get("recipient"), drafted.get("recipientName")), (None, None));
    let path = format!("/api/invitations/{}", id(&drafted));
    mara.change(&format!("{path}/send"), etag(&drafted), &json!({}))
        .refused(409, "invitationIncomplete");
    let log = sam.log(20);
    let mut typed = draft("brightwater.example", "advisor", true);
    let mut now = drafted;
    for message in ["W", "We", "We are there"] {
        typed["message"] = json!(message);
        now = sam.change_by("PATCH", &path, etag(&now), &typed).ok().json();
    }
    assert_eq!((&now["message"], &now["status"]), (&json!("We are there"), &json!("draft")));
    assert_eq!(sam.log(20), log, "the log holds no keystrokes");
    typed["relationshipType"] = json!("oemPc");
    sam.change_by("PATCH", &path, etag(&now), &typed).refused(409, "rolesNotForType");
    sam.send("PATCH", &path, &[("Content-Type", "application/json")], Some(b"{}"))
        .refused(428, "versionRequired");
    let sent = mara.change(&format!("{path}/send"), etag(&now), &json!({})).ok().json();
    typed["relationshipType"] = json!("advisor");
    sam.change_by("PATCH", &path, etag(&sent), &typed).refused(409, "invitationAlreadySent");
}

#[test]
fn the_preview_is_the_mail_with_a_link_without_function() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut sam = server.sign_in(SAM);
    let invitation = waiting(&mut sam, WAITING);
    let token = server.token(WAITING);
    let log = sam.log(50);
    let path = format!("/api/invitations/{}/mail", id(&invitation));
    let shown = sam.get(&path).ok().json();
    let sent = server.mails(ANNA, WAITING)[0].clone();
    // The same mail that the customer got, except for the token.
    for part in ["subject", "text", "html"] {
        let sent = sent[part].as_str().expect("a text").replace(&token, &"0".repeat(64));
        assert_eq!(shown[part].as_str(), Some(sent.as_str()), "{part}");
    }
    assert!(!shown.to_string().contains(&token));
    anna.look_up(&"0".repeat(64)).refused(404, "notFound");
    for (language, greeting) in
        [("en", "Hello"), ("nl", "Beste"), ("de", "Guten Tag"), ("zh-CN", "您好")]
    {
        let shown = sam.get(&format!("{path}?language={language}")).ok().json();
        assert!(shown["text"].as_str().is_some_and(|text| text.contains(greeting)), "{shown}");
        let page = sam.get(&format!("{path}/html?language={language}"));
        assert_eq!(Some(page.ok().text.as_str()), shown["html"].as_str());
    }
    let page = sam.get(&format!("{path}/html"));
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    let policy = page.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("sandbox") && !policy.contains("script-src"), "{policy}");
    for query in ["language=tlh", "language=", "x=1"] {
        assert_eq!(sam.get(&format!("{path}?{query}")).status, 400, "{query}");
    }
    assert_eq!(sam.log(50), log, "reading writes nothing to the log");
    assert_eq!(anna.look_up(&token).ok().json()["@odata.etag"], invitation["@odata.etag"]);
    // A draft without a recipient has a preview too.
    let begun = json!({
        "customer": "brightwater.example", "relationshipType": "lob", "language": "en",
    });
    let drafted = sam.post("/api/invitations", &begun).ok().json();
    sam.get(&format!("/api/invitations/{}/mail", id(&drafted))).ok();
}

#[test]
fn terms_and_offers_exist_only_in_21vianet_and_stay_pending_after_acceptance() {
    let server = Server::demo();
    let mut li_na = server.sign_in(LI_NA);
    let mut mara = server.sign_in(MARA);
    let mut typed = draft("brightwater.example", "reseller", false);
    typed["terms"] = json!("Net 30 days.");
    mara.post("/api/invitations", &typed).refused(409, "offerOnlyIn21Vianet");
    let plain = draft("brightwater.example", "reseller", false);
    let drafted = mara.post("/api/invitations", &plain).ok().json();
    edit(&mut mara, &drafted, &typed).refused(409, "offerOnlyIn21Vianet");
    typed["terms"] = json!("");
    typed["offer"] = json!({ "kind": "trial", "product": "Office 365 E3", "quantity": "25" });
    mara.post("/api/invitations", &typed).refused(409, "offerOnlyIn21Vianet");
    let mut chen = server.sign_in("chen.fan@yunfan.example");
    let mut typed = draft("jaderiver.example", "reseller", false);
    typed["recipient"] = json!(LI_NA);
    typed["offer"] = json!({ "kind": "gift", "product": "", "quantity": "10001" });
    let answer = chen.post("/api/invitations", &typed);
    for (field, code) in
        [("offerKind", "notAnOption"), ("offerProduct", "empty"), ("offerQuantity", "notAQuantity")]
    {
        assert_eq!(answer.field(field).as_deref(), Some(code), "{}", answer.text);
    }
    // The demo data has a pending one with terms and a trial, and an accepted one.
    let invitation = waiting(&mut li_na, "云帆数据 Yunfan Data");
    assert!(invitation["terms"].is_string());
    assert_eq!(
        (&invitation["offer"]["kind"], &invitation["offer"]["quantity"]),
        (&json!("trial"), &json!(25))
    );
    let mail = &server.mails(LI_NA, "Yunfan")[0];
    assert!(mail["text"].as_str().is_some_and(|text| text.contains("Office 365")), "{mail}");
    li_na.accept(&invitation).ok();
    for (partner, who, kind) in [
        ("云帆数据 Yunfan Data", "chen.fan@yunfan.example", "trial"),
        ("长风信息 Changfeng Information", "zhao@changfeng.example", "purchase"),
    ] {
        let relationship = li_na.relationship(partner);
        assert_eq!(relationship["offer"]["kind"], kind);
        let path = format!("/api/relationships/{}", id(&relationship));
        assert_eq!(server.sign_in(who).get(&path).ok().json(), relationship);
    }
    assert!(li_na.relationship("海云科技 Haiyun Technology").get("offer").is_none());
}

#[test]
fn a_superseded_mail_keeps_its_text_in_the_demo_outbox() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let of = |part: &str| {
        let mails = server.mails(ANNA, part);
        mails.into_iter().find(|mail| mail["text"] != "").expect("a mail with its text")
    };
    let becomes = |before: &Value, status: &str| {
        let mails = server.mails(ANNA, "");
        let now = mails.iter().find(|mail| mail["id"] == before["id"]).expect("the same mail");
        assert_eq!((&now["status"], &now["text"]), (&json!(status), &before["text"]));
    };
    // The partner sends it again, then the customer cancels it.
    let mut quinn = server.sign_in("quinn@quillon.example");
    let first = of("Quillon Advisory");
    becomes(&first, "waiting");
    let invitation = waiting(&mut quinn, "Quillon Advisory");
    let again = resend(&mut quinn, &invitation).ok().json();
    becomes(&first, "superseded");
    let second = of("Quillon Advisory");
    assert_ne!(first["id"], second["id"]);
    becomes(&second, "waiting");
    let path = format!("/api/invitations/{}/cancel", id(&again));
    anna.change(&path, etag(&again), &json!({})).ok();
    becomes(&second, "superseded");
    let accepted = of(WAITING);
    becomes(&accepted, "waiting");
    let invitation = waiting(&mut anna, WAITING);
    anna.accept(&invitation).ok();
    becomes(&accepted, "superseded");
    // Other mail is still queued.
    let about_an_enquiry = server.mails("hello@meridiancloud.example", "");
    assert!(about_an_enquiry.iter().any(|mail| mail["status"] == "waiting"));
}

#[test]
fn one_person_has_a_limited_number_of_drafts() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(GRACE).organization();
    let mut request = draft(&customer, "lob", false);
    request["recipient"] = json!("grace@harbourbakery.example");
    let mut drafted = 0;
    let refused = loop {
        let answer = mara.post("/api/invitations", &request);
        if answer.status != 201 {
            break answer;
        }
        drafted += 1;
        assert!(drafted <= 500, "there is no limit");
    };
    refused.refused(409, "tooManyDrafts");
    assert_eq!(refused.json()["error"]["nextStep"], "clearDrafts");
}

#[test]
fn withdrawn_invitations_count_toward_the_daily_limit() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let customer = server.sign_in(GRACE).organization();
    let mut sent = 0;
    let refused = loop {
        let mut request = draft(&customer, "lob", false);
        request["recipient"] = json!("grace@harbourbakery.example");
        let written = mara.post("/api/invitations", &request).ok().json();
        let path = format!("/api/invitations/{}", id(&written));
        let answer = mara.change(&format!("{path}/send"), etag(&written), &json!({}));
        if answer.status != 200 {
            break answer;
        }
        sent += 1;
        assert!(sent <= 20, "there is no limit");
        let again = answer.json();
        mara.change(&format!("{path}/withdraw"), etag(&again), &json!({})).ok();
    };
    refused.refused(429, "tooManyInvitationsToCustomer");
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait), "{wait}");
    assert_eq!(sent, 20);
    // The limit is per customer.
    let other = server.sign_in(ANNA).organization();
    mara.invite(&other, "mpsa", false);
}
