//! Finding a partner.

use api::{Page, PartnerProfile, PartnerQuery, SkipToken, SortKey, routes};
use rules::{OrganizationAction, Timestamp, check, search_words};

use crate::model::{PartnerRank, PartnerSearch};
use crate::organizations::facts;
use crate::{Caller, Read, Result, lists, view};

/// Returns the listed partners that serve the caller's cloud and the requested country (by
/// default, that of the caller's organization), best match first.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &PartnerQuery,
    now: Timestamp,
) -> Result<Page<PartnerProfile>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::FindPartners, now)?;
    let after = query.skip.as_ref().map(parse_rank).transpose()?;
    let filter = &query.filter;
    let search = PartnerSearch {
        cloud: organization.cloud,
        country: filter.country.clone().unwrap_or_else(|| caller.organization.country().clone()),
        city: filter.city.as_ref().map(ToString::to_string),
        size: filter.size,
        words: search_words(&query.search),
    };
    let count = if query.count { count(store, &search)? } else { None };
    // One more partner than requested shows whether there is a next page.
    let mut found = store.search_partners(&search, after.as_ref(), query.top.saturating_add(1))?;
    let more = found.len() > query.top as usize;
    found.truncate(query.top as usize);
    let as_of = query.skip.as_ref().map_or(now, |token| token.as_of);
    let last = found.last().filter(|_| more);
    let next_link = last
        .map(|last| query.next_link(routes::PARTNERS, SkipToken { as_of, keys: keys(last.rank) }));
    let value = found.into_iter().map(view::found_partner).collect::<Result<_>>()?;
    Ok(Page { value, next_link, count })
}

/// Returns the number of partners that a search finds, if there are not too many.
fn count(store: &mut dyn Read, search: &PartnerSearch) -> Result<Option<u64>> {
    let max = PartnerQuery::COUNT_MAX;
    let found = u32::try_from(store.search_partners(search, None, max + 1)?.len());
    Ok(found.ok().filter(|found| *found <= max).map(u64::from))
}

/// Returns the sort keys of a rank.
fn keys(rank: PartnerRank) -> Vec<SortKey> {
    vec![SortKey::Integer(rank.level.into()), SortKey::Integer(rank.place)]
}

/// Returns the rank in a skip token.
fn parse_rank(token: &SkipToken) -> Result<PartnerRank> {
    let [level, place] = lists::integer_keys(token)?;
    let level = u8::try_from(level).map_err(|_| lists::invalid_token())?;
    Ok(PartnerRank { level, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_survives_its_skip_token_and_other_tokens_are_refused() {
        let token = |keys| SkipToken { as_of: Timestamp::from_milliseconds(0), keys };
        for level in [0, 3, u8::MAX] {
            for place in [0, 1, 40_000, i64::MAX] {
                let rank = PartnerRank { level, place };
                assert_eq!(parse_rank(&token(keys(rank))).unwrap(), rank);
            }
        }
        let [one, large] = [SortKey::Integer(1), SortKey::Integer(256)];
        let text = SortKey::Text("a".to_owned());
        for wrong in [vec![], vec![one.clone()], vec![large, one.clone()], vec![one, text]] {
            assert!(parse_rank(&token(wrong.clone())).is_err(), "{wrong:?}");
        }
    }
}
