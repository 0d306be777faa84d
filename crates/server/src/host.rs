//! Implementation of [`Host`] for this process: the database, the system's clock and
//! randomness, and password hashing.

use http_api::{
    ApiError, BoxFuture, Host, PasswordCheck, ReadDuration, ReadWork, Result, StoredPassword,
    WriteWork,
};
use rules::Timestamp;
use store::Database;

use crate::password::Passwords;
use crate::world;

/// The server as a host of the API.
pub(crate) struct ServerHost {
    database: Database,
    passwords: Passwords,
}

impl ServerHost {
    /// Creates a host over a database.
    pub(crate) fn new(database: Database, passwords: Passwords) -> Self {
        Self { database, passwords }
    }
}

impl Host for ServerHost {
    fn now(&self) -> Timestamp {
        world::now()
    }

    fn random_seed(&self) -> Result<[u8; 32]> {
        world::random().map_err(|error| ApiError::internal(&error))
    }

    fn read(&self, duration: ReadDuration, work: ReadWork<'_>) -> service::Result<()> {
        match duration {
            ReadDuration::Short => self.database.read(|store| work(store)),
            // Other tasks of this thread continue on another one meanwhile.
            ReadDuration::Long => {
                tokio::task::block_in_place(|| self.database.read(|store| work(store)))
            }
        }
    }

    fn write(&self, mut work: WriteWork) -> BoxFuture<'_, service::Result<()>> {
        Box::pin(self.database.write(move |store| work(store)))
    }

    fn check_password<'a>(
        &'a self,
        password: String,
        stored: StoredPassword<'a>,
    ) -> BoxFuture<'a, Result<PasswordCheck>> {
        Box::pin(async move {
            let turn = self.passwords.turn().await?;
            let hash = stored()?;
            let matches = self.passwords.compare(&turn, password, hash.clone()).await?;
            Ok(PasswordCheck { matched: hash.filter(|_| matches), turn: Box::new(turn) })
        })
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }
}
