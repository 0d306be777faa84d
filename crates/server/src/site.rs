//! The site over a database: the API, the page, and the middleware of both.

use std::sync::Arc;

use anyhow::Result;
use api::DemoAccount;
use axum::Router;
use http_api::{ApiState, PublicUrl};
use service::demo;
use store::Database;
use tokio::net::TcpListener;

use crate::headers::SecurityHeaders;
use crate::host::ServerHost;
use crate::password::{self, Passwords};
use crate::static_files::StaticFiles;
use crate::{commands, connection, router, world};

/// A site that can be served.
pub struct ServedSite {
    router: Router,
}

impl ServedSite {
    /// Builds the site with the page that is embedded in the program. `demo_accounts` are the
    /// accounts that the sign-in page offers; `None` outside a demo.
    ///
    /// # Errors
    /// If the system provides no randomness or no threads.
    pub fn new(
        database: &Database,
        public_url: PublicUrl,
        demo_accounts: Option<Vec<DemoAccount>>,
    ) -> Result<Self> {
        Self::with_page(database, public_url, demo_accounts, StaticFiles::embedded())
    }

    /// Builds the site with the given page.
    pub(crate) fn with_page(
        database: &Database,
        public_url: PublicUrl,
        demo_accounts: Option<Vec<DemoAccount>>,
        page: StaticFiles,
    ) -> Result<Self> {
        let headers = SecurityHeaders::new(&public_url, &page.script_hashes)?;
        let host = ServerHost::new(database.clone(), Passwords::new()?)?;
        let state = Arc::new(ApiState::new(Box::new(host), public_url, demo_accounts));
        Ok(Self { router: router::router(&state, page, headers) })
    }

    /// Serves connections until `stop` resolves, then lets running requests finish.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        connection::serve(listener, self.router, stop).await;
    }
}

/// Fills an empty database with demo data, and returns the accounts that a demo offers.
///
/// # Errors
/// Those of the store, and missing randomness.
pub fn fill_with_demo_data(
    database: &Database,
    public_url: &PublicUrl,
) -> Result<Vec<DemoAccount>> {
    let password = password::hash(demo::PASSWORD)?;
    let context = world::context(public_url.as_str())?;
    database
        .write_blocking(move |store| demo::fill(store, &mut context.clone(), &password))
        .map_err(commands::words)?;
    demo::accounts().map_err(commands::words)
}
