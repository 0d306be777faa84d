//! Which address is answered by which handler, and what happens around each of them.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use api::{ErrorCode, PlanRequest, routes};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::app::App;
use crate::error::Failure;
use crate::handlers::{
    activity, agreement, enquiries, invitations, orders, outbox, partner_ids, partners,
    partners_of_record, products, profile, relationships, session, site, subscriptions,
};
use crate::log::{self, RequestId};
use crate::request::{BODY_MAX, Lent, discard};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every address of the API with its methods.
fn api() -> Vec<(&'static str, MethodRouter<Arc<App>>)> {
    vec![
        (routes::SITE, get(site::facts)),
        (routes::HEALTH, get(site::health)),
        (routes::OPENAPI, get(site::description)),
        (routes::SESSION, get(session::current).post(session::sign_in).delete(session::sign_out)),
        (routes::SESSIONS, delete(session::sign_out_everywhere)),
        (routes::RELATIONSHIPS, get(relationships::list)),
        (routes::RELATIONSHIPS_EXPORT, get(relationships::export)),
        (routes::RELATIONSHIP, get(relationships::one).delete(relationships::delete)),
        (routes::REMOVE_ADMIN_ROLES, post(relationships::remove_admin_roles)),
        (routes::GIVE_UP_ADMIN_ROLES, post(relationships::give_up_admin_roles)),
        (routes::END_RELATIONSHIP, post(relationships::end)),
        (routes::RELATIONSHIP_HISTORY, get(relationships::history)),
        (routes::INVITATIONS, get(invitations::list).post(invitations::draft)),
        (routes::LOOK_UP_INVITATION, post(invitations::look_up)),
        (routes::INVITATION, get(invitations::one).patch(invitations::edit)),
        (routes::ACCEPT_INVITATION, post(invitations::accept)),
        (routes::CANCEL_INVITATION, post(invitations::cancel)),
        (routes::SEND_INVITATION, post(invitations::send)),
        (routes::RESEND_INVITATION, post(invitations::resend)),
        (routes::WITHDRAW_INVITATION, post(invitations::withdraw)),
        (routes::INVITATION_MAIL, get(invitations::mail)),
        (routes::INVITATION_MAIL_HTML, get(invitations::mail_html)),
        (routes::PARTNERS, get(partners::search)),
        (routes::ENQUIRIES, get(enquiries::list).post(enquiries::send)),
        (routes::ENQUIRY, get(enquiries::one)),
        (routes::READ_ENQUIRY, post(enquiries::read)),
        (routes::DECLINE_ENQUIRY, post(enquiries::decline)),
        (routes::PROFILE, get(profile::get).put(profile::set)),
        (routes::PRODUCTS, get(products::list)),
        (routes::BILLING_ACCOUNTS, get(products::billing_accounts)),
        (routes::ORDERS, post(orders::place)),
        (routes::SUBSCRIPTIONS, get(subscriptions::list)),
        (routes::SUBSCRIPTIONS_EXPORT, get(subscriptions::export)),
        (routes::SUBSCRIPTION, get(subscriptions::one).patch(subscriptions::change_quantity)),
        (routes::SUBSCRIPTION_HISTORY, get(subscriptions::history)),
        (routes::SUSPEND_SUBSCRIPTION, post(subscriptions::suspend)),
        (routes::REACTIVATE_SUBSCRIPTION, post(subscriptions::reactivate)),
        (routes::CANCEL_SUBSCRIPTION, post(subscriptions::cancel)),
        (routes::CREATE_FROM_OFFER, post(subscriptions::create_from_offer)),
        (
            routes::PARTNER_OF_RECORD,
            put(partners_of_record::set).delete(partners_of_record::remove),
        ),
        (routes::PLAN_PARTNERS_OF_RECORD, post(partners_of_record::plan)),
        (routes::APPLY_PARTNERS_OF_RECORD, post(partners_of_record::apply)),
        (routes::CHECK_PARTNER_ID, post(partner_ids::check)),
        (routes::AGREEMENT, get(agreement::current)),
        (routes::ACCEPT_AGREEMENT, post(agreement::accept)),
        (routes::ACTIVITY, get(activity::list)),
        (routes::OUTBOX, get(outbox::list)),
    ]
}

/// The whole site: the API, and the page at every other address.
pub(crate) fn router(app: Arc<App>) -> Router {
    api()
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| router.route(path, methods))
        .method_not_allowed_fallback(async || Failure::from(ErrorCode::MethodNotAllowed))
        .fallback(elsewhere)
        .layer(from_fn_with_state(Arc::clone(&app), around))
        .with_state(app)
}

/// Answers at every address that is not one of the API's.
async fn elsewhere(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path();
    if is_api(path) {
        return Failure::from(ErrorCode::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = Failure::from(ErrorCode::MethodNotAllowed).into_response();
        let allowed = HeaderValue::from_static("GET,HEAD");
        response.headers_mut().insert(header::ALLOW, allowed);
        return response;
    }
    app.site.get(path, request.headers())
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// What happens around every request: it gets an id, is logged, is refused where it
/// comes from elsewhere or is too large, and its answer gets the headers of all.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = RequestId::new();
    let path = request.uri().path().to_owned();
    let api = is_api(&path);
    let method = request.method().clone();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str().to_owned(),
        None if api => "/api/…".to_owned(),
        None => "page".to_owned(),
    };
    let span = log::span(&id, method.as_str(), &route);
    let answer = async move {
        let admitted = admit(&app, &request);
        let mut response = match admitted {
            Ok(()) => {
                let (parts, body) = request.into_parts();
                let (lent, body) = Lent::new(body);
                let response = caught(next.run(Request::from_parts(parts, body))).await;
                lent.read_to_its_end().await;
                response
            }
            Err(failure) => {
                discard(request.into_body()).await;
                failure.into_response()
            }
        };
        if let Some(failure) = response.extensions_mut().remove::<Failure>() {
            let kept = response.headers_mut().remove(header::ALLOW);
            response = failure.render(id.as_str());
            if let Some(allow) = kept {
                response.headers_mut().insert(header::ALLOW, allow);
            }
        }
        let headers = response.headers_mut();
        app.headers.add(&path, headers);
        if api {
            let none = HeaderValue::from_static("no-store");
            headers.insert(header::CACHE_CONTROL, none);
        }
        if let Ok(id) = HeaderValue::from_str(id.as_str()) {
            headers.insert(REQUEST_ID, id);
        }
        let status = response.status().as_u16();
        let microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        // The page's files and the health checks of whatever stands in front would
        // drown what people did.
        if api && route != routes::HEALTH {
            tracing::info!(status, microseconds, "answered");
        } else {
            tracing::debug!(status, microseconds, "answered");
        }
        response
    };
    log::within(span, answer).await
}

/// Refuses what no handler should see.
fn admit(app: &App, request: &Request) -> Result<(), Failure> {
    if !app.public_url.admits(request.method(), request.headers()) {
        return Err(ErrorCode::ForeignOrigin.into());
    }
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let most = match request.uri().path() {
        routes::PLAN_PARTNERS_OF_RECORD | routes::APPLY_PARTNERS_OF_RECORD => PlanRequest::FILE_MAX,
        _ => BODY_MAX,
    };
    if length.is_some_and(|length| length > most as u64) {
        return Err(ErrorCode::RequestTooLarge.into());
    }
    Ok(())
}

/// Answers 500 where a handler panics, instead of breaking the connection off. The
/// panic itself is logged by the hook that began with the server.
async fn caught(answer: impl Future<Output = Response>) -> Response {
    let mut answer = pin!(answer);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
        Ok(poll) => poll,
        // The future is not polled again after this, so nothing sees what it left behind.
        Err(_) => Poll::Ready(Failure::internal(&"a panic").into_response()),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::pin::Pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Context;

    use axum::body::{Body, HttpBody};
    use axum::http::StatusCode;
    use bytes::Bytes;
    use hyper::body::Frame;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;
    use crate::static_files::StaticFiles;

    struct Site {
        router: Router,
        _folder: tempfile::TempDir,
    }

    fn site() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("test.sqlite");
        let app = App::new(
            store::Database::open(database.to_str().unwrap()).unwrap(),
            "http://localhost:8080".parse().unwrap(),
            StaticFiles::default(),
            None,
        )
        .unwrap();
        Site { router: router(Arc::new(app)), _folder: folder }
    }

    impl Site {
        async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
            let mut request = Request::builder().method(method).uri(path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Body::empty()).unwrap();
            self.router.clone().oneshot(request).await.unwrap()
        }

        async fn code(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
            let response = self.ask(method, path, headers).await;
            let status = response.status().as_u16();
            let header = response.headers()["x-ms-error-code"].clone();
            let id = response.headers()["x-request-id"].clone();
            let bytes = axum::body::to_bytes(response.into_body(), BODY_MAX).await.unwrap();
            let body: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(body["error"]["code"], header.to_str().unwrap());
            assert_eq!(body["error"]["innererror"]["request-id"], id.to_str().unwrap());
            (status, header.to_str().unwrap().to_owned())
        }
    }

    const HERE: (&str, &str) = ("origin", "http://localhost:8080");

    /// The router itself is asked which methods an address has: its `Allow` tells.
    #[tokio::test]
    async fn the_description_has_every_route_and_no_other() {
        let site = site();
        let mut routed = BTreeMap::new();
        for (path, _) in api() {
            let address = path.replace("{id}", "018bcfe5-6800-7fff-bfff-ffffffffffff");
            let response = site.ask("PROPFIND", &address, &[HERE]).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
            let allowed: BTreeSet<String> = response.headers()[header::ALLOW]
                .to_str()
                .unwrap()
                .split(',')
                .filter(|method| *method != "HEAD")
                .map(str::to_ascii_lowercase)
                .collect();
            routed.insert(path.to_owned(), allowed);
        }
        let document = crate::openapi::document(&"http://localhost:8080".parse().unwrap());
        let described: BTreeMap<String, BTreeSet<String>> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, item)| {
                let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
                (path.clone(), methods.cloned().collect())
            })
            .collect();
        assert_eq!(routed, described);
    }

    #[tokio::test]
    async fn every_route_of_a_signed_in_person_refuses_a_visitor() {
        let site = site();
        let open = [routes::SITE, routes::HEALTH, routes::OPENAPI];
        for (path, _) in api() {
            let address = path.replace("{id}", "018bcfe5-6800-7fff-bfff-ffffffffffff");
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let response = site.ask(method, &address, &[HERE]).await;
                let status = response.status().as_u16();
                let own_answer = open.contains(&path)
                    || status == 405
                    // Signing in wants a body, and signing out is done already.
                    || (path == routes::SESSION && method != "GET");
                assert!(own_answer || status == 401, "{method} {path}: {status}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_request_is_told_as_such() {
        let site = site();
        let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
        let long = "70000";
        for (method, path, headers, status, code) in [
            ("GET", "/api/nothing", &[][..], 404, "notFound"),
            ("GET", "/api", &[], 404, "notFound"),
            ("PUT", "/api/session", &[HERE], 405, "methodNotAllowed"),
            ("POST", "/elsewhere", &[HERE], 405, "methodNotAllowed"),
            ("POST", "/api/session", &[], 403, "foreignOrigin"),
            ("DELETE", "/api/session", &[("origin", "null")], 403, "foreignOrigin"),
            ("POST", "/api/session", &[HERE], 415, "invalidRequest"),
            ("GET", "/api/site?x=1", &[], 400, "invalidFields"),
            (
                "POST",
                "/api/session",
                &[HERE, ("content-type", "application/json")],
                400,
                "invalidRequest",
            ),
            ("POST", "/api/session", &[HERE, ("content-length", long)], 413, "requestTooLarge"),
            ("GET", &format!("/api/invitations/{id}"), &[], 401, "signInRequired"),
        ] {
            let answered = site.code(method, path, headers).await;
            assert_eq!(answered, (status, code.to_owned()), "{method} {path}");
        }
    }

    #[tokio::test]
    async fn every_answer_carries_the_headers() {
        let site = site();
        for (method, path) in [
            ("GET", "/"),
            ("HEAD", "/api/site"),
            ("GET", "/api/nothing"),
            ("GET", "/a.js"),
            ("POST", "/"),
        ] {
            let response = site.ask(method, path, &[]).await;
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

    /// A body of two bytes that arrives after the head, and says when it was read to its end.
    struct Late {
        polls: u8,
        ended: Arc<AtomicBool>,
    }

    impl HttpBody for Late {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<std::result::Result<Frame<Bytes>, Self::Error>>> {
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

    /// What is left of a body would end the connection, and with it the next request.
    #[tokio::test]
    async fn a_body_is_read_to_its_end_whoever_answers() {
        let site = site();
        let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
        for (method, path, status) in [
            ("DELETE", "/api/session", 204),
            ("POST", &format!("/api/invitations/{id}/send"), 401),
            ("POST", "/api/session?x=1", 400),
            ("POST", "/api/nothing", 404),
            ("PUT", "/api/session", 405),
        ] {
            let ended = Arc::new(AtomicBool::new(false));
            let body = Late { polls: 0, ended: Arc::clone(&ended) };
            let request = Request::builder().method(method).uri(path).header(HERE.0, HERE.1);
            let request = request.body(Body::new(body)).unwrap();
            let response = site.router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
            assert!(ended.load(Ordering::Acquire), "{method} {path}");
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let response = caught(async { panic!("as the test wants") }).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
