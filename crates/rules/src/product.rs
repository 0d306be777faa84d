//! What can be bought: products with their prices, the terms that they are bought for,
//! and the accounts that pay.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{
    BillingAccountId, Cloud, Currency, DisplayName, Money, Note, OrganizationId, ProductId,
    Timestamp, string_enum,
};

/// How long a subscription runs before it renews, as a period of ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
pub enum Term {
    /// A month.
    #[strum(serialize = "P1M")]
    Month,
    /// A year.
    #[strum(serialize = "P1Y")]
    Year,
}

string_enum!(Term);

impl Term {
    /// How many months it has.
    const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
        }
    }

    /// The end of so many terms that began at `start`: the same day and hour of a later
    /// month, in UTC, or that month's last day where it is shorter. It is counted from the
    /// start, so that a subscription of the 31st is back on the 31st after February.
    #[must_use]
    pub const fn after(self, start: Timestamp, count: u32) -> Timestamp {
        start.plus_months(self.months().saturating_mul(count))
    }

    /// The end of the term that runs at `now`, counted from `start`; the end of the first
    /// where none has begun.
    #[must_use]
    pub fn next_after(self, start: Timestamp, now: Timestamp) -> Timestamp {
        let gone = (now.month() - start.month()) / i64::from(self.months());
        // The moments are between 1970 and 9999, which are fewer months than a u32 holds.
        let gone = u32::try_from(gone).unwrap_or(0);
        let end = self.after(start, gone);
        if gone > 0 && end > now { end } else { self.after(start, gone + 1) }
    }
}

/// What one license costs for one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// The term.
    pub term: Term,
    /// The price of one license.
    pub unit: Money,
}

/// A product in the catalog of a cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its identifier.
    pub id: ProductId,
    /// The cloud in which it is sold.
    pub cloud: Cloud,
    /// Its name.
    pub name: DisplayName,
    /// What it is, in a sentence or two.
    pub description: Note,
    /// Its prices, at most one for each term and currency.
    pub prices: Vec<Price>,
    /// Counts the changes.
    pub version: i64,
}

impl Product {
    /// What one license costs for one term, where it is sold for that term and currency.
    #[must_use]
    pub fn price(&self, term: Term, currency: Currency) -> Option<Money> {
        self.prices
            .iter()
            .find(|price| price.term == term && price.unit.currency == currency)
            .map(|price| price.unit)
    }
}

/// An account from which a customer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingAccount {
    /// Its identifier.
    pub id: BillingAccountId,
    /// The customer.
    pub organization: OrganizationId,
    /// Its name.
    pub name: DisplayName,
    /// The currency in which it pays.
    pub currency: Currency,
    /// When it was opened.
    pub created: Timestamp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::DAY;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_term_ends_on_the_day_that_it_began_or_the_last_of_the_month() {
        for (term, start, count, end) in [
            (Term::Month, "2026-01-31T08:30:00.000Z", 1, "2026-02-28T08:30:00.000Z"),
            (Term::Month, "2026-01-31T08:30:00.000Z", 2, "2026-03-31T08:30:00.000Z"),
            (Term::Month, "2028-01-30T23:59:59.999Z", 1, "2028-02-29T23:59:59.999Z"),
            (Term::Month, "2026-12-15T00:00:00.000Z", 1, "2027-01-15T00:00:00.000Z"),
            (Term::Month, "2026-11-20T18:53:57.000Z", 0, "2026-11-20T18:53:57.000Z"),
            (Term::Year, "2028-02-29T12:00:00.000Z", 1, "2029-02-28T12:00:00.000Z"),
            (Term::Year, "2028-02-29T12:00:00.000Z", 4, "2032-02-29T12:00:00.000Z"),
            (Term::Year, "9999-06-01T01:00:00.000Z", 1, "9999-12-31T23:59:59.999Z"),
            (Term::Year, "1970-06-01T23:00:00.000Z", u32::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(term.after(at(start), count), at(end), "{count} × {term} from {start}");
        }
    }

    #[test]
    fn the_next_renewal_is_the_first_end_of_a_term_that_is_still_to_come() {
        for (term, start, now, end) in [
            (Term::Month, "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z"),
            (Term::Month, "2026-01-31T08:00:00Z", "2026-02-28T07:59:59Z", "2026-02-28T08:00:00Z"),
            (Term::Month, "2026-01-31T08:00:00Z", "2026-02-28T08:00:00Z", "2026-03-31T08:00:00Z"),
            (Term::Year, "2020-05-01T00:00:00Z", "2026-04-30T00:00:00Z", "2026-05-01T00:00:00Z"),
            (Term::Year, "2020-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "2027-05-01T00:00:00Z"),
            // A clock that was set back is before the start.
            (Term::Month, "2026-03-10T00:00:00Z", "2026-03-09T00:00:00Z", "2026-04-10T00:00:00Z"),
            (Term::Year, "2026-03-10T00:00:00Z", "2020-01-01T00:00:00Z", "2027-03-10T00:00:00Z"),
        ] {
            assert_eq!(
                term.next_after(at(start), at(now)),
                at(end),
                "{term} from {start} at {now}"
            );
        }
    }

    proptest! {
        #[test]
        fn terms_follow_each_other_and_the_day_is_kept_where_there_is_one(
            term in select(Term::ALL), start in 0..100_000 * DAY, count in 0..2_000_u32,
        ) {
            let start = Timestamp::from_milliseconds(start);
            let end = term.after(start, count);
            prop_assert!(end < term.after(start, count + 1));
            let (from, to) = (start.to_string(), end.to_string());
            prop_assert_eq!(&from[10..], &to[10..]);
            let next = end.plus(DAY).to_string();
            prop_assert!(from[8..10] == to[8..10] || (from[8..10] > to[8..10] && &next[8..10] == "01"));
        }

        #[test]
        fn the_next_end_of_a_term_is_later_and_the_one_before_it_is_not(
            term in select(Term::ALL), start in 0..40_000 * DAY, past in 0..40_000 * DAY,
        ) {
            let start = Timestamp::from_milliseconds(start);
            let now = start.plus(past);
            let next = term.next_after(start, now);
            let count = (1..2_000).find(|count| term.after(start, *count) == next).expect("an end of a term");
            prop_assert!(next > now);
            prop_assert!(term.after(start, count - 1) <= now);
        }
    }
}
