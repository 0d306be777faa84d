//! The SQLite engine. It uses a write-ahead log, and a commit is on disk before it is
//! reported (`journal_mode = WAL`, `synchronous = FULL`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi, named_params};
use service::{Error, Read, StoreError, Write};
use tokio::sync::Notify;

use crate::migrations::{
    AppliedMigration, CREATE_MIGRATION_TABLE, MIGRATIONS, Migration, MigrationMismatch,
    pending_migrations,
};
use crate::open::OpenError;
use crate::sql::{Transaction, add_functions};
use crate::writer::{WriteQueue, run_writer, write_queue};

/// Time to wait for another process that writes, such as a command of the operator.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Time between two attempts where SQLite does not wait by itself.
const BUSY_POLL_INTERVAL: Duration = Duration::from_millis(5);
/// Number of prepared statements that a connection caches; more than there are.
const STATEMENT_CACHE_SIZE: usize = 128;
/// Steps of SQLite's virtual machine after which [`SqliteDatabase::try_read`] gives up: less
/// than a millisecond. A page of 25 rows takes a few thousand.
const TRY_READ_STEPS: u32 = 15_000;
/// Steps between two checks of the limit.
const STEPS_BETWEEN_CHECKS: u32 = 1_000;
/// Marks a read without a limit.
const NO_LIMIT: u32 = u32::MAX;
/// Settings of each connection. The page cache is 16 MiB (given in KiB): with SQLite's
/// default of 2 MiB, the lists of a busy organization would be read from the operating
/// system's cache each time. `trusted_schema` keeps the schema of a file from calling
/// functions or virtual tables.
const CONNECTION_PRAGMAS: &str = "PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF;";

/// An open SQLite file.
pub(crate) struct SqliteDatabase {
    path: PathBuf,
    /// Idle connections for reading; `None` once the database is closed.
    ///
    /// A read runs on the calling thread and takes the connection that was returned last,
    /// so there are never more connections than threads that have read at the same time.
    idle_readers: Mutex<Option<Vec<ReadConnection>>>,
    /// `None` if the database was opened read-only.
    writer: Option<WriterThread>,
    /// Notified after each commit that put mail into the outbox.
    mail_queued: Arc<Notify>,
}

struct WriterThread {
    queue: WriteQueue,
    id: ThreadId,
    /// `None` once the thread was joined.
    handle: Mutex<Option<JoinHandle<()>>>,
}

/// An error of SQLite.
#[derive(Debug, thiserror::Error)]
#[error("SQLite: {0}")]
pub(crate) struct SqliteError(#[from] pub(crate) rusqlite::Error);

impl From<SqliteError> for StoreError {
    fn from(error: SqliteError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl From<SqliteError> for Error {
    fn from(error: SqliteError) -> Self {
        Self::Store(error.into())
    }
}

fn engine_error(cause: &str) -> Error {
    Error::Store(StoreError::Engine(cause.to_owned()))
}

/// Executes a cached statement without parameters, such as `BEGIN`.
pub(crate) fn execute(connection: &Connection, statement: &str) -> Result<(), SqliteError> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

impl SqliteDatabase {
    /// Opens a file, creates it if it is missing, and applies pending migrations.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with_migrations(path, MIGRATIONS)
    }

    fn open_with_migrations(path: &Path, known: &[Migration]) -> Result<Self, OpenError> {
        let failed =
            |doing, cause: String| OpenError::Failed { path: path.to_owned(), doing, cause };
        create_file(path).map_err(|error| failed("making the file", error.to_string()))?;
        let mut connection = open_connection(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| open_error(path, "opening the file", &error))?;
        // Checked before any change, so that a file of another program stays as it is.
        applied_migrations(&connection, path)?;
        let mode = enable_write_ahead_log(&connection)
            .map_err(|error| open_error(path, "turning on the write-ahead log", &error))?;
        if mode != "wal" {
            return Err(failed(
                "turning on the write-ahead log",
                format!("the file system offers only {mode}"),
            ));
        }
        connection
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .map_err(|error| open_error(path, "setting it up", &error))?;
        migrate(&mut connection, path, known)?;

        let (queue, receiver) = write_queue();
        let mail_queued = Arc::<Notify>::default();
        let handle = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn({
                let mail_queued = Arc::clone(&mail_queued);
                move || run_writer(connection, receiver, &mail_queued)
            })
            .map_err(|error| failed("starting the writer", error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            idle_readers: Mutex::new(Some(Vec::new())),
            writer: Some(WriterThread {
                queue,
                id: handle.thread().id(),
                handle: Mutex::new(Some(handle)),
            }),
            mail_queued,
        })
    }

    /// Opens an existing, migrated file read-only.
    pub(crate) fn open_existing(path: &Path) -> Result<Self, OpenError> {
        Self::open_existing_with_migrations(path, MIGRATIONS)
    }

    fn open_existing_with_migrations(path: &Path, known: &[Migration]) -> Result<Self, OpenError> {
        if !path.is_file() {
            return Err(OpenError::Missing { path: path.to_owned() });
        }
        let reader = open_read_connection(path)
            .map_err(|error| open_error(path, "opening the file", &error))?;
        let applied = applied_migrations(&reader.connection, path)?;
        if !pending(known, &applied, path)?.is_empty() {
            return Err(OpenError::Older { path: path.to_owned() });
        }
        Ok(Self {
            path: path.to_owned(),
            idle_readers: Mutex::new(Some(vec![reader])),
            writer: None,
            mail_queued: Arc::default(),
        })
    }

    /// Runs `work` in a read transaction on the calling thread.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<T> {
        let result = self.take_reader()?.run(NO_LIMIT, work)?;
        result.ok_or_else(|| engine_error("a read without a limit was given up"))
    }

    /// Runs `work` like [`read`](Self::read), and gives up with `None` once its statements have
    /// taken [`TRY_READ_STEPS`].
    pub(crate) fn try_read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<Option<T>> {
        self.take_reader()?.run(TRY_READ_STEPS / STEPS_BETWEEN_CHECKS, work)
    }

    /// Takes an idle connection, or opens one. A read that fails in the engine or panics
    /// does not give it back, which closes it and thereby ends its transaction.
    fn take_reader(&self) -> service::Result<PooledReader<'_>> {
        let idle = self
            .lock_readers()
            .as_mut()
            .ok_or_else(|| engine_error("the database was closed"))?
            .pop();
        let reader = match idle {
            Some(reader) => reader,
            None => open_read_connection(&self.path).map_err(SqliteError::from)?,
        };
        Ok(PooledReader { reader, database: self })
    }

    fn lock_readers(&self) -> MutexGuard<'_, Option<Vec<ReadConnection>>> {
        self.idle_readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> service::Result<&WriterThread> {
        self.writer
            .as_ref()
            .ok_or_else(|| engine_error("the database was opened for reading alone"))
    }

    /// Queues work for the writer and waits until it is committed.
    pub(crate) async fn write<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        self.writer()?.queue.write(work).await
    }

    /// Queues work for the writer and blocks until it is committed.
    pub(crate) fn write_blocking<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        let writer = self.writer()?;
        if writer.is_current_thread() {
            return Err(engine_error("work in a transaction can't wait for another transaction"));
        }
        writer.queue.write_blocking(work)
    }

    /// Waits for a commit that put mail into the outbox.
    pub(crate) async fn mail_queued(&self) {
        self.mail_queued.notified().await;
    }

    /// Refuses further work, waits until all queued work is committed, and closes.
    pub(crate) fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.queue.close();
        }
        drop(self.lock_readers().take());
        if let Some(writer) = &self.writer {
            writer.join();
        }
    }
}

impl Drop for SqliteDatabase {
    fn drop(&mut self) {
        self.close();
    }
}

impl WriterThread {
    fn is_current_thread(&self) -> bool {
        self.id == thread::current().id()
    }

    /// Waits until the thread has ended. Does nothing on the thread itself, which a job
    /// gets to if it held the last handle; the thread then ends after that job.
    fn join(&self) {
        if self.is_current_thread() {
            return;
        }
        let mut handle = self.handle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = handle.take() {
            // The writer catches all panics, so there is no error to report.
            let _ = handle.join();
        }
    }
}

/// A connection for reading, whose statements can be limited.
struct ReadConnection {
    connection: Connection,
    /// Steps of SQLite's virtual machine that are left, in units of [`STEPS_BETWEEN_CHECKS`].
    checks_left: Arc<AtomicU32>,
}

struct PooledReader<'a> {
    reader: ReadConnection,
    database: &'a SqliteDatabase,
}

impl PooledReader<'_> {
    /// Runs `work` in a transaction. Returns `None` if its statements took more steps than this
    /// number of checks allows.
    fn run<T>(
        self,
        checks: u32,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<Option<T>> {
        let ReadConnection { connection, checks_left } = &self.reader;
        execute(connection, "BEGIN")?;
        checks_left.store(checks, Ordering::Relaxed);
        let result = work(&mut Transaction::new(connection));
        // The end of the transaction is not limited.
        let is_given_up = checks_left.swap(NO_LIMIT, Ordering::Relaxed) == 0;
        let result = if is_given_up { Ok(None) } else { result.map(Some) };
        match execute(connection, "COMMIT") {
            Ok(()) => self.give_back(),
            // An error of the work says more than the failed end of its transaction.
            Err(error) => return result.and(Err(error.into())),
        }
        result
    }

    fn give_back(self) {
        if let Some(idle) = self.database.lock_readers().as_mut() {
            idle.push(self.reader);
        }
    }
}

/// Creates the file and its folders if they are missing. Only the owner gets access,
/// because the file holds password hashes. SQLite gives its other files the same
/// permissions.
fn create_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// Turns on the write-ahead log, and returns the resulting journal mode.
///
/// The busy timeout does not apply here: if two connections do this to a new file at the
/// same time, SQLite tells one of them at once that the file is busy. So this function
/// retries until the same timeout.
fn enable_write_ahead_log(connection: &Connection) -> rusqlite::Result<String> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        let busy = mode.as_ref().is_err_and(|error: &rusqlite::Error| {
            error.sqlite_error_code() == Some(ffi::ErrorCode::DatabaseBusy)
        });
        if !busy || Instant::now() > deadline {
            return mode;
        }
        thread::sleep(BUSY_POLL_INTERVAL);
    }
}

fn open_connection(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // One thread at a time uses a connection, so SQLite needs no mutex of its own.
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE_SIZE);
    // Plans do not depend on bound values. Otherwise SQLite prepares a statement again for each
    // new value that it compares with the condition of a partial index, which took a third of
    // the time of a list.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(CONNECTION_PRAGMAS)?;
    add_functions(&connection)?;
    Ok(connection)
}

fn open_read_connection(path: &Path) -> rusqlite::Result<ReadConnection> {
    let connection = open_connection(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    let checks_left = Arc::new(AtomicU32::new(NO_LIMIT));
    connection.progress_handler(STEPS_BETWEEN_CHECKS.cast_signed(), {
        let checks_left = Arc::clone(&checks_left);
        Some(move || match checks_left.load(Ordering::Relaxed) {
            NO_LIMIT => false,
            // Interrupts the statement, and every later one of the transaction.
            0 => true,
            left => {
                checks_left.store(left - 1, Ordering::Relaxed);
                left == 1
            }
        })
    })?;
    Ok(ReadConnection { connection, checks_left })
}

fn open_error(path: &Path, doing: &'static str, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotOurs { path },
        _ => OpenError::Failed { path, doing, cause: error.to_string() },
    }
}

/// Reads the migrations that a file has recorded; none for an empty file.
fn applied_migrations(
    connection: &Connection,
    path: &Path,
) -> Result<Vec<AppliedMigration>, OpenError> {
    let failed = |error| open_error(path, "reading its tables", &error);
    let (tables, is_ours): (i64, bool) = connection
        .query_row(
            "SELECT count(*), coalesce(max(name = 'migration'), FALSE) \
             FROM sqlite_schema WHERE type = 'table'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(failed)?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    if !is_ours {
        return Err(OpenError::NotOurs { path: path.to_owned() });
    }
    let mut statement = connection
        .prepare("SELECT number, checksum FROM migration ORDER BY number")
        // A table of that name without these columns belongs to another program.
        .map_err(|_| OpenError::NotOurs { path: path.to_owned() })?;
    let applied = statement
        .query_map([], |row| Ok(AppliedMigration { number: row.get(0)?, checksum: row.get(1)? }))
        .and_then(Iterator::collect)
        .map_err(failed)?;
    Ok(applied)
}

fn pending<'a>(
    known: &'a [Migration],
    applied: &[AppliedMigration],
    path: &Path,
) -> Result<&'a [Migration], OpenError> {
    let path = path.to_owned();
    pending_migrations(known, applied).map_err(|mismatch| match mismatch {
        MigrationMismatch::Newer { found } => {
            OpenError::Newer { path, found, known: known.last().map_or(0, |last| last.number) }
        }
        MigrationMismatch::Changed { number } => OpenError::Changed { path, number },
    })
}

/// Applies all pending migrations in one exclusive transaction.
fn migrate(connection: &mut Connection, path: &Path, known: &[Migration]) -> Result<(), OpenError> {
    let failed = |error| open_error(path, "bringing its tables up to date", &error);
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)
        .map_err(failed)?;
    // Read again under the lock: another process may have migrated in the meantime.
    let applied = applied_migrations(&transaction, path)?;
    let pending = pending(known, &applied, path)?;
    if pending.is_empty() {
        return Ok(());
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0);
    transaction.execute_batch(CREATE_MIGRATION_TABLE).map_err(failed)?;
    for migration in pending {
        transaction.execute_batch(migration.statements).map_err(failed)?;
        transaction
            .execute(
                "INSERT INTO migration (number, name, checksum, applied) \
                 VALUES (:number, :name, :checksum, :applied)",
                named_params! {
                    ":number": migration.number,
                    ":name": migration.name,
                    ":checksum": migration.checksum(),
                    ":applied": now,
                },
            )
            .map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The program's migrations and one more, as the next version may have.
    const NEXT_VERSION: &[Migration] = &[
        MIGRATIONS[0],
        Migration {
            number: 2,
            name: "next",
            statements: "ALTER TABLE organization ADD COLUMN phone TEXT; \
                         UPDATE organization SET phone = '+31';",
        },
    ];

    #[test]
    fn a_read_that_takes_too_many_steps_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let database = SqliteDatabase::open(&folder.path().join("accord.db")).unwrap();
        let repeat = |store: &mut dyn Read, times: u32| {
            (0..times).try_for_each(|_| store.organizations().map(|_| ()))?;
            Ok(times)
        };
        let short = || database.try_read(|store| repeat(store, 3)).unwrap();
        assert_eq!(short(), Some(3));
        assert_eq!(database.try_read(|store| repeat(store, TRY_READ_STEPS)).unwrap(), None);
        // The connection is used again, without a limit and with a new one.
        assert_eq!(database.lock_readers().as_ref().map(Vec::len), Some(1));
        assert_eq!(database.read(|store| repeat(store, TRY_READ_STEPS)).unwrap(), TRY_READ_STEPS);
        assert_eq!(short(), Some(3));
    }

    #[test]
    fn the_next_version_migrates_a_database_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accord.db");
        let insert = "INSERT INTO organization (id, kind, name, domain, country, clouds, created, \
                      format, name_key, search_words) VALUES \
                      ('1', 'customer', 'Harbour Bakery', 'a.example', 'IE', '[]', 5, 1, '', '')";
        drop(SqliteDatabase::open(&path).unwrap());
        Connection::open(&path).unwrap().execute(insert, []).unwrap();

        let error = SqliteDatabase::open_existing_with_migrations(&path, NEXT_VERSION).err();
        assert!(matches!(error, Some(OpenError::Older { .. })), "{error:?}");
        for _ in 0..2 {
            drop(SqliteDatabase::open_with_migrations(&path, NEXT_VERSION).unwrap());
        }
        drop(SqliteDatabase::open_existing_with_migrations(&path, NEXT_VERSION).unwrap());
        let row: (String, String, i64) = Connection::open(&path)
            .unwrap()
            .query_row(
                "SELECT name, phone, (SELECT count(*) FROM migration) FROM organization",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(row, ("Harbour Bakery".to_owned(), "+31".to_owned(), 2));

        // The version before refuses the result.
        for error in [SqliteDatabase::open(&path).err(), SqliteDatabase::open_existing(&path).err()]
        {
            assert!(
                matches!(error, Some(OpenError::Newer { found: 2, known: 1, .. })),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        const BROKEN: &[Migration] = &[
            MIGRATIONS[0],
            Migration {
                number: 2,
                name: "broken",
                statements: "CREATE TABLE next (id TEXT); INSERT INTO missing VALUES (1);",
            },
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accord.db");
        drop(SqliteDatabase::open(&path).unwrap());
        let error = SqliteDatabase::open_with_migrations(&path, BROKEN).err();
        assert!(matches!(error, Some(OpenError::Failed { .. })), "{error:?}");
        let tables: i64 = Connection::open(&path)
            .unwrap()
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'next'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(tables, 0);
        drop(SqliteDatabase::open_existing(&path).unwrap());
    }
}
