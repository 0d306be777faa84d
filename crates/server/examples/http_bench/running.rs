//! Servers in this process: the site over a database, and a bare axum "hello".

use std::net::SocketAddr;
use std::path::Path;
use std::thread;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use http_api::PublicUrl;
use server::ServedSite;
use store::Database;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::Anything;

/// A server with its own threads, as many as the program `accord` has.
pub(crate) struct RunningServer {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl RunningServer {
    /// Serves the site over a database.
    pub(crate) fn site(database: &Database) -> Anything<Self> {
        let runtime = Builder::new_multi_thread().thread_name("site").enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let url: PublicUrl = format!("http://{address}").parse()?;
        let site = ServedSite::new(database, url, None)?;
        Ok(Self::start(runtime, address, async move |stop| site.serve(listener, stop).await))
    }

    /// Serves a constant text with axum alone.
    pub(crate) fn hello() -> Anything<Self> {
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/", get(async || "Hello, world!"));
        Ok(Self::start(runtime, address, async move |stop| {
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let _ = axum::serve(listener, router).with_graceful_shutdown(stop).await;
        }))
    }

    fn start<F>(runtime: Runtime, address: SocketAddr, serve: F) -> Self
    where
        F: AsyncFnOnce(Stopped) + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(serve(Box::pin(async {
                let _ = stopped.await;
            })));
        });
        Self { address, stop: Some(stop), thread: Some(thread) }
    }
}

type Stopped = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Drop for RunningServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Opens a new database with demo data.
pub(crate) fn demo_database(path: &Path) -> Anything<Database> {
    let database = Database::open(path.to_str().ok_or("the path is not UTF-8")?)?;
    server::fill_with_demo_data(&database, &"http://127.0.0.1".parse()?)?;
    Ok(database)
}
