//! What the parts of the page share.

use api::{Page, PartnerPeriod, SessionResource, SubscriptionResource};
use leptos::prelude::*;
use rules::{Refusal, SubscriptionAction, check};

use crate::{intl, load::Loader, view::View};

/// The context that the parts of the page share: the subscription, the history of its
/// partner of record, and the session.
#[derive(Clone, Copy)]
pub(super) struct SubscriptionContext {
    pub(super) loaded: Loader<Option<SubscriptionResource>>,
    pub(super) current: Memo<Option<SubscriptionResource>>,
    pub(super) history: Loader<Page<PartnerPeriod>>,
    pub(super) session: Signal<SessionResource>,
}

impl SubscriptionContext {
    /// Returns the subscription as last fetched. Not reactive.
    pub(super) fn current_untracked(self) -> Option<SubscriptionResource> {
        self.current.get_untracked()
    }

    /// Returns the reason why the action is not allowed now. Reactive.
    pub(super) fn refusal(self, action: SubscriptionAction) -> Option<Refusal> {
        let actor = self.session.read().actor();
        let subscription = self.current.read();
        check(&actor, &subscription.as_ref()?.facts(), action, intl::now()).err()
    }

    /// Shows the subscription after a change.
    pub(super) fn show(self, subscription: SubscriptionResource) {
        self.loaded.set(Some(subscription));
        self.history.reload();
    }

    /// Renders a part of the page that depends on the subscription. Reactive.
    pub(super) fn part(self, part: fn(&SubscriptionResource) -> View) -> impl Fn() -> Option<View> {
        move || self.current.read().as_ref().map(part)
    }
}

/// Converts a number of licenses for use in plural texts.
pub(super) fn license_count(quantity: u32) -> usize {
    usize::try_from(quantity).unwrap_or(usize::MAX)
}
