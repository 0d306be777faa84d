//! Find a partner: the search over what partners say about themselves, the selection of
//! providers, and the form that contacts them (docs/domain.md, Enquiries).
//!
//! What is searched for is in the page's address, so links, bookmarks and the browser's
//! Back find it again. The form is at an address below it and part of the same page, so
//! that going back to the results keeps what was selected and typed.

use api::{Page, PartnerProfile, routes};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{
    CountryCode, DisplayName, ENQUIRY_PARTNERS_MAX, FieldError, Location, OrganizationAction,
    OrganizationSize, check,
    search::{matches, search_words},
};
use stylers_macro::style;

use crate::{
    browser, client, intl,
    load::{LoadState, Loader, effect},
    pages::paging::{LoadMoreButton, NextPage, next_link},
    session, t,
    text::Text,
    ui::{
        Button, ButtonKind, Card, Checkbox, DescriptionItem, DescriptionList, EmptyState,
        ErrorState, Icon, Link, LinkButton, PageTitle, Select, SelectOption, Skeleton, TextInput,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

mod contact;
mod search;

use contact::Form;
use search::{Search, Selected, Selection, text};

/// The path of the search.
pub const PATH: &str = "/partners";
/// The path of the form.
const CONTACT: &str = "/partners/contact";

/// Whether a path is of this page.
fn here(path: &str) -> bool {
    matches!(path.trim_end_matches('/'), PATH | CONTACT)
}

/// What the page holds, whether the search or the form is shown.
#[derive(Clone, Copy)]
struct Finder {
    /// What is searched for.
    shown: Memo<Search>,
    /// The words of it, by which what was found is marked.
    words: Memo<Vec<String>>,
    found: Loader<Page<PartnerProfile>>,
    /// Whether what was found is of an earlier search than the one that is asked for.
    updating: RwSignal<bool>,
    selection: RwSignal<Selection>,
    /// Goes to an address.
    go: Callback<String>,
}

impl Finder {
    fn new() -> Self {
        let location = use_location();
        // While the page is left, the address is already that of the next one.
        let shown = Memo::new(move |before: Option<&Search>| match before {
            Some(before) if !here(&location.pathname.read()) => before.clone(),
            _ => Search::parse(&location.search.read()),
        });
        let words = Memo::new(move |_| search_words(&shown.read().keywords));
        let query = Memo::new(move |_| shown.read().query().map(|query| query.to_string()));
        let updating = RwSignal::new(false);
        let found = Loader::new(move || {
            let asked = query.get();
            updating.set(true);
            async move {
                let answer = match &asked {
                    Some(asked) => client::get(&format!("{}?{asked}", routes::PARTNERS)).await,
                    None => Ok(Page { value: Vec::new(), next_link: None, count: None }),
                };
                if query.try_get_untracked() == Some(asked) {
                    updating.set(false);
                }
                answer
            }
        });
        let navigate = use_navigate();
        let go = Callback::new(move |address: String| {
            navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        });
        let selection = RwSignal::<Selection>::default();
        let before = StoredValue::new(None);
        effect(move || {
            // An enquiry is about one country, and who was selected for another may not
            // serve it.
            let country = shown.read().country.clone();
            if country.is_some() && before.get_value() != country {
                if before.get_value().is_some() {
                    selection.set(Selection::default());
                }
                before.set_value(country);
            }
        });
        Self { shown, words, found, updating, selection, go }
    }
}

/// The page, for `/partners` and `/partners/contact`.
#[component]
pub fn FindAPartner() -> View {
    let session = session::current();
    let facts = session.read_untracked().organization.facts();
    let actor = session.read_untracked().actor();
    if let Err(refusal) = check(&actor, &facts, OrganizationAction::FindPartners, intl::now()) {
        return view! {
            <PageTitle title=t::find_a_partner::title />
            <Card>
                <EmptyState
                    icon=Icon::Search
                    title=t::find_a_partner::customers_only_title
                    hint=move || words::refusal(refusal)
                >
                    <LinkButton href="/" label=t::shell::go_home kind=ButtonKind::Primary />
                </EmptyState>
            </Card>
        };
    }
    let path = use_location().pathname;
    let contacts =
        Memo::new(move |before: Option<&bool>| match path.read().trim_end_matches('/') {
            CONTACT => true,
            PATH => false,
            _ => before.copied().unwrap_or(false),
        });
    let finder = Finder::new();
    let form = Form::new();
    effect(move || form.take(&finder.shown.read()));
    let title = move || {
        if contacts.get() { t::find_a_partner::contact_title() } else { t::find_a_partner::title() }
    };
    let intro = move || {
        if contacts.get() { t::find_a_partner::contact_intro() } else { t::find_a_partner::intro() }
    };
    view! {
        {move || finder.shown.read().back.clone().map(back_link)}
        <PageTitle title=title intro=intro />
        {move || {
            if contacts.get() {
                contact::page(finder, form)
            } else {
                view! { <Results finder=finder /> }
            }
        }}
    }
}

/// The page that one came from, as the query of an address says it.
pub fn return_path(query: &str) -> Option<String> {
    Search::parse(query).back
}

/// The link to the page that one came from, such as a purchase under way.
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

/// The sizes of organization, to choose from.
fn sizes(first: fn() -> String) -> Vec<SelectOption> {
    let mut choices = vec![SelectOption::new("", first)];
    choices.extend(
        OrganizationSize::ALL
            .iter()
            .map(|size| SelectOption::new(size.as_str(), move || words::organization_size(*size))),
    );
    choices
}

/// The countries and regions, to choose from, in the page's language.
fn countries() -> Signal<Vec<SelectOption>> {
    Signal::derive(|| {
        let mut choices = vec![SelectOption::new("", t::find_a_partner::choose)];
        choices.extend(
            intl::countries().into_iter().map(|(code, name)| SelectOption::new(code, name)),
        );
        choices
    })
}

/// A city and its country, in words.
pub fn format_location(country: &CountryCode, city: Option<&str>) -> String {
    let country = intl::country(country.as_str());
    match city {
        Some(city) => t::find_a_partner::place(city, &country),
        None => country,
    }
}

/// What is searched for, as it is typed.
#[component]
fn SearchForm(finder: Finder) -> View {
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
    let own = session::current().read_untracked().organization.country.to_string();
    let (country, city) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (size, keywords) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<FieldError>);
    // The fields follow the address, which the browser's Back changes.
    effect(move || {
        let shown = finder.shown.read();
        country.set(shown.country.as_ref().map_or_else(|| own.clone(), ToString::to_string));
        city.set(shown.city.clone());
        size.set(shown.size.map(|size| size.to_string()).unwrap_or_default());
        keywords.set(shown.keywords.clone());
        error.set(None);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = match country.read_untracked().parse::<CountryCode>() {
            Ok(chosen) => chosen,
            Err(wrong) => {
                error.set(Some(wrong));
                if let Some(field) = browser::element_by_id("find-country") {
                    let _ = field.focus();
                }
                return;
            }
        };
        let before = finder.shown.get_untracked();
        let search = Search {
            country: Some(chosen),
            city: text(&city.read_untracked()),
            size: size.read_untracked().parse().ok(),
            keywords: text(&keywords.read_untracked()),
            back: before.back.clone(),
        };
        if search == before {
            finder.found.reload();
        } else {
            finder.go.run(search.at(PATH));
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
                choices=countries()
                error=Signal::derive(move || error.get().map(words::field_error))
                id="find-country"
            />
            <TextInput label=t::find_a_partner::city value=city required=false />
            <Select
                label=t::find_a_partner::size
                value=size
                choices=sizes(t::find_a_partner::any_size)
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
                            finder.updating.get() && finder.shown.read().country.is_some()
                        })
                    />
                </div>
            </div>
        </form>
    }
}

/// How it stands with what is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing was searched for yet.
    Start,
    Loading,
    Failed(String),
    NoResult,
    Ready,
}

/// The search, what it found, and what was selected.
#[component]
fn Results(finder: Finder) -> View {
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
    let Finder { shown, words, found, updating, selection, .. } = finder;
    let standing = Memo::new(move |_| {
        if shown.read().country.is_none() {
            return Standing::Start;
        }
        found.with(|load| match load {
            LoadState::Loading => Standing::Loading,
            LoadState::Failed(failure) => Standing::Failed(failure.text()),
            LoadState::Ready(page) if !page.value.is_empty() => Standing::Ready,
            LoadState::Ready(_) if updating.get() => Standing::Loading,
            LoadState::Ready(_) => Standing::NoResult,
        })
    });
    let count = move || {
        let (count, more) = found.with(|load| {
            (load.ready().map_or(0, |page| page.value.len()), next_link(load).is_some())
        });
        match (standing.get(), more) {
            (Standing::Ready, false) => t::find_a_partner::shown(count),
            (Standing::Ready, true) => t::find_a_partner::shown_more(count),
            _ => String::new(),
        }
    };
    let more = NextPage::new();
    let list = move || {
        each(
            move || {
                let words = words.get();
                let found = found.with(|load| load.ready().cloned());
                let found = found.map(|page| page.value).unwrap_or_default();
                found.into_iter().map(|one| (one, words.clone())).collect()
            },
            |(one, words)| format!("{} {}", one.partner.id, words.join(" ")),
            move |(one, words)| view! { <Provider profile=one words=words selection=selection /> },
        )
    };
    let content = move || match standing.get() {
        Standing::Start => view! {
            <EmptyState
                icon=Icon::Search
                title=t::find_a_partner::start_title
                hint=t::find_a_partner::start
            />
        },
        Standing::Loading => view! { <Skeleton lines=8 /> },
        Standing::Failed(reason) => view! {
            <ErrorState reason=reason on_retry=move |()| found.retry() />
        },
        Standing::NoResult => no_result(finder),
        Standing::Ready => view! { class = scope, <ul class="providers">{list()}</ul> },
    };
    let heading = move || {
        (standing.get() == Standing::Ready).then(|| view! { <h2>{t::find_a_partner::results}</h2> })
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
                more=more
                has_more=Signal::derive(move || {
                    standing.get() == Standing::Ready && found.with(next_link).is_some()
                })
                label=t::find_a_partner::show_more
                on_press=move |()| more.fetch(found, heading_id)
            />
        </div>
        <SelectionBar finder=finder />
    }
}

/// Nothing was found, and the way to find more.
fn no_result(finder: Finder) -> View {
    let clear = move |()| {
        let search = finder.shown.get_untracked();
        let wider = Search { country: search.country, back: search.back, ..Search::default() };
        finder.go.run(wider.at(PATH));
        // The button that was pressed goes when the answer is there.
        if let Some(field) = browser::element_by_id("find-country") {
            let _ = field.focus();
        }
    };
    let narrowed = finder.shown.with_untracked(|search| {
        !search.city.is_empty() || search.size.is_some() || !search.keywords.is_empty()
    });
    let button =
        narrowed.then(|| view! { <Button label=t::find_a_partner::clear on_press=clear /> });
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

/// The id of a provider's heading.
fn heading_id(profile: &PartnerProfile) -> String {
    format!("provider-{}", profile.partner.id)
}

/// A text in which the words that were searched for are marked.
fn marked(text: &str, words: &[String]) -> View {
    let mut parts = Vec::new();
    let mut from = 0;
    for place in matches(text, words) {
        parts.push(text[from..place.start].into_view());
        parts.push(view! { <mark>{&text[place.clone()]}</mark> });
        from = place.end;
    }
    parts.push(text[from..].into_view());
    parts.into_view()
}

/// A provider that was found: what is verified, and what it says about itself.
#[component]
fn Provider(profile: PartnerProfile, words: Vec<String>, selection: RwSignal<Selection>) -> View {
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
        let text = marked(text.as_str(), &words);
        view! { class = scope,
            <p class="provider-words" dir="auto">
                {text}
            </p>
        }
    });
    let selected = Selected { id, name: partner.name };
    view! { class = scope,
        <li class="provider" class:selected=move || selection.read().has(id)>
            <h3 class="provider-name" id=heading tabindex="-1">
                {marked(&name, &words)}
            </h3>
            <p class="provider-facts">
                <span class="provider-verified">{Icon::Shield} {t::find_a_partner::verified}</span>
                {facts.into_iter().collect_view()}
            </p>
            {description}
            {offered(&words, locations, services, industries, sizes)}
            <div class="provider-select">
                <SelectBox provider=selected selection=selection />
            </div>
        </li>
    }
}

/// What a provider offers, to whom and where.
fn offered(
    words: &[String],
    locations: Vec<Location>,
    services: Vec<rules::Service>,
    industries: Vec<rules::Industry>,
    sizes: Vec<OrganizationSize>,
) -> View {
    let row = |label: fn() -> String, names: Vec<Text>| {
        let there = !names.is_empty();
        let tags = tags(names, words);
        there.then(|| view! { <DescriptionItem label=label>{tags}</DescriptionItem> })
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

/// Names beside each other, in which the words that were searched for are marked.
fn tags(names: Vec<Text>, words: &[String]) -> View {
    let tags = names.into_iter().map(|name| {
        let words = words.to_vec();
        view! { <span class="tag">{move || marked(&name.get(), &words)}</span> }
    });
    let tags = tags.collect_view();
    view! { <span class="row">{tags}</span> }
}

/// The box that selects a provider.
#[component]
fn SelectBox(provider: Selected, selection: RwSignal<Selection>) -> View {
    let id = provider.id;
    let name = provider.name.to_string();
    // The box keeps its own signal; these two keep it and the selection the same.
    let checked = RwSignal::new(false);
    effect(move || {
        let is = selection.read().has(id);
        if checked.get_untracked() != is {
            checked.set(is);
        }
    });
    effect(move || {
        let is = checked.get();
        if selection.read_untracked().has(id) != is {
            selection.update(|selection| {
                if is { selection.add(provider.clone()) } else { selection.remove(id) }
            });
        }
    });
    let full = Signal::derive(move || {
        let selection = selection.read();
        (selection.full() && !selection.has(id))
            .then(|| t::find_a_partner::full(&intl::number(ENQUIRY_PARTNERS_MAX)))
    });
    let label = move || t::find_a_partner::select(&name);
    view! { <Checkbox label=label checked=checked disabled_reason=full /> }
}

/// How many providers are selected and which, and what to do with them. It stays in view
/// beneath the results.
#[component]
fn SelectionBar(finder: Finder) -> View {
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
    let Finder { shown, selection, go, .. } = finder;
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
    let nobody = Signal::derive(move || {
        selection.read().all().is_empty().then(t::find_a_partner::select_first)
    });
    // Nothing can be selected before something was searched for.
    let there =
        Memo::new(move |_| shown.read().country.is_some() || !selection.read().all().is_empty());
    view! { class = scope,
        <section
            class="selection"
            aria-label=t::find_a_partner::selection
            hidden=move || !there.get()
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
                disabled_reason=nobody
                on_press=move |()| go.run(shown.read_untracked().at(CONTACT))
            />
        </section>
    }
}
