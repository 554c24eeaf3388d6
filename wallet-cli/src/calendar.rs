//! The one place that says what time it is: every instant and day that people write or read.
//!
//! Deadlines are kept on paper calendars in Japan, so dates are Japan's wherever the machine
//! stands; whoever chooses another zone sees it written beside each time. A day that ends something
//! is part of it: until 2027/3/31 is until the end of that day. For machines instants are RFC 3339
//! in UTC, which is the API's form and not made here.

use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use ledger_types::Timestamp;

use crate::failure::{Exit, Failure};
use crate::i18n::Lang;

mod written;

use written::{Unread, Written};

/// Milliseconds of a day.
pub(crate) const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Japan has had one offset from UTC since 1951.
const JAPAN: Offset = Offset::constant(9);

static CALENDAR: OnceLock<Calendar> = OnceLock::new();

/// In which zone instants are read and shown.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    fn japan() -> Self {
        Self { zone: TimeZone::fixed(JAPAN) }
    }

    /// The zone of this name: `Asia/Tokyo` or another of the tz database, `UTC`, or an offset such
    /// as `+02:00`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.trim().trim_start_matches(':');
        let zone = match name {
            "Asia/Tokyo" | "Japan" | "JST" | "JST-9" => TimeZone::fixed(JAPAN),
            "UTC" | "UTC0" | "Etc/UTC" | "GMT" | "Z" => TimeZone::UTC,
            _ => match written::offset(name) {
                Some(offset) => TimeZone::fixed(offset),
                None => TimeZone::get(name).ok()?,
            },
        };
        Some(Self { zone })
    }

    /// From now on everything is read and shown so. Only the first choice of a run counts.
    pub(crate) fn choose(self) {
        let _ = CALENDAR.set(self);
    }

    fn chosen() -> Self {
        CALENDAR.get().cloned().unwrap_or_else(Self::japan)
    }

    /// What is shown, with the zone beside it where it is not Japan's.
    fn shown(&self, at: Timestamp, form: &str) -> String {
        let at = instant(at);
        let offset = self.zone.to_offset(at);
        let text = self.zone.to_datetime(at).strftime(form).to_string();
        if offset == JAPAN { text } else { format!("{text} {}", mark(offset)) }
    }

    fn show(&self, at: Timestamp) -> String {
        self.shown(at, "%Y/%m/%d %H:%M")
    }

    fn show_end(&self, lang: Lang, at: Timestamp) -> String {
        let clock = self.zone.to_datetime(instant(at)).time();
        let before = at.as_millis().checked_sub(1).map(Timestamp::from_millis);
        match before.filter(|_| clock == jiff::civil::Time::midnight()) {
            Some(before) => {
                lang.text("label-end-of-day", &[("day", &self.shown(before, "%Y/%m/%d"))])
            }
            None => self.show(at),
        }
    }

    fn read(&self, text: &str, bound: Bound) -> Result<Timestamp, Unread> {
        let Written { day, time, offset } = Written::read(text)?;
        let local = match (time, bound) {
            (Some(time), _) => time.on(day).ok_or(Unread::Form)?,
            (None, Bound::From) => day.at(0, 0, 0, 0),
            (None, Bound::Until) => day.tomorrow().map_err(|_| Unread::Form)?.at(0, 0, 0, 0),
            (None, Bound::Instant) => return Err(Unread::TimeNeeded),
        };
        let at = self.zone.to_timestamp(local).map_err(|_| Unread::Form)?;
        // Another zone's time would be a slip more often than a wish, and a costly one.
        if offset.is_some_and(|offset| offset != self.zone.to_offset(at)) {
            return Err(Unread::OtherZone);
        }
        let millis = u64::try_from(at.as_millisecond()).map_err(|_| Unread::Form)?;
        Ok(Timestamp::from_millis(millis))
    }

    /// How people call the zone.
    fn name(&self, lang: Lang) -> String {
        match self.zone.to_fixed_offset() {
            Ok(JAPAN) => lang.text("label-japan", &[]),
            Ok(offset) => mark(offset),
            Err(_) => self.zone.iana_name().unwrap_or_default().to_owned(),
        }
    }
}

/// What a day means that stands without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    /// Its beginning.
    From,
    /// Its end.
    Until,
    /// Nothing: a time is needed.
    Instant,
}

/// Reads from when: a day counts from its beginning, a time that is given is honoured.
///
/// # Errors
/// A usage failure that repeats the text and says what is wrong with it.
pub(crate) fn read_from(text: &str) -> Result<Timestamp, Failure> {
    read(text, Bound::From)
}

/// Reads until when: a day counts to its end, a time that is given is honoured.
///
/// # Errors
/// As [`read_from`].
pub(crate) fn read_until(text: &str) -> Result<Timestamp, Failure> {
    read(text, Bound::Until)
}

/// Reads a day with its time.
///
/// # Errors
/// As [`read_from`], and where there is no time.
pub(crate) fn read_instant(text: &str) -> Result<Timestamp, Failure> {
    read(text, Bound::Instant)
}

fn read(text: &str, bound: Bound) -> Result<Timestamp, Failure> {
    let calendar = Calendar::chosen();
    calendar.read(text, bound).map_err(|error| failure(&calendar, text, error))
}

/// Reads a day, of which no zone need be known.
///
/// # Errors
/// As [`read_from`], and where there is a time.
pub(crate) fn read_day(text: &str) -> Result<Date, Failure> {
    let calendar = Calendar::chosen();
    let day = Written::read(text).and_then(|written| match written.time {
        None => Ok(written.day),
        Some(_) => Err(Unread::DayOnly),
    });
    day.map_err(|error| failure(&calendar, text, error))
}

/// Reads a month as the ledger counts them, yyyymm: `2026-11`, `2026/11`, `令和8年11月`.
///
/// # Errors
/// A usage failure that repeats the text.
pub(crate) fn read_month(text: &str) -> Result<u32, Failure> {
    let month = written::month(text);
    month.ok_or_else(|| Failure::new(Exit::Usage, "err-bad-month").with("text", text))
}

fn failure(calendar: &Calendar, text: &str, error: Unread) -> Failure {
    let of = |key| Failure::new(Exit::Usage, key).with("text", text);
    match error {
        Unread::Form => of("err-bad-date"),
        Unread::NoSuchMonth { month } => of("err-no-such-month").with("month", month),
        Unread::NoSuchDay { year, month, last } => {
            of("err-no-such-day").with("year", year).with("month", month).with("last", last)
        }
        Unread::NoSuchTime => of("err-no-such-time"),
        Unread::NotOfEra => of("err-not-of-era"),
        Unread::TimeNeeded => of("err-time-needed"),
        Unread::DayOnly => of("err-day-only"),
        Unread::OtherZone => of("err-other-zone").told("zone", |lang| calendar.name(lang)),
    }
    .details(serde_json::json!({ "zone": calendar.name(Lang::En) }))
}

/// A day as the ledger counts statutes' dates: yyyymmdd.
pub(crate) fn as_number(day: Date) -> u32 {
    let part = |number: i16| u32::try_from(number).unwrap_or_default();
    part(day.year()) * 10_000 + part(day.month().into()) * 100 + part(day.day().into())
}

/// `2026/11/22 18:00`.
pub(crate) fn show(at: Timestamp) -> String {
    Calendar::chosen().show(at)
}

/// `2026/11/22 18:00:05`, where seconds count.
pub(crate) fn show_second(at: Timestamp) -> String {
    Calendar::chosen().shown(at, "%Y/%m/%d %H:%M:%S")
}

/// When something ends that goes on before: the end of a day, or `2026/11/22 18:00`.
pub(crate) fn show_end(lang: Lang, at: Timestamp) -> String {
    Calendar::chosen().show_end(lang, at)
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    let millis = i64::try_from(at.as_millis()).ok();
    let instant = millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
    instant.unwrap_or(jiff::Timestamp::MAX)
}

/// An offset as it stands beside a time: `UTC`, `+02:00`.
fn mark(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    match minutes.unsigned_abs() {
        0 => "UTC".to_owned(),
        minutes => format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests;
