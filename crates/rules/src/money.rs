//! Money, in whole minor units, so that no rounding is needed.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::{CountryCode, string_enum};

/// Currency of prices. Its name is the ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Currency {
    /// Euro.
    Eur,
    /// United States dollar.
    Usd,
    /// Pound sterling.
    Gbp,
    /// Swiss franc.
    Chf,
    /// Renminbi.
    Cny,
}

string_enum!(Currency);

impl Currency {
    /// Number of decimal digits of the minor unit. It is the same for all these currencies.
    pub const MINOR_DIGITS: u32 = 2;

    /// Returns the currency in which an organization in this country pays: its own if prices
    /// exist in it, or else the United States dollar.
    #[must_use]
    pub fn of_country(country: &CountryCode) -> Self {
        match country.as_str() {
            "GB" => Self::Gbp,
            "CH" | "LI" => Self::Chf,
            "CN" => Self::Cny,
            // The members of the euro area and other countries that use the euro.
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
    /// Amount in minor units (cents). See [`Currency::MINOR_DIGITS`].
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
}

impl Money {
    /// Multiplies the amount. The result saturates.
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
