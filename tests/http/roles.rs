//! Permissions of each role in finding partners and in a partner's work: every role of both
//! sides, another customer, another partner, and a visitor.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::*;

/// A person who is not signed in.
const VISITOR: &str = "visitor";

/// A request that is the same for every person.
struct RequestSpec {
    method: &'static str,
    path: String,
    version: String,
    body: Value,
}

fn get(path: impl Into<String>) -> RequestSpec {
    RequestSpec { method: "GET", path: path.into(), version: String::new(), body: Value::Null }
}

/// Returns a request that changes a resource that was read before.
fn act(thing: &Value, path: &str, body: Value) -> RequestSpec {
    RequestSpec {
        method: "POST",
        path: path.replace("{id}", id(thing)),
        version: etag(thing).to_owned(),
        body,
    }
}

/// A server with the people of Brightwater Schools, Meridian, another customer and another
/// partner.
struct People {
    server: Server,
    clients: BTreeMap<&'static str, Client>,
    meridian: String,
}

impl People {
    fn new() -> Self {
        let server = Server::demo();
        let mut clients: BTreeMap<_, _> = [ANNA, BEN, CARLA, MARA, SAM, HUGO, GRACE, KIM]
            .into_iter()
            .map(|who| (who, server.sign_in(who)))
            .collect();
        clients.insert(VISITOR, server.visitor());
        let meridian = server.sign_in(MARA).organization();
        Self { server, clients, meridian }
    }

    fn client(&self, who: &str) -> Client {
        self.clients[who].clone()
    }

    /// Sends an enquiry to Meridian.
    fn enquiry(&self) -> Value {
        self.client(ANNA).send_enquiries(&[&self.meridian]).remove(0)
    }

    /// Creates a draft of Meridian to Brightwater Schools.
    fn draft(&self) -> Value {
        let customer = self.client(ANNA).organization();
        self.client(MARA).post("/api/invitations", &draft(&customer, "lob", false)).ok().json()
    }

    /// Sends the request as each of these people, and compares the answers. The
    /// closure can create a new resource for each.
    #[track_caller]
    fn check_answers(
        &self,
        request: impl Fn(&Self) -> RequestSpec,
        expected: &[(&[&str], u16, &str)],
    ) {
        let named: usize = expected.iter().map(|(people, ..)| people.len()).sum();
        assert_eq!(named, self.clients.len(), "every person sends the request once");
        for (people, status, code) in expected {
            for who in *people {
                let RequestSpec { method, path, version, body } = request(self);
                let headers = [("Content-Type", "application/json"), ("If-Match", &version)];
                let headers = if version.is_empty() { &headers[..1] } else { &headers };
                let body = (!body.is_null()).then(|| body.to_string().into_bytes());
                let answer = self.client(who).send(method, &path, headers, body.as_deref());
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
fn customers_find_partners_and_roles_that_buy_send_enquiries() {
    let people = People::new();
    people.check_answers(
        |_| get("/api/partners"),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE], 200, ""),
            (&[MARA, SAM, HUGO, KIM], 403, "customerOnly"),
        ],
    );
    people.check_answers(
        |people| RequestSpec {
            method: "POST",
            path: "/api/enquiries".to_owned(),
            version: String::new(),
            body: enquiry(&[&people.meridian]),
        },
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN], 201, ""),
            (&[CARLA], 403, "billingAdministratorRequired"),
            (&[MARA, SAM, HUGO, KIM], 403, "customerOnly"),
            // The contact's address is of another organization's domain.
            (&[GRACE], 409, "recipientNotOfCustomer"),
        ],
    );
}

#[test]
fn both_sides_read_an_enquiry_and_roles_that_sell_answer_it() {
    let people = People::new();
    people.check_answers(
        |_| get("/api/enquiries"),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE, MARA, SAM, KIM], 200, ""),
            (&[HUGO], 403, "salesAgentRequired"),
        ],
    );
    let sent = people.enquiry();
    people.check_answers(
        |_| get(format!("/api/enquiries/{}", id(&sent))),
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
        people.check_answers(
            |people| act(&people.enquiry(), path, body.clone()),
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
fn roles_that_sell_edit_drafts_and_admin_agents_send_again() {
    let people = People::new();
    let customer = people.client(ANNA).organization();
    people.check_answers(
        |people| RequestSpec {
            method: "PATCH",
            ..act(&people.draft(), "/api/invitations/{id}", draft(&customer, "mpsa", false))
        },
        &[
            (&[VISITOR], 401, "signInRequired"),
            // A draft is hidden from the customer and from roles that don't sell.
            (&[ANNA, BEN, CARLA, GRACE, KIM, HUGO], 404, "notFound"),
            (&[MARA, SAM], 200, ""),
        ],
    );
    let sent = people.client(MARA).invite(&customer, "lob", false);
    people.check_answers(
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
        people.check_answers(
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
fn admin_agents_give_up_roles_and_end_relationships() {
    let people = People::new();
    let waiting =
        people.client(ANNA).look_up(&people.server.token("Meridian Cloud Services")).json();
    people.client(ANNA).accept(&waiting).ok();
    for path in ["/api/relationships/{id}/giveUpAdminRoles", "/api/relationships/{id}/end"] {
        let relationship = people.client(ANNA).relationship("Meridian Cloud Services");
        people.check_answers(
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
fn partner_roles_read_the_profile_and_admin_agents_change_it() {
    let people = People::new();
    people.check_answers(
        |_| get("/api/profile"),
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE], 403, "partnerOnly"),
            (&[MARA, SAM, HUGO, KIM], 200, ""),
        ],
    );
    people.check_answers(
        |_| RequestSpec {
            method: "PUT",
            path: "/api/profile".to_owned(),
            version: "W/\"1\"".to_owned(),
            body: json!({ "listed": false }),
        },
        &[
            (&[VISITOR], 401, "signInRequired"),
            (&[ANNA, BEN, CARLA, GRACE], 403, "partnerOnly"),
            (&[SAM, HUGO], 403, "adminAgentRequired"),
            // Each changes the profile of the own organization.
            (&[MARA, KIM], 200, ""),
        ],
    );
}

#[test]
fn roles_that_do_not_sell_see_no_drafts_and_no_enquiries() {
    let people = People::new();
    people.enquiry();
    let customer = people.client(ANNA).organization();
    let draft =
        people.client(SAM).post("/api/invitations", &draft(&customer, "advisor", false)).json();
    let path = format!("/api/invitations/{}", id(&draft));
    let mut hugo = people.client(HUGO);
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
    let mut sam = people.client(SAM);
    assert!(kinds(sam.get("/api/activity?$top=50").ok().json()).contains(&json!("enquiry")));
    sam.get(&path).ok();
}
