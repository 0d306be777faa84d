//! Pages of lists that the use cases filter and sort themselves.

use api::{FieldProblem, List, ListQuery, Page, SkipToken, SortKey};
use rules::{FieldError, Timestamp};

use crate::{Error, Result};

/// Returns the page of a list at `path` that the query asks for. The skip token has the number
/// of items before the page.
pub(crate) fn page_of<L: List, T>(
    all: Vec<T>,
    query: &ListQuery<L>,
    path: &str,
    now: Timestamp,
) -> Result<Page<T>> {
    let total = all.len();
    let [skipped] = match &query.skip {
        None => [0],
        Some(token) => integer_keys(token)?,
    };
    let skipped = usize::try_from(skipped).map_err(|_| invalid_token())?;
    let value: Vec<_> = all.into_iter().skip(skipped).take(query.top as usize).collect();
    let next = skipped.saturating_add(value.len());
    let next_link = (!value.is_empty() && next < total).then(|| {
        let as_of = query.skip.as_ref().map_or(now, |token| token.as_of);
        let position = i64::try_from(next).unwrap_or(i64::MAX);
        query.next_link(path, SkipToken { as_of, keys: vec![SortKey::Integer(position)] })
    });
    let count = u32::try_from(total).ok().filter(|count| *count <= ListQuery::<L>::COUNT_MAX);
    Ok(Page { value, next_link, count: count.filter(|_| query.count).map(u64::from) })
}

/// Returns the keys of a token that has this many numbers.
pub(crate) fn integer_keys<const N: usize>(token: &SkipToken) -> Result<[i64; N]> {
    let key = |key: &SortKey| match key {
        SortKey::Integer(number) => Some(*number),
        SortKey::Text(_) => None,
    };
    let keys: Option<Vec<_>> = token.keys.iter().map(key).collect();
    keys.and_then(|keys| keys.try_into().ok()).ok_or_else(invalid_token)
}

/// Returns the error for a token that is not of the list.
pub(crate) fn invalid_token() -> Error {
    vec![FieldProblem { field: "skiptoken", error: FieldError::NotAnOption }].into()
}

/// Returns whether every word of a search occurs in a text.
pub(crate) fn matches_search(text: &str, search: &str) -> bool {
    let text = text.to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use api::ProductQuery;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_milliseconds(1_700_000_000_000)
    }

    #[test]
    fn the_pages_together_are_the_list() {
        let all: Vec<_> = (0..7).collect();
        for top in 1..9 {
            let mut read = Vec::new();
            let mut next = Some("/api/products?".to_owned());
            while let Some(link) = next {
                let query = link.split_once('?').unwrap().1;
                let query =
                    ProductQuery { top, count: true, ..ProductQuery::parse(query).unwrap() };
                let page = page_of(all.clone(), &query, "/api/products", now()).unwrap();
                assert!(page.count == Some(7) && page.value.len() <= top as usize);
                read.extend(page.value);
                next = page.next_link;
            }
            assert_eq!(read, all);
        }
        let skip = |keys| Some(SkipToken { as_of: now(), keys });
        let past_the_end = ProductQuery {
            skip: skip(vec![SortKey::Integer(i64::MAX)]),
            ..ProductQuery::default()
        };
        let page = page_of(all.clone(), &past_the_end, "/api/products", now()).unwrap();
        assert!(page.value.is_empty() && page.next_link.is_none() && page.count.is_none());
        for keys in [
            vec![],
            vec![SortKey::Integer(-1)],
            vec![SortKey::Text("a".to_owned())],
            vec![SortKey::Integer(1), SortKey::Integer(2)],
        ] {
            let foreign = ProductQuery { skip: skip(keys), ..ProductQuery::default() };
            assert!(page_of(all.clone(), &foreign, "/api/products", now()).is_err());
        }
    }

    #[test]
    fn a_long_list_has_no_count() {
        let query = ProductQuery { count: true, ..ProductQuery::default() };
        let count = |length| page_of(vec![(); length], &query, "", now()).unwrap().count;
        assert_eq!(count(1_000), Some(1_000));
        assert_eq!(count(1_001), None);
    }
}
