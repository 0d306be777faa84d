//! Who is signed in, for the whole app.

use std::cell::Cell;

use api::{Session, Site, routes};
use leptos::prelude::*;
use rules::{Actor, Refusal};

use crate::{
    client::{self, Failure},
    load::spawn,
};

/// How it stands with signing in.
#[derive(Clone)]
pub enum State {
    /// The server has not said yet.
    Unknown,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is; the session itself changes as the organization does.
    SignedIn(ArcRwSignal<Session>),
    /// The server could not be asked.
    Failed(Failure),
}

/// What changes when another page must be shown; the session's own content doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The server has not said yet.
    Unknown,
    /// Nobody is signed in.
    SignedOut,
    /// This account is.
    SignedIn(rules::UserId),
    /// The server could not be asked.
    Failed(Failure),
}

#[derive(Clone, Copy)]
struct Sessions {
    state: RwSignal<State>,
    site: RwSignal<Option<Site>>,
}

thread_local! {
    /// The signals of the app's root, which outlive every page.
    static SESSIONS: Cell<Option<Sessions>> = const { Cell::new(None) };
}

/// Asks the server who is signed in. View, at the app's root.
pub fn start() {
    let sessions = Sessions { state: RwSignal::new(State::Unknown), site: RwSignal::new(None) };
    SESSIONS.set(Some(sessions));
    refresh();
    spawn(async move {
        if let Ok(site) = client::get(routes::SITE).await {
            sessions.site.set(Some(site));
        }
    });
}

/// How it stands. Reactive.
#[must_use]
pub fn standing() -> Signal<Standing> {
    let memo = Memo::new(|_| match SESSIONS.get().map(|sessions| sessions.state.get()) {
        None | Some(State::Unknown) => Standing::Unknown,
        Some(State::SignedOut) => Standing::SignedOut,
        Some(State::SignedIn(session)) => {
            Standing::SignedIn(session.with_untracked(|session| session.user.id))
        }
        Some(State::Failed(failure)) => Standing::Failed(failure),
    });
    memo.into()
}

/// The session of whoever is signed in, for the frame around the pages. Reactive.
#[must_use]
pub fn maybe() -> Option<Session> {
    match SESSIONS.get().map(|sessions| sessions.state.get()) {
        Some(State::SignedIn(session)) => Some(session.get()),
        _ => None,
    }
}

/// Makes the session known to the pages below; the frame calls it where somebody is
/// signed in.
pub fn provide() {
    let state = SESSIONS.get().map(|sessions| sessions.state.get_untracked());
    if let Some(State::SignedIn(session)) = state {
        provide_context::<Signal<Session>>(session.into());
    }
}

/// The session, for pages, which are only shown to whoever is signed in.
///
/// # Panics
/// Outside a page.
#[must_use]
pub fn current() -> Signal<Session> {
    expect_context::<Signal<Session>>()
}

/// Whoever is signed in now, for [`rules::check`]. Not reactive.
#[must_use]
pub fn actor() -> Actor {
    match SESSIONS.get().map(|sessions| sessions.state.get_untracked()) {
        Some(State::SignedIn(session)) => session.with_untracked(Session::actor),
        _ => Actor::Visitor,
    }
}

/// What everybody may know of the server; `None` until it has said.
#[must_use]
pub fn site() -> Signal<Option<Site>> {
    match SESSIONS.get() {
        Some(sessions) => sessions.site.into(),
        None => Signal::stored(None),
    }
}

/// Somebody has signed in.
pub fn signed_in(session: Session) {
    let Some(sessions) = SESSIONS.get() else { return };
    let known = match sessions.state.get_untracked() {
        State::SignedIn(known) => {
            known.with_untracked(|known| known.user.id == session.user.id).then_some(known)
        }
        _ => None,
    };
    match known {
        Some(known) => known.set(session),
        // Counted, not owned by a page: it lives as long as the session does.
        None => sessions.state.set(State::SignedIn(ArcRwSignal::new(session))),
    }
}

/// The server said that nobody is signed in any more.
pub fn lost() {
    if let Some(sessions) = SESSIONS.get()
        && !matches!(sessions.state.get_untracked(), State::SignedOut)
    {
        sessions.state.set(State::SignedOut);
    }
}

/// Asks the server anew who is signed in, and what it knows of the organization.
pub fn refresh() {
    let Some(sessions) = SESSIONS.get() else { return };
    spawn(async move {
        match client::get::<Session>(routes::SESSION).await {
            Ok(session) => signed_in(session),
            Err(failure) if failure.refusal() == Some(Refusal::SignInRequired) => lost(),
            // Somebody who is signed in stays so when the network fails for a moment.
            Err(failure) => {
                if !matches!(sessions.state.get_untracked(), State::SignedIn(_)) {
                    sessions.state.set(State::Failed(failure));
                }
            }
        }
    });
}

/// Asks anew who is signed in, as at the start: whatever page is shown begins again. For
/// the demo, where somebody else may be signed in, or answers may differ.
#[cfg(any(test, feature = "demo"))]
pub fn restart() {
    if let Some(sessions) = SESSIONS.get() {
        sessions.state.set(State::Unknown);
    }
    refresh();
}

/// Signs out, here or everywhere.
///
/// # Errors
/// A failure of the network or the server; then somebody is still signed in.
pub async fn sign_out(everywhere: bool) -> Result<(), Failure> {
    let path = if everywhere { routes::SESSIONS } else { routes::SESSION };
    match client::delete(path, None).await {
        Err(failure) if !failure.signed_out() => Err(failure),
        _ => {
            lost();
            Ok(())
        }
    }
}

/// Up to two letters that stand for a person; the stylesheet makes them capitals.
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
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Megan Bowen"), "MB");
        assert_eq!(initials("ada de la cruz"), "ac");
        assert_eq!(initials(""), "");
    }
}
