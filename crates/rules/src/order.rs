//! Orders of products, by a customer or by its reseller.

use strum::{VariantArray, VariantNames};

use crate::access::{Subject, check};
use crate::{
    Actor, BillingAccountId, Cloud, DisplayName, Money, NewSubscription, OrganizationAction,
    OrganizationFacts, OrganizationId, PartnerAccount, PartnerOfRecord, ProductId, Refusal,
    RelationshipAction, RelationshipFacts, Subscription, SubscriptionId, Term, Timestamp,
    string_enum,
};

/// The facts that decide who can order for a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderFacts {
    /// The customer buys from Microsoft.
    FromMicrosoft(OrganizationFacts),
    /// The partner of a relationship buys for the customer.
    FromReseller(RelationshipFacts),
}

/// Action on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OrderAction {
    /// Place the order.
    Place,
    /// Place the order and name the partner of record of the new subscription.
    PlaceWithPartner,
}

string_enum!(OrderAction);

/// A product in the number and at the price that the user saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Identifier of the new subscription.
    pub subscription: SubscriptionId,
    /// Product of the catalog.
    pub product: ProductId,
    /// Name of the product.
    pub product_name: DisplayName,
    /// Number of licenses.
    pub quantity: u32,
    /// Time after which the subscription renews.
    pub term: Term,
    /// Price of one license that was shown.
    pub shown_price: Money,
    /// Price of one license in the catalog.
    pub catalog_price: Money,
    /// Billing account that pays.
    pub billing_account: BillingAccountId,
    /// Account of the partner of record that the user named.
    pub partner: Option<PartnerAccount>,
}

impl Subject for OrderFacts {
    type Action = OrderAction;

    fn permission(&self, actor: &Actor, action: OrderAction) -> Result<(), Refusal> {
        match self {
            Self::FromMicrosoft(customer) => {
                customer.permission(actor, OrganizationAction::PlaceOrder)?;
                match action {
                    OrderAction::Place => Ok(()),
                    OrderAction::PlaceWithPartner => {
                        customer.permission(actor, OrganizationAction::NamePartnerAtPurchase)
                    }
                }
            }
            Self::FromReseller(relationship) => {
                relationship.permission(actor, RelationshipAction::Order)?;
                match action {
                    OrderAction::Place => Ok(()),
                    OrderAction::PlaceWithPartner => Err(Refusal::CustomerSetsPartnerOfRecord),
                }
            }
        }
    }

    fn state(&self, _action: OrderAction, now: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::FromMicrosoft(customer) => customer.state(OrganizationAction::PlaceOrder, now),
            Self::FromReseller(relationship) => relationship.state(RelationshipAction::Order, now),
        }
    }
}

impl OrderFacts {
    /// Places an order, and returns the new subscription.
    ///
    /// # Errors
    /// Those of [`check`]; [`Refusal::PriceChanged`]; those of the account, if it can't be a
    /// partner of record.
    pub fn place(
        &self,
        actor: &Actor,
        order: Order,
        now: Timestamp,
    ) -> Result<Subscription, Refusal> {
        let action = match order.partner {
            None => OrderAction::Place,
            Some(_) => OrderAction::PlaceWithPartner,
        };
        check(actor, self, action, now)?;
        ensure_price_unchanged(order.shown_price, order.catalog_price)?;
        let member = actor.member()?;
        let cloud = self.cloud();
        let partner_of_record = match order.partner {
            None => None,
            Some(account) => {
                account.ensure_eligible_as_partner_of_record(cloud)?;
                Some(PartnerOfRecord {
                    partner_id: account.partner_id,
                    partner: account.partner,
                    since: now,
                    set_by: member.user,
                })
            }
        };
        Ok(Subscription {
            product: Some(order.product),
            unit_price: Some(order.catalog_price),
            seller: match self {
                Self::FromMicrosoft(_) => None,
                Self::FromReseller(relationship) => Some(relationship.record.partner),
            },
            partner_of_record,
            ..Subscription::new(NewSubscription {
                id: order.subscription,
                customer: self.customer(),
                cloud,
                product_name: order.product_name,
                quantity: order.quantity,
                term: order.term,
                billing_account: order.billing_account,
                created: now,
                created_by: member.user,
                created_by_organization: member.organization,
            })
        })
    }

    /// Returns the customer that the order is for.
    const fn customer(&self) -> OrganizationId {
        match self {
            Self::FromMicrosoft(customer) => customer.id,
            Self::FromReseller(relationship) => relationship.record.customer,
        }
    }

    /// Returns the cloud of the customer.
    const fn cloud(&self) -> Cloud {
        match self {
            Self::FromMicrosoft(customer) => customer.cloud,
            Self::FromReseller(relationship) => relationship.record.cloud,
        }
    }
}

/// Checks that the catalog still has the price that the user saw.
///
/// # Errors
/// [`Refusal::PriceChanged`].
pub fn ensure_price_unchanged(shown: Money, catalog: Money) -> Result<(), Refusal> {
    if shown == catalog { Ok(()) } else { Err(Refusal::PriceChanged) }
}
