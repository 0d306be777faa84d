//! SQLite, the embedded engine: the log is written ahead, and a commit is on disk
//! before it is told (`journal_mode = WAL`, `synchronous = FULL`).

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ffi};
use service::model::PartnerSearch;
use service::{Error, Read, StoreError, Write};
use tokio::sync::Notify;

use crate::migrations::{self, Applied, KNOWN, Migration, Misfit};
use crate::open::OpenError;
use crate::queue::{self, Queue};
use crate::search::Question;
use crate::sql::{self, Column, Columns, Row, Sql, SqlError, Statement, Transaction, Value};
use crate::writer::{self, Job, ROOM, UseCase};

/// How long to wait for another process that writes, such as a command of the operator.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to pause where SQLite doesn't wait by itself.
const PAUSE: Duration = Duration::from_millis(5);
/// More than there are statements, so that each is prepared once a connection.
const STATEMENTS: usize = 128;
/// What every connection is set to: 16 MiB of pages kept in memory (given in KiB), since
/// SQLite's own 2 MiB would have a busy organization's lists read from the system's
/// cache again and again; and no function or virtual table called because a file's
/// schema says so.
const SETTINGS: &str = "PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF;";

/// A SQLite file, opened.
pub(crate) struct Sqlite {
    path: PathBuf,
    /// The connections that nobody reads with just now; `None` once it is closed.
    ///
    /// A read runs on the calling thread and takes the connection that was given back
    /// last, so there are never more than threads that read at once, and they are
    /// closed together with the database.
    readers: Mutex<Option<Vec<Connection>>>,
    /// `None` where it was opened for reading alone.
    writer: Option<Writer>,
    /// Notified after each commit that put mail into the outbox.
    mail_queued: Arc<Notify>,
}

struct Writer {
    queue: Arc<Queue<Box<dyn Job>>>,
    id: ThreadId,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What SQLite said, in words.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SQLite: {}", self.0)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::Engine(failure.to_string())
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into())
    }
}

fn engine_error(cause: &str) -> Error {
    Error::Store(StoreError::Engine(cause.to_owned()))
}

/// Runs a statement that begins or ends something.
pub(crate) fn control(connection: &Connection, text: &str) -> Result<(), Failure> {
    connection.prepare_cached(text)?.execute([])?;
    Ok(())
}

impl Sqlite {
    /// Opens a file, makes it where there is none, and brings its tables up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        let failed =
            |doing, cause: String| OpenError::Failed { path: path.to_owned(), doing, cause };
        make(path).map_err(|error| failed("making the file", error.to_string()))?;
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| not_opened(path, "opening the file", &error))?;
        // Before anything is changed: another program's file stays as it is.
        recorded(&connection, path)?;
        let mode = write_ahead(&connection)
            .map_err(|error| not_opened(path, "turning on the write-ahead log", &error))?;
        if mode != "wal" {
            return Err(failed(
                "turning on the write-ahead log",
                format!("the file system offers only {mode}"),
            ));
        }
        connection
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .map_err(|error| not_opened(path, "setting it up", &error))?;
        migrate(&mut connection, path)?;

        let queue = Arc::new(Queue::new(ROOM));
        let taken = Arc::clone(&queue);
        let mail_queued = Arc::<Notify>::default();
        let notified = Arc::clone(&mail_queued);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer::run(connection, &taken, &notified))
            .map_err(|error| failed("starting the writer", error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::new(Some(Vec::new())),
            writer: Some(Writer {
                queue,
                id: thread.thread().id(),
                thread: Mutex::new(Some(thread)),
            }),
            mail_queued,
        })
    }

    /// Opens a file whose tables are up to date, for reading alone.
    pub(crate) fn open_existing(path: &Path) -> Result<Self, OpenError> {
        if !path.is_file() {
            return Err(OpenError::Missing { path: path.to_owned() });
        }
        let reader =
            read_connection(path).map_err(|error| not_opened(path, "opening the file", &error))?;
        let applied = recorded(&reader, path)?;
        if !outstanding(&applied, path)?.is_empty() {
            return Err(OpenError::Older { path: path.to_owned() });
        }
        Ok(Self {
            path: path.to_owned(),
            readers: Mutex::new(Some(vec![reader])),
            writer: None,
            mail_queued: Arc::default(),
        })
    }

    /// Reads on the calling thread, in a transaction.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<T> {
        let reader = self.reader()?;
        control(&reader.connection, "BEGIN")?;
        let mut engine = Engine::new(&reader.connection);
        let result = work(&mut Transaction::new(&mut engine));
        match control(&reader.connection, "COMMIT") {
            Ok(()) => reader.give_back(),
            // What the work met says more than that its transaction is gone.
            Err(failure) => return result.and(Err(failure.into())),
        }
        result
    }

    /// A connection for one read. A read that ends in an error of the engine or in a
    /// panic does not give it back, which closes it and so ends its transaction.
    fn reader(&self) -> service::Result<Reader<'_>> {
        let idle =
            self.lock().as_mut().ok_or_else(|| engine_error("the database was closed"))?.pop();
        let connection = match idle {
            Some(connection) => connection,
            None => read_connection(&self.path).map_err(Failure::from)?,
        };
        Ok(Reader { connection, home: self })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues work for the writer and waits until it is committed.
    pub(crate) async fn write<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        let writer = self
            .writer
            .as_ref()
            .ok_or_else(|| engine_error("the database was opened for reading alone"))?;
        let (answer, answered) = queue::answer();
        let job: Box<dyn Job> = Box::new(UseCase::new(work, answer));
        if writer.queue.push(job).await.is_err() {
            return Err(engine_error("the database was closed"));
        }
        answered
            .wait()
            .await
            .unwrap_or_else(|| Err(engine_error("the writer ended before it answered")))
    }

    /// The same for a thread that may wait.
    pub(crate) fn write_blocking<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        if self.is_writer() {
            return Err(engine_error("work in a transaction can't wait for another transaction"));
        }
        queue::block_on(self.write(work))
    }

    /// Waits for a commit that put mail into the outbox.
    pub(crate) async fn mail_queued(&self) {
        self.mail_queued.notified().await;
    }

    /// Whether this is the writer's own thread, which can't wait for itself.
    fn is_writer(&self) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.id == thread::current().id())
    }

    /// Takes nothing more, waits until what is queued is committed, and closes.
    pub(crate) fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.queue.close();
        }
        drop(self.lock().take());
        if self.is_writer() {
            // The last handle was held by a job: the writer ends by itself after it.
            return;
        }
        if let Some(writer) = &self.writer {
            let mut thread = writer.thread.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(thread) = thread.take() {
                // The writer lets no panic through, so there is nothing to hear.
                let _ = thread.join();
            }
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

struct Reader<'a> {
    connection: Connection,
    home: &'a Sqlite,
}

impl Reader<'_> {
    fn give_back(self) {
        if let Some(idle) = self.home.lock().as_mut() {
            idle.push(self.connection);
        }
    }
}

/// Makes the file and its folders where they are not there, for the owner alone: it
/// holds hashes of passwords. SQLite gives its other files the same permissions.
fn make(path: &Path) -> std::io::Result<()> {
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

/// Turns on the write-ahead log, and says which journal there is then.
///
/// SQLite doesn't wait here as it does elsewhere: of two connections that turn a new
/// file's log on at once, one is told at once that the other is at it. So the waiting
/// is done here, for as long as for anything else.
fn write_ahead(connection: &Connection) -> rusqlite::Result<String> {
    let patience = Instant::now() + PATIENCE;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        let busy = mode.as_ref().is_err_and(|error: &rusqlite::Error| {
            error.sqlite_error_code() == Some(ffi::ErrorCode::DatabaseBusy)
        });
        if !busy || Instant::now() > patience {
            return mode;
        }
        thread::sleep(PAUSE);
    }
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite needs no lock of its own.
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

fn read_connection(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}

fn not_opened(path: &Path, doing: &'static str, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotOurs { path },
        _ => OpenError::Failed { path, doing, cause: error.to_string() },
    }
}

/// The migrations that a file has recorded; none for an empty file.
fn recorded(connection: &Connection, path: &Path) -> Result<Vec<Applied>, OpenError> {
    let failed = |error| not_opened(path, "reading its tables", &error);
    let (tables, ours): (i64, bool) = connection
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
    if !ours {
        return Err(OpenError::NotOurs { path: path.to_owned() });
    }
    let mut statement = connection
        .prepare("SELECT number, checksum FROM migration ORDER BY number")
        // A table of that name without these columns is somebody else's.
        .map_err(|_| OpenError::NotOurs { path: path.to_owned() })?;
    let applied = statement
        .query_map([], |row| Ok(Applied { number: row.get(0)?, checksum: row.get(1)? }))
        .and_then(Iterator::collect)
        .map_err(failed)?;
    Ok(applied)
}

fn outstanding(applied: &[Applied], path: &Path) -> Result<&'static [Migration], OpenError> {
    let path = path.to_owned();
    migrations::outstanding(KNOWN, applied).map_err(|misfit| match misfit {
        Misfit::Newer { found } => {
            OpenError::Newer { path, found, known: KNOWN.last().map_or(0, |last| last.number) }
        }
        Misfit::Changed { number } => OpenError::Changed { path, number },
    })
}

/// Applies what is outstanding, all of it or nothing, while nobody else can.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let failed = |error| not_opened(path, "bringing its tables up to date", &error);
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)
        .map_err(failed)?;
    // Asked again under the lock: another process may have done it in the meantime.
    let applied = recorded(&transaction, path)?;
    let outstanding = outstanding(&applied, path)?;
    if outstanding.is_empty() {
        return Ok(());
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0);
    transaction.execute_batch(&migrations::record_for_sqlite()).map_err(failed)?;
    for migration in outstanding {
        let statements = migration.for_sqlite();
        transaction.execute_batch(&statements).map_err(failed)?;
        transaction
            .execute(
                "INSERT INTO migration (number, name, checksum, applied) VALUES ($1, $2, $3, $4)",
                (migration.number, migration.name, migrations::checksum(&statements), now),
            )
            .map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

const DELETE_TERMS: Statement = Statement::new("DELETE FROM partner_search WHERE rowid = $1");
const INSERT_TERMS: Statement =
    Statement::new("INSERT INTO partner_search (rowid, terms) VALUES ($1, $2)");
/// FTS5 gives the rows that match in the order of their rowids, so it reads no further
/// than to the last one that is wanted.
const FIND: Statement = Statement::new(
    "SELECT rowid FROM partner_search WHERE partner_search MATCH $1 AND rowid > $2 \
     ORDER BY rowid LIMIT $3",
);

/// A search at one level, in the language of FTS5. Every term is quoted, so that none
/// of it is read as more than a term.
fn expression(search: &PartnerSearch, question: &Question, level: u8) -> String {
    let quoted = |term: &str| format!("\"{}\"", term.replace('"', "\"\""));
    let at = |level| {
        let (terms, beginning) = sql::terms::asked(search, question, level);
        let mut all: Vec<String> = terms.iter().map(|term| quoted(term)).collect();
        all.extend(beginning.map(|beginning| quoted(&beginning) + " *"));
        all.join(" AND ")
    };
    match level.checked_sub(1) {
        None => at(level),
        Some(better) => format!("({}) NOT ({})", at(level), at(better)),
    }
}

/// A connection, as the statements see it.
pub(crate) struct Engine<'a> {
    connection: &'a Connection,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// The statement with its values, ready to run.
    fn bound(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<rusqlite::CachedStatement<'a>, SqlError> {
        if statement.placeholders() != values.len() {
            return Err(SqlError::Engine(format!(
                "{} values for the {} placeholders of: {}",
                values.len(),
                statement.placeholders(),
                statement.text()
            )));
        }
        let mut prepared = self.connection.prepare_cached(statement.text()).map_err(said)?;
        for (place, value) in (1..).zip(values) {
            prepared.raw_bind_parameter(place, Bound(value)).map_err(said)?;
        }
        Ok(prepared)
    }
}

impl Sql for Engine<'_> {
    fn query(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut prepared = self.bound(statement, values)?;
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().map_err(said)? {
            each(&mut Columns::new(&Lent(row)))?;
        }
        Ok(())
    }

    fn execute(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let changed = self.bound(statement, values)?.raw_execute().map_err(said)?;
        Ok(changed as u64)
    }

    fn set_terms(&mut self, place: i64, terms: Option<&str>) -> Result<(), StoreError> {
        self.execute(&DELETE_TERMS, &[place.into()])?;
        if let Some(terms) = terms {
            self.execute(&INSERT_TERMS, &[place.into(), terms.into()])?;
        }
        Ok(())
    }

    fn find(
        &mut self,
        search: &PartnerSearch,
        question: &Question,
        level: u8,
        after: i64,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let mut places = Vec::new();
        let values = [
            expression(search, question, level).into(),
            after.into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        self.query(&FIND, &values, &mut |columns| {
            places.push(sql::place(columns)?);
            Ok(())
        })?;
        Ok(places)
    }
}

struct Bound<'a>(&'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(integer) => ValueRef::Integer(*integer),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

struct Lent<'a>(&'a rusqlite::Row<'a>);

impl Row for Lent<'_> {
    fn column(&self, place: usize) -> Column<'_> {
        match self.0.get_ref(place) {
            Ok(ValueRef::Null) => Column::Null,
            Ok(ValueRef::Integer(integer)) => Column::Integer(integer),
            Ok(ValueRef::Text(text)) => std::str::from_utf8(text)
                .map_or(Column::Other("text that is not UTF-8"), Column::Text),
            Ok(ValueRef::Real(_)) => Column::Other("a floating-point number"),
            Ok(ValueRef::Blob(_)) => Column::Other("a blob"),
            Err(_) => Column::Other("no such column"),
        }
    }

    fn name(&self, place: usize) -> &str {
        self.0.as_ref().column_name(place).unwrap_or("?")
    }
}

fn said(error: rusqlite::Error) -> SqlError {
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => SqlError::Unique,
        _ => SqlError::Engine(Failure::from(error).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use service::model::PartnerSearch;

    use super::*;

    #[test]
    fn a_search_reads_the_index_in_its_order() {
        let connection = Connection::open_in_memory().unwrap();
        for migration in KNOWN {
            connection.execute_batch(&migration.for_sqlite()).unwrap();
        }
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", FIND.text())).unwrap();
        let steps: Vec<String> = plan
            .query_map(("\"a\"", 1, 2), |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        // One step, and no sorting after it.
        assert_eq!(steps.len(), 1, "{steps:?}");
        assert!(steps.iter().all(|step| step.contains("VIRTUAL TABLE INDEX")), "{steps:?}");
    }

    #[test]
    fn an_expression_is_made_of_quoted_terms() {
        let search = PartnerSearch {
            cloud: rules::Cloud::Worldwide,
            country: "NL".parse().unwrap(),
            city: Some("Den Haag".to_owned()),
            size: Some(rules::OrganizationSize::From1To9),
            words: vec!["mail\" OR \"".to_owned(), "zor".to_owned()],
        };
        let question = Question::of(&search);
        let filters = r#""serves-worldwide-NL" AND "size-1to9" AND "in-NL-den" AND "in-NL-haag""#;
        assert_eq!(
            expression(&search, &question, 0),
            format!(r#"{filters} AND "0mail" AND "0or" AND "0zor" *"#)
        );
        assert_eq!(
            expression(&search, &question, 3),
            format!(
                r#"({filters} AND "3mail" AND "3or" AND "3zor" *) NOT ({filters} AND "2mail" AND "2or" AND "2zor" *)"#
            )
        );
    }
}
