//! Products, and the billing accounts that pay for them.

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
