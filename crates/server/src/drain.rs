//! Middleware that reads the unread rest of request bodies.
//!
//! hyper closes a connection on which part of a request is unread. A client that is still
//! sending would then miss the answer that tells it why, and its next request on the
//! connection would fail.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};

/// Maximum number of unread bytes that are read and dropped.
const DRAIN_MAX: usize = 4 * 1024 * 1024;
/// Maximum time for that.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs the request, then reads what is left of its body, within limits.
pub(crate) async fn drain_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let shared = Arc::new(Mutex::new(Some(body)));
    let lent = Body::new(LentBody(Arc::clone(&shared)));
    let response = next.run(Request::from_parts(parts, lent)).await;
    let rest = lock(&shared).take();
    if let Some(rest) = rest.filter(|rest| !rest.is_end_stream()) {
        // A client that is slower, or sends more, is cut off.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, drain(rest)).await;
    }
    response
}

async fn drain(mut body: Body) {
    let mut dropped = 0;
    while let Some(Ok(frame)) = body.frame().await {
        dropped += frame.data_ref().map_or(0, Bytes::len);
        if dropped > DRAIN_MAX {
            break;
        }
    }
}

fn lock(body: &Mutex<Option<Body>>) -> MutexGuard<'_, Option<Body>> {
    // No holder of the lock leaves a body half changed, not even one that panics.
    body.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A body that ends when the middleware takes the original back.
struct LentBody(Arc<Mutex<Option<Body>>>);

impl HttpBody for LentBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match lock(&self.0).as_mut() {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}
