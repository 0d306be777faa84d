//! Accepts connections, and lets them finish on shutdown.
//!
//! A loop of our own instead of `axum::serve`, because it sets a timeout for headers, limits
//! the number of connections, and bounds the time that shutdown may take.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Maximum number of open connections; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 4096;
/// Maximum time for a request's headers, and for an idle connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum size of a request's headers in bytes.
const HEADER_MAX: usize = 64 * 1024;
/// Maximum time for requests to finish after the server is asked to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves connections until `stop` resolves, then lets running requests finish.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(HEADER_MAX);
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let stream = tokio::select! {
            stream = accept(&listener) => stream,
            () = &mut stop => break,
        };
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            // The semaphore is never closed.
            break;
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A broken connection is the client's concern.
            if let Err(error) = connection.await {
                tracing::debug!(cause = %error, "a connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time and were aborted");
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Otherwise a response in two parts waits 40 ms for an acknowledgement.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(cause = %error, "TCP_NODELAY is not available");
                }
                return stream;
            }
            Err(error) => {
                // Such as too many open files, which passes when connections end.
                tracing::warn!(cause = %error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::{Body, HttpBody};
    use axum::routing::get;
    use bytes::Bytes;
    use hyper::body::Frame;

    use super::*;

    /// A body of one part and what follows it after a pause, from last to first.
    struct TwoParts(Vec<Option<Result<Bytes, std::io::Error>>>);

    impl TwoParts {
        fn body(second: Result<Bytes, std::io::Error>) -> Body {
            Body::new(Self(vec![Some(second), None, Some(Ok(Bytes::from_static(b"first")))]))
        }
    }

    impl HttpBody for TwoParts {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            match self.0.pop() {
                Some(None) => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                part => Poll::Ready(part.flatten().map(|part| part.map(Frame::data))),
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_body_that_breaks_off_has_no_end() {
        let broken = || async { TwoParts::body(Err(std::io::Error::other("broken"))) };
        let whole = || async { TwoParts::body(Ok(Bytes::from_static(b"second"))) };
        let router = Router::new().route("/broken", get(broken)).route("/whole", get(whole));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, async {
            let _ = stopped.await;
        }));
        let answer = move |path: &str| {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        let answers = tokio::task::spawn_blocking(move || [answer("/whole"), answer("/broken")]);
        let [whole, broken] = answers.await.unwrap();
        assert!(whole.contains("first") && whole.ends_with("6\r\nsecond\r\n0\r\n\r\n"), "{whole}");
        assert!(broken.contains("first") && !broken.ends_with("0\r\n\r\n"), "{broken}");
        stop.send(()).unwrap();
        server.await.unwrap();
    }
}
