//! The typed client of the public HTTP API, the only way to the server.
//!
//! Every request can fail in the same few ways, a [`Failure`], which has a text for people.
//! Only the demo knows HTTP too.

use std::{cell::Cell, pin::Pin};

use api::{ETag, ErrorBody, ErrorCode, Json, UnexpectedJson};
use gloo_net::http::Method;
use rules::{FieldError, OrderRequestId, Refusal, RefusalKind};
use serde::{Serialize, de::DeserializeOwned};

use crate::{t, words};

#[cfg(not(feature = "demo"))]
use network::transmit;

/// Sends a request to the server inside the page.
#[cfg(feature = "demo")]
async fn transmit(request: OutgoingRequest) -> Result<Json, Failure> {
    let (ok, wait, answer) = crate::demo::request(request).await;
    read_response(ok, wait, answer)
}

/// Media type of JSON.
const JSON: &str = "application/json";
/// Media type of CSV files.
pub(crate) const CSV: &str = "text/csv";

/// A request on its way to the server.
pub struct OutgoingRequest {
    /// Method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Media type and content of the body.
    pub body: Option<(&'static str, String)>,
    /// Version to change (`If-Match`).
    pub version: Option<ETag>,
    /// Id by which the server recognizes a repeated request (`Repeatability-Request-ID`).
    pub request_id: Option<OrderRequestId>,
}

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Kind of failure.
    pub kind: FailureKind,
    /// Id of the request, by which the operator finds it in the log.
    pub request_id: Option<String>,
}

/// Kind of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A rule refused the request.
    Refused(Refusal),
    /// A limit on the actions within 24 hours is reached, with the seconds to wait.
    Limited(Refusal, u32),
    /// Invalid values, by the field's name in the API.
    Fields(Vec<(String, FieldError)>),
    /// Any other error, with the seconds to wait if any.
    Other(ErrorCode, Option<u32>),
}

impl Failure {
    /// The server cannot be reached, or the response is not from Accord.
    const UNREACHABLE: Self =
        Self { kind: FailureKind::Other(ErrorCode::Unavailable, None), request_id: None };

    /// Returns the refusal, if a rule refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self.kind {
            FailureKind::Refused(refusal) | FailureKind::Limited(refusal, _) => Some(refusal),
            FailureKind::Fields(_) | FailureKind::Other(..) => None,
        }
    }

    /// Returns whether the error has this code.
    #[must_use]
    pub fn is(&self, code: ErrorCode) -> bool {
        matches!(&self.kind, FailureKind::Other(own, _) if *own == code)
    }

    /// Returns whether no one is signed in (any more).
    #[must_use]
    pub fn signed_out(&self) -> bool {
        self.refusal() == Some(Refusal::SignInRequired)
    }

    /// Returns what happened, why, and what to do next, in the visitor's language.
    #[must_use]
    pub fn text(&self) -> String {
        let text = match &self.kind {
            FailureKind::Refused(refusal) | FailureKind::Limited(refusal, _) => {
                words::refusal(*refusal)
            }
            FailureKind::Fields(_) => t::problem::invalid_fields(),
            FailureKind::Other(code, wait) => words::problem(*code, *wait),
        };
        match (&self.kind, &self.request_id) {
            (FailureKind::Other(ErrorCode::Internal, _), Some(id)) => {
                format!("{text} {}", t::problem::request_id(id))
            }
            _ => text,
        }
    }

    /// Returns what is wrong with a field, named as in the API, in the visitor's language.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let FailureKind::Fields(fields) = &self.kind else { return None };
        let (_, error) = fields.iter().find(|(field, _)| field == name)?;
        Some(words::field_error(*error))
    }
}

/// Gets a resource.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    read(&send(Method::GET, path, None, None).await?)
}

/// Gets a resource that `read` converts from JSON.
pub async fn get_with<T>(
    path: &str,
    read: &dyn Fn(&Json) -> Result<T, UnexpectedJson>,
) -> Result<T, Failure> {
    read(&send(Method::GET, path, None, None).await?).map_err(|_| Failure::UNREACHABLE)
}

/// Posts a body, changing the given version if any.
pub async fn post<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::POST, path, Some(write(body)?), version).await?)
}

/// Posts a body that is processed once, however often it is sent with this id.
pub async fn post_once<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    request_id: OrderRequestId,
) -> Result<T, Failure> {
    let (method, path, body) = (Method::POST, path.to_owned(), Some((JSON, write(body)?)));
    read(
        &dispatch(OutgoingRequest {
            method,
            path,
            body,
            version: None,
            request_id: Some(request_id),
        })
        .await?,
    )
}

/// Posts a CSV file, changing the given version if any.
pub async fn post_csv<T: DeserializeOwned>(
    path: &str,
    file: String,
    version: Option<ETag>,
) -> Result<T, Failure> {
    let (method, path, body) = (Method::POST, path.to_owned(), Some((CSV, file)));
    read(&dispatch(OutgoingRequest { method, path, body, version, request_id: None }).await?)
}

/// Replaces a resource of the given version.
pub async fn put<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::PUT, path, Some(write(body)?), version).await?)
}

/// Changes part of a resource of the given version.
pub async fn patch<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::PATCH, path, Some(write(body)?), version).await?)
}

/// Deletes a resource, of the given version if any.
pub async fn delete(path: &str, version: Option<ETag>) -> Result<(), Failure> {
    send(Method::DELETE, path, None, version).await.map(drop)
}

/// Deletes part of a resource, and returns the resource without it.
pub async fn delete_part<T: DeserializeOwned>(
    path: &str,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::DELETE, path, None, version).await?)
}

/// Returns the address of a document for a frame: the HTML of an invitation's mail. The
/// document has its own security policy, which one inside the page could not have.
#[cfg_attr(
    not(feature = "demo"),
    expect(clippy::unused_async, reason = "the demo fetches the document first")
)]
pub async fn document(path: &str) -> Result<String, Failure> {
    #[cfg(not(feature = "demo"))]
    let address = path.to_owned();
    // A frame cannot fetch from the server inside the page.
    #[cfg(feature = "demo")]
    let address = {
        let mail: api::RenderedMail = get(&path.replacen("/html", "", 1)).await?;
        format!("data:text/html;charset=utf-8,{}", api::encode_component(&mail.html))
    };
    Ok(address)
}

thread_local! {
    /// True if this window is read-only, as in a preview.
    static READ_ONLY: Cell<bool> = const { Cell::new(false) };
}

/// Makes this window read-only: it shows what another person would see.
pub fn make_read_only() {
    READ_ONLY.set(true);
}

thread_local! {
    /// Called when a response says that no one is signed in.
    static END_SESSION: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// Calls `end_session` whenever a response says that no one is signed in.
pub fn on_signed_out(end_session: fn()) {
    END_SESSION.set(Some(end_session));
}

fn write(body: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(body).map_err(|_| Failure::UNREACHABLE)
}

fn read<T: DeserializeOwned>(answer: &Json) -> Result<T, Failure> {
    // A response that cannot be read comes from another version of the program, or from
    // something between it and the page.
    answer.read().map_err(|_| Failure::UNREACHABLE)
}

/// Sends a request with a JSON body.
fn send(
    method: Method,
    path: &str,
    body: Option<String>,
    version: Option<ETag>,
) -> PendingResponse {
    let body = body.map(|body| (JSON, body));
    dispatch(OutgoingRequest { method, path: path.to_owned(), body, version, request_id: None })
}

/// A boxed future, so that callers hold a pointer instead of a copy of its state.
type PendingResponse = Pin<Box<dyn Future<Output = Result<Json, Failure>>>>;

/// Sends a request.
fn dispatch(request: OutgoingRequest) -> PendingResponse {
    if READ_ONLY.get() && request.method != Method::GET {
        let kind = FailureKind::Other(ErrorCode::MethodNotAllowed, None);
        return Box::pin(std::future::ready(Err(Failure { kind, request_id: None })));
    }
    let path = path_of_link(&request.path).to_owned();
    Box::pin(transmit(OutgoingRequest { path, ..request }))
}

/// Returns the body of a successful response, or the failure that it reports.
fn read_response(ok: bool, wait: Option<u32>, answer: Json) -> Result<Json, Failure> {
    if ok {
        return Ok(answer);
    }
    let failure = failure(&answer, wait);
    if failure.signed_out() {
        // Whichever page sent the request, the person has to sign in.
        if let Some(end_session) = END_SESSION.get() {
            end_session();
        }
    }
    Err(failure)
}

/// Returns the path of a link. Links in responses name the server by its public address, and
/// the page may have been opened at another name of it.
fn path_of_link(link: &str) -> &str {
    link.find("/api/").map_or(link, |start| &link[start..])
}

/// Reads the body of an error.
pub(crate) fn failure(answer: &Json, wait: Option<u32>) -> Failure {
    let Ok(ErrorBody { error }) = answer.read() else {
        return Failure::UNREACHABLE;
    };
    let request_id = error.innererror.map(|inner| inner.request_id);
    let kind = if let Ok(refusal) = error.code.parse::<Refusal>() {
        match wait {
            Some(wait) if refusal.kind() == RefusalKind::Limit => {
                FailureKind::Limited(refusal, wait)
            }
            _ => FailureKind::Refused(refusal),
        }
    } else if error.code == ErrorCode::InvalidFields.as_str() {
        let fields = error.details.into_iter().filter_map(|detail| {
            Some((detail.target?, FieldError::from_code(&detail.code, detail.limit)?))
        });
        FailureKind::Fields(fields.collect())
    } else {
        FailureKind::Other(error.code.parse().unwrap_or(ErrorCode::Unavailable), wait)
    };
    Failure { kind, request_id }
}

/// The network.
#[cfg(not(feature = "demo"))]
mod network {
    use api::{Json, routes};
    use gloo_net::http::{RequestBuilder, Response};
    use js_sys::{Array, Object};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    use super::{Failure, OutgoingRequest, read_response};

    /// Sends a request to the server.
    pub(super) async fn transmit(outgoing: OutgoingRequest) -> Result<Json, Failure> {
        let mut request = RequestBuilder::new(&outgoing.path).method(outgoing.method);
        if let Some(version) = outgoing.version {
            request = request.header("If-Match", &version.to_string());
        }
        if let Some(request_id) = outgoing.request_id {
            request = request.header(routes::REPEATABILITY_REQUEST_ID, &request_id.to_string());
        }
        let request = match outgoing.body {
            Some((kind, body)) => request.header("Content-Type", kind).body(body),
            None => request.build(),
        };
        let response = request
            .map_err(|_| Failure::UNREACHABLE)?
            .send()
            .await
            .map_err(|_| Failure::UNREACHABLE)?;
        let ok = response.ok();
        let wait = response.headers().get("Retry-After").and_then(|seconds| seconds.parse().ok());
        // No response of the API is null, so null can stand for one without JSON.
        read_response(ok, wait, json(response).await.unwrap_or(Json::Null))
    }

    /// Lets the browser parse a response; `None` if there is no JSON.
    async fn json(response: Response) -> Option<Json> {
        let parsing = web_sys::Response::from(response).json().ok()?;
        JsFuture::from(parsing).await.ok().map(|value| tree(&value))
    }

    /// Converts a JavaScript value that was parsed from JSON.
    fn tree(value: &JsValue) -> Json {
        if let Some(text) = value.as_string() {
            Json::Text(text)
        } else if let Some(number) = value.as_f64() {
            Json::Number(number)
        } else if let Some(truth) = value.as_bool() {
            Json::Bool(truth)
        } else if let Some(items) = value.dyn_ref::<Array>() {
            Json::List(items.iter().map(|item| tree(&item)).collect())
        } else if let Some(object) = value.dyn_ref::<Object>() {
            let entry = |entry: JsValue| {
                let entry: Array = entry.unchecked_into();
                Some((entry.get(0).as_string()?, tree(&entry.get(1))))
            };
            Json::Object(Object::entries(object).iter().filter_map(entry).collect())
        } else {
            Json::Null
        }
    }
}

#[cfg(test)]
mod tests {
    use api::{FieldProblem, Problem};
    use serde_json::json;

    use super::*;

    fn body(problem: &Problem) -> Json {
        serde_json::to_value(ErrorBody::new(problem, "text")).expect("an error body").into()
    }

    #[test]
    fn refusals_are_read_from_error_bodies() {
        let failure = failure(&body(&Refusal::InvitationExpired.into()), None);
        assert_eq!(failure.refusal(), Some(Refusal::InvitationExpired));
    }

    #[test]
    fn invalid_fields_are_read_from_error_bodies() {
        let problem = Problem::Fields(vec![FieldProblem {
            field: "reason",
            error: FieldError::TooLong { max: 1_000 },
        }]);
        let wrong = ("reason".to_owned(), FieldError::TooLong { max: 1_000 });
        assert_eq!(failure(&body(&problem), None).kind, FailureKind::Fields(vec![wrong]));
    }

    #[test]
    fn links_are_followed_on_the_host_of_the_page() {
        assert_eq!(
            path_of_link("https://accord.example/api/activity?$top=2"),
            "/api/activity?$top=2"
        );
        assert_eq!(path_of_link("/api/activity"), "/api/activity");
    }

    #[test]
    fn other_responses_count_as_unreachable() {
        let malformed = json!({ "error": { "code": 1, "message": [] } }).into();
        let text = Json::Text("Bad gateway".to_owned());
        for answer in [Json::Null, text, Json::Object(Vec::new()), malformed] {
            assert_eq!(failure(&answer, None), Failure::UNREACHABLE);
            assert_eq!(read::<ErrorBody>(&answer), Err(Failure::UNREACHABLE));
        }
        let later = failure(&body(&Problem::other(ErrorCode::TooManyAttempts)), Some(4));
        assert_eq!(later.kind, FailureKind::Other(ErrorCode::TooManyAttempts, Some(4)));
    }
}
