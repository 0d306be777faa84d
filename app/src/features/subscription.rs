//! How a subscription is shown: its status, its cost and its renewal.

use api::SubscriptionResource;
use rules::{Cloud, Money, SubscriptionState, SubscriptionStatus, Term};

use crate::{
    intl, session, t,
    ui::{Badge, Intent},
    view::{IntoView, View, view},
    words,
};

/// The cost of a subscription, as far as the viewer may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionCost {
    /// Nothing, because the subscription has ended.
    Nothing,
    /// Nothing, because the subscription is a trial.
    Free,
    /// A known amount.
    Amount {
        /// All licenses, for one term.
        total: Money,
        /// One license, for one term.
        unit: Money,
    },
    /// A price agreed with the partner that made the offer.
    Agreed,
    /// A price that is hidden from partners that do not sell the subscription.
    Hidden,
}

impl SubscriptionCost {
    /// Returns the cost of a subscription.
    #[must_use]
    pub fn from_subscription(subscription: &SubscriptionResource) -> Self {
        match (subscription.status, subscription.unit_price) {
            (SubscriptionStatus::Ended, _) => Self::Nothing,
            (SubscriptionStatus::Trial, _) => Self::Free,
            (_, Some(unit)) => Self::Amount { total: unit.times(subscription.quantity), unit },
            (_, None) if subscription.offer_of.is_some() => Self::Agreed,
            (_, None) => Self::Hidden,
        }
    }
}

/// Formats the price for a term: `€61.20 per year`. Reactive.
#[must_use]
pub fn format_term_price(money: Money, term: Term) -> String {
    let money = intl::money(money);
    match term {
        Term::Month => t::subscription::per_month(&money),
        Term::Year => t::subscription::per_year(&money),
    }
}

/// Renders the status of a subscription as a badge.
pub fn status_badge(status: SubscriptionStatus) -> View {
    let intent = match status {
        SubscriptionStatus::Trial => Intent::Info,
        SubscriptionStatus::Active => Intent::Success,
        SubscriptionStatus::Suspended => Intent::Warning,
        SubscriptionStatus::Ended => Intent::Neutral,
    };
    view! { <Badge label=move || words::subscription_status(status) intent=intent /> }
}

/// Renders when the subscription renews, ends or ended; `None` if none applies.
pub fn renewal_view(subscription: &SubscriptionResource) -> Option<View> {
    let ended =
        if let SubscriptionState::Ended { at, .. } = subscription.state { Some(at) } else { None };
    let (text, at): (fn(&str) -> String, _) = match (subscription.status, subscription.renews) {
        (_, Some(at)) => (t::subscription::renews_on, at),
        (SubscriptionStatus::Ended, None) => {
            (t::subscription::ended_on, ended.or(subscription.ends)?)
        }
        (_, None) => (t::subscription::ends_on, subscription.ends?),
    };
    Some((move || text(&intl::date(at.milliseconds()))).into_view())
}

/// Returns the name of the list, which depends on the cloud (docs/domain.md, Clouds).
/// Reactive.
#[must_use]
pub fn list_title() -> String {
    match session::optional().and_then(|session| session.organization.clouds.first().copied()) {
        Some(Cloud::Worldwide) => t::subscription::title_worldwide(),
        _ => t::subscription::title(),
    }
}
