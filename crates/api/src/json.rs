//! Reads JSON responses in the page: a tree, from which serde's derives read each type.
//!
//! The server and the tests read the same types with `serde_json`. In the page, each type would
//! then bring code that accepts its members in any order and describes every mistake. This
//! deserializer hands a struct its fields in the declared order instead, as formats without
//! names do, so that only the derived reader of sequences is compiled, and its error has no
//! text. docs/PERFORMANCE.md has the bytes that both save, and how to measure them again.
//!
//! Serde's attributes work as usual, with two exceptions that the tests of `api` notice: a
//! missing `Option` needs `#[serde(default)]`, and `#[serde(alias)]` shifts the fields. Enums
//! are strings with a parser, or have a tag.

#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::slice;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
    value::BorrowedStrDeserializer,
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

/// Error of JSON that has another form than the type to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnexpectedJson;

impl fmt::Display for UnexpectedJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the JSON has another form than expected")
    }
}

impl std::error::Error for UnexpectedJson {}

impl de::Error for UnexpectedJson {
    /// Drops the message, so that no message is compiled.
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }
}

impl Json {
    /// Reads a value. Unknown members of objects are ignored.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, UnexpectedJson> {
        T::deserialize(self)
    }
}

/// Returns the number, if it is an integer that JavaScript represents exactly.
fn integer(number: f64) -> Option<i64> {
    /// 2⁵³ − 1, JavaScript's `Number.MAX_SAFE_INTEGER`.
    const MAX: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and fits")]
    (number.fract() == 0.0 && number.abs() <= MAX).then_some(number as i64)
}

/// For tests and the demo, where no browser parses a text.
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

impl<'de> Deserializer<'de> for &'de Json {
    type Error = UnexpectedJson;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, UnexpectedJson> {
        let Json::Object(members) = self else { return Err(UnexpectedJson) };
        visitor.visit_seq(StructFields { members, names: fields.iter() })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnexpectedJson> {
        match self {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, UnexpectedJson> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnexpectedJson> {
        match self {
            Json::Null => visitor.visit_unit(),
            Json::Bool(bool) => visitor.visit_bool(*bool),
            Json::Number(number) => match integer(*number) {
                Some(integer) => visitor.visit_i64(integer),
                None => visitor.visit_f64(*number),
            },
            Json::Text(text) => visitor.visit_borrowed_str(text),
            Json::List(items) => visitor.visit_seq(ArrayItems(items.iter())),
            Json::Object(members) => {
                visitor.visit_map(ObjectMembers { rest: members.iter(), value: &Json::Null })
            }
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The items of an array.
struct ArrayItems<'de>(slice::Iter<'de, Json>);

impl<'de> SeqAccess<'de> for ArrayItems<'de> {
    type Error = UnexpectedJson;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, UnexpectedJson> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

/// The fields of a struct, in the order in which it declares them.
struct StructFields<'de> {
    members: &'de [(String, Json)],
    names: slice::Iter<'static, &'static str>,
}

impl<'de> StructFields<'de> {
    /// Returns the member of the next name. A function rather than part of the generic one,
    /// so that the search is compiled once.
    fn next_value(&mut self) -> Option<&'de Json> {
        let name = self.names.next()?;
        self.members.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl<'de> SeqAccess<'de> for StructFields<'de> {
    type Error = UnexpectedJson;

    /// Reads the next field. `None` if it is missing, for which the struct has a default or
    /// returns an error.
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, UnexpectedJson> {
        self.next_value().map(|value| seed.deserialize(value)).transpose()
    }
}

/// The members of a map, or of an enum with a tag.
struct ObjectMembers<'de> {
    rest: slice::Iter<'de, (String, Json)>,
    /// Value of the name that was read last.
    value: &'de Json,
}

impl<'de> MapAccess<'de> for ObjectMembers<'de> {
    type Error = UnexpectedJson;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, UnexpectedJson> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, UnexpectedJson> {
        seed.deserialize(self.value)
    }
}
