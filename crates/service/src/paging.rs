//! Pages of lists that the use cases filter and sort themselves.

use api::SkipToken;

/// One page of a list.
pub(crate) struct ListPage<T> {
    /// Items of the page.
    pub(crate) value: Vec<T>,
    /// Number of items on all pages.
    pub(crate) count: u64,
    /// Start of the next page, if there is one.
    pub(crate) next: Option<SkipToken>,
}

/// Returns at most `top` items of a list, starting at `skip`.
pub(crate) fn page_of<T>(all: Vec<T>, skip: SkipToken, top: u32) -> ListPage<T> {
    let count = all.len() as u64;
    let skipped = usize::try_from(skip.0).unwrap_or(usize::MAX);
    let value: Vec<_> = all.into_iter().skip(skipped).take(top as usize).collect();
    let next = skip.0.saturating_add(value.len() as u64);
    let next = (!value.is_empty() && next < count).then_some(SkipToken(next));
    ListPage { value, count, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_together_are_the_list() {
        let all: Vec<_> = (0..7).collect();
        for top in 1..9 {
            let mut read = Vec::new();
            let mut start = Some(SkipToken::default());
            while let Some(skip) = start {
                let page = page_of(all.clone(), skip, top);
                assert!(page.count == 7 && page.value.len() <= top as usize);
                read.extend(page.value);
                start = page.next;
            }
            assert_eq!(read, all);
        }
        let past_the_end = page_of(all, SkipToken(u64::MAX), u32::MAX);
        assert!(past_the_end.value.is_empty() && past_the_end.next.is_none());
    }
}
