//! What can be bought, and the accounts that pay, on the wire.

use rules::{BillingAccountId, Cloud, Currency, DisplayName, Note, Price, ProductId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::json::from_json;

/// A product of a catalog (`GET /api/products`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its identifier.
    pub id: ProductId,
    /// The cloud in which it is sold.
    pub cloud: Cloud,
    /// Its name.
    pub name: DisplayName,
    /// What it is, in a sentence or two.
    pub description: Note,
    /// Its prices, at most one for each term and currency.
    pub prices: Vec<Price>,
}

from_json!(Product { id, cloud, name, description, prices });

/// An account from which an organization pays (`GET /api/billingAccounts`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillingAccount {
    /// Its identifier.
    pub id: BillingAccountId,
    /// Its name.
    pub name: DisplayName,
    /// The currency in which it pays.
    pub currency: Currency,
    /// When it was opened.
    pub created: Timestamp,
}

from_json!(BillingAccount { id, name, currency, created });
