//! Accord's HTTP API: routes, handlers, extractors, errors and their OpenAPI description.
//!
//! An endpoint is declared once: its handler carries `#[utoipa::path]`, from which come the
//! route and its part of the description. A handler parses the request, runs one use case of
//! [`service`] in a transaction, and answers. What is allowed is decided by [`rules`]; which
//! HTTP status a problem has is decided in [`error`] alone.
//!
//! The crate knows no sockets, files, clock or threads and builds for wasm32: everything that
//! depends on the process comes through [`Host`]. The server implements it over a database
//! on disk, the demo in the browser over the store in memory.

mod cookie;
mod error;
mod export;
mod extract;
mod handlers;
mod host;
mod list_parameters;
mod openapi;
mod public_url;
mod recent;
mod respond;
mod router;
mod state;

pub use error::{ApiError, Result, explain};
pub use extract::if_none_match;
pub use host::{
    BoxFuture, Host, LongReadAdmission, MovableReadWork, PasswordCheck, ReadAttempt, ReadWork,
    StoredPassword, WriteWork,
};
pub use public_url::{PublicUrl, PublicUrlError, is_loopback};
pub use router::{is_api, render_errors, router};
pub use state::ApiState;

/// Header that carries the id of a request, for the log and for error bodies.
pub const REQUEST_ID: axum::http::HeaderName = axum::http::HeaderName::from_static("x-request-id");
