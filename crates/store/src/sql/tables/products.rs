//! Products, and the billing accounts that pay for them.

use rules::search::sort_key;
use rules::{BillingAccount, Currency, Money, Price, Product, Term};
use serde::{Deserialize, Serialize};
use service::stored;

use crate::duplicates;
use crate::sql::json::json_columns;
use crate::sql::table::table;

table! {
    row: Product,
    table: "product",
    key: ["id"],
    versioned: true,
    duplicate: duplicates::PRODUCT,
    columns: {
        id,
        cloud,
        name,
        description,
        prices,
        version,
    },
    format: "format" = 1,
    derived: { "name_key": name_key, "currencies": currencies },
}

json_columns!(Price: "StoredPrice");

/// Format of an item of `prices`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Price")]
struct StoredPrice {
    #[serde(with = "stored::text")]
    term: Term,
    #[serde(with = "StoredMoney")]
    unit: Money,
}

/// An amount, in the minor units of its currency.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Money")]
struct StoredMoney {
    amount: i64,
    #[serde(with = "stored::text")]
    currency: Currency,
}

fn name_key(product: &Product) -> String {
    sort_key(product.name.as_str())
}

/// Returns the currencies of the prices, separated by spaces.
fn currencies(product: &Product) -> String {
    let names = product.prices.iter().map(|price| price.unit.currency.as_str());
    names.collect::<Vec<_>>().join(" ")
}

table! {
    row: BillingAccount,
    table: "billing_account",
    key: ["organization", "id"],
    versioned: false,
    duplicate: duplicates::BILLING_ACCOUNT,
    columns: {
        organization,
        id,
        name,
        currency,
        created,
    },
}
