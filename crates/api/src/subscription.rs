//! Subscriptions, their partners of record and the query of their list.

use rules::{
    BillingAccountId, Cloud, CountryCode, DisplayName, InvitationId, Money, Offer, OrganizationId,
    PartnerId, PartnerOfRecord, ProductId, Subscription, SubscriptionFacts, SubscriptionId,
    SubscriptionState, SubscriptionStatus, Term, Timestamp, UserId, string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::error::Fields;
use crate::list::{List, ListField, ListQuery, PartnerIdFilter, SortOrder, list_filter};
use crate::{ETag, FieldProblem};

/// A subscription, for the customer or one of its partners. A partner does not see who else
/// sells to the customer or advises it, nor their prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionResource {
    /// Identifier.
    pub id: SubscriptionId,
    /// Version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// Customer.
    pub customer: OrganizationId,
    /// Name of the customer.
    pub customer_name: DisplayName,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Product of the catalog. Absent if a partner described the product in an offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// Name of the product at the time of the order.
    pub product_name: DisplayName,
    /// Number of licenses.
    pub quantity: u32,
    /// Time after which the subscription renews.
    pub term: Term,
    /// Price of one license for one term. Absent for trials, for offers that are priced
    /// outside Accord, and for a partner that does not sell the subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// Billing account that pays.
    pub billing_account: BillingAccountId,
    /// Name of that account.
    pub billing_account_name: DisplayName,
    /// Reseller that sold the subscription. Absent if the customer bought it from Microsoft,
    /// and for other partners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<SellerResource>,
    /// Invitation whose offer the subscription came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_of: Option<InvitationId>,
    /// State, with times.
    pub state: SubscriptionState,
    /// Status at the time of the response.
    pub status: SubscriptionStatus,
    /// Next renewal, if the subscription is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Timestamp>,
    /// End of the trial, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// Partner of record. Absent for other partners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_of_record: Option<PartnerOfRecordResource>,
    /// Time of creation.
    pub created: Timestamp,
    /// User who created it.
    pub created_by: UserId,
    /// Name of that user. Other partners see the customer's name if a partner created it.
    pub created_by_name: DisplayName,
    /// Organization of that user: the customer or the seller. Other partners than the seller
    /// see the customer.
    pub created_by_organization: OrganizationId,
}

/// Reseller that sold a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SellerResource {
    /// Partner.
    pub partner: OrganizationId,
    /// Name of the partner.
    pub partner_name: DisplayName,
    /// True if the partner still sells to the customer.
    pub sells: bool,
    /// True if the customer accepted the Microsoft Customer Agreement, which the reseller
    /// needs for every change.
    pub agreement_accepted: bool,
}

/// Partner of record of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerOfRecordResource {
    /// Partner ID of the partner's location.
    pub partner_id: PartnerId,
    /// Partner.
    pub partner: OrganizationId,
    /// Name of the partner.
    pub partner_name: DisplayName,
    /// Name of the location's account.
    pub account_name: DisplayName,
    /// Country or region of the account.
    pub country: CountryCode,
    /// City of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
    /// Time from which it is the partner of record.
    pub since: Timestamp,
    /// User who set it.
    pub set_by: UserId,
    /// Name of that user.
    pub set_by_name: DisplayName,
}

/// Names of what a subscription refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionNames {
    /// Customer.
    pub customer: DisplayName,
    /// Billing account.
    pub billing_account: DisplayName,
    /// Seller.
    pub seller: Option<DisplayName>,
    /// User who created the subscription.
    pub created_by: DisplayName,
}

impl SubscriptionResource {
    /// Converts a subscription. Its facts are those that the caller may know
    /// ([`SubscriptionFacts::redacted_for`]).
    #[must_use]
    pub fn new(
        facts: SubscriptionFacts,
        names: SubscriptionNames,
        partner_of_record: Option<PartnerOfRecordResource>,
        now: Timestamp,
    ) -> Self {
        let SubscriptionFacts { record: subscription, seller_sells, agreement_accepted } = facts;
        let seller = subscription.seller.zip(names.seller).map(|(partner, partner_name)| {
            SellerResource { partner, partner_name, sells: seller_sells, agreement_accepted }
        });
        Self {
            id: subscription.id,
            etag: ETag(subscription.version),
            customer: subscription.customer,
            customer_name: names.customer,
            cloud: subscription.cloud,
            status: subscription.status(now),
            renews: subscription.renews(now),
            ends: subscription.ends(),
            product: subscription.product,
            product_name: subscription.product_name,
            quantity: subscription.quantity,
            term: subscription.term,
            unit_price: subscription.unit_price,
            billing_account: subscription.billing_account,
            billing_account_name: names.billing_account,
            seller,
            offer_of: subscription.offer_of,
            state: subscription.state,
            partner_of_record,
            created: subscription.created,
            created_by: subscription.created_by,
            created_by_name: names.created_by,
            created_by_organization: subscription.created_by_organization,
        }
    }

    /// Returns the facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> SubscriptionFacts {
        let record = self.partner_of_record.as_ref();
        SubscriptionFacts {
            record: Subscription {
                id: self.id,
                customer: self.customer,
                cloud: self.cloud,
                product: self.product,
                product_name: self.product_name.clone(),
                quantity: self.quantity,
                term: self.term,
                unit_price: self.unit_price,
                billing_account: self.billing_account,
                seller: self.seller.as_ref().map(|seller| seller.partner),
                offer_of: self.offer_of,
                state: self.state,
                partner_of_record: record.map(|record| PartnerOfRecord {
                    partner_id: record.partner_id.clone(),
                    partner: record.partner,
                    since: record.since,
                    set_by: record.set_by,
                }),
                created: self.created,
                created_by: self.created_by,
                created_by_organization: self.created_by_organization,
                version: self.etag.0,
            },
            seller_sells: self.seller.as_ref().is_some_and(|seller| seller.sells),
            agreement_accepted: self
                .seller
                .as_ref()
                .is_some_and(|seller| seller.agreement_accepted),
        }
    }
}

/// Period in which a subscription has or had a partner of record (`GET
/// /api/subscriptions/{id}/history`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerPeriod {
    /// Partner ID.
    pub partner_id: PartnerId,
    /// Partner.
    pub partner: OrganizationId,
    /// Name of the partner.
    pub partner_name: DisplayName,
    /// Name of the location's account, if it still exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_name: Option<DisplayName>,
    /// Start of the period.
    pub since: Timestamp,
    /// Name of the user who set it.
    pub set_by: DisplayName,
    /// End of the period. Absent for the current partner of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Name of the user who ended the period. Absent for the current partner of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<DisplayName>,
}

/// Request to change the number of licenses (`PATCH /api/subscriptions/{id}`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct QuantityRequest {
    /// Number of licenses.
    pub quantity: String,
}

impl QuantityRequest {
    /// Parses the number.
    ///
    /// # Errors
    /// The invalid field.
    pub fn parse(&self) -> Result<u32, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let quantity = fields.take("quantity", Offer::parse_quantity(&self.quantity));
        fields.finish(quantity)
    }
}

/// Field by which the list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum SubscriptionField {
    /// Name of the product.
    Product,
    /// Next renewal or end. Subscriptions without either are last.
    Renews,
    /// Status: trials, then active, suspended and ended subscriptions.
    Status,
}

string_enum!(SubscriptionField);

impl ListField for SubscriptionField {}

list_filter! {
    /// Filter of the list of subscriptions.
    SubscriptionFilter {
        /// Statuses.
        status: Vec<SubscriptionStatus> = "status",
        /// Partner ID of the partner of record, as far as the caller sees it.
        partner_id: Option<PartnerIdFilter> = "partnerId",
        /// Organization ID of the partner of record, as far as the caller sees it.
        partner_of_record: Option<OrganizationId> = "partnerOfRecord",
        /// Organization ID of the seller, as far as the caller sees it.
        seller: Option<OrganizationId> = "seller",
        /// Organization ID of the customer.
        customer: Option<OrganizationId> = "customer",
        /// ID of the product.
        product: Option<ProductId> = "product",
    }
}

/// The list of subscriptions (`GET /api/subscriptions`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionList;

impl List for SubscriptionList {
    type Filter = SubscriptionFilter;
    type Field = SubscriptionField;
    const SEARCH: Option<&'static str> = Some(
        "name of the product, name and Partner ID of the partner of record, as far as the caller \
         sees them; for a partner also name of the customer",
    );
    const DEFAULT_ORDER: SortOrder<SubscriptionField> =
        SortOrder::ascending(SubscriptionField::Product);
}

/// Query of the list of subscriptions.
pub type SubscriptionQuery = ListQuery<SubscriptionList>;

#[cfg(test)]
mod tests {
    use rules::Currency;

    use super::*;
    use crate::json::tests::{check, day, id, parsed};

    fn record() -> PartnerOfRecordResource {
        PartnerOfRecordResource {
            partner_id: parsed("4391511"),
            partner: id(1),
            partner_name: parsed("Fabrikam"),
            account_name: parsed("Fabrikam, München"),
            country: parsed("DE"),
            city: Some(parsed("München")),
            since: day(3),
            set_by: id(7),
            set_by_name: parsed("Anna"),
        }
    }

    fn seller() -> SellerResource {
        SellerResource {
            partner: id(1),
            partner_name: parsed("Fabrikam"),
            sells: true,
            agreement_accepted: false,
        }
    }

    fn subscription_resource() -> SubscriptionResource {
        SubscriptionResource {
            id: id(22),
            etag: ETag(4),
            customer: id(4),
            customer_name: parsed("Contoso"),
            cloud: Cloud::Vianet21,
            product: Some(id(20)),
            product_name: parsed("Office 365 E3"),
            quantity: 10_000,
            term: Term::Year,
            unit_price: Some(Money { amount: -2_350, currency: Currency::Chf }),
            billing_account: id(21),
            billing_account_name: parsed("Contoso"),
            seller: Some(seller()),
            offer_of: Some(id(5)),
            state: SubscriptionState::Trial { ends: day(20) },
            status: SubscriptionStatus::Trial,
            renews: Some(day(19)),
            ends: Some(day(20)),
            partner_of_record: Some(record()),
            created: day(2),
            created_by: id(6),
            created_by_name: parsed("Bo"),
            created_by_organization: id(1),
        }
    }

    fn period() -> PartnerPeriod {
        PartnerPeriod {
            partner_id: parsed("4391511"),
            partner: id(1),
            partner_name: parsed("Fabrikam"),
            account_name: Some(parsed("Fabrikam, München")),
            since: day(3),
            set_by: parsed("Anna"),
            until: Some(day(5)),
            ended_by: Some(parsed("Bo")),
        }
    }

    #[test]
    fn subscriptions_are_read_in_every_state() {
        check(&subscription_resource());
        check(&period());
        for state in [
            SubscriptionState::Trial { ends: day(20) },
            SubscriptionState::Active,
            SubscriptionState::Suspended { at: day(4), by: id(7) },
            SubscriptionState::Ended { at: day(4), by: id(7) },
        ] {
            check(&state);
        }
    }
}
