//! Purchase services: the catalog, for the own organization or, by a reseller, for a
//! customer. See docs/domain.md, Subscriptions and products.

use api::{
    Page, ProductField, ProductFilter, ProductList, ProductQuery, ProductResource,
    RelationshipResource, routes,
};
use leptos::prelude::*;
use rules::{
    NextStep, OrganizationAction, Price, ProductId, Refusal, RelationshipAction, RelationshipId,
    SubscriptionId, Term, check,
};
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    features::{
        agreement_hint::agreement_hint,
        guards::{customer_only, organization_refusal, partner_only},
        listing::{
            self, CountTexts, ListControls, ListData, ListParams, ListSpec, ListTools, list_crumb,
        },
        resource::ResourceState,
    },
    intl,
    load::Loader,
    route::{Route, use_param},
    session, t,
    ui::{
        Breadcrumb, Button, Crumb, EmptyState, Icon, MessageBar, PageTitle, SearchBox, TableSort,
        Toolbar,
    },
    view::{CollectView, View, each, view},
    words,
};

/// The id of the element with the reason why nothing can be bought.
const REASON_ID: &str = "purchase-reason";

/// The id of the search box.
const SEARCH_ID: &str = "search-products";

/// The catalog has one order: by name.
const LIST_SPEC: ListSpec = ListSpec {
    filters: &[],
    column: |_| None,
    default: TableSort { column: ProductField::Name.as_str(), descending: false },
};

const COUNT: CountTexts =
    CountTexts { all: t::purchase_services::count, some: t::purchase_services::count_of };

/// The organization that buys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Buyer {
    /// The own organization.
    #[default]
    Own,
    /// A customer for which its reseller orders, given by their relationship; `None` if the
    /// address has no valid id.
    Customer(Option<RelationshipId>),
}

impl Buyer {
    /// Returns the buyer of a catalog; `None` for other routes.
    fn of_catalog(route: Route) -> Option<Self> {
        if let Route::CustomerPurchase(customer) = route {
            return Some(Self::Customer(customer));
        }
        (route == Route::Purchase).then_some(Self::Own)
    }

    /// Returns the buyer and the product of a checkout; `None` for other routes.
    pub(super) fn of_checkout(route: Route) -> Option<(Self, Option<ProductId>)> {
        if let Route::CustomerCheckout(customer, product) = route {
            return Some((Self::Customer(customer), product));
        }
        if let Route::Checkout(product) = route { Some((Self::Own, product)) } else { None }
    }

    /// Returns the catalog.
    pub(super) fn catalog(self) -> Route {
        match self {
            Self::Own => Route::Purchase,
            Self::Customer(customer) => Route::CustomerPurchase(customer),
        }
    }

    /// Returns the checkout of a product.
    pub(super) fn checkout(self, product: ProductId) -> Route {
        match self {
            Self::Own => Route::Checkout(Some(product)),
            Self::Customer(customer) => Route::CustomerCheckout(customer, Some(product)),
        }
    }

    /// Returns the page of a subscription.
    pub(super) fn subscription(self, id: SubscriptionId) -> Route {
        match self {
            Self::Own => Route::of_subscription(None, id),
            Self::Customer(customer) => Route::of_subscription(customer, id),
        }
    }

    /// Returns the parent page and its name, as the way out if nothing is found here.
    pub(super) fn parent_page(self) -> (Route, fn() -> String) {
        match self {
            Self::Own => (Route::Purchase, t::shell::purchase_services),
            Self::Customer(_) => (Route::Customers, t::shell::all_customers),
        }
    }

    /// Renders the page if the user's organization may use it, otherwise the reason why
    /// not.
    pub(super) fn guard(self, page: impl FnOnce() -> View) -> View {
        match self {
            Self::Own => customer_only(page),
            Self::Customer(_) => partner_only(page),
        }
    }
}

/// The catalog of a buyer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProductCatalog {
    pub(super) buyer: Buyer,
    /// The relationship that entitles a reseller to order for its customer.
    pub(super) relationship: Option<RelationshipResource>,
}

impl ProductCatalog {
    /// Fetches what is needed to know of the buyer; `None` if the address has no valid
    /// customer.
    pub(super) async fn fetch(buyer: Buyer) -> Result<Option<Self>, Failure> {
        let relationship = match buyer {
            Buyer::Own => None,
            Buyer::Customer(None) => return Ok(None),
            Buyer::Customer(Some(id)) => {
                let route = routes::of_relationship(routes::RELATIONSHIP, id);
                Some(client::get::<RelationshipResource>(&route).await?)
            }
        };
        Ok(Some(Self { buyer, relationship }))
    }

    /// Fetches a product; `None` if it can't be bought.
    pub(super) async fn fetch_product(
        &self,
        id: ProductId,
    ) -> Result<Option<ProductResource>, Failure> {
        let query = ProductQuery {
            filter: self.filter(),
            top: ProductQuery::TOP_MAX,
            ..ProductQuery::default()
        };
        let mut next = Some(format!("{}?{query}", routes::PRODUCTS));
        while let Some(address) = next {
            let page: Page<ProductResource> = client::get(&address).await?;
            let found = page.value.into_iter().find(|one| one.id == id);
            if found.is_some() {
                return Ok(found);
            }
            next = page.next_link;
        }
        Ok(None)
    }

    /// Returns the filter for what the buyer can buy.
    fn filter(&self) -> ProductFilter {
        ProductFilter { relationship: self.relationship.as_ref().map(|one| one.id) }
    }

    /// Returns the reason why the user can't order. Reactive.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let Some(relationship) = &self.relationship else {
            return organization_refusal(OrganizationAction::PlaceOrder);
        };
        let actor = session::current().read().actor();
        check(&actor, &relationship.facts(), RelationshipAction::Order, intl::now()).err()
    }

    /// Returns the customer's name if the buyer is a customer.
    pub(super) fn customer_name(&self) -> Option<String> {
        self.relationship.as_ref().map(|one| one.customer_name.to_string())
    }

    /// Returns the links to the parent pages: those of the customer.
    pub(super) fn crumbs(&self) -> Vec<Crumb> {
        let Some(relationship) = &self.relationship else { return Vec::new() };
        let page = Route::Customer(Some(relationship.id));
        vec![
            list_crumb(t::shell::customers, Route::Customers),
            Crumb::new(relationship.customer_name.to_string(), page),
        ]
    }
}

/// The page, for `/billing/purchase` and `/customers/{relationship}/purchase`.
#[component]
pub fn PurchaseServices() -> View {
    let buyer = use_param(Buyer::of_catalog);
    buyer.get_untracked().guard(move || catalog_page(buyer))
}

fn catalog_page(buyer: Memo<Buyer>) -> View {
    let loaded = Loader::new(move || ProductCatalog::fetch(buyer.get()));
    let (above, above_name) = buyer.get_untracked().parent_page();
    let page_state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let catalog = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let crumbs = move || {
        let above = catalog
            .read()
            .as_ref()
            .map(ProductCatalog::crumbs)
            .filter(|above| !above.is_empty())?;
        Some(view! { <Breadcrumb crumbs=above current=t::shell::purchase_services /> })
    };
    let intro = move || match catalog.read().as_ref().and_then(ProductCatalog::customer_name) {
        Some(customer) => t::purchase_services::intro_for(&customer),
        None => t::purchase_services::intro(),
    };
    let content = move || {
        let instead = page_state.get().placeholder(above, above_name, move || loaded.retry());
        instead.unwrap_or_else(|| match catalog.get() {
            Some(catalog) => catalog_view(&catalog),
            None => View::EMPTY,
        })
    };
    view! {
        {crumbs}
        <PageTitle title=t::shell::purchase_services intro=intro />
        {content}
    }
}

fn catalog_view(catalog: &ProductCatalog) -> View {
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
    let controls = ListControls::new(catalog.buyer.catalog(), LIST_SPEC);
    let filter = catalog.filter();
    let query = move |params: &ListParams| params.list_query::<ProductList>(filter.clone());
    let products = ListData::new(controls, routes::PRODUCTS, query, heading_id);
    let refused = {
        let catalog = catalog.clone();
        Memo::new(move |_| catalog.refusal())
    };
    let buyer = catalog.buyer;
    let cards = move || {
        let cards = each(
            move || products.rows(),
            |product| product.id.to_string(),
            move |product| product_card(&product, buyer, refused),
        );
        view! { class = scope, <ul class="product-cards">{cards}</ul> }
    };
    view! {
        <div class="stack">
            {move || refused.get().map(purchase_refusal_view)}
            <div>
                <Toolbar>
                    <SearchBox
                        id=SEARCH_ID
                        label=t::purchase_services::search
                        value=controls.search
                    />
                </Toolbar>
                <ListTools
                    count=move || COUNT.text(products.list)
                    on_refresh=move |()| products.refresh()
                />
                {listing::list_body(
            products.list, controls, SEARCH_ID, no_products.into(), cards.into())}
            </div>
        </div>
    }
}

fn no_products() -> View {
    view! {
        <EmptyState
            icon=Icon::Cart
            title=t::purchase_services::none
            hint=t::purchase_services::none_hint
        />
    }
}

/// Returns the id of the heading of a product.
fn heading_id(product: &ProductResource) -> String {
    format!("product-{}", product.id)
}

/// Renders a product with its prices and the button to buy it.
fn product_card(product: &ProductResource, buyer: Buyer, refused: Memo<Option<Refusal>>) -> View {
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
        view! { <li>{move || format_license_price(price)}</li> }
    });
    let prices = prices.collect_view();
    let name = product.name.to_string();
    // Always from the first step, even if an order was begun before.
    let page = format!("{}?step=order", buyer.checkout(product.id));
    let heading = heading_id(product);
    let link_id = product.id.to_string();
    let buy = {
        let name = name.clone();
        move || match refused.get() {
            None => {
                let name = name.clone();
                view! {
                    <a id=link_id.clone() href=page.clone() class="button secondary">
                        {Icon::Cart}
                        {t::purchase_services::buy}
                        // The product's name, for users who navigate by links.
                        <span class="visually-hidden">{name}</span>
                    </a>
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
            <h2 class="product-title" id=heading tabindex="-1">
                {name}
            </h2>
            <p class="product-description">{product.description.to_string()}</p>
            <ul class="product-prices">{prices}</ul>
            <div>{buy}</div>
        </li>
    }
}

/// Formats the price of a license: `€5.10 per license per month`.
fn format_license_price(price: Price) -> String {
    let unit = intl::money(price.unit);
    match price.term {
        Term::Month => t::purchase_services::per_month(&unit),
        Term::Year => t::purchase_services::per_year(&unit),
    }
}

/// Renders the reason why nothing can be bought, once for all products.
fn purchase_refusal_view(refusal: Refusal) -> View {
    let content = if refusal.next_step() == NextStep::AcceptAgreement {
        agreement_hint(refusal)
    } else {
        view! { <MessageBar>{move || words::refusal(refusal)}</MessageBar> }
    };
    view! { <div id=REASON_ID>{content}</div> }
}

#[cfg(test)]
mod tests {
    use rules::Timestamp;

    use super::*;

    #[test]
    fn a_route_determines_buyer_and_product() {
        let now = Timestamp::from_milliseconds(1);
        let (product, relationship) = (ProductId::new(now, 1), RelationshipId::new(now, 2));
        let subscription = SubscriptionId::new(now, 3);
        for buyer in [Buyer::Own, Buyer::Customer(Some(relationship)), Buyer::Customer(None)] {
            assert_eq!(Buyer::of_catalog(buyer.catalog()), Some(buyer));
            assert_eq!(Buyer::of_checkout(buyer.catalog()), None);
            let checkout = buyer.checkout(product);
            assert_eq!(Buyer::of_checkout(checkout), Some((buyer, Some(product))));
            assert_eq!(Buyer::of_catalog(checkout), None);
            assert_eq!(Buyer::of_checkout(buyer.subscription(subscription)), None);
        }
    }
}
