//! Lists: pages, and the one query dialect of all lists, which follows Microsoft Graph.

mod filter;
mod token;

use std::fmt;
use std::str::FromStr;

use rules::FieldError;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use crate::FieldProblem;
use crate::error::Fields;
use crate::query_string::{encode_component, query_pairs};

pub(crate) use filter::list_filter;
pub use filter::{
    Clause, Comparison, Comparisons, Condition, FilterField, FilterText, FilterValue, ListFilter,
    PartnerIdFilter,
};
pub use token::{SkipToken, SortKey};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// Items.
    pub value: Vec<T>,
    /// Address of the next page. Absent on the last page.
    #[serde(rename = "@odata.nextLink", default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
    /// Number of items on all pages, if the request has `$count=true` and there are not too many.
    #[serde(rename = "@odata.count", default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// A list of the API: what it can be filtered and sorted by.
pub trait List: Copy + fmt::Debug + PartialEq + Eq + Send + Sync + 'static {
    /// Filter.
    type Filter: ListFilter;
    /// Field by which the list can be sorted.
    type Field: ListField;
    /// What the search covers, as the words of a list. `None` if the list has no search.
    const SEARCH: Option<&'static str>;
    /// Sort order unless the query has another.
    const DEFAULT_ORDER: SortOrder<Self::Field>;
    /// Sort orders that the list has.
    const ORDERS: SortOrders = SortOrders::All;

    /// Returns the sort orders that a query can have.
    #[must_use]
    fn orders() -> Vec<SortOrder<Self::Field>> {
        match Self::ORDERS {
            SortOrders::DefaultOnly => vec![Self::DEFAULT_ORDER],
            SortOrders::All => Self::Field::VARIANTS
                .iter()
                .flat_map(|field| [SortOrder::ascending(*field), SortOrder::descending(*field)])
                .collect(),
        }
    }
}

/// Field by which a list can be sorted: an enum without values.
pub trait ListField:
    Copy
    + fmt::Debug
    + fmt::Display
    + PartialEq
    + Eq
    + FromStr<Err = FieldError>
    + VariantArray
    + Send
    + Sync
    + 'static
{
}

/// Sort orders that a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortOrders {
    /// Every field, in both directions.
    All,
    /// The default order only.
    DefaultOnly,
}

/// Sort order (`$orderby`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortOrder<F> {
    /// Field.
    pub field: F,
    /// True to sort from last to first.
    pub descending: bool,
}

impl<F> SortOrder<F> {
    /// Sorts from first to last.
    #[must_use]
    pub const fn ascending(field: F) -> Self {
        Self { field, descending: false }
    }

    /// Sorts from last to first.
    #[must_use]
    pub const fn descending(field: F) -> Self {
        Self { field, descending: true }
    }
}

impl<F: fmt::Display> fmt::Display for SortOrder<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.field, if self.descending { " desc" } else { "" })
    }
}

impl<F: FromStr<Err = FieldError>> FromStr for SortOrder<F> {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let (field, descending) = match text.split_once(' ') {
            None => (text, false),
            Some((field, "asc")) => (field, false),
            Some((field, "desc")) => (field, true),
            Some(_) => return Err(FieldError::NotAnOption),
        };
        Ok(Self { field: field.parse()?, descending })
    }
}

/// Query of a list: `$search`, `$filter`, `$orderby`, `$top`, `$skiptoken` and `$count`, as in
/// Microsoft Graph. The `$` is optional, and every option can occur once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery<L: List> {
    /// Words to search for. Empty for all rows.
    pub search: String,
    /// Filter.
    pub filter: L::Filter,
    /// Sort order.
    pub order: SortOrder<L::Field>,
    /// Maximum number of rows on the page, 1 to [`ListQuery::TOP_MAX`].
    pub top: u32,
    /// Start of the page. `None` for the first page.
    pub skip: Option<SkipToken>,
    /// True to count the rows of all pages, up to [`ListQuery::COUNT_MAX`].
    pub count: bool,
}

impl<L: List> Default for ListQuery<L> {
    fn default() -> Self {
        Self {
            search: String::new(),
            filter: L::Filter::default(),
            order: L::DEFAULT_ORDER,
            top: Self::DEFAULT_TOP,
            skip: None,
            count: false,
        }
    }
}

impl<L: List> ListQuery<L> {
    /// Number of rows on a page unless the query has another.
    pub const DEFAULT_TOP: u32 = 100;
    /// Maximum number of rows on a page, as in Microsoft Graph.
    pub const TOP_MAX: u32 = TOP_MAX;
    /// Maximum number of characters of a search.
    pub const SEARCH_MAX: usize = 200;
    /// Maximum number of rows that are counted. With more, a page has no count, because
    /// counting would cost more than the page.
    pub const COUNT_MAX: u32 = 1_000;

    /// Parses a query string. Unknown and repeated options are errors, so that an ignored
    /// filter is never taken for an applied one.
    ///
    /// # Errors
    /// All invalid options, by their names without the `$`.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldProblem>> {
        Self::parse_options(query, &OPTIONS)
    }

    /// Parses the query string of an export, which has no pages: `$top`, `$skiptoken` and
    /// `$count` are unknown.
    ///
    /// # Errors
    /// All invalid options, by their names without the `$`.
    pub fn parse_export(query: &str) -> Result<Self, Vec<FieldProblem>> {
        Self::parse_options(query, &OPTIONS[..EXPORT_OPTIONS])
    }

    fn parse_options(query: &str, known: &[&'static str]) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let mut parsed = Self::default();
        let [search, filter, order, top, skip, count] = split_options(query, known, &mut fields);
        if let Some(text) = search {
            parsed.search = fields.take("search", Self::parse_search(text)).unwrap_or_default();
        }
        if let Some(text) = filter {
            let filter = fields.take("filter", L::Filter::parse(&text));
            parsed.filter = filter.unwrap_or_default();
        }
        if let Some(text) = order {
            let order = text.parse().and_then(|order| {
                if L::orders().contains(&order) { Ok(order) } else { Err(FieldError::NotAnOption) }
            });
            parsed.order = fields.take("orderby", order).unwrap_or(parsed.order);
        }
        if let Some(text) = top {
            parsed.top = fields.take("top", parse_top(&text)).unwrap_or(parsed.top);
        }
        if let Some(text) = skip {
            parsed.skip = fields.take("skiptoken", text.parse());
        }
        if let Some(text) = count {
            parsed.count = fields.take("count", parse_bool(&text)).unwrap_or_default();
        }
        fields.finish(Some(parsed))
    }

    /// Checks that the list has a search, and the length of the text.
    pub(crate) fn parse_search(text: String) -> Result<String, FieldError> {
        let max = Self::SEARCH_MAX;
        if L::SEARCH.is_none() {
            Err(FieldError::NotAnOption)
        } else if text.chars().count() > max {
            Err(FieldError::TooLong { max })
        } else {
            Ok(text)
        }
    }

    /// Returns the address of the page that starts at `skip`, for a list at `path`.
    #[must_use]
    pub fn next_link(&self, path: &str, skip: SkipToken) -> String {
        format!("{path}?{}", Self { skip: Some(skip), ..self.clone() })
    }

    /// Returns the query of the page at an address that [`ListQuery::next_link`] returned.
    #[must_use]
    pub fn from_next_link(link: &str) -> Option<Self> {
        let (_, query) = link.split_once('?')?;
        Self::parse(query).ok()
    }
}

impl<L: List> fmt::Display for ListQuery<L> {
    /// Writes the query string that [`ListQuery::parse`] reads. Default values are left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_order = self.order != L::DEFAULT_ORDER;
        let options = WrittenOptions {
            search: &self.search,
            clauses: &self.filter.clauses(),
            order: has_order.then_some(&self.order as &dyn fmt::Display),
            top: (self.top != Self::DEFAULT_TOP).then_some(self.top),
            skip: self.skip.as_ref(),
            count: self.count,
        };
        options.write(formatter)
    }
}

/// Options of a query that are written. Not generic, so that the page has the code once.
struct WrittenOptions<'a> {
    search: &'a str,
    clauses: &'a [Clause],
    order: Option<&'a dyn fmt::Display>,
    top: Option<u32>,
    skip: Option<&'a SkipToken>,
    count: bool,
}

impl WrittenOptions<'_> {
    fn write(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = [
            ("$search", self.search.to_owned()),
            ("$filter", filter::write_clauses(self.clauses)),
            ("$orderby", self.order.map(ToString::to_string).unwrap_or_default()),
            ("$top", self.top.map(|top| top.to_string()).unwrap_or_default()),
            ("$skiptoken", self.skip.map(ToString::to_string).unwrap_or_default()),
            ("$count", if self.count { "true" } else { "" }.to_owned()),
        ];
        let mut separator = "";
        for (name, value) in options {
            if !value.is_empty() {
                write!(formatter, "{separator}{name}={}", encode_component(&value))?;
                separator = "&";
            }
        }
        Ok(())
    }
}

/// Maximum number of rows on a page.
const TOP_MAX: u32 = 300;

/// Names of the options of a list, without the `$`, which Microsoft Graph made optional.
const OPTIONS: [&str; 6] = ["search", "filter", "orderby", "top", "skiptoken", "count"];

/// Number of the first [`OPTIONS`] that an export has.
const EXPORT_OPTIONS: usize = 3;

/// Splits a query string into the values of [`OPTIONS`], and records unknown and repeated ones.
fn split_options(query: &str, known: &[&'static str], fields: &mut Fields) -> [Option<String>; 6] {
    let mut values = [const { None }; 6];
    for pair in query_pairs(query) {
        let option = pair.and_then(|(name, value)| {
            let name = name.strip_prefix('$').unwrap_or(&name);
            let index = known.iter().position(|option| *option == name)?;
            Some((index, value))
        });
        match option {
            Some((index, value)) => {
                if values[index].replace(value).is_some() {
                    fields.take::<()>(known[index], Err(FieldError::TooMany { max: 1 }));
                }
            }
            None => {
                fields.take::<()>("query", Err(FieldError::NotAnOption));
            }
        }
    }
    values
}

/// Parses the page size.
fn parse_top(text: &str) -> Result<u32, FieldError> {
    let top = text.parse().ok().filter(|top: &u32| (1..=TOP_MAX).contains(top));
    // The parser of the standard library also takes signs and leading zeros.
    top.filter(|top| top.to_string() == text).ok_or(FieldError::NotAnOption)
}

fn parse_bool(text: &str) -> Result<bool, FieldError> {
    text.parse().map_err(|_| FieldError::NotAnOption)
}
