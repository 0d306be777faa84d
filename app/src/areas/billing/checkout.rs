//! The checkout of a product, in three steps: **Order**, **Payment** with **Partner
//! information** in the right pane, **Review and place order**. See
//! docs/domain.md, Subscriptions and products.
//!
//! The input is stored until the order is placed, so that it survives a reload and a visit
//! to the search for a partner.

use api::{
    BillingAccountResource, CheckedPartnerId, OrderRequest, Page, PartnerIdRequest,
    ProductResource, SubscriptionResource, encode_component, routes,
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

use crate::{
    areas::billing::purchase_services::{Buyer, ProductCatalog},
    browser,
    client::{self, Failure, FailureKind},
    features::{
        agreement_hint::agreement_hint,
        guards::organization_refusal,
        listing::list_crumb,
        partner_id_field::{PartnerCard, PartnerIdCheck, PartnerIdField},
        resource::ResourceState,
        subscription::format_term_price,
    },
    intl,
    load::{LoadState, Loader, effect, spawn},
    route::{Route, use_param},
    session, t,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, DescriptionItem, DescriptionList, EmptyState,
        ErrorState, Icon, Intent, Link, LinkButton, MessageBar, PageTitle, RadioGroup,
        SelectOption, Spinner, TextInput, focus_title_if_lost, toast,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

mod flow;

use flow::{CheckoutCommand, CheckoutEvent, CheckoutState, CheckoutStep, OrderStatus};

/// Element ID of the current step's heading.
const STEP_ID: &str = "checkout-step";
/// Element ID of the quantity field.
const QUANTITY_ID: &str = "checkout-licenses";
/// Element ID of the heading of the right pane.
const PARTNER_HEADING_ID: &str = "checkout-partner";

/// Query parameters of the page's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CheckoutAddress {
    /// The step to show.
    step: Option<CheckoutStep>,
    /// The subscription that was bought.
    placed: Option<SubscriptionId>,
}

/// Data of the checkout page.
#[derive(Clone, Debug, PartialEq)]
struct CheckoutData {
    shop: ProductCatalog,
    product: ProductResource,
    /// Billing account that pays. `None` for resellers, who don't see their customer's.
    account: Option<BillingAccountResource>,
}

impl CheckoutData {
    /// Fetches the data. Returns `None` if there is no such product.
    async fn fetch(buyer: Buyer, product: Option<ProductId>) -> Result<Option<Self>, Failure> {
        let Some(shop) = ProductCatalog::fetch(buyer).await? else { return Ok(None) };
        let Some(product) = product else { return Ok(None) };
        let Some(product) = shop.fetch_product(product).await? else { return Ok(None) };
        let account = match buyer {
            Buyer::Own => {
                let accounts: Page<BillingAccountResource> =
                    client::get(routes::BILLING_ACCOUNTS).await?;
                accounts.value.into_iter().next()
            }
            Buyer::Customer(_) => None,
        };
        Ok(Some(Self { shop, product, account }))
    }

    /// Returns the key under which the checkout is stored: one for each user, customer and
    /// product.
    fn storage_key(&self) -> String {
        let user = session::current().with_untracked(|session| session.user.id);
        format!("accord-checkout {user} {}", self.shop.buyer.checkout(self.product.id))
    }
}

/// The page, for `/billing/purchase/{product}` and
/// `/customers/{relationship}/purchase/{product}`.
#[component]
pub fn Checkout() -> View {
    let target = use_param(Buyer::of_checkout);
    target.get_untracked().0.guard(move || {
        let loaded = Loader::new(move || {
            let (buyer, product) = target.get();
            CheckoutData::fetch(buyer, product)
        });
        checkout_view(loaded, target.get_untracked().0.parent_page())
    })
}

fn checkout_view(
    loaded: Loader<Option<CheckoutData>>,
    (parent, parent_name): (Route, fn() -> String),
) -> View {
    let location = use_location();
    let address = Memo::new(move |before: Option<&CheckoutAddress>| {
        // While the page is being left, the address is already that of the next page.
        let route = Route::parse(&location.pathname.read());
        if let (Some(before), None) = (before, Buyer::of_checkout(route)) {
            return *before;
        }
        let query = location.query.read();
        let value = |name: &str| query.get(name).unwrap_or_default();
        CheckoutAddress { step: value("step").parse().ok(), placed: value("placed").parse().ok() }
    });
    let placed = Memo::new(move |_| address.get().placed);
    let load_state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let data = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let crumbs = move || {
        let data = data.read();
        let data = data.as_ref()?;
        let mut crumbs = data.shop.crumbs();
        crumbs.push(list_crumb(t::shell::purchase_services, data.shop.buyer.catalog()));
        let product = data.product.name.to_string();
        Some(view! { <Breadcrumb crumbs=crumbs current=product /> })
    };
    let title = move || {
        if placed.get().is_some() { t::checkout::placed_title() } else { t::checkout::title() }
    };
    let content = move || {
        let placeholder = load_state.get().placeholder(parent, parent_name, move || loaded.retry());
        if let Some(placeholder) = placeholder {
            return placeholder;
        }
        let Some(data) = data.get() else { return View::EMPTY };
        match placed.get() {
            Some(subscription) => {
                view! { <PlacedOrder data=data subscription=subscription /> }
            }
            None => view! { <Wizard data=data address=address /> },
        }
    };
    view! {
        {crumbs}
        <PageTitle title=title />
        {content}
    }
}

/// State and event handler of a checkout, shared by the views of its steps.
#[derive(Clone, Copy)]
struct CheckoutContext {
    state: RwSignal<CheckoutState>,
    send: Callback<CheckoutEvent>,
    data: StoredValue<CheckoutData>,
    /// Value of the term field.
    term: RwSignal<String>,
    /// Text of the quantity field.
    quantity: RwSignal<String>,
    /// The Partner ID field.
    check: PartnerIdCheck,
    /// Reason why no partner of record can be added to the order, if any.
    partner_refused: Option<Refusal>,
}

/// The steps of the checkout, or the reason why the user can't order.
#[component]
fn Wizard(data: CheckoutData, address: Memo<CheckoutAddress>) -> View {
    let shop = data.shop.clone();
    let refused = Memo::new(move |_| shop.refusal());
    let content = move || match refused.get() {
        Some(refusal) => refusal_view(refusal),
        None => match new_context(data.clone(), address) {
            Some(context) => wizard_view(context),
            None => View::EMPTY,
        },
    };
    view! { <div>{content}</div> }
}

/// Shows why the user can't order, and what to do about it.
fn refusal_view(refusal: Refusal) -> View {
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

/// Starts a checkout, or restores a stored one.
fn new_context(data: CheckoutData, address: Memo<CheckoutAddress>) -> Option<CheckoutContext> {
    let storage_key = data.storage_key();
    let partner_refused =
        untrack(|| organization_refusal(OrganizationAction::NamePartnerAtPurchase));
    let relationship = data.shop.relationship.as_ref().map(|one| one.id);
    let request_id = OrderRequestId::new(intl::now(), browser::random_u128());
    let allows_partner = partner_refused.is_none();
    let state = CheckoutState::new(&data.product, relationship, allows_partner, request_id)?;
    let state = match browser::session_value(&storage_key) {
        Some(stored) => state.restore(&stored),
        None => state,
    };
    let (term, quantity) = (state.term.to_string(), state.quantity.clone());
    let check = PartnerIdCheck::new(state.partner_id_input.as_deref().unwrap_or_default());
    let state = RwSignal::new(state);
    let data = StoredValue::new(data);
    let send = event_handler(state, check, storage_key, data);
    let context = CheckoutContext {
        state,
        send,
        data,
        term: RwSignal::new(term),
        quantity: RwSignal::new(quantity),
        check,
        partner_refused,
    };
    effect(move || {
        if let Ok(term) = context.term.read().parse::<Term>() {
            send.run(CheckoutEvent::TermChanged(term));
        }
    });
    // The state chooses another term when the chosen one is no longer sold.
    let term = Memo::new(move |_| state.read().term);
    effect(move || context.term.set(term.get().to_string()));
    effect(move || send.run(CheckoutEvent::QuantityChanged(context.quantity.get())));
    effect(move || send.run(CheckoutEvent::PartnerIdChanged(check.text.get())));
    effect(move || {
        let address = address.get();
        // The address of a placed order has no step and stays unchanged.
        if address.placed.is_none() {
            send.run(CheckoutEvent::AddressChanged(address.step));
        }
    });
    send.run(CheckoutEvent::RetryPartnerLookup);
    Some(context)
}

/// Shows the list of steps and the current step.
fn wizard_view(context: CheckoutContext) -> View {
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
    let state = context.state;
    let step = Memo::new(move |_| state.read().step);
    Effect::new(move |before: Option<CheckoutStep>| {
        let step = step.get();
        if before.is_some_and(|before| before != step) {
            // The pressed button is gone, and the focus with it.
            focus_element(STEP_ID);
        }
        step
    });
    let main = move || match step.get() {
        CheckoutStep::Order => order_step(context),
        CheckoutStep::Payment => payment_step(context),
        CheckoutStep::Review => review_step(context),
    };
    // Without a partner of record there is no need to search for a partner either.
    let allows_partner = context.partner_refused.is_none();
    let partner = move || {
        let shown = allows_partner && step.get() == CheckoutStep::Payment;
        shown.then(|| view! { <PartnerInformation context=context /> })
    };
    let pane = allows_partner.then(|| {
        view! { class = scope, <div class="checkout-pane stack">{partner} {help_card(context)}</div> }
    });
    view! { class = scope,
        <StepList step=step />
        <div class="checkout" class:with-pane=allows_partner>
            <div class="checkout-main">{main}</div>
            {pane}
            <div class="checkout-actions">
                <CheckoutActions context=context step=step />
            </div>
        </div>
    }
}

/// Returns the name of a step.
fn step_name(step: CheckoutStep) -> String {
    match step {
        CheckoutStep::Order => t::checkout::step_order(),
        CheckoutStep::Payment => t::checkout::step_payment(),
        CheckoutStep::Review => t::checkout::step_review(),
    }
}

/// The list of steps, with the current one marked.
#[component]
fn StepList(step: Memo<CheckoutStep>) -> View {
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
    let items = CheckoutStep::ALL.iter().enumerate().map(|(index, own)| {
        let own = *own;
        let number = (index + 1).to_string();
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

/// Shows a step in a card. Its heading can take the focus.
fn step_card(step: CheckoutStep, content: View) -> View {
    view! {
        <section class="card">
            <h2 class="card-title" id=STEP_ID tabindex="-1">
                {move || step_name(step)}
            </h2>
            {content}
        </section>
    }
}

/// Shows the first step: the number of licenses and the term.
fn order_step(context: CheckoutContext) -> View {
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
    let product = context.data.with_value(|data| data.product.clone());
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
    let max = usize::try_from(Offer::QUANTITY_MAX).unwrap_or(usize::MAX);
    let error = Memo::new(move |_| context.state.read().quantity_error());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        context.send.run(CheckoutEvent::Next);
    };
    let content = view! { class = scope,
        <form class="stack" novalidate on:submit=submit>
            <p class="order-product">
                <strong class="order-name">{product.name.to_string()}</strong>
                {product.description.to_string()}
            </p>
            <div class="form">
                <RadioGroup label=t::checkout::term value=context.term choices=terms />
                <TextInput
                    label=t::checkout::licenses
                    value=context.quantity
                    hint=move || t::checkout::licenses_hint(&intl::number(max))
                    error=Signal::derive(move || error.get().map(words::field_error))
                    inputmode="numeric"
                    id=QUANTITY_ID
                />
            </div>
            <p class="order-cost" role="status">
                <span>{t::checkout::total}</span>
                <span>{total_text(context)}</span>
            </p>
        </form>
    };
    step_card(CheckoutStep::Order, content)
}

/// Returns the price of all licenses for one term.
fn total_text(context: CheckoutContext) -> impl Fn() -> String + Send + Sync + 'static {
    let total = Memo::new(move |_| {
        let state = context.state.read();
        state.total().map(|total| (total, state.term))
    });
    move || match total.get() {
        Some((total, term)) => format_term_price(total, term),
        None => "–".to_owned(),
    }
}

/// Shows the second step: the payer, the price and the renewal.
fn payment_step(context: CheckoutContext) -> View {
    let scope = style! {
        .payment-partner {
            max-width: 76ch;
            margin: var(--space-4) 0 0;
            color: var(--text-2);
        }
    };
    // The reason why no partner of record can be added, where the right pane is missing.
    let note = context.partner_refused.map(|refusal| {
        view! { class = scope, <p class="payment-partner">{move || words::refusal(refusal)}</p> }
    });
    let content = view! {
        <DescriptionList>{payer_rows(context)} {order_rows(context)}</DescriptionList>
        {note}
    };
    step_card(CheckoutStep::Payment, content)
}

/// Returns the rows for the billing account that pays, or for the customer a reseller orders
/// for.
fn payer_rows(context: CheckoutContext) -> View {
    let (customer, account) = context.data.with_value(|data| {
        let account = data.account.as_ref().map(|account| account.name.to_string());
        (data.shop.customer_name(), account)
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

/// Returns the rows for the order and its price. Only the term and the price can change while
/// they are shown, when current prices arrive.
fn order_rows(context: CheckoutContext) -> View {
    let state = context.state;
    let licenses = state.with_untracked(CheckoutState::licenses);
    let licenses = licenses.and_then(|licenses| usize::try_from(licenses).ok()).unwrap_or_default();
    let term = Memo::new(move |_| state.read().term);
    let unit = Memo::new(move |_| state.read().unit_price());
    let unit = move || unit.get().map(|unit| format_term_price(unit, term.get()));
    let renews = move || intl::date(term.get().after(intl::now(), 1).milliseconds());
    view! {
        <DescriptionItem label=t::checkout::licenses>{move || intl::number(licenses)}</DescriptionItem>
        <DescriptionItem label=t::checkout::price>{unit}</DescriptionItem>
        <DescriptionItem label=t::checkout::total>
            <strong>{total_text(context)}</strong>
        </DescriptionItem>
        <DescriptionItem label=t::checkout::renews>{renews}</DescriptionItem>
    }
}

/// The right pane of the second step: the partner of record to add to the order.
#[component]
fn PartnerInformation(context: CheckoutContext) -> View {
    let CheckoutContext { state, send, check, .. } = context;
    let field_open = Memo::new(move |_| state.read().partner_id_input.is_some());
    let has_partner = Memo::new(move |_| state.read().partner.is_some());
    let open = move |()| {
        let id = state.with_untracked(|state| state.partner.as_ref().map(|one| one.id.to_string()));
        check.reset(id.as_deref().unwrap_or_default());
        send.run(CheckoutEvent::OpenPartnerField);
        request_animation_frame(move || check.focus());
    };
    // The pressed button is gone, and the focus with it.
    let close = move |()| {
        send.run(CheckoutEvent::ClosePartnerField);
        focus_element(PARTNER_HEADING_ID);
    };
    let remove = move |()| {
        send.run(CheckoutEvent::RemovePartner);
        focus_element(PARTNER_HEADING_ID);
    };
    let content = move || match (field_open.get(), has_partner.get()) {
        (true, _) => view! {
            <div class="stack">
                <PartnerIdField check=check with_button=true />
                <div class="row">
                    <Button
                        label=t::checkout::add
                        busy=Signal::derive(move || check.busy())
                        on_press=move |()| send.run(CheckoutEvent::AddPartner)
                    />
                    <Button label=t::checkout::cancel on_press=close />
                </div>
            </div>
        },
        (false, true) => view! {
            <div class="stack">
                {partner_view(context)}
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
        <section class="card" aria-labelledby=PARTNER_HEADING_ID>
            <h2 class="card-title" id=PARTNER_HEADING_ID tabindex="-1">
                {t::checkout::partner_information}
            </h2>
            {content}
        </section>
    }
}

/// Shows the partner that was added, or why it can't be loaded.
fn partner_view(context: CheckoutContext) -> View {
    let partner = Memo::new(move |_| context.state.read().partner.clone());
    let content = move || {
        let partner = partner.get()?;
        Some(match partner.details {
            LoadState::Ready(found) => view! { <PartnerCard found=found /> },
            LoadState::Loading => view! { <Spinner label=t::checkout::partner_looked_up /> },
            LoadState::Failed(failure) => {
                let id = partner.id.to_string();
                let reason =
                    move || format!("{} {}", t::checkout::partner_failed(&id), failure.text());
                view! {
                    <ErrorState
                        reason=reason
                        on_retry=move |()| context.send.run(CheckoutEvent::RetryPartnerLookup)
                    />
                }
            }
        })
    };
    content.into_view()
}

/// Shows the link to the search for a partner, which leads back to the checkout.
fn help_card(context: CheckoutContext) -> View {
    let scope = style! {
        .order-help summary {
            cursor: pointer;
            font-weight: 600;
        }
        .order-help p {
            margin: var(--space-3) 0;
        }
    };
    let page = context.data.with_value(|data| data.shop.buyer.checkout(data.product.id));
    let partners = format!("{}?return={}", Route::FindAPartner, encode_component(&page.path()));
    view! { class = scope,
        <details class="card order-help">
            <summary>{t::checkout::need_help}</summary>
            <p>{t::checkout::need_help_hint}</p>
            <Link href=partners>{t::checkout::get_assistance}</Link>
        </details>
    }
}

/// Shows the last step: the whole order.
fn review_step(context: CheckoutContext) -> View {
    let scope = style! {
        .review-partner {
            display: grid;
            gap: var(--space-2);
        }
    };
    let product = context.data.with_value(|data| data.product.name.to_string());
    let has_partner = context.state.with_untracked(|state| state.partner.is_some());
    let partner_of_record = context.partner_refused.is_none().then(|| {
        let content =
            if has_partner { partner_view(context) } else { t::checkout::none.into_view() };
        view! { class = scope,
            <div class="review-partner">
                <h3>{t::checkout::partner}</h3>
                {content}
            </div>
        }
    });
    let status = Memo::new(move |_| context.state.read().status.clone());
    let content = view! {
        <div class="stack">
            <DescriptionList>
                <DescriptionItem label=t::checkout::product>{product}</DescriptionItem>
                {payer_rows(context)}
                {order_rows(context)}
            </DescriptionList>
            {partner_of_record}
            {move || status_view(context, status.get())}
        </div>
    };
    step_card(CheckoutStep::Review, content)
}

/// Shows why the order is not placed yet.
fn status_view(context: CheckoutContext, status: OrderStatus) -> Option<View> {
    Some(match status {
        OrderStatus::Editing | OrderStatus::Placing | OrderStatus::Placed(_) => return None,
        OrderStatus::Unknown(failure) => {
            let why = move || failure.as_ref().map(Failure::text);
            view! {
                <MessageBar intent=Intent::Warning title=t::checkout::unknown_title>
                    {why}
                    " "
                    {t::checkout::unknown}
                </MessageBar>
            }
        }
        OrderStatus::Refused(failure) => {
            if let Some(refusal) = failure.refusal()
                && refusal.next_step() == NextStep::AcceptAgreement
            {
                return Some(agreement_hint(refusal));
            }
            view! {
                <MessageBar intent=Intent::Error>{move || refusal_text(&failure)}</MessageBar>
            }
        }
        OrderStatus::RequestIdReused => {
            let subscriptions = context.data.with_value(|data| match &data.shop.relationship {
                Some(relationship) => Route::Customer(Some(relationship.id)),
                None => Route::Subscriptions,
            });
            let start_new_order = move |()| {
                let request_id = OrderRequestId::new(intl::now(), browser::random_u128());
                context.send.run(CheckoutEvent::StartNewOrder(request_id));
                focus_element(STEP_ID);
            };
            view! {
                <MessageBar intent=Intent::Warning title=t::checkout::used_title>
                    {t::checkout::used}
                </MessageBar>
                <div class="row">
                    <LinkButton href=subscriptions label=t::checkout::see_subscriptions />
                    <Button label=t::checkout::new_order on_press=start_new_order />
                </div>
            }
        }
    })
}

/// Returns why the order was not placed. The last step has no fields to show field errors at,
/// so they are part of the text.
fn refusal_text(failure: &Failure) -> String {
    match &failure.kind {
        FailureKind::Fields(fields) => {
            let texts = fields.iter().map(|(_, error)| words::field_error(*error));
            texts.collect::<Vec<_>>().join(" ")
        }
        FailureKind::Refused(_) | FailureKind::Limited(..) | FailureKind::Other(..) => {
            failure.text()
        }
    }
}

/// The buttons that continue, go back and place the order.
#[component]
fn CheckoutActions(context: CheckoutContext, step: Memo<CheckoutStep>) -> View {
    let CheckoutContext { state, send, check, .. } = context;
    let placing = Memo::new(move |_| state.read().status == OrderStatus::Placing);
    let reused = Memo::new(move |_| state.read().status == OrderStatus::RequestIdReused);
    let locked = Memo::new(move |_| state.read().is_locked());
    let can_place = Memo::new(move |_| state.read().can_place_order());
    let blocked = Signal::derive(move || {
        if reused.get() {
            Some(t::checkout::used_title())
        } else {
            (!locked.get() && !can_place.get()).then(t::checkout::partner_wait)
        }
    });
    let forward = move || match step.get() {
        CheckoutStep::Review => view! {
            <Button
                label=t::checkout::place
                kind=ButtonKind::Primary
                icon=Icon::Cart
                busy=placing
                disabled_reason=blocked
                on_press=move |()| send.run(CheckoutEvent::PlaceOrder)
            />
        },
        CheckoutStep::Order | CheckoutStep::Payment => view! {
            <Button
                label=t::checkout::next
                kind=ButtonKind::Primary
                busy=Signal::derive(move || check.busy())
                on_press=move |()| send.run(CheckoutEvent::Next)
            />
        },
    };
    let is_first = Memo::new(move |_| step.get() == CheckoutStep::Order);
    let back = move || {
        (!is_first.get()).then(|| {
            let reason =
                Signal::derive(move || (locked.get() && !placing.get()).then(t::checkout::settled));
            view! {
                <Button
                    label=t::checkout::back
                    busy=placing
                    disabled_reason=reason
                    on_press=move |()| send.run(CheckoutEvent::Back)
                />
            }
        })
    };
    view! {
        <div class="row">
            {forward}
            {back}
        </div>
    }
}

/// The placed order: what was bought, and a link to the subscription.
#[component]
fn PlacedOrder(data: CheckoutData, subscription: SubscriptionId) -> View {
    let buyer = data.shop.buyer;
    let customer = data.shop.customer_name();
    let loaded = Loader::new(move || {
        let route = routes::of_subscription(routes::SUBSCRIPTION, subscription);
        async move { client::get::<SubscriptionResource>(&route).await.map(Some) }
    });
    let load_state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let bought = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    // The pressed button is gone; the page's title now says that the order is placed.
    focus_title_if_lost();
    let (parent, parent_name) = buyer.parent_page();
    let content = move || {
        let placeholder = load_state.get().placeholder(parent, parent_name, move || loaded.retry());
        if placeholder.is_some() {
            return placeholder;
        }
        let bought = bought.get()?;
        let page = buyer.subscription(bought.id);
        let customer = customer.clone();
        let hint = move || match &customer {
            Some(customer) => t::checkout::placed_for(customer),
            None => t::checkout::placed_hint(),
        };
        Some(view! {
            <Card title=bought.product_name.to_string()>
                <div class="stack">
                    <MessageBar intent=Intent::Success>{hint}</MessageBar>
                    {subscription_terms(&bought)}
                    <div class="row">
                        <LinkButton
                            href=page
                            label=t::checkout::see_subscription
                            kind=ButtonKind::Primary
                        />
                        <LinkButton href=buyer.catalog() label=t::checkout::buy_more />
                    </div>
                </div>
            </Card>
        })
    };
    view! { <div>{content}</div> }
}

/// Shows the terms of the subscription that was bought.
fn subscription_terms(bought: &SubscriptionResource) -> View {
    let term = bought.term;
    let licenses = usize::try_from(bought.quantity).unwrap_or_default();
    let total = bought.facts().record.cost().map(|total| {
        view! { <DescriptionItem label=t::checkout::total>{move || format_term_price(total, term)}</DescriptionItem> }
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
            {total}
            {renews}
            {partner}
        </DescriptionList>
    }
}

/// Returns the callback that applies events to the state and runs the resulting commands.
fn event_handler(
    state: RwSignal<CheckoutState>,
    check: PartnerIdCheck,
    storage_key: String,
    data: StoredValue<CheckoutData>,
) -> Callback<CheckoutEvent> {
    let navigate = use_navigate();
    let callback = StoredValue::new(None::<Callback<CheckoutEvent>>);
    let page = data.with_value(|data| data.shop.buyer.checkout(data.product.id));
    let send = Callback::new(move |event: CheckoutEvent| {
        let commands = state.try_update(|state| state.handle_event(event));
        let Some(commands) = commands else { return };
        let Some(send) = callback.get_value() else { return };
        for command in commands {
            match command {
                CheckoutCommand::Store(text) => browser::set_session_value(&storage_key, &text),
                CheckoutCommand::DeleteStored => browser::remove_session_value(&storage_key),
                CheckoutCommand::ShowStep { step, replace } => {
                    let options = NavigateOptions { replace, scroll: false, ..Default::default() };
                    navigate(&format!("{page}?step={step}"), options);
                }
                CheckoutCommand::FocusQuantity => focus_element(QUANTITY_ID),
                CheckoutCommand::CheckPartnerId(then) => {
                    let add =
                        move |found| send.run(CheckoutEvent::PartnerAdded(Box::new(found), then));
                    check.check_then(Callback::new(add));
                }
                CheckoutCommand::LookUpPartner(id) => look_up_partner(id, send),
                CheckoutCommand::PlaceOrder(request_id, order) => {
                    place_order(storage_key.clone(), request_id, order, send);
                }
                CheckoutCommand::FetchPrices => fetch_prices(data, send),
                CheckoutCommand::ShowPlaced(subscription) => {
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    navigate(&format!("{page}?placed={subscription}"), options);
                }
            }
        }
    });
    callback.set_value(Some(send));
    send
}

/// Focuses an element after pending changes are rendered.
fn focus_element(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = browser::element_by_id(id) {
            let _ = element.focus();
        }
    });
}

/// Looks up the partner with an ID.
fn look_up_partner(id: PartnerId, send: Callback<CheckoutEvent>) {
    spawn(async move {
        let request = PartnerIdRequest { partner_id: id.to_string() };
        let answer =
            client::post::<CheckedPartnerId>(routes::CHECK_PARTNER_ID, &request, None).await;
        let _ = send.try_run(CheckoutEvent::PartnerLookedUp(id, answer.map(Box::new)));
    });
}

/// Fetches the current prices of the product. If that fails, or the product is no longer sold,
/// the prices that are shown stay.
fn fetch_prices(data: StoredValue<CheckoutData>, send: Callback<CheckoutEvent>) {
    let known = data.try_with_value(|data| (data.shop.clone(), data.product.id));
    let Some((shop, id)) = known else { return };
    spawn(async move {
        let Ok(Some(product)) = shop.fetch_product(id).await else { return };
        let prices = product.prices.clone();
        if data.try_update_value(|data| data.product = product).is_some() {
            let request_id = OrderRequestId::new(intl::now(), browser::random_u128());
            let _ = send.try_run(CheckoutEvent::PricesFetched(prices, request_id));
        }
    });
}

/// Sends the order.
fn place_order(
    storage_key: String,
    request_id: OrderRequestId,
    order: OrderRequest,
    send: Callback<CheckoutEvent>,
) {
    spawn(async move {
        let answer =
            client::post_once::<SubscriptionResource>(routes::ORDERS, &order, request_id).await;
        let placed = answer.is_ok();
        let page_left = send.try_run(CheckoutEvent::OrderAnswered(answer.map(Box::new))).is_none();
        if page_left && placed {
            // The page can't delete the stored checkout any more: the next visit starts a new
            // order.
            browser::remove_session_value(&storage_key);
            toast(Intent::Success, untrack(t::checkout::placed));
        }
    });
}
