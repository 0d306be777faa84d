//! The texts of the mails, and the notation of each language.
//!
//! The modules of this module are generated: one for `mail.json` and one for each of the
//! page's files that the mails take labels from.

use rules::{AdminRole, Capability, Language, OfferKind, PartnerType, PluralCategory, Timestamp};

use crate::document::{Line, Span};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A part of a text.
#[derive(Clone, Copy)]
pub(crate) enum TextPart {
    /// Plain words.
    Words(&'static str),
    /// The name of something on the page.
    Label(&'static str),
    /// The argument at this position.
    Argument(usize),
}

/// Returns a text with its arguments filled in.
fn fill<'a>(parts: &[TextPart], arguments: &[&Span<'a>]) -> Line<'a> {
    let span = |part: &TextPart| match *part {
        TextPart::Words(words) => Some(Span::words(words)),
        TextPart::Label(label) => Some(Span::Label(label)),
        TextPart::Argument(index) => arguments.get(index).copied().cloned(),
    };
    Line(parts.iter().filter_map(span).collect())
}

/// Returns the form of a plural that goes with a number, with its arguments filled in.
/// The number is the first of them.
fn fill_plural<'a>(
    language: Language,
    forms: &[(PluralCategory, &[TextPart])],
    number: u32,
    arguments: &[&Span<'a>],
) -> Line<'a> {
    let form = |wanted| forms.iter().find(|(category, _)| *category == wanted);
    let parts = form(language.plural_category(number))
        .or_else(|| form(PluralCategory::Other))
        .map_or(&[][..], |(_, parts)| parts);
    let number = Span::words(format_number(language, number));
    let arguments: Vec<&Span<'a>> =
        std::iter::once(&number).chain(arguments.iter().copied()).collect();
    fill(parts, &arguments)
}

/// Returns a number as the language writes it: `1,250`.
pub(crate) fn format_number(language: Language, number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(mail::thousands_separator(language));
        }
        text.push(digit);
    }
    text
}

/// Returns a moment in UTC as the language writes it: `November 20, 2026, 6:53 PM UTC`.
///
/// Seconds are cut off: the end of a validity may be stated up to a minute too early,
/// never too late.
pub(crate) fn format_date_time(language: Language, moment: Timestamp) -> String {
    let parts = moment.parts();
    let month = month_name(language, parts.month);
    let (hour, minute) = (parts.hour, parts.minute);
    let time = if mail::hour_cycle(language) == "h12" {
        format!("{}:{minute:02}", if hour % 12 == 0 { 12 } else { hour % 12 })
    } else {
        format!("{hour:02}:{minute:02}")
    };
    let half_of_day = if hour < 12 { mail::time_am } else { mail::time_pm };
    let time = plain(&half_of_day(language, &Span::words(time)));
    let day = Span::words(parts.day.to_string());
    let year = Span::words(parts.year.to_string());
    plain(&mail::date_time(language, &day, &Span::words(month), &Span::words(time), &year))
}

fn month_name(language: Language, month: i64) -> &'static str {
    let name = match month {
        1 => mail::month_01,
        2 => mail::month_02,
        3 => mail::month_03,
        4 => mail::month_04,
        5 => mail::month_05,
        6 => mail::month_06,
        7 => mail::month_07,
        8 => mail::month_08,
        9 => mail::month_09,
        10 => mail::month_10,
        11 => mail::month_11,
        _ => mail::month_12,
    };
    name(language)
}

/// Returns a line's text alone.
fn plain(line: &Line<'_>) -> String {
    let text = |span: &Span<'_>| match span {
        Span::Words(words) => words.to_string(),
        Span::Value(text) | Span::Label(text) | Span::Term(text) => (*text).to_owned(),
    };
    line.0.iter().map(text).collect()
}

/// Returns the page's name of a partner type.
pub(crate) const fn partner_type(language: Language, partner_type: PartnerType) -> &'static str {
    match partner_type {
        PartnerType::Reseller => words::type_reseller(language),
        PartnerType::DelegatedAdministrator => words::type_delegated_administrator(language),
        PartnerType::ResellerAndDelegatedAdministrator => {
            words::type_reseller_and_delegated_administrator(language)
        }
        PartnerType::Partner => words::type_partner(language),
        PartnerType::Advisor => words::type_advisor(language),
        PartnerType::Mpsa => words::type_mpsa(language),
        PartnerType::OemPc => words::type_oem_pc(language),
        PartnerType::Lob => words::type_lob(language),
    }
}

/// Returns the page's name of a thing that a partner can do.
pub(crate) const fn capability(language: Language, capability: Capability) -> &'static str {
    match capability {
        Capability::SellProducts => words::may_sell_products(language),
        Capability::ManageSubscriptions => words::may_manage_subscriptions(language),
        Capability::ManageUsers => words::may_manage_users(language),
        Capability::ManageLicenses => words::may_manage_licenses(language),
        Capability::ResetPasswords => words::may_reset_passwords(language),
        Capability::HandleSupport => words::may_handle_support(language),
        Capability::WorkWithServices => words::may_work_with_services(language),
        Capability::SeeMpsaPurchases => words::may_see_mpsa_purchases(language),
        Capability::UploadDeviceIds => words::may_upload_device_ids(language),
        Capability::ManageLobApps => words::may_manage_lob_apps(language),
    }
}

/// Returns the page's name of an admin role.
pub(crate) const fn admin_role(language: Language, role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => words::role_global_administrator(language),
        AdminRole::HelpdeskAdministrator => words::role_helpdesk_administrator(language),
    }
}

/// Returns the page's description of an admin role.
pub(crate) const fn admin_role_description(language: Language, role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => words::about_global_administrator(language),
        AdminRole::HelpdeskAdministrator => words::about_helpdesk_administrator(language),
    }
}

/// Returns the page's name of a kind of offer.
pub(crate) const fn offer_kind(language: Language, kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Trial => words::offer_trial(language),
        OfferKind::Purchase => words::offer_purchase(language),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn arguments_are_filled_in_and_not_read_again() {
        let parts = [
            TextPart::Argument(1),
            TextPart::Words(" asks "),
            TextPart::Argument(0),
            TextPart::Label("Yes"),
            TextPart::Argument(1),
        ];
        let (customer, partner) = (Span::Value("{partner}"), Span::Term("P"));
        assert_eq!(
            fill(&parts, &[&customer, &partner]).0,
            [
                Span::Term("P"),
                Span::words(" asks "),
                Span::Value("{partner}"),
                Span::Label("Yes"),
                Span::Term("P"),
            ]
        );
    }

    #[test]
    fn numbers_and_plurals_follow_the_language() {
        let licenses = |language, count| plain(&offer::licenses(language, count));
        assert_eq!(licenses(Language::English, 1), "1 license");
        assert_eq!(licenses(Language::English, 1_250), "1,250 licenses");
        assert_eq!(licenses(Language::German, 1_234_567), "1.234.567 Lizenzen");
        assert_eq!(licenses(Language::Chinese, 1), "1 个许可证");
    }

    #[test]
    fn times_follow_the_language() {
        for (moment, english, dutch) in [
            ("2028-02-29T00:05:58.999Z", "February 29, 2028, 12:05 AM UTC", "00:05 uur (UTC)"),
            ("2026-11-20T12:00:00Z", "November 20, 2026, 12:00 PM UTC", "12:00 uur (UTC)"),
            ("2026-01-01T23:59:59Z", "January 1, 2026, 11:59 PM UTC", "23:59 uur (UTC)"),
        ] {
            let moment: Timestamp = moment.parse().unwrap();
            assert_eq!(format_date_time(Language::English, moment), english);
            assert!(format_date_time(Language::Dutch, moment).ends_with(dutch));
        }
    }

    #[test]
    fn every_language_says_which_clock_it_has() {
        for language in Language::ALL {
            assert!(matches!(mail::hour_cycle(*language), "h12" | "h23"), "{language}");
        }
    }
}
