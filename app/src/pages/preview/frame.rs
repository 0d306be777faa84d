//! The customer's page of an invitation, alone, as it is shown in a frame of the
//! partner's preview: the very components of that page, for somebody who is made up.
//! Nothing here can act.

use api::{Agreement, Invitation, Session, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{DisplayName, DocumentHash, InvitationId, Language, UserRole};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

use super::scene::{self, Names, State};
use crate::{
    client, intl,
    load::{LoadState, Loader, spawn},
    pages::{
        SignIn,
        partner_invitation::{
            InvitationStage,
            flow::{Event, Flow, Stage},
        },
    },
    session::{self, Standing},
    t, text,
    ui::{ErrorState, Intent, Skeleton, toast},
    view::{IntoView, View, view},
};

/// Below this path the preview is shown, without header and navigation. The server lets
/// a page of its own show it in a frame.
pub const PATH: &str = "/preview/";

/// What the frame shows, as its address says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    role: UserRole,
    state: State,
}

/// The frame, for `/preview/invitation/{id}?language=…&as=…&state=…`.
#[component]
pub fn PreviewFrame() -> View {
    client::look_only();
    let location = use_location();
    let query = location.query.get_untracked();
    let shown = Shown {
        role: query.get("as").and_then(|role| role.parse().ok()).unwrap_or(scene::ROLES[0]),
        state: query.get("state").and_then(|state| state.parse().ok()).unwrap_or(State::Waiting),
    };
    // The page waits for its language, so that it is never seen in another.
    let spoken = RwSignal::new(false);
    spawn(async move {
        if let Some(language) = query.get("language") {
            // In a language that can't be fetched it could not be looked at; then it is
            // shown in the one that is there.
            let _ = text::show_temporarily(&language).await;
        }
        spoken.set(true);
    });
    let path = location.pathname.get_untracked();
    let id = path.rsplit('/').next().and_then(|id| id.parse::<InvitationId>().ok());
    let standing = session::standing();
    let content = move || match (standing.get(), spoken.get()) {
        (Standing::SignedIn(_), true) => {
            session::provide();
            view! { <Fetched id=id shown=shown /> }
        }
        (Standing::SignedOut | Standing::Failed(_), _) => {
            view! { <p>{t::preview::unavailable}</p> }
        }
        (Standing::Unknown | Standing::SignedIn(_), _) => view! { <Skeleton lines=8 /> },
    };
    content.into_view()
}

#[component]
fn Fetched(id: Option<InvitationId>, shown: Shown) -> View {
    let loaded = Loader::new(move || async move {
        match id {
            Some(id) => {
                let route = routes::of_invitation(routes::INVITATION, id);
                client::get::<Invitation>(&route).await.map(Some)
            }
            None => Ok(None),
        }
    });
    let content = move || match loaded.get() {
        LoadState::Loading => view! { <Skeleton lines=8 /> },
        LoadState::Ready(None) => view! { <p>{t::preview::unavailable}</p> },
        LoadState::Failed(failure) => view! {
            <ErrorState reason=move || failure.text() on_retry=move |()| loaded.retry() />
        },
        LoadState::Ready(Some(invitation)) => scene_view(invitation, shown),
    };
    content.into_view()
}

/// The page, for somebody of the customer.
fn scene_view(invitation: Invitation, shown: Shown) -> View {
    let now = intl::now();
    let names = names();
    let made_up = scene::session(&invitation, shown.state, shown.role, &names, now);
    let stage = scene::stage(invitation, shown.state, &names, now);
    let waits =
        matches!(&stage, Some(Stage::Shown(one)) if one.status == rules::InvitationStatus::Sent);
    hold(waits);
    let Some(stage) = stage else { return SignIn() };
    let mut flow = Flow::default();
    flow.stage = stage;
    if let Some(agreement) = agreement() {
        flow.reading.receive_document(Ok(agreement));
    }
    let flow = RwSignal::new(flow);
    // Reading on and choosing between the steps changes nothing but what is shown; all
    // else would be an answer to the invitation.
    let send = Callback::new(move |event: Event| match event {
        Event::Read(_) | Event::Choose(_) | Event::Next | Event::Back => {
            flow.update(|flow| {
                flow.step(event);
            });
        }
        _ => only_a_preview(),
    });
    let made_up = RwSignal::new(made_up);
    // The page below takes whoever is made up for whoever is signed in.
    provide_context::<Signal<Session>>(made_up.into());
    view! { <InvitationStage flow=flow send=send /> }
}

/// Says why nothing happened.
fn only_a_preview() {
    toast(Intent::Info, untrack(t::preview::only_a_preview));
}

/// Keeps what is pressed in the frame from acting, before the page hears of it. Where
/// the invitation `waits`, its buttons may be pressed: they lead through the answer, and
/// the answer itself goes nowhere. Links lead out of the preview, so they never do.
fn hold(waits: bool) {
    let pressed = move |event: web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let wanted = if event.type_() == "submit" {
            "form"
        } else if waits {
            "a"
        } else {
            "a, main button"
        };
        let held = target.and_then(|target| target.closest(wanted).ok().flatten());
        // The dialog for canceling is a form too, and its answer goes nowhere.
        if held.is_some() && !(waits && event.type_() == "submit") {
            event.prevent_default();
            event.stop_propagation();
            only_a_preview();
        }
    };
    let pressed: Closure<dyn Fn(web_sys::Event)> = Closure::wrap(Box::new(pressed));
    let listener: &js_sys::Function = pressed.as_ref().unchecked_ref();
    for kind in ["click", "submit"] {
        let _ = document().add_event_listener_with_callback_and_bool(kind, listener, true);
    }
    // It holds for as long as the frame is there.
    pressed.forget();
}

fn names() -> Names {
    let name = |text: String| DisplayName::parse(&text);
    let partner_person = session::current().with_untracked(|session| session.user.name.clone());
    let or = |text: String| name(text).unwrap_or_else(|_| partner_person.clone());
    untrack(|| Names {
        person: or(t::preview::person()),
        other_person: or(t::preview::other_person()),
        other_organization: or(t::preview::other_organization()),
        partner_person: partner_person.clone(),
    })
}

/// Something in place of the agreement, which partners have no part in.
fn agreement() -> Option<Agreement> {
    untrack(|| {
        Some(Agreement {
            version: 1,
            language: text::language().parse().unwrap_or(Language::English),
            title: DisplayName::parse(&t::agreement::name()).ok()?,
            body: t::preview::agreement(),
            hash: "0".repeat(64).parse::<DocumentHash>().ok()?,
            added: intl::now(),
        })
    })
}
