//! The counting behind a report, with the rules that its totals keep. Pure.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::access::{BasisKind, Pairing};
use ledger_types::event::{
    AccessPermitted, ConsentEnded, ConsentGranted, ConsentWithdrawn, GlassBroken, GlassReviewed,
    HalfRecorded, Overdue, SubjectNotified,
};
use ledger_types::oversight::{DutyKind, Finding};
use ledger_types::{ConsentId, ConsentStatus, Event, Hash, PartyId, Timestamp};
use node_api::body::DutyBody;
use serde::Serialize;

/// How many things happened in the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    pub(crate) granted: usize,
    pub(crate) ended: Ended,
    pub(crate) accesses: Accesses,
    pub(crate) records: Records,
    pub(crate) overdue: usize,
    pub(crate) glasses: Glasses,
    pub(crate) faults: Vec<Fault>,
}

/// Endings by who ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Ended {
    pub(crate) total: usize,
    pub(crate) withdrawn: usize,
    pub(crate) revoked: usize,
    pub(crate) invalidated: usize,
    pub(crate) refused: usize,
}

/// Accesses that the party was permitted, by basis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Accesses {
    pub(crate) total: usize,
    pub(crate) consent: usize,
    pub(crate) opt_out: usize,
    pub(crate) joint_use: usize,
    pub(crate) exemption: usize,
    pub(crate) break_glass: usize,
}

/// The records of those accesses, as they stand now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Records {
    pub(crate) matched: usize,
    pub(crate) mismatched: usize,
    pub(crate) half: usize,
    pub(crate) none: usize,
}

/// Glasses that the party broke, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Glasses {
    pub(crate) broken: usize,
    pub(crate) justified: usize,
    pub(crate) unjustified: usize,
    pub(crate) not_reviewed: usize,
    pub(crate) told: usize,
}

/// Two numbers that should be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    pub(crate) one: usize,
    pub(crate) other: usize,
}

/// What a report's numbers keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rule {
    /// Endings are as many as the consents that ended: none ends twice.
    EndedOnce,
    /// Every consent that ended was given before.
    GivenBeforeEnded,
    /// Every access has one basis.
    OneBasis,
    /// Every access has one standing of its record.
    OneRecord,
    /// Half records are as many as the ledger waits for.
    HalvesAwaited,
    /// Glasses that nobody reviewed are as many as the ledger waits for.
    ReviewsAwaited,
}

impl Rule {
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::EndedOnce => "label-rule-ended-once",
            Self::GivenBeforeEnded => "label-rule-given-before-ended",
            Self::OneBasis => "label-rule-one-basis",
            Self::OneRecord => "label-rule-one-record",
            Self::HalvesAwaited => "label-rule-halves-awaited",
            Self::ReviewsAwaited => "label-rule-reviews-awaited",
        }
    }
}

impl Report {
    /// Lines with the depth at which they stand.
    pub(crate) const fn lines(&self) -> [(&'static str, usize, usize); 24] {
        let (ended, accesses) = (&self.ended, &self.accesses);
        let (records, glasses) = (&self.records, &self.glasses);
        [
            ("label-report-granted", 0, self.granted),
            ("label-report-ended", 0, ended.total),
            ("label-log-withdrawn", 1, ended.withdrawn),
            ("label-log-revoked", 1, ended.revoked),
            ("label-log-invalidated", 1, ended.invalidated),
            ("label-log-refused", 1, ended.refused),
            ("label-report-accesses", 0, accesses.total),
            ("label-basis-consent", 1, accesses.consent),
            ("label-basis-opt-out", 1, accesses.opt_out),
            ("label-basis-joint-use", 1, accesses.joint_use),
            ("label-basis-exemption", 1, accesses.exemption),
            ("label-basis-break-glass", 1, accesses.break_glass),
            ("label-report-records", 0, accesses.total),
            ("label-report-matched", 1, records.matched),
            ("label-report-mismatched", 1, records.mismatched),
            ("label-report-half", 1, records.half),
            ("label-report-none", 1, records.none),
            ("label-report-overdue", 0, self.overdue),
            ("label-report-glasses", 0, glasses.broken),
            ("label-justified", 1, glasses.justified),
            ("label-unjustified", 1, glasses.unjustified),
            ("label-report-not-reviewed", 1, glasses.not_reviewed),
            ("label-report-told", 0, glasses.told),
            ("label-report-faults", 0, self.faults.len()),
        ]
    }
}

/// What happened, and when.
pub(crate) type Entry = (Timestamp, Event);

/// Counts what the party did from `from` until before `to`.
///
/// `log` is the party's whole log and `duties` all that is open now; what became of something in the
/// period counts whenever it happened.
pub(crate) fn count(
    party: PartyId,
    log: &[Entry],
    duties: &[DutyBody],
    (from, to): (Timestamp, Timestamp),
) -> Report {
    let within = |(at, _): &&Entry| (from..to).contains(at);
    let period: Vec<&Event> = log.iter().filter(within).map(|(_, event)| event).collect();
    let log: Vec<&Event> = log.iter().map(|(_, event)| event).collect();
    let granted = all(&period, ConsentGranted::of).filter(|granted| granted.controller == party);
    let overdue = all(&period, Overdue::of).filter(|overdue| overdue.debtor == party);
    let mut report =
        Report { granted: granted.count(), overdue: overdue.count(), ..Report::default() };
    count_endings(&mut report, party, &log, &period);
    count_accesses(&mut report, party, &log, &period, duties);
    count_glasses(&mut report, party, &log, &period, duties);
    report
}

/// Every event of one type, newest first.
fn all<'e, T: 'e>(
    events: &[&'e Event],
    of: impl Fn(&'e Event) -> Option<&'e T>,
) -> impl Iterator<Item = &'e T> {
    events.iter().filter_map(move |event| of(event))
}

fn must_equal(report: &mut Report, rule: Rule, one: usize, other: usize) {
    if one != other {
        report.faults.push(Fault { rule, one, other });
    }
}

fn count_endings(report: &mut Report, party: PartyId, log: &[&Event], period: &[&Event]) {
    let withdrawn = all(period, ConsentWithdrawn::of)
        .filter(|withdrawn| withdrawn.controller == party)
        .map(|withdrawn| (withdrawn.consent, ConsentStatus::Withdrawn));
    let by_others = all(period, ConsentEnded::of)
        .filter(|ended| ended.controller == party)
        .map(|ended| (ended.consent, ended.status));
    let ended: Vec<(ConsentId, ConsentStatus)> = withdrawn.chain(by_others).collect();
    let consents: BTreeSet<ConsentId> = ended.iter().map(|(consent, _)| *consent).collect();
    let given: BTreeSet<ConsentId> =
        all(log, ConsentGranted::of).map(|granted| granted.consent).collect();
    let with = |status| ended.iter().filter(|(_, found)| *found == status).count();
    report.ended = Ended {
        total: consents.len(),
        withdrawn: with(ConsentStatus::Withdrawn),
        revoked: with(ConsentStatus::Revoked),
        invalidated: with(ConsentStatus::Invalidated),
        refused: with(ConsentStatus::Refused),
    };
    let Ended { withdrawn, revoked, invalidated, refused, .. } = report.ended;
    let by_kind = withdrawn + revoked + invalidated + refused;
    must_equal(report, Rule::EndedOnce, consents.len(), by_kind);
    let known = consents.intersection(&given).count();
    must_equal(report, Rule::GivenBeforeEnded, consents.len(), known);
}

fn count_accesses(
    report: &mut Report,
    party: PartyId,
    log: &[&Event],
    period: &[&Event],
    duties: &[DutyBody],
) {
    let permits: Vec<&AccessPermitted> =
        all(period, AccessPermitted::of).filter(|permit| permit.requester == party).collect();
    let permitted: BTreeSet<Hash> = permits.iter().map(|permit| permit.access).collect();
    let on = |basis| permits.iter().filter(|permit| permit.basis == basis).count();
    report.accesses = Accesses {
        total: permitted.len(),
        consent: on(BasisKind::Consent),
        opt_out: on(BasisKind::OptOut),
        joint_use: on(BasisKind::JointUse),
        exemption: on(BasisKind::Exemption),
        break_glass: on(BasisKind::BreakGlass),
    };
    let Accesses { consent, opt_out, joint_use, exemption, break_glass, .. } = report.accesses;
    let by_basis = consent + opt_out + joint_use + exemption + break_glass;
    must_equal(report, Rule::OneBasis, permitted.len(), by_basis);

    // The log is newest first, so the first entry of an access says how its record stands.
    let mut pairing: BTreeMap<Hash, Pairing> = BTreeMap::new();
    for half in all(log, HalfRecorded::of).filter(|half| permitted.contains(&half.access)) {
        pairing.entry(half.access).or_insert(half.pairing);
    }
    let stand = |wanted| pairing.values().filter(|found| **found == wanted).count();
    let records = Records {
        matched: stand(Pairing::Matched),
        mismatched: stand(Pairing::Mismatched),
        half: stand(Pairing::Waiting),
        none: permitted.iter().filter(|access| !pairing.contains_key(*access)).count(),
    };
    let standing = records.matched + records.mismatched + records.half + records.none;
    let awaited = duties.iter().filter(|duty| {
        duty.duty == DutyKind::Match
            && duty.pairing == Some(Pairing::Waiting)
            && duty.access.is_some_and(|access| permitted.contains(&access))
    });
    let awaited = awaited.count();
    must_equal(report, Rule::OneRecord, permitted.len(), standing);
    must_equal(report, Rule::HalvesAwaited, records.half, awaited);
    report.records = records;
}

fn count_glasses(
    report: &mut Report,
    party: PartyId,
    log: &[&Event],
    period: &[&Event],
    duties: &[DutyBody],
) {
    let broken: BTreeSet<Hash> = all(period, GlassBroken::of)
        .filter(|broken| broken.opener == party)
        .map(|broken| broken.glass)
        .collect();
    let found = |finding| {
        all(log, GlassReviewed::of)
            .filter(|review| review.finding == finding && broken.contains(&review.glass))
            .count()
    };
    let (justified, unjustified) = (found(Finding::Justified), found(Finding::Unjustified));
    let told = all(log, SubjectNotified::of).filter(|told| broken.contains(&told.glass));
    let awaited = duties.iter().filter(|duty| {
        duty.duty == DutyKind::Review && duty.glass.is_some_and(|glass| broken.contains(&glass))
    });
    let reviewed = justified + unjustified;
    let awaited = awaited.count();
    report.glasses = Glasses {
        broken: broken.len(),
        justified,
        unjustified,
        not_reviewed: broken.len().saturating_sub(reviewed),
        told: told.count(),
    };
    must_equal(report, Rule::ReviewsAwaited, broken.len(), reviewed + awaited);
}

#[cfg(test)]
mod tests;
