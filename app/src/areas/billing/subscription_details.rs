//! A subscription's page: its details and cost, its partner of record with the history, and
//! the actions on it. The place of the partner of record, and the way to add one, depend on
//! the cloud (docs/domain.md, Clouds).

use api::{Page, SubscriptionResource, routes};
use leptos::prelude::*;
use rules::{
    Cloud, OrganizationKind, Refusal, SubscriptionId, SubscriptionState, SubscriptionStatus,
};
use stylers_macro::style;

use crate::{
    client,
    features::{
        agreement_hint::agreement_hint,
        listing::list_crumb,
        resource::{DetailsPage, FetchedResource},
        subscription::{SubscriptionCost, format_term_price, list_title, status_badge},
    },
    intl,
    load::Loader,
    route::{Route, use_param},
    session, t,
    ui::{
        Card, Crumb, DescriptionItem, DescriptionList, Intent, Link, MessageBar, NoValue, Tab, Tabs,
    },
    view::{View, view},
    words,
};

mod change_dialog;
mod context;
mod manage;
mod partner;

use context::{SubscriptionContext, license_count};

/// The page of a subscription.
#[component]
pub fn SubscriptionDetails() -> View {
    let id = use_param(|route| {
        if let Route::Subscription(id)
        | Route::SubscriptionPartner(id)
        | Route::CustomerSubscription(_, id) = route
        {
            Some(id)
        } else {
            None
        }
    });
    // The relationship with the customer, for its partner.
    let customer = if let Route::CustomerSubscription(customer, _) = Route::current_untracked() {
        Some(customer)
    } else {
        None
    };
    let subscription = FetchedResource::<SubscriptionResource>::fetch(move || {
        Some(routes::of_subscription(routes::SUBSCRIPTION, id.get()?))
    });
    let current = subscription.current;
    let (list, back): (_, fn() -> String) = match customer {
        None => (Route::Subscriptions, t::subscription_details::all),
        Some(_) => (Route::Customers, t::shell::all_customers),
    };
    let crumbs = match customer {
        None => vec![list_crumb(list_title, list)],
        Some(customer) => {
            let name = move || {
                let name = current.read().as_ref().map(|one| one.customer_name.to_string());
                name.unwrap_or_else(t::subscription_details::customer)
            };
            let page = Route::Customer(customer);
            vec![list_crumb(t::shell::customers, list), Crumb::new(name, page)]
        }
    };
    let own = customer.is_none();
    // Dialogs and tabs are created again for another subscription.
    let shown = Memo::new(move |_| id.get());
    view! {
        <DetailsPage
            crumbs=crumbs
            name=move || {
                subscription.text(t::subscription_details::title, |one| one.product_name.to_string())
            }
            badge=subscription.part(|one| status_badge(one.status))
            state=subscription.state
            list=list
            list_label=back
            retry=Callback::new(move |()| subscription.loaded.retry())
        >
            {move || view! {
                <Details id=shown.get() loaded=subscription.loaded current=current own=own />
            }}
        </DetailsPage>
    }
}

/// The content of the page once the subscription is loaded.
#[component]
fn Details(
    id: Option<SubscriptionId>,
    loaded: Loader<Option<SubscriptionResource>>,
    current: Memo<Option<SubscriptionResource>>,
    own: bool,
) -> View {
    let scope = style! {
        .subscription-sides {
            display: grid;
            grid-template-columns: minmax(0, 1fr);
            gap: var(--space-4);
            align-items: start;
        }
        .subscription-side {
            display: grid;
            gap: var(--space-4);
        }
        @media (min-width: 1060px) {
            .subscription-sides {
                grid-template-rows: auto 1fr;
                grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
            }
            .subscription-side {
                grid-row: 1 / span 2;
                grid-column: 2;
            }
        }
    };
    let history = Loader::new(move || async move {
        match id {
            Some(id) => {
                client::get(&routes::of_subscription(routes::SUBSCRIPTION_HISTORY, id)).await
            }
            None => Ok(Page { value: Vec::new(), next_link: None, count: None }),
        }
    });
    let context = SubscriptionContext { loaded, current, history, session: session::current() };
    let adding = partner::PartnerOfRecordForm::new(context, false);
    let editing = partner::PartnerOfRecordForm::new(context, true);
    let actions = manage::SubscriptionActions::new(context);
    let cloud =
        current.with_untracked(|one| one.as_ref().map_or(Cloud::Worldwide, |one| one.cloud));
    let main = move || view! { <Card title=t::subscription_details::details>{context.part(details_view)}</Card> };
    let side = move || {
        // In Germany a partner of record is added from here; see docs/domain.md, Clouds.
        let adds = (cloud == Cloud::Germany).then_some(adding);
        view! {
            <Card title=t::subscription_details::cost>
                <div class="stack">
                    {context.part(cost_view)} <div>{actions.menu(adds)}</div>
                </div>
            </Card>
        }
    };
    let record = move || partner::partner_of_record_card(context, adding, editing);
    let before = move || partner::history_card(history);
    // In a narrow window the parts follow each other in this order.
    let columns = move |main: View, side: View, last: View| {
        view! { class = scope,
            <div class="subscription-sides">
                {main}
                <div class="subscription-side">{side}</div>
                {last}
            </div>
        }
    };
    let content = if own && cloud == Cloud::Worldwide {
        let tabs = vec![
            Tab::new(t::subscription_details::tab_overview, Route::Subscription(id)),
            Tab::new(t::subscription_details::tab_partner, Route::SubscriptionPartner(id)),
        ];
        let route = Route::current();
        let on_partner = Memo::new(move |_| matches!(route(), Route::SubscriptionPartner(_)));
        let tab = move || {
            if on_partner.get() {
                columns(record(), before(), View::EMPTY)
            } else {
                columns(main(), side(), View::EMPTY)
            }
        };
        view! {
            <Tabs label=t::subscription_details::title tabs=tabs />
            {tab}
        }
    } else {
        let side = view! {
            {side()}
            {record()}
        };
        columns(main(), side, before())
    };
    view! {
        <div class="stack">{context.part(agreement_notice)} {content}</div>
        {partner::dialogs(adding, editing)}
        {actions.dialogs()}
    }
}

/// Renders the hint that a reseller can't manage the subscription before the agreement is
/// accepted, for the customer and for the reseller itself.
fn agreement_notice(subscription: &SubscriptionResource) -> View {
    let (kind, organization) = session::current()
        .with_untracked(|session| (session.organization.kind, session.organization.id));
    let has_ended = subscription.status == SubscriptionStatus::Ended;
    let seller = subscription.seller.as_ref();
    let Some(seller) = seller.filter(|one| !has_ended && one.sells && !one.agreement_accepted)
    else {
        return View::EMPTY;
    };
    if kind == OrganizationKind::Partner {
        let own = seller.partner == organization;
        let hint = || agreement_hint(Refusal::AgreementNotAccepted);
        return if own { hint() } else { View::EMPTY };
    }
    let name = seller.partner_name.to_string();
    view! {
        <MessageBar intent=Intent::Warning>
            {move || t::subscription_details::agreement_needed(&name)} " "
            <Link href=Route::Agreement>{t::subscription_details::agreement_link}</Link>
        </MessageBar>
    }
}

/// Renders the details.
fn details_view(subscription: &SubscriptionResource) -> View {
    let (quantity, term) = (license_count(subscription.quantity), subscription.term);
    let status = subscription.status;
    // Trials and ended subscriptions do not renew.
    let renews = !matches!(status, SubscriptionStatus::Trial | SubscriptionStatus::Ended);
    let term = renews.then(|| {
        view! { <DescriptionItem label=t::subscription_details::term>{move || words::term(term)}</DescriptionItem> }
    });
    let date = |label: fn() -> String, at: rules::Timestamp| {
        let at = at.milliseconds();
        view! { <DescriptionItem label=label>{move || intl::date(at)}</DescriptionItem> }
    };
    let ends = match (subscription.status, subscription.state) {
        (SubscriptionStatus::Ended, SubscriptionState::Trial { ends }) => {
            date(t::subscription_details::ended_on, ends)
        }
        (_, SubscriptionState::Trial { ends }) => date(t::subscription_details::trial_ends, ends),
        (_, SubscriptionState::Suspended { at, .. }) => {
            date(t::subscription_details::suspended_on, at)
        }
        (_, SubscriptionState::Ended { at, .. }) => date(t::subscription_details::ended_on, at),
        (_, SubscriptionState::Active) => match subscription.renews {
            Some(at) => date(t::subscription_details::renews, at),
            None => View::EMPTY,
        },
    };
    let seller = subscription.seller.as_ref().map(|seller| {
        let name = seller.partner_name.to_string();
        view! { <DescriptionItem label=t::subscription_details::sold_by>{name}</DescriptionItem> }
    });
    let kind = session::current().with_untracked(|session| session.organization.kind);
    let own = kind == OrganizationKind::Customer;
    let invitation = subscription.offer_of.map(|id| {
        let page = match kind {
            OrganizationKind::Customer => Route::PartnerInvitation(Some(id)),
            OrganizationKind::Partner => Route::Invitation(Some(id)),
        };
        view! {
            <DescriptionItem label=t::subscription_details::invitation>
                <Link href=page>{t::words::see_invitation}</Link>
            </DescriptionItem>
        }
    });
    let customer = (!own).then(|| {
        let name = subscription.customer_name.to_string();
        view! { <DescriptionItem label=t::subscription_details::customer>{name}</DescriptionItem> }
    });
    // In this cloud the partner of record has a tab of its own.
    let record = (own && subscription.cloud == Cloud::Worldwide).then(|| {
        let name = subscription.partner_of_record.as_ref().map(|record| {
            let href = Route::SubscriptionPartner(Some(subscription.id));
            let name = format!("{} ({})", record.partner_name, record.partner_id);
            view! { <Link href=href>{name}</Link> }
        });
        let name = name.unwrap_or_else(|| view! { <NoValue /> });
        view! { <DescriptionItem label=t::subscription_details::partner_of_record>{name}</DescriptionItem> }
    });
    let account = subscription.billing_account_name.to_string();
    let (created, by) =
        (subscription.created.milliseconds(), subscription.created_by_name.to_string());
    let created = move || t::subscription_details::created_by(&intl::date(created), &by);
    let id = subscription.id.to_string();
    view! {
        <DescriptionList>
            {customer}
            <DescriptionItem label=t::subscription_details::licenses>{move || intl::number(quantity)}</DescriptionItem>
            {term}
            {ends}
            {record}
            {seller}
            <DescriptionItem label=t::subscription_details::billing_account>{account}</DescriptionItem>
            <DescriptionItem label=t::subscription_details::created>{created}</DescriptionItem>
            {invitation}
            <DescriptionItem label=t::subscription_details::subscription_id>{id}</DescriptionItem>
        </DescriptionList>
    }
}

/// Renders the cost.
fn cost_view(subscription: &SubscriptionResource) -> View {
    let scope = style! {
        .cost-in-all {
            margin: 0;
            font-size: var(--size-heading);
            line-height: var(--line-heading);
            font-weight: 600;
        }
        .cost-of-each {
            margin: 0;
            color: var(--text-2);
        }
    };
    let (term, quantity) = (subscription.term, license_count(subscription.quantity));
    let paragraph = |text: fn() -> String| view! { <p>{text}</p> };
    let (total, unit) = match SubscriptionCost::from_subscription(subscription) {
        SubscriptionCost::Nothing => return view! { <p><NoValue /></p> },
        SubscriptionCost::Free => return paragraph(t::subscription_details::cost_trial),
        SubscriptionCost::Agreed => return paragraph(t::subscription_details::cost_agreed),
        SubscriptionCost::Hidden => return paragraph(t::subscription_details::cost_hidden),
        SubscriptionCost::Amount { total, unit } => (total, unit),
    };
    view! { class = scope,
        <div>
            <p class="cost-in-all">{move || format_term_price(total, term)}</p>
            <p class="cost-of-each">
                {move || t::subscription_details::licenses_at(quantity, &intl::money(unit))}
            </p>
        </div>
    }
}
