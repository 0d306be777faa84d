//! Tests of the query plans: a list reads a range of an index, however long it is.

use api::{
    ActivityQuery, EnquiryQuery, InvitationQuery, List, ListQuery, OutboxQuery, ProductQuery,
    RelationshipQuery, SkipToken, SortKey, SubscriptionQuery,
};
use rules::{Cloud, Currency, OrganizationId, Timestamp};
use service::Read;
use service::lists::{KeyKind, ListOwner, PageRequest, ProductScope, RestrictedRows, SortedList};

use crate::sql::Transaction;
use crate::sql::tests::{empty_database, query_plan};

const ID: &str = "00000000-03e8-7000-8000-000000000001";

fn id() -> OrganizationId {
    ID.parse().unwrap()
}

fn moment() -> Timestamp {
    Timestamp::from_milliseconds(1_000)
}

/// Calls `check` with the plan of each statement that reads a page, for the first page and for
/// a later one.
fn plans<L: SortedList>(
    query: &ListQuery<L>,
    read: impl Fn(&mut Transaction<'_>, &PageRequest<'_, L>),
    mut check: impl FnMut(&str, &str),
) {
    let keys = L::key_kinds(query.order.field).iter().map(|kind| match kind {
        KeyKind::Integer => SortKey::Integer(7),
        KeyKind::Text => SortKey::Text("m".to_owned()),
    });
    let skip = Some(SkipToken { as_of: moment(), keys: keys.collect() });
    let later = ListQuery { skip, count: true, ..query.clone() };
    for query in [query, &later] {
        let connection = empty_database();
        let mut transaction = Transaction::new(&connection);
        let now = moment();
        read(&mut transaction, &PageRequest { query, as_of: now, now, limit: 26 });
        assert!(!transaction.list_statements.is_empty());
        for statement in &transaction.list_statements {
            check(statement, &query_plan(statement));
        }
    }
}

/// Checks that a list reads its page in the order of an index.
fn assert_walks_an_index<L: SortedList>(
    query: &ListQuery<L>,
    read: impl Fn(&mut Transaction<'_>, &PageRequest<'_, L>),
) {
    plans(query, read, |statement, plan| {
        // The page itself, a subquery, is scanned.
        let plan = plan.replace("SCAN page", "").replace("SCAN (subquery", "");
        // The rows of a page are joined with what they show one by one.
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP"), "{statement}\n{plan}");
    });
}

const OWNERS: fn() -> [ListOwner; 2] = || [ListOwner::Customer(id()), ListOwner::Partner(id())];

/// Returns a query with a filter, or the default query.
fn query<L: List>(filter: &str) -> ListQuery<L> {
    ListQuery { filter: api::ListFilter::parse(filter).unwrap(), ..ListQuery::default() }
}

#[test]
fn relationships_are_read_in_the_order_of_an_index() {
    for owner in OWNERS() {
        for filter in ["", "status eq 'active'", "relationshipType in ('advisor','reseller')"] {
            let query: RelationshipQuery = query(filter);
            assert_walks_an_index(&query, |store, page| {
                store.relationship_page(owner, page).unwrap();
            });
        }
    }
}

#[test]
fn invitations_are_read_in_the_order_of_an_index() {
    let filters = [
        String::new(),
        "status in ('sent','draft')".to_owned(),
        format!("customer eq '{ID}'"),
        format!("partner eq '{ID}'"),
    ];
    for owner in OWNERS() {
        for filter in &filters {
            for restricted in [RestrictedRows::Shown, RestrictedRows::Hidden] {
                let query: InvitationQuery = query(filter);
                assert_walks_an_index(&query, |store, page| {
                    store.invitation_page(owner, restricted, page).unwrap();
                });
            }
        }
    }
}

#[test]
fn enquiries_are_read_in_the_order_of_an_index() {
    let filters = [
        String::new(),
        "status eq 'read'".to_owned(),
        format!("customer eq '{ID}'"),
        format!("partner eq '{ID}'"),
    ];
    for owner in OWNERS() {
        for filter in &filters {
            let query: EnquiryQuery = query(filter);
            assert_walks_an_index(&query, |store, page| {
                store.enquiry_page(owner, page).unwrap();
            });
        }
    }
}

#[test]
fn subscriptions_are_read_in_the_order_of_an_index() {
    let filters = [
        String::new(),
        "status eq 'active'".to_owned(),
        "partnerId eq null".to_owned(),
        "partnerId ne null".to_owned(),
        "partnerId eq '4391507'".to_owned(),
        format!("customer eq '{ID}'"),
        format!("seller eq '{ID}' and product eq '{ID}' and partnerOfRecord eq '{ID}'"),
    ];
    for owner in OWNERS() {
        for filter in &filters {
            let query: SubscriptionQuery = query(filter);
            assert_walks_an_index(&query, |store, page| {
                store.subscription_page(owner, page).unwrap();
            });
        }
    }
}

#[test]
fn the_log_is_read_in_the_order_of_an_index() {
    let filters = [
        String::new(),
        "action eq 'signedIn'".to_owned(),
        "action in ('signedIn','signedOut','orderPlaced')".to_owned(),
        "targetKind in ('user','relationship')".to_owned(),
        "target eq 'a'".to_owned(),
        format!("user eq '{ID}' and action eq 'signedIn'"),
    ];
    for restricted in [RestrictedRows::Shown, RestrictedRows::Hidden] {
        for filter in &filters {
            let query: ActivityQuery = query(filter);
            assert_walks_an_index(&query, |store, page| {
                store.activity_page(id(), restricted, page).unwrap();
            });
        }
    }
}

#[test]
fn mails_are_read_in_the_order_of_an_index() {
    for filter in ["", "status eq 'waiting'", "status in ('waiting','failed')"] {
        let query: OutboxQuery = query(filter);
        assert_walks_an_index(&query, |store, page| {
            store.outbox_page(Some(id()), page).unwrap();
        });
    }
    plans(
        &OutboxQuery::default(),
        |store, page| {
            store.outbox_page(None, page).unwrap();
        },
        |statement, plan| assert!(!plan.contains("TEMP"), "{statement}\n{plan}"),
    );
}

#[test]
fn products_are_read_in_the_order_of_an_index() {
    for clouds in [vec![Cloud::Germany], vec![Cloud::Germany, Cloud::Worldwide]] {
        for currency in [None, Some(Currency::Eur)] {
            let scope = ProductScope { clouds: clouds.clone(), currency };
            assert_walks_an_index(&ProductQuery::default(), |store, page| {
                store.product_page(&scope, page).unwrap();
            });
        }
    }
}

#[test]
fn other_orders_sort_the_rows_of_one_organization() {
    for owner in OWNERS() {
        for order in api::RelationshipList::orders() {
            let query = RelationshipQuery { order, ..RelationshipQuery::default() };
            plans(
                &query,
                |store, page| {
                    store.relationship_page(owner, page).unwrap();
                },
                |statement, plan| {
                    let plan = plan.replace("SCAN page", "").replace("SCAN (subquery", "");
                    assert!(!plan.contains("SCAN"), "{statement}\n{plan}");
                },
            );
        }
        for order in api::SubscriptionList::orders() {
            let query = SubscriptionQuery { order, ..SubscriptionQuery::default() };
            plans(
                &query,
                |store, page| {
                    store.subscription_page(owner, page).unwrap();
                },
                |statement, plan| {
                    let plan = plan.replace("SCAN page", "").replace("SCAN (subquery", "");
                    assert!(!plan.contains("SCAN"), "{statement}\n{plan}");
                },
            );
        }
    }
}

#[test]
fn a_search_reads_the_index_of_words() {
    for owner in OWNERS() {
        let query =
            RelationshipQuery { search: "har bak".to_owned(), ..RelationshipQuery::default() };
        plans(
            &query,
            |store, page| {
                store.relationship_page(owner, page).unwrap();
            },
            |statement, plan| {
                assert!(plan.contains("SEARCH search_word USING"), "{statement}\n{plan}");
                assert!(!plan.contains("SCAN item"), "{statement}\n{plan}");
            },
        );
    }
}
