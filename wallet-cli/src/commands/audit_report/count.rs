//! The counting behind a report, with the rules that its totals keep. Pure.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::operation::Finding;
use ledger_types::{ConsentId, Hash, PartyId, Timestamp};
use node_api::body::{BasisName, DutyBody, DutyName, LogEntry, LogKind, PairingName};
use serde::Serialize;

/// How many things happened in the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    pub(super) granted: usize,
    pub(super) ended: Ended,
    pub(super) accesses: Accesses,
    pub(super) records: Records,
    pub(super) overdue: usize,
    pub(super) glasses: Glasses,
    pub(super) faults: Vec<Fault>,
}

/// Endings by who ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Ended {
    pub(super) total: usize,
    pub(super) withdrawn: usize,
    pub(super) revoked: usize,
    pub(super) invalidated: usize,
    pub(super) refused: usize,
}

/// Accesses that the party was permitted, by basis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Accesses {
    pub(super) total: usize,
    pub(super) consent: usize,
    pub(super) opt_out: usize,
    pub(super) joint_use: usize,
    pub(super) exemption: usize,
    pub(super) break_glass: usize,
}

/// The records of those accesses, as they stand now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Records {
    pub(super) matched: usize,
    pub(super) mismatched: usize,
    pub(super) half: usize,
    pub(super) none: usize,
}

/// Glasses that the party broke, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Glasses {
    pub(super) broken: usize,
    pub(super) justified: usize,
    pub(super) unjustified: usize,
    pub(super) not_reviewed: usize,
    pub(super) told: usize,
}

/// Two numbers that should be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Fault {
    pub(super) rule: Rule,
    pub(super) one: usize,
    pub(super) other: usize,
}

/// What a report's numbers keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rule {
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
    pub(super) const fn key(self) -> &'static str {
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
    pub(super) const fn lines(&self) -> [(&'static str, usize, usize); 24] {
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

/// Counts what the party did from `from` until before `to`.
///
/// `log` is the party's whole log and `duties` all that is open now; what became of something in the
/// period counts whenever it happened.
pub(super) fn count(
    party: PartyId,
    log: &[LogEntry],
    duties: &[DutyBody],
    (from, to): (Timestamp, Timestamp),
) -> Report {
    let within = |entry: &&LogEntry| (from..to).contains(&entry.time.get());
    let period: Vec<&LogEntry> = log.iter().filter(within).collect();
    let mut report = Report {
        granted: of_kind(&period, party, LogKind::Given),
        overdue: of_kind(&period, party, LogKind::Overdue),
        ..Report::default()
    };
    count_endings(&mut report, party, log, &period);
    count_accesses(&mut report, party, log, &period, duties);
    count_glasses(&mut report, party, log, &period, duties);
    report
}

fn of_kind(entries: &[&LogEntry], party: PartyId, kind: LogKind) -> usize {
    entries.iter().filter(|entry| entry.kind == kind && entry.party == Some(party)).count()
}

fn must_equal(report: &mut Report, rule: Rule, one: usize, other: usize) {
    if one != other {
        report.faults.push(Fault { rule, one, other });
    }
}

fn count_endings(report: &mut Report, party: PartyId, log: &[LogEntry], period: &[&LogEntry]) {
    const ENDINGS: [LogKind; 4] =
        [LogKind::Withdrawn, LogKind::Revoked, LogKind::Invalidated, LogKind::Refused];
    let ended: Vec<&&LogEntry> = period
        .iter()
        .filter(|entry| ENDINGS.contains(&entry.kind) && entry.party == Some(party))
        .collect();
    let consents: BTreeSet<ConsentId> = ended.iter().filter_map(|entry| entry.consent).collect();
    let given: BTreeSet<ConsentId> = log
        .iter()
        .filter(|entry| entry.kind == LogKind::Given)
        .filter_map(|entry| entry.consent)
        .collect();
    let [withdrawn, revoked, invalidated, refused] =
        ENDINGS.map(|kind| of_kind(period, party, kind));
    report.ended = Ended { total: consents.len(), withdrawn, revoked, invalidated, refused };
    let by_kind = withdrawn + revoked + invalidated + refused;
    must_equal(report, Rule::EndedOnce, consents.len(), by_kind);
    let known = consents.intersection(&given).count();
    must_equal(report, Rule::GivenBeforeEnded, consents.len(), known);
}

fn count_accesses(
    report: &mut Report,
    party: PartyId,
    log: &[LogEntry],
    period: &[&LogEntry],
    duties: &[DutyBody],
) {
    let permitted: BTreeMap<Hash, Option<BasisName>> = period
        .iter()
        .filter(|entry| entry.kind == LogKind::AccessPermitted && entry.party == Some(party))
        .filter_map(|entry| Some((entry.access?, entry.basis)))
        .collect();
    let on = |basis| permitted.values().filter(|found| **found == Some(basis)).count();
    report.accesses = Accesses {
        total: permitted.len(),
        consent: on(BasisName::Consent),
        opt_out: on(BasisName::OptOut),
        joint_use: on(BasisName::JointUse),
        exemption: on(BasisName::Exemption),
        break_glass: on(BasisName::BreakGlass),
    };
    let Accesses { consent, opt_out, joint_use, exemption, break_glass, .. } = report.accesses;
    let by_basis = consent + opt_out + joint_use + exemption + break_glass;
    must_equal(report, Rule::OneBasis, permitted.len(), by_basis);

    // The log is newest first, so the first entry of an access says how its record stands.
    let mut pairing: BTreeMap<Hash, PairingName> = BTreeMap::new();
    for entry in log.iter().filter(|entry| entry.kind == LogKind::HalfRecorded) {
        if let (Some(access), Some(found)) = (entry.access, entry.pairing)
            && permitted.contains_key(&access)
        {
            pairing.entry(access).or_insert(found);
        }
    }
    let stand = |wanted| pairing.values().filter(|found| **found == wanted).count();
    let records = Records {
        matched: stand(PairingName::Matched),
        mismatched: stand(PairingName::Mismatched),
        half: stand(PairingName::Waiting),
        none: permitted.keys().filter(|access| !pairing.contains_key(*access)).count(),
    };
    let standing = records.matched + records.mismatched + records.half + records.none;
    let awaited = duties.iter().filter(|duty| {
        duty.duty == DutyName::Match
            && duty.pairing == Some(PairingName::Waiting)
            && duty.access.is_some_and(|access| permitted.contains_key(&access))
    });
    let awaited = awaited.count();
    must_equal(report, Rule::OneRecord, permitted.len(), standing);
    must_equal(report, Rule::HalvesAwaited, records.half, awaited);
    report.records = records;
}

fn count_glasses(
    report: &mut Report,
    party: PartyId,
    log: &[LogEntry],
    period: &[&LogEntry],
    duties: &[DutyBody],
) {
    let broken: BTreeSet<Hash> = period
        .iter()
        .filter(|entry| entry.kind == LogKind::GlassBroken && entry.party == Some(party))
        .filter_map(|entry| entry.glass)
        .collect();
    let about = |entry: &&LogEntry| entry.glass.is_some_and(|glass| broken.contains(&glass));
    let found = |finding| {
        log.iter()
            .filter(about)
            .filter(|entry| entry.kind == LogKind::GlassReviewed && entry.finding == Some(finding))
            .count()
    };
    let (justified, unjustified) = (found(Finding::Justified), found(Finding::Unjustified));
    let told = log.iter().filter(about).filter(|entry| entry.kind == LogKind::SubjectNotified);
    let awaited = duties.iter().filter(|duty| {
        duty.duty == DutyName::Review && duty.glass.is_some_and(|glass| broken.contains(&glass))
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
