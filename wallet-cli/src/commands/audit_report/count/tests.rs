//! A report adds up where the log is whole, and names the rule where it is not.

use super::*;

const PARTY: PartyId = PartyId::new(2);

fn at(day: u64) -> serde_json::Value {
    let millis = Timestamp::from_millis(1_795_273_200_000 + day * 86_400_000);
    serde_json::to_value(node_api::Time::new(millis)).unwrap()
}

/// An entry of a day, with what is special about it.
fn entry(day: u64, kind: &str, more: &serde_json::Value) -> LogEntry {
    let mut value = serde_json::json!({
        "height": day, "time": at(day), "transaction": null, "kind": kind, "party": 2,
    });
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(value).unwrap()
}

fn id(byte: u8) -> String {
    Hash::new([byte; 32]).to_string()
}

fn about(member: &str, byte: u8) -> serde_json::Value {
    serde_json::json!({ member: id(byte) })
}

/// Newest first, as a node gives it.
fn log() -> Vec<LogEntry> {
    let access = |byte, basis: &str| serde_json::json!({ "access": id(byte), "basis": basis });
    let half = |byte, pairing: &str| serde_json::json!({ "access": id(byte), "pairing": pairing });
    let review = |byte, finding: &str| serde_json::json!({ "glass": id(byte), "finding": finding });
    vec![
        entry(9, "half_recorded", &half(11, "matched")),
        entry(8, "overdue", &serde_json::json!({ "duty": "acknowledge" })),
        entry(7, "glass_reviewed", &review(21, "justified")),
        entry(6, "glass_broken", &about("glass", 22)),
        entry(6, "glass_broken", &about("glass", 21)),
        entry(5, "half_recorded", &half(12, "waiting")),
        entry(5, "half_recorded", &half(11, "waiting")),
        entry(4, "access_permitted", &access(13, "break_glass")),
        entry(4, "access_permitted", &access(12, "exemption")),
        entry(4, "access_permitted", &access(11, "consent")),
        entry(3, "withdrawn", &about("consent", 1)),
        entry(2, "given", &about("consent", 2)),
        entry(1, "given", &about("consent", 1)),
    ]
}

fn duties() -> Vec<DutyBody> {
    let duty = |value: serde_json::Value| serde_json::from_value(value).unwrap();
    vec![
        duty(serde_json::json!({ "duty": "match", "deadline": at(20), "access": id(12),
                                 "pairing": "waiting" })),
        duty(serde_json::json!({ "duty": "review", "deadline": at(20), "glass": id(22) })),
    ]
}

fn days(from: u64, to: u64) -> (Timestamp, Timestamp) {
    let day = |day: u64| Timestamp::from_millis(1_795_273_200_000 + day * 86_400_000);
    (day(from), day(to))
}

#[test]
fn a_whole_log_adds_up() {
    let report = count(PARTY, &log(), &duties(), days(0, 10));
    assert_eq!(report.faults, []);
    assert_eq!((report.granted, report.ended.total, report.ended.withdrawn), (2, 1, 1));
    let accesses =
        Accesses { total: 3, consent: 1, exemption: 1, break_glass: 1, ..Accesses::default() };
    assert_eq!(report.accesses, accesses);
    assert_eq!(report.records, Records { matched: 1, mismatched: 0, half: 1, none: 1 });
    let glasses = Glasses { broken: 2, justified: 1, not_reviewed: 1, ..Glasses::default() };
    assert_eq!((report.glasses, report.overdue), (glasses, 1));
}

#[test]
fn only_what_happened_in_the_period_counts_with_what_became_of_it() {
    let report = count(PARTY, &log(), &duties(), days(4, 5));
    assert_eq!((report.granted, report.ended.total, report.accesses.total), (0, 0, 3));
    assert_eq!(report.records.matched, 1, "the second half came after the period");
    assert_eq!(report.faults, []);
    assert_eq!(count(PartyId::new(3), &log(), &duties(), days(0, 10)).accesses.total, 0);
}

#[test]
fn each_rule_is_named_where_it_does_not_hold() {
    let broken = |change: &dyn Fn(&mut Vec<LogEntry>, &mut Vec<DutyBody>)| {
        let (mut log, mut duties) = (log(), duties());
        change(&mut log, &mut duties);
        let faults = count(PARTY, &log, &duties, days(0, 10)).faults;
        faults.into_iter().map(|fault| fault.rule).collect::<Vec<_>>()
    };
    let push = |kind: &'static str, more: serde_json::Value| {
        move |log: &mut Vec<LogEntry>, _: &mut Vec<DutyBody>| {
            log.insert(0, entry(9, kind, &more));
        }
    };
    assert_eq!(broken(&push("revoked", about("consent", 1))), [Rule::EndedOnce]);
    assert_eq!(broken(&push("revoked", about("consent", 7))), [Rule::GivenBeforeEnded]);
    assert_eq!(broken(&push("access_permitted", about("access", 14))), [Rule::OneBasis]);
    assert_eq!(broken(&|_, duties| drop(duties.remove(0))), [Rule::HalvesAwaited]);
    assert_eq!(broken(&|_, duties| drop(duties.remove(1))), [Rule::ReviewsAwaited]);
}
