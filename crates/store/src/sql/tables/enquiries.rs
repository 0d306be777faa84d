//! Enquiries.

use rules::{Enquiry, Timestamp};

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
    derived: { "expires_at": expires_at, "answer" & "answered_at": answer },
    retained: { "read_at": read_at },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "partner_key": "COALESCE((SELECT name_key FROM organization WHERE id = :partner), '')",
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
    answer.map(|(status, at)| (status.as_str(), at))
}
