//! Compares every answer with the API's own description, `/api/openapi.json`: an answer
//! whose status or error code is not documented for its operation fails the test that got it.
//!
//! Answers are also recorded when `HTTP_ANSWERS` names a folder, so that `cargo xtask test`
//! can list what is documented and was never seen: `documented.txt` has a line for each
//! documented answer, `seen.txt` one for each that occurred, as `placeOrder 409 priceChanged`.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use serde_json::{Map, Value};

/// The status and the error code of an answer; the code is empty for a success.
type Outcome = (u16, String);

/// One operation as the description documents it.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The `operationId`.
    pub(crate) name: String,
    /// In capitals.
    pub(crate) method: String,
    /// The path with its parameters in braces, such as `/api/enquiries/{id}`.
    pub(crate) path: String,
    outcomes: BTreeSet<Outcome>,
    needs_session: bool,
    document: Value,
}

/// The operations of the API, and what was recorded of them in this process.
struct Description {
    operations: Vec<Operation>,
    seen: Mutex<BTreeSet<String>>,
    folder: Option<PathBuf>,
}

static DESCRIPTION: OnceLock<Description> = OnceLock::new();

/// Reads the description that `fetch` gets from a server, once per process.
pub(crate) fn read_description(fetch: impl FnOnce() -> Value) {
    DESCRIPTION.get_or_init(|| {
        let description = Description::new(&fetch());
        description.record("documented.txt", &description.lines());
        description
    });
}

/// Returns every operation of the API. A server must have been started before.
pub(crate) fn operations() -> &'static [Operation] {
    &DESCRIPTION.get().expect("a server was started").operations
}

/// Compares an answer with the description.
///
/// # Panics
/// If the answer is not documented.
#[track_caller]
pub(crate) fn check(method: &str, path: &str, status: u16, code: &str) {
    if let Some(description) = DESCRIPTION.get()
        && let Err(message) = description.check(method, path, status, code)
    {
        panic!("{message}");
    }
}

impl Description {
    fn new(document: &Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("methods") {
                if method != "parameters" {
                    let security = operation.get("security").unwrap_or(&document["security"]);
                    operations.push(Operation::new(path, method, security, operation));
                }
            }
        }
        // A fixed part goes before a parameter: `/api/invitations/lookUp` is no id.
        operations.sort_by_key(|operation| operation.path.contains('{'));
        Self {
            operations,
            seen: Mutex::default(),
            folder: std::env::var_os("HTTP_ANSWERS").map(PathBuf::from),
        }
    }

    fn lines(&self) -> Vec<String> {
        let of_operation = |operation: &Operation| {
            operation
                .outcomes
                .iter()
                .map(|(status, code)| line(&operation.name, *status, code))
                .collect::<Vec<_>>()
        };
        self.operations.iter().flat_map(of_operation).collect()
    }

    fn check(&self, method: &str, path: &str, status: u16, code: &str) -> Result<(), String> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        if path != "/api" && !path.starts_with("/api/") {
            return Ok(());
        }
        // A HEAD is answered by what answers the GET.
        let asked = if method == "HEAD" { "GET" } else { method };
        let matching = |operation: &&Operation| matches(&operation.path, path);
        let Some(found) = self.operations.iter().find(matching) else {
            return unrouted(method, path, status, code, (404, "notFound"));
        };
        let same_path =
            |operation: &&Operation| operation.path == found.path && operation.method == asked;
        let Some(operation) = self.operations.iter().find(same_path) else {
            return unrouted(method, path, status, code, (405, "methodNotAllowed"));
        };
        if !operation.outcomes.contains(&(status, code.to_owned())) {
            return Err(format!(
                "{}, {method} {path}, answered {status} {code}, which /api/openapi.json does \
                 not document.",
                operation.name,
            ));
        }
        let line = line(&operation.name, status, code);
        if self.seen.lock().expect("the record").insert(line.clone()) {
            self.record("seen.txt", &[line]);
        }
        Ok(())
    }

    /// Appends lines to a file of the record. Several processes may do so at a time, so each
    /// line goes out in one write.
    fn record(&self, file: &str, lines: &[String]) {
        let Some(folder) = &self.folder else { return };
        let path = folder.join(file);
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let mut file = file.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for line in lines {
            file.write_all(format!("{line}\n").as_bytes()).expect("the record can be written");
        }
    }
}

impl Operation {
    fn new(path: &str, method: &str, security: &Value, operation: &Value) -> Self {
        let mut outcomes = BTreeSet::new();
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let status: u16 = status.parse().expect("a status");
            if status < 400 {
                outcomes.insert((status, String::new()));
            } else {
                outcomes.extend(codes(response).into_iter().map(|code| (status, code)));
            }
        }
        Self {
            name: operation["operationId"].as_str().expect("an operationId").to_owned(),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            outcomes,
            needs_session: needs_session(security),
            document: operation.clone(),
        }
    }

    /// Returns the description of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
        let mut parameters = self.document["parameters"].as_array()?.iter();
        parameters.find(|parameter| parameter["name"] == name)
    }

    /// Returns whether the caller must be signed in.
    pub(crate) fn needs_session(&self) -> bool {
        self.needs_session
    }

    /// Returns whether `If-Match` must name a version.
    pub(crate) fn needs_version(&self) -> bool {
        self.parameter("If-Match").is_some()
    }

    /// Returns whether the operation takes a body.
    pub(crate) fn takes_body(&self) -> bool {
        self.document["requestBody"].is_object()
    }

    /// Returns whether the operation changes something, as its method says.
    pub(crate) fn is_change(&self) -> bool {
        self.method != "GET"
    }

    /// Returns the path with an ID that no resource has.
    pub(crate) fn path_to_nothing(&self) -> String {
        self.path.replace("{id}", "01890000-0000-7000-8000-000000000001")
    }
}

/// Returns whether none of the alternatives is to send no credentials.
fn needs_session(security: &Value) -> bool {
    let alternatives = security.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_open = |alternative: &Value| alternative.as_object().is_some_and(Map::is_empty);
    !alternatives.is_empty() && !alternatives.iter().any(is_open)
}

/// Returns the error codes that a response documents.
fn codes(response: &Value) -> Vec<String> {
    let codes = response["x-error-codes"].as_array().map(Vec::as_slice).unwrap_or_default();
    codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect()
}

fn line(operation: &str, status: u16, code: &str) -> String {
    format!("{operation} {status} {code}").trim_end().to_owned()
}

/// Returns whether a path has the form of a template; a part in braces stands for any one part.
fn matches(template: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    template.split('/').all(|wanted| {
        parts
            .next()
            .is_some_and(|part| part == wanted || (wanted.starts_with('{') && !part.is_empty()))
    }) && parts.next().is_none()
}

/// Checks the answer to a request that is no operation: `expected`, or one of those that
/// come before the request is routed.
fn unrouted(
    method: &str,
    path: &str,
    status: u16,
    code: &str,
    expected: (u16, &str),
) -> Result<(), String> {
    if [expected, (403, "foreignOrigin"), (413, "requestTooLarge")].contains(&(status, code)) {
        return Ok(());
    }
    Err(format!(
        "{method} {path} answered {status} {code}, although /api/openapi.json has no such \
         operation; {} {} was expected.",
        expected.0, expected.1,
    ))
}
