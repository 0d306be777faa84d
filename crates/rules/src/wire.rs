//! What the closed sets of names share: one table of names a type, from which
//! come the name on the wire, the parser and the list of all.

/// Describes a type that is a string on the wire, for whoever writes the document of
/// the API: with the values that it can have, or with a format. Without the feature
/// `openapi` it says nothing, so that the page carries none of it.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! text_schema {
    (@object [$($value:expr),+]) => {
        $crate::utoipa::openapi::ObjectBuilder::new()
            .schema_type($crate::utoipa::openapi::schema::Type::String)
            .enum_values(Some([$($value),+]))
    };
    (@object $format:literal) => {
        $crate::utoipa::openapi::ObjectBuilder::new()
            .schema_type($crate::utoipa::openapi::schema::Type::String)
            .format(Some($crate::utoipa::openapi::schema::SchemaFormat::Custom(
                $format.to_owned(),
            )))
    };
    (@object) => {
        $crate::utoipa::openapi::ObjectBuilder::new()
            .schema_type($crate::utoipa::openapi::schema::Type::String)
    };
    ($type:ident $($of:tt)*) => {
        impl $crate::utoipa::PartialSchema for $type {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::schema::Schema> {
                $crate::text_schema!(@object $($of)*).into()
            }
        }

        impl $crate::utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($type))
            }
        }
    };
}

/// The same without the feature `openapi`: nothing.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! text_schema {
    ($type:ident $($of:tt)*) => {};
}

/// Gives a fieldless enum its wire names, `ALL`, `as_str`, `FromStr`, `Display` and
/// the conversions that serde uses.
#[macro_export]
macro_rules! names {
    ($type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in the order in which lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the API, in the database and in logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
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
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::FieldError::NotAnOption),
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::FieldError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.as_str().to_owned()
            }
        }

        $crate::text_schema!($type [$($name),+]);
    };
}

/// Gives a newtype over a string `as_str`, `Display`, `FromStr` and the conversions serde
/// uses; with the format of the text where OpenAPI has a word for it.
macro_rules! parsed_text {
    // What is kept and sent is read by the type's one parser, unless it names another.
    ($type:ident $($format:literal)?) => { crate::wire::parsed_text!($type $($format)?, parse); };
    ($type:ident $($format:literal)?, $read:ident) => {
        impl $type {
            /// The parsed text.
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

        crate::text_schema!($type $($format)?);
    };
}

pub(crate) use parsed_text;
