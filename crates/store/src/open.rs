//! Which database a URL means, and why one could not be opened.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a database was not opened. The text says what happened, why, and what to do next.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The URL is one of PostgreSQL, which this program can't speak to yet.
    PostgresNotBuiltIn,
    /// The URL names no file, or begins with a scheme that the program does not know.
    /// It is not repeated: it may hold a password.
    NotADatabaseUrl,
    /// There is no such file, where one was to be opened and not made.
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program, or none at all.
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program has changed the tables.
    Newer {
        /// The file.
        path: PathBuf,
        /// The last migration of the database.
        found: i64,
        /// The last migration of the program.
        known: i64,
    },
    /// The tables are older than the program, where they were not to be changed.
    Older {
        /// The file.
        path: PathBuf,
    },
    /// A migration was applied in another wording than the program's.
    Changed {
        /// The file.
        path: PathBuf,
        /// The number of the migration.
        number: i64,
    },
    /// The file system or the engine failed.
    Failed {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the engine or the system said.
        cause: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PostgresNotBuiltIn => formatter.write_str(
                "The database was not opened: this program is built without PostgreSQL. Give \
                 a path, such as data/accord.db, to keep the data in SQLite.",
            ),
            Self::NotADatabaseUrl => formatter.write_str(
                "The database was not opened: its URL names no file. Give a path, such as \
                 data/accord.db or sqlite:data/accord.db.",
            ),
            Self::Missing { path } => write!(
                formatter,
                "The database {} was not opened: there is no such file. Check the path; \
                 `accord serve` makes a new one.",
                path.display()
            ),
            Self::NotOurs { path } => write!(
                formatter,
                "The database {} was not opened: the file belongs to another program. \
                 Nothing was changed. Give the path of another file.",
                path.display()
            ),
            Self::Newer { path, found, known } => write!(
                formatter,
                "The database {} was not opened: a newer version of Accord has changed its \
                 tables (migration {found}; this program knows {known}). Nothing was changed. \
                 Run the newer version, or restore a copy from before the update.",
                path.display()
            ),
            Self::Older { path } => write!(
                formatter,
                "The database {} was not opened: its tables are of an older version of \
                 Accord, and are not changed by this command. Start `accord serve` with it \
                 once, which brings them up to date.",
                path.display()
            ),
            Self::Changed { path, number } => write!(
                formatter,
                "The database {} was not opened: its migration {number} is not the one that \
                 this program knows, so its tables may be others. Nothing was changed. Use \
                 a published version of Accord, or restore a copy.",
                path.display()
            ),
            Self::Failed { path, doing, cause } => write!(
                formatter,
                "The database {} was not opened: {doing} failed ({cause}). Check that the \
                 folder exists on a local disk with room left, that this user may write \
                 there, and that no other program holds the file.",
                path.display()
            ),
        }
    }
}

impl std::error::Error for OpenError {}

/// The SQLite file that a URL means: a path, with `sqlite:` before it or without.
pub(crate) fn sqlite_path(url: &str) -> Result<&Path, OpenError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Err(OpenError::PostgresNotBuiltIn);
    }
    let path = match url.strip_prefix("sqlite:") {
        Some(path) => path.strip_prefix("//").unwrap_or(path),
        None => url,
    };
    // A database in SQLite's own memory would be another one for each connection.
    if path.is_empty() || path == ":memory:" || path.contains("://") {
        return Err(OpenError::NotADatabaseUrl);
    }
    Ok(Path::new(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_be_written_in_three_ways() {
        for (url, path) in [
            ("data/accord.db", "data/accord.db"),
            ("sqlite:data/accord.db", "data/accord.db"),
            ("sqlite:///var/lib/accord.db", "/var/lib/accord.db"),
        ] {
            assert_eq!(sqlite_path(url).unwrap(), Path::new(path), "{url}");
        }
    }

    #[test]
    fn what_is_no_path_is_refused_without_repeating_it() {
        for url in ["", "sqlite:", ":memory:", "mysql://root:secret@host/db"] {
            let error = sqlite_path(url).unwrap_err();
            assert!(matches!(error, OpenError::NotADatabaseUrl), "{url}");
            assert!(!error.to_string().contains("secret"));
        }
        let error = sqlite_path("postgres://accord:secret@host/db").unwrap_err();
        assert!(matches!(error, OpenError::PostgresNotBuiltIn));
        let text = error.to_string();
        assert!(text.contains("PostgreSQL") && !text.contains("secret"));
    }
}
