//! Partners as an engine's text search knows them: by terms, which are looked up.
//!
//! A profile has terms, and a search asks for terms, all of which a profile must have.
//! Some are not words of a text but facts: which organizations the partner serves, and
//! where it has offices. A word is a term once for each level at which it counts (see
//! [`crate::search`]), with the digit of the level before it. So each level has lists
//! of its own, which hold nothing that does not match at it.

use std::collections::BTreeSet;

use rules::{Cloud, CountryCode, OrganizationSize, Profile};
use service::model::{Organization, PartnerSearch};

use crate::search::{Question, parts, serves_size, towns_in};

/// How many levels there are.
const LEVELS: u8 = 4;

/// How many levels a match can have: where no word is asked for, all match equally.
pub(crate) fn levels(question: &Question) -> u8 {
    if question.words.is_empty() && question.beginning.is_none() { 1 } else { LEVELS }
}

/// The terms of a profile, parted by spaces.
pub(crate) fn of(organization: &Organization, profile: &Profile) -> String {
    let mut terms = BTreeSet::new();
    for (level, words) in (0..LEVELS).zip(parts(organization, profile)) {
        for word in words {
            terms.extend((level..LEVELS).map(|level| word_term(level, &word)));
        }
    }
    for country in &profile.countries {
        terms.extend(organization.clouds.iter().map(|cloud| serves_term(*cloud, country)));
    }
    for location in &profile.locations {
        let towns = towns_in(profile, &location.country);
        terms.extend(towns.map(|word| town_term(&location.country, &word)));
    }
    terms.extend(
        OrganizationSize::ALL
            .iter()
            .filter(|size| serves_size(profile, **size))
            .map(|size| size_term(*size)),
    );
    Vec::from_iter(terms).join(" ")
}

/// The terms that a search asks for at a level: those that a profile must have, and the
/// beginning of one that it must have.
pub(crate) fn asked(
    search: &PartnerSearch,
    question: &Question,
    level: u8,
) -> (Vec<String>, Option<String>) {
    let mut terms = vec![serves_term(search.cloud, &search.country)];
    terms.extend(search.size.map(size_term));
    terms.extend(question.town.iter().map(|word| town_term(&search.country, word)));
    terms.extend(question.words.iter().map(|word| word_term(level, word)));
    (terms, question.beginning.as_ref().map(|word| word_term(level, word)))
}

fn word_term(level: u8, word: &str) -> String {
    format!("{level}{word}")
}

// A term that is no word begins with a letter, and that of a word with a digit.

fn serves_term(cloud: Cloud, country: &CountryCode) -> String {
    format!("serves-{}-{}", cloud.as_str(), country.as_str())
}

fn size_term(size: OrganizationSize) -> String {
    format!("size-{}", size.as_str())
}

fn town_term(country: &CountryCode, word: &str) -> String {
    format!("in-{}-{word}", country.as_str())
}
