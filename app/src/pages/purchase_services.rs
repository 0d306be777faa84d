//! Purchase services: what can be bought, for the own organization or, by a reseller, for
//! a customer (docs/domain.md, Subscriptions and products).

use api::{Page, Product, Relationship, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{
    NextStep, OrganizationAction, Price, ProductId, Refusal, RelationshipAction, RelationshipId,
    SubscriptionId, Term, check,
};
use stylers_macro::style;

use super::{
    billing_accounts::AGREEMENT_PATH,
    desk::{self, CUSTOMERS_PATH, ResourceState, customer_only, partner_only},
    subscriptions,
};
use crate::{
    client::{self, Failure},
    intl,
    load::Loader,
    session, t,
    ui::{Breadcrumb, Button, Crumb, EmptyState, Icon, Intent, Link, MessageBar, PageTitle},
    view::{CollectView, View, view},
    words,
};

/// The id of what says why nothing can be bought.
const REASON_ID: &str = "purchase-reason";

/// Who buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Buyer {
    /// The own organization.
    Own,
    /// A customer for which its reseller orders, by their relationship; none where the
    /// address names none.
    Customer(Option<RelationshipId>),
}

impl Buyer {
    /// Who buys on the page of the products at this path; `None` for another page's.
    fn of_shop(path: &str) -> Option<Self> {
        match *parts(path).as_slice() {
            ["billing", "purchase"] => Some(Self::Own),
            ["customers", id, "purchase"] => Some(Self::Customer(id.parse().ok())),
            _ => None,
        }
    }

    /// Who buys which product on the page of the checkout at this path; `None` for another
    /// page's.
    pub(super) fn of_checkout(path: &str) -> Option<(Self, Option<ProductId>)> {
        match *parts(path).as_slice() {
            ["billing", "purchase", product] => Some((Self::Own, product.parse().ok())),
            ["customers", id, "purchase", product] => {
                Some((Self::Customer(id.parse().ok()), product.parse().ok()))
            }
            _ => None,
        }
    }

    /// The page of the products.
    pub(super) fn shop(self) -> String {
        match self {
            Self::Customer(Some(id)) => format!("{CUSTOMERS_PATH}/{id}/purchase"),
            Self::Own | Self::Customer(None) => routes::PURCHASE_PAGE.to_owned(),
        }
    }

    /// The page on which this product is bought.
    pub(super) fn checkout(self, product: ProductId) -> String {
        format!("{}/{product}", self.shop())
    }

    /// The page of a subscription that was bought.
    pub(super) fn subscription(self, id: SubscriptionId) -> String {
        match self {
            Self::Customer(Some(customer)) => {
                format!("{CUSTOMERS_PATH}/{customer}/subscriptions/{id}")
            }
            Self::Own | Self::Customer(None) => format!("{}/{id}", subscriptions::PATH),
        }
    }

    /// The page above these, and its name, for whoever finds nothing here.
    pub(super) fn way_back(self) -> (&'static str, fn() -> String) {
        match self {
            Self::Own => (routes::PURCHASE_PAGE, t::shell::purchase_services),
            Self::Customer(_) => (CUSTOMERS_PATH, t::customers::all),
        }
    }

    /// The page for whoever it is meant for, and for others the reason why it is not theirs.
    pub(super) fn guard(self, page: impl FnOnce() -> View) -> View {
        match self {
            Self::Own => customer_only(page),
            Self::Customer(_) => partner_only(page),
        }
    }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// What can be bought, and by whom.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shop {
    pub(super) buyer: Buyer,
    pub(super) products: Vec<Product>,
    /// The relationship by which a reseller orders for its customer.
    pub(super) relationship: Option<Relationship>,
}

impl Shop {
    /// Asks for it; `None` where the address names no customer.
    pub(super) async fn fetch(buyer: Buyer) -> Result<Option<Self>, Failure> {
        let (route, relationship) = match buyer {
            Buyer::Own => (routes::PRODUCTS.to_owned(), None),
            Buyer::Customer(None) => return Ok(None),
            Buyer::Customer(Some(id)) => {
                let route = routes::of_relationship(routes::RELATIONSHIP, id);
                let relationship = client::get::<Relationship>(&route).await?;
                (format!("{}?relationship={id}", routes::PRODUCTS), Some(relationship))
            }
        };
        let products = client::get::<Page<Product>>(&route).await?.value;
        Ok(Some(Self { buyer, products, relationship }))
    }

    /// Why whoever is signed in can't order. Reactive.
    pub(super) fn refused(&self) -> Option<Refusal> {
        let Some(relationship) = &self.relationship else {
            return desk::organization_refusal(OrganizationAction::PlaceOrder);
        };
        let actor = session::current().read().actor();
        check(&actor, &relationship.facts(), RelationshipAction::Order, intl::now()).err()
    }

    /// The customer's name, where it is another organization that buys.
    pub(super) fn customer(&self) -> Option<String> {
        self.relationship.as_ref().map(|one| one.customer_name.to_string())
    }

    /// The pages above these: those of the customer.
    pub(super) fn crumbs(&self) -> Vec<Crumb> {
        let Some(relationship) = &self.relationship else { return Vec::new() };
        let page = format!("{CUSTOMERS_PATH}/{}", relationship.id);
        vec![
            Crumb::new(t::shell::customers, CUSTOMERS_PATH),
            Crumb::new(relationship.customer_name.to_string(), page),
        ]
    }
}

/// The page, for `/billing/purchase` and `/customers/{relationship}/purchase`.
#[component]
pub fn PurchaseServices() -> View {
    let path = use_location().pathname;
    // While the page is left, the address is already that of the next one.
    let buyer = Memo::new(move |before: Option<&Buyer>| {
        Buyer::of_shop(&path.read()).or(before.copied()).unwrap_or(Buyer::Own)
    });
    buyer.get_untracked().guard(move || products(buyer))
}

fn products(buyer: Memo<Buyer>) -> View {
    let loaded = Loader::new(move || Shop::fetch(buyer.get()));
    let (above, above_name) = buyer.get_untracked().way_back();
    let standing = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let shop = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let crumbs = move || {
        let above = shop.read().as_ref().map(Shop::crumbs).filter(|above| !above.is_empty())?;
        Some(view! { <Breadcrumb crumbs=above current=t::shell::purchase_services /> })
    };
    let intro = move || match shop.read().as_ref().and_then(Shop::customer) {
        Some(customer) => t::purchase_services::intro_for(&customer),
        None => t::purchase_services::intro(),
    };
    let content = move || {
        let instead = standing.get().placeholder(above, above_name, move || loaded.retry());
        instead.unwrap_or_else(|| match shop.get() {
            Some(shop) => catalog(&shop),
            None => View::EMPTY,
        })
    };
    view! {
        {crumbs}
        <PageTitle title=t::shell::purchase_services intro=intro />
        {content}
    }
}

fn catalog(shop: &Shop) -> View {
    let scope = style! {
        .product-cards {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
            gap: var(--space-4);
            min-width: 0;
            margin: 0;
            padding: 0;
            list-style: none;
        }
    };
    if shop.products.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Cart
                title=t::purchase_services::none
                hint=t::purchase_services::none_hint
            />
        };
    }
    let refused = {
        let shop = shop.clone();
        Memo::new(move |_| shop.refused())
    };
    let buyer = shop.buyer;
    let cards = shop.products.iter().map(|product| card(product, buyer, refused)).collect_view();
    view! { class = scope,
        <div class="stack">
            {move || refused.get().map(why_not)}
            <ul class="product-cards">{cards}</ul>
        </div>
    }
}

/// A product with its prices, and buying it.
fn card(product: &Product, buyer: Buyer, refused: Memo<Option<Refusal>>) -> View {
    let scope = style! {
        .product-card {
            display: flex;
            flex-direction: column;
            gap: var(--space-3);
        }
        .product-title {
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .product-description {
            flex: 1;
            margin: 0;
            color: var(--text-2);
        }
        .product-prices {
            display: grid;
            gap: var(--space-1);
            margin: 0;
            padding: 0;
            list-style: none;
            font-variant-numeric: tabular-nums;
        }
    };
    let prices = product.prices.iter().map(|price| {
        let price = *price;
        view! { <li>{move || per_license(price)}</li> }
    });
    let prices = prices.collect_view();
    let name = product.name.to_string();
    // From its first step, also where an order was begun before and left.
    let page = format!("{}?step=order", buyer.checkout(product.id));
    let heading = format!("product-{}", product.id);
    let buy = {
        let name = name.clone();
        move || match refused.get() {
            None => {
                let name = name.clone();
                view! {
                    <Link href=page.clone() class="button secondary">
                        {Icon::Cart}
                        {t::purchase_services::buy}
                        // Which one, for whoever goes from link to link.
                        <span class="visually-hidden">{name}</span>
                    </Link>
                }
            }
            Some(refusal) => view! {
                <Button
                    label=t::purchase_services::buy
                    icon=Icon::Cart
                    disabled_reason=Signal::derive(move || Some(words::refusal(refusal)))
                    reason_id=REASON_ID
                />
            },
        }
    };
    view! { class = scope,
        <li class="card product-card" aria-labelledby=heading.clone()>
            <h2 class="product-title" id=heading>
                {name}
            </h2>
            <p class="product-description">{product.description.to_string()}</p>
            <ul class="product-prices">{prices}</ul>
            <div>{buy}</div>
        </li>
    }
}

/// What a license costs for a term, as `€5.10 per license per month`.
fn per_license(price: Price) -> String {
    let unit = intl::money(price.unit);
    match price.term {
        Term::Month => t::purchase_services::per_month(&unit),
        Term::Year => t::purchase_services::per_year(&unit),
    }
}

/// Why nothing can be bought, once for all products.
fn why_not(refusal: Refusal) -> View {
    let content = if refusal.next_step() == NextStep::AcceptAgreement {
        cure(refusal)
    } else {
        view! { <MessageBar>{move || words::refusal(refusal)}</MessageBar> }
    };
    view! { <div id=REASON_ID>{content}</div> }
}

/// What can be done about it that a customer has not accepted the agreement: the way to the
/// page on which one of its administrators does. Nothing for other refusals, whose text says
/// all there is.
pub(super) fn cure(refusal: Refusal) -> View {
    let scope = style! {
        .cure-page {
            display: block;
            margin-top: var(--space-1);
            overflow-wrap: anywhere;
        }
    };
    if refusal.next_step() != NextStep::AcceptAgreement {
        return View::EMPTY;
    }
    let page = format!("{}{AGREEMENT_PATH}", window().location().origin().unwrap_or_default());
    view! { class = scope,
        <MessageBar intent=Intent::Warning>
            {move || words::refusal(refusal)}
            " "
            {t::purchase_services::cure}
            <a class="cure-page" href=AGREEMENT_PATH>{page}</a>
        </MessageBar>
    }
}

#[cfg(test)]
mod tests {
    use rules::Timestamp;

    use super::*;

    #[test]
    fn the_address_says_who_buys_what() {
        let now = Timestamp::from_milliseconds(1);
        let (product, relationship) = (ProductId::new(now, 1), RelationshipId::new(now, 2));
        let subscription = SubscriptionId::new(now, 3);
        for buyer in [Buyer::Own, Buyer::Customer(Some(relationship))] {
            assert_eq!(Buyer::of_shop(&buyer.shop()), Some(buyer));
            assert_eq!(Buyer::of_checkout(&buyer.shop()), None);
            let checkout = buyer.checkout(product);
            assert_eq!(Buyer::of_checkout(&checkout), Some((buyer, Some(product))));
            assert_eq!(Buyer::of_shop(&checkout), None);
            assert_eq!(Buyer::of_checkout(&buyer.subscription(subscription)), None);
        }
        let nobody = Buyer::Customer(None);
        assert_eq!(Buyer::of_shop("/customers/x/purchase/"), Some(nobody));
        assert_eq!(Buyer::of_checkout("/customers/x/purchase/y"), Some((nobody, None)));
        assert_eq!(Buyer::of_checkout("/billing/purchase/x"), Some((Buyer::Own, None)));
    }
}
