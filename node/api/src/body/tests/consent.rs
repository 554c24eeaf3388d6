//! What the reads of the consent layer look like: names and forms that clients build on.

use ledger_types::operation::{Half, RequestKind};
use ledger_types::{ConsentId, Hash, Height, PartyId, Timestamp, TransactionId};

use super::super::operation::{AccessBasisBody, AuditScopeBody, ReadRightBody};
use super::super::{
    AccessBody, BasisName, DutyBody, DutyName, HolderHalfBody, LogEntry, LogKind, Obligation,
    PairingName, RegimeBody, ViewBody,
};
use super::{hash, prefix};
use crate::Address;
use crate::time::Time;

fn time(seconds: u64) -> Time {
    Timestamp::from_millis(1_790_000_000_000 + seconds * 1000).into()
}

fn subject() -> Address {
    Address::of(&ledger_types::AccountId::new([7; 20]), &prefix())
}

fn consent() -> ConsentId {
    ConsentId::new(hash(1))
}

/// An entry that says nothing but that it happened.
fn entry(kind: LogKind) -> LogEntry {
    let base = serde_json::json!({
        "height": 12, "time": time(0), "transaction": null, "kind": kind,
    });
    serde_json::from_value(base).unwrap()
}

fn shows<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + core::fmt::Debug>(
    body: &T,
    expected: &serde_json::Value,
) {
    assert_eq!(serde_json::to_value(body).unwrap(), *expected);
    assert_eq!(serde_json::from_value::<T>(expected.clone()).unwrap(), *body);
}

#[test]
fn a_permitted_access_in_a_log() {
    let body = LogEntry {
        transaction: Some(TransactionId::new(hash(9))),
        consent: Some(consent()),
        subject: Some(subject()),
        party: Some(PartyId::new(20)),
        access: Some(hash(2)),
        basis: Some(BasisName::Consent),
        duties: vec![Obligation::RecordHalves],
        until: Some(time(5)),
        ..entry(LogKind::AccessPermitted)
    };
    shows(
        &body,
        &serde_json::json!({
            "height": 12, "time": time(0), "transaction": hash(9), "kind": "access_permitted",
            "consent": hash(1), "subject": subject(), "party": 20, "access": hash(2),
            "basis": "consent", "duties": ["record_halves"], "until": time(5),
        }),
    );
}

#[test]
fn what_consensus_raised_has_no_transaction() {
    let body = LogEntry {
        consent: Some(consent()),
        party: Some(PartyId::new(4)),
        deadline: Some(time(1)),
        duty: Some(DutyName::Acknowledge),
        ..entry(LogKind::Overdue)
    };
    shows(
        &body,
        &serde_json::json!({
            "height": 12, "time": time(0), "transaction": null, "kind": "overdue",
            "consent": hash(1), "party": 4, "deadline": time(1), "duty": "acknowledge",
        }),
    );
}

#[test]
fn reads_and_halves_in_a_log() {
    let right = ReadRightBody::View { view: hash(3), consent: None };
    let read = LogEntry { read: Some(hash(4)), right: Some(right), ..entry(LogKind::LogRead) };
    shows(
        &read,
        &serde_json::json!({
            "height": 12, "time": time(0), "transaction": null, "kind": "log_read",
            "read": hash(4), "right": {"type": "view", "view": hash(3)},
        }),
    );
    let half = LogEntry {
        half: Some(Half::Holder),
        pairing: Some(PairingName::Mismatched),
        ..entry(LogKind::HalfRecorded)
    };
    shows(
        &half,
        &serde_json::json!({
            "height": 12, "time": time(0), "transaction": null, "kind": "half_recorded",
            "half": "holder", "pairing": "mismatched",
        }),
    );
}

#[test]
fn an_access_says_what_was_asked() {
    let body = AccessBody {
        access: hash(2),
        requester: PartyId::new(20),
        basis: BasisName::BreakGlass,
        consent: None,
        subject: None,
        at: time(0),
        valid_until: time(5),
        asked: Some(AccessBasisBody::BreakGlass { glass: hash(3) }),
        holder_half: Some(HolderHalfBody { holder: PartyId::new(4), disclosure: hash(5) }),
        recipient_half: None,
        pairing: PairingName::Waiting,
        deadline: Some(time(9)),
        overdue: None,
        height: Height::new(12),
    };
    shows(
        &body,
        &serde_json::json!({
            "access": hash(2), "requester": 20, "basis": "break_glass", "at": time(0),
            "valid_until": time(5), "asked": {"type": "break_glass", "glass": hash(3)},
            "holder_half": {"holder": 4, "disclosure": hash(5)}, "pairing": "waiting",
            "deadline": time(9), "height": 12,
        }),
    );
}

#[test]
fn a_duty_says_whose_turn_it_is() {
    let text = serde_json::json!({
        "duty": "answer", "deadline": time(9), "overdue": 7, "owed_by": 4,
        "subject": subject(), "request": hash(6), "request_kind": "erase",
    });
    let body: DutyBody = serde_json::from_value(text.clone()).unwrap();
    assert_eq!(body.request_kind, Some(RequestKind::Erase));
    shows(&body, &text);
}

#[test]
fn a_regime_without_a_version_and_a_view() {
    let rules = ledger_types::consent::RegimeRules::INITIAL;
    let text = serde_json::json!({"regime": "public_body", "version": 0, "rules": rules});
    shows(&serde_json::from_value::<RegimeBody>(text.clone()).unwrap(), &text);
    let view = ViewBody {
        view: hash(1),
        auditor: PartyId::new(5),
        scope: AuditScopeBody::All {},
        until: time(9),
        ground: Hash::ZERO,
        given_by: subject(),
        given: Height::new(3),
        ended: None,
        in_force: true,
    };
    shows(
        &view,
        &serde_json::json!({
            "view": hash(1), "auditor": 5, "scope": {"type": "all"}, "until": time(9),
            "ground": Hash::ZERO, "given_by": subject(), "given": 3, "in_force": true,
        }),
    );
}
