//! The frame around every page: header, navigation, and where pages appear.

use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};
use web_sys::HtmlDialogElement;

use crate::{
    pages,
    session::Session,
    t, text,
    theme::Theme,
    ui::{Icon, Intent, IntoOnce, Link, Menu, SkipLink, Tag, Toasts, toast},
};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let session = RwSignal::new(Session::sample());
    view! {
        <Router>
            <Header session=session />
            <div class="frame">
                <aside class="sidebar">
                    <Navigation session=session />
                </aside>
                <main id="main" class="main" tabindex="-1">
                    <FlatRoutes fallback=|| pages::NotFound().once()>
                        <Route path=path!("/") view=|| pages::Home().once() />
                        <Route
                            path=path!("/billing/accounts")
                            view=|| pages::placeholder(t::shell::billing_accounts)
                        />
                        <Route
                            path=path!("/settings/partner-relationships")
                            view=|| pages::placeholder(t::shell::partner_relationships)
                        />
                        <Route
                            path=path!("/help/partners")
                            view=|| pages::placeholder(t::shell::what_can_a_partner_do)
                        />
                        <Route
                            path=path!("/activity")
                            view=|| pages::placeholder(t::shell::activity)
                        />
                        <Route path=path!("/outbox") view=|| pages::placeholder(t::shell::outbox) />
                    </FlatRoutes>
                </main>
            </div>
            <Toasts />
        </Router>
    }
}

/// The bar at the top of every page.
#[component]
fn Header(session: RwSignal<Session>) -> impl IntoView {
    view! {
        <header class="header">
            <SkipLink />
            <Drawer session=session />
            <Link href="/" class="product">
                <svg class="mark" width="24" height="24" aria-hidden="true">
                    <use href="/icons.svg#mark"></use>
                </svg>
                <span class="product-name">{t::ui::product}</span>
            </Link>
            <div class="header-organisation">
                <span class="organisation">{move || session.read().organisation.clone()}</span>
                <Tag label=move || session.read().cloud.clone() />
            </div>
            <div class="header-tools">
                <Languages />
                <Themes />
                <Account session=session />
            </div>
        </header>
    }
    .once()
}

/// The navigation in a narrow window: a modal drawer behind a button.
#[component]
fn Drawer(session: RwSignal<Session>) -> impl IntoView {
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
    Effect::new(move |_| {
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
            <Navigation session=session />
        </dialog>
    }
    .once()
}

/// The links to the pages.
#[component]
fn Navigation(session: RwSignal<Session>) -> impl IntoView {
    view! {
        <nav class="nav" aria-label=t::shell::navigation>
            <ul>
                <NavLink href="/" icon=Icon::Home label=t::shell::home exact=true />
                <li>
                    <p class="nav-section">{Icon::Billing} {t::shell::billing}</p>
                    <ul>
                        <NavLink href="/billing/accounts" label=t::shell::billing_accounts />
                    </ul>
                </li>
                <li>
                    <p class="nav-section">{Icon::Settings} {t::shell::settings}</p>
                    <ul>
                        <NavLink
                            href="/settings/partner-relationships"
                            label=t::shell::partner_relationships
                        />
                    </ul>
                </li>
                <NavLink href="/help/partners" icon=Icon::Help label=t::shell::what_can_a_partner_do />
                <NavLink href="/activity" icon=Icon::Activity label=t::shell::activity />
                {move || {
                    session
                        .read()
                        .demo
                        .then(|| {
                            view! { <NavLink href="/outbox" icon=Icon::Mail label=t::shell::outbox /> }
                        })
                }}
            </ul>
        </nav>
    }
    .once()
}

/// One link of the navigation.
#[component]
fn NavLink(
    href: &'static str,
    #[prop(into)] label: text::Text,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] exact: bool,
) -> impl IntoView {
    view! {
        <li>
            <Link href=href exact=exact class="nav-link">
                {icon.map(Icon::view)}
                {label}
            </Link>
        </li>
    }
    .once()
}

/// The choice of language.
#[component]
fn Languages() -> impl IntoView {
    let choose = |code: &'static str| {
        spawn_local(async move {
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
                    aria-pressed=move || if text::language() == code { "true" } else { "false" }
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
    .once()
}

/// The choice of light and dark.
#[component]
fn Themes() -> impl IntoView {
    let theme = RwSignal::new(Theme::current());
    let item = move |this: Theme, icon: Icon, label: text::Text| {
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || if theme.get() == this { "true" } else { "false" }
                on:click=move |_| {
                    this.choose();
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
    .once()
}

/// Who is signed in, and the way out.
#[component]
fn Account(session: RwSignal<Session>) -> impl IntoView {
    // The letters are drawn by the stylesheet: they are a picture, not a name.
    let trigger = move || {
        let initials = move || session.read().initials();
        view! { <span class="avatar" data-initials=initials></span> }
    };
    view! {
        <Menu label=t::shell::account trigger=trigger class="header-button">
            <div class="menu-about">
                <strong>{move || session.read().name.clone()}</strong>
                <span>{move || session.read().email.clone()}</span>
                <span>{move || session.read().roles.clone()}</span>
                <span class="menu-organisation">
                    {Icon::Building}
                    {move || session.read().organisation.clone()}
                </span>
            </div>
            <button type="button" class="menu-item">{Icon::SignOut} {t::shell::sign_out}</button>
            <button type="button" class="menu-item">
                {Icon::Shield}
                {t::shell::sign_out_everywhere}
            </button>
        </Menu>
    }
    .once()
}
