//! The query dialect, on every list that the API describes. Filters and sort orders are read
//! from the description, so that a new one is tested without being repeated here.

use serde_json::Value;

use crate::documented::{Operation, operations};
use crate::support::*;

/// A list of the API, as its description says.
struct DescribedList {
    operation: &'static Operation,
    /// Names, operators and values of the fields in `$filter`.
    fields: Vec<Value>,
    /// Values of `$orderby`.
    orders: Vec<String>,
}

/// Returns all lists: the operations with `$skiptoken`.
fn lists() -> Vec<DescribedList> {
    let lists = operations().iter().filter(|operation| operation.parameter("$skiptoken").is_some());
    let texts = |values: &Value| -> Vec<String> {
        let values = values.as_array().expect("a list");
        values.iter().map(|value| value.as_str().expect("a text").to_owned()).collect()
    };
    lists
        .map(|operation| {
            let schema = |name| &operation.parameter(name).expect("a parameter")["schema"];
            DescribedList {
                operation,
                fields: schema("$filter")["x-filter-fields"].as_array().expect("fields").clone(),
                orders: texts(&schema("$orderby")["enum"]),
            }
        })
        .collect()
}

/// The people who see each list: a customer and a partner.
const PEOPLE: [&str; 2] = [ANNA, MARA];

/// Returns whether the caller may see the list at all.
fn sees(client: &mut Client, list: &DescribedList) -> bool {
    client.get(&list.operation.path).status == 200
}

/// Returns the rows of a page.
fn rows(page: &Value) -> Vec<Value> {
    page["value"].as_array().expect("a list").clone()
}

/// Follows the links of a list to its end.
fn all_pages(client: &mut Client, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = client.get(&path).ok().json();
        next = page["@odata.nextLink"].as_str().map(|link| {
            link.strip_prefix(&client.url).expect("an absolute link to this server").to_owned()
        });
        pages.push(rows(&page));
    }
    pages
}

/// Returns what identifies a row.
fn key(row: &Value) -> &Value {
    let id = [&row["id"], &row["sequence"], &row["partner"]["id"]];
    id.into_iter().find(|id| !id.is_null()).expect("an id")
}

#[test]
fn there_are_eight_lists() {
    let _server = Server::demo();
    let mut paths: Vec<_> = lists().iter().map(|list| list.operation.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "/api/activity",
            "/api/enquiries",
            "/api/invitations",
            "/api/outbox",
            "/api/partners",
            "/api/products",
            "/api/relationships",
            "/api/subscriptions",
        ]
    );
}

#[test]
fn the_pages_in_every_order_together_are_the_list() {
    let server = Server::demo();
    for who in PEOPLE {
        let mut client = server.sign_in(who);
        for list in lists() {
            if !sees(&mut client, &list) {
                continue;
            }
            let path = &list.operation.path;
            for order in &list.orders {
                let whole = client.get(&format!("{path}?$orderby={order}&$top=300")).ok().json();
                assert!(whole.get("@odata.nextLink").is_none(), "{path}");
                let whole = rows(&whole);
                let top = whole.len() / 3 + 1;
                let pages = all_pages(&mut client, &format!("{path}?$orderby={order}&$top={top}"));
                let (last, full) = pages.split_last().expect("a page");
                assert!(full.iter().all(|page| page.len() == top), "{path} {order}");
                assert!(
                    last.len() <= top && (!last.is_empty() || whole.is_empty()),
                    "{path} {order}"
                );
                assert_eq!(pages.concat(), whole, "{who} {path} {order}");
            }
        }
    }
}

#[test]
fn descending_is_the_reverse() {
    let server = Server::demo();
    for who in PEOPLE {
        let mut client = server.sign_in(who);
        for list in lists() {
            let path = &list.operation.path;
            let both =
                list.orders.iter().filter(|order| list.orders.contains(&format!("{order} desc")));
            for order in both {
                let mut read =
                    |order: &str| client.get(&format!("{path}?$orderby={order}&$top=300"));
                let (ascending, descending) = (read(order), read(&format!("{order} desc")));
                if ascending.status == 200 {
                    let mut reversed = rows(&descending.json());
                    reversed.reverse();
                    assert_eq!(reversed, rows(&ascending.json()), "{path} {order}");
                    assert_eq!(rows(&read(&format!("{order} asc")).json()), reversed, "{path}");
                }
            }
        }
    }
}

#[test]
fn a_filter_by_each_value_divides_the_list() {
    let server = Server::demo();
    for who in PEOPLE {
        let mut client = server.sign_in(who);
        for list in lists() {
            let path = &list.operation.path;
            // A size that no profile names is served by all, and the country has a default.
            if !sees(&mut client, &list) || path == "/api/partners" {
                continue;
            }
            let whole = rows(&client.get(&format!("{path}?$top=300")).ok().json());
            for field in list.fields.iter().filter(|field| field["values"].is_array()) {
                let name = field["name"].as_str().expect("a name");
                let values = field["values"].as_array().expect("values");
                let mut divided = 0;
                for value in values {
                    let value = value.as_str().expect("a value");
                    let query = format!("{path}?$top=300&$filter={name} eq '{value}'");
                    let found = rows(&client.get(&query).ok().json());
                    divided += found.len();
                    for row in &found {
                        let shown =
                            if name == "targetKind" { &row["target"]["kind"] } else { &row[name] };
                        assert_eq!(shown, value, "{query}");
                    }
                }
                assert_eq!(divided, whole.len(), "{who} {path} {name}");
                let every: Vec<_> =
                    values.iter().map(|value| value.to_string().replace('"', "'")).collect();
                let query = format!("{path}?$top=300&$filter={name} in ({})", every.join(", "));
                assert_eq!(rows(&client.get(&query).ok().json()), whole, "{query}");
            }
        }
    }
}

/// Where the rows of a list have the value of a filter by an identifier.
const IDENTIFIERS: [(&str, &str, &str); 15] = [
    ("/api/relationships", "partner", "/partner/id"),
    ("/api/relationships", "partnerId", "/partner/partnerId"),
    ("/api/relationships", "customer", "/customer"),
    ("/api/invitations", "partner", "/partner/id"),
    ("/api/invitations", "partnerId", "/partner/partnerId"),
    ("/api/invitations", "customer", "/customer"),
    ("/api/invitations", "enquiry", "/enquiry"),
    ("/api/enquiries", "partner", "/partner/id"),
    ("/api/enquiries", "customer", "/customer"),
    ("/api/subscriptions", "partnerId", "/partnerOfRecord/partnerId"),
    ("/api/subscriptions", "partnerOfRecord", "/partnerOfRecord/partner"),
    ("/api/subscriptions", "seller", "/seller/partner"),
    ("/api/subscriptions", "product", "/product"),
    ("/api/activity", "target", "/target/id"),
    ("/api/activity", "user", "/actor/user"),
];

#[test]
fn a_filter_by_an_identifier_returns_the_rows_that_have_it() {
    let server = Server::demo();
    for (path, name, pointer) in IDENTIFIERS {
        let mut seen = 0;
        for who in PEOPLE {
            let mut client = server.sign_in(who);
            let whole = rows(&client.get(&format!("{path}?$top=300")).ok().json());
            let mut values: Vec<_> = whole.iter().filter_map(|row| row.pointer(pointer)).collect();
            values.sort_by_key(ToString::to_string);
            values.dedup();
            for value in values {
                let id = value.as_str().expect("an id");
                let query = format!("{path}?$top=300&$filter={name} eq '{id}'");
                let expected: Vec<_> = whole
                    .iter()
                    .filter(|row| row.pointer(pointer) == Some(value))
                    .cloned()
                    .collect();
                assert_eq!(rows(&client.get(&query).ok().json()), expected, "{who} {query}");
                seen += 1;
            }
        }
        assert!(seen > 0, "{path} {name} has no row in the demo data");
    }
    // What these tests do not list is tested elsewhere, with the list that it is special to.
    let tested = |path: &str, name: &str| {
        IDENTIFIERS.iter().any(|(list, field, _)| (*list, *field) == (path, name))
    };
    let mut others: Vec<_> = lists()
        .iter()
        .flat_map(|list| {
            list.fields.iter().map(|field| (list.operation.path.clone(), field.clone()))
        })
        .filter(|(path, field)| {
            !field["values"].is_array() && !tested(path, field["name"].as_str().expect("a name"))
        })
        .map(|(path, field)| format!("{path} {}", field["name"].as_str().expect("a name")))
        .collect();
    others.sort();
    assert_eq!(
        others,
        [
            "/api/partners city",
            "/api/partners country",
            "/api/products relationship",
            "/api/subscriptions customer",
        ]
    );
}

#[test]
fn a_missing_value_is_null() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let mut found = |filter: &str| {
        let query = format!("/api/subscriptions?$top=300&$filter={filter}");
        rows(&anna.get(&query).ok().json())
    };
    let (without, with) = (found("partnerId eq null"), found("partnerId ne null"));
    assert!(!without.is_empty() && without.iter().all(|row| row.get("partnerOfRecord").is_none()));
    assert!(!with.is_empty() && with.iter().all(|row| row.get("partnerOfRecord").is_some()));
    assert_eq!(without.len() + with.len(), found("").len());
    let both = found("status eq 'active' and partnerId ne null");
    assert!(both.len() < with.len() && both.iter().all(|row| row["status"] == "active"));
}

#[test]
fn a_page_has_at_most_top_rows() {
    let server = Server::demo();
    for list in lists() {
        let mut client = server.sign_in(ANNA);
        let path = &list.operation.path;
        let one = rows(&client.get(&format!("{path}?$top=1")).ok().json());
        assert_eq!(one.len(), 1, "{path}");
        client.get(&format!("{path}?$top=300")).ok();
        for top in ["0", "301", "-1", "x", "", "+5", "05", "1e2", "99999999999999999999"] {
            let answer = client.get(&format!("{path}?$top={top}"));
            answer.refused(400, "invalidFields");
            assert_eq!(answer.field("top").as_deref(), Some("notAnOption"), "{path} {top}");
        }
    }
}

#[test]
fn what_a_list_does_not_understand_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for list in lists() {
        let path = &list.operation.path;
        let order = &list.orders[0];
        let field = list.fields[0]["name"].as_str().expect("a name");
        let twice = format!("$filter={field} eq 'a' and {field} eq 'a'");
        let undirected = format!("$orderby={order} sideways");
        for (query, field) in [
            ("$filter=color eq 'red'", "filter"),
            ("$filter=x", "filter"),
            ("$filter=%27", "filter"),
            (&twice, "filter"),
            ("$orderby=color", "orderby"),
            ("$orderby=", "orderby"),
            (&undirected, "orderby"),
            ("$skiptoken=%00", "skiptoken"),
            ("$skiptoken=zz", "skiptoken"),
            ("$skiptoken=", "skiptoken"),
            ("$skiptoken=1", "skiptoken"),
            ("$skiptoken=1.1.1.1.1", "skiptoken"),
            ("$skiptoken=1~61", "skiptoken"),
            ("$count=yes", "count"),
            ("$top=5&top=5", "top"),
            ("$count=true&$count=true", "count"),
            ("$select=id", "query"),
            ("status=active", "query"),
            ("%ff", "query"),
        ] {
            let answer = anna.get(&format!("{path}?{query}"));
            answer.refused(400, "invalidFields");
            assert!(answer.field(field).is_some(), "{path} {query}: {}", answer.text);
        }
        let searched = list.operation.parameter("$search").is_some();
        let answer = anna.get(&format!("{path}?$search=x"));
        assert_eq!(answer.status, if searched { 200 } else { 400 }, "{path}");
        let long = format!("{path}?$search={}", "x".repeat(201));
        assert!(anna.get(&long).field("search").is_some(), "{path}");
    }
}

#[test]
fn exports_have_no_pages() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for path in ["/api/relationships/export", "/api/subscriptions/export"] {
        anna.get(&format!("{path}?$search=a&$filter=status eq 'active'&$orderby=status")).ok();
        for query in ["$top=1", "$skiptoken=1.1", "$count=true"] {
            let answer = anna.get(&format!("{path}?{query}"));
            answer.refused(400, "invalidFields");
            assert!(answer.field("query").is_some(), "{path} {query}");
        }
    }
}

#[test]
fn the_count_is_of_all_pages_and_only_there_if_asked_for() {
    let server = Server::demo();
    for who in PEOPLE {
        let mut client = server.sign_in(who);
        for list in lists() {
            let path = &list.operation.path;
            if !sees(&mut client, &list) {
                continue;
            }
            let whole = client.get(&format!("{path}?$top=300&$count=true")).ok().json();
            assert_eq!(whole["@odata.count"], rows(&whole).len(), "{path}");
            for query in ["", "?$count=false"] {
                let page = client.get(&format!("{path}{query}")).ok().json();
                assert!(page.get("@odata.count").is_none(), "{path}{query}");
            }
            if let Some(next) =
                client.get(&format!("{path}?$top=1&$count=true")).ok().json()["@odata.nextLink"]
                    .as_str()
            {
                let next = next.strip_prefix(&server.url).expect("a link to this server");
                let second = client.get(next).ok().json();
                assert_eq!(second["@odata.count"], whole["@odata.count"], "{path}");
                assert_eq!(key(&rows(&second)[0]), key(&rows(&whole)[1]), "{path}");
            }
        }
    }
}

#[test]
fn a_long_list_is_exported_whole_and_not_counted() {
    const ORDERS: usize = 1_000;
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let before = rows(&anna.get("/api/subscriptions?$top=300").ok().json()).len();
    let product = anna.product("Visio Plan 2", None);
    let order = serde_json::json!({
        "product": product["id"], "term": product["prices"][0]["term"], "quantity": "1",
        "unitPrice": product["prices"][0]["unit"],
    });
    for number in 0..ORDERS {
        anna.order(&format!("01890000-0000-7000-9000-{number:012}"), &order).ok();
    }
    let pages = all_pages(&mut anna, "/api/subscriptions?$top=300&$count=true");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [300, 300, 300, 100 + before]);
    let mut listed: Vec<_> = pages.concat().iter().map(|row| id(row).to_owned()).collect();
    let file = anna.get("/api/subscriptions/export").ok().text.clone();
    // More exports at once than can wait. Some are refused, and none breaks off.
    at_once(vec![anna.clone(); 24], |client| {
        loop {
            let answer = client.get("/api/subscriptions/export");
            if answer.status != 503 {
                assert!(answer.ok().text == file, "another file");
                break answer;
            }
        }
    });
    let lines = file.lines().skip(1);
    let exported: Vec<_> =
        lines.map(|line| line.split_once(',').expect("cells").0.to_owned()).collect();
    assert_eq!(exported, listed, "the rows of the list in their order");
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(listed.len(), ORDERS + before);
    let mut count = |query: &str| {
        anna.get(&format!("{query}$count=true&$top=1")).ok().json().get("@odata.count").cloned()
    };
    assert_eq!(count("/api/subscriptions?"), None, "more than are counted");
    assert_eq!(count("/api/activity?"), None);
    let ended = count("/api/subscriptions?$filter=status eq 'ended'&");
    assert!(ended.and_then(|count| count.as_u64()).is_some_and(|count| count > 0));
}
