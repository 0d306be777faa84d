//! A moment, taken apart for the date formats of the languages.

use rules::Timestamp;

/// The parts of a moment in UTC.
pub(crate) struct Date {
    pub(crate) year: u16,
    /// 1 to 12.
    pub(crate) month: u16,
    pub(crate) day: u16,
    pub(crate) hour: u16,
    pub(crate) minute: u16,
}

impl Date {
    /// The parts of this moment. Seconds are left out: a date until which something
    /// is valid may be said a moment too early, never too late.
    pub(crate) fn of(moment: Timestamp) -> Self {
        // The rules own the calendar; their ISO 8601 form holds every part.
        let iso = moment.to_string();
        let mut parts = iso.split(['-', 'T', ':']);
        let mut next = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        Self { year: next(), month: next(), day: next(), hour: next(), minute: next() }
    }

    /// The name of the month, out of a language's twelve.
    pub(crate) fn month_in(&self, names: &[&'static str; 12]) -> &'static str {
        names.get(usize::from(self.month).saturating_sub(1)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_falls_apart_into_its_parts() {
        let date = Date::of("2028-02-29T23:59:58.999Z".parse().unwrap());
        assert_eq!(
            (date.year, date.month, date.day, date.hour, date.minute),
            (2028, 2, 29, 23, 59)
        );
    }
}
