//! The operator's commands, and that tampering with the log shows.

use std::process::Output;

use serde_json::json;

use crate::support::*;

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn an_organisation_an_account_and_an_agreement_come_from_the_command_line() {
    let server = Server::start(&[]);
    let create = [
        "organisation",
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
    assert!(created.status.success(), "{}", said(&created));
    let again = server.command(&create, "");
    assert!(!again.status.success(), "a domain is one organisation's");
    assert!(said(&again).contains("fjord.example"), "{}", said(&again));

    let user = |role: &str, password: &str| {
        let arguments = [
            "user",
            "create",
            "--organisation",
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
    assert!(made.status.success(), "{}", said(&made));
    assert!(!said(&made).contains("long enough"), "the password is not repeated");

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
    assert!(!server.command(&add, "").status.success(), "what was added is never replaced");
    let agreement = ida.get("/api/agreement").ok().json();
    assert_eq!(agreement["body"], "# Terms\n\nBe kind.");
    ida.post("/api/agreement/accept", &json!({ "hash": agreement["hash"], "acknowledged": true }))
        .ok();
    let body = json!({ "hash": agreement["hash"], "acknowledged": true });
    ida.post("/api/agreement/accept", &body).refused(409, "agreementAlreadyAccepted");
}

#[test]
fn a_billing_administrator_accepts_the_agreement_alone_and_a_reader_does_not() {
    let server = Server::demo();
    let accept = |who: &str| {
        let mut client = server.sign_in(who);
        let hash = client.get("/api/agreement").ok().json()["hash"].clone();
        client.post("/api/agreement/accept", &json!({ "hash": hash, "acknowledged": true }))
    };
    // Lindenhof works with a reseller from before there was an agreement to accept.
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
    assert!(before.status.success(), "{}", said(&before));
    assert!(said(&before).contains("Brightwater Schools"));
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
        said(&after).contains("Brightwater Schools") && said(&after).contains('7'),
        "{}",
        said(&after)
    );
}

#[test]
fn sample_data_is_not_mixed_with_anybodys_own() {
    let mut server = Server::start(&[]);
    let create = [
        "organisation",
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
    assert!(said(&refused).contains("demo"), "{}", said(&refused));
}

#[test]
fn every_command_explains_itself() {
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["verify", "--help"],
        &["organisation", "create", "--help"],
        &["user", "create", "--help"],
        &["agreement", "add", "--help"],
    ] {
        let output = program().args(command).output().expect("it ends");
        assert!(
            output.status.success() && output.stdout.len() > 200,
            "{command:?}: {}",
            said(&output)
        );
    }
}
