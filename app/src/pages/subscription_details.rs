//! A subscription's page: what it is and costs, its partner of record with the history of
//! it, and what can be done with it. Where the partner of record stands, and how one is
//! added, follows the cloud (docs/domain.md, Clouds).

use api::{Page, PartnerPeriod, Session, Subscription, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{
    Cloud, Money, OrganizationKind, Refusal, SubscriptionAction, SubscriptionId, SubscriptionState,
    SubscriptionStatus, Term, check,
};
use stylers_macro::style;

use super::{
    billing_accounts::AGREEMENT_PATH,
    desk::{CUSTOMERS_PATH, INVITATIONS_PATH, ResourceState},
    purchase_services, subscriptions,
};
use crate::{
    client, intl,
    load::Loader,
    session, t,
    ui::{
        Badge, Breadcrumb, Card, Crumb, DescriptionItem, DescriptionList, Intent, Link, MessageBar,
        NoValue, PageTitle, Tab, Tabs,
    },
    view::{View, view},
    words,
};

mod asked;
mod manage;
mod partner;

/// What the parts of the page share: the subscription as it was last fetched, who had been
/// its partner of record, and who looks at it.
#[derive(Clone, Copy)]
struct Here {
    loaded: Loader<Option<Subscription>>,
    current: Memo<Option<Subscription>>,
    history: Loader<Page<PartnerPeriod>>,
    session: Signal<Session>,
}

impl Here {
    /// The subscription as it was last fetched. Not reactive.
    fn now(self) -> Option<Subscription> {
        self.current.get_untracked()
    }

    /// Why this can't be done now. Reactive.
    fn refused(self, action: SubscriptionAction) -> Option<Refusal> {
        let actor = self.session.read().actor();
        let subscription = self.current.read();
        check(&actor, &subscription.as_ref()?.facts(), action, intl::now()).err()
    }

    /// Shows the subscription as it is after a change.
    fn show(self, subscription: Subscription) {
        self.loaded.set(Some(subscription));
        self.history.reload();
    }

    /// A part of the page that is made of the subscription. Reactive.
    fn part(self, part: fn(&Subscription) -> View) -> impl Fn() -> Option<View> {
        move || self.current.read().as_ref().map(part)
    }
}

/// The page.
#[component]
pub fn SubscriptionDetails(
    /// The path of the list that it is on, or of the partner's customers.
    base: &'static str,
) -> View {
    let path = use_location().pathname;
    let id = Memo::new(move |_| {
        let path = path.read();
        let mut parts = path.split('/').skip_while(|part| *part != "subscriptions").skip(1);
        parts.next()?.parse::<SubscriptionId>().ok()
    });
    let loaded = Loader::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => {
                    let route = routes::of_subscription(routes::SUBSCRIPTION, id);
                    client::get::<Subscription>(&route).await.map(Some)
                }
                // An address that holds no id is of nothing.
                None => Ok(None),
            }
        }
    });
    let current = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let standing = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let name = move || {
        current
            .read()
            .as_ref()
            .map_or_else(t::subscription_details::title, |one| one.product_name.to_string())
    };
    let badge = move || current.read().as_ref().map(|one| one.status).map(status_badge);
    let own = base == subscriptions::PATH;
    let crumbs = if own {
        vec![Crumb::new(subscriptions::title, base)]
    } else {
        let customer = move || {
            let name = current.read().as_ref().map(|one| one.customer_name.to_string());
            name.unwrap_or_else(t::subscription_details::customer)
        };
        // The address of the customer is the part of this one before the subscription.
        let above = path.with_untracked(|path| {
            path.split_once("/subscriptions").map_or(base, |(above, _)| above).to_owned()
        });
        vec![Crumb::new(t::shell::customers, CUSTOMERS_PATH), Crumb::new(customer, above)]
    };
    let back = if own { t::subscription_details::all } else { t::customers::all };
    // Another subscription has dialogs and tabs of its own.
    let shown = Memo::new(move |_| (standing.get(), id.get()));
    let content = move || {
        let (standing, id) = shown.get();
        standing.placeholder(base, back, move || loaded.retry()).unwrap_or_else(|| {
            view! { <Details id=id loaded=loaded current=current base=base /> }
        })
    };
    view! {
        <Breadcrumb crumbs=crumbs current=name />
        <PageTitle title=name>{badge}</PageTitle>
        {content}
    }
}

/// Everything about a subscription that was found.
#[component]
fn Details(
    id: Option<SubscriptionId>,
    loaded: Loader<Option<Subscription>>,
    current: Memo<Option<Subscription>>,
    base: &'static str,
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
    let here = Here { loaded, current, history, session: session::current() };
    let adding = partner::Editing::new(here, false);
    let editing = partner::Editing::new(here, true);
    let management = manage::Management::new(here);
    let (own, cloud) = current.with_untracked(|one| {
        let cloud = one.as_ref().map_or(Cloud::Worldwide, |one| one.cloud);
        (base == subscriptions::PATH, cloud)
    });
    let main =
        move || view! { <Card title=t::subscription_details::details>{here.part(about)}</Card> };
    let side = move || {
        // Germany adds a partner of record from here; see docs/domain.md, Clouds.
        let adds = (cloud == Cloud::Germany).then_some(adding);
        view! {
            <Card title=t::subscription_details::cost>
                <div class="stack">
                    {here.part(cost)} <div>{management.menu(adds)}</div>
                </div>
            </Card>
        }
    };
    let record = move || partner::record(here, adding, editing);
    let before = move || partner::history(history);
    // In a narrow window they follow each other in this order.
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
        let page = id.map(|id| format!("{base}/{id}")).unwrap_or_default();
        let partner = format!("{page}/partner");
        let tabs = vec![
            Tab::new(t::subscription_details::tab_overview, page),
            Tab::new(t::subscription_details::tab_partner, partner.clone()),
        ];
        let path = use_location().pathname;
        let on_partner = Memo::new(move |_| path.read().trim_end_matches('/') == partner);
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
        <div class="stack">{here.part(cure)} {content}</div>
        {partner::dialogs(adding, editing)}
        {management.dialogs()}
    }
}

/// What keeps a reseller from managing it, and the way to cure that, for the customer and for
/// the reseller itself.
fn cure(subscription: &Subscription) -> View {
    let (kind, organization) = session::current()
        .with_untracked(|session| (session.organization.kind, session.organization.id));
    let over = subscription.status == SubscriptionStatus::Ended;
    let seller = subscription.seller.as_ref();
    let Some(seller) = seller.filter(|one| !over && one.sells && !one.agreement_accepted) else {
        return View::EMPTY;
    };
    if kind == OrganizationKind::Partner {
        let own = seller.partner == organization;
        let cure = || purchase_services::cure(Refusal::AgreementNotAccepted);
        return if own { cure() } else { View::EMPTY };
    }
    let name = seller.partner_name.to_string();
    view! {
        <MessageBar intent=Intent::Warning>
            {move || t::subscription_details::agreement_needed(&name)} " "
            <Link href=AGREEMENT_PATH>{t::subscription_details::agreement_link}</Link>
        </MessageBar>
    }
}

/// What it is.
fn about(subscription: &Subscription) -> View {
    let (quantity, term) = (licenses(subscription.quantity), subscription.term);
    let status = subscription.status;
    // Neither a trial nor what is over renews.
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
    let (own, list) = match kind {
        OrganizationKind::Customer => (true, routes::INVITATION_PAGE),
        OrganizationKind::Partner => (false, INVITATIONS_PATH),
    };
    let invitation = subscription.offer_of.map(|id| {
        view! {
            <DescriptionItem label=t::subscription_details::invitation>
                <Link href=format!("{list}/{id}")>{t::enquiries::see_invitation}</Link>
            </DescriptionItem>
        }
    });
    let customer = (!own).then(|| {
        let name = subscription.customer_name.to_string();
        view! { <DescriptionItem label=t::subscription_details::customer>{name}</DescriptionItem> }
    });
    // Where the partner of record has a tab of its own, this leads there.
    let record = (own && subscription.cloud == Cloud::Worldwide).then(|| {
        let name = subscription.partner_of_record.as_ref().map(|record| {
            let href = format!("{}/{}/partner", subscriptions::PATH, subscription.id);
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

/// What a subscription costs, as whoever looks at it may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// Nothing any more: it has ended.
    Nothing,
    /// Nothing yet: it is a trial.
    Free,
    /// This.
    Amount {
        /// All its licenses, for one term.
        total: Money,
        /// One license, for one term.
        unit: Money,
    },
    /// What the customer agreed with the partner that offered it.
    Agreed,
    /// It has a price, which a partner that doesn't sell it isn't told.
    Hidden,
}

impl Cost {
    /// What this one costs.
    #[must_use]
    pub(super) fn of(subscription: &Subscription) -> Self {
        match (subscription.status, subscription.unit_price) {
            (SubscriptionStatus::Ended, _) => Self::Nothing,
            (SubscriptionStatus::Trial, _) => Self::Free,
            (_, Some(unit)) => Self::Amount { total: unit.times(subscription.quantity), unit },
            (_, None) if subscription.offer_of.is_some() => Self::Agreed,
            (_, None) => Self::Hidden,
        }
    }
}

/// What it costs.
fn cost(subscription: &Subscription) -> View {
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
    let (term, quantity) = (subscription.term, licenses(subscription.quantity));
    let said = |text: fn() -> String| view! { <p>{text}</p> };
    let (total, unit) = match Cost::of(subscription) {
        Cost::Nothing => return view! { <p><NoValue /></p> },
        Cost::Free => return said(t::subscription_details::cost_trial),
        Cost::Agreed => return said(t::subscription_details::cost_agreed),
        Cost::Hidden => return said(t::subscription_details::cost_hidden),
        Cost::Amount { total, unit } => (total, unit),
    };
    view! { class = scope,
        <div>
            <p class="cost-in-all">{move || per_term(total, term)}</p>
            <p class="cost-of-each">
                {move || t::subscription_details::licenses_at(quantity, &intl::money(unit))}
            </p>
        </div>
    }
}

/// A number of licenses, for texts that count.
fn licenses(quantity: u32) -> usize {
    usize::try_from(quantity).unwrap_or(usize::MAX)
}

/// What is paid for each term: `€61.20 per year`. Reactive.
#[must_use]
pub(super) fn per_term(money: Money, term: Term) -> String {
    let money = intl::money(money);
    match term {
        Term::Month => t::subscription_details::per_month(&money),
        Term::Year => t::subscription_details::per_year(&money),
    }
}

/// The status of a subscription, as a badge.
pub(super) fn status_badge(status: SubscriptionStatus) -> View {
    let intent = match status {
        SubscriptionStatus::Trial => Intent::Info,
        SubscriptionStatus::Active => Intent::Success,
        SubscriptionStatus::Suspended => Intent::Warning,
        SubscriptionStatus::Ended => Intent::Neutral,
    };
    view! { <Badge label=move || words::subscription_status(status) intent=intent /> }
}
