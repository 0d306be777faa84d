//! The frame around every page: header, navigation, and where pages appear.

use leptos::{html, prelude::*};
use leptos_router::{
    components::{Router, RouterProps},
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};
use rules::{OrganizationAction, OrganizationKind, check};
use web_sys::HtmlDialogElement;

use crate::{
    intl,
    load::{effect, spawn},
    pages::{
        self,
        desk::{self, customer_only, partner_only},
        subscriptions,
    },
    session::{self, Standing},
    t, text,
    theme::Theme,
    ui::{ErrorState, Icon, Intent, Link, Menu, Skeleton, SkipLink, Tag, Toasts, toast},
    view::{CollectView, IntoView, View, view},
    words,
};

/// The page that stands in for everybody's mailbox, and needs nobody to be signed in.
const OUTBOX: &str = "/outbox";

/// The whole app.
#[component]
pub fn App() -> View {
    route();
    session::start();
    // The frame of a preview shows the page alone.
    if use_location().pathname.read_untracked().starts_with(pages::preview::PATH) {
        return view! {
            <main id="main" class="main" tabindex="-1">
                <pages::PreviewFrame />
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

/// Lets the router keep address and history. Which page is at an address says [`Place`]:
/// the router's own routes cost 25 KB of wasm.
fn route() {
    Router(RouterProps::builder().children(ToChildren::to_children(|| ())).build());
    let url = expect_context::<BrowserUrl>();
    let path = use_location().pathname;
    effect(move || {
        path.track();
        // The page of the new address is about to be shown: it may stand in the
        // address bar, and be something to go back from.
        url.ready_to_complete();
    });
}

/// What is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Home,
    /// The search for partners and the form that contacts them, one page.
    FindAPartner,
    MyRequests,
    Enquiries,
    EnquiryDetails,
    Invitations,
    /// A draft as it is composed, or a sent invitation as it is followed.
    InvitationDetails,
    Preview,
    Customers,
    CustomerDetails,
    Profile,
    PartnerInvitation,
    /// The products that can be bought, for the own organization or for a customer.
    /// The path says which.
    PurchaseServices(&'static str),
    Checkout(&'static str),
    Subscriptions,
    /// On the list of this path, or below the partner's customers.
    SubscriptionDetails(&'static str),
    ImportPartners,
    BillingAccounts,
    /// The tab of the billing accounts.
    BillingRelationships,
    AcceptAgreement,
    /// The list of partners that this path is of.
    PartnerDetails(&'static str),
    PartnerRelationships,
    WhatCanAPartnerDo,
    Activity,
    Outbox,
    Nothing,
}

impl Place {
    /// The page of a path. An invitation is one page, with its id or without, so that
    /// it stays when the id takes the place of the link's token.
    fn of(path: &str) -> Self {
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
            ["billing", "purchase"] => Self::PurchaseServices(PURCHASE),
            ["billing", "purchase", _] => Self::Checkout(PURCHASE),
            ["customers", _, "subscriptions", _] => Self::SubscriptionDetails(desk::CUSTOMERS_PATH),
            ["billing", "subscriptions"] => Self::Subscriptions,
            ["billing", "subscriptions", "import"] => Self::ImportPartners,
            // Where a subscription's page has tabs, each has an address.
            ["billing", "subscriptions", _] | ["billing", "subscriptions", _, "partner"] => {
                Self::SubscriptionDetails(subscriptions::PATH)
            }
            ["profile"] => Self::Profile,
            ["partner-invitation"] | ["partner-invitation", _] => Self::PartnerInvitation,
            ["billing", "accounts"] => Self::BillingAccounts,
            ["billing", "accounts", "partner-relationships"] => Self::BillingRelationships,
            ["billing", "accounts", "agreement"] => Self::AcceptAgreement,
            ["billing", "accounts", "partner-relationships", _] => {
                Self::PartnerDetails(BILLING_LIST)
            }
            ["settings", "partner-relationships"] => Self::PartnerRelationships,
            ["settings", "partner-relationships", _] => Self::PartnerDetails(SETTINGS_LIST),
            ["help", "partners"] => Self::WhatCanAPartnerDo,
            ["activity"] => Self::Activity,
            ["outbox"] => Self::Outbox,
            _ => Self::Nothing,
        }
    }

    fn page(self) -> View {
        match self {
            Self::Home => pages::Home().into_view(),
            Self::FindAPartner => pages::FindAPartner().into_view(),
            Self::MyRequests => pages::MyRequests().into_view(),
            Self::Enquiries => partner_only(|| pages::Enquiries().into_view()),
            Self::EnquiryDetails => partner_only(|| pages::EnquiryDetails().into_view()),
            Self::Invitations => partner_only(|| pages::Invitations().into_view()),
            Self::InvitationDetails => partner_only(|| pages::InvitationDetails().into_view()),
            Self::Preview => partner_only(|| pages::Preview().into_view()),
            Self::Customers => partner_only(|| pages::Customers().into_view()),
            Self::CustomerDetails => partner_only(|| pages::CustomerDetails().into_view()),
            Self::Profile => partner_only(|| pages::PartnerProfile().into_view()),
            Self::PartnerInvitation => pages::PartnerInvitation().into_view(),
            Self::PurchaseServices(base) => below(base, || pages::PurchaseServices().into_view()),
            Self::Checkout(base) => below(base, || pages::Checkout().into_view()),
            Self::Subscriptions => customer_only(|| pages::Subscriptions().into_view()),
            Self::SubscriptionDetails(base) => {
                below(base, || view! { <pages::SubscriptionDetails base=base /> })
            }
            Self::ImportPartners => customer_only(|| pages::ImportPartners().into_view()),
            Self::BillingAccounts | Self::BillingRelationships => {
                customer_only(|| pages::BillingAccounts().into_view())
            }
            Self::AcceptAgreement => pages::AcceptAgreement().into_view(),
            Self::PartnerDetails(base) => view! { <pages::PartnerDetails base=base /> },
            Self::PartnerRelationships => {
                view! { <pages::PartnerRelationships base=SETTINGS_LIST /> }
            }
            Self::WhatCanAPartnerDo => pages::WhatCanAPartnerDo().into_view(),
            Self::Activity => pages::Activity().into_view(),
            Self::Outbox => pages::Outbox().into_view(),
            Self::Nothing => pages::NotFound().into_view(),
        }
    }
}

/// A page that customers have, and that partners have below the path of their customers.
fn below(base: &'static str, page: impl FnOnce() -> View) -> View {
    if base == desk::CUSTOMERS_PATH { partner_only(page) } else { customer_only(page) }
}

/// What is shown in the frame: the page of the address for whoever is signed in,
/// and for everybody else the way to sign in, at the same address.
#[component]
fn Page() -> View {
    let standing = session::standing();
    let path = use_location().pathname;
    let site = session::site();
    let place = Memo::new(move |_| Place::of(&path.read()));
    let open = Memo::new(move |_| {
        place.get() == Place::Outbox
            && site.with(|site| site.as_ref().is_some_and(|site| site.demo))
    });
    (move || match standing.get() {
        Standing::Unknown => view! { <Skeleton /> },
        Standing::SignedIn(_) => {
            session::provide();
            place.get().page()
        }
        Standing::SignedOut if open.get() => pages::Outbox().into_view(),
        Standing::SignedOut => pages::SignIn().into_view(),
        Standing::Failed(failure) => {
            let reason = move || failure.text();
            view! { <ErrorState reason=reason on_retry=|()| session::refresh() /> }
        }
    })
    .into_view()
}

/// Where products are bought.
const PURCHASE: &str = "/billing/purchase";
/// The list of partners under Settings.
const SETTINGS_LIST: &str = "/settings/partner-relationships";
/// The same list as the tab of the billing accounts.
const BILLING_LIST: &str = "/billing/accounts/partner-relationships";

/// The bar at the top of every page.
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
            {move || signed_in.get().then(|| view! { <Organization /> })}
            <div class="header-tools">
                <Languages />
                <Themes />
                {move || signed_in.get().then(|| view! { <Account /> })}
            </div>
        </header>
    }
}

/// Whether somebody is signed in; changes only when that does.
fn signed_in() -> Memo<bool> {
    let standing = session::standing();
    Memo::new(move |_| matches!(standing.get(), Standing::SignedIn(_)))
}

/// Whose admin center it is, and in which cloud.
#[component]
fn Organization() -> View {
    let name = || session::maybe().map(|session| session.organization.name.to_string());
    let clouds = || {
        let clouds =
            session::maybe().map(|session| session.organization.clouds).unwrap_or_default();
        intl::list(&clouds.into_iter().map(words::cloud).collect::<Vec<_>>())
    };
    view! {
        <div class="header-organization">
            <span class="organization">{name}</span>
            <Tag label=clouds />
        </div>
    }
}

/// The navigation in a narrow window: a modal drawer behind a button.
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
        session::maybe()
            .is_some_and(|session| session.organization.kind == OrganizationKind::Customer)
    });
    let site = session::site();
    let outbox = Memo::new(move |_| {
        let demo = site.with(|site| site.as_ref().is_some_and(|site| site.demo));
        let allowed = session::maybe().is_some_and(|session| {
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
                        .then(|| view! { <NavLink href=OUTBOX icon=Icon::Mail label=t::shell::outbox /> })
                }}
            </ul>
        </nav>
    }
}

/// The links that customers have and partners don't.
#[component]
fn CustomerLinks() -> View {
    view! {
        <NavLink
            href=pages::find_a_partner::PATH
            icon=Icon::Search
            label=t::shell::find_a_partner
            exact=true
        />
        <NavLink
            href=pages::my_requests::PATH
            icon=Icon::Send
            label=t::shell::my_requests
        />
        <li>
            <p class="nav-section">{Icon::Billing} {t::shell::billing}</p>
            <ul>
                <NavLink href=PURCHASE label=t::shell::purchase_services />
                <NavLink href=subscriptions::PATH label=subscriptions::title />
                <NavLink href="/billing/accounts" label=t::shell::billing_accounts />
            </ul>
        </li>
        <li>
            <p class="nav-section">{Icon::Settings} {t::shell::settings}</p>
            <ul>
                <NavLink href=SETTINGS_LIST label=t::shell::partner_relationships />
            </ul>
        </li>
    }
}

/// The links that partners have and customers don't.
#[component]
fn PartnerLinks() -> View {
    view! {
        <NavLink href=desk::ENQUIRIES_PATH icon=Icon::Mail label=t::shell::enquiries />
        <NavLink href=desk::INVITATIONS_PATH icon=Icon::Send label=t::shell::invitations />
        <NavLink href=desk::CUSTOMERS_PATH icon=Icon::People label=t::shell::customers />
        <NavLink href=desk::PROFILE_PATH icon=Icon::Building label=t::shell::profile />
    }
}

/// One link of the navigation.
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

/// The choice of language.
#[component]
fn Languages() -> View {
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

/// The choice of light and dark.
#[component]
fn Themes() -> View {
    let theme = RwSignal::new(Theme::current());
    let item = move |this: Theme, icon: Icon, label: text::Text| {
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || Some(if theme.get() == this { "true" } else { "false" })
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
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> View {
    let name = || session::maybe().map(|session| session.user.name.to_string()).unwrap_or_default();
    let email = || session::maybe().map(|session| session.user.email.to_string());
    let organization = || session::maybe().map(|session| session.organization.name.to_string());
    let roles = || {
        let roles = session::maybe().map(|session| session.user.roles).unwrap_or_default();
        intl::list(&roles.into_iter().map(words::user_role).collect::<Vec<_>>())
    };
    // The letters are drawn by the stylesheet: they are a picture, not a name.
    let trigger = move || {
        let initials = move || session::initials(&name());
        view! { <span class="avatar" data-initials=initials></span> }
    };
    let leave = |everywhere: bool| {
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
            <button type="button" class="menu-item" on:click=move |_| leave(false)>
                {Icon::SignOut}
                {t::shell::sign_out}
            </button>
            <button type="button" class="menu-item" on:click=move |_| leave(true)>
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
    fn every_address_has_its_page() {
        for (path, place) in [
            ("/", Place::Home),
            ("/partners", Place::FindAPartner),
            ("/partners/contact", Place::FindAPartner),
            ("/partners/requests", Place::MyRequests),
            ("/partners/42", Place::Nothing),
            ("/enquiries", Place::Enquiries),
            ("/enquiries/42", Place::EnquiryDetails),
            ("/invitations/", Place::Invitations),
            ("/invitations/new", Place::InvitationDetails),
            ("/invitations/42", Place::InvitationDetails),
            ("/invitations/42/preview", Place::Preview),
            ("/invitations/42/elsewhere", Place::Nothing),
            ("/customers", Place::Customers),
            ("/customers/42", Place::CustomerDetails),
            ("/customers/42/purchase", Place::PurchaseServices(desk::CUSTOMERS_PATH)),
            ("/customers/42/purchase/43", Place::Checkout(desk::CUSTOMERS_PATH)),
            ("/customers/42/subscriptions", Place::Nothing),
            ("/customers/42/subscriptions/43", Place::SubscriptionDetails(desk::CUSTOMERS_PATH)),
            ("/billing/purchase", Place::PurchaseServices(PURCHASE)),
            ("/billing/purchase/42", Place::Checkout(PURCHASE)),
            ("/billing/subscriptions", Place::Subscriptions),
            ("/billing/subscriptions/import", Place::ImportPartners),
            ("/billing/subscriptions/42", Place::SubscriptionDetails(subscriptions::PATH)),
            ("/billing/subscriptions/42/partner", Place::SubscriptionDetails(subscriptions::PATH)),
            ("/billing/subscriptions/42/elsewhere", Place::Nothing),
            ("/profile", Place::Profile),
            ("/partner-invitation", Place::PartnerInvitation),
            ("/partner-invitation/", Place::PartnerInvitation),
            ("/partner-invitation/42", Place::PartnerInvitation),
            ("/billing/accounts/agreement", Place::AcceptAgreement),
            ("/billing/accounts/partner-relationships", Place::BillingRelationships),
            ("/billing/accounts/partner-relationships/42", Place::PartnerDetails(BILLING_LIST)),
            ("/settings/partner-relationships/42", Place::PartnerDetails(SETTINGS_LIST)),
            ("/settings/partner-relationships/42/more", Place::Nothing),
            ("/nowhere", Place::Nothing),
        ] {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }
}
