//! The content of the frame in a partner's preview: the customer's page of an invitation,
//! with the same components but a fictional user. No action is possible here.

use api::{Agreement, InvitationResource, SessionResource, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{DisplayName, DocumentHash, InvitationId, Language, UserRole};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

use crate::{
    areas::preview::scene::{self, PreviewNames},
    client,
    features::{
        invitation_content::{
            InvitationContent,
            flow::{InvitationFlow, InvitationFlowEvent, InvitationPageState},
        },
        preview_state::{PreviewState, ROLES},
    },
    intl,
    load::{LoadState, Loader, spawn},
    route::{Route, use_param},
    session::{self, SessionStatus},
    t, text,
    ui::{ErrorState, Intent, Skeleton, toast},
    view::{IntoView, View, view},
};

/// The parameters of the frame, as given in its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FrameParams {
    role: UserRole,
    state: PreviewState,
}

/// The frame, for `/preview/invitation/{id}?language=…&as=…&state=…`.
#[component]
pub fn PreviewFrame(
    /// The sign-in page, which an invitation's link shows first.
    sign_in: fn() -> View,
) -> View {
    client::make_read_only();
    let location = use_location();
    let query = location.query.get_untracked();
    let params = FrameParams {
        role: query.get("as").and_then(|role| role.parse().ok()).unwrap_or(ROLES[0]),
        state: query
            .get("state")
            .and_then(|state| state.parse().ok())
            .unwrap_or(PreviewState::Waiting),
    };
    // The page is shown only when its language is loaded, so that it is never seen in
    // another one.
    let language_ready = RwSignal::new(false);
    spawn(async move {
        if let Some(language) = query.get("language") {
            // If the language can't be fetched, the preview is shown in the current one.
            let _ = text::show_temporarily(&language).await;
        }
        language_ready.set(true);
    });
    let id = use_param(|route| if let Route::PreviewFrame(id) = route { Some(id) } else { None });
    let id = id.get_untracked();
    let session_status = session::status();
    let content = move || match (session_status.get(), language_ready.get()) {
        (SessionStatus::SignedIn(_), true) => {
            session::provide();
            view! { <InvitationFrame id=id params=params sign_in=sign_in /> }
        }
        (SessionStatus::SignedOut | SessionStatus::Failed(_), _) => {
            view! { <p>{t::preview::unavailable}</p> }
        }
        (SessionStatus::Unknown | SessionStatus::SignedIn(_), _) => view! { <Skeleton lines=8 /> },
    };
    content.into_view()
}

#[component]
fn InvitationFrame(id: Option<InvitationId>, params: FrameParams, sign_in: fn() -> View) -> View {
    let loaded = Loader::new(move || async move {
        match id {
            Some(id) => {
                let route = routes::of_invitation(routes::INVITATION, id);
                client::get::<InvitationResource>(&route).await.map(Some)
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
        LoadState::Ready(Some(invitation)) => preview_page(invitation, params, sign_in),
    };
    content.into_view()
}

/// Renders the page for a user of the customer.
fn preview_page(
    invitation: InvitationResource,
    params: FrameParams,
    sign_in: fn() -> View,
) -> View {
    let now = intl::now();
    let names = names();
    let fictional_session =
        scene::fictional_session(&invitation, params.state, params.role, &names, now);
    let page = scene::page_state(invitation, params.state, &names, now);
    let is_pending = matches!(&page, Some(InvitationPageState::Loaded(one)) if one.status == rules::InvitationStatus::Sent);
    intercept_actions(is_pending);
    let Some(page) = page else { return sign_in() };
    let mut flow = InvitationFlow::default();
    flow.page = page;
    if let Some(agreement) = agreement() {
        flow.reading.receive_document(Ok(agreement));
    }
    let flow = RwSignal::new(flow);
    // Reading and moving between the steps change only what is shown; other events would
    // answer the invitation.
    let send = Callback::new(move |event: InvitationFlowEvent| match event {
        InvitationFlowEvent::Read(_)
        | InvitationFlowEvent::Choose(_)
        | InvitationFlowEvent::Next
        | InvitationFlowEvent::Back => {
            flow.update(|flow| {
                flow.handle_event(event);
            });
        }
        InvitationFlowEvent::AddressChanged(_)
        | InvitationFlowEvent::Retry
        | InvitationFlowEvent::InvitationFetched(..)
        | InvitationFlowEvent::OfferFound(..)
        | InvitationFlowEvent::LanguageChanged
        | InvitationFlowEvent::AgreementFetched(..)
        | InvitationFlowEvent::Accept
        | InvitationFlowEvent::Accepted(_)
        | InvitationFlowEvent::Cancel(_)
        | InvitationFlowEvent::Canceled(_) => show_preview_notice(),
    });
    let fictional_session = RwSignal::new(fictional_session);
    // The page below uses the fictional session instead of the real one.
    provide_context::<Signal<SessionResource>>(fictional_session.into());
    view! { <InvitationContent flow=flow send=send /> }
}

/// Shows the message that this is only a preview.
fn show_preview_notice() {
    toast(Intent::Info, untrack(t::preview::only_a_preview));
}

/// Intercepts clicks and submissions in the frame before the page handles them. If the
/// invitation is pending (`is_pending`), its buttons work: they lead through the answer, which
/// is never sent. Links never work, because they lead out of the preview.
fn intercept_actions(is_pending: bool) {
    let pressed = move |event: web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let wanted = if event.type_() == "submit" {
            "form"
        } else if is_pending {
            "a"
        } else {
            "a, main button"
        };
        let held = target.and_then(|target| target.closest(wanted).ok().flatten());
        // The dialog for canceling is a form too, but its answer is never sent.
        if held.is_some() && !(is_pending && event.type_() == "submit") {
            event.prevent_default();
            event.stop_propagation();
            show_preview_notice();
        }
    };
    let pressed: Closure<dyn Fn(web_sys::Event)> = Closure::wrap(Box::new(pressed));
    let listener: &js_sys::Function = pressed.as_ref().unchecked_ref();
    for kind in ["click", "submit"] {
        let _ = document().add_event_listener_with_callback_and_bool(kind, listener, true);
    }
    // The listener lives as long as the frame.
    pressed.forget();
}

fn names() -> PreviewNames {
    let name = |text: String| DisplayName::parse(&text);
    let partner_person = session::current().with_untracked(|session| session.user.name.clone());
    let or = |text: String| name(text).unwrap_or_else(|_| partner_person.clone());
    untrack(|| PreviewNames {
        person: or(t::preview::person()),
        other_person: or(t::preview::other_person()),
        other_organization: or(t::preview::other_organization()),
        partner_person: partner_person.clone(),
    })
}

/// Returns a placeholder for the agreement, which partners have no access to.
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
