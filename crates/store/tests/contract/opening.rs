//! Opening a database: creating and migrating files, and refusing others with a helpful text.

use std::fs;
use std::thread;

use rusqlite::Connection;
use store::{Database, OpenError};

use crate::content::everything;
use crate::engines::{Engine, OnDisk};
use crate::sample_data::filled;
use crate::samples::customer;

fn of(store: &mut dyn service::Read) -> service::Result<Vec<String>> {
    Ok(everything(store)?)
}

#[test]
fn reopening_keeps_everything_and_migrating_twice_changes_nothing() {
    let mut engine = filled::<OnDisk>();
    let content = engine.read(of).unwrap();
    let schema = |engine: &OnDisk| -> Vec<(String, Option<String>)> {
        let file = Connection::open(engine.path()).unwrap();
        let mut statement = file
            .prepare(
                "SELECT name, sql FROM sqlite_schema UNION ALL \
                 SELECT name, number || checksum || applied FROM migration",
            )
            .unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let before = schema(&engine);
    for _ in 0..2 {
        engine = engine.reopened();
        assert_eq!(schema(&engine), before);
        assert_eq!(engine.read(of).unwrap(), content);
    }
}

#[test]
fn concurrent_opening_of_a_new_file_makes_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/new/folder/accord.db", folder.path().display());
    let opening: Vec<_> = (0..8)
        .map(|number| {
            let url = url.clone();
            thread::spawn(move || {
                let database = Database::open(&url).unwrap();
                database
                    .write_blocking(move |store| Ok(store.insert_organization(&customer(number))?))
                    .unwrap();
            })
        })
        .collect();
    for opening in opening {
        opening.join().unwrap();
    }
    let database = Database::open(&url).unwrap();
    let kept = database.read(|store| Ok(store.organizations()?)).unwrap();
    assert_eq!(kept.len(), 8);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("accord.db");
    let database = Database::open(path.to_str().unwrap()).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_file_name("accord.db-wal")), 0o600);
    drop(database);
}

/// Errors of opening a database after these statements, for both ways of opening.
fn refused(statements: &str) -> [OpenError; 2] {
    let engine = OnDisk::empty();
    let path = engine.path();
    let url = path.to_str().unwrap();
    engine.database().clone().close();
    Connection::open(&path).unwrap().execute_batch(statements).unwrap();
    let before = fs::read(&path).unwrap();
    let errors = [Database::open(url).unwrap_err(), Database::open_existing(url).unwrap_err()];
    assert_eq!(fs::read(&path).unwrap(), before, "it was changed");
    errors
}

#[test]
fn a_newer_database_is_refused() {
    for error in refused("INSERT INTO migration VALUES (9000, 'later', '', 0)") {
        let text = error.to_string();
        assert!(matches!(error, OpenError::Newer { found: 9000, .. }), "{error:?}");
        assert!(text.contains("newer version") && text.contains("Run the newer"));
    }
}

#[test]
fn a_database_with_another_wording_of_a_migration_is_refused() {
    for error in refused("UPDATE migration SET checksum = 'x' WHERE number = 1") {
        assert!(matches!(error, OpenError::Changed { number: 1, .. }), "{error:?}");
    }
}

#[test]
fn another_program_s_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let url = path.to_str().unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    let before = fs::read(&path).unwrap();
    for error in [Database::open(url).unwrap_err(), Database::open_existing(url).unwrap_err()] {
        assert!(matches!(error, OpenError::NotOurs { .. }), "{error:?}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(&path, "no database at all, and long enough to have a header").unwrap();
    let error = Database::open(url).unwrap_err();
    assert!(matches!(error, OpenError::NotOurs { .. }), "{error:?}");
}

#[test]
fn errors_of_opening_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let error = Database::open_existing(&at("none.db")).unwrap_err();
    assert!(matches!(error, OpenError::Missing { .. }), "{error:?}");
    assert!(!folder.path().join("none.db").exists());
    // A folder instead of a file, and a file instead of a folder.
    let error = Database::open(&at("")).unwrap_err();
    assert!(matches!(error, OpenError::Failed { .. }), "{error:?}");
    fs::write(at("file"), "").unwrap();
    let error = Database::open(&at("file/accord.db")).unwrap_err();
    assert!(matches!(error, OpenError::Failed { .. }), "{error:?}");
    // An empty file has no tables yet. One way of opening creates them; the other does not.
    let error = Database::open_existing(&at("file")).unwrap_err();
    assert!(matches!(error, OpenError::Older { .. }), "{error:?}");
    Database::open(&at("file")).unwrap().close();
    Database::open_existing(&at("file")).unwrap().close();
    let error = Database::open("postgres://accord@localhost/accord").unwrap_err();
    assert!(error.to_string().contains("without PostgreSQL"), "{error}");
}

#[test]
fn a_database_opened_for_reading_reads_beside_the_writer_and_writes_nothing() {
    let engine = filled::<OnDisk>();
    let content = engine.read(of).unwrap();
    let path = engine.path();
    let reading = Database::open_existing(path.to_str().unwrap()).unwrap();
    assert_eq!(reading.read(of).unwrap(), content);
    let refused = reading.write_blocking(|store| Ok(store.insert_organization(&customer(1))?));
    assert!(refused.is_err());
    engine.write(|store| Ok(store.insert_organization(&customer(1))?)).unwrap();
    assert!(reading.read(of).unwrap().len() > content.len());
}
