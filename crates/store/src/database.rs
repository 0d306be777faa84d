//! A database on disk, of whichever engine its URL names.

use std::fmt;
use std::sync::Arc;

use service::{Read, Write};

use crate::open::{self, OpenError};
use crate::sqlite::Sqlite;

/// A database on disk. Clones are handles of the same one; it is closed in order when
/// the last of them is dropped.
#[derive(Clone)]
pub struct Database {
    engine: Arc<Sqlite>,
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// Opens a database for reading and writing: a path, also as `sqlite:PATH`. Makes
    /// the file and its folder where they are not there, and brings the tables up to
    /// date while nobody else can.
    ///
    /// # Errors
    /// An [`OpenError`], whose text is for the operator.
    pub fn open(url: &str) -> Result<Self, OpenError> {
        let engine = Arc::new(Sqlite::open(open::sqlite_path(url)?)?);
        Ok(Self { engine })
    }

    /// Opens a database that is there, for reading alone, and changes nothing. Writes
    /// are answered by an error.
    ///
    /// # Errors
    /// An [`OpenError`], whose text is for the operator.
    pub fn open_existing(url: &str) -> Result<Self, OpenError> {
        let engine = Arc::new(Sqlite::open_existing(open::sqlite_path(url)?)?);
        Ok(Self { engine })
    }

    /// Reads on the calling thread: everything is of one moment, and no read waits for
    /// a write.
    ///
    /// # Errors
    /// Those of the work; the store's.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<T> {
        self.engine.read(work)
    }

    /// Writes: all of what the work did or, where it fails, nothing. The future is
    /// ready when that is on disk, and only then does any reader see it. It needs no
    /// runtime in particular; nothing is queued before it is polled, and what is
    /// queued is done even if the future is dropped.
    ///
    /// The work may be run more than once, so it must not keep anything between runs:
    /// make what it uses up, such as a [`service::Context`], anew or from a clone.
    ///
    /// # Errors
    /// Those of the work; the store's.
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

    /// The same for a thread that may wait, such as that of an operator's command.
    ///
    /// # Errors
    /// Those of the work; the store's.
    pub fn write_blocking<T, W>(&self, work: W) -> service::Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Write) -> service::Result<T> + Send + 'static,
    {
        self.engine.write_blocking(work)
    }

    /// Waits until a transaction that put mail into the outbox is committed. Returns at
    /// once if that has happened since the last call returned. One caller at a time is
    /// woken.
    pub async fn mail_queued(&self) {
        self.engine.mail_queued().await;
    }

    /// Waits until what is queued is committed, folds the log into the database and
    /// closes it. Other handles are answered by errors from then on.
    pub fn close(self) {
        self.engine.close();
    }
}
