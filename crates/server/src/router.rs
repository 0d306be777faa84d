//! The whole site: the API, the page at every other address, and the middleware of both.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use api::{ErrorCode, routes};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_api::{ApiError, ApiState, REQUEST_ID, is_api, render_errors};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::RequestBodyDeadlineLayer;
use tower_http::trace::TraceLayer;

use crate::drain::drain_body;
use crate::headers::SecurityHeaders;
use crate::log::{self, DebugLevelOnly, RandomRequestId};
use crate::static_files::StaticFiles;

/// Maximum time in which a request's body must arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds the site.
pub(crate) fn router(state: &Arc<ApiState>, page: StaticFiles, headers: SecurityHeaders) -> Router {
    with_middleware(
        http_api::router(Arc::clone(state)).fallback_service(page_router(page)),
        state,
        headers,
    )
}

/// Puts the middleware around a router.
fn with_middleware(router: Router, state: &Arc<ApiState>, headers: SecurityHeaders) -> Router {
    router.layer(
        ServiceBuilder::new()
            .map_request(without_request_id)
            .layer(SetRequestIdLayer::new(REQUEST_ID, RandomRequestId))
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(log::make_span)
                    .on_request(())
                    .on_response(log::log_response)
                    .on_body_chunk(())
                    .on_eos(())
                    .on_failure(()),
            )
            .layer(PropagateRequestIdLayer::new(REQUEST_ID))
            .layer(from_fn_with_state(Arc::new(headers), add_headers))
            .layer(from_fn_with_state(Arc::clone(state), render_errors))
            .layer(from_fn(drain_body))
            .layer(RequestBodyDeadlineLayer::new(BODY_TIMEOUT))
            .layer(CatchPanicLayer::custom(answer_panic)),
    )
}

/// Answers a request whose handler panicked, and logs the panic with the request's span.
#[expect(clippy::needless_pass_by_value, reason = "the layer gives the payload away")]
fn answer_panic(payload: Box<dyn Any + Send>) -> Response {
    let message = payload.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| payload.downcast_ref::<&str>().copied());
    ApiError::internal(&format_args!("a panic: {}", message.unwrap_or("without a message")))
        .into_response()
}

/// Removes a request id that the client made up.
fn without_request_id<B>(mut request: axum::http::Request<B>) -> axum::http::Request<B> {
    request.headers_mut().remove(REQUEST_ID);
    request
}

async fn add_headers(
    State(headers): State<Arc<SecurityHeaders>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    headers.add(&path, response.headers_mut());
    // The page's files and health checks would drown what people do.
    if !is_api(&path) || path == routes::HEALTH {
        response.extensions_mut().insert(DebugLevelOnly);
    }
    response
}

fn page_router(page: StaticFiles) -> Router {
    Router::new().fallback(answer_with_page).with_state(Arc::new(page))
}

async fn answer_with_page(State(page): State<Arc<StaticFiles>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = ApiError::from(ErrorCode::MethodNotAllowed).into_response();
        let allowed = HeaderValue::from_static("GET,HEAD");
        response.headers_mut().insert(header::ALLOW, allowed);
        return response;
    }
    page.get(request.uri().path(), request.headers())
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Context, Poll};

    use axum::body::{Body, HttpBody};
    use axum::http::StatusCode;
    use bytes::Bytes;
    use hyper::body::Frame;
    use tower::ServiceExt as _;

    use super::*;
    use crate::host::ServerHost;
    use crate::password::Passwords;

    struct Site {
        router: Router,
        state: Arc<ApiState>,
        _folder: tempfile::TempDir,
    }

    fn site() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("test.sqlite");
        let database = store::Database::open(database.to_str().unwrap()).unwrap();
        let public_url: http_api::PublicUrl = "http://localhost:8080".parse().unwrap();
        let headers = SecurityHeaders::new(&public_url, &[]).unwrap();
        let host = ServerHost::new(database, Passwords::new().unwrap()).unwrap();
        let state = Arc::new(ApiState::new(Box::new(host), public_url, None));
        let router = router(&state, StaticFiles::default(), headers);
        Site { router, state, _folder: folder }
    }

    impl Site {
        async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
            let mut request = Request::builder().method(method).uri(path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Body::empty()).unwrap();
            self.router.clone().oneshot(request).await.unwrap()
        }
    }

    const HERE: (&str, &str) = ("origin", "http://localhost:8080");

    #[tokio::test]
    async fn every_answer_carries_the_headers() {
        let site = site();
        for (method, path) in [
            ("GET", "/"),
            ("HEAD", "/api/site"),
            ("GET", "/api/nothing"),
            ("GET", "/a.js"),
            ("POST", "/"),
            ("POST", "/api/session"),
        ] {
            let response = site.request(method, path, &[]).await;
            for header in [
                "content-security-policy",
                "x-content-type-options",
                "x-request-id",
                "referrer-policy",
            ] {
                assert!(response.headers().contains_key(header), "{method} {path}: {header}");
            }
            if path.starts_with("/api") {
                assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
            }
        }
    }

    #[tokio::test]
    async fn a_request_id_of_the_client_is_replaced() {
        let site = site();
        let response = site.request("GET", "/api/nothing", &[("x-request-id", "mine")]).await;
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        assert!(id.len() == 32 && id != "mine", "{id}");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["error"]["innererror"]["request-id"], id);
    }

    #[tokio::test]
    async fn the_page_is_only_read() {
        let site = site();
        let response = site.request("POST", "/partners", &[HERE]).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[header::ALLOW], "GET,HEAD");
        assert_eq!(response.headers()["x-ms-error-code"], "methodNotAllowed");
    }

    /// A body of two bytes that arrives after the headers, and tells when it was read to its
    /// end.
    struct LateBody {
        polls: u8,
        ended: Arc<AtomicBool>,
    }

    impl HttpBody for LateBody {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            self.polls += 1;
            match self.polls {
                1 => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                2 => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"{}"))))),
                _ => {
                    self.ended.store(true, Ordering::Release);
                    Poll::Ready(None)
                }
            }
        }
    }

    /// An unread rest would end the connection, and with it the next request.
    #[tokio::test]
    async fn every_body_is_read_to_its_end() {
        let site = site();
        let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
        for (method, path, origin, status) in [
            ("DELETE", "/api/session", HERE.1, 204),
            ("POST", &*format!("/api/invitations/{id}/send"), HERE.1, 401),
            ("POST", "/api/session?x=1", HERE.1, 400),
            ("POST", "/api/nothing", HERE.1, 404),
            ("POST", "/api/session", "null", 403),
            ("PUT", "/api/session", HERE.1, 405),
            ("POST", "/", HERE.1, 405),
        ] {
            let ended = Arc::new(AtomicBool::new(false));
            let body = LateBody { polls: 0, ended: Arc::clone(&ended) };
            let request = Request::builder().method(method).uri(path).header("origin", origin);
            let request = request.body(Body::new(body)).unwrap();
            let response = site.router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
            assert!(ended.load(Ordering::Acquire), "{method} {path}");
        }
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_500() {
        let site = site();
        let panicking = axum::routing::get(async || -> &'static str { panic!("for the test") });
        let headers = SecurityHeaders::new(site.state.public_url(), &[]).unwrap();
        let router = Router::new().route("/api/panic", panicking);
        let router = with_middleware(router, &site.state, headers);
        let request = Request::builder().uri("/api/panic").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-ms-error-code"], "internal");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }

    /// A body that never arrives.
    struct EndlessBody;

    impl HttpBody for EndlessBody {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_is_refused() {
        let site = site();
        let request = Request::builder()
            .method("POST")
            .uri(routes::SESSION)
            .header(HERE.0, HERE.1)
            .header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::new(EndlessBody)).unwrap();
        let response = site.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(response.headers()["x-ms-error-code"], "invalidRequest");
    }
}
