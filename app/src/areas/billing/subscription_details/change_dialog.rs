//! A dialog that confirms a change of the subscription.
//!
//! If another user changed the subscription meanwhile, the dialog stays open with the
//! input, shows the other change, and lets the user continue from there.

use std::pin::Pin;

use api::{Page, PartnerPeriod, SubscriptionResource, routes};
use leptos::prelude::*;
use rules::SubscriptionStatus;
use stylers_macro::style;

use crate::{
    areas::billing::subscription_details::context::{SubscriptionContext, license_count},
    client::{self, Failure},
    features::partner_id_field::PartnerIdCheck,
    intl,
    load::spawn,
    t,
    ui::{ConfirmState, Intent, MessageBar, toast},
    view::{CollectView, IntoView, View, view},
    words,
};

/// A request that changes the subscription and returns its new state.
pub(super) type PendingChange =
    Pin<Box<dyn Future<Output = Result<SubscriptionResource, Failure>>>>;

/// The state of the dialog and its change.
#[derive(Clone, Copy)]
pub(super) struct ChangeDialogState {
    pub(super) context: SubscriptionContext,
    pub(super) dialog: ConfirmState,
    conflict: RwSignal<Option<ChangeConflict>>,
}

impl ChangeDialogState {
    /// Creates a closed dialog. Call this while the page is set up, not in an event
    /// handler.
    pub(super) fn new(context: SubscriptionContext) -> Self {
        Self { context, dialog: ConfirmState::new(), conflict: RwSignal::new(None) }
    }

    /// Opens the dialog.
    pub(super) fn show(self) {
        self.conflict.set(None);
        self.dialog.show();
    }

    /// Starts the change of the shown subscription. `done` returns the success message for
    /// the new state; `check` is the field that shows errors about a Partner ID.
    pub(super) fn start_change(
        self,
        check: Option<PartnerIdCheck>,
        change: impl FnOnce(&SubscriptionResource) -> PendingChange,
        done: impl FnOnce(&SubscriptionResource) -> String + 'static,
    ) {
        let before = self.context.current_untracked().filter(|_| self.dialog.begin());
        let Some(before) = before else { return };
        let change = change(&before);
        let done: Box<dyn FnOnce(&SubscriptionResource) -> String> = Box::new(done);
        spawn(self.finish_change(before, check, change, done));
    }

    async fn finish_change(
        self,
        before: SubscriptionResource,
        check: Option<PartnerIdCheck>,
        change: PendingChange,
        done: Box<dyn FnOnce(&SubscriptionResource) -> String>,
    ) {
        match change.await {
            Ok(after) => {
                toast(Intent::Success, untrack(|| done(&after)));
                if self.dialog.succeed() {
                    self.context.show(after);
                }
            }
            Err(failure) => {
                let conflict = self.find_conflict(before).await;
                let visible = self.dialog.open.try_get_untracked() == Some(true);
                if visible && conflict.is_some() {
                    self.dialog.busy.set(false);
                    self.conflict.set(conflict);
                } else if visible && check.is_some_and(|check| check.fail(&failure)) {
                    self.dialog.busy.set(false);
                } else {
                    self.dialog.fail(untrack(|| failure.text()));
                }
            }
        }
    }

    /// Fetches the subscription again. If it has changed, shows it and returns the
    /// conflict. This happens after every failure, because another user's change can break
    /// a rule before the versions are compared.
    async fn find_conflict(self, before: SubscriptionResource) -> Option<ChangeConflict> {
        let route = |route| routes::of_subscription(route, before.id);
        let now: SubscriptionResource = client::get(&route(routes::SUBSCRIPTION)).await.ok()?;
        if now.etag == before.etag {
            return None;
        }
        let periods: Option<Page<PartnerPeriod>> =
            client::get(&route(routes::SUBSCRIPTION_HISTORY)).await.ok();
        let last = periods.and_then(|periods| periods.value.into_iter().next());
        self.context.show(now.clone());
        Some(ChangeConflict { before, now, last })
    }

    /// Renders the conflicting change. Reactive.
    pub(super) fn conflict_view(self) -> View {
        (move || self.conflict.get().map(conflict_view)).into_view()
    }
}

/// A change by another user while the dialog was open.
#[derive(Clone, PartialEq)]
struct ChangeConflict {
    before: SubscriptionResource,
    now: SubscriptionResource,
    /// The latest period with a partner of record.
    last: Option<PartnerPeriod>,
}

impl ChangeConflict {
    /// Returns descriptions of the changes, with the user and the time. Reactive.
    fn lines(&self) -> Vec<String> {
        let (before, now) = (&self.before, &self.now);
        let mut lines = Vec::new();
        if before.partner_of_record != now.partner_of_record {
            lines.extend(self.partner_of_record_line());
        }
        if before.quantity != now.quantity {
            lines.push(t::subscription_details::conflict_quantity(license_count(now.quantity)));
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

    /// Returns the description of the change of the partner of record.
    fn partner_of_record_line(&self) -> Option<String> {
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

/// Renders the conflicting change, and the note that the input is kept.
fn conflict_view(conflict: ChangeConflict) -> View {
    let scope = style! {
        .conflict-kept {
            margin: var(--space-2) 0 0;
        }
    };
    // An ended subscription can't be changed any more.
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
