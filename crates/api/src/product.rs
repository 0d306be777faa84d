//! Products and billing accounts.

use rules::{
    BillingAccountId, Cloud, Currency, DisplayName, Note, Price, ProductId, RelationshipId,
    Timestamp, string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::list::{List, ListField, ListQuery, SortOrder, list_filter};

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

/// Field by which the catalog can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum ProductField {
    /// Name.
    Name,
}

string_enum!(ProductField);

impl ListField for ProductField {}

list_filter! {
    /// Filter of the catalog.
    ProductFilter {
        /// For a partner: ID of the relationship with the customer who buys.
        relationship: Option<RelationshipId> = "relationship",
    }
}

/// The products that can be bought (`GET /api/products`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductList;

impl List for ProductList {
    type Filter = ProductFilter;
    type Field = ProductField;
    const SEARCH: Option<&'static str> = Some("name");
    const DEFAULT_ORDER: SortOrder<ProductField> = SortOrder::ascending(ProductField::Name);
}

/// Query of the catalog.
pub type ProductQuery = ListQuery<ProductList>;
