//! Migrations of the tables. Each is a numbered file in `migrations/`, applied once, in
//! order, and recorded with its checksum.

use sha2::{Digest, Sha256};

/// A change of the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// Number, counting up from 1 without a gap.
    pub(crate) number: i64,
    /// Name, the same as that of the file.
    pub(crate) name: &'static str,
    /// SQL statements.
    pub(crate) statements: &'static str,
}

/// All migrations of this program.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "initial",
    statements: include_str!("../migrations/0001_initial.sql"),
}];

/// Statement that creates the table of applied migrations.
pub(crate) const CREATE_MIGRATION_TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied INTEGER NOT NULL
) STRICT";

impl Migration {
    /// Returns the SHA-256 of the statements in hexadecimal. Line endings do not count,
    /// because a checkout may change them.
    pub(crate) fn checksum(&self) -> String {
        hex::encode(Sha256::digest(self.statements.replace("\r\n", "\n")))
    }
}

/// A migration that a database has recorded as applied.
#[derive(Clone, Debug)]
pub(crate) struct AppliedMigration {
    pub(crate) number: i64,
    pub(crate) checksum: String,
}

/// Mismatch between the applied migrations of a database and those of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MigrationMismatch {
    /// The database has a migration that the program does not know.
    Newer {
        /// Number of the last migration of the database.
        found: i64,
    },
    /// A migration was applied with a different text, or an earlier one was not applied.
    Changed {
        /// Number of the migration.
        number: i64,
    },
}

/// Returns the migrations that a database still needs, in order.
pub(crate) fn pending_migrations<'a>(
    known: &'a [Migration],
    applied: &[AppliedMigration],
) -> Result<&'a [Migration], MigrationMismatch> {
    if let Some(last) = applied.get(known.len()..).and_then(<[_]>::last) {
        return Err(MigrationMismatch::Newer { found: last.number });
    }
    for (known, applied) in known.iter().zip(applied) {
        if applied.number > known.number {
            return Err(MigrationMismatch::Changed { number: known.number });
        }
        if applied.number != known.number || applied.checksum != known.checksum() {
            return Err(MigrationMismatch::Changed { number: applied.number });
        }
    }
    Ok(known.get(applied.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &[Migration] = &[
        Migration { number: 1, name: "one", statements: "CREATE TABLE a (b INTEGER) STRICT;" },
        Migration { number: 2, name: "two", statements: "CREATE TABLE c (d TEXT) STRICT;" },
        Migration { number: 3, name: "three", statements: "DROP TABLE a;" },
    ];

    fn applied(count: usize) -> Vec<AppliedMigration> {
        THREE
            .iter()
            .take(count)
            .map(|one| AppliedMigration { number: one.number, checksum: one.checksum() })
            .collect()
    }

    fn pending(applied: &[AppliedMigration]) -> Result<Vec<i64>, MigrationMismatch> {
        pending_migrations(THREE, applied)
            .map(|rest| rest.iter().map(|migration| migration.number).collect())
    }

    #[test]
    fn missing_migrations_are_pending_in_order() {
        assert_eq!(pending(&applied(0)), Ok(vec![1, 2, 3]));
        assert_eq!(pending(&applied(1)), Ok(vec![2, 3]));
        assert_eq!(pending(&applied(3)), Ok(vec![]));
    }

    #[test]
    fn unknown_changed_and_skipped_migrations_are_refused() {
        let mut newer = applied(3);
        newer.push(AppliedMigration { number: 9, checksum: String::new() });
        assert_eq!(pending(&newer), Err(MigrationMismatch::Newer { found: 9 }));
        let mut changed = applied(2);
        changed[1].checksum = THREE[0].checksum();
        assert_eq!(pending(&changed), Err(MigrationMismatch::Changed { number: 2 }));
        let skipped = applied(2).split_off(1);
        assert_eq!(pending(&skipped), Err(MigrationMismatch::Changed { number: 1 }));
    }

    #[test]
    fn numbers_count_up_from_one() {
        let numbers = MIGRATIONS.iter().map(|migration| migration.number);
        assert!(numbers.eq(1..=MIGRATIONS.len().try_into().unwrap()));
    }

    #[test]
    fn line_endings_do_not_change_the_checksum() {
        let checksum = |statements| Migration { number: 1, name: "", statements }.checksum();
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a\nb"), checksum("a b"));
    }
}
