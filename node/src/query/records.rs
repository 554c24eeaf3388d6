//! Bodies of the consent layer's records: public registries, accesses, duties and oversight.

use ledger::State;
use ledger_types::operation::AccessBasis;
use ledger_types::oversight::Duty;
use ledger_types::record::{Acknowledgement, Glass, Pairing};
use ledger_types::registry::RegimeRules;
use ledger_types::{AccountId, Hash, Json as _, LegalBasisId, PartyId, Regime, VocabularyId};
use node_api::Address;
use node_api::body::{
    AccessBody, AcknowledgedBody, AcknowledgementBody, DutyBody, EmergencyBody, EndorsementBody,
    GlassBody, HolderHalfBody, JointUseBody, LegalBasisBody, OptOutBody, ReconsentBody, RegimeBody,
    RequestAnswerBody, RequestBody, ReviewBody, TermsBody, ViewBody, VocabularyBody,
};

use super::{FoundAccess, Step};
use crate::store::Owed;

fn address(state: &State, account: &AccountId) -> Address {
    Address::of(account, state.address_prefix())
}

/// A legal basis.
#[must_use]
pub fn legal_basis(state: &State, basis: LegalBasisId) -> Option<LegalBasisBody> {
    let record = state.legal_basis(basis)?;
    Some(LegalBasisBody {
        basis,
        version: record.version,
        code: record.code.clone(),
        statute_date: record.statute_date,
        content_hash: record.content_hash,
        mechanism: record.mechanism,
        regimes: record.regimes,
        evidence_required: record.evidence_required,
        sensitive_allowed: record.sensitive_allowed,
        published: record.published,
    })
}

/// A regime's deadlines; the ledger's own where none were published.
#[must_use]
pub fn regime(state: &State, regime: Regime) -> RegimeBody {
    let record = state.regime(regime);
    RegimeBody {
        regime,
        version: record.map_or(0, |record| record.version),
        statute_date: record.map(|record| record.statute_date),
        rules: record.map_or(RegimeRules::INITIAL, |record| record.rules),
        published: record.map(|record| record.published),
    }
}

/// A version of a vocabulary.
#[must_use]
pub fn vocabulary(state: &State, vocabulary: VocabularyId, version: u32) -> Option<VocabularyBody> {
    let record = state.vocabulary(vocabulary, version)?;
    Some(VocabularyBody {
        vocabulary,
        version,
        root: record.root,
        nodes: record.nodes,
        content_hash: record.content_hash,
        published: record.published,
    })
}

/// A version of a scheme of joint use.
#[must_use]
pub fn joint_use(
    state: &State,
    controller: PartyId,
    scheme: u32,
    version: u32,
) -> Option<JointUseBody> {
    let record = state.joint_use(controller, scheme, version)?;
    Some(JointUseBody {
        controller,
        scheme,
        version,
        users: record.users.clone(),
        items_hash: record.items_hash,
        purpose_hash: record.purpose_hash,
        responsible: record.responsible,
        notice: record.notice,
        notice_version: record.notice_version,
        published: record.published,
    })
}

/// A scheme that people may object to.
#[must_use]
pub fn opt_out(state: &State, controller: PartyId, scheme: u32) -> Option<OptOutBody> {
    let record = state.opt_out(controller, scheme)?;
    Some(OptOutBody {
        controller,
        scheme,
        filing_hash: record.filing_hash,
        prohibited_hash: record.prohibited_hash,
        wait_until: record.wait_until.into(),
        basis: record.basis,
        notified: record.notified,
    })
}

/// What a controller pays for data.
#[must_use]
pub fn terms(state: &State, controller: PartyId, terms: u32) -> Option<TermsBody> {
    let record = state.terms(controller, terms)?;
    Some(TermsBody {
        controller,
        terms,
        payer: address(state, &record.payer),
        unit_hash: record.unit_hash,
        zone: record.zone,
        published: record.published,
    })
}

/// A request for renewals.
#[must_use]
pub fn reconsent(state: &State, request: &Hash) -> Option<ReconsentBody> {
    let record = state.reconsent(request)?;
    Some(ReconsentBody {
        request: *request,
        controller: record.controller,
        notice: record.notice,
        version: record.version,
        reason: record.reason,
        deadline: record.deadline.into(),
        requested: record.requested,
        is_open: state.time() < record.deadline,
    })
}

/// An area's emergency; one that nobody endorses is not in force.
#[must_use]
pub fn emergency(state: &State, area: u32) -> EmergencyBody {
    let record = state.emergency(area);
    let endorsements = record.iter().flat_map(|record| &record.endorsements);
    let in_force_until = record.and_then(|record| record.in_force_until(state.time()));
    EmergencyBody {
        area,
        in_force_until: in_force_until.map(Into::into),
        endorsements: endorsements
            .map(|endorsement| EndorsementBody {
                member: address(state, &endorsement.account),
                is_city: endorsement.is_city,
                until: endorsement.until.into(),
                ground: endorsement.ground,
                given: endorsement.given,
            })
            .collect(),
    }
}

/// A permitted access, with what happened to it and what was asked where that is known.
#[must_use]
pub fn access(
    state: &State,
    (access, found): (&Hash, &FoundAccess),
    steps: &[Step],
    asked: Option<AccessBasis>,
) -> AccessBody {
    let FoundAccess { record, ended } = found;
    let holder_half = record.holder_half.map(|half| {
        let (holder, disclosure) = (half.holder, half.disclosure);
        HolderHalfBody { holder, disclosure }
    });
    AccessBody {
        access: *access,
        requester: record.requester,
        basis: record.basis,
        consent: record.consent,
        subject: record.subject.map(|subject| address(state, &subject)),
        holder: record.holder,
        named: record.named,
        at: record.at.into(),
        valid_until: record.valid_until.into(),
        asked,
        holder_half,
        recipient_half: record.recipient_half,
        pairing: record.pairing(),
        deadline: record.deadline.map(Into::into),
        overdue: record.overdue,
        ended: *ended,
        steps: steps.iter().map(Step::body).collect(),
        height: state.height(),
    }
}

/// What a controller owes since a consent has ended.
#[must_use]
pub fn acknowledgement(record: &Acknowledgement) -> AcknowledgementBody {
    let done = record.done.as_ref().map(|done| AcknowledgedBody {
        stopped_at: done.stopped_at.into(),
        deletion: done.deletion,
        propagated_to: done.propagated_to.clone(),
        height: done.height,
    });
    AcknowledgementBody { deadline: record.deadline.into(), done, overdue: record.overdue }
}

/// What a subject asked of a controller.
#[must_use]
pub fn request(state: &State, request: &Hash) -> Option<RequestBody> {
    let record = state.subject_request(request)?;
    Some(RequestBody {
        request: *request,
        subject: address(state, &record.subject),
        controller: record.controller,
        kind: record.kind,
        commitment: record.commitment,
        asked: record.asked,
        deadline: record.deadline.into(),
        answer: record.answer.map(|answer| RequestAnswerBody {
            outcome: answer.outcome,
            commitment: answer.commitment,
            answered: answer.answered,
        }),
        overdue: record.overdue,
    })
}

/// A broken glass.
#[must_use]
pub fn glass(state: &State, glass: &Hash) -> Option<GlassBody> {
    let record = state.glass(glass)?;
    Some(GlassBody {
        glass: *glass,
        opener: record.opener,
        person: record.person,
        scope: record.scope,
        ground: record.ground,
        opened: record.opened.into(),
        until: record.until.into(),
        recorded: record.recorded,
        review_deadline: record.review_deadline.into(),
        review: record.review.map(|review| ReviewBody {
            reviewer: review.reviewer,
            finding: review.finding,
            commitment: review.commitment,
            height: review.height,
        }),
        review_overdue: record.review_overdue,
        notify_deadline: record.notify_deadline.into(),
        notified: record.notified,
        notify_overdue: record.notify_overdue,
    })
}

/// An auditor's right to read.
#[must_use]
pub fn view(state: &State, view: &Hash) -> Option<ViewBody> {
    let record = state.audit_view(view)?;
    Some(ViewBody {
        view: *view,
        auditor: record.auditor,
        scope: record.scope.to_json(state.address_prefix()).unwrap_or_default(),
        until: record.until.into(),
        ground: record.ground,
        given_by: address(state, &record.given_by),
        given: record.given,
        ended: record.ended,
        in_force: record.is_in_force(state.time()),
    })
}

/// What is owed; `None` where its record is gone.
#[must_use]
pub fn duty(state: &State, owed: &Owed) -> Option<DutyBody> {
    let base = DutyBody {
        duty: owed.duty.kind(),
        deadline: owed.deadline.into(),
        overdue: None,
        owed_by: None,
        consent: None,
        subject: None,
        request: None,
        request_kind: None,
        access: None,
        holder: None,
        recipient: None,
        hour: None,
        pairing: None,
        glass: None,
        opener: None,
    };
    match &owed.duty {
        Duty::Acknowledge(consent) => {
            let record = state.acknowledgement(consent)?;
            let subject = state.consent(consent).map(|record| address(state, &record.subject));
            let (overdue, owed_by) = (record.overdue, Some(record.controller));
            Some(DutyBody { overdue, owed_by, consent: Some(*consent), subject, ..base })
        }
        Duty::Answer(request) => {
            let record = state.subject_request(request)?;
            Some(DutyBody {
                overdue: record.overdue,
                owed_by: Some(record.controller),
                subject: Some(address(state, &record.subject)),
                request: Some(*request),
                request_kind: Some(record.kind),
                ..base
            })
        }
        Duty::Match(access) => of_access(state, access, &base),
        Duty::MatchHour { holder, recipient, hour } => {
            let record = state.disclosures(*holder, *recipient, *hour)?;
            let owed_by = match (record.holder_half, record.recipient_half) {
                (None, _) => Some(*holder),
                (Some(_), None) => Some(*recipient),
                (Some(_), Some(_)) => None,
            };
            Some(DutyBody {
                overdue: record.overdue,
                owed_by,
                holder: Some(*holder),
                recipient: Some(*recipient),
                hour: Some(*hour),
                pairing: Some(record.pairing()),
                ..base
            })
        }
        Duty::Review(glass) => {
            of_glass(state, glass, |record| DutyBody { overdue: record.review_overdue, ..base })
        }
        Duty::Notify(glass) => of_glass(state, glass, |record| {
            let owed_by = Some(record.opener);
            DutyBody { overdue: record.notify_overdue, owed_by, ..base }
        }),
    }
}

fn of_access(state: &State, access: &Hash, base: &DutyBody) -> Option<DutyBody> {
    let record = state.access(access)?;
    Some(DutyBody {
        overdue: record.overdue,
        owed_by: (record.pairing() == Pairing::Waiting).then(|| record.debtor()),
        consent: record.consent,
        subject: record.subject.map(|subject| address(state, &subject)),
        access: Some(*access),
        holder: record.known_holder(),
        recipient: Some(record.requester),
        pairing: Some(record.pairing()),
        ..base.clone()
    })
}

fn of_glass(
    state: &State,
    glass: &Hash,
    owed: impl FnOnce(&Glass) -> DutyBody,
) -> Option<DutyBody> {
    let record = state.glass(glass)?;
    Some(DutyBody { glass: Some(*glass), opener: Some(record.opener), ..owed(record) })
}

/// Whether a party may review a broken glass: it audits, and is of another organisation.
#[must_use]
pub fn may_review(state: &State, party: PartyId, glass: &Hash) -> bool {
    let opener = state.glass(glass).and_then(|record| state.party(record.opener));
    let (Some(auditor), Some(opener)) = (state.party(party), opener) else { return false };
    let number = auditor.corporate_number;
    let shared = number.is_some() && number == opener.corporate_number;
    auditor.roles.intersects(ledger_types::PartyRoles::AUDITOR)
        && auditor.party != opener.party
        && !shared
}
