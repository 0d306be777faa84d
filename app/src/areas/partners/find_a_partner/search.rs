//! The search as stored in the page's address, and the selection of providers.

use std::fmt;

use api::{FilterText, PartnerFilter, PartnerQuery, encode_component, query_pairs};
use rules::{CountryCode, DisplayName, ENQUIRY_PARTNERS_MAX, OrganizationId, OrganizationSize};

use crate::route::Route;

/// Maximum length of a search text, in characters; the server refuses more.
const TEXT_MAX: usize = FilterText::MAX;

/// Number of partners that are fetched at a time.
const RESULTS: u32 = 20;

/// Parameters of a search for partners, stored in the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PartnerSearchParams {
    /// Country or region. Without one there is no search yet.
    pub(super) country: Option<CountryCode>,
    /// City, as typed.
    pub(super) city: String,
    /// Size of the customer's organization.
    pub(super) size: Option<OrganizationSize>,
    /// Keywords of the search.
    pub(super) keywords: String,
    /// Path of the page to go back to.
    pub(super) return_path: Option<String>,
}

impl PartnerSearchParams {
    /// Parses the query of an address. Unknown and invalid values are ignored, because the
    /// address may come from an older link.
    pub(super) fn parse(query: &str) -> Self {
        let mut search = Self::default();
        for (name, value) in query_pairs(query.trim_start_matches('?')).flatten() {
            match name.as_str() {
                "country" => search.country = value.parse().ok(),
                "city" => search.city = normalize_text(&value),
                "size" => search.size = value.parse().ok(),
                "search" => search.keywords = normalize_text(&value),
                "return" => search.return_path = site_path(&value),
                _ => {}
            }
        }
        search
    }

    /// Returns the query for the server, or `None` while no country is chosen.
    pub(super) fn query(&self) -> Option<PartnerQuery> {
        Some(PartnerQuery {
            filter: PartnerFilter {
                country: Some(self.country.clone()?),
                city: self.city.parse().ok(),
                size: self.size,
            },
            search: self.keywords.clone(),
            top: RESULTS,
            ..PartnerQuery::default()
        })
    }

    /// Returns the address of this search on a page.
    pub(super) fn address(&self, page: Route) -> String {
        let query = self.to_string();
        if query.is_empty() { page.path() } else { format!("{page}?{query}") }
    }
}

impl fmt::Display for PartnerSearchParams {
    /// Writes the query of the address.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = [
            ("country", self.country.as_ref().map_or("", CountryCode::as_str)),
            ("city", &self.city),
            ("size", self.size.map_or("", OrganizationSize::as_str)),
            ("search", &self.keywords),
            ("return", self.return_path.as_deref().unwrap_or_default()),
        ];
        let mut separator = "";
        for (name, value) in values {
            if !value.is_empty() {
                write!(formatter, "{separator}{name}={}", encode_component(value))?;
                separator = "&";
            }
        }
        Ok(())
    }
}

/// Trims a typed text and limits its length.
pub(super) fn normalize_text(typed: &str) -> String {
    typed.trim().chars().take(TEXT_MAX).collect()
}

/// Returns the path if it belongs to this site. Addresses of other sites are refused, so that a
/// prepared link can't lead users away; browsers also read `//host` and `/\host` as other sites.
pub(super) fn site_path(path: &str) -> Option<String> {
    let is_own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '#'])
        && !path.chars().any(char::is_control);
    is_own.then(|| path.to_owned())
}

/// A selected provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SelectedPartner {
    /// Organization ID of the partner.
    pub(super) id: OrganizationId,
    /// Name of the partner.
    pub(super) name: DisplayName,
}

/// The selected providers, in the order of their selection. The selection is kept while the user
/// loads more results or searches again in the same country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PartnerSelection(Vec<SelectedPartner>);

impl PartnerSelection {
    /// Returns the selected providers.
    pub(super) fn all(&self) -> &[SelectedPartner] {
        &self.0
    }

    /// Returns whether no more providers can be selected, because an enquiry goes to a limited
    /// number of partners.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= ENQUIRY_PARTNERS_MAX
    }

    /// Returns whether a provider is selected.
    pub(super) fn contains(&self, id: OrganizationId) -> bool {
        self.0.iter().any(|selected| selected.id == id)
    }

    /// Selects a provider, unless the selection is full.
    pub(super) fn add(&mut self, provider: SelectedPartner) {
        if !self.is_full() && !self.contains(provider.id) {
            self.0.push(provider);
        }
    }

    /// Removes a provider from the selection.
    pub(super) fn remove(&mut self, id: OrganizationId) {
        self.0.retain(|selected| selected.id != id);
    }
}

#[cfg(test)]
mod tests {
    use rules::Timestamp;

    use super::*;

    fn provider(number: u128) -> SelectedPartner {
        SelectedPartner {
            id: OrganizationId::new(Timestamp::from_milliseconds(1), number),
            name: DisplayName::parse(&format!("Partner {number}")).expect("a name"),
        }
    }

    fn names(selection: &PartnerSelection) -> Vec<&str> {
        selection.all().iter().map(|selected| selected.name.as_str()).collect()
    }

    #[test]
    fn a_search_round_trips_through_the_address() {
        let search = PartnerSearchParams {
            country: Some("NL".parse().expect("a country")),
            city: "'s-Hertogenbosch & Den Haag".to_owned(),
            size: Some(OrganizationSize::From51To250),
            keywords: "Migratie, 迁移".to_owned(),
            return_path: Some("/billing/purchase?product=1".to_owned()),
        };
        assert_eq!(PartnerSearchParams::parse(&format!("?{search}")), search);
        assert_eq!(PartnerSearchParams::parse(""), PartnerSearchParams::default());
        assert_eq!(PartnerSearchParams::default().address(Route::FindAPartner), "/partners");
        let short =
            PartnerSearchParams { country: search.country, ..PartnerSearchParams::default() };
        assert_eq!(short.address(Route::FindAPartner), "/partners?country=NL");
    }

    #[test]
    fn invalid_values_in_an_address_are_ignored() {
        let search = PartnerSearchParams::parse(
            "?country=Atlantis&size=huge&city=%ZZ&other=1&search=+a+&=&&",
        );
        assert_eq!(
            search,
            PartnerSearchParams { keywords: "a".to_owned(), ..PartnerSearchParams::default() }
        );
        let long = format!("search={}", "é".repeat(500));
        assert_eq!(PartnerSearchParams::parse(&long).keywords.chars().count(), TEXT_MAX);
    }

    #[test]
    fn there_is_no_query_without_a_country() {
        assert_eq!(PartnerSearchParams::parse("search=migration").query(), None);
        let query =
            PartnerSearchParams::parse("country=nl&search=migration").query().expect("a query");
        assert_eq!(query.filter.country.as_ref().map(CountryCode::as_str), Some("NL"));
        assert_eq!(query.search, "migration");
    }

    #[test]
    fn the_return_path_stays_on_this_site() {
        for own in ["/", "/billing/purchase?product=1&step=2"] {
            assert_eq!(site_path(own).as_deref(), Some(own));
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
            assert_eq!(site_path(other), None, "{other}");
        }
    }

    #[test]
    fn a_selection_keeps_its_order_without_duplicates() {
        let mut selection = PartnerSelection::default();
        for number in [3, 1, 3, 2] {
            selection.add(provider(number));
        }
        assert_eq!(names(&selection), ["Partner 3", "Partner 1", "Partner 2"]);
        selection.remove(provider(1).id);
        selection.remove(provider(7).id);
        assert_eq!(names(&selection), ["Partner 3", "Partner 2"]);
        assert!(selection.contains(provider(2).id) && !selection.contains(provider(1).id));
    }

    #[test]
    fn a_selection_is_limited_to_the_partners_of_one_enquiry() {
        let mut selection = PartnerSelection::default();
        for number in 0..20 {
            assert_eq!(selection.is_full(), number >= 10);
            selection.add(provider(number));
        }
        assert_eq!(selection.all().len(), ENQUIRY_PARTNERS_MAX);
        selection.remove(provider(0).id);
        selection.add(provider(19));
        assert!(selection.contains(provider(19).id));
    }
}
