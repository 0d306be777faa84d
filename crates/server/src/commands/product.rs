//! `accord product`

use anyhow::{Result, bail};
use api::{ErrorCode, Problem};
use rules::{Currency, Price};
use service::Error;
use service::products::{self, NewProduct};

use crate::cli::{AddProduct, ProductPrices};

/// `accord product add`
pub(super) fn add(add: AddProduct) -> Result<()> {
    let new = NewProduct {
        cloud: add.cloud,
        name: add.name,
        description: add.description,
        prices: add.price,
    };
    let database = super::open(&add.database.database)?;
    let context = super::context()?;
    let added = database
        .write_blocking(move |store| products::add(store, &mut context.clone(), new.clone()));
    database.close();
    println!("{}", added.or_else(explain)?);
    Ok(())
}

/// `accord product prices`
pub(super) fn prices(new: ProductPrices) -> Result<()> {
    let database = super::open(&new.database.database)?;
    let (id, prices) = (new.id, new.price);
    let set = database.write_blocking(move |store| products::set_prices(store, id, prices.clone()));
    database.close();
    set.or_else(explain)
}

/// `accord product list`
pub(super) fn list(url: &str) -> Result<()> {
    let database = super::open(url)?;
    let found = database.read(products::catalog);
    database.close();
    for product in found.map_err(super::words)? {
        let prices: Vec<_> = product.prices.iter().map(format_price).collect();
        let prices = if prices.is_empty() { "not sold".to_owned() } else { prices.join(" ") };
        println!("{}  {}  {}  {prices}", product.id, product.cloud, product.name);
    }
    Ok(())
}

/// Formats a price as the commands accept it.
fn format_price(price: &Price) -> String {
    let minor = 10_i64.pow(Currency::MINOR_DIGITS);
    let (whole, rest) = (price.unit.amount / minor, price.unit.amount % minor);
    let digits = Currency::MINOR_DIGITS as usize;
    format!("{}={whole}.{rest:0digits$}{}", price.term, price.unit.currency)
}

/// Explains the errors that these commands can cause.
fn explain<T>(error: Error) -> Result<T> {
    match &error {
        Error::Problem(Problem::Fields(_)) => {
            bail!("there are two prices for one term and currency; nothing was changed")
        }
        Error::Problem(Problem::Other { code: ErrorCode::NotFound, .. }) => {
            bail!("there is no product with this ID; `accord product list` prints all products")
        }
        _ => Err(super::words(error)),
    }
}
