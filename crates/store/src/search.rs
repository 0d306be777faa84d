//! Search words of partner profiles and of searches, the same for each store.
//!
//! **Ranking.** A match has one of four levels, depending on where the words of the search
//! occur: all of them in the partner's name; or in its name, services and industries; or in
//! those and the names of its cities; or in all of that and its description. Within a level,
//! the older profile comes first. A profile that is added later never changes this order,
//! and no rank depends on other profiles. So a store can read the matches of a level in
//! order and stop when the page is full, however many matches there are.

use rules::search::{name_words, search_words};
use rules::{CountryCode, OrganizationSize, Profile};
use service::model::{Organization, PartnerSearch};

/// Returns the words of a profile by level: those of the name, of the services and
/// industries, of the cities, and of the description.
pub(crate) fn profile_words(organization: &Organization, profile: &Profile) -> [Vec<String>; 4] {
    let services = profile.services.iter().map(|service| service.as_str());
    let industries = profile.industries.iter().map(|industry| industry.as_str());
    let cities = profile.locations.iter().filter_map(|location| location.city.as_ref());
    [
        search_words(organization.name().as_str()),
        services.chain(industries).flat_map(name_words).collect(),
        cities.flat_map(|city| search_words(city.as_str())).collect(),
        profile.description.as_ref().map_or_else(Vec::new, |text| search_words(text.as_str())),
    ]
}

/// Returns the words of the cities in which a partner has offices in one country.
pub(crate) fn city_words<'a>(
    profile: &'a Profile,
    country: &'a CountryCode,
) -> impl Iterator<Item = String> + 'a {
    profile
        .locations
        .iter()
        .filter(move |location| location.country == *country)
        .filter_map(|location| location.city.as_ref())
        .flat_map(|city| search_words(city.as_str()))
}

/// Returns whether a partner serves organizations of this size. A profile without sizes
/// serves all of them.
pub(crate) fn serves_size(profile: &Profile, size: OrganizationSize) -> bool {
    profile.sizes.is_empty() || profile.sizes.contains(&size)
}

/// The words of a search. They are plain words, so nothing that was typed can be taken for
/// query syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SearchWords {
    /// Distinct words that a profile must contain.
    pub(crate) words: Vec<String>,
    /// Prefix of a word that a profile must contain too: the last typed word may be
    /// incomplete. `None` if one of the words starts with it.
    pub(crate) prefix: Option<String>,
    /// Words of the city.
    pub(crate) city: Vec<String>,
}

impl SearchWords {
    /// Splits a search into its words.
    pub(crate) fn parse(search: &PartnerSearch) -> Self {
        let mut typed: Vec<String> =
            search.words.iter().flat_map(|word| search_words(word)).collect();
        let prefix = typed.pop();
        let words = sorted_distinct(typed);
        Self {
            prefix: prefix.filter(|last| !words.iter().any(|word| word.starts_with(last.as_str()))),
            words,
            city: sorted_distinct(search.city.as_deref().map_or_else(Vec::new, search_words)),
        }
    }
}

fn sorted_distinct(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}
