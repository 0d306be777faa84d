//! The demo data, created by the use cases, is the same in both stores, and so are all lists
//! that its users can see.

use std::collections::BTreeSet;

use api::{
    ActivityQuery, EnquiryQuery, InvitationQuery, OutboxQuery, PartnerIdFilter, PartnerQuery,
    PlanRequest, ProductFilter, ProductQuery, RelationshipFilter, RelationshipQuery, SkipToken,
    SortKey, SortOrder, SubscriptionField, SubscriptionFilter, SubscriptionQuery,
};
use rules::{Language, RelationshipStatus, SubscriptionId, SubscriptionStatus, Timestamp};
use service::model::{PasswordHash, Session};
use service::{
    Caller, Context, Read, activity, agreements, demo, enquiries, invitations, organizations,
    outbox, partner_ids, partners, plan, products, profile, relationships, subscriptions,
};
use store::Memory;

use crate::content::everything;
use crate::engines::{Engine, OnDisk};
use crate::rows;
use crate::samples::token;

/// A time in 2027.
pub(crate) const NOW: i64 = 1_800_000_000_000;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_milliseconds(NOW)
}

pub(crate) fn context(seed: u8) -> Context {
    Context::new(now(), "https://accord.example", [seed; 32])
}

/// A store with the demo data.
pub(crate) fn filled<E: Engine>() -> E {
    let engine = E::empty();
    engine
        .write(|store| {
            let password = PasswordHash("$argon2id$sample".to_owned());
            demo::fill(store, &mut context(7), &password)
        })
        .unwrap();
    engine
}

/// A user of the demo data, as a signed-in caller.
pub(crate) fn caller(store: &mut dyn Read, email: &str) -> service::Result<Caller> {
    let user = store.user_by_email(&email.parse().unwrap())?.ok_or(service::Error::NOT_FOUND)?;
    let organization = store.organization(user.organization)?.ok_or(service::Error::NOT_FOUND)?;
    let session = Session {
        token: token(1),
        user: user.id,
        organization: organization.id(),
        created: now(),
        expires: now(),
    };
    Ok(Caller { user, organization, session })
}

/// Everything that each user sees, one line for each answer. Refusals are answers too.
fn seen(store: &mut dyn Read) -> service::Result<Vec<String>> {
    let queries = [
        RelationshipQuery::default(),
        RelationshipQuery { top: 2, ..RelationshipQuery::default() },
        RelationshipQuery {
            search: "CLOUD".to_owned(),
            filter: RelationshipFilter {
                status: vec![RelationshipStatus::Ended],
                ..RelationshipFilter::default()
            },
            ..RelationshipQuery::default()
        },
    ];
    let searches = ["", "clou", "managed services", "上海", "\""].map(|words| PartnerQuery {
        search: words.to_owned(),
        top: 3,
        ..PartnerQuery::default()
    });
    let mut lines = Vec::new();
    for organization in store.organizations()? {
        for user in store.users(organization.id())? {
            let caller = caller(store, user.email.as_str())?;
            lines.push(format!("{:?}", organizations::session(store, &caller)));
            for query in &queries {
                lines.push(format!("{:?}", relationships::list(store, &caller, query, now())));
            }
            for one in rows::relationships(store, organization.id())? {
                lines.push(format!("{:?}", relationships::get(store, &caller, one.id, now())));
                lines.push(format!("{:?}", relationships::history(store, &caller, one.id, now())));
            }
            lines.extend(bought(store, &caller)?);
            for query in &searches {
                lines.push(format!("{:?}", partners::list(store, &caller, query, now())));
            }
            lines.push(format!("{:?}", profile::get(store, &caller, now())));
            lines.push(format!(
                "{:?}",
                enquiries::list(store, &caller, &EnquiryQuery::default(), now())
            ));
            for one in rows::enquiries(store, organization.id())? {
                lines.push(format!("{:?}", enquiries::get(store, &caller, one.id, now())));
            }
            lines.push(format!(
                "{:?}",
                invitations::list(store, &caller, &InvitationQuery::default(), now())
            ));
            for one in rows::invitations(store, organization.id())? {
                lines.push(format!("{:?}", invitations::get(store, &caller, one.id, now())));
            }
            for before in [None, Some(4)] {
                let keys = |sequence| vec![SortKey::Integer(sequence)];
                let skip = before.map(|before| SkipToken { as_of: now(), keys: keys(before) });
                let query = ActivityQuery { top: 3, skip, ..ActivityQuery::default() };
                lines.push(format!("{:?}", activity::list(store, &caller, &query, now())));
            }
            let query = OutboxQuery::default();
            lines.push(format!("{:?}", outbox::list(store, &caller, &query, now())));
            for language in Language::ALL {
                lines.push(format!("{:?}", agreements::current(store, &caller, *language, now())));
            }
        }
    }
    lines.push(format!("{:?}", outbox::list_for_demo(store, &OutboxQuery::default(), now())));
    lines.push(format!("{:?}", demo::store_contents(store)));
    Ok(lines)
}

/// Everything that a user sees of products and subscriptions, one line for each answer.
fn bought(store: &mut dyn Read, caller: &Caller) -> service::Result<Vec<String>> {
    let organization = caller.organization.id();
    let queries = [
        SubscriptionQuery::default(),
        SubscriptionQuery {
            order: SortOrder { field: SubscriptionField::Renews, descending: true },
            top: 3,
            ..SubscriptionQuery::default()
        },
        SubscriptionQuery {
            search: "OFFICE".to_owned(),
            filter: SubscriptionFilter {
                status: vec![SubscriptionStatus::Active, SubscriptionStatus::Trial],
                partner_id: Some(PartnerIdFilter::None),
                ..SubscriptionFilter::default()
            },
            ..SubscriptionQuery::default()
        },
    ];
    let mut lines = vec![
        format!("{:?}", products::list(store, caller, &ProductQuery::default(), now())),
        format!("{:?}", products::billing_accounts(store, caller, now())),
    ];
    for query in &queries {
        lines.push(format!("{:?}", subscriptions::list(store, caller, query, now())));
    }
    for one in rows::subscriptions(store, organization)? {
        lines.push(format!("{:?}", subscriptions::get(store, caller, one.id, now())));
        lines.push(format!("{:?}", subscriptions::history(store, caller, one.id, now())));
    }
    for one in rows::relationships(store, organization)? {
        let filter = ProductFilter { relationship: Some(one.id) };
        let query = ProductQuery { filter, ..ProductQuery::default() };
        lines.push(format!("{:?}", products::list(store, caller, &query, now())));
    }
    for organization in store.organizations()? {
        for account in store.partner_accounts(organization.id())? {
            let checked = partner_ids::check(store, caller, &account.partner_id, now());
            lines.push(format!("{checked:?}"));
        }
    }
    Ok(lines)
}

#[test]
fn demo_data_is_the_same_in_both_stores() {
    let (memory, disk) = (filled::<Memory>(), filled::<OnDisk>());
    let of = |store: &mut dyn Read| Ok(everything(store)?);
    let expected = memory.read(of).unwrap();
    assert!(expected.len() > 300, "{}", expected.len());
    assert_eq!(disk.read(of).unwrap(), expected);
    let expected = memory.read(seen).unwrap();
    assert!(expected.iter().any(|line| line.contains("Brightwater")));
    assert_eq!(disk.read(seen).unwrap(), expected);
    let disk = disk.reopened();
    assert_eq!(disk.read(seen).unwrap(), expected);
}

#[test]
fn a_plan_is_for_ten_thousand_matches_at_the_most() {
    let memory = filled::<Memory>();
    let add = |number: usize| {
        memory.write(|store| -> service::Result<()> {
            let anna = caller(store, "anna@brightwater.example")?;
            let own = rows::subscriptions(store, anna.organization.id())?;
            for place in own.len()..number {
                let id = SubscriptionId::new(now(), place as u128);
                let copy = rules::Subscription { id, offer_of: None, ..own[0].clone() };
                store.insert_subscription(&copy)?;
            }
            Ok(())
        })
    };
    let found = || {
        memory.read(|store| {
            let anna = caller(store, "anna@brightwater.example")?;
            plan::matching_subscriptions(store, &anna, &SubscriptionQuery::default(), now())
        })
    };
    add(PlanRequest::LINES_MAX).unwrap();
    assert_eq!(found().unwrap().into_iter().collect::<BTreeSet<_>>().len(), PlanRequest::LINES_MAX);
    add(PlanRequest::LINES_MAX + 1).unwrap();
    assert_eq!(found().unwrap_err().to_string(), "tooManyMatches");
}
