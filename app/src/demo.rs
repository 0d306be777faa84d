//! The demo: the whole app in the browser alone, on the sample data of
//! `accord serve --demo`. Cargo's feature `demo` turns it on, for `trunk serve` and
//! for a page on any static host; the page that a server serves has nothing of it.
//!
//! [`client`](crate::client) asks [`ask`] instead of the network, and no page knows. A
//! [`World`] answers with the use cases of `service` over the memory store, and
//! [`bar`] lets one be somebody else, go anywhere, and see each page in each state.
//!
//! What was done is kept for as long as the tab is open, as a journal: where it began and
//! each [`Act`] with its moment. A page that is loaded anew (`trunk serve` does that at
//! each change), or shown in a frame, does all of it again and is where it was.

use std::cell::RefCell;
use std::future::pending;

use api::{ErrorBody, InnerError, Json, Problem};
use js_sys::{Promise, Uint8Array};
use leptos::prelude::{document, window};
use rules::EmailAddress;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlElement};

use crate::{
    browser,
    client::Outgoing,
    session, t,
    ui::{Intent, toast},
    words,
};

pub mod bar;
mod places;
pub mod routes;
#[cfg(test)]
mod tests;
pub mod world;

use routes::{Answer, Request};
use world::{Act, Moment, Show, World};

/// Where the journal is kept, for as long as the tab is open.
const STORED: &str = "accord-demo";

/// What was done since the beginning.
#[derive(Serialize, Deserialize)]
struct Journal {
    began: Moment,
    acts: Vec<(Moment, Act)>,
}

/// The world with its journal.
struct Told {
    world: World,
    journal: Journal,
}

thread_local! {
    static TOLD: RefCell<Option<Told>> = const { RefCell::new(None) };
}

impl Told {
    /// The sample data as of now.
    fn new() -> Option<Self> {
        let began = moment();
        let world = begin(&began)?;
        Some(Self { world, journal: Journal { began, acts: Vec::new() } })
    }

    /// What an earlier page of this tab has kept, done again.
    fn again() -> Option<Self> {
        let storage = window().session_storage().ok()??;
        let kept = storage.get_item(STORED).ok()??;
        // Should another version of the program trip over it, the next page begins anew.
        let _ = storage.remove_item(STORED);
        let journal: Journal = serde_json::from_str(&kept).ok()?;
        let mut world = begin(&journal.began)?;
        for (moment, act) in &journal.acts {
            world.act(act, moment);
        }
        Some(Self { world, journal })
    }

    fn act(&mut self, act: Act) -> Answer {
        let moment = moment();
        let answer = self.world.act(&act, &moment);
        if !matches!(answer, Answer::Problem(_) | Answer::Never) {
            self.journal.acts.push((moment, act));
            self.keep();
        }
        answer
    }

    /// A browser that refuses storage, or has no room left, forgets it with the page.
    fn keep(&self) {
        if let (Ok(Some(storage)), Ok(text)) =
            (window().session_storage(), serde_json::to_string(&self.journal))
        {
            let _ = storage.set_item(STORED, &text);
        }
    }
}

fn begin(began: &Moment) -> Option<World> {
    let home = window().location().origin().unwrap_or_default();
    World::new(&home, began)
        .inspect_err(|error| leptos::logging::error!("The sample data can't be made: {error}"))
        .ok()
}

/// Does something with the world. `None` only where there can be none.
fn with<T>(work: impl FnOnce(&mut Told) -> T) -> Option<T> {
    TOLD.with_borrow_mut(|told| {
        if told.is_none() {
            *told = Told::again().or_else(Told::new);
            if let Some(told) = told {
                told.keep();
            }
        }
        told.as_mut().map(work)
    })
}

/// This moment, and randomness from the browser.
fn moment() -> Moment {
    let mut seed = [0; 32];
    let bytes = Uint8Array::new_with_length(32);
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_array_buffer_view(&bytes);
    }
    bytes.copy_to(&mut seed);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole and fit")]
    let now = js_sys::Date::now() as i64;
    Moment { now, seed }
}

/// Answers a request in place of a server: whether it was done, the seconds to wait
/// where there are any, and the body.
pub async fn ask(asked: Outgoing) -> (bool, Option<u32>, Json) {
    // No answer of a server is there at once, and pages may count on that.
    turn().await;
    let request = Request::from(asked);
    match answer(request) {
        Answer::Json(value) => (true, None, value.into()),
        Answer::Nothing | Answer::File { .. } => (true, None, Json::Null),
        Answer::Problem(problem) => {
            let wait = match problem {
                Problem::Other { retry_after, .. } => retry_after,
                _ => None,
            };
            let mut body = ErrorBody::new(&problem, problem.code());
            body.error.innererror =
                Some(InnerError { request_id: "demo".to_owned(), date: moment().time() });
            let body = serde_json::to_value(body).map_or(Json::Null, Json::from);
            (false, wait, body)
        }
        Answer::Never => pending().await,
    }
}

fn answer(request: Request) -> Answer {
    let answered = with(|told| {
        if request.changes() {
            told.act(Act::Ask(request))
        } else {
            told.world.answer(&request, &moment())
        }
    });
    answered.unwrap_or(Answer::Problem(api::ErrorCode::Internal.into()))
}

/// Lets the browser do what else it has to do first.
async fn turn() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Shows the pages to this person, or to nobody, in this state.
fn choose(person: Option<EmailAddress>, show: Show) {
    with(|told| told.act(Act::Choose(person, show)));
    session::restart();
}

/// Forgets everything that was done.
fn start_again() {
    TOLD.set(Told::new());
    with(|told| told.keep());
    session::restart();
}

/// Puts the bar above the page, and follows links to files of the API here, too. It is
/// called after the page was shown, because the bar needs the page's router.
pub fn start(body: &HtmlElement) {
    // The frame of an invitation's preview shows the customer's page alone.
    let framed = crate::pages::preview::PATH;
    if window().location().pathname().is_ok_and(|path| path.starts_with(framed)) {
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
        follow(path);
    });
    let listener = followed.as_ref().unchecked_ref();
    // Before the router sees it.
    let _ = window().add_event_listener_with_callback_and_bool("click", listener, true);
    // It is listened to for as long as the page is there.
    followed.forget();
}

/// Gives the browser the file of this address to keep, or says why there is none.
fn follow(path: String) {
    let request = Request { method: "GET".to_owned(), path, ..Request::default() };
    match answer(request) {
        Answer::File { name, kind, text } => browser::download(&name, kind, &text),
        Answer::Problem(problem) => toast(
            Intent::Error,
            match problem {
                Problem::Refused(refusal) => words::refusal(refusal),
                Problem::Fields(_) => t::problem::invalid_fields(),
                Problem::Other { code, retry_after } => words::problem(code, retry_after),
            },
        ),
        // What else there is, is no file.
        Answer::Json(_) | Answer::Nothing | Answer::Never => {}
    }
}
