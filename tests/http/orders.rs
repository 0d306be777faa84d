//! Buying: the catalog, idempotent orders, and resellers that order for their customers.

use serde_json::{Value, json};

use crate::support::*;

/// Values of `Repeatability-Request-ID`.
const REQUEST: &str = "0191f0a4-0000-7000-8000-000000000001";
const OTHER_REQUEST: &str = "0191f0a4-0000-7000-8000-000000000002";

/// Returns an order of twelve licenses of a product for a month.
fn twelve(product: &Value) -> Value {
    let prices = product["prices"].as_array().expect("prices");
    let by_the_month = prices.iter().find(|price| price["term"] == "P1M").expect("a price");
    json!({
        "product": id(product), "term": "P1M", "quantity": "12", "unitPrice": by_the_month["unit"],
    })
}

/// Returns the order with these fields set.
fn with(order: &Value, more: &[(&str, &str)]) -> Value {
    let mut order = order.clone();
    for (name, value) in more {
        order[*name] = json!(value);
    }
    order
}

fn names(list: &Answer) -> Vec<String> {
    let list = list.ok().json();
    let list = list["value"].as_array().expect("a list").clone();
    list.iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn the_catalog_has_the_products_of_the_cloud_in_the_currency_of_the_payer() {
    let server = Server::demo();
    for (who, cloud, currency) in
        [(CARLA, "worldwide", "EUR"), (EVA, "germany", "EUR"), (LI_NA, "21vianet", "CNY")]
    {
        let list = server.sign_in(who).get("/api/products").ok().json();
        let list = list["value"].as_array().expect("a list").clone();
        assert!(list.len() >= 4, "{who}");
        for product in list {
            assert_eq!(product["cloud"], cloud);
            let prices = product["prices"].as_array().expect("prices").clone();
            assert!(!prices.is_empty());
            for price in prices {
                assert_eq!(price["unit"]["currency"], currency, "{product}");
                assert!(price["unit"]["amount"].is_i64(), "whole minor units: {product}");
            }
        }
    }
    // A partner sees the products for one customer, or those of all its clouds.
    let mut mara = server.sign_in(MARA);
    let lindenhof = mara.relationship("Meridian Cloud Services");
    let germany = names(&server.sign_in(EVA).get("/api/products"));
    let path = format!("/api/products?$filter=relationship eq '{}'", id(&lindenhof));
    assert_eq!(names(&mara.get(&path)), germany);
    let all = names(&mara.get("/api/products"));
    assert!(all.len() > germany.len() && germany.iter().all(|name| all.contains(name)));
    server.sign_in(KIM).get(&path).refused(404, "notFound");
    let answer = mara.get("/api/products?$filter=relationship eq 'mine'");
    answer.refused(400, "invalidFields");
    assert_eq!(answer.field("filter").as_deref(), Some("notAnId"));
}

#[test]
fn a_product_without_a_price_in_the_currency_is_not_sold() {
    let server = Server::demo();
    let add = |name: &str, price: &str| {
        let arguments = [
            "product",
            "add",
            "--cloud",
            "worldwide",
            "--name",
            name,
            "--description",
            "For a test.",
            "--price",
            price,
        ];
        let added = server.command(&arguments, "");
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        String::from_utf8(added.stdout).expect("an ID").trim().to_owned()
    };
    let dollars = add("Sold in dollars", "P1M=5.10USD");
    let euros = add("Sold in euros", "P1M=4.80EUR");
    let mut ben = server.sign_in(BEN);
    let listed = names(&ben.get("/api/products"));
    assert!(listed.contains(&"Sold in euros".to_owned()));
    assert!(!listed.contains(&"Sold in dollars".to_owned()));
    let order = |product: &str| {
        let shown = json!({ "amount": 480, "currency": "EUR" });
        json!({ "product": product, "term": "P1M", "quantity": "1", "unitPrice": shown })
    };
    let answer = ben.order(REQUEST, &order(&dollars));
    answer.refused(400, "invalidFields");
    assert_eq!(answer.field("term").as_deref(), Some("notAnOption"));
    let bought = ben.order(REQUEST, &order(&euros)).ok().json();
    assert_eq!(bought["unitPrice"], json!({ "amount": 480, "currency": "EUR" }));
}

#[test]
fn an_order_with_a_partner_of_record_notifies_the_partner() {
    let server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let accounts = ben.get("/api/billingAccounts").ok().json();
    let account = accounts["value"][0].clone();
    assert_eq!(
        (&account["name"], &account["currency"]),
        (&json!("Brightwater Schools"), &json!("EUR"))
    );
    let product = ben.product("Power BI Pro", None);
    let order = with(&twelve(&product), &[("partnerId", FERNHILL)]);
    let answer = ben.order(REQUEST, &order);
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("repeatability-result"), Some("accepted"));
    let bought = answer.json();
    let place = format!("{}/api/subscriptions/{}", server.url, id(&bought));
    assert_eq!(answer.header("location"), Some(place.as_str()));
    assert_eq!(answer.header("etag"), Some(etag(&bought)));
    assert_eq!(
        (&bought["status"], &bought["quantity"], &bought["term"], &bought["createdByName"]),
        (&json!("active"), &json!(12), &json!("P1M"), &json!("Ben Okafor"))
    );
    assert_eq!(bought["unitPrice"], json!({ "amount": 1120, "currency": "EUR" }));
    assert_eq!(bought["billingAccount"], account["id"]);
    assert!(bought["renews"].is_string() && bought.get("seller").is_none());
    assert_eq!(bought["partnerOfRecord"]["partnerName"], "Fernhill Support");
    assert_eq!(bought["partnerOfRecord"]["setByName"], "Ben Okafor");
    assert_eq!(ben.reload(&bought), bought);
    assert_eq!(ben.log(2), ["partnerOfRecordAdded", "orderPlaced"]);
    let told = server.mails("hello@fernhill.example", "Power BI Pro");
    assert_eq!(told.len(), 1, "one mail");
    assert!(told[0]["text"].as_str().is_some_and(|text| text.contains("Ben Okafor")));
    let mut finn = server.sign_in("finn@fernhill.example");
    assert_eq!(finn.reload(&bought)["productName"], "Power BI Pro");
    assert_eq!(finn.log(2)[1], "partnerOfRecordAdded", "before he signed in");
}

#[test]
fn a_repeated_order_is_placed_once() {
    let server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let mut count = || ben.subscriptions().len();
    let before = count();
    let product = server.sign_in(BEN).product("Power BI Pro", None);
    let order = with(&twelve(&product), &[("partnerId", FERNHILL)]);
    // A double click, and a client that repeats the request.
    let clients = (0..6).map(|_| server.sign_in(BEN)).collect();
    let answers = at_once(clients, |client| client.order(REQUEST, &order));
    let first = answers[0].ok().json();
    for answer in &answers {
        assert_eq!((answer.status, answer.json()), (201, first.clone()));
    }
    assert_eq!(count(), before + 1);
    // A later repetition, by any person of the organization, returns the current state.
    let mut anna = server.sign_in(ANNA);
    let changed = anna.manage(&first, "suspend").ok().json();
    assert_eq!(anna.order(&REQUEST.to_uppercase(), &order).ok().json(), changed);
    assert_eq!(count(), before + 1);
    assert_eq!(server.mails("hello@fernhill.example", "Power BI Pro").len(), 1);
    let placed = anna.log(30).into_iter().filter(|action| action == "orderPlaced").count();
    assert_eq!(placed, 1);
    // The same identifier with another order is refused, and another identifier is another order.
    for more in [&[("quantity", "13")][..], &[("term", "P1Y")], &[("partnerId", "")]] {
        ben_orders(&server, REQUEST, &with(&order, more)).refused(409, "requestIdReused");
    }
    assert_eq!(count(), before + 1);
    ben_orders(&server, OTHER_REQUEST, &order).ok();
    assert_eq!(count(), before + 2);
    // Each organization has identifiers of its own.
    let mut grace = server.sign_in(GRACE);
    let own = grace.order(REQUEST, &order).ok().json();
    assert_ne!(own["customer"], first["customer"]);
}

/// Ends the current version of a relationship, as the partner.
fn end(partner: &mut Client, relationship: &Value) {
    let path = format!("/api/relationships/{}", id(relationship));
    let current = partner.get(&path).ok().json();
    partner.change(&format!("{path}/end"), etag(&current), &json!({})).ok();
}

fn ben_orders(server: &Server, request: &str, order: &Value) -> Answer {
    server.sign_in(BEN).order(request, order)
}

#[test]
fn an_order_survives_a_crash() {
    let mut server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let product = ben.product("Visio Plan 2", None);
    let placed = ben.order(REQUEST, &twelve(&product)).ok().json();
    server.kill();
    server.start_again();
    let again = ben.order(REQUEST, &twelve(&product)).ok().json();
    assert_eq!(id(&again), id(&placed));
}

#[test]
fn an_invalid_order_is_refused_with_its_own_code() {
    let server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let before = ben.subscriptions();
    let order = twelve(&ben.product("Power BI Pro", None));
    ben.post("/api/orders", &order).refused(400, "requestIdRequired");
    let answer = ben.order("42", &order);
    answer.refused(400, "invalidFields");
    assert_eq!(answer.field("Repeatability-Request-ID").as_deref(), Some("notAnId"));
    let answer = ben.order(REQUEST, &json!({ "partnerId": "0", "relationship": "x" }));
    for (field, code) in [
        ("product", "empty"),
        ("term", "empty"),
        ("quantity", "empty"),
        ("unitPrice", "empty"),
        ("partnerId", "leadingZero"),
        ("relationship", "notAnId"),
    ] {
        assert_eq!(answer.field(field).as_deref(), Some(code), "{field}: {}", answer.text);
    }
    let germany = server.sign_in(EVA).product("Exchange Online Plan 1", None);
    let by_the_year = ben.product("Microsoft 365 A3 for faculty", None);
    for (more, field, code) in [
        (("quantity", "0"), "quantity", "notAQuantity"),
        (("quantity", "10001"), "quantity", "notAQuantity"),
        (("quantity", "1.5"), "quantity", "notAQuantity"),
        (("term", "P3Y"), "term", "notAnOption"),
        (("product", REQUEST), "product", "notAnOption"),
        (("product", id(&germany)), "product", "notAnOption"),
        (("product", id(&by_the_year)), "term", "notAnOption"),
    ] {
        let answer = ben.order(REQUEST, &with(&order, &[more]));
        answer.refused(400, "invalidFields");
        assert_eq!(answer.field(field).as_deref(), Some(code), "{more:?}");
    }
    for (partner, code) in MALFORMED {
        let answer = ben.order(REQUEST, &with(&order, &[("partnerId", partner)]));
        answer.refused(400, "invalidFields");
        assert_eq!(answer.field("partnerId").as_deref(), Some(code), "{partner}");
    }
    for (partner, status, code) in [
        (UNKNOWN_PARTNER_ID, 404, "partnerIdNotFound"),
        (GLOBAL, 409, "partnerIdIsGlobalAccount"),
        (RHEINBLICK, 409, "partnerNotInCloud"),
        (SHANGHAI, 409, "partnerNotInCloud"),
    ] {
        let order = with(&order, &[("partnerId", partner)]);
        ben.order(REQUEST, &order).refused(status, code);
    }
    assert_eq!(ben.subscriptions(), before);
    // A refused order doesn't use up its identifier.
    ben.order(REQUEST, &order).ok();
}

#[test]
fn an_order_needs_the_current_price() {
    let server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let product = ben.product("Power BI Pro", None);
    let order = twelve(&product);
    let before = ben.subscriptions();
    let mut said = order.clone();
    for shown in [
        json!({ "amount": 1119, "currency": "EUR" }),
        json!({ "amount": 1120, "currency": "USD" }),
        json!({ "amount": -1120, "currency": "EUR" }),
    ] {
        said["unitPrice"] = shown;
        let refused = ben.order(REQUEST, &said);
        refused.refused(409, "priceChanged");
        assert_eq!(refused.json()["error"]["nextStep"], "reviewOrder");
    }
    for unread in [json!(1120), json!("11.20"), json!({ "amount": 11.2, "currency": "EUR" })] {
        said["unitPrice"] = unread;
        ben.order(REQUEST, &said).refused(400, "invalidRequest");
    }
    // A repeated order returns the first one after a change of the price, too.
    let placed = ben.order(REQUEST, &order).ok().json();
    let prices = |new: &[&str]| {
        let mut arguments = vec!["product", "prices", "--id", id(&product)];
        arguments.extend(new);
        let set = server.command(&arguments, "");
        assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    };
    prices(&["--price", "P1M=12.30EUR"]);
    assert_eq!(ben.order(REQUEST, &order).ok().json(), placed);
    ben.order(OTHER_REQUEST, &order).refused(409, "priceChanged");
    let dearer = twelve(&ben.product("Power BI Pro", None));
    ben.order(REQUEST, &dearer).refused(409, "requestIdReused");
    let second = ben.order(OTHER_REQUEST, &dearer).ok().json();
    assert_eq!(second["unitPrice"]["amount"], 1230);
    assert_eq!(ben.reload(&placed)["unitPrice"]["amount"], 1120, "as it was bought");
    // A product without prices can't be bought, and existing subscriptions continue.
    prices(&[]);
    assert!(!names(&ben.get("/api/products")).contains(&"Power BI Pro".to_owned()));
    let answer = ben.order("01890000-0000-7000-8000-0000000000cc", &dearer);
    assert_eq!(answer.field("term").as_deref(), Some("notAnOption"));
    assert_eq!(ben.order(REQUEST, &order).ok().json(), placed);
    assert_eq!(ben.subscriptions().len(), before.len() + 2);
}

#[test]
fn only_roles_that_buy_place_orders() {
    let server = Server::demo();
    let order = twelve(&server.sign_in(CARLA).product("Power BI Pro", None));
    let named = with(&order, &[("partnerId", KESTREL)]);
    let mut carla = server.sign_in(CARLA);
    carla.order(REQUEST, &order).refused(403, "billingAdministratorRequired");
    carla.order(REQUEST, &named).refused(403, "billingAdministratorRequired");
    for who in [KIM, MARA, SAM, HUGO] {
        let mut partner = server.sign_in(who);
        partner.order(REQUEST, &order).refused(403, "customerOnly");
        partner.get("/api/billingAccounts").refused(403, "customerOnly");
    }
    server.visitor().order(REQUEST, &order).refused(401, "signInRequired");
    // In 21Vianet's cloud no partner of record can be named.
    let mut li_na = server.sign_in(LI_NA);
    let order = twelve(&li_na.product("Office 365 企业版 E1", None));
    let named = with(&order, &[("partnerId", SHANGHAI)]);
    let answer = li_na.order(REQUEST, &named);
    answer.refused(409, "partnerStartsIn21Vianet");
    assert_eq!(answer.json()["error"]["nextStep"], "askForInvitation");
    let bought = li_na.order(REQUEST, &order).ok().json();
    assert_eq!(bought["unitPrice"]["currency"], "CNY");
    assert!(bought.get("partnerOfRecord").is_none());
    // In Germany one can.
    let mut felix = server.sign_in("felix@lindenhof.example");
    let order = twelve(&felix.product("Office 365 ProPlus", None));
    let named = with(&order, &[("partnerId", MUNICH)]);
    let bought = felix.order(REQUEST, &named).ok().json();
    assert_eq!(bought["partnerOfRecord"]["city"], "München");
}

#[test]
fn a_reseller_orders_for_its_customer_once_the_agreement_is_accepted() {
    let server = Server::demo();
    let mut mara = server.sign_in(MARA);
    let relationship = mara.relationship("Meridian Cloud Services");
    let product = mara.product("Office 365 ProPlus", Some(&relationship));
    let order = with(&twelve(&product), &[("relationship", id(&relationship))]);
    let refused = mara.order(REQUEST, &order);
    refused.refused(409, "agreementNotAccepted");
    assert_eq!(refused.json()["error"]["nextStep"], "acceptAgreement");
    let mut felix = server.sign_in("felix@lindenhof.example");
    let hash = felix.get("/api/agreement").ok().json()["hash"].clone();
    felix.post("/api/agreement/accept", &json!({ "hash": hash, "acknowledged": true })).ok();
    for who in [SAM, HUGO] {
        server.sign_in(who).order(REQUEST, &order).refused(403, "adminAgentRequired");
    }
    server.sign_in(KIM).order(REQUEST, &order).refused(404, "notFound");
    felix.order(REQUEST, &order).refused(403, "partnerOnly");
    // Only the customer sets the partner of record, not the reseller.
    let named = with(&order, &[("partnerId", MUNICH)]);
    mara.order(REQUEST, &named).refused(403, "customerSetsPartnerOfRecord");
    let sold = mara.order(REQUEST, &order).ok().json();
    assert_eq!(mara.order(REQUEST, &order).ok().json(), sold);
    assert_eq!(sold["customerName"], "Lindenhof Maschinenbau GmbH");
    assert_eq!(
        sold["seller"],
        json!({
            "partner": relationship["partner"]["id"], "partnerName": "Meridian Cloud Services",
            "sells": true, "agreementAccepted": true,
        })
    );
    assert_eq!(sold["createdByName"], "Mara Visser");
    assert!(sold.get("partnerOfRecord").is_none());
    assert_eq!(felix.reload(&sold), sold);
    for client in [&mut felix, &mut mara] {
        let log = client.get("/api/activity?$top=1").ok().json();
        let entry = &log["value"][0];
        assert_eq!(
            (&entry["action"], &entry["actor"]["name"], &entry["target"]["name"]),
            (&json!("orderPlaced"), &json!("Mara Visser"), &json!("Office 365 ProPlus"))
        );
    }
    for sold in mara.subscriptions().iter().filter(|one| one["seller"].is_object()) {
        mara.manage(sold, "cancel").ok();
    }
    end(&mut mara, &relationship);
    mara.order(OTHER_REQUEST, &order).refused(409, "relationshipEnded");
    // A partner that is no reseller can't order.
    let oakline = server.sign_in(ANNA).relationship("Oakline IT");
    let order = with(&order, &[("relationship", id(&oakline))]);
    let mut olga = server.sign_in("olga@oakline.example");
    olga.order(REQUEST, &order).refused(409, "notAReseller");
}

#[test]
fn look_ups_count_for_refused_orders_but_not_for_forbidden_ones() {
    let server = Server::demo();
    let mut ben = server.sign_in(BEN);
    let order = twelve(&ben.product("Power BI Pro", None));
    let tries = |client: &mut Client, from: usize, to: usize| {
        (from..to)
            .map(|number| {
                let unknown = (8_000_000 + number).to_string();
                client.order(REQUEST, &with(&order, &[("partnerId", &unknown)])).status
            })
            .collect::<Vec<_>>()
    };
    let mut carla = server.sign_in(CARLA);
    assert!(tries(&mut carla, 0, 5).iter().all(|status| *status == 403));
    assert!(tries(&mut ben, 0, 200).iter().all(|status| *status == 404));
    let unknown = with(&order, &[("partnerId", "8000200")]);
    let answer = ben.order(REQUEST, &unknown);
    answer.refused(429, "tooManyLookUps");
    assert!(answer.header("retry-after").is_some());
    // A repeated look-up is free, and an order without a partner of record needs none.
    assert_eq!(tries(&mut ben, 7, 8), [404]);
    ben.order(REQUEST, &order).ok();
}
