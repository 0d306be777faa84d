//! Bounds on everything that one person or organization can pile up. They are far above what
//! people need, and low enough that lists, mails and the work of others stay harmless.
//!
//! A bound is checked by a look at one place of an index, so that the check costs about the same
//! for everyone.

use crate::{DAY, Refusal, Timestamp};

/// A bound on a number of things that exist, or of actions within 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Largest number.
    pub most: u32,
    /// Refusal of one more.
    pub refusal: Refusal,
}

/// Drafts of invitations that one user of a partner has created. A page of the list shows at
/// most 300.
pub const DRAFTS_OF_USER: Bound = Bound { most: 500, refusal: Refusal::TooManyDrafts };

/// Invitations from one partner that wait for the answer of one customer.
pub const INVITATIONS_WAITING_AT_CUSTOMER: Bound =
    Bound { most: 20, refusal: Refusal::TooManyWaitingInvitations };

/// Mails with invitations from one partner to one customer: more than needed, and too few to be
/// a nuisance. Invitations that were sent again or withdrawn count too.
pub const INVITATIONS_TO_CUSTOMER: Bound =
    Bound { most: 20, refusal: Refusal::TooManyInvitationsToCustomer };

/// Mails with invitations from one partner: a distributor can invite 50,000 customers in ten
/// days.
pub const INVITATIONS_OF_PARTNER: Bound =
    Bound { most: 5_000, refusal: Refusal::TooManyInvitations };

/// Enquiries of one customer that wait for an answer.
pub const ENQUIRIES_WAITING: Bound = Bound { most: 200, refusal: Refusal::TooManyWaitingEnquiries };

/// Enquiries that one customer sends: far more than needed, and too few for a stolen account to
/// write to the whole directory.
pub const ENQUIRIES_OF_CUSTOMER: Bound = Bound { most: 30, refusal: Refusal::TooManyEnquiries };

/// Different Partner IDs that one organization looks up: far more than its partners have, and
/// far too few to enumerate the directory.
pub const LOOK_UPS_OF_ORGANIZATION: Bound = Bound { most: 200, refusal: Refusal::TooManyLookUps };

/// Sessions of one account. Signing in once more ends the oldest.
pub const SESSIONS_OF_ACCOUNT: u32 = 20;

impl Bound {
    /// Returns the number from which there is no room for `more`.
    #[must_use]
    pub const fn full_from(self, more: u32) -> u32 {
        (self.most + 1).saturating_sub(more)
    }
}

/// Returns when a bound on the actions within 24 hours has room again. `decided_at` is the time
/// of the action that decides: the [`full_from`](Bound::full_from)th latest one. `None` if there
/// is room now.
#[must_use]
pub fn room_from(decided_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    decided_at.map(|at| at.plus(DAY)).filter(|room_from| now < *room_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_full_when_the_next_one_would_exceed_it() {
        let bound = Bound { most: 3, refusal: Refusal::TooManyDrafts };
        assert_eq!(bound.full_from(1), 3);
        assert_eq!(bound.full_from(3), 1);
        assert_eq!(bound.full_from(4), 0, "there is never room for four");
        assert_eq!(bound.full_from(9), 0);
    }

    #[test]
    fn there_is_room_again_when_the_deciding_action_is_a_day_old() {
        let at = Timestamp::from_milliseconds(1_000);
        assert_eq!(room_from(None, at), None);
        assert_eq!(room_from(Some(at), at), Some(at.plus(DAY)));
        assert_eq!(room_from(Some(at), at.plus(DAY - 1)), Some(at.plus(DAY)));
        assert_eq!(room_from(Some(at), at.plus(DAY)), None);
    }
}
