//! Numbers, dates, lists and plurals, as the browser's `Intl` writes them in
//! the page's language. Nothing of it is in the wasm.
//!
//! Every function reads the language reactively. Times are milliseconds since
//! 1970, in the visitor's own time zone.

use std::cell::RefCell;

use js_sys::{
    Array, Date, Function, Intl, Object, Reflect,
    wasm_bindgen::{JsCast, JsValue},
};

use rules::{Currency, Money, Timestamp};

use crate::text;

/// A way of writing, of which one formatter for each language is kept: making
/// one costs the browser far more than using it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
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
    /// Those that were made; so few that a map would be dearer than looking through them.
    static FORMATTERS: RefCell<Vec<(&'static str, Style, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// The time now, by the visitor's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "clocks count whole milliseconds")]
    Timestamp::from_milliseconds(Date::now() as i64)
}

/// `1,234`.
#[must_use]
pub fn number(value: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    call(Style::Number, "format", &[(value as f64).into()])
}

/// `€1,234.50`.
#[must_use]
pub fn money(money: Money) -> String {
    #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53 minor units")]
    let amount = money.amount as f64 / f64::from(10_u32.pow(Currency::MINOR_DIGITS));
    call(Style::Money(money.currency), "format", &[amount.into()])
}

/// `20 Nov 2026`, which does not break over lines.
#[must_use]
pub fn date(milliseconds: i64) -> String {
    call(Style::Date, "format", &[date_value(milliseconds)]).replace(' ', "\u{a0}")
}

/// `20 Nov 2026, 14:03`.
#[must_use]
pub fn date_time(milliseconds: i64) -> String {
    call(Style::DateTime, "format", &[date_value(milliseconds)])
}

/// How far `milliseconds` is from `now`: `in 3 days`, `2 hours ago`.
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
    call(Style::Relative, "format", &[(amount as f64).into(), unit.into()])
}

/// `Global administrator and Helpdesk administrator`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    let items: Array = items.iter().map(|item| JsValue::from_str(item.as_ref())).collect();
    call(Style::List, "format", &[items.into()])
}

/// The name of a country or region: `Netherlands` for `NL`.
#[must_use]
pub fn country(code: &str) -> String {
    call(Style::Country, "of", &[code.into()])
}

/// The officially assigned country codes of ISO 3166-1, one after the other.
const COUNTRIES: &str = "\
    ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICK\
    CLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGS\
    GTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULV\
    LYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPM\
    PNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTR\
    TTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// Every country and region: its code and its name, in the order in which the language
/// sorts the names.
#[must_use]
pub fn countries() -> Vec<(String, String)> {
    let codes = (0..COUNTRIES.len() / 2).map(|place| &COUNTRIES[2 * place..2 * place + 2]);
    // The code stands behind the name, so that the browser can sort the two as one text.
    let lines: Array =
        codes.map(|code| JsValue::from(format!("{}\t{code}", country(code)))).collect();
    let locales = Array::of1(&locale(text::language()).into());
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

/// The name of a language: `Dutch` for `nl`.
#[must_use]
pub fn language_name(code: &str) -> String {
    call(Style::Language, "of", &[code.into()])
}

/// The name of a currency: `Euro` for `EUR`.
#[must_use]
pub fn currency(currency: Currency) -> String {
    call(Style::Currency, "of", &[currency.as_str().into()])
}

/// The plural category of a count: `one`, `other`, …
#[must_use]
pub fn plural_category(count: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^53")]
    call(Style::Plural, "select", &[(count as f64).into()])
}

#[expect(clippy::cast_precision_loss, reason = "times are far below 2^53 milliseconds")]
fn date_value(milliseconds: i64) -> JsValue {
    Date::new(&(milliseconds as f64).into()).into()
}

/// Calls a method of the formatter. A browser that lacks it gets no text
/// rather than an exception.
fn call(style: Style, method: &str, arguments: &[JsValue]) -> String {
    let language = text::language();
    let formatter = FORMATTERS.with_borrow_mut(|formatters| {
        if let Some(made) = formatters.iter().find(|made| (made.0, made.1) == (language, style)) {
            return made.2.clone();
        }
        let formatter = make(language, style);
        formatters.push((language, style, formatter.clone()));
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

fn make(language: &str, style: Style) -> JsValue {
    let locales = Array::of1(&locale(language).into());
    let options = Object::new();
    let set = |name: &str, value: &str| {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    };
    match style {
        Style::Number => Intl::NumberFormat::new(&locales, &options).into(),
        Style::Money(currency) => {
            set("style", "currency");
            set("currency", currency.as_str());
            Intl::NumberFormat::new(&locales, &options).into()
        }
        Style::Date => {
            set("dateStyle", "medium");
            Intl::DateTimeFormat::new(&locales, &options).into()
        }
        Style::DateTime => {
            set("dateStyle", "medium");
            set("timeStyle", "short");
            Intl::DateTimeFormat::new(&locales, &options).into()
        }
        Style::Plural => Intl::PluralRules::new(&locales, &options).into(),
        Style::Relative => {
            set("numeric", "auto");
            Intl::RelativeTimeFormat::new(&locales, &options).into()
        }
        Style::List => construct("ListFormat", &locales, &options),
        Style::Country => {
            set("type", "region");
            construct("DisplayNames", &locales, &options)
        }
        Style::Language => {
            set("type", "language");
            construct("DisplayNames", &locales, &options)
        }
        Style::Currency => {
            set("type", "currency");
            construct("DisplayNames", &locales, &options)
        }
    }
}

/// Makes a formatter that js-sys has no type for.
fn construct(name: &str, locales: &Array, options: &Object) -> JsValue {
    Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &name.into()))
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|formatter| Reflect::construct(&formatter, &Array::of2(locales, options)))
        .unwrap_or_default()
}

/// The browser's own variant of the language where it has one, so that an
/// English page in Ireland writes dates as they are written there.
fn locale(language: &str) -> String {
    leptos::prelude::window()
        .navigator()
        .languages()
        .iter()
        .filter_map(|preferred| preferred.as_string())
        .find(|preferred| preferred.len() >= language.len() && preferred.starts_with(language))
        .unwrap_or_else(|| language.to_owned())
}

#[cfg(test)]
mod tests {
    use super::COUNTRIES;

    #[test]
    fn every_country_is_there_once_and_in_order() {
        let codes: Vec<_> = COUNTRIES.as_bytes().chunks(2).collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
