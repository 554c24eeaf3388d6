//! From what is kept of an event to what the interface says of it.

use ledger::Duties;
use ledger::record::BasisKind;
use ledger_types::{AddressPrefix, Height};
use node_api::Address;
use node_api::body::operation::Json as _;
use node_api::body::{BasisName, DutyName, LogEntry, LogKind, Obligation, PairingName};

use super::{Item, Part};

/// An entry in JSON; `None` where its kind is not one that this program knows.
#[must_use]
pub fn entry(item: &Item, height: Height, prefix: &AddressPrefix) -> Option<LogEntry> {
    let mut entry = LogEntry {
        height,
        time: item.time.into(),
        transaction: item.transaction,
        kind: LogKind::from_number(item.kind)?,
        consent: None,
        subject: None,
        party: None,
        counterparty: None,
        by: None,
        access: None,
        basis: None,
        duties: vec![],
        until: None,
        deadline: None,
        half: None,
        pairing: None,
        hour: None,
        request: None,
        request_kind: None,
        outcome: None,
        notice: None,
        version: None,
        scheme: None,
        glass: None,
        finding: None,
        view: None,
        read: None,
        right: None,
        duty: None,
    };
    item.parts.iter().for_each(|part| say(&mut entry, part, prefix));
    Some(entry)
}

fn say(entry: &mut LogEntry, part: &Part, prefix: &AddressPrefix) {
    match *part {
        Part::Consent(consent) => entry.consent = Some(consent),
        Part::Subject(subject) => entry.subject = Some(Address::of(&subject, prefix)),
        Part::Party(party) => entry.party = Some(party),
        Part::Counterparty(party) => entry.counterparty = Some(party),
        Part::By(account) => entry.by = Some(Address::of(&account, prefix)),
        Part::Access(access) => entry.access = Some(access),
        Part::Basis(basis) => entry.basis = Some(basis_name(basis)),
        Part::Duties(bits) => entry.duties = obligations(bits),
        Part::Until(until) => entry.until = Some(until.into()),
        Part::Deadline(deadline) => entry.deadline = Some(deadline.into()),
        Part::Half(half) => entry.half = Some(half),
        Part::Pairing(number) => entry.pairing = pairing_name(number),
        Part::Hour(hour) => entry.hour = Some(hour),
        Part::Request(request) => entry.request = Some(request),
        Part::RequestKind(kind) => entry.request_kind = Some(kind),
        Part::Outcome(outcome) => entry.outcome = Some(outcome),
        Part::Notice(notice) => entry.notice = Some(notice),
        Part::Version(version) => entry.version = Some(version),
        Part::Scheme(scheme) => entry.scheme = Some(scheme),
        Part::Glass(glass) => entry.glass = Some(glass),
        Part::Finding(finding) => entry.finding = Some(finding),
        Part::View(view) => entry.view = Some(view),
        Part::Read(read) => entry.read = Some(read),
        Part::Right(right) => entry.right = Some(right.to_json(prefix)),
        Part::Duty(number) => entry.duty = duty_name(number),
    }
}

/// The name of a basis.
#[must_use]
pub(crate) const fn basis_name(basis: BasisKind) -> BasisName {
    match basis {
        BasisKind::Consent => BasisName::Consent,
        BasisKind::OptOut => BasisName::OptOut,
        BasisKind::JointUse => BasisName::JointUse,
        BasisKind::Exemption => BasisName::Exemption,
        BasisKind::BreakGlass => BasisName::BreakGlass,
    }
}

/// The names of what a permit obliges to.
#[must_use]
pub(crate) fn obligations(bits: u8) -> Vec<Obligation> {
    let all = [
        (Duties::RECORD_HALVES, Obligation::RecordHalves),
        (Duties::REVIEW, Obligation::Review),
        (Duties::NOTIFY, Obligation::Notify),
    ];
    let held = all.into_iter().filter(|(bit, _)| bits & bit.bits() != 0);
    held.map(|(_, name)| name).collect()
}

const fn pairing_name(number: u8) -> Option<PairingName> {
    match number {
        0 => Some(PairingName::Waiting),
        1 => Some(PairingName::Matched),
        2 => Some(PairingName::Mismatched),
        _ => None,
    }
}

const fn duty_name(number: u8) -> Option<DutyName> {
    match number {
        0 => Some(DutyName::Acknowledge),
        1 => Some(DutyName::Answer),
        2 => Some(DutyName::Match),
        3 => Some(DutyName::MatchHour),
        4 => Some(DutyName::Review),
        5 => Some(DutyName::Notify),
        _ => None,
    }
}
