//! Instants as the API shows them: RFC 3339 in UTC, always with milliseconds and `Z`.
//!
//! Every timestamp of the ledger has exactly one text, so a transaction keeps its identity through
//! JSON. Years past 9999, which RFC 3339 cannot say, take ISO 8601's expanded form (`+` and more
//! digits), so that the text is total.

use crate::day::DAY_MS;
use crate::newtype::serde_by_text;
use crate::time::Timestamp;

/// Days in the 400 years after which the Gregorian calendar repeats.
const ERA_DAYS: u64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: u64 = 719_468;
/// The longest text that can be an instant: `+` and a year of nine digits.
const TEXT_BYTES_MAX: usize = 30;

/// An instant, written `2026-11-22T09:00:00.000Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(Timestamp);

impl Time {
    /// The API's form of a timestamp.
    #[must_use]
    pub const fn new(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }

    /// The timestamp.
    #[must_use]
    pub const fn get(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}

impl core::fmt::Display for Time {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let millis = self.0.as_millis();
        let (year, month, day) = civil(millis / DAY_MS);
        let of_day = millis % DAY_MS;
        let (seconds, millis) = (of_day / 1000, of_day % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let sign = if year > 9999 { "+" } else { "" };
        write!(f, "{sign}{year:04}-{month:02}-{day:02}T")?;
        write!(f, "{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

/// How far Japan's clocks are ahead of UTC, since 1951.
pub(crate) const JAPAN_AHEAD_MS: u64 = 9 * 60 * 60 * 1000;

/// An instant as people in Japan read it: `2026/11/22 18:00`, with `#` to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JapanTime(pub Timestamp);

impl JapanTime {
    /// The last instant of the day that ends here; none within a day.
    #[must_use]
    pub fn ended_day(self) -> Option<Self> {
        let millis = self.0.as_millis();
        let in_japan = millis.checked_add(JAPAN_AHEAD_MS)?;
        let is_midnight = in_japan.is_multiple_of(DAY_MS);
        millis.checked_sub(1).filter(|_| is_midnight).map(|last| Self(Timestamp::from_millis(last)))
    }

    /// The year in which its fiscal year began: from April to March.
    #[must_use]
    pub fn fiscal_year(self) -> u32 {
        let millis = self.0.as_millis();
        let in_japan = millis.checked_add(JAPAN_AHEAD_MS).unwrap_or(millis);
        let (year, month, _) = civil(in_japan / DAY_MS);
        // Years of 64-bit milliseconds have nine digits.
        u32::try_from(year - u64::from(month < 4)).unwrap_or(u32::MAX)
    }

    /// The start of the day, in Japan's time, after which so many calendar months are over that began
    /// with this instant's day: of six from 10 April, the start of 10 October; of one from 31 January,
    /// the start of 1 March. The last instant where it does not fit.
    #[must_use]
    pub fn months_later(self, months: u16) -> Timestamp {
        let millis = self.0.as_millis();
        let in_japan = millis.checked_add(JAPAN_AHEAD_MS).unwrap_or(millis);
        let (year, month, day) = civil(in_japan / DAY_MS);
        let months = month - 1 + u64::from(months);
        let (year, month) = (year + months / 12, months % 12 + 1);
        // A day that the month does not have: its last one is over at the start of the next month.
        let there = day_number(year, month, day).filter(|days| civil(*days) == (year, month, day));
        let next = || day_number(year + month / 12, month % 12 + 1, 1);
        let start = there.or_else(next).and_then(|days| days.checked_mul(DAY_MS));
        let start = start.and_then(|start| start.checked_sub(JAPAN_AHEAD_MS));
        Timestamp::from_millis(start.unwrap_or(u64::MAX))
    }

    /// The day alone: `2026/11/22`.
    #[must_use]
    pub fn day(self) -> String {
        let text = self.to_string();
        text.split_once(' ').map_or_else(|| text.clone(), |(day, _)| day.to_owned())
    }
}

impl core::fmt::Display for JapanTime {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let millis = self.0.as_millis();
        let millis = millis.checked_add(JAPAN_AHEAD_MS).unwrap_or(millis);
        let (year, month, day) = civil(millis / DAY_MS);
        let seconds = millis % DAY_MS / 1000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}")?;
        if f.alternate() { write!(f, ":{second:02}") } else { Ok(()) }
    }
}

impl core::str::FromStr for Time {
    type Err = ParseTimeError;

    /// Reads what [`Time`] displays; the fraction may be left out. Nothing else is accepted.
    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(ParseTimeError);
        }
        let whole = text.strip_suffix('Z').ok_or(ParseTimeError)?;
        let whole = if whole.contains('.') { text.to_owned() } else { format!("{whole}.000Z") };
        let time = read(&whole).ok_or(ParseTimeError)?;
        // Days that a month does not have, and every other spelling, come back different.
        if time.to_string() == whole { Ok(time) } else { Err(ParseTimeError) }
    }
}

serde_by_text!(Time);

/// The text is not an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time is written like 2026-11-22T09:00:00.000Z (RFC 3339, UTC)")]
pub struct ParseTimeError;

/// Year, month and day of a day counted from 1970-01-01 (proleptic Gregorian).
///
/// Years are counted from March, so that the leap day is the last of its year.
pub(crate) fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + EPOCH_DAYS;
    let (era, day_of_era) = (days / ERA_DAYS, days % ERA_DAYS);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

/// The day counted from 1970-01-01, or `None` where it lies before or the fields are no date.
pub(crate) fn day_number(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year.checked_sub(u64::from(month <= 2))?;
    let (era, year_of_era) = (year / 400, year % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era.checked_mul(ERA_DAYS)?.checked_add(day_of_era)?.checked_sub(EPOCH_DAYS)
}

fn read(text: &str) -> Option<Time> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.strip_prefix('+').unwrap_or(date).splitn(3, '-').map(number);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (clock, millis) = clock.split_once('.')?;
    let mut clock = clock.splitn(3, ':').map(number);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let millis = number(millis)?;
    if hour > 23 || minute > 59 || second > 59 || millis > 999 {
        return None;
    }
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    let total = day_number(year, month, day)?.checked_mul(DAY_MS)?.checked_add(of_day)?;
    Some(Time(Timestamp::from_millis(total)))
}

fn number(digits: &str) -> Option<u64> {
    let plain = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(millis: u64) -> Time {
        Time::new(Timestamp::from_millis(millis))
    }

    #[test]
    fn known_instants_have_their_texts() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_767_225_600_000, "2026-01-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "+10000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(time(millis).to_string(), text);
            assert_eq!(text.parse(), Ok(time(millis)), "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_goes_from_april_to_march_in_japans_time() {
        let year = |text: &str| JapanTime(text.parse::<Time>().unwrap().get()).fiscal_year();
        for (text, expected) in [
            ("2026-03-31T14:59:59.999Z", 2025),
            ("2026-03-31T15:00:00.000Z", 2026),
            ("2026-12-31T15:00:00.000Z", 2026),
            ("2027-03-31T14:59:59.999Z", 2026),
            ("2027-03-31T15:00:00.000Z", 2027),
            ("1970-01-01T00:00:00.000Z", 1969),
        ] {
            assert_eq!(year(text), expected, "{text}");
        }
        assert!(JapanTime(Timestamp::from_millis(u64::MAX)).fiscal_year() < u32::MAX);
    }

    #[test]
    fn months_end_with_the_day_before_theirs_in_japans_time() {
        let later = |text: &str, months| {
            let time = text.parse::<Time>().unwrap().get();
            Time(JapanTime(time).months_later(months)).to_string()
        };
        for (from, months, expected) in [
            ("2026-04-10T03:00:00.000Z", 6, "2026-10-09T15:00:00.000Z"),
            ("2026-04-09T15:00:00.000Z", 6, "2026-10-09T15:00:00.000Z"),
            ("2026-08-31T00:00:00.000Z", 6, "2027-02-28T15:00:00.000Z"),
            ("2027-01-31T00:00:00.000Z", 1, "2027-02-28T15:00:00.000Z"),
            ("2027-08-31T00:00:00.000Z", 6, "2028-02-29T15:00:00.000Z"),
            ("2026-12-15T00:00:00.000Z", 1, "2027-01-14T15:00:00.000Z"),
            ("2026-06-30T00:00:00.000Z", 6, "2026-12-29T15:00:00.000Z"),
            ("2026-12-31T00:00:00.000Z", 0, "2026-12-30T15:00:00.000Z"),
            ("2026-10-31T00:00:00.000Z", 1, "2026-11-30T15:00:00.000Z"),
            ("2026-10-31T00:00:00.000Z", 2, "2026-12-30T15:00:00.000Z"),
            ("2026-05-31T00:00:00.000Z", 18, "2027-11-30T15:00:00.000Z"),
        ] {
            assert_eq!(later(from, months), expected, "{from} and {months}");
        }
        let last = JapanTime(Timestamp::from_millis(u64::MAX)).months_later(6);
        assert!(last > Timestamp::from_millis(u64::MAX / 2));
    }

    #[test]
    fn people_in_japan_read_japans_time() {
        let japan = |millis| JapanTime(Timestamp::from_millis(millis));
        for (millis, text) in [
            (0, "1970/01/01 09:00:00"),
            (951_782_400_000 - 1, "2000/02/29 08:59:59"),
            (1_795_273_200_000, "2026/11/22 00:00:00"),
        ] {
            assert_eq!(format!("{:#}", japan(millis)), text);
            assert_eq!(japan(millis).to_string(), text[..16]);
        }
        assert!(!japan(u64::MAX).to_string().is_empty());
        let ended = japan(1_795_273_200_000).ended_day().map(JapanTime::day);
        assert_eq!(ended.as_deref(), Some("2026/11/21"));
        assert_eq!(japan(1_795_273_200_001).ended_day(), None);
    }

    #[test]
    fn every_timestamp_survives_its_text() {
        let mut millis = 1_u64;
        for step in 0..400_u64 {
            millis = millis.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step);
            for scaled in [millis, millis >> 20, millis >> 24] {
                assert_eq!(time(scaled).to_string().parse(), Ok(time(scaled)));
            }
        }
        assert_eq!(time(u64::MAX).to_string().parse(), Ok(time(u64::MAX)));
    }

    #[test]
    fn a_missing_fraction_means_none() {
        assert_eq!("1970-01-01T00:00:01Z".parse(), Ok(time(1000)));
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "Z",
            "1970-01-01",
            "1970-01-01T00:00:00.000",
            "1970-01-01T00:00:00.000+00:00",
            "1970-01-01t00:00:00.000z",
            "1970-01-01 00:00:00.000Z",
            "1970-1-01T00:00:00.000Z",
            "1970-02-29T00:00:00.000Z",
            "2100-02-29T00:00:00.000Z",
            "1970-04-31T00:00:00.000Z",
            "1970-13-01T00:00:00.000Z",
            "1970-00-01T00:00:00.000Z",
            "1970-01-01T24:00:00.000Z",
            "1970-01-01T23:59:60.000Z",
            "1970-01-01T00:00:00.00Z",
            "1970-01-01T00:00:00.0000Z",
            "1969-12-31T23:59:59.999Z",
            "0000-01-01T00:00:00.000Z",
            "+1970-01-01T00:00:00.000Z",
            "+999999999-01-01T00:00:00.000Z",
            "+584556020-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00.000Z1970-01-01T00:00:00.000Z",
        ] {
            assert_eq!(text.parse::<Time>(), Err(ParseTimeError), "{text:?}");
        }
    }
}
