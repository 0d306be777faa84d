//! Extractors: what handlers take from a request, each with the refusal of one that is wrong.
//!
//! An extractor also describes itself for the OpenAPI document ([`IntoParams`]), so that a
//! handler lists the same type twice instead of describing a header by hand.

use std::str::FromStr;
use std::sync::Arc;

use api::{ETag, ErrorCode, FieldProblem, List, ListQuery, PlanRequest, query_pairs, routes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header::{self, HeaderMap};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use http_body_util::BodyExt as _;
use rules::{FieldError, OrderRequestId, Refusal};
use serde::de::DeserializeOwned;
use tower_http::timeout::TimeoutError;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};

use crate::error::{ApiError, Result};
use crate::list_parameters::{export_parameters, list_parameters};
use crate::state::{ApiState, PageRequested, SignedIn};

/// Maximum size of a request body in bytes.
pub(crate) const BODY_MAX: usize = 64 * 1024;

/// Media type of JSON bodies.
const JSON: &str = "application/json";
/// Media type of CSV files.
const CSV: &str = "text/csv";

impl FromRequestParts<Arc<ApiState>> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self> {
        let token = state.cookie().token(&parts.headers).ok_or(Refusal::SignInRequired)?;
        let address = parts.uri.path_and_query().cloned();
        let request = PageRequested {
            address: address.unwrap_or_else(|| PathAndQuery::from_static("/")),
            must_be_new: wants_new_answer(&parts.headers),
        };
        Ok(Self::new(Arc::clone(state), token, request))
    }
}

/// Returns whether a request has `Cache-Control: no-cache` (RFC 9111), as a forced reload of a
/// page has.
fn wants_new_answer(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|directive| directive.trim().eq_ignore_ascii_case("no-cache"))
}

/// The identifier in the path. A malformed one is answered like an unknown one.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr<Err = FieldError>> FromRequestParts<Arc<ApiState>> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self> {
        let read: std::result::Result<_, RawPathParamsRejection> =
            RawPathParams::from_request_parts(parts, state).await;
        read.ok()
            .and_then(|params| {
                let (_, value) = params.iter().find(|(name, _)| *name == "id")?;
                value.parse().ok()
            })
            .map(Self)
            .ok_or(ErrorCode::NotFound.into())
    }
}

impl<T> IntoParams for Id<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let uuid = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("uuid".to_owned())));
        vec![
            ParameterBuilder::new()
                .name("id")
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(uuid))
                .build(),
        ]
    }
}

/// The version that the client saw and changes (`If-Match`).
pub(crate) struct IfMatch(pub(crate) i64);

impl FromRequestParts<Arc<ApiState>> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<ApiState>) -> Result<Self> {
        expected_version(&parts.headers).map(Self)
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter(
            "If-Match",
            Required::True,
            "Version to change (`@odata.etag`): exactly one, not `*`.",
        )]
    }
}

/// Returns the only version in `If-Match`. `*` would mean "any version", which is what the
/// header exists to prevent.
fn expected_version(headers: &HeaderMap) -> Result<i64> {
    let mut sent = headers.get_all(header::IF_MATCH).iter();
    let first = sent.next().ok_or(ApiError::from(ErrorCode::VersionRequired))?;
    let parsed = first.to_str().ok().and_then(|text| text.parse().ok());
    match (parsed, sent.next()) {
        (Some(ETag(version)), None) => Ok(version),
        _ => Err(ApiError::field("If-Match", FieldError::NotAnId)),
    }
}

/// The versions that the client already has (`If-None-Match`).
pub(crate) struct IfNoneMatch(HeaderMap);

impl IfNoneMatch {
    /// Returns whether the client has this version.
    pub(crate) fn matches(&self, tag: &str) -> bool {
        if_none_match(&self.0, tag)
    }
}

/// Returns whether `If-None-Match` names this tag, compared weakly as RFC 9110 asks for `GET`.
#[must_use]
pub fn if_none_match(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| -> String { tag.trim().trim_start_matches("W/").to_owned() };
    let wanted = bare(tag);
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|held| held.trim() == "*" || bare(held) == wanted)
}

impl FromRequestParts<Arc<ApiState>> for IfNoneMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<ApiState>) -> Result<Self> {
        Ok(Self(parts.headers.clone()))
    }
}

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter(
            "If-None-Match",
            Required::False,
            "Versions that the client has; a match is answered with 304. A version counts changes \
             of the record: what follows from the clock or from other records, such as a \
             relationship's `agreement`, can change without it.",
        )]
    }
}

/// The id that a client gives a request so that it is carried out once, however often it
/// arrives (`Repeatability-Request-ID`).
pub(crate) struct RepeatabilityRequestId(pub(crate) OrderRequestId);

impl FromRequestParts<Arc<ApiState>> for RepeatabilityRequestId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<ApiState>) -> Result<Self> {
        let mut sent = parts.headers.get_all(routes::REPEATABILITY_REQUEST_ID).iter();
        let first = sent.next().ok_or(ApiError::from(ErrorCode::RequestIdRequired))?;
        match (first.to_str().ok().and_then(|text| text.trim().parse().ok()), sent.next()) {
            (Some(id), None) => Ok(Self(id)),
            _ => Err(ApiError::field("Repeatability-Request-ID", FieldError::NotAnId)),
        }
    }
}

impl IntoParams for RepeatabilityRequestId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter(
            "Repeatability-Request-ID",
            Required::True,
            "GUID that the client creates for the request and sends again if no answer arrived; \
             the request is carried out once.",
        )]
    }
}

/// A query string that knows its options.
pub(crate) trait QueryString: Sized {
    /// Parses a query string. Unknown options are refused, so that no client takes an
    /// ignored option for one that had an effect.
    fn parse(query: &str) -> std::result::Result<Self, Vec<FieldProblem>>;
}

/// The options of the query string.
pub(crate) struct Query<Q>(pub(crate) Q);

impl<Q: QueryString> FromRequestParts<Arc<ApiState>> for Query<Q> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<ApiState>) -> Result<Self> {
        Ok(Self(Q::parse(parts.uri.query().unwrap_or_default())?))
    }
}

impl<L: List> QueryString for ListQuery<L> {
    fn parse(query: &str) -> std::result::Result<Self, Vec<FieldProblem>> {
        Self::parse(query)
    }
}

impl<L: List> IntoParams for Query<ListQuery<L>> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        list_parameters::<L>()
    }
}

/// The query of an export: that of the list, but for paging.
pub(crate) struct ExportQuery<L: List>(pub(crate) ListQuery<L>);

impl<L: List> QueryString for ExportQuery<L> {
    fn parse(query: &str) -> std::result::Result<Self, Vec<FieldProblem>> {
        ListQuery::parse_export(query).map(Self)
    }
}

impl<L: List> IntoParams for Query<ExportQuery<L>> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        export_parameters::<L>()
    }
}

/// An empty query string, for endpoints without options.
pub(crate) struct NoQuery;

impl FromRequestParts<Arc<ApiState>> for NoQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<ApiState>) -> Result<Self> {
        query_options(parts.uri.query().unwrap_or_default(), []).map_err(ApiError::from)?;
        Ok(Self)
    }
}

/// Returns the values of the named options, and refuses any other and any repeated option.
pub(crate) fn query_options<const N: usize>(
    query: &str,
    known: [&'static str; N],
) -> std::result::Result<[Option<String>; N], Vec<FieldProblem>> {
    let mut options = [const { None }; N];
    let unknown = || vec![FieldProblem { field: "query", error: FieldError::NotAnOption }];
    for pair in query_pairs(query) {
        let (name, value) = pair.ok_or_else(unknown)?;
        let position = known.iter().position(|known| *known == name).ok_or_else(unknown)?;
        if options[position].replace(value).is_some() {
            let error = FieldError::TooMany { max: 1 };
            return Err(vec![FieldProblem { field: known[position], error }]);
        }
    }
    Ok(options)
}

/// Declares the parameters of a query string for the OpenAPI document.
macro_rules! query_parameters {
    ($(#[$meta:meta])* $name:ident { $($option:literal: $description:expr),+ $(,)? }) => {
        $(#[$meta])*
        pub(crate) struct $name;

        impl utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$($crate::extract::query_parameter($option, $description)),+]
            }
        }
    };
}
pub(crate) use query_parameters;

/// Describes an optional query parameter.
pub(crate) fn query_parameter(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

fn header_parameter(name: &str, required: Required, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<ApiState>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Arc<ApiState>) -> Result<Self> {
        if !has_media_type(request.headers(), JSON) {
            return Err(ApiError::unsupported_media_type(
                "JSON, with the content type application/json",
            ));
        }
        parse_json(&read_body(request).await?).map(Self)
    }
}

/// A JSON body or a CSV file, of at most [`PlanRequest::FILE_MAX`] bytes.
pub(crate) enum JsonOrCsv<T> {
    Json(T),
    Csv(Vec<u8>),
}

impl<T: DeserializeOwned> JsonOrCsv<T> {
    /// Maximum size of the body in bytes.
    pub(crate) const MAX: usize = PlanRequest::FILE_MAX;

    /// Reads the body. Not an extractor, because the body may be large: the caller's
    /// permission is checked first.
    pub(crate) async fn read(request: Request) -> Result<Self> {
        let csv = has_media_type(request.headers(), CSV);
        if !csv && !has_media_type(request.headers(), JSON) {
            return Err(ApiError::unsupported_media_type(
                "JSON or a CSV file, with the content type application/json or text/csv",
            ));
        }
        let bytes = read_body(request).await?;
        if csv { Ok(Self::Csv(bytes)) } else { parse_json(&bytes).map(Self::Json) }
    }
}

/// Reads the whole body. Its size and the time it may take are limited by layers.
async fn read_body(request: Request) -> Result<Vec<u8>> {
    match request.into_body().collect().await {
        Ok(collected) => Ok(collected.to_bytes().into()),
        Err(error) => Err(body_error(&error)),
    }
}

/// Explains why a body could not be read: too large, too slow, or broken off.
fn body_error(error: &axum::Error) -> ApiError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return ErrorCode::RequestTooLarge.into();
        }
        if error.is::<TimeoutError>() {
            return ApiError::body_timeout();
        }
        cause = error.source();
    }
    ApiError::invalid_request("The body broke off.")
}

fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
}

fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // serde would also take a list of the fields' values, which the API's description does not.
    if bytes.trim_ascii_start().first().is_some_and(|first| *first == b'[') {
        return Err(ApiError::invalid_request("The body is a list, and must be a JSON object."));
    }
    // serde_json reads at most 128 levels deep. Its message may repeat what was sent, such as
    // a password, so the error names the position only.
    serde_json::from_slice(bytes).map_err(|error| {
        ApiError::invalid_request(format!(
            "The body is not the JSON that this endpoint takes: line {}, column {}.",
            error.line(),
            error.column()
        ))
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn if_match(versions: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for version in versions {
            headers.append(header::IF_MATCH, version.parse().unwrap());
        }
        headers
    }

    #[test]
    fn if_match_takes_exactly_one_version() {
        assert_eq!(expected_version(&if_match(&["W/\"3\""])).ok(), Some(3));
        assert_eq!(expected_version(&if_match(&["\"3\""])).ok(), Some(3));
        for wrong in [&["*"][..], &["3"], &["\"a\""], &["\"1\", \"2\""], &["\"1\"", "\"1\""]] {
            assert!(expected_version(&if_match(wrong)).is_err(), "{wrong:?}");
        }
        assert!(expected_version(&HeaderMap::new()).is_err());
    }

    #[test]
    fn if_none_match_compares_weakly_and_in_lists() {
        let holding = |tags: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, tags.parse().unwrap());
            IfNoneMatch(headers)
        };
        assert!(holding("\"a\", W/\"3\"").matches("W/\"3\""));
        assert!(holding("\"3\"").matches("W/\"3\""));
        assert!(holding("*").matches("\"x\""));
        assert!(!holding("\"33\"").matches("W/\"3\""));
        assert!(!IfNoneMatch(HeaderMap::new()).matches("\"x\""));
    }

    #[test]
    fn unknown_and_repeated_query_options_are_refused() {
        let read = query_options("language=nl&%61=a%20b&", ["language", "a"]);
        assert_eq!(read.unwrap(), [Some("nl".to_owned()), Some("a b".to_owned())]);
        for wrong in ["x=1", "language=nl&language=nl", "language=%ff", "language=%zz", "%2=1"] {
            assert!(query_options(wrong, ["language"]).is_err(), "{wrong}");
        }
        assert!(query_options("", []).is_ok());
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_too_large() {
        let read = async |length: usize| {
            let body = http_body_util::Limited::new(Body::from(vec![0; length]), 10);
            read_body(Request::new(Body::new(body))).await
        };
        assert_eq!(read(10).await.map(|bytes| bytes.len()).ok(), Some(10));
        let shown = format!("{:?}", read(11).await);
        assert!(shown.contains("RequestTooLarge"), "{shown}");
    }

    #[test]
    fn json_errors_name_the_position_and_not_the_content() {
        let error = parse_json::<api::AcceptAgreement>(br#"{"acknowledged": "hunter2"}"#);
        let shown = format!("{:?}", error.unwrap_err());
        assert!(shown.contains("line 1") && !shown.contains("hunter2"), "{shown}");
        let deep = "[".repeat(60_000);
        assert!(parse_json::<serde_json::Value>(deep.as_bytes()).is_err());
        assert!(parse_json::<serde_json::Value>(b"\xff").is_err());
    }
}
