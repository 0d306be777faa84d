//! Finding partners, and what partners say of themselves to be found.

use serde_json::{Value, json};

use crate::support::*;

fn profile(client: &mut Client) -> Value {
    client.get("/api/profile").ok().json()
}

/// A profile as it is typed.
fn typed(description: &str) -> Value {
    json!({
        "listed": true,
        "description": description,
        "locations": [{ "country": "NL", "city": "Hoorn" }, { "country": "BE" }],
        "services": ["licensing", "hardware"],
        "industries": ["hospitality"],
        "sizes": ["1to9"],
        "countries": ["NL", "IE"],
    })
}

#[test]
fn partners_are_found_by_words_in_every_language() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut eva = server.sign_in(EVA);
    let mut li_na = server.sign_in(LI_NA);
    let has = |found: Vec<String>, name: &str| {
        assert!(found.iter().any(|found| found == name), "{name} is in {found:?}");
    };
    has(anna.found("$search=migration"), "Clonmore Cloud");
    has(anna.found("$search=migratie"), "Veldwerk ICT");
    has(anna.found("$search=teams%20train"), "Polder Learning");
    has(eva.found("$search=SCHULUNG"), "Spreebogen Schulungszentrum");
    has(li_na.found(&format!("$search={}", "%E8%BF%81%E7%A7%BB")), "云帆数据 Yunfan Data");
    // Accents are as good as none.
    has(anna.found("$search=zurich"), "Alpenblick Cloud AG");
    assert!(anna.found("$search=no%20such%20words%20together").is_empty());
    assert!(anna.found("$search=%25%27%22*%20OR%20NEAR(").is_empty(), "words, and no language");
}

#[test]
fn only_those_who_serve_the_cloud_the_country_the_size_and_the_city() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let all = anna.found("$top=50");
    assert!(all.len() > 20, "{all:?}");
    for missing in [
        "Tidewater Procurement",
        "Rheinblick Systemhaus GmbH",
        "海云科技 Haiyun Technology",
        "Cedar Mesa Solutions",
    ] {
        assert!(!all.iter().any(|found| found == missing), "{missing}");
    }
    assert_eq!(anna.found("country=US&$search=districts"), ["Cedar Mesa Solutions"]);
    assert_eq!(anna.found("city=utrecht"), ["Oakline IT"]);
    let small = anna.found("$top=50&size=1to9");
    assert!(small.len() < all.len() && small.iter().any(|found| found == "Veldwerk ICT"));
    assert!(!small.iter().any(|found| found == "Quillon Advisory"));
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let all = anna.found("$top=50&$search=i");
    let mut paged = Vec::new();
    let mut path = "/api/partners?$top=3&$search=i".to_owned();
    loop {
        let page = anna.get(&path).ok().json();
        for one in page["value"].as_array().expect("a list") {
            paged.push(one["partner"]["name"].as_str().expect("a name").to_owned());
        }
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.strip_prefix(&server.url).expect("an absolute link").to_owned();
    }
    assert!(paged.len() > 6);
    assert_eq!(paged, all);
}

#[test]
fn a_query_that_is_not_understood_is_not_ignored() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let long = format!("$search={}", "x".repeat(201));
    for (query, field) in [
        ("$top=0", "top"),
        ("$top=51", "top"),
        ("$skiptoken=x", "skiptoken"),
        ("$skiptoken=1-%00", "skiptoken"),
        ("size=huge", "size"),
        ("country=Netherlands", "country"),
        ("$filter=x", "query"),
        ("%ff", "query"),
        (&long, "search"),
    ] {
        let answer = anna.get(&format!("/api/partners?{query}"));
        answer.refused(400, "invalidFields");
        assert!(answer.field(field).is_some(), "{query}: {}", answer.text);
    }
}

#[test]
fn a_profile_is_found_by_what_it_says_now_and_only_while_it_is_listed() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut tove = server.sign_in("tove@tidewater.example");
    let before = profile(&mut tove);
    assert_eq!(before["listed"], false);
    let put = |tove: &mut Client, version: &str, body: &Value| {
        tove.change_by("PUT", "/api/profile", version, body)
    };
    let first = put(&mut tove, etag(&before), &typed("Tulpen en Überraschungen.")).ok().json();
    assert_eq!(first["locations"][0]["city"], "Hoorn");
    assert_eq!(anna.found("$search=uberraschung"), ["Tidewater Procurement"]);
    assert_eq!(anna.found("$search=tulpen&city=hoorn&size=1to9"), ["Tidewater Procurement"]);
    assert!(anna.found("$search=tulpen&size=10to50").is_empty());
    put(&mut tove, etag(&before), &typed("Older")).refused(412, "versionMismatch");
    tove.send("PUT", "/api/profile", &[("Content-Type", "application/json")], Some(b"{}"))
        .refused(428, "versionRequired");
    let second = put(&mut tove, etag(&first), &typed("Narcissen.")).ok().json();
    assert!(anna.found("$search=tulpen").is_empty(), "what it said before finds it no more");
    assert_eq!(anna.found("$search=narcissen"), ["Tidewater Procurement"]);
    let mut hidden = typed("Narcissen.");
    hidden["listed"] = json!(false);
    put(&mut tove, etag(&second), &hidden).ok();
    assert!(anna.found("$search=narcissen").is_empty());
    assert_eq!(tove.log(3), ["profileChanged"; 3]);
}

#[test]
fn a_partner_that_said_nothing_yet_begins_with_version_0() {
    let server = Server::demo();
    let made = server.command(
        &[
            "organization",
            "create",
            "--name",
            "Newcomer",
            "--domain",
            "newcomer.example",
            "--country",
            "NL",
            "--cloud",
            "worldwide",
            "--partner-id",
            "5550123",
            "--email",
            "hello@newcomer.example",
        ],
        "",
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made = server.command(
        &[
            "user",
            "create",
            "--organization",
            "newcomer.example",
            "--email",
            "nina@newcomer.example",
            "--name",
            "Nina",
            "--role",
            "adminAgent",
            "--password-stdin",
        ],
        &format!("{PASSWORD}\n"),
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut nina = server.sign_in("nina@newcomer.example");
    let empty = profile(&mut nina);
    let unchanged = nina.send("GET", "/api/profile", &[("If-None-Match", etag(&empty))], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
    assert_eq!((etag(&empty), &empty["listed"]), ("W/\"0\"", &json!(false)));
    let saved =
        nina.change_by("PUT", "/api/profile", etag(&empty), &typed("Freesias.")).ok().json();
    assert_eq!(etag(&saved), "W/\"1\"");
    nina.change_by("PUT", "/api/profile", etag(&empty), &typed("Twice"))
        .refused(412, "versionMismatch");
    assert_eq!(server.sign_in(ANNA).found("$search=freesia"), ["Newcomer"]);
}

#[test]
fn each_field_of_a_profile_says_what_is_wrong_with_it() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let before = profile(&mut mara);
    let wrong = json!({
        "listed": true,
        "description": "x".repeat(2_501),
        "locations": (0..21)
            .map(|place| json!({ "country": "NL", "city": format!("Town {place}") }))
            .collect::<Vec<_>>(),
        "services": ["gardening"],
        "industries": [""],
        "sizes": ["1to2"],
        "countries": (0..61).map(|place: u8| {
            format!("{}{}", char::from(b'A' + place / 26), char::from(b'A' + place % 26))
        }).collect::<Vec<_>>(),
    });
    let answer = mara.change_by("PUT", "/api/profile", etag(&before), &wrong);
    answer.refused(400, "invalidFields");
    for (field, code) in [
        ("description", "tooLong"),
        ("locations", "tooMany"),
        ("services", "notAnOption"),
        ("industries", "empty"),
        ("sizes", "notAnOption"),
        ("countries", "tooMany"),
    ] {
        assert_eq!(answer.field(field).as_deref(), Some(code), "{field}");
    }
    for city in ["Am\u{202e}sterdam", "Amst\u{435}rdam", "Amsterdam\nBcc: x@evil.example"] {
        let mut body = typed("Fine");
        body["locations"] = json!([{ "country": "NL", "city": city }]);
        let answer = mara.change_by("PUT", "/api/profile", etag(&before), &body);
        assert!(answer.field("locations").is_some(), "{city:?}: {}", answer.text);
    }
    let mut body = typed("Turned \u{202e}round");
    let answer = mara.change_by("PUT", "/api/profile", etag(&before), &body);
    assert_eq!(answer.field("description").as_deref(), Some("controlCharacter"));
    body = typed("Fine");
    body["countries"] = json!([]);
    let answer = mara.change_by("PUT", "/api/profile", etag(&before), &body);
    assert!(answer.field("countries").is_some(), "nobody could find it: {}", answer.text);
    assert_eq!(profile(&mut mara), before);
}
