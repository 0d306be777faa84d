//! Invitations.

use rules::Invitation;

use crate::duplicates;
use crate::sql::table::table;

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
    other: ["token"],
}
