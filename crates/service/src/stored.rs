//! How values are written in stored rows and in the audit log, apart from how the API writes
//! them: a field or a value of the API can be renamed without any effect on what is stored.
//!
//! The modules are for `#[serde(with = "…")]`.

mod names;

use std::borrow::Cow;

use serde::Deserialize;

/// A text to parse, which is copied only if it has escapes.
#[derive(Deserialize)]
struct StoredText<'a>(#[serde(borrow)] Cow<'a, str>);

/// A value with a name in stored rows.
pub trait StoredName: Sized + 'static {
    /// Returns the name.
    fn stored_name(&self) -> &'static str;
    /// Returns the value of a name.
    fn from_stored_name(name: &str) -> Option<Self>;
}

/// Writes a value by its [`StoredName`].
pub mod name {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{StoredName, StoredText};

    /// Serializes the name.
    pub fn serialize<T: StoredName, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.stored_name())
    }

    /// Deserializes the name.
    pub fn deserialize<'de, T: StoredName, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let StoredText(name) = StoredText::deserialize(deserializer)?;
        T::from_stored_name(&name)
            .ok_or_else(|| D::Error::custom(format_args!("the name {name} is unknown")))
    }
}

/// Writes a value as the text that its parser reads.
pub mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::StoredText;

    /// Serializes the text.
    pub fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Deserializes the text.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let StoredText(text) = StoredText::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Writes an optional value as the text that its parser reads.
pub mod optional_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::StoredText;

    /// Serializes the text. Give the field `skip_serializing_if` too.
    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    /// Deserializes the text. Give the field `default` too.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text: Option<StoredText<'_>> = Option::deserialize(deserializer)?;
        text.map(|StoredText(text)| text.parse().map_err(D::Error::custom)).transpose()
    }
}

/// Writes a time as milliseconds since 1970, like a column of its own.
pub mod milliseconds {
    use rules::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Serializes the milliseconds.
    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(time.milliseconds())
    }

    /// Deserializes the milliseconds.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_milliseconds)
    }
}

/// Writes an optional time as milliseconds since 1970.
pub mod optional_milliseconds {
    use rules::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Serializes the milliseconds. Give the field `skip_serializing_if` too.
    pub fn serialize<S: Serializer>(
        time: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(Timestamp::milliseconds).serialize(serializer)
    }

    /// Deserializes the milliseconds. Give the field `default` too.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let milliseconds: Option<i64> = Option::deserialize(deserializer)?;
        Ok(milliseconds.map(Timestamp::from_milliseconds))
    }
}
