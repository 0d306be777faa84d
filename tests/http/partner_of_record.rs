//! The partner of record of a subscription: who sets it, refusals, and notifications.

use serde_json::{Value, json};

use crate::support::*;

const WANG_HAI: &str = "wang.hai@haiyun.example";
/// Contact addresses of partners.
const MERIDIAN_MAIL: &str = "hello@meridiancloud.example";
const KESTREL_MAIL: &str = "hello@kestrel.example";

/// Returns the newest entry about a subscription in the client's log.
fn entry(client: &mut Client, subscription: &Value) -> Value {
    let log = client.get("/api/activity?$top=100").ok().json();
    let entries = log["value"].as_array().expect("entries").clone();
    let of_it = |entry: &Value| entry["target"]["id"] == subscription["id"];
    entries.into_iter().find(of_it).unwrap_or_else(|| panic!("nothing about {subscription}"))
}

/// Returns the periods of a subscription's history: the Partner ID, who set it, who ended it.
fn history(client: &mut Client, subscription: &Value) -> Vec<(Value, Value, Value)> {
    let path = format!("/api/subscriptions/{}/history", id(subscription));
    let page = client.get(&path).ok().json();
    let periods = page["value"].as_array().expect("periods").clone();
    let short =
        |one: &Value| (one["partnerId"].clone(), one["setBy"].clone(), one["endedBy"].clone());
    periods.iter().map(short).collect()
}

/// Returns the mails to this address about the product of a subscription.
fn mails(server: &Server, to: &str, subscription: &Value) -> Vec<Value> {
    server.mails(to, subscription["productName"].as_str().expect("a name"))
}

#[test]
fn adding_changing_and_removing_writes_history_logs_and_mails() {
    let server = Server::demo();
    for (who, name, first, second) in
        [(ANNA, "Anna de Vries", MUNICH, AMSTERDAM), (EVA, "Eva Brandt", MUNICH, RHEINBLICK)]
    {
        let mut admin = server.sign_in(who);
        let mut mara = server.sign_in(MARA);
        let open = admin.subscription("active", false);
        let already = mails(&server, MERIDIAN_MAIL, &open).len();
        let known = history(&mut admin, &open);

        let added = admin.set_partner(&open, &format!(" {first} ")).ok().json();
        let record = &added["partnerOfRecord"];
        assert_eq!(
            (&record["partnerId"], &record["partnerName"], &record["setByName"]),
            (&json!(first), &json!("Meridian Cloud Services"), &json!(name))
        );
        assert!(record["accountName"].is_string() && record["country"] == "DE", "{record}");
        assert_ne!(added["@odata.etag"], open["@odata.etag"]);
        assert_eq!(admin.reload(&open), added);
        let noted = entry(&mut admin, &open);
        assert_eq!(
            (&noted["action"], &noted["details"]["partnerId"], &noted["actor"]["name"]),
            (&json!("partnerOfRecordAdded"), &json!(first), &json!(name))
        );
        assert_eq!(noted["details"]["partner"], "Meridian Cloud Services");
        let told = entry(&mut mara, &open);
        assert_eq!(
            (&told["action"], &told["details"]["customer"]),
            (&json!("partnerOfRecordAdded"), &added["customerName"])
        );
        let sent = mails(&server, MERIDIAN_MAIL, &open);
        assert_eq!(sent.len(), already + 1);
        let text = sent[0]["text"].as_str().expect("a text");
        assert!(text.contains(first) && text.contains(name), "{text}");
        // The partner sees the subscription, without the price.
        let mut seen = added.clone();
        seen.as_object_mut().expect("an object").remove("unitPrice").expect("a price");
        assert_eq!(mara.reload(&open), seen);

        let changed = admin.set_partner(&added, second).ok().json();
        assert_eq!(changed["partnerOfRecord"]["partnerId"], second);
        let noted = entry(&mut admin, &open);
        assert_eq!(
            (
                &noted["action"],
                &noted["details"]["partnerId"],
                &noted["details"]["formerPartnerId"]
            ),
            (&json!("partnerOfRecordChanged"), &json!(second), &json!(first))
        );

        let removed = admin.remove_partner(&changed).ok().json();
        assert!(removed["partnerOfRecord"].is_null());
        let noted = entry(&mut admin, &open);
        assert_eq!(
            (&noted["action"], &noted["details"]["formerPartnerId"]),
            (&json!("partnerOfRecordRemoved"), &json!(second))
        );
        assert!(noted["details"]["partnerId"].is_null());
        let since = history(&mut admin, &open);
        assert_eq!(since[..2], [second, first].map(|set| (json!(set), json!(name), json!(name))));
        assert_eq!(since[2..], known[..]);
        assert_eq!(admin.reload(&open), removed);
    }
}

#[test]
fn in_21vianet_the_customer_changes_and_removes_but_does_not_add() {
    let server = Server::demo();
    let mut li_na = server.sign_in(LI_NA);
    let subscriptions = li_na.subscriptions();
    let with = |one: &&Value| one["partnerOfRecord"].is_object() && one["status"] != "ended";
    let set = subscriptions.iter().find(with).expect("one that came from an offer").clone();
    let changed = li_na.set_partner(&set, BEIJING).ok().json();
    assert_eq!(changed["partnerOfRecord"]["partnerId"], BEIJING);
    assert_eq!(
        entry(&mut server.sign_in(WANG_HAI), &set)["action"],
        "partnerOfRecordChanged",
        "another location of the same partner"
    );
    let removed = li_na.remove_partner(&changed).ok().json();
    let refused = li_na.set_partner(&removed, SHANGHAI);
    refused.refused(409, "partnerStartsIn21Vianet");
    assert_eq!(refused.json()["error"]["nextStep"], "askForInvitation");
    let plan = li_na.plan(&[&removed], SHANGHAI).ok().json();
    assert_eq!(plan["problems"][0]["code"], "partnerStartsIn21Vianet");
    assert_eq!(li_na.reload(&set), removed);
}

#[test]
fn each_refusal_has_its_own_code() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = anna.subscription("active", false);
    let held = anna.subscription("active", true);
    let ended = anna.subscription("ended", false);
    let same = held["partnerOfRecord"]["partnerId"].as_str().expect("an ID").to_owned();
    for (subscription, typed, status, code, next) in [
        (&open, UNKNOWN_PARTNER_ID, 404, "partnerIdNotFound", "checkPartnerId"),
        (&open, GLOBAL, 409, "partnerIdIsGlobalAccount", "askForLocationId"),
        (&open, RHEINBLICK, 409, "partnerNotInCloud", "chooseOtherPartner"),
        (&open, SHANGHAI, 409, "partnerNotInCloud", "chooseOtherPartner"),
        (&ended, MUNICH, 409, "subscriptionEnded", "nothing"),
        (&held, same.as_str(), 409, "partnerOfRecordUnchanged", "nothing"),
        (&held, GLOBAL, 409, "partnerIdIsGlobalAccount", "askForLocationId"),
        (&held, UNKNOWN_PARTNER_ID, 404, "partnerIdNotFound", "checkPartnerId"),
    ] {
        let answer = anna.set_partner(subscription, typed);
        answer.refused(status, code);
        assert_eq!(answer.json()["error"]["nextStep"], next, "{code}");
    }
    anna.remove_partner(&open).refused(409, "noPartnerOfRecord");
    anna.remove_partner(&ended).refused(409, "subscriptionEnded");
    for one in [open, held, ended] {
        assert_eq!(anna.reload(&one), one);
    }
    // Trials and suspended subscriptions can have one too.
    for status in ["trial", "suspended"] {
        let one = anna
            .subscriptions()
            .into_iter()
            .find(|one| one["status"] == status)
            .unwrap_or_else(|| panic!("no {status}"));
        let typed = if one["partnerOfRecord"]["partnerId"] == KESTREL { MUNICH } else { KESTREL };
        let set = anna.set_partner(&one, typed).ok().json();
        anna.remove_partner(&set).ok();
    }
}

#[test]
fn the_second_of_two_administrators_gets_a_version_mismatch() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut daan = server.sign_in(DAAN);
    let seen = anna.subscription("active", false);
    let first = anna.set_partner(&seen, MUNICH).ok().json();
    for typed in [KESTREL, MUNICH, UNKNOWN_PARTNER_ID] {
        daan.set_partner(&seen, typed).refused(412, "versionMismatch");
    }
    let now = daan.reload(&seen);
    assert_eq!(now, first);
    assert_eq!(now["partnerOfRecord"]["setByName"], "Anna de Vries");
    let second = daan.set_partner(&now, KESTREL).ok().json();
    anna.remove_partner(&first).refused(412, "versionMismatch");
    daan.remove_partner(&second).ok();
    assert_eq!(
        history(&mut anna, &seen)[..2].iter().map(|one| &one.0).collect::<Vec<_>>(),
        [KESTREL, MUNICH]
    );
}

/// The first administrator's change may make the second one impossible. The second
/// administrator gets the version mismatch rather than the refusal.
#[test]
fn a_version_mismatch_is_reported_before_the_state() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut daan = server.sign_in(DAAN);
    let changed = |answer: Answer| {
        answer.refused(412, "versionMismatch");
    };
    // Both remove it.
    let seen = anna.subscription("active", true);
    let removed = anna.remove_partner(&seen).ok().json();
    changed(daan.remove_partner(&seen));
    daan.remove_partner(&removed).refused(409, "noPartnerOfRecord");
    // One cancels the subscription; the other sets, removes, and manages.
    let seen = anna.subscription_to("Microsoft 365 A3 for faculty");
    let canceled = anna.manage(&seen, "cancel").ok().json();
    changed(daan.set_partner(&seen, MUNICH));
    changed(daan.remove_partner(&seen));
    for action in ["cancel", "suspend", "reactivate"] {
        changed(daan.manage(&seen, action));
    }
    daan.set_partner(&canceled, MUNICH).refused(409, "subscriptionEnded");
    // Both suspend, both reactivate.
    let seen = anna.subscription_to("Exchange Online (Plan 1)");
    let suspended = anna.manage(&seen, "suspend").ok().json();
    changed(daan.manage(&seen, "suspend"));
    daan.manage(&suspended, "reactivate").ok();
    changed(anna.manage(&suspended, "reactivate"));
    // In 21Vianet's cloud one removes it, and the other changes it.
    let mut li_na = server.sign_in(LI_NA);
    let with = |one: &Value| one["partnerOfRecord"].is_object() && one["status"] == "active";
    let seen = li_na.subscriptions().into_iter().find(with).expect("one of an offer");
    let removed = li_na.remove_partner(&seen).ok().json();
    changed(li_na.set_partner(&seen, BEIJING));
    li_na.set_partner(&removed, BEIJING).refused(409, "partnerStartsIn21Vianet");
    // A missing permission is reported before the version.
    for mut other in [server.sign_in(CARLA), server.sign_in(KIM)] {
        let sold = anna.subscription_to("Teams Phone Standard");
        let mut old = sold.clone();
        old["@odata.etag"] = json!("W/\"9999\"");
        let answer = other.set_partner(&old, MUNICH);
        assert_eq!(answer.status, 403, "{}", answer.text);
    }
}

#[test]
fn a_change_to_another_location_of_the_partner_is_not_reported_as_a_removal() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = anna.subscription("active", false);
    let before = mails(&server, MERIDIAN_MAIL, &open).len();
    let munich = anna.set_partner(&open, MUNICH).ok().json();
    anna.set_partner(&munich, AMSTERDAM).ok();
    let told = mails(&server, MERIDIAN_MAIL, &open);
    assert_eq!(told.len(), before + 2, "named twice, and removed never");
    for mail in &told[..2] {
        let subject = mail["subject"].as_str().expect("a subject");
        assert_eq!(subject, told[0]["subject"].as_str().expect("a subject"));
    }
    assert_eq!(entry(&mut server.sign_in(MARA), &open)["action"], "partnerOfRecordChanged");
}

#[test]
fn of_two_changes_at_once_one_succeeds() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let daan = server.sign_in(DAAN);
    for (id_of_anna, id_of_daan) in [(MUNICH, KESTREL), (AMSTERDAM, ""), (FERNHILL, FERNHILL)] {
        let before = anna.subscription("active", id_of_daan.is_empty());
        let answers = at_once(vec![anna.clone(), daan.clone()], |client| {
            match if client.cookie == daan.cookie { id_of_daan } else { id_of_anna } {
                "" => client.remove_partner(&before),
                typed => client.set_partner(&before, typed),
            }
        });
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{answers:?}");
        let won = answers.iter().find(|answer| answer.status == 200).expect("one that was done");
        assert_eq!(anna.reload(&before), won.json());
        let record = &won.json()["partnerOfRecord"];
        let newest = history(&mut anna, &before).remove(0);
        assert_eq!(record.is_object(), newest.2.is_null(), "{newest:?}");
    }
}

#[test]
fn a_change_needs_exactly_one_version() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = anna.subscription("active", false);
    let path = format!("/api/subscriptions/{}/partnerOfRecord", id(&open));
    let body = json!({ "partnerId": MUNICH });
    let json = [("Content-Type", "application/json")];
    anna.send("PUT", &path, &json, Some(body.to_string().as_bytes()))
        .refused(428, "versionRequired");
    anna.delete(&path, None).refused(428, "versionRequired");
    for tag in ["*", "1", "W/\"x\""] {
        anna.change_by("PUT", &path, tag, &body).refused(400, "invalidFields");
    }
    anna.change_by("PUT", &path, "W/\"9999\"", &body).refused(412, "versionMismatch");
    for wrong in [json!(null), json!(MUNICH), json!({ "partnerId": 4_391_511 })] {
        anna.change_by("PUT", &path, etag(&open), &wrong).refused(400, "invalidRequest");
    }
    assert_eq!(anna.reload(&open), open);
}

/// This holds for every role, for the seller, and for the partner of record itself.
#[test]
fn a_partner_cannot_set_the_partner_of_record() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let open = anna.subscription("active", false);
    let held = anna.set_partner(&open, MUNICH).ok().json();
    let sold = anna
        .subscriptions()
        .into_iter()
        .find(|one| one["seller"]["partnerName"] == "Kestrel Licensing")
        .expect("one that Kestrel sells");
    for (who, subscription) in [(MARA, &held), (SAM, &held), (HUGO, &held), (KIM, &sold)] {
        let mut agent = server.sign_in(who);
        assert_eq!(id(&agent.reload(subscription)), id(subscription), "{who} sees it");
        for refused in [
            agent.set_partner(subscription, KESTREL),
            agent.set_partner(subscription, AMSTERDAM),
            agent.set_partner(subscription, UNKNOWN_PARTNER_ID),
            agent.remove_partner(subscription),
            agent.plan(&[subscription], KESTREL),
            agent.apply(&[subscription], KESTREL, subscription),
            agent.plan_csv("not read at all"),
            agent.check_id(UNKNOWN_PARTNER_ID),
        ] {
            refused.refused(403, "customerSetsPartnerOfRecord");
        }
    }
    let mut carla = server.sign_in(CARLA);
    carla.set_partner(&held, KESTREL).refused(403, "billingAdministratorRequired");
    carla.remove_partner(&held).refused(403, "billingAdministratorRequired");
    carla.plan(&[&held], "").refused(403, "billingAdministratorRequired");
    carla.apply(&[&held], "", &held).refused(403, "billingAdministratorRequired");
    let mut visitor = server.visitor();
    visitor.set_partner(&held, KESTREL).refused(401, "signInRequired");
    visitor.remove_partner(&held).refused(401, "signInRequired");
    visitor.plan(&[&held], KESTREL).refused(401, "signInRequired");
    visitor.apply(&[&held], KESTREL, &held).refused(401, "signInRequired");
    // For everyone else the subscription is not found.
    for stranger in [GRACE, EVA, "finn@fernhill.example"] {
        let mut stranger = server.sign_in(stranger);
        stranger.set_partner(&held, KESTREL).refused(404, "notFound");
        stranger.remove_partner(&held).refused(404, "notFound");
    }
    let plan = server.sign_in(GRACE).plan(&[&held], "").ok().json();
    assert_eq!(plan["problems"][0]["code"], "unknownSubscription");
    assert_eq!(anna.reload(&open), held);
    // Billing administrators can.
    server.sign_in(BEN).set_partner(&held, KESTREL).ok();
}

#[test]
fn a_partner_is_notified_of_itself_and_not_of_others() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut mara = server.sign_in(MARA);
    let mut kim = server.sign_in(KIM);
    let open = anna.subscription("active", false);
    let name = open["productName"].as_str().expect("a name");
    let (to_meridian, to_kestrel) =
        (mails(&server, MERIDIAN_MAIL, &open).len(), mails(&server, KESTREL_MAIL, &open).len());
    let first = anna.set_partner(&open, MUNICH).ok().json();
    anna.set_partner(&first, KESTREL).ok();
    let lost = mails(&server, MERIDIAN_MAIL, &open);
    let won = mails(&server, KESTREL_MAIL, &open);
    assert_eq!((lost.len(), won.len()), (to_meridian + 2, to_kestrel + 1));
    assert_ne!(lost[0]["subject"], lost[1]["subject"], "one came, one went");
    for (mail, own, other) in [(&lost[0], MUNICH, "Kestrel"), (&won[0], KESTREL, "Meridian")] {
        for part in ["text", "html"] {
            let text = mail[part].as_str().expect("a text");
            assert!(text.contains(own) && text.contains("brightwater.example"), "{text}");
            assert!(!text.contains(other), "{text}");
        }
        assert!(mail["text"].as_str().is_some_and(|text| text.contains(name)));
    }
    // Both have a page about the customer, since both have a relationship with it.
    for (mail, client) in [(&lost[0], &mut mara), (&won[0], &mut kim)] {
        let relationships = client.get("/api/relationships").ok().json();
        let of_anna =
            relationships["value"].as_array().expect("a list").iter().find(|one| {
                one["customerName"] == "Brightwater Schools" && one["status"] == "active"
            });
        let link = of_anna.map(|one| format!("{}/customers/{}", server.url, id(one)));
        let text = mail["text"].as_str().expect("a text");
        assert_eq!(
            text.contains("/customers/"),
            link.is_some(),
            "a link where there is a page: {text}"
        );
        assert!(link.is_none_or(|link| text.contains(&link)), "{text}");
    }
    let told = entry(&mut mara, &open);
    assert_eq!(told["action"], "partnerOfRecordRemoved");
    assert_eq!(told["details"]["formerPartnerId"], MUNICH);
    assert!(!told.to_string().contains("Kestrel") && !told.to_string().contains(KESTREL));
    let told = entry(&mut kim, &open);
    assert_eq!(told["action"], "partnerOfRecordAdded");
    assert!(!told.to_string().contains("Meridian"));
    // A former partner of record doesn't see the subscription.
    mara.get(&format!("/api/subscriptions/{}", id(&open))).refused(404, "notFound");
    assert!(!mara.get("/api/subscriptions").ok().text.contains(id(&open)));
    // A refused repetition sends no mail.
    anna.set_partner(&first, KESTREL).refused(412, "versionMismatch");
    assert_eq!(mails(&server, KESTREL_MAIL, &open).len(), to_kestrel + 1);
}
