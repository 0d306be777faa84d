//! Requests per second of endpoints, relative to a bare axum "hello" in the same process. The
//! ratio of processor times says almost the same, and is less affected by other programs.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use rules::{DAY, OrganizationKind};

use crate::client::{Client, Load, NO_CACHE, RequestMaker};
use crate::generate::add_relationship;
use crate::running::{RunningServer, demo_database};
use crate::{Anything, client, median};

/// Measurements of each ratio; the result is their median.
const ROUNDS: usize = 7;
/// Duration of one measurement.
const DURATION: Duration = Duration::from_millis(400);
/// Connections that send requests at the same time.
const CONNECTIONS: usize = 32;
/// Threads of the clients.
const CLIENT_THREADS: usize = 2;
/// Lowest ratio for a list of 25 relationships.
const LIST_TARGET: f64 = 0.25;

/// Measures and prints the ratios of the endpoints whose name contains `only`. Returns whether
/// the targets are met.
pub(crate) fn compare_with_hello(folder: &Path, only: &str) -> Anything<bool> {
    let hello = RunningServer::hello()?;
    let database = demo_database(&folder.join("speed.sqlite"))?;
    database.write_blocking(|store| {
        let domain = "brightwater.example".parse().map_err(|_| service::Error::NOT_FOUND)?;
        let customer = store.organization_by_domain(&domain)?.ok_or(service::Error::NOT_FOUND)?;
        let partners = store.organizations()?;
        let partners = partners.iter().filter(|one| one.kind() == OrganizationKind::Partner);
        for (number, partner) in (0..30).zip(partners) {
            let since = partner.created().plus(DAY);
            add_relationship(store, customer.id(), partner.id(), number, since)?;
        }
        Ok(())
    })?;
    let site = RunningServer::site(&database)?;
    let mut anna = Client::sign_in(site.address, "anna@brightwater.example")?;
    let list = anna.get("/api/relationships?$top=25")?;
    let id = list["value"][0]["id"].as_str().ok_or("no relationship")?.to_owned();
    let rows = list["value"].as_array().map_or(0, Vec::len);
    if rows != 25 {
        return Err(format!("{rows} relationships are listed instead of 25").into());
    }

    let baseline = client::request("GET", hello.address, "/", "", "", "");
    let mut met = true;
    let list = "/api/relationships?$top=25";
    for (name, path, headers, target) in [
        ("health", "/api/health", "", None),
        ("session", "/api/session", "", None),
        ("one relationship", &*format!("/api/relationships/{id}"), "", None),
        ("list of 25 relationships", list, "", Some(LIST_TARGET)),
        ("list of 25 relationships, read again each time", list, NO_CACHE, None),
    ] {
        if !name.contains(only) {
            continue;
        }
        let request = anna.request("GET", path, headers, "");
        let length = anna.send("GET", path, headers, "")?.body.len();
        let mut ratios = Vec::new();
        let mut costs = Vec::new();
        for _ in 0..ROUNDS {
            let (bare, bare_cost) = rate(hello.address, || repeat(&baseline))?;
            let (ours, our_cost) = rate(site.address, || repeat(&request))?;
            ratios.push(ours / bare);
            costs.push(bare_cost / our_cost);
        }
        met &= report(name, length, ratios, costs, target);
    }

    let name = "a write (quantity of a subscription)";
    if !name.contains(only) {
        return Ok(met);
    }
    let mut writers = Writers::prepare(&mut anna)?;
    let (mut ratios, mut costs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (bare, bare_cost) = rate(hello.address, || repeat(&baseline))?;
        let makers = writers.makers(&mut anna)?;
        let (ours, our_cost) = rate(site.address, || makers)?;
        ratios.push(ours / bare);
        costs.push(bare_cost / our_cost);
    }
    met &= report(name, 0, ratios, costs, None);
    Ok(met)
}

fn report(
    name: &str,
    length: usize,
    ratios: Vec<f64>,
    costs: Vec<f64>,
    target: Option<f64>,
) -> bool {
    let (ratio, cost) = (median(ratios), median(costs));
    let met = target.is_none_or(|target| ratio >= target);
    let target = target.map_or_else(String::new, |target| {
        format!(", target {target}{}", if met { "" } else { ": MISSED" })
    });
    let length = if length > 0 { format!(" ({length} bytes)") } else { String::new() };
    println!("{name}{length}: {ratio:.2} of hello; by processor time {cost:.2}{target}");
    met
}

fn repeat(request: &[u8]) -> Vec<RequestMaker> {
    (0..CONNECTIONS)
        .map(|_| {
            let request = request.to_vec();
            Box::new(move |_| request.clone()) as RequestMaker
        })
        .collect()
}

/// Returns requests per second, and the processor time of this process for each in
/// microseconds.
fn rate(address: SocketAddr, makers: impl FnOnce() -> Vec<RequestMaker>) -> Anything<(f64, f64)> {
    let load = Load::start(address, CLIENT_THREADS, makers());
    // The connections are open, and the caches warm.
    std::thread::sleep(DURATION / 4);
    let (begin, first, before) = (Instant::now(), load.count(), processor_time());
    std::thread::sleep(DURATION);
    let (elapsed, last, after) = (begin.elapsed(), load.count(), processor_time());
    load.stop()?;
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
    let answers = (last - first) as f64;
    Ok((answers / elapsed.as_secs_f64(), (after - before) * 1e6 / answers))
}

/// Returns the processor time that the threads of this process have used, in seconds; 0 where
/// the system does not tell.
fn processor_time() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<f64>().ok())
        .sum::<f64>()
        / 1e9
}

/// Subscriptions whose quantity is changed, one for each connection.
struct Writers {
    ids: Vec<String>,
}

impl Writers {
    /// Orders the subscriptions.
    fn prepare(client: &mut Client) -> Anything<Self> {
        let products = client.get("/api/products")?;
        let product = &products["value"][0];
        let price = &product["prices"][0];
        let mut ids = Vec::new();
        for number in 0..CONNECTIONS {
            let order = serde_json::json!({
                "product": product["id"], "term": price["term"], "quantity": "1",
                "unitPrice": price["unit"], "partnerId": "", "relationship": "",
            });
            let id = format!("018bcfe5-6800-7fff-bfff-{number:012}");
            let headers = format!("repeatability-request-id: {id}\r\n");
            let placed = client.send("POST", "/api/orders", &headers, &order.to_string())?;
            ids.push(placed.json()?["id"].as_str().ok_or("no id")?.to_owned());
        }
        Ok(Self { ids })
    }

    /// Returns the requests of each connection, from the current versions on.
    fn makers(&mut self, client: &mut Client) -> Anything<Vec<RequestMaker>> {
        let mut makers = Vec::new();
        for id in &self.ids {
            let path = format!("/api/subscriptions/{id}");
            let current = client.get(&path)?;
            let etag = current["@odata.etag"].as_str().ok_or("no version")?;
            let version: i64 = etag.trim_start_matches("W/").trim_matches('"').parse()?;
            let (address, cookie) = (client.address, client.cookie.clone());
            makers.push(Box::new(move |number| {
                let version = version + i64::try_from(number).unwrap_or_default();
                let body = format!("{{\"quantity\": \"{}\"}}", 2 + version % 250);
                let headers = format!("if-match: W/\"{version}\"\r\n");
                client::request("PATCH", address, &path, &cookie, &headers, &body)
            }) as RequestMaker);
        }
        Ok(makers)
    }
}
