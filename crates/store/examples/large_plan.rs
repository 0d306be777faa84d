//! Applies a plan of 10,000 changes while others write, and prints how long the others wait.
//!
//! `cargo run --release -p store --example large_plan`

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rules::{
    BillingAccountId, Cloud, EmailAddress, Language, OrganizationId, PartnerId, Subscription,
    SubscriptionId, SubscriptionState, Term, Timestamp, UserRole,
};
use service::model::{Organization, PartnerClouds, PartnerFacts, PasswordHash, SignInFailures};
use service::organizations::{self, NewOrganization, NewOrganizationKind, NewUser};
use service::{Caller, Context, Write, pending_changes, plan, sign_in};
use store::Database;

/// Number of subscriptions of the customer.
const SUBSCRIPTIONS: u128 = 50_000;
/// Number of changes of the plan: every fifth subscription.
const CHANGES: u128 = 10_000;

type Anything<T> = Result<T, Box<dyn Error>>;

fn main() -> Anything<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    let database = Database::open(path.to_str().ok_or("the folder's name is not UTF-8")?)?;
    let mut context =
        Context::new(Timestamp::from_milliseconds(1_800_000_000_000), "https://a.example", [7; 32]);
    let caller = fill(&database, &mut context)?;

    let idle = longest_waits(&database, || {
        thread::sleep(Duration::from_secs(2));
        Ok(())
    })?;
    println!("idle: another write takes {idle}");
    for partner_id in ["1000002", "1000003", ""] {
        let mut took = Vec::new();
        let busy = longest_waits(&database, || {
            took = apply(&database, &mut context, &caller, partner_id)?;
            Ok(())
        })?;
        let took: Vec<String> =
            took.iter().map(|(what, time)| format!("{what} {time:.0?}")).collect();
        println!("a plan of {CHANGES} changes ({}): another write takes {busy}", took.join(", "));
    }
    Ok(())
}

/// Plans and applies a change of every fifth subscription, as the HTTP handlers do.
fn apply(
    database: &Database,
    context: &mut Context,
    caller: &Caller,
    partner_id: &str,
) -> Anything<Vec<(&'static str, Duration)>> {
    let ids: Vec<_> = (0..CHANGES).map(|number| subscription_id(number * 5)).collect();
    let partner_id = (!partner_id.is_empty()).then(|| partner_id.parse()).transpose()?;
    let lines = plan::lines_from_ids(&ids, partner_id.as_ref());
    let mut steps = Vec::new();
    let mut begin = Instant::now();
    let mut step =
        |name| steps.push((name, std::mem::replace(&mut begin, Instant::now()).elapsed()));
    let (counted, by, of) = (lines.clone(), caller.clone(), context.clone());
    database.write_blocking(move |store| {
        plan::record_look_ups(store, &of, &by, &counted)?;
        Ok(())
    })?;
    step("look-ups");
    let none = BTreeSet::new();
    let now = context.now;
    let plan = database.read(|store| plan::plan(store, caller, &lines, &none, now))?;
    step("plan");
    let confirmed =
        database.read(|store| plan::confirm(store, context, caller, &lines, &none, plan.etag.0))?;
    step("confirm");
    let (by, of) = (caller.clone(), context.clone());
    database.write_blocking(move |store| plan::decide(store, &of, &by, &confirmed))?;
    step("decide");
    loop {
        let (of, customer) = (context.clone(), caller.organization.id());
        let more = database
            .write_blocking(move |store| pending_changes::make_some(store, &of, Some(customer)))?;
        if !more {
            break;
        }
    }
    step("make the changes");
    Ok(steps)
}

/// Writes a row of another organization again and again while `work` runs. Returns the
/// quantiles of the durations.
fn longest_waits(database: &Database, work: impl FnOnce() -> Anything<()>) -> Anything<String> {
    let done = Arc::new(AtomicBool::new(false));
    let writer = thread::spawn({
        let (database, done) = (database.clone(), Arc::clone(&done));
        let email: EmailAddress = "someone@else.example".parse()?;
        move || {
            let mut waits = Vec::new();
            let mut count = 0;
            while !done.load(Ordering::Relaxed) {
                let email = email.clone();
                count += 1;
                let begin = Instant::now();
                let written = database.write_blocking(move |store| {
                    let failures = SignInFailures { count, last: Timestamp::from_milliseconds(1) };
                    Ok(store.set_sign_in_failures(&email, Some(failures))?)
                });
                waits.push(begin.elapsed());
                if written.is_err() {
                    break;
                }
                thread::sleep(Duration::from_millis(1));
            }
            waits
        }
    });
    let worked = work();
    done.store(true, Ordering::Relaxed);
    let mut waits = writer.join().map_err(|_| "the writer panicked")?;
    worked?;
    waits.sort_unstable();
    let quantile = |of: usize| waits.get((waits.len() * of / 1000).min(waits.len() - 1));
    let (Some(median), Some(p99), Some(longest)) = (quantile(500), quantile(990), quantile(1000))
    else {
        return Err("nothing was written".into());
    };
    Ok(format!("{median:.1?} (p99 {p99:.1?}, longest {longest:.1?}, of {})", waits.len()))
}

fn subscription_id(number: u128) -> SubscriptionId {
    SubscriptionId::new(Timestamp::from_milliseconds(1), number)
}

/// Creates a customer with [`SUBSCRIPTIONS`] subscriptions and two partners. Returns its
/// administrator.
fn fill(database: &Database, context: &mut Context) -> Anything<Caller> {
    let mut create =
        |name: &str, domain: &str, partner_id: Option<&str>| -> Anything<Organization> {
            let cloud = Cloud::Worldwide;
            let kind = match partner_id {
                Some(id) => NewOrganizationKind::Partner {
                    clouds: PartnerClouds::new(cloud, []),
                    facts: PartnerFacts {
                        partner_id: id.parse()?,
                        email: format!("hello@{domain}").parse()?,
                        phone: None,
                        address: None,
                    },
                },
                None => NewOrganizationKind::Customer { cloud },
            };
            let new = NewOrganization {
                name: name.parse()?,
                domain: domain.parse()?,
                country: "NL".parse()?,
                kind,
            };
            let mut of = context.clone();
            context.id_bits();
            Ok(database
                .write_blocking(move |store| organizations::create(store, &mut of, new.clone()))?)
        };
    let customer = create("Harbour Bakery", "harbour.example", None)?;
    let partners = [
        create("Meridian Cloud", "meridian.example", Some("1000001"))?,
        create("Kestrel IT", "kestrel.example", Some("1000002"))?,
        create("Northwind", "northwind.example", Some("1000003"))?,
    ];
    let email: EmailAddress = "ada@harbour.example".parse()?;
    let password = PasswordHash("none".to_owned());
    let user = NewUser {
        organization: customer.id(),
        email: email.clone(),
        name: "Ada Admin".parse()?,
        password: password.clone(),
        roles: vec![UserRole::GlobalAdministrator],
        language: Language::English,
    };
    let mut of = context.clone();
    let (_, caller) = database.write_blocking(move |store| {
        organizations::create_user(store, &mut of, user.clone())?;
        sign_in::start_session(store, &mut of, &email, &password)
    })?;
    let account = database.read(|store| {
        Ok(store.billing_accounts(customer.id())?.into_iter().next().map(|account| account.id))
    })?;
    let account = account.ok_or("there is no billing account")?;
    let partner_id: PartnerId = "1000001".parse()?;
    let [first, ..] = partners;
    for numbers in (0..SUBSCRIPTIONS).collect::<Vec<_>>().chunks(1_000) {
        let (numbers, id, by) = (numbers.to_vec(), partner_id.clone(), caller.user.id);
        let name = "Microsoft 365 Business Basic".parse()?;
        let record = rules::PartnerOfRecord {
            partner_id: id,
            partner: first.id(),
            since: context.now,
            set_by: by,
        };
        let sample = sample(customer.id(), account, record, name, context.now);
        database.write_blocking(move |store: &mut dyn Write| {
            for number in &numbers {
                let id = subscription_id(*number);
                store.insert_subscription(&Subscription { id, ..sample.clone() })?;
            }
            Ok(())
        })?;
    }
    Ok(caller)
}

fn sample(
    customer: OrganizationId,
    billing_account: BillingAccountId,
    record: rules::PartnerOfRecord,
    product_name: rules::DisplayName,
    created: Timestamp,
) -> Subscription {
    Subscription {
        id: subscription_id(0),
        customer,
        cloud: Cloud::Worldwide,
        product: None,
        product_name,
        quantity: 5,
        term: Term::Month,
        unit_price: None,
        billing_account,
        seller: None,
        offer_of: None,
        state: SubscriptionState::Active,
        created_by: record.set_by,
        created_by_organization: customer,
        partner_of_record: Some(record),
        created,
        version: 1,
    }
}
