//! The frame around every page: header, navigation, and the choice of the page for an
//! address.

use leptos::{html, prelude::*};
use leptos_router::{
    components::{Router, RouterProps},
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};
use rules::{OrganizationAction, OrganizationKind, check};
use web_sys::HtmlDialogElement;

use crate::{
    areas::{self, account::sign_in::SignIn, preview::frame::PreviewFrame},
    features::{self, subscription},
    intl,
    load::{effect, spawn},
    route::{Area, Route},
    session::{self, SessionStatus},
    t, text,
    theme::Theme,
    ui::{ErrorState, Icon, Intent, Link, Menu, Skeleton, SkipLink, Tag, Toasts, toast},
    view::{CollectView, IntoView, View, view},
    words,
};

/// The root component.
#[component]
pub fn App() -> View {
    start_router();
    session::start();
    // A preview frame shows the page without header and navigation.
    if matches!(Route::current_untracked(), Route::PreviewFrame(_)) {
        return view! {
            <main id="main" class="main" tabindex="-1">
                <PreviewFrame sign_in=SignIn />
            </main>
            <Toasts />
        };
    }
    let signed_in = signed_in();
    view! {
            <Header />
            <div class="frame">
                {move || {
                    signed_in.get().then(|| view! { <aside class="sidebar"><Navigation /></aside> })
                }}
                <main id="main" class="main" tabindex="-1">
                    <Page />
                </main>
            </div>
            <Toasts />
    }
}

/// Starts the router, which manages address and history. [`Route`] maps paths to pages
/// instead of the router's own routes, which cost 25 KB of wasm.
fn start_router() {
    features::list_place::watch_history();
    Router(RouterProps::builder().children(ToChildren::to_children(|| ())).build());
    let url = expect_context::<BrowserUrl>();
    let path = use_location().pathname;
    effect(move || {
        path.track();
        // The page of the new address is about to be shown: now the address bar and the
        // history may be updated.
        url.ready_to_complete();
    });
}

/// Returns the page of a route. The frame of a preview is shown by [`App`].
fn page(route: Route) -> View {
    match route.area() {
        Area::Account | Area::Preview => areas::account::page(route),
        Area::Partners => areas::partners::page(route),
        Area::Billing => areas::billing::page(route),
        Area::Desk => areas::desk::page(route),
        Area::Audit => areas::audit::page(route),
    }
}

/// The content of the frame: the page of the address, or the sign-in page at the same
/// address if no user is signed in.
#[component]
fn Page() -> View {
    let session_status = session::status();
    let site = session::site();
    let current = Route::current();
    // A page stays while the address changes to another one of its own.
    let route = Memo::new(move |before: Option<&Route>| {
        let route = current();
        before.copied().filter(|before| before.is_same_page(route)).unwrap_or(route)
    });
    // In a demo the outbox stands in for every mailbox, and does not require signing in.
    let open = Memo::new(move |_| {
        route.get() == Route::Outbox
            && site.with(|site| site.as_ref().is_some_and(|site| site.demo))
    });
    (move || match session_status.get() {
        SessionStatus::Unknown => view! { <Skeleton /> },
        SessionStatus::SignedIn(_) => {
            session::provide();
            page(route.get())
        }
        SessionStatus::SignedOut if open.get() => page(Route::Outbox),
        SessionStatus::SignedOut => view! { <SignIn /> },
        SessionStatus::Failed(failure) => {
            let reason = move || failure.text();
            view! { <ErrorState reason=reason on_retry=|()| session::refresh() /> }
        }
    })
    .into_view()
}

/// The header of every page.
#[component]
fn Header() -> View {
    let signed_in = signed_in();
    view! {
        <header class="header">
            <SkipLink />
            {move || signed_in.get().then(|| view! { <Drawer /> })}
            <Link href=Route::Home class="product">
                <svg class="mark" width="24" height="24" aria-hidden="true">
                    <use href="/icons.svg#mark"></use>
                </svg>
                <span class="product-name">{t::ui::product}</span>
            </Link>
            {move || signed_in.get().then(|| view! { <HeaderOrganization /> })}
            <div class="header-tools">
                <LanguageMenu />
                <ThemeMenu />
                {move || signed_in.get().then(|| view! { <AccountMenu /> })}
            </div>
        </header>
    }
}

/// Returns whether a user is signed in. The memo changes only when that changes.
fn signed_in() -> Memo<bool> {
    let session_status = session::status();
    Memo::new(move |_| matches!(session_status.get(), SessionStatus::SignedIn(_)))
}

/// The organization of the signed-in user, and its clouds.
#[component]
fn HeaderOrganization() -> View {
    let name = || session::optional().map(|session| session.organization.name.to_string());
    let clouds = || {
        let clouds =
            session::optional().map(|session| session.organization.clouds).unwrap_or_default();
        intl::list(&clouds.into_iter().map(words::cloud).collect::<Vec<_>>())
    };
    view! {
        <div class="header-organization">
            <span class="organization">{name}</span>
            <Tag label=clouds />
        </div>
    }
}

/// The navigation in a narrow window: a modal drawer that a button opens.
#[component]
fn Drawer() -> View {
    let drawer = NodeRef::<html::Dialog>::new();
    let open = move |_| {
        if let Some(drawer) = drawer.get() {
            let _ = drawer.show_modal();
        }
    };
    let close = move || {
        if let Some(drawer) = drawer.get().filter(HtmlDialogElement::open) {
            drawer.close();
        }
    };
    let path = use_location().pathname;
    effect(move || {
        path.track();
        close();
    });
    view! {
        <button type="button" class="header-button drawer-button" aria-label=t::shell::menu on:click=open>
            {Icon::Menu}
        </button>
        <dialog class="drawer" node_ref=drawer aria-label=t::shell::navigation>
            <button
                type="button"
                class="button subtle icon-only"
                aria-label=t::ui::close
                on:click=move |_| close()
            >
                {Icon::Close}
            </button>
            <Navigation />
        </dialog>
    }
}

/// The links to the pages.
#[component]
fn Navigation() -> View {
    let customer = Memo::new(|_| {
        session::optional()
            .is_some_and(|session| session.organization.kind == OrganizationKind::Customer)
    });
    let site = session::site();
    let outbox = Memo::new(move |_| {
        let demo = site.with(|site| site.as_ref().is_some_and(|site| site.demo));
        let allowed = session::optional().is_some_and(|session| {
            let organization = session.organization.facts();
            check(&session.actor(), &organization, OrganizationAction::ViewOutbox, intl::now())
                .is_ok()
        });
        demo || allowed
    });
    view! {
        <nav class="nav" aria-label=t::shell::navigation>
            <ul>
                <NavLink href=Route::Home icon=Icon::Home label=t::shell::home exact=true />
                {move || {
                    if customer.get() { view! { <CustomerLinks /> } } else { view! { <PartnerLinks /> } }
                }}
                <NavLink href=Route::WhatCanAPartnerDo icon=Icon::Help label=t::shell::what_can_a_partner_do />
                <NavLink href=Route::Activity icon=Icon::Activity label=t::shell::activity />
                {move || {
                    outbox
                        .get()
                        .then(|| view! { <NavLink href=Route::Outbox icon=Icon::Mail label=t::shell::outbox /> })
                }}
            </ul>
        </nav>
    }
}

/// The links for customers only.
#[component]
fn CustomerLinks() -> View {
    view! {
        <NavLink
            href=Route::FindAPartner
            icon=Icon::Search
            label=t::shell::find_a_partner
            exact=true
        />
        <NavLink
            href=Route::MyRequests
            icon=Icon::Send
            label=t::shell::my_requests
        />
        <li>
            <p class="nav-section">{Icon::Billing} {t::shell::billing}</p>
            <ul>
                <NavLink href=Route::Purchase label=t::shell::purchase_services />
                <NavLink href=Route::Subscriptions label=subscription::list_title />
                <NavLink href=Route::BillingAccounts label=t::shell::billing_accounts />
            </ul>
        </li>
        <li>
            <p class="nav-section">{Icon::Settings} {t::shell::settings}</p>
            <ul>
                <NavLink href=Route::PartnerRelationships label=t::shell::partner_relationships />
            </ul>
        </li>
    }
}

/// The links for partners only.
#[component]
fn PartnerLinks() -> View {
    view! {
        <NavLink href=Route::Enquiries icon=Icon::Mail label=t::shell::enquiries />
        <NavLink href=Route::Invitations icon=Icon::Send label=t::shell::invitations />
        <NavLink href=Route::Customers icon=Icon::People label=t::shell::customers />
        <NavLink href=Route::Profile icon=Icon::Building label=t::shell::profile />
    }
}

/// A link in the navigation.
#[component]
fn NavLink(
    href: Route,
    #[prop(into)] label: text::Text,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] exact: bool,
) -> View {
    view! {
        <li>
            <Link href=href exact=exact class="nav-link">
                {icon.map(Icon::view)}
                {label}
            </Link>
        </li>
    }
}

/// The menu for the language.
#[component]
fn LanguageMenu() -> View {
    let choose = |code: &'static str| {
        spawn(async move {
            if text::choose(code).await.is_err() {
                toast(Intent::Error, untrack(t::shell::language_failed));
            }
        });
    };
    let items = t::LANGUAGES
        .iter()
        .map(|&(code, name)| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    lang=code
                    aria-pressed=move || Some(if text::language() == code { "true" } else { "false" })
                    on:click=move |_| choose(code)
                >
                    {Icon::Check}
                    {name}
                </button>
            }
        })
        .collect_view();
    view! {
        <Menu label=t::shell::language trigger=|| Icon::Globe.view() class="header-button">
            {items}
        </Menu>
    }
}

/// The menu for the theme.
#[component]
fn ThemeMenu() -> View {
    let theme = RwSignal::new(Theme::stored());
    let item = move |this: Theme, icon: Icon, label: text::Text| {
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || Some(if theme.get() == this { "true" } else { "false" })
                on:click=move |_| {
                    this.apply();
                    theme.set(this);
                }
            >
                {icon}
                {label}
            </button>
        }
    };
    view! {
        <Menu label=t::shell::theme trigger=|| Icon::Sun.view() class="header-button">
            {item(Theme::System, Icon::System, t::shell::theme_system.into())}
            {item(Theme::Light, Icon::Sun, t::shell::theme_light.into())}
            {item(Theme::Dark, Icon::Moon, t::shell::theme_dark.into())}
        </Menu>
    }
}

/// The menu for the account: the signed-in user and the sign-out buttons.
#[component]
fn AccountMenu() -> View {
    let name =
        || session::optional().map(|session| session.user.name.to_string()).unwrap_or_default();
    let email = || session::optional().map(|session| session.user.email.to_string());
    let organization = || session::optional().map(|session| session.organization.name.to_string());
    let roles = || {
        let roles = session::optional().map(|session| session.user.roles).unwrap_or_default();
        intl::list(&roles.into_iter().map(words::user_role).collect::<Vec<_>>())
    };
    // The stylesheet draws the letters: they are a picture, not a name.
    let trigger = move || {
        let initials = move || session::initials(&name());
        view! { <span class="avatar" data-initials=initials></span> }
    };
    let sign_out = |everywhere: bool| {
        spawn(async move {
            if let Err(failure) = session::sign_out(everywhere).await {
                toast(Intent::Error, untrack(|| failure.text()));
            }
        });
    };
    view! {
        <Menu label=t::shell::account trigger=trigger class="header-button">
            <div class="menu-about">
                <strong>{name}</strong>
                <span>{email}</span>
                <span>{roles}</span>
                <span class="menu-organization">{Icon::Building} {organization}</span>
            </div>
            <button type="button" class="menu-item" on:click=move |_| sign_out(false)>
                {Icon::SignOut}
                {t::shell::sign_out}
            </button>
            <button type="button" class="menu-item" on:click=move |_| sign_out(true)>
                {Icon::Shield}
                {t::shell::sign_out_everywhere}
            </button>
        </Menu>
    }
}
