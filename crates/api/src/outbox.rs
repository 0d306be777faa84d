//! The outbox of mails.

use rules::{EmailAddress, Language, MailId, Timestamp, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::list::{List, ListField, ListQuery, SortOrder, SortOrders, list_filter};

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

/// Field by which the outbox is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OutboxField {
    /// Time at which the mail was created.
    Created,
}

string_enum!(OutboxField);

impl ListField for OutboxField {}

list_filter! {
    /// Filter of the outbox.
    OutboxFilter {
        /// Delivery statuses.
        status: Vec<MailStatus> = "status",
    }
}

/// The outbox (`GET /api/outbox`), newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxList;

impl List for OutboxList {
    type Filter = OutboxFilter;
    type Field = OutboxField;
    const SEARCH: Option<&'static str> = None;
    const DEFAULT_ORDER: SortOrder<OutboxField> = SortOrder::descending(OutboxField::Created);
    const ORDERS: SortOrders = SortOrders::DefaultOnly;
}

/// Query of the outbox.
pub type OutboxQuery = ListQuery<OutboxList>;
