//! `accord serve`

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result, anyhow, bail};
use http_api::PublicUrl;
use service::demo::{self, StoreContents};
use store::Database;
use tokio::sync::watch;

use crate::cli::Serve;
use crate::config::SmtpUrl;
use crate::delivery::Delivery;
use crate::log;
use crate::plan_completion;
use crate::site::{ServedSite, fill_with_demo_data};
use crate::static_files::StaticFiles;

/// Runs the server until it is asked to stop.
pub(super) fn run(serve: Serve) -> Result<()> {
    // Dropped last, so that all that was logged is written.
    let _log = log::start(serve.log_format)?;
    let listener = std::net::TcpListener::bind(serve.listen).with_context(|| {
        format!(
            "{} can't be listened on; is a server running there already? --listen takes \
             another address",
            serve.listen
        )
    })?;
    let address = listener.local_addr()?;
    let public_url = match serve.public_url {
        Some(given) => given,
        None => default_public_url(address)?,
    };
    let smtp: Option<SmtpUrl> = serve
        .smtp
        .map(|smtp| smtp.parse())
        .transpose()
        .map_err(|error| anyhow!("--smtp (ACCORD_SMTP) can't be used: {error}"))?;
    if serve.demo && smtp.as_ref().is_some_and(|smtp| !smtp.is_loopback()) {
        bail!(
            "with --demo everyone can sign in and send invitations to any address, so only a \
             mail server on this machine is allowed. Leave out --demo or --smtp"
        );
    }
    let delivery = match (smtp, serve.mail_from) {
        (Some(smtp), Some(from)) => Some(Delivery::new(smtp, from)?),
        _ => None,
    };
    let page = match &serve.site {
        Some(folder) => StaticFiles::load(folder)
            .with_context(|| format!("the page in {} can't be read", folder.display()))?,
        None => StaticFiles::embedded(),
    };
    if serve.site.is_none() && !StaticFiles::page_is_embedded() {
        tracing::warn!("this program was built without the page; --site names a folder of it");
    }
    let database = Database::open(&serve.database.database)?;
    let demo =
        if serve.demo { Some(sample_data(&database, &public_url, address.ip())?) } else { None };
    plan_completion::complete_at_start(&database);
    let is_demo = demo.is_some();
    let site = ServedSite::with_page(&database, public_url.clone(), demo, page)?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the threads of the server can't be started")?;
    let ended = runtime.block_on(async {
        // Signals must be handled before the server says that it is ready.
        let stop = stop_signal()?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (stopping, stopped) = watch::channel(false);
        let completion = tokio::spawn(plan_completion::run(database.clone(), stopped.clone()));
        let delivery =
            delivery.map(|delivery| tokio::spawn(delivery.run(database.clone(), stopped)));
        println!("listening on http://{address}");
        std::io::stdout().flush()?;
        tracing::info!(%address, %public_url, "listening");
        if is_demo {
            eprintln!(
                "Demo data: open {public_url} and sign in with one of the accounts that it offers."
            );
        }
        site.serve(listener, stop).await;
        stopping.send_replace(true);
        completion.await?;
        if let Some(delivery) = delivery {
            // A mail that is being sent is finished and noted.
            delivery.await?;
        }
        anyhow::Ok(())
    });
    drop(runtime);
    database.close();
    tracing::info!("stopped");
    ended
}

/// Returns the default public URL: the address that is listened on.
fn default_public_url(address: SocketAddr) -> Result<PublicUrl> {
    let mut reached = address;
    if reached.ip().is_unspecified() {
        reached.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        tracing::warn!(
            "without --public-url, users can sign in on this machine only, at http://{reached}"
        );
    }
    format!("http://{reached}").parse().map_err(|error| {
        anyhow!("http://{reached} can't be the public address: {error}. Give one with --public-url")
    })
}

/// Fills an empty database with demo data. Returns the accounts that are offered.
fn sample_data(
    database: &Database,
    public_url: &PublicUrl,
    listening: IpAddr,
) -> Result<Vec<api::DemoAccount>> {
    let contents = database.read(|store| demo::store_contents(store)).map_err(super::words)?;
    let accounts = match contents {
        StoreContents::DemoData => demo::accounts().map_err(super::words)?,
        StoreContents::Empty => fill_with_demo_data(database, public_url)?,
        StoreContents::OwnData => bail!(
            "this database contains other organizations, and a server with --demo shows \
             everyone the outbox with its invitation links. Leave out --demo, or name another \
             database with --database"
        ),
    };
    if !listening.is_loopback() {
        tracing::warn!(
            "everyone who reaches this server can sign in with the demo accounts and read the \
             outbox"
        );
    }
    Ok(accounts)
}

/// Returns a future that resolves when the server is asked to stop.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping; requests in progress are finished");
    })
}

/// Returns a future that resolves when the server is asked to stop.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(cause = %error, "signals can't be heard");
            std::future::pending::<()>().await;
        }
    })
}
