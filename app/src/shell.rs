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
    areas::{self, billing::subscriptions},
    features::{
        self, desk,
        guards::{customer_only, partner_only},
    },
    intl,
    load::{effect, spawn},
    session::{self, SessionStatus},
    t, text,
    theme::Theme,
    ui::{ErrorState, Icon, Intent, Link, Menu, Skeleton, SkipLink, Tag, Toasts, toast},
    view::{CollectView, IntoView, View, view},
    words,
};

/// Path of the outbox. In a demo it stands in for every mailbox, and does not require
/// signing in.
const OUTBOX_PATH: &str = "/outbox";

/// The root component.
#[component]
pub fn App() -> View {
    start_router();
    session::start();
    // A preview frame shows the page without header and navigation.
    if use_location().pathname.read_untracked().starts_with(areas::preview::frame::PATH) {
        return view! {
            <main id="main" class="main" tabindex="-1">
                <areas::preview::frame::PreviewFrame />
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

/// Starts the router, which manages address and history. [`PageRoute`] maps paths to pages
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

/// The page at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumDiscriminants))]
#[cfg_attr(test, strum_discriminants(name(PageKind), derive(strum::VariantArray, PartialOrd, Ord)))]
pub(crate) enum PageRoute {
    Home,
    /// The search for partners and the contact form, in one page.
    FindAPartner,
    MyRequests,
    Enquiries,
    EnquiryDetails,
    Invitations,
    /// The editor of a draft, or the details of a sent invitation.
    InvitationDetails,
    Preview,
    Customers,
    CustomerDetails,
    Profile,
    PartnerInvitation,
    /// The catalog, for the own organization or for a customer, depending on the path.
    PurchaseServices(&'static str),
    Checkout(&'static str),
    Subscriptions,
    /// A subscription, under the given path: the own list, or the partner's customers.
    SubscriptionDetails(&'static str),
    ImportPartners,
    BillingAccounts,
    /// The partner relationships as a tab of the billing accounts.
    BillingRelationships,
    AcceptAgreement,
    /// A partner, under the given path of a partner list.
    PartnerDetails(&'static str),
    PartnerRelationships,
    WhatCanAPartnerDo,
    Activity,
    Outbox,
    NotFound,
}

impl PageRoute {
    /// Returns the page for a path. An invitation is the same page with and without its id,
    /// so that the page stays when the id replaces the link's token.
    pub(crate) fn from_path(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match *parts.as_slice() {
            [] => Self::Home,
            ["partners"] | ["partners", "contact"] => Self::FindAPartner,
            ["partners", "requests"] => Self::MyRequests,
            ["enquiries"] => Self::Enquiries,
            ["enquiries", _] => Self::EnquiryDetails,
            ["invitations"] => Self::Invitations,
            ["invitations", _] => Self::InvitationDetails,
            ["invitations", _, "preview"] => Self::Preview,
            ["customers"] => Self::Customers,
            ["customers", _] => Self::CustomerDetails,
            ["customers", _, "purchase"] => Self::PurchaseServices(desk::CUSTOMERS_PATH),
            ["customers", _, "purchase", _] => Self::Checkout(desk::CUSTOMERS_PATH),
            ["billing", "purchase"] => Self::PurchaseServices(PURCHASE_PATH),
            ["billing", "purchase", _] => Self::Checkout(PURCHASE_PATH),
            ["customers", _, "subscriptions", _] => Self::SubscriptionDetails(desk::CUSTOMERS_PATH),
            ["billing", "subscriptions"] => Self::Subscriptions,
            ["billing", "subscriptions", "import"] => Self::ImportPartners,
            // The tabs of a subscription's page have addresses of their own.
            ["billing", "subscriptions", _] | ["billing", "subscriptions", _, "partner"] => {
                Self::SubscriptionDetails(subscriptions::PATH)
            }
            ["profile"] => Self::Profile,
            ["partner-invitation"] | ["partner-invitation", _] => Self::PartnerInvitation,
            ["billing", "accounts"] => Self::BillingAccounts,
            ["billing", "accounts", "partner-relationships"] => Self::BillingRelationships,
            ["billing", "accounts", "agreement"] => Self::AcceptAgreement,
            ["billing", "accounts", "partner-relationships", _] => {
                Self::PartnerDetails(BILLING_PARTNERS_PATH)
            }
            ["settings", "partner-relationships"] => Self::PartnerRelationships,
            ["settings", "partner-relationships", _] => {
                Self::PartnerDetails(SETTINGS_PARTNERS_PATH)
            }
            ["help", "partners"] => Self::WhatCanAPartnerDo,
            ["activity"] => Self::Activity,
            ["outbox"] => Self::Outbox,
            _ => Self::NotFound,
        }
    }

    fn view(self) -> View {
        match self {
            Self::Home => areas::account::home::Home().into_view(),
            Self::FindAPartner => areas::partners::find_a_partner::FindAPartner().into_view(),
            Self::MyRequests => areas::partners::my_requests::MyRequests().into_view(),
            Self::Enquiries => partner_only(|| areas::desk::enquiries::Enquiries().into_view()),
            Self::EnquiryDetails => {
                partner_only(|| areas::desk::enquiry_details::EnquiryDetails().into_view())
            }
            Self::Invitations => {
                partner_only(|| areas::desk::invitations::Invitations().into_view())
            }
            Self::InvitationDetails => {
                partner_only(|| areas::desk::invitation_details::InvitationDetails().into_view())
            }
            Self::Preview => partner_only(|| areas::desk::preview::Preview().into_view()),
            Self::Customers => partner_only(|| areas::desk::customers::Customers().into_view()),
            Self::CustomerDetails => {
                partner_only(|| areas::desk::customers::CustomerDetails().into_view())
            }
            Self::Profile => partner_only(|| areas::desk::profile::PartnerProfile().into_view()),
            Self::PartnerInvitation => {
                areas::partners::partner_invitation::PartnerInvitation().into_view()
            }
            Self::PurchaseServices(base) => customer_or_partner_page(base, || {
                areas::billing::purchase_services::PurchaseServices().into_view()
            }),
            Self::Checkout(base) => {
                customer_or_partner_page(base, || areas::billing::checkout::Checkout().into_view())
            }
            Self::Subscriptions => {
                customer_only(|| areas::billing::subscriptions::Subscriptions().into_view())
            }
            Self::SubscriptionDetails(base) => customer_or_partner_page(
                base,
                || view! { <areas::billing::subscription_details::SubscriptionDetails base=base /> },
            ),
            Self::ImportPartners => {
                customer_only(|| areas::billing::import_partners::ImportPartners().into_view())
            }
            Self::BillingAccounts | Self::BillingRelationships => {
                customer_only(|| areas::billing::billing_accounts::BillingAccounts().into_view())
            }
            Self::AcceptAgreement => {
                areas::partners::accept_agreement::AcceptAgreement().into_view()
            }
            Self::PartnerDetails(base) => {
                view! { <areas::partners::partner_details::PartnerDetails base=base /> }
            }
            Self::PartnerRelationships => {
                view! { <areas::partners::partner_relationships::PartnerRelationships base=SETTINGS_PARTNERS_PATH /> }
            }
            Self::WhatCanAPartnerDo => {
                areas::partners::what_can_a_partner_do::WhatCanAPartnerDo().into_view()
            }
            Self::Activity => areas::audit::activity::Activity().into_view(),
            Self::Outbox => areas::audit::outbox::Outbox().into_view(),
            Self::NotFound => areas::account::not_found::NotFound().into_view(),
        }
    }
}

/// Shows a page that exists for customers, and for partners under the path of their
/// customers.
fn customer_or_partner_page(base: &'static str, page: impl FnOnce() -> View) -> View {
    if base == desk::CUSTOMERS_PATH { partner_only(page) } else { customer_only(page) }
}

/// The content of the frame: the page of the address, or the sign-in page at the same
/// address if no user is signed in.
#[component]
fn Page() -> View {
    let session_status = session::status();
    let path = use_location().pathname;
    let site = session::site();
    let route = Memo::new(move |_| PageRoute::from_path(&path.read()));
    let open = Memo::new(move |_| {
        route.get() == PageRoute::Outbox
            && site.with(|site| site.as_ref().is_some_and(|site| site.demo))
    });
    (move || match session_status.get() {
        SessionStatus::Unknown => view! { <Skeleton /> },
        SessionStatus::SignedIn(_) => {
            session::provide();
            route.get().view()
        }
        SessionStatus::SignedOut if open.get() => areas::audit::outbox::Outbox().into_view(),
        SessionStatus::SignedOut => areas::account::sign_in::SignIn().into_view(),
        SessionStatus::Failed(failure) => {
            let reason = move || failure.text();
            view! { <ErrorState reason=reason on_retry=|()| session::refresh() /> }
        }
    })
    .into_view()
}

/// Path of the catalog.
const PURCHASE_PATH: &str = "/billing/purchase";
/// Path of the partner list under Settings.
const SETTINGS_PARTNERS_PATH: &str = "/settings/partner-relationships";
/// Path of the same list as a tab of the billing accounts.
const BILLING_PARTNERS_PATH: &str = "/billing/accounts/partner-relationships";

/// The header of every page.
#[component]
fn Header() -> View {
    let signed_in = signed_in();
    view! {
        <header class="header">
            <SkipLink />
            {move || signed_in.get().then(|| view! { <Drawer /> })}
            <Link href="/" class="product">
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
                <NavLink href="/" icon=Icon::Home label=t::shell::home exact=true />
                {move || {
                    if customer.get() { view! { <CustomerLinks /> } } else { view! { <PartnerLinks /> } }
                }}
                <NavLink href="/help/partners" icon=Icon::Help label=t::shell::what_can_a_partner_do />
                <NavLink href="/activity" icon=Icon::Activity label=t::shell::activity />
                {move || {
                    outbox
                        .get()
                        .then(|| view! { <NavLink href=OUTBOX_PATH icon=Icon::Mail label=t::shell::outbox /> })
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
            href=areas::partners::find_a_partner::PATH
            icon=Icon::Search
            label=t::shell::find_a_partner
            exact=true
        />
        <NavLink
            href=areas::partners::my_requests::PATH
            icon=Icon::Send
            label=t::shell::my_requests
        />
        <li>
            <p class="nav-section">{Icon::Billing} {t::shell::billing}</p>
            <ul>
                <NavLink href=PURCHASE_PATH label=t::shell::purchase_services />
                <NavLink href=subscriptions::PATH label=subscriptions::title />
                <NavLink href="/billing/accounts" label=t::shell::billing_accounts />
            </ul>
        </li>
        <li>
            <p class="nav-section">{Icon::Settings} {t::shell::settings}</p>
            <ul>
                <NavLink href=SETTINGS_PARTNERS_PATH label=t::shell::partner_relationships />
            </ul>
        </li>
    }
}

/// The links for partners only.
#[component]
fn PartnerLinks() -> View {
    view! {
        <NavLink href=desk::ENQUIRIES_PATH icon=Icon::Mail label=t::shell::enquiries />
        <NavLink href=desk::INVITATIONS_PATH icon=Icon::Send label=t::shell::invitations />
        <NavLink href=desk::CUSTOMERS_PATH icon=Icon::People label=t::shell::customers />
        <NavLink href=desk::PROFILE_PATH icon=Icon::Building label=t::shell::profile />
    }
}

/// A link in the navigation.
#[component]
fn NavLink(
    href: &'static str,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_to_its_page() {
        for (path, route) in [
            ("/", PageRoute::Home),
            ("/partners", PageRoute::FindAPartner),
            ("/partners/contact", PageRoute::FindAPartner),
            ("/partners/requests", PageRoute::MyRequests),
            ("/partners/42", PageRoute::NotFound),
            ("/enquiries", PageRoute::Enquiries),
            ("/enquiries/42", PageRoute::EnquiryDetails),
            ("/invitations/", PageRoute::Invitations),
            ("/invitations/new", PageRoute::InvitationDetails),
            ("/invitations/42", PageRoute::InvitationDetails),
            ("/invitations/42/preview", PageRoute::Preview),
            ("/invitations/42/elsewhere", PageRoute::NotFound),
            ("/customers", PageRoute::Customers),
            ("/customers/42", PageRoute::CustomerDetails),
            ("/customers/42/purchase", PageRoute::PurchaseServices(desk::CUSTOMERS_PATH)),
            ("/customers/42/purchase/43", PageRoute::Checkout(desk::CUSTOMERS_PATH)),
            ("/customers/42/subscriptions", PageRoute::NotFound),
            (
                "/customers/42/subscriptions/43",
                PageRoute::SubscriptionDetails(desk::CUSTOMERS_PATH),
            ),
            ("/billing/purchase", PageRoute::PurchaseServices(PURCHASE_PATH)),
            ("/billing/purchase/42", PageRoute::Checkout(PURCHASE_PATH)),
            ("/billing/subscriptions", PageRoute::Subscriptions),
            ("/billing/subscriptions/import", PageRoute::ImportPartners),
            ("/billing/subscriptions/42", PageRoute::SubscriptionDetails(subscriptions::PATH)),
            (
                "/billing/subscriptions/42/partner",
                PageRoute::SubscriptionDetails(subscriptions::PATH),
            ),
            ("/billing/subscriptions/42/elsewhere", PageRoute::NotFound),
            ("/profile", PageRoute::Profile),
            ("/partner-invitation", PageRoute::PartnerInvitation),
            ("/partner-invitation/", PageRoute::PartnerInvitation),
            ("/partner-invitation/42", PageRoute::PartnerInvitation),
            ("/billing/accounts/agreement", PageRoute::AcceptAgreement),
            ("/billing/accounts/partner-relationships", PageRoute::BillingRelationships),
            (
                "/billing/accounts/partner-relationships/42",
                PageRoute::PartnerDetails(BILLING_PARTNERS_PATH),
            ),
            (
                "/settings/partner-relationships/42",
                PageRoute::PartnerDetails(SETTINGS_PARTNERS_PATH),
            ),
            ("/settings/partner-relationships/42/more", PageRoute::NotFound),
            ("/nowhere", PageRoute::NotFound),
        ] {
            assert_eq!(PageRoute::from_path(path), route, "{path}");
        }
    }
}
