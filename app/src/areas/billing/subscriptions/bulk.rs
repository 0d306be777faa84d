//! Bulk changes of the partner of record: the ID, its partner, the planned changes, and one
//! confirmation.

use api::{AppliedPlan, ErrorCode, LineProblem, Plan, PlanRequest, routes};
use leptos::prelude::*;
use rules::SubscriptionId;
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    features::{
        partner_id_field::{PartnerIdCheck, PartnerIdField},
        plan_report::{self, PlannedChangesTable, number},
    },
    intl,
    load::{effect, spawn},
    t,
    ui::{Button, ButtonKind, Dialog, ErrorState, Intent, MessageBar, Spinner, announce, toast},
    view::{CollectView, IntoView, View, view},
};

/// The number of subscriptions that are named for each kind of problem.
const MAX_NAMES: usize = 20;

/// The subscriptions that a bulk change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkTarget {
    /// These, with the names of their products.
    These(Vec<(SubscriptionId, String)>),
    /// All that match the search and the filter of the list.
    Matching {
        /// The filter, as in the list's request.
        filter: String,
        /// The search text.
        search: String,
        /// Their number, if there are not too many to be counted.
        count: Option<usize>,
    },
}

impl BulkTarget {
    /// Returns the request for a plan that sets the partner of record, or removes it if the ID
    /// is empty.
    fn request(&self, partner_id: String) -> PlanRequest {
        match self {
            Self::These(subscriptions) => {
                let subscriptions = subscriptions.iter().map(|(id, _)| id.to_string()).collect();
                PlanRequest { subscriptions, partner_id, ..PlanRequest::default() }
            }
            Self::Matching { filter, search, .. } => PlanRequest {
                // Present even if it is empty: without it no subscription would be named.
                filter: Some(filter.clone()),
                search: Some(search.clone()).filter(|search| !search.is_empty()),
                partner_id,
                ..PlanRequest::default()
            },
        }
    }

    /// Returns the subscriptions without those that the plan can't change.
    fn without_problems(&self, plan: &Plan) -> Self {
        Self::These(match self {
            Self::These(subscriptions) => {
                let is_problem = |id: &SubscriptionId| {
                    let id = id.to_string();
                    plan.problems.iter().any(|one| one.subscription.as_deref() == Some(&*id))
                };
                subscriptions.iter().filter(|(id, _)| !is_problem(id)).cloned().collect()
            }
            // Those that stay as they are need no change.
            Self::Matching { .. } => {
                let changes = plan.changes.iter();
                changes.map(|one| (one.subscription, one.product_name.to_string())).collect()
            }
        })
    }
}

/// The state of the dialog for a bulk change.
#[derive(Clone, Copy)]
pub struct BulkDialogState {
    open: RwSignal<bool>,
    /// Whether the partners of record are removed rather than set.
    removes: RwSignal<bool>,
    target: RwSignal<BulkTarget>,
    check: PartnerIdCheck,
    /// The Partner ID that was planned for (empty to remove), and the plan or the failure.
    plan: RwSignal<Option<(String, Result<Plan, Failure>)>>,
    /// The number of the latest request for a plan, so that late answers to earlier
    /// requests are dropped.
    turn: StoredValue<u32>,
    planning: RwSignal<bool>,
    busy: RwSignal<bool>,
    /// The failure of the change.
    failed: RwSignal<Option<Failure>>,
    /// Called after the change succeeded.
    on_success: Callback<()>,
}

impl BulkDialogState {
    /// Creates a closed dialog. Call this while the page is set up, not in an event
    /// handler.
    pub fn new(on_success: Callback<()>) -> Self {
        let bulk = Self {
            open: RwSignal::new(false),
            removes: RwSignal::new(false),
            target: RwSignal::new(BulkTarget::These(Vec::new())),
            check: PartnerIdCheck::new(""),
            plan: RwSignal::new(None),
            turn: StoredValue::new(0),
            planning: RwSignal::new(false),
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
            on_success,
        };
        // A usable ID is planned with immediately, so that the partner and the changes
        // appear together.
        let usable = Memo::new(move |_| bulk.check.usable().map(|found| found.partner_id));
        effect(move || {
            if usable.read().is_some() && bulk.open.get_untracked() {
                bulk.fetch_plan();
            }
        });
        bulk
    }

    /// Opens the dialog to set the partner of record of these subscriptions, or to remove
    /// it.
    pub fn show(self, target: BulkTarget, removes: bool) {
        self.target.set(target);
        self.removes.set(removes);
        self.check.reset("");
        self.plan.set(None);
        self.failed.set(None);
        self.open.set(true);
        if removes {
            self.fetch_plan();
        }
    }

    /// Returns the number of subscriptions, if it is known. Reactive.
    fn count(self) -> Option<usize> {
        match &*self.target.read() {
            BulkTarget::These(subscriptions) => Some(subscriptions.len()),
            BulkTarget::Matching { count, .. } => {
                let plan = self.plan.read();
                let plan = plan.as_ref().and_then(|(_, plan)| plan.as_ref().ok());
                plan.map(|plan| number(plan.lines)).or(*count)
            }
        }
    }

    /// Returns the Partner ID to set, empty to remove; `None` while there is no usable ID.
    /// Reactive.
    fn partner_id(self) -> Option<String> {
        if self.removes.get() {
            return Some(String::new());
        }
        self.check.usable().map(|found| found.partner_id.to_string())
    }

    /// Returns the result of planning for the current input. Reactive.
    fn current_result(self) -> Option<Result<Plan, Failure>> {
        let wanted = self.partner_id()?;
        let plan = self.plan.read();
        plan.as_ref().filter(|(of, _)| *of == wanted).map(|(_, plan)| plan.clone())
    }

    /// Returns the plan for the current input. Reactive.
    fn current_plan(self) -> Option<Plan> {
        self.current_result()?.ok()
    }

    /// Returns the failure of planning for the current input. Reactive.
    fn plan_failure(self) -> Option<Failure> {
        self.current_result()?.err()
    }

    fn plan_request(self) -> Option<PlanRequest> {
        let partner_id = untrack(|| self.partner_id())?;
        Some(self.target.read_untracked().request(partner_id))
    }

    /// Requests a plan from the server.
    fn fetch_plan(self) {
        let Some(request) = self.plan_request() else { return };
        if untrack(|| self.plan_failure()).is_some() {
            self.plan.set(None);
        }
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.planning.set(true);
        spawn(async move {
            let route = routes::PLAN_PARTNERS_OF_RECORD;
            let answer = client::post::<Plan>(route, &request, None).await;
            // The page may have been closed, and its signals disposed.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.planning.set(false);
            match answer {
                Ok(plan) => {
                    announce(&untrack(|| plan_report::plan_summary(&plan)));
                    self.plan.set(Some((request.partner_id, Ok(plan))));
                }
                Err(failure) if self.check.fail(&failure) => self.plan.set(None),
                Err(failure) => self.plan.set(Some((request.partner_id, Err(failure)))),
            }
        });
    }

    /// Removes the subscriptions that can't be changed, and plans again.
    fn drop_problems(self) {
        let Some(plan) = untrack(|| self.current_plan()) else { return };
        self.target.update(|target| *target = target.without_problems(&plan));
        self.failed.set(None);
        self.fetch_plan();
    }

    /// Returns the reason why the change can't be confirmed. Reactive.
    fn disabled_reason(self) -> Option<String> {
        let Some(plan) = self.current_plan() else {
            let reason: fn() -> String = if self.plan_failure().is_some() {
                t::subscriptions::retry_first
            } else if self.removes.get() || self.planning.get() {
                t::subscriptions::not_planned
            } else {
                t::subscriptions::check_first
            };
            return Some(reason());
        };
        match (plan_report::count_problem_lines(&plan.problems), plan.changes.is_empty()) {
            (0, false) => None,
            (0, true) => Some(t::plan_report::nothing_changes()),
            _ => Some(t::subscriptions::problems_block()),
        }
    }

    /// Applies the plan, all or nothing.
    fn apply(self) {
        let Some((plan, request)) = untrack(|| self.current_plan()).zip(self.plan_request()) else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let route = routes::APPLY_PARTNERS_OF_RECORD;
            let answer = client::post::<AppliedPlan>(route, &request, Some(plan.etag)).await;
            let gone = self.busy.try_set(false).is_some();
            match answer {
                Ok(applied) => {
                    let text = t::plan_report::changed;
                    toast(Intent::Success, untrack(|| text(number(applied.changed))));
                    if !gone {
                        self.open.set(false);
                        self.on_success.run(());
                    }
                }
                Err(failure) if gone => toast(Intent::Error, untrack(|| failure.text())),
                Err(failure) => {
                    // The plan is outdated: the new one is shown before the user confirms
                    // again.
                    let stale = failure.is(ErrorCode::VersionMismatch)
                        || failure.is(ErrorCode::PlanHasProblems);
                    if !self.check.fail(&failure) {
                        self.failed.set(Some(failure));
                    }
                    if stale {
                        self.fetch_plan();
                    }
                }
            }
        });
    }
}

/// The dialog that asks for the ID and shows what will change.
#[component]
pub fn BulkDialog(
    /// The state of the dialog.
    bulk: BulkDialogState,
) -> View {
    let verb = move || {
        if bulk.removes.get() { t::subscriptions::remove() } else { t::subscriptions::set() }
    };
    let title = move || match (bulk.removes.get(), bulk.count()) {
        (true, Some(count)) => t::subscriptions::remove_question(count),
        (true, None) => t::subscriptions::remove_all_question(),
        (false, Some(count)) => t::subscriptions::set_question(count),
        (false, None) => t::subscriptions::set_all_question(),
    };
    let actions = move || {
        view! {
            <Button
                label=verb
                kind=ButtonKind::Primary
                busy=bulk.busy
                disabled_reason=Signal::derive(move || bulk.disabled_reason())
                on_press=move |()| bulk.apply()
            />
            <Button label=t::subscriptions::cancel on_press=move |()| bulk.open.set(false) />
        }
    };
    let field = move || {
        (!bulk.removes.get())
            .then(|| view! { <PartnerIdField check=bulk.check with_button=true /> })
    };
    let scope_note = move || {
        matches!(&*bulk.target.read(), BulkTarget::Matching { .. })
            .then(|| view! { <p>{t::subscriptions::matching_note}</p> })
    };
    let planning =
        move || bulk.planning.get().then(|| view! { <Spinner label=t::subscriptions::planning /> });
    let failed = move || {
        bulk.failed.get().map(|failure| {
            view! { <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar> }
        })
    };
    let unplanned = Memo::new(move |_| bulk.plan_failure());
    let unplanned = move || {
        unplanned.get().map(|failure| {
            view! {
                <ErrorState
                    reason=move || failure.text()
                    on_retry=move |()| {
                        bulk.failed.set(None);
                        bulk.fetch_plan();
                        // This button disappears, and with it the focus.
                        bulk.check.focus();
                    }
                />
            }
        })
    };
    let plan = Memo::new(move |_| bulk.current_plan());
    let planned = move || plan.get().map(|plan| plan_view(&plan, bulk));
    view! {
        <Dialog open=bulk.open title=title actions=actions>
            <div class="stack">
                {scope_note}
                {field}
                {planning}
                {planned}
                {unplanned}
                {failed}
            </div>
        </Dialog>
    }
}

/// Renders the planned changes, the unchanged subscriptions, and the problems.
fn plan_view(plan: &Plan, bulk: BulkDialogState) -> View {
    let count = plan.changes.len();
    let will_change = (count > 0).then(|| {
        let changes = plan.changes.clone();
        view! {
            <p>
                <strong>{move || t::plan_report::will_change(count)}</strong>
                " "
                {t::plan_report::partners_are_told}
            </p>
            <PlannedChangesTable changes=Signal::stored(changes) />
        }
    });
    let unchanged = number(plan.unchanged);
    let unchanged = (unchanged > 0).then(|| {
        let text = move || {
            if bulk.removes.get() {
                t::subscriptions::unchanged_none(unchanged)
            } else {
                t::subscriptions::unchanged(unchanged)
            }
        };
        view! { <p class="muted">{text}</p> }
    });
    let problems = (!plan.problems.is_empty()).then(|| problems_view(&plan.problems, bulk));
    view! {
        {problems}
        {will_change}
        {unchanged}
    }
}

/// Renders the problems grouped by reason, and the button to continue without them.
fn problems_view(problems: &[LineProblem], bulk: BulkDialogState) -> View {
    let scope = style! {
        .bulk-fault {
            margin: var(--space-2) 0 0;
        }
        .bulk-fault span {
            display: block;
        }
    };
    let names = match bulk.target.get_untracked() {
        BulkTarget::These(subscriptions) => subscriptions,
        // Those that are not loaded have no names here.
        BulkTarget::Matching { .. } => Vec::new(),
    };
    let name = |problem: &LineProblem| {
        let id = problem.subscription.as_deref()?;
        names.iter().find(|(known, _)| known.to_string() == id).map(|(_, name)| name.clone())
    };
    let faults = plan_report::problem_kinds(problems)
        .into_iter()
        .map(|(kind, count)| {
            let mut shown_names: Vec<_> = problems
                .iter()
                .filter(|one| one.code == kind.code)
                .take(MAX_NAMES)
                .filter_map(name)
                .collect();
            let which = move || {
                if shown_names.is_empty() {
                    return t::subscriptions::count(count);
                }
                if count > MAX_NAMES {
                    shown_names.truncate(MAX_NAMES);
                    shown_names.push(t::subscriptions::more_names(count - MAX_NAMES));
                }
                intl::list(&shown_names)
            };
            view! { class = scope,
                <p class="bulk-fault">
                    <strong>{which}</strong>
                    <span>{move || plan_report::problem_text(&kind)}</span>
                </p>
            }
        })
        .collect_view();
    let count = plan_report::count_problem_lines(problems);
    let others = untrack(|| bulk.count()).is_some_and(|all| all > count);
    let leave_out = others.then(|| {
        view! {
            <div>
                <Button
                    label=t::subscriptions::leave_out
                    busy=bulk.planning
                    on_press=move |()| bulk.drop_problems()
                />
            </div>
        }
    });
    view! {
        <MessageBar intent=Intent::Warning title=move || t::plan_report::cannot_change(count)>
            {faults}
        </MessageBar>
        {leave_out}
    }
    .into_view()
}

#[cfg(test)]
mod tests {
    use api::ETag;
    use rules::{Refusal, Timestamp};

    use super::*;

    fn subscription(number: u128) -> (SubscriptionId, String) {
        (SubscriptionId::new(Timestamp::from_milliseconds(1), number), format!("Product {number}"))
    }

    /// Returns a plan that changes the first subscription, and can't change the second.
    fn plan() -> Plan {
        let ((first, product), (second, _)) = (subscription(1), subscription(2));
        let change = api::PlannedChange {
            line: 1,
            subscription: first,
            product_name: product.parse().expect("a name"),
            from: None,
            to: None,
        };
        let problem = LineProblem {
            line: 2,
            subscription: Some(second.to_string()),
            partner_id: None,
            code: Refusal::SubscriptionEnded.as_str().to_owned(),
            limit: None,
        };
        Plan {
            etag: ETag(1),
            lines: 3,
            unchanged: 1,
            changes: vec![change],
            problems: vec![problem],
        }
    }

    #[test]
    fn all_that_match_are_requested_by_the_filter() {
        let all =
            BulkTarget::Matching { filter: String::new(), search: String::new(), count: Some(3) };
        let request = all.request("4391507".to_owned());
        assert_eq!(request.filter.as_deref(), Some(""), "an empty filter is not left out");
        assert_eq!(request.search, None);
        assert!(request.subscriptions.is_empty());
        assert!(request.parse().is_ok());
        let these = BulkTarget::These(vec![subscription(1)]).request(String::new());
        assert_eq!(these.filter, None);
        assert_eq!(these.subscriptions.len(), 1);
    }

    #[test]
    fn what_cannot_be_changed_is_left_out() {
        let these = BulkTarget::These(vec![subscription(1), subscription(2), subscription(3)]);
        let left = BulkTarget::These(vec![subscription(1), subscription(3)]);
        assert_eq!(these.without_problems(&plan()), left);
        let matching =
            BulkTarget::Matching { filter: String::new(), search: String::new(), count: None };
        assert_eq!(matching.without_problems(&plan()), BulkTarget::These(vec![subscription(1)]));
    }
}
