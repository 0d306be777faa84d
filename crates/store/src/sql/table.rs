//! Declarations of tables, and the statements that follow from them.

use rusqlite::types::ToSqlOutput;
use service::StoreError;

use super::columns::ToColumns;
use super::row::RowReader;

/// The value of a parameter of a statement, with the parameter's name (`:name`).
pub(crate) type NamedValue<'a> = (&'static str, ToSqlOutput<'a>);

/// A type whose values are the rows of a table. Implemented by [`table!`].
pub(crate) trait TableRow: Sized {
    /// Name of the table.
    const NAME: &'static str;
    /// Columns of each field, in the order in which rows are read.
    const COLUMNS: &'static [&'static [&'static str]];
    /// Columns that are written with each row and never read, because their values follow from
    /// the other columns.
    const DERIVED: &'static [&'static str];
    /// Derived columns that keep their value if the new one is NULL.
    const RETAINED: &'static [&'static str];
    /// Columns that are written with the value of an SQL expression and never read.
    const COMPUTED: &'static [(&'static str, &'static str)];
    /// Columns that only some statements set.
    #[allow(dead_code, reason = "compared with the schema by a test")]
    const OTHER: &'static [&'static str];
    /// Columns that identify a row.
    const KEY: &'static [&'static str];
    /// Whether the column `version` counts the changes of a row.
    const IS_VERSIONED: bool;
    /// Text for [`StoreError::Duplicate`].
    const DUPLICATE: &'static str;

    /// Returns the values of all columns but [`OTHER`](Self::OTHER), as named parameters.
    fn encode(&self) -> Result<Vec<NamedValue<'_>>, StoreError>;
    /// Reads the columns of [`COLUMNS`](Self::COLUMNS).
    fn decode(row: &mut RowReader<'_>) -> Result<Self, StoreError>;
    /// Returns the statement that adds a row.
    fn insert_statement() -> &'static str;
    /// Returns the statement that changes a row.
    fn update_statement() -> &'static str;
}

/// Declares the columns of a table, and how a type is written to them and read from them.
///
/// - `columns`: a field of the type, and its columns if they are not just the column of the
///   field's name. A field with several columns implements `ToColumns` and `FromColumns` for
///   that number of columns.
/// - `format`: the column for the version of the formats of JSON columns, and the version. A
///   row of another version is an error.
/// - `derived`: columns for indexes and lists, with the function that returns their value for a
///   row.
/// - `retained`: derived columns that keep their value when the function returns `None`.
/// - `computed`: columns that SQL derives from other tables, with the expression.
/// - `other`: columns that are neither read nor written with a row.
/// - `unstored`: fields without a column, with the value that they get.
macro_rules! table {
    (
        row: $row:ident,
        table: $table:literal,
        key: [$($key:literal),+],
        versioned: $versioned:literal,
        duplicate: $duplicate:expr,
        columns: { $($field:ident $(: $($column:literal)&+)?),+ $(,)? },
        $(format: $format_column:literal = $format:literal,)?
        $(derived: { $($($derived:literal)&+: $value:expr),+ $(,)? },)?
        $(retained: { $($retained:literal: $retained_value:expr),+ $(,)? },)?
        $(computed: { $($computed:literal: $expression:expr),+ $(,)? },)?
        $(other: [$($other:literal),+],)?
        $(unstored: { $($unstored:ident: $default:expr),+ $(,)? },)?
    ) => {
        impl $crate::sql::table::TableRow for $row {
            const NAME: &'static str = $table;
            const COLUMNS: &'static [&'static [&'static str]] =
                &[
                    $(&[$format_column],)?
                    $(&$crate::sql::table::column_names!($field $($($column)+)?),)+
                ];
            const DERIVED: &'static [&'static str] = &[$($($($derived),+),+)?];
            const RETAINED: &'static [&'static str] = &[$($($retained),+)?];
            const COMPUTED: &'static [(&'static str, &'static str)] =
                &[$($(($computed, $expression)),+)?];
            const OTHER: &'static [&'static str] = &[$($($other),+)?];
            const KEY: &'static [&'static str] = &[$($key),+];
            const IS_VERSIONED: bool = $versioned;
            const DUPLICATE: &'static str = $duplicate;

            fn encode(
                &self,
            ) -> Result<Vec<$crate::sql::table::NamedValue<'_>>, service::StoreError> {
                let mut values = Vec::new();
                $(values.push((
                    concat!(":", $format_column),
                    $crate::sql::table::encode::<i64>(&$format)?,
                ));)?
                $($crate::sql::table::push_columns(
                    &mut values,
                    $crate::sql::table::parameter_names!($field $($($column)+)?),
                    &self.$field,
                )?;)+
                $($($crate::sql::table::push_derived(
                    &mut values,
                    [$(concat!(":", $derived)),+],
                    &$value(self),
                )?;)+)?
                $($($crate::sql::table::push_derived(
                    &mut values,
                    [concat!(":", $retained)],
                    &$retained_value(self),
                )?;)+)?
                Ok(values)
            }

            fn decode(
                row: &mut $crate::sql::row::RowReader<'_>,
            ) -> Result<Self, service::StoreError> {
                $(row.check_format($table, $format_column, $format)?;)?
                // Rust evaluates the fields in this order.
                Ok(Self {
                    $($field: row.read_columns(
                        $table,
                        $crate::sql::table::column_names!($field $($($column)+)?),
                    )?,)+
                    $($($unstored: $default,)+)?
                })
            }

            fn insert_statement() -> &'static str {
                static STATEMENT: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new($crate::sql::table::insert::<$row>);
                &STATEMENT
            }

            fn update_statement() -> &'static str {
                static STATEMENT: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| $crate::sql::table::update::<$row>(""));
                &STATEMENT
            }
        }

        impl $crate::sql::row::FromRow for $row {
            fn from_row(
                row: &mut $crate::sql::row::RowReader<'_>,
            ) -> Result<Self, service::StoreError> {
                $crate::sql::table::TableRow::decode(row)
            }
        }
    };
}

/// Returns the names of a field's columns.
macro_rules! column_names {
    ($field:ident) => { [stringify!($field)] };
    ($field:ident $($column:literal)+) => { [$($column),+] };
}

/// Returns the names of a field's columns as parameters.
macro_rules! parameter_names {
    ($field:ident) => { [concat!(":", stringify!($field))] };
    ($field:ident $($column:literal)+) => { [$(concat!(":", $column)),+] };
}

/// Defines statements, whose texts are made when they are first used. The tests check all of
/// them.
macro_rules! statements {
    ($($(#[$docs:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$docs])*
        pub(super) static $name: std::sync::LazyLock<String> =
            std::sync::LazyLock::new(|| String::from($text));)+

        /// All statements of this module.
        #[cfg(test)]
        pub(super) static STATEMENTS: &[&std::sync::LazyLock<String>] = &[$(&$name),+];
    };
}

/// Makes the values of a statement: `bind![id, limit: 5]` binds the variable `id` to `:id` and
/// 5 to `:limit`.
macro_rules! bind {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($($name:ident $(: $value:expr)?),* $(,)?) => {
        [$((
            concat!(":", stringify!($name)),
            $crate::sql::table::encode(&$crate::sql::table::bind!(@value $name $($value)?))?,
        )),*]
    };
}

pub(crate) use {bind, column_names, parameter_names, statements, table};

/// Encodes a value of one column.
pub(crate) fn encode<T: ToColumns<1> + ?Sized>(value: &T) -> Result<ToSqlOutput<'_>, StoreError> {
    let [output] = value.to_columns()?;
    Ok(output)
}

/// Adds the columns of a field to the values of a row.
pub(crate) fn push_columns<'a, const N: usize, T: ToColumns<N>>(
    values: &mut Vec<NamedValue<'a>>,
    names: [&'static str; N],
    field: &'a T,
) -> Result<(), StoreError> {
    values.extend(names.into_iter().zip(field.to_columns()?));
    Ok(())
}

/// Adds derived columns to the values of a row.
pub(crate) fn push_derived<const N: usize, T: ToColumns<N>>(
    values: &mut Vec<NamedValue<'_>>,
    names: [&'static str; N],
    value: &T,
) -> Result<(), StoreError> {
    for (name, column) in names.into_iter().zip(value.to_columns()?) {
        let owned = match column {
            ToSqlOutput::Borrowed(value) => {
                value.try_into().map_err(|error| StoreError::Engine(format!("{name}: {error}")))?
            }
            ToSqlOutput::Owned(value) => value,
            _ => return Err(StoreError::Engine(format!("{name}: not a value of a column"))),
        };
        values.push((name, ToSqlOutput::Owned(owned)));
    }
    Ok(())
}

/// Returns the columns of a table for a `SELECT` of this table alone.
pub(crate) fn columns<T: TableRow>() -> String {
    T::COLUMNS.concat().join(", ")
}

/// Returns the columns of a table that a `SELECT` with several tables names `alias`.
pub(crate) fn columns_of<T: TableRow>(alias: &str) -> String {
    let columns = T::COLUMNS.concat();
    let qualified: Vec<String> = columns.iter().map(|name| format!("{alias}.{name}")).collect();
    qualified.join(", ")
}

/// Returns a `SELECT` of rows of a table.
pub(crate) fn select<T: TableRow>(rest: &str) -> String {
    format!("SELECT {} FROM {} {rest}", columns::<T>(), T::NAME)
}

/// Returns the columns that are written with each row, each with its value as SQL for an
/// `INSERT` and for an `UPDATE`.
fn written_columns<T: TableRow>() -> impl Iterator<Item = (&'static str, String, String)> {
    let bound = T::COLUMNS.iter().copied().flatten().chain(T::DERIVED);
    let bound = bound.map(|name| (*name, format!(":{name}"), format!(":{name}")));
    let retained = T::RETAINED
        .iter()
        .map(|name| (*name, format!(":{name}"), format!("COALESCE(:{name}, {name})")));
    let computed =
        T::COMPUTED.iter().map(|(name, sql)| (*name, (*sql).to_owned(), (*sql).to_owned()));
    bound.chain(retained).chain(computed)
}

/// Returns an `INSERT` that adds nothing if a unique value is taken.
pub(crate) fn insert<T: TableRow>() -> String {
    format!("{} ON CONFLICT DO NOTHING", plain_insert::<T>())
}

/// Returns an `INSERT` that replaces a row with the same key.
pub(crate) fn insert_or_replace<T: TableRow>() -> String {
    let changes: Vec<String> = written_columns::<T>()
        .filter(|(name, ..)| !T::KEY.contains(name))
        .map(|(name, ..)| format!("{name} = excluded.{name}"))
        .collect();
    format!(
        "{} ON CONFLICT ({}) DO UPDATE SET {}",
        plain_insert::<T>(),
        T::KEY.join(", "),
        changes.join(", ")
    )
}

fn plain_insert<T: TableRow>() -> String {
    let (columns, values): (Vec<&str>, Vec<String>) =
        written_columns::<T>().map(|(name, value, _)| (name, value)).unzip();
    format!("INSERT INTO {} ({}) VALUES ({})", T::NAME, columns.join(", "), values.join(", "))
}

/// Returns an `UPDATE` of the row with the same key and, if rows have versions, the previous
/// version. `more` holds further assignments, each followed by a comma.
pub(crate) fn update<T: TableRow>(more: &str) -> String {
    let changes: Vec<String> = written_columns::<T>()
        .filter(|(name, ..)| !T::KEY.contains(name))
        .map(|(name, _, value)| format!("{name} = {value}"))
        .collect();
    let mut conditions: Vec<String> =
        T::KEY.iter().map(|name| format!("{name} = :{name}")).collect();
    if T::IS_VERSIONED {
        conditions.push("version = :version - 1".to_owned());
    }
    format!(
        "UPDATE {} SET {more} {} WHERE {}",
        T::NAME,
        changes.join(", "),
        conditions.join(" AND ")
    )
}
