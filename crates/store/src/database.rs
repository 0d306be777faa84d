//! The database on disk.

use std::fmt;
use std::sync::Arc;

use service::{Read, Write};

use crate::open::{self, OpenError};
use crate::sqlite::SqliteDatabase;

/// A database on disk. Clones are handles to the same database, which is closed properly
/// when the last handle is dropped.
#[derive(Clone)]
pub struct Database {
    engine: Arc<SqliteDatabase>,
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// Opens a database for reading and writing. The URL is a path, optionally written as
    /// `sqlite:PATH`. Creates the file and its folder if they are missing, and applies
    /// pending migrations under an exclusive lock.
    ///
    /// # Errors
    /// An [`OpenError`], whose text is meant for the operator.
    pub fn open(url: &str) -> Result<Self, OpenError> {
        let engine = Arc::new(SqliteDatabase::open(open::sqlite_path(url)?)?);
        Ok(Self { engine })
    }

    /// Opens an existing database read-only and changes nothing. Writes fail.
    ///
    /// # Errors
    /// An [`OpenError`], whose text is meant for the operator.
    pub fn open_existing(url: &str) -> Result<Self, OpenError> {
        let engine = Arc::new(SqliteDatabase::open_existing(open::sqlite_path(url)?)?);
        Ok(Self { engine })
    }

    /// Runs `work` in a read transaction on the calling thread. All reads see the same
    /// snapshot, and no read waits for a write.
    ///
    /// # Errors
    /// The errors of `work`, and those of the store.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<T> {
        self.engine.read(work)
    }

    /// Runs `work` like [`read`](Self::read), and gives up with `None` once its statements have
    /// taken about a millisecond.
    ///
    /// # Errors
    /// The errors of `work`, and those of the store.
    pub fn try_read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<Option<T>> {
        self.engine.try_read(work)
    }

    /// Runs `work` in a write transaction, which is rolled back if `work` fails. The future
    /// completes when the change is on disk; no reader sees it before. It runs on any
    /// async runtime. Nothing is queued before the future is polled, and queued work runs
    /// even if the future is dropped.
    ///
    /// `work` may run more than once, so it must not carry state from one run to the next:
    /// clone what it consumes, such as a [`service::Context`], in each run.
    ///
    /// # Errors
    /// The errors of `work`, and those of the store.
    pub fn write<T, W>(
        &self,
        work: W,
    ) -> impl Future<Output = service::Result<T>> + Send + 'static + use<T, W>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        let engine = Arc::clone(&self.engine);
        async move { engine.write(work).await }
    }

    /// Runs `work` like [`write`](Self::write) and blocks the calling thread until the
    /// change is on disk.
    ///
    /// # Errors
    /// The errors of `work`, and those of the store.
    ///
    /// # Panics
    /// If called from within an async task of tokio.
    pub fn write_blocking<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        self.engine.write_blocking(work)
    }

    /// Waits until a transaction that put mail into the outbox is committed. Returns
    /// immediately if that has happened since the last call returned. Each commit wakes
    /// one caller.
    pub async fn mail_queued(&self) {
        self.engine.mail_queued().await;
    }

    /// Waits until all queued work is committed, checkpoints the write-ahead log and closes
    /// the database. Other handles then fail.
    pub fn close(self) {
        self.engine.close();
    }
}
