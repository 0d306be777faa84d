//! Products and billing accounts.

use rules::{BillingAccountId, Cloud, Currency, DisplayName, Note, Price, ProductId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::json::from_json;

/// A product in a catalog (`GET /api/products`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProductResource {
    /// Identifier.
    pub id: ProductId,
    /// Cloud in which it is sold.
    pub cloud: Cloud,
    /// Name.
    pub name: DisplayName,
    /// Description, in a sentence or two.
    pub description: Note,
    /// Prices, at most one for each term and currency.
    pub prices: Vec<Price>,
}

from_json!(ProductResource { id, cloud, name, description, prices });

/// Account from which an organization pays (`GET /api/billingAccounts`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillingAccountResource {
    /// Identifier.
    pub id: BillingAccountId,
    /// Name.
    pub name: DisplayName,
    /// Currency in which the account pays.
    pub currency: Currency,
    /// Time at which it was opened.
    pub created: Timestamp,
}

from_json!(BillingAccountResource { id, name, currency, created });
