//! Values of statements.

use std::borrow::Cow;

use rules::{
    AcceptanceId, BillingAccountId, EnquiryId, InvitationId, MailId, OrderRequestId,
    OrganizationId, ProductId, RelationshipId, SubscriptionId, Timestamp, UserId,
};
use service::{StoreError, TokenHash};

/// A value for a placeholder, of one of the three types that the tables use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SqlValue<'a> {
    /// NULL.
    Null,
    /// An INTEGER.
    Integer(i64),
    /// A TEXT.
    Text(Cow<'a, str>),
}

impl<'a> From<&'a str> for SqlValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for SqlValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for SqlValue<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for SqlValue<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<bool> for SqlValue<'_> {
    fn from(truth: bool) -> Self {
        Self::Integer(i64::from(truth))
    }
}

impl From<u32> for SqlValue<'_> {
    fn from(integer: u32) -> Self {
        Self::Integer(i64::from(integer))
    }
}

impl From<Timestamp> for SqlValue<'_> {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.milliseconds())
    }
}

impl<'a> From<&'a TokenHash> for SqlValue<'a> {
    fn from(hash: &'a TokenHash) -> Self {
        hash.as_str().into()
    }
}

impl<'a, T: Into<SqlValue<'a>>> From<Option<T>> for SqlValue<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl From<$id> for SqlValue<'_> {
            fn from(id: $id) -> Self {
                Self::Text(Cow::Owned(id.to_string()))
            }
        }
    )+};
}

ids!(
    AcceptanceId,
    BillingAccountId,
    EnquiryId,
    InvitationId,
    MailId,
    OrderRequestId,
    OrganizationId,
    ProductId,
    RelationshipId,
    SubscriptionId,
    UserId
);

/// Returns a list or a state as JSON text.
pub(super) fn json(value: &impl serde::Serialize) -> Result<SqlValue<'static>, StoreError> {
    serde_json::to_string(value)
        .map(Into::into)
        .map_err(|error| StoreError::Engine(format!("a value can't be written as JSON: {error}")))
}

/// Makes the values of a statement from expressions of different types.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::SqlValue::from($value)),*]
    };
}

pub(super) use values;
