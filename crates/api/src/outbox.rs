//! The outbox of mails.

use rules::{EmailAddress, Language, MailId, Timestamp, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::json::from_json;

/// Delivery status of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum MailStatus {
    /// The mail waits for the mail server, or is kept because there is none.
    Waiting,
    /// The mail server accepted it.
    Sent,
    /// Delivery failed for days and was given up.
    Failed,
    /// The link in the mail became invalid before it was sent: the invitation got another
    /// link, was answered or withdrawn, or expired.
    Superseded,
}

string_enum!(MailStatus);

/// A mail in the outbox (`GET /api/outbox`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MailResource {
    /// Identifier.
    pub id: MailId,
    /// Recipient.
    pub to: EmailAddress,
    /// Language.
    pub language: Language,
    /// Subject.
    pub subject: String,
    /// Plain text. Empty after the mail was sent, because it can contain a link.
    pub text: String,
    /// HTML. Empty after the mail was sent, because it can contain a link.
    pub html: String,
    /// Time at which it was created.
    pub created: Timestamp,
    /// Delivery status.
    pub status: MailStatus,
    /// Number of delivery attempts.
    pub attempts: u32,
    /// Time at which it was sent, or of the next attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_or_sent: Option<Timestamp>,
}

from_json!(MailResource {
    id,
    to,
    language,
    subject,
    text,
    html,
    created,
    status,
    attempts,
    next_or_sent = "nextOrSent",
});
