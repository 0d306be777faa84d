//! State shared by all requests.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use api::{DemoAccount, Page};
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use bytes::Bytes;
use rules::{OrganizationId, Timestamp};
use serde::Serialize;
use service::{Caller, Context, Read, TokenHash, Write, sign_in};
use tokio::sync::oneshot;
use tracing::Instrument as _;

use crate::cookie::SessionCookie;
use crate::error::{ApiError, Result};
use crate::host::{Host, LongReadAdmission, ReadAttempt, broken_contract};
use crate::public_url::PublicUrl;
use crate::recent::{PageKey, Recent};
use crate::respond;

/// Rows of a list that may be read on the thread of its request.
pub(crate) const ROWS_AT_ONCE_MAX: u32 = 100;

/// State shared by all requests: the host and the settings that answers depend on.
pub struct ApiState {
    host: Box<dyn Host>,
    public_url: PublicUrl,
    demo_accounts: Option<Vec<DemoAccount>>,
    cookie: SessionCookie,
    recent: Recent,
    /// The OpenAPI document, set when the router is built.
    description: OnceLock<Bytes>,
}

impl ApiState {
    /// Creates the state of an API that is reached at `public_url`. `demo_accounts` are the
    /// accounts that the sign-in page offers; `None` outside a demo.
    #[must_use]
    pub fn new(
        host: Box<dyn Host>,
        public_url: PublicUrl,
        demo_accounts: Option<Vec<DemoAccount>>,
    ) -> Self {
        Self {
            cookie: SessionCookie::new(&public_url),
            recent: Recent::default(),
            description: OnceLock::new(),
            host,
            public_url,
            demo_accounts,
        }
    }

    /// Returns the address at which people reach the site.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// Returns the host.
    pub(crate) fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// Returns the accounts that the sign-in page of a demo offers.
    pub(crate) fn demo_accounts(&self) -> Option<&[DemoAccount]> {
        self.demo_accounts.as_deref()
    }

    /// Returns the session cookie's name and attributes.
    pub(crate) fn cookie(&self) -> SessionCookie {
        self.cookie
    }

    /// Returns the OpenAPI document; empty until the router is built.
    pub(crate) fn description(&self) -> Bytes {
        self.description.get().cloned().unwrap_or_default()
    }

    /// Keeps the OpenAPI document. Only the first call has an effect.
    pub(crate) fn set_description(&self, description: Bytes) {
        let _ = self.description.set(description);
    }

    /// Returns the context of one use case.
    pub(crate) fn context(&self) -> Result<Context> {
        Ok(Context::new(self.host.now(), self.public_url.as_str(), self.host.random_seed()?))
    }

    /// Runs `work` in a short read transaction.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> Result<T> {
        let mut work = Some(work);
        let mut result = None;
        self.host.read(&mut |store| {
            if let Some(work) = work.take() {
                result = Some(work(store)?);
            }
            Ok(())
        })?;
        result.ok_or_else(|| broken_contract("a read was not run"))
    }

    /// Runs `work` in a write transaction and returns its result once it is on disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Write, &mut Context) -> service::Result<T> + Send + 'static,
    ) -> Result<T> {
        let context = self.context()?;
        let result = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&result);
        self.host
            .write(Box::new(move |store| {
                // The store may run the work again; a copy of the context makes it the same.
                let value = work(store, &mut context.clone())?;
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
                Ok(())
            }))
            .await?;
        let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| broken_contract("a write was not run"))
    }

    /// Runs `task` to its end, even if the client disconnects, and returns its result.
    pub(crate) async fn run_to_end<T: Send + 'static>(
        &self,
        task: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let task = async move {
            let _ = sender.send(task.await);
        };
        self.host.spawn(Box::pin(task.in_current_span()));
        receiver.await.map_err(|error| ApiError::internal(&error))?
    }

    /// Returns the caller that the session belongs to, if the session is valid.
    pub(crate) fn caller(&self, token: &TokenHash) -> Result<Option<Caller>> {
        let now = self.host.now();
        self.read(|store| sign_in::find_caller(store, token, now))
    }
}

/// What a request says about the page that it asks for.
#[derive(Debug)]
pub(crate) struct PageRequested {
    /// Path and query.
    pub(crate) address: PathAndQuery,
    /// Whether the client accepts no page that was read for an earlier request
    /// (`Cache-Control: no-cache`).
    pub(crate) must_be_new: bool,
}

/// A request's session. Its use cases run as the person that the session belongs to.
pub(crate) struct SignedIn {
    state: Arc<ApiState>,
    token: TokenHash,
    request: PageRequested,
    /// Set once the request's log span names the caller, so that it is recorded once.
    recorded: OnceLock<()>,
}

impl SignedIn {
    /// Creates the session of a request that carries this token.
    pub(crate) fn new(state: Arc<ApiState>, token: TokenHash, request: PageRequested) -> Self {
        Self { state, token, request, recorded: OnceLock::new() }
    }

    /// Returns the state that all requests share.
    pub(crate) fn state(&self) -> &Arc<ApiState> {
        &self.state
    }

    /// Runs `work` in a short read transaction.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read, &Caller, Timestamp) -> service::Result<T>,
    ) -> Result<T> {
        let now = self.state.host.now();
        self.state.read(|store| {
            let caller = self.caller(store, now)?;
            work(store, &caller, now)
        })
    }

    /// Answers with a page of at most `rows`, which `work` reads in a transaction that is short
    /// for most organizations. Where it takes long, it starts over as in
    /// [`read_long`](Self::read_long), where it begins if it has more than
    /// [`ROWS_AT_ONCE_MAX`]. A page that was read shortly before and is still true is given
    /// again.
    pub(crate) async fn page<T: Serialize + Send + 'static>(
        &self,
        rows: u32,
        work: impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<Page<T>> + Send + 'static,
    ) -> Result<Response> {
        if rows > ROWS_AT_ONCE_MAX {
            return self.read_long(rendered(&self.state, work)).await?.map(respond::json_bytes);
        }
        let now = self.state.host.now();
        let recent = &self.state.recent;
        let key = || PageKey {
            token: self.token.clone(),
            address: self.request.address.as_str().to_owned(),
        };
        let mut organization = None;
        let mut found = None;
        let attempt = self.state.host.try_read(&mut |store| {
            let commits = store.commits()?;
            let caller = self.caller_at(store, commits, now)?;
            organization = Some(caller.organization.id());
            let kept =
                if self.request.must_be_new { None } else { recent.page(commits, &key(), now) };
            found = Some(match kept {
                Some(json) => FoundPage::Kept(json),
                None => FoundPage::New(commits, work(store, &caller, now)?),
            });
            Ok(())
        })?;
        match (attempt, found, organization) {
            (ReadAttempt::Done, Some(FoundPage::Kept(json)), _) => Ok(respond::json_bytes(json)),
            (ReadAttempt::Done, Some(FoundPage::New(commits, page)), _) => {
                let json = respond::page_json(&self.state, page)?;
                recent.keep_page(commits, key(), now, json.clone());
                Ok(respond::json_bytes(json))
            }
            (ReadAttempt::TooLong, _, Some(organization)) => {
                let work = rendered(&self.state, work);
                let admission = LongReadAdmission::New;
                self.queue_long_read(organization, admission, work).await?.map(respond::json_bytes)
            }
            (ReadAttempt::Done, None, _) | (ReadAttempt::TooLong, _, None) => {
                Err(broken_contract("a read was not run"))
            }
        }
    }

    /// Runs `work` in a read transaction whose duration grows with the number of rows. The
    /// session is checked before, to keep strangers from the queue, and again inside the
    /// transaction.
    pub(crate) async fn read_long<T: Send + 'static>(
        &self,
        work: impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<T> + Send + 'static,
    ) -> Result<T> {
        let organization = self.read(|_, caller, _| Ok(caller.organization.id()))?;
        self.queue_long_read(organization, LongReadAdmission::New, work).await
    }

    /// Runs `work` like [`read_long`](Self::read_long), for the next part of a response that has
    /// begun.
    pub(crate) async fn continue_read_long<T: Send + 'static>(
        &self,
        work: impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<T> + Send + 'static,
    ) -> Result<T> {
        let organization = self.read(|_, caller, _| Ok(caller.organization.id()))?;
        self.queue_long_read(organization, LongReadAdmission::Continued, work).await
    }

    async fn queue_long_read<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        admission: LongReadAdmission,
        work: impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<T> + Send + 'static,
    ) -> Result<T> {
        let result = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&result);
        let (state, token) = (Arc::clone(&self.state), self.token.clone());
        let work = Box::new(move |store: &mut dyn Read| {
            let now = state.host.now();
            let caller = sign_in::require_caller(store, &token, now)?;
            let value = work(store, &caller, now)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        });
        self.state.host.read_long(organization, admission, work).await?;
        let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| broken_contract("a read was not run"))
    }

    /// Returns the caller, and names it in the request's log span.
    fn caller(&self, store: &mut dyn Read, now: Timestamp) -> service::Result<Arc<Caller>> {
        let commits = store.commits()?;
        self.caller_at(store, commits, now)
    }

    /// Returns the caller at the number of commits that the transaction reads.
    fn caller_at(
        &self,
        store: &mut dyn Read,
        commits: i64,
        now: Timestamp,
    ) -> service::Result<Arc<Caller>> {
        let recent = &self.state.recent;
        let kept = recent.caller(commits, &self.token);
        let caller = if let Some(caller) = kept.filter(|kept| !kept.session.has_expired(now)) {
            caller
        } else {
            let caller = Arc::new(sign_in::require_caller(store, &self.token, now)?);
            recent.keep_caller(commits, &caller);
            caller
        };
        self.recorded.get_or_init(|| record_caller(&caller));
        Ok(caller)
    }

    /// Runs `work` in a write transaction. The session is checked before, to keep strangers
    /// from the only writer, and again inside the transaction, so that a session that ended
    /// in the meantime is refused.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut dyn Write, &mut Context, &Caller) -> service::Result<T>
        + Send
        + 'static,
    ) -> Result<T> {
        self.read(|_, _, _| Ok(()))?;
        let token = self.token.clone();
        self.state
            .write(move |store, context| {
                let caller = sign_in::require_caller(store, &token, context.now)?;
                work(store, context, &caller)
            })
            .await
    }
}

/// Returns work that also writes the page as JSON, so that a long page is written on the thread
/// that read it.
fn rendered<T: Serialize>(
    state: &Arc<ApiState>,
    work: impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<Page<T>> + Send + 'static,
) -> impl Fn(&mut dyn Read, &Caller, Timestamp) -> service::Result<Result<Bytes>> + Send + 'static {
    let state = Arc::clone(state);
    move |store: &mut dyn Read, caller: &Caller, now: Timestamp| {
        work(store, caller, now).map(|page| respond::page_json(&state, page))
    }
}

/// A page of a list.
enum FoundPage<T> {
    /// JSON of a page that was read for an earlier request.
    Kept(Bytes),
    /// Page that was just read, with the number of commits at which it was read.
    New(i64, Page<T>),
}

/// Adds the caller to the request's log span.
pub(crate) fn record_caller(caller: &Caller) {
    tracing::Span::current()
        .record("organization", tracing::field::display(caller.organization.id()))
        .record("user", tracing::field::display(caller.user.id));
}
