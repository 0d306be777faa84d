//! Profile: the information that customers find when they search for a partner.

use api::{ErrorCode, LocationRequest, ProfileRequest, ProfileResource, routes};
use leptos::prelude::*;
use rules::{Description, Industry, OrganizationAction, OrganizationSize, Service};
use stylers_macro::style;

use crate::{
    browser,
    client::{self, Failure, FailureKind},
    features::guards::organization_refusal,
    intl,
    load::{LoadState, Loader, effect, spawn},
    t,
    text::Text,
    ui::{
        Button, ButtonKind, Card, Checkbox, DescriptionItem, DescriptionList, ErrorState, Icon,
        Intent, MessageBar, NoValue, PageTitle, QuotedText, Select, SelectOption, Skeleton,
        TextArea, TextInput, announce, toast,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// The fields' names in the API and their ids, from top to bottom.
const FIELD_IDS: [(&str, &str); 6] = [
    ("description", "profile-description"),
    ("countries", "profile-countries"),
    ("locations", "profile-locations"),
    ("services", "profile-services"),
    ("industries", "profile-industries"),
    ("sizes", "profile-sizes"),
];

/// Returns the id of the field with this name in the API.
fn field_id(name: &str) -> &'static str {
    FIELD_IDS.iter().find(|(field, _)| *field == name).map_or("", |(_, id)| *id)
}

/// The page **Profile**.
#[component]
pub fn PartnerProfile() -> View {
    let loaded = Loader::new(|| client::get::<ProfileResource>(routes::PROFILE));
    let refusal = untrack(|| organization_refusal(OrganizationAction::EditProfile));
    // Saving replaces the loaded profile without rendering the form again.
    let version = Memo::new(move |_| {
        loaded.with(|load| match load {
            LoadState::Loading => LoadState::Loading,
            LoadState::Failed(failure) => LoadState::Failed(failure.clone()),
            LoadState::Ready(_) => LoadState::Ready(()),
        })
    });
    let content = move || match version.get() {
        LoadState::Loading => view! { <Skeleton lines=8 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState reason=move || failure.text() on_retry=move |()| loaded.retry() />
        },
        LoadState::Ready(()) => {
            let profile = untrack(|| loaded.with(|load| load.ready().cloned()));
            match (profile, refusal) {
                (None, _) => ().into_view(),
                (Some(profile), None) => view! { <ProfileEditor profile=profile loaded=loaded /> },
                (Some(profile), Some(refusal)) => {
                    let reason = words::refusal(refusal);
                    read_only_view(&profile, reason)
                }
            }
        }
    };
    view! {
        <PageTitle title=t::shell::profile intro=t::profile::intro />
        {content}
    }
}

/// The content of the form.
#[derive(Clone, Copy)]
struct ProfileForm {
    listed: RwSignal<bool>,
    description: RwSignal<String>,
    locations: RwSignal<Vec<LocationRow>>,
    countries: RwSignal<Vec<String>>,
    services: RwSignal<Vec<String>>,
    industries: RwSignal<Vec<String>>,
    sizes: RwSignal<Vec<String>>,
}

/// The input for a location of the partner.
#[derive(Clone, Copy, Debug)]
struct LocationRow {
    /// The number of the row, which stays the same when other rows are removed.
    row: u32,
    country: RwSignal<String>,
    city: RwSignal<String>,
}

impl LocationRow {
    fn new(row: u32, country: String, city: String) -> Self {
        Self { row, country: RwSignal::new(country), city: RwSignal::new(city) }
    }
}

impl ProfileForm {
    fn from_profile(profile: &ProfileResource) -> Self {
        let names = |names: Vec<String>| RwSignal::new(names);
        let places = profile.locations.iter().zip(0..).map(|(location, row)| {
            let city = location.city.as_ref().map(ToString::to_string).unwrap_or_default();
            LocationRow::new(row, location.country.to_string(), city)
        });
        Self {
            listed: RwSignal::new(profile.listed),
            description: RwSignal::new(
                profile.description.as_ref().map(ToString::to_string).unwrap_or_default(),
            ),
            locations: RwSignal::new(places.collect()),
            countries: names(profile.countries.iter().map(ToString::to_string).collect()),
            services: names(profile.services.iter().map(ToString::to_string).collect()),
            industries: names(profile.industries.iter().map(ToString::to_string).collect()),
            sizes: names(profile.sizes.iter().map(ToString::to_string).collect()),
        }
    }

    fn request(self) -> ProfileRequest {
        let places = self
            .locations
            .get()
            .into_iter()
            .map(|place| LocationRequest { country: place.country.get(), city: place.city.get() });
        ProfileRequest {
            listed: self.listed.get(),
            description: self.description.get(),
            locations: places.collect(),
            services: self.services.get(),
            industries: self.industries.get(),
            sizes: self.sizes.get(),
            countries: self.countries.get(),
        }
    }
}

/// The form to edit the profile.
#[component]
fn ProfileEditor(profile: ProfileResource, loaded: Loader<ProfileResource>) -> View {
    let fields = ProfileForm::from_profile(&profile);
    let version = RwSignal::new(profile.etag);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Failure>);
    let error = move |name: &'static str| {
        Signal::derive(move || problem.read().as_ref().and_then(|problem| problem.field(name)))
    };
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        problem.set(None);
        let request = untrack(|| fields.request());
        if let Err(problems) = request.parse() {
            let wrong = problems.into_iter().map(|one| (one.field.to_owned(), one.error));
            let failure = Failure { kind: FailureKind::Fields(wrong.collect()), request_id: None };
            focus_first_invalid(&failure);
            problem.set(Some(failure));
            return;
        }
        busy.set(true);
        spawn(async move {
            let etag = Some(version.get_untracked());
            let answer = client::put::<ProfileResource>(routes::PROFILE, &request, etag).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(saved) => {
                    let _ = version.try_set(saved.etag);
                    toast(Intent::Success, untrack(t::profile::saved));
                }
                Err(failure) => {
                    focus_first_invalid(&failure);
                    let text = untrack(|| failure.text());
                    if problem.try_set(Some(failure)).is_some() {
                        toast(Intent::Error, text);
                    }
                }
            }
        });
    };
    let failed = move || {
        let failure = problem.get()?;
        let changed_elsewhere = failure.is(ErrorCode::VersionMismatch);
        let load = changed_elsewhere.then(|| {
            view! { <Button label=t::compose::load on_press=move |()| loaded.retry() /> }
        });
        Some(view! {
            <MessageBar intent=Intent::Error>
                {move || if changed_elsewhere { t::profile::elsewhere() } else { failure.text() }}
            </MessageBar>
            {load}
        })
    };
    let description_hint = move || {
        let used = fields.description.read().trim().chars().count();
        t::profile::description_hint(&intl::number(Description::MAX), &intl::number(used))
    };
    view! {
        <form
            class="stack"
            novalidate
            on:submit=move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                submit();
            }
        >
            <Card title=t::profile::found>
                <div class="stack">
                    <Checkbox
                        label=t::profile::listed
                        checked=fields.listed
                        hint=t::profile::listed_hint
                    />
                    <TextArea
                        label=t::profile::description
                        value=fields.description
                        hint=description_hint
                        error=error("description")
                        rows=8
                        required=false
                        id=field_id("description")
                    />
                </div>
            </Card>
            <Card title=t::profile::where_title>
                <div class="stack">
                    {countries_view(fields.countries, error("countries"))}
                    {locations_view(fields.locations, error("locations"))}
                </div>
            </Card>
            <Card title=t::profile::what_title>
                <div class="stack">
                    {checkbox_group("services", t::profile::services, None, service_options(), fields.services)}
                    {checkbox_group(
                        "industries",
                        t::profile::industries,
                        None,
                        industry_options(),
                        fields.industries,
                    )}
                    {checkbox_group(
                        "sizes",
                        t::profile::sizes,
                        Some(t::profile::sizes_hint),
                        size_options(),
                        fields.sizes,
                    )}
                </div>
            </Card>
            {failed}
            <div>
                <Button
                    label=t::profile::save
                    kind=ButtonKind::Primary
                    submit=true
                    busy=busy
                />
            </div>
        </form>
    }
}

/// Focuses the first invalid field.
fn focus_first_invalid(failure: &Failure) {
    let wrong = FIELD_IDS.iter().find(|(name, _)| failure.field(name).is_some());
    if let Some(field) = wrong.and_then(|(_, id)| browser::element_by_id(id)) {
        let _ = field.focus();
    }
}

fn service_options() -> Vec<SelectOption> {
    SelectOption::for_each(Service::ALL, words::service)
}

fn industry_options() -> Vec<SelectOption> {
    SelectOption::for_each(Industry::ALL, words::industry)
}

fn size_options() -> Vec<SelectOption> {
    SelectOption::for_each(OrganizationSize::ALL, words::organization_size)
}

/// Renders a group of checkboxes.
fn checkbox_group(
    name: &'static str,
    label: fn() -> String,
    hint: Option<fn() -> String>,
    choices: Vec<SelectOption>,
    chosen: RwSignal<Vec<String>>,
) -> View {
    let scope = style! {
        .several {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr));
            gap: 0 var(--space-4);
        }
    };
    let group = field_id(name);
    let hint_id = format!("{group}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    let checkboxes = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            // The first checkbox has the group's id, so that an error links to it.
            let id = if index == 0 { group.to_owned() } else { format!("{group}-{index}") };
            let (shown, changed) = (choice.value.clone(), choice.value);
            view! {
                <div class="choice">
                    <input
                        type="checkbox"
                        id=id.clone()
                        prop:checked=move || chosen.read().contains(&shown)
                        on:change=move |event| {
                            let is = event_target_checked(&event);
                            chosen
                                .update(|chosen| {
                                    chosen.retain(|one| *one != changed);
                                    if is {
                                        chosen.push(changed.clone());
                                    }
                                });
                        }
                    />
                    <label for=id>{choice.label}</label>
                </div>
            }
        })
        .collect_view();
    let hint = hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> });
    view! { class = scope,
        <fieldset class="field" aria-describedby=described>
            <legend class="field-label">{label}</legend>
            {hint}
            <div class="several">{checkboxes}</div>
        </fieldset>
    }
}

/// Returns the countries and regions as options, after a placeholder.
fn country_options(first: fn() -> String) -> Vec<SelectOption> {
    let mut choices = vec![SelectOption::new("", first)];
    choices.extend(intl::countries().into_iter().map(|(code, name)| SelectOption::new(code, name)));
    choices
}

/// Renders the served countries. Selecting a country adds it.
fn countries_view(chosen: RwSignal<Vec<String>>, error: Signal<Option<String>>) -> View {
    let scope = style! {
        .served {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-2);
            margin: var(--space-2) 0 0;
            padding: 0;
            list-style: none;
        }
        .served li {
            display: inline-flex;
            align-items: center;
            padding-left: var(--space-3);
            border: 1px solid var(--line);
            border-radius: var(--radius-4);
            background-color: var(--surface-2);
        }
        .served-add {
            max-width: 360px;
        }
    };
    let next = RwSignal::new(String::new());
    effect(move || {
        let code = next.get();
        if code.is_empty() {
            return;
        }
        if !chosen.read_untracked().contains(&code) {
            announce(&untrack(|| t::profile::country_added(&intl::country(&code))));
            chosen.update(|chosen| chosen.push(code));
        }
        next.set(String::new());
    });
    let remove = move |code: &str| {
        chosen.update(|chosen| chosen.retain(|one| one != code));
        announce(&untrack(|| t::profile::country_removed(&intl::country(code))));
        // The pressed button is gone.
        if let Some(field) = browser::element_by_id(field_id("countries")) {
            let _ = field.focus();
        }
    };
    let row = move |code: String| {
        let (name, of_button, pressed) = (code.clone(), code.clone(), code);
        view! { class = scope,
            <li>
                <span>{move || intl::country(&name)}</span>
                <Button
                    label=move || t::profile::remove_country(&intl::country(&of_button))
                    kind=ButtonKind::Subtle
                    icon=Icon::Close
                    icon_only=true
                    on_press=move |()| remove(&pressed)
                />
            </li>
        }
    };
    view! { class = scope,
        <div>
            <div class="served-add">
                <Select
                    label=t::profile::countries
                    value=next
                    choices=Signal::derive(move || country_options(t::profile::add_country))
                    hint=t::profile::countries_hint
                    error=error
                    id=field_id("countries")
                />
            </div>
            <ul class="served" aria-label=t::profile::countries_list>
                {each(move || chosen.get(), Clone::clone, row)}
            </ul>
        </div>
    }
}

/// Renders the partner's locations.
fn locations_view(list: RwSignal<Vec<LocationRow>>, error: Signal<Option<String>>) -> View {
    let scope = style! {
        .places {
            display: grid;
            gap: var(--space-3);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .place {
            display: grid;
            grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
            gap: var(--space-2) var(--space-4);
            align-items: end;
            justify-items: start;
            max-width: 760px;
        }
        .place-part {
            min-width: 100%;
        }
        .places-title {
            margin: 0 0 var(--space-2);
            font-size: var(--size-body);
            line-height: var(--line-body);
        }
    };
    let next = StoredValue::new(u32::try_from(list.read_untracked().len()).unwrap_or_default());
    let country_id = |row: u32| format!("profile-place-{row}");
    let add = move |()| {
        let row = next.get_value();
        next.set_value(row + 1);
        list.update(|list| list.push(LocationRow::new(row, String::new(), String::new())));
        request_animation_frame(move || {
            if let Some(field) = browser::element_by_id(&country_id(row)) {
                let _ = field.focus();
            }
        });
    };
    let remove = move |row: u32| {
        list.update(|list| list.retain(|place| place.row != row));
        announce(&untrack(t::profile::place_removed));
        if let Some(button) = browser::element_by_id(field_id("locations")) {
            let _ = button.focus();
        }
    };
    let row = move |place: LocationRow| {
        let choices = Signal::derive(move || country_options(t::compose::choose));
        // Each button names the location that it removes.
        let label = move || {
            let (city, country) = (place.city.get(), place.country.get());
            match (city.trim(), country.as_str()) {
                ("", "") => t::profile::remove_place(),
                ("", code) => t::profile::remove_this_place(&intl::country(code)),
                (city, _) => t::profile::remove_this_place(city),
            }
        };
        view! { class = scope,
            <li class="place">
                <div class="place-part">
                    <Select
                        label=t::profile::country
                        value=place.country
                        choices=choices
                        id=country_id(place.row)
                    />
                </div>
                <div class="place-part">
                    <TextInput label=t::profile::city value=place.city required=false />
                </div>
                <Button
                    label=label
                    kind=ButtonKind::Subtle
                    icon=Icon::Delete
                    on_press=move |()| remove(place.row)
                />
            </li>
        }
    };
    let wrong = move || error.get().map(|error| view! { <p>{Icon::Error} {error}</p> });
    view! { class = scope,
        <div role="group" aria-labelledby="profile-places-title">
            <h3 class="places-title" id="profile-places-title">{t::profile::locations}</h3>
            <ul class="places">{each(move || list.get(), |place| place.row.to_string(), row)}</ul>
            <div class="field-error" aria-live="polite">{wrong}</div>
            // The group takes the focus if its rows are invalid or removed.
            <div id=field_id("locations") tabindex="-1">
                <Button label=t::profile::add_place icon=Icon::Add on_press=add />
            </div>
        </div>
    }
}

/// Renders a list of names, or a dash if there are none.
fn listed_names(names: Vec<Text>) -> View {
    if names.is_empty() {
        return view! { <NoValue /> };
    }
    let text = move || intl::list(&names.iter().map(Text::get).collect::<Vec<_>>());
    text.into_view()
}

/// Renders the names of the selected options.
fn chosen_names(chosen: &[&str], choices: Vec<SelectOption>) -> View {
    let names = choices.into_iter().filter(|choice| chosen.contains(&&*choice.value));
    listed_names(names.map(|choice| choice.label).collect())
}

/// Renders the profile for users who may not edit it, with the reason.
fn read_only_view(profile: &ProfileResource, reason: String) -> View {
    let countries = profile.countries.iter().map(|code| {
        let code = code.to_string();
        Text::from(move || intl::country(&code))
    });
    let places = profile.locations.iter().map(|location| {
        let location = location.clone();
        Text::from(move || {
            let country = intl::country(location.country.as_str());
            match &location.city {
                Some(city) => format!("{city} ({country})"),
                None => country,
            }
        })
    });
    let (countries, places) = (listed_names(countries.collect()), listed_names(places.collect()));
    let of_services: Vec<&str> = profile.services.iter().map(|one| one.as_str()).collect();
    let of_industries: Vec<&str> = profile.industries.iter().map(|one| one.as_str()).collect();
    let of_sizes: Vec<&str> = profile.sizes.iter().map(|one| one.as_str()).collect();
    let of_services = chosen_names(&of_services, service_options());
    let of_industries = chosen_names(&of_industries, industry_options());
    let of_sizes = chosen_names(&of_sizes, size_options());
    let why = reason.clone();
    let listed = if profile.listed { t::profile::is_listed } else { t::profile::is_not_listed };
    let description = match &profile.description {
        Some(description) => {
            let text = description.to_string();
            view! { <QuotedText caption=t::profile::description text=text /> }
        }
        None => ().into_view(),
    };
    view! {
        <div class="stack">
            <MessageBar title=t::profile::read_only>{why}</MessageBar>
            <Card title=t::profile::found>
                <div class="stack">
                    {description}
                    <DescriptionList>
                        <DescriptionItem label=t::profile::listed>{listed}</DescriptionItem>
                        <DescriptionItem label=t::profile::countries_list>{countries}</DescriptionItem>
                        <DescriptionItem label=t::profile::locations>{places}</DescriptionItem>
                        <DescriptionItem label=t::profile::services>{of_services}</DescriptionItem>
                        <DescriptionItem label=t::profile::industries>{of_industries}</DescriptionItem>
                        <DescriptionItem label=t::profile::sizes>{of_sizes}</DescriptionItem>
                    </DescriptionList>
                </div>
            </Card>
            <div>
                <Button
                    label=t::profile::save
                    kind=ButtonKind::Primary
                    disabled_reason=Signal::derive(move || Some(reason.clone()))
                />
            </div>
        </div>
    }
}
