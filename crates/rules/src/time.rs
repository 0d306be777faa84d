//! Points in time, in milliseconds since 1970 in UTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::FieldError;

/// One second, in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute, in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour, in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day, in milliseconds.
pub const DAY: i64 = 24 * HOUR;

/// A point in time between the years 1970 and 9999, in milliseconds since
/// 1970-01-01T00:00:00Z. In JSON it is ISO 8601 in UTC with milliseconds
/// (`2026-11-20T18:53:57.000Z`), as in Microsoft Graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Timestamp(i64);

/// 9999-12-31T23:59:59.999Z, the last moment with a year of four digits.
const MAX: i64 = 253_402_300_799_999;

/// Date and time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTimeParts {
    /// 1970 to 9999.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
    /// 0 to 999.
    pub millisecond: i64,
}

impl Timestamp {
    /// Creates a point in time from milliseconds since 1970. Values outside 1970 to 9999 are
    /// clamped.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self(match milliseconds {
            ..0 => 0,
            0..=MAX => milliseconds,
            _ => MAX,
        })
    }

    /// Returns the milliseconds since 1970.
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// Adds milliseconds. The result saturates.
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self::from_milliseconds(self.0.saturating_add(milliseconds))
    }

    /// Adds months: the same day and time in UTC in a later month, or the last day of that
    /// month if it is shorter.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let (_, _, day) = date_from_days(self.0 / DAY);
        // A timestamp is less than 120,000 months, and a u32 adds at most 2³² more.
        let month = self.month_number() + i64::from(months);
        let (year, month) = (month / 12, month % 12 + 1);
        let day = day.min(days_in_month(year, month));
        Self::from_milliseconds(days_from_date(year, month, day).saturating_mul(DAY))
            .plus(self.0 % DAY)
    }

    /// Returns the date and the time of day in UTC.
    #[must_use]
    pub const fn parts(self) -> DateTimeParts {
        let (year, month, day) = date_from_days(self.0 / DAY);
        let of_day = self.0 % DAY;
        DateTimeParts {
            year,
            month,
            day,
            hour: of_day / HOUR,
            minute: of_day / MINUTE % 60,
            second: of_day / SECOND % 60,
            millisecond: of_day % SECOND,
        }
    }

    /// Returns the text in ISO 8601.
    fn ascii(self) -> [u8; 24] {
        let DateTimeParts { year, month, day, hour, minute, second, millisecond } = self.parts();
        let mut text = *b"0000-00-00T00:00:00.000Z";
        for (end, digits, value) in [
            (4, 4, year),
            (7, 2, month),
            (10, 2, day),
            (13, 2, hour),
            (16, 2, minute),
            (19, 2, second),
            (23, 3, millisecond),
        ] {
            let mut rest = value.unsigned_abs();
            for place in text[end - digits..end].iter_mut().rev() {
                *place = b"0123456789"[(rest % 10) as usize];
                rest /= 10;
            }
        }
        text
    }

    /// Returns the calendar month in UTC, as the number of months since January of the year 0.
    pub(crate) const fn month_number(self) -> i64 {
        let (year, month, _) = date_from_days(self.0 / DAY);
        year * 12 + month - 1
    }
}

// The conversions between days and dates follow Howard Hinnant's "chrono-Compatible Low-Level
// Date Algorithms": years start in March, so that the leap day is the last day.

/// Converts days since 1970 to a year, month and day.
const fn date_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + (month <= 2) as i64;
    (year, month, day)
}

/// Converts a year, month and day to days since 1970.
const fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Returns the number of days in a month.
const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(std::str::from_utf8(&self.ascii()).map_err(|_| fmt::Error)?)
    }
}

/// Without a `String`, because a page of a list has some hundred times.
impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ascii = self.ascii();
        serializer.serialize_str(std::str::from_utf8(&ascii).map_err(serde::ser::Error::custom)?)
    }
}

impl FromStr for Timestamp {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        parse_iso_8601(text).ok_or(FieldError::NotATime)
    }
}

fn parse_iso_8601(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-');
    let year = parse_digits(date.next()?, 4)?;
    let month = parse_digits(date.next()?, 2)?;
    let day = parse_digits(date.next()?, 2)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut time = time.splitn(3, ':');
    let hour = parse_digits(time.next()?, 2)?;
    let minute = parse_digits(time.next()?, 2)?;
    let second = parse_digits(time.next()?, 2)?;
    if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return None;
    }
    if !(1..=days_in_month(year, month)).contains(&day) || year < 1970 {
        return None;
    }
    let milliseconds = match fraction.len() {
        0 => 0,
        length => {
            let value = parse_digits(fraction, length)?;
            // Any number of digits as nanoseconds, of which whole milliseconds are kept.
            value * 10_i64.pow(9 - u32::try_from(length).ok()?) / 1_000_000
        }
    };
    let of_day = hour * HOUR + minute * MINUTE + second * SECOND + milliseconds;
    Some(Timestamp(days_from_date(year, month, day) * DAY + of_day))
}

/// Parses a number of exactly this many digits.
fn parse_digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl TryFrom<String> for Timestamp {
    type Error = FieldError;

    fn try_from(text: String) -> Result<Self, FieldError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(value: Timestamp) -> Self {
        value.to_string()
    }
}

crate::string_schema!(Timestamp "date-time");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_moments_are_written_as_everyone_writes_them() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp(milliseconds).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp(milliseconds)));
        }
    }

    #[test]
    fn a_moment_has_a_date_and_a_time_of_day() {
        let moment: Timestamp = "2026-11-20T18:53:57.125Z".parse().expect("a moment");
        let expected = DateTimeParts {
            year: 2026,
            month: 11,
            day: 20,
            hour: 18,
            minute: 53,
            second: 57,
            millisecond: 125,
        };
        assert_eq!(moment.parts(), expected);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T18:53:57",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T18:60:00Z",
            "2026-11-20T18:53:60Z",
            "2026-11-20T18:53:57.0000000000Z",
            "1969-12-31T23:59:59Z",
            "2026-11-20T18:53:57.Zz",
            "+026-11-20T18:53:57Z",
            "2026-+1-20T18:53:57Z",
            "02026-11-20T18:53:57Z",
            "2026-1-20T18:53:57Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(FieldError::NotATime), "{text}");
        }
    }

    #[test]
    fn a_fraction_of_a_second_has_up_to_nine_digits_and_is_cut_to_milliseconds() {
        for (fraction, milliseconds) in [
            ("", 0),
            (".5", 500),
            (".25", 250),
            (".125", 125),
            (".0625", 62),
            (".99999", 999),
            (".123456789", 123),
        ] {
            let text = format!("1970-01-01T00:00:01{fraction}Z");
            assert_eq!(text.parse(), Ok(Timestamp(1_000 + milliseconds)), "{text}");
        }
    }

    #[test]
    fn times_before_1970_and_after_9999_are_clamped() {
        let clamped = |milliseconds| Timestamp::from_milliseconds(milliseconds).milliseconds();
        for (milliseconds, expected) in
            [(i64::MIN, 0), (-1, 0), (0, 0), (MAX, MAX), (MAX + 1, MAX), (i64::MAX, MAX)]
        {
            assert_eq!(clamped(milliseconds), expected);
        }
        assert_eq!(Timestamp(5).plus(i64::MAX), Timestamp(MAX));
        assert_eq!(Timestamp(5).plus(-6), Timestamp(0));
    }

    /// After 400 years the calendar repeats.
    #[test]
    fn each_day_of_400_years_follows_the_day_before() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..=146_097 {
            assert_eq!(date_from_days(days), (year, month, day));
            assert_eq!(days_from_date(year, month, day), days);
            day += 1;
            if day > days_in_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (2370, 1, 2));
    }

    #[test]
    fn a_month_number_counts_from_the_year_0() {
        let moment: Timestamp = "2026-11-20T18:53:57Z".parse().expect("a moment");
        assert_eq!(moment.month_number(), 2026 * 12 + 10);
    }

    #[test]
    fn a_text_and_a_timestamp_convert_into_each_other() {
        let text = "2026-11-20T18:53:57.125Z";
        let moment = Timestamp::try_from(text.to_owned()).expect("a moment");
        assert_eq!(String::from(moment), text);
        assert_eq!(serde_json::to_value(moment).expect("JSON"), text);
    }

    proptest! {
        #[test]
        fn every_moment_survives_a_round_trip(milliseconds in 0..=MAX) {
            let moment = Timestamp::from_milliseconds(milliseconds);
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }

        #[test]
        fn the_text_sorts_as_the_time_does(a in 0..=MAX, b in 0..=MAX) {
            let (a, b) = (Timestamp(a), Timestamp(b));
            prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        }
    }
}
