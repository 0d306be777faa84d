//! The log: one line an event, on stderr, each with the id of the request that it
//! belongs to. It never holds a token, a cookie, a password, a body or an address as
//! it was typed.

use std::cell::Cell;
use std::fmt;

use service::Caller;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;
use crate::world;

/// Begins to log. `ACCORD_LOG` says how much, such as `debug` or `warn`.
pub(crate) fn begin(format: LogFormat) {
    // What lettre and hyper say at `debug` may hold addresses and mails; ours does not.
    let filter = EnvFilter::try_from_env("ACCORD_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,hyper=warn,lettre=warn,rustls=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    // Whoever began to log before goes on to; that happens in tests alone.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
    };
}

/// The id of one request: 128 random bits.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(String);

impl RequestId {
    /// A new id.
    pub(crate) fn new() -> Self {
        // An id of zeros still lets the request be answered; what needs randomness for
        // its safety fails on its own.
        Self(world::hexadecimal(&world::random::<16>().unwrap_or_default()))
    }

    /// The id.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What every line about one request carries. The route is the pattern that matched,
/// never the address itself.
pub(crate) fn span(id: &RequestId, method: &str, route: &str) -> Span {
    tracing::error_span!("request", %id, method, route, organization = Empty, user = Empty)
}

tokio::task_local! {
    /// Whether the lines about this request carry already who it is of: what is recorded
    /// twice would stand there twice.
    static REMEMBERED: Cell<bool>;
}

/// Answers one request within its span.
pub(crate) async fn within<T>(span: Span, answer: impl Future<Output = T>) -> T {
    REMEMBERED.scope(Cell::new(false), answer.instrument(span)).await
}

/// Notes who the request is of.
pub(crate) fn remember(caller: &Caller) {
    // Outside of a request there is no span that would hold it.
    if REMEMBERED.try_with(|remembered| remembered.replace(true)).unwrap_or(true) {
        return;
    }
    Span::current()
        .record("organization", tracing::field::display(caller.organization.id))
        .record("user", tracing::field::display(caller.user.id));
}
