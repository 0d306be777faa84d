//! Benchmarks of the store. Each result is the ratio of two measurements that alternate in the
//! same run, because absolute figures would mostly depend on the machine.
//!
//! `cargo run --release -p store --example bench`

use std::error::Error;
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use api::RelationshipQuery;
use rules::{
    AdminRole, Cloud, EmailAddress, Industry, OrganizationId, OrganizationSize, PartnerType,
    Profile, Relationship, RelationshipId, RelationshipState, RoleGrant, Service, Timestamp,
};
use rusqlite::{Connection, OpenFlags, Row};
use serde::Deserialize;
use service::lists::{ListOwner, PageRequest};
use service::model::{
    AuditRecord, Organization, PartnerClouds, PartnerFacts, PartnerSearch, SignInFailures,
};
use service::{Read, StoreError, Write};
use store::{Database, Memory};

/// Number of measurements of each ratio; the result is their median.
const ROUNDS: usize = 7;
/// Number of concurrent writers.
const WRITERS: u32 = 64;
/// Writes of each thread in a round.
const WRITES: u32 = 16;
/// Number of customers, each with [`LISTED`] relationships.
const CUSTOMERS: u128 = 200;
/// Number of relationships in a list.
const LISTED: u128 = 50;
/// Number of lists that are read in a round.
const LISTS: u32 = 4_000;
/// Numbers of profiles in the small and the large directory.
const PROFILES: [u128; 2] = [5_000, 50_000];
/// Number of profiles that match the search.
const MATCHING: u128 = 100;
/// Number of searches in a round.
const SEARCHES: u32 = 400;

type Anything<T> = Result<T, Box<dyn Error>>;

fn main() -> Anything<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    let url = path.to_str().ok_or("the folder's name is not UTF-8")?;
    let database = Database::open(url)?;
    let memory = Memory::new();
    database.write_blocking(|store| fill(store))?;
    memory.write(|store| fill(store))?;

    let mut next = 0;
    let grouped = median(|| {
        let first = next;
        next += i64::from(2 * WRITERS * WRITES);
        let one_by_one = time(|| write_some(&database, 0, first, WRITERS * WRITES))?;
        let at_once = time(|| write_at_once(&database, first + i64::from(WRITERS * WRITES)))?;
        Ok(one_by_one.div_duration_f64(at_once))
    })?;
    println!("writes, {WRITERS} at once in groups / one by one: {grouped:.1} times as many");

    let raw = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    raw.pragma_update(None, "cache_size", -16_384)?;
    let ours = |of| Ok(database.read(|store| Ok(page(store, of)?))?);
    let against = |other: &dyn Fn(OrganizationId) -> Anything<usize>| {
        median(|| Ok(time(|| list(other))?.div_duration_f64(time(|| list(ours))?)))
    };
    let rusqlite = against(&|of| list_raw(&raw, of, parsed))?;
    println!(
        "lists, the store / a loop of rusqlite that parses the same: {rusqlite:.2} times as many"
    );
    let bare = against(&|of| list_raw(&raw, of, strings))?;
    println!("lists, the store / a loop of rusqlite that parses nothing: {bare:.2} times as many");
    let model = against(&|of| Ok(memory.read(|store| Ok(page(store, of)?))?))?;
    println!("lists, SQLite / memory: {model:.2} times as many");
    drop(database);
    searches()
}

/// Compares searches in two directories with the same matches and different numbers of other
/// profiles, which must not affect the cost.
fn searches() -> Anything<()> {
    let folder = tempfile::tempdir()?;
    let directory = |count: u128| -> Anything<Database> {
        let path = folder.path().join(format!("{count}.db"));
        let database = Database::open(path.to_str().ok_or("the folder's name is not UTF-8")?)?;
        for first in (0..count).step_by(1_000) {
            database.write_blocking(move |store| {
                (first..first + 1_000).try_for_each(|number| list_partner(store, number, count))
            })?;
        }
        Ok(database)
    };
    let [small, large] = PROFILES;
    let (few, many) = (directory(small)?, directory(large)?);
    for (what, words, city, size) in [
        ("a word", "lighthouse", None, None),
        ("a beginning", "light", None, None),
        ("a word and words that all have", "cloud migration light", None, None),
        ("a town", "", Some("Scheveningen"), None),
        ("word, town and size", "migr", Some("scheveningen"), Some(OrganizationSize::From1To9)),
        ("a word that many have elsewhere", "harbour", None, None),
    ] {
        let search = PartnerSearch {
            cloud: Cloud::Worldwide,
            country: "NL".parse()?,
            city: city.map(str::to_owned),
            size,
            words: rules::search_words(words),
        };
        let one = |database: &Database| -> Anything<()> {
            for _ in 0..SEARCHES {
                // A page has 20 partners, and one more shows whether there is a next page.
                let found = database.read(|store| Ok(store.search_partners(&search, None, 21)?))?;
                if black_box(found).len() != 21 {
                    return Err("a search finds too few".into());
                }
            }
            Ok(())
        };
        let all = |database: &Database| -> Anything<usize> {
            Ok(database.read(|store| Ok(store.search_partners(&search, None, 100_000)?))?.len())
        };
        let (found, of_many) = (all(&few)?, all(&many)?);
        let mut shortest = Duration::MAX;
        let grown = median(|| {
            let of_few = time(|| one(&few))?;
            let of_many = time(|| one(&many))?;
            shortest = shortest.min(of_many / SEARCHES);
            Ok(of_many.div_duration_f64(of_few))
        })?;
        println!(
            "search by {what}, {of_many} of {large} profiles / {found} of {small}: {grown:.2} \
             times as long ({shortest:.0?} a page)"
        );
    }
    Ok(())
}

/// Adds a partner and its profile. [`MATCHING`] of them, spread over the whole directory, serve
/// the Netherlands, have an office in the city of the search, and mention the harbour and its
/// lighthouse. Of the others, a third serve the Netherlands, another third mention the harbour,
/// and all mention the cloud.
fn list_partner(store: &mut dyn Write, number: u128, of: u128) -> service::Result<()> {
    let wrong = || service::StoreError::Engine("the sample is wrong".to_owned());
    let matching = number.is_multiple_of(of / MATCHING);
    let words = ["security", "training", "licenses", "telephony", "backup", "networks", "advice"];
    let pick = |salt: u128| {
        let place = usize::try_from((number * 31 + salt * 17) % 7).unwrap_or(0);
        words.get(place).copied().unwrap_or("advice")
    };
    let mut description = format!(
        "We move companies to the cloud: migration, {}, {} and {}, since {}.",
        pick(1),
        pick(2),
        pick(3),
        1980 + number % 40
    );
    let (country, city, more) = match (matching, number % 3) {
        (true, _) => ("NL", "Scheveningen", " In the harbour, at the lighthouse."),
        (false, 0) => ("NL", "Rotterdam", ""),
        (false, 1) => ("BE", "Oostende", " In the harbour."),
        (false, _) => ("DE", "Husum", ""),
    };
    description += more;
    let organization = Organization::Partner {
        id: customer(number),
        name: format!("Partner {number}").parse().map_err(|_| wrong())?,
        domain: format!("p{number}.example").parse().map_err(|_| wrong())?,
        country: country.parse().map_err(|_| wrong())?,
        created: Timestamp::from_milliseconds(1),
        clouds: PartnerClouds::new(Cloud::Worldwide, []),
        facts: PartnerFacts {
            partner_id: (number + 1).to_string().parse().map_err(|_| wrong())?,
            email: format!("hello@p{number}.example").parse().map_err(|_| wrong())?,
            phone: None,
            address: None,
        },
    };
    store.insert_organization(&organization)?;
    store.set_profile(&Profile {
        partner: organization.id(),
        description: Some(description.parse().map_err(|_| wrong())?),
        locations: vec![rules::Location {
            country: organization.country().clone(),
            city: Some(city.parse().map_err(|_| wrong())?),
        }],
        services: vec![Service::DeploymentOrMigration, Service::ManagedServices],
        industries: vec![Industry::RetailAndConsumerGoods],
        sizes: OrganizationSize::ALL.to_vec(),
        countries: vec![organization.country().clone()],
        listed: true,
        version: 1,
    })?;
    Ok(())
}

fn time(work: impl FnOnce() -> Anything<()>) -> Anything<Duration> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed())
}

fn median(mut measure: impl FnMut() -> Anything<f64>) -> Anything<f64> {
    let mut ratios = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        ratios.push(measure()?);
    }
    ratios.sort_by(f64::total_cmp);
    ratios.get(ROUNDS / 2).copied().ok_or_else(|| "no round".into())
}

fn customer(number: u128) -> OrganizationId {
    OrganizationId::new(Timestamp::from_milliseconds(1), number)
}

fn fill(store: &mut dyn Write) -> service::Result<()> {
    let now = Timestamp::from_milliseconds(1_800_000_000_000);
    let text = |_| service::StoreError::Engine("the sample is wrong".to_owned());
    for number in 0..CUSTOMERS {
        store.insert_organization(&Organization::Customer {
            id: customer(number),
            name: "Harbour Bakery".parse().map_err(text)?,
            domain: format!("o{number}.example").parse().map_err(text)?,
            country: "IE".parse().map_err(text)?,
            created: now,
            cloud: Cloud::Worldwide,
        })?;
    }
    // Interleaves the customers, as in practice, rather than one customer after the other.
    for row in 0..LISTED {
        for number in 0..CUSTOMERS {
            store.insert_relationship(&Relationship {
                id: RelationshipId::new(now, row * CUSTOMERS + number),
                customer: customer(number),
                cloud: Cloud::Worldwide,
                partner: customer((number + 1 + row) % CUSTOMERS),
                partner_type: PartnerType::DelegatedAdministrator,
                grants: AdminRole::ALL
                    .iter()
                    .map(|role| RoleGrant { role: *role, since: now, ends: None })
                    .collect(),
                since: now,
                invitation: None,
                state: RelationshipState::Active,
                version: 1,
            })?;
        }
    }
    Ok(())
}

/// Makes a typical write: a changed row and an entry in the audit log.
fn write_once(database: &Database, thread: u32, sequence: i64) -> service::Result<()> {
    let email: EmailAddress = format!("t{thread}@bench.example")
        .parse()
        .map_err(|_| service::StoreError::Engine("the sample is wrong".to_owned()))?;
    database.write_blocking(move |store| {
        let last = Timestamp::from_milliseconds(sequence);
        store.set_sign_in_failures(&email, Some(SignInFailures { count: 1, last }))?;
        store.append_audit(&AuditRecord {
            organization: customer(0),
            sequence,
            target: "018bcfe5-6800-7fff-bfff-ffffffffffff".to_owned(),
            content: "x".repeat(400),
            hash: "5".repeat(64),
        })?;
        Ok(())
    })
}

fn write_some(database: &Database, thread: u32, first: i64, count: u32) -> Anything<()> {
    for place in 0..i64::from(count) {
        write_once(database, thread, first + place)?;
    }
    Ok(())
}

fn write_at_once(database: &Database, first: i64) -> Anything<()> {
    let threads: Vec<_> = (0..WRITERS)
        .map(|number| {
            let database = database.clone();
            let first = first + i64::from(number * WRITES);
            thread::spawn(move || {
                write_some(&database, number, first, WRITES).map_err(|error| error.to_string())
            })
        })
        .collect();
    for thread in threads {
        thread.join().map_err(|_| "a writer panicked")??;
    }
    Ok(())
}

fn list(one: impl Fn(OrganizationId) -> Anything<usize>) -> Anything<()> {
    for turn in 0..LISTS {
        // All customers in turn, in a scattered order.
        let found = one(customer(u128::from(turn) * 7 % CUSTOMERS))?;
        if black_box(found) < usize::try_from(LISTED)? {
            return Err("a list is too short".into());
        }
    }
    Ok(())
}

/// Reads the relationships of a customer, with all that the list shows of them, and returns
/// their number.
fn page(store: &mut dyn Read, of: OrganizationId) -> Result<usize, StoreError> {
    let query = RelationshipQuery::default();
    let now = Timestamp::from_milliseconds(1_000);
    let page = PageRequest { query: &query, as_of: now, now, limit: u32::MAX };
    Ok(store.relationship_page(ListOwner::Customer(of), &page)?.rows.len())
}

/// Reads the records of the same rows with rusqlite alone, converting each with `make`.
fn list_raw<T>(
    connection: &Connection,
    of: OrganizationId,
    make: fn(&Row<'_>) -> Anything<T>,
) -> Anything<usize> {
    let mut statement = connection.prepare_cached(
        "SELECT customer, id, cloud, partner, partner_type, grants, since, invitation, state, \
         version FROM relationship WHERE customer = ?1 UNION ALL \
         SELECT customer, id, cloud, partner, partner_type, grants, since, invitation, state, \
         version FROM relationship WHERE partner = ?1 AND customer <> ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([of.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(make(row)?);
    }
    Ok(black_box(found).len())
}

/// A grant as it is stored.
#[derive(Deserialize)]
struct StoredGrant<'a> {
    role: &'a str,
    since: i64,
    ends: Option<i64>,
}

/// The state of the sample relationships as it is stored.
#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "camelCase")]
enum StoredState {
    Active,
}

/// Converts a row to the same value as the store, by hand.
fn parsed(row: &Row<'_>) -> Anything<Relationship> {
    let text = |place| -> Anything<&str> { Ok(row.get_ref(place)?.as_str()?) };
    Ok(Relationship {
        customer: text(0)?.parse()?,
        id: text(1)?.parse()?,
        cloud: text(2)?.parse()?,
        partner: text(3)?.parse()?,
        partner_type: text(4)?.parse()?,
        grants: serde_json::from_str::<Vec<StoredGrant<'_>>>(text(5)?)?
            .into_iter()
            .map(|grant| {
                Ok(RoleGrant {
                    role: grant.role.parse()?,
                    since: Timestamp::from_milliseconds(grant.since),
                    ends: grant.ends.map(Timestamp::from_milliseconds),
                })
            })
            .collect::<Anything<_>>()?,
        since: Timestamp::from_milliseconds(row.get(6)?),
        invitation: row.get::<_, Option<String>>(7)?.map(|id| id.parse()).transpose()?,
        state: match serde_json::from_str(text(8)?)? {
            StoredState::Active => RelationshipState::Active,
        },
        version: row.get(9)?,
    })
}

/// Converts a row to strings and integers only, as a lower bound of the cost.
fn strings(row: &Row<'_>) -> Anything<([String; 7], [i64; 2], Option<String>)> {
    Ok((
        [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(8)?],
        [row.get(6)?, row.get(9)?],
        row.get(7)?,
    ))
}
