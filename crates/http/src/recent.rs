//! What was read for earlier requests and is still true: callers and pages of lists.
//!
//! Both are kept under the number of commits at which they were read
//! ([`Read::commits`](service::Read::commits)), and forgotten once a request reads another
//! number, in the transaction in which it would have used them. So a session that was ended and
//! a role that was taken away have effect immediately, whichever process did it. Decisions
//! about changes never use what is kept here: they are made in the transaction of the change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rules::{SECOND, Timestamp};
use service::{Caller, TokenHash};

/// Milliseconds for which a page is given again. What passes by itself, such as the end of an
/// admin role, shows that much later in a list.
const PAGE_LIFETIME: i64 = 5 * SECOND;
/// Bytes of pages and their addresses that are kept at most.
const PAGES_MAX: usize = 16 * 1024 * 1024;
/// Bytes that a page takes in addition to its JSON and its address, roughly.
const PAGE_OVERHEAD: usize = 256;
/// Callers that are kept at most.
const CALLERS_MAX: usize = 10_000;

/// Callers and pages of recent requests.
#[derive(Default)]
pub(crate) struct Recent {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Number of commits at which everything here was read.
    commits: i64,
    callers: HashMap<TokenHash, Arc<Caller>>,
    pages: HashMap<PageKey, KeptPage>,
    /// Bytes of all pages and their addresses.
    size: usize,
}

/// A page is given again to the same session for the same address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    /// Session.
    pub(crate) token: TokenHash,
    /// Path and query.
    pub(crate) address: String,
}

struct KeptPage {
    read_at: Timestamp,
    json: Bytes,
}

impl Recent {
    /// Returns the caller of a session, which may have expired.
    pub(crate) fn caller(&self, commits: i64, token: &TokenHash) -> Option<Arc<Caller>> {
        self.at(commits).callers.get(token).cloned()
    }

    /// Keeps the caller of a session.
    pub(crate) fn keep_caller(&self, commits: i64, caller: &Arc<Caller>) {
        let mut kept = self.at(commits);
        if kept.callers.len() >= CALLERS_MAX {
            kept.callers.clear();
        }
        kept.callers.insert(caller.session.token.clone(), Arc::clone(caller));
    }

    /// Returns the JSON of a page.
    pub(crate) fn page(&self, commits: i64, key: &PageKey, now: Timestamp) -> Option<Bytes> {
        let kept = self.at(commits);
        let page = kept.pages.get(key)?;
        // A clock that was set back would make it younger than it is.
        let is_recent = page.read_at <= now && now < page.read_at.plus(PAGE_LIFETIME);
        is_recent.then(|| page.json.clone())
    }

    /// Keeps the JSON of a page.
    pub(crate) fn keep_page(&self, commits: i64, key: PageKey, read_at: Timestamp, json: Bytes) {
        // A client chooses how long an address is, and how many it asks for.
        let overhead = PAGE_OVERHEAD + key.address.len();
        let mut kept = self.at(commits);
        if kept.size + overhead + json.len() > PAGES_MAX {
            kept.pages.clear();
            kept.size = 0;
        }
        kept.size += overhead + json.len();
        if let Some(replaced) = kept.pages.insert(key, KeptPage { read_at, json }) {
            kept.size -= overhead + replaced.json.len();
        }
    }

    /// Returns what was read at this number of commits, and forgets everything else. Two
    /// requests that read before and after a commit make each other read again, no more.
    fn at(&self, commits: i64) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.commits != commits {
            *kept = Kept { commits, ..Kept::default() };
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> PageKey {
        PageKey { token: TokenHash::of("session"), address: address.to_owned() }
    }

    fn moment(milliseconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(1_700_000_000_000 + milliseconds)
    }

    #[test]
    fn a_page_is_given_again_until_a_commit_and_for_its_lifetime() {
        let recent = Recent::default();
        recent.keep_page(7, key("/a"), moment(0), Bytes::from_static(b"{}"));
        for (commits, now, found) in [
            (7, 0, true),
            (7, PAGE_LIFETIME - 1, true),
            (7, PAGE_LIFETIME, false),
            (7, -1, false),
            (7, 1, true),
            (8, 1, false),
            (7, 1, false),
        ] {
            assert_eq!(recent.page(commits, &key("/a"), moment(now)).is_some(), found, "{now}");
        }
    }

    #[test]
    fn a_page_belongs_to_a_session_and_an_address() {
        let recent = Recent::default();
        recent.keep_page(7, key("/a"), moment(0), Bytes::from_static(b"{}"));
        assert!(recent.page(7, &key("/a?x"), moment(0)).is_none());
        let other = PageKey { token: TokenHash::of("other"), ..key("/a") };
        assert!(recent.page(7, &other, moment(0)).is_none());
    }

    #[test]
    fn the_size_is_bounded() {
        let recent = Recent::default();
        let large = Bytes::from(vec![0; PAGES_MAX / 2 - 2 * PAGE_OVERHEAD]);
        recent.keep_page(7, key("/a"), moment(0), large.clone());
        recent.keep_page(7, key("/a"), moment(0), large.clone());
        recent.keep_page(7, key("/b"), moment(0), large.clone());
        assert!(recent.page(7, &key("/a"), moment(0)).is_some());
        recent.keep_page(7, key("/c"), moment(0), large);
        assert!(recent.page(7, &key("/a"), moment(0)).is_none());
        assert!(recent.page(7, &key("/c"), moment(0)).is_some());
    }

    #[test]
    fn addresses_count_towards_the_size() {
        let long = "x".repeat(64 * 1024);
        let recent = Recent::default();
        for number in 0..=PAGES_MAX / long.len() {
            let address = format!("/{long}{number}");
            recent.keep_page(7, key(&address), moment(0), Bytes::new());
        }
        let kept = recent.at(7);
        let addresses = kept.pages.keys().map(|key| key.address.len()).sum::<usize>();
        assert!(addresses <= kept.size && kept.size <= PAGES_MAX, "{addresses} bytes are kept");
    }
}
