//! The log: one line for each event on stderr, with the id of the request that it belongs to.
//! Tokens, cookies, passwords, bodies and addresses as typed are never logged.

use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Request, Response};
use http_api::REQUEST_ID;
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;
use tracing::field::Empty;
use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;
use crate::world;

/// Starts logging. `ACCORD_LOG` sets the level, such as `debug` or `warn`.
pub(crate) fn start(format: LogFormat) {
    // At `debug`, lettre and hyper log addresses and mails; Accord does not.
    let filter = EnvFilter::try_from_env("ACCORD_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,hyper=warn,lettre=warn,rustls=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    // Fails only if logging was started before, which happens in tests.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
    };
}

/// Starts logging to a file in place of stderr.
///
/// # Errors
/// If the file can't be created.
pub fn start_to_file(path: &std::path::Path) -> std::io::Result<()> {
    let file = std::fs::File::create(path)?;
    let filter = EnvFilter::new("info,hyper=warn,lettre=warn,rustls=warn");
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(file)
        .with_target(false)
        .with_ansi(false)
        .try_init();
    Ok(())
}

/// Makes request ids: 128 random bits in hexadecimal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RandomRequestId;

impl MakeRequestId for RandomRequestId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        // An id of zeros still lets the request be answered; what needs randomness for its
        // safety fails on its own.
        let id = hex::encode(world::random::<16>().unwrap_or_default());
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

/// Marks a response that is logged only at level `debug`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebugLevelOnly;

/// Returns the span that carries what every line about one request says. The route is the
/// pattern that matched, never the address itself.
pub(crate) fn make_span<B>(request: &Request<B>) -> Span {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let route = match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str(),
        None => "page",
    };
    tracing::error_span!(
        "request",
        id = id.unwrap_or_default(),
        method = request.method().as_str(),
        route,
        organization = Empty,
        user = Empty
    )
}

/// Logs an answered request.
pub(crate) fn log_response<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let status = response.status().as_u16();
    let microseconds = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
    if response.extensions().get::<DebugLevelOnly>().is_some() {
        tracing::debug!(status, microseconds, "answered");
    } else {
        tracing::info!(status, microseconds, "answered");
    }
}
