//! The OpenAPI 3.1 document.
//!
//! Operations and schemas come from the handlers (`#[utoipa::path]`) and from the API's types.
//! This module adds what is the same for every operation of a kind: the errors that follow
//! from its parameters, body and session, each with the status that [`crate::error`] decides.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorBody, ErrorCode, Problem};
use axum::http::StatusCode;
use rules::Refusal;
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::error;
use crate::public_url::PublicUrl;

/// Extension with which a handler names its own refusals and errors.
const REFUSALS: &str = "x-refusals";
/// Extension of an error response that lists its codes, for programs.
const ERROR_CODES: &str = "x-error-codes";

/// Completes the document that the router collected from its handlers.
pub(crate) fn complete(collected: &utoipa::openapi::OpenApi, public_url: &PublicUrl) -> Value {
    let mut document = json!(collected);
    document["info"] = json!({
        "title": "Accord",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "An organization's relationships with its Microsoft partners, after the \
            conventions of Microsoft Graph. Every error has a machine-readable code and the id \
            of its request. A request that changes something carries an Origin header with the \
            site's public address.",
    });
    document["servers"] = json!([{ "url": public_url.as_str() }]);
    let components = &mut document["components"];
    let mut error_schemas = vec![(ErrorBody::name().into_owned(), ErrorBody::schema())];
    ErrorBody::schemas(&mut error_schemas);
    for (name, schema) in error_schemas {
        components["schemas"][name] = json!(schema);
    }
    components["securitySchemes"] = json!({
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": crate::cookie::SessionCookie::new(public_url).name(),
            "description": "The session that `POST /api/session` starts.",
        },
    });
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete_operation(path, method, operation);
        }
    }
    refer_to_page_items(&mut document["components"]["schemas"]);
    tidy(&mut document);
    document
}

/// Replaces the item schemas that utoipa writes into each page of a list by references.
fn refer_to_page_items(schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        if let Some(item) = name.strip_prefix("Page_") {
            schema["properties"]["value"]["items"] =
                json!({ "$ref": format!("#/components/schemas/{item}") });
        }
    }
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let name = operation["operationId"].as_str().map(camel_case).unwrap_or_default();
    operation["operationId"] = name.into();
    if method != "get" {
        let origin = json!({
            "name": "Origin", "in": "header", "required": true,
            "description": "The site's public address.",
            "schema": { "type": "string" },
        });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(origin),
            None => operation["parameters"] = json!([origin]),
        }
    }
    let needs_session = operation["security"].is_null();
    operation["security"] = if needs_session { json!([{ "session": [] }]) } else { json!([]) };
    let errors = errors(path, method, operation);
    let conditional = has_parameter(operation, "If-None-Match");
    if let Some(fields) = operation.as_object_mut() {
        fields.remove(REFUSALS);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut() {
        if response["description"].as_str().is_none_or(str::is_empty) {
            let reason = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
            response["description"] =
                reason.and_then(|status| status.canonical_reason()).unwrap_or("OK").into();
        }
    }
    if conditional {
        responses.insert(
            "304".to_owned(),
            json!({ "description": "If-None-Match names the current version." }),
        );
    }
    for (status, codes) in errors {
        responses.insert(status.to_string(), error_response(&codes));
    }
}

fn error_response(codes: &BTreeSet<&'static str>) -> Value {
    let listed: Vec<_> = codes.iter().map(|code| format!("`{code}`")).collect();
    json!({
        "description": format!("{}.", listed.join(", ")),
        "headers": {
            "x-ms-error-code": { "schema": { "type": "string", "enum": codes } },
            "x-request-id": { "schema": { "type": "string" } },
        },
        "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/ErrorBody" } },
        },
        ERROR_CODES: codes,
    })
}

/// Returns the codes of an operation's errors by status: its own, and those of every
/// operation of its kind.
fn errors(path: &str, method: &str, operation: &Value) -> BTreeMap<u16, BTreeSet<&'static str>> {
    let mut problems: Vec<Problem> = Vec::new();
    own_problems(&operation[REFUSALS], &mut problems);
    problems.extend([ErrorCode::InvalidFields.into(), ErrorCode::Internal.into()]);
    if operation["security"] != json!([]) {
        problems.push(Refusal::SignInRequired.into());
    }
    if path.contains("{id}") {
        problems.push(ErrorCode::NotFound.into());
    }
    // Pages and exports of lists may wait in the queue of long reads, and find it full.
    if has_parameter(operation, "$filter") {
        problems.push(ErrorCode::Unavailable.into());
    }
    if method != "get" {
        problems.extend([ErrorCode::ForeignOrigin.into(), ErrorCode::RequestTooLarge.into()]);
    }
    if has_parameter(operation, "If-Match") {
        problems.extend([ErrorCode::VersionRequired.into(), ErrorCode::VersionMismatch.into()]);
    }
    if has_parameter(operation, "Repeatability-Request-ID") {
        problems.extend([ErrorCode::RequestIdRequired.into(), ErrorCode::RequestIdReused.into()]);
    }
    let mut codes: BTreeMap<u16, BTreeSet<&'static str>> = BTreeMap::new();
    for problem in &problems {
        codes.entry(error::explain(problem).0.as_u16()).or_default().insert(problem.code());
    }
    if !operation["requestBody"].is_null() {
        for status in [
            StatusCode::BAD_REQUEST,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ] {
            codes.entry(status.as_u16()).or_default().insert(ErrorCode::InvalidRequest.as_str());
        }
    }
    codes
}

/// Collects the problems that a handler names, which may be nested lists.
fn own_problems(named: &Value, problems: &mut Vec<Problem>) {
    match named {
        Value::Array(nested) => nested.iter().for_each(|named| own_problems(named, problems)),
        Value::String(code) => {
            let refusal = code.parse::<Refusal>().map(Problem::from);
            problems.extend(refusal.or_else(|_| code.parse::<ErrorCode>().map(Problem::from)));
        }
        _ => {}
    }
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    operation["parameters"]
        .as_array()
        .is_some_and(|parameters| parameters.iter().any(|parameter| parameter["name"] == name))
}

/// Returns the name of a handler in camel case, as the operations of Microsoft Graph have it.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text
    })
}

/// Cleans up derived schemas: an optional field is left out of an answer and never null, and
/// links between Rust types mean nothing to a reader of the document.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get("type")
                && let [one, other] = types.as_slice()
                && other == "null"
            {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
            if let Some(Value::Array(choices)) = object.get_mut("oneOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(choice)] = choices.as_slice() {
                    let choice: Map<String, Value> = choice.clone();
                    object.remove("oneOf");
                    object.extend(choice);
                }
            }
            for key in ["description", "summary"] {
                if let Some(Value::String(words)) = object.get_mut(key) {
                    *words = words.replace("[`", "`").replace("`]", "`");
                }
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use rules::{RelationshipAction, RelationshipChange};

    use super::*;

    fn collect<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get(key).and_then(Value::as_str));
                object.values().for_each(|value| collect(value, key, found));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, key, found)),
            _ => {}
        }
    }

    fn document() -> Value {
        let (_, collected) = crate::router::api_router().split_for_parts();
        complete(&collected, &"http://localhost:8080".parse().unwrap())
    }

    #[test]
    fn every_reference_resolves_and_every_schema_is_used() {
        let document = document();
        let mut references = Vec::new();
        collect(&document, "$ref", &mut references);
        let named: BTreeSet<_> = references
            .iter()
            .map(|reference| reference.strip_prefix("#/components/schemas/").unwrap())
            .collect();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let present: BTreeSet<_> = schemas.keys().map(String::as_str).collect();
        assert_eq!(named, present);
        assert!(!document.to_string().contains("\"null\""));
    }

    #[test]
    fn operation_ids_are_unique() {
        let document = document();
        let mut names = Vec::new();
        collect(&document["paths"], "operationId", &mut names);
        let unique: BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
        assert!(names.contains(&"removeAdminRoles"), "{names:?}");
    }

    /// The page makes the addresses from the names of the actions.
    #[test]
    fn changes_of_a_relationship_have_endpoints() {
        let document = document();
        for action in RelationshipChange::ALL.iter().map(|change| change.action()) {
            let path = match action {
                RelationshipAction::Delete => "/api/relationships/{id}".to_owned(),
                action => format!("/api/relationships/{{id}}/{action}"),
            };
            let method = if action == RelationshipAction::Delete { "delete" } else { "post" };
            assert!(document["paths"][&path][method].is_object(), "{method} {path}");
        }
    }

    #[test]
    fn every_operation_has_a_summary_and_described_responses() {
        for (path, item) in document()["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path}");
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let description = response["description"].as_str().unwrap_or_default();
                    assert!(!description.is_empty(), "{method} {path} {status}");
                }
            }
        }
    }

    /// A name that is not a code would be dropped from the document without a trace.
    #[test]
    fn every_refusal_that_a_handler_names_is_documented() {
        let (_, collected) = crate::router::api_router().split_for_parts();
        let mut names = Vec::new();
        let collected = json!(collected);
        for item in collected["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                flatten(&operation[REFUSALS], &mut names);
            }
        }
        assert!(names.len() > 100, "{}", names.len());
        for name in names {
            let known = name.parse::<Refusal>().is_ok() || name.parse::<ErrorCode>().is_ok();
            assert!(known, "{name}");
        }
    }

    fn flatten(value: &Value, names: &mut Vec<String>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| flatten(value, names)),
            Value::String(name) => names.push(name.clone()),
            Value::Null => {}
            other => panic!("{other} is not a code"),
        }
    }

    #[test]
    fn errors_follow_from_parameters_and_session() {
        let document = document();
        let remove = &document["paths"]["/api/relationships/{id}/removeAdminRoles"]["post"];
        assert_eq!(remove["responses"]["401"][ERROR_CODES], json!(["signInRequired"]));
        assert_eq!(remove["responses"]["412"][ERROR_CODES], json!(["versionMismatch"]));
        assert_eq!(remove["responses"]["428"][ERROR_CODES], json!(["versionRequired"]));
        let forbidden = remove["responses"]["403"][ERROR_CODES].as_array().unwrap();
        assert!(forbidden.contains(&"foreignOrigin".into()), "{forbidden:?}");
        assert!(forbidden.contains(&"globalAdministratorRequired".into()), "{forbidden:?}");
        let health = &document["paths"]["/api/health"]["get"];
        assert!(health["responses"]["401"].is_null());
        assert_eq!(health["responses"]["503"][ERROR_CODES], json!(["unavailable"]));
        for list in
            ["/api/partners", "/api/subscriptions/export", "/api/relationships/{id}/history"]
        {
            let list = &document["paths"][list]["get"];
            assert_eq!(list["responses"]["503"][ERROR_CODES], json!(["unavailable"]));
        }
    }

    #[test]
    fn enum_values_are_listed_and_optional_fields_are_not_required() {
        let schemas = &document()["components"]["schemas"];
        assert_eq!(schemas["Cloud"]["enum"][2], "21vianet");
        assert_eq!(schemas["InvitationId"]["format"], "uuid");
        let relationship = &schemas["RelationshipResource"];
        let required = relationship["required"].as_array().unwrap();
        assert!(required.contains(&"@odata.etag".into()));
        assert!(!required.contains(&"ends".into()));
        assert_eq!(
            relationship["properties"]["adminRoles"]["items"]["$ref"],
            "#/components/schemas/RoleGrant"
        );
    }
}
