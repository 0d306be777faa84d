//! Reads JSON responses in the page: a tree, and a small reader for each type.
//!
//! The server and the tests use serde for the same types. In the page, the code that serde
//! derives would be larger than most of what is done with the values: it is generated for each
//! type, accepts fields in any order and describes every mistake. The page does not need that.
//! The browser parses the text, a field costs one lookup, and a response that can't be read is
//! `None`.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use rules::{
    EnquiryState, EnquiryStatus, InvitationState, InvitationStatus, Location, Money, Offer, Price,
    RelationshipState, RelationshipStatus, RoleGrant, SubscriptionState, SubscriptionStatus,
};

/// A parsed JSON text.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number. JavaScript has only floating-point numbers.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object: names and values, in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Returns the member with this name, or `None` if this is no object. A missing member is
    /// returned as null, so that the two mean the same.
    fn get(&self, name: &str) -> Option<&Self> {
        static NULL: Json = Json::Null;
        let Self::Object(values) = self else { return None };
        let found = values.iter().find(|(own, _)| own == name);
        Some(found.map_or(&NULL, |(_, value)| value))
    }

    /// Returns the string, if this is one.
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number, if it is an integer that JavaScript represents exactly.
    fn integer(&self) -> Option<i64> {
        /// 2⁵³ − 1, JavaScript's `Number.MAX_SAFE_INTEGER`.
        const MAX: f64 = 9_007_199_254_740_991.0;
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= MAX => {
                Some(*number as i64)
            }
            _ => None,
        }
    }
}

/// For tests, which have no browser to parse a text.
impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(bool),
            Value::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(values) => Self::Object(
                values.into_iter().map(|(name, value)| (name, Self::from(value))).collect(),
            ),
        }
    }
}

/// A type that the page can read from a response. It accepts everything that serde's
/// `Deserialize` of the type accepts, and also null for an optional value.
pub trait FromJson: Sized {
    /// Reads the value. `None` if the JSON has another form.
    fn from_json(json: &Json) -> Option<Self>;
}

/// Reads a member of an object. A function rather than part of the macro, so that the code
/// exists once for each type instead of once for each field.
pub(crate) fn field<T: FromJson>(object: &Json, name: &str) -> Option<T> {
    T::from_json(object.get(name)?)
}

/// Reads a struct, or an enum variant with fields, from an object. A field is followed by its
/// JSON name if that differs, and by `or default` if serde has `default`; an `Option` does not
/// need that. It expands to a struct literal, so a missing field fails the build.
macro_rules! object {
    ($json:ident as $($type:ident)::+ {
        $($field:ident $(= $name:literal)? $(or $default:ident)?),+ $(,)?
    }) => {
        $($type)::+ {
            $($field: $crate::json::object!(
                @read $json, $crate::json::object!(@name $field $($name)?) $(, or $default)?
            ),)+
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@read $json:ident, $name:expr) => { $crate::json::field($json, $name)? };
    (@read $json:ident, $name:expr, or default) => {
        $crate::json::field::<Option<_>>($json, $name)?.unwrap_or_default()
    };
}

/// Implements [`FromJson`] for a struct. See [`object`] for the syntax of the fields.
macro_rules! from_json {
    ($type:ident $fields:tt) => {
        impl $crate::json::FromJson for $type {
            fn from_json(json: &$crate::json::Json) -> Option<Self> {
                Some($crate::json::object!(json as Self $fields))
            }
        }
    };
}

/// Implements [`FromJson`] for types that are strings in JSON, through their parsers.
macro_rules! from_text {
    ($($type:ty),+ $(,)?) => {$(
        impl FromJson for $type {
            fn from_json(json: &Json) -> Option<Self> {
                json.text()?.parse().ok()
            }
        }
    )+};
}

/// Implements [`FromJson`] for integers.
macro_rules! from_integer {
    ($($type:ty),+ $(,)?) => {$(
        impl FromJson for $type {
            fn from_json(json: &Json) -> Option<Self> {
                json.integer()?.try_into().ok()
            }
        }
    )+};
}

pub(crate) use {from_json, object};

from_text!(
    String,
    crate::AgreementState,
    crate::AuditAction,
    crate::ETag,
    crate::MailStatus,
    crate::TargetKind,
    rules::AccountKind,
    rules::AdminRole,
    rules::BillingAccountId,
    rules::Cloud,
    rules::CountryCode,
    rules::Currency,
    rules::Description,
    rules::DisplayName,
    rules::DocumentHash,
    rules::DomainName,
    rules::EmailAddress,
    rules::EndedBy,
    rules::EnquiryId,
    rules::EnquiryStatus,
    rules::Industry,
    rules::InvitationId,
    rules::InvitationStatus,
    rules::Language,
    rules::MailId,
    rules::NextStep,
    rules::Note,
    rules::OfferKind,
    rules::OrganizationId,
    rules::OrganizationKind,
    rules::OrganizationSize,
    rules::PartnerId,
    rules::PartnerType,
    rules::PhoneNumber,
    rules::ProductId,
    rules::Refusal,
    rules::RelationshipId,
    rules::RelationshipStatus,
    rules::Service,
    rules::SubscriptionId,
    rules::SubscriptionStatus,
    rules::Term,
    rules::Timestamp,
    rules::UserId,
    rules::UserRole,
);

from_integer!(i64, u32, u64, usize);

impl FromJson for bool {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Bool(bool) => Some(*bool),
            _ => None,
        }
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            some => T::from_json(some).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::List(items) = json else { return None };
        let mut list = Vec::new();
        for item in items {
            list.push(T::from_json(item)?);
        }
        Some(list)
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::Object(values) = json else { return None };
        let mut map = Self::new();
        for (name, value) in values {
            map.insert(name.clone(), T::from_json(value)?);
        }
        Some(map)
    }
}

from_json!(RoleGrant { role, since, ends });
from_json!(Location { country, city });
from_json!(Offer { kind, product, quantity });
from_json!(Money { amount, currency });
from_json!(Price { term, unit });

// A state has its status as a tag. Matching on the type of the status rather than on text
// fails the build if a status is missing.

impl FromJson for InvitationState {
    fn from_json(json: &Json) -> Option<Self> {
        Some(match field(json, "status")? {
            InvitationStatus::Draft => Self::Draft,
            InvitationStatus::Sent => object!(json as Self::Sent { at, expires, resent }),
            InvitationStatus::Accepted => object!(json as Self::Accepted { at, by, sent }),
            InvitationStatus::Canceled => {
                object!(json as Self::Canceled { at, by, reason, sent })
            }
            InvitationStatus::Withdrawn => object!(json as Self::Withdrawn { at, by, sent }),
            // Computed from the clock, so never part of a state.
            InvitationStatus::Expired => return None,
        })
    }
}

impl FromJson for EnquiryState {
    fn from_json(json: &Json) -> Option<Self> {
        Some(match field(json, "status")? {
            EnquiryStatus::Sent => object!(json as Self::Sent { expires }),
            EnquiryStatus::Read => object!(json as Self::Read { at, by, expires }),
            EnquiryStatus::Declined => object!(json as Self::Declined { at, by, reason }),
            EnquiryStatus::Invited => object!(json as Self::Invited { at, by, invitation }),
            // Computed from the clock, so never part of a state.
            EnquiryStatus::Expired => return None,
        })
    }
}

impl FromJson for RelationshipState {
    fn from_json(json: &Json) -> Option<Self> {
        Some(match field(json, "status")? {
            RelationshipStatus::Active => Self::Active,
            RelationshipStatus::Ended => object!(json as Self::Ended { at, by, user }),
        })
    }
}

impl FromJson for SubscriptionState {
    fn from_json(json: &Json) -> Option<Self> {
        Some(match field(json, "status")? {
            SubscriptionStatus::Trial => object!(json as Self::Trial { ends }),
            SubscriptionStatus::Active => Self::Active,
            SubscriptionStatus::Suspended => object!(json as Self::Suspended { at, by }),
            SubscriptionStatus::Ended => object!(json as Self::Ended { at, by }),
        })
    }
}
