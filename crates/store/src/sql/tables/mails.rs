//! Mails in the outbox.

use service::model::OutboxMail;

use crate::duplicates;
use crate::sql::table::table;

table! {
    row: OutboxMail,
    table: "mail",
    key: ["organization", "id"],
    versioned: false,
    duplicate: duplicates::MAIL,
    columns: {
        organization,
        id,
        to: "recipient",
        to_name: "recipient_name",
        language,
        subject,
        text: "body_text",
        html: "body_html",
        created,
        status,
        attempts,
        next: "next_attempt",
        last_error,
        invitation,
    },
}
