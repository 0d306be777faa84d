//! Find a partner: the search over partner profiles, the selection of providers, and the form
//! that contacts them. See docs/domain.md, Enquiries.
//!
//! The search is in the page's address, so that links, bookmarks and the browser's Back restore
//! it. The form has an address of its own but is part of the same page, so that going back to
//! the results keeps the selection and the typed text.

use api::PartnerProfile;
use leptos::prelude::*;
use rules::{
    CountryCode, DisplayName, ENQUIRY_PARTNERS_MAX, FieldError, Location, OrganizationAction,
    OrganizationSize, search::matches,
};
use stylers_macro::style;

use crate::{
    browser,
    features::{
        guards::{organization_refusal, refused_page},
        paging::{LoadMoreButton, RowCount},
    },
    intl,
    load::{LoadState, effect},
    route::{Route, use_param},
    session, t,
    text::Text,
    ui::{
        Button, ButtonKind, Checkbox, DescriptionItem, DescriptionList, EmptyState, ErrorState,
        Icon, Link, PageTitle, Select, Skeleton, TextInput,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

mod contact;
mod finder;
mod search;

use contact::EnquiryForm;
use finder::{PartnerFinder, country_choices, heading_id, is_contact, size_choices};
use search::{PartnerSearchParams, PartnerSelection, SelectedPartner, normalize_text};

/// The page, for `/partners` and `/partners/contact`.
#[component]
pub fn FindAPartner() -> View {
    if let Some(refusal) = untrack(|| organization_refusal(OrganizationAction::FindPartners)) {
        return refused_page(
            Icon::Search,
            t::find_a_partner::title,
            t::find_a_partner::customers_only_title,
            refusal,
            ButtonKind::Primary,
        );
    }
    let is_contact_page = use_param(is_contact);
    let finder = PartnerFinder::new();
    let form = EnquiryForm::new();
    effect(move || form.prefill(&finder.search.read()));
    let title = move || {
        if is_contact_page.get() {
            t::find_a_partner::contact_title()
        } else {
            t::find_a_partner::title()
        }
    };
    let intro = move || {
        if is_contact_page.get() {
            t::find_a_partner::contact_intro()
        } else {
            t::find_a_partner::intro()
        }
    };
    view! {
        {move || finder.search.read().return_path.clone().map(back_link)}
        <PageTitle title=title intro=intro />
        {move || {
            if is_contact_page.get() {
                contact::form_view(finder, form)
            } else {
                view! { <SearchResults finder=finder /> }
            }
        }}
    }
}

/// Returns the page to go back to, from the query of an address.
pub fn return_path(query: &str) -> Option<String> {
    PartnerSearchParams::parse(query).return_path
}

/// Shows a link back to the page that the user came from, such as a checkout.
pub fn back_link(path: String) -> View {
    let scope = style! {
        .way-back-there {
            display: flex;
            align-items: center;
            gap: var(--space-1);
            margin: 0 0 var(--space-3);
        }
    };
    view! { class = scope,
        <p class="way-back-there">
            {Icon::ChevronLeft} <Link href=path>{t::find_a_partner::back_to}</Link>
        </p>
    }
}

/// Formats a city and its country.
pub fn format_location(country: &CountryCode, city: Option<&str>) -> String {
    let country = intl::country(country.as_str());
    match city {
        Some(city) => t::find_a_partner::place(city, &country),
        None => country,
    }
}

/// The form of the search.
#[component]
fn SearchForm(finder: PartnerFinder) -> View {
    let scope = style! {
        .finder {
            display: grid;
            grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
            align-items: start;
            gap: var(--space-3) var(--space-4);
            padding: var(--space-4);
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: var(--surface);
        }
        .finder-words {
            display: flex;
            flex-wrap: wrap;
            grid-column: 1 / -1;
            align-items: flex-start;
            gap: var(--space-3) var(--space-4);
        }
        .finder-keywords {
            flex: 1 1 240px;
        }
        .finder-go {
            padding-top: var(--space-6);
        }
        @media (max-width: 559.98px) {
            .finder-go {
                padding-top: 0;
            }
        }
    };
    let own_country = session::current().read_untracked().organization.country.to_string();
    let (country, city) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (size, keywords) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<FieldError>);
    // The fields follow the address, which the browser's Back changes.
    effect(move || {
        let search = finder.search.read();
        let chosen = search.country.as_ref();
        country.set(chosen.map_or_else(|| own_country.clone(), ToString::to_string));
        city.set(search.city.clone());
        size.set(search.size.map(|size| size.to_string()).unwrap_or_default());
        keywords.set(search.keywords.clone());
        error.set(None);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = match country.read_untracked().parse::<CountryCode>() {
            Ok(chosen) => chosen,
            Err(field_error) => {
                error.set(Some(field_error));
                if let Some(field) = browser::element_by_id("find-country") {
                    let _ = field.focus();
                }
                return;
            }
        };
        let before = finder.search.get_untracked();
        let search = PartnerSearchParams {
            country: Some(chosen),
            city: normalize_text(&city.read_untracked()),
            size: size.read_untracked().parse().ok(),
            keywords: normalize_text(&keywords.read_untracked()),
            return_path: before.return_path.clone(),
        };
        if search == before {
            finder.results.pages.loader.reload();
        } else {
            finder.navigate.run(search.address(Route::FindAPartner));
        }
    };
    view! { class = scope,
        <form
            class="finder"
            role="search"
            aria-label=t::find_a_partner::form
            novalidate
            on:submit=submit
        >
            <Select
                label=t::find_a_partner::country
                value=country
                choices=country_choices()
                error=Signal::derive(move || error.get().map(words::field_error))
                id="find-country"
            />
            <TextInput label=t::find_a_partner::city value=city required=false />
            <Select
                label=t::find_a_partner::size
                value=size
                choices=size_choices(t::find_a_partner::any_size)
                required=false
            />
            <div class="finder-words">
                <div class="finder-keywords">
                    <TextInput
                        label=t::find_a_partner::keywords
                        value=keywords
                        hint=t::find_a_partner::keywords_hint
                        kind="search"
                        required=false
                    />
                </div>
                <div class="finder-go">
                    <Button
                        label=t::find_a_partner::go
                        kind=ButtonKind::Primary
                        icon=Icon::Search
                        submit=true
                        busy=Signal::derive(move || {
                            finder.updating.get() && finder.search.read().country.is_some()
                        })
                    />
                </div>
            </div>
        </form>
    }
}

/// State of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
enum SearchState {
    /// No search yet.
    NotStarted,
    /// The first results are being fetched.
    Loading,
    /// The request failed, for this reason.
    Failed(String),
    /// No provider was found.
    NoResult,
    /// The results are loaded.
    Ready,
}

/// The search form, its results, and the selection.
#[component]
fn SearchResults(finder: PartnerFinder) -> View {
    let scope = style! {
        .results {
            margin-top: var(--space-5);
        }
        .results-head {
            display: flex;
            flex-wrap: wrap;
            align-items: baseline;
            justify-content: space-between;
            gap: var(--space-1) var(--space-4);
            margin-bottom: var(--space-3);
        }
        .results-head h2 {
            margin: 0;
            font-size: var(--size-heading);
            line-height: var(--line-heading);
        }
        .results-count {
            margin: 0;
            color: var(--text-2);
        }
        .providers {
            display: grid;
            gap: var(--space-4);
            margin: 0 0 var(--space-4);
            padding: 0;
            list-style: none;
        }
        .older {
            opacity: 0.6;
            transition: opacity var(--normal) 200ms;
        }
    };
    let PartnerFinder { search, words, results, updating, selection, .. } = finder;
    let state = Memo::new(move |_| {
        if search.read().country.is_none() {
            return SearchState::NotStarted;
        }
        results.pages.loader.with(|load| match load {
            LoadState::Loading => SearchState::Loading,
            LoadState::Failed(failure) => SearchState::Failed(failure.text()),
            LoadState::Ready(page) if !page.value.is_empty() => SearchState::Ready,
            LoadState::Ready(_) if updating.get() => SearchState::Loading,
            LoadState::Ready(_) => SearchState::NoResult,
        })
    });
    let count = move || {
        let count = results.pages.count().map_or(0, RowCount::loaded);
        let has_more = results.pages.continues();
        match (state.get(), has_more) {
            (SearchState::Ready, false) => t::find_a_partner::shown(count),
            (SearchState::Ready, true) => t::find_a_partner::shown_more(count),
            _ => String::new(),
        }
    };
    let list = move || {
        each(
            move || {
                let words = words.get();
                let profiles = results.rows();
                profiles.into_iter().map(|one| (one, words.clone())).collect()
            },
            |(one, words)| format!("{} {}", one.partner.id, words.join(" ")),
            move |(one, words)| view! { <ProviderCard profile=one words=words selection=selection /> },
        )
    };
    let content = move || match state.get() {
        SearchState::NotStarted => view! {
            <EmptyState
                icon=Icon::Search
                title=t::find_a_partner::start_title
                hint=t::find_a_partner::start
            />
        },
        SearchState::Loading => view! { <Skeleton lines=8 /> },
        SearchState::Failed(reason) => view! {
            <ErrorState reason=reason on_retry=move |()| results.pages.loader.retry() />
        },
        SearchState::NoResult => no_result_view(finder),
        SearchState::Ready => view! { class = scope, <ul class="providers">{list()}</ul> },
    };
    let heading = move || {
        (state.get() == SearchState::Ready).then(|| view! { <h2>{t::find_a_partner::results}</h2> })
    };
    view! { class = scope,
        <SearchForm finder=finder />
        <div class="results">
            <div class="results-head">
                {heading}
                <p class="results-count" role="status">
                    {count}
                </p>
            </div>
            <div
                class:older=move || updating.get()
                aria-busy=move || updating.get().then_some("true")
            >
                {content}
            </div>
            <LoadMoreButton
                pages=results.pages
                hidden=Signal::derive(move || state.get() != SearchState::Ready)
            />
        </div>
        <SelectionBar finder=finder />
    }
}

/// Shows that no provider was found, with a button to widen the search.
fn no_result_view(finder: PartnerFinder) -> View {
    let clear = move |()| {
        let search = finder.search.get_untracked();
        let (country, return_path) = (search.country, search.return_path);
        let wider = PartnerSearchParams { country, return_path, ..PartnerSearchParams::default() };
        finder.navigate.run(wider.address(Route::FindAPartner));
        // The pressed button disappears when the results arrive.
        if let Some(field) = browser::element_by_id("find-country") {
            let _ = field.focus();
        }
    };
    let can_widen = finder.search.with_untracked(|search| {
        !search.city.is_empty() || search.size.is_some() || !search.keywords.is_empty()
    });
    let button =
        can_widen.then(|| view! { <Button label=t::find_a_partner::clear on_press=clear /> });
    view! {
        <EmptyState
            icon=Icon::Search
            title=t::find_a_partner::no_result_title
            hint=t::find_a_partner::no_result
        >
            {button}
        </EmptyState>
    }
}

/// Shows a text with the words of the search highlighted.
fn highlight(text: &str, words: &[String]) -> View {
    let mut parts = Vec::new();
    let mut end = 0;
    for range in matches(text, words) {
        parts.push(text[end..range.start].into_view());
        parts.push(view! { <mark>{&text[range.clone()]}</mark> });
        end = range.end;
    }
    parts.push(text[end..].into_view());
    parts.into_view()
}

/// A provider in the results: its verified facts, and its own profile.
#[component]
fn ProviderCard(
    profile: PartnerProfile,
    words: Vec<String>,
    selection: RwSignal<PartnerSelection>,
) -> View {
    let scope = style! {
        .provider {
            padding: var(--space-4) var(--space-5);
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: var(--surface);
            box-shadow: var(--shadow-2);
        }
        .provider.selected {
            border-color: var(--brand-text);
            background-color: var(--info-soft);
        }
        .provider-name {
            margin: 0 0 var(--space-2);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
            overflow-wrap: anywhere;
        }
        .provider-facts {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-1) var(--space-4);
            margin: 0 0 var(--space-3);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .provider-facts > span {
            overflow-wrap: anywhere;
        }
        .provider-verified {
            display: inline-flex;
            align-items: center;
            gap: var(--space-1);
            color: var(--success-text);
            font-weight: 600;
        }
        .provider-verified .icon {
            width: 16px;
            height: 16px;
        }
        .provider-words {
            max-width: 90ch;
            margin: 0 0 var(--space-3);
            overflow-wrap: anywhere;
            white-space: pre-line;
        }
        .provider-select {
            margin-top: var(--space-3);
        }
    };
    let id = profile.partner.id;
    let heading = heading_id(&profile);
    let PartnerProfile { partner, description, locations, services, industries, sizes, .. } =
        profile;
    let name = partner.name.to_string();
    let since = partner.partner_since.milliseconds();
    let fact = |label: fn() -> String, value: Text| view! { <span>{label} ": " {value}</span> };
    let facts = [
        fact(t::find_a_partner::domain, partner.domain.as_str().into()),
        fact(t::find_a_partner::partner_id, partner.partner_id.to_string().into()),
        fact(t::find_a_partner::since, (move || intl::date(since)).into()),
    ];
    let description = description.map(|text| {
        let text = highlight(text.as_str(), &words);
        view! { class = scope,
            <p class="provider-words" dir="auto">
                {text}
            </p>
        }
    });
    let provider = SelectedPartner { id, name: partner.name };
    view! { class = scope,
        <li class="provider" class:selected=move || selection.read().contains(id)>
            <h3 class="provider-name" id=heading tabindex="-1">
                {highlight(&name, &words)}
            </h3>
            <p class="provider-facts">
                <span class="provider-verified">{Icon::Shield} {t::find_a_partner::verified}</span>
                {facts.into_iter().collect_view()}
            </p>
            {description}
            {profile_details(&words, locations, services, industries, sizes)}
            <div class="provider-select">
                <ProviderCheckbox provider=provider selection=selection />
            </div>
        </li>
    }
}

/// Shows a provider's services, industries, customer sizes and locations.
fn profile_details(
    words: &[String],
    locations: Vec<Location>,
    services: Vec<rules::Service>,
    industries: Vec<rules::Industry>,
    sizes: Vec<OrganizationSize>,
) -> View {
    let row = |label: fn() -> String, names: Vec<Text>| {
        let has_names = !names.is_empty();
        let tags = tag_list(names, words);
        has_names.then(|| view! { <DescriptionItem label=label>{tags}</DescriptionItem> })
    };
    let services = services.into_iter().map(|one| (move || words::service(one)).into()).collect();
    let industries =
        industries.into_iter().map(|one| (move || words::industry(one)).into()).collect();
    let all = sizes.is_empty() || sizes.len() == OrganizationSize::ALL.len();
    let sizes = if all {
        vec![t::find_a_partner::all_sizes.into()]
    } else {
        sizes.into_iter().map(|one| (move || words::organization_size(one)).into()).collect()
    };
    let locations = locations
        .into_iter()
        .map(|Location { country, city }| {
            (move || format_location(&country, city.as_ref().map(DisplayName::as_str))).into()
        })
        .collect();
    let rows = vec![
        row(t::find_a_partner::services, services),
        row(t::find_a_partner::industries, industries),
        row(t::find_a_partner::sizes, sizes),
        row(t::find_a_partner::locations, locations),
    ];
    view! { <DescriptionList>{rows}</DescriptionList> }
}

/// Shows names as tags, with the words of the search highlighted.
fn tag_list(names: Vec<Text>, words: &[String]) -> View {
    let tags = names.into_iter().map(|name| {
        let words = words.to_vec();
        view! { <span class="tag">{move || highlight(&name.get(), &words)}</span> }
    });
    let tags = tags.collect_view();
    view! { <span class="row">{tags}</span> }
}

/// The checkbox that selects a provider.
#[component]
fn ProviderCheckbox(provider: SelectedPartner, selection: RwSignal<PartnerSelection>) -> View {
    let id = provider.id;
    let name = provider.name.to_string();
    // The checkbox has its own signal; these effects keep it in sync with the selection.
    let checked = RwSignal::new(false);
    effect(move || {
        let selected = selection.read().contains(id);
        if checked.get_untracked() != selected {
            checked.set(selected);
        }
    });
    effect(move || {
        let checked = checked.get();
        if selection.read_untracked().contains(id) != checked {
            selection.update(|selection| {
                if checked { selection.add(provider.clone()) } else { selection.remove(id) }
            });
        }
    });
    let full = Signal::derive(move || {
        let selection = selection.read();
        (selection.is_full() && !selection.contains(id))
            .then(|| t::find_a_partner::full(&intl::number(ENQUIRY_PARTNERS_MAX)))
    });
    let label = move || t::find_a_partner::select(&name);
    view! { <Checkbox label=label checked=checked disabled_reason=full /> }
}

/// The selected providers, with the button to contact them. The bar stays visible at the bottom
/// of the results.
#[component]
fn SelectionBar(finder: PartnerFinder) -> View {
    let scope = style! {
        .selection {
            position: sticky;
            bottom: 0;
            z-index: 2;
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            justify-content: space-between;
            gap: var(--space-2) var(--space-5);
            margin-top: var(--space-5);
            padding: var(--space-3) var(--space-4);
            border: 1px solid var(--line-control);
            border-radius: var(--radius-8) var(--radius-8) 0 0;
            background-color: var(--surface);
            box-shadow: var(--shadow-16);
        }
        .selection-what {
            flex: 1 1 260px;
            min-width: 0;
        }
        .selection-count {
            margin: 0;
            font-weight: 600;
        }
        .selection-names {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-1) var(--space-2);
            max-height: 104px;
            margin: 0;
            padding: 0;
            overflow-y: auto;
            list-style: none;
        }
        .selection-name {
            display: inline-flex;
            align-items: center;
            padding-left: var(--space-2);
            border-radius: var(--radius-4);
            background-color: var(--brand-soft);
            color: var(--brand-text);
            overflow-wrap: anywhere;
        }
    };
    let PartnerFinder { search, selection, navigate, .. } = finder;
    let count = move || match selection.read().all().len() {
        0 => t::find_a_partner::none_selected(),
        count => t::find_a_partner::selected(count),
    };
    let names = each(
        move || selection.read().all().to_vec(),
        |one| one.id.to_string(),
        move |one| {
            let id = one.id;
            let name = one.name.to_string();
            let label = {
                let name = name.clone();
                move || t::find_a_partner::remove(&name)
            };
            view! { class = scope,
                <li class="selection-name">
                    {name}
                    <Button
                        label=label
                        kind=ButtonKind::Subtle
                        icon=Icon::Close
                        icon_only=true
                        on_press=move |()| selection.update(|selection| selection.remove(id))
                    />
                </li>
            }
        },
    );
    let none_selected = Signal::derive(move || {
        selection.read().all().is_empty().then(t::find_a_partner::select_first)
    });
    // Nothing can be selected before the first search.
    let is_visible =
        Memo::new(move |_| search.read().country.is_some() || !selection.read().all().is_empty());
    view! { class = scope,
        <section
            class="selection"
            aria-label=t::find_a_partner::selection
            hidden=move || !is_visible.get()
        >
            <div class="selection-what">
                <p class="selection-count" role="status">
                    {count}
                </p>
                <ul class="selection-names" hidden=move || selection.read().all().is_empty()>
                    {names}
                </ul>
            </div>
            <Button
                label=t::find_a_partner::contact
                kind=ButtonKind::Primary
                icon=Icon::Mail
                disabled_reason=none_selected
                on_press=move |()| navigate.run(search.read_untracked().address(Route::ContactPartners))
            />
        </section>
    }
}
