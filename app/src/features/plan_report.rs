//! The preview of a bulk change of partners of record: what would change, and the problems
//! to solve first.

use api::{LineFault, LineProblem, PartnerRef, Plan, PlannedChange};
use leptos::prelude::*;
use rules::FieldError;
use stylers_macro::style;

use crate::{
    intl, t,
    text::Text,
    ui::{Button, Cell, NoValue, Table, TableColumn, focus_title_if_lost},
    view::{IntoView, View, each, view},
    words,
};

/// The number of rows that are shown at first, and added by each press of the button.
const ROWS_PER_PRESS: usize = 100;

/// Returns the text for a problem, with what to do. Reactive.
#[must_use]
pub fn problem_text(problem: &LineProblem) -> String {
    match problem.fault() {
        Some(LineFault::Field(FieldError::NotAnId)) => t::plan_report::not_an_id(),
        Some(LineFault::Field(FieldError::Empty)) => t::plan_report::no_subscription(),
        Some(LineFault::Field(error)) => words::field_error(error),
        Some(LineFault::Refused(refusal)) => words::refusal(refusal),
        // The code comes from a newer server.
        None => t::problem::invalid_fields(),
    }
}

/// Returns a summary of a plan in a sentence. Reactive.
#[must_use]
pub fn plan_summary(plan: &Plan) -> String {
    match (count_problem_lines(&plan.problems), plan.changes.len()) {
        (0, 0) => t::plan_report::nothing_changes(),
        (0, changes) => t::plan_report::will_change(changes),
        (wrong, _) => t::plan_report::cannot_change(wrong),
    }
}

/// Counts the lines with problems. A line can have several, which are adjacent.
#[must_use]
pub fn count_problem_lines(problems: &[LineProblem]) -> usize {
    let first = |(place, problem): &(usize, &LineProblem)| {
        *place == 0 || problems.get(place - 1).is_none_or(|before| before.line != problem.line)
    };
    problems.iter().enumerate().filter(first).count()
}

/// Groups problems by code. Returns an example of each and their number, most frequent
/// first.
#[must_use]
pub fn problem_kinds(problems: &[LineProblem]) -> Vec<(LineProblem, usize)> {
    let mut kinds: Vec<(LineProblem, usize)> = Vec::new();
    for problem in problems {
        match kinds.iter_mut().find(|(known, _)| known.code == problem.code) {
            Some((_, count)) => *count += 1,
            None => kinds.push((problem.clone(), 1)),
        }
    }
    crate::sort::order_by(&mut kinds, |(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// Returns the problems as CSV with a header line, to correct the file with. Reactive.
#[must_use]
pub fn problems_csv(problems: &[LineProblem]) -> String {
    // The byte order mark marks the file as UTF-8 for spreadsheets.
    let mut text = "\u{feff}line;subscriptionId;partnerId;reason\r\n".to_owned();
    for problem in problems {
        text.push_str(&problem.line.to_string());
        let reason = problem_text(problem);
        for typed in [&problem.subscription, &problem.partner_id, &Some(reason)] {
            text.push(';');
            push_csv_cell(&mut text, typed.as_deref().unwrap_or_default());
        }
        text.push_str("\r\n");
    }
    text
}

/// Appends a quoted cell. A value that a spreadsheet would interpret as a formula gets an
/// apostrophe in front: the content of an uploaded file must not run code for the user who
/// opens this one.
fn push_csv_cell(text: &mut String, value: &str) {
    text.push('"');
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        text.push('\'');
    }
    for letter in value.chars() {
        if letter == '"' {
            text.push('"');
        }
        text.push(letter);
    }
    text.push('"');
}

/// The number of rows of a long list that are shown; each press of the button adds more.
#[derive(Clone, Copy)]
struct VisibleRows(RwSignal<usize>);

impl VisibleRows {
    fn new() -> Self {
        Self(RwSignal::new(ROWS_PER_PRESS))
    }

    /// Returns the shown part of the list. Reactive.
    fn take<T: Clone>(self, all: &[T]) -> Vec<T> {
        all.iter().take(self.0.get()).cloned().collect()
    }
}

/// Renders the button for more rows, if there are more.
fn more_button(visible: VisibleRows, all: impl Fn() -> usize + Send + Sync + 'static) -> View {
    let scope = style! {
        .report-goes-on {
            margin-top: var(--space-3);
        }
    };
    let all = Memo::new(move |_| all());
    let more = Memo::new(move |_| visible.0.get() < all.get());
    let shown =
        move || t::plan_report::shown(all.get(), &intl::number(visible.0.get().min(all.get())));
    let press = move |()| {
        visible.0.update(|shown| *shown += ROWS_PER_PRESS);
        focus_title_if_lost();
    };
    (move || {
        more.get().then(|| {
            view! { class = scope,
                <div class="row report-goes-on">
                    <Button label=t::plan_report::more on_press=press />
                    <span class="muted" role="status">{shown}</span>
                </div>
            }
        })
    })
    .into_view()
}

/// Renders a partner of record with name and ID.
fn partner_view(partner: Option<&PartnerRef>) -> View {
    let scope = style! {
        .report-id {
            display: block;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let Some(partner) = partner else { return view! { <NoValue /> } };
    let (name, id) = (partner.partner_name.to_string(), partner.partner_id.to_string());
    view! { class = scope,
        {name}
        <span class="report-id">{id}</span>
    }
}

/// The table of planned changes: the subscription, and the partner of record before and
/// after.
#[component]
pub fn PlannedChangesTable(
    /// The changes.
    #[prop(into)]
    changes: Signal<Vec<PlannedChange>>,
    /// Whether to show line numbers, because the changes come from a file.
    #[prop(optional)]
    lines: bool,
) -> View {
    let visible = VisibleRows::new();
    let mut columns = vec![
        TableColumn::new("product", t::plan_report::product),
        TableColumn::new("from", t::plan_report::from),
        TableColumn::new("to", t::plan_report::to),
    ];
    if lines {
        columns.insert(0, TableColumn::new("line", t::plan_report::line));
    }
    let row = move |change: PlannedChange| {
        let line = number(change.line);
        let line = lines.then(|| view! { <Cell of="line">{move || intl::number(line)}</Cell> });
        view! {
            <tr role="row">
                {line}
                <Cell of="product" header=true>{change.product_name.to_string()}</Cell>
                <Cell of="from">{partner_view(change.from.as_ref())}</Cell>
                <Cell of="to">{partner_view(change.to.as_ref())}</Cell>
            </tr>
        }
    };
    view! {
        <Table caption=t::plan_report::changes columns=columns>
            {each(
                move || visible.take(&changes.read()),
                |change| format!("{} {}", change.line, change.subscription),
                row,
            )}
        </Table>
        {more_button(visible, move || changes.read().len())}
    }
}

/// The table of problems, line by line.
#[component]
pub fn PlanProblemsTable(
    /// The problems.
    #[prop(into)]
    problems: Signal<Vec<LineProblem>>,
    /// The caption.
    #[prop(into)]
    caption: Text,
) -> View {
    let scope = style! {
        .typed {
            font-family: var(--font-mono);
            font-size: var(--size-caption);
            overflow-wrap: anywhere;
        }
    };
    let visible = VisibleRows::new();
    let columns = vec![
        TableColumn::new("line", t::plan_report::line),
        TableColumn::new("subscription", t::plan_report::subscription),
        TableColumn::new("partner", t::plan_report::partner_id),
        TableColumn::new("fault", t::plan_report::fault),
    ];
    let typed = move |text: Option<String>| match text {
        Some(text) => view! { class = scope, <span class="typed" dir="auto">{text}</span> },
        None => view! { <NoValue /> },
    };
    let row = move |problem: LineProblem| {
        let line = number(problem.line);
        let (subscription, id) = (problem.subscription.clone(), problem.partner_id.clone());
        view! {
            <tr role="row">
                <Cell of="line" header=true>
                    // In a card the number is alone at the top, without a label.
                    <span class="table-label" aria-hidden="true">{t::plan_report::line}</span>
                    {move || intl::number(line)}
                </Cell>
                <Cell of="subscription">{typed(subscription)}</Cell>
                <Cell of="partner">{typed(id)}</Cell>
                <Cell of="fault">{move || problem_text(&problem)}</Cell>
            </tr>
        }
    };
    view! {
        <Table caption=caption columns=columns>
            {each(
                move || visible.take(&problems.read()),
                |problem| format!("{} {}", problem.line, problem.code),
                row,
            )}
        </Table>
        {more_button(visible, move || problems.read().len())}
    }
}

/// Converts a count of the API.
pub fn number(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use rules::Refusal;

    use super::*;

    #[test]
    fn a_line_with_two_problems_is_one_line() {
        let problem = |line, refusal: Refusal| LineProblem::new(line, "a", "1", refusal.into());
        let problems = [
            problem(2, Refusal::SubscriptionEnded),
            problem(2, Refusal::PartnerIdNotFound),
            problem(4, Refusal::SubscriptionEnded),
        ];
        assert_eq!(count_problem_lines(&problems), 2);
        assert_eq!(count_problem_lines(&[]), 0);
    }

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        let written = |value| {
            let mut text = String::new();
            push_csv_cell(&mut text, value);
            text
        };
        assert_eq!(written(""), "\"\"");
        assert_eq!(written("a;\"b\"\r\n"), "\"a;\"\"b\"\"\r\n\"");
        assert_eq!(written("=1+1"), "\"'=1+1\"");
    }

    #[test]
    fn the_most_frequent_problem_comes_first() {
        let problem = |line, refusal: Refusal| LineProblem::new(line, "a", "1", refusal.into());
        let problems = [
            problem(2, Refusal::PartnerIdNotFound),
            problem(3, Refusal::SubscriptionEnded),
            problem(4, Refusal::SubscriptionEnded),
        ];
        let kinds = problem_kinds(&problems);
        let said: Vec<_> = kinds.iter().map(|(one, count)| (one.code.as_str(), *count)).collect();
        assert_eq!(said, [("subscriptionEnded", 2), ("partnerIdNotFound", 1)]);
    }
}
