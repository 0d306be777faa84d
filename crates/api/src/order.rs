//! Orders.

use rules::{FieldError, Money, Offer, PartnerId, ProductId, RelationshipId, Term};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;
use crate::invitation::{optional, some};

/// Request to order a product (`POST /api/orders`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OrderRequest {
    /// Identifier of the product.
    pub product: String,
    /// Time after which the subscription renews ([`Term`]).
    pub term: String,
    /// Number of licenses.
    pub quantity: String,
    /// Price of one license for one term that the user saw. Required, so that nothing is
    /// bought at a price that no one saw.
    pub unit_price: Option<Money>,
    /// Partner ID of the partner of record. Empty for none.
    pub partner_id: String,
    /// Identifier of the relationship with the customer, if a reseller orders. Empty if a
    /// customer orders for itself.
    pub relationship: String,
}

/// A parsed [`OrderRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Product.
    pub product: ProductId,
    /// Time after which the subscription renews.
    pub term: Term,
    /// Number of licenses.
    pub quantity: u32,
    /// Price of one license for one term that the user saw.
    pub unit_price: Money,
    /// Partner ID of the partner of record.
    pub partner_id: Option<PartnerId>,
    /// Relationship with the customer, if a reseller orders.
    pub relationship: Option<RelationshipId>,
}

impl OrderRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<NewOrder, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let product = fields.take("product", some(&self.product));
        let term = fields.take("term", some(&self.term));
        let quantity = fields.take("quantity", Offer::parse_quantity(&self.quantity));
        let unit_price = fields.take("unitPrice", self.unit_price.ok_or(FieldError::Empty));
        let partner_id = fields.take("partnerId", optional(&self.partner_id));
        let relationship = fields.take("relationship", optional(&self.relationship));
        let whole = (|| {
            Some(NewOrder {
                product: product?,
                term: term?,
                quantity: quantity?,
                unit_price: unit_price?,
                partner_id: partner_id?,
                relationship: relationship?,
            })
        })();
        fields.finish(whole)
    }
}
