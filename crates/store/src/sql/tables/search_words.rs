//! Words that lists find their rows by.

use crate::duplicates;
use crate::sql::table::table;

/// A word by which an organization's list finds a row.
pub(in crate::sql) struct SearchWordRow {
    /// Table of the row.
    pub(in crate::sql) list: String,
    /// Organization whose list it is.
    pub(in crate::sql) organization: String,
    /// Folded word.
    pub(in crate::sql) word: String,
    /// Id of the row.
    pub(in crate::sql) item: String,
}

table! {
    row: SearchWordRow,
    table: "search_word",
    key: ["list", "organization", "word", "item"],
    versioned: false,
    duplicate: duplicates::ORGANIZATION,
    columns: {
        list,
        organization,
        word,
        item,
    },
}
