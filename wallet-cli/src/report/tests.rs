//! A report adds up where the log is whole, and names the rule where it is not.

use super::*;
use ledger_types::Whose;
use ledger_types::access::{Duties, Half};
use ledger_types::oversight::Duty;

const PARTY: PartyId = PartyId::new(2);

fn instant(day: u64) -> Timestamp {
    Timestamp::from_millis(1_795_273_200_000 + day * 86_400_000)
}

fn at(day: u64) -> serde_json::Value {
    serde_json::to_value(node_api::Time::new(instant(day))).unwrap()
}

/// What happened on a day.
fn entry(day: u64, event: impl Into<Event>) -> Entry {
    (instant(day), event.into())
}

const fn id(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn given(consent: u8) -> ConsentGranted {
    let consent = ConsentId::new(id(consent));
    ConsentGranted { consent, subject: Whose::Hidden, controller: PARTY, by: None }
}

fn revoked(consent: u8) -> ConsentEnded {
    let (subject, by, status) = (Whose::Hidden, Whose::Hidden, ConsentStatus::Revoked);
    ConsentEnded { consent: ConsentId::new(id(consent)), subject, controller: PARTY, status, by }
}

fn permitted(access: u8, basis: BasisKind) -> AccessPermitted {
    AccessPermitted {
        access: id(access),
        basis,
        consent: None,
        subject: None,
        controller: None,
        requester: PARTY,
        duties: Duties::default(),
        valid_until: instant(30),
    }
}

fn half(access: u8, pairing: Pairing) -> HalfRecorded {
    HalfRecorded {
        access: id(access),
        half: Half::Holder,
        party: PARTY,
        requester: PARTY,
        pairing,
        consent: None,
        subject: None,
        controller: None,
    }
}

fn broken(glass: u8) -> GlassBroken {
    GlassBroken { glass: id(glass), opener: PARTY, until: instant(30) }
}

fn overdue() -> Overdue {
    Overdue {
        duty: Duty::Acknowledge(ConsentId::new(id(1))),
        debtor: PARTY,
        deadline: instant(8),
        counterparty: None,
        consent: None,
        subject: None,
        controller: None,
    }
}

/// Newest first, as a node gives it.
fn log() -> Vec<Entry> {
    let (reviewer, finding) = (PartyId::new(9), Finding::Justified);
    let withdrawn = ConsentWithdrawn {
        consent: ConsentId::new(id(1)),
        subject: Whose::Hidden,
        controller: PARTY,
    };
    vec![
        entry(9, half(11, Pairing::Matched)),
        entry(8, overdue()),
        entry(7, GlassReviewed { glass: id(21), opener: PARTY, reviewer, finding }),
        entry(6, broken(22)),
        entry(6, broken(21)),
        entry(5, half(12, Pairing::Waiting)),
        entry(5, half(11, Pairing::Waiting)),
        entry(4, permitted(13, BasisKind::BreakGlass)),
        entry(4, permitted(12, BasisKind::Exemption)),
        entry(4, permitted(11, BasisKind::Consent)),
        entry(3, withdrawn),
        entry(2, given(2)),
        entry(1, given(1)),
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
    (instant(from), instant(to))
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
    let faults = |change: &dyn Fn(&mut Vec<Entry>, &mut Vec<DutyBody>)| {
        let (mut log, mut duties) = (log(), duties());
        change(&mut log, &mut duties);
        let found = count(PARTY, &log, &duties, days(0, 10)).faults;
        found.into_iter().map(|fault| fault.rule).collect::<Vec<_>>()
    };
    let push = |event: Event| {
        move |log: &mut Vec<Entry>, _: &mut Vec<DutyBody>| log.insert(0, entry(9, event.clone()))
    };
    assert_eq!(faults(&push(revoked(1).into())), [Rule::EndedOnce]);
    assert_eq!(faults(&push(revoked(7).into())), [Rule::GivenBeforeEnded]);
    assert_eq!(faults(&push(permitted(11, BasisKind::OptOut).into())), [Rule::OneBasis]);
    assert_eq!(faults(&|_, duties| drop(duties.remove(0))), [Rule::HalvesAwaited]);
    assert_eq!(faults(&|_, duties| drop(duties.remove(1))), [Rule::ReviewsAwaited]);
}
