//! What is searched for, as the page's address says it, and what was selected of it.

use std::fmt;

use api::{PartnerQuery, decode_component, encode_component};
use rules::{CountryCode, DisplayName, ENQUIRY_PARTNERS_MAX, OrganizationId, OrganizationSize};

/// The most characters that are searched for; the server refuses more.
const TEXT_MAX: usize = 200;

/// What the page shows, as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Search {
    /// The country or region. Without one nothing is searched for yet.
    pub(super) country: Option<CountryCode>,
    /// The city, as it was typed.
    pub(super) city: String,
    /// The number of people in the organization.
    pub(super) size: Option<OrganizationSize>,
    /// What is needed, in words.
    pub(super) keywords: String,
    /// The page of this site that one came from, to go back to.
    pub(super) back: Option<String>,
}

impl Search {
    /// Reads the query of an address. What is unknown counts as not given, because the
    /// address may come from an older link.
    pub(super) fn parse(query: &str) -> Self {
        let mut search = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(value) = decode_component(value) else { continue };
            match name {
                "country" => search.country = value.parse().ok(),
                "city" => search.city = text(&value),
                "size" => search.size = value.parse().ok(),
                "search" => search.keywords = text(&value),
                "return" => search.back = own_page(&value),
                _ => {}
            }
        }
        search
    }

    /// What the server is asked for; nothing while no country is chosen.
    pub(super) fn query(&self) -> Option<PartnerQuery> {
        Some(PartnerQuery {
            country: Some(self.country.clone()?),
            city: self.city.clone(),
            size: self.size,
            search: self.keywords.clone(),
            ..PartnerQuery::default()
        })
    }

    /// The address of the search at this path.
    pub(super) fn at(&self, path: &str) -> String {
        let query = self.to_string();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

impl fmt::Display for Search {
    /// The query of the address.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = [
            ("country", self.country.as_ref().map_or("", CountryCode::as_str)),
            ("city", &self.city),
            ("size", self.size.map_or("", OrganizationSize::as_str)),
            ("search", &self.keywords),
            ("return", self.back.as_deref().unwrap_or_default()),
        ];
        let mut between = "";
        for (name, value) in values {
            if !value.is_empty() {
                write!(formatter, "{between}{name}={}", encode_component(value))?;
                between = "&";
            }
        }
        Ok(())
    }
}

/// A text that somebody typed, as it can be searched for.
pub(super) fn text(typed: &str) -> String {
    typed.trim().chars().take(TEXT_MAX).collect()
}

/// The path of a page of this site. An address of another site, which a link in a mail
/// could bring along to lead people astray, is none: browsers read `//host` and `/\host`
/// as such.
pub(super) fn own_page(path: &str) -> Option<String> {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '#'])
        && !path.chars().any(char::is_control);
    own.then(|| path.to_owned())
}

/// A provider that was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selected {
    /// The partner.
    pub(super) id: OrganizationId,
    /// Its name.
    pub(super) name: DisplayName,
}

/// The providers that were selected, in the order in which they were. It stays while
/// more results are shown and while something else is searched for in the same country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection(Vec<Selected>);

impl Selection {
    /// The selected providers.
    pub(super) fn all(&self) -> &[Selected] {
        &self.0
    }

    /// Whether no other can be selected: one form goes to so many at the most.
    pub(super) fn full(&self) -> bool {
        self.0.len() >= ENQUIRY_PARTNERS_MAX
    }

    /// Whether this one is selected.
    pub(super) fn has(&self, id: OrganizationId) -> bool {
        self.0.iter().any(|selected| selected.id == id)
    }

    /// Selects one more, if there is room for it.
    pub(super) fn add(&mut self, provider: Selected) {
        if !self.full() && !self.has(provider.id) {
            self.0.push(provider);
        }
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, id: OrganizationId) {
        self.0.retain(|selected| selected.id != id);
    }
}

#[cfg(test)]
mod tests {
    use rules::Timestamp;

    use super::*;

    fn provider(number: u128) -> Selected {
        Selected {
            id: OrganizationId::new(Timestamp::from_milliseconds(1), number),
            name: DisplayName::parse(&format!("Partner {number}")).expect("a name"),
        }
    }

    fn names(selection: &Selection) -> Vec<&str> {
        selection.all().iter().map(|selected| selected.name.as_str()).collect()
    }

    #[test]
    fn the_address_says_what_is_searched_for() {
        let search = Search {
            country: Some("NL".parse().expect("a country")),
            city: "'s-Hertogenbosch & Den Haag".to_owned(),
            size: Some(OrganizationSize::From51To250),
            keywords: "Migratie, 迁移".to_owned(),
            back: Some("/billing/purchase?product=1".to_owned()),
        };
        assert_eq!(Search::parse(&format!("?{search}")), search);
        assert_eq!(Search::parse(""), Search::default());
        assert_eq!(Search::default().at("/partners"), "/partners");
        let short = Search { country: search.country, ..Search::default() };
        assert_eq!(short.at("/partners"), "/partners?country=NL");
    }

    #[test]
    fn what_an_address_says_wrong_counts_as_not_said() {
        let search = Search::parse("?country=Atlantis&size=huge&city=%ZZ&other=1&search=+a+&=&&");
        assert_eq!(search, Search { keywords: "a".to_owned(), ..Search::default() });
        let long = format!("search={}", "é".repeat(500));
        assert_eq!(Search::parse(&long).keywords.chars().count(), TEXT_MAX);
    }

    #[test]
    fn nothing_is_asked_for_without_a_country() {
        assert_eq!(Search::parse("search=migration").query(), None);
        let query = Search::parse("country=nl&search=migration").query().expect("a query");
        assert_eq!(query.country.as_ref().map(CountryCode::as_str), Some("NL"));
        assert_eq!(query.search, "migration");
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        for own in ["/", "/billing/purchase?product=1&step=2"] {
            assert_eq!(own_page(own).as_deref(), Some(own));
        }
        for other in [
            "",
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "partners",
        ] {
            assert_eq!(own_page(other), None, "{other}");
        }
    }

    #[test]
    fn a_selection_keeps_its_order_and_holds_each_once() {
        let mut selection = Selection::default();
        for number in [3, 1, 3, 2] {
            selection.add(provider(number));
        }
        assert_eq!(names(&selection), ["Partner 3", "Partner 1", "Partner 2"]);
        selection.remove(provider(1).id);
        selection.remove(provider(7).id);
        assert_eq!(names(&selection), ["Partner 3", "Partner 2"]);
        assert!(selection.has(provider(2).id) && !selection.has(provider(1).id));
    }

    #[test]
    fn a_selection_takes_as_many_as_one_form_goes_to() {
        let mut selection = Selection::default();
        for number in 0..20 {
            assert_eq!(selection.full(), number >= 10);
            selection.add(provider(number));
        }
        assert_eq!(selection.all().len(), ENQUIRY_PARTNERS_MAX);
        selection.remove(provider(0).id);
        selection.add(provider(19));
        assert!(selection.has(provider(19).id));
    }
}
