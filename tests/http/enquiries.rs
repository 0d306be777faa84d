//! Enquiries, from the form to the resulting relationship.

use serde_json::{Value, json};

use crate::support::*;

const MERIDIAN: &str = "Meridian Cloud Services";

fn read(client: &mut Client, enquiry: &Value) -> Answer {
    client.post(&format!("/api/enquiries/{}/read", id(enquiry)), &json!({}))
}

fn decline(client: &mut Client, enquiry: &Value, reason: &str) -> Answer {
    let path = format!("/api/enquiries/{}/decline", id(enquiry));
    client.change(&path, etag(enquiry), &json!({ "reason": reason }))
}

/// Returns the status of an enquiry, as a client sees it.
fn status(client: &mut Client, enquiry: &Value) -> Value {
    client.get(&format!("/api/enquiries/{}", id(enquiry))).ok().json()["status"].clone()
}

/// Returns an enquiry of the demo data with this status.
fn sample(client: &mut Client, status: &str) -> Value {
    let list = client.get("/api/enquiries").ok().json();
    let list = list["value"].as_array().expect("a list").clone();
    list.into_iter().find(|one| one["status"] == status).expect("one in that state")
}

/// Returns the request that drafts an answer to an enquiry.
fn answer_to(enquiry: &Value) -> Value {
    let mut typed = draft(enquiry["customer"].as_str().expect("an id"), "reseller", false);
    typed["enquiry"] = enquiry["id"].clone();
    typed["recipient"] = enquiry["contactEmail"].clone();
    typed["recipientName"] = enquiry["contactName"].clone();
    typed
}

#[test]
fn an_enquiry_leads_to_an_invitation_and_a_relationship() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut sam = server.sign_in(SAM);
    let mut mara = server.sign_in(MARA);
    assert!(
        anna.find_partners("$search=migration&$filter=country eq 'NL' and size eq '251to1000'")
            .contains(&MERIDIAN.into())
    );
    let meridian = mara.organization();
    let kestrel = server.sign_in(KIM).organization();

    // One enquiry for each chosen partner, and each is notified.
    let sent = anna.send_enquiries(&[&meridian, &kestrel]);
    assert_eq!(sent.len(), 2);
    let asked = &sent[0];
    assert_eq!((&asked["status"], &asked["partner"]["name"]), (&json!("sent"), &json!(MERIDIAN)));
    assert_eq!(asked["createdByName"], "Anna de Vries");
    let mail = &server.mails("hello@meridiancloud.example", "looks after our licenses")[0];
    let text = mail["text"].as_str().expect("a text");
    assert!(text.contains(&format!("{}/enquiries/{}", server.url, id(asked))), "{text}");
    assert!(!text.contains(ANNA), "the address was shared with the partner alone: {text}");
    assert_eq!(server.mails("hello@kestrel.example", "looks after our licenses").len(), 1);

    // The first reader is recorded, and a GET doesn't count as reading.
    assert_eq!(status(&mut sam, asked), "sent");
    let first = read(&mut sam, asked).ok().json();
    assert_eq!(first["status"], "read");
    assert_eq!(read(&mut mara, asked).ok().json(), first, "the first reader is kept");
    assert_eq!(status(&mut anna, asked), "read");

    // A draft that answers it, edited by the Sales agent, sent by the Admin agent.
    let drafted = sam.post("/api/invitations", &answer_to(asked)).ok().json();
    assert_eq!((&drafted["enquiry"], &drafted["status"]), (&asked["id"], &json!("draft")));
    let path = format!("/api/invitations/{}", id(&drafted));
    let mut typed = answer_to(asked);
    typed["relationshipType"] = json!("resellerAndDelegatedAdministrator");
    typed["message"] = json!("As you asked.");
    typed["enquiry"] = json!("");
    let edited = sam.change_by("PATCH", &path, etag(&drafted), &typed).ok().json();
    assert_eq!(edited["enquiry"], asked["id"], "the enquiry stays");
    assert_eq!(edited["adminRoles"].as_array().map(Vec::len), Some(2));
    sam.change_by("PATCH", &path, etag(&drafted), &typed).refused(412, "versionMismatch");
    assert_eq!(status(&mut anna, asked), "read", "a draft is no answer yet");
    let invitation = mara.change(&format!("{path}/send"), etag(&edited), &json!({})).ok().json();
    let answered = anna.get(&format!("/api/enquiries/{}", id(asked))).ok().json();
    assert_eq!(answered["status"], "invited");
    assert_eq!(answered["state"]["invitation"], invitation["id"]);

    // The link of the mail, the acceptance, and the relationship on both sides.
    let found = anna.look_up(&server.token("As you asked.")).ok().json();
    assert_eq!((&found["id"], &found["code"]), (&invitation["id"], &edited["code"]));
    assert!(
        server.mails(ANNA, "As you asked.")[0]["text"]
            .as_str()
            .is_some_and(|text| text.contains(found["code"].as_str().expect("a code")))
    );
    let accepted = anna.accept(&found).ok().json();
    let relationship = anna.relationship(MERIDIAN);
    assert_eq!(relationship["id"], accepted["relationship"]);
    let seen = mara.get(&format!("/api/relationships/{}", id(&relationship))).ok().json();
    assert_eq!(seen, relationship);
    assert!(
        status(&mut server.sign_in(KIM), &sent[1]) == "sent",
        "the other enquiry is still open"
    );

    // Each event is in the logs of both sides, once.
    for mut side in [anna, mara] {
        let log = side.get("/api/activity?$top=30").ok().json();
        let log = log["value"].as_array().expect("entries").clone();
        let about = |thing: &Value| -> Vec<Value> {
            let of_it = |entry: &&Value| entry["target"]["id"] == thing["id"];
            log.iter().filter(of_it).map(|entry| entry["action"].clone()).collect()
        };
        assert_eq!(about(asked), ["enquiryAnswered", "enquiryRead", "enquirySent"]);
        assert_eq!(about(&invitation)[..2], ["invitationAccepted", "invitationSent"]);
        assert_eq!(about(&relationship), ["relationshipCreated"]);
    }
}

#[test]
fn a_declined_enquiry_shows_the_reason_and_links_to_other_partners() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let asked = anna.send_enquiries(&[&mara.organization()]).remove(0);
    let empty = decline(&mut mara, &asked, "  ");
    empty.refused(400, "invalidFields");
    assert_eq!(empty.field("reason").as_deref(), Some("empty"));
    let reason = "Geen ruimte tot mei.\n我们很忙。 <b>&";
    let declined = decline(&mut mara, &asked, reason).ok().json();
    assert_eq!(declined["status"], "declined");
    let seen = anna.get(&format!("/api/enquiries/{}", id(&asked))).ok().json();
    assert_eq!(seen["state"]["reason"], reason);
    let mail = &server.mails(ANNA, "Geen ruimte tot mei.")[0];
    assert!(mail["subject"].as_str().is_some_and(|subject| subject.contains(MERIDIAN)));
    let link = format!("{}/partners", server.url);
    assert!(mail["text"].as_str().is_some_and(|text| text.contains(&link)), "{mail}");
    assert!(
        !mail["html"].as_str().is_some_and(|html| html.contains("<b>&")),
        "the reason is shown as text"
    );
    // Nothing can be done with it after that.
    decline(&mut mara, &seen, "Twice").refused(409, "enquiryDeclined");
    read(&mut mara, &asked).refused(409, "enquiryDeclined");
    mara.post("/api/invitations", &answer_to(&asked)).refused(409, "enquiryDeclined");
    assert_eq!(server.mails(ANNA, "Geen ruimte tot mei.").len(), 1);
    for mut side in [anna, mara] {
        assert!(side.log(5).contains(&"enquiryDeclined".to_owned()));
    }
}

#[test]
fn an_enquiry_expires_after_fourteen_days() {
    let server = Server::demo();
    // The demo data has one that was sent 41 days ago.
    let mut mara = server.sign_in(MARA);
    let old = sample(&mut mara, "expired");
    read(&mut mara, &old).refused(409, "enquiryExpired");
    decline(&mut mara, &old, "Too late").refused(409, "enquiryExpired");
    let answer = mara.post("/api/invitations", &answer_to(&old));
    answer.refused(409, "enquiryExpired");
    assert_eq!(answer.json()["error"]["nextStep"], "inviteDirectly");
    assert_eq!(status(&mut server.sign_in(EVA), &old), "expired");
}

#[test]
fn an_enquiry_is_answered_once() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let asked = anna.send_enquiries(&[&mara.organization()]).remove(0);
    let drafts: Vec<Value> =
        (0..2).map(|_| mara.post("/api/invitations", &answer_to(&asked)).ok().json()).collect();
    let send = |mara: &mut Client, draft: &Value| {
        mara.change(&format!("/api/invitations/{}/send", id(draft)), etag(draft), &json!({}))
    };
    send(&mut mara, &drafts[0]).ok();
    send(&mut mara, &drafts[1]).refused(409, "enquiryAnswered");
    read(&mut mara, &asked).refused(409, "enquiryAnswered");
    mara.post("/api/invitations", &answer_to(&asked)).refused(409, "enquiryAnswered");
    let still = mara.get(&format!("/api/invitations/{}", id(&drafts[1]))).ok().json();
    assert_eq!(still["status"], "draft", "nothing was sent");
}

#[test]
fn of_declining_and_answering_at_once_one_succeeds() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let sam = server.sign_in(SAM);
    let meridian = mara.organization();
    for round in 0..10 {
        let asked = anna.send_enquiries(&[&meridian]).remove(0);
        let drafted = mara.post("/api/invitations", &answer_to(&asked)).ok().json();
        let send = format!("/api/invitations/{}/send", id(&drafted));
        let answers = at_once(vec![mara.clone(), sam.clone()], |client| {
            if client.cookie == sam.cookie {
                decline(client, &asked, "No room")
            } else {
                client.change(&send, etag(&drafted), &json!({}))
            }
        });
        let won: Vec<bool> = answers.iter().map(|answer| answer.status == 200).collect();
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "round {round}: {answers:?}");
        // Sending does not name the version of the enquiry.
        let (status_code, code) =
            if won[0] { (412, "versionMismatch") } else { (409, "enquiryDeclined") };
        answers[usize::from(won[0])].refused(status_code, code);
        assert_eq!(status(&mut anna, &asked), if won[0] { "invited" } else { "declined" });
        let sent = anna.get(&format!("/api/invitations/{}", id(&drafted))).status;
        assert_eq!(
            sent,
            if won[0] { 200 } else { 404 },
            "an invitation that was not sent is not visible"
        );
    }
}

#[test]
fn an_enquiry_is_hidden_from_other_partners_and_customers() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut kim = server.sign_in(KIM);
    let mut mara = server.sign_in(MARA);
    let asked = anna.send_enquiries(&[&mara.organization()]).remove(0);
    // Another partner can't answer it, and gets the same answer as for an unknown enquiry.
    kim.post("/api/invitations", &answer_to(&asked)).refused(404, "notFound");
    let mut typed = answer_to(&asked);
    typed["enquiry"] = json!("01890000-0000-7000-8000-000000000001");
    mara.post("/api/invitations", &typed).refused(404, "notFound");
    // The partner can't answer it with an invitation to another customer.
    let harbour = server.sign_in(GRACE).organization();
    let mut typed = answer_to(&asked);
    typed["customer"] = json!(harbour);
    typed["recipient"] = json!(GRACE);
    let answer = mara.post("/api/invitations", &typed);
    answer.refused(400, "invalidFields");
    assert_eq!(answer.field("customer").as_deref(), Some("notAnOption"));
    for mut stranger in [server.sign_in(GRACE), kim] {
        let list = stranger.get("/api/enquiries");
        assert!(!list.ok().text.contains(id(&asked)));
        assert!(!stranger.get("/api/activity").ok().text.contains(id(&asked)));
    }
}

#[test]
fn a_change_needs_the_current_version() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let asked = server.sign_in(ANNA).send_enquiries(&[&mara.organization()]).remove(0);
    let path = format!("/api/enquiries/{}/decline", id(&asked));
    mara.post(&path, &json!({ "reason": "No" })).refused(428, "versionRequired");
    assert_eq!(mara.change(&path, "*", &json!({ "reason": "No" })).status, 400);
    let read = read(&mut server.sign_in(SAM), &asked).ok().json();
    decline(&mut mara, &asked, "No").refused(412, "versionMismatch");
    assert_eq!(status(&mut mara, &asked), "read");
    let path = format!("/api/enquiries/{}", id(&asked));
    let unchanged = mara.send("GET", &path, &[("If-None-Match", etag(&read))], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    decline(&mut mara, &read, "No").ok();
}

#[test]
fn enquiries_go_to_listed_partners_only_and_to_all_or_none() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let meridian = server.sign_in(MARA).organization();
    let before = anna.get("/api/enquiries").ok().json();
    let refused = |anna: &mut Client, other: &str, field: &str, code: &str| {
        let answer = anna.post("/api/enquiries", &enquiry(&[&meridian, other]));
        answer.refused(400, "invalidFields");
        assert_eq!(answer.field(field).as_deref(), Some(code), "{}", answer.text);
    };
    let unlisted = server.sign_in("tove@tidewater.example").organization();
    let abroad = server.sign_in("dana@cedarmesa.example").organization();
    let customer = server.sign_in(GRACE).organization();
    refused(&mut anna, &unlisted, "partners", "unknownOrganization");
    refused(&mut anna, &customer, "partners", "unknownOrganization");
    refused(&mut anna, "01890000-0000-7000-8000-000000000001", "partners", "unknownOrganization");
    refused(&mut anna, &abroad, "country", "notAnOption");
    let china = server.sign_in("wang.hai@haiyun.example").organization();
    anna.post("/api/enquiries", &enquiry(&[&meridian, &china])).refused(409, "partnerNotInCloud");
    assert_eq!(anna.get("/api/enquiries").ok().json(), before, "no enquiry was sent");
    assert!(server.mails("hello@meridiancloud.example", "looks after our licenses").is_empty());
    // A partner that is named twice gets one enquiry.
    assert_eq!(anna.send_enquiries(&[&meridian, &meridian]).len(), 1);
}

#[test]
fn thirty_enquiries_per_day_are_the_limit() {
    let server = Server::demo();
    let mut grace = server.sign_in(GRACE);
    let page = grace.get("/api/partners").ok().json();
    let partners: Vec<String> = page["value"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["partner"]["id"].as_str().expect("an id").to_owned())
        .collect();
    let mut ask = |count: usize| {
        let chosen: Vec<&str> = partners.iter().take(count).map(String::as_str).collect();
        let mut typed = enquiry(&chosen);
        typed["country"] = json!("IE");
        typed["contactEmail"] = json!(GRACE);
        grace.post("/api/enquiries", &typed)
    };
    // Two were sent five hours ago.
    for _ in 0..3 {
        assert_eq!(ask(9).status, 201);
    }
    let over = ask(2);
    over.refused(429, "tooManyEnquiries");
    let wait: u64 = over.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds");
    assert!((18 * 3_600..=19 * 3_600 + 1).contains(&wait), "in 19 hours: {wait}");
    assert_eq!(ask(1).status, 201, "there is room for one");
    let over = ask(9);
    let wait: u64 = over.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds");
    assert!((23 * 3_600..=24 * 3_600 + 1).contains(&wait), "in a day: {wait}");
}

#[test]
fn the_sample_data_has_enquiries_in_every_status() {
    let server = Server::demo();
    for who in [ANNA, MARA] {
        let mut client = server.sign_in(who);
        for state in ["sent", "read", "declined", "invited", "expired"] {
            assert_eq!(sample(&mut client, state)["status"], state, "{who}");
        }
    }
}
