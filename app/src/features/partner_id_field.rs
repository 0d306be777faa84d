//! The field for a Microsoft Partner ID. Malformed input is reported at each keystroke;
//! **Check ID** shows who the ID belongs to before anything is saved. See docs/domain.md,
//! Microsoft Partner ID.

use api::{CheckedPartnerId, PartnerIdRequest, routes};
use leptos::prelude::*;
use rules::{CountryCode, DisplayName, FieldError, PartnerId, Refusal};
use stylers_macro::style;

use crate::{
    browser,
    client::{self, Failure, FailureKind},
    intl,
    load::spawn,
    t,
    ui::{
        Button, DescriptionItem, DescriptionList, Icon, Intent, MessageBar, TextInput, unique_id,
    },
    view::{View, view},
    words,
};

/// The field's name in API requests.
const FIELD_NAME: &str = "partnerId";

/// The input for a Partner ID, and the result of checking it with the server. A result
/// applies only to the exact text that was checked; any change makes it stale.
#[derive(Clone, Copy)]
pub struct PartnerIdCheck {
    /// The input.
    pub text: RwSignal<String>,
    /// The checked text, trimmed, and the result.
    result: RwSignal<Option<(String, Result<CheckedPartnerId, Failure>)>>,
    busy: RwSignal<bool>,
    /// Whether an empty field is valid and means "no partner".
    clearable: bool,
    /// The id of the input element.
    id: StoredValue<String>,
}

impl PartnerIdCheck {
    /// Creates an unchecked input. Call this while the page is set up, not in an event
    /// handler.
    pub fn new(initial: &str) -> Self {
        Self {
            text: RwSignal::new(initial.to_owned()),
            result: RwSignal::new(None),
            busy: RwSignal::new(false),
            clearable: false,
            id: StoredValue::new(unique_id("partner-id")),
        }
    }

    /// Makes an empty field valid, with the meaning "no partner".
    #[must_use]
    pub const fn clearable(self) -> Self {
        Self { clearable: true, ..self }
    }

    /// Replaces the input and discards the result.
    pub fn reset(self, text: &str) {
        self.text.set(text.to_owned());
        self.result.set(None);
    }

    /// Returns whether the input is empty. Reactive.
    pub fn is_empty(self) -> bool {
        self.text.read().trim().is_empty()
    }

    /// Returns the ID if it is well formed. Reactive.
    pub fn parsed(self) -> Option<PartnerId> {
        PartnerId::parse(&self.text.read()).ok()
    }

    /// Returns the result for the current input. Reactive.
    fn current_result(self) -> Option<Result<CheckedPartnerId, Failure>> {
        let text = self.text.read();
        let answer = self.result.read();
        answer.as_ref().filter(|(of, _)| of == text.trim()).map(|(_, answer)| answer.clone())
    }

    /// Returns the account that the current input was found to belong to, even if it can't
    /// be the partner of record. Reactive.
    pub fn found(self) -> Option<CheckedPartnerId> {
        self.current_result()?.ok()
    }

    /// Returns the account if it can be the partner of record. Reactive.
    pub fn usable(self) -> Option<CheckedPartnerId> {
        self.found().filter(|found| found.refusal.is_none())
    }

    /// Returns whether a check is in progress. Reactive.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Focuses the field.
    pub fn focus(self) {
        if let Some(input) = browser::element_by_id(&self.id.get_value()) {
            let _ = input.focus();
        }
    }

    /// Checks the ID with the server. Malformed input is not sent: the field shows the
    /// error and takes the focus.
    pub fn check(self) {
        self.check_then(Callback::new(|_| ()));
    }

    /// Checks the ID, and calls `then` if it can be the partner of record. A current result
    /// is used at once.
    pub fn check_then(self, then: Callback<CheckedPartnerId>) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(id) = untrack(|| self.parsed()) else {
            if !self.clearable && untrack(|| self.is_empty()) {
                let kind = FailureKind::Fields(vec![(FIELD_NAME.to_owned(), FieldError::Empty)]);
                self.store_result(Err(Failure { kind, request_id: None }));
            }
            self.focus();
            return;
        };
        if let Some(found) = untrack(|| self.usable()) {
            then.run(found);
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let request = PartnerIdRequest { partner_id: id.to_string() };
            let answer =
                client::post::<CheckedPartnerId>(routes::CHECK_PARTNER_ID, &request, None).await;
            // The page may have been closed, and its signals disposed.
            if self.busy.try_set(false).is_some() {
                return;
            }
            self.result.set(Some((id.to_string(), answer)));
            if let Some(found) = untrack(|| self.usable()) {
                then.run(found);
            }
        });
    }

    /// Shows the failure of a later request at the field, if it is about the ID. Returns
    /// whether it is; the page has to show other failures.
    pub fn fail(self, failure: &Failure) -> bool {
        let own = is_about_partner_id(failure);
        if own {
            self.store_result(Err(failure.clone()));
        }
        own
    }

    /// Stores the result for the current input.
    fn store_result(self, answer: Result<CheckedPartnerId, Failure>) {
        let text = self.text.read_untracked().trim().to_owned();
        self.result.set(Some((text, answer)));
    }

    /// Returns the error of the field. Reactive.
    fn error(self) -> Option<String> {
        match PartnerId::parse(&self.text.read()) {
            // An empty field is not an error before it is submitted.
            Err(FieldError::Empty) | Ok(_) => match self.current_result()? {
                Ok(found) => found.refusal.map(words::refusal),
                Err(failure) if is_about_partner_id(&failure) => {
                    Some(failure.field(FIELD_NAME).unwrap_or_else(|| failure.text()))
                }
                Err(_) => None,
            },
            Err(error) => Some(words::field_error(error)),
        }
    }

    /// Returns the message for a check that failed for a reason other than the ID.
    /// Reactive.
    fn failure_text(self) -> Option<String> {
        let failure =
            self.current_result()?.err().filter(|failure| !is_about_partner_id(failure))?;
        if let FailureKind::Limited(Refusal::TooManyLookUps, wait) = failure.kind {
            // The limit on look-ups is per day, so the time to wait is shown in hours.
            let time = intl::relative(i64::from(wait) * 1_000, 0);
            return Some(t::partner_id_field::too_many(&time));
        }
        Some(failure.text())
    }
}

/// Returns whether the failure is about the ID, so that another ID would help.
fn is_about_partner_id(failure: &Failure) -> bool {
    let refused = matches!(
        failure.refusal(),
        Some(
            Refusal::PartnerIdNotFound
                | Refusal::PartnerIdIsGlobalAccount
                | Refusal::PartnerNotInCloud
                | Refusal::PartnerOfRecordUnchanged
        )
    );
    refused || failure.field(FIELD_NAME).is_some()
}

/// The field, with the result of the check below it.
#[component]
pub fn PartnerIdField(
    /// The input and the result.
    check: PartnerIdCheck,
    /// Whether the field is a form of its own with the button **Check ID**. Otherwise it
    /// belongs to the page's form, whose button runs the check.
    #[prop(optional)]
    with_button: bool,
) -> View {
    let scope = style! {
        .partner-id {
            display: grid;
            gap: var(--space-2);
        }
        .partner-id-line {
            display: flex;
            gap: var(--space-2);
        }
        .partner-id-text {
            flex: 1 1 160px;
            min-width: 0;
        }
        .partner-id-button {
            flex: none;
            padding-top: calc(var(--line-body) + var(--space-1));
        }
        @media (max-width: 799.98px) {
            .partner-id-line {
                flex-direction: column;
            }
            .partner-id-text {
                flex: none;
                width: 100%;
            }
            .partner-id-button {
                padding-top: 0;
            }
        }
    };
    let input = view! {
        <TextInput
            label=t::partner_id_field::label
            value=check.text
            hint=t::partner_id_field::hint
            error=Signal::derive(move || check.error())
            inputmode="numeric"
            may_clear=check.clearable
            id=check.id.get_value()
        />
    };
    let problem = move || {
        let problem = check.failure_text();
        problem.map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    let found = move || check.found().map(|found| view! { <PartnerCard found=found /> });
    // The live region is always present, so that a new result is announced.
    let answer = view! { <div aria-live="polite">{problem} {found}</div> };
    if !with_button {
        return view! { class = scope, <div class="partner-id">{input} {answer}</div> };
    }
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        check.check();
    };
    view! { class = scope,
        <form class="partner-id" novalidate on:submit=submit>
            <div class="partner-id-line">
                <div class="partner-id-text">{input}</div>
                <div class="partner-id-button">
                    <Button label=t::partner_id_field::check submit=true busy=check.busy />
                </div>
            </div>
            {answer}
        </form>
    }
}

/// The partner that an ID belongs to, with the account and its location.
#[component]
pub fn PartnerCard(
    /// The result of the check.
    found: CheckedPartnerId,
) -> View {
    let scope = style! {
        .found {
            padding: var(--space-3) var(--space-4);
            border: 1px solid var(--success-line);
            border-radius: var(--radius-4);
            background-color: var(--success-soft);
        }
        .found.refused {
            border-color: var(--warning-line);
            background-color: var(--warning-soft);
        }
        .found-title {
            display: flex;
            align-items: flex-start;
            gap: var(--space-2);
            margin: 0 0 var(--space-3);
            font-weight: 600;
        }
        .found-mark {
            display: flex;
            color: var(--success-text);
        }
        .refused .found-mark {
            color: var(--warning-text);
        }
    };
    let refused = found.refusal.is_some();
    let icon = if refused { Icon::Warning } else { Icon::CheckCircle };
    let name = found.partner_name.to_string();
    let kind = found.kind;
    let id = found.partner_id.to_string();
    let account = found.account_name.to_string();
    let place = move || format_account_location(&found.country, found.city.as_ref());
    view! { class = scope,
        <div class="found" class:refused=refused>
            <p class="found-title">
                <span class="found-mark">{icon}</span>
                <span>{move || t::partner_id_field::found(&name)}</span>
            </p>
            <DescriptionList>
                <DescriptionItem label=t::partner_id_field::account>{account}</DescriptionItem>
                <DescriptionItem label=t::partner_id_field::location>{place}</DescriptionItem>
                <DescriptionItem label=t::partner_id_field::label>{id}</DescriptionItem>
                <DescriptionItem label=t::partner_id_field::kind>{move || words::account_kind(kind)}</DescriptionItem>
            </DescriptionList>
        </div>
    }
}

/// Formats the location of a partner's account: `München, Germany`. Reactive.
#[must_use]
pub fn format_account_location(country: &CountryCode, city: Option<&DisplayName>) -> String {
    let country = intl::country(country.as_str());
    match city {
        Some(city) => format!("{city}, {country}"),
        None => country,
    }
}
