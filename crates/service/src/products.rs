//! The catalog of products, and the billing accounts of customers.

use std::sync::Arc;

use std::collections::BTreeSet;

use api::{FieldProblem, Page, ProductQuery, routes};
use rules::{
    BillingAccount, Cloud, DisplayName, FieldError, Note, OrganizationAction, OrganizationId,
    Price, Product, ProductId, Timestamp, check,
};

use crate::lists::{PageRequest, ProductScope};
use crate::organizations::facts;
use crate::{Caller, Context, Error, Read, Result, StoreError, Write, lists, relationships, view};

/// Returns the products that a customer can buy, or that a partner can buy for the customer of
/// the relationship in the filter. Prices are in the currency of the customer; products without
/// such a price are not sold to it. A partner without a relationship gets all products of its
/// clouds.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &ProductQuery,
    now: Timestamp,
) -> Result<Page<api::ProductResource>> {
    let own = &caller.organization;
    let organization = facts(store, own)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewProducts, now)?;
    let buyer = match query.filter.relationship {
        Some(id) => Some(relationships::load(store, caller, id, now)?.customer),
        None if own.partner().is_none() => Some(Arc::new(own.clone())),
        None => None,
    };
    let scope = match &buyer {
        Some(buyer) => {
            let currency = default_billing_account(store, buyer.id())?.currency;
            ProductScope { clouds: vec![buyer.cloud()], currency: Some(currency) }
        }
        None => ProductScope { clouds: own.clouds().to_vec(), currency: None },
    };
    let load = |page: &PageRequest<'_, _>| store.product_page(&scope, page);
    lists::load_page(query, routes::PRODUCTS, now, load, |mut product| {
        if let Some(currency) = scope.currency {
            product.prices.retain(|price| price.unit.currency == currency);
        }
        Ok(view::product(product))
    })
}

/// Returns the billing accounts of the caller's organization.
pub fn billing_accounts(
    store: &mut dyn Read,
    caller: &Caller,
    now: Timestamp,
) -> Result<Page<api::BillingAccountResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewBillingAccounts, now)?;
    let accounts = store.billing_accounts(organization.id)?;
    let value = accounts.into_iter().map(view::billing_account).collect();
    Ok(Page { value, next_link: None, count: None })
}

/// Returns the billing account for the orders of a customer: its first.
pub(crate) fn default_billing_account(
    store: &mut dyn Read,
    customer: OrganizationId,
) -> Result<BillingAccount> {
    store.billing_accounts(customer)?.into_iter().next().ok_or_else(|| {
        // Each customer gets one when it is created.
        Error::Store(StoreError::Engine(format!("the customer {customer} has no billing account")))
    })
}

/// A new product.
#[derive(Clone, Debug)]
pub struct NewProduct {
    /// Cloud in which the product is sold.
    pub cloud: Cloud,
    /// Name.
    pub name: DisplayName,
    /// Description in a sentence or two.
    pub description: Note,
    /// Prices, at most one for each term and currency.
    pub prices: Vec<Price>,
}

/// Adds a product to the catalog of a cloud.
///
/// # Errors
/// An invalid field if two prices have the same term and currency.
pub fn add(store: &mut dyn Write, context: &mut Context, new: NewProduct) -> Result<ProductId> {
    check_distinct_prices(&new.prices)?;
    let product = Product {
        id: ProductId::new(context.now, context.id_bits()),
        cloud: new.cloud,
        name: new.name,
        description: new.description,
        prices: new.prices,
        version: 1,
    };
    store.insert_product(&product)?;
    Ok(product.id)
}

/// Returns all products of all clouds for the operator, including those no longer sold.
pub fn catalog(store: &mut dyn Read) -> Result<Vec<Product>> {
    let mut products = Vec::new();
    for cloud in Cloud::ALL {
        products.extend(store.products(*cloud)?);
    }
    Ok(products)
}

/// Replaces the prices of a product. A product without prices is no longer sold. Existing
/// subscriptions keep their price.
///
/// # Errors
/// Not found for an unknown product; an invalid field if two prices have the same term and
/// currency.
pub fn set_prices(store: &mut dyn Write, id: ProductId, prices: Vec<Price>) -> Result<()> {
    check_distinct_prices(&prices)?;
    let product = store.product(id)?.ok_or(Error::NOT_FOUND)?;
    let version = product.version + 1;
    Ok(store.update_product(&Product { prices, version, ..product })?)
}

/// Checks that there is at most one price for each term and currency.
fn check_distinct_prices(prices: &[Price]) -> Result<()> {
    let mut seen = BTreeSet::new();
    if prices.iter().all(|price| seen.insert((price.term, price.unit.currency))) {
        return Ok(());
    }
    Err(vec![FieldProblem { field: "price", error: FieldError::DuplicateLine }].into())
}
