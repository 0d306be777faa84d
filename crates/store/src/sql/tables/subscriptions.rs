//! Subscriptions, their former partners of record, and the orders that created them.

use rules::search::sort_key;
use rules::{
    OrganizationId, PartnerId, PastPartnerOfRecord, Subscription, SubscriptionId,
    SubscriptionState, Timestamp, UserId,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use service::model::{PartnerChange, PartnerChangeBlock, PlacedOrder};
use service::stored;

use crate::duplicates;
use crate::sql::json::json_columns;
use crate::sql::table::table;

table! {
    row: Subscription,
    table: "subscription",
    key: ["customer", "id"],
    versioned: true,
    duplicate: duplicates::SUBSCRIPTION,
    columns: {
        customer,
        id,
        cloud,
        product,
        product_name,
        quantity,
        term,
        unit_price: "unit_price" & "currency",
        billing_account,
        seller,
        offer_of,
        state,
        partner_of_record: "partner_id" & "partner_of_record" & "partner_since" & "partner_set_by",
        created,
        created_by,
        created_by_organization,
        version,
    },
    format: "format" = 1,
    derived: {
        "active_until": active_until,
        "product_key": product_key,
        "ended_at": ended_at,
    },
    retained: { "live_state": live_state, "live_time": live_time },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "record_words": "COALESCE((SELECT name_key || ' ' || :partner_id FROM organization \
            WHERE id = :partner_of_record), '')",
    },
}

fn product_key(subscription: &Subscription) -> String {
    sort_key(subscription.product_name.as_str())
}

/// Returns the time at which a subscription was canceled, or the largest number.
fn ended_at(subscription: &Subscription) -> i64 {
    match subscription.state {
        SubscriptionState::Ended { at, .. } => at.milliseconds(),
        SubscriptionState::Trial { .. }
        | SubscriptionState::Active
        | SubscriptionState::Suspended { .. } => i64::MAX,
    }
}

/// Returns the state of a subscription that has not ended.
fn live_state(subscription: &Subscription) -> Option<&'static str> {
    match subscription.state {
        SubscriptionState::Trial { .. } => Some("trial"),
        SubscriptionState::Active => Some("active"),
        SubscriptionState::Suspended { .. } => Some("suspended"),
        SubscriptionState::Ended { .. } => None,
    }
}

/// Returns the time that belongs to [`live_state`]: the end of a trial, or the time at which
/// the subscription was suspended.
fn live_time(subscription: &Subscription) -> Option<i64> {
    match subscription.state {
        SubscriptionState::Trial { ends: at } | SubscriptionState::Suspended { at, .. } => {
            Some(at.milliseconds())
        }
        SubscriptionState::Active => Some(0),
        SubscriptionState::Ended { .. } => None,
    }
}

/// Returns the time until which a subscription in this state counts as active.
fn active_until(subscription: &Subscription) -> i64 {
    match subscription.state {
        SubscriptionState::Trial { ends } => ends.milliseconds(),
        SubscriptionState::Active => i64::MAX,
        SubscriptionState::Suspended { .. } | SubscriptionState::Ended { .. } => 0,
    }
}

json_columns!(SubscriptionState: "StoredSubscriptionState");

/// Format of `state`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "SubscriptionState", tag = "status", rename_all = "camelCase")]
enum StoredSubscriptionState {
    Trial {
        #[serde(with = "stored::milliseconds")]
        ends: Timestamp,
    },
    Active,
    Suspended {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
    },
    Ended {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
    },
}

table! {
    row: PastPartnerOfRecord,
    table: "partner_tenure",
    key: ["customer", "subscription", "number"],
    versioned: false,
    duplicate: duplicates::TENURE,
    columns: {
        customer,
        subscription,
        number,
        record: "partner_id" & "partner_of_record" & "partner_since" & "partner_set_by",
        until: "ended",
        ended_by,
    },
}

table! {
    row: PartnerChangeBlock,
    table: "pending_partner_changes",
    key: ["customer", "first"],
    versioned: false,
    duplicate: duplicates::PENDING_PARTNER_CHANGES,
    columns: {
        customer,
        first,
        decided,
        decided_by,
        changes,
    },
    format: "format" = 1,
}

json_columns!(PartnerChange: "StoredPartnerChange");

/// Format of an item of `changes`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "PartnerChange")]
struct StoredPartnerChange {
    #[serde(with = "stored::text")]
    subscription: SubscriptionId,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "StoredChangedPartner")]
    partner: Option<(PartnerId, OrganizationId)>,
}

#[derive(Serialize, Deserialize)]
struct StoredChangedPartner(
    #[serde(with = "stored::text")] PartnerId,
    #[serde(with = "stored::text")] OrganizationId,
);

impl StoredChangedPartner {
    #[expect(clippy::ref_option, reason = "serde passes the field")]
    fn serialize<S: Serializer>(
        partner: &Option<(PartnerId, OrganizationId)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        partner.clone().map(|(id, partner)| Self(id, partner)).serialize(serializer)
    }

    fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<(PartnerId, OrganizationId)>, D::Error> {
        let partner: Option<Self> = Deserialize::deserialize(deserializer)?;
        Ok(partner.map(|Self(id, partner)| (id, partner)))
    }
}

table! {
    row: PlacedOrder,
    table: "placed_order",
    key: ["organization", "request"],
    versioned: false,
    duplicate: duplicates::PLACED_ORDER,
    columns: {
        organization,
        request,
        digest,
        customer,
        subscription,
        at: "placed",
    },
}
