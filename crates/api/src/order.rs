//! Orders on the wire.

use rules::{FieldError, Money, Offer, PartnerId, ProductId, RelationshipId, Term};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;
use crate::invitation::{optional, some};

/// What is typed and chosen to order a product (`POST /api/orders`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OrderRequest {
    /// The identifier of the product.
    pub product: String,
    /// How long it runs before it renews ([`Term`]).
    pub term: String,
    /// How many licenses.
    pub quantity: String,
    /// What one license costs for one term, as it was shown to whoever orders: nothing is
    /// bought at a price that nobody saw. It must be there.
    pub unit_price: Option<Money>,
    /// The Partner ID of the partner of record; empty for none.
    pub partner_id: String,
    /// The identifier of the relationship with the customer for whom a reseller orders;
    /// empty for the own organization.
    pub relationship: String,
}

/// An order whose fields can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The product.
    pub product: ProductId,
    /// How long it runs before it renews.
    pub term: Term,
    /// How many licenses.
    pub quantity: u32,
    /// What one license costs for one term, as it was shown.
    pub unit_price: Money,
    /// The Partner ID of the partner of record.
    pub partner_id: Option<PartnerId>,
    /// The relationship with the customer for whom a reseller orders.
    pub relationship: Option<RelationshipId>,
}

impl OrderRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// Every field that is wrong.
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
