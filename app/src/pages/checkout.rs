//! The checkout of a product, in three steps: **Order**, **Payment** with **Partner
//! information** in the right pane, **Review and place order**. See
//! docs/domain.md, Subscriptions and products.
//!
//! What was typed is kept until the order is placed, so that it is still there after a
//! reload, and for whoever comes back from looking for a partner.

use api::{
    BillingAccount, CheckedPartnerId, OrderRequest, Page, PartnerIdRequest, Product, Subscription,
    encode_component, routes,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{
    NextStep, Offer, OrderRequestId, OrganizationAction, PartnerId, ProductId, Refusal,
    SubscriptionId, Term,
};
use stylers_macro::style;

use super::{
    desk::{CUSTOMERS_PATH, ResourceState, organization_refusal},
    partner_id_field::{PartnerCard, PartnerIdCheck, PartnerIdField},
    purchase_services::{Buyer, Catalog, agreement_hint},
    subscription_details::format_term_price,
    subscriptions,
};
use crate::{
    browser, client,
    client::{Failure, FailureKind},
    intl,
    load::{LoadState, Loader, effect, spawn},
    session, t,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, Crumb, DescriptionItem, DescriptionList, EmptyState,
        ErrorState, Icon, Intent, Link, LinkButton, MessageBar, PageTitle, RadioGroup,
        SelectOption, Spinner, TextInput, focus_title_if_lost, toast,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

mod flow;

use flow::{Checkout as Flow, Command, Event, Standing, Step};

/// The id of the heading of the step that is shown.
const STEP_ID: &str = "checkout-step";
/// The id of the field for the quantity.
const QUANTITY_ID: &str = "checkout-licenses";
/// The id of the heading of the right pane.
const PARTNER_ID: &str = "checkout-partner";

/// What the page's address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Address {
    /// The step that is shown.
    step: Option<Step>,
    /// The subscription that was bought.
    placed: Option<SubscriptionId>,
}

/// What is bought, by whom, and who pays.
#[derive(Clone, Debug, PartialEq)]
struct Opened {
    shop: Catalog,
    product: Product,
    /// The own account that pays; a reseller doesn't see its customer's.
    account: Option<BillingAccount>,
}

impl Opened {
    /// Asks for it; `None` where there is no such product.
    async fn fetch(buyer: Buyer, product: Option<ProductId>) -> Result<Option<Self>, Failure> {
        let Some(shop) = Catalog::fetch(buyer).await? else { return Ok(None) };
        let found = shop.products.iter().find(|one| Some(one.id) == product).cloned();
        let Some(product) = found else { return Ok(None) };
        let account = match buyer {
            Buyer::Own => {
                let accounts: Page<BillingAccount> = client::get(routes::BILLING_ACCOUNTS).await?;
                accounts.value.into_iter().next()
            }
            Buyer::Customer(_) => None,
        };
        Ok(Some(Self { shop, product, account }))
    }

    /// Under which name the checkout is kept: it is of one person, customer and product.
    fn name(&self) -> String {
        let user = session::current().with_untracked(|session| session.user.id);
        format!("accord-checkout {user} {}", self.shop.buyer.checkout_path(self.product.id))
    }
}

/// The page, for `/billing/purchase/{product}` and
/// `/customers/{relationship}/purchase/{product}`.
#[component]
pub fn Checkout() -> View {
    let path = use_location().pathname;
    // While the page is left, the address is already that of the next one.
    let here = Memo::new(move |before: Option<&(Buyer, Option<ProductId>)>| {
        Buyer::from_checkout_path(&path.read()).or(before.copied()).unwrap_or((Buyer::Own, None))
    });
    here.get_untracked().0.guard(move || {
        let loaded = Loader::new(move || {
            let (buyer, product) = here.get();
            Opened::fetch(buyer, product)
        });
        page(loaded, here.get_untracked().0.parent_page())
    })
}

fn page(
    loaded: Loader<Option<Opened>>,
    (above, above_name): (&'static str, fn() -> String),
) -> View {
    let location = use_location();
    let address = Memo::new(move |before: Option<&Address>| {
        if let (Some(before), None) = (before, Buyer::from_checkout_path(&location.pathname.read()))
        {
            return *before;
        }
        let query = location.query.read();
        let of = |name: &str| query.get(name).unwrap_or_default();
        Address { step: of("step").parse().ok(), placed: of("placed").parse().ok() }
    });
    let placed = Memo::new(move |_| address.get().placed);
    let standing = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let opened = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let crumbs = move || {
        let opened = opened.read();
        let opened = opened.as_ref()?;
        let mut above = opened.shop.crumbs();
        above.push(Crumb::new(t::shell::purchase_services, opened.shop.buyer.catalog_path()));
        let product = opened.product.name.to_string();
        Some(view! { <Breadcrumb crumbs=above current=product /> })
    };
    let title = move || {
        if placed.get().is_some() { t::checkout::placed_title() } else { t::checkout::title() }
    };
    let content = move || {
        let instead = standing.get().placeholder(above, above_name, move || loaded.retry());
        if let Some(instead) = instead {
            return instead;
        }
        let Some(opened) = opened.get() else { return View::EMPTY };
        match placed.get() {
            Some(subscription) => {
                view! { <Placed opened=opened subscription=subscription /> }
            }
            None => view! { <Wizard opened=opened address=address /> },
        }
    };
    view! {
        {crumbs}
        <PageTitle title=title />
        {content}
    }
}

/// A checkout, and what is done with it.
#[derive(Clone, Copy)]
struct Desk {
    flow: RwSignal<Flow>,
    send: Callback<Event>,
    opened: StoredValue<Opened>,
    /// The term and the quantity, as they stand in their fields.
    term: RwSignal<String>,
    quantity: RwSignal<String>,
    /// The ID of a partner that is to be added.
    check: PartnerIdCheck,
    /// Why no partner of record can go with the order, where none can.
    partner_refused: Option<Refusal>,
}

/// The steps, or the reason why this person can't order.
#[component]
fn Wizard(opened: Opened, address: Memo<Address>) -> View {
    let shop = opened.shop.clone();
    let refused = Memo::new(move |_| shop.refusal());
    let content = move || match refused.get() {
        Some(refusal) => not_yours(refusal),
        None => match desk(opened.clone(), address) {
            Some(desk) => steps(desk),
            None => View::EMPTY,
        },
    };
    view! { <div>{content}</div> }
}

/// Why this person can't order, and what can be done about it.
fn not_yours(refusal: Refusal) -> View {
    if refusal.next_step() == NextStep::AcceptAgreement {
        return agreement_hint(refusal);
    }
    view! {
        <Card>
            <EmptyState
                icon=Icon::Cart
                title=t::checkout::refused_title
                hint=move || words::refusal(refusal)
            />
        </Card>
    }
}

/// The checkout as it begins, or as it was left.
fn desk(opened: Opened, address: Memo<Address>) -> Option<Desk> {
    let name = opened.name();
    let partner_refused =
        untrack(|| organization_refusal(OrganizationAction::NamePartnerAtPurchase));
    let relationship = opened.shop.relationship.as_ref().map(|one| one.id);
    let request = OrderRequestId::new(intl::now(), browser::random_u128());
    let flow = Flow::new(&opened.product, relationship, partner_refused.is_none(), request)?;
    let flow = match browser::session_value(&name) {
        Some(kept) => flow.with(&kept),
        None => flow,
    };
    let (term, quantity) = (flow.term.to_string(), flow.quantity.clone());
    let check = PartnerIdCheck::new(flow.typing.as_deref().unwrap_or_default());
    let flow = RwSignal::new(flow);
    let opened = StoredValue::new(opened);
    let send = runner(flow, check, name, opened);
    let desk = Desk {
        flow,
        send,
        opened,
        term: RwSignal::new(term),
        quantity: RwSignal::new(quantity),
        check,
        partner_refused,
    };
    effect(move || {
        if let Ok(term) = desk.term.read().parse::<Term>() {
            send.run(Event::Term(term));
        }
    });
    // Where it is not sold for that long any more, another term is chosen.
    let sold = Memo::new(move |_| flow.read().term);
    effect(move || desk.term.set(sold.get().to_string()));
    effect(move || send.run(Event::Quantity(desk.quantity.get())));
    effect(move || send.run(Event::Typed(check.text.get())));
    effect(move || {
        let to = address.get();
        // The address of an order that was placed has no step, and stays as it is.
        if to.placed.is_none() {
            send.run(Event::Arrived(to.step));
        }
    });
    send.run(Event::CheckAgain);
    Some(desk)
}

/// Which steps there are, and the one that is shown.
fn steps(desk: Desk) -> View {
    let scope = style! {
        .checkout {
            display: grid;
            gap: var(--space-5);
            margin-top: var(--space-5);
        }
        .checkout-main,
        .checkout-pane,
        .checkout-actions {
            min-width: 0;
        }
        @media (min-width: 1080px) {
            .checkout.with-pane {
                grid-template-columns: 3fr 2fr;
                grid-template-rows: auto 1fr;
                align-items: start;
            }
            .with-pane > .checkout-pane {
                grid-row: span 2;
            }
        }
    };
    let flow = desk.flow;
    let step = Memo::new(move |_| flow.read().step);
    Effect::new(move |before: Option<Step>| {
        let step = step.get();
        if before.is_some_and(|before| before != step) {
            // The button that was pressed is gone, and with it the focus.
            focus(STEP_ID);
        }
        step
    });
    let main = move || match step.get() {
        Step::Order => order(desk),
        Step::Payment => payment(desk),
        Step::Review => review(desk),
    };
    // Where no partner can go with an order there is no way through the partners either.
    let named = desk.partner_refused.is_none();
    let partner = move || {
        let shown = named && step.get() == Step::Payment;
        shown.then(|| view! { <PartnerInformation desk=desk /> })
    };
    let pane = named.then(|| {
        view! { class = scope, <div class="checkout-pane stack">{partner} {need_help(desk)}</div> }
    });
    view! { class = scope,
        <Steps step=step />
        <div class="checkout" class:with-pane=named>
            <div class="checkout-main">{main}</div>
            {pane}
            <div class="checkout-actions">
                <Actions desk=desk step=step />
            </div>
        </div>
    }
}

/// The name of a step.
fn step_name(step: Step) -> String {
    match step {
        Step::Order => t::checkout::step_order(),
        Step::Payment => t::checkout::step_payment(),
        Step::Review => t::checkout::step_review(),
    }
}

/// The steps, of which one is shown.
#[component]
fn Steps(step: Memo<Step>) -> View {
    let scope = style! {
        .steps {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-2) var(--space-6);
            margin: 0;
            padding: 0;
            list-style: none;
            color: var(--text-2);
        }
        .checkout-step {
            display: flex;
            align-items: center;
            gap: var(--space-2);
        }
        .checkout-step[aria-current] {
            color: var(--text-1);
            font-weight: 600;
        }
        .step-number {
            display: grid;
            place-items: center;
            flex: none;
            width: 24px;
            height: 24px;
            border: 1px solid var(--line-strong);
            border-radius: 50%;
            font-size: var(--size-caption);
        }
        .step-number.reached {
            border-color: transparent;
            background-color: var(--brand);
            color: var(--on-brand);
        }
    };
    let items = Step::ALL.iter().enumerate().map(|(place, own)| {
        let own = *own;
        let number = (place + 1).to_string();
        let reached = move || step.get() >= own;
        view! { class = scope,
            <li class="checkout-step" aria-current=move || (step.get() == own).then_some("step")>
                <span class="step-number" class:reached=reached>
                    {number}
                </span>
                <span>{move || step_name(own)}</span>
            </li>
        }
    });
    let items = items.collect_view();
    view! { class = scope,
        <ol class="steps" aria-label=t::checkout::steps>
            {items}
        </ol>
    }
}

/// A step: its heading, which takes the focus, and what is in it.
fn card(step: Step, content: View) -> View {
    view! {
        <section class="card">
            <h2 class="card-title" id=STEP_ID tabindex="-1">
                {move || step_name(step)}
            </h2>
            {content}
        </section>
    }
}

/// How many licenses, and for how long at a time.
fn order(desk: Desk) -> View {
    let scope = style! {
        .order-product {
            max-width: 76ch;
            margin: 0;
            color: var(--text-2);
        }
        .order-name {
            display: block;
            color: var(--text-1);
        }
        .order-cost {
            display: flex;
            flex-wrap: wrap;
            justify-content: space-between;
            gap: var(--space-1) var(--space-4);
            margin: 0;
            padding-top: var(--space-4);
            border-top: 1px solid var(--line);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
            font-weight: 600;
        }
    };
    let product = desk.opened.with_value(|opened| opened.product.clone());
    let terms = product.prices.iter().map(|price| {
        let price = *price;
        SelectOption::new(price.term.as_str(), move || {
            let unit = intl::money(price.unit);
            match price.term {
                Term::Month => t::checkout::term_month(&unit),
                Term::Year => t::checkout::term_year(&unit),
            }
        })
    });
    let terms = terms.collect::<Vec<_>>();
    let most = usize::try_from(Offer::QUANTITY_MAX).unwrap_or(usize::MAX);
    let wrong = Memo::new(move |_| desk.flow.read().quantity_error());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.send.run(Event::Next);
    };
    let content = view! { class = scope,
        <form class="stack" novalidate on:submit=submit>
            <p class="order-product">
                <strong class="order-name">{product.name.to_string()}</strong>
                {product.description.to_string()}
            </p>
            <div class="form">
                <RadioGroup label=t::checkout::term value=desk.term choices=terms />
                <TextInput
                    label=t::checkout::licenses
                    value=desk.quantity
                    hint=move || t::checkout::licenses_hint(&intl::number(most))
                    error=Signal::derive(move || wrong.get().map(words::field_error))
                    inputmode="numeric"
                    id=QUANTITY_ID
                />
            </div>
            <p class="order-cost" role="status">
                <span>{t::checkout::total}</span>
                <span>{total(desk)}</span>
            </p>
        </form>
    };
    card(Step::Order, content)
}

/// What all of it costs for a term.
fn total(desk: Desk) -> impl Fn() -> String + Send + Sync + 'static {
    let cost = Memo::new(move |_| {
        let flow = desk.flow.read();
        flow.cost().map(|cost| (cost, flow.term))
    });
    move || match cost.get() {
        Some((cost, term)) => format_term_price(cost, term),
        None => "–".to_owned(),
    }
}

/// Who pays what, and when again.
fn payment(desk: Desk) -> View {
    let scope = style! {
        .payment-partner {
            max-width: 76ch;
            margin: var(--space-4) 0 0;
            color: var(--text-2);
        }
    };
    // In the right pane stands the partner; where none can be named at a purchase, why.
    let note = desk.partner_refused.map(|refusal| {
        view! { class = scope, <p class="payment-partner">{move || words::refusal(refusal)}</p> }
    });
    let content = view! {
        <DescriptionList>{payer(desk)} {sum(desk)}</DescriptionList>
        {note}
    };
    card(Step::Payment, content)
}

/// The account that pays, or the customer that a reseller orders for.
fn payer(desk: Desk) -> View {
    let (customer, account) = desk.opened.with_value(|opened| {
        let account = opened.account.as_ref().map(|account| account.name.to_string());
        (opened.shop.customer_name(), account)
    });
    let customer = customer.map(
        |name| view! { <DescriptionItem label=t::checkout::customer>{name}</DescriptionItem> },
    );
    let account =
        account.map(|name| view! { <DescriptionItem label=t::checkout::billing_account>{name}</DescriptionItem> });
    view! {
        {customer}
        {account}
    }
}

/// What is ordered and what it costs. While it is shown, the term and the price alone can
/// change: to those that there are by now.
fn sum(desk: Desk) -> View {
    let flow = desk.flow;
    let licenses = flow.with_untracked(Flow::licenses);
    let licenses = licenses.and_then(|licenses| usize::try_from(licenses).ok()).unwrap_or_default();
    let term = Memo::new(move |_| flow.read().term);
    let unit = Memo::new(move |_| flow.read().unit_price());
    let unit = move || unit.get().map(|unit| format_term_price(unit, term.get()));
    let renews = move || intl::date(term.get().after(intl::now(), 1).milliseconds());
    view! {
        <DescriptionItem label=t::checkout::licenses>{move || intl::number(licenses)}</DescriptionItem>
        <DescriptionItem label=t::checkout::price>{unit}</DescriptionItem>
        <DescriptionItem label=t::checkout::total>
            <strong>{total(desk)}</strong>
        </DescriptionItem>
        <DescriptionItem label=t::checkout::renews>{renews}</DescriptionItem>
    }
}

/// The right pane of the second step: the partner of record that goes with the order.
#[component]
fn PartnerInformation(desk: Desk) -> View {
    let Desk { flow, send, check, .. } = desk;
    let typing = Memo::new(move |_| flow.read().typing.is_some());
    let added = Memo::new(move |_| flow.read().added.is_some());
    let open = move |()| {
        let id = flow.with_untracked(|flow| flow.added.as_ref().map(|one| one.id.to_string()));
        check.reset(id.as_deref().unwrap_or_default());
        send.run(Event::OpenPartner);
        request_animation_frame(move || check.focus());
    };
    // The button that was pressed is gone, and with it the focus.
    let close = move |()| {
        send.run(Event::ClosePartner);
        focus(PARTNER_ID);
    };
    let remove = move |()| {
        send.run(Event::RemovePartner);
        focus(PARTNER_ID);
    };
    let content = move || match (typing.get(), added.get()) {
        (true, _) => view! {
            <div class="stack">
                <PartnerIdField check=check with_button=true />
                <div class="row">
                    <Button
                        label=t::checkout::add
                        busy=Signal::derive(move || check.busy())
                        on_press=move |()| send.run(Event::AddPartner)
                    />
                    <Button label=t::checkout::cancel on_press=close />
                </div>
            </div>
        },
        (false, true) => view! {
            <div class="stack">
                {partner(desk)}
                <div class="row">
                    <Button label=t::checkout::change icon=Icon::Edit on_press=open />
                    <Button label=t::checkout::remove icon=Icon::Delete on_press=remove />
                </div>
            </div>
        },
        (false, false) => view! {
            <div class="stack">
                <div>{t::checkout::partner_hint}</div>
                <Button label=t::checkout::add icon=Icon::Add on_press=open />
            </div>
        },
    };
    view! {
        <section class="card" aria-labelledby=PARTNER_ID>
            <h2 class="card-title" id=PARTNER_ID tabindex="-1">
                {t::checkout::partner_information}
            </h2>
            {content}
        </section>
    }
}

/// Who was added, or why that can't be told.
fn partner(desk: Desk) -> View {
    let added = Memo::new(move |_| desk.flow.read().added.clone());
    let content = move || {
        let added = added.get()?;
        Some(match added.who {
            LoadState::Ready(found) => view! { <PartnerCard found=found /> },
            LoadState::Loading => view! { <Spinner label=t::checkout::partner_looked_up /> },
            LoadState::Failed(failure) => {
                let id = added.id.to_string();
                let reason =
                    move || format!("{} {}", t::checkout::partner_failed(&id), failure.text());
                view! {
                    <ErrorState
                        reason=reason
                        on_retry=move |()| desk.send.run(Event::CheckAgain)
                    />
                }
            }
        })
    };
    content.into_view()
}

/// The way to a partner, and back to here.
fn need_help(desk: Desk) -> View {
    let scope = style! {
        .order-help summary {
            cursor: pointer;
            font-weight: 600;
        }
        .order-help p {
            margin: var(--space-3) 0;
        }
    };
    let page = desk.opened.with_value(|opened| opened.shop.buyer.checkout_path(opened.product.id));
    let partners = format!("{}?return={}", routes::PARTNERS_PAGE, encode_component(&page));
    view! { class = scope,
        <details class="card order-help">
            <summary>{t::checkout::need_help}</summary>
            <p>{t::checkout::need_help_hint}</p>
            <Link href=partners>{t::checkout::get_assistance}</Link>
        </details>
    }
}

/// All of it once more.
fn review(desk: Desk) -> View {
    let scope = style! {
        .review-partner {
            display: grid;
            gap: var(--space-2);
        }
    };
    let product = desk.opened.with_value(|opened| opened.product.name.to_string());
    let with_partner = desk.flow.with_untracked(|flow| flow.added.is_some());
    let of_record = desk.partner_refused.is_none().then(|| {
        let content = if with_partner { partner(desk) } else { t::checkout::none.into_view() };
        view! { class = scope,
            <div class="review-partner">
                <h3>{t::checkout::partner}</h3>
                {content}
            </div>
        }
    });
    let standing = Memo::new(move |_| desk.flow.read().standing.clone());
    let content = view! {
        <div class="stack">
            <DescriptionList>
                <DescriptionItem label=t::checkout::product>{product}</DescriptionItem>
                {payer(desk)}
                {sum(desk)}
            </DescriptionList>
            {of_record}
            {move || told(desk, standing.get())}
        </div>
    };
    card(Step::Review, content)
}

/// What became of placing the order, as long as that is not that it is placed.
fn told(desk: Desk, standing: Standing) -> Option<View> {
    Some(match standing {
        Standing::Open | Standing::Placing | Standing::Placed(_) => return None,
        Standing::Unknown(failure) => {
            let why = move || failure.as_ref().map(Failure::text);
            view! {
                <MessageBar intent=Intent::Warning title=t::checkout::unknown_title>
                    {why}
                    " "
                    {t::checkout::unknown}
                </MessageBar>
            }
        }
        Standing::Refused(failure) => {
            if let Some(refusal) = failure.refusal()
                && refusal.next_step() == NextStep::AcceptAgreement
            {
                return Some(agreement_hint(refusal));
            }
            view! {
                <MessageBar intent=Intent::Error>{move || refused_text(&failure)}</MessageBar>
            }
        }
        Standing::Used => {
            let bought = desk.opened.with_value(|opened| match &opened.shop.relationship {
                Some(relationship) => format!("{CUSTOMERS_PATH}/{}", relationship.id),
                None => subscriptions::PATH.to_owned(),
            });
            let anew = move |()| {
                let request = OrderRequestId::new(intl::now(), browser::random_u128());
                desk.send.run(Event::Anew(request));
                focus(STEP_ID);
            };
            view! {
                <MessageBar intent=Intent::Warning title=t::checkout::used_title>
                    {t::checkout::used}
                </MessageBar>
                <div class="row">
                    <LinkButton href=bought label=t::checkout::see_subscriptions />
                    <Button label=t::checkout::anew on_press=anew />
                </div>
            }
        }
    })
}

/// Why the order was not placed. What is wrong with its fields has no field here.
fn refused_text(failure: &Failure) -> String {
    match &failure.kind {
        FailureKind::Fields(fields) => {
            let texts = fields.iter().map(|(_, error)| words::field_error(*error));
            texts.collect::<Vec<_>>().join(" ")
        }
        _ => failure.text(),
    }
}

/// Going on and back, and placing the order.
#[component]
fn Actions(desk: Desk, step: Memo<Step>) -> View {
    let Desk { flow, send, check, .. } = desk;
    let placing = Memo::new(move |_| flow.read().standing == Standing::Placing);
    let used = Memo::new(move |_| flow.read().standing == Standing::Used);
    let settled = Memo::new(move |_| flow.read().is_settled());
    let ready = Memo::new(move |_| flow.read().is_ready());
    let blocked = Signal::derive(move || {
        if used.get() {
            Some(t::checkout::used_title())
        } else {
            (!settled.get() && !ready.get()).then(t::checkout::partner_wait)
        }
    });
    let on = move || match step.get() {
        Step::Review => view! {
            <Button
                label=t::checkout::place
                kind=ButtonKind::Primary
                icon=Icon::Cart
                busy=placing
                disabled_reason=blocked
                on_press=move |()| send.run(Event::Place)
            />
        },
        Step::Order | Step::Payment => view! {
            <Button
                label=t::checkout::next
                kind=ButtonKind::Primary
                busy=Signal::derive(move || check.busy())
                on_press=move |()| send.run(Event::Next)
            />
        },
    };
    let first = Memo::new(move |_| step.get() == Step::Order);
    let back = move || {
        (!first.get()).then(|| {
            let reason = Signal::derive(move || {
                (settled.get() && !placing.get()).then(t::checkout::settled)
            });
            view! {
                <Button
                    label=t::checkout::back
                    busy=placing
                    disabled_reason=reason
                    on_press=move |()| send.run(Event::Back)
                />
            }
        })
    };
    view! {
        <div class="row">
            {on}
            {back}
        </div>
    }
}

/// The order is placed: what was bought, and the way to it.
#[component]
fn Placed(opened: Opened, subscription: SubscriptionId) -> View {
    let buyer = opened.shop.buyer;
    let customer = opened.shop.customer_name();
    let loaded = Loader::new(move || {
        let route = routes::of_subscription(routes::SUBSCRIPTION, subscription);
        async move { client::get::<Subscription>(&route).await.map(Some) }
    });
    let standing = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let bought = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    // The button that was pressed is gone; the page's title says now that it is done.
    focus_title_if_lost();
    let (above, above_name) = buyer.parent_page();
    let content = move || {
        let instead = standing.get().placeholder(above, above_name, move || loaded.retry());
        if instead.is_some() {
            return instead;
        }
        let bought = bought.get()?;
        let page = buyer.subscription_path(bought.id);
        let customer = customer.clone();
        let hint = move || match &customer {
            Some(customer) => t::checkout::placed_for(customer),
            None => t::checkout::placed_hint(),
        };
        Some(view! {
            <Card title=bought.product_name.to_string()>
                <div class="stack">
                    <MessageBar intent=Intent::Success>{hint}</MessageBar>
                    {bought_terms(&bought)}
                    <div class="row">
                        <LinkButton
                            href=page
                            label=t::checkout::see_subscription
                            kind=ButtonKind::Primary
                        />
                        <LinkButton href=buyer.catalog_path() label=t::checkout::buy_more />
                    </div>
                </div>
            </Card>
        })
    };
    view! { <div>{content}</div> }
}

/// What was bought.
fn bought_terms(bought: &Subscription) -> View {
    let term = bought.term;
    let licenses = usize::try_from(bought.quantity).unwrap_or_default();
    let cost = bought.facts().cost().map(|cost| {
        view! { <DescriptionItem label=t::checkout::total>{move || format_term_price(cost, term)}</DescriptionItem> }
    });
    let renews = bought.renews.map(|at| {
        let at = at.milliseconds();
        view! { <DescriptionItem label=t::checkout::renews>{move || intl::date(at)}</DescriptionItem> }
    });
    let partner = bought.partner_of_record.as_ref().map(|one| {
        let partner = format!("{} ({})", one.partner_name, one.partner_id);
        view! { <DescriptionItem label=t::checkout::partner>{partner}</DescriptionItem> }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=t::checkout::licenses>{move || intl::number(licenses)}</DescriptionItem>
            {cost}
            {renews}
            {partner}
        </DescriptionList>
    }
}

/// Puts events into the state, and does what follows from them.
fn runner(
    flow: RwSignal<Flow>,
    check: PartnerIdCheck,
    name: String,
    opened: StoredValue<Opened>,
) -> Callback<Event> {
    let navigate = use_navigate();
    let callback = StoredValue::new(None::<Callback<Event>>);
    let page = opened.with_value(|opened| opened.shop.buyer.checkout_path(opened.product.id));
    let send = Callback::new(move |event: Event| {
        let Some(commands) = flow.try_update(|flow| flow.step(event)) else { return };
        let Some(send) = callback.get_value() else { return };
        for command in commands {
            match command {
                Command::Keep(text) => browser::set_session_value(&name, &text),
                Command::Forget => browser::remove_session_value(&name),
                Command::ShowStep { step, replace } => {
                    let options = NavigateOptions { replace, scroll: false, ..Default::default() };
                    navigate(&format!("{page}?step={step}"), options);
                }
                Command::ShowError => focus(QUANTITY_ID),
                Command::CheckTyped(then) => {
                    let add = move |found| send.run(Event::Added(Box::new(found), then));
                    check.check_then(Callback::new(add));
                }
                Command::LookUp(id) => look_up(id, send),
                Command::Place(request, order) => place(name.clone(), request, order, send),
                Command::AskPrices => ask_prices(opened, send),
                Command::ShowPlaced(subscription) => {
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    navigate(&format!("{page}?placed={subscription}"), options);
                }
            }
        }
    });
    callback.set_value(Some(send));
    send
}

/// Gives an element the focus once what was just changed is in place.
fn focus(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = browser::element_by_id(id) {
            let _ = element.focus();
        }
    });
}

/// Asks whose ID it is.
fn look_up(id: PartnerId, send: Callback<Event>) {
    spawn(async move {
        let request = PartnerIdRequest { partner_id: id.to_string() };
        let answer =
            client::post::<CheckedPartnerId>(routes::CHECK_PARTNER_ID, &request, None).await;
        let _ = send.try_run(Event::PartnerCame(id, answer.map(Box::new)));
    });
}

/// Asks what the product costs by now. Where nobody knows, or it is not sold any more, what
/// was said stands.
fn ask_prices(opened: StoredValue<Opened>, send: Callback<Event>) {
    let asked = opened.try_with_value(|opened| (opened.shop.buyer, opened.product.id));
    let Some((buyer, id)) = asked else { return };
    spawn(async move {
        let Ok(Some(shop)) = Catalog::fetch(buyer).await else { return };
        let Some(product) = shop.products.into_iter().find(|one| one.id == id) else { return };
        let prices = product.prices.clone();
        if opened.try_update_value(|opened| opened.product = product).is_some() {
            let request = OrderRequestId::new(intl::now(), browser::random_u128());
            let _ = send.try_run(Event::Priced(prices, request));
        }
    });
}

/// Places the order.
fn place(name: String, request: OrderRequestId, order: OrderRequest, send: Callback<Event>) {
    spawn(async move {
        let answer = client::post_once::<Subscription>(routes::ORDERS, &order, request).await;
        let placed = answer.is_ok();
        let gone = send.try_run(Event::Answered(answer.map(Box::new))).is_none();
        if gone && placed {
            // The page was left meanwhile: whoever comes back begins another order.
            browser::remove_session_value(&name);
            toast(Intent::Success, untrack(t::checkout::placed));
        }
    });
}
