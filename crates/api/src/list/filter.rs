//! Filters (`$filter`) in the dialect of Microsoft Graph: comparisons of fields with quoted
//! values or `null`, joined by `and`.
//!
//! A filter is a struct with a field for each comparison, declared by `list_filter!`. Reading,
//! writing and the description for OpenAPI follow from its types.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use rules::{
    CountryCode, EnquiryId, EnquiryStatus, FieldError, InvitationStatus, OrganizationId,
    OrganizationSize, PartnerId, PartnerType, ProductId, RelationshipId, RelationshipStatus,
    SubscriptionStatus, UserId,
};

use crate::{AuditAction, MailStatus, TargetKind};

/// Right side of a comparison, with its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq 'value'`.
    Equals(String),
    /// `in ('value','value')`, with at least one value.
    In(Vec<String>),
    /// `eq null`.
    IsNull,
    /// `ne null`.
    IsNotNull,
}

/// A field and what it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Name of the field in the API.
    pub field: &'static str,
    /// Operator and values.
    pub comparison: Comparison,
}

/// Comparisons that a field supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparisons {
    /// `eq 'value'`.
    Equals,
    /// `eq 'value'` and `in ('value','value')`.
    EqualsOrIn,
    /// `eq 'value'`, `eq null` and `ne null`.
    EqualsOrNull,
}

/// Description of a field that a list can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterField {
    /// Name in the API.
    pub name: &'static str,
    /// Meaning, as a sentence.
    pub description: &'static str,
    /// Supported comparisons.
    pub comparisons: Comparisons,
    /// Values of an enumeration. Empty for any other type.
    pub values: &'static [&'static str],
}

/// Filter of a list. Fields that are not set do not restrict the list.
pub trait ListFilter:
    Clone + fmt::Debug + Default + PartialEq + Eq + Send + Sync + 'static
{
    /// Descriptions of the fields.
    const FIELDS: &'static [FilterField];

    /// Sets the comparison of a field.
    ///
    /// # Errors
    /// [`FieldError::NotAnOption`] for an unknown field or operator; the error of an invalid
    /// value.
    fn set(&mut self, field: &str, comparison: Comparison) -> Result<(), FieldError>;

    /// Returns the comparisons that are set.
    fn clauses(&self) -> Vec<Clause>;

    /// Parses a filter. An empty one restricts nothing.
    ///
    /// # Errors
    /// [`FieldError::NotAnOption`] for what is not in the dialect, [`FieldError::TooMany`] for a
    /// field that occurs twice, [`FieldError::UnclosedQuote`], or the error of an invalid value.
    fn parse(text: &str) -> Result<Self, FieldError> {
        let mut filter = Self::default();
        for (field, comparison) in FilterParser::parse(text)? {
            filter.set(field, comparison)?;
        }
        Ok(filter)
    }

    /// Returns the text that [`ListFilter::parse`] reads.
    fn text(&self) -> String {
        write_clauses(&self.clauses())
    }
}

/// Value that a field is compared with.
pub trait FilterValue: FromStr<Err = FieldError> + fmt::Display + PartialEq {
    /// Values of an enumeration. Empty for any other type.
    const VALUES: &'static [&'static str] = &[];
}

macro_rules! filter_values {
    (enumerations: $($enumeration:ident),+; others: $($other:ident),+ $(,)?) => {
        $(impl FilterValue for $enumeration {
            const VALUES: &'static [&'static str] = <Self as strum::VariantNames>::VARIANTS;
        })+
        $(impl FilterValue for $other {})+
    };
}
filter_values! {
    enumerations: AuditAction, EnquiryStatus, InvitationStatus, MailStatus, OrganizationSize,
        PartnerType, RelationshipStatus, SubscriptionStatus, TargetKind;
    others: CountryCode, EnquiryId, FilterText, OrganizationId, PartnerId, ProductId,
        RelationshipId, UserId,
}

/// Type of a filter's field.
pub trait Condition: Default {
    /// Supported comparisons.
    const COMPARISONS: Comparisons;
    /// Values of an enumeration. Empty for any other type.
    const VALUES: &'static [&'static str];

    /// Sets the comparison.
    ///
    /// # Errors
    /// [`FieldError::NotAnOption`] for an operator that is not supported; the error of an
    /// invalid value.
    fn set(&mut self, comparison: Comparison) -> Result<(), FieldError>;

    /// Returns the comparison if one is set.
    fn comparison(&self) -> Option<Comparison>;
}

impl<T: FilterValue> Condition for Vec<T> {
    const COMPARISONS: Comparisons = Comparisons::EqualsOrIn;
    const VALUES: &'static [&'static str] = T::VALUES;

    fn set(&mut self, comparison: Comparison) -> Result<(), FieldError> {
        let values = match comparison {
            Comparison::Equals(value) => vec![value],
            Comparison::In(values) => values,
            Comparison::IsNull | Comparison::IsNotNull => return Err(FieldError::NotAnOption),
        };
        for value in values {
            let value = value.parse()?;
            if !self.contains(&value) {
                self.push(value);
            }
        }
        Ok(())
    }

    fn comparison(&self) -> Option<Comparison> {
        (!self.is_empty()).then(|| Comparison::In(self.iter().map(T::to_string).collect()))
    }
}

impl<T: FilterValue> Condition for Option<T> {
    const COMPARISONS: Comparisons = Comparisons::Equals;
    const VALUES: &'static [&'static str] = T::VALUES;

    fn set(&mut self, comparison: Comparison) -> Result<(), FieldError> {
        let Comparison::Equals(value) = comparison else { return Err(FieldError::NotAnOption) };
        *self = Some(value.parse()?);
        Ok(())
    }

    fn comparison(&self) -> Option<Comparison> {
        self.as_ref().map(|value| Comparison::Equals(value.to_string()))
    }
}

impl Condition for Option<PartnerIdFilter> {
    const COMPARISONS: Comparisons = Comparisons::EqualsOrNull;
    const VALUES: &'static [&'static str] = &[];

    fn set(&mut self, comparison: Comparison) -> Result<(), FieldError> {
        *self = Some(match comparison {
            Comparison::Equals(id) => PartnerIdFilter::Is(id.parse()?),
            Comparison::IsNull => PartnerIdFilter::None,
            Comparison::IsNotNull => PartnerIdFilter::Any,
            Comparison::In(_) => return Err(FieldError::NotAnOption),
        });
        Ok(())
    }

    fn comparison(&self) -> Option<Comparison> {
        self.as_ref().map(|filter| match filter {
            PartnerIdFilter::Is(id) => Comparison::Equals(id.to_string()),
            PartnerIdFilter::None => Comparison::IsNull,
            PartnerIdFilter::Any => Comparison::IsNotNull,
        })
    }
}

/// Filter by a Partner ID that can be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartnerIdFilter {
    /// Rows without a Partner ID.
    None,
    /// Rows with a Partner ID.
    Any,
    /// Rows with this Partner ID.
    Is(PartnerId),
}

impl fmt::Display for PartnerIdFilter {
    /// Writes the value as in the addresses of pages: `none`, `any` or the Partner ID.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::Any => "any",
            Self::Is(id) => id.as_str(),
        })
    }
}

impl FromStr for PartnerIdFilter {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        match text {
            "none" => Ok(Self::None),
            "any" => Ok(Self::Any),
            id => PartnerId::parse(id).map(Self::Is),
        }
    }
}

/// Text that a field is compared with: 1 to [`FilterText::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterText(String);

impl FilterText {
    /// Maximum number of characters.
    pub const MAX: usize = 200;

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FilterText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for FilterText {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        match text.chars().count() {
            0 => Err(FieldError::Empty),
            1..=Self::MAX => Ok(Self(text.to_owned())),
            _ => Err(FieldError::TooLong { max: Self::MAX }),
        }
    }
}

/// Declares the filter of a list: its fields with their names in the API. The type of a field
/// decides what it can be compared with ([`Condition`]).
macro_rules! list_filter {
    (
        $(#[$meta:meta])*
        $filter:ident {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $type:ty = $name:literal,
            )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $filter {
            $(
                $(#[doc = $doc])+
                pub $field: $type,
            )+
        }

        impl $crate::list::ListFilter for $filter {
            const FIELDS: &'static [$crate::list::FilterField] = &[
                $($crate::list::FilterField {
                    name: $name,
                    description: concat!($($doc),+),
                    comparisons: <$type as $crate::list::Condition>::COMPARISONS,
                    values: <$type as $crate::list::Condition>::VALUES,
                },)+
            ];

            fn set(
                &mut self,
                field: &str,
                comparison: $crate::list::Comparison,
            ) -> Result<(), rules::FieldError> {
                match field {
                    $($name => $crate::list::Condition::set(&mut self.$field, comparison),)+
                    _ => Err(rules::FieldError::NotAnOption),
                }
            }

            fn clauses(&self) -> Vec<$crate::list::Clause> {
                let clauses = [
                    $(($name, $crate::list::Condition::comparison(&self.$field)),)+
                ];
                $crate::list::Clause::from_comparisons(clauses.into())
            }
        }
    };
}
pub(crate) use list_filter;

impl Clause {
    /// Returns the clauses of the fields that are compared.
    pub(crate) fn from_comparisons(
        comparisons: Vec<(&'static str, Option<Comparison>)>,
    ) -> Vec<Self> {
        let clause =
            |(field, comparison): (_, Option<_>)| Some(Self { field, comparison: comparison? });
        comparisons.into_iter().filter_map(clause).collect()
    }
}

/// Writes a filter.
pub(super) fn write_clauses(clauses: &[Clause]) -> String {
    let mut text = String::new();
    for Clause { field, comparison } in clauses {
        if !text.is_empty() {
            text.push_str(" and ");
        }
        text.push_str(field);
        match comparison {
            Comparison::Equals(value) => {
                text.push_str(" eq ");
                write_literal(&mut text, value);
            }
            Comparison::In(values) => {
                let mut separator = " in (";
                for value in values {
                    text.push_str(separator);
                    write_literal(&mut text, value);
                    separator = ",";
                }
                text.push(')');
            }
            Comparison::IsNull => text.push_str(" eq null"),
            Comparison::IsNotNull => text.push_str(" ne null"),
        }
    }
    text
}

/// Writes a value in quotes; a quote in it is doubled.
fn write_literal(text: &mut String, value: &str) {
    // Writing to a String can't fail.
    let _ = write!(text, "'{}'", value.replace('\'', "''"));
}

/// Reads a filter from left to right.
struct FilterParser<'a> {
    rest: &'a str,
}

impl<'a> FilterParser<'a> {
    /// Parses a filter into fields, each at most once, and what they are compared with.
    fn parse(text: &'a str) -> Result<Vec<(&'a str, Comparison)>, FieldError> {
        let mut parser = Self { rest: text };
        let mut clauses: Vec<(&str, Comparison)> = Vec::new();
        parser.skip_spaces();
        while !parser.rest.is_empty() {
            if !clauses.is_empty() {
                parser.expect_word("and")?;
            }
            let field = parser.word()?;
            if clauses.iter().any(|(known, _)| *known == field) {
                return Err(FieldError::TooMany { max: 1 });
            }
            clauses.push((field, parser.comparison()?));
            // `eq 'a'and` is not in the dialect.
            let spaces = parser.skip_spaces();
            if !spaces && !parser.rest.is_empty() {
                return Err(FieldError::NotAnOption);
            }
        }
        Ok(clauses)
    }

    fn comparison(&mut self) -> Result<Comparison, FieldError> {
        match self.word()? {
            "eq" if self.take("null") => Ok(Comparison::IsNull),
            "eq" => self.literal().map(Comparison::Equals),
            "ne" if self.take("null") => Ok(Comparison::IsNotNull),
            "in" => self.list().map(Comparison::In),
            _ => Err(FieldError::NotAnOption),
        }
    }

    /// Reads values in parentheses, separated by commas.
    fn list(&mut self) -> Result<Vec<String>, FieldError> {
        self.expect("(")?;
        let mut values = Vec::new();
        loop {
            self.skip_spaces();
            values.push(self.literal()?);
            self.skip_spaces();
            if !self.take(",") {
                self.expect(")")?;
                return Ok(values);
            }
        }
    }

    /// Reads a value in quotes.
    fn literal(&mut self) -> Result<String, FieldError> {
        self.expect("'")?;
        let mut value = String::new();
        loop {
            let (text, rest) = self.rest.split_once('\'').ok_or(FieldError::UnclosedQuote)?;
            value.push_str(text);
            self.rest = rest;
            if !self.take("'") {
                return Ok(value);
            }
            value.push('\'');
        }
    }

    /// Reads a word and the spaces after it, which only a parenthesis may replace.
    fn word(&mut self) -> Result<&'a str, FieldError> {
        let end = self.rest.find(|character: char| !character.is_ascii_alphanumeric());
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        let ends = self.skip_spaces() || self.rest.starts_with('(');
        if word.is_empty() || !ends { Err(FieldError::NotAnOption) } else { Ok(word) }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), FieldError> {
        if self.word()? == word { Ok(()) } else { Err(FieldError::NotAnOption) }
    }

    fn expect(&mut self, text: &str) -> Result<(), FieldError> {
        if self.take(text) { Ok(()) } else { Err(FieldError::NotAnOption) }
    }

    /// Skips a text, and returns whether it was there.
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Skips spaces, and returns whether there were any.
    fn skip_spaces(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let skipped = rest.len() < self.rest.len();
        self.rest = rest;
        skipped
    }
}
