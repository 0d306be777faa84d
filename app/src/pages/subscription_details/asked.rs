//! A change of the subscription that is asked about in a dialog first.
//!
//! Somebody else may be faster. The dialog then stays open with what was typed, tells what
//! the other one did, and goes on from there.

use std::pin::Pin;

use api::{Page, PartnerPeriod, Subscription, routes};
use leptos::prelude::*;
use rules::SubscriptionStatus;
use stylers_macro::style;

use super::{Here, licenses};
use crate::{
    client::{self, Failure},
    intl,
    load::spawn,
    pages::partner_id_field::PartnerIdCheck,
    t,
    ui::{Intent, MessageBar, toast},
    view::{CollectView, View, view},
    words,
};

/// A change on its way, of whatever kind: it answers the subscription as it is after it.
pub(super) type Change = Pin<Box<dyn Future<Output = Result<Subscription, Failure>>>>;

/// A change that is asked about, and how it stands with it.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) here: Here,
    /// Whether the dialog is open.
    pub(super) open: RwSignal<bool>,
    /// Whether it is being done.
    pub(super) busy: RwSignal<bool>,
    failed: RwSignal<Option<Failure>>,
    conflict: RwSignal<Option<Conflict>>,
}

impl Asked {
    /// Nothing is asked yet. Called where the page is made.
    pub(super) fn new(here: Here) -> Self {
        let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
        let (failed, conflict) = (RwSignal::new(None), RwSignal::new(None));
        Self { here, open, busy, failed, conflict }
    }

    /// Asks.
    pub(super) fn ask(self) {
        self.failed.set(None);
        self.conflict.set(None);
        self.open.set(true);
    }

    /// Makes the change of the subscription as it is shown. `done` says what was done of the
    /// subscription after it; `check` is the field that shows what is wrong with a Partner ID.
    pub(super) fn make(
        self,
        check: Option<PartnerIdCheck>,
        change: impl FnOnce(&Subscription) -> Change,
        done: impl FnOnce(&Subscription) -> String + 'static,
    ) {
        let Some(before) = self.here.now().filter(|_| !self.busy.get_untracked()) else { return };
        self.busy.set(true);
        self.failed.set(None);
        let change = change(&before);
        let done: Box<dyn FnOnce(&Subscription) -> String> = Box::new(done);
        spawn(self.made(before, check, change, done));
    }

    async fn made(
        self,
        before: Subscription,
        check: Option<PartnerIdCheck>,
        change: Change,
        done: Box<dyn FnOnce(&Subscription) -> String>,
    ) {
        match change.await {
            Ok(after) => {
                toast(Intent::Success, untrack(|| done(&after)));
                if self.busy.try_set(false).is_none() {
                    self.here.show(after);
                    self.open.set(false);
                }
            }
            Err(failure) => {
                let conflict = self.meanwhile(before).await;
                if self.busy.try_set(false).is_some() || !self.open.get_untracked() {
                    // Nobody sees the dialog any more.
                    toast(Intent::Error, untrack(|| failure.text()));
                } else if conflict.is_some() {
                    self.conflict.set(conflict);
                } else if !check.is_some_and(|check| check.fail(&failure)) {
                    self.failed.set(Some(failure));
                }
            }
        }
    }

    /// What became of the subscription since it was last fetched, where anything did, and
    /// shows it. It is asked after every failure, because what somebody else did may break a
    /// rule before the versions are compared.
    async fn meanwhile(self, before: Subscription) -> Option<Conflict> {
        let route = |route| routes::of_subscription(route, before.id);
        let now: Subscription = client::get(&route(routes::SUBSCRIPTION)).await.ok()?;
        if now.etag == before.etag {
            return None;
        }
        let periods: Option<Page<PartnerPeriod>> =
            client::get(&route(routes::SUBSCRIPTION_HISTORY)).await.ok();
        let last = periods.and_then(|periods| periods.value.into_iter().next());
        self.here.show(now.clone());
        Some(Conflict { before, now, last })
    }

    /// What somebody else did in the meantime, or why it failed. Reactive.
    pub(super) fn outcome(self) -> View {
        let conflict = move || self.conflict.get().map(told);
        let failed = move || {
            let failure = self.failed.get()?;
            Some(view! {
                <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar>
            })
        };
        view! {
            {conflict}
            {failed}
        }
    }
}

/// What somebody else did while a dialog was open.
#[derive(Clone, PartialEq)]
struct Conflict {
    before: Subscription,
    now: Subscription,
    /// The last time that it had a partner of record.
    last: Option<PartnerPeriod>,
}

impl Conflict {
    /// What was done, by whom and when. Reactive.
    fn lines(&self) -> Vec<String> {
        let (before, now) = (&self.before, &self.now);
        let mut lines = Vec::new();
        if before.partner_of_record != now.partner_of_record {
            lines.extend(self.partner());
        }
        if before.quantity != now.quantity {
            lines.push(t::subscription_details::conflict_quantity(licenses(now.quantity)));
        }
        if before.status != now.status {
            let status = words::subscription_status(now.status);
            lines.push(t::subscription_details::conflict_status(&status));
        }
        if lines.is_empty() {
            lines.push(t::subscription_details::conflict_unchanged());
        }
        lines
    }

    /// What was done with the partner of record.
    fn partner(&self) -> Option<String> {
        let when = |at: rules::Timestamp| intl::date_time(at.milliseconds());
        if let Some(record) = &self.now.partner_of_record {
            return Some(t::subscription_details::conflict_set(
                record.partner_id.as_str(),
                record.partner_name.as_str(),
                &when(record.since),
                record.set_by_name.as_str(),
            ));
        }
        let last = self.last.as_ref()?;
        Some(t::subscription_details::conflict_removed(
            last.partner_id.as_str(),
            last.partner_name.as_str(),
            &when(last.until?),
            last.ended_by.as_ref()?.as_str(),
        ))
    }
}

/// What somebody else did, and that nothing is lost.
fn told(conflict: Conflict) -> View {
    let scope = style! {
        .conflict-kept {
            margin: var(--space-2) 0 0;
        }
    };
    // What has ended can't be gone on with.
    let ended = conflict.now.status == SubscriptionStatus::Ended;
    let lines = move || {
        let lines = conflict.lines();
        lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
    };
    let kept = (!ended).then(|| {
        view! { class = scope,
            <p class="conflict-kept">{t::subscription_details::conflict_kept}</p>
        }
    });
    view! {
        <MessageBar intent=Intent::Warning title=t::subscription_details::conflict>
            <ul>{lines}</ul>
            {kept}
        </MessageBar>
    }
}
