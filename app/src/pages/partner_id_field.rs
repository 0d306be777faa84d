//! The field for a Microsoft Partner ID. What is malformed is said at each keystroke; whose
//! ID it is says **Check ID** before anything is saved (docs/domain.md, Microsoft
//! Partner ID).

use api::{CheckedPartnerId, ErrorCode, PartnerIdRequest, routes};
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

/// The field's name on the wire.
const FIELD: &str = "partnerId";

/// A Partner ID as it is typed, and what the server said of it. An answer belongs to exactly
/// the text that was asked about: whatever is typed after it makes it stale.
#[derive(Clone, Copy)]
pub struct PartnerIdCheck {
    /// What is typed.
    pub text: RwSignal<String>,
    /// What was asked about, without the spaces around it, and what came of it.
    answer: RwSignal<Option<(String, Result<CheckedPartnerId, Failure>)>>,
    busy: RwSignal<bool>,
    /// Whether an empty field is an answer too: that there is no partner.
    clearable: bool,
    /// The id of the input.
    id: StoredValue<String>,
}

impl PartnerIdCheck {
    /// Nothing is asked yet. Called where the page is made.
    pub fn new(initial: &str) -> Self {
        Self {
            text: RwSignal::new(initial.to_owned()),
            answer: RwSignal::new(None),
            busy: RwSignal::new(false),
            clearable: false,
            id: StoredValue::new(unique_id("partner-id")),
        }
    }

    /// The same where an empty field says that there is no partner.
    #[must_use]
    pub const fn clearable(self) -> Self {
        Self { clearable: true, ..self }
    }

    /// Begins anew with this text.
    pub fn reset(self, text: &str) {
        self.text.set(text.to_owned());
        self.answer.set(None);
    }

    /// Whether nothing is typed. Reactive.
    pub fn is_empty(self) -> bool {
        self.text.read().trim().is_empty()
    }

    /// The ID, where it is well formed. Reactive.
    pub fn parsed(self) -> Option<PartnerId> {
        PartnerId::parse(&self.text.read()).ok()
    }

    /// What the server said of the text as it stands. Reactive.
    fn answer(self) -> Option<Result<CheckedPartnerId, Failure>> {
        let text = self.text.read();
        let answer = self.answer.read();
        answer.as_ref().filter(|(of, _)| of == text.trim()).map(|(_, answer)| answer.clone())
    }

    /// Whose ID it is, where the text as it stands was checked; also one that can't be the
    /// partner of record. Reactive.
    pub fn found(self) -> Option<CheckedPartnerId> {
        self.answer()?.ok()
    }

    /// The same, of one that can be the partner of record. Reactive.
    pub fn usable(self) -> Option<CheckedPartnerId> {
        self.found().filter(|found| found.refusal.is_none())
    }

    /// Whether the server is being asked. Reactive.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Gives the field the focus.
    pub fn focus(self) {
        if let Some(input) = browser::element_by_id(&self.id.get_value()) {
            let _ = input.focus();
        }
    }

    /// Asks the server whose ID it is. What is malformed is not asked about: the field says
    /// what is wrong, and takes the focus.
    pub fn check(self) {
        self.check_then(Callback::new(|_| ()));
    }

    /// The same, and then goes on with an ID that can be the partner of record, at once where
    /// that is known already.
    pub fn check_then(self, then: Callback<CheckedPartnerId>) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(id) = untrack(|| self.parsed()) else {
            if !self.clearable && untrack(|| self.is_empty()) {
                let kind = FailureKind::Fields(vec![(FIELD.to_owned(), FieldError::Empty)]);
                self.note(Err(Failure { kind, request_id: None }));
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
            // The page may be gone by now, and its signals with it.
            if self.busy.try_set(false).is_some() {
                return;
            }
            self.answer.set(Some((id.to_string(), answer)));
            if let Some(found) = untrack(|| self.usable()) {
                then.run(found);
            }
        });
    }

    /// Shows at the field why the text as it stands was refused later on. Answers whether the
    /// failure is about the ID; what is not is for the page to show.
    pub fn fail(self, failure: &Failure) -> bool {
        let own = about_the_id(failure);
        if own {
            self.note(Err(failure.clone()));
        }
        own
    }

    /// Notes what is known of the text as it stands.
    fn note(self, answer: Result<CheckedPartnerId, Failure>) {
        let text = self.text.read_untracked().trim().to_owned();
        self.answer.set(Some((text, answer)));
    }

    /// What is wrong with the ID. Reactive.
    fn error(self) -> Option<String> {
        match PartnerId::parse(&self.text.read()) {
            // Nobody is told off for what they have not typed yet.
            Err(FieldError::Empty) | Ok(_) => match self.answer()? {
                Ok(found) => found.refusal.map(words::refusal),
                Err(failure) if about_the_id(&failure) => {
                    Some(failure.field(FIELD).unwrap_or_else(|| failure.text()))
                }
                Err(_) => None,
            },
            Err(error) => Some(words::field_error(error)),
        }
    }

    /// Why the server could not say whose ID it is. Reactive.
    fn problem(self) -> Option<String> {
        let failure = self.answer()?.err().filter(|failure| !about_the_id(failure))?;
        Some(match failure.kind {
            // Look-ups are counted by the day, so the time to wait is said in hours.
            FailureKind::Other(ErrorCode::TooManyAttempts, Some(wait)) => {
                t::partner_id_field::too_many(&intl::relative(i64::from(wait) * 1_000, 0))
            }
            _ => failure.text(),
        })
    }
}

/// Whether another ID is what would help.
fn about_the_id(failure: &Failure) -> bool {
    let refused = matches!(
        failure.refusal(),
        Some(
            Refusal::PartnerIdNotFound
                | Refusal::PartnerIdIsGlobalAccount
                | Refusal::PartnerNotInCloud
                | Refusal::PartnerOfRecordUnchanged
        )
    );
    refused || failure.field(FIELD).is_some()
}

/// The field, and below it what the server said of the ID.
#[component]
pub fn PartnerIdField(
    /// What is typed, and what came of it.
    check: PartnerIdCheck,
    /// With **Check ID** beside it, which Enter presses: a form of its own. Without it the
    /// field belongs into the form of the page, whose button checks.
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
        let problem = check.problem();
        problem.map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    let found = move || check.found().map(|found| view! { <PartnerCard found=found /> });
    // The region is always there, so that an answer that appears is announced.
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

/// Whose ID it is: the partner, which of its accounts, and where that is.
#[component]
pub fn PartnerCard(
    /// What the server said.
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
    let place = move || place_of(&found.country, found.city.as_ref());
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

/// Where an account of a partner is: `München, Germany`. Reactive.
#[must_use]
pub fn place_of(country: &CountryCode, city: Option<&DisplayName>) -> String {
    let country = intl::country(country.as_str());
    match city {
        Some(city) => format!("{city}, {country}"),
        None => country,
    }
}
