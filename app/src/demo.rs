//! The demo: the whole app in the browser, without a server, on the demo data of
//! `accord serve --demo`. Cargo's feature `demo` turns it on, for `trunk serve` and for a page
//! on a static host; the page of a server contains none of it.
//!
//! [`client`](crate::client) calls [`request`] instead of the network; pages do not notice. A
//! [`DemoWorld`] hands the request to the API's own router over the store in memory. [`bar`]
//! lets the visitor be another person, go to any page, and see each page in each state.
//!
//! Changes are kept while the tab is open, as a journal: the beginning, and each successful
//! [`DemoAct`] with its moment. A page that is loaded again (`trunk serve` reloads on every
//! change), or shown in a frame, repeats all of it.

use std::cell::RefCell;
use std::future::pending;

use api::Json;
use js_sys::{Promise, Uint8Array};
use leptos::prelude::{document, window};
use rules::EmailAddress;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlElement};

use crate::{
    browser,
    client::{self, OutgoingRequest},
    route::Route,
    session,
    ui::{Intent, toast},
};

pub mod bar;
mod host;
mod places;
#[cfg(test)]
mod tests;
pub mod world;

use world::{DemoAct, DemoMoment, DemoRequest, DemoResponse, DemoState, DemoWorld};

/// Key under which the journal is kept while the tab is open.
const STORED: &str = "accord-demo";

/// Everything that was changed since the beginning.
#[derive(Serialize, Deserialize)]
struct DemoJournal {
    began: DemoMoment,
    acts: Vec<(DemoMoment, DemoAct)>,
}

/// The world with its journal.
struct DemoSession {
    world: DemoWorld,
    journal: DemoJournal,
}

thread_local! {
    static SESSION: RefCell<Option<DemoSession>> = const { RefCell::new(None) };
}

impl DemoSession {
    /// Creates the demo data as of now.
    fn new() -> Option<Self> {
        let began = moment();
        let world = create_world(&began)?;
        Some(Self { world, journal: DemoJournal { began, acts: Vec::new() } })
    }

    /// Repeats what an earlier page of this tab has kept.
    fn restore() -> Option<Self> {
        let storage = window().session_storage().ok()??;
        let kept = storage.get_item(STORED).ok()??;
        // If another version of the program fails on it, the next page starts over.
        let _ = storage.remove_item(STORED);
        let journal: DemoJournal = serde_json::from_str(&kept).ok()?;
        let mut world = create_world(&journal.began)?;
        for (moment, act) in &journal.acts {
            world.act(act, moment);
        }
        Some(Self { world, journal })
    }

    fn act(&mut self, act: DemoAct) -> Option<DemoResponse> {
        let moment = moment();
        let response = self.world.act(&act, &moment);
        if response.as_ref().is_some_and(DemoResponse::is_success) {
            self.journal.acts.push((moment, act));
            self.keep();
        }
        response
    }

    /// Stores the journal. A browser without storage, or without room, forgets it with the
    /// page.
    fn keep(&self) {
        if let (Ok(Some(storage)), Ok(text)) =
            (window().session_storage(), serde_json::to_string(&self.journal))
        {
            let _ = storage.set_item(STORED, &text);
        }
    }
}

fn create_world(began: &DemoMoment) -> Option<DemoWorld> {
    let home = window().location().origin().unwrap_or_default();
    DemoWorld::new(&home, began)
        .inspect_err(|error| leptos::logging::error!("The demo data cannot be made: {error}"))
        .ok()
}

/// Runs `work` on the demo's session. `None` if creating it failed.
fn with<T>(work: impl FnOnce(&mut DemoSession) -> T) -> Option<T> {
    SESSION.with_borrow_mut(|session| {
        if session.is_none() {
            *session = DemoSession::restore().or_else(DemoSession::new);
            if let Some(session) = session {
                session.keep();
            }
        }
        session.as_mut().map(work)
    })
}

/// Returns the current time, and randomness from the browser.
fn moment() -> DemoMoment {
    let mut seed = [0; 32];
    let bytes = Uint8Array::new_with_length(32);
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_array_buffer_view(&bytes);
    }
    bytes.copy_to(&mut seed);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole and fit")]
    let now = js_sys::Date::now() as i64;
    DemoMoment { now, seed }
}

/// Sends a request to the demo instead of a server. Returns whether it succeeded, the seconds
/// to wait if any, and the body.
pub async fn request(outgoing: OutgoingRequest) -> (bool, Option<u32>, Json) {
    // A server never responds at once, and pages may count on that.
    next_task().await;
    match respond(outgoing.into()) {
        Some(response) => (response.is_success(), response.retry_after, response.json().into()),
        None => pending().await,
    }
}

/// Responds to a request. `None` where no response ever arrives.
fn respond(request: DemoRequest) -> Option<DemoResponse> {
    with(|session| {
        if request.changes() {
            session.act(DemoAct::Request(request))
        } else {
            session.world.respond(&request, &moment())
        }
    })
    .flatten()
}

/// Waits for the browser's next task.
async fn next_task() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Shows the pages to this person, or to no one, in this state.
fn choose(person: Option<EmailAddress>, show: DemoState) {
    with(|session| session.act(DemoAct::Choose(person, show)));
    session::restart();
}

/// Forgets everything that was done.
fn start_again() {
    SESSION.set(DemoSession::new());
    with(|session| session.keep());
    session::restart();
}

/// Puts the bar above the page, and makes links to files of the API work. Called after the
/// page is shown, because the bar needs the page's router.
pub fn start(body: &HtmlElement) {
    // The frame of an invitation's preview shows only the customer's page.
    let path = window().location().pathname().unwrap_or_default();
    if matches!(Route::parse(&path), Route::PreviewFrame(_)) {
        return;
    }
    if let Ok(above) = document().create_element("div") {
        let _ = body.insert_before(&above, body.first_child().as_ref());
        bar::Bar().mount(&above);
    }
    let followed: Closure<dyn FnMut(Event)> = Closure::new(|event: Event| {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|target| target.closest("a[href^='/api/']").ok().flatten())
            .and_then(|link| link.get_attribute("href"));
        let Some(path) = link else { return };
        event.prevent_default();
        event.stop_propagation();
        save_file(path);
    });
    let listener = followed.as_ref().unchecked_ref();
    // Before the router sees the click.
    let _ = window().add_event_listener_with_callback_and_bool("click", listener, true);
    // The listener lives as long as the page.
    followed.forget();
}

/// Saves the file at this address, or says why there is none.
fn save_file(path: String) {
    let request = DemoRequest { method: "GET".to_owned(), path, ..DemoRequest::default() };
    let Some(response) = respond(request) else { return };
    match &response.file_name {
        Some(name) if response.is_success() => {
            browser::download(name, &response.media_type, &response.body);
        }
        _ => {
            let failure = client::failure(&response.json().into(), response.retry_after);
            toast(Intent::Error, failure.text());
        }
    }
}
