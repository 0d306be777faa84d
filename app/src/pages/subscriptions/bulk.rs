//! The partner of record of several subscriptions at once: the ID, whose it is, what will
//! change, and one confirmation.

use api::{AppliedPlan, ErrorCode, LineProblem, Plan, PlanRequest, routes};
use leptos::prelude::*;
use rules::SubscriptionId;
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{effect, spawn},
    pages::{
        partner_id_field::{PartnerIdCheck, PartnerIdField},
        plan_report::{self, PlannedChangesTable, number},
    },
    t,
    ui::{Button, ButtonKind, Dialog, ErrorState, Intent, MessageBar, Spinner, announce, toast},
    view::{CollectView, IntoView, View, view},
};

/// How many names of subscriptions are said for each thing that is wrong with them.
const NAMES: usize = 20;

/// What is asked about, and how far it has come.
#[derive(Clone, Copy)]
pub struct Bulk {
    open: RwSignal<bool>,
    /// Whether the partners of record are removed rather than set.
    removes: RwSignal<bool>,
    /// The subscriptions, with the names of their products.
    subscriptions: RwSignal<Vec<(SubscriptionId, String)>>,
    check: PartnerIdCheck,
    /// The plan or why there is none, and the Partner ID that it is for: empty to remove.
    plan: RwSignal<Option<(String, Result<Plan, Failure>)>>,
    /// Counts the plans that were asked for, so that an earlier one that comes later is
    /// dropped.
    turn: StoredValue<u32>,
    planning: RwSignal<bool>,
    busy: RwSignal<bool>,
    /// Why it was not done.
    failed: RwSignal<Option<Failure>>,
    /// What is done after it succeeded.
    done: Callback<()>,
}

impl Bulk {
    /// Nothing is asked yet. Called where the page is made.
    pub fn new(done: Callback<()>) -> Self {
        let bulk = Self {
            open: RwSignal::new(false),
            removes: RwSignal::new(false),
            subscriptions: RwSignal::new(Vec::new()),
            check: PartnerIdCheck::new(""),
            plan: RwSignal::new(None),
            turn: StoredValue::new(0),
            planning: RwSignal::new(false),
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
            done,
        };
        // An ID that can be taken is planned with at once: there is nothing to choose
        // between knowing whose it is and seeing what will change.
        let usable = Memo::new(move |_| bulk.check.usable().map(|found| found.partner_id));
        effect(move || {
            if usable.read().is_some() && bulk.open.get_untracked() {
                bulk.make_plan();
            }
        });
        bulk
    }

    /// Asks for the partner of record of these, or whether theirs shall be removed.
    pub fn ask(self, subscriptions: Vec<(SubscriptionId, String)>, removes: bool) {
        self.subscriptions.set(subscriptions);
        self.removes.set(removes);
        self.check.reset("");
        self.plan.set(None);
        self.failed.set(None);
        self.open.set(true);
        if removes {
            self.make_plan();
        }
    }

    /// The Partner ID that is to be set, empty where it is to be removed; `None` while none
    /// can be. Reactive.
    fn partner_id(self) -> Option<String> {
        if self.removes.get() {
            return Some(String::new());
        }
        self.check.usable().map(|found| found.partner_id.to_string())
    }

    /// What came of planning what is asked for now. Reactive.
    fn answer(self) -> Option<Result<Plan, Failure>> {
        let wanted = self.partner_id()?;
        let plan = self.plan.read();
        plan.as_ref().filter(|(of, _)| *of == wanted).map(|(_, plan)| plan.clone())
    }

    /// The plan, where it is one of what is asked for now. Reactive.
    fn planned(self) -> Option<Plan> {
        self.answer()?.ok()
    }

    /// Why there is no plan of what is asked for now. Reactive.
    fn unplanned(self) -> Option<Failure> {
        self.answer()?.err()
    }

    fn request(self) -> Option<PlanRequest> {
        let partner_id = untrack(|| self.partner_id())?;
        let subscriptions = self.subscriptions.read_untracked();
        let subscriptions = subscriptions.iter().map(|(id, _)| id.to_string()).collect();
        Some(PlanRequest { subscriptions, partner_id })
    }

    /// Asks the server what would change.
    fn make_plan(self) {
        let Some(request) = self.request() else { return };
        if untrack(|| self.unplanned()).is_some() {
            self.plan.set(None);
        }
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.planning.set(true);
        spawn(async move {
            let route = routes::PLAN_PARTNERS_OF_RECORD;
            let answer = client::post::<Plan>(route, &request, None).await;
            // The page may be gone by now, and its signals with it.
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

    /// Goes on without what can't be changed.
    fn leave_out(self) {
        let Some(plan) = untrack(|| self.planned()) else { return };
        self.subscriptions.update(|subscriptions| {
            subscriptions.retain(|(id, _)| {
                let id = id.to_string();
                !plan.problems.iter().any(|one| one.subscription.as_deref() == Some(&*id))
            });
        });
        self.failed.set(None);
        self.make_plan();
    }

    /// Why it can't be confirmed. Reactive.
    fn blocked(self) -> Option<String> {
        let Some(plan) = self.planned() else {
            let reason: fn() -> String = if self.unplanned().is_some() {
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

    /// Does what the plan says, all or nothing.
    fn apply(self) {
        let Some((plan, request)) = untrack(|| self.planned()).zip(self.request()) else { return };
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
                        self.done.run(());
                    }
                }
                Err(failure) if gone => toast(Intent::Error, untrack(|| failure.text())),
                Err(failure) => {
                    // What would change is another thing by now: it is shown before it is
                    // asked about again.
                    let stale = failure.is(ErrorCode::VersionMismatch)
                        || failure.is(ErrorCode::PlanHasProblems);
                    if !self.check.fail(&failure) {
                        self.failed.set(Some(failure));
                    }
                    if stale {
                        self.make_plan();
                    }
                }
            }
        });
    }
}

/// Asks for the ID and shows what will change.
#[component]
pub fn BulkDialog(
    /// What is asked about.
    bulk: Bulk,
) -> View {
    let verb = move || {
        if bulk.removes.get() { t::subscriptions::remove() } else { t::subscriptions::set() }
    };
    let title = move || {
        let count = bulk.subscriptions.read().len();
        if bulk.removes.get() {
            t::subscriptions::remove_question(count)
        } else {
            t::subscriptions::set_question(count)
        }
    };
    let actions = move || {
        view! {
            <Button
                label=verb
                kind=ButtonKind::Primary
                busy=bulk.busy
                disabled_reason=Signal::derive(move || bulk.blocked())
                on_press=move |()| bulk.apply()
            />
            <Button label=t::subscriptions::cancel on_press=move |()| bulk.open.set(false) />
        }
    };
    let field = move || {
        (!bulk.removes.get())
            .then(|| view! { <PartnerIdField check=bulk.check with_button=true /> })
    };
    let planning =
        move || bulk.planning.get().then(|| view! { <Spinner label=t::subscriptions::planning /> });
    let failed = move || {
        bulk.failed.get().map(|failure| {
            view! { <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar> }
        })
    };
    let unplanned = Memo::new(move |_| bulk.unplanned());
    let unplanned = move || {
        unplanned.get().map(|failure| {
            view! {
                <ErrorState
                    reason=move || failure.text()
                    on_retry=move |()| {
                        bulk.failed.set(None);
                        bulk.make_plan();
                        // This button goes, and the focus with it.
                        bulk.check.focus();
                    }
                />
            }
        })
    };
    let plan = Memo::new(move |_| bulk.planned());
    let planned = move || plan.get().map(|plan| planned(&plan, bulk));
    view! {
        <Dialog open=bulk.open title=title actions=actions>
            <div class="stack">
                {field}
                {planning}
                {planned}
                {unplanned}
                {failed}
            </div>
        </Dialog>
    }
}

/// What will change, what won't, and what can't.
fn planned(plan: &Plan, bulk: Bulk) -> View {
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
    let problems = (!plan.problems.is_empty()).then(|| problems(&plan.problems, bulk));
    view! {
        {problems}
        {will_change}
        {unchanged}
    }
}

/// What can't be changed, by the reason, and the way on without it.
fn problems(problems: &[LineProblem], bulk: Bulk) -> View {
    let scope = style! {
        .bulk-fault {
            margin: var(--space-2) 0 0;
        }
        .bulk-fault span {
            display: block;
        }
    };
    let names = bulk.subscriptions.get_untracked();
    let name = |problem: &LineProblem| {
        let id = problem.subscription.as_deref()?;
        names.iter().find(|(known, _)| known.to_string() == id).map(|(_, name)| name.clone())
    };
    let faults = plan_report::problem_kinds(problems)
        .into_iter()
        .map(|(kind, count)| {
            let mut said: Vec<_> = problems
                .iter()
                .filter(|one| one.code == kind.code)
                .take(NAMES)
                .filter_map(name)
                .collect();
            let which = move || {
                if count > NAMES {
                    said.truncate(NAMES);
                    said.push(t::subscriptions::more_names(count - NAMES));
                }
                intl::list(&said)
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
    let others = bulk.subscriptions.read_untracked().len() > count;
    let leave_out = others.then(|| {
        view! {
            <div>
                <Button
                    label=t::subscriptions::leave_out
                    busy=bulk.planning
                    on_press=move |()| bulk.leave_out()
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
