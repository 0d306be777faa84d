//! The full-text index of partner profiles.

use service::model::PartnerSearch;

use super::table::{bind, statements};
use super::{Result, Transaction, search_terms};
use crate::search::SearchWords;

statements! {
    DELETE_SEARCH_TERMS = "DELETE FROM partner_search WHERE rowid = :place";
    INSERT_SEARCH_TERMS = "INSERT INTO partner_search (rowid, terms) VALUES (:place, :terms)";
    /// FTS5 returns matching rows in the order of their rowids, so it reads no further than
    /// the last one that is needed.
    FIND_PROFILES = "SELECT rowid FROM partner_search \
        WHERE partner_search MATCH :terms AND rowid > :after ORDER BY rowid LIMIT :limit";
}

impl Transaction<'_> {
    /// Replaces the search terms of the profile at `place`. The terms are separated by
    /// spaces; `None` removes the profile from the index.
    pub(super) fn set_search_terms(&mut self, place: i64, terms: Option<&str>) -> Result<()> {
        self.execute(&DELETE_SEARCH_TERMS, &bind![place])?;
        if let Some(terms) = terms {
            self.execute(&INSERT_SEARCH_TERMS, &bind![place, terms])?;
        }
        Ok(())
    }

    /// Returns the places of the profiles that match at `level` and at no better one: at
    /// most `limit`, in ascending order, starting after the place `after`.
    pub(super) fn find_profiles(
        &mut self,
        search: &PartnerSearch,
        words: &SearchWords,
        level: u8,
        after: i64,
        limit: usize,
    ) -> Result<Vec<i64>> {
        let terms = match_expression(search, words, level);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(&FIND_PROFILES, &bind![terms, after, limit])
    }
}

/// Returns the FTS5 expression for the matches of one level. Each term is quoted, so that
/// FTS5 takes it for nothing but a term.
fn match_expression(search: &PartnerSearch, words: &SearchWords, level: u8) -> String {
    let quoted = |term: &str| format!("\"{}\"", term.replace('"', "\"\""));
    let at_level = |level| {
        let (terms, prefix) = search_terms::search_terms(search, words, level);
        let mut all: Vec<String> = terms.iter().map(|term| quoted(term)).collect();
        all.extend(prefix.map(|prefix| quoted(&prefix) + " *"));
        all.join(" AND ")
    };
    match level.checked_sub(1) {
        None => at_level(level),
        Some(better) => format!("({}) NOT ({})", at_level(level), at_level(better)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::tests::query_plan;

    #[test]
    fn a_search_reads_the_index_in_its_order() {
        let plan = query_plan(&FIND_PROFILES);
        // One step, and no sorting after it.
        assert_eq!(plan.lines().count(), 1, "{plan}");
        assert!(plan.contains("VIRTUAL TABLE INDEX"), "{plan}");
    }

    #[test]
    fn a_match_expression_consists_of_quoted_terms() {
        let search = PartnerSearch {
            cloud: rules::Cloud::Worldwide,
            country: "NL".parse().unwrap(),
            city: Some("Den Haag".to_owned()),
            size: Some(rules::OrganizationSize::From1To9),
            words: vec!["mail\" OR \"".to_owned(), "zor".to_owned()],
        };
        let words = SearchWords::parse(&search);
        let filters = r#""serves-worldwide-NL" AND "size-1to9" AND "in-NL-den" AND "in-NL-haag""#;
        assert_eq!(
            match_expression(&search, &words, 0),
            format!(r#"{filters} AND "0mail" AND "0or" AND "0zor" *"#)
        );
        assert_eq!(
            match_expression(&search, &words, 3),
            format!(
                r#"({filters} AND "3mail" AND "3or" AND "3zor" *) NOT ({filters} AND "2mail" AND "2or" AND "2zor" *)"#
            )
        );
    }
}
