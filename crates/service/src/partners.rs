//! Finding a partner.

use api::{FieldProblem, Page, PartnerProfile, PartnerQuery, routes};
use rules::{FieldError, OrganizationAction, Timestamp, check, search_words};

use crate::model::{PartnerRank, PartnerSearch};
use crate::organizations::facts;
use crate::{Caller, Error, Read, Result, view};

/// Returns the listed partners that serve the caller's cloud and the requested country (by
/// default, that of the caller's organization), best match first.
pub fn search(
    store: &mut dyn Read,
    caller: &Caller,
    query: &PartnerQuery,
    now: Timestamp,
) -> Result<Page<PartnerProfile>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::FindPartners, now)?;
    let after = match query.skip.as_str() {
        "" => None,
        token => Some(parse_rank(token).ok_or_else(|| {
            Error::from(vec![FieldProblem { field: "skiptoken", error: FieldError::NotAnOption }])
        })?),
    };
    let search = PartnerSearch {
        cloud: organization.cloud,
        country: query.country.clone().unwrap_or_else(|| caller.organization.country.clone()),
        city: Some(query.city.clone()).filter(|city| !city.is_empty()),
        size: query.size,
        words: search_words(&query.search),
    };
    // One more partner than requested shows whether there is a next page.
    let mut found = store.search_partners(&search, after.as_ref(), query.top.saturating_add(1))?;
    let more = found.len() > query.top as usize;
    found.truncate(query.top as usize);
    let next_link = found.last().filter(|_| more).map(|last| {
        let rest = PartnerQuery { skip: format_rank(&last.rank), ..query.clone() };
        format!("{}?{rest}", routes::PARTNERS)
    });
    let value = found.into_iter().map(view::found_partner).collect::<Result<_>>()?;
    Ok(Page { value, next_link, count: None })
}

/// Returns the skip token that continues after a rank.
fn format_rank(rank: &PartnerRank) -> String {
    format!("{}-{:x}", rank.level, rank.place)
}

/// Returns the rank in a skip token.
fn parse_rank(token: &str) -> Option<PartnerRank> {
    let (level, place) = token.split_once('-')?;
    Some(PartnerRank { level: level.parse().ok()?, place: i64::from_str_radix(place, 16).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_survives_its_skip_token_and_other_texts_are_refused() {
        for level in [0, 3, u8::MAX] {
            for place in [0, 1, 40_000, i64::MAX] {
                let place = PartnerRank { level, place };
                assert_eq!(parse_rank(&format_rank(&place)), Some(place));
            }
        }
        for wrong in ["x", "1", "1-", "-1", "256-1", "1-g", "1-1-1", "\u{0}"] {
            assert_eq!(parse_rank(wrong), None, "{wrong}");
        }
    }
}
