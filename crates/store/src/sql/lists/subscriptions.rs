//! The list of subscriptions.

use std::sync::LazyLock;

use api::{PartnerIdFilter, SubscriptionField, SubscriptionList};
use rules::{
    CountryCode, DisplayName, OrganizationId, PartnerType, Subscription, SubscriptionFacts,
    SubscriptionId, SubscriptionStatus,
};
use service::lists::{ListOwner, ListRows, PageRequest, PartnerOfRecordNames, SubscriptionRow};
use service::stored::StoredName;

use super::{ListStatement, Range, Shown, is_one_of, row_sql};
use crate::sql::row::{FromRow, RowReader};
use crate::sql::table::{bind, columns_of};
use crate::sql::{Result, Transaction};

const TABLE: &str = "subscription";
const IDENTITY: &[&str] = &["customer", "id"];

static SHOWN: LazyLock<Shown> = LazyLock::new(|| Shown {
    columns: format!(
        "{}, {}, item.seller IS NOT NULL AND EXISTS (SELECT 1 FROM agreement_acceptance \
         WHERE agreement_acceptance.organization = item.customer), \
         customer.name, seller.name, billing_account.name, author.name, \
         partner.name, partner_account.name, partner_account.country, partner_account.city, \
         setter.name",
        columns_of::<Subscription>("item"),
        sells("item.seller"),
    ),
    joins: "CROSS JOIN organization AS customer ON customer.id = item.customer \
        CROSS JOIN billing_account ON billing_account.organization = item.customer \
        AND billing_account.id = item.billing_account \
        LEFT JOIN organization AS seller ON seller.id = item.seller \
        LEFT JOIN account AS author ON author.organization = item.created_by_organization \
        AND author.id = item.created_by \
        LEFT JOIN organization AS partner ON partner.id = item.partner_of_record \
        LEFT JOIN partner_account ON partner_account.partner_id = item.partner_id \
        LEFT JOIN account AS setter ON setter.organization = item.customer \
        AND setter.id = item.partner_set_by"
        .to_owned(),
});

static ROW: LazyLock<String> = LazyLock::new(|| {
    let condition = "id = :id AND (customer = :organization OR seller = :organization \
        OR partner_of_record = :organization)";
    row_sql(TABLE, IDENTITY, condition, &SHOWN)
});

/// Condition for a partner that sells to the customer: it has an active relationship of a type
/// that resells.
fn sells(partner: &str) -> String {
    let types = PartnerType::ALL.iter().filter(|one| one.resells());
    let types: Vec<_> = types.map(|one| format!("'{}'", one.stored_name())).collect();
    format!(
        "EXISTS (SELECT 1 FROM relationship INDEXED BY relationship_between \
         WHERE relationship.customer = item.customer AND relationship.partner = {partner} \
         AND relationship.ended_at = {} AND relationship.partner_type IN ({}))",
        i64::MAX,
        types.join(", "),
    )
}

/// Place of the status among those of [`SubscriptionStatus`].
static STATUS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "CASE WHEN item.ended_at <= :as_of OR item.live_state IS NULL THEN {ended} \
         WHEN item.live_state = 'trial' AND item.live_time <= :as_of THEN {ended} \
         WHEN item.live_state = 'trial' THEN {} \
         WHEN item.live_state = 'suspended' AND item.live_time <= :as_of THEN {} ELSE {} END",
        SubscriptionStatus::Trial as i64,
        SubscriptionStatus::Suspended as i64,
        SubscriptionStatus::Active as i64,
        ended = SubscriptionStatus::Ended as i64,
    )
});

/// Next renewal or end of the trial.
static RENEWS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "CASE {} WHEN {} THEN item.live_time \
         WHEN {} THEN next_renewal(item.term, item.created, :as_of) ELSE {} END",
        STATUS.as_str(),
        SubscriptionStatus::Trial as i64,
        SubscriptionStatus::Active as i64,
        i64::MAX,
    )
});

/// Words of a subscription for its customer, and for a partner. A partner finds it by the
/// partner of record only if that is the partner itself.
const WORDS_FOR_CUSTOMER: &str = "item.product_key || ' ' || item.record_words";
const WORDS_FOR_PARTNER: &str = "item.product_key || ' ' || item.customer_key || \
    CASE WHEN item.partner_of_record = :organization THEN ' ' || item.record_words ELSE '' END";

impl Transaction<'_> {
    pub(in crate::sql) fn list_subscriptions(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, SubscriptionList>,
    ) -> Result<ListRows<SubscriptionRow>> {
        let filter = &page.query.filter;
        let own_sells = format!("item.seller = :organization AND {}", sells(":organization"));
        let (organization, words, ranges) = match owner {
            ListOwner::Customer(id) => {
                let index = match filter.partner_id {
                    Some(PartnerIdFilter::Is(_) | PartnerIdFilter::None) => {
                        "subscription_by_partner_id"
                    }
                    Some(PartnerIdFilter::Any) | None => "subscription_of_customer",
                };
                (id, WORDS_FOR_CUSTOMER, vec![Range::new(index, "item.customer = :organization")])
            }
            ListOwner::Partner(id) => {
                let ranges = if filter.customer.is_some() {
                    let condition =
                        format!("(({own_sells}) OR item.partner_of_record = :organization)");
                    vec![Range::new("subscription_of_customer", condition)]
                } else {
                    let of_record = format!(
                        "item.partner_of_record = :organization \
                         AND (item.seller IS NOT :organization OR NOT {})",
                        sells(":organization")
                    );
                    vec![
                        Range::new("subscription_of_seller", own_sells),
                        Range::new("subscription_of_record", of_record),
                    ]
                };
                (id, WORDS_FOR_PARTNER, ranges)
            }
        };
        // What a partner does not see can't be filtered by either.
        let (has_record, has_no_record, seen_seller) = match owner {
            ListOwner::Customer(_) => {
                ("item.partner_id IS NOT NULL", "item.partner_id IS NULL", "TRUE")
            }
            ListOwner::Partner(_) => (
                "item.partner_of_record IS :organization",
                "item.partner_of_record IS NOT :organization",
                "item.seller = :organization",
            ),
        };
        let partner_id = match &filter.partner_id {
            Some(PartnerIdFilter::Is(id)) => Some(id),
            Some(PartnerIdFilter::None | PartnerIdFilter::Any) | None => None,
        };
        let mut conditions = Vec::new();
        conditions.extend(filter.partner_id.as_ref().map(|filter| match filter {
            PartnerIdFilter::None => has_no_record.to_owned(),
            PartnerIdFilter::Any => has_record.to_owned(),
            PartnerIdFilter::Is(_) => format!("item.partner_id = :partner_id AND {has_record}"),
        }));
        conditions.extend(
            filter
                .partner_of_record
                .map(|_| format!("item.partner_of_record = :partner_of_record AND {has_record}")),
        );
        conditions
            .extend(filter.seller.map(|_| format!("item.seller = :seller AND {seen_seller}")));
        conditions.extend(filter.customer.map(|_| "item.customer = :customer".to_owned()));
        conditions.extend(filter.product.map(|_| "item.product = :product".to_owned()));
        conditions.extend(is_one_of(&STATUS, filter.status.iter().map(|status| *status as i64)));
        let first = match page.query.order.field {
            SubscriptionField::Product => None,
            SubscriptionField::Renews => Some(RENEWS.as_str()),
            SubscriptionField::Status => Some(STATUS.as_str()),
        };
        let keys = first.into_iter().chain(["item.product_key", "item.id"]).map(str::to_owned);
        let list = ListStatement {
            table: TABLE,
            identity: IDENTITY,
            ranges,
            conditions,
            keys: keys.collect(),
            words,
            shown: &SHOWN,
            values: bind![
                organization,
                searched_as: organization,
                partner_id,
                partner_of_record: filter.partner_of_record,
                seller: filter.seller,
                customer: filter.customer,
                product: filter.product,
            ]
            .into(),
        };
        self.page(&list, page)
    }

    pub(in crate::sql) fn subscription_row_of(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionRow>> {
        self.one(&ROW, &bind![id, organization])
    }
}

impl FromRow for SubscriptionRow {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self> {
        let record: Subscription = row.read()?;
        let (seller_sells, agreement_accepted) = row.read()?;
        let customer_name = row.read()?;
        let seller_name = row.read()?;
        let billing_account_name = row.read()?;
        let created_by = row.read()?;
        let partner: Option<DisplayName> = row.read()?;
        let account: Option<DisplayName> = row.read()?;
        let country: Option<CountryCode> = row.read()?;
        let city = row.read()?;
        let set_by = row.read()?;
        let names = partner.zip(account).zip(country);
        Ok(Self {
            facts: SubscriptionFacts { record, seller_sells, agreement_accepted },
            customer_name,
            seller_name,
            billing_account_name,
            created_by,
            partner_of_record: names.map(|((partner, account), country)| PartnerOfRecordNames {
                partner,
                account,
                country,
                city,
                set_by,
            }),
        })
    }
}
