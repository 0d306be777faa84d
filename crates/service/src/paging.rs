//! Pages of lists that are filtered and sorted here, the same for every engine.

use api::SkipToken;

/// What one page shows of a whole list.
pub(crate) struct Part<T> {
    /// What stands on the page.
    pub(crate) value: Vec<T>,
    /// How many there are on all pages.
    pub(crate) count: u64,
    /// Where the next page begins, where there is one.
    pub(crate) next: Option<SkipToken>,
}

/// At the most `top` of a list, from the place on that `skip` names.
pub(crate) fn part<T>(whole: Vec<T>, skip: SkipToken, top: u32) -> Part<T> {
    let count = whole.len() as u64;
    let skipped = usize::try_from(skip.0).unwrap_or(usize::MAX);
    let value: Vec<_> = whole.into_iter().skip(skipped).take(top as usize).collect();
    let next = skip.0.saturating_add(value.len() as u64);
    let next = (!value.is_empty() && next < count).then_some(SkipToken(next));
    Part { value, count, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_a_list_are_the_list() {
        let whole: Vec<_> = (0..7).collect();
        for top in 1..9 {
            let mut read = Vec::new();
            let mut place = Some(SkipToken::default());
            while let Some(skip) = place {
                let part = part(whole.clone(), skip, top);
                assert!(part.count == 7 && part.value.len() <= top as usize);
                read.extend(part.value);
                place = part.next;
            }
            assert_eq!(read, whole);
        }
        let behind = part(whole, SkipToken(u64::MAX), u32::MAX);
        assert!(behind.value.is_empty() && behind.next.is_none());
    }
}
