//! Numbers, dates, lists and plurals, formatted by the browser's `Intl` in the page's
//! language. The wasm contains no locale data.
//!
//! Every function reads the language reactively. Times are in milliseconds since 1970, and
//! shown in the visitor's time zone.

use std::cell::RefCell;

use js_sys::{
    Array, Date, Function, Intl, Object, Reflect,
    wasm_bindgen::{JsCast, JsValue},
};
use rules::{Currency, DAY, Money, Timestamp};

use crate::message_table;

/// The kind of a formatter. One formatter is cached for each kind and language, because
/// creating one costs the browser far more than using it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FormatterKind {
    Number,
    Money(Currency),
    Date,
    DateTime,
    Plural,
    List,
    Relative,
    Country,
    Language,
    Currency,
}

thread_local! {
    /// The cached formatters. There are so few that a linear search is cheaper than a map.
    static FORMATTERS: RefCell<Vec<(&'static str, FormatterKind, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// Returns the current time of the visitor's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "clocks count whole milliseconds")]
    Timestamp::from_milliseconds(Date::now() as i64)
}

/// Formats a number: `1,234`.
#[must_use]
pub fn number(value: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    format_with(FormatterKind::Number, "format", &[(value as f64).into()])
}

/// Formats an amount of money: `€1,234.50`.
#[must_use]
pub fn money(money: Money) -> String {
    #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 minor units")]
    let amount = money.amount as f64 / f64::from(10_u32.pow(Currency::MINOR_DIGITS));
    format_with(FormatterKind::Money(money.currency), "format", &[amount.into()])
}

/// Formats a date, with non-breaking spaces: `20 Nov 2026`.
#[must_use]
pub fn date(milliseconds: i64) -> String {
    format_with(FormatterKind::Date, "format", &[date_value(milliseconds)]).replace(' ', "\u{a0}")
}

/// Formats a date and time: `20 Nov 2026, 14:03`.
#[must_use]
pub fn date_time(milliseconds: i64) -> String {
    format_with(FormatterKind::DateTime, "format", &[date_value(milliseconds)])
}

/// Formats the distance of `milliseconds` from `now`: `in 3 days`, `2 hours ago`.
#[must_use]
pub fn relative(milliseconds: i64, now: i64) -> String {
    let seconds = (milliseconds - now) / 1000;
    let (amount, unit) = match seconds.unsigned_abs() {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..5_184_000 => (seconds / 86_400, "day"),
        5_184_000..63_072_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    #[expect(clippy::cast_precision_loss, reason = "the amount is small")]
    format_with(FormatterKind::Relative, "format", &[(amount as f64).into(), unit.into()])
}

/// Formats a list: `Global administrator and Helpdesk administrator`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    let items: Array = items.iter().map(|item| JsValue::from_str(item.as_ref())).collect();
    format_with(FormatterKind::List, "format", &[items.into()])
}

/// Returns the name of a country or region: `Netherlands` for `NL`.
#[must_use]
pub fn country(code: &str) -> String {
    format_with(FormatterKind::Country, "of", &[code.into()])
}

/// The officially assigned country codes of ISO 3166-1, without separators.
const COUNTRIES: &str = "\
    ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICK\
    CLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGS\
    GTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULV\
    LYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPM\
    PNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTR\
    TTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// Returns the code and the name of every country and region, sorted by name as the
/// language sorts.
#[must_use]
pub fn countries() -> Vec<(String, String)> {
    let codes = (0..COUNTRIES.len() / 2).map(|index| &COUNTRIES[2 * index..2 * index + 2]);
    // Name and code are joined, so that the browser sorts both as one text.
    let lines: Array =
        codes.map(|code| JsValue::from(format!("{}\t{code}", country(code)))).collect();
    let locales = Array::of1(&preferred_locale(message_table::language()).into());
    let collator = Intl::Collator::new(&locales, &Object::new());
    if let Ok(sort) = Reflect::get(&lines, &"sort".into()).and_then(JsCast::dyn_into::<Function>) {
        let _ = sort.call1(&lines, &collator.compare());
    }
    let parts = lines.iter().filter_map(|line| {
        let line = line.as_string()?;
        let (name, code) = line.split_once('\t')?;
        Some((code.to_owned(), name.to_owned()))
    });
    parts.collect()
}

/// Returns the name of a language: `Dutch` for `nl`.
#[must_use]
pub fn language_name(code: &str) -> String {
    format_with(FormatterKind::Language, "of", &[code.into()])
}

/// Returns the name of a currency: `Euro` for `EUR`.
#[must_use]
pub fn currency(currency: Currency) -> String {
    format_with(FormatterKind::Currency, "of", &[currency.as_str().into()])
}

/// Returns the plural category of a count: `one`, `other`, …
#[must_use]
pub fn plural_category(count: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    format_with(FormatterKind::Plural, "select", &[(count as f64).into()])
}

#[expect(clippy::cast_precision_loss, reason = "times are far below 2^53 milliseconds")]
fn date_value(milliseconds: i64) -> JsValue {
    Date::new(&(milliseconds as f64).into()).into()
}

/// Calls a method of the cached formatter. In a browser that lacks the formatter the text
/// is empty, rather than an exception.
fn format_with(kind: FormatterKind, method: &str, arguments: &[JsValue]) -> String {
    let language = message_table::language();
    let formatter = FORMATTERS.with_borrow_mut(|formatters| {
        if let Some(entry) = formatters.iter().find(|entry| (entry.0, entry.1) == (language, kind))
        {
            return entry.2.clone();
        }
        let formatter = create_formatter(language, kind);
        formatters.push((language, kind, formatter.clone()));
        formatter
    });
    Reflect::get(&formatter, &method.into())
        .ok()
        .and_then(|method| method.dyn_into::<Function>().ok())
        .and_then(|method| {
            let arguments: Array = arguments.iter().collect();
            Reflect::apply(&method, &formatter, &arguments).ok()
        })
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

fn create_formatter(language: &str, kind: FormatterKind) -> JsValue {
    let locales = Array::of1(&preferred_locale(language).into());
    let options = Object::new();
    let set = |name: &str, value: &str| {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    };
    match kind {
        FormatterKind::Number => Intl::NumberFormat::new(&locales, &options).into(),
        FormatterKind::Money(currency) => {
            set("style", "currency");
            set("currency", currency.as_str());
            Intl::NumberFormat::new(&locales, &options).into()
        }
        FormatterKind::Date => {
            set("dateStyle", "medium");
            Intl::DateTimeFormat::new(&locales, &options).into()
        }
        FormatterKind::DateTime => {
            set("dateStyle", "medium");
            set("timeStyle", "short");
            Intl::DateTimeFormat::new(&locales, &options).into()
        }
        FormatterKind::Plural => Intl::PluralRules::new(&locales, &options).into(),
        FormatterKind::Relative => {
            set("numeric", "auto");
            Intl::RelativeTimeFormat::new(&locales, &options).into()
        }
        FormatterKind::List => create_untyped_formatter("ListFormat", &locales, &options),
        FormatterKind::Country => {
            set("type", "region");
            create_untyped_formatter("DisplayNames", &locales, &options)
        }
        FormatterKind::Language => {
            set("type", "language");
            create_untyped_formatter("DisplayNames", &locales, &options)
        }
        FormatterKind::Currency => {
            set("type", "currency");
            create_untyped_formatter("DisplayNames", &locales, &options)
        }
    }
}

/// Creates a formatter that js-sys has no type for.
fn create_untyped_formatter(name: &str, locales: &Array, options: &Object) -> JsValue {
    Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &name.into()))
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|formatter| Reflect::construct(&formatter, &Array::of2(locales, options)))
        .unwrap_or_default()
}

/// Returns the visitor's preferred regional variant of the language, so that an English
/// page in Ireland formats dates as in Ireland.
fn preferred_locale(language: &str) -> String {
    leptos::prelude::window()
        .navigator()
        .languages()
        .iter()
        .filter_map(|preferred| preferred.as_string())
        .find(|preferred| preferred.len() >= language.len() && preferred.starts_with(language))
        .unwrap_or_else(|| language.to_owned())
}

/// Returns the number of days left, rounded up.
#[must_use]
pub fn days_until(milliseconds: i64) -> usize {
    let left = milliseconds - now().milliseconds();
    usize::try_from((left + DAY - 1).div_euclid(DAY)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::COUNTRIES;

    #[test]
    fn country_codes_are_unique_and_sorted() {
        let codes: Vec<_> = COUNTRIES.as_bytes().chunks(2).collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
