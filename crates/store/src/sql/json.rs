//! JSON in columns: lists, states and other values without columns of their own.
//!
//! The format of each is declared beside its table, as a copy of the type for
//! `#[serde(remote = "…")]`. How the API writes the type does not matter. A field that is
//! added to the type fails the build until its format is decided. The column `format` of a
//! row has the version of the formats.

use rules::{AdminRole, Cloud, CountryCode, Industry, OrganizationSize, Service, UserRole};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use service::StoreError;
use service::stored::StoredName;

use super::columns::{FromColumns, InvalidColumn, ToColumns, text};

/// Returns a value as the JSON text of a column.
pub(super) fn to_json(value: &impl Serialize) -> Result<[ToSqlOutput<'static>; 1], StoreError> {
    let json = serde_json::to_string(value).map_err(|error| {
        StoreError::Engine(format!("a value can't be written as JSON: {error}"))
    })?;
    Ok([ToSqlOutput::Owned(Value::Text(json))])
}

/// Reads the JSON text of a column.
pub(super) fn from_json<T: DeserializeOwned>(column: ValueRef<'_>) -> Result<T, InvalidColumn> {
    serde_json::from_str(text(column)?).map_err(InvalidColumn::new)
}

/// Stores a type as JSON in a format, and lists of the type as JSON arrays. The format is the
/// name of a type with `#[serde(remote = "…")]`.
macro_rules! json_columns {
    ($type:ident: $format:literal) => {
        const _: () = {
            use rusqlite::types::{ToSqlOutput, ValueRef};

            use $crate::sql::columns::{FromColumns, InvalidColumn, ToColumns};
            use $crate::sql::json::{from_json, to_json};

            #[derive(serde::Serialize)]
            struct Written<'a>(#[serde(with = $format)] &'a $type);

            #[derive(serde::Deserialize)]
            struct Parsed(#[serde(with = $format)] $type);

            impl ToColumns<1> for $type {
                fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], service::StoreError> {
                    to_json(&Written(self))
                }
            }

            impl FromColumns<1> for $type {
                fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
                    from_json(column).map(|Parsed(value)| value)
                }
            }

            impl ToColumns<1> for Vec<$type> {
                fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], service::StoreError> {
                    to_json(&self.iter().map(Written).collect::<Vec<_>>())
                }
            }

            impl FromColumns<1> for Vec<$type> {
                fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
                    let parsed: Vec<Parsed> = from_json(column)?;
                    Ok(parsed.into_iter().map(|Parsed(value)| value).collect())
                }
            }
        };
    };
}

pub(super) use json_columns;

/// Stores lists of named values as JSON arrays of their names.
macro_rules! name_lists {
    ($($type:ident),+ $(,)?) => {$(
        impl ToColumns<1> for Vec<$type> {
            fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
                to_json(&self.iter().map(StoredName::stored_name).collect::<Vec<_>>())
            }
        }

        impl FromColumns<1> for Vec<$type> {
            fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
                let names: Vec<String> = from_json(column)?;
                names.iter().map(|name| super::columns::named(name)).collect()
            }
        }
    )+};
}

name_lists!(AdminRole, Cloud, Industry, OrganizationSize, Service, UserRole);

impl ToColumns<1> for Vec<CountryCode> {
    fn to_columns(&self) -> Result<[ToSqlOutput<'_>; 1], StoreError> {
        to_json(&self.iter().map(CountryCode::as_str).collect::<Vec<_>>())
    }
}

impl FromColumns<1> for Vec<CountryCode> {
    fn from_columns([column]: [ValueRef<'_>; 1]) -> Result<Self, InvalidColumn> {
        let codes: Vec<String> = from_json(column)?;
        codes.iter().map(|code| code.parse().map_err(InvalidColumn::new)).collect()
    }
}
