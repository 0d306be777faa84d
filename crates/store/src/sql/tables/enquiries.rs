//! Enquiries.

use rules::{Enquiry, EnquiryState, InvitationId, Note, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use service::stored::{self, StoredName};

use crate::sql::json::json_columns;
use crate::sql::table::table;
use crate::{duplicates, listed};

table! {
    row: Enquiry,
    table: "enquiry",
    key: ["customer", "id"],
    versioned: true,
    duplicate: duplicates::ENQUIRY,
    columns: {
        customer,
        id,
        cloud,
        partner,
        country,
        city,
        size: "organization_size",
        needs,
        contact_name,
        contact_email,
        contact_phone,
        created,
        created_by,
        state,
        version,
    },
    format: "format" = 1,
    derived: { "expires_at": expires_at, "answer" & "answered_at": answer },
    retained: { "read_at": read_at },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "partner_key": "COALESCE((SELECT name_key FROM organization WHERE id = :partner), '')",
    },
}

json_columns!(EnquiryState: "StoredEnquiryState");

/// Format of `state`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "EnquiryState", tag = "status", rename_all = "camelCase")]
enum StoredEnquiryState {
    Sent {
        #[serde(with = "stored::milliseconds")]
        expires: Timestamp,
    },
    Read {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
        #[serde(with = "stored::milliseconds")]
        expires: Timestamp,
    },
    Declined {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
        #[serde(with = "stored::text")]
        reason: Note,
    },
    Invited {
        #[serde(with = "stored::milliseconds")]
        at: Timestamp,
        #[serde(with = "stored::text")]
        by: UserId,
        #[serde(with = "stored::text")]
        invitation: InvitationId,
    },
}

fn expires_at(enquiry: &Enquiry) -> Option<Timestamp> {
    enquiry.state.expires()
}

fn read_at(enquiry: &Enquiry) -> Option<Timestamp> {
    listed::read_at(&enquiry.state)
}

/// Returns the status since an enquiry was answered, and since when.
fn answer(enquiry: &Enquiry) -> Option<(&'static str, Timestamp)> {
    let answer = listed::enquiry_answer(&enquiry.state);
    answer.map(|(status, at)| (status.stored_name(), at))
}
