//! Invitations.

use rules::{DisplayName, Invitation, InvitationState, Note, Offer, OfferKind, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use service::stored::{self, StoredName};

use crate::listed::InvitationTimeline;
use crate::sql::json::json_columns;
use crate::sql::table::table;
use crate::{duplicates, listed};

// `token` is the hash of the link's token. Only sending an invitation sets it.
table! {
    row: Invitation,
    table: "invitation",
    key: ["customer", "id"],
    versioned: true,
    duplicate: duplicates::INVITATION,
    columns: {
        customer,
        id,
        cloud,
        partner,
        partner_type,
        admin_roles,
        recipient,
        recipient_name,
        language,
        message,
        enquiry,
        terms,
        offer,
        created,
        created_by,
        state,
        version,
    },
    format: "format" = 1,
    derived: {
        "sent_at": sent_at,
        "expires_at": expires_at,
        "answer" & "answered_at" & "answered_by": answer,
    },
    retained: { "mailed_at": mailed_at },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "partner_key": "COALESCE((SELECT name_key FROM organization WHERE id = :partner), '')",
    },
    other: ["token"],
}

json_columns!(Offer: "StoredOffer");

/// Format of `offer`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Offer")]
struct StoredOffer {
    #[serde(with = "stored::name")]
    kind: OfferKind,
    #[serde(with = "stored::text")]
    product: DisplayName,
    quantity: u32,
}

json_columns!(InvitationState: "StoredInvitationState");

/// Format of `state`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "InvitationState", tag = "status", rename_all = "camelCase")]
enum StoredInvitationState {
    Draft,
    Sent {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::milliseconds")]
        expires: Timestamp,
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "stored::optional_milliseconds"
        )]
        resent: Option<Timestamp>,
    },
    Accepted {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "stored::optional_milliseconds"
        )]
        sent: Option<Timestamp>,
    },
    Canceled {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none", with = "stored::optional_text")]
        reason: Option<Note>,
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "stored::optional_milliseconds"
        )]
        sent: Option<Timestamp>,
    },
    Withdrawn {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            with = "stored::optional_milliseconds"
        )]
        sent: Option<Timestamp>,
    },
}

fn sent_at(invitation: &Invitation) -> Option<Timestamp> {
    InvitationTimeline::of(&invitation.state).sent
}

fn expires_at(invitation: &Invitation) -> Option<Timestamp> {
    InvitationTimeline::of(&invitation.state).expires
}

fn mailed_at(invitation: &Invitation) -> Option<Timestamp> {
    listed::mailed_at(&invitation.state)
}

/// Returns the status since an invitation was answered or withdrawn, since when, and by whom.
fn answer(invitation: &Invitation) -> Option<(&'static str, Timestamp, UserId)> {
    let answer = InvitationTimeline::of(&invitation.state).answer;
    answer.map(|(status, at, by)| (status.stored_name(), at, by))
}
