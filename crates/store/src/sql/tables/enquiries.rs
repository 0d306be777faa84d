//! Enquiries.

use rules::{Enquiry, EnquiryState, InvitationId, Note, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use service::stored;

use crate::duplicates;
use crate::sql::json::json_columns;
use crate::sql::table::table;

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
