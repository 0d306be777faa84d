//! The changes of the tables over time. Each is a numbered file under `migrations/`,
//! applied once, in order, and recorded with its checksum.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// A change of the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// Its number; they count up from 1 without a gap.
    pub(crate) number: i64,
    /// What it does, as the file is called.
    pub(crate) name: &'static str,
    text: &'static str,
}

/// Every migration that this program knows.
pub(crate) const KNOWN: &[Migration] = &[
    Migration { number: 1, name: "begin", text: include_str!("../migrations/0001_begin.sql") },
    Migration {
        number: 2,
        name: "enquiries_and_profiles",
        text: include_str!("../migrations/0002_enquiries_and_profiles.sql"),
    },
    Migration {
        number: 3,
        name: "subscriptions",
        text: include_str!("../migrations/0003_subscriptions.sql"),
    },
];

/// The table in which they are recorded, in the shared text like theirs.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied BIGINT NOT NULL
) /* sqlite: STRICT */";

/// The statement that makes the table in which migrations are recorded, for SQLite.
pub(crate) fn record_for_sqlite() -> String {
    for_sqlite(RECORD)
}

impl Migration {
    /// The statements, as SQLite reads them.
    pub(crate) fn for_sqlite(&self) -> String {
        for_sqlite(self.text)
    }
}

/// The checksum of the statements of a migration as an engine reads them: the SHA-256
/// in hexadecimal, without regard to how a checkout ends lines.
pub(crate) fn checksum(statements: &str) -> String {
    Sha256::digest(statements.replace("\r\n", "\n")).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The shared text as SQLite reads it: what stands in a comment for it without the
/// comment marks, what stands in one for another engine left out, and INTEGER for
/// BIGINT, which its STRICT tables don't know by that name.
fn for_sqlite(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        read.push_str(before);
        let (inside, after) = comment.split_once("*/").unwrap_or((comment, ""));
        if let Some(ours) = inside.trim_start().strip_prefix("sqlite:") {
            read.push_str(ours.trim());
        }
        rest = after;
    }
    read.push_str(rest);
    read.replace("BIGINT", "INTEGER")
}

/// A migration that a database has recorded.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) number: i64,
    pub(crate) checksum: String,
}

/// Why a database's migrations don't fit this program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// The database has a migration that the program does not know.
    Newer {
        /// The number of the database's last.
        found: i64,
    },
    /// A migration was applied in another wording, or one before it never was.
    Changed {
        /// Its number.
        number: i64,
    },
}

/// The migrations that are still to be applied to a database that has recorded these,
/// in the order of their numbers.
pub(crate) fn outstanding<'a>(
    known: &'a [Migration],
    applied: &[Applied],
) -> Result<&'a [Migration], Misfit> {
    if let Some(last) = applied.get(known.len()..).and_then(<[_]>::last) {
        return Err(Misfit::Newer { found: last.number });
    }
    for (known, applied) in known.iter().zip(applied) {
        if applied.number > known.number {
            return Err(Misfit::Changed { number: known.number });
        }
        if applied.number != known.number || applied.checksum != checksum(&known.for_sqlite()) {
            return Err(Misfit::Changed { number: applied.number });
        }
    }
    Ok(known.get(applied.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &[Migration] = &[
        Migration {
            number: 1,
            name: "one",
            text: "CREATE TABLE a (b BIGINT) /* sqlite: STRICT */;",
        },
        Migration {
            number: 2,
            name: "two",
            text: "CREATE TABLE c (d TEXT) /* postgresql: WITH (fillfactor = 70) */;",
        },
        Migration { number: 3, name: "three", text: "DROP TABLE a;" },
    ];

    fn applied(count: usize) -> Vec<Applied> {
        THREE
            .iter()
            .take(count)
            .map(|one| Applied { number: one.number, checksum: checksum(&one.for_sqlite()) })
            .collect()
    }

    fn numbers(applied: &[Applied]) -> Result<Vec<i64>, Misfit> {
        outstanding(THREE, applied)
            .map(|rest| rest.iter().map(|migration| migration.number).collect())
    }

    #[test]
    fn each_engine_reads_its_own_comments() {
        assert_eq!(THREE[0].for_sqlite(), "CREATE TABLE a (b INTEGER) STRICT;");
        assert_eq!(THREE[1].for_sqlite(), "CREATE TABLE c (d TEXT) ;");
    }

    #[test]
    fn what_is_missing_is_applied_in_order() {
        assert_eq!(numbers(&applied(0)), Ok(vec![1, 2, 3]));
        assert_eq!(numbers(&applied(1)), Ok(vec![2, 3]));
        assert_eq!(numbers(&applied(3)), Ok(vec![]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut newer = applied(3);
        newer.push(Applied { number: 9, checksum: String::new() });
        assert_eq!(numbers(&newer), Err(Misfit::Newer { found: 9 }));
        let mut changed = applied(2);
        changed[1].checksum = checksum("something else");
        assert_eq!(numbers(&changed), Err(Misfit::Changed { number: 2 }));
        let gap = applied(2).split_off(1);
        assert_eq!(numbers(&gap), Err(Misfit::Changed { number: 1 }));
    }

    #[test]
    fn the_known_count_up_from_one() {
        assert!(
            KNOWN.iter().map(|migration| migration.number).eq(1..=KNOWN.len().try_into().unwrap())
        );
    }

    #[test]
    fn what_was_published_never_changes() {
        // What databases have recorded, in the order of the numbers.
        let published = [
            "10feb5fd0c73dc058a13fa44886f464d8a7bb6aa338db9f7c95df6253150801e",
            "c7b68244d022284fd850514c1e2f45773d6ad1a02b692d18f78f87632876a65c",
        ];
        for (known, published) in KNOWN.iter().zip(published) {
            assert_eq!(checksum(&known.for_sqlite()), published, "{}", known.name);
        }
    }

    #[test]
    fn line_ends_don_t_count() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a\nb"), checksum("a b"));
    }
}
