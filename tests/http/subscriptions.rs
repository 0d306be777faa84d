//! Subscriptions: the list, managing them, their history, and creating what a partner offered.

use serde_json::{Value, json};

use crate::support::*;

/// Returns the product names on the first page of this query.
fn products(client: &mut Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("/api/subscriptions?{query}")).ok().json();
    let list = list["value"].as_array().expect("a list").clone();
    list.iter().map(|one| one["productName"].as_str().expect("a name").to_owned()).collect()
}

fn set_quantity(client: &mut Client, subscription: &Value, quantity: &str) -> Answer {
    let path = format!("/api/subscriptions/{}", id(subscription));
    client.change_by("PATCH", &path, etag(subscription), &json!({ "quantity": quantity }))
}

#[test]
fn the_list_is_searched_filtered_sorted_and_paged() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut found = |query: &str| products(&mut anna, query);
    let all = found("");
    assert!(all.len() >= 8, "{all:?}");
    assert_eq!(found("$search=visio"), ["Visio Plan 2"]);
    assert_eq!(found("$search=oakline"), ["Microsoft 365 A3 for faculty"], "by partner of record");
    assert_eq!(found("$search=6120984"), ["Microsoft 365 A3 for faculty"], "by Partner ID");
    assert_eq!(found("$search=POWER%20pro"), ["Power BI Pro"], "each word");
    assert!(found("$search=Brightwater").is_empty(), "a customer's own name is not searched");
    assert!(found("$search=%25").is_empty());
    assert_eq!(found("$filter=status eq 'trial'"), ["Power BI Premium Per User"]);
    assert_eq!(
        found("$filter=status in ('suspended','ended')&$orderby=product desc"),
        ["Visio Plan 2", "Project Plan 3", "Planner and Project Plan 5"]
    );
    assert_eq!(found("$filter=partnerId eq '5357564'"), ["Teams Phone Standard"]);
    let (none, any) =
        (found("$filter=partnerId eq null").len(), found("$filter=partnerId ne null").len());
    assert!(none > 0 && any > 0 && none + any == all.len());
    let by_status = found("$orderby=status");
    assert_eq!(by_status[0], "Power BI Premium Per User", "trials first");
    let mut paged = Vec::new();
    let mut next =
        Some(format!("{}/api/subscriptions?$top=3&$orderby=renews&$count=true", server.url));
    while let Some(link) = next {
        let path = link.strip_prefix(&server.url).expect("a link to this server").to_owned();
        let page = anna.get(&path).ok().json();
        assert_eq!(page["@odata.count"], all.len());
        paged.extend(page["value"].as_array().expect("a list").clone());
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(paged.len(), all.len());
    let ends = |one: &Value| {
        let ends = one["ends"].as_str().filter(|_| one["status"] == "trial");
        let text = one["renews"].as_str().or(ends);
        text.map_or("9".to_owned(), str::to_owned)
    };
    assert!(paged.is_sorted_by_key(ends), "subscriptions without a date come last");
    for (query, field) in [
        ("$filter=status eq 'asleep'", "filter"),
        ("$filter=partnerId eq '0123'", "filter"),
        ("$filter=customer eq 'x'", "filter"),
        ("status=trial", "query"),
        ("$orderby=price", "orderby"),
        ("$top=0", "top"),
        ("color=red", "query"),
    ] {
        let answer = anna.get(&format!("/api/subscriptions?{query}"));
        answer.refused(400, "invalidFields");
        assert!(answer.field(field).is_some(), "{query}: {}", answer.text);
    }
}

#[test]
fn each_organization_sees_what_concerns_it() {
    let server = Server::demo();
    for who in [ANNA, BEN, CARLA] {
        let mut member = server.sign_in(who);
        assert!(
            member.subscriptions().iter().all(|one| one["customerName"] == "Brightwater Schools")
        );
    }
    let telephones = server.sign_in(ANNA).subscription_to("Teams Phone Standard");
    let faculty = server.sign_in(ANNA).subscription_to("Microsoft 365 A3 for faculty");
    let path = format!("/api/subscriptions/{}", id(&telephones));
    assert_eq!(server.sign_in(KIM).get(&path).ok().json(), telephones);
    for who in [GRACE, EVA, "olga@oakline.example", MARA] {
        let mut stranger = server.sign_in(who);
        stranger.get(&path).refused(404, "notFound");
        stranger.get(&format!("{path}/history")).refused(404, "notFound");
        stranger.manage(&telephones, "cancel").refused(404, "notFound");
        set_quantity(&mut stranger, &telephones, "1").refused(404, "notFound");
    }
    // A partner sees neither another partner of record nor another reseller.
    let mut anna = server.sign_in(ANNA);
    let named = anna.set_partner(&telephones, FERNHILL).ok().json();
    let mut kim = server.sign_in(KIM);
    let seen = kim.reload(&named);
    assert!(seen.get("partnerOfRecord").is_none(), "{seen}");
    assert_eq!((&seen["seller"], &seen["unitPrice"]), (&named["seller"], &named["unitPrice"]));
    for query in ["$search=fernhill", "$search=2847716", "$filter=partnerId eq '2847716'"] {
        assert!(products(&mut kim, query).is_empty(), "{query}");
        assert_eq!(products(&mut anna, query).len(), 2, "{query}");
    }
    assert!(
        products(&mut kim, "$filter=partnerId eq null").contains(&"Teams Phone Standard".into())
    );
    let mut finn = server.sign_in("finn@fernhill.example");
    let seen = finn.reload(&named);
    assert_eq!(seen["partnerOfRecord"], named["partnerOfRecord"]);
    for hidden in ["seller", "unitPrice"] {
        assert!(named.get(hidden).is_some() && seen.get(hidden).is_none(), "{hidden}: {seen}");
    }
    assert!(!seen.to_string().contains("Kestrel") && !seen.to_string().contains("Kim"), "{seen}");
    let file = finn.get("/api/subscriptions/export").text;
    assert!(file.contains("Teams Phone Standard") && !file.contains("Kestrel"), "{file}");
    assert!(!kim.get("/api/subscriptions/export").text.contains("Fernhill"));
    // A partner searches by its customers' names, and filters by customer.
    let mut mara = server.sign_in(MARA);
    let sees = products(&mut mara, "");
    let lindenhof = server.sign_in(EVA).organization();
    let of_one = products(&mut mara, &format!("$filter=customer eq '{lindenhof}'"));
    assert_eq!(of_one, ["Office 365 Business Premium", "Office 365 Enterprise E3"]);
    assert_eq!(products(&mut mara, "$search=lindenhof"), of_one);
    assert_eq!(products(&mut mara, "$search=brightwater"), ["Microsoft 365 Business Premium"]);
    assert_eq!(sees.len(), 3);
    // A former partner of record doesn't see the subscription.
    mara.get(&format!("/api/subscriptions/{}", id(&faculty))).refused(404, "notFound");
    let mut wang = server.sign_in("wang.hai@haiyun.example");
    assert_eq!(products(&mut wang, ""), ["Office 365 企业版 E1"]);
}

#[test]
fn a_customer_sees_the_whole_history_and_a_partner_its_own_part() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let telephones = anna.subscription_to("Teams Phone Standard");
    let path = format!("/api/subscriptions/{}/history", id(&telephones));
    let history = anna.get(&path).ok().json();
    let periods = history["value"].as_array().expect("periods");
    let told: Vec<_> = periods
        .iter()
        .map(|one| (one["partnerName"].as_str().unwrap(), one["setBy"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("Kestrel Licensing", "Anna de Vries"),
            ("Meridian Cloud Services", "Ben Okafor"),
            ("Kestrel Licensing", "Anna de Vries"),
        ]
    );
    assert!(periods[0].get("until").is_none() && periods[0].get("endedBy").is_none());
    for (later, earlier) in periods.iter().zip(&periods[1..]) {
        assert_eq!(later["since"], earlier["until"], "the periods have no gaps");
        assert_eq!(later["setBy"], earlier["endedBy"]);
    }
    let kim = server.sign_in(KIM).get(&path).ok().json();
    let own: Vec<_> =
        kim["value"].as_array().expect("periods").iter().map(|one| &one["partnerName"]).collect();
    assert_eq!(own, ["Kestrel Licensing", "Kestrel Licensing"]);
    let none = anna.subscription_to("Power BI Pro");
    let history = anna.get(&format!("/api/subscriptions/{}/history", id(&none))).ok().json();
    assert_eq!(history["value"], json!([]));
}

#[test]
fn a_former_reseller_does_not_see_its_subscriptions() {
    let server = Server::demo();
    let mut kim = server.sign_in(KIM);
    let mut ben = server.sign_in(BEN);
    let sold = ben.subscription_to("Teams Phone Standard");
    let named = ben.set_partner(&sold, FERNHILL).ok().json();
    let suspended = kim.manage(&named, "suspend").ok().json();
    let relationship = ben.relationship("Kestrel Licensing");
    let end = format!("/api/relationships/{}/end", id(&relationship));
    let current = ben.relationship("Kestrel Licensing");
    kim.change(&end, etag(&current), &json!({})).ok();
    let log = kim.log(50);
    let path = format!("/api/subscriptions/{}", id(&sold));
    let gone = |kim: &mut Client| {
        kim.get(&path).refused(404, "notFound");
        kim.get(&format!("{path}/history")).refused(404, "notFound");
        assert!(!products(kim, "").contains(&"Teams Phone Standard".to_owned()));
        assert_eq!(kim.get("/api/subscriptions?$count=true").ok().json()["@odata.count"], 0);
    };
    gone(&mut kim);
    kim.manage(&suspended, "reactivate").refused(404, "notFound");
    // After that only the customer's log has the changes.
    let running = ben.manage(&ben.clone().reload(&sold), "reactivate").ok().json();
    let more = set_quantity(&mut ben, &running, "777").ok().json();
    assert_eq!(more["seller"]["sells"], false);
    assert_eq!(kim.log(50), log);
    // As partner of record it sees the subscription again, without the price.
    ben.set_partner(&more, KESTREL).ok();
    let seen = kim.reload(&more);
    assert_eq!(seen["partnerOfRecord"]["partnerId"], KESTREL);
    assert!(seen.get("unitPrice").is_none());
    kim.manage(&seen, "suspend").refused(409, "relationshipEnded");
}

#[test]
fn a_customer_manages_its_own_subscriptions() {
    let server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let seen = ben.subscription_to("Power BI Pro");
    let more = set_quantity(&mut ben, &seen, "15").ok().json();
    assert_eq!((&more["quantity"], &seen["quantity"]), (&json!(15), &json!(12)));
    let log = ben.get("/api/activity?$top=1").ok().json();
    let entry = &log["value"][0];
    assert_eq!(
        (&entry["action"], &entry["target"]["kind"]),
        (&json!("quantityChanged"), &json!("subscription"))
    );
    assert_eq!(entry["details"], json!({ "quantity": "15", "formerQuantity": "12" }));
    for wrong in ["0", "-1", "10001", "1e3", "ten"] {
        let answer = set_quantity(&mut ben, &more, wrong);
        answer.refused(400, "invalidFields");
        assert_eq!(answer.field("quantity").as_deref(), Some("notAQuantity"), "{wrong}");
    }
    // The same quantity changes neither the version nor the log.
    let (same, log) = (set_quantity(&mut ben, &more, "15"), ben.log(50));
    assert_eq!(same.ok().json(), more);
    assert_eq!(ben.log(50), log);
    let suspended = ben.manage(&more, "suspend").ok().json();
    assert_eq!(suspended["status"], "suspended");
    assert!(suspended.get("renews").is_none());
    ben.manage(&suspended, "suspend").refused(409, "subscriptionSuspended");
    set_quantity(&mut ben, &suspended, "1").refused(409, "subscriptionSuspended");
    let running = ben.manage(&suspended, "reactivate").ok().json();
    assert_eq!(running["renews"], more["renews"], "the renewal date is the same");
    ben.manage(&running, "reactivate").refused(409, "subscriptionNotSuspended");
    let canceled = ben.manage(&running, "cancel").ok().json();
    assert_eq!((&canceled["status"], canceled["state"]["by"].is_string()), (&json!("ended"), true));
    for action in ["suspend", "reactivate", "cancel"] {
        ben.manage(&canceled, action).refused(409, "subscriptionEnded");
    }
    set_quantity(&mut ben, &canceled, "1").refused(409, "subscriptionEnded");
    assert_eq!(
        ben.log(4),
        [
            "subscriptionCanceled",
            "subscriptionReactivated",
            "subscriptionSuspended",
            "quantityChanged"
        ]
    );
    let trial = ben.subscription_to("Power BI Premium Per User");
    ben.manage(&trial, "suspend").refused(409, "subscriptionIsTrial");
    let over = ben.subscription_to("Planner and Project Plan 5");
    assert_eq!(over["status"], "ended", "by the clock");
    ben.manage(&over, "cancel").refused(409, "subscriptionEnded");
    set_quantity(&mut ben, &trial, "30").ok();
}

#[test]
fn managing_needs_a_role_that_buys_and_the_current_version() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut carla = server.sign_in(CARLA);
    let seen = anna.subscription_to("Power BI Pro");
    let path = format!("/api/subscriptions/{}", id(&seen));
    for action in ["suspend", "cancel"] {
        carla.manage(&seen, action).refused(403, "billingAdministratorRequired");
        anna.post(&format!("{path}/{action}"), &json!({})).refused(428, "versionRequired");
    }
    set_quantity(&mut carla, &seen, "1").refused(403, "billingAdministratorRequired");
    set_quantity(&mut anna, &seen, "11").ok();
    set_quantity(&mut anna, &seen, "10").refused(412, "versionMismatch");
    anna.manage(&seen, "cancel").refused(412, "versionMismatch");
    let now = anna.get(&path);
    assert_eq!(now.header("etag"), Some(etag(&now.json())));
    let unchanged = anna.send("GET", &path, &[("If-None-Match", etag(&now.json()))], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    // A partner of record can't manage the subscription.
    let advised = anna.subscription_to("Microsoft 365 Business Premium");
    for who in [MARA, SAM, HUGO] {
        server.sign_in(who).manage(&advised, "suspend").refused(403, "notTheSeller");
    }
    let clients = vec![server.sign_in(ANNA), server.sign_in(BEN)];
    let now = now.json();
    let mut answers: Vec<_> = at_once(clients, |client| client.manage(&now, "suspend"))
        .iter()
        .map(|one| one.status)
        .collect();
    answers.sort_unstable();
    assert!(answers[0] == 200 && answers[1] != 200, "{answers:?}");
}

#[test]
fn a_reseller_manages_subscriptions_after_the_agreement_is_accepted() {
    let server = Server::demo();
    let mut eva = server.sign_in(EVA);
    let mut mara = server.sign_in(MARA);
    let sold = mara.subscription_to("Office 365 Enterprise E3");
    assert_eq!(sold["seller"]["agreementAccepted"], false);
    let refused = mara.manage(&sold, "suspend");
    refused.refused(409, "agreementNotAccepted");
    assert_eq!(refused.json()["error"]["nextStep"], "acceptAgreement");
    set_quantity(&mut mara, &sold, "90").refused(409, "agreementNotAccepted");
    mara.manage(&sold, "cancel").refused(409, "agreementNotAccepted");
    set_quantity(&mut eva, &sold, "90").refused(409, "managedByReseller");
    let hash = eva.get("/api/agreement").ok().json()["hash"].clone();
    eva.post("/api/agreement/accept", &json!({ "hash": hash, "acknowledged": true })).ok();
    for who in [SAM, HUGO] {
        set_quantity(&mut server.sign_in(who), &sold, "90").refused(403, "adminAgentRequired");
    }
    let more = set_quantity(&mut mara, &sold, "90").ok().json();
    assert_eq!(
        (&more["quantity"], &more["seller"]["agreementAccepted"]),
        (&json!(90), &json!(true))
    );
    for client in [&mut eva, &mut mara] {
        assert!(client.log(2).contains(&"quantityChanged".to_owned()));
    }
}

#[test]
fn only_the_current_reseller_manages_a_sold_subscription() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut kim = server.sign_in(KIM);
    let mut finn = server.sign_in("finn@fernhill.example");
    // Kestrel sells it, and Fernhill becomes its partner of record.
    let sold = anna.subscription_to("Teams Phone Standard");
    let sold = anna.set_partner(&sold, FERNHILL).ok().json();
    server.create_user("kestrel.example", "salesAgent", "sue@kestrel.example");
    let mut sue = server.sign_in("sue@kestrel.example");
    let check_all = |sold: &Value, clients: [(&mut Client, u16, &str); 3], actions: &[&str]| {
        for (client, status, code) in clients {
            for action in actions {
                client.manage(sold, action).refused(status, code);
            }
        }
    };
    let manage_all = [
        (&mut anna, 409, "managedByReseller"),
        (&mut finn, 403, "notTheSeller"),
        (&mut sue, 403, "adminAgentRequired"),
    ];
    check_all(&sold, manage_all, &["suspend", "cancel"]);
    set_quantity(&mut finn, &sold, "1").refused(403, "notTheSeller");
    let suspended = kim.manage(&sold, "suspend").ok().json();
    let manage_all = [
        (&mut anna, 409, "managedByReseller"),
        (&mut finn, 403, "notTheSeller"),
        (&mut sue, 403, "adminAgentRequired"),
    ];
    check_all(&suspended, manage_all, &["reactivate", "cancel"]);
    let mut carla = server.sign_in(CARLA);
    let own = anna.subscription_to("Visio Plan 2");
    carla.manage(&own, "reactivate").refused(403, "billingAdministratorRequired");
    let mut grace = server.sign_in(GRACE);
    for action in ["suspend", "reactivate", "cancel"] {
        grace.manage(&sold, action).refused(404, "notFound");
    }
    // As partner of record, a former reseller sees the subscription and can't change it.
    let named = anna.set_partner(&suspended, KESTREL).ok().json();
    let relationship = anna.relationship("Kestrel Licensing");
    let end = format!("/api/relationships/{}/end", id(&relationship));
    kim.change(&end, etag(&relationship), &json!({})).ok();
    for action in ["reactivate", "cancel"] {
        kim.manage(&named, action).refused(409, "relationshipEnded");
    }
    let running = anna.manage(&named, "reactivate").ok().json();
    set_quantity(&mut kim, &running, "1").refused(409, "relationshipEnded");
}

/// Returns the relationship of the trading house with a pending offer.
fn offered(client: &mut Client) -> Value {
    client.relationship("长风信息 Changfeng Information")
}

fn create(client: &mut Client, relationship: &Value) -> Answer {
    let path = format!("/api/relationships/{}/createFromOffer", id(relationship));
    client.change(&path, etag(relationship), &json!({}))
}

#[test]
fn an_offered_purchase_is_created_once_with_its_partner_of_record() {
    let server = Server::demo();
    let mut li_na = server.sign_in(LI_NA);
    let mut zhao = server.sign_in("zhao@changfeng.example");
    let waiting = offered(&mut li_na);
    assert_eq!(waiting["offer"]["quantity"], 40);
    create(&mut zhao, &waiting).refused(403, "customerOnly");
    server.create_user("jaderiver.example", "globalReader", "reader@jaderiver.example");
    let mut reader = server.sign_in("reader@jaderiver.example");
    create(&mut reader, &waiting).refused(403, "billingAdministratorRequired");
    create(&mut server.sign_in(ANNA), &waiting).refused(404, "notFound");
    let path = format!("/api/relationships/{}/createFromOffer", id(&waiting));
    li_na.post(&path, &json!({})).refused(428, "versionRequired");
    // A double click creates one subscription.
    let clients = vec![server.sign_in(LI_NA), server.sign_in(LI_NA)];
    let answers = at_once(clients, |client| create(client, &waiting));
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status == 201);
    assert_eq!((done.len(), refused.len()), (1, 1));
    refused[0].refused(412, "versionMismatch");
    let taken = offered(&mut li_na);
    create(&mut li_na, &taken).refused(409, "noOffer");
    let created = done[0].json();
    let place = format!("{}/api/subscriptions/{}", server.url, id(&created));
    assert_eq!(done[0].header("location"), Some(place.as_str()));
    assert_eq!(
        (&created["productName"], &created["quantity"], &created["status"], &created["term"]),
        (&json!("Office 365 企业版 E3"), &json!(40), &json!("active"), &json!("P1Y"))
    );
    assert_eq!(created["offerOf"], waiting["invitation"]);
    assert!(created.get("unitPrice").is_none() && created.get("product").is_none());
    assert_eq!(created["seller"]["partnerName"], "长风信息 Changfeng Information");
    assert_eq!(created["partnerOfRecord"]["partnerId"], "4852016");
    assert_eq!(created["partnerOfRecord"]["setByName"], "李娜 Li Na");
    assert!(offered(&mut li_na).get("offer").is_none(), "the offer is no longer pending");
    assert_eq!(offered(&mut li_na)["activeSubscriptions"], 1);
    assert_eq!(server.mails("hello@changfeng.example", "Office 365 企业版 E3").len(), 1);
    assert_eq!(li_na.log(2), ["partnerOfRecordAdded", "subscriptionCreated"]);
    assert_eq!(zhao.log(2), ["partnerOfRecordAdded", "subscriptionCreated"]);
    // The partner of record can be changed and removed, but not added again.
    let changed = li_na.set_partner(&created, BEIJING).ok().json();
    let removed = li_na.remove_partner(&changed).ok().json();
    li_na.set_partner(&removed, SHANGHAI).refused(409, "partnerStartsIn21Vianet");
}

#[test]
fn an_offered_trial_runs_thirty_days() {
    let server = Server::demo();
    let mut li_na = server.sign_in(LI_NA);
    let list = li_na.get("/api/invitations").ok().json();
    let invitation = list["value"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["offer"]["kind"] == "trial" && one["status"] == "sent")
        .expect("a trial that is offered")
        .clone();
    li_na.accept(&invitation).ok();
    let partner = invitation["partner"]["name"].as_str().expect("a name").to_owned();
    let waiting = li_na.relationship(&partner);
    assert_eq!(waiting["offer"], invitation["offer"]);
    let trial = create(&mut li_na, &waiting).ok().json();
    assert_eq!((&trial["status"], &trial["quantity"]), (&json!("trial"), &json!(25)));
    let moment = |field: &str| trial[field].as_str().expect("a moment").parse::<rules::Timestamp>();
    let (created, ends) = (moment("created").expect("a moment"), moment("ends").expect("a moment"));
    assert_eq!(created.plus(30 * rules::DAY), ends);
    assert_eq!(trial["partnerOfRecord"]["partnerName"], invitation["partner"]["name"]);
    // The offer is of a delegated administrator, which is no reseller.
    assert!(trial.get("seller").is_none());
    let done = li_na.relationship(&partner);
    create(&mut li_na, &done).refused(409, "noOffer");
}

#[test]
fn an_offer_ends_with_the_relationship() {
    let server = Server::demo();
    let mut li_na = server.sign_in(LI_NA);
    let mut zhao = server.sign_in("zhao@changfeng.example");
    let waiting = offered(&mut zhao);
    zhao.change(&format!("/api/relationships/{}/end", id(&waiting)), etag(&waiting), &json!({}))
        .ok();
    create(&mut li_na, &waiting).refused(412, "versionMismatch");
    let ended = li_na.get(&format!("/api/relationships/{}", id(&waiting))).ok().json();
    create(&mut li_na, &ended).refused(409, "relationshipEnded");
    assert!(li_na.subscriptions().iter().all(|one| one["productName"] != "Office 365 企业版 E3"));
}

#[test]
fn the_export_has_the_rows_of_the_list() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let export = anna.get("/api/subscriptions/export?$filter=partnerId ne null");
    assert_eq!(export.status, 200);
    assert!(export.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")));
    assert!(
        export.header("content-disposition").is_some_and(|value| value.contains("subscriptions-"))
    );
    let listed = products(&mut anna, "$filter=partnerId ne null");
    let mut lines = export.text.trim_end().lines();
    assert!(lines.next().is_some_and(|names| names.contains("subscriptionId")));
    assert_eq!(lines.count(), listed.len());
    server.visitor().get("/api/subscriptions/export").refused(401, "signInRequired");
}
