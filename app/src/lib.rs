//! The single-page app of Accord.
//!
//! It uses the public HTTP API and the shared rules, and is the only crate that knows Leptos
//! and the browser. It knows nothing of the server's storage or process; with the feature
//! `demo`, `demo` runs the API in the browser instead.
//!
//! `areas` has the pages, `features` the components that several areas use, and `ui` those that
//! know no domain word; `text` and `intl` write in the visitor's language.

// A new variant is a compile error wherever it needs a decision.
#![warn(clippy::wildcard_enum_match_arm)]
#![expect(clippy::must_use_candidate, reason = "components are called by `view!`")]

use leptos::prelude::{Owner, document};
use wasm_bindgen_futures::spawn_local;

pub mod areas;
pub mod browser;
pub mod client;
#[cfg(any(test, feature = "demo"))]
pub mod demo;
pub mod features;
pub mod intl;
pub mod load;
pub mod message_table;
pub mod route;
pub mod session;
pub mod shell;
pub mod sort;
pub mod t;
pub mod text;
pub mod theme;
pub mod ui;
pub mod view;
pub mod words;

/// Starts the app: fetches the texts of the visitor's language, then replaces the
/// placeholder that index.html shows.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        browser::show_element("crash");
        // Formatting a panic message costs wasm size, so release builds have none.
        #[cfg(debug_assertions)]
        leptos::logging::error!("{panic}");
        #[cfg(not(debug_assertions))]
        let _ = panic;
    }));
    let _ = any_spawner::Executor::init_wasm_bindgen();
    spawn_local(async {
        if text::start().await.is_ok() {
            browser::remove_element("boot");
            if let Some(body) = document().body() {
                let owner = Owner::new();
                owner.with(|| shell::App().mount(&body));
                #[cfg(feature = "demo")]
                owner.with(|| demo::start(&body));
                // The owner lives as long as the page.
                std::mem::forget(owner);
            }
        } else {
            browser::show_element("crash");
        }
    });
}
