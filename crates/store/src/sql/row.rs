//! Reading the rows that a query returns.

use std::collections::HashMap;
use std::sync::Arc;

use rules::OrganizationId;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use service::StoreError;
use service::model::Organization;

use super::columns::{FromColumns, InvalidColumn};
use crate::sqlite::SqliteError;

/// Organizations that rows of the same query have shown, so that each is read once.
pub(crate) type KnownOrganizations = HashMap<OrganizationId, Arc<Organization>>;

/// Reads the columns of a row one after the other.
pub(crate) struct RowReader<'a> {
    row: &'a Row<'a>,
    next: usize,
    organizations: &'a mut KnownOrganizations,
}

impl<'a> RowReader<'a> {
    /// Starts at the first column.
    pub(crate) fn new(row: &'a Row<'a>, organizations: &'a mut KnownOrganizations) -> Self {
        Self { row, next: 0, organizations }
    }

    /// Reads the next columns as a value of any kind, such as a row of a table.
    pub(crate) fn read<T: FromRow>(&mut self) -> Result<T, StoreError> {
        T::from_row(self)
    }

    /// Reads the value of these columns of a table. The names are used in errors only: columns
    /// are read in the order of the declaration, in which `SELECT` lists them.
    pub(crate) fn read_columns<const N: usize, T: FromColumns<N>>(
        &mut self,
        table: &str,
        names: [&str; N],
    ) -> Result<T, StoreError> {
        T::from_columns(self.take()?).map_err(|InvalidColumn(reason)| {
            let (column, do_not) = match names.as_slice() {
                [name] => (format!("column {name}"), "does not"),
                names => (format!("columns {}", names.join(", ")), "do not"),
            };
            StoreError::Engine(format!(
                "the {column} of {table} {do_not} hold what the program wrote: {reason}"
            ))
        })
    }

    /// Reads the version of the formats in a row, which must be the one that the program writes.
    pub(crate) fn check_format(
        &mut self,
        table: &str,
        name: &str,
        version: i64,
    ) -> Result<(), StoreError> {
        match self.read_columns::<1, i64>(table, [name])? {
            found if found == version => Ok(()),
            found => Err(StoreError::Engine(format!(
                "the column {name} of {table} does not hold what the program wrote: version \
                 {found} of the formats is unknown; this program reads version {version}"
            ))),
        }
    }

    /// Reads an organization from the next `columns` columns, the one at `id_place` of which is
    /// its id.
    pub(crate) fn read_organization(
        &mut self,
        columns: usize,
        id_place: usize,
    ) -> Result<Arc<Organization>, StoreError> {
        let column = self.row.get_ref(self.next + id_place).map_err(SqliteError::from)?;
        let id = OrganizationId::from_columns([column]).ok();
        if let Some(known) = id.and_then(|id| self.organizations.get(&id)) {
            self.next += columns;
            return Ok(Arc::clone(known));
        }
        let organization = Arc::new(self.read::<Organization>()?);
        self.organizations.insert(organization.id(), Arc::clone(&organization));
        Ok(organization)
    }

    fn take<const N: usize>(&mut self) -> Result<[ValueRef<'a>; N], StoreError> {
        let mut columns = [ValueRef::Null; N];
        for column in &mut columns {
            *column = self.row.get_ref(self.next).map_err(SqliteError::from)?;
            self.next += 1;
        }
        Ok(columns)
    }
}

/// What a query returns: rows of tables, values of columns, and tuples of these.
pub(crate) trait FromRow: Sized {
    /// Reads the next columns.
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, StoreError>;
}

impl<T: FromColumns<1>> FromRow for T {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, StoreError> {
        let [column] = row.take()?;
        T::from_columns([column]).map_err(|InvalidColumn(reason)| {
            let name = row.row.as_ref().column_name(row.next - 1).unwrap_or("?");
            StoreError::Engine(format!(
                "the column {name} does not hold what the program wrote: {reason}"
            ))
        })
    }
}

impl<A: FromRow, B: FromRow> FromRow for (A, B) {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, StoreError> {
        Ok((row.read()?, row.read()?))
    }
}
