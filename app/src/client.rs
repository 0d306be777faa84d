//! The one way to the server: the public HTTP API, typed.
//!
//! Every request can fail in the same few ways, a [`Failure`], which knows what to
//! say to people. Nothing else in the app knows of HTTP.

use std::{cell::Cell, pin::Pin};

use api::{ETag, ErrorBody, ErrorCode, FromJson, Json};
use gloo_net::http::Method;
use rules::{FieldError, OrderRequestId, Refusal};
use serde::Serialize;

use crate::{session, t, words};

#[cfg(not(feature = "demo"))]
use network::sent;

/// There is no server: the one that answers is in the page itself.
#[cfg(feature = "demo")]
async fn sent(request: Outgoing) -> Result<Json, Failure> {
    let (ok, wait, answer) = crate::demo::ask(request).await;
    answered(ok, wait, answer)
}

/// The media type of what forms send.
const JSON: &str = "application/json";
/// The media type of a file with a line for each thing.
pub(crate) const CSV: &str = "text/csv";

/// A request on its way to the server.
pub struct Outgoing {
    /// What it does.
    pub method: Method,
    /// The address, with its query.
    pub path: String,
    /// The media type of the body, and the body.
    pub body: Option<(&'static str, String)>,
    /// The version that it changes (`If-Match`).
    pub version: Option<ETag>,
    /// By what the server knows again what it has done already
    /// (`Repeatability-Request-ID`).
    pub once: Option<OrderRequestId>,
}

/// Why a request was not answered as hoped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub kind: FailureKind,
    /// The request's id, by which the operator finds it in the log.
    pub request_id: Option<String>,
}

/// What happened to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A rule said no.
    Refused(Refusal),
    /// Fields hold values that can't be taken, by the field's name on the wire.
    Fields(Vec<(String, FieldError)>),
    /// Anything else, with the seconds to wait where there are any.
    Other(ErrorCode, Option<u32>),
}

impl Failure {
    /// The server can't be reached, or what answered was not ours.
    const UNREACHABLE: Self =
        Self { kind: FailureKind::Other(ErrorCode::Unavailable, None), request_id: None };

    /// The reason, where a rule refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self.kind {
            FailureKind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether this is what went wrong.
    #[must_use]
    pub fn is(&self, code: ErrorCode) -> bool {
        matches!(&self.kind, FailureKind::Other(own, _) if *own == code)
    }

    /// Whether nobody is signed in (any more).
    #[must_use]
    pub fn signed_out(&self) -> bool {
        self.refusal() == Some(Refusal::SignInRequired)
    }

    /// What happened, why, and what to do next, in the visitor's language.
    #[must_use]
    pub fn text(&self) -> String {
        let text = match &self.kind {
            FailureKind::Refused(refusal) => words::refusal(*refusal),
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

    /// What is wrong with the field of this name on the wire, in the visitor's language.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let FailureKind::Fields(fields) = &self.kind else { return None };
        let (_, error) = fields.iter().find(|(field, _)| field == name)?;
        Some(words::field_error(*error))
    }
}

/// Gets something.
///
/// # Errors
/// A [`Failure`].
pub async fn get<T: FromJson>(path: &str) -> Result<T, Failure> {
    read(&send(Method::GET, path, None, None).await?)
}

/// Posts something, changing the thing of this version where there is one.
///
/// # Errors
/// A [`Failure`].
pub async fn post<T: FromJson>(
    path: &str,
    body: &impl Serialize,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::POST, path, Some(write(body)?), version).await?)
}

/// Posts something that is done once, however often it is posted with this identifier.
///
/// # Errors
/// A [`Failure`].
pub async fn post_once<T: FromJson>(
    path: &str,
    body: &impl Serialize,
    once: OrderRequestId,
) -> Result<T, Failure> {
    let (method, path, body) = (Method::POST, path.to_owned(), Some((JSON, write(body)?)));
    read(&dispatch(Outgoing { method, path, body, version: None, once: Some(once) }).await?)
}

/// Posts the text of a CSV file, changing the thing of this version where there is one.
///
/// # Errors
/// A [`Failure`].
pub async fn post_csv<T: FromJson>(
    path: &str,
    file: String,
    version: Option<ETag>,
) -> Result<T, Failure> {
    let (method, path, body) = (Method::POST, path.to_owned(), Some((CSV, file)));
    read(&dispatch(Outgoing { method, path, body, version, once: None }).await?)
}

/// Puts something in the place of the thing of this version.
///
/// # Errors
/// A [`Failure`].
pub async fn put<T: FromJson>(
    path: &str,
    body: &impl Serialize,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::PUT, path, Some(write(body)?), version).await?)
}

/// Changes a part of the thing of this version.
///
/// # Errors
/// A [`Failure`].
pub async fn patch<T: FromJson>(
    path: &str,
    body: &impl Serialize,
    version: Option<ETag>,
) -> Result<T, Failure> {
    read(&send(Method::PATCH, path, Some(write(body)?), version).await?)
}

/// Deletes the thing of this version, or one that has none.
///
/// # Errors
/// A [`Failure`].
pub async fn delete(path: &str, version: Option<ETag>) -> Result<(), Failure> {
    send(Method::DELETE, path, None, version).await.map(drop)
}

/// Deletes a part of the thing of this version, and answers the thing without it.
///
/// # Errors
/// A [`Failure`].
pub async fn delete_part<T: FromJson>(path: &str, version: Option<ETag>) -> Result<T, Failure> {
    read(&send(Method::DELETE, path, None, version).await?)
}

/// The address of an answer that is a document of its own, for a frame that shows it:
/// the HTML of an invitation's mail. It has a policy of its own, which a document inside
/// the page could not have.
///
/// # Errors
/// A [`Failure`].
#[cfg_attr(
    not(feature = "demo"),
    expect(clippy::unused_async, reason = "a server in the page has to be asked first")
)]
pub async fn document(path: &str) -> Result<String, Failure> {
    #[cfg(not(feature = "demo"))]
    let address = path.to_owned();
    // No frame can ask a server that is in the page itself.
    #[cfg(feature = "demo")]
    let address = {
        let mail: api::RenderedMail = get(&path.replacen("/html", "", 1)).await?;
        format!("data:text/html;charset=utf-8,{}", api::encode_component(&mail.html))
    };
    Ok(address)
}

thread_local! {
    /// Whether nothing may be changed from this window.
    static LOOK_ONLY: Cell<bool> = const { Cell::new(false) };
}

/// From now on this window asks for nothing that would change something: it shows what
/// somebody else would see.
pub fn look_only() {
    LOOK_ONLY.set(true);
}

fn write(body: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(body).map_err(|_| Failure::UNREACHABLE)
}

fn read<T: FromJson>(answer: &Json) -> Result<T, Failure> {
    // An answer that can't be read comes from another version of the program, or
    // from something between it and the page.
    T::from_json(answer).ok_or(Failure::UNREACHABLE)
}

/// Sends a request with a body in JSON.
fn send(method: Method, path: &str, body: Option<String>, version: Option<ETag>) -> Sent {
    let body = body.map(|body| (JSON, body));
    dispatch(Outgoing { method, path: path.to_owned(), body, version, once: None })
}

/// Boxed, so that every caller holds a pointer to the one future instead of a copy of it.
type Sent = Pin<Box<dyn Future<Output = Result<Json, Failure>>>>;

/// Sends a request.
fn dispatch(request: Outgoing) -> Sent {
    if LOOK_ONLY.get() && request.method != Method::GET {
        let kind = FailureKind::Other(ErrorCode::MethodNotAllowed, None);
        return Box::pin(std::future::ready(Err(Failure { kind, request_id: None })));
    }
    let path = local(&request.path).to_owned();
    Box::pin(sent(Outgoing { path, ..request }))
}

/// What an answer comes to: whether it was done, the seconds to wait where there are any,
/// and the body.
fn answered(ok: bool, wait: Option<u32>, answer: Json) -> Result<Json, Failure> {
    if ok {
        return Ok(answer);
    }
    let failure = failure(&answer, wait);
    if failure.signed_out() {
        // Whatever page asked, it is time to sign in.
        session::lost();
    }
    Err(failure)
}

/// The path of a link. Links in answers name the server by its public address, and
/// the page may have been opened at another name of it.
fn local(link: &str) -> &str {
    link.find("/api/").map_or(link, |start| &link[start..])
}

/// Reads an error answer.
fn failure(answer: &Json, wait: Option<u32>) -> Failure {
    let Some(ErrorBody { error }) = ErrorBody::from_json(answer) else {
        return Failure::UNREACHABLE;
    };
    let request_id = error.innererror.map(|inner| inner.request_id);
    let kind = if let Ok(refusal) = error.code.parse() {
        FailureKind::Refused(refusal)
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

/// A request on its way to the server, and what comes back.
#[cfg(not(feature = "demo"))]
mod network {
    use api::{Json, routes};
    use gloo_net::http::{RequestBuilder, Response};
    use js_sys::{Array, Object};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    use super::{Failure, Outgoing, answered};

    /// Asks the server.
    ///
    /// # Errors
    /// What it refuses, or that it can't be reached.
    pub(super) async fn sent(asked: Outgoing) -> Result<Json, Failure> {
        let mut request = RequestBuilder::new(&asked.path).method(asked.method);
        if let Some(version) = asked.version {
            request = request.header("If-Match", &version.to_string());
        }
        if let Some(once) = asked.once {
            request = request.header(routes::REPEATABILITY_REQUEST_ID, &once.to_string());
        }
        let request = match asked.body {
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
        // No answer of ours is null, so that one that is empty or not JSON can be read as one.
        answered(ok, wait, json(response).await.unwrap_or(Json::Null))
    }

    /// Has the browser parse an answer; `None` where there is none, or not in JSON.
    async fn json(response: Response) -> Option<Json> {
        let parsing = web_sys::Response::from(response).json().ok()?;
        JsFuture::from(parsing).await.ok().map(|value| tree(&value))
    }

    /// A value of JavaScript that was parsed from JSON.
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

    use super::*;

    fn body(problem: &Problem) -> Json {
        serde_json::to_value(ErrorBody::new(problem, "text")).expect("an error body").into()
    }

    #[test]
    fn a_refusal_is_known_again() {
        let failure = failure(&body(&Refusal::InvitationExpired.into()), None);
        assert_eq!(failure.refusal(), Some(Refusal::InvitationExpired));
    }

    #[test]
    fn each_wrong_field_is_known_again() {
        let problem = Problem::Fields(vec![FieldProblem {
            field: "reason",
            error: FieldError::TooLong { max: 1_000 },
        }]);
        let wrong = ("reason".to_owned(), FieldError::TooLong { max: 1_000 });
        assert_eq!(failure(&body(&problem), None).kind, FailureKind::Fields(vec![wrong]));
    }

    #[test]
    fn a_link_to_the_next_page_is_followed_where_the_page_is() {
        assert_eq!(local("https://accord.example/api/activity?$top=2"), "/api/activity?$top=2");
        assert_eq!(local("/api/activity"), "/api/activity");
    }

    #[test]
    fn what_is_not_ours_counts_as_unreachable() {
        for answer in [Json::Null, Json::Text("Bad gateway".to_owned()), Json::Object(Vec::new())] {
            assert_eq!(failure(&answer, None), Failure::UNREACHABLE);
            assert_eq!(read::<ErrorBody>(&answer), Err(Failure::UNREACHABLE));
        }
        let later = failure(&body(&Problem::other(ErrorCode::TooManyAttempts)), Some(4));
        assert_eq!(later.kind, FailureKind::Other(ErrorCode::TooManyAttempts, Some(4)));
    }
}
