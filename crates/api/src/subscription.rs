//! Subscriptions and their partner of record on the wire, and the query of their list.

use rules::{
    BillingAccountId, Cloud, CountryCode, DisplayName, FieldError, InvitationId, Money, Offer,
    OrganizationId, PartnerId, ProductId, SubscriptionId, SubscriptionState, SubscriptionStatus,
    Term, Timestamp, UserId, string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::error::Fields;
use crate::invitation::{optional, some};
use crate::json::from_json;
use crate::list::{read_options, search, top, write_options};
use crate::{ETag, FieldProblem, Order, SkipToken};

/// A subscription, as the customer or one of its partners sees it: a partner sees itself
/// alone, neither who else sells to the customer or advises it nor at which price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its identifier.
    pub id: SubscriptionId,
    /// Its version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// The customer.
    pub customer: OrganizationId,
    /// The name of the customer.
    pub customer_name: DisplayName,
    /// The cloud of the customer.
    pub cloud: Cloud,
    /// The product; absent for one that a partner offered in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// The product's name as it was when it was ordered.
    pub product_name: DisplayName,
    /// How many licenses.
    pub quantity: u32,
    /// How long it runs before it renews.
    pub term: Term,
    /// What one license costs for one term; absent for a trial, for what costs as was
    /// agreed with the partner that offered it, and to a partner that doesn't sell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// The account that pays.
    pub billing_account: BillingAccountId,
    /// The name of that account.
    pub billing_account_name: DisplayName,
    /// The reseller that sold it; absent where it is bought from Microsoft, and to another
    /// partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<Seller>,
    /// The invitation whose offer it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_of: Option<InvitationId>,
    /// Whether it runs, with times.
    pub state: SubscriptionState,
    /// Its status when the answer was made.
    pub status: SubscriptionStatus,
    /// When it renews next, where it is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Timestamp>,
    /// When it ends by itself, or did, where it is a trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// Its partner of record; absent to another partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_of_record: Option<PartnerOfRecord>,
    /// When it was created.
    pub created: Timestamp,
    /// Who created it.
    pub created_by: UserId,
    /// The name of who created it; to a partner the customer's, where another partner did.
    pub created_by_name: DisplayName,
    /// The organization of who created it: the customer's or the seller's; to another partner
    /// than the seller the customer's.
    pub created_by_organization: OrganizationId,
}

from_json!(Subscription {
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

/// The reseller that sold a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Seller {
    /// The partner.
    pub partner: OrganizationId,
    /// The partner's name.
    pub partner_name: DisplayName,
    /// Whether it still sells to the customer.
    pub sells: bool,
    /// Whether the customer accepted the Microsoft Customer Agreement, without which the
    /// reseller can change nothing.
    pub agreement_accepted: bool,
}

from_json!(Seller {
    partner,
    partner_name = "partnerName",
    sells,
    agreement_accepted = "agreementAccepted",
});

/// The partner of record of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerOfRecord {
    /// The Partner ID of its location.
    pub partner_id: PartnerId,
    /// The partner.
    pub partner: OrganizationId,
    /// The partner's name.
    pub partner_name: DisplayName,
    /// The name of the location's account.
    pub account_name: DisplayName,
    /// The country or region where it is.
    pub country: CountryCode,
    /// The city where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
    /// Since when it is the partner of record.
    pub since: Timestamp,
    /// Who set it.
    pub set_by: UserId,
    /// The name of who set it.
    pub set_by_name: DisplayName,
}

from_json!(PartnerOfRecord {
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

impl Subscription {
    /// The facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> rules::Subscription {
        rules::Subscription {
            id: self.id,
            customer: self.customer,
            cloud: self.cloud,
            product: self.product,
            product_name: self.product_name.clone(),
            quantity: self.quantity,
            term: self.term,
            unit_price: self.unit_price,
            billing_account: self.billing_account,
            seller: self.seller.as_ref().map(|seller| rules::Seller {
                partner: seller.partner,
                sells: seller.sells,
                agreement_accepted: seller.agreement_accepted,
            }),
            offer_of: self.offer_of,
            state: self.state,
            partner_of_record: self.partner_of_record.as_ref().map(|record| {
                rules::PartnerOfRecord {
                    partner_id: record.partner_id.clone(),
                    partner: record.partner,
                    since: record.since,
                    set_by: record.set_by,
                }
            }),
            created: self.created,
            created_by: self.created_by,
            created_by_organization: self.created_by_organization,
            version: self.etag.0,
        }
    }
}

/// A time for which a subscription had a partner of record
/// (`GET /api/subscriptions/{id}/history`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerPeriod {
    /// The Partner ID.
    pub partner_id: PartnerId,
    /// The partner.
    pub partner: OrganizationId,
    /// The partner's name.
    pub partner_name: DisplayName,
    /// The name of the location's account, where there still is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_name: Option<DisplayName>,
    /// Since when.
    pub since: Timestamp,
    /// The name of who set it.
    pub set_by: DisplayName,
    /// Until when; absent for the one of now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The name of who ended it; absent likewise.
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

/// How many licenses a subscription shall have (`PATCH /api/subscriptions/{id}`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct QuantityRequest {
    /// The number, as it is typed.
    pub quantity: String,
}

impl QuantityRequest {
    /// Parses the number.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(&self) -> Result<u32, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let quantity = fields.take("quantity", Offer::parse_quantity(&self.quantity));
        fields.finish(quantity)
    }
}

/// A field by which the list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum SubscriptionField {
    /// The product's name.
    Product,
    /// When it renews or ends; those that do neither any more last.
    Renews,
    /// Its status: trials, then active, suspended and ended ones.
    Status,
}

string_enum!(SubscriptionField);

/// Which partner of record subscriptions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartnerFilter {
    /// Those that have none.
    None,
    /// Those that have one.
    Any,
    /// Those of this Partner ID.
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

/// What the list of subscriptions is asked for: `$search`, `status` (names apart by a
/// comma), `partnerOfRecord` (`none`, `any` or a Partner ID), `customer`, `$orderby`, `$top`
/// and `$skiptoken`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionQuery {
    /// Words that the product's name, the partner of record's name or its Partner ID holds
    /// (for a partner, where it is that itself), or for a partner those of its customer's
    /// name; empty for all.
    pub search: String,
    /// Only these statuses; empty for all.
    pub statuses: Vec<SubscriptionStatus>,
    /// Only those with this partner of record, or with none, as far as a partner sees it;
    /// `None` for all.
    pub partner: Option<PartnerFilter>,
    /// For a partner: only those of this customer.
    pub customer: Option<OrganizationId>,
    /// How it is sorted.
    pub order: Order<SubscriptionField>,
    /// How many at the most, 1 to 300 as in Graph.
    pub top: u32,
    /// Where to go on.
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
    /// Reads a query string. What this list doesn't know is an error, so that nobody takes
    /// an ignored filter for an applied one.
    ///
    /// # Errors
    /// Every option that is wrong, by its name without the `$`.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let mut parsed = Self::default();
        for option in read_options(query) {
            let Some((name, value)) = option else {
                fields.take::<()>("query", Err(FieldError::NotAnOption));
                continue;
            };
            match name.trim_start_matches('$') {
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
    /// The query string that [`SubscriptionQuery::parse`] reads; what is as usual is left
    /// out.
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
