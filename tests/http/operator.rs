//! The operator's commands, and that `verify` detects tampering with the audit log.

use std::process::Output;

use serde_json::json;

use crate::support::*;

fn shown(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn organizations_accounts_and_agreements_are_created_by_commands() {
    let server = Server::start(&[]);
    let create = [
        "organization",
        "create",
        "--name",
        "Fjord Library",
        "--domain",
        "fjord.example",
        "--country",
        "NO",
        "--cloud",
        "worldwide",
    ];
    let created = server.command(&create, "");
    assert!(created.status.success(), "{}", shown(&created));
    let again = server.command(&create, "");
    assert!(!again.status.success(), "a domain belongs to one organization");
    assert!(shown(&again).contains("fjord.example"), "{}", shown(&again));

    let user = |role: &str, password: &str| {
        let arguments = [
            "user",
            "create",
            "--organization",
            "fjord.example",
            "--email",
            "ida@fjord.example",
            "--name",
            "Ida",
            "--role",
            role,
            "--language",
            "en",
            "--password-stdin",
        ];
        server.command(&arguments, password)
    };
    assert!(!user("globalAdministrator", "short").status.success(), "too short a password");
    assert!(
        !user("adminAgent", "a long enough password").status.success(),
        "a partner's role in a customer"
    );
    let made = user("globalAdministrator", "a long enough password\n");
    assert!(made.status.success(), "{}", shown(&made));
    assert!(!shown(&made).contains("long enough"), "the password is not repeated");

    let mut ida = server.visitor();
    ida.post(
        "/api/session",
        &json!({ "email": "ida@fjord.example", "password": "a long enough password" }),
    )
    .ok();
    ida.get("/api/agreement").refused(409, "agreementUnavailable");
    let text = server.database().with_file_name("agreement.txt");
    std::fs::write(&text, "# Terms\n\nBe kind.").expect("a file");
    let add = [
        "agreement",
        "add",
        "--cloud",
        "worldwide",
        "--language",
        "en",
        "--version",
        "1",
        "--title",
        "Agreement",
        "--file",
        text.to_str().expect("a path"),
    ];
    assert!(server.command(&add, "").status.success());
    assert!(!server.command(&add, "").status.success(), "a document is never replaced");
    let agreement = ida.get("/api/agreement").ok().json();
    assert_eq!(agreement["body"], "# Terms\n\nBe kind.");
    ida.post("/api/agreement/accept", &json!({ "hash": agreement["hash"], "acknowledged": true }))
        .ok();
    let body = json!({ "hash": agreement["hash"], "acknowledged": true });
    ida.post("/api/agreement/accept", &body).refused(409, "agreementAlreadyAccepted");
}

/// The server keeps pages that it has just answered, as long as they are true.
#[test]
fn a_list_that_was_just_read_shows_what_a_command_adds() {
    let server = Server::demo();
    let mut eva = server.sign_in(EVA);
    let mut names = || -> Vec<String> {
        let list = eva.get("/api/products").ok().json();
        list["value"].as_array().unwrap().iter().map(|one| one["name"].to_string()).collect()
    };
    let before = names();
    assert_eq!(names(), before);
    for number in 1..=2 {
        let name = format!("Zusatz{number}");
        let arguments = format!(
            "product add --cloud germany --name {name} --description Neu --price P1M=5.90EUR"
        );
        server.run_command(&arguments, "");
        let now = names();
        assert_eq!(now.len(), before.len() + number);
        assert!(now.iter().any(|one| one.contains(&name)));
    }
}

#[test]
fn products_and_partner_ids_are_created_by_commands() {
    let server = Server::demo();
    let product = |price: &str| {
        let arguments = [
            "product",
            "add",
            "--cloud",
            "germany",
            "--name",
            "Project Online Essentials",
            "--description",
            "Aufgaben und Zeiten der Beteiligten.",
            "--price",
            "P1M=5.90EUR",
            "--price",
            price,
        ];
        server.command(&arguments, "")
    };
    let wrong = product("5.90");
    assert!(!wrong.status.success() && shown(&wrong).contains("P1Y=61.20EUR"), "{}", shown(&wrong));
    let added = product("P1Y=58.80EUR");
    assert!(added.status.success(), "{}", shown(&added));
    let found = server.sign_in(EVA).product("Project Online Essentials", None);
    assert_eq!(shown(&added).trim(), id(&found));
    assert_eq!(
        found["prices"],
        json!([
            { "term": "P1M", "unit": { "amount": 590, "currency": "EUR" } },
            { "term": "P1Y", "unit": { "amount": 5880, "currency": "EUR" } },
        ])
    );

    let twice = server.command(
        &["product", "prices", "--id", id(&found), "--price", "P1M=5EUR", "--price", "P1M=6EUR"],
        "",
    );
    assert!(!twice.status.success() && shown(&twice).contains("two prices"), "{}", shown(&twice));
    let twice = product("P1M=6.00EUR");
    assert!(!twice.status.success() && shown(&twice).contains("two prices"), "{}", shown(&twice));
    let unknown = ["product", "prices", "--id", "01890000-0000-7000-8000-000000000001"];
    let unknown = server.command(&unknown, "");
    assert!(!unknown.status.success() && shown(&unknown).contains("product list"));
    let set = ["product", "prices", "--id", id(&found), "--price", "P1Y=60EUR"];
    assert!(server.command(&set, "").status.success());
    let found = server.sign_in(EVA).product("Project Online Essentials", None);
    let yearly = json!([{ "term": "P1Y", "unit": { "amount": 6000, "currency": "EUR" } }]);
    assert_eq!(found["prices"], yearly);
    let listed = shown(&server.command(&["product", "list"], ""));
    let line = format!("{}  germany  Project Online Essentials  P1Y=60.00EUR", id(&found));
    assert!(listed.lines().any(|one| one == line), "{listed}");
    assert!(server.command(&set[..4], "").status.success());
    let listed = shown(&server.command(&["product", "list"], ""));
    assert!(listed.contains("Project Online Essentials  not sold"), "{listed}");
    // A mistyped path doesn't create an empty database.
    let typo = server.database().with_file_name("typo.sqlite");
    let elsewhere = ["product", "list", "--database", typo.to_str().expect("a path")];
    assert!(!program().args(elsewhere).output().expect("it ends").status.success());
    assert!(!typo.exists());

    let partner_id = |organization: &str, id: &str, kind: &str| {
        let arguments = [
            "partner-id",
            "add",
            "--organization",
            organization,
            "--id",
            id,
            "--kind",
            kind,
            "--name",
            "Kestrel Licensing Gent",
            "--country",
            "BE",
            "--city",
            "Gent",
        ];
        server.command(&arguments, "")
    };
    for (organization, id, part) in [
        ("kestrel.example", "05357571", "does not begin with 0"),
        ("kestrel.example", AMSTERDAM, "already"),
        ("nobody.example", "5357571", "there is no organization"),
        ("brightwater.example", "5357571", "is not a partner"),
    ] {
        let refused = partner_id(organization, id, "location");
        assert!(!refused.status.success(), "{organization} {id}");
        assert!(shown(&refused).contains(part), "{}", shown(&refused));
    }
    assert!(partner_id("kestrel.example", "5357571", "location").status.success());
    let mut anna = server.sign_in(ANNA);
    let checked = anna.check_id("5357571").ok().json();
    assert_eq!(
        (&checked["partnerName"], &checked["accountName"], &checked["city"]),
        (&json!("Kestrel Licensing"), &json!("Kestrel Licensing Gent"), &json!("Gent"))
    );
    let seen = anna.subscription_to("Power BI Pro");
    anna.set_partner(&seen, "5357571").ok();
    assert!(server.sign_in(KIM).log(3).contains(&"partnerIdAdded".to_owned()));
}

#[test]
fn a_new_organization_can_buy_or_be_a_partner_of_record_at_once() {
    let server = Server::demo();
    let create = |domain: &str, more: &[&str]| {
        let mut arguments = vec![
            "organization",
            "create",
            "--name",
            "Fjord Library",
            "--domain",
            domain,
            "--country",
            "NO",
            "--cloud",
            "worldwide",
        ];
        arguments.extend(more);
        server.command(&arguments, "")
    };
    let taken = create("fjord.example", &["--partner-id", AMSTERDAM, "--email", "a@fjord.example"]);
    assert!(!taken.status.success() && shown(&taken).contains("Partner ID"), "{}", shown(&taken));
    // Nothing of the failed command is left.
    assert!(create("fjord.example", &[]).status.success());
    let partner = create("fell.example", &["--partner-id", "5550001", "--email", "a@fell.example"]);
    assert!(partner.status.success(), "{}", shown(&partner));
    let checked = server.sign_in(ANNA).check_id("5550001").ok().json();
    assert_eq!((&checked["kind"], &checked["country"]), (&json!("location"), &json!("NO")));
    let user = [
        "user",
        "create",
        "--organization",
        "fjord.example",
        "--email",
        "ida@fjord.example",
        "--name",
        "Ida",
        "--role",
        "billingAdministrator",
        "--password-stdin",
    ];
    assert!(server.command(&user, &format!("{PASSWORD}\n")).status.success());
    let mut ida = server.sign_in("ida@fjord.example");
    let accounts = ida.get("/api/billingAccounts").ok().json();
    let account = &accounts["value"][0];
    // There are no prices in Norwegian crowns.
    assert_eq!((&account["name"], &account["currency"]), (&json!("Fjord Library"), &json!("USD")));
}

#[test]
fn a_billing_administrator_may_accept_the_agreement_and_a_reader_may_not() {
    let server = Server::demo();
    let accept = |who: &str| {
        let mut client = server.sign_in(who);
        let hash = client.get("/api/agreement").ok().json()["hash"].clone();
        client.post("/api/agreement/accept", &json!({ "hash": hash, "acknowledged": true }))
    };
    // Lindenhof's relationship with its reseller is older than the agreement.
    let before = server.sign_in(EVA).relationship("Meridian Cloud Services");
    assert_eq!(before["agreement"], "notAccepted");
    accept("felix@lindenhof.example").ok();
    let after = server.sign_in(EVA).relationship("Meridian Cloud Services");
    assert_eq!(after["agreement"], "accepted");
    accept(CARLA).refused(403, "billingAdministratorRequired");
}

#[test]
fn verify_finds_where_the_log_was_tampered_with() {
    let mut server = Server::demo();
    let before = server.command(&["verify"], "");
    assert!(before.status.success(), "{}", shown(&before));
    assert!(shown(&before).contains("Brightwater Schools"));
    server.kill();
    let database = rusqlite::Connection::open(server.database()).expect("the database");
    let triggers: Vec<String> = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("triggers");
    let table: String = database
        .query_row(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'audit%'",
            [],
            |row| row.get(0),
        )
        .expect("the log's table");
    let forge = format!(
        "UPDATE {table} SET content = replace(content, 'Anna de Vries', 'Nobody at all') WHERE sequence = 7"
    );
    assert!(database.execute(&forge, []).is_err(), "the log is append-only");
    for trigger in triggers {
        database.execute(&format!("DROP TRIGGER {trigger}"), []).expect("a trigger goes");
    }
    assert!(database.execute(&forge, []).expect("forged") > 0);
    drop(database);
    let after = server.command(&["verify"], "");
    assert!(!after.status.success());
    assert!(
        shown(&after).contains("Brightwater Schools") && shown(&after).contains('7'),
        "{}",
        shown(&after)
    );
}

#[test]
fn demo_mode_refuses_a_database_with_other_data() {
    let mut server = Server::start(&[]);
    let create = [
        "organization",
        "create",
        "--name",
        "Fjord Library",
        "--domain",
        "fjord.example",
        "--country",
        "NO",
        "--cloud",
        "worldwide",
    ];
    assert!(server.command(&create, "").status.success());
    server.kill();
    let refused = program()
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--database"])
        .arg(server.database())
        .output()
        .expect("it ends");
    assert!(!refused.status.success());
    assert!(shown(&refused).contains("demo"), "{}", shown(&refused));
}

#[test]
fn every_command_has_a_help_text() {
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["verify", "--help"],
        &["organization", "create", "--help"],
        &["user", "create", "--help"],
        &["agreement", "add", "--help"],
        &["product", "add", "--help"],
        &["product", "prices", "--help"],
        &["product", "list", "--help"],
        &["partner-id", "add", "--help"],
    ] {
        let output = program().args(command).output().expect("it ends");
        assert!(
            output.status.success() && output.stdout.len() > 200,
            "{command:?}: {}",
            shown(&output)
        );
    }
}
