//! What every request shares, and the two ways to the store.

use api::DemoAccount;
use bytes::Bytes;
use rules::{Refusal, Timestamp};
use service::{Caller, Context, Read, TokenHash, Write, sign_in};
use store::Database;

use crate::cookie::SessionCookie;
use crate::error::Result;
use crate::headers::SecurityHeaders;
use crate::origin::PublicUrl;
use crate::password::Passwords;
use crate::static_files::StaticFiles;
use crate::{log, openapi, world};

/// What every request shares.
pub(crate) struct App {
    /// The database.
    pub(crate) database: Database,
    /// Where people reach the site.
    pub(crate) public_url: PublicUrl,
    /// The accounts that the sign-in page offers, on a server that holds sample data.
    pub(crate) demo: Option<Vec<DemoAccount>>,
    /// The session's cookie.
    pub(crate) cookie: SessionCookie,
    /// Compares passwords.
    pub(crate) passwords: Passwords,
    /// The page.
    pub(crate) site: StaticFiles,
    /// The headers of every answer.
    pub(crate) headers: SecurityHeaders,
    /// The description of the API.
    pub(crate) description: Bytes,
}

impl App {
    /// Prepares what requests share.
    ///
    /// # Errors
    /// The reason why the server can't start.
    pub(crate) fn new(
        database: Database,
        public_url: PublicUrl,
        site: StaticFiles,
        demo: Option<Vec<DemoAccount>>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            database,
            demo,
            cookie: SessionCookie::of(&public_url),
            passwords: Passwords::new()?,
            headers: SecurityHeaders::new(&public_url, &site.script_hashes)?,
            description: openapi::document(&public_url).to_string().into(),
            site,
            public_url,
        })
    }

    /// The context of one use case.
    pub(crate) fn context(&self) -> Result<Context> {
        Ok(world::context(self.public_url.as_str())?)
    }

    /// Reads in a transaction, on this thread: a read takes microseconds. See
    /// [`App::read_much_as`] for what takes longer.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> Result<T> {
        Ok(self.database.read(work)?)
    }

    /// Reads as whoever holds this session.
    pub(crate) fn read_as<T>(
        &self,
        token: &TokenHash,
        work: impl FnOnce(&mut dyn Read, &Caller, Timestamp) -> service::Result<T>,
    ) -> Result<T> {
        self.read(|store| {
            let now = world::now();
            let caller = sign_in::caller(store, token, now)?.ok_or(Refusal::SignInRequired)?;
            log::remember(&caller);
            work(store, &caller, now)
        })
    }

    /// The same where there may be thousands of rows: the tasks that wait for this thread go
    /// on on another one meanwhile.
    pub(crate) fn read_much_as<T>(
        &self,
        token: &TokenHash,
        work: impl FnOnce(&mut dyn Read, &Caller, Timestamp) -> service::Result<T>,
    ) -> Result<T> {
        tokio::task::block_in_place(|| self.read_as(token, work))
    }

    /// Writes in a transaction; what it gives is on disk by then.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Write, &mut Context) -> service::Result<T> + Send + 'static,
    ) -> Result<T> {
        let context = self.context()?;
        // The store may run the work again; a copy of the context makes it the same work.
        Ok(self.database.write(move |store| work(store, &mut context.clone())).await?)
    }

    /// Writes as whoever holds this session. The session is asked for before, to keep
    /// strangers from the one writer, and again inside the transaction, where one that
    /// was ended in the meantime counts no more.
    pub(crate) async fn write_as<T: Send + 'static>(
        &self,
        token: TokenHash,
        mut work: impl FnMut(&mut dyn Write, &mut Context, &Caller) -> service::Result<T>
        + Send
        + 'static,
    ) -> Result<T> {
        self.read_as(&token, |_, _, _| Ok(()))?;
        self.write(move |store, context| {
            let caller = sign_in::caller_again(store, &token, context.now)?;
            work(store, context, &caller)
        })
        .await
    }
}
