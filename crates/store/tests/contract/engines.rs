//! The stores that the contract tests run on.

use std::sync::Arc;

use service::{Read, Result, Write};
use store::{Database, Memory};
use tempfile::TempDir;

/// A store under test. Clones are handles to the same store.
pub(crate) trait Engine: Clone + Send + 'static {
    /// Creates an empty store.
    fn empty() -> Self;
    /// Runs work that reads.
    fn read<T>(&self, work: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T>;
    /// Runs work that writes, and waits for the commit.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Write) -> Result<T> + Send + 'static,
    ) -> Result<T>;
}

impl Engine for Memory {
    fn empty() -> Self {
        Self::new()
    }

    fn read<T>(&self, work: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        self.read(work)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Write) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write(work)
    }
}

/// A database in a temporary folder.
#[derive(Clone)]
pub(crate) struct OnDisk {
    // Dropped before the folder, because fields are dropped in order.
    database: Database,
    folder: Arc<TempDir>,
}

impl OnDisk {
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("accord.db")
    }

    /// Closes the database and opens it again.
    pub(crate) fn reopened(self) -> Self {
        let path = self.path();
        self.database.close();
        Self { database: Database::open(path.to_str().unwrap()).unwrap(), folder: self.folder }
    }
}

impl Engine for OnDisk {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accord.db");
        Self { database: Database::open(path.to_str().unwrap()).unwrap(), folder: Arc::new(folder) }
    }

    fn read<T>(&self, work: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        self.database.read(work)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Write) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.database.write_blocking(work)
    }
}

/// Makes a test for each store from each of these functions.
macro_rules! on_every_engine {
    ($($name:ident),+ $(,)?) => {
        mod memory {
            $(#[test]
            fn $name() {
                super::$name(&<store::Memory as crate::engines::Engine>::empty());
            })+
        }

        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&<crate::engines::OnDisk as crate::engines::Engine>::empty());
            })+
        }
    };
}

pub(crate) use on_every_engine;
