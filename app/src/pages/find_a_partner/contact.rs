//! The form that contacts the selected providers.

use api::{Enquiry, EnquiryRequest, ErrorCode, Page, routes};
use leptos::prelude::*;
use rules::{DomainName, EmailAddress, Note, OrganizationAction, check, recipient_fits};
use stylers_macro::style;

use super::{Finder, PATH, Selection, countries, search::Search, sizes};
use crate::{
    client::{self, Failure, FailureKind},
    intl,
    load::spawn,
    pages::my_requests,
    session, t,
    ui::{
        Button, ButtonKind, Card, Checkbox, EmptyState, ErrorSummary, Icon, Intent, LinkButton,
        MessageBar, Select, TextArea, TextInput, toast,
    },
    view::{CollectView, View, view},
    words,
};

/// The ids of the fields, by their names on the wire, in the order of the form. What is
/// wrong with the selection leads to the first of them.
const FIELDS: [(&str, &str); 9] = [
    ("partners", "enquiry-needs"),
    ("needs", "enquiry-needs"),
    ("country", "enquiry-country"),
    ("city", "enquiry-city"),
    ("size", "enquiry-size"),
    ("contactName", "enquiry-name"),
    ("contactEmail", "enquiry-email"),
    ("contactPhone", "enquiry-phone"),
    ("consent", "enquiry-consent"),
];

/// What was typed, and how sending it stands. It stays in place until it was sent,
/// also while one goes back to the results.
#[derive(Clone, Copy)]
pub(super) struct Form {
    needs: RwSignal<String>,
    country: RwSignal<String>,
    city: RwSignal<String>,
    size: RwSignal<String>,
    name: RwSignal<String>,
    email: RwSignal<String>,
    phone: RwSignal<String>,
    consent: RwSignal<bool>,
    /// The domain of the organization, which the answer goes to.
    domain: StoredValue<DomainName>,
    /// Whether it was submitted once: from then on, errors follow each keystroke.
    tried: RwSignal<bool>,
    /// What submitting found wrong, by the fields' ids.
    wrong: RwSignal<Vec<(String, String)>>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Failure>>,
}

impl Form {
    /// An empty form, but for the contact person: whoever is signed in.
    pub(super) fn new() -> Self {
        let session = session::current();
        let session = session.read_untracked();
        Self {
            needs: RwSignal::new(String::new()),
            country: RwSignal::new(String::new()),
            city: RwSignal::new(String::new()),
            size: RwSignal::new(String::new()),
            name: RwSignal::new(session.user.name.to_string()),
            email: RwSignal::new(session.user.email.to_string()),
            phone: RwSignal::new(String::new()),
            consent: RwSignal::new(false),
            domain: StoredValue::new(session.organization.domain.clone()),
            tried: RwSignal::new(false),
            wrong: RwSignal::default(),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Fills in what was searched for.
    pub(super) fn take(self, search: &Search) {
        self.country.set(search.country.as_ref().map(ToString::to_string).unwrap_or_default());
        self.city.set(search.city.clone());
        self.size.set(search.size.map(|size| size.to_string()).unwrap_or_default());
    }

    fn request(self, selection: &Selection) -> EnquiryRequest {
        EnquiryRequest {
            partners: selection.all().iter().map(|selected| selected.id.to_string()).collect(),
            country: self.country.get(),
            city: self.city.get(),
            size: self.size.get(),
            needs: self.needs.get(),
            contact_name: self.name.get(),
            contact_email: self.email.get(),
            contact_phone: self.phone.get(),
            consent: self.consent.get(),
        }
    }

    /// What is wrong with what was typed, by the fields' names on the wire.
    fn problems(self, request: &EnquiryRequest) -> Vec<(&'static str, String)> {
        let problems = request.parse().err().unwrap_or_default();
        let mut problems: Vec<_> = problems
            .into_iter()
            .map(|problem| (problem.field, words::field_error(problem.error)))
            .collect();
        let elsewhere = self.domain.with_value(|domain| {
            let email = EmailAddress::parse(&request.contact_email).ok()?;
            let text = || t::find_a_partner::email_elsewhere(domain.as_str());
            recipient_fits(&email, domain).err().map(|_| text())
        });
        problems.extend(elsewhere.map(|text| ("contactEmail", text)));
        problems
    }

    /// What is wrong with a field, once the form was submitted.
    fn error(self, finder: Finder, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            if !self.tried.get() {
                return None;
            }
            let problems = self.problems(&self.request(&finder.selection.read()));
            let own = problems.into_iter().find(|(field, _)| *field == name);
            let own = own.map(|(_, error)| error);
            own.or_else(|| self.problem.read().as_ref()?.field(name))
        })
    }

    /// Sends what was typed.
    fn submit(self, finder: Finder) {
        if self.busy.get_untracked() {
            return;
        }
        self.tried.set(true);
        self.problem.set(None);
        let request = untrack(|| self.request(&finder.selection.read()));
        let problems = untrack(|| self.problems(&request));
        self.wrong.set(summary(|name| {
            let problem = problems.iter().find(|(field, _)| *field == name);
            problem.map(|(_, error)| error.clone())
        }));
        if !problems.is_empty() {
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let answer = client::post::<Page<Enquiry>>(routes::ENQUIRIES, &request, None).await;
            let left = self.busy.try_set(false).is_some();
            match answer {
                Ok(sent) => {
                    let count = sent.value.len();
                    toast(Intent::Success, untrack(|| t::find_a_partner::sent(count)));
                    if !left {
                        let back = finder.shown.with_untracked(|search| search.back.clone());
                        let next = Search { back, ..Search::default() };
                        finder.go.run(next.at(my_requests::PATH));
                    }
                }
                Err(failure) => {
                    if left {
                        toast(Intent::Error, untrack(|| failure.text()));
                        return;
                    }
                    self.wrong.set(summary(|name| failure.field(name)));
                    self.problem.set(Some(failure));
                }
            }
        });
    }
}

/// What is wrong with each field, by the field's id, with the field's name before it.
fn summary(error: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let line = |(name, id): &(&str, &str)| {
        let error = untrack(|| error(name))?;
        let text = match untrack(|| label(name)) {
            Some(label) => format!("{label}: {error}"),
            // The text of this error says which box it is.
            None => error,
        };
        Some(((*id).to_owned(), text))
    };
    FIELDS.iter().filter_map(line).collect()
}

/// The name of a field, by its name on the wire.
fn label(name: &str) -> Option<String> {
    Some(match name {
        "partners" => t::find_a_partner::selection(),
        "needs" => t::find_a_partner::needs(),
        "country" => t::find_a_partner::country(),
        "city" => t::find_a_partner::city(),
        "size" => t::find_a_partner::size(),
        "contactName" => t::find_a_partner::contact_name(),
        "contactEmail" => t::find_a_partner::email(),
        "contactPhone" => t::find_a_partner::phone(),
        _ => return None,
    })
}

/// Why it was not sent, and what to do next. How many enquiries an organization can send
/// is counted by the day, so the time to wait is said in hours.
fn failed(failure: &Failure) -> String {
    match failure.kind {
        FailureKind::Other(ErrorCode::TooManyAttempts, Some(wait)) => {
            let when = intl::relative(i64::from(wait) * 1_000, 0);
            t::find_a_partner::too_many(&when)
        }
        _ => failure.text(),
    }
}

/// The form, or the way to the search where nobody is selected.
pub(super) fn page(finder: Finder, form: Form) -> View {
    let nobody = Memo::new(move |_| finder.selection.read().all().is_empty());
    let content = move || {
        if nobody.get() {
            nobody_selected(finder)
        } else {
            view! { <Fields finder=finder form=form /> }
        }
    };
    view! { <div>{content}</div> }
}

fn nobody_selected(finder: Finder) -> View {
    let href = finder.shown.read_untracked().at(PATH);
    view! {
        <Card>
            <EmptyState
                icon=Icon::People
                title=t::find_a_partner::nobody_title
                hint=t::find_a_partner::nobody
            >
                <LinkButton
                    href=href
                    label=t::find_a_partner::to_search
                    kind=ButtonKind::Primary
                />
            </EmptyState>
        </Card>
    }
}

#[component]
fn Fields(finder: Finder, form: Form) -> View {
    let scope = style! {
        .enquiry {
            display: grid;
            gap: var(--space-4);
            max-width: 720px;
        }
        .enquiry-names {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .enquiry-fields {
            display: grid;
            grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
            align-items: start;
            gap: var(--space-4);
        }
    };
    let session = session::current();
    let refused = Signal::derive(move || {
        let session = session.read();
        let facts = session.organization.facts();
        check(&session.actor(), &facts, OrganizationAction::SendEnquiry, intl::now())
            .err()
            .map(words::refusal)
    });
    let names = move || {
        let names = finder.selection.read().all().to_vec();
        names
            .into_iter()
            .map(|one| view! { <li class="tag">{one.name.to_string()}</li> })
            .collect_view()
    };
    let counted = move || {
        let used = form.needs.read().trim().chars().count();
        t::find_a_partner::needs_hint(&intl::number(Note::MAX), &intl::number(used))
    };
    let consent = move || t::find_a_partner::consent(session.read().organization.name.as_str());
    let email_hint =
        move || t::find_a_partner::email_hint(session.read().organization.domain.as_str());
    let problem = move || {
        // What is wrong with a field stands at the field and in the summary.
        let failure = form.problem.get().filter(|_| form.wrong.read().is_empty())?;
        Some(view! { <MessageBar intent=Intent::Error>{move || failed(&failure)}</MessageBar> })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| refused.get()).is_none() {
            form.submit(finder);
        }
    };
    view! { class = scope,
        <form class="enquiry" novalidate on:submit=submit>
            <ErrorSummary errors=form.wrong />
            <Card title=t::find_a_partner::recipients>
                <ul class="enquiry-names">{names}</ul>
            </Card>
            <Card title=t::find_a_partner::about_needs>
                <TextArea
                    label=t::find_a_partner::needs
                    value=form.needs
                    hint=counted
                    error=form.error(finder, "needs")
                    rows=6
                    id="enquiry-needs"
                />
            </Card>
            <Card title=t::find_a_partner::about_you>
                <div class="enquiry-fields">
                    <Select
                        label=t::find_a_partner::country
                        value=form.country
                        choices=countries()
                        error=form.error(finder, "country")
                        id="enquiry-country"
                    />
                    <TextInput
                        label=t::find_a_partner::city
                        value=form.city
                        error=form.error(finder, "city")
                        required=false
                        id="enquiry-city"
                    />
                    <Select
                        label=t::find_a_partner::size
                        value=form.size
                        choices=sizes(t::find_a_partner::choose)
                        error=form.error(finder, "size")
                        id="enquiry-size"
                    />
                </div>
            </Card>
            <Card title=t::find_a_partner::about_contact>
                <div class="enquiry-fields">
                    <TextInput
                        label=t::find_a_partner::contact_name
                        value=form.name
                        error=form.error(finder, "contactName")
                        autocomplete="name"
                        id="enquiry-name"
                    />
                    <TextInput
                        label=t::find_a_partner::email
                        value=form.email
                        error=form.error(finder, "contactEmail")
                        hint=email_hint
                        kind="email"
                        autocomplete="email"
                        id="enquiry-email"
                    />
                    <TextInput
                        label=t::find_a_partner::phone
                        value=form.phone
                        error=form.error(finder, "contactPhone")
                        kind="tel"
                        autocomplete="tel"
                        required=false
                        id="enquiry-phone"
                    />
                </div>
            </Card>
            <Checkbox
                label=consent
                checked=form.consent
                hint=t::find_a_partner::consent_hint
                error=form.error(finder, "consent")
                id="enquiry-consent"
            />
            {problem}
            <div class="row">
                <Button
                    label=t::find_a_partner::send
                    kind=ButtonKind::Primary
                    icon=Icon::Send
                    submit=true
                    busy=form.busy
                    disabled_reason=refused
                />
                <Button
                    label=t::find_a_partner::back
                    on_press=move |()| finder.go.run(finder.shown.read_untracked().at(PATH))
                />
            </div>
        </form>
    }
}
