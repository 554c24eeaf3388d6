//! Days and months as Japan counts them: nine hours ahead of UTC, without a summer time.
//!
//! Limits, closings and reports are of such days and months at the block's time (protocol rule 44);
//! identities of what ends begin with another kind of day, [`Day`](crate::day::Day).

use crate::day::DAY_MS;
use crate::instant::{JAPAN_AHEAD_MS, civil, day_number};
use crate::newtype::number;
use crate::time::Timestamp;

number! {
    /// A day in Japan, counted from 1970-01-01 there.
    #[derive(Default)]
    pub struct JapanDay(u64);

    /// A month in Japan, counted from January 1970.
    #[derive(Default)]
    pub struct JapanMonth(u64);
}

impl JapanDay {
    /// The day of an instant.
    #[must_use]
    pub const fn of(time: Timestamp) -> Self {
        // The last nine hours that can be told count to the day before theirs.
        Self(time.as_millis().saturating_add(JAPAN_AHEAD_MS) / DAY_MS)
    }

    /// When it is over: the first instant of the day after; the end of time where that does not fit.
    #[must_use]
    pub const fn over(self) -> Timestamp {
        begin(self.0.saturating_add(1))
    }
}

impl JapanMonth {
    /// The month of an instant.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let (year, month, _) = civil(JapanDay::of(time).get());
        Self(year.saturating_sub(1970) * 12 + (month - 1))
    }

    /// When it is over: the first instant of the month after; the end of time where that does not fit.
    #[must_use]
    pub fn over(self) -> Timestamp {
        let next = self.0.saturating_add(1);
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
    fn the_end_of_time_has_a_day_and_a_month_that_end_there() {
        let end = Timestamp::from_millis(u64::MAX);
        assert!(JapanDay::of(end) >= JapanDay::of(Timestamp::from_millis(u64::MAX - DAY_MS)));
        assert_eq!(JapanDay::new(u64::MAX).over(), end);
        assert_eq!(JapanMonth::new(u64::MAX).over(), end);
        assert!(JapanMonth::of(end).over() >= JapanDay::of(end).over());
    }
}
