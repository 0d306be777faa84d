//! A card with the subscriptions of a partner or a customer, for the page about it.

use api::{SubscriptionFilter, SubscriptionQuery, SubscriptionResource, routes};
use leptos::prelude::*;
use rules::RelationshipId;
use stylers_macro::style;

use crate::{
    features::{
        paging::{LoadMoreButton, PagedList},
        subscription::{renewal_view, status_badge},
    },
    load::LoadState,
    route::Route,
    t,
    text::Text,
    ui::{Card, ErrorState, Skeleton},
    view::{CollectView, SlotFn, View, view},
};

/// The number of subscriptions that are shown at first, and added by each press of the button.
const ROWS_PER_PRESS: u32 = 10;

/// Fetches the first subscriptions that pass a filter.
pub fn fetch(filter: SubscriptionFilter) -> PagedList<SubscriptionResource> {
    let query = SubscriptionQuery { filter, top: ROWS_PER_PRESS, ..SubscriptionQuery::default() };
    let route = format!("{}?{query}", routes::SUBSCRIPTIONS);
    PagedList::new(row_id, move || Some(route.clone()))
}

/// A list of subscriptions, each with its status, its renewal or end, and its partner of
/// record.
#[component]
pub fn SubscriptionCard(
    /// The title.
    #[prop(into)]
    title: Text,
    /// The subscriptions.
    subscriptions: PagedList<SubscriptionResource>,
    /// The relationship with the customer whose subscriptions these are, for its partner.
    #[prop(optional)]
    customer: Option<RelationshipId>,
    /// The text if there are none.
    #[prop(into)]
    empty: Text,
    /// Actions, and the link to the complete list.
    #[prop(into)]
    foot: SlotFn,
) -> View {
    let scope = style! {
        .few {
            display: grid;
            gap: var(--space-3);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .few-line {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-1) var(--space-3);
        }
        .few-name {
            font-weight: 600;
            overflow-wrap: anywhere;
        }
        .few-note {
            flex: 1 0 100%;
            margin: 0;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let line = move |one: &SubscriptionResource| {
        let id = row_id(one);
        let href = Route::of_subscription(customer, one.id).path();
        let renews = renewal_view(one);
        let apart = renews.is_some().then_some(" · ");
        let record = one.partner_of_record.as_ref().map(|record| {
            let (name, id) = (record.partner_name.to_string(), record.partner_id.to_string());
            let text = move || t::subscription_card::partner_of_record(&id, &name);
            view! { <span>{text} {apart}</span> }
        });
        let name = one.product_name.to_string();
        view! { class = scope,
            <li class="few-line">
                <a id=id href=href class="few-name">
                    {name}
                </a>
                {status_badge(one.status)}
                <p class="few-note">{record} {renews}</p>
            </li>
        }
    };
    let content = move || match subscriptions.load() {
        LoadState::Loading => view! { <Skeleton lines=3 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| subscriptions.pages.loader.retry()
            />
        },
        LoadState::Ready(rows) if rows.is_empty() => {
            let empty = empty.clone();
            view! { <p class="muted">{empty}</p> }
        }
        LoadState::Ready(rows) => {
            let lines = rows.iter().map(line).collect_view();
            view! { class = scope, <ul class="few">{lines}</ul> }
        }
    };
    view! {
        <Card title=title>
            <div class="stack">
                {content}
                <LoadMoreButton pages=subscriptions.pages />
                {foot.run()}
            </div>
        </Card>
    }
}

/// Returns the id of the link to a subscription.
fn row_id(subscription: &SubscriptionResource) -> String {
    subscription.id.to_string()
}
