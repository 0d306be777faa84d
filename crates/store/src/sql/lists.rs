//! Pages of lists: one statement reads a page with all that its rows show.
//!
//! An inner query finds the keys of the page's rows. In its default order, a list reads a range
//! of an index that begins after the last row of the previous page; other orders sort the rows
//! of the organization. An outer query reads what the rows show.
//!
//! A search asks the index of words (`search_word`) how many rows have its rarest word. If
//! they are few, it looks them up and sorts them. If they are many, it walks the list in its
//! order and tests each row, because then the page is full soon.

mod activity;
mod enquiries;
mod invitations;
mod outbox;
mod products;
mod relationships;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use api::{List, ListQuery, SortKey};
use rules::{OrganizationId, PartnerId};
use service::StoreError;
use service::lists::{ListOwner, ListRows, ListedRow, PageRequest};

use super::row::{FromRow, KnownOrganizations, RowReader};
use super::table::{NamedValue, bind, encode};
use super::{Result, Transaction};
use crate::listed::ListSearch;
use crate::sqlite::SqliteError;

/// Number of rows with the rarest word of a search up to which they are looked up.
const CANDIDATES_MAX: u32 = 500;

/// Largest number of sort keys of a list.
const KEYS_MAX: usize = 3;

/// A list in SQL. Its rows are called `item`.
pub(super) struct ListStatement<'a> {
    /// Table of the rows. It is also the name of the list in `search_word`.
    table: &'static str,
    /// Columns that identify a row. The last one is the id, by which `search_word` names it.
    identity: &'static [&'static str],
    /// Parts of the list: ranges of indexes without a row in common.
    ranges: Vec<Range>,
    /// Conditions of all ranges.
    conditions: Vec<String>,
    /// Expressions that the list is sorted by, at most [`KEYS_MAX`].
    keys: Vec<String>,
    /// Words of a row: an expression.
    words: &'static str,
    /// What the rows show: the columns and the joined tables.
    shown: &'a Shown,
    /// Values of parameters; those that the statement does not have are ignored. A list that is
    /// in `search_word` has `:searched_as`, the organization whose words they are.
    values: Vec<NamedValue<'a>>,
}

/// A range of an index.
pub(super) struct Range {
    /// Index, for `INDEXED BY`. Empty if SQLite has the choice.
    index: &'static str,
    /// Condition that makes the range.
    condition: String,
}

impl Range {
    fn new(index: &'static str, condition: impl Into<String>) -> Self {
        Self { index, condition: condition.into() }
    }
}

/// The part of a list that follows from its owner and from the filters by organization, for
/// rows between a customer and a partner.
struct BothSides {
    /// Owner of the list.
    organization: OrganizationId,
    /// Condition for the rows of the owner.
    condition: &'static str,
    /// Folded name of the other side.
    name: &'static str,
    /// Conditions for the filters.
    conditions: Vec<String>,
    /// Whether the filters name the other side. Few rows are between two organizations.
    is_between: bool,
}

impl BothSides {
    fn of(
        owner: ListOwner,
        customer: Option<OrganizationId>,
        partner: Option<OrganizationId>,
        partner_id: Option<&PartnerId>,
    ) -> Self {
        let partner_of_id = "item.partner = (SELECT partner_account.partner FROM partner_account \
            WHERE partner_account.partner_id = :partner_id)";
        let filters = [
            customer.map(|_| "item.customer = :customer"),
            partner.map(|_| "item.partner = :partner"),
            partner_id.map(|_| partner_of_id),
        ];
        let (organization, condition, name, is_between) = match owner {
            ListOwner::Customer(id) => (
                id,
                "item.customer = :organization",
                "item.partner_key",
                partner.is_some() || partner_id.is_some(),
            ),
            ListOwner::Partner(id) => {
                (id, "item.partner = :organization", "item.customer_key", customer.is_some())
            }
        };
        let conditions = filters.into_iter().flatten().map(str::to_owned).collect();
        Self { organization, condition, name, conditions, is_between }
    }
}

/// What the rows of a list show.
pub(super) struct Shown {
    /// Columns.
    pub(super) columns: String,
    /// Joined tables.
    pub(super) joins: String,
}

/// A search as parameters of the statement.
struct Search {
    /// All words, folded, separated by spaces.
    words: String,
    /// The rarest word, if few rows have it.
    rarest: Option<String>,
}

/// Counts the rows with each word of a search, and returns the rarest.
const RAREST_WORD: &str = "SELECT searched.value, (SELECT COUNT(*) FROM (SELECT 1 FROM search_word \
    WHERE list = :list AND organization = :organization AND word >= searched.value \
    AND word < searched.value || char(1114111) LIMIT :limit)) AS rows \
    FROM json_each(:words) AS searched ORDER BY rows LIMIT 1";

/// Rows with a word of `search_word`. A row can have several words with the same beginning.
const FOUND: &str = "(SELECT DISTINCT item AS id FROM search_word WHERE list = :list \
    AND organization = :searched_as AND word >= :word AND word < :word || char(1114111)) \
    AS found CROSS JOIN";

impl ListStatement<'_> {
    /// Returns the query of the rows that match, as a part of a statement.
    fn ranges_sql(&self, columns: &str, search: Option<&Search>, after: Option<&str>) -> String {
        let mut sql = String::new();
        for range in &self.ranges {
            if !sql.is_empty() {
                sql.push_str(" UNION ALL ");
            }
            let table = self.table;
            let is_looked_up = search.is_some_and(|search| search.rarest.is_some());
            let source = match range.index {
                _ if is_looked_up => format!("{FOUND} {table} AS item"),
                "" => format!("{table} AS item"),
                index => format!("{table} AS item INDEXED BY {index}"),
            };
            // Writing to a String can't fail.
            let _ = write!(sql, "SELECT {columns} FROM {source} WHERE {}", range.condition);
            for condition in &self.conditions {
                let _ = write!(sql, " AND {condition}");
            }
            if is_looked_up {
                let id = self.identity.last().copied().unwrap_or_default();
                let _ = write!(sql, " AND item.{id} = found.id");
            }
            if search.is_some() {
                let _ = write!(sql, " AND key_matches({}, :words)", self.words);
            }
            if let Some(after) = after {
                let _ = write!(sql, " AND ({}) {after}", self.keys.join(", "));
            }
        }
        sql
    }

    /// Returns the statement of a page. `has_start` tells whether it begins after a row.
    fn page_sql(&self, descending: bool, has_start: bool, search: Option<&Search>) -> String {
        let (direction, comparison) = if descending { (" DESC", "<") } else { ("", ">") };
        let parameters: Vec<_> = (0..self.keys.len()).map(|place| format!(":key{place}")).collect();
        let after = format!("{comparison} ({})", parameters.join(", "));
        let mut inner = Vec::new();
        let mut order = Vec::new();
        let mut outer = Vec::new();
        for place in 0..KEYS_MAX {
            match self.keys.get(place) {
                Some(key) => {
                    inner.push(format!("{key} AS key{place}"));
                    order.push(format!("key{place}{direction}"));
                    outer.push(format!("page.key{place}"));
                }
                None => outer.push("NULL".to_owned()),
            }
        }
        inner.extend(self.identity.iter().map(|column| format!("item.{column} AS {column}")));
        let ranges =
            self.ranges_sql(&inner.join(", "), search, has_start.then_some(after.as_str()));
        format!(
            "SELECT {}, {} FROM ({ranges} ORDER BY {} LIMIT :limit) AS page {}",
            outer.join(", "),
            self.shown.columns,
            order.join(", "),
            shown_tables(self.table, self.identity, self.shown),
        )
    }

    /// Returns the statement that counts the rows of all pages.
    fn count_sql(&self, search: Option<&Search>) -> String {
        format!("SELECT COUNT(*) FROM ({} LIMIT :count_limit)", self.ranges_sql("1", search, None))
    }
}

/// Returns the joins that read what the rows of `page` show, in the order of `page`.
fn shown_tables(table: &str, identity: &[&str], shown: &Shown) -> String {
    let same: Vec<_> =
        identity.iter().map(|column| format!("item.{column} = page.{column}")).collect();
    format!("CROSS JOIN {table} AS item ON {} {}", same.join(" AND "), shown.joins)
}

/// Returns the statement that reads one row with all that a list shows of it.
fn row_sql(table: &str, identity: &[&str], condition: &str, shown: &Shown) -> String {
    format!(
        "SELECT {} FROM (SELECT {} FROM {table} WHERE {condition}) AS page {}",
        shown.columns,
        identity.join(", "),
        shown_tables(table, identity, shown),
    )
}

/// Returns a condition for a filter by values of an expression that is the place of an enum's
/// value. Without values, there is none.
fn is_one_of(expression: &str, places: impl Iterator<Item = i64>) -> Option<String> {
    let places: Vec<_> = places.map(|place| place.to_string()).collect();
    (!places.is_empty()).then(|| format!("{expression} IN ({})", places.join(", ")))
}

/// Returns a condition for a filter by values of a column. The values are names of the program.
fn is_one_of_names(column: &str, names: impl Iterator<Item = &'static str>) -> Option<String> {
    let names: Vec<_> = names.map(|name| format!("'{name}'")).collect();
    (!names.is_empty()).then(|| format!("{column} IN ({})", names.join(", ")))
}

/// Returns an expression for the place of a name among the values of an enum.
fn place_of(column: &str, names: impl Iterator<Item = &'static str>) -> String {
    let mut sql = format!("CASE {column}");
    for (place, name) in names.enumerate() {
        let _ = write!(sql, " WHEN '{name}' THEN {place}");
    }
    sql + " END"
}

impl Transaction<'_> {
    /// Reads a page.
    fn page<L: List, R: FromRow>(
        &mut self,
        list: &ListStatement<'_>,
        page: &PageRequest<'_, L>,
    ) -> Result<ListRows<R>> {
        let query = page.query;
        let search = match ListSearch::parse(&query.search) {
            ListSearch::All => None,
            ListSearch::Nothing => {
                return Ok(ListRows { rows: Vec::new(), count: query.count.then_some(0) });
            }
            ListSearch::Words(words) => Some(self.search(list, &words)?),
        };
        let start = query.skip.as_ref().map(|token| token.keys.as_slice());
        if start.is_some_and(|keys| keys.len() != list.keys.len()) {
            return Err(StoreError::Engine("the skip token has other keys".to_owned()));
        }
        let (words, word) = match &search {
            Some(Search { words, rarest }) => (Some(words), rarest.as_ref()),
            None => (None, None),
        };
        let mut values = bind![
            words,
            word,
            list: list.table,
            as_of: page.as_of,
            now: page.now,
            limit: page.limit,
            count_limit: ListQuery::<L>::COUNT_MAX + 1,
        ]
        .to_vec();
        values.extend(list.values.iter().cloned());
        for (name, key) in [":key0", ":key1", ":key2"].into_iter().zip(start.into_iter().flatten())
        {
            values.push((name, encode(key)?));
        }
        let mut count = None;
        if query.count {
            let sql = list.count_sql(search.as_ref());
            self.for_each_used(&sql, &values, |found: u32| count = Some(found))?;
        }
        let sql = list.page_sql(query.order.descending, start.is_some(), search.as_ref());
        let mut rows = Vec::new();
        self.for_each_used(&sql, &values, |row| rows.push(row))?;
        Ok(ListRows { rows, count })
    }

    /// Prepares a search: asks how many rows have its rarest word.
    fn search(&mut self, list: &ListStatement<'_>, words: &[String]) -> Result<Search> {
        let searched_as = list.values.iter().find(|(name, _)| *name == ":searched_as");
        let rarest = match searched_as {
            None => None,
            Some((_, organization)) => {
                let json = serde_json::to_string(words)
                    .map_err(|error| StoreError::Engine(error.to_string()))?;
                let limit = CANDIDATES_MAX + 1;
                let mut values = bind![list: list.table, limit, words: json].to_vec();
                values.push((":organization", organization.clone()));
                self.one::<(String, u32)>(RAREST_WORD, &values)?
                    .filter(|(_, rows)| *rows < limit)
                    .map(|(word, _)| word)
            }
        };
        Ok(Search { words: words.join(" "), rarest })
    }

    /// Calls `each` for each row of a query. Values for which the query has no parameter are
    /// ignored.
    fn for_each_used<T: FromRow>(
        &mut self,
        statement: &str,
        values: &[NamedValue<'_>],
        mut each: impl FnMut(T),
    ) -> Result<()> {
        #[cfg(test)]
        self.list_statements.push(statement.to_owned());
        let mut prepared = self.connection.prepare_cached(statement).map_err(SqliteError::from)?;
        let mut bound = 0;
        for (name, value) in values {
            if let Some(index) = prepared.parameter_index(name).map_err(SqliteError::from)? {
                prepared.raw_bind_parameter(index, value).map_err(SqliteError::from)?;
                bound += 1;
            }
        }
        if bound != prepared.parameter_count() {
            return Err(StoreError::Engine(format!("a parameter has no value: {statement}")));
        }
        let mut organizations = KnownOrganizations::new();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().map_err(SqliteError::from)? {
            each(RowReader::new(row, &mut organizations).read()?);
        }
        Ok(())
    }
}

/// Reads the sort keys, followed by the row.
impl<R: FromRow> FromRow for ListedRow<R> {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self> {
        let mut keys = Vec::with_capacity(KEYS_MAX);
        for _ in 0..KEYS_MAX {
            keys.extend(row.read::<Option<SortKey>>()?);
        }
        Ok(Self { row: row.read()?, keys })
    }
}
