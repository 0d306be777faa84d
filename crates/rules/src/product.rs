//! Products, prices, terms and billing accounts.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{
    BillingAccountId, Cloud, Currency, DisplayName, Money, Note, OrganizationId, ProductId,
    Timestamp, string_enum,
};

/// Time after which a subscription renews. Its name is an ISO 8601 duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
pub enum Term {
    /// One month.
    #[strum(serialize = "P1M")]
    Month,
    /// One year.
    #[strum(serialize = "P1Y")]
    Year,
}

string_enum!(Term);

impl Term {
    /// Returns the length in months.
    const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
        }
    }

    /// Returns the end of the term number `count` that started at `start`: the same day and
    /// time in UTC in a later month, or the last day of that month if it is shorter. It is
    /// computed from the start, so that a subscription of the 31st is back on the 31st after
    /// February.
    #[must_use]
    pub fn after(self, start: Timestamp, count: u32) -> Timestamp {
        start.plus_months(self.months().saturating_mul(count))
    }

    /// Returns the end of the term that contains `now`, counted from `start`. Before `start`
    /// it returns the end of the first term.
    #[must_use]
    pub fn next_after(self, start: Timestamp, now: Timestamp) -> Timestamp {
        let gone = (now.month_number() - start.month_number()) / i64::from(self.months());
        // Both times are between 1970 and 9999, so the number of months fits in a u32.
        let gone = u32::try_from(gone).unwrap_or(0);
        let end = self.after(start, gone);
        if gone > 0 && end > now { end } else { self.after(start, gone + 1) }
    }
}

/// Price of one license for one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// Term.
    pub term: Term,
    /// Price of one license.
    pub unit: Money,
}

/// A product in the catalog of a cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Identifier.
    pub id: ProductId,
    /// Cloud in which it is sold.
    pub cloud: Cloud,
    /// Name.
    pub name: DisplayName,
    /// Description, in a sentence or two.
    pub description: Note,
    /// Prices, at most one for each term and currency.
    pub prices: Vec<Price>,
    /// Number of changes.
    pub version: i64,
}

impl Product {
    /// Returns the price of one license for this term in this currency, if there is one.
    #[must_use]
    pub fn price(&self, term: Term, currency: Currency) -> Option<Money> {
        self.prices
            .iter()
            .find(|price| price.term == term && price.unit.currency == currency)
            .map(|price| price.unit)
    }
}

/// Account from which a customer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingAccount {
    /// Identifier.
    pub id: BillingAccountId,
    /// Customer.
    pub organization: OrganizationId,
    /// Name.
    pub name: DisplayName,
    /// Currency in which the account pays.
    pub currency: Currency,
    /// Time at which it was opened.
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
    fn a_product_has_a_price_for_each_term_and_currency_in_which_it_is_sold() {
        let price = |term, amount, currency| Price { term, unit: Money { amount, currency } };
        let product = Product {
            id: ProductId::new(at("2026-11-20T18:53:57Z"), 1),
            cloud: Cloud::Worldwide,
            name: DisplayName::parse("Office 365 E3").expect("a name"),
            description: Note::parse("Office applications.").expect("a note"),
            prices: vec![
                price(Term::Month, 2_500, Currency::Eur),
                price(Term::Month, 2_700, Currency::Usd),
                price(Term::Year, 27_600, Currency::Eur),
            ],
            version: 1,
        };
        let amount = |term, currency| product.price(term, currency).map(|unit| unit.amount);
        assert_eq!(amount(Term::Month, Currency::Eur), Some(2_500));
        assert_eq!(amount(Term::Month, Currency::Usd), Some(2_700));
        assert_eq!(amount(Term::Year, Currency::Eur), Some(27_600));
        assert_eq!(amount(Term::Year, Currency::Usd), None);
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
            // The clock was set back, so now is before the start.
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
