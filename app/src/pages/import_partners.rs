//! Import: the partners of record of many subscriptions from a file. It is read first, and
//! what it would change and what is wrong with it is shown, line by line, before anything is
//! changed.

use api::{AppliedPlan, ErrorCode, Plan, PlanRequest, routes};
use js_sys::Uint8Array;
use leptos::{html, prelude::*};
use rules::{FieldError, OrganizationAction};
use stylers_macro::style;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::{
    browser,
    client::{self, Failure, FailureKind},
    intl,
    load::spawn,
    pages::{
        desk,
        plan_report::{self, Changes, Problems, kinds, number},
        subscriptions,
    },
    t,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, Crumb, DescriptionItem, DescriptionList, Filter,
        Icon, Intent, MessageBar, PageTitle, SelectOption, Spinner, announce, toast,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

/// Where the page is.
pub const PATH: &str = "/billing/subscriptions/import";

/// How many Partner IDs an organization can look up within 24 hours, as the server counts.
const LOOK_UPS_MAX: usize = 200;

/// What the file with all problems is called.
const PROBLEMS_FILE: &str = "partners-of-record-problems.csv";

/// A file that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chosen {
    name: String,
    text: String,
}

/// Why a file could not be read or applied.
#[derive(Clone)]
enum Wrong {
    /// It can't be sent.
    File(fn() -> String),
    /// The server did not take it.
    Sent(Failure),
}

impl Wrong {
    /// What is wrong, one sentence for each thing. Reactive.
    fn text(&self) -> Vec<String> {
        let failure = match self {
            Self::File(reason) => return vec![reason()],
            Self::Sent(failure) => failure,
        };
        let FailureKind::Fields(fields) = &failure.kind else { return vec![failure.text()] };
        fields.iter().map(|(field, error)| wrong_with(field, *error)).collect()
    }
}

/// What was chosen, and how far it has come.
#[derive(Clone, Copy)]
struct Import {
    file: RwSignal<Option<Chosen>>,
    plan: RwSignal<Option<Plan>>,
    /// Counts the files and the plans, so that an answer about an earlier one is dropped.
    turn: StoredValue<u32>,
    reading: RwSignal<bool>,
    applying: RwSignal<bool>,
    /// What is wrong with the file as a whole, or why it could not be read or applied.
    failed: RwSignal<Option<Wrong>>,
    /// How many subscriptions were changed by the last file.
    changed: RwSignal<Option<usize>>,
}

impl Import {
    fn new() -> Self {
        Self {
            file: RwSignal::new(None),
            plan: RwSignal::new(None),
            turn: StoredValue::new(0),
            reading: RwSignal::new(false),
            applying: RwSignal::new(false),
            failed: RwSignal::new(None),
            changed: RwSignal::new(None),
        }
    }

    /// The next turn; what was under way is over.
    fn next_turn(self) -> u32 {
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        turn
    }

    /// Whether this turn is the current one, and the page still there.
    fn is_turn(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
    }

    /// Reads a file, and asks the server what it would change.
    fn choose(self, file: File) {
        let turn = self.next_turn();
        self.file.set(None);
        self.plan.set(None);
        self.failed.set(None);
        self.changed.set(None);
        self.reading.set(true);
        spawn(async move {
            let name = file.name();
            let text = read(&file).await;
            if !self.is_turn(turn) {
                return;
            }
            match text {
                Ok(text) => {
                    self.file.set(Some(Chosen { name, text }));
                    self.make_plan();
                }
                Err(reason) => {
                    self.reading.set(false);
                    self.file.set(Some(Chosen { name, text: String::new() }));
                    self.failed.set(Some(Wrong::File(reason)));
                }
            }
        });
    }

    fn make_plan(self) {
        let Some(file) = self.file.get_untracked() else { return };
        let turn = self.next_turn();
        self.reading.set(true);
        spawn(async move {
            let route = routes::PLAN_PARTNERS_OF_RECORD;
            let answer = client::post_csv::<Plan>(route, file.text, None).await;
            if !self.is_turn(turn) {
                return;
            }
            self.reading.set(false);
            match answer {
                Ok(plan) => {
                    announce(&untrack(|| summary(&plan)));
                    self.plan.set(Some(plan));
                }
                Err(failure) => {
                    self.plan.set(None);
                    self.failed.set(Some(Wrong::Sent(failure)));
                }
            }
        });
    }

    /// Why the changes can't be applied. Reactive.
    fn blocked(self) -> Option<String> {
        let plan = self.plan.read();
        let plan = plan.as_ref()?;
        match (plan_report::lines(&plan.problems), plan.changes.is_empty()) {
            (0, false) => None,
            (0, true) => Some(summary(plan)),
            (count, _) => Some(t::import_partners::correct_first(count)),
        }
    }

    /// Does what the plan says, all or nothing.
    fn apply(self) {
        let Some(plan) = self.plan.get_untracked() else { return };
        let Some(file) = self.file.get_untracked() else { return };
        if self.applying.get_untracked() {
            return;
        }
        self.applying.set(true);
        self.failed.set(None);
        spawn(async move {
            let route = routes::APPLY_PARTNERS_OF_RECORD;
            let answer = client::post_csv::<AppliedPlan>(route, file.text, Some(plan.etag)).await;
            let gone = self.applying.try_set(false).is_some();
            match answer {
                Ok(applied) => {
                    let changed = number(applied.changed);
                    toast(Intent::Success, untrack(|| t::plan_report::changed(changed)));
                    if !gone {
                        self.file.set(None);
                        self.plan.set(None);
                        self.changed.set(Some(changed));
                    }
                }
                Err(failure) if gone => toast(Intent::Error, untrack(|| failure.text())),
                Err(failure) => {
                    // What would change is another thing by now: it is shown before it is
                    // asked about again.
                    let stale = failure.is(ErrorCode::VersionMismatch)
                        || failure.is(ErrorCode::PlanHasProblems);
                    self.failed.set(Some(Wrong::Sent(failure)));
                    if stale {
                        self.make_plan();
                    }
                }
            }
        });
    }
}

/// The text of a file, or what is wrong with it.
async fn read(file: &File) -> Result<String, fn() -> String> {
    #[expect(clippy::cast_precision_loss, reason = "the bound is small")]
    if file.size() > PlanRequest::FILE_MAX as f64 {
        return Err(t::import_partners::too_large);
    }
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
        return Err(t::import_partners::unreadable);
    };
    String::from_utf8(Uint8Array::new(&buffer).to_vec()).map_err(|_| not_utf8 as fn() -> String)
}

fn not_utf8() -> String {
    words::field_error(FieldError::NotUtf8)
}

/// What comes of a file, in a sentence. Reactive.
fn summary(plan: &Plan) -> String {
    match (plan.lines, plan_report::lines(&plan.problems)) {
        (0, _) => t::import_partners::empty_file(),
        (_, 0) => plan_report::summary(plan),
        (_, wrong) => t::import_partners::wrong_lines(wrong),
    }
}

/// What is wrong with a field of the file as a whole. Reactive.
fn wrong_with(field: &str, error: FieldError) -> String {
    match error {
        FieldError::MissingColumn => t::import_partners::missing_column(field),
        FieldError::TooMany { max: 1 } => t::import_partners::column_twice(field),
        FieldError::TooMany { max } => t::import_partners::too_many_lines(&intl::number(max)),
        FieldError::Empty => t::import_partners::empty_file(),
        error => words::field_error(error),
    }
}

/// The page.
#[component]
pub fn ImportPartners() -> View {
    let import = Import::new();
    let failed = move || {
        import.failed.get().map(|wrong| {
            let lines = move || {
                let lines = wrong.text().into_iter().map(|line| view! { <p>{line}</p> });
                lines.collect_view()
            };
            view! { <MessageBar intent=Intent::Error>{lines}</MessageBar> }
        })
    };
    let changed = move || {
        import.changed.get().map(|count| {
            view! {
                <MessageBar intent=Intent::Success>
                    <p>
                        {move || t::plan_report::changed(count)} " "
                        {t::plan_report::partners_are_told}
                    </p>
                    <a href=subscriptions::PATH>{t::import_partners::see_list}</a>
                </MessageBar>
            }
        })
    };
    let reading = move || {
        import.reading.get().then(|| view! { <Spinner label=t::import_partners::reading /> })
    };
    let report = move || import.plan.get().map(|plan| report(&plan, import));
    view! {
        <Breadcrumb
            crumbs=vec![Crumb::new(subscriptions::title, subscriptions::PATH)]
            current=t::import_partners::title
        />
        <PageTitle title=t::import_partners::title intro=t::import_partners::intro />
        <div class="stack">
            {file_card(import)}
            {reading}
            {failed}
            {changed}
            {report}
        </div>
    }
}

/// What the file must hold, and choosing it.
fn file_card(import: Import) -> View {
    let scope = style! {
        .file-rules {
            display: grid;
            gap: var(--space-2);
            max-width: 76ch;
            margin: 0;
            padding-left: var(--space-5);
        }
        .file-rules code {
            font-family: var(--font-mono);
        }
        .file-name {
            align-self: center;
            overflow-wrap: anywhere;
        }
    };
    let input = NodeRef::<html::Input>::new();
    let press = move |()| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // So that the same file can be chosen again once it is corrected.
        input.set_value("");
        if let Some(file) = file {
            import.choose(file);
        }
    };
    let refused = Signal::derive(move || {
        desk::organization_refusal(OrganizationAction::ChangePartnersOfRecord).map(words::refusal)
    });
    let name = Memo::new(move |_| import.file.read().as_ref().map(|file| file.name.clone()));
    let label = move || {
        if name.read().is_some() {
            t::import_partners::choose_other()
        } else {
            t::import_partners::choose()
        }
    };
    let shown = move || {
        name.get().map(
            |name| view! { class = scope, <strong class="file-name" dir="auto">{name}</strong> },
        )
    };
    let most = move || t::import_partners::most_lines(&intl::number(PlanRequest::LINES_MAX));
    let most_ids = move || t::import_partners::most_look_ups(&intl::number(LOOK_UPS_MAX));
    view! { class = scope,
        <Card title=t::import_partners::file>
            <div class="stack">
                <ul class="file-rules">
                    <li>
                        {t::import_partners::columns} " " <code>"subscriptionId"</code> ", "
                        <code>"partnerId"</code>
                    </li>
                    <li>{t::import_partners::clears}</li>
                    <li>{most}</li>
                    <li>{most_ids}</li>
                    <li>
                        {t::import_partners::begin_with} " "
                        <a href=routes::SUBSCRIPTIONS_EXPORT download="">
                            {t::import_partners::export}
                        </a>
                    </li>
                </ul>
                <div class="row">
                    <input
                        type="file"
                        accept=".csv,.txt,.tsv,text/csv"
                        hidden
                        node_ref=input
                        on:change=chosen
                    />
                    <Button
                        label=label
                        icon=Icon::Document
                        disabled_reason=refused
                        busy=import.reading
                        on_press=press
                    />
                    {shown}
                </div>
            </div>
        </Card>
    }
}

/// What the file would change and what is wrong with it.
fn report(plan: &Plan, import: Import) -> View {
    let count = |count: usize| move || intl::number(count);
    let (changes, problems) = (plan.changes.len(), plan_report::lines(&plan.problems));
    let (lines, unchanged) = (number(plan.lines), number(plan.unchanged));
    let apply = view! {
        <div class="row">
            <Button
                label=t::import_partners::apply
                kind=ButtonKind::Primary
                busy=import.applying
                disabled_reason=Signal::derive(move || import.blocked())
                on_press=move |()| import.apply()
            />
        </div>
    };
    let outcome = match (problems, changes) {
        (0, 0) => {
            let plan = plan.clone();
            view! { <p>{move || summary(&plan)}</p> }
        }
        (0, _) => view! {
            <p>
                <strong>{move || t::plan_report::will_change(changes)}</strong>
                " "
                {t::plan_report::partners_are_told}
            </p>
        },
        _ => view! {
            <MessageBar
                intent=Intent::Warning
                title=move || t::import_partners::wrong_lines(problems)
            >
                {t::import_partners::nothing_done}
            </MessageBar>
        },
    };
    let look_ups = plan.problems.iter().any(|one| one.code == FieldError::TooManyLookUps.code());
    let look_ups = look_ups.then(|| {
        view! {
            <MessageBar intent=Intent::Warning>{t::import_partners::no_look_ups_left}</MessageBar>
        }
    });
    let problems_card = (problems > 0).then(|| problems_card(plan));
    let changes_card = (changes > 0).then(|| {
        let changes = Signal::stored(plan.changes.clone());
        view! {
            <Card title=t::plan_report::changes>
                <Changes changes=changes lines=true />
            </Card>
        }
    });
    view! {
        <Card title=t::import_partners::report>
            <div class="stack">
                <DescriptionList>
                    <DescriptionItem label=t::import_partners::lines>{count(lines)}</DescriptionItem>
                    <DescriptionItem label=t::import_partners::would_change>{count(changes)}</DescriptionItem>
                    <DescriptionItem label=t::import_partners::unchanged>
                        {count(unchanged)}
                    </DescriptionItem>
                    <DescriptionItem label=t::import_partners::problems>{count(problems)}</DescriptionItem>
                </DescriptionList>
                {outcome}
                {look_ups}
                {apply}
            </div>
        </Card>
        {problems_card}
        {changes_card}
    }
    .into_view()
}

/// How many lines are wrong in which way, and the lines, all or those of one kind.
fn problems_card(plan: &Plan) -> View {
    let scope = style! {
        .faults {
            display: grid;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .fault {
            display: grid;
            grid-template-columns: 7ch 1fr;
            gap: var(--space-3);
        }
        .fault-number {
            font-weight: 600;
            text-align: end;
        }
    };
    let all = StoredValue::new(plan.problems.clone());
    let kinds = kinds(&plan.problems);
    let totals = kinds
        .iter()
        .map(|(kind, count)| {
            let (kind, count) = (kind.clone(), *count);
            view! { class = scope,
                <li class="fault">
                    <span class="fault-number">{move || intl::number(count)}</span>
                    <span>{move || plan_report::fault(&kind)}</span>
                </li>
            }
        })
        .collect_view();
    let chosen = RwSignal::new(String::new());
    let choices: Vec<_> = kinds
        .into_iter()
        .map(|(kind, _)| SelectOption::new(kind.code.clone(), move || plan_report::fault(&kind)))
        .collect();
    let filter = (choices.len() > 1).then(|| {
        view! {
            <Filter
                label=t::import_partners::show_only
                value=chosen
                choices=Signal::stored(choices)
            />
        }
    });
    let download = move || {
        let text = all.with_value(|all| untrack(|| plan_report::csv(all)));
        browser::download(PROBLEMS_FILE, "text/csv", &text);
    };
    let problems = Signal::derive(move || {
        let chosen = chosen.read();
        all.with_value(|all| {
            let wanted = all.iter().filter(|one| chosen.is_empty() || *chosen == one.code);
            wanted.cloned().collect()
        })
    });
    view! { class = scope,
        <Card title=t::import_partners::problems>
            <div class="stack">
                <ul class="faults">{totals}</ul>
                <div class="row">
                    {filter}
                    <Button
                        label=t::import_partners::download
                        icon=Icon::Document
                        on_press=move |()| download()
                    />
                </div>
                <Problems problems=problems caption=t::import_partners::problems />
            </div>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_look_ups_are_named_as_the_server_allows() {
        assert_eq!(LOOK_UPS_MAX, service::partner_ids::DAILY_LIMIT);
    }
}
