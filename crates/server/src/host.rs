//! Implementation of [`Host`] for this process: the database, the system's clock and
//! randomness, and password hashing.

use std::io;

use http_api::{
    ApiError, BoxFuture, Host, LongReadAdmission, MovableReadWork, PasswordCheck, ReadAttempt,
    ReadWork, Result, StoredPassword, WriteWork,
};
use rules::{OrganizationId, Timestamp};
use store::Database;

use crate::long_reads::LongReads;
use crate::password::Passwords;
use crate::world;

/// The server as a host of the API.
pub(crate) struct ServerHost {
    database: Database,
    long_reads: LongReads,
    passwords: Passwords,
}

impl ServerHost {
    /// Creates a host over a database, and starts its threads for long reads.
    pub(crate) fn new(database: Database, passwords: Passwords) -> io::Result<Self> {
        Ok(Self { long_reads: LongReads::start(&database)?, database, passwords })
    }
}

impl Host for ServerHost {
    fn now(&self) -> Timestamp {
        world::now()
    }

    fn random_seed(&self) -> Result<[u8; 32]> {
        world::random().map_err(|error| ApiError::internal(&error))
    }

    fn read(&self, work: ReadWork<'_>) -> service::Result<()> {
        self.database.read(|store| work(store))
    }

    fn try_read(&self, work: ReadWork<'_>) -> service::Result<ReadAttempt> {
        let read = self.database.try_read(|store| work(store))?;
        Ok(read.map_or(ReadAttempt::TooLong, |()| ReadAttempt::Done))
    }

    fn read_long(
        &self,
        organization: OrganizationId,
        admission: LongReadAdmission,
        mut work: MovableReadWork,
    ) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let read = move |database: &Database| database.read(|store| work(store));
            Ok(self.long_reads.run(organization, admission, read).await??)
        })
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
