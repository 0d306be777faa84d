//! Products, and the billing accounts that pay for them.

use rules::search::sort_key;
use rules::{BillingAccount, Product};

use crate::duplicates;
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
    derived: { "name_key": name_key, "currencies": currencies },
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
