//! The log: one line for each event on stderr, with the id of the request that it belongs to.
//! Tokens, cookies, passwords, bodies and addresses as typed are never logged.

mod line_writer;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Request, Response};
use http_api::REQUEST_ID;
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;
use tracing::field::Empty;
use tracing_subscriber::EnvFilter;

use self::line_writer::{LogFlush, line_writer};
use crate::cli::LogFormat;
use crate::world;

/// Starts logging to stderr. `ACCORD_LOG` sets the level, such as `debug` or `warn`. Lines may
/// be written some milliseconds later, the last ones when the result is dropped.
pub(crate) fn start(format: LogFormat) -> io::Result<LogFlush> {
    start_with(format, io::stderr())
}

/// Starts logging as the server does, to a file in place of stderr.
///
/// # Errors
/// If the file can't be created.
pub fn start_to_file(path: &Path) -> io::Result<impl Drop + use<>> {
    start_with(LogFormat::Text, File::create(path)?)
}

fn start_with(format: LogFormat, sink: impl Write + Send + 'static) -> io::Result<LogFlush> {
    // At `debug`, lettre and hyper log addresses and mails; Accord does not.
    let filter = EnvFilter::try_from_env("ACCORD_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,hyper=warn,lettre=warn,rustls=warn"));
    let (writer, flush) = line_writer(sink)?;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_target(false);
    // Fails only if logging was started before, which happens in tests.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
    };
    Ok(flush)
}

/// Makes request ids: 128 random bits in hexadecimal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RandomRequestId;

impl MakeRequestId for RandomRequestId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        // An id of zeros still lets the request be answered; what needs randomness for its
        // safety fails on its own.
        let id = hex::encode(world::random_id().unwrap_or_default());
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
