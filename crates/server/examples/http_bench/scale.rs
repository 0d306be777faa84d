//! Cost of lists, details and writes in a large database, relative to a small one.
//!
//! Both databases are served in this process. Requests alternate between them, and each ratio
//! is that of two lower quartiles: what else runs on the machine only ever adds time.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rules::Timestamp;
use serde_json::{Value, json};

use crate::client::{Client, Load, NO_CACHE, RequestMaker};
use crate::generate::{self, CUSTOMER_USER, DataSize, PARTNER_USER, SMALL};
use crate::running::{RunningServer, demo_database};
use crate::{Anything, lower_quartile, median};

/// Rounds of the comparison of a list.
const LIST_ROUNDS: usize = 9;
/// Requests to each database in a round.
const REQUESTS: usize = 150;
/// Highest ratio of a list or of details.
const LIST_TARGET: f64 = 1.5;
/// Highest ratio of sending an invitation.
const SEND_TARGET: f64 = 1.3;
/// Highest ratio of another organization's p99 under load to its p99 without.
const NEIGHBOR_TARGET: f64 = 5.0;
/// Longest time that another organization's write may take while a large plan is applied.
const WRITE_TARGET: Duration = Duration::from_millis(100);
/// Lines of that plan.
const PLAN_LINES: usize = 10_000;
/// Rounds of the comparison with a neighbor.
const NEIGHBOR_ROUNDS: usize = 5;
/// Requests for a p99.
const NEIGHBOR_REQUESTS: usize = 1_000;

/// Measures and prints all ratios whose name contains `only`. Returns whether the targets are
/// met.
pub(crate) fn compare_sizes(folder: &Path, size: DataSize, only: &str) -> Anything<bool> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let now = Timestamp::from_milliseconds(i64::try_from(now)?);
    let make = |name: &str, size: DataSize| -> Anything<RunningServer> {
        let database = demo_database(&folder.join(name))?;
        generate::fill(&database, now, size)?;
        RunningServer::site(&database)
    };
    let (small, large) = (make("small.sqlite", SMALL)?, make("large.sqlite", size)?);
    let both = |email: &str| -> Anything<Pair> {
        Ok(Pair {
            small: Client::sign_in(small.address, email)?,
            large: Client::sign_in(large.address, email)?,
        })
    };
    let mut report = Report { only, met: true };
    let mut partner = both(PARTNER_USER)?;
    let mut customer = both(CUSTOMER_USER)?;
    for list in [
        ListToCompare { path: "/api/relationships", words: &["quagga", "trading"] },
        ListToCompare { path: "/api/invitations", words: &["quagga", "trading"] },
        ListToCompare { path: "/api/enquiries", words: &["quagga", "trading"] },
        ListToCompare { path: "/api/activity", words: &[] },
        ListToCompare { path: "/api/outbox", words: &[] },
    ] {
        report.compare_list("partner", &mut partner, &list)?;
    }
    for list in [
        ListToCompare { path: "/api/subscriptions", words: &["quagga", "trading"] },
        ListToCompare { path: "/api/activity", words: &[] },
        ListToCompare { path: "/api/outbox", words: &[] },
        ListToCompare { path: "/api/products", words: &[] },
        ListToCompare { path: "/api/partners", words: &["cloud"] },
    ] {
        report.compare_list("customer", &mut customer, &list)?;
    }
    let mut anna = Client::sign_in(large.address, "anna@brightwater.example")?;
    if report.wants("neighbor") {
        report.compare_neighbor(&mut anna, &partner.large)?;
    }
    if report.wants("sending an invitation") {
        report.compare_sending(&mut partner)?;
    }
    if report.wants("plan") {
        report.time_writes_during_plan(&mut anna, &mut customer.large)?;
    }
    Ok(report.met)
}

/// Clients of the same person in both databases.
struct Pair {
    small: Client,
    large: Client,
}

/// A list, and words to search for.
struct ListToCompare {
    path: &'static str,
    words: &'static [&'static str],
}

/// Prints results, and remembers whether all targets were met.
struct Report<'a> {
    only: &'a str,
    met: bool,
}

impl Report<'_> {
    fn wants(&self, name: &str) -> bool {
        name.contains(self.only)
    }

    fn line(&mut self, name: &str, measured: &str, met: bool) {
        self.met &= met;
        println!("{name}: {measured}{}", if met { "" } else { "  MISSED" });
    }

    fn ratio(&mut self, name: &str, ratio: f64, target: f64) {
        self.line(name, &format!("{ratio:.2} times (at most {target})"), ratio <= target);
    }

    /// Compares first page, page in the middle, a page of one, searches, and details.
    fn compare_list(&mut self, who: &str, pair: &mut Pair, list: &ListToCompare) -> Anything<()> {
        let path = list.path;
        if !self.wants(&format!("{who} {path}")) {
            return Ok(());
        }
        let same = |query: String| (query.clone(), query);
        let mut pages = vec![
            ("first page", Some(same(format!("{path}?$top=25")))),
            ("page of one", Some(same(format!("{path}?$top=1")))),
            ("middle page", middle_pages(pair, path)?),
            ("details", details(pair, path)?),
        ];
        pages.extend(list.words.iter().map(|word| {
            let query = format!("{path}?$search={word}&$top=25");
            (*word, Some(same(query)))
        }));
        for (name, paths) in pages {
            let name = format!("{who} {path}, {name}");
            let Some((small, large)) = paths else { continue };
            match compare(pair, &small, &large) {
                Ok(ratio) => self.ratio(&name, ratio, LIST_TARGET),
                Err(error) => self.line(&name, &error.to_string(), false),
            }
        }
        Ok(())
    }

    /// Compares another organization's p99 with and without clients that loop over the largest
    /// list. The result is the median of several rounds, because a p99 depends on what else the
    /// machine does.
    fn compare_neighbor(&mut self, anna: &mut Client, partner: &Client) -> Anything<()> {
        let request = anna.request("GET", "/api/relationships?$top=25", NO_CACHE, "");
        let p99 = |anna: &mut Client| -> Anything<Duration> {
            let mut taken = anna.time(&request, NEIGHBOR_REQUESTS)?;
            taken.sort_unstable();
            Ok(taken[taken.len() * 99 / 100])
        };
        for path in [
            "/api/relationships?$top=300",
            "/api/relationships?$top=300&$orderby=ends%20desc",
            "/api/relationships/export",
        ] {
            p99(anna)?;
            let mut ratios = Vec::new();
            for _ in 0..NEIGHBOR_ROUNDS {
                let idle = p99(anna)?;
                let request = partner.request("GET", path, NO_CACHE, "");
                let makers = (0..4).map(|_| {
                    let request = request.clone();
                    Box::new(move |_| request.clone()) as RequestMaker
                });
                let load = Load::start(partner.address, 1, makers.collect());
                thread::sleep(Duration::from_millis(300));
                let busy = p99(anna)?;
                load.stop()?;
                ratios.push(busy.div_duration_f64(idle));
            }
            let name = format!("neighbor's p99 while 4 clients loop over {path}");
            self.ratio(&name, median(ratios), NEIGHBOR_TARGET);
        }
        Ok(())
    }

    /// Compares sending an invitation.
    fn compare_sending(&mut self, pair: &mut Pair) -> Anything<()> {
        let (mut small, mut large) = (Vec::new(), Vec::new());
        for number in 20..35 {
            small.push(send_invitation(&mut pair.small, number)?.as_secs_f64());
            large.push(send_invitation(&mut pair.large, number)?.as_secs_f64());
        }
        self.ratio(
            "sending an invitation",
            lower_quartile(large) / lower_quartile(small),
            SEND_TARGET,
        );
        Ok(())
    }

    /// Times another organization's writes while a large plan is applied.
    fn time_writes_during_plan(
        &mut self,
        anna: &mut Client,
        customer: &mut Client,
    ) -> Anything<()> {
        let mut ids = Vec::new();
        let mut next = Some("/api/subscriptions?$top=300".to_owned());
        while let Some(path) = next.filter(|_| ids.len() < PLAN_LINES) {
            let page = customer.get(&path)?;
            let rows = page["value"].as_array().ok_or("no list")?;
            ids.extend(rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)));
            next = next_path(&page);
        }
        let mut file = "subscriptionId,partnerId\n".to_owned();
        for id in ids.iter().take(PLAN_LINES).map(String::as_str) {
            file.extend([id, ",7000001\n"]);
        }
        let csv = "content-type: text/csv\r\n";
        let base = "/api/subscriptions/partnersOfRecord";
        let plan = customer.send("POST", &format!("{base}/plan"), csv, &file)?;
        plan.ok()?;
        let etag = plan.header("etag").ok_or("the plan has no version")?.to_owned();

        let subscription = anna.get("/api/subscriptions?$filter=status%20eq%20%27active%27")?;
        let subscription = subscription["value"][0].clone();
        let path =
            format!("/api/subscriptions/{}", subscription["id"].as_str().unwrap_or_default());
        let version = version_of(&subscription)?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut writer = Client::new(anna.address)?;
        writer.cookie.clone_from(&anna.cookie);
        let writes = thread::spawn({
            let stop = Arc::clone(&stop);
            move || -> Result<Vec<Duration>, String> {
                let mut taken = Vec::new();
                let mut version = version;
                while !stop.load(Ordering::Relaxed) {
                    let body = json!({"quantity": (1 + version % 250).to_string()}).to_string();
                    let headers = format!("if-match: W/\"{version}\"\r\n");
                    let begin = Instant::now();
                    let answer = writer.send("PATCH", &path, &headers, &body);
                    taken.push(begin.elapsed());
                    answer.and_then(|answer| answer.ok()).map_err(|error| error.to_string())?;
                    version += 1;
                }
                Ok(taken)
            }
        });
        thread::sleep(Duration::from_millis(500));
        let headers = format!("{csv}if-match: {etag}\r\n");
        let begin = Instant::now();
        let applied = customer.send("POST", &format!("{base}/apply"), &headers, &file)?;
        let took = begin.elapsed();
        stop.store(true, Ordering::Relaxed);
        let writes = writes.join().map_err(|_| "the writer panicked")??;
        applied.ok()?;
        let longest = writes.iter().max().copied().unwrap_or_default();
        self.line(
            &format!("another organization's writes during a plan of {PLAN_LINES} lines"),
            &format!(
                "at most {longest:.0?} of {} writes (at most {WRITE_TARGET:.0?}; the plan took \
                 {took:.0?})",
                writes.len()
            ),
            longest <= WRITE_TARGET,
        );
        Ok(())
    }
}

fn version_of(resource: &Value) -> Anything<i64> {
    let etag = resource["@odata.etag"].as_str().ok_or("no version")?;
    Ok(etag.trim_start_matches("W/").trim_matches('"').parse()?)
}

/// Returns how many times as long a request takes in the large database: the median of several
/// rounds, because for some milliseconds one of the two servers can have the better core.
fn compare(pair: &mut Pair, small: &str, large: &str) -> Anything<f64> {
    let (small, large) = (
        pair.small.request("GET", small, NO_CACHE, ""),
        pair.large.request("GET", large, NO_CACHE, ""),
    );
    let mut ratios = Vec::new();
    for _ in 0..LIST_ROUNDS {
        let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
        for _ in 0..REQUESTS {
            let seconds = |taken: Vec<Duration>| taken.into_iter().map(|taken| taken.as_secs_f64());
            of_small.extend(seconds(pair.small.time(&small, 1)?));
            of_large.extend(seconds(pair.large.time(&large, 1)?));
        }
        ratios.push(lower_quartile(of_large) / lower_quartile(of_small));
    }
    Ok(median(ratios))
}

/// Returns the addresses of a page in the middle of the list in each database, if the list has
/// more than one page.
fn middle_pages(pair: &mut Pair, path: &str) -> Anything<Option<(String, String)>> {
    let small = middle_page(&mut pair.small, path, 25)?;
    let large = middle_page(&mut pair.large, path, 300)?;
    Ok(small.zip(large))
}

/// Walks to the middle of a list in pages of `step`, and returns the address of the page of 25
/// there.
fn middle_page(client: &mut Client, path: &str, step: usize) -> Anything<Option<String>> {
    let mut places = Vec::new();
    let mut next = next_path(&client.get(&format!("{path}?$top={step}"))?);
    while let Some(place) = next {
        next = next_path(&client.get(&place)?);
        places.push(place);
    }
    // The last page may be shorter.
    let middle = places.get((places.len().max(1) - 1) / 2);
    Ok(middle.map(|place| place.replace(&format!("top={step}"), "top=25")))
}

/// Returns the path of the next page.
fn next_path(page: &Value) -> Option<String> {
    let link = page["@odata.nextLink"].as_str()?;
    link.find("/api/").map(|start| link[start..].to_owned())
}

/// Returns the addresses of an item of the list in each database, if items have one.
fn details(pair: &mut Pair, path: &str) -> Anything<Option<(String, String)>> {
    if !matches!(
        path,
        "/api/relationships" | "/api/invitations" | "/api/enquiries" | "/api/subscriptions"
    ) {
        return Ok(None);
    }
    let of = |client: &mut Client| -> Anything<Option<String>> {
        let page = client.get(&format!("{path}?$top=25"))?;
        let rows = page["value"].as_array();
        let id = rows.and_then(|rows| rows.get(rows.len() / 2)?["id"].as_str());
        Ok(id.map(|id| format!("{path}/{id}")))
    };
    Ok(of(&mut pair.small)?.zip(of(&mut pair.large)?))
}

/// Drafts an invitation and sends it. Returns how long sending took.
fn send_invitation(client: &mut Client, number: u32) -> Anything<Duration> {
    let draft = json!({
        "customer": format!("c{number}.example"), "relationshipType": "advisor",
        "askForAdminRoles": false, "recipient": format!("kim@c{number}.example"),
        "recipientName": "Kim Example", "language": "en", "message": "", "enquiry": "",
        "terms": "",
    });
    let drafted = client.send("POST", "/api/invitations", "", &draft.to_string())?.json()?;
    let id = drafted["id"].as_str().ok_or("no id")?;
    let headers = format!("if-match: W/\"{}\"\r\n", version_of(&drafted)?);
    let begin = Instant::now();
    client.send("POST", &format!("/api/invitations/{id}/send"), &headers, "")?.ok()?;
    Ok(begin.elapsed())
}
