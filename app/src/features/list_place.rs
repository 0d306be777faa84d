//! Where a list was left. A user who returns to it – by the browser's Back, or by the link above
//! a details page – finds the same rows, scrolled to the same place, with the focus on the row
//! that was opened.

use std::cell::RefCell;

use leptos::{ev, prelude::*};

use crate::{browser, ui};

/// The number of lists that are remembered.
const PLACES_MAX: usize = 20;

/// Where a list was left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListPlace {
    /// The number of rows that were loaded.
    pub rows: usize,
    /// The vertical scroll position of the window in pixels.
    pub scroll: f64,
    /// The id of the element that had the focus, or of the row that was opened.
    pub element_id: Option<String>,
}

/// The places by the path of the list, each with the address that it had, most recent last.
#[derive(Default)]
struct ListPlaces {
    places: Vec<(String, String, ListPlace)>,
    /// The address that the browser's Back or Forward led to last.
    returned_to: Option<String>,
}

thread_local! {
    static PLACES: RefCell<ListPlaces> = RefCell::default();
}

/// Notices when the user goes back or forward. Call this before the router starts, so that the
/// page of the address is not yet shown.
pub fn watch_history() {
    // The listener lives as long as the page.
    let _ = window_event_listener(ev::popstate, |_| {
        let location = window().location();
        let address = location.pathname().and_then(|path| Ok(path + &location.search()?)).ok();
        PLACES.with_borrow_mut(|places| places.returned_to = address);
    });
}

/// Forgets all places, because another user may sign in.
pub fn forget_all() {
    PLACES.with_borrow_mut(|places| places.places.clear());
}

/// Remembers where the list at `path` was left, with the address that it had.
pub fn remember(path: String, address: String, place: ListPlace) {
    PLACES.with_borrow_mut(|places| places.insert(path, address, place));
}

/// Returns where the list with this address was left, if the user returns to it: by the
/// browser's Back or Forward, or from a page below the list.
pub fn take_on_return(path: &str, address: &str) -> Option<ListPlace> {
    let from_below = ui::last_path().is_some_and(|last| is_below(&last, path));
    PLACES.with_borrow_mut(|places| places.take(address, from_below))
}

/// Returns the address at which the list at `path` was left, or the path itself.
#[must_use]
pub fn last_address(path: &str) -> String {
    PLACES.with_borrow(|places| places.address(path).unwrap_or(path).to_owned())
}

/// Returns where the page is left for the page at `next_path`.
pub fn current_place(rows: usize, next_path: &str) -> ListPlace {
    let focused = document().active_element().map(|element| element.id());
    // Not every browser focuses a link that is clicked. Rows have the ids of their resources.
    let opened = next_path.rsplit('/').filter(|part| browser::element_by_id(part).is_some());
    let element_id = focused.filter(|id| !id.is_empty()).or(opened.map(str::to_owned).next());
    ListPlace { rows, scroll: window().scroll_y().unwrap_or_default(), element_id }
}

impl ListPlace {
    /// Scrolls to the place, and focuses the element if no other one was focused meanwhile.
    pub fn restore(&self) {
        let element = self.element_id.as_deref().and_then(browser::element_by_id);
        if let Some(element) = element.filter(|_| ui::is_focus_on_title_or_lost()) {
            let _ = element.focus();
        }
        window().scroll_to_with_x_and_y(0.0, self.scroll);
    }
}

impl ListPlaces {
    fn insert(&mut self, path: String, address: String, place: ListPlace) {
        self.places.retain(|(_, known, _)| *known != address);
        if self.places.len() == PLACES_MAX {
            self.places.remove(0);
        }
        self.places.push((path, address, place));
    }

    fn take(&mut self, address: &str, from_below: bool) -> Option<ListPlace> {
        let returned = self.returned_to.take_if(|returned| returned == address).is_some();
        let index = self.places.iter().position(|(_, known, _)| known == address)?;
        (returned || from_below).then(|| self.places[index].2.clone())
    }

    fn address(&self, path: &str) -> Option<&str> {
        let (_, address, _) = self.places.iter().rfind(|(known, ..)| known == path)?;
        Some(address)
    }
}

/// Returns whether a path is below that of a list.
fn is_below(path: &str, list: &str) -> bool {
    path.strip_prefix(list).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(rows: usize) -> ListPlace {
        ListPlace { rows, ..ListPlace::default() }
    }

    #[test]
    fn a_list_keeps_its_place_only_for_those_who_return() {
        let mut places = ListPlaces::default();
        places.insert("/list".to_owned(), "/list?search=a".to_owned(), place(100));
        assert_eq!(places.take("/list?search=a", false), None, "the list is opened again");
        assert_eq!(places.take("/list", true), None, "without the search it is another list");
        assert_eq!(places.take("/list?search=a", true), Some(place(100)));
        places.returned_to = Some("/list?search=a".to_owned());
        assert_eq!(places.take("/list?search=a", false), Some(place(100)));
        assert_eq!(places.take("/list?search=a", false), None, "only once");
    }

    #[test]
    fn the_last_address_of_a_list_is_known() {
        let mut places = ListPlaces::default();
        assert_eq!(places.address("/list"), None);
        places.insert("/list".to_owned(), "/list".to_owned(), place(1));
        places.insert("/other".to_owned(), "/other?sort=name".to_owned(), place(1));
        places.insert("/list".to_owned(), "/list?search=a".to_owned(), place(1));
        assert_eq!(places.address("/list"), Some("/list?search=a"));
        places.insert("/list".to_owned(), "/list".to_owned(), place(1));
        assert_eq!(places.address("/list"), Some("/list"));
    }

    #[test]
    fn old_places_are_forgotten() {
        let mut places = ListPlaces::default();
        for number in 0..=PLACES_MAX {
            places.insert("/list".to_owned(), format!("/list?search={number}"), place(number));
        }
        assert_eq!(places.places.len(), PLACES_MAX);
        assert_eq!(places.take("/list?search=0", true), None);
        assert_eq!(places.take("/list?search=1", true), Some(place(1)));
    }

    #[test]
    fn details_are_below_their_list() {
        assert!(is_below("/customers/42", "/customers"));
        assert!(is_below("/customers/42/subscriptions/43", "/customers"));
        assert!(!is_below("/customers", "/customers"));
        assert!(!is_below("/customers/", "/customers"));
        assert!(!is_below("/customers-old/42", "/customers"));
    }
}
