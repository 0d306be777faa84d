//! What setting partners of record at once would change, and what is wrong with it, before
//! anything is changed.

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

/// How many lines are shown at first, and how many more at each press.
const STEP: usize = 100;

/// Why a line can't be done, and what to do. Reactive.
#[must_use]
pub fn fault(problem: &LineProblem) -> String {
    match problem.fault() {
        Some(LineFault::Field(FieldError::NotAnId)) => t::plan_report::not_an_id(),
        Some(LineFault::Field(FieldError::Empty)) => t::plan_report::no_subscription(),
        Some(LineFault::Field(error)) => words::field_error(error),
        Some(LineFault::Refused(refusal)) => words::refusal(refusal),
        // It comes from a newer server.
        None => t::problem::invalid_fields(),
    }
}

/// What comes of a plan, in a sentence. Reactive.
#[must_use]
pub fn summary(plan: &Plan) -> String {
    match (lines(&plan.problems), plan.changes.len()) {
        (0, 0) => t::plan_report::nothing_changes(),
        (0, changes) => t::plan_report::will_change(changes),
        (wrong, _) => t::plan_report::cannot_change(wrong),
    }
}

/// How many lines have a problem; each may have several, which follow each other.
#[must_use]
pub fn lines(problems: &[LineProblem]) -> usize {
    let first = |(place, problem): &(usize, &LineProblem)| {
        *place == 0 || problems.get(place - 1).is_none_or(|before| before.line != problem.line)
    };
    problems.iter().enumerate().filter(first).count()
}

/// The kinds of problems, each with one of its kind and how many there are, the most frequent
/// first.
#[must_use]
pub fn kinds(problems: &[LineProblem]) -> Vec<(LineProblem, usize)> {
    let mut kinds: Vec<(LineProblem, usize)> = Vec::new();
    for problem in problems {
        match kinds.iter_mut().find(|(known, _)| known.code == problem.code) {
            Some((_, count)) => *count += 1,
            None => kinds.push((problem.clone(), 1)),
        }
    }
    super::order_by(&mut kinds, |(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// The problems as CSV, a line each below a line of names, to correct the file by. Reactive.
#[must_use]
pub fn csv(problems: &[LineProblem]) -> String {
    // The byte order mark tells spreadsheets that it is UTF-8.
    let mut text = "\u{feff}line;subscriptionId;partnerId;reason\r\n".to_owned();
    for problem in problems {
        text.push_str(&problem.line.to_string());
        let reason = fault(problem);
        for typed in [&problem.subscription, &problem.partner_id, &Some(reason)] {
            text.push(';');
            cell(&mut text, typed.as_deref().unwrap_or_default());
        }
        text.push_str("\r\n");
    }
    text
}

/// One cell. What a spreadsheet would take for a formula gets an apostrophe in front: what
/// stands in somebody's file must not run anything on the machine of whoever opens this.
fn cell(text: &mut String, value: &str) {
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

/// How a long list is shown: its beginning, and more of it at each press.
#[derive(Clone, Copy)]
struct Beginning(RwSignal<usize>);

impl Beginning {
    fn new() -> Self {
        Self(RwSignal::new(STEP))
    }

    /// As much of the list as is shown. Reactive.
    fn of<T: Clone>(self, all: &[T]) -> Vec<T> {
        all.iter().take(self.0.get()).cloned().collect()
    }
}

/// The button for more of a list of so many, while there is more.
fn more(beginning: Beginning, all: impl Fn() -> usize + Send + Sync + 'static) -> View {
    let scope = style! {
        .report-goes-on {
            margin-top: var(--space-3);
        }
    };
    let all = Memo::new(move |_| all());
    let more = Memo::new(move |_| beginning.0.get() < all.get());
    let shown =
        move || t::plan_report::shown(all.get(), &intl::number(beginning.0.get().min(all.get())));
    let press = move |()| {
        beginning.0.update(|shown| *shown += STEP);
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

/// A partner of record, by its name and its ID.
fn partner(partner: Option<&PartnerRef>) -> View {
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

/// What would change: of which subscription, from which partner of record to which.
#[component]
pub fn Changes(
    /// The changes.
    #[prop(into)]
    changes: Signal<Vec<PlannedChange>>,
    /// Whether they are lines of a file, whose numbers help to find them.
    #[prop(optional)]
    lines: bool,
) -> View {
    let beginning = Beginning::new();
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
                <Cell of="from">{partner(change.from.as_ref())}</Cell>
                <Cell of="to">{partner(change.to.as_ref())}</Cell>
            </tr>
        }
    };
    view! {
        <Table caption=t::plan_report::changes columns=columns>
            {each(
                move || beginning.of(&changes.read()),
                |change| format!("{} {}", change.line, change.subscription),
                row,
            )}
        </Table>
        {more(beginning, move || changes.read().len())}
    }
}

/// What is wrong, line by line.
#[component]
pub fn Problems(
    /// What is wrong.
    #[prop(into)]
    problems: Signal<Vec<LineProblem>>,
    /// What the list is of.
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
    let beginning = Beginning::new();
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
                    // Where the row is a card, the number stands alone at its top.
                    <span class="table-label" aria-hidden="true">{t::plan_report::line}</span>
                    {move || intl::number(line)}
                </Cell>
                <Cell of="subscription">{typed(subscription)}</Cell>
                <Cell of="partner">{typed(id)}</Cell>
                <Cell of="fault">{move || fault(&problem)}</Cell>
            </tr>
        }
    };
    view! {
        <Table caption=caption columns=columns>
            {each(
                move || beginning.of(&problems.read()),
                |problem| format!("{} {}", problem.line, problem.code),
                row,
            )}
        </Table>
        {more(beginning, move || problems.read().len())}
    }
}

/// A count of the API as the page counts.
pub(super) fn number(count: u32) -> usize {
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
        assert_eq!(lines(&problems), 2);
        assert_eq!(lines(&[]), 0);
    }

    #[test]
    fn a_cell_is_quoted_and_runs_nothing() {
        let written = |value| {
            let mut text = String::new();
            cell(&mut text, value);
            text
        };
        assert_eq!(written(""), "\"\"");
        assert_eq!(written("a;\"b\"\r\n"), "\"a;\"\"b\"\"\r\n\"");
        assert_eq!(written("=1+1"), "\"'=1+1\"");
    }

    #[test]
    fn what_goes_wrong_most_is_said_first() {
        let problem = |line, refusal: Refusal| LineProblem::new(line, "a", "1", refusal.into());
        let problems = [
            problem(2, Refusal::PartnerIdNotFound),
            problem(3, Refusal::SubscriptionEnded),
            problem(4, Refusal::SubscriptionEnded),
        ];
        let kinds = kinds(&problems);
        let said: Vec<_> = kinds.iter().map(|(one, count)| (one.code.as_str(), *count)).collect();
        assert_eq!(said, [("subscriptionEnded", 2), ("partnerIdNotFound", 1)]);
    }
}
