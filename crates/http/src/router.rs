//! The router, and the middleware that belongs to the API itself.

use std::sync::Arc;

use api::ErrorCode;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use tower::ServiceBuilder;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::REQUEST_ID;
use crate::error::{ApiError, Result};
use crate::extract::{BODY_MAX, JsonOrCsv};
use crate::handlers::{
    activity, agreement, enquiries, invitations, orders, outbox, partner_ids, partners,
    partners_of_record, products, profile, relationships, session, site, subscriptions,
};
use crate::openapi;
use crate::state::ApiState;

/// Keeps answers out of caches: they depend on the session.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Returns the API with its OpenAPI document. The host puts [`render_errors`] around it.
pub fn router(state: Arc<ApiState>) -> Router {
    let (router, collected) = api_router().split_for_parts();
    state.set_description(openapi::complete(&collected, state.public_url()).to_string().into());
    router
        .method_not_allowed_fallback(async || ApiError::from(ErrorCode::MethodNotAllowed))
        .route("/api", any(not_found))
        .route("/api/", any(not_found))
        .route("/api/{*rest}", any(not_found))
        .layer(
            ServiceBuilder::new()
                .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, NO_STORE))
                .layer(from_fn_with_state(Arc::clone(&state), check_origin)),
        )
        .with_state(state)
}

/// Collects the handlers of all subjects, with the size of body that they take.
pub(crate) fn api_router() -> OpenApiRouter<Arc<ApiState>> {
    OpenApiRouter::new()
        .merge(site::router())
        .merge(session::router())
        .merge(relationships::router())
        .merge(invitations::router())
        .merge(partners::router())
        .merge(enquiries::router())
        .merge(profile::router())
        .merge(products::router())
        .merge(orders::router())
        .merge(subscriptions::router())
        .merge(partners_of_record::router())
        .merge(partner_ids::router())
        .merge(agreement::router())
        .merge(activity::router())
        .merge(outbox::router())
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .merge(
            partners_of_record::router_with_files()
                .layer(RequestBodyLimitLayer::new(JsonOrCsv::<api::PlanRequest>::MAX)),
        )
}

/// Returns whether a path belongs to the API rather than to the page.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

async fn not_found() -> ApiError {
    ErrorCode::NotFound.into()
}

/// Refuses requests that change something and do not come from a page of this site.
async fn check_origin(
    State(state): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Result<Response> {
    if !state.public_url().admits(request.method(), request.headers()) {
        return Err(ErrorCode::ForeignOrigin.into());
    }
    Ok(next.run(request).await)
}

/// Renders the body of an error, with the request's id. The outermost middleware of the API,
/// so that errors of other layers are rendered too.
pub async fn render_errors(
    State(state): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Response {
    let id = request.headers().get(REQUEST_ID).cloned();
    let mut response = next.run(request).await;
    let error =
        response.extensions_mut().remove::<ApiError>().or_else(|| limit_error(response.status()));
    let Some(error) = error else { return response };
    let id = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default();
    let mut rendered = error.render(id, state.host().now());
    let headers = rendered.headers_mut();
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        headers.insert(header::ALLOW, allow);
    }
    rendered
}

/// Returns the error behind a response that the limit of a body's size made.
fn limit_error(status: StatusCode) -> Option<ApiError> {
    (status == StatusCode::PAYLOAD_TOO_LARGE).then(|| ErrorCode::RequestTooLarge.into())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use api::routes;
    use axum::body::Body;
    use rules::{OrganizationId, Timestamp};
    use serde_json::Value;
    use service::demo;
    use service::model::PasswordHash;
    use store::Memory;
    use tower::ServiceExt as _;

    use super::*;
    use crate::host::{
        BoxFuture, Host, LongReadAdmission, MovableReadWork, PasswordCheck, ReadWork,
        StoredPassword, WriteWork,
    };

    /// A host over an empty store in memory.
    struct TestHost(Memory);

    impl Host for TestHost {
        fn now(&self) -> Timestamp {
            Timestamp::from_milliseconds(1_700_000_000_000)
        }

        fn random_seed(&self) -> Result<[u8; 32]> {
            Ok([7; 32])
        }

        fn read(&self, work: ReadWork<'_>) -> service::Result<()> {
            self.0.read(|store| work(store))
        }

        fn read_long(
            &self,
            _: OrganizationId,
            _: LongReadAdmission,
            mut work: MovableReadWork,
        ) -> BoxFuture<'_, Result<()>> {
            Box::pin(async move { Ok(self.0.read(|store| work(store))?) })
        }

        fn write(&self, mut work: WriteWork) -> BoxFuture<'_, service::Result<()>> {
            Box::pin(async move { self.0.write(|store| work(store)) })
        }

        fn check_password<'a>(
            &'a self,
            password: String,
            stored: StoredPassword<'a>,
        ) -> BoxFuture<'a, Result<PasswordCheck>> {
            let stored = stored();
            Box::pin(async move {
                let matched = stored?.filter(|hash| hash.0 == password);
                Ok(PasswordCheck { matched, turn: Box::new(()) })
            })
        }

        fn spawn(&self, task: BoxFuture<'static, ()>) {
            tokio::spawn(task);
        }
    }

    const ORIGIN: &str = "http://localhost:8080";
    const ID: &str = "018bcfe5-6800-7fff-bfff-ffffffffffff";

    /// The API over demo data. Requests of the tests change nothing that another one reads.
    static SITE: LazyLock<Router> = LazyLock::new(|| {
        let store = Memory::new();
        let mut context =
            service::Context::new(Timestamp::from_milliseconds(1_700_000_000_000), ORIGIN, [1; 32]);
        let password = PasswordHash(demo::PASSWORD.to_owned());
        store.write(|store| demo::fill(store, &mut context, &password)).unwrap();
        let host = Box::new(TestHost(store));
        let state = Arc::new(ApiState::new(host, ORIGIN.parse().unwrap(), None));
        router(Arc::clone(&state)).layer(from_fn_with_state(state, render_errors))
    });

    async fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header("x-request-id", "r1");
        SITE.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
    }

    async fn json(response: Response) -> Value {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    async fn document() -> Value {
        json(request("GET", routes::OPENAPI, &[], "").await).await
    }

    const HERE: (&str, &str) = ("origin", ORIGIN);

    #[tokio::test]
    async fn every_operation_with_a_session_refuses_a_visitor() {
        let document = document().await;
        let mut refused = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let address = path.replace("{id}", ID);
            for (method, operation) in item.as_object().unwrap() {
                let response = request(&method.to_uppercase(), &address, &[HERE], "").await;
                let open = operation["security"] == serde_json::json!([]);
                assert_eq!(response.status() == 401, !open, "{method} {path}");
                refused += usize::from(!open);
            }
        }
        assert!(refused > 40, "{refused}");
    }

    #[tokio::test]
    async fn undocumented_methods_are_not_allowed() {
        for (path, item) in document().await["paths"].as_object().unwrap() {
            let address = path.replace("{id}", ID);
            let response = request("PROPFIND", &address, &[HERE], "").await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
            let allow = response.headers()[header::ALLOW].to_str().unwrap().to_lowercase();
            let allowed: Vec<_> = allow.split(',').filter(|method| *method != "head").collect();
            let mut documented: Vec<_> = item.as_object().unwrap().keys().collect();
            documented.sort();
            let mut sorted = allowed.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, documented, "{path}");
        }
    }

    #[tokio::test]
    async fn bad_requests_are_refused_with_their_code() {
        let invitation = format!("/api/invitations/{ID}");
        for (method, path, headers, status, code) in [
            ("GET", "/api/nothing", &[][..], 404, "notFound"),
            ("GET", "/api", &[], 404, "notFound"),
            ("GET", "/api/", &[], 404, "notFound"),
            ("POST", "/api/", &[], 403, "foreignOrigin"),
            ("PUT", "/api/session", &[HERE], 405, "methodNotAllowed"),
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
            ("POST", "/api/session", &[HERE, ("content-length", "70000")], 413, "requestTooLarge"),
            ("GET", &invitation, &[], 401, "signInRequired"),
        ] {
            let response = request(method, path, headers, "").await;
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
            assert_eq!(response.headers()["x-ms-error-code"], code, "{method} {path}");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store", "{method} {path}");
            let body = json(response).await;
            assert_eq!(body["error"]["code"], code);
            assert_eq!(body["error"]["innererror"]["request-id"], "r1");
        }
    }

    #[tokio::test]
    async fn a_session_starts_with_a_password_and_reads_what_the_person_may_see() {
        let account = demo::accounts().unwrap().remove(0);
        let body = serde_json::json!({ "email": account.email, "password": demo::PASSWORD });
        let headers = [HERE, ("content-type", "application/json")];
        let response = request("POST", routes::SESSION, &headers, &body.to_string()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers().contains_key(header::SET_COOKIE));
        let wrong = serde_json::json!({ "email": account.email, "password": "wrong" });
        let response = request("POST", routes::SESSION, &headers, &wrong.to_string()).await;
        assert_eq!(response.headers()["x-ms-error-code"], "signInFailed");
    }
}
