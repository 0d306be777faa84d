//! Refusals that many operations share, tested on every operation that documents them.

use crate::documented::{Operation, operations};
use crate::support::*;

const JSON: &str = "application/json";

/// A body larger than any operation takes: a file of CSV may have 2 MiB.
const TOO_LARGE: usize = 2 * 1024 * 1024 + 1;

/// Sends a request with a body of this content type. All headers that the operation may need
/// are there, but for `If-Match` where the operation asks for a version and `version` is `None`.
fn send(
    client: &mut Client,
    operation: &Operation,
    query: &str,
    version: Option<&str>,
    (content_type, body): (&str, &[u8]),
) -> Answer {
    let mut headers = vec![("Repeatability-Request-ID", "01890000-0000-7000-8000-000000000002")];
    headers.extend(version.map(|version| ("If-Match", version)));
    let path = format!("{}{query}", operation.path_to_nothing());
    let body = operation.is_change().then_some(body);
    headers.extend(body.map(|_| ("Content-Type", content_type)));
    client.send(&operation.method, &path, &headers, body)
}

const VERSION: Option<&str> = Some("W/\"1\"");

#[test]
fn an_unknown_query_parameter_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for operation in operations() {
        let answer = send(&mut anna, operation, "?unknown=1", VERSION, (JSON, b"{}"));
        answer.refused(400, "invalidFields");
        assert!(answer.field("query").is_some(), "{}: {}", operation.name, answer.text);
    }
}

#[test]
fn a_change_without_an_origin_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    anna.origin = None;
    for operation in operations().iter().filter(|operation| operation.is_change()) {
        send(&mut anna, operation, "", VERSION, (JSON, b"{}")).refused(403, "foreignOrigin");
    }
    anna.get("/api/session").ok();
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    let body = vec![b' '; TOO_LARGE];
    for operation in operations().iter().filter(|operation| operation.is_change()) {
        send(&mut anna, operation, "", VERSION, (JSON, &body)).refused(413, "requestTooLarge");
    }
}

#[test]
fn a_body_of_another_type_or_that_is_not_json_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for operation in operations().iter().filter(|operation| operation.takes_body()) {
        let mut answer = |body| send(&mut anna, operation, "", VERSION, body);
        answer(("text/plain", b"{}")).refused(415, "invalidRequest");
        for body in [&b""[..], b"{", b"null", b"\xff"] {
            answer((JSON, body)).refused(400, "invalidRequest");
        }
    }
}

#[test]
fn a_change_without_a_version_is_refused() {
    let server = Server::demo();
    let mut anna = server.sign_in(ANNA);
    for operation in operations().iter().filter(|operation| operation.needs_version()) {
        send(&mut anna, operation, "", None, (JSON, b"{}")).refused(428, "versionRequired");
        for version in ["*", "1", "W/\"x\""] {
            let answer = send(&mut anna, operation, "", Some(version), (JSON, b"{}"));
            answer.refused(400, "invalidFields");
            assert!(answer.field("If-Match").is_some(), "{}: {}", operation.name, answer.text);
        }
    }
}
