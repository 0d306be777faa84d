//! What a partner is found by, and what is asked of it: the same for every engine.
//!
//! **The order.** How well a profile matches is one of four levels, by where its words
//! stand: all of them in the partner's name; else in its name and what it declares
//! (services, industries); else in these and the names of its towns; else in all of
//! that and its description. Within a level, a profile that has been there longer comes
//! first. Nothing that comes later can change this order, and none of it has to be
//! computed from other profiles. So an engine can read the matches of a level in their
//! order and stop when a page is full, however many there are.

use rules::search::{name_words, search_words};
use rules::{CountryCode, OrganizationSize, Profile};
use service::model::{Organization, PartnerSearch};

/// The words of a profile, in four parts: those of the name, of what is declared, of
/// the towns, and of the description.
pub(crate) fn parts(organization: &Organization, profile: &Profile) -> [Vec<String>; 4] {
    let services = profile.services.iter().map(|service| service.as_str());
    let industries = profile.industries.iter().map(|industry| industry.as_str());
    let towns = profile.locations.iter().filter_map(|location| location.city.as_ref());
    [
        search_words(organization.name.as_str()),
        services.chain(industries).flat_map(name_words).collect(),
        towns.flat_map(|town| search_words(town.as_str())).collect(),
        profile.description.as_ref().map_or_else(Vec::new, |text| search_words(text.as_str())),
    ]
}

/// The words of the towns in which a partner has offices in one country.
pub(crate) fn towns_in<'a>(
    profile: &'a Profile,
    country: &'a CountryCode,
) -> impl Iterator<Item = String> + 'a {
    profile
        .locations
        .iter()
        .filter(move |location| location.country == *country)
        .filter_map(|location| location.city.as_ref())
        .flat_map(|town| search_words(town.as_str()))
}

/// Whether a partner serves organizations of this size. One that names no size has
/// not narrowed down whom it serves.
pub(crate) fn serves_size(profile: &Profile, size: OrganizationSize) -> bool {
    profile.sizes.is_empty() || profile.sizes.contains(&size)
}

/// What a search asks for, in words alone: whatever was typed, nothing in it means
/// anything to an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// The words that a profile must have, without repetition.
    pub(crate) words: Vec<String>,
    /// The beginning of a word that it must have too: the last one may not be complete.
    pub(crate) beginning: Option<String>,
    /// The words of the town.
    pub(crate) town: Vec<String>,
}

impl Question {
    pub(crate) fn of(search: &PartnerSearch) -> Self {
        let mut typed: Vec<String> =
            search.words.iter().flat_map(|word| search_words(word)).collect();
        let beginning = typed.pop();
        let words = unique(typed);
        Self {
            // A word that begins so and is asked for anyway says the same.
            beginning: beginning
                .filter(|last| !words.iter().any(|word| word.starts_with(last.as_str()))),
            words,
            town: unique(search.city.as_deref().map_or_else(Vec::new, search_words)),
        }
    }
}

fn unique(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}
