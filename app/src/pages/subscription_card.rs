//! A card with the subscriptions of a partner or a customer, for the page about it.

use api::{Page, SubscriptionResource};
use leptos::prelude::*;
use stylers_macro::style;

use super::{subscription_details::status_badge, subscriptions::renewal_view};
use crate::{
    load::{LoadState, Loader},
    t,
    text::Text,
    ui::{Card, ErrorState, Link, Skeleton},
    view::{CollectView, IntoView, SlotFn, View, view},
};

/// The number of subscriptions that are shown; the complete list is a link away.
const MAX_SHOWN: usize = 10;

/// A list of subscriptions, each with its status, its renewal or end, and its partner of
/// record.
#[component]
pub fn SubscriptionCard(
    /// The title.
    #[prop(into)]
    title: Text,
    /// The subscriptions.
    subscriptions: Loader<Page<SubscriptionResource>>,
    /// The path under which the subscriptions' pages are.
    #[prop(into)]
    base: String,
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
    let line = move |base: &str, one: &SubscriptionResource| {
        let href = format!("{base}/{}", one.id);
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
                <Link href=href class="few-name">
                    {name}
                </Link>
                {status_badge(one.status)}
                <p class="few-note">{record} {renews}</p>
            </li>
        }
    };
    let content = move || match subscriptions.get() {
        LoadState::Loading => view! { <Skeleton lines=3 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| subscriptions.retry()
            />
        },
        LoadState::Ready(page) if page.value.is_empty() => {
            let empty = empty.clone();
            view! { <p class="muted">{empty}</p> }
        }
        LoadState::Ready(page) => {
            let more = page.value.len().saturating_sub(MAX_SHOWN);
            let more = (more > 0).then(|| {
                view! { <p class="muted">{move || t::subscription_card::more(more)}</p> }
            });
            let lines =
                page.value.iter().take(MAX_SHOWN).map(|one| line(&base, one)).collect_view();
            view! { class = scope,
                <ul class="few">{lines}</ul>
                {more}
            }
        }
    };
    view! {
        <Card title=title>
            <div class="stack">{content} {foot.run()}</div>
        </Card>
    }
    .into_view()
}
