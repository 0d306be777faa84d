//! The stores that are held to the contract.

use std::sync::Arc;

use service::{Read, Result, Write};
use store::{Database, Memory};
use tempfile::TempDir;

/// A store, new and empty. Clones are handles of the same one.
pub(crate) trait Engine: Clone + Send + 'static {
    /// An empty store.
    fn empty() -> Self;
    /// Reads.
    fn read<T>(&self, work: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T>;
    /// Writes, and waits for it.
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

/// A database in a folder that goes with it.
#[derive(Clone)]
pub(crate) struct OnDisk {
    // Dropped before the folder: fields are dropped in their order.
    database: Database,
    folder: Arc<TempDir>,
}

impl OnDisk {
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Where the file is.
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

/// Makes a test of each of these functions for each store.
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
