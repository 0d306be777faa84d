//! Values on their way into a statement and out of a row.

use std::borrow::Cow;

use rules::{
    AcceptanceId, BillingAccountId, EnquiryId, InvitationId, MailId, OrderRequestId,
    OrganizationId, ProductId, RelationshipId, SubscriptionId, Timestamp, UserId,
};
use service::{StoreError, TokenHash};

/// The three kinds of values that our tables know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Null,
    /// A BIGINT.
    Integer(i64),
    /// A TEXT.
    Text(Cow<'a, str>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Integer(i64::from(truth))
    }
}

impl From<u32> for Value<'_> {
    fn from(integer: u32) -> Self {
        Self::Integer(i64::from(integer))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.milliseconds())
    }
}

impl<'a> From<&'a TokenHash> for Value<'a> {
    fn from(hash: &'a TokenHash) -> Self {
        hash.as_str().into()
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl From<$id> for Value<'_> {
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

/// A list or a state as JSON text.
pub(super) fn json(value: &impl serde::Serialize) -> Result<Value<'static>, StoreError> {
    serde_json::to_string(value)
        .map(Into::into)
        .map_err(|error| StoreError::Engine(format!("a value can't be written as JSON: {error}")))
}

/// A list of values of different types, for a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::Value::from($value)),*]
    };
}

pub(super) use values;
