//! Who may do what at each address of finding partners and of the partner's desk: each
//! role of both sides, another customer, another partner, and nobody.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::*;

/// Nobody, who is not signed in.
const VISITOR: &str = "visitor";

/// What is asked, the same of everybody.
struct Ask {
    method: &'static str,
    path: String,
    version: String,
    body: Value,
}

fn get(path: impl Into<String>) -> Ask {
    Ask { method: "GET", path: path.into(), version: String::new(), body: Value::Null }
}

/// An action on a thing that was read before.
fn act(thing: &Value, path: &str, body: Value) -> Ask {
    Ask {
        method: "POST",
        path: path.replace("{id}", id(thing)),
        version: etag(thing).to_owned(),
        body,
    }
}

/// Brightwater Schools asked Meridian, which wrote to it and works for it.
struct Desk {
    server: Server,
    people: BTreeMap<&'static str, Client>,
    meridian: String,
}

impl Desk {
    fn new() -> Self {
        let server = Server::demo();
        let mut people: BTreeMap<_, _> = [ANNA, BEN, CARLA, MARA, SAM, HUGO, GRACE, KIM]
            .into_iter()
            .map(|who| (who, server.sign_in(who)))
            .collect();
        people.insert(VISITOR, server.visitor());
        let meridian = server.sign_in(MARA).organization();
        Self { server, people, meridian }
    }

    fn of(&self, who: &str) -> Client {
        self.people[who].clone()
    }

    /// An enquiry that waits for Meridian's answer.
    fn enquiry(&self) -> Value {
        self.of(ANNA).ask(&[&self.meridian]).remove(0)
    }

    /// A draft of Meridian to Brightwater Schools.
    fn draft(&self) -> Value {
        let customer = self.of(ANNA).organization();
        self.of(MARA).post("/api/invitations", &draft(&customer, "lob", false)).ok().json()
    }

    /// Lets each of these people ask, for a thing of their own where `ask` makes one.
    #[track_caller]
    fn asked(&self, ask: impl Fn(&Self) -> Ask, expected: &[(&[&str], u16, &str)]) {
        let named: usize = expected.iter().map(|(people, ..)| people.len()).sum();
        assert_eq!(named, self.people.len(), "everybody is asked once");
        for (people, status, code) in expected {
            for who in *people {
                let Ask { method, path, version, body } = ask(self);
                let headers = [("Content-Type", "application/json"), ("If-Match", &version)];
                let headers = if version.is_empty() { &headers[..1] } else { &headers };
                let body = (!body.is_null()).then(|| body.to_string().into_bytes());
                let answer = self.of(who).send(method, &path, headers, body.as_deref());
                let answered = if answer.status < 300 { String::new() } else { answer.code() };
                assert_eq!(
                    (answer.status, answered.as_str()),
                    (*status, *code),
                    "{who}: {method} {path}: {}",
                    answer.text
                );
            }
        }
    }
}

#[test]
fn finding_partners_is_for_customers_and_writing_to_them_for_those_who_buy() {
    let desk = Desk::new();
    desk.asked(
        |_| get("/api/partners"),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE], 200, ""),
            (&[MARA, SAM, HUGO, KIM], 403, "customerOnly"),
        ],
    );
    desk.asked(
        |desk| Ask {
            method: "POST",
            path: "/api/enquiries".to_owned(),
            version: String::new(),
            body: enquiry(&[&desk.meridian]),
        },
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN], 201, ""),
            (&[CARLA], 403, "billingAdministratorRequired"),
            (&[MARA, SAM, HUGO, KIM], 403, "customerOnly"),
            // The contact person is one of another organization.
            (&[GRACE], 409, "recipientNotOfCustomer"),
        ],
    );
}

#[test]
fn an_enquiry_is_seen_by_both_sides_and_answered_by_those_who_sell() {
    let desk = Desk::new();
    desk.asked(
        |_| get("/api/enquiries"),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE, MARA, SAM, KIM], 200, ""),
            (&[HUGO], 403, "salesAgentRequired"),
        ],
    );
    let standing = desk.enquiry();
    desk.asked(
        |_| get(format!("/api/enquiries/{}", id(&standing))),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, MARA, SAM], 200, ""),
            (&[HUGO], 403, "salesAgentRequired"),
            (&[GRACE, KIM], 404, "notFound"),
        ],
    );
    for (path, body) in [
        ("/api/enquiries/{id}/read", Value::Null),
        ("/api/enquiries/{id}/decline", json!({ "reason": "No room this year." })),
    ] {
        desk.asked(
            |desk| act(&desk.enquiry(), path, body.clone()),
            &[
                (&[VISITOR], 401, "signInRequired"),
                (&[ANNA, BEN, CARLA], 403, "partnerOnly"),
                (&[MARA, SAM], 200, ""),
                (&[HUGO], 403, "salesAgentRequired"),
                (&[GRACE, KIM], 404, "notFound"),
            ],
        );
    }
}

#[test]
fn a_draft_is_edited_by_those_who_sell_and_resent_by_admin_agents() {
    let desk = Desk::new();
    let customer = desk.of(ANNA).organization();
    desk.asked(
        |desk| Ask {
            method: "PATCH",
            ..act(&desk.draft(), "/api/invitations/{id}", draft(&customer, "mpsa", false))
        },
        &[
            (&[VISITOR], 401, "signInRequired"),
            // Who was not written to yet knows of no draft, nor who doesn't write any.
            (&[ANNA, BEN, CARLA, GRACE, KIM, HUGO], 404, "notFound"),
            (&[MARA, SAM], 200, ""),
        ],
    );
    let sent = desk.of(MARA).invite(&customer, "lob", false);
    desk.asked(
        |_| act(&sent, "/api/invitations/{id}/resend", Value::Null),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA], 403, "partnerOnly"),
            (&[SAM, HUGO], 403, "adminAgentRequired"),
            (&[MARA], 409, "invitationSentRecently"),
            (&[GRACE, KIM], 404, "notFound"),
        ],
    );
    for path in ["mail", "mail/html", "mail?language=zh-CN"] {
        desk.asked(
            |_| get(format!("/api/invitations/{}/{path}", id(&sent))),
            &[
                (&[VISITOR], 401, "signInRequired"),
                (&[ANNA, BEN, CARLA], 403, "partnerOnly"),
                (&[MARA, SAM], 200, ""),
                (&[HUGO], 403, "salesAgentRequired"),
                (&[GRACE, KIM], 404, "notFound"),
            ],
        );
    }
}

#[test]
fn a_relationship_is_given_up_and_ended_by_admin_agents() {
    let desk = Desk::new();
    let waiting = desk.of(ANNA).look_up(&desk.server.token("Meridian Cloud Services")).json();
    desk.of(ANNA).accept(&waiting).ok();
    for path in ["/api/relationships/{id}/giveUpAdminRoles", "/api/relationships/{id}/end"] {
        let relationship = desk.of(ANNA).relationship("Meridian Cloud Services");
        desk.asked(
            |_| act(&relationship, path, Value::Null),
            &[
                (&[VISITOR], 401, "signInRequired"),
                (&[ANNA, BEN, CARLA], 403, "partnerOnly"),
                (&[SAM, HUGO], 403, "adminAgentRequired"),
                (&[GRACE, KIM], 404, "notFound"),
                (&[MARA], 200, ""),
            ],
        );
    }
}

#[test]
fn a_profile_is_read_by_the_partners_people_and_written_by_admin_agents() {
    let desk = Desk::new();
    desk.asked(
        |_| get("/api/profile"),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE], 403, "partnerOnly"),
            (&[MARA, SAM, HUGO, KIM], 200, ""),
        ],
    );
    desk.asked(
        |_| Ask {
            method: "PUT",
            path: "/api/profile".to_owned(),
            version: "W/\"1\"".to_owned(),
            body: json!({ "listed": false }),
        },
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE], 403, "partnerOnly"),
            (&[SAM, HUGO], 403, "adminAgentRequired"),
            // Each writes that of the own organization.
            (&[MARA, KIM], 200, ""),
        ],
    );
}

#[test]
fn who_does_not_sell_sees_no_draft_and_nothing_of_the_enquiries() {
    let desk = Desk::new();
    desk.enquiry();
    let customer = desk.of(ANNA).organization();
    let draft = desk.of(SAM).post("/api/invitations", &draft(&customer, "advisor", false)).json();
    let path = format!("/api/invitations/{}", id(&draft));
    let mut hugo = desk.of(HUGO);
    hugo.get(&path).refused(404, "notFound");
    let listed = hugo.get("/api/invitations").ok().json();
    for invitation in listed["value"].as_array().unwrap() {
        assert_ne!(invitation["status"], "draft", "{invitation}");
    }
    let kinds = |log: Value| -> Vec<Value> {
        log["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["target"]["kind"].clone())
            .collect()
    };
    assert!(!kinds(hugo.get("/api/activity?$top=50").ok().json()).contains(&json!("enquiry")));
    let mut sam = desk.of(SAM);
    assert!(kinds(sam.get("/api/activity?$top=50").ok().json()).contains(&json!("enquiry")));
    sam.get(&path).ok();
}
