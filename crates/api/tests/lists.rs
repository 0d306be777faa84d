//! The query dialect of the lists.

use api::{
    ActivityFilter, ActivityList, ActivityQuery, AuditAction, Comparisons, EnquiryList, FilterText,
    InvitationList, InvitationQuery, List, ListFilter, ListQuery, MailStatus, OutboxList,
    PartnerIdFilter, PartnerList, PartnerQuery, ProductList, RelationshipField, RelationshipFilter,
    RelationshipList, RelationshipQuery, SkipToken, SortKey, SortOrder, SubscriptionFilter,
    SubscriptionList, SubscriptionQuery,
};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use rules::{FieldError, PartnerType, RelationshipStatus, Timestamp};

fn id(number: usize) -> String {
    format!("01890000-0000-7000-8000-{number:012}")
}

/// Returns the fields that a query is refused for.
fn refused<L: List>(query: &str) -> Vec<(&'static str, FieldError)> {
    let problems = ListQuery::<L>::parse(query).expect_err(query);
    problems.iter().map(|problem| (problem.field, problem.error)).collect()
}

#[test]
fn what_graph_would_write_is_read() {
    let query = "$filter=status%20eq%20%27active%27%20and%20relationshipType%20in%20(%27reseller%27,%20%27advisor%27)&$orderby=since desc&$top=5&$count=true&$search=wide+world";
    let query = RelationshipQuery::parse(query).expect("a query of ours");
    assert_eq!(query.filter.status, [RelationshipStatus::Active]);
    assert_eq!(query.filter.relationship_type, [PartnerType::Reseller, PartnerType::Advisor]);
    assert_eq!(query.order, SortOrder::descending(RelationshipField::Since));
    assert_eq!((query.top, query.count, query.search.as_str()), (5, true, "wide world"));
    let no_partner = SubscriptionQuery::parse("$filter=partnerId%20eq%20null").expect("ours");
    assert_eq!(no_partner.filter.partner_id, Some(PartnerIdFilter::None));
    let any_partner = SubscriptionQuery::parse("filter=partnerId ne null").expect("ours");
    assert_eq!(any_partner.filter.partner_id, Some(PartnerIdFilter::Any));
    let city = PartnerQuery::parse("$filter=city eq '''s-Hertogenbosch'").expect("ours");
    assert_eq!(city.filter.city.as_ref().map(FilterText::as_str), Some("'s-Hertogenbosch"));
    assert_eq!(city.to_string(), "$filter=city%20eq%20%27%27%27s-Hertogenbosch%27");
}

#[test]
fn empty_options_restrict_nothing() {
    for query in ["", "&", "$search=&$filter=", "$filter=%20&$count=false"] {
        assert_eq!(RelationshipQuery::parse(query), Ok(RelationshipQuery::default()), "{query}");
    }
    assert_eq!(RelationshipQuery::default().to_string(), "");
}

#[test]
fn what_is_not_understood_is_not_ignored() {
    for (query, field) in [
        ("$filter=status", "filter"),
        ("$filter=status eq", "filter"),
        ("$filter=status eq null", "filter"),
        ("$filter=status in ()", "filter"),
        ("$filter=status in 'active'", "filter"),
        ("$filter=status in ('active'", "filter"),
        ("$filter=status in ('active',)", "filter"),
        ("$filter=partner in ('x')", "filter"),
        ("$filter=name eq 'x'", "filter"),
        ("$filter=Status eq 'active'", "filter"),
        ("$filter=status eq 'asleep'", "filter"),
        ("$filter=status eq ''", "filter"),
        ("$filter=status gt 'active'", "filter"),
        ("$filter=status ne 'active'", "filter"),
        ("$filter=status eq active", "filter"),
        ("$filter=status eq'active'", "filter"),
        ("$filter=(status eq 'active')", "filter"),
        ("$filter=not status eq 'active'", "filter"),
        ("$filter=status eq 'active' or status eq 'ended'", "filter"),
        ("$filter=status eq 'active'and customer eq 'x'", "filter"),
        ("$filter=status eq 'active' and", "filter"),
        ("$filter=status eq 'active' and ", "filter"),
        ("$filter=and status eq 'active'", "filter"),
        ("$filter=status eq 'active' status eq 'ended'", "filter"),
        ("$orderby=color", "orderby"),
        ("$orderby=", "orderby"),
        ("$orderby=since sideways", "orderby"),
        ("$orderby=since  desc", "orderby"),
        ("$orderby=since,status", "orderby"),
        ("$top=0", "top"),
        ("$top=301", "top"),
        ("$top=+5", "top"),
        ("$top=05", "top"),
        ("$top=99999999999999999999", "top"),
        ("$skiptoken=xyz", "skiptoken"),
        ("$skiptoken=", "skiptoken"),
        ("$count=perhaps", "count"),
        ("$count=", "count"),
        ("$expand=partner", "query"),
        ("$Top=5", "query"),
        ("$$top=5", "query"),
        ("status=active", "query"),
        ("%ff=1", "query"),
        ("$search=%zz", "query"),
    ] {
        assert_eq!(refused::<RelationshipList>(query)[0].0, field, "{query}");
    }
    let long = format!("$search={}", "é".repeat(201));
    assert_eq!(refused::<RelationshipList>(&long), [("search", FieldError::TooLong { max: 200 })]);
    let longest = format!("$search={}", "é".repeat(200));
    assert!(RelationshipQuery::parse(&longest).is_ok());
    let long = format!("$filter=city eq '{}'", "é".repeat(201));
    assert_eq!(refused::<PartnerList>(&long), [("filter", FieldError::TooLong { max: 200 })]);
    assert_eq!(
        refused::<PartnerList>("$filter=city eq 'Den Haag"),
        [("filter", FieldError::UnclosedQuote)]
    );
    assert_eq!(
        refused::<SubscriptionList>("$filter=partnerId eq '0123'"),
        [("filter", FieldError::LeadingZero)]
    );
}

#[test]
fn repeated_options_and_fields_are_refused() {
    let twice = FieldError::TooMany { max: 1 };
    for option in ["search", "filter", "orderby", "top", "skiptoken", "count"] {
        let value = match option {
            "orderby" => "since",
            "top" => "5",
            "skiptoken" => "ff",
            "count" => "true",
            _ => "",
        };
        let query = format!("${option}={value}&{option}={value}");
        assert_eq!(refused::<RelationshipList>(&query), [(option, twice)], "{query}");
    }
    let query = "$filter=status eq 'active' and status eq 'ended'";
    assert_eq!(refused::<RelationshipList>(query), [("filter", twice)]);
}

#[test]
fn every_invalid_option_is_named() {
    let query = "$filter=x&$top=0&$orderby=x&$skiptoken=x&$count=x&$expand=x";
    let mut fields: Vec<_> =
        refused::<RelationshipList>(query).into_iter().map(|(field, _)| field).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["count", "filter", "orderby", "query", "skiptoken", "top"]);
}

#[test]
fn a_list_has_only_its_own_orders_and_search() {
    assert!(ActivityQuery::parse("$orderby=at desc").is_ok());
    for query in ["$orderby=at", "$orderby=at asc", "$orderby=action desc"] {
        assert_eq!(refused::<ActivityList>(query), [("orderby", FieldError::NotAnOption)]);
    }
    assert!(ActivityQuery::parse("$search=x").is_ok());
    assert_eq!(refused::<OutboxList>("$search=x"), [("search", FieldError::NotAnOption)]);
    assert_eq!(refused::<OutboxList>("$search="), [("search", FieldError::NotAnOption)]);
    assert_eq!(refused::<PartnerList>("$orderby=relevance")[0].0, "orderby");
    assert_eq!(RelationshipList::orders().len(), 14);
    assert_eq!(OutboxList::orders().len(), 1);
}

#[test]
fn a_next_link_keeps_every_option() {
    let query = "$search=a&$filter=status%20in%20%28%27sent%27%29&$orderby=status%20desc&$top=2&$count=true";
    let query = InvitationQuery::parse(query).expect("ours");
    let keys = vec![SortKey::Integer(3), SortKey::Text(id(1))];
    let token = SkipToken { as_of: Timestamp::from_milliseconds(5), keys };
    let link = query.next_link("/api/invitations", token.clone());
    assert!(link.starts_with("/api/invitations?"), "{link}");
    let next = InvitationQuery::from_next_link(&link).expect("ours");
    assert_eq!(next, InvitationQuery { skip: Some(token), ..query });
    assert_eq!(InvitationQuery::from_next_link("/api/invitations"), None);
}

#[test]
fn a_filter_is_a_text_of_its_own() {
    let text = "status in ('active','trial') and partnerId eq '4391507'";
    let filter = SubscriptionFilter::parse(text).expect("ours");
    assert_eq!(filter.text(), text);
    assert_eq!(SubscriptionFilter::default().text(), "");
    let filter = ActivityFilter::parse("action in ('signedIn','signedIn')").expect("ours");
    assert_eq!(filter.action, [AuditAction::SignedIn]);
}

#[test]
fn fields_describe_themselves() {
    let fields = RelationshipFilter::FIELDS;
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["relationshipType", "status", "partner", "partnerId", "customer"]);
    assert_eq!(fields[1].comparisons, Comparisons::EqualsOrIn);
    assert_eq!(fields[1].values, ["active", "ended"]);
    assert_eq!(fields[2].description.trim(), "Organization ID of the partner.");
    assert_eq!(fields[2].comparisons, Comparisons::Equals);
    let statuses: Vec<_> = MailStatus::ALL.iter().map(|status| status.as_str()).collect();
    assert_eq!(api::OutboxFilter::FIELDS[0].values, statuses);
}

/// A filter of a list: any of its fields, compared in any supported way.
fn any_filter<L: List>() -> impl Strategy<Value = L::Filter> {
    let clauses: Vec<_> = L::Filter::FIELDS.iter().map(any_clause).collect();
    let count = clauses.len();
    (clauses, subsequence((0..count).collect::<Vec<_>>(), 0..=count).prop_shuffle()).prop_map(
        |(clauses, chosen)| {
            let chosen: Vec<_> = chosen.into_iter().map(|index| clauses[index].clone()).collect();
            L::Filter::parse(&chosen.join(" and ")).expect("a filter of ours")
        },
    )
}

/// A comparison of a field with values that it accepts.
fn any_clause(field: &'static api::FilterField) -> BoxedStrategy<String> {
    let value = match (field.values, field.name) {
        ([], "partnerId") => "[1-9][0-9]{0,9}".boxed(),
        ([], "country") => "[A-Z]{2}".boxed(),
        ([], "city" | "target") => "\\PC{1,20}".boxed(),
        ([], _) => (0..1_000_usize).prop_map(id).boxed(),
        (values, _) => any::<Index>().prop_map(|index| (*index.get(values)).to_owned()).boxed(),
    };
    let literal = value.prop_map(|value| format!("'{}'", value.replace('\'', "''"))).boxed();
    let name = field.name;
    let equals = literal.clone().prop_map(move |literal| format!("{name} eq {literal}"));
    match field.comparisons {
        Comparisons::Equals => equals.boxed(),
        Comparisons::EqualsOrIn => prop_oneof![
            equals,
            prop::collection::vec(literal, 1..4)
                .prop_map(move |literals| format!("{name} in ({})", literals.join(", "))),
        ]
        .boxed(),
        Comparisons::EqualsOrNull => {
            prop_oneof![equals, Just(format!("{name} eq null")), Just(format!("{name} ne null")),]
                .boxed()
        }
    }
}

/// A skip token with one key of each kind.
fn any_token() -> impl Strategy<Value = SkipToken> {
    (any::<i64>(), any::<i64>(), "\\PC{0,12}").prop_map(|(as_of, number, text)| SkipToken {
        as_of: Timestamp::from_milliseconds(as_of),
        keys: vec![SortKey::Integer(number), SortKey::Text(text)],
    })
}

/// A query of a list.
fn any_query<L: List>() -> impl Strategy<Value = ListQuery<L>> {
    let search = if L::SEARCH.is_some() { "\\PC{0,20}" } else { "" };
    let skip = prop::option::of(any_token());
    (search, any_filter::<L>(), any::<Index>(), 1..=300_u32, skip, any::<bool>()).prop_map(
        |(search, filter, order, top, skip, count)| ListQuery {
            search,
            filter,
            order: *order.get(&L::orders()),
            top,
            skip,
            count,
        },
    )
}

macro_rules! round_trips {
    ($($test:ident: $list:ident,)+) => {
        proptest! {
            $(#[test]
            fn $test(query in any_query::<$list>(), other in "\\PC{0,80}") {
                prop_assert_eq!(ListQuery::<$list>::parse(&query.to_string()), Ok(query));
                let _ = ListQuery::<$list>::parse(&other);
                let _ = ListQuery::<$list>::parse(&format!("$filter={other}"));
            })+
        }
    };
}
round_trips! {
    every_query_of_relationships_survives: RelationshipList,
    every_query_of_invitations_survives: InvitationList,
    every_query_of_enquiries_survives: EnquiryList,
    every_query_of_subscriptions_survives: SubscriptionList,
    every_query_of_products_survives: ProductList,
    every_query_of_partners_survives: PartnerList,
    every_query_of_the_audit_log_survives: ActivityList,
    every_query_of_the_outbox_survives: OutboxList,
}

proptest! {
    #[test]
    fn no_filter_panics(
        text in "(status|partner|city| eq | in | ne |null|and |'|''|\\(|\\)|,| |é){0,12}",
    ) {
        let _ = RelationshipFilter::parse(&text);
        let _ = SubscriptionFilter::parse(&text);
    }
}
