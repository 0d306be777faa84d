//! What handlers take from a request, each with the answer to one that is wrong.

use std::pin::Pin;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use api::{ETag, ErrorCode, PlanRequest, decode_component, routes};
use axum::body::{Body, HttpBody};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header::{self, HeaderMap};
use axum::http::request::Parts;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use rules::{FieldError, OrderRequestId, Refusal};
use serde::de::DeserializeOwned;
use service::TokenHash;

use crate::app::App;
use crate::error::Failure;

/// The most bytes of a body.
pub(crate) const BODY_MAX: usize = 64 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// What a body of JSON is called.
const JSON: &str = "application/json";

/// How many bytes of a body that is refused are passed over.
const DISCARD_MAX: usize = 4 * 1024 * 1024;
/// How long that may take.
const DISCARD_TIME: Duration = Duration::from_secs(5);

/// The session that a request carries; without one it is refused.
pub(crate) struct SignedIn(pub(crate) TokenHash);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let token = app.cookie.token(&parts.headers);
        Ok(Self(token.ok_or(Refusal::SignInRequired)?))
    }
}

/// The identifier in the address. One that can't be read names nothing.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr<Err = FieldError>> FromRequestParts<Arc<App>> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let read: Result<_, RawPathParamsRejection> =
            RawPathParams::from_request_parts(parts, app).await;
        read.ok()
            .and_then(|params| {
                let (_, value) = params.iter().find(|(name, _)| *name == "id")?;
                value.parse().ok()
            })
            .map(Self)
            .ok_or(ErrorCode::NotFound.into())
    }
}

/// The version that the client saw (`If-Match`).
pub(crate) struct Version(pub(crate) i64);

impl FromRequestParts<Arc<App>> for Version {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Failure> {
        version(&parts.headers).map(Self)
    }
}

/// Exactly one version. `*` would mean "whatever it is now", which is what the header
/// is there to prevent.
fn version(headers: &HeaderMap) -> Result<i64, Failure> {
    let mut sent = headers.get_all(header::IF_MATCH).iter();
    let first = sent.next().ok_or(Failure::from(ErrorCode::VersionRequired))?;
    let parsed = first.to_str().ok().and_then(|text| text.parse().ok());
    match (parsed, sent.next()) {
        (Some(ETag(version)), None) => Ok(version),
        _ => Err(Failure::field("If-Match", FieldError::NotAnId)),
    }
}

/// The identifier that a request gives itself, so that it is done once however often it
/// arrives (`Repeatability-Request-ID`).
pub(crate) struct RepeatableRequest(pub(crate) OrderRequestId);

impl FromRequestParts<Arc<App>> for RepeatableRequest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Failure> {
        let mut sent = parts.headers.get_all(routes::REPEATABILITY_REQUEST_ID).iter();
        let first = sent.next().ok_or(Failure::from(ErrorCode::RequestIdRequired))?;
        match (first.to_str().ok().and_then(|text| text.trim().parse().ok()), sent.next()) {
            (Some(id), None) => Ok(Self(id)),
            _ => Err(Failure::field("Repeatability-Request-ID", FieldError::NotAnId)),
        }
    }
}

/// The options of the query, those of these names and no others: nobody shall take an
/// ignored option for one that was heeded.
pub(crate) fn options<const N: usize>(
    query: Option<&str>,
    known: [&'static str; N],
) -> Result<[Option<String>; N], Failure> {
    let mut options = [const { None }; N];
    let unknown = || Failure::field("query", FieldError::NotAnOption);
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode_component(name).ok_or_else(unknown)?;
        let place = known.iter().position(|known| *known == name).ok_or_else(unknown)?;
        options[place] = Some(decode_component(value).ok_or_else(unknown)?);
    }
    Ok(options)
}

/// That the query is empty, at an address that has no options.
pub(crate) struct NoOptions;

impl FromRequestParts<Arc<App>> for NoOptions {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Failure> {
        options(parts.uri.query(), []).map(|[]| Self)
    }
}

/// A body of JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Failure> {
        if !is(request.headers(), JSON) {
            discard(request.into_body()).await;
            return Err(Failure::unsupported_media_type(
                "JSON, with the content type application/json",
            ));
        }
        parse(&read(request.into_body(), BODY_MAX).await?).map(Self)
    }
}

/// A body of JSON, or a file of CSV.
pub(crate) enum JsonOrCsv<T> {
    Json(T),
    Csv(Vec<u8>),
}

impl<T: DeserializeOwned> JsonOrCsv<T> {
    /// Reads the body of a request, which can be larger than others: whoever calls this has
    /// asked who sends it.
    pub(crate) async fn read(request: Request) -> Result<Self, Failure> {
        let csv = is(request.headers(), "text/csv");
        if !csv && !is(request.headers(), JSON) {
            discard(request.into_body()).await;
            return Err(Failure::unsupported_media_type(
                "JSON or a file of CSV, with the content type application/json or text/csv",
            ));
        }
        let bytes = read(request.into_body(), PlanRequest::FILE_MAX).await?;
        if csv { Ok(Self::Csv(bytes)) } else { parse(&bytes).map(Self::Json) }
    }
}

/// Reads a body of so many bytes at the most, as long as a body may take.
async fn read(body: Body, most: usize) -> Result<Vec<u8>, Failure> {
    let read = tokio::time::timeout(BODY_TIME, read_all(body, most));
    read.await.map_err(|_| Failure::too_slow())?
}

async fn read_all(mut body: Body, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Failure::invalid("The body broke off."))?;
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > most {
                discard(body).await;
                return Err(ErrorCode::RequestTooLarge.into());
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

/// Reads on, within bounds, without keeping anything: a client that still sends when the
/// connection is closed would not see the answer that tells it why.
pub(crate) async fn discard(mut body: Body) {
    let rest = async {
        let mut passed = 0;
        while let Some(Ok(frame)) = body.frame().await {
            passed += frame.data_ref().map_or(0, Bytes::len);
            if passed > DISCARD_MAX {
                break;
            }
        }
    };
    // Whoever is slower, or sends more, is cut off.
    let _ = tokio::time::timeout(DISCARD_TIME, rest).await;
}

/// Lends a request's body to whoever answers, so that what was not read of it is not lost
/// when the answer is there. A connection on which something unread is left would be
/// closed, and the client's next request on it fail.
pub(crate) struct Lent(Arc<Mutex<Option<Body>>>);

impl Lent {
    /// The body to be lent, and the one who gets it back.
    pub(crate) fn new(body: Body) -> (Self, Body) {
        let shared = Arc::new(Mutex::new(Some(body)));
        (Self(Arc::clone(&shared)), Body::new(Borrowed(shared)))
    }

    /// Reads what was left unread, within the bounds of [`discard`].
    pub(crate) async fn read_to_its_end(self) {
        let body = lock(&self.0).take();
        if let Some(body) = body.filter(|body| !body.is_end_stream()) {
            discard(body).await;
        }
    }
}

fn lock(body: &Mutex<Option<Body>>) -> MutexGuard<'_, Option<Body>> {
    // Nothing that holds the lock leaves a body half changed, also where it panics.
    body.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A body as long as its [`Lent`] has not been asked back; then nothing more of it.
struct Borrowed(Arc<Mutex<Option<Body>>>);

impl HttpBody for Borrowed {
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

/// Whether the body says that it is of this kind.
fn is(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|said| said.to_str().ok())
        .and_then(|said| said.split(';').next())
        .is_some_and(|said| said.trim().eq_ignore_ascii_case(kind))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    // serde_json reads no deeper than 128 levels. Its own message may repeat what was
    // sent, such as a password, so only the place is told.
    serde_json::from_slice(bytes).map_err(|error| {
        Failure::invalid(format!(
            "The body is not the JSON that is wanted here: line {}, column {}.",
            error.line(),
            error.column()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(versions: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for version in versions {
            headers.append(header::IF_MATCH, version.parse().unwrap());
        }
        headers
    }

    #[test]
    fn exactly_one_version_is_taken() {
        assert_eq!(version(&holding(&["W/\"3\""])).ok(), Some(3));
        assert_eq!(version(&holding(&["\"3\""])).ok(), Some(3));
        for wrong in [&["*"][..], &["3"], &["\"a\""], &["\"1\", \"2\""], &["\"1\"", "\"1\""]] {
            assert!(version(&holding(wrong)).is_err(), "{wrong:?}");
        }
        assert!(version(&HeaderMap::new()).is_err());
    }

    #[test]
    fn options_are_known_or_refused() {
        let read = options(Some("$top=5&%24skiptoken=a%20b&"), ["$top", "$skiptoken"]);
        assert_eq!(read.unwrap(), [Some("5".to_owned()), Some("a b".to_owned())]);
        assert!(options(Some("x=1"), ["$top"]).is_err());
        assert!(options(Some("$top=%ff"), ["$top"]).is_err());
        assert!(options(Some(""), []).is_ok());
        assert!(options(None, []).is_ok());
    }

    #[tokio::test]
    async fn a_body_of_any_announced_length_is_read_to_the_bound_and_no_further() {
        let read = async |length: usize| read(Body::from(vec![0; length]), 10).await;
        assert_eq!(read(10).await.map(|bytes| bytes.len()).ok(), Some(10));
        let shown = format!("{:?}", read(11).await);
        assert!(shown.contains("RequestTooLarge"), "{shown}");
    }

    #[test]
    fn the_place_of_a_mistake_is_told_and_not_what_stands_there() {
        let failure = parse::<api::AcceptAgreement>(br#"{"acknowledged": "hunter2"}"#);
        let shown = format!("{:?}", failure.unwrap_err());
        assert!(shown.contains("line 1") && !shown.contains("hunter2"), "{shown}");
        let deep = "[".repeat(60_000);
        assert!(parse::<serde_json::Value>(deep.as_bytes()).is_err());
        assert!(parse::<serde_json::Value>(b"\xff").is_err());
    }
}
