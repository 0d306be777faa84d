//! Sorting short lists.

/// Sorts a short list by a key, stably. Insertion sort: `slice::sort_by_key` would add
/// kilobytes of wasm for each element type.
pub fn order_by<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && key(&items[at]) < key(&items[at - 1]) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}
