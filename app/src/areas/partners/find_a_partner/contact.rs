//! The form that contacts the selected providers.

use api::{EnquiryRequest, EnquiryResource, Page, routes};
use leptos::prelude::*;
use rules::{
    DomainName, EmailAddress, Note, OrganizationAction, Refusal, check, ensure_recipient_in_domain,
};
use stylers_macro::style;

use crate::{
    areas::partners::find_a_partner::{
        finder::{PartnerFinder, country_choices, size_choices},
        search::{PartnerSearchParams, PartnerSelection},
    },
    client::{self, Failure, FailureKind},
    intl,
    load::spawn,
    route::Route,
    session, t,
    ui::{
        Button, ButtonKind, Card, Checkbox, EmptyState, ErrorSummary, Icon, Intent, LinkButton,
        MessageBar, Select, TextArea, TextInput, toast,
    },
    view::{CollectView, View, view},
    words,
};

/// API names and element IDs of the fields, in the order of the form. Errors of the selection
/// lead to the first field.
const FIELD_IDS: [(&str, &str); 9] = [
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

/// Values and state of the form. They are kept while the user goes back to the results.
#[derive(Clone, Copy)]
pub(super) struct EnquiryForm {
    needs: RwSignal<String>,
    country: RwSignal<String>,
    city: RwSignal<String>,
    size: RwSignal<String>,
    name: RwSignal<String>,
    email: RwSignal<String>,
    phone: RwSignal<String>,
    consent: RwSignal<bool>,
    /// Domain of the organization. The contact's address must belong to it.
    domain: StoredValue<DomainName>,
    /// `true` once the form was submitted. From then on errors are updated while typing.
    submitted: RwSignal<bool>,
    /// Errors found by submitting: element ID and text of each.
    errors: RwSignal<Vec<(String, String)>>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Failure>>,
}

impl EnquiryForm {
    /// Creates an empty form with the user as the contact person.
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
            submitted: RwSignal::new(false),
            errors: RwSignal::default(),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Fills in the values of the search.
    pub(super) fn prefill(self, search: &PartnerSearchParams) {
        self.country.set(search.country.as_ref().map(ToString::to_string).unwrap_or_default());
        self.city.set(search.city.clone());
        self.size.set(search.size.map(|size| size.to_string()).unwrap_or_default());
    }

    fn request(self, selection: &PartnerSelection) -> EnquiryRequest {
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

    /// Returns the errors of the typed values, by the fields' API names.
    fn field_errors(self, request: &EnquiryRequest) -> Vec<(&'static str, String)> {
        let problems = request.parse().err().unwrap_or_default();
        let mut problems: Vec<_> = problems
            .into_iter()
            .map(|problem| (problem.field, words::field_error(problem.error)))
            .collect();
        let other_domain = self.domain.with_value(|domain| {
            let email = EmailAddress::parse(&request.contact_email).ok()?;
            let text = || t::find_a_partner::email_elsewhere(domain.as_str());
            ensure_recipient_in_domain(&email, domain).err().map(|_| text())
        });
        problems.extend(other_domain.map(|text| ("contactEmail", text)));
        problems
    }

    /// Returns the error of a field, once the form was submitted.
    fn field_error(self, finder: PartnerFinder, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            if !self.submitted.get() {
                return None;
            }
            let errors = self.field_errors(&self.request(&finder.selection.read()));
            let error = errors.into_iter().find(|(field, _)| *field == name);
            let error = error.map(|(_, error)| error);
            error.or_else(|| self.problem.read().as_ref()?.field(name))
        })
    }

    /// Sends the enquiry.
    fn submit(self, finder: PartnerFinder) {
        if self.busy.get_untracked() {
            return;
        }
        self.submitted.set(true);
        self.problem.set(None);
        let request = untrack(|| self.request(&finder.selection.read()));
        let errors = untrack(|| self.field_errors(&request));
        self.errors.set(error_summary(|name| {
            let error = errors.iter().find(|(field, _)| *field == name);
            error.map(|(_, error)| error.clone())
        }));
        if !errors.is_empty() {
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let answer =
                client::post::<Page<EnquiryResource>>(routes::ENQUIRIES, &request, None).await;
            let page_left = self.busy.try_set(false).is_some();
            match answer {
                Ok(sent) => {
                    let count = sent.value.len();
                    toast(Intent::Success, untrack(|| t::find_a_partner::sent(count)));
                    if !page_left {
                        let return_path =
                            finder.search.with_untracked(|search| search.return_path.clone());
                        let next =
                            PartnerSearchParams { return_path, ..PartnerSearchParams::default() };
                        finder.navigate.run(next.address(Route::MyRequests));
                    }
                }
                Err(failure) => {
                    if page_left {
                        toast(Intent::Error, untrack(|| failure.text()));
                        return;
                    }
                    self.errors.set(error_summary(|name| failure.field(name)));
                    self.problem.set(Some(failure));
                }
            }
        });
    }
}

/// Returns the errors of the fields: element ID, and the text with the field's label.
fn error_summary(error: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let line = |(name, id): &(&str, &str)| {
        let error = untrack(|| error(name))?;
        let text = match untrack(|| field_label(name)) {
            Some(label) => format!("{label}: {error}"),
            // The error of the consent checkbox is clear without a label.
            None => error,
        };
        Some(((*id).to_owned(), text))
    };
    FIELD_IDS.iter().filter_map(line).collect()
}

/// Returns the label of the field with this API name.
fn field_label(name: &str) -> Option<String> {
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

/// Returns why the enquiry was not sent, and what to do next. The limit on enquiries is per day,
/// so its waiting time is shown in hours.
fn failure_text(failure: &Failure) -> String {
    if let FailureKind::Limited(Refusal::TooManyEnquiries, wait) = failure.kind {
        t::find_a_partner::too_many(&intl::relative(i64::from(wait) * 1_000, 0))
    } else {
        failure.text()
    }
}

/// Shows the form, or a link to the search if no provider is selected.
pub(super) fn form_view(finder: PartnerFinder, form: EnquiryForm) -> View {
    let none_selected = Memo::new(move |_| finder.selection.read().all().is_empty());
    let content = move || {
        if none_selected.get() {
            none_selected_view(finder)
        } else {
            view! { <EnquiryFields finder=finder form=form /> }
        }
    };
    view! { <div>{content}</div> }
}

fn none_selected_view(finder: PartnerFinder) -> View {
    let href = finder.search.read_untracked().address(Route::FindAPartner);
    view! {
        <Card>
            <EmptyState
                icon=Icon::People
                title=t::find_a_partner::none_selected_title
                hint=t::find_a_partner::none_selected_hint
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

/// The form.
#[component]
fn EnquiryFields(finder: PartnerFinder, form: EnquiryForm) -> View {
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
    let needs_hint = move || {
        let used = form.needs.read().trim().chars().count();
        t::find_a_partner::needs_hint(&intl::number(Note::MAX), &intl::number(used))
    };
    let consent = move || t::find_a_partner::consent(session.read().organization.name.as_str());
    let email_hint =
        move || t::find_a_partner::email_hint(session.read().organization.domain.as_str());
    let problem = move || {
        // Field errors are shown at the fields and in the summary instead.
        let failure = form.problem.get().filter(|_| form.errors.read().is_empty())?;
        Some(
            view! { <MessageBar intent=Intent::Error>{move || failure_text(&failure)}</MessageBar> },
        )
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| refused.get()).is_none() {
            form.submit(finder);
        }
    };
    view! { class = scope,
        <form class="enquiry" novalidate on:submit=submit>
            <ErrorSummary errors=form.errors />
            <Card title=t::find_a_partner::recipients>
                <ul class="enquiry-names">{names}</ul>
            </Card>
            <Card title=t::find_a_partner::about_needs>
                <TextArea
                    label=t::find_a_partner::needs
                    value=form.needs
                    hint=needs_hint
                    error=form.field_error(finder, "needs")
                    rows=6
                    id="enquiry-needs"
                />
            </Card>
            <Card title=t::find_a_partner::about_you>
                <div class="enquiry-fields">
                    <Select
                        label=t::find_a_partner::country
                        value=form.country
                        choices=country_choices()
                        error=form.field_error(finder, "country")
                        id="enquiry-country"
                    />
                    <TextInput
                        label=t::find_a_partner::city
                        value=form.city
                        error=form.field_error(finder, "city")
                        required=false
                        id="enquiry-city"
                    />
                    <Select
                        label=t::find_a_partner::size
                        value=form.size
                        choices=size_choices(t::find_a_partner::choose)
                        error=form.field_error(finder, "size")
                        id="enquiry-size"
                    />
                </div>
            </Card>
            <Card title=t::find_a_partner::about_contact>
                <div class="enquiry-fields">
                    <TextInput
                        label=t::find_a_partner::contact_name
                        value=form.name
                        error=form.field_error(finder, "contactName")
                        autocomplete="name"
                        id="enquiry-name"
                    />
                    <TextInput
                        label=t::find_a_partner::email
                        value=form.email
                        error=form.field_error(finder, "contactEmail")
                        hint=email_hint
                        kind="email"
                        autocomplete="email"
                        id="enquiry-email"
                    />
                    <TextInput
                        label=t::find_a_partner::phone
                        value=form.phone
                        error=form.field_error(finder, "contactPhone")
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
                error=form.field_error(finder, "consent")
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
                    on_press=move |()| {
                        finder.navigate.run(finder.search.read_untracked().address(Route::FindAPartner));
                    }
                />
            </div>
        </form>
    }
}
