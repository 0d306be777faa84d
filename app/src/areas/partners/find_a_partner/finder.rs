//! The search and the selection that the results and the form share.

use api::{Page, PartnerProfile, routes};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{OrganizationSize, search::search_words};

use crate::{
    areas::partners::find_a_partner::search::{PartnerSearchParams, PartnerSelection},
    client,
    features::paging::{FetchPage, PagedList},
    intl,
    load::effect,
    route::Route,
    t,
    ui::SelectOption,
    words,
};

/// Returns whether the address is that of the form; `None` for the routes of other pages.
pub(super) fn is_contact(route: Route) -> Option<bool> {
    let is_contact = route == Route::ContactPartners;
    (is_contact || route == Route::FindAPartner).then_some(is_contact)
}

/// State shared by the search and the form.
#[derive(Clone, Copy)]
pub(super) struct PartnerFinder {
    /// The current search.
    pub(super) search: Memo<PartnerSearchParams>,
    /// The words to highlight in the results.
    pub(super) words: Memo<Vec<String>>,
    pub(super) results: PagedList<PartnerProfile>,
    /// `true` while the results are those of an earlier search.
    pub(super) updating: RwSignal<bool>,
    pub(super) selection: RwSignal<PartnerSelection>,
    /// Navigates to an address.
    pub(super) navigate: Callback<String>,
}

impl PartnerFinder {
    pub(super) fn new() -> Self {
        let location = use_location();
        // While the page is being left, the address is already that of the next page.
        let search = Memo::new(move |before: Option<&PartnerSearchParams>| match before {
            Some(before) if is_contact(Route::parse(&location.pathname.read())).is_none() => {
                before.clone()
            }
            _ => PartnerSearchParams::parse(&location.search.read()),
        });
        let words = Memo::new(move |_| search_words(&search.read().keywords));
        let query = Memo::new(move |_| search.read().query().map(|query| query.to_string()));
        let updating = RwSignal::new(false);
        let fetch: FetchPage = Box::new(move |read| {
            let current = query.get();
            updating.set(true);
            Box::pin(async move {
                let answer = match &current {
                    Some(query) => {
                        client::get_with(&format!("{}?{query}", routes::PARTNERS), &*read).await
                    }
                    None => Ok(Page { value: Vec::new(), next_link: None, count: None }),
                };
                if query.try_get_untracked() == Some(current) {
                    updating.set(false);
                }
                answer
            })
        });
        let results = PagedList::fetched_by(heading_id, fetch);
        let navigate = use_navigate();
        let navigate = Callback::new(move |address: String| {
            navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        });
        let selection = RwSignal::<PartnerSelection>::default();
        let before = StoredValue::new(None);
        effect(move || {
            // An enquiry is about one country. Partners selected for another country may not
            // serve this one.
            let country = search.read().country.clone();
            if country.is_some() && before.get_value() != country {
                if before.get_value().is_some() {
                    selection.set(PartnerSelection::default());
                }
                before.set_value(country);
            }
        });
        Self { search, words, results, updating, selection, navigate }
    }
}

/// Returns the choices of an organization size. The first one means no size.
pub(super) fn size_choices(first: fn() -> String) -> Vec<SelectOption> {
    let mut choices = vec![SelectOption::new("", first)];
    choices.extend(
        OrganizationSize::ALL
            .iter()
            .map(|size| SelectOption::new(size.as_str(), move || words::organization_size(*size))),
    );
    choices
}

/// Returns the choices of a country or region, in the page's language.
pub(super) fn country_choices() -> Signal<Vec<SelectOption>> {
    Signal::derive(|| {
        let mut choices = vec![SelectOption::new("", t::find_a_partner::choose)];
        choices.extend(
            intl::countries().into_iter().map(|(code, name)| SelectOption::new(code, name)),
        );
        choices
    })
}

/// Returns the element ID of a provider's heading.
pub(super) fn heading_id(profile: &PartnerProfile) -> String {
    format!("provider-{}", profile.partner.id)
}
