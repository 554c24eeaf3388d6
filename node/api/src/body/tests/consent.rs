//! What the reads of the consent layer look like: names and forms that clients build on.

use ledger_types::access::{
    AccessBasis, AccessPermitted, BasisKind, Duties, Half, HalfRecorded, Pairing,
};
use ledger_types::oversight::{AccessLogRead, AuditScope, Duty, Overdue, ReadRight};
use ledger_types::person::RequestKind;
use ledger_types::{
    AccountId, ConsentId, Event, Hash, Height, Json as _, PartyId, Timestamp, TransactionId,
};

use super::super::{
    AccessBody, AccessStep, AccessStepBody, DutyBody, HolderHalfBody, LogEntry, RegimeBody,
    ViewBody,
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

/// An entry as the interface says it, which must be of this event.
fn says(event: impl Into<Event>, expected: &serde_json::Value) {
    let event = event.into();
    let entry = LogEntry {
        height: Height::new(12),
        time: time(0),
        transaction: None,
        event: event.in_json(&prefix()),
    };
    assert_eq!(entry.event(&prefix()), Ok(event));
    shows(
        &entry,
        &serde_json::json!({
            "height": 12, "time": time(0), "transaction": null, "event": expected,
        }),
    );
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
    let event = AccessPermitted {
        access: hash(2),
        basis: BasisKind::Consent,
        consent: Some(consent()),
        subject: Some(AccountId::new([7; 20]).into()),
        controller: Some(PartyId::new(4)),
        requester: PartyId::new(20),
        duties: Duties::RECORD_HALVES,
        valid_until: time(5).get(),
    };
    says(
        event,
        &serde_json::json!({
            "type": "access_permitted", "access": hash(2), "basis": "consent", "consent": hash(1),
            "subject": subject(), "controller": 4, "requester": 20, "duties": ["record_halves"],
            "valid_until": time(5),
        }),
    );
}

#[test]
fn what_consensus_raised_has_no_transaction() {
    let event = Overdue {
        duty: Duty::Acknowledge(consent()),
        debtor: PartyId::new(4),
        deadline: time(1).get(),
        counterparty: None,
        consent: Some(consent()),
        subject: None,
        controller: None,
    };
    says(
        event,
        &serde_json::json!({
            "type": "overdue", "duty": {"type": "acknowledge", "consent": hash(1)}, "debtor": 4,
            "deadline": time(1), "consent": hash(1),
        }),
    );
}

#[test]
fn reads_and_halves_in_a_log() {
    let read = AccessLogRead {
        read: hash(4),
        subject: AccountId::new([7; 20]).into(),
        reader: PartyId::new(5),
        right: ReadRight::View { view: hash(3), consent: None },
        bank: None,
        zone: None,
    };
    says(
        read,
        &serde_json::json!({
            "type": "access_log_read", "read": hash(4), "subject": subject(), "reader": 5,
            "right": {"type": "view", "view": hash(3)},
        }),
    );
    let half = HalfRecorded {
        access: hash(2),
        half: Half::Holder,
        party: PartyId::new(4),
        requester: PartyId::new(20),
        pairing: Pairing::Mismatched,
        consent: None,
        subject: None,
        controller: None,
    };
    says(
        half,
        &serde_json::json!({
            "type": "half_recorded", "access": hash(2), "half": "holder", "party": 4,
            "requester": 20, "pairing": "mismatched",
        }),
    );
}

#[test]
fn an_access_says_what_was_asked() {
    let body = AccessBody {
        access: hash(2),
        requester: PartyId::new(20),
        basis: BasisKind::BreakGlass,
        consent: None,
        subject: None,
        holder: hash(6),
        named: Some(PartyId::new(4)),
        at: time(0),
        valid_until: time(5),
        asked: Some(AccessBasis::BreakGlass { glass: hash(3) }),
        holder_half: Some(HolderHalfBody { holder: PartyId::new(4), disclosure: hash(5) }),
        recipient_half: None,
        pairing: Pairing::Waiting,
        deadline: Some(time(9)),
        overdue: None,
        ended: false,
        steps: vec![AccessStepBody {
            step: AccessStep::HolderHalf,
            height: Height::new(11),
            time: time(1),
            transaction: Some(TransactionId::new(hash(7))),
            operation: Some(0),
            entry: Some(40),
        }],
        height: Height::new(12),
    };
    shows(
        &body,
        &serde_json::json!({
            "access": hash(2), "requester": 20, "basis": "break_glass", "holder": hash(6), "named": 4, "at": time(0),
            "valid_until": time(5), "asked": {"type": "break_glass", "glass": hash(3)},
            "holder_half": {"holder": 4, "disclosure": hash(5)}, "pairing": "waiting",
            "deadline": time(9), "ended": false, "height": 12,
            "steps": [{
                "step": "holder_half", "height": 11, "time": time(1), "transaction": hash(7),
                "operation": 0, "entry": 40,
            }],
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
        scope: AuditScope::All.to_json(&prefix()).unwrap(),
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
    assert_eq!(view.scope(&prefix()), Ok(AuditScope::All));
}
