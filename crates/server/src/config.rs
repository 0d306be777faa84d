//! Parsers for values of the command line.

use axum::http::Uri;
use rules::{Currency, DisplayName, FieldError, Money, Price, Term};

use http_api::is_loopback;

/// Address of a mail server, with credentials. `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SmtpUrl {
    /// Host name or IP address, without the brackets of an IPv6 address.
    pub(crate) host: String,
    /// Port; by default the one that is common for the kind of encryption.
    pub(crate) port: u16,
    /// Encryption of the connection.
    pub(crate) encryption: Encryption,
    /// User and password to sign in with.
    pub(crate) credentials: Option<(String, String)>,
    loopback: bool,
}

/// Encryption of a connection to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// TLS from the first byte (RFC 8314).
    ImplicitTls,
    /// STARTTLS before any credentials or mail are sent (RFC 3207).
    StartTls,
    /// None; for a mail server on this machine only.
    None,
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SmtpUrl(…)")
    }
}

impl SmtpUrl {
    /// Returns whether the mail server is on this machine.
    pub(crate) const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl std::str::FromStr for SmtpUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The text is never part of an error: it may contain a password.
        const MALFORMED: &str =
            "it is not an address such as smtp://user:password@mail.example:587";
        let uri: Uri = text.parse().map_err(|_| MALFORMED)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(MALFORMED)?;
        if uri.query().is_some() || !matches!(uri.path(), "" | "/") {
            return Err("nothing may follow the port; Accord chooses the encryption");
        }
        let loopback = is_loopback(host);
        let (encryption, default_port) = match uri.scheme_str() {
            Some("smtps") => (Encryption::ImplicitTls, 465),
            Some("smtp") if loopback => (Encryption::None, 25),
            Some("smtp") => (Encryption::StartTls, 587),
            _ => return Err(MALFORMED),
        };
        let authority = uri.authority().ok_or(MALFORMED)?.as_str();
        let credentials = match authority.rsplit_once('@') {
            None => None,
            Some((userinfo, _)) => {
                let (user, password) = userinfo
                    .split_once(':')
                    .ok_or("a user needs a password: smtp://user:password@…")?;
                Some((
                    api::decode_percent(user).ok_or(MALFORMED)?,
                    api::decode_percent(password).ok_or(MALFORMED)?,
                ))
            }
        };
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: uri.port_u16().unwrap_or(default_port),
            encryption,
            credentials,
            loopback,
        })
    }
}

/// Parses an argument with a parser of the rules. Errors are in English.
pub(crate) fn field<T: std::str::FromStr<Err = FieldError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(explain)
}

/// Parses a name that the operator types. Stricter than [`field`], which also accepts names
/// that are already stored.
pub(crate) fn name(text: &str) -> Result<DisplayName, String> {
    DisplayName::parse(text).map_err(explain)
}

/// Maximum price of one license for one term, in minor units: more than any real price, and
/// small enough that sums never overflow.
const UNIT_PRICE_MAX: i64 = 1_000_000_000;

/// Parses the price of one license for one term, such as `P1Y=61.20EUR`.
pub(crate) fn price(text: &str) -> Result<Price, String> {
    let malformed = || {
        let terms: Vec<_> = Term::ALL.iter().map(|term| term.as_str()).collect();
        let currencies: Vec<_> = Currency::ALL.iter().map(|currency| currency.as_str()).collect();
        format!(
            "it is not a price such as P1Y=61.20EUR; the terms are {}, the currencies {}, and an \
             amount is from 0.01 to {}.00",
            terms.join(" and "),
            currencies.join(", "),
            UNIT_PRICE_MAX / 10_i64.pow(Currency::MINOR_DIGITS)
        )
    };
    let parsed = (|| {
        let (term, amount) = text.split_once('=')?;
        let (number, currency) = amount.split_at_checked(amount.len().checked_sub(3)?)?;
        let (whole, minor) = match number.split_once('.') {
            Some((whole, minor)) if minor.len() == Currency::MINOR_DIGITS as usize => {
                (whole, minor)
            }
            Some(_) => return None,
            None => (number, "00"),
        };
        let digits = format!("{whole}{minor}");
        let all_digits = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let amount = digits.parse().ok().filter(|_| all_digits)?;
        if !(1..=UNIT_PRICE_MAX).contains(&amount) {
            return None;
        }
        let unit = Money { amount, currency: currency.parse().ok()? };
        Some(Price { term: term.parse().ok()?, unit })
    })();
    parsed.ok_or_else(malformed)
}

/// Explains in English what is wrong with a value.
pub(crate) fn explain(error: FieldError) -> String {
    match error {
        FieldError::Empty => "it must not be empty".to_owned(),
        FieldError::TooLong { max } => format!("it has more than {max} characters"),
        FieldError::TooShort { min } => format!("it has fewer than {min} characters"),
        FieldError::ControlCharacter => {
            "it contains a control character, or one that changes the direction of text".to_owned()
        }
        FieldError::NotAnEmailAddress => {
            "it is not an email address such as anna@contoso.example".to_owned()
        }
        FieldError::NotADomainName => "it is not a domain name such as contoso.example".to_owned(),
        FieldError::NotACountry => {
            "it is not the two letters of a country or region, such as NL".to_owned()
        }
        FieldError::NotDigits => "it contains something other than digits".to_owned(),
        FieldError::LeadingZero => "a Partner ID does not begin with 0".to_owned(),
        FieldError::TenantId => {
            "this is a tenant ID; the Partner ID is a number of at most 10 digits".to_owned()
        }
        FieldError::NotAnId => {
            "it is not an identifier such as 018bcfe5-6800-7fff-bfff-ffffffffffff".to_owned()
        }
        FieldError::NotATime => "it is not a time such as 2026-11-20T18:53:57Z".to_owned(),
        FieldError::NotAnOption => "it is not one of the possible values".to_owned(),
        FieldError::NotAHash => "it is not a SHA-256 in hexadecimal".to_owned(),
        FieldError::CommonPassword => "it is one of the most common passwords".to_owned(),
        FieldError::NotAPhoneNumber => {
            "it is not a phone number such as +31 20 555 0142".to_owned()
        }
        FieldError::MixedScripts => {
            "a word mixes Latin letters with Cyrillic or Greek ones that look the same".to_owned()
        }
        FieldError::UnknownOrganization => "no organization has this ID or domain".to_owned(),
        FieldError::ConsentNeeded => "consent is required".to_owned(),
        FieldError::TooMany { max } => format!("it has more than {max} entries"),
        FieldError::NotAQuantity { max } => {
            format!("it is not a whole number from 1 to {max}")
        }
        FieldError::DuplicateLine => "an earlier line is about the same subscription".to_owned(),
        FieldError::MissingColumn => "the column is missing".to_owned(),
        FieldError::NotUtf8 => "it is not UTF-8".to_owned(),
        FieldError::UnclosedQuote => "a quotation mark is not closed".to_owned(),
        FieldError::UnknownSubscription => {
            "the organization has no subscription with this ID".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact_to_the_cent_and_errors_explain_the_format() {
        for (text, term, amount, currency) in [
            ("P1Y=61.20EUR", Term::Year, 6120, Currency::Eur),
            ("P1M=0.05CNY", Term::Month, 5, Currency::Cny),
            ("P1M=138CNY", Term::Month, 13_800, Currency::Cny),
            ("P1M=10000000EUR", Term::Month, 1_000_000_000, Currency::Eur),
        ] {
            let unit = Money { amount, currency };
            assert_eq!(price(text), Ok(Price { term, unit }), "{text}");
        }
        for wrong in [
            "",
            "P1M=",
            "P1M=EUR",
            "P1M=.50EUR",
            "P1M=5.1EUR",
            "P1M=5,10EUR",
            "P1M=-5.10EUR",
            "P1M=+5.10EUR",
            "P1M=5.10 EUR",
            "P1M=5.10XXX",
            "P2M=5.10EUR",
            "5.10EUR",
            "P1M=99999999999999999999EUR",
            "P1M=10000000.01EUR",
            "P1M=0EUR",
            "P1M=0.00EUR",
            "P1M=5€",
        ] {
            let error = price(wrong).unwrap_err();
            assert!(error.contains("P1M and P1Y") && error.contains("EUR, USD"), "{error}");
        }
    }

    #[test]
    fn only_connections_within_this_machine_are_unencrypted() {
        for (text, host, port, encryption) in [
            ("smtps://u:p@mail.example", "mail.example", 465, Encryption::ImplicitTls),
            ("smtps://[2001:db8::1]", "2001:db8::1", 465, Encryption::ImplicitTls),
            ("smtp://u:p+q@mail.example:587/", "mail.example", 587, Encryption::StartTls),
            ("smtp://mail.example", "mail.example", 587, Encryption::StartTls),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption::None),
            ("smtp://[::1]:25", "::1", 25, Encryption::None),
            ("smtp://localhost", "localhost", 25, Encryption::None),
        ] {
            let parsed: SmtpUrl = text.parse().unwrap();
            let found = (parsed.host.as_str(), parsed.port, parsed.encryption);
            assert_eq!(found, (host, port, encryption), "{text}");
        }
        for wrong in [
            "mail.example:25",
            "http://mail.example",
            "smtp://m.example?tls=opportunistic",
            "smtp://",
            "smtp://user@mail.example",
            "smtp://user:%zz@mail.example",
            "smtp://user:%ff@mail.example",
            "smtp://user:x%4@mail.example",
        ] {
            assert!(wrong.parse::<SmtpUrl>().is_err(), "{wrong}");
        }
        let escaped: SmtpUrl = "smtp://a%40b:p%3A%20%C3%A4%25@mail.example".parse().unwrap();
        assert_eq!(escaped.credentials, Some(("a@b".to_owned(), "p: ä%".to_owned())));
        let secret: SmtpUrl = "smtp://u:hunter2@mail.example".parse().unwrap();
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
