//! Looking up Partner IDs: the answer, the roles that may, and the daily limit.

use serde_json::json;

use crate::support::*;

/// Returns a CSV file that sets these Partner IDs on subscriptions that don't exist.
fn file(ids: impl IntoIterator<Item = u32>) -> String {
    let line = |id| format!("01890000-0000-7000-8000-0000{id:08},{id}\n");
    "subscriptionId,partnerId\n".to_owned() + &ids.into_iter().map(line).collect::<String>()
}

/// Returns how many problems of a plan have this code.
fn count(plan: &Answer, code: &str) -> usize {
    let plan = plan.ok().json();
    let problems = plan["problems"].as_array().expect("problems");
    problems.iter().filter(|problem| problem["code"] == code).count()
}

/// Orders the first product with this partner of record.
fn order(client: &mut Client, partner_id: &str) -> Answer {
    let products = client.get("/api/products").ok().json();
    let product = &products["value"][0];
    let order = json!({
        "product": product["id"], "term": product["prices"][0]["term"], "quantity": "1",
        "unitPrice": product["prices"][0]["unit"], "partnerId": partner_id,
    });
    let headers = [
        ("Content-Type", "application/json"),
        ("Repeatability-Request-ID", "01890000-0000-7000-8000-00000000000a"),
    ];
    client.send("POST", "/api/orders", &headers, Some(order.to_string().as_bytes()))
}

/// Returns the `Retry-After` of an answer, in seconds.
fn wait(answer: &Answer) -> u64 {
    answer.header("retry-after").and_then(|wait| wait.parse().ok()).expect("seconds")
}

#[test]
fn checking_an_id_names_its_partner_and_saves_nothing() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let before = anna.subscriptions();
    let found = anna.check_id(&format!(" {MUNICH}\t")).ok().json();
    let meridian = server.sign_in(MARA).organization();
    assert_eq!(
        (&found["partnerId"], &found["partner"], &found["partnerName"]),
        (&json!(MUNICH), &json!(meridian), &json!("Meridian Cloud Services"))
    );
    assert_eq!(
        (&found["kind"], &found["country"], &found["clouds"]),
        (&json!("location"), &json!("DE"), &json!(["worldwide", "germany"]))
    );
    assert!(found["accountName"].is_string() && found["city"].is_string(), "{found}");
    assert!(found["refusal"].is_null());
    assert_eq!(anna.subscriptions(), before);
    // An ID that can't be the partner of record is named too, with the reason.
    for (who, typed, refusal) in [
        (ANNA, GLOBAL, "partnerIdIsGlobalAccount"),
        (ANNA, RHEINBLICK, "partnerNotInCloud"),
        (ANNA, SHANGHAI, "partnerNotInCloud"),
        (EVA, KESTREL, "partnerNotInCloud"),
        (EVA, GLOBAL, "partnerIdIsGlobalAccount"),
        (LI_NA, AMSTERDAM, "partnerNotInCloud"),
    ] {
        let found = server.sign_in(who).check_id(typed).ok().json();
        assert_eq!(found["refusal"], refusal, "{who} {typed}");
        assert!(found["partnerName"].is_string());
    }
    for (who, typed) in [(EVA, MUNICH), (EVA, RHEINBLICK), (LI_NA, BEIJING), (BEN, KESTREL)] {
        let found = server.sign_in(who).check_id(typed).ok().json();
        assert!(found["refusal"].is_null(), "{who} {typed}: {found}");
    }
    let unknown = anna.check_id(UNKNOWN_PARTNER_ID);
    unknown.refused(404, "partnerIdNotFound");
    assert_eq!(unknown.json()["error"]["nextStep"], "checkPartnerId");
}

#[test]
fn each_malformed_id_has_the_same_code_in_every_operation() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let subscription = anna.subscription("active", false);
    let list = [&subscription];
    let malformed = [("", "empty"), (" \t", "empty")].into_iter().chain(MALFORMED);
    for (typed, code) in malformed {
        let mut answers = vec![anna.check_id(typed), anna.set_partner(&subscription, typed)];
        // In a selection an empty ID removes the partner of record, and in an order it is no
        // partner of record.
        if code != "empty" {
            answers.extend([anna.plan(&list, typed), order(&mut anna, typed)]);
            let plan =
                anna.plan_csv(format!("subscriptionId;partnerId\n{};{typed}", id(&subscription)));
            assert_eq!((count(&plan, code), plan.json()["changes"].clone()), (1, json!([])));
        }
        for answer in answers {
            answer.refused(400, "invalidFields");
            assert_eq!(answer.field("partnerId").as_deref(), Some(code), "{typed:?}");
        }
    }
    assert_eq!(anna.check_id("43915074391").json()["error"]["details"][0]["limit"], 10);
    assert_eq!(anna.reload(&subscription), subscription);
}

#[test]
fn only_roles_that_buy_look_up_ids() {
    let server = Server::demo();
    for who in [ANNA, DAAN, BEN] {
        server.sign_in(who).check_id(MUNICH).ok();
    }
    server.sign_in(CARLA).check_id(MUNICH).refused(403, "billingAdministratorRequired");
    for who in [MARA, SAM, HUGO, KIM] {
        let refused = server.sign_in(who).check_id(MUNICH);
        refused.refused(403, "customerSetsPartnerOfRecord");
        assert_eq!(refused.json()["error"]["nextStep"], "askCustomer");
    }
    server.visitor().check_id(MUNICH).refused(401, "signInRequired");
    // The log has the user once, and not the ID.
    server.wait_for_log("/api/partnerIds/check");
    for line in server.log().lines().filter(|line| line.contains("/api/partnerIds/check")) {
        assert!(line.matches(" user=").count() <= 1 && !line.contains(MUNICH), "{line}");
    }
    let mut anna = server.sign_in(ANNA);
    anna.origin = None;
    anna.check_id(MUNICH).refused(403, "foreignOrigin");
}

#[test]
fn two_hundred_look_ups_per_day_are_the_limit_of_all_operations() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut ben = server.sign_in(BEN);
    let kept = anna.subscription("active", true);
    let open = anna.subscription("active", false);
    let on_it = kept["partnerOfRecord"]["partnerId"].as_str().expect("an ID").to_owned();
    // Two hundred unknown IDs in one file.
    assert_eq!(count(&anna.plan_csv(file(9_000_001..=9_000_200)), "partnerIdNotFound"), 200);
    let refused = ben.check_id("9000201");
    refused.refused(429, "tooManyLookUps");
    let seconds = wait(&refused);
    assert!((23 * 3_600..=24 * 3_600 + 1).contains(&seconds), "in a day: {seconds}");
    // Setting, ordering and planning are limited too, for known and unknown IDs.
    for typed in [MANCHESTER, "9000201"] {
        anna.set_partner(&open, typed).refused(429, "tooManyLookUps");
        assert!(anna.set_partner(&open, typed).header("retry-after").is_some());
        assert_eq!(count(&anna.plan(&[&open], typed), "tooManyLookUps"), 1);
        let csv = format!("partnerId,subscriptionId\n{typed},{}", id(&open));
        let plan = anna.plan_csv(&csv);
        assert_eq!(count(&plan, "tooManyLookUps"), 1);
        anna.apply_csv(&csv, &plan.json()).refused(409, "planHasProblems");
        anna.apply_csv(&csv, &json!({ "@odata.etag": "W/\"1\"" })).refused(412, "versionMismatch");
        order(&mut anna, typed).refused(429, "tooManyLookUps");
    }
    assert_eq!(anna.reload(&open), open, "nothing was set");
    // These are free: IDs that were looked up, present and former partners of record, and other
    // locations of partners that the customer works with.
    let undone =
        anna.remove_partner(&anna.clone().subscription_to("Teams Phone Standard")).ok().json();
    anna.set_partner(&undone, KESTREL).ok();
    let faculty = anna.clone().subscription_to("Microsoft 365 A3 for faculty");
    let former = anna.get(&format!("/api/subscriptions/{}/history", id(&faculty))).ok().json();
    for period in former["value"].as_array().expect("periods") {
        anna.check_id(period["partnerId"].as_str().expect("an ID")).ok();
    }
    #[rustfmt::skip]
    let add = [
        "partner-id", "add", "--organization", "kestrel.example", "--id", "5357571", "--kind",
        "location", "--name", "Kestrel Licensing Gent", "--country", "BE",
    ];
    assert!(server.command(&add, "").status.success());
    ben.check_id("5357571").ok();
    anna.check_id("9000001").refused(404, "partnerIdNotFound");
    assert_eq!(count(&anna.plan_csv(file(9_000_001..=9_000_200)), "partnerIdNotFound"), 200);
    ben.check_id(&on_it).ok();
    anna.set_partner(&open, &on_it).ok();
    // Malformed IDs are reported as before, and another organization has its own limit.
    assert_eq!(anna.check_id("0").field("partnerId").as_deref(), Some("leadingZero"));
    server.sign_in(GRACE).check_id("9000201").refused(404, "partnerIdNotFound");
}

#[test]
fn the_look_up_of_a_refused_change_counts() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = anna.subscription("active", false);
    assert_eq!(count(&anna.plan_csv(file(9_000_001..=9_000_195)), "partnerIdNotFound"), 195);
    for typed in ["9000301", "9000302"] {
        anna.set_partner(&open, typed).refused(404, "partnerIdNotFound");
    }
    order(&mut anna, "9000303").refused(404, "partnerIdNotFound");
    anna.set_partner(&open, SHANGHAI).refused(409, "partnerNotInCloud");
    anna.set_partner(&open, GLOBAL).refused(409, "partnerIdIsGlobalAccount");
    anna.set_partner(&open, MUNICH).refused(429, "tooManyLookUps");
    order(&mut anna, MUNICH).refused(429, "tooManyLookUps");
    anna.check_id(GLOBAL).ok();
}

#[test]
fn a_request_that_is_refused_for_every_id_uses_no_look_up() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut carla = server.sign_in(CARLA);
    let open = anna.subscription("active", false);
    let ended = anna.subscription("ended", false);
    carla.plan_csv(file(9_000_001..=9_000_250)).refused(403, "billingAdministratorRequired");
    let mut old = open.clone();
    old["@odata.etag"] = json!("W/\"9999\"");
    for number in 9_000_001..=9_000_100 {
        let typed = number.to_string();
        carla.set_partner(&open, &typed).refused(403, "billingAdministratorRequired");
        anna.set_partner(&old, &typed).refused(412, "versionMismatch");
        anna.set_partner(&ended, &typed).refused(409, "subscriptionEnded");
    }
    // The whole limit is left.
    assert_eq!(count(&anna.plan_csv(file(9_000_301..=9_000_501)), "partnerIdNotFound"), 200);
}

#[test]
fn two_look_ups_at_once_cannot_exceed_the_limit() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    assert_eq!(count(&anna.plan_csv(file(9_000_001..=9_000_199)), "partnerIdNotFound"), 199);
    let ben = server.sign_in(BEN);
    let answers = at_once(vec![anna.clone(), ben.clone()], |client| {
        client.check_id(if client.cookie == ben.cookie { "9000301" } else { "9000302" })
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [404, 429]);
}

#[test]
fn look_ups_are_allowed_again_after_a_day() {
    let mut server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    assert_eq!(count(&anna.plan_csv(file(9_000_001..=9_000_200)), "partnerIdNotFound"), 200);
    // The first fifty were looked up a day ago less one minute.
    server.kill();
    let database = rusqlite::Connection::open(server.database()).expect("the database");
    let moved = database
        .execute("UPDATE partner_look_up SET looked_up = looked_up - 86340000 WHERE partner_id <= '9000050'", [])
        .expect("moved");
    assert_eq!(moved, 50);
    drop(database);
    server.start_again();
    let seconds = wait(anna.check_id("9000301").refused(429, "tooManyLookUps"));
    assert!(seconds <= 61, "{seconds}");
    server.kill();
    let database = rusqlite::Connection::open(server.database()).expect("the database");
    database
        .execute("UPDATE partner_look_up SET looked_up = looked_up - 120000 WHERE partner_id <= '9000050'", [])
        .expect("moved");
    drop(database);
    server.start_again();
    anna.check_id("9000301").refused(404, "partnerIdNotFound");
    assert_eq!(count(&anna.plan_csv(file(9_000_302..=9_000_351)), "tooManyLookUps"), 1);
}
