//! Conversion between values and the columns that hold them.
//!
//! Columns are parsed as strictly as user input. What does not parse is an error, never a
//! panic.

use std::fmt::Display;
use std::str::FromStr;

use api::{MailStatus, SortKey};
use rules::{
    AcceptanceId, AccountKind, BillingAccountId, Cloud, CountryCode, Currency, Description,
    DisplayName, DocumentHash, DomainName, EmailAddress, EnquiryId, InvitationId, Language, MailId,
    Money, Note, OrderRequestId, OrganizationId, OrganizationKind, OrganizationSize, PartnerId,
    PartnerOfRecord, PartnerType, PhoneNumber, ProductId, RelationshipId, SubscriptionId, Term,
    Timestamp, UserId,
};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use service::model::PasswordHash;
use service::stored::StoredName;
use service::{StoreError, TokenHash};

/// A value that is written to `N` columns.
pub(crate) trait ToColumns<const N: usize> {
    /// Returns the value of each column.
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; N], StoreError>;
}

/// A value that is read from `N` columns.
pub(crate) trait FromColumns<const N: usize>: Sized {
    /// Converts the values of the columns.
    fn from_columns(columns: [ValueRef<'_>; N]) -> Result<Self, InvalidColumn>;
}

/// Reason why a column does not hold what the program wrote.
#[derive(Debug)]
pub(crate) struct InvalidColumn(pub(crate) String);

impl InvalidColumn {
    pub(super) fn new(reason: impl Display) -> Self {
        Self(reason.to_string())
    }

    fn unexpected(column: ValueRef<'_>, expected: &str) -> Self {
        Self(match column {
            ValueRef::Null => format!("nothing where {expected} belongs"),
            other => format!("{} where {expected} belongs", other.data_type()),
        })
    }
}

pub(super) fn text(column: ValueRef<'_>) -> Result<&str, InvalidColumn> {
    match column {
        ValueRef::Text(text) => std::str::from_utf8(text).map_err(InvalidColumn::new),
        other => Err(InvalidColumn::unexpected(other, "text")),
    }
}

fn parsed<T: FromStr<Err: Display>>(column: ValueRef<'_>) -> Result<T, InvalidColumn> {
    text(column)?.parse().map_err(InvalidColumn::new)
}

fn text_output(text: &str) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
}

const fn integer_output(integer: i64) -> ToSqlOutput<'static> {
    ToSqlOutput::Borrowed(ValueRef::Integer(integer))
}

impl<const N: usize, T: ToColumns<N> + ?Sized> ToColumns<N> for &T {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; N], StoreError> {
        (*self).to_columns()
    }
}

/// A missing value is NULL in all of its columns.
impl<const N: usize, T: ToColumns<N>> ToColumns<N> for Option<T> {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; N], StoreError> {
        match self {
            Some(value) => value.to_columns(),
            None => Ok([const { ToSqlOutput::Borrowed(ValueRef::Null) }; N]),
        }
    }
}

impl<const N: usize, T: FromColumns<N>> FromColumns<N> for Option<T> {
    fn from_columns(columns: [ValueRef<'_>; N]) -> Result<Self, InvalidColumn> {
        if columns.iter().all(|column| *column == ValueRef::Null) {
            return Ok(None);
        }
        T::from_columns(columns).map(Some)
    }
}

impl<A: ToColumns<1>, B: ToColumns<1>> ToColumns<2> for (A, B) {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 2], StoreError> {
        let [a] = self.0.to_columns()?;
        let [b] = self.1.to_columns()?;
        Ok([a, b])
    }
}

impl<A: ToColumns<1>, B: ToColumns<1>, C: ToColumns<1>> ToColumns<3> for (A, B, C) {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 3], StoreError> {
        let [a] = self.0.to_columns()?;
        let [b] = self.1.to_columns()?;
        let [c] = self.2.to_columns()?;
        Ok([a, b, c])
    }
}

impl<A: ToColumns<1>, B: ToColumns<1>, C: ToColumns<1>, D: ToColumns<1>> ToColumns<4>
    for (A, B, C, D)
{
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 4], StoreError> {
        let [a] = self.0.to_columns()?;
        let [b] = self.1.to_columns()?;
        let [c] = self.2.to_columns()?;
        let [d] = self.3.to_columns()?;
        Ok([a, b, c, d])
    }
}

impl ToColumns<1> for i64 {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([integer_output(*self)])
    }
}

impl FromColumns<1> for i64 {
    fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        match column {
            ValueRef::Integer(integer) => Ok(integer),
            other => Err(InvalidColumn::unexpected(other, "an integer")),
        }
    }
}

impl ToColumns<1> for u32 {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([integer_output(i64::from(*self))])
    }
}

impl FromColumns<1> for u32 {
    fn from_columns(columns: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        i64::from_columns(columns)?.try_into().map_err(InvalidColumn::new)
    }
}

impl ToColumns<1> for bool {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([integer_output(i64::from(*self))])
    }
}

impl FromColumns<1> for bool {
    fn from_columns(columns: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        match i64::from_columns(columns)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(InvalidColumn(format!("{other} where 0 or 1 belongs"))),
        }
    }
}

impl ToColumns<1> for Timestamp {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([integer_output(self.milliseconds())])
    }
}

impl FromColumns<1> for Timestamp {
    fn from_columns(columns: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        let milliseconds = i64::from_columns(columns)?;
        let timestamp = Self::from_milliseconds(milliseconds);
        // The constructor clamps values out of range; in a column they are damage.
        if timestamp.milliseconds() == milliseconds {
            Ok(timestamp)
        } else {
            Err(InvalidColumn::new("not a moment between 1970 and 9999"))
        }
    }
}

impl ToColumns<1> for str {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([text_output(self)])
    }
}

impl ToColumns<1> for String {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([text_output(self)])
    }
}

impl FromColumns<1> for String {
    fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        text(column).map(str::to_owned)
    }
}

impl ToColumns<1> for TokenHash {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([text_output(self.as_str())])
    }
}

impl FromColumns<1> for TokenHash {
    fn from_columns(columns: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        String::from_columns(columns).map(Self::from_stored)
    }
}

impl ToColumns<1> for PasswordHash {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([text_output(&self.0)])
    }
}

impl FromColumns<1> for PasswordHash {
    fn from_columns(columns: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        String::from_columns(columns).map(Self)
    }
}

impl ToColumns<1> for SortKey {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        Ok([match self {
            Self::Integer(integer) => integer_output(*integer),
            Self::Text(text) => text_output(text),
        }])
    }
}

impl FromColumns<1> for SortKey {
    fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        match column {
            ValueRef::Integer(integer) => Ok(Self::Integer(integer)),
            column => text(column).map(|text| Self::Text(text.to_owned())),
        }
    }
}

/// Stores ids as the text of their UUID.
macro_rules! id_columns {
    ($($id:ident),+ $(,)?) => {$(
        impl ToColumns<1> for $id {
            fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
                Ok([ToSqlOutput::Owned(Value::Text(self.to_string()))])
            }
        }

        impl FromColumns<1> for $id {
            fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
                parsed(column)
            }
        }
    )+};
}

id_columns!(
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
    UserId,
);

/// Stores types that have a text (`as_str`) as this text.
macro_rules! text_columns {
    ($($type:ident),+ $(,)?) => {$(
        impl ToColumns<1> for $type {
            fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
                Ok([text_output(self.as_str())])
            }
        }

        impl FromColumns<1> for $type {
            fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
                parsed(column)
            }
        }
    )+};
}

text_columns!(
    CountryCode,
    Currency,
    Description,
    DisplayName,
    DocumentHash,
    DomainName,
    EmailAddress,
    Language,
    Note,
    PartnerId,
    PhoneNumber,
    Term,
);

/// Returns the value with this name.
pub(super) fn named<T: StoredName>(name: &str) -> Result<T, InvalidColumn> {
    T::from_stored_name(name).ok_or_else(|| InvalidColumn(format!("the name {name} is unknown")))
}

/// Stores values by their names.
macro_rules! name_columns {
    ($($type:ident),+ $(,)?) => {$(
        impl ToColumns<1> for $type {
            fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
                Ok([text_output(self.stored_name())])
            }
        }

        impl FromColumns<1> for $type {
            fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
                named(text(column)?)
            }
        }
    )+};
}

name_columns!(AccountKind, Cloud, MailStatus, OrganizationKind, OrganizationSize, PartnerType,);

/// An amount, in the minor units of its currency, and the currency.
impl ToColumns<2> for Money {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 2], StoreError> {
        Ok([integer_output(self.amount), text_output(self.currency.as_str())])
    }
}

impl FromColumns<2> for Money {
    fn from_columns([amount, currency]: [ValueRef<'_>; 2]) -> Result<Self, InvalidColumn> {
        Ok(Self { amount: i64::from_columns([amount])?, currency: parsed(currency)? })
    }
}

/// The Partner ID, the partner, when it was set, and by whom.
impl ToColumns<4> for PartnerOfRecord {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 4], StoreError> {
        let [partner_id] = self.partner_id.to_columns()?;
        let [partner] = self.partner.to_columns()?;
        let [since] = self.since.to_columns()?;
        let [set_by] = self.set_by.to_columns()?;
        Ok([partner_id, partner, since, set_by])
    }
}

impl FromColumns<4> for PartnerOfRecord {
    fn from_columns(
        [partner_id, partner, since, set_by]: [ValueRef<'_>; 4],
    ) -> Result<Self, InvalidColumn> {
        Ok(Self {
            partner_id: parsed(partner_id)?,
            partner: parsed(partner)?,
            since: Timestamp::from_columns([since])?,
            set_by: parsed(set_by)?,
        })
    }
}
