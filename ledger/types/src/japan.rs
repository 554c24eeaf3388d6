//! Days and months as Japan counts them: nine hours ahead of UTC, without a summer time.
//!
//! Limits, closings and reports are of such days and months at the block's time (protocol rule 44);
//! identities of what ends begin with another kind of day, [`Day`](crate::day::Day).

use borsh::{BorshDeserialize, BorshSerialize};

use crate::day::DAY_MS;
use crate::instant::{JAPAN_AHEAD_MS, civil, day_number};
use crate::json::plain;
use crate::newtype::{number, serde_by_text};
use crate::time::Timestamp;

/// A day in Japan, counted from 1970-01-01 there; as text `2026-11-30`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct JapanDay(u64);

/// 9999-12-31, the last day that four digits of a year can write.
const LAST_DAY: u64 = 2_932_896;
/// December of 9999.
const LAST_MONTH: u64 = (9999 - 1970) * 12 + 11;

serde_by_text!(JapanDay);

plain! {
    JapanDay: "JapanDay" {
        "type": "string", "format": "date", "examples": ["2026-11-30"],
        "description": "A day of Japan's calendar (UTC+9)."
    };
}

number! {
    /// A month in Japan, counted from January 1970.
    #[derive(Default)]
    pub struct JapanMonth(u64);
}

impl JapanDay {
    /// The day with this number, or the last one that can be written.
    #[must_use]
    pub const fn new(days: u64) -> Self {
        if days > LAST_DAY { Self(LAST_DAY) } else { Self(days) }
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The day after; the last one is its own.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::new(self.0 + 1)
    }

    /// Whether it is a Saturday or a Sunday. The first day was a Thursday.
    #[must_use]
    pub const fn is_weekend(self) -> bool {
        matches!(self.0 % 7, 2 | 3)
    }

    /// The day of an instant.
    #[must_use]
    pub const fn of(time: Timestamp) -> Self {
        Self::new(time.as_millis().saturating_add(JAPAN_AHEAD_MS) / DAY_MS)
    }

    /// Its first instant.
    #[must_use]
    pub const fn begin(self) -> Timestamp {
        begin(self.0)
    }

    /// When it is over: the first instant of the day after; the last day never is.
    #[must_use]
    pub const fn over(self) -> Timestamp {
        if self.0 == LAST_DAY { Timestamp::from_millis(u64::MAX) } else { begin(self.0 + 1) }
    }
}

impl BorshDeserialize for JapanDay {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        let days = u64::deserialize_reader(reader)?;
        let malformed = || borsh::io::Error::new(borsh::io::ErrorKind::InvalidData, "no day");
        if days > LAST_DAY { Err(malformed()) } else { Ok(Self(days)) }
    }
}

impl core::fmt::Display for JapanDay {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (year, month, day) = civil(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl core::str::FromStr for JapanDay {
    type Err = ParseDayError;

    /// Four, two and two digits with hyphens between, of a day that the calendar has.
    fn from_str(text: &str) -> Result<Self, ParseDayError> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(ParseDayError) };
        let number = |part: &str, digits: usize| {
            let is_plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| part.parse().ok()).flatten().ok_or(ParseDayError)
        };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let found = day_number(year, month, day).map(Self).ok_or(ParseDayError)?;
        // What the calendar has not is another day when it is written.
        if found.to_string() == text { Ok(found) } else { Err(ParseDayError) }
    }
}

/// The text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written as 2026-11-30")]
pub struct ParseDayError;

impl JapanMonth {
    /// The month of an instant.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let (year, month, _) = civil(JapanDay::of(time).get());
        Self(year.saturating_sub(1970) * 12 + (month - 1))
    }

    /// The month before; the first one is its own.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// When it is over: the first instant of the month after; the last month never is.
    #[must_use]
    pub fn over(self) -> Timestamp {
        if self.0 >= LAST_MONTH {
            return Timestamp::from_millis(u64::MAX);
        }
        let next = self.0 + 1;
        let day = day_number((next / 12).saturating_add(1970), next % 12 + 1, 1);
        day.map_or(Timestamp::from_millis(u64::MAX), begin)
    }
}

/// The first instant of a day; the end of time where it does not fit.
const fn begin(day: u64) -> Timestamp {
    let millis = match day.checked_mul(DAY_MS) {
        Some(in_japan) => in_japan.saturating_sub(JAPAN_AHEAD_MS),
        None => u64::MAX,
    };
    Timestamp::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;
    use crate::instant::{JapanTime, Time};

    fn at(text: &str) -> Timestamp {
        text.parse::<Time>().unwrap().get()
    }

    #[test]
    fn days_and_months_turn_at_midnight_in_japan() {
        for (last, month_turns) in [
            ("2026-11-29T14:59:59.999Z", false),
            ("2026-11-30T14:59:59.999Z", true),
            ("2026-12-31T14:59:59.999Z", true),
            ("2027-02-28T14:59:59.999Z", true),
            ("2028-02-28T14:59:59.999Z", false),
            ("2028-02-29T14:59:59.999Z", true),
        ] {
            let last = at(last);
            let first = last.checked_add_millis(1).unwrap();
            assert_eq!(JapanDay::of(first).get(), JapanDay::of(last).get() + 1);
            assert_eq!(JapanDay::of(last).over(), first);
            let months = JapanMonth::of(first).get() - JapanMonth::of(last).get();
            assert_eq!(months, u64::from(month_turns), "{last}");
            assert_eq!(JapanMonth::of(last).over() == first, month_turns, "{last}");
        }
        assert_eq!(JapanMonth::of(at("2026-11-30T15:00:00.000Z")).get(), 56 * 12 + 11);
    }

    /// Against the calendar that people read, over four centuries in odd steps.
    #[test]
    fn a_month_is_the_one_that_people_read() {
        let mut millis = 0_u64;
        while millis < 400 * 366 * DAY_MS {
            let time = Timestamp::from_millis(millis);
            let text = JapanTime(time).to_string();
            let (year, month) = (text[..4].parse::<u64>(), text[5..7].parse::<u64>());
            let expected = (year.unwrap() - 1970) * 12 + month.unwrap() - 1;
            assert_eq!(JapanMonth::of(time).get(), expected, "{text}");
            let over = JapanMonth::of(time).over();
            assert_eq!(&JapanTime(over).to_string()[7..], "/01 00:00");
            assert!(over > time && JapanMonth::of(over).get() == expected + 1);
            assert!(JapanDay::of(time).over() > time);
            millis += 17 * DAY_MS + 3_599_999;
        }
    }

    #[test]
    fn a_day_is_written_as_a_date_and_read_back() {
        for (text, number) in [("1970-01-01", 0), ("2026-11-30", 20_787), ("2028-02-29", 21_243)] {
            let day: JapanDay = text.parse().unwrap();
            assert_eq!((day.get(), day.to_string().as_str()), (number, text));
        }
        for wrong in [
            "",
            "2026-11-31",
            "2027-02-29",
            "2026-1-30",
            "26-11-30",
            "2026-13-01",
            "1969-12-31",
            "2026-11-30 ",
            "2026-00-10",
            "2026-11-00",
            "２０２６-11-30",
            "2026-11-30-01",
        ] {
            assert_eq!(wrong.parse::<JapanDay>(), Err(ParseDayError), "{wrong}");
        }
        let last = JapanDay::new(u64::MAX);
        assert_eq!((last.to_string().as_str(), last.next()), ("9999-12-31", last));
        let decode = |days: u64| codec::decode::<JapanDay>(&codec::encode(&days), 8);
        assert!(decode(LAST_DAY).is_ok() && decode(LAST_DAY + 1).is_err());
        // A Friday, the weekend, a Monday.
        let week = ["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"];
        let is_weekend = week.map(|day| day.parse::<JapanDay>().unwrap().is_weekend());
        assert_eq!(is_weekend, [false, true, true, false]);
    }

    #[test]
    fn the_end_of_time_has_a_day_and_a_month_that_end_there() {
        let end = Timestamp::from_millis(u64::MAX);
        assert!(JapanDay::of(end) >= JapanDay::of(Timestamp::from_millis(u64::MAX - DAY_MS)));
        assert_eq!(JapanDay::new(u64::MAX).over(), end);
        assert_eq!(JapanMonth::new(u64::MAX).over(), end);
        assert!(JapanMonth::of(end).over() >= JapanDay::of(end).over());
    }
}
