//! The session of the person who is signed in, for the whole app.

use std::cell::Cell;

use api::{SessionResource, Site, routes};
use leptos::prelude::*;
use rules::{Actor, Refusal};

use crate::{
    client::{self, Failure},
    features::list_place,
    load::spawn,
};

/// The session, as far as it is known.
#[derive(Clone)]
enum SessionState {
    /// The server has not answered yet.
    Unknown,
    /// No one is signed in.
    SignedOut,
    /// A person is signed in. The session changes when the organization does.
    SignedIn(ArcRwSignal<SessionResource>),
    /// The request failed.
    Failed(Failure),
}

/// Status of the session: changes only when another page must be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// The server has not answered yet.
    Unknown,
    /// No one is signed in.
    SignedOut,
    /// This user is signed in.
    SignedIn(rules::UserId),
    /// The request failed.
    Failed(Failure),
}

#[derive(Clone, Copy)]
struct SessionSignals {
    state: RwSignal<SessionState>,
    site: RwSignal<Option<Site>>,
}

thread_local! {
    /// Signals of the app's root, which outlive every page.
    static SESSION: Cell<Option<SessionSignals>> = const { Cell::new(None) };
}

/// Fetches the session and the site's facts. Called once, from the app's root.
pub fn start() {
    let signals =
        SessionSignals { state: RwSignal::new(SessionState::Unknown), site: RwSignal::new(None) };
    SESSION.set(Some(signals));
    client::on_signed_out(end);
    refresh();
    spawn(async move {
        if let Ok(site) = client::get(routes::SITE).await {
            signals.site.set(Some(site));
        }
    });
}

/// Returns the status of the session. Reactive.
#[must_use]
pub fn status() -> Signal<SessionStatus> {
    let memo = Memo::new(|_| match SESSION.get().map(|signals| signals.state.get()) {
        None | Some(SessionState::Unknown) => SessionStatus::Unknown,
        Some(SessionState::SignedOut) => SessionStatus::SignedOut,
        Some(SessionState::SignedIn(session)) => {
            SessionStatus::SignedIn(session.with_untracked(|session| session.user.id))
        }
        Some(SessionState::Failed(failure)) => SessionStatus::Failed(failure),
    });
    memo.into()
}

/// Returns the session, for the frame around the pages; `None` without one. Reactive.
#[must_use]
pub fn optional() -> Option<SessionResource> {
    match SESSION.get().map(|signals| signals.state.get()) {
        Some(SessionState::SignedIn(session)) => Some(session.get()),
        _ => None,
    }
}

/// Provides the session to the pages below. The frame calls it when a person is signed in.
pub fn provide() {
    let state = SESSION.get().map(|signals| signals.state.get_untracked());
    if let Some(SessionState::SignedIn(session)) = state {
        provide_context::<Signal<SessionResource>>(session.into());
    }
}

/// Returns the session, for pages, which are shown only with one.
///
/// # Panics
/// Outside a page.
#[must_use]
pub fn current() -> Signal<SessionResource> {
    expect_context::<Signal<SessionResource>>()
}

/// Returns the current person for [`rules::check`]. Not reactive.
#[must_use]
pub fn actor() -> Actor {
    match SESSION.get().map(|signals| signals.state.get_untracked()) {
        Some(SessionState::SignedIn(session)) => session.with_untracked(SessionResource::actor),
        _ => Actor::Visitor,
    }
}

/// Returns what anyone may know about the server; `None` until it has answered.
#[must_use]
pub fn site() -> Signal<Option<Site>> {
    match SESSION.get() {
        Some(signals) => signals.site.into(),
        None => Signal::stored(None),
    }
}

/// Stores the session of a person who has signed in.
pub fn set(session: SessionResource) {
    let Some(signals) = SESSION.get() else { return };
    if let SessionState::SignedIn(known) = signals.state.get_untracked()
        && known.with_untracked(|known| known.user.id == session.user.id)
    {
        known.set(session);
    } else {
        list_place::forget_all();
        // Reference-counted, not owned by a page: the signal lives as long as the session.
        signals.state.set(SessionState::SignedIn(ArcRwSignal::new(session)));
    }
}

/// Ends the session in the app: the server said that no one is signed in.
pub fn end() {
    if let Some(signals) = SESSION.get()
        && !matches!(signals.state.get_untracked(), SessionState::SignedOut)
    {
        signals.state.set(SessionState::SignedOut);
    }
}

/// Fetches the session again, with the current facts of the organization.
pub fn refresh() {
    let Some(signals) = SESSION.get() else { return };
    spawn(async move {
        match client::get::<SessionResource>(routes::SESSION).await {
            Ok(session) => set(session),
            Err(failure) if failure.refusal() == Some(Refusal::SignInRequired) => end(),
            // A person stays signed in when the network fails for a moment.
            Err(failure) => {
                if !matches!(signals.state.get_untracked(), SessionState::SignedIn(_)) {
                    signals.state.set(SessionState::Failed(failure));
                }
            }
        }
    });
}

/// Fetches the session as at the start, so that the current page starts over. For the demo,
/// where another person may be signed in, or responses may differ.
#[cfg(any(test, feature = "demo"))]
pub fn restart() {
    if let Some(signals) = SESSION.get() {
        signals.state.set(SessionState::Unknown);
    }
    refresh();
}

/// Signs out, here or everywhere. After a failure, the person is still signed in.
pub async fn sign_out(everywhere: bool) -> Result<(), Failure> {
    let path = if everywhere { routes::SESSIONS } else { routes::SESSION };
    match client::delete(path, None).await {
        Err(failure) if !failure.signed_out() => Err(failure),
        _ => {
            end();
            Ok(())
        }
    }
}

/// Returns up to two initials of a name; the stylesheet makes them capitals.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_the_first_and_the_last_name() {
        assert_eq!(initials("Megan Bowen"), "MB");
        assert_eq!(initials("ada de la cruz"), "ac");
        assert_eq!(initials(""), "");
    }
}
