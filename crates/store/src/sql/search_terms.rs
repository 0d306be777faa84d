//! Search terms for the full-text index.
//!
//! A profile has terms, and a search needs some terms that a profile must all have. Some
//! terms are facts rather than words of a text: which organizations the partner serves, and
//! where it has offices. A word becomes one term for each level at which it counts (see
//! [`crate::search`]), with the digit of the level in front. So each level has its own
//! entries in the index, and none of them fails to match at that level.

use std::collections::BTreeSet;

use rules::{Cloud, CountryCode, OrganizationSize, Profile};
use service::model::{Organization, PartnerSearch};
use service::stored::StoredName;

use crate::search::{SearchWords, city_words, profile_words, serves_size};

/// Number of match levels.
const LEVELS: u8 = 4;

/// Returns the number of levels that matches of a search can have. Without words, all
/// matches are equally good.
pub(crate) fn match_levels(words: &SearchWords) -> u8 {
    if words.words.is_empty() && words.prefix.is_none() { 1 } else { LEVELS }
}

/// Returns the terms of a profile, separated by spaces.
pub(crate) fn profile_terms(organization: &Organization, profile: &Profile) -> String {
    let mut terms = BTreeSet::new();
    for (level, words) in (0..LEVELS).zip(profile_words(organization, profile)) {
        for word in words {
            terms.extend((level..LEVELS).map(|level| word_term(level, &word)));
        }
    }
    for country in &profile.countries {
        terms.extend(organization.clouds().iter().map(|cloud| serves_term(*cloud, country)));
    }
    for location in &profile.locations {
        let words = city_words(profile, &location.country);
        terms.extend(words.map(|word| city_term(&location.country, &word)));
    }
    terms.extend(
        OrganizationSize::ALL
            .iter()
            .filter(|size| serves_size(profile, **size))
            .map(|size| size_term(*size)),
    );
    Vec::from_iter(terms).join(" ")
}

/// Returns the terms that a profile must have to match a search at a level, and the prefix
/// of a term that it must have too.
pub(crate) fn search_terms(
    search: &PartnerSearch,
    words: &SearchWords,
    level: u8,
) -> (Vec<String>, Option<String>) {
    let mut terms = vec![serves_term(search.cloud, &search.country)];
    terms.extend(search.size.map(size_term));
    terms.extend(words.city.iter().map(|word| city_term(&search.country, word)));
    terms.extend(words.words.iter().map(|word| word_term(level, word)));
    (terms, words.prefix.as_ref().map(|word| word_term(level, word)))
}

fn word_term(level: u8, word: &str) -> String {
    format!("{level}{word}")
}

// Terms of words begin with a digit, and all others with a letter, so they never collide.

fn serves_term(cloud: Cloud, country: &CountryCode) -> String {
    format!("serves-{}-{}", cloud.stored_name(), country.as_str())
}

fn size_term(size: OrganizationSize) -> String {
    format!("size-{}", size.stored_name())
}

fn city_term(country: &CountryCode, word: &str) -> String {
    format!("in-{}-{word}", country.as_str())
}
