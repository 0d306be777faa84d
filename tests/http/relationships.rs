//! Relationships: the list, removing roles, deleting, and ending.

use serde_json::{Value, json};

use crate::documented::operations;
use crate::support::*;

fn remove_roles(client: &mut Client, relationship: &Value) -> Answer {
    let path = format!("/api/relationships/{}/removeAdminRoles", id(relationship));
    client.change(&path, etag(relationship), &json!({}))
}

fn delete(client: &mut Client, relationship: &Value) -> Answer {
    client.delete(&format!("/api/relationships/{}", id(relationship)), Some(etag(relationship)))
}

#[test]
fn removing_the_roles_of_an_administering_reseller_leaves_a_reseller() {
    let server = Server::demo();
    let mut eva = server.sign_in(EVA);
    let before = eva.relationship("Meridian Cloud Services");
    assert_eq!(before["adminRoles"].as_array().map(Vec::len), Some(2));
    let after = remove_roles(&mut eva, &before).ok().json();
    assert_eq!(
        (&after["relationshipType"], &after["adminRoles"], &after["status"]),
        (&json!("reseller"), &json!([]), &json!("active"))
    );
    assert_eq!(eva.relationship("Meridian Cloud Services"), after, "still listed");
    remove_roles(&mut eva, &after).refused(409, "typeHoldsNoRoles");
}

#[test]
fn a_delegated_administrator_without_roles_stays_listed_and_can_be_deleted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let before = anna.relationship("Oakline IT");
    let after = remove_roles(&mut anna, &before).ok().json();
    assert_eq!(
        (&after["relationshipType"], &after["adminRoles"]),
        (&json!("delegatedAdministrator"), &json!([]))
    );
    remove_roles(&mut anna, &after).refused(409, "noRolesToRemove");
    let account = anna.relationship("Saltmarsh Consulting");
    remove_roles(&mut anna, &account).refused(409, "rolesHeldByAccount");
    assert_eq!(delete(&mut anna, &after).status, 204);
    let gone = anna.get(&format!("/api/relationships/{}", id(&after))).ok().json();
    assert_eq!(gone["status"], "ended");
    delete(&mut anna, &gone).refused(409, "relationshipEnded");
    remove_roles(&mut anna, &gone).refused(409, "relationshipEnded");
    let mut olga = server.sign_in("olga@oakline.example");
    act(&mut olga, &gone, "giveUpAdminRoles").refused(409, "relationshipEnded");
}

#[test]
fn an_advisor_with_roles_can_be_deleted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let fernhill = anna.relationship("Fernhill Support");
    assert_eq!(delete(&mut anna, &fernhill).status, 204);
    let gone = anna.get(&format!("/api/relationships/{}", id(&fernhill))).json();
    assert_eq!((&gone["status"], &gone["adminRoles"]), (&json!("ended"), &json!([])));
}

#[test]
fn the_six_other_types_cannot_be_deleted() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut eva = server.sign_in(EVA);
    let refused = |client: &mut Client, partner: &str, code: &str, next: &str| {
        let relationship = client.relationship(partner);
        let answer = delete(client, &relationship);
        answer.refused(409, code);
        assert_eq!(answer.json()["error"]["nextStep"], next);
        assert_eq!(client.relationship(partner), relationship, "nothing changed");
        relationship["relationshipType"].as_str().expect("a type").to_owned()
    };
    let mut types = vec![
        refused(&mut anna, "Kestrel Licensing", "resellerEndsRelationship", "askReseller"),
        refused(&mut eva, "Meridian Cloud Services", "resellerEndsRelationship", "askReseller"),
        refused(&mut anna, "Saltmarsh Consulting", "partnerEndsRelationship", "askPartner"),
        refused(&mut anna, "Tidewater Procurement", "partnerEndsRelationship", "askPartner"),
        refused(&mut anna, "Pinnacle Devices", "partnerEndsRelationship", "askPartner"),
        refused(&mut anna, "Lumen App Studio", "partnerEndsRelationship", "askPartner"),
    ];
    types.sort();
    assert_eq!(
        types,
        ["lob", "mpsa", "oemPc", "partner", "reseller", "resellerAndDelegatedAdministrator"]
    );
}

#[test]
fn only_a_global_administrator_removes_roles_and_deletes() {
    let server = Server::demo();
    let oakline = server.sign_in(ANNA).relationship("Oakline IT");
    for who in [BEN, CARLA] {
        let mut member = server.sign_in(who);
        member.get(&format!("/api/relationships/{}", id(&oakline))).ok();
        remove_roles(&mut member, &oakline).refused(403, "globalAdministratorRequired");
        delete(&mut member, &oakline).refused(403, "globalAdministratorRequired");
    }
    let mut olga = server.sign_in("olga@oakline.example");
    delete(&mut olga, &oakline).refused(403, "customerOnly");
    remove_roles(&mut olga, &oakline).refused(403, "customerOnly");
    for who in [GRACE, EVA, MARA] {
        let mut stranger = server.sign_in(who);
        stranger.get(&format!("/api/relationships/{}", id(&oakline))).refused(404, "notFound");
        stranger
            .get(&format!("/api/relationships/{}/history", id(&oakline)))
            .refused(404, "notFound");
        remove_roles(&mut stranger, &oakline).refused(404, "notFound");
        delete(&mut stranger, &oakline).refused(404, "notFound");
    }
    assert_eq!(server.sign_in(ANNA).relationship("Oakline IT"), oakline);
}

#[test]
fn a_change_needs_the_current_version() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut daan = server.sign_in(DAAN);
    let seen = anna.relationship("Oakline IT");
    let path = format!("/api/relationships/{}", id(&seen));
    anna.delete(&path, None).refused(428, "versionRequired");
    let answer = anna.delete(&path, Some("yesterday's"));
    assert_eq!(answer.status, 400, "{}", answer.text);
    remove_roles(&mut daan, &seen).ok();
    delete(&mut anna, &seen).refused(412, "versionMismatch");
    let mut outdated = anna.relationship("Fernhill Support");
    outdated["@odata.etag"] = json!("W/\"9999\"");
    remove_roles(&mut anna, &outdated).refused(412, "versionMismatch");
    let now = anna.get(&path);
    assert_eq!(now.header("etag"), Some(etag(&now.json())));
    let unchanged = anna.send("GET", &path, &[("If-None-Match", etag(&now.json()))], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
}

#[test]
fn the_list_is_searched_filtered_sorted_and_paged() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut names = |query: &str| -> Vec<String> {
        let list = anna.get(&format!("/api/relationships?{query}")).ok().json();
        let list = list["value"].as_array().expect("a list").clone();
        list.iter().map(|one| one["partner"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names("$search=oak"), ["Oakline IT"]);
    assert_eq!(names("$search=2847716"), ["Fernhill Support"], "by Partner ID");
    assert_eq!(names("$search=OAKLINE.example"), ["Oakline IT"], "by domain");
    assert!(names("$search=%25").is_empty(), "a wildcard of SQL is an ordinary character");
    assert_eq!(names("$filter=status eq 'ended'"), ["Meridian Cloud Services"]);
    assert_eq!(
        names("$filter=relationshipType in ('reseller','lob')&$orderby=since desc"),
        ["Lumen App Studio", "Kestrel Licensing"]
    );
    let all = names("");
    assert_eq!(all.len(), 9);
    let mut paged = Vec::new();
    let mut next = Some(format!("{}/api/relationships?$top=2&$count=true", server.url));
    while let Some(link) = next {
        let path =
            link.strip_prefix(&server.url).expect("an absolute link to this server").to_owned();
        let page = anna.get(&path).ok().json();
        assert_eq!(page["@odata.count"], 9);
        for one in page["value"].as_array().expect("a list") {
            paged.push(one["partner"]["name"].as_str().expect("a name").to_owned());
        }
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(paged, all);
}

#[test]
fn the_list_of_a_customer_without_partners_is_empty() {
    let server = Server::demo();
    let list = server.sign_in(GRACE).get("/api/relationships?$count=true").ok().json();
    assert_eq!((list["value"].clone(), list["@odata.count"].clone()), (json!([]), json!(0)));
}

#[test]
fn the_export_has_the_rows_of_the_list() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let export = anna.get("/api/relationships/export?$filter=status eq 'active'");
    assert_eq!(export.status, 200);
    assert!(export.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")));
    assert!(export.header("content-disposition").is_some_and(|value| value.contains("attachment")));
    assert_eq!(
        export.text.trim_end().lines().count(),
        9,
        "a heading and eight partners: {}",
        export.text
    );
    server.visitor().get("/api/relationships/export").refused(401, "signInRequired");
}

#[test]
fn a_change_is_in_the_logs_of_both_sides() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let oakline = anna.relationship("Oakline IT");
    remove_roles(&mut anna, &oakline).ok();
    for (who, other) in [(ANNA, "Oakline IT"), ("olga@oakline.example", "Brightwater Schools")] {
        let log = server.sign_in(who).get("/api/activity?$top=20").ok().json();
        let entries = log["value"].as_array().expect("entries").clone();
        let entry =
            entries.iter().find(|entry| entry["action"] == "adminRolesRemoved").expect("the entry");
        assert_eq!(entry["actor"]["name"], "Anna de Vries");
        assert_eq!(entry["target"]["name"], other);
        assert_eq!(entry["details"]["adminRoles"], "globalAdministrator,helpdeskAdministrator");
    }
    let history = anna.get(&format!("/api/relationships/{}/history", id(&oakline))).ok().json();
    assert_eq!(history["value"][0]["action"], "adminRolesRemoved");
}

fn act(client: &mut Client, relationship: &Value, action: &str) -> Answer {
    let path = format!("/api/relationships/{}/{action}", id(relationship));
    client.change(&path, etag(relationship), &json!({}))
}

#[test]
fn giving_up_roles_notifies_every_global_administrator() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut olga = server.sign_in("olga@oakline.example");
    let before = anna.relationship("Oakline IT");
    let after = act(&mut olga, &before, "giveUpAdminRoles").ok().json();
    assert_eq!(
        (&after["relationshipType"], &after["adminRoles"], &after["status"]),
        (&json!("delegatedAdministrator"), &json!([]), &json!("active"))
    );
    assert_eq!(anna.relationship("Oakline IT"), after, "still listed");
    act(&mut olga, &before, "giveUpAdminRoles").refused(412, "versionMismatch");
    act(&mut olga, &after, "giveUpAdminRoles").refused(409, "noRolesToRemove");
    told(&server, &after, "Olga Bakker");
    for who in [ANNA, "olga@oakline.example"] {
        assert_eq!(
            server.sign_in(who).log(5).iter().filter(|one| *one == "adminRolesGivenUp").count(),
            1
        );
    }
    // A partner without roles has none to give up.
    let mut kim = server.sign_in(KIM);
    let reseller = anna.relationship("Kestrel Licensing");
    act(&mut kim, &reseller, "giveUpAdminRoles").refused(409, "typeHoldsNoRoles");
    let mut sanne = server.sign_in("sanne@saltmarsh.example");
    let account = anna.relationship("Saltmarsh Consulting");
    act(&mut sanne, &account, "giveUpAdminRoles").refused(409, "rolesHeldByAccount");
}

/// Checks that both Global administrators got one mail in their language, and no one else did.
#[track_caller]
fn told(server: &Server, relationship: &Value, person: &str) {
    let link = format!("{}/settings/partner-relationships/{}", server.url, id(relationship));
    let mut subjects = Vec::new();
    for who in [ANNA, DAAN] {
        let mails = server.mails(who, person);
        assert_eq!(mails.len(), 1, "{who}");
        let text = mails[0]["text"].as_str().expect("a text");
        assert!(text.contains(&link), "{text}");
        subjects.push(mails[0]["subject"].clone());
    }
    assert_ne!(subjects[0], subjects[1], "Daan reads Dutch");
    for who in [BEN, CARLA] {
        assert!(server.mails(who, person).is_empty(), "{who}");
    }
}

#[test]
fn a_partner_ends_a_relationship_of_any_type() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for (partner, agent, person) in [
        ("Oakline IT", "olga@oakline.example", "Olga Bakker"),
        ("Fernhill Support", "finn@fernhill.example", "Finn Doyle"),
        ("Saltmarsh Consulting", "sanne@saltmarsh.example", "Sanne Mulder"),
        ("Tidewater Procurement", "tove@tidewater.example", "Tove Lund"),
        ("Pinnacle Devices", "per@pinnacledevices.example", "Per Nyström"),
        ("Lumen App Studio", "lotte@lumenapps.example", "Lotte Peeters"),
    ] {
        let mut agent = server.sign_in(agent);
        let active = anna.relationship(partner);
        assert_eq!(active["activeSubscriptions"], 0);
        let ended = act(&mut agent, &active, "end").ok().json();
        assert_eq!(
            (&ended["status"], &ended["state"]["by"], &ended["adminRoles"]),
            (&json!("ended"), &json!("partner"), &json!([])),
            "{partner}"
        );
        told(&server, &ended, person);
        act(&mut agent, &ended, "end").refused(409, "relationshipEnded");
        act(&mut agent, &active, "end").refused(412, "versionMismatch");
        assert!(agent.log(5).contains(&"relationshipEnded".to_owned()));
        let path = format!("/api/relationships/{}/history", id(&active));
        let entry = anna.get(&path).ok().json()["value"][0].clone();
        assert_eq!(
            (&entry["action"], &entry["actor"]["name"]),
            (&json!("relationshipEnded"), &json!(person))
        );
    }
}

#[test]
fn a_reseller_cannot_end_a_relationship_with_active_subscriptions() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut kim = server.sign_in(KIM);
    let active = anna.relationship("Kestrel Licensing");
    assert_eq!(active["activeSubscriptions"], 1);
    let answer = act(&mut kim, &active, "end");
    answer.refused(409, "subscriptionsActive");
    assert_eq!(answer.json()["error"]["nextStep"], "endSubscriptions");
    // The customer can manage the subscription only after the reseller has left.
    let sold = kim.subscriptions().remove(0);
    anna.manage(&sold, "suspend").refused(409, "managedByReseller");
    let suspended = kim.manage(&sold, "suspend").ok().json();
    let active = anna.relationship("Kestrel Licensing");
    assert_eq!(active["activeSubscriptions"], 0);
    let ended = act(&mut kim, &active, "end").ok().json();
    told(&server, &ended, "Kim Lambert");
    kim.manage(&suspended, "reactivate").refused(409, "relationshipEnded");
    let running = anna.manage(&suspended, "reactivate").ok().json();
    assert_eq!(running["status"], "active");
    assert_eq!(running["seller"]["sells"], false);
}

#[test]
fn giving_up_and_ending_need_the_current_version() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut finn = server.sign_in("finn@fernhill.example");
    let seen = anna.relationship("Fernhill Support");
    for action in ["giveUpAdminRoles", "end"] {
        let path = format!("/api/relationships/{}/{action}", id(&seen));
        finn.post(&path, &json!({})).refused(428, "versionRequired");
    }
    let mut outdated = seen.clone();
    outdated["@odata.etag"] = json!("W/\"9999\"");
    act(&mut finn, &outdated, "giveUpAdminRoles").refused(412, "versionMismatch");
    remove_roles(&mut anna, &seen).ok();
    act(&mut finn, &seen, "end").refused(412, "versionMismatch");
    assert_eq!(anna.relationship("Fernhill Support")["status"], "active");
    assert!(server.mails(ANNA, "Finn Doyle").is_empty(), "nothing was told");
}

/// Accounts of the demo try every action on every relationship that they see, twice, and on one
/// that is not there. An answer that the description lacks fails the test, so a new action needs
/// no line here.
#[test]
fn every_action_answers_every_account_as_documented() {
    let accounts =
        [ANNA, BEN, CARLA, EVA, LI_NA, "olga@oakline.example", "finn@fernhill.example", KIM, SAM];
    // The first server has the description.
    drop(Server::demo());
    let actions = operations().iter().filter_map(|operation| {
        let action = operation.path.strip_prefix("/api/relationships/{id}/")?;
        (operation.method == "POST").then_some(action)
    });
    for action in actions {
        let server = Server::demo();
        let mut accepted = 0;
        for account in accounts {
            let mut client = server.sign_in(account);
            let list = client.get("/api/relationships?$top=300").ok().json();
            for relationship in list["value"].as_array().expect("a list") {
                let answer = act(&mut client, relationship, action);
                let changed =
                    if answer.status == 200 { answer.json() } else { relationship.clone() };
                accepted += usize::from(answer.status < 300);
                act(&mut client, &changed, action);
                if answer.status < 300 {
                    assert!(act(&mut client, relationship, action).status >= 409, "an old version");
                }
                let mut missing = relationship.clone();
                missing["id"] = json!("018bcfe5-6800-7fff-bfff-ffffffffffff");
                act(&mut client, &missing, action).refused(404, "notFound");
            }
        }
        assert!(accepted > 0, "the demo has no relationship for {action}");
    }
}
