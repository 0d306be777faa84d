//! Import: sets the partners of record of many subscriptions from a file. The page first shows
//! what the file would change and its problems, line by line, before anything is changed.

use api::{AppliedPlan, ErrorCode, Plan, PlanRequest, routes};
use js_sys::Uint8Array;
use leptos::{html, prelude::*};
use rules::{FieldError, OrganizationAction, Refusal, bounds::LOOK_UPS_OF_ORGANIZATION};
use stylers_macro::style;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::{
    browser,
    client::{self, Failure, FailureKind},
    features::{
        guards::organization_refusal,
        listing::list_crumb,
        plan_report::{self, PlanProblemsTable, PlannedChangesTable, number, problem_kinds},
        subscription::list_title,
    },
    intl,
    load::spawn,
    route::Route,
    t,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, DescriptionItem, DescriptionList, Filter, Icon,
        Intent, MessageBar, PageTitle, SelectOption, Spinner, announce, toast,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

/// Number of Partner IDs that an organization can look up within 24 hours.
const LOOK_UPS_MAX: usize = LOOK_UPS_OF_ORGANIZATION.most as usize;

/// Name of the downloaded file with all problems.
const PROBLEMS_FILE: &str = "partners-of-record-problems.csv";

/// The chosen file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ImportFile {
    name: String,
    text: String,
}

/// Reason why a file could not be read or applied.
#[derive(Clone)]
enum ImportFailure {
    /// The file can't be read.
    File(fn() -> String),
    /// The request failed.
    Request(Failure),
}

impl ImportFailure {
    /// Returns one sentence for each reason. Reactive.
    fn texts(&self) -> Vec<String> {
        let failure = match self {
            Self::File(reason) => return vec![reason()],
            Self::Request(failure) => failure,
        };
        let FailureKind::Fields(fields) = &failure.kind else { return vec![failure.text()] };
        fields.iter().map(|(field, error)| file_error_text(field, *error)).collect()
    }
}

/// State of the import.
#[derive(Clone, Copy)]
struct ImportState {
    file: RwSignal<Option<ImportFile>>,
    plan: RwSignal<Option<Plan>>,
    /// Number of the latest request, so that answers to earlier ones are dropped.
    latest_request: StoredValue<u32>,
    reading: RwSignal<bool>,
    applying: RwSignal<bool>,
    /// Reason why the file could not be read or applied.
    failure: RwSignal<Option<ImportFailure>>,
    /// Number of subscriptions that the last file changed.
    changed: RwSignal<Option<usize>>,
}

impl ImportState {
    fn new() -> Self {
        Self {
            file: RwSignal::new(None),
            plan: RwSignal::new(None),
            latest_request: StoredValue::new(0),
            reading: RwSignal::new(false),
            applying: RwSignal::new(false),
            failure: RwSignal::new(None),
            changed: RwSignal::new(None),
        }
    }

    /// Starts a request and returns its number. Answers to earlier requests are dropped.
    fn start_request(self) -> u32 {
        let number = self.latest_request.get_value() + 1;
        self.latest_request.set_value(number);
        number
    }

    /// Returns whether this is the latest request and the page is still there.
    fn is_latest(self, number: u32) -> bool {
        self.latest_request.try_get_value() == Some(number)
    }

    /// Reads a file and asks the server what it would change.
    fn load_file(self, file: File) {
        let number = self.start_request();
        self.file.set(None);
        self.plan.set(None);
        self.failure.set(None);
        self.changed.set(None);
        self.reading.set(true);
        spawn(async move {
            let name = file.name();
            let text = read_file(&file).await;
            if !self.is_latest(number) {
                return;
            }
            match text {
                Ok(text) => {
                    self.file.set(Some(ImportFile { name, text }));
                    self.make_plan();
                }
                Err(reason) => {
                    self.reading.set(false);
                    self.file.set(Some(ImportFile { name, text: String::new() }));
                    self.failure.set(Some(ImportFailure::File(reason)));
                }
            }
        });
    }

    fn make_plan(self) {
        let Some(file) = self.file.get_untracked() else { return };
        let number = self.start_request();
        self.reading.set(true);
        spawn(async move {
            let route = routes::PLAN_PARTNERS_OF_RECORD;
            let answer = client::post_csv::<Plan>(route, file.text, None).await;
            if !self.is_latest(number) {
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
                    self.failure.set(Some(ImportFailure::Request(failure)));
                }
            }
        });
    }

    /// Returns why the plan can't be applied. Reactive.
    fn apply_blocker(self) -> Option<String> {
        let plan = self.plan.read();
        let plan = plan.as_ref()?;
        match (plan_report::count_problem_lines(&plan.problems), plan.changes.is_empty()) {
            (0, false) => None,
            (0, true) => Some(summary(plan)),
            (count, _) => Some(t::import_partners::correct_first(count)),
        }
    }

    /// Applies the plan, all or nothing.
    fn apply(self) {
        let Some(plan) = self.plan.get_untracked() else { return };
        let Some(file) = self.file.get_untracked() else { return };
        if self.applying.get_untracked() {
            return;
        }
        self.applying.set(true);
        self.failure.set(None);
        spawn(async move {
            let route = routes::APPLY_PARTNERS_OF_RECORD;
            let answer = client::post_csv::<AppliedPlan>(route, file.text, Some(plan.etag)).await;
            let page_left = self.applying.try_set(false).is_some();
            match answer {
                Ok(applied) => {
                    let changed = number(applied.changed);
                    toast(Intent::Success, untrack(|| t::plan_report::changed(changed)));
                    if !page_left {
                        self.file.set(None);
                        self.plan.set(None);
                        self.changed.set(Some(changed));
                    }
                }
                Err(failure) if page_left => toast(Intent::Error, untrack(|| failure.text())),
                Err(failure) => {
                    // The plan is out of date: show the new one before the user applies it.
                    let stale = failure.is(ErrorCode::VersionMismatch)
                        || failure.is(ErrorCode::PlanHasProblems);
                    self.failure.set(Some(ImportFailure::Request(failure)));
                    if stale {
                        self.make_plan();
                    }
                }
            }
        });
    }
}

/// Reads the text of a file, or returns why it can't be read.
async fn read_file(file: &File) -> Result<String, fn() -> String> {
    #[expect(clippy::cast_precision_loss, reason = "the limit is small")]
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

/// Returns a sentence that sums up a plan. Reactive.
fn summary(plan: &Plan) -> String {
    match (plan.lines, plan_report::count_problem_lines(&plan.problems)) {
        (0, _) => t::import_partners::empty_file(),
        (_, 0) => plan_report::plan_summary(plan),
        (_, lines) => t::import_partners::wrong_lines(lines),
    }
}

/// Returns the text of an error of the file as a whole. Reactive.
fn file_error_text(field: &str, error: FieldError) -> String {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "few of the errors of a field have another text for a file"
    )]
    match error {
        FieldError::MissingColumn => t::import_partners::missing_column(field),
        FieldError::TooMany { max: 1 } => t::import_partners::column_twice(field),
        FieldError::TooMany { max } => t::import_partners::too_many_lines(&intl::number(max)),
        FieldError::Empty => t::import_partners::empty_file(),
        error => words::field_error(error),
    }
}

/// The page, for `/billing/subscriptions/import`.
#[component]
pub fn ImportPartners() -> View {
    let import = ImportState::new();
    let failure = move || {
        import.failure.get().map(|failure| {
            let lines = move || {
                let lines = failure.texts().into_iter().map(|line| view! { <p>{line}</p> });
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
                    <a href=Route::Subscriptions.path()>{t::import_partners::see_list}</a>
                </MessageBar>
            }
        })
    };
    let reading = move || {
        import.reading.get().then(|| view! { <Spinner label=t::import_partners::reading /> })
    };
    let report = move || import.plan.get().map(|plan| plan_view(&plan, import));
    view! {
        <Breadcrumb
            crumbs=vec![list_crumb(list_title, Route::Subscriptions)]
            current=t::import_partners::title
        />
        <PageTitle title=t::import_partners::title intro=t::import_partners::intro />
        <div class="stack">
            {file_card(import)}
            {reading}
            {failure}
            {changed}
            {report}
        </div>
    }
}

/// Shows the rules for the file, and the button to choose one.
fn file_card(import: ImportState) -> View {
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
    let open_file_dialog = move |()| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let on_change = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // Cleared so that the same file can be chosen again after it is corrected.
        input.set_value("");
        if let Some(file) = file {
            import.load_file(file);
        }
    };
    let refused = Signal::derive(move || {
        organization_refusal(OrganizationAction::ChangePartnersOfRecord).map(words::refusal)
    });
    let name = Memo::new(move |_| import.file.read().as_ref().map(|file| file.name.clone()));
    let label = move || {
        if name.read().is_some() {
            t::import_partners::choose_other()
        } else {
            t::import_partners::choose()
        }
    };
    let file_name = move || {
        name.get().map(
            |name| view! { class = scope, <strong class="file-name" dir="auto">{name}</strong> },
        )
    };
    let max_lines = move || t::import_partners::most_lines(&intl::number(PlanRequest::LINES_MAX));
    let max_look_ups = move || t::import_partners::most_look_ups(&intl::number(LOOK_UPS_MAX));
    view! { class = scope,
        <Card title=t::import_partners::file>
            <div class="stack">
                <ul class="file-rules">
                    <li>
                        {t::import_partners::columns} " " <code>"subscriptionId"</code> ", "
                        <code>"partnerId"</code>
                    </li>
                    <li>{t::import_partners::clears}</li>
                    <li>{max_lines}</li>
                    <li>{max_look_ups}</li>
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
                        on:change=on_change
                    />
                    <Button
                        label=label
                        icon=Icon::Document
                        disabled_reason=refused
                        busy=import.reading
                        on_press=open_file_dialog
                    />
                    {file_name}
                </div>
            </div>
        </Card>
    }
}

/// Shows what the file would change, and its problems.
fn plan_view(plan: &Plan, import: ImportState) -> View {
    let count = |count: usize| move || intl::number(count);
    let (changes, problems) =
        (plan.changes.len(), plan_report::count_problem_lines(&plan.problems));
    let (lines, unchanged) = (number(plan.lines), number(plan.unchanged));
    let apply = view! {
        <div class="row">
            <Button
                label=t::import_partners::apply
                kind=ButtonKind::Primary
                busy=import.applying
                disabled_reason=Signal::derive(move || import.apply_blocker())
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
    let look_ups = plan.problems.iter().any(|one| one.code == Refusal::TooManyLookUps.code());
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
                <PlannedChangesTable changes=changes lines=true />
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

/// Shows the number of lines with each kind of problem, and the lines, optionally of one kind.
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
    let kinds = problem_kinds(&plan.problems);
    let totals = kinds
        .iter()
        .map(|(kind, count)| {
            let (kind, count) = (kind.clone(), *count);
            view! { class = scope,
                <li class="fault">
                    <span class="fault-number">{move || intl::number(count)}</span>
                    <span>{move || plan_report::problem_text(&kind)}</span>
                </li>
            }
        })
        .collect_view();
    let chosen = RwSignal::new(String::new());
    let choices: Vec<_> = kinds
        .into_iter()
        .map(|(kind, _)| {
            SelectOption::new(kind.code.clone(), move || plan_report::problem_text(&kind))
        })
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
        let text = all.with_value(|all| untrack(|| plan_report::problems_csv(all)));
        browser::download(PROBLEMS_FILE, "text/csv", &text);
    };
    let problems = Signal::derive(move || {
        let chosen = chosen.read();
        all.with_value(|all| {
            let shown = all.iter().filter(|one| chosen.is_empty() || *chosen == one.code);
            shown.cloned().collect()
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
                <PlanProblemsTable problems=problems caption=t::import_partners::problems />
            </div>
        </Card>
    }
}
