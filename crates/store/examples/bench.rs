//! The benchmarks of the store, as ratios of two things measured in the same run, in
//! turns: an absolute figure would say more about the machine than about the program.
//!
//! `cargo run --release -p store --example bench`

use std::error::Error;
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use rules::{
    AdminRole, Cloud, EmailAddress, OrganisationId, OrganisationKind, PartnerType, Relationship,
    RelationshipId, RelationshipState, RoleGrant, Timestamp,
};
use rusqlite::{Connection, OpenFlags, Row};
use service::Write;
use service::model::{AuditRecord, Organisation, SignInFailures};
use store::{Database, Memory};

/// How often both sides of a ratio are measured; the median counts.
const ROUNDS: usize = 7;
/// How many threads write at once.
const WRITERS: u32 = 64;
/// How many writes a thread makes in a round.
const WRITES: u32 = 16;
/// How many customers there are, each with [`LISTED`] relationships.
const CUSTOMERS: u128 = 200;
/// How many relationships a list has.
const LISTED: u128 = 50;
/// How many lists are read in a round.
const LISTS: u32 = 4_000;

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
    let ours = |of| Ok(database.read(|store| Ok(store.relationships(of)?))?.len());
    let against = |other: &dyn Fn(OrganisationId) -> Anything<usize>| {
        median(|| Ok(time(|| list(other))?.div_duration_f64(time(|| list(ours))?)))
    };
    let rusqlite = against(&|of| list_raw(&raw, of, parsed))?;
    println!(
        "lists, the store / a loop of rusqlite that parses the same: {rusqlite:.2} times as many"
    );
    let bare = against(&|of| list_raw(&raw, of, strings))?;
    println!("lists, the store / a loop of rusqlite that parses nothing: {bare:.2} times as many");
    let model = against(&|of| Ok(memory.read(|store| Ok(store.relationships(of)?))?.len()))?;
    println!("lists, SQLite / memory: {model:.2} times as many");
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

fn customer(number: u128) -> OrganisationId {
    OrganisationId::new(Timestamp::from_milliseconds(1), number)
}

fn fill(store: &mut dyn Write) -> service::Result<()> {
    let now = Timestamp::from_milliseconds(1_800_000_000_000);
    let text = |_| service::StoreError::Engine("the sample is wrong".to_owned());
    for number in 0..CUSTOMERS {
        store.insert_organisation(&Organisation {
            id: customer(number),
            kind: OrganisationKind::Customer,
            name: "Harbour Bakery".parse().map_err(text)?,
            domain: format!("o{number}.example").parse().map_err(text)?,
            country: "IE".parse().map_err(text)?,
            clouds: vec![Cloud::Worldwide],
            created: now,
            partner: None,
        })?;
    }
    // Row by row for all customers, as it comes about, not customer by customer.
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

/// A write of the usual size: a changed row and an entry of the audit log.
fn write_once(database: &Database, thread: u32, sequence: i64) -> service::Result<()> {
    let email: EmailAddress = format!("t{thread}@bench.example")
        .parse()
        .map_err(|_| service::StoreError::Engine("the sample is wrong".to_owned()))?;
    database.write_blocking(move |store| {
        let last = Timestamp::from_milliseconds(sequence);
        store.set_sign_in_failures(&email, Some(SignInFailures { count: 1, last }))?;
        store.append_audit(&AuditRecord {
            organisation: customer(0),
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

fn list(one: impl Fn(OrganisationId) -> Anything<usize>) -> Anything<()> {
    for turn in 0..LISTS {
        // All customers in turn, in an order that jumps about.
        let found = one(customer(u128::from(turn) * 7 % CUSTOMERS))?;
        if black_box(found) < usize::try_from(LISTED)? {
            return Err("a list is too short".into());
        }
    }
    Ok(())
}

/// The same rows by rusqlite alone, each made into something.
fn list_raw<T>(
    connection: &Connection,
    of: OrganisationId,
    make: fn(&Row<'_>) -> Anything<T>,
) -> Anything<usize> {
    let mut statement = connection.prepare_cached(
        "SELECT customer, id, cloud, partner, partner_type, grants, since, invitation, state, \
         version FROM relationship WHERE customer = $1 UNION ALL \
         SELECT customer, id, cloud, partner, partner_type, grants, since, invitation, state, \
         version FROM relationship WHERE partner = $1 AND customer <> $1 ORDER BY id",
    )?;
    let mut rows = statement.query([of.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(make(row)?);
    }
    Ok(black_box(found).len())
}

/// What the store makes of a row, written out by hand.
fn parsed(row: &Row<'_>) -> Anything<Relationship> {
    let text = |place| -> Anything<&str> { Ok(row.get_ref(place)?.as_str()?) };
    Ok(Relationship {
        customer: text(0)?.parse()?,
        id: text(1)?.parse()?,
        cloud: text(2)?.parse()?,
        partner: text(3)?.parse()?,
        partner_type: text(4)?.parse()?,
        grants: serde_json::from_str(text(5)?)?,
        since: Timestamp::from_milliseconds(row.get(6)?),
        invitation: row.get::<_, Option<String>>(7)?.map(|id| id.parse()).transpose()?,
        state: serde_json::from_str(text(8)?)?,
        version: row.get(9)?,
    })
}

/// A row as strings and integers: what there is to gain at the most.
fn strings(row: &Row<'_>) -> Anything<([String; 7], [i64; 2], Option<String>)> {
    Ok((
        [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(8)?],
        [row.get(6)?, row.get(9)?],
        row.get(7)?,
    ))
}
