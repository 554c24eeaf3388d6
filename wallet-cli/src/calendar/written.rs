//! Days and times as people write them: `2027/3/31 14:30`, `２０２７年３月３１日`, `令和9年3月31日14時30分`.
//!
//! Only what has one meaning is read: a year has four digits or an era, and comes first.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization;

/// Eras by their names, with their first and last days and the year before their first.
const ERAS: [(&str, &str, Date, Date, i16); 3] = [
    ("令和", "R", jiff::civil::date(2019, 5, 1), Date::MAX, 2018),
    ("平成", "H", jiff::civil::date(1989, 1, 8), jiff::civil::date(2019, 4, 30), 1988),
    ("昭和", "S", jiff::civil::date(1926, 12, 25), jiff::civil::date(1989, 1, 7), 1925),
];

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) day: Date,
    pub(super) time: Option<OfDay>,
    /// The zone that was written beside it.
    pub(super) offset: Option<Offset>,
}

/// A time of a day, its end (24:00) too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfDay {
    At(Time),
    End,
}

impl OfDay {
    /// The time on this day; none where the calendar ends.
    pub(super) fn on(self, day: Date) -> Option<DateTime> {
        match self {
            Self::At(time) => Some(day.to_datetime(time)),
            Self::End => Some(day.tomorrow().ok()?.to_datetime(Time::midnight())),
        }
    }
}

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is no day or time.
    Form,
    NoSuchMonth {
        month: i16,
    },
    NoSuchDay {
        year: i16,
        month: i16,
        last: i8,
    },
    NoSuchTime,
    /// The era did not have the day.
    NotOfEra,
    /// It has a time, and a day is meant.
    DayOnly,
    /// It has no time.
    TimeNeeded,
    /// It has another zone's time.
    OtherZone,
}

impl Written {
    pub(super) fn read(text: &str) -> Result<Self, Unread> {
        let text = normal(text);
        let mut scan = Scan { rest: &text };
        let day = date(&mut scan)?;
        let time = time(&mut scan)?;
        scan.space();
        let offset = match scan.rest {
            "" => None,
            rest => Some(offset(rest).ok_or(Unread::Form)?),
        };
        // A zone without a time says that another day is meant than the reader's.
        if offset.is_some() && time.is_none() {
            return Err(Unread::OtherZone);
        }
        Ok(Self { day, time, offset })
    }
}

/// A year and a month as yyyymm.
pub(super) fn month(text: &str) -> Option<u32> {
    let text = normal(text);
    let mut scan = Scan { rest: &text };
    let (year, _) = year(&mut scan)?;
    let sign = scan.one_of(&['年', '/', '-', '.'])?;
    let month = scan.number(2)?;
    if sign == '年' {
        scan.one_of(&['月'])?;
    }
    scan.space();
    let month = u32::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    scan.rest.is_empty().then_some(u32::try_from(year).ok()? * 100 + month)
}

/// `Z`, `UTC`, `JST`, or hours and minutes: `+09:00`, `+0900`, `+09`.
pub(super) fn offset(text: &str) -> Option<Offset> {
    match text {
        "Z" | "z" | "UTC" | "GMT" => return Some(Offset::UTC),
        "JST" | "[Asia/Tokyo]" | "+09:00[Asia/Tokyo]" => return Some(super::JAPAN),
        _ => {}
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits.replace(':', "")),
        ("-", digits) => (-1, digits.replace(':', "")),
        _ => return None,
    };
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let fits = hours <= 14 && minutes < 60;
    fits.then(|| Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()).flatten()
}

/// Full width becomes half width, and every line that people put between numbers a hyphen.
fn normal(text: &str) -> String {
    let lines = |c: char| if "‐‑–—−ー".contains(c) { '-' } else { c };
    text.nfkc().map(lines).collect::<String>().trim().to_owned()
}

fn date(scan: &mut Scan<'_>) -> Result<Date, Unread> {
    let (year, era) = year(scan).ok_or(Unread::Form)?;
    let sign = scan.one_of(&['年', '/', '-', '.']).ok_or(Unread::Form)?;
    let (after_month, after_day) = if sign == '年' { ('月', Some('日')) } else { (sign, None) };
    let month = scan.number(2).ok_or(Unread::Form)?;
    scan.one_of(&[after_month]).ok_or(Unread::Form)?;
    let day = scan.number(2).ok_or(Unread::Form)?;
    if let Some(sign) = after_day {
        scan.one_of(&[sign]).ok_or(Unread::Form)?;
    }
    let first = i8::try_from(month).ok().and_then(|month| Date::new(year, month, 1).ok());
    let first = first.ok_or(Unread::NoSuchMonth { month })?;
    let last = first.days_in_month();
    let day = i8::try_from(day).ok().filter(|day| (1..=last).contains(day));
    let day = day.ok_or(Unread::NoSuchDay { year, month, last })?;
    let date = Date::new(year, first.month(), day).map_err(|_| Unread::Form)?;
    let of_era = era.is_none_or(|(from, to)| (from..=to).contains(&date));
    if of_era { Ok(date) } else { Err(Unread::NotOfEra) }
}

/// A year of four digits, or of an era, with the days that the era has.
fn year(scan: &mut Scan<'_>) -> Option<(i16, Option<(Date, Date)>)> {
    for (name, letter, from, to, before) in ERAS {
        let rest = scan.rest.strip_prefix(name).or_else(|| scan.rest.strip_prefix(letter));
        if let Some(rest) = rest {
            scan.rest = rest;
            let of_era = if scan.one_of(&['元']).is_some() { 1 } else { scan.number(2)? };
            return Some((before.checked_add(of_era)?, Some((from, to))));
        }
    }
    let (year, digits) = scan.counted(4)?;
    (digits == 4).then_some((year, None))
}

fn time(scan: &mut Scan<'_>) -> Result<Option<OfDay>, Unread> {
    if scan.one_of(&['T', 't']).is_none() {
        scan.space();
    }
    let half = ["午前", "午後"].into_iter().find(|half| {
        let rest = scan.rest.strip_prefix(half);
        scan.rest = rest.unwrap_or(scan.rest);
        rest.is_some()
    });
    let Some(hour) = scan.number(2) else {
        return if half.is_some() { Err(Unread::Form) } else { Ok(None) };
    };
    let (minute, second, millis) = match scan.one_of(&[':', '時']).ok_or(Unread::Form)? {
        '時' if scan.one_of(&['半']).is_some() => (30, 0, 0),
        '時' => (minutes_in_words(scan)?, 0, 0),
        _ => after_colon(scan)?,
    };
    let hour = match half {
        None => hour,
        Some(_) if hour > 12 => return Err(Unread::NoSuchTime),
        Some("午後") if hour < 12 => hour + 12,
        Some(_) => hour,
    };
    if (hour, minute, second, millis) == (24, 0, 0, 0) {
        return Ok(Some(OfDay::End));
    }
    let part = |number: i16| i8::try_from(number).map_err(|_| Unread::NoSuchTime);
    let nanos = i32::from(millis) * 1_000_000;
    let time = Time::new(part(hour)?, part(minute)?, part(second)?, nanos);
    time.map(|time| Some(OfDay::At(time))).map_err(|_| Unread::NoSuchTime)
}

fn minutes_in_words(scan: &mut Scan<'_>) -> Result<i16, Unread> {
    let Some(minute) = scan.number(2) else { return Ok(0) };
    scan.one_of(&['分']).map(|_| minute).ok_or(Unread::Form)
}

/// `30`, `30:15` or `30:15.250` after the hour.
fn after_colon(scan: &mut Scan<'_>) -> Result<(i16, i16, i16), Unread> {
    let two = |scan: &mut Scan<'_>| match scan.counted(2) {
        Some((number, 2)) => Ok(number),
        _ => Err(Unread::Form),
    };
    let minute = two(scan)?;
    if scan.one_of(&[':']).is_none() {
        return Ok((minute, 0, 0));
    }
    let second = two(scan)?;
    if scan.one_of(&['.']).is_none() {
        return Ok((minute, second, 0));
    }
    match scan.counted(3) {
        Some((millis, 3)) => Ok((minute, second, millis)),
        _ => Err(Unread::Form),
    }
}

/// What is still to be read.
struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// One of these signs, if it comes next.
    fn one_of(&mut self, signs: &[char]) -> Option<char> {
        let rest = self.rest.trim_start();
        let sign = rest.chars().next().filter(|sign| signs.contains(sign))?;
        self.rest = rest.get(sign.len_utf8()..)?;
        Some(sign)
    }

    fn number(&mut self, digits_max: usize) -> Option<i16> {
        self.counted(digits_max).map(|(number, _)| number)
    }

    /// A number of at most so many digits, with how many it has.
    fn counted(&mut self, digits_max: usize) -> Option<(i16, usize)> {
        let rest = self.rest.trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..digits).filter(|_| (1..=digits_max).contains(&digits))?;
        let number = number.parse().ok()?;
        self.rest = rest.get(digits..)?;
        Some((number, digits))
    }
}
