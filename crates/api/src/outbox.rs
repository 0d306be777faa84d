//! The outbox on the wire.

use rules::{EmailAddress, Language, MailId, Timestamp, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::json::from_json;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum MailStatus {
    /// It waits for the mail server, or is kept where there is none.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was tried for days and given up.
    Failed,
    /// The link in it died while it waited, so it is not sent any more: its invitation got
    /// another link, was answered or withdrawn, or expired.
    Superseded,
}

string_enum!(MailStatus);

/// A mail in the outbox (`GET /api/outbox`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Its identifier.
    pub id: MailId,
    /// Whom it goes to.
    pub to: EmailAddress,
    /// Its language.
    pub language: Language,
    /// Its subject.
    pub subject: String,
    /// Its text. Empty once the mail server took it: it may hold a link.
    pub text: String,
    /// Its text as HTML; empty likewise.
    pub html: String,
    /// When it was written.
    pub created: Timestamp,
    /// What became of it.
    pub status: MailStatus,
    /// How often sending it was tried.
    pub attempts: u32,
    /// When it was sent, or when it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_or_sent: Option<Timestamp>,
}

from_json!(Mail {
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
