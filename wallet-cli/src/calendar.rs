//! Days and instants as people in Japan write and read them.
//!
//! Deadlines of consents are kept by people on paper calendars in Japan, so dates are Japan's
//! wherever the machine thinks it is; Japan has had one offset from UTC since 1951.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use ledger_types::Timestamp;

use crate::failure::{Exit, Failure};

/// Milliseconds of a day.
pub(crate) const DAY_MS: u64 = 24 * 60 * 60 * 1000;

const fn japan() -> Offset {
    Offset::constant(9)
}

/// Reads `2027-03-31`, `2027/03/31`, `2027/03/31 18:00`, or an instant in RFC 3339.
///
/// # Errors
/// A usage failure that repeats the text.
pub(crate) fn read_time(text: &str) -> Result<Timestamp, Failure> {
    let dashed = text.replace('/', "-");
    let local = dashed.parse::<DateTime>().or_else(|_| dashed.parse::<Date>().map(DateTime::from));
    let instant = dashed.parse::<jiff::Timestamp>();
    let instant = instant
        .or_else(|error| local.map_err(|_| error).and_then(|local| japan().to_timestamp(local)));
    let millis = instant.ok().and_then(|instant| u64::try_from(instant.as_millisecond()).ok());
    millis
        .map(Timestamp::from_millis)
        .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-date").with("text", text))
}

/// Reads a day such as `2027-03-31` or `2027/03/31`.
///
/// # Errors
/// A usage failure that repeats the text.
pub(crate) fn read_day(text: &str) -> Result<Date, Failure> {
    let day = text.replace('/', "-").parse();
    day.map_err(|_| Failure::new(Exit::Usage, "err-bad-date").with("text", text))
}

/// A day as the ledger counts statutes' dates: yyyymmdd.
pub(crate) fn as_number(day: Date) -> u32 {
    let part = |number: i16| u32::try_from(number).unwrap_or_default();
    part(day.year()) * 10_000 + part(day.month().into()) * 100 + part(day.day().into())
}

/// `2026/11/22 18:00` in Japan.
pub(crate) fn show(at: Timestamp) -> String {
    in_japan(at).strftime("%Y/%m/%d %H:%M").to_string()
}

/// `2026/11/22` in Japan.
pub(crate) fn show_day(at: Timestamp) -> String {
    in_japan(at).strftime("%Y/%m/%d").to_string()
}

/// An instant as people read it, in their time zone: `2026/11/22 18:00`.
pub(crate) fn show_here(time: &node_api::Time) -> String {
    let millis = i64::try_from(time.get().as_millis()).unwrap_or(i64::MAX);
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
    instant.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y/%m/%d %H:%M").to_string()
}

fn in_japan(at: Timestamp) -> DateTime {
    let millis = i64::try_from(at.as_millis()).ok();
    let instant = millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
    japan().to_datetime(instant.unwrap_or(jiff::Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_japan() {
        let midnight = Timestamp::from_millis(1_795_273_200_000);
        for text in ["2026-11-22", "2026/11/22", "2026/11/22 00:00", "2026-11-21T15:00:00Z"] {
            assert_eq!(read_time(text).unwrap(), midnight, "{text}");
        }
        assert_eq!(show(midnight), "2026/11/22 00:00");
        assert_eq!(show_day(midnight), "2026/11/22");
        assert_eq!(as_number(read_day("2026/11/22").unwrap()), 20_261_122);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "soon", "2026-13-01", "2026/11", "1969-01-01"] {
            assert_eq!(read_time(text).unwrap_err().code(), "bad-date", "{text}");
        }
    }
}
