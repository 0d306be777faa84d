//! Database URLs, and the errors of opening a database.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Reason why a database was not opened. The text says what happened, why, and what to do
/// next.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A PostgreSQL URL, which is not supported.
    #[error(
        "The database was not opened: this program is built without PostgreSQL. Give a path, \
         such as data/accord.db, to keep the data in SQLite."
    )]
    PostgresNotBuiltIn,
    /// A URL without a file name, or with an unknown scheme. The text does not repeat the
    /// URL, which may hold a password.
    #[error(
        "The database was not opened: its URL names no file. Give a path, such as \
         data/accord.db or sqlite:data/accord.db."
    )]
    NotADatabaseUrl,
    /// The file is missing and must not be created.
    #[error(
        "The database {} was not opened: there is no such file. Check the path; \
         `accord serve` makes a new one.",
        .path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a database, or belongs to another program.
    #[error(
        "The database {} was not opened: the file belongs to another program. Nothing was \
         changed. Give the path of another file.",
        .path.display()
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program has changed the tables.
    #[error(
        "The database {} was not opened: a newer version of Accord has changed its tables \
         (migration {found}; this program knows {known}). Nothing was changed. Run the newer \
         version, or restore a copy from before the update.",
        .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Number of the last migration of the database.
        found: i64,
        /// Number of the last migration of the program.
        known: i64,
    },
    /// The tables are older than the program, and must not be changed.
    #[error(
        "The database {} was not opened: its tables are of an older version of Accord, and \
         are not changed by this command. Start `accord serve` with it once, which brings \
         them up to date.",
        .path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// The text of an applied migration differs from that of the program.
    #[error(
        "The database {} was not opened: its migration {number} is not the one that this \
         program knows, so its tables may be others. Nothing was changed. Use a published \
         version of Accord, or restore a copy.",
        .path.display()
    )]
    Changed {
        /// The file.
        path: PathBuf,
        /// Number of the migration.
        number: i64,
    },
    /// The file system or SQLite failed.
    #[error(
        "The database {} was not opened: {doing} failed ({cause}). Check that the folder \
         exists on a local disk with room left, that this user may write there, and that no \
         other program holds the file.",
        .path.display()
    )]
    Failed {
        /// The file.
        path: PathBuf,
        /// Step that failed.
        doing: &'static str,
        /// Error message of SQLite or the operating system.
        cause: String,
    },
}

/// Returns the path of the SQLite file in a database URL: a path, with or without `sqlite:`
/// in front.
pub(crate) fn sqlite_path(url: &str) -> Result<&Path, OpenError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Err(OpenError::PostgresNotBuiltIn);
    }
    let path = match url.strip_prefix("sqlite:") {
        Some(path) => path.strip_prefix("//").unwrap_or(path),
        None => url,
    };
    // Each connection would open an in-memory database of its own.
    if path.is_empty() || path == ":memory:" || path.contains("://") {
        return Err(OpenError::NotADatabaseUrl);
    }
    Ok(Path::new(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_be_written_in_three_ways() {
        for (url, path) in [
            ("data/accord.db", "data/accord.db"),
            ("sqlite:data/accord.db", "data/accord.db"),
            ("sqlite:///var/lib/accord.db", "/var/lib/accord.db"),
        ] {
            assert_eq!(sqlite_path(url).unwrap(), Path::new(path), "{url}");
        }
    }

    #[test]
    fn other_urls_are_refused_without_repeating_them() {
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
