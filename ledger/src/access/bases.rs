//! Use without consent: opt-outs, joint use, exemptions by law, and broken glass.

use ledger_types::access::Duties;
use ledger_types::consent::Mechanism;
use ledger_types::operation::Finding;
use ledger_types::record::{BasisKind, Party};
use ledger_types::{Hash, LegalBasisId, PartyId, Regime, Rejection, Timestamp, refuse_if};

use super::request_access::Permit;
use crate::acting;
use crate::state::Books;

/// What is asked under an opt-out scheme.
pub(super) struct UnderOptOut {
    pub(super) controller: PartyId,
    pub(super) scheme: u32,
    pub(super) person: Hash,
    pub(super) sensitive: bool,
}

impl UnderOptOut {
    pub(super) fn decide(&self, books: &Books, now: Timestamp) -> Result<Permit, Rejection> {
        let scheme = books.opt_out(self.controller, self.scheme);
        let scheme = scheme.ok_or(Rejection::UnknownOptOut)?;
        let controller = books.party(self.controller).ok_or(Rejection::UnknownParty)?;
        acting::check_active(controller)?;
        let law = books.legal_basis(scheme.basis).ok_or(Rejection::UnknownLegalBasis)?;
        if law.mechanism != Mechanism::OptOut || !law.regimes.contains(controller.regime) {
            return Err(Rejection::LegalBasisRefused);
        }
        refuse_if(self.sensitive, Rejection::SensitiveRefused)?;
        refuse_if(now < scheme.wait_until, Rejection::OptOutWaiting { until: scheme.wait_until })?;
        if books.opt_out_stop(self.controller, self.scheme, &self.person).is_some() {
            return Err(Rejection::OptOutStopped);
        }
        Ok(without_consent(BasisKind::OptOut))
    }
}

/// The version is the one under which the data was collected: later users gain nothing by theirs.
pub(super) fn joint_use(
    books: &Books,
    requester: PartyId,
    controller: PartyId,
    scheme: u32,
    version: u32,
) -> Result<Permit, Rejection> {
    let record = books.joint_use(controller, scheme, version);
    let record = record.ok_or(Rejection::UnknownJointUse)?;
    acting::check_active(books.party(controller).ok_or(Rejection::UnknownParty)?)?;
    refuse_if(!record.users.contains(&requester), Rejection::NotAJointUser)?;
    Ok(without_consent(BasisKind::JointUse))
}

/// What is asked under an exemption by law.
pub(super) struct UnderExemption {
    pub(super) basis: LegalBasisId,
    pub(super) version: u32,
    pub(super) has_evidence: bool,
    pub(super) sensitive: bool,
}

impl UnderExemption {
    pub(super) fn decide(&self, books: &Books, regime: Regime) -> Result<Permit, Rejection> {
        let law = books.legal_basis(self.basis).ok_or(Rejection::UnknownLegalBasis)?;
        if law.version != self.version {
            return Err(Rejection::LegalBasisNotCurrent { current: law.version });
        }
        if law.mechanism != Mechanism::Exemption || !law.regimes.contains(regime) {
            return Err(Rejection::LegalBasisRefused);
        }
        refuse_if(self.sensitive && !law.sensitive_allowed, Rejection::SensitiveRefused)?;
        refuse_if(law.evidence_required && !self.has_evidence, Rejection::EvidenceMissing)?;
        Ok(without_consent(BasisKind::Exemption))
    }
}

pub(super) fn broken_glass(
    books: &Books,
    requester: &Party,
    glass: &Hash,
    now: Timestamp,
) -> Result<Permit, Rejection> {
    let record = books.glass(glass).ok_or(Rejection::UnknownGlass)?;
    refuse_if(record.opener != requester.party, Rejection::NotGlassOpener)?;
    if record.review.is_some_and(|review| review.finding == Finding::Unjustified) {
        return Err(Rejection::GlassReviewed);
    }
    refuse_if(record.until <= now, Rejection::GlassClosed { until: record.until })?;
    let duties = Duties::RECORD_HALVES.with(Duties::REVIEW).with(Duties::NOTIFY);
    Ok(Permit { ends: Some(record.until), duties, ..without_consent(BasisKind::BreakGlass) })
}

fn without_consent(kind: BasisKind) -> Permit {
    Permit { kind, consent: None, ends: None, duties: Duties::RECORD_HALVES }
}
