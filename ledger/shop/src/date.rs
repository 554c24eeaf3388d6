//! A day of Japan's calendar, as documents name it: `2026-11-22`.

use ledger_types::Timestamp;
use ledger_types::instant::JapanTime;
use serde::{Deserialize, Serialize};

/// A day from 1900-01-01 to 9999-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day; none where there is no such day.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => return None,
        };
        if year < 1900 || year > 9999 || day == 0 || day > days {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// The day of an instant in Japan; none past the year 9999.
    #[must_use]
    pub fn in_japan(time: Timestamp) -> Option<Self> {
        Self::parted(&JapanTime(time).day(), '/')
    }

    /// The month, from 1.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    fn parted(text: &str, by: char) -> Option<Self> {
        let mut parts = text.split(by).map(|part| {
            let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some(part).and_then(|part| part.parse::<u16>().ok())
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let date = Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        let is_whole = text.len() == "2026-11-22".len() && parts.next().is_none();
        is_whole.then_some(date)
    }

    /// The day as people read it: `2026/11/22`.
    #[must_use]
    pub fn shown(self) -> String {
        format!("{:04}/{:02}/{:02}", self.year, self.month, self.day)
    }
}

impl core::fmt::Display for Date {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written like 2026-11-22")]
pub struct ParseDateError;

impl core::str::FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        Self::parted(text, '-').ok_or(ParseDateError)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_there_are_are_read_and_in_one_form() {
        for good in ["2026-11-22", "2024-02-29", "2000-02-29", "1900-12-31"] {
            assert_eq!(good.parse::<Date>().unwrap().to_string(), good);
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-1-01",
            "2026/11/22",
            "",
            "2026-11-22-",
            "+026-11-22",
            "1899-12-31",
            "2026-11-31",
        ] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_japan() {
        // 2026-11-22T15:00:00Z.
        let midnight = 1_795_359_600_000;
        let before = Date::in_japan(Timestamp::from_millis(midnight - 1)).unwrap();
        let after = Date::in_japan(Timestamp::from_millis(midnight)).unwrap();
        assert_eq!((before.to_string(), after.shown()), ("2026-11-22".into(), "2026/11/23".into()));
    }
}
