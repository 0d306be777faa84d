//! Subscriptions, their partners of record and the query of their list.

use rules::{
    BillingAccountId, Cloud, CountryCode, DisplayName, FieldError, InvitationId, Money, Offer,
    OrganizationId, PartnerId, PartnerOfRecord, ProductId, Subscription, SubscriptionFacts,
    SubscriptionId, SubscriptionState, SubscriptionStatus, Term, Timestamp, UserId, string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::error::Fields;
use crate::invitation::{optional, some};
use crate::json::from_json;
use crate::list::{option_name, query_pairs, search, top, write_options};
use crate::{ETag, FieldProblem, Order, SkipToken};

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

from_json!(SubscriptionResource {
    id,
    etag = "@odata.etag",
    customer,
    customer_name = "customerName",
    cloud,
    product,
    product_name = "productName",
    quantity,
    term,
    unit_price = "unitPrice",
    billing_account = "billingAccount",
    billing_account_name = "billingAccountName",
    seller,
    offer_of = "offerOf",
    state,
    status,
    renews,
    ends,
    partner_of_record = "partnerOfRecord",
    created,
    created_by = "createdBy",
    created_by_name = "createdByName",
    created_by_organization = "createdByOrganization",
});

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

from_json!(SellerResource {
    partner,
    partner_name = "partnerName",
    sells,
    agreement_accepted = "agreementAccepted",
});

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

from_json!(PartnerOfRecordResource {
    partner_id = "partnerId",
    partner,
    partner_name = "partnerName",
    account_name = "accountName",
    country,
    city,
    since,
    set_by = "setBy",
    set_by_name = "setByName",
});

impl SubscriptionResource {
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

from_json!(PartnerPeriod {
    partner_id = "partnerId",
    partner,
    partner_name = "partnerName",
    account_name = "accountName",
    since,
    set_by = "setBy",
    until,
    ended_by = "endedBy",
});

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

/// Filter by partner of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartnerFilter {
    /// Subscriptions without a partner of record.
    None,
    /// Subscriptions with a partner of record.
    Any,
    /// Subscriptions with this Partner ID.
    Is(PartnerId),
}

impl std::fmt::Display for PartnerFilter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::Any => "any",
            Self::Is(id) => id.as_str(),
        })
    }
}

impl std::str::FromStr for PartnerFilter {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        match text {
            "none" => Ok(Self::None),
            "any" => Ok(Self::Any),
            id => PartnerId::parse(id).map(Self::Is),
        }
    }
}

/// Query of the list of subscriptions: `$search`, `status` (names separated by commas),
/// `partnerOfRecord` (`none`, `any` or a Partner ID), `customer`, `$orderby`, `$top` and
/// `$skiptoken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionQuery {
    /// Words in the name of the product, or in the name or Partner ID of the partner of record
    /// (for a partner, if it is that partner itself); for a partner also in the customer's
    /// name. Empty for all.
    pub search: String,
    /// Statuses. Empty for all.
    pub statuses: Vec<SubscriptionStatus>,
    /// Partner of record, as far as the caller sees it. `None` for all.
    pub partner: Option<PartnerFilter>,
    /// For a partner: customer. `None` for all.
    pub customer: Option<OrganizationId>,
    /// Sort order.
    pub order: Order<SubscriptionField>,
    /// Maximum number of items on the page, 1 to 300 as in Microsoft Graph.
    pub top: u32,
    /// Position of the page.
    pub skip: SkipToken,
}

impl Default for SubscriptionQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            statuses: Vec::new(),
            partner: None,
            customer: None,
            order: Order { field: SubscriptionField::Product, descending: false },
            top: 100,
            skip: SkipToken::default(),
        }
    }
}

impl SubscriptionQuery {
    /// Parses a query string. Unknown options are errors, so that an ignored filter is never
    /// taken for an applied one.
    ///
    /// # Errors
    /// All invalid options, by their names without the `$`.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let mut parsed = Self::default();
        for option in query_pairs(query) {
            let Some((name, value)) = option else {
                fields.take::<()>("query", Err(FieldError::NotAnOption));
                continue;
            };
            match option_name(&name) {
                "search" => {
                    parsed.search = fields.take("search", search(&value)).unwrap_or_default();
                }
                "status" => {
                    for status in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                        parsed
                            .statuses
                            .extend(fields.take::<SubscriptionStatus>("status", some(status)));
                    }
                }
                "partnerOfRecord" => {
                    let partner = optional(&value);
                    parsed.partner = fields.take("partnerOfRecord", partner).flatten();
                }
                "customer" => {
                    let customer = optional(&value);
                    parsed.customer = fields.take("customer", customer).flatten();
                }
                "orderby" => {
                    if let Some(order) = fields.take("orderby", value.parse()) {
                        parsed.order = order;
                    }
                }
                "top" => {
                    parsed.top = fields.take("top", top(&value)).unwrap_or(parsed.top);
                }
                "skiptoken" => {
                    parsed.skip = fields.take("skiptoken", value.parse()).unwrap_or_default();
                }
                "count" if matches!(value.as_str(), "true" | "false") => {}
                _ => {
                    fields.take::<()>("query", Err(FieldError::NotAnOption));
                }
            }
        }
        fields.finish(Some(parsed))
    }
}

impl std::fmt::Display for SubscriptionQuery {
    /// Writes the query string that [`SubscriptionQuery::parse`] reads. Default values are
    /// left out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let usual = Self::default();
        let statuses: Vec<_> = self.statuses.iter().map(|status| status.as_str()).collect();
        let unless = |usual: bool, text: String| if usual { String::new() } else { text };
        write_options(
            formatter,
            &[
                ("$search", self.search.clone()),
                ("status", statuses.join(",")),
                (
                    "partnerOfRecord",
                    self.partner.as_ref().map(ToString::to_string).unwrap_or_default(),
                ),
                ("customer", self.customer.map(String::from).unwrap_or_default()),
                ("$orderby", unless(self.order == usual.order, self.order.to_string())),
                ("$top", unless(self.top == usual.top, self.top.to_string())),
                ("$skiptoken", unless(self.skip == usual.skip, self.skip.to_string())),
            ],
        )
    }
}
