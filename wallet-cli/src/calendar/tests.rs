//! What people write is understood, what has two meanings is not, and every text says its zone.

use super::*;

/// 2026/11/22 00:00 in Japan.
const MIDNIGHT: Timestamp = Timestamp::from_millis(1_795_273_200_000);
const HOUR_MS: u64 = 60 * 60 * 1000;

fn later(hours: u64, minutes: u64) -> Timestamp {
    Timestamp::from_millis(MIDNIGHT.as_millis() + hours * HOUR_MS + minutes * 60_000)
}

fn code(text: &str) -> String {
    read_from(text).unwrap_err().code().to_owned()
}

#[test]
fn a_day_is_understood_as_people_write_it() {
    for text in [
        "2026-11-22",
        "2026/11/22",
        "2026.11.22",
        "2026年11月22日",
        "２０２６／１１／２２",
        "２０２６年１１月２２日",
        "2026ー11ー22",
        "令和8年11月22日",
        "令和８年１１月２２日",
        "令和 8 年 11 月 22 日",
        "㋿8年11月22日",
        "R8.11.22",
        " 2026/11/22 ",
    ] {
        assert_eq!(read_from(text).unwrap(), MIDNIGHT, "{text}");
        assert_eq!(read_until(text).unwrap(), later(24, 0), "{text}");
        assert_eq!(as_number(read_day(text).unwrap()), 20_261_122, "{text}");
    }
    assert_eq!(as_number(read_day("2027/3/1").unwrap()), 20_270_301);
    assert_eq!(as_number(read_day("令和元年5月1日").unwrap()), 20_190_501);
    assert_eq!(as_number(read_day("平成15年5月30日").unwrap()), 20_030_530);
}

#[test]
fn a_time_that_is_given_is_honoured_by_every_bound() {
    for text in [
        "2026/11/22 14:30",
        "2026-11-22T14:30",
        "2026-11-22T14:30:00.000",
        "2026年11月22日 14時30分",
        "2026年11月22日14時半",
        "令和8年11月22日午後2時30分",
        "２０２６／１１／２２　１４：３０",
        "2026-11-22T14:30:00+09:00",
        "2026/11/22 14:30 JST",
    ] {
        for read in [read_from, read_until, read_instant] {
            assert_eq!(read(text).unwrap(), later(14, 30), "{text}");
        }
        assert_eq!(read_day(text).unwrap_err().code(), "day-only", "{text}");
    }
    assert_eq!(read_until("2026/11/22 24:00").unwrap(), later(24, 0));
    assert_eq!(read_until("2026/11/22 0:00").unwrap(), MIDNIGHT);
    assert_eq!(read_instant("2026/11/22").unwrap_err().code(), "time-needed");
}

#[test]
fn what_is_no_day_is_refused_naming_why() {
    for (text, why) in [
        ("", "bad-date"),
        ("soon", "bad-date"),
        ("2026/11", "bad-date"),
        ("26/11/22", "bad-date"),
        ("22/11/2026", "bad-date"),
        ("2026/11-22", "bad-date"),
        ("2026/11/22 14", "bad-date"),
        ("1969-01-01", "bad-date"),
        ("2026-13-01", "no-such-month"),
        ("2026/0/1", "no-such-month"),
        ("2027/2/30", "no-such-day"),
        ("令和9年2月29日", "no-such-day"),
        ("2026/11/22 25:00", "no-such-time"),
        ("2026/11/22 14:60", "no-such-time"),
        ("2026年11月22日午後13時", "no-such-time"),
        ("平成40年1月1日", "not-of-era"),
        ("令和元年4月30日", "not-of-era"),
    ] {
        assert_eq!(code(text), why, "{text}");
    }
    let message = read_from("2027/2/30").unwrap_err().message(Lang::Ja);
    assert!(message.contains("2027年2月") && message.contains("28日まで"), "{message}");
}

#[test]
fn another_zones_time_is_refused_and_the_zone_named() {
    for text in [
        "2026-11-21T15:00:00Z",
        "2026-11-22T00:00:00+08:00",
        "2026/11/22 9:00 UTC",
        "2026-11-22Z",
        "2026-11-22+00:00",
    ] {
        assert_eq!(code(text), "other-zone", "{text}");
    }
    let message = read_from("2026-11-21T15:00:00Z").unwrap_err().message(Lang::Ja);
    assert!(message.contains("日本"), "{message}");
}

#[test]
fn a_zone_that_was_chosen_stands_beside_each_time() {
    let shown = |name: &str| Calendar::named(name).unwrap().show(MIDNIGHT);
    assert_eq!(show(MIDNIGHT), "2026/11/22 00:00");
    for name in ["Asia/Tokyo", "JST-9", "+09:00"] {
        assert_eq!(shown(name), "2026/11/22 00:00", "{name}");
    }
    assert_eq!(shown("UTC"), "2026/11/21 15:00 UTC");
    assert_eq!(shown(":UTC"), "2026/11/21 15:00 UTC");
    assert_eq!(shown("+02:00"), "2026/11/21 17:00 +02:00");
    assert_eq!(shown("-03:30"), "2026/11/21 11:30 -03:30");
    assert!(Calendar::named("Atlantis").is_none());
    let utc = Calendar::named("UTC").unwrap();
    assert_eq!(utc.read("2026/11/21 15:00", Bound::From), Ok(MIDNIGHT));
    assert_eq!(utc.read("2026-11-21T15:00:00Z", Bound::Instant), Ok(MIDNIGHT));
    assert_eq!(utc.read("2026-11-22T00:00+09:00", Bound::From), Err(Unread::OtherZone));
}

#[test]
fn an_end_says_whether_its_day_counts() {
    for (lang, text) in [(Lang::Ja, "2026/11/22 の終わり"), (Lang::En, "the end of 2026/11/22")]
    {
        assert_eq!(show_end(lang, later(24, 0)), text);
        assert_eq!(show_end(lang, later(14, 30)), "2026/11/22 14:30");
        assert_eq!(show_end(lang, read_until("2026/11/22").unwrap()), text);
    }
    let utc = Calendar::named("UTC").unwrap();
    assert_eq!(utc.show_end(Lang::En, later(9, 0)), "the end of 2026/11/21 UTC");
}

#[test]
fn a_month_is_a_year_and_a_month() {
    for text in ["2026-11", "2026/11", "2026年11月", "２０２６年１１月", "令和8年11月"]
    {
        assert_eq!(read_month(text).unwrap(), 202_611, "{text}");
    }
    assert_eq!(read_month("2026/1").unwrap(), 202_601);
    for text in ["2026", "2026-13", "26-11", "2026-00", "x-1", "2026-11-22", "2026年11"] {
        assert_eq!(read_month(text).unwrap_err().code(), "bad-month", "{text}");
    }
}
