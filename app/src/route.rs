//! The addresses of the app: parses and builds each, and knows its area.

use std::{fmt, mem::Discriminant, str::FromStr};

use api::routes;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{EnquiryId, InvitationId, ProductId, RelationshipId, SubscriptionId};

/// The last part of an address that has no valid ID.
const NO_ID: &str = "unknown";

/// A part of the app whose pages belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Home, and what is shown at an unknown address.
    Account,
    /// The customer's partners.
    Partners,
    /// Buying services, and subscriptions.
    Billing,
    /// The partner's desk.
    Desk,
    /// The audit log and the outbox.
    Audit,
    /// The frame in a partner's preview, a document of its own.
    Preview,
}

/// The address of a page, without its query and fragment. An ID is `None` if the address has
/// something else in its place: the page then says that it found nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumDiscriminants))]
#[cfg_attr(
    test,
    strum_discriminants(name(RouteKind), derive(strum::VariantArray, PartialOrd, Ord))
)]
pub enum Route {
    /// The home page.
    Home,
    /// The search for partners.
    FindAPartner,
    /// The form that contacts the partners that were found, on the page of the search.
    ContactPartners,
    /// The organization's enquiries to partners.
    MyRequests,
    /// The enquiries that a partner received.
    Enquiries,
    /// An enquiry that a partner received.
    Enquiry(Option<EnquiryId>),
    /// The invitations of a partner.
    Invitations,
    /// The form for a new invitation, on the page of an invitation.
    NewInvitation,
    /// The form of a draft, or the details of a sent invitation.
    Invitation(Option<InvitationId>),
    /// The partner's preview of an invitation.
    InvitationPreview(Option<InvitationId>),
    /// The customers of a partner.
    Customers,
    /// A customer of a partner.
    Customer(Option<RelationshipId>),
    /// The catalog for a customer.
    CustomerPurchase(Option<RelationshipId>),
    /// The checkout for a customer.
    CustomerCheckout(Option<RelationshipId>, Option<ProductId>),
    /// A subscription of a customer.
    CustomerSubscription(Option<RelationshipId>, Option<SubscriptionId>),
    /// The profile of a partner.
    Profile,
    /// The catalog for the own organization.
    Purchase,
    /// The checkout for the own organization.
    Checkout(Option<ProductId>),
    /// The organization's subscriptions.
    Subscriptions,
    /// The import of partners of record.
    ImportPartners,
    /// A subscription of the organization.
    Subscription(Option<SubscriptionId>),
    /// The tab of a subscription with its partner of record.
    SubscriptionPartner(Option<SubscriptionId>),
    /// The billing accounts.
    BillingAccounts,
    /// The partner relationships, as a tab of the billing accounts.
    BillingRelationships,
    /// A partner, opened from the tab of the billing accounts.
    BillingPartner(Option<RelationshipId>),
    /// The agreement.
    Agreement,
    /// The partner relationships.
    PartnerRelationships,
    /// A partner.
    Partner(Option<RelationshipId>),
    /// An invitation that a customer received. Without an ID the token of a mailed link is in
    /// the fragment.
    PartnerInvitation(Option<InvitationId>),
    /// What a partner can do.
    WhatCanAPartnerDo,
    /// The audit log.
    Activity,
    /// The mails that were sent.
    Outbox,
    /// The frame in a partner's preview.
    PreviewFrame(Option<InvitationId>),
    /// An unknown address.
    NotFound,
}

impl Route {
    /// Returns the route of a path.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match *parts.as_slice() {
            [] => Self::Home,
            ["partners"] => Self::FindAPartner,
            ["partners", "contact"] => Self::ContactPartners,
            ["partners", "requests"] => Self::MyRequests,
            ["enquiries"] => Self::Enquiries,
            ["enquiries", id] => Self::Enquiry(parse_id(id)),
            ["invitations"] => Self::Invitations,
            ["invitations", "new"] => Self::NewInvitation,
            ["invitations", id] => Self::Invitation(parse_id(id)),
            ["invitations", id, "preview"] => Self::InvitationPreview(parse_id(id)),
            ["customers"] => Self::Customers,
            ["customers", id] => Self::Customer(parse_id(id)),
            ["customers", id, "purchase"] => Self::CustomerPurchase(parse_id(id)),
            ["customers", id, "purchase", product] => {
                Self::CustomerCheckout(parse_id(id), parse_id(product))
            }
            ["customers", id, "subscriptions", subscription] => {
                Self::CustomerSubscription(parse_id(id), parse_id(subscription))
            }
            ["profile"] => Self::Profile,
            ["billing", "purchase"] => Self::Purchase,
            ["billing", "purchase", product] => Self::Checkout(parse_id(product)),
            ["billing", "subscriptions"] => Self::Subscriptions,
            ["billing", "subscriptions", "import"] => Self::ImportPartners,
            ["billing", "subscriptions", id] => Self::Subscription(parse_id(id)),
            ["billing", "subscriptions", id, "partner"] => Self::SubscriptionPartner(parse_id(id)),
            ["billing", "accounts"] => Self::BillingAccounts,
            ["billing", "accounts", "partner-relationships"] => Self::BillingRelationships,
            ["billing", "accounts", "partner-relationships", id] => {
                Self::BillingPartner(parse_id(id))
            }
            ["billing", "accounts", "agreement"] => Self::Agreement,
            ["settings", "partner-relationships"] => Self::PartnerRelationships,
            ["settings", "partner-relationships", id] => Self::Partner(parse_id(id)),
            ["partner-invitation"] => Self::PartnerInvitation(None),
            ["partner-invitation", id] => Self::PartnerInvitation(parse_id(id)),
            ["help", "partners"] => Self::WhatCanAPartnerDo,
            ["activity"] => Self::Activity,
            ["outbox"] => Self::Outbox,
            ["preview", "invitation", id] => Self::PreviewFrame(parse_id(id)),
            _ => Self::NotFound,
        }
    }

    /// Returns a function that returns the route of the current address. Reactive. A function,
    /// because a signal of its own type would add a kilobyte of wasm.
    pub fn current() -> impl Fn() -> Self + Copy + Send + Sync + 'static {
        let path = use_location().pathname;
        move || Self::parse(&path.read())
    }

    /// Returns the route of the current address. Not reactive.
    #[must_use]
    pub fn current_untracked() -> Self {
        untrack(Self::current())
    }

    /// Returns the path. Not inlined, because each link calls it.
    #[must_use]
    #[inline(never)]
    pub fn path(self) -> String {
        self.to_string()
    }

    /// Returns the area of the page.
    #[must_use]
    pub const fn area(self) -> Area {
        match self {
            Self::Home | Self::NotFound => Area::Account,
            Self::FindAPartner
            | Self::ContactPartners
            | Self::MyRequests
            | Self::Agreement
            | Self::PartnerRelationships
            | Self::Partner(_)
            | Self::BillingPartner(_)
            | Self::PartnerInvitation(_)
            | Self::WhatCanAPartnerDo => Area::Partners,
            Self::CustomerPurchase(_)
            | Self::CustomerCheckout(..)
            | Self::CustomerSubscription(..)
            | Self::Purchase
            | Self::Checkout(_)
            | Self::Subscriptions
            | Self::ImportPartners
            | Self::Subscription(_)
            | Self::SubscriptionPartner(_)
            | Self::BillingAccounts
            | Self::BillingRelationships => Area::Billing,
            Self::Enquiries
            | Self::Enquiry(_)
            | Self::Invitations
            | Self::NewInvitation
            | Self::Invitation(_)
            | Self::InvitationPreview(_)
            | Self::Customers
            | Self::Customer(_)
            | Self::Profile => Area::Desk,
            Self::Activity | Self::Outbox => Area::Audit,
            Self::PreviewFrame(_) => Area::Preview,
        }
    }

    /// Returns whether one page shows both routes. It stays when the address changes from one
    /// to the other, so that what was typed and selected is kept.
    #[must_use]
    pub fn is_same_page(self, other: Self) -> bool {
        self.page() == other.page()
    }

    fn page(self) -> Discriminant<Self> {
        let page = if self == Self::ContactPartners {
            Self::FindAPartner
        } else if self == Self::NewInvitation {
            Self::Invitation(None)
        } else if let Self::SubscriptionPartner(id) = self {
            Self::Subscription(id)
        } else {
            self
        };
        std::mem::discriminant(&page)
    }

    /// Returns the page of a subscription: below the customer of this relationship, or among the
    /// organization's own without one.
    #[must_use]
    pub const fn of_subscription(customer: Option<RelationshipId>, id: SubscriptionId) -> Self {
        match customer {
            Some(customer) => Self::CustomerSubscription(Some(customer), Some(id)),
            None => Self::Subscription(Some(id)),
        }
    }
}

impl fmt::Display for Route {
    /// Writes the path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The API's constants are those that links in mails use too.
        let (list, id, rest): (&str, Option<&dyn fmt::Display>, &str) = match self {
            Self::Home => ("/", None, ""),
            Self::FindAPartner => (routes::PARTNERS_PAGE, None, ""),
            Self::ContactPartners => (routes::PARTNERS_PAGE, None, "/contact"),
            Self::MyRequests => (routes::PARTNERS_PAGE, None, "/requests"),
            Self::Enquiries => (routes::ENQUIRIES_PAGE, None, ""),
            Self::Enquiry(id) => (routes::ENQUIRIES_PAGE, Some(written(id.as_ref())), ""),
            Self::Invitations => ("/invitations", None, ""),
            Self::NewInvitation => ("/invitations", None, "/new"),
            Self::Invitation(id) => ("/invitations", Some(written(id.as_ref())), ""),
            Self::InvitationPreview(id) => ("/invitations", Some(written(id.as_ref())), "/preview"),
            Self::Customers => (routes::CUSTOMERS_PAGE, None, ""),
            Self::Customer(id) => (routes::CUSTOMERS_PAGE, Some(written(id.as_ref())), ""),
            Self::CustomerPurchase(id) => {
                (routes::CUSTOMERS_PAGE, Some(written(id.as_ref())), "/purchase")
            }
            Self::CustomerCheckout(id, product) => {
                return write!(f, "{}/{}", Self::CustomerPurchase(*id), written(product.as_ref()));
            }
            Self::CustomerSubscription(id, subscription) => {
                return write!(
                    f,
                    "{}/subscriptions/{}",
                    Self::Customer(*id),
                    written(subscription.as_ref())
                );
            }
            Self::Profile => ("/profile", None, ""),
            Self::Purchase => (routes::PURCHASE_PAGE, None, ""),
            Self::Checkout(product) => (routes::PURCHASE_PAGE, Some(written(product.as_ref())), ""),
            Self::Subscriptions => (routes::SUBSCRIPTIONS_PAGE, None, ""),
            Self::ImportPartners => (routes::SUBSCRIPTIONS_PAGE, None, "/import"),
            Self::Subscription(id) => (routes::SUBSCRIPTIONS_PAGE, Some(written(id.as_ref())), ""),
            Self::SubscriptionPartner(id) => {
                (routes::SUBSCRIPTIONS_PAGE, Some(written(id.as_ref())), "/partner")
            }
            Self::BillingAccounts => ("/billing/accounts", None, ""),
            Self::BillingRelationships => ("/billing/accounts", None, "/partner-relationships"),
            Self::BillingPartner(id) => {
                return write!(f, "{}/{}", Self::BillingRelationships, written(id.as_ref()));
            }
            Self::Agreement => ("/billing/accounts", None, "/agreement"),
            Self::PartnerRelationships => (routes::RELATIONSHIPS_PAGE, None, ""),
            Self::Partner(id) => (routes::RELATIONSHIPS_PAGE, Some(written(id.as_ref())), ""),
            Self::PartnerInvitation(None) => (routes::INVITATION_PAGE, None, ""),
            Self::PartnerInvitation(id) => {
                (routes::INVITATION_PAGE, Some(written(id.as_ref())), "")
            }
            Self::WhatCanAPartnerDo => ("/help/partners", None, ""),
            Self::Activity => ("/activity", None, ""),
            Self::Outbox => ("/outbox", None, ""),
            Self::PreviewFrame(id) => ("/preview/invitation", Some(written(id.as_ref())), ""),
            Self::NotFound => ("/not-found", None, ""),
        };
        f.write_str(list)?;
        if let Some(id) = id {
            write!(f, "/{id}")?;
        }
        f.write_str(rest)
    }
}

/// Reads the ID in an address. Not inlined, because `parse` calls it for each route.
#[inline(never)]
fn parse_id<T: FromStr>(part: &str) -> Option<T> {
    part.parse().ok()
}

/// Returns what an address has in the place of an ID.
fn written<T: fmt::Display>(id: Option<&T>) -> &dyn fmt::Display {
    match id {
        Some(id) => id,
        None => &NO_ID,
    }
}

impl From<Route> for String {
    fn from(route: Route) -> Self {
        route.path()
    }
}

impl From<Route> for Signal<String> {
    #[inline(never)]
    fn from(route: Route) -> Self {
        route.path().into()
    }
}

/// Returns what the page reads from its address, such as an ID; `read` returns `None` for the
/// routes of other pages. While a page is being left, the address is already that of the next
/// page, and the value stays.
pub fn use_param<T>(read: fn(Route) -> Option<T>) -> Memo<T>
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let path = use_location().pathname;
    Memo::new(move |before: Option<&T>| {
        read(Route::parse(&path.read())).or_else(|| before.cloned()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rules::Timestamp;
    use strum::VariantArray as _;

    use super::*;

    /// Returns every route, with IDs made from a number.
    fn all_routes(seed: u64) -> Vec<Route> {
        let time = Timestamp::from_milliseconds(i64::try_from(seed % 4_000_000_000_000).unwrap());
        let entropy = u128::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let (enquiry, invitation) =
            (EnquiryId::new(time, entropy), InvitationId::new(time, entropy));
        let (product, relationship) =
            (ProductId::new(time, entropy), RelationshipId::new(time, entropy));
        let subscription = SubscriptionId::new(time, entropy);
        let mut all = vec![
            Route::Home,
            Route::FindAPartner,
            Route::ContactPartners,
            Route::MyRequests,
            Route::Enquiries,
            Route::Invitations,
            Route::NewInvitation,
            Route::Customers,
            Route::Profile,
            Route::Purchase,
            Route::Subscriptions,
            Route::ImportPartners,
            Route::BillingAccounts,
            Route::BillingRelationships,
            Route::Agreement,
            Route::PartnerRelationships,
            Route::WhatCanAPartnerDo,
            Route::Activity,
            Route::Outbox,
            Route::NotFound,
        ];
        for enquiry in [None, Some(enquiry)] {
            all.push(Route::Enquiry(enquiry));
        }
        for invitation in [None, Some(invitation)] {
            all.push(Route::Invitation(invitation));
            all.push(Route::InvitationPreview(invitation));
            all.push(Route::PartnerInvitation(invitation));
            all.push(Route::PreviewFrame(invitation));
        }
        for relationship in [None, Some(relationship)] {
            all.push(Route::Customer(relationship));
            all.push(Route::CustomerPurchase(relationship));
            all.push(Route::BillingPartner(relationship));
            all.push(Route::Partner(relationship));
            for product in [None, Some(product)] {
                all.push(Route::CustomerCheckout(relationship, product));
            }
            for subscription in [None, Some(subscription)] {
                all.push(Route::CustomerSubscription(relationship, subscription));
            }
        }
        for product in [None, Some(product)] {
            all.push(Route::Checkout(product));
        }
        for subscription in [None, Some(subscription)] {
            all.push(Route::Subscription(subscription));
            all.push(Route::SubscriptionPartner(subscription));
        }
        all
    }

    #[test]
    fn every_route_builds_an_address_that_parses_to_itself() {
        let kinds: BTreeSet<_> = all_routes(0).into_iter().map(RouteKind::from).collect();
        assert_eq!(kinds, RouteKind::VARIANTS.iter().copied().collect(), "a route is left out");
        for number in 0..1_000_u64 {
            for route in all_routes(number.wrapping_mul(6_364_136_223_846_793_005)) {
                let path = route.path();
                assert_eq!(Route::parse(&path), route, "{path}");
                assert_eq!(Route::parse(&format!("{path}/")), route, "{path}/");
            }
        }
    }

    #[test]
    fn no_two_routes_share_an_address() {
        let all = all_routes(1);
        let paths: BTreeSet<_> = all.iter().map(|route| route.path()).collect();
        assert_eq!(paths.len(), all.len());
    }

    /// Tries every path of up to four parts that routes have, and some others: what is found
    /// is an address of the route, or has something else in the place of an ID.
    #[test]
    fn what_no_route_builds_is_not_found() {
        let id = "018bcfe5-6800-7fff-bfff-ffffffffffff";
        let routes = all_routes(1);
        let mut words: BTreeSet<String> = routes
            .iter()
            .flat_map(|route| route.path().split('/').map(str::to_owned).collect::<Vec<_>>())
            .filter(|word| !word.is_empty() && word.len() != id.len())
            .collect();
        words.extend(["42", "elsewhere", id].map(str::to_owned));
        let mut paths = vec![String::new()];
        for _ in 0..4 {
            let longer: Vec<_> = paths
                .iter()
                .flat_map(|path| words.iter().map(move |word| format!("{path}/{word}")))
                .collect();
            for path in &longer {
                let route = Route::parse(path);
                if route == Route::NotFound {
                    continue;
                }
                let built = route.path();
                assert_eq!(Route::parse(&built), route, "{path}");
                let same = path.split('/').zip(built.split('/')).all(|(given, built)| {
                    given == built || (built == NO_ID && given.parse::<InvitationId>().is_err())
                });
                let link = route == Route::PartnerInvitation(None);
                assert!(same && (link || path.matches('/').count() == built.matches('/').count()));
            }
            // Nothing is below an unknown address.
            paths = longer;
            paths.retain(|path| {
                let head = path.split('/').nth(1).unwrap_or_default();
                routes.iter().any(|route| route.path().split('/').nth(1) == Some(head))
            });
        }
    }

    #[test]
    fn addresses_that_people_have_stay() {
        let id: InvitationId = "018bcfe5-6800-7fff-bfff-ffffffffffff".parse().unwrap();
        for (path, route) in [
            ("/", Route::Home),
            ("/partners", Route::FindAPartner),
            ("/partners/contact", Route::ContactPartners),
            ("/partners/requests", Route::MyRequests),
            ("/partners/42", Route::NotFound),
            ("/enquiries", Route::Enquiries),
            ("/enquiries/42", Route::Enquiry(None)),
            ("/invitations/", Route::Invitations),
            ("/invitations/new", Route::NewInvitation),
            ("/invitations/42", Route::Invitation(None)),
            ("/invitations/018bcfe5-6800-7fff-bfff-ffffffffffff", Route::Invitation(Some(id))),
            ("/invitations/42/preview", Route::InvitationPreview(None)),
            ("/invitations/42/elsewhere", Route::NotFound),
            ("/customers", Route::Customers),
            ("/customers/42", Route::Customer(None)),
            ("/customers/42/purchase", Route::CustomerPurchase(None)),
            ("/customers/42/purchase/43", Route::CustomerCheckout(None, None)),
            ("/customers/42/subscriptions", Route::NotFound),
            ("/customers/42/subscriptions/43", Route::CustomerSubscription(None, None)),
            ("/billing/purchase", Route::Purchase),
            ("/billing/purchase/42", Route::Checkout(None)),
            ("/billing/subscriptions", Route::Subscriptions),
            ("/billing/subscriptions/import", Route::ImportPartners),
            ("/billing/subscriptions/42", Route::Subscription(None)),
            ("/billing/subscriptions/42/partner", Route::SubscriptionPartner(None)),
            ("/billing/subscriptions/42/elsewhere", Route::NotFound),
            ("/profile", Route::Profile),
            ("/partner-invitation", Route::PartnerInvitation(None)),
            ("/partner-invitation/", Route::PartnerInvitation(None)),
            ("/partner-invitation/42", Route::PartnerInvitation(None)),
            ("/billing/accounts", Route::BillingAccounts),
            ("/billing/accounts/agreement", Route::Agreement),
            ("/billing/accounts/partner-relationships", Route::BillingRelationships),
            ("/billing/accounts/partner-relationships/42", Route::BillingPartner(None)),
            ("/settings/partner-relationships", Route::PartnerRelationships),
            ("/settings/partner-relationships/42", Route::Partner(None)),
            ("/settings/partner-relationships/42/more", Route::NotFound),
            ("/help/partners", Route::WhatCanAPartnerDo),
            ("/activity", Route::Activity),
            ("/outbox", Route::Outbox),
            ("/preview/invitation/42", Route::PreviewFrame(None)),
            ("/nowhere", Route::NotFound),
        ] {
            assert_eq!(Route::parse(path), route, "{path}");
        }
    }

    #[test]
    fn a_page_stays_while_its_own_address_changes() {
        for (one, other, same) in [
            (Route::FindAPartner, Route::ContactPartners, true),
            (Route::NewInvitation, Route::Invitation(None), true),
            (Route::Subscription(None), Route::SubscriptionPartner(None), true),
            (Route::BillingAccounts, Route::BillingRelationships, false),
            (Route::Partner(None), Route::BillingPartner(None), false),
            (Route::Invitations, Route::Invitation(None), false),
        ] {
            assert_eq!(one.is_same_page(other), same, "{one:?} {other:?}");
            assert_eq!(other.is_same_page(one), same, "{other:?} {one:?}");
        }
    }
}
