//! Changing the partner of record of many subscriptions: plans, their problems, CSV files, and
//! atomicity.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rules::{Subscription, SubscriptionId, Timestamp};
use serde_json::{Value, json};
use service::Write;
use service::model::{PartnerChange, PartnerChangeBlock};
use store::Database;

use crate::support::*;

const MERIDIAN_MAIL: &str = "hello@meridiancloud.example";

/// Returns the subscriptions whose partner of record can be changed, and an ended one.
fn choose(client: &mut Client) -> (Vec<Value>, Value) {
    let (ended, open): (Vec<_>, Vec<_>) =
        client.subscriptions().into_iter().partition(|one| one["status"] == "ended");
    assert!(open.len() >= 4, "there are many");
    (open, ended.first().expect("one that has ended").clone())
}

/// Returns the line and the code of each problem of a plan.
fn problems(plan: &Value) -> Vec<(u64, &str)> {
    let problems = plan["problems"].as_array().expect("problems").iter();
    let short = |problem: &'_ Value| problem["line"].as_u64().expect("a line");
    problems.map(|one| (short(one), one["code"].as_str().expect("a code"))).collect()
}

/// Returns the number of lines of a plan, of lines without a change, and of changes.
fn totals(plan: &Value) -> (u64, u64, usize) {
    let count = |field: &str| plan[field].as_u64().expect("a count");
    (count("lines"), count("unchanged"), plan["changes"].as_array().expect("changes").len())
}

/// Returns the actions about a subscription in the client's log.
fn noted(client: &mut Client, subscription: &Value) -> Vec<String> {
    let log = client.get("/api/activity?$top=300").ok().json();
    let of_it = |entry: &&Value| entry["target"]["id"] == subscription["id"];
    let entries = log["value"].as_array().expect("entries").clone();
    let action = |entry: &Value| entry["action"].as_str().expect("an action").to_owned();
    entries.iter().filter(of_it).map(action).collect()
}

#[test]
fn a_plan_shows_the_changes_and_applying_it_makes_them() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let (open, _) = choose(&mut anna);
    let chosen: Vec<&Value> = open.iter().collect();
    let before: Vec<usize> = open.iter().map(|one| noted(&mut anna, one).len()).collect();
    let told: Vec<usize> = open.iter().map(|one| noted(&mut mara, one).len()).collect();
    let is_set = |one: &&&Value| one["partnerOfRecord"]["partnerId"] == MUNICH;
    let unchanged = chosen.iter().filter(is_set).count();

    let plan = anna.plan(&chosen, MUNICH).ok().json();
    assert_eq!(totals(&plan), (open.len() as u64, unchanged as u64, open.len() - unchanged));
    assert!(problems(&plan).is_empty(), "{plan}");
    for (place, change) in plan["changes"].as_array().expect("changes").iter().enumerate() {
        let line = usize::try_from(change["line"].as_u64().expect("a line")).expect("small");
        assert!(line > place && change["subscription"] == open[line - 1]["id"]);
        assert_eq!(change["productName"], open[line - 1]["productName"]);
        let from = &open[line - 1]["partnerOfRecord"];
        assert_eq!(change["from"]["partnerId"], from["partnerId"]);
        assert_eq!(change["from"]["partnerName"], from["partnerName"]);
        let to = json!({ "partnerId": MUNICH, "partnerName": "Meridian Cloud Services" });
        assert_eq!(change["to"], to);
    }
    assert_eq!(anna.plan(&chosen, MUNICH).ok().json(), plan, "the same as long as nothing changes");
    assert_eq!(choose(&mut anna).0, open, "nothing was changed");

    let mails = server.mails(MERIDIAN_MAIL, MUNICH).len();
    let applied = anna.apply(&chosen, MUNICH, &plan).ok().json();
    assert_eq!(applied, json!({ "changed": open.len() - unchanged }));
    for ((one, before), told) in open.iter().zip(before).zip(told) {
        let now = anna.reload(one);
        assert_eq!(now["partnerOfRecord"]["partnerId"], MUNICH);
        let entries = noted(&mut anna, one);
        let lines = usize::from(one["partnerOfRecord"]["partnerId"] != MUNICH);
        assert_eq!(entries.len(), before + lines, "one line each: {entries:?}");
        assert_eq!(noted(&mut mara, one).len(), told + lines, "{one}");
    }
    let told = server.mails(MERIDIAN_MAIL, MUNICH);
    assert_eq!(told.len(), mails + 1, "one mail, however many there are");
    for change in plan["changes"].as_array().expect("changes") {
        let text = told[0]["text"].as_str().expect("a text");
        assert!(text.contains(change["productName"].as_str().expect("a name")), "{text}");
    }

    // The old plan is outdated, and a new one has nothing to do.
    anna.apply(&chosen, MUNICH, &plan).refused(412, "versionMismatch");
    let plan = anna.plan(&chosen, MUNICH).ok().json();
    assert_eq!(totals(&plan), (open.len() as u64, open.len() as u64, 0));
    assert_eq!(anna.apply(&chosen, MUNICH, &plan).ok().json(), json!({ "changed": 0 }));
    // Removing it from all of them.
    let plan = anna.plan(&chosen, "").ok().json();
    assert!(plan["changes"][0]["to"].is_null() && problems(&plan).is_empty(), "{plan}");
    anna.apply(&chosen, "", &plan).ok();
    assert!(choose(&mut anna).0.iter().all(|one| one["partnerOfRecord"].is_null()));
    assert_eq!(server.mails(MERIDIAN_MAIL, MUNICH).len(), mails + 2);
}

#[test]
fn a_plan_is_applied_completely_or_not_at_all() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let (open, ended) = choose(&mut anna);
    let all = anna.subscriptions();
    let log = anna.log(50);
    let mut chosen: Vec<&Value> = open.iter().collect();
    chosen.insert(1, &ended);
    let plan = anna.plan(&chosen, MUNICH).ok().json();
    assert_eq!(problems(&plan), [(2, "subscriptionEnded")]);
    assert!(totals(&plan).2 > 0);
    anna.apply(&chosen, MUNICH, &plan).refused(409, "planHasProblems");
    for (typed, code) in [
        (UNKNOWN_PARTNER_ID, "partnerIdNotFound"),
        (GLOBAL, "partnerIdIsGlobalAccount"),
        (RHEINBLICK, "partnerNotInCloud"),
    ] {
        let plan = anna.plan(&chosen[..1], typed).ok().json();
        assert_eq!((problems(&plan), totals(&plan).2), (vec![(1, code)], 0));
        anna.apply(&chosen[..1], typed, &plan).refused(409, "planHasProblems");
    }
    assert_eq!(anna.subscriptions(), all);
    assert_eq!(anna.log(50), log);
    // An ended subscription that is not changed is no problem.
    let typed = ended["partnerOfRecord"]["partnerId"].as_str().unwrap_or_default();
    let plan = anna.plan(&[&ended], typed).ok().json();
    assert_eq!((problems(&plan).len(), totals(&plan)), (0, (1, 1, 0)));
}

#[test]
fn an_outdated_plan_is_not_applied() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut daan = server.sign_in(DAAN);
    let (open, _) = choose(&mut anna);
    let chosen: Vec<&Value> = open.iter().collect();
    let plan = anna.plan(&chosen, MUNICH).ok().json();
    let lacking = daan.subscription("active", false);
    let set = daan.set_partner(&lacking, KESTREL).ok().json();
    anna.apply(&chosen, MUNICH, &plan).refused(412, "versionMismatch");
    assert_eq!(anna.reload(&lacking), set, "the other change is kept");
    let again = anna.plan(&chosen, MUNICH).ok().json();
    let changes = again["changes"].as_array().expect("changes").clone();
    let change = changes.iter().find(|one| one["subscription"] == lacking["id"]);
    assert_eq!(change.expect("a change")["from"]["partnerId"], KESTREL);
    // Another body has another plan, which was not confirmed.
    anna.apply(&chosen, MANCHESTER, &again).refused(412, "versionMismatch");
    anna.apply(&chosen[1..], MUNICH, &again).refused(412, "versionMismatch");
    let path = "/api/subscriptions/partnersOfRecord/apply";
    let ids: Vec<&str> = open.iter().map(id).collect();
    let body = json!({ "subscriptions": ids, "partnerId": MUNICH });
    anna.post(path, &body).refused(428, "versionRequired");
    anna.change(path, "*", &body).refused(400, "invalidFields");
    anna.apply(&chosen, MUNICH, &again).ok();
}

#[test]
fn a_plan_for_all_that_match_is_the_plan_for_their_ids() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let plan_path = "/api/subscriptions/partnersOfRecord/plan";
    let apply_path = "/api/subscriptions/partnersOfRecord/apply";
    let (filter, search) = ("status in ('active','trial') and partnerId eq null", "power");
    let list = format!("/api/subscriptions?$filter={filter}&$search={search}");
    let listed = anna.get(&list).ok().json()["value"].as_array().expect("a list").clone();
    assert!(!listed.is_empty());
    let chosen: Vec<&Value> = listed.iter().collect();
    let body = json!({ "filter": filter, "search": search, "partnerId": MUNICH });
    let plan = anna.post(plan_path, &body).ok().json();
    assert_eq!(plan, anna.plan(&chosen, MUNICH).ok().json());
    assert_eq!(totals(&plan), (listed.len() as u64, 0, listed.len()));
    // Another one matches now, so this is no longer the plan that was confirmed.
    let other = anna.get("/api/subscriptions?$filter=status eq 'active' and partnerId ne null");
    let other = other.ok().json()["value"][0].clone();
    let all = json!({ "filter": "status eq 'active' and partnerId eq null", "partnerId": MUNICH });
    let wide = anna.post(plan_path, &all).ok().json();
    anna.remove_partner(&other).ok();
    anna.change(apply_path, etag(&wide), &all).refused(412, "versionMismatch");
    let applied = anna.change(apply_path, etag(&plan), &body).ok().json();
    assert_eq!(applied, json!({ "changed": listed.len() }));
    assert_eq!(anna.get(&list).ok().json()["value"], json!([]), "none is without a partner now");
    let every = json!({ "filter": "", "partnerId": MUNICH });
    let plan = anna.post(plan_path, &every).ok().json();
    assert_eq!(totals(&plan).0, anna.subscriptions().len() as u64);
    for (wrong, field) in [
        (json!({ "filter": "status eq active", "partnerId": "" }), "filter"),
        (json!({ "search": "x".repeat(201), "partnerId": "" }), "search"),
        (json!({ "filter": "", "subscriptions": [id(&other)], "partnerId": "" }), "subscriptions"),
    ] {
        let answer = anna.post(plan_path, &wrong);
        answer.refused(400, "invalidFields");
        assert!(answer.field(field).is_some(), "{wrong}: {}", answer.text);
    }
    server.sign_in(CARLA).post(plan_path, &every).refused(403, "billingAdministratorRequired");
}

#[test]
fn a_plan_for_all_that_match_has_as_many_lines_as_a_list_of_ids() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let parse = |value: &Value| value.as_str().expect("an id").to_owned();
    let sample = anna.subscription("active", true);
    let customer = parse(&sample["customer"]).parse().expect("an id");
    let sample = id(&sample).parse().expect("an id");
    let others = anna.subscriptions().len();
    let database = Database::open(server.database().to_str().expect("UTF-8")).expect("a database");
    let insert = move |store: &mut dyn Write| {
        let sample = store.subscription(customer, sample)?.expect("a subscription");
        for number in others..10_001 {
            let id = SubscriptionId::new(sample.created, number as u128);
            store.insert_subscription(&Subscription { id, ..sample.clone() })?;
        }
        Ok(())
    };
    database.write_blocking(insert).expect("rows");
    database.close();
    let plan = "/api/subscriptions/partnersOfRecord/plan";
    let apply = "/api/subscriptions/partnersOfRecord/apply";
    let every = json!({ "filter": "", "partnerId": MUNICH });
    anna.post(plan, &every).refused(409, "tooManyMatches");
    anna.change(apply, "W/\"1\"", &every).refused(409, "tooManyMatches");
    let ended = json!({ "filter": "status eq 'ended'", "partnerId": MUNICH });
    anna.post(plan, &ended).ok();
    let database = rusqlite::Connection::open(server.database()).expect("the database");
    let one_less = "DELETE FROM subscription WHERE id = (SELECT max(id) FROM subscription)";
    assert_eq!(database.execute(one_less, ()).expect("a row"), 1);
    assert_eq!(totals(&anna.post(plan, &every).ok().json()).0, 10_000);
}

#[test]
fn a_plan_that_is_applied_twice_at_once_is_applied_once() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let daan = server.sign_in(DAAN);
    let (open, _) = choose(&mut anna);
    let chosen: Vec<&Value> = open.iter().collect();
    for (typed, told) in [(MUNICH, 1), ("", 1), (KESTREL, 0)] {
        let plan = anna.plan(&chosen, typed).ok().json();
        let mails = server.mails(MERIDIAN_MAIL, MUNICH).len();
        let answers =
            at_once(vec![anna.clone(), daan.clone()], |client| client.apply(&chosen, typed, &plan));
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{answers:?}");
        assert_eq!(server.mails(MERIDIAN_MAIL, MUNICH).len(), mails + told, "{typed}");
    }
}

/// Buys licenses until the caller has a number of subscriptions that can be changed.
fn buy_until(client: &mut Client, count: usize) -> Vec<Value> {
    let product = client.product("Power BI Pro", None);
    let price = &product["prices"][0];
    let order = json!({
        "product": product["id"],
        "term": price["term"],
        "quantity": "1",
        "unitPrice": price["unit"],
    });
    let missing = count.saturating_sub(choose(client).0.len());
    for number in 0..missing {
        client.order(&format!("01890000-0000-7000-8000-{number:012}"), &order).ok();
    }
    choose(client).0
}

#[test]
fn a_plan_of_several_blocks_is_applied_as_a_whole() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = buy_until(&mut anna, 230);
    let chosen: Vec<&Value> = open.iter().collect();
    let plan = anna.plan(&chosen, MUNICH).ok().json();
    let changes = totals(&plan).2;
    assert!(changes > 200, "{changes}");
    let mails = server.mails(MERIDIAN_MAIL, MUNICH).len();
    assert_eq!(anna.apply(&chosen, MUNICH, &plan).ok().json(), json!({ "changed": changes }));
    for one in choose(&mut anna).0 {
        assert_eq!(one["partnerOfRecord"]["partnerId"], MUNICH);
    }
    assert_eq!(server.mails(MERIDIAN_MAIL, MUNICH).len(), mails + 1);
    anna.apply(&chosen, MUNICH, &plan).refused(412, "versionMismatch");
    assert_eq!(totals(&anna.plan(&chosen, MUNICH).ok().json()).2, 0);
    server.run_command("verify", "");
}

#[test]
fn the_next_start_completes_a_plan_that_was_decided() {
    let mut server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let (open, _) = choose(&mut anna);
    let held = open.iter().find(|one| one["partnerOfRecord"].is_object()).expect("one with");
    let before = noted(&mut anna, held);
    let session = anna.get("/api/session").ok().json();
    server.kill();
    let parse = |value: &Value| value.as_str().expect("an id").to_owned();
    let subscription = id(held).parse().expect("an id");
    let block = PartnerChangeBlock {
        customer: parse(&session["organization"]["id"]).parse().expect("an id"),
        first: subscription,
        decided: Timestamp::from_milliseconds(1_800_000_000_000),
        decided_by: parse(&session["user"]["id"]).parse().expect("an id"),
        changes: vec![PartnerChange { subscription, partner: None }],
    };
    let database = Database::open(server.database().to_str().expect("UTF-8")).expect("a database");
    let insert = move |store: &mut dyn Write| Ok(store.insert_pending_partner_changes(&block)?);
    database.write_blocking(insert).expect("a row");
    database.close();
    server.start_again();
    let after = anna.reload(held);
    assert!(after["partnerOfRecord"].is_null(), "{after}");
    assert_eq!(noted(&mut anna, held).len(), before.len() + 1);
    let history = anna.get(&format!("/api/subscriptions/{}/history", id(held))).ok().json();
    assert!(history["value"][0]["until"].is_string(), "{history}");
}

#[test]
fn a_plan_that_the_database_interrupts_is_completed_by_the_running_server() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = buy_until(&mut anna, 130);
    let chosen: Vec<&Value> = open.iter().collect();
    let plan = anna.plan(&chosen, MANCHESTER).ok().json();
    let mut changed: Vec<&str> = plan["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| change["subscription"].as_str().expect("an id"))
        .collect();
    changed.sort_unstable();
    // The database fails in the second of three blocks.
    let database = rusqlite::Connection::open(server.database()).expect("the database");
    let broken = format!(
        "CREATE TRIGGER broken BEFORE UPDATE ON subscription WHEN old.id = '{}'
         BEGIN SELECT raise(ABORT, 'broken for the test'); END",
        changed[70]
    );
    database.execute_batch(&broken).expect("a trigger");
    anna.apply(&chosen, MANCHESTER, &plan).refused(500, "internal");
    let partners = |anna: &mut Client| -> usize {
        let all = choose(anna).0;
        all.iter().filter(|one| one["partnerOfRecord"]["partnerId"] == MANCHESTER).count()
    };
    assert_eq!(partners(&mut anna), 50, "the first block is made");
    server.wait_for_log("can't be completed yet");
    database.execute_batch("DROP TRIGGER broken").expect("no trigger");
    server.wait_for_log("the plan was completed");
    assert_eq!(partners(&mut anna), open.len());
    assert_eq!(totals(&anna.plan(&chosen, MANCHESTER).ok().json()).2, 0);
    server.run_command("verify", "");
}

#[test]
fn an_invalid_selection_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let plan = "/api/subscriptions/partnersOfRecord/plan";
    let ask = |anna: &mut Client, body: &Value| anna.post(plan, body);
    for unsaid in [json!({}), json!({ "subscriptions": [id(&choose(&mut anna).0[0])] })] {
        ask(&mut anna, &unsaid).refused(400, "invalidRequest");
    }
    let mut misspelled = json!({ "partnerID": MUNICH });
    misspelled["subscriptions"] = json!([id(&choose(&mut anna).0[0])]);
    ask(&mut anna, &misspelled).refused(400, "invalidRequest");
    let none = ask(&mut anna, &json!({ "partnerId": "" }));
    assert_eq!(none.field("subscriptions").as_deref(), Some("empty"));
    let wrong = ask(&mut anna, &json!({ "subscriptions": ["42"], "partnerId": "x" }));
    assert_eq!(wrong.field("subscriptions").as_deref(), Some("notAnId"));
    assert_eq!(wrong.field("partnerId").as_deref(), Some("notDigits"));
    let many: Vec<String> =
        (0..10_001).map(|one| format!("01890000-0000-7000-8000-{one:012}")).collect();
    let over = ask(&mut anna, &json!({ "subscriptions": many, "partnerId": "" }));
    assert_eq!(over.field("subscriptions").as_deref(), Some("tooMany"));
    let most = ask(&mut anna, &json!({ "subscriptions": many[1..], "partnerId": "" }));
    let plan = most.ok().json();
    assert_eq!((totals(&plan).0, problems(&plan).len()), (10_000, 10_000));
    ask(&mut anna, &json!({ "subscriptions": 1 })).refused(400, "invalidRequest");
    let stranger = server.sign_in(GRACE).subscriptions();
    let plan = anna.plan(&[&stranger[0]], MUNICH).ok().json();
    assert_eq!(problems(&plan), [(1, "unknownSubscription")], "that it exists is not told");
}

/// A CSV file and the problems that its report must have.
struct Lines {
    file: Vec<u8>,
    expected: Vec<(u64, &'static str)>,
    number: u64,
}

impl Lines {
    fn add(&mut self, line: impl AsRef<[u8]>, codes: &[&'static str]) {
        self.number += 1;
        self.file.extend(line.as_ref());
        self.file.extend(b"\r\n");
        self.expected.extend(codes.iter().map(|code| (self.number, *code)));
    }
}

#[test]
fn a_file_with_ten_thousand_lines_of_errors_gets_a_complete_report() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let (open, ended) = choose(&mut anna);
    let foreign = server.sign_in(GRACE).subscriptions().remove(0);
    let before = anna.subscriptions();
    let log = anna.log(50);
    let held = open.iter().find(|one| one["partnerOfRecord"].is_object()).expect("one with");
    let mut rest = open.iter().filter(|one| *one != held);
    let mut own = || id(rest.next().expect("one more"));
    let mut lines = Lines { file: Vec::new(), expected: Vec::new(), number: 0 };
    lines.add("product,partnerId,subscriptionId", &[]);
    // A change and a line without a change are no problems.
    let valid = own();
    lines.add(format!("x,{MANCHESTER},{valid}"), &[]);
    let same = held["partnerOfRecord"]["partnerId"].as_str().expect("an ID");
    lines.add(format!("x,{same},{}", id(held)), &[]);
    lines.add(format!("x,{MANCHESTER},{valid}"), &["duplicateLine"]);
    lines.add(format!("x,,{}", id(held)), &["duplicateLine"]);
    lines.add(format!("x,{MANCHESTER},{}", id(&ended)), &["subscriptionEnded"]);
    lines.add(format!("x,{UNKNOWN_PARTNER_ID},{}", own()), &["partnerIdNotFound"]);
    lines.add(format!("x,{GLOBAL},{}", own()), &["partnerIdIsGlobalAccount"]);
    lines.add(format!("x,{MANCHESTER},{}", id(&foreign)), &["unknownSubscription"]);
    // The other lines repeat every problem, each with another unknown subscription.
    let mut looked_up = 0;
    let mut rounds = 0_u64;
    while lines.number < 10_001 {
        rounds += 1;
        let subscription = format!("01890000-0000-7000-8000-{rounds:012}");
        match rounds % 15 {
            0 => lines.add(format!("x,{MANCHESTER},"), &["empty"]),
            1 => lines.add(format!("x,{MANCHESTER},{rounds}"), &["notAnId"]),
            2 => lines.add(format!("x,{MANCHESTER},{subscription}"), &["unknownSubscription"]),
            3 => lines.add(format!("x,12a4,{subscription}"), &["unknownSubscription", "notDigits"]),
            4 => {
                lines
                    .add(format!("x,0123,{subscription}"), &["unknownSubscription", "leadingZero"]);
            }
            5 => lines
                .add(format!("x,12345678901,{subscription}"), &["unknownSubscription", "tooLong"]),
            6 => lines.add(
                format!("x,{subscription},{subscription}"),
                &["unknownSubscription", "tenantId"],
            ),
            7 => lines.add(
                format!("x,{RHEINBLICK},{subscription}"),
                &["unknownSubscription", "partnerNotInCloud"],
            ),
            8 => lines.add(
                format!("x,{GLOBAL},{subscription}"),
                &["unknownSubscription", "partnerIdIsGlobalAccount"],
            ),
            9 => lines.add(format!("x,{MANCHESTER}"), &["missingColumn"]),
            10 => lines.add("x", &["missingColumn", "missingColumn"]),
            11 => lines.add(b"x,\xff\xfe1,\xe9", &["notUtf8", "notUtf8"]),
            12 => lines.add(format!("\"x,{MANCHESTER},{subscription}"), &["unclosedQuote"]),
            13 => lines.add(format!("x,,{subscription}"), &["unknownSubscription"]),
            _ => {
                // Four IDs were looked up before, of 200: Manchester, the unknown one, the
                // company, and Rheinblick.
                looked_up += 1;
                let answer = if looked_up <= 196 { "partnerIdNotFound" } else { "tooManyLookUps" };
                lines.add(
                    format!("x,{},{subscription}", 9_100_000 + looked_up),
                    &["unknownSubscription", answer],
                );
            }
        }
    }
    let plan = anna.plan_csv(&lines.file).ok().json();
    assert_eq!(totals(&plan), (10_000, 1, 1));
    assert_eq!(problems(&plan), lines.expected, "every mistake, in order");
    let first = &plan["problems"][0];
    assert_eq!((&first["subscription"], &first["partnerId"]), (&json!(valid), &json!(MANCHESTER)));
    let long = plan["problems"].as_array().expect("problems").iter();
    assert!(long.clone().any(|one| one["code"] == "tooLong" && one["limit"] == 10));
    anna.apply_csv(&lines.file, &plan).refused(409, "planHasProblems");
    assert_eq!(anna.subscriptions(), before);
    assert_eq!(anna.log(50), log);
    assert_eq!(anna.plan_csv(&lines.file).ok().json(), plan);
}

#[test]
fn a_malicious_file_is_refused_and_changes_nothing() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let (open, _) = choose(&mut anna);
    let before = anna.subscriptions();
    let utf16: Vec<u8> = format!("\u{feff}subscriptionId\tpartnerId\n{}\t1\n", id(&open[0]))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let many = format!("subscriptionId,partnerId\n{}", "a,1\n".repeat(10_001));
    for (file, field, code) in [
        (&b""[..], "file", "empty"),
        (b"\xef\xbb\xbf\r\n", "file", "empty"),
        (&utf16, "file", "notUtf8"),
        (&utf16[2..], "file", "notUtf8"),
        (b"\x00\x00\x00\x00", "file", "notUtf8"),
        (b"a,1\nb,2\n", "subscriptionId", "missingColumn"),
        (b"subscriptionId|partnerId\na|1\n", "partnerId", "missingColumn"),
        (b"subscriptionId,partnerId,partnerId\na,1,2\n", "partnerId", "tooMany"),
        (b"\"subscriptionId,partnerId\na,1\n", "subscriptionId", "missingColumn"),
        (b"PK\x03\x04 a workbook", "subscriptionId", "missingColumn"),
        (many.as_bytes(), "file", "tooMany"),
    ] {
        let answer = anna.plan_csv(file);
        answer.refused(400, "invalidFields");
        assert_eq!(answer.field(field).as_deref(), Some(code), "{}", answer.text);
    }
    let head = "subscriptionId,partnerId\n";
    let line = "x".repeat(2 * 1024 * 1024 - head.len());
    let commas = ",".repeat(2 * 1024 * 1024 - head.len() - 1);
    let formula = "=cmd|' /C calc'!A0,@SUM(1)\n";
    for (lines, codes) in [
        (line.as_str(), &["notAnId", "missingColumn"][..]),
        (&format!("\"{}", &line[1..]), &["unclosedQuote"]),
        (&format!("x{commas}"), &["notAnId"]),
        ("\u{0}\u{0},\u{0}\n", &["notAnId", "notDigits"]),
        (formula, &["notAnId", "notDigits"]),
        ("\u{202e}a,\u{202e}1\n", &["notAnId", "notDigits"]),
        ("'',1;DROP TABLE subscription\n", &["notAnId", "notDigits"]),
    ] {
        let plan = anna.plan_csv(format!("{head}{lines}")).ok().json();
        let found: Vec<&str> = problems(&plan).into_iter().map(|(_, code)| code).collect();
        assert_eq!(found, codes);
        let repeated = plan["problems"][0]["subscription"].as_str().unwrap_or_default();
        assert!(repeated.chars().count() <= 100);
        anna.apply_csv(format!("{head}{lines}"), &plan).refused(409, "planHasProblems");
    }
    anna.plan_csv(format!("{head}{line}x")).refused(413, "requestTooLarge");
    anna.apply_csv(format!("{head}{line}x"), &json!({ "@odata.etag": "W/\"1\"" }))
        .refused(413, "requestTooLarge");
    // Only these files may be that large.
    anna.check_id(&"1".repeat(70_000)).refused(413, "requestTooLarge");
    let path = "/api/subscriptions/partnersOfRecord/plan";
    for kind in ["text/plain", "application/vnd.ms-excel", "multipart/form-data; boundary=x"] {
        let answer = anna.send("POST", path, &[("Content-Type", kind)], Some(head.as_bytes()));
        answer.refused(415, "invalidRequest");
    }
    anna.send("POST", path, &[], Some(head.as_bytes())).refused(415, "invalidRequest");
    let json = [("Content-Type", "application/json")];
    anna.send("POST", path, &json, Some(head.as_bytes())).refused(400, "invalidRequest");
    assert_eq!(anna.plan_csv(head).ok().json()["lines"], 0);
    assert_eq!(anna.subscriptions(), before);
    // Without permission the file is not read.
    server.sign_in(CARLA).plan_csv(&utf16).refused(403, "billingAdministratorRequired");
}

#[test]
fn an_exported_file_can_be_changed_and_imported() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let all = anna.subscriptions();
    let (open, _) = choose(&mut anna);
    let exported = anna.get("/api/subscriptions/export");
    assert_eq!(exported.ok().header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(exported.header("content-disposition").is_some_and(|name| {
        name.starts_with("attachment; filename=\"subscriptions-") && name.ends_with(".csv\"")
    }));
    let file = exported.text;
    let mut lines = file.lines();
    assert_eq!(
        lines.next(),
        Some(
            "\u{feff}subscriptionId,product,status,quantity,term,renews,partnerId,partner,customer"
        )
    );
    assert_eq!(lines.count(), all.len());
    let plan = anna.plan_csv(&file).ok().json();
    assert_eq!(totals(&plan), (all.len() as u64, all.len() as u64, 0), "the file has no changes");
    assert_eq!(anna.apply_csv(&file, &plan).ok().json(), json!({ "changed": 0 }));

    // One is changed and one is removed, in the format of a German spreadsheet.
    let held: Vec<&Value> =
        open.iter().filter(|one| one["partnerOfRecord"].is_object()).take(2).collect();
    let to = if held[0]["partnerOfRecord"]["partnerId"] == MUNICH { KESTREL } else { MUNICH };
    let german = format!(
        "Produkt;PartnerID;subscriptionId\r\n\"Ein; zwei\";{to};{}\r\nDrei;;\"{}\"\r\n;;\r\n",
        id(held[0]),
        id(held[1]).to_uppercase(),
    );
    let plan = anna.plan_csv(&german).ok().json();
    assert_eq!((totals(&plan), problems(&plan).len()), ((2, 0, 2), 0), "{plan}");
    assert_eq!(plan["changes"][1]["line"], 3);
    assert_eq!(anna.apply_csv(&german, &plan).ok().json(), json!({ "changed": 2 }));
    assert_eq!(anna.reload(held[0])["partnerOfRecord"]["partnerId"], to);
    assert!(anna.reload(held[1])["partnerOfRecord"].is_null());
    // A partner can export, and can't import.
    let mut kim = server.sign_in(KIM);
    let file = kim.get("/api/subscriptions/export").ok().text.clone();
    assert_eq!(file.lines().count(), kim.subscriptions().len() + 1);
    kim.plan_csv(&file).refused(403, "customerSetsPartnerOfRecord");
}

#[test]
fn no_file_makes_the_server_fail() {
    let server = Server::demo();
    let anna = server.sign_in(ANNA);
    let before = anna.clone().subscriptions();
    let known = id(&before[0]).to_owned();
    let cell = prop_oneof![
        Just(known.into_bytes()),
        Just(MUNICH.as_bytes().to_vec()),
        Just(UNKNOWN_PARTNER_ID.as_bytes().to_vec()),
        "[\"',;\t =@0-9a-f-]{0,12}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    let line = prop::collection::vec(cell, 0..4);
    let file = (
        prop::sample::select(vec!["", "\u{feff}"]),
        prop::sample::select(vec!["subscriptionId", "\"subscriptionId\"", "x"]),
        prop::sample::select(vec![",", ";", "\t", "|"]),
        prop::collection::vec(line, 0..8),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
    );
    let mut runner =
        TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    runner
        .run(&file, |(mark, name, delimiter, lines, end)| {
            let mut file = format!("{mark}{name}{delimiter}partnerId{end}").into_bytes();
            for line in lines {
                file.extend(line.join(delimiter.as_bytes()));
                file.extend(end.bytes());
            }
            let mut client = anna.clone();
            let answer = client.plan_csv(&file);
            prop_assert!(matches!(answer.status, 200 | 400), "{}", answer.text);
            if answer.status == 200 {
                let plan = answer.json();
                let read = totals(&plan);
                let mut wrong: Vec<u64> = problems(&plan).iter().map(|(line, _)| *line).collect();
                wrong.dedup();
                // Every line counts once: as a change, as no change, or as a problem.
                prop_assert_eq!(read.0, read.1 + (read.2 + wrong.len()) as u64);
            }
            Ok(())
        })
        .expect("no file makes the server fail");
    assert_eq!(anna.clone().subscriptions(), before);
}

/// A partner chooses the name of its offer, and the customer opens the file.
#[test]
fn an_exported_file_contains_no_formulas() {
    let server = Server::demo();
    let mut li_na = server.sign_in(LI_NA);
    let mut wang_hai = server.sign_in("wang.hai@haiyun.example");
    let formula = "=HYPERLINK(\"https://evil.example\",\"总价\")";
    let mut typed = draft("jaderiver.example", "lob", false);
    typed["recipient"] = json!(LI_NA);
    typed["terms"] = json!("Terms.");
    typed["offer"] = json!({ "kind": "trial", "product": formula, "quantity": "5" });
    let drafted = wang_hai.post("/api/invitations", &typed).ok().json();
    let path = format!("/api/invitations/{}/send", id(&drafted));
    let sent = wang_hai.change(&path, etag(&drafted), &json!({})).ok().json();
    let accepted = li_na.accept(&sent).ok().json();
    let path = format!("/api/relationships/{}", accepted["relationship"].as_str().expect("an id"));
    let relationship = li_na.get(&path).ok().json();
    let path = format!("{path}/createFromOffer");
    let made = li_na.change(&path, etag(&relationship), &json!({})).ok().json();
    assert_eq!(made["productName"], formula);
    for client in [&mut li_na, &mut wang_hai] {
        let file = client.get("/api/subscriptions/export").ok().text.clone();
        assert!(file.contains("\"'=HYPERLINK(\"\"https"), "{file}");
    }
    let file = li_na.get("/api/subscriptions/export").ok().text.clone();
    let plan = li_na.plan_csv(&file).ok().json();
    assert_eq!((totals(&plan).2, problems(&plan).len()), (0, 0));
}
