//! Enquiries.

use rules::Enquiry;

use crate::duplicates;
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
}
