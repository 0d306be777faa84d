//! Money: whole minor units of a currency, so that nothing is lost by rounding.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{CountryCode, string_enum};

/// A currency in which there are prices, by its code of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Currency {
    /// The euro.
    Eur,
    /// The dollar of the United States.
    Usd,
    /// The pound sterling.
    Gbp,
    /// The Swiss franc.
    Chf,
    /// The renminbi.
    Cny,
}

string_enum!(Currency);

impl Currency {
    /// How many decimal digits a minor unit has, in every one of these currencies.
    pub const MINOR_DIGITS: u32 = 2;

    /// The currency in which an organization of this country pays: its own where there are
    /// prices in it, else the dollar.
    #[must_use]
    pub fn of_country(country: &CountryCode) -> Self {
        match country.as_str() {
            "GB" => Self::Gbp,
            "CH" | "LI" => Self::Chf,
            "CN" => Self::Cny,
            // The members of the euro area, and those who use the euro beside them.
            "AD" | "AT" | "BE" | "BG" | "CY" | "DE" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR"
            | "IE" | "IT" | "LT" | "LU" | "LV" | "MC" | "ME" | "MT" | "NL" | "PT" | "SI" | "SK"
            | "SM" | "VA" | "XK" => Self::Eur,
            _ => Self::Usd,
        }
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// How many minor units (cents), of which [`Currency::MINOR_DIGITS`] digits make one.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// So many times the amount; the most that can be written where it would be more.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { amount: self.amount.saturating_mul(i64::from(count)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_pays_in_the_currency_of_its_country() {
        for (country, currency) in [
            ("NL", Currency::Eur),
            ("DE", Currency::Eur),
            ("GB", Currency::Gbp),
            ("CH", Currency::Chf),
            ("CN", Currency::Cny),
            ("US", Currency::Usd),
            ("PL", Currency::Usd),
        ] {
            let country = CountryCode::parse(country).expect("a country");
            assert_eq!(Currency::of_country(&country), currency, "{country}");
        }
    }

    #[test]
    fn an_amount_is_multiplied_without_a_panic() {
        let money = Money { amount: 510, currency: Currency::Eur };
        assert_eq!(money.times(25).amount, 12_750);
        assert_eq!(money.times(0).amount, 0);
        let most = Money { amount: i64::MAX, ..money };
        assert_eq!(most.times(2), most);
    }
}
