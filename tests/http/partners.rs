//! Finding partners, and the profiles of partners.

use serde_json::{Value, json};

use crate::support::*;

fn profile(client: &mut Client) -> Value {
    client.get("/api/profile").ok().json()
}

/// Returns the request that sets a profile with this description.
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
    has(anna.find_partners("$search=migration"), "Clonmore Cloud");
    has(anna.find_partners("$search=migratie"), "Veldwerk ICT");
    has(anna.find_partners("$search=teams%20train"), "Polder Learning");
    has(eva.find_partners("$search=SCHULUNG"), "Spreebogen Schulungszentrum");
    has(li_na.find_partners(&format!("$search={}", "%E8%BF%81%E7%A7%BB")), "云帆数据 Yunfan Data");
    // Accents are ignored.
    has(anna.find_partners("$search=zurich"), "Alpenblick Cloud AG");
    assert!(anna.find_partners("$search=no%20such%20words%20together").is_empty());
    assert!(
        anna.find_partners("$search=%25%27%22*%20OR%20NEAR(").is_empty(),
        "the operators of FTS5 are only text"
    );
}

#[test]
fn results_serve_the_cloud_country_size_and_city() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let all = anna.find_partners("");
    assert!(all.len() > 20, "{all:?}");
    for missing in [
        "Tidewater Procurement",
        "Rheinblick Systemhaus GmbH",
        "海云科技 Haiyun Technology",
        "Cedar Mesa Solutions",
    ] {
        assert!(!all.iter().any(|found| found == missing), "{missing}");
    }
    assert_eq!(
        anna.find_partners("$filter=country eq 'US'&$search=districts"),
        ["Cedar Mesa Solutions"]
    );
    assert_eq!(anna.find_partners("$filter=city eq 'utrecht'"), ["Oakline IT"]);
    let small = anna.find_partners("$filter=size eq '1to9'");
    assert!(small.len() < all.len() && small.iter().any(|found| found == "Veldwerk ICT"));
    assert!(!small.iter().any(|found| found == "Quillon Advisory"));
}

#[test]
fn pages_have_no_gaps_and_no_repetitions() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let all = anna.find_partners("$search=i");
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
fn an_invalid_query_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let long = format!("$search={}", "x".repeat(201));
    for (query, field) in [
        ("$top=0", "top"),
        ("$top=301", "top"),
        ("$skiptoken=x", "skiptoken"),
        ("$skiptoken=1-%00", "skiptoken"),
        ("$skiptoken=1.1", "skiptoken"),
        ("$filter=size eq 'huge'", "filter"),
        ("$filter=country eq 'Netherlands'", "filter"),
        ("$filter=x", "filter"),
        ("country=NL", "query"),
        ("%ff", "query"),
        (&long, "search"),
    ] {
        let answer = anna.get(&format!("/api/partners?{query}"));
        answer.refused(400, "invalidFields");
        assert!(answer.field(field).is_some(), "{query}: {}", answer.text);
    }
}

#[test]
fn a_profile_is_found_by_its_current_text_while_it_is_listed() {
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
    assert_eq!(anna.find_partners("$search=uberraschung"), ["Tidewater Procurement"]);
    assert_eq!(
        anna.find_partners("$search=tulpen&$filter=city eq 'hoorn' and size eq '1to9'"),
        ["Tidewater Procurement"]
    );
    assert!(anna.find_partners("$search=tulpen&$filter=size eq '10to50'").is_empty());
    put(&mut tove, etag(&before), &typed("Older")).refused(412, "versionMismatch");
    tove.send("PUT", "/api/profile", &[("Content-Type", "application/json")], Some(b"{}"))
        .refused(428, "versionRequired");
    let second = put(&mut tove, etag(&first), &typed("Narcissen.")).ok().json();
    assert!(anna.find_partners("$search=tulpen").is_empty(), "the former text is not found");
    assert_eq!(anna.find_partners("$search=narcissen"), ["Tidewater Procurement"]);
    let mut hidden = typed("Narcissen.");
    hidden["listed"] = json!(false);
    put(&mut tove, etag(&second), &hidden).ok();
    assert!(anna.find_partners("$search=narcissen").is_empty());
    assert_eq!(tove.log(3), ["profileChanged"; 3]);
}

#[test]
fn a_new_partner_has_an_empty_profile_with_version_0() {
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
    assert_eq!(server.sign_in(ANNA).find_partners("$search=freesia"), ["Newcomer"]);
}

#[test]
fn each_invalid_field_of_a_profile_has_its_own_code() {
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
    assert!(answer.field("countries").is_some(), "no one could find it: {}", answer.text);
    assert_eq!(profile(&mut mara), before);
}
