//! Macros for types that are strings in JSON and in query strings.

/// Describes a string type for OpenAPI: with its values, with a format, or as any text.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! string_schema {
    (@object values $type:ident) => {
        $crate::string_schema!(@object).enum_values(Some($type::ALL.iter().map(|value| value.as_str())))
    };
    (@object $format:literal) => {
        $crate::string_schema!(@object).format(Some(
            $crate::utoipa::openapi::schema::SchemaFormat::Custom($format.to_owned()),
        ))
    };
    (@object) => {
        $crate::utoipa::openapi::ObjectBuilder::new()
            .schema_type($crate::utoipa::openapi::schema::Type::String)
    };
    ($type:ident $($of:tt)*) => {
        impl $crate::utoipa::PartialSchema for $type {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::schema::Schema> {
                $crate::string_schema!(@object $($of)*).into()
            }
        }

        impl $crate::utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($type))
            }
        }
    };
}

/// Does nothing, so that the page carries no schemas.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! string_schema {
    ($type:ident $($of:tt)*) => {};
}

/// Adds `ALL`, `as_str`, `Display`, `FromStr`, `Into<String>`, serde's traits and the schema
/// to an enum without fields. The names come from `strum`: the enum derives
/// [`strum::VariantArray`] and [`strum::VariantNames`].
#[macro_export]
macro_rules! string_enum {
    ($type:ident) => {
        impl $type {
            /// All values, in the order in which lists show them.
            pub const ALL: &'static [Self] = <Self as ::strum::VariantArray>::VARIANTS;

            /// Returns the name in the API and in logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                <Self as ::strum::VariantNames>::VARIANTS[self as usize]
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::FieldError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|value| value.as_str() == text)
                    .ok_or($crate::FieldError::NotAnOption)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.as_str().to_owned()
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }

        $crate::string_schema!($type values $type);
    };
}

/// Adds `as_str`, `Display`, `FromStr`, the conversion for serde's `Deserialize`, `Serialize`
/// and the schema to a newtype over a string. Optional arguments: the format in the OpenAPI schema, and the
/// function that reads stored and received values if that is not `parse`.
macro_rules! string_newtype {
    ($type:ident $($format:literal)?) => {
        crate::string_types::string_newtype!($type $($format)?, parse);
    };
    ($type:ident $($format:literal)?, $read:ident) => {
        impl $type {
            /// Returns the parsed text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::FieldError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::$read(text)
            }
        }

        /// Without a copy, because a page of a list has hundreds of texts.
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = crate::FieldError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::$read(&text)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }

        crate::string_schema!($type $($format)?);
    };
}

pub(crate) use string_newtype;

#[cfg(test)]
mod tests {
    use crate::{Cloud, FieldError, OrganizationSize, PartnerType, Refusal, Term};

    #[test]
    fn names_follow_the_attributes_of_strum() {
        assert_eq!(PartnerType::OemPc.as_str(), "oemPc");
        assert_eq!(Refusal::OfferOnlyIn21Vianet.as_str(), "offerOnlyIn21Vianet");
        assert_eq!(Cloud::Vianet21.as_str(), "21vianet");
        assert_eq!(OrganizationSize::From1To9.as_str(), "1to9");
        assert_eq!(Term::Month.as_str(), "P1M");
    }

    #[test]
    fn every_name_is_parsed_to_its_value() {
        for size in OrganizationSize::ALL {
            assert_eq!(size.as_str().parse(), Ok(*size));
        }
        assert_eq!("From1To9".parse::<OrganizationSize>(), Err(FieldError::NotAnOption));
    }
}
