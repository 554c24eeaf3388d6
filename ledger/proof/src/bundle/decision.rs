//! Whether a request for data is permitted, judged offline by a data holder.
//!
//! The ledger's own `RequestAccess` decides the same from the same state; this judges a state that
//! is proved to be the latest of a checkpoint which a quorum cosigned within Δ of now. That a grant
//! is in the log says nothing of its withdrawal: only the state of the last block does.
//!
//! In order: the commit is an entry of the log, and its last; a quorum cosigned within Δ of now; the
//! block's time and the request's are within Δ of now; the requester is registered and not suspended,
//! uses data, has no review overdue, and its keys signed the request; the consent is in force and not
//! set aside, is not due for renewal, waits for no emergency, has a use left; the process is among
//! the terms and its purpose within the breadth; the opening, where there is one, is the process's.
//!
//! A consent for emergencies is refused: a bundle has no proof that one is in force. Such accesses
//! are decided by the ledger, or are broken glass.

use ledger_types::consent::{PartyStatus, Profile};
use ledger_types::hash::TAG_TERMS;
use ledger_types::merkle::verify_fixed_path;
use ledger_types::verify::verify;
use ledger_types::{BlockCommit, ConsentStatus, Hash, PartyRoles, Timestamp};

use super::error::Code;
use super::proved::Proved;
use super::verify::{Frame, LogFrame, value_of};
use super::{DecisionClaim, Opening};
use crate::record::{Consent, Notice, Party, Record, consent_key, notice_key, party_key};
use crate::request::{AccessRequest, SignedAccessRequest};
use crate::state::{Key, Proof};

/// Roles that use data; auditing alone or breaking glass alone is no use under a consent.
const USERS: PartyRoles = PartyRoles::CONTROLLER
    .with(PartyRoles::JOINT_USER)
    .with(PartyRoles::RECIPIENT)
    .with(PartyRoles::PROCESSOR)
    .with(PartyRoles::DATA_HOLDER);

pub(super) fn judge_decision(frame: &Frame<'_>, claim: &DecisionClaim) -> Result<Proved, Code> {
    let request = &claim.request.request;
    let now = frame.trust.now.ok_or(Code::TimeMissing)?;
    let delta = frame.trust.decision_validity_ms;
    let commit = frame.commit(&claim.commit)?;
    check_fresh(frame.log()?, claim, &commit, now, delta)?;
    let root = &commit.state_root;
    check_requester(claim, root, &frame.trust.genesis)?;
    let key = consent_key(&request.consent);
    let Some(consent) = record(&claim.consent, root, &key)?.and_then(Record::into_consent) else {
        return Err(Code::ConsentUnknown);
    };
    check_in_force(&consent, now)?;
    let key = notice_key(consent.controller, consent.notice);
    let Some(notice) = record(&claim.notice, root, &key)?.and_then(Record::into_notice) else {
        return Err(Code::NoticeUnknown);
    };
    check_usable(&consent, &notice, now)?;
    check_covered(&consent, request)?;
    if let Some(opening) = &claim.opening {
        check_opening(opening, &claim.request)?;
    }
    let consent_ends = ends(&consent);
    let until = commit.time.checked_add_millis(delta).unwrap_or(consent_ends);
    Ok(Proved::Decision {
        consent: request.consent,
        requester: request.requester,
        height: commit.height,
        process_commitment: request.leaf.commitment,
        sensitive: request.leaf.sensitive,
        process: claim.opening.as_ref().map(|opening| opening.process.clone()),
        valid_until: until.min(consent_ends),
    })
}

/// The commit is the checkpoint's last entry, and checkpoint, block and request are all of now.
fn check_fresh(
    log: &LogFrame<'_>,
    claim: &DecisionClaim,
    commit: &BlockCommit,
    now: Timestamp,
    delta: u64,
) -> Result<(), Code> {
    if claim.commit.index.checked_add(1) != Some(log.size) {
        return Err(Code::CommitNotLast);
    }
    let is_now = |millis: u64| millis.abs_diff(now.as_millis()) <= delta;
    let cosigned_now = |seconds: u64| seconds.checked_mul(1000).is_some_and(is_now);
    if !log.witnessed.is_quorum_where(&log.policy, cosigned_now) {
        return Err(Code::CheckpointStale);
    }
    if !is_now(commit.time.as_millis()) {
        return Err(Code::CommitStale);
    }
    if is_now(claim.request.request.time.as_millis()) { Ok(()) } else { Err(Code::RequestStale) }
}

/// The requester is registered, may act and use data, and signed.
fn check_requester(claim: &DecisionClaim, root: &Hash, genesis: &Hash) -> Result<(), Code> {
    let SignedAccessRequest { request, authorisations } = &claim.request;
    let key = party_key(request.requester);
    let Some(party) = record(&claim.party, root, &key)?.and_then(Record::into_party) else {
        return Err(Code::RequesterUnknown);
    };
    if party.status == PartyStatus::Suspended {
        return Err(Code::RequesterSuspended);
    }
    let Party { party: number, roles, overdue_reviews, authority, .. } = party;
    if number != request.requester || !roles.intersects(USERS) {
        return Err(Code::RoleMissing);
    }
    if overdue_reviews > 0 {
        return Err(Code::ReviewOverdue);
    }
    authority.authorise(authorisations).map_err(|_| Code::RequestUnauthorised)?;
    let message = request.signed_bytes(genesis);
    let all = authorisations.iter().all(|one| verify(&one.key, &message, &one.signature));
    if all { Ok(()) } else { Err(Code::RequestSignatureInvalid) }
}

fn check_in_force(consent: &Consent, now: Timestamp) -> Result<(), Code> {
    let ongoing = matches!(consent.status, ConsentStatus::Given | ConsentStatus::Suspended);
    if consent.ended.is_some() || !ongoing {
        return Err(Code::ConsentEnded);
    }
    if consent.expires <= now {
        return Err(Code::ConsentExpired);
    }
    if now < consent.valid_from {
        return Err(Code::ConsentNotYetValid);
    }
    let suspended = consent.status == ConsentStatus::Suspended;
    if suspended { Err(Code::ConsentSuspended) } else { Ok(()) }
}

fn check_usable(consent: &Consent, notice: &Notice, now: Timestamp) -> Result<(), Code> {
    let grown_up = consent.guardian.is_some_and(|guardian| guardian.until <= now);
    if consent.notice_version < notice.last_material_version || grown_up {
        return Err(Code::ConsentRenewalDue);
    }
    if consent.profile != Profile::Ordinary {
        return Err(Code::EmergencyUnproved);
    }
    let exhausted = consent.use_limit.is_some_and(|limit| consent.uses >= limit);
    if exhausted { Err(Code::ConsentUsesExhausted) } else { Ok(()) }
}

/// The process is among the terms, and its purpose within the breadth.
fn check_covered(consent: &Consent, request: &AccessRequest) -> Result<(), Code> {
    let (leaf, index) = (request.leaf.hash(), u64::from(request.leaf_index));
    if !verify_fixed_path(leaf, index, &request.path, &consent.terms_root) {
        return Err(Code::NotInTerms);
    }
    let (frozen, purpose) = (consent.frozen.as_ref(), request.purpose.as_ref());
    let covered = consent.breadth.covers(frozen, purpose, request.leaf.sensitive);
    if covered { Ok(()) } else { Err(Code::PurposeNotCovered) }
}

/// When the consent ends or falls due for renewal, if nothing else happens.
fn ends(consent: &Consent) -> Timestamp {
    consent.guardian.map_or(consent.expires, |guardian| guardian.until.min(consent.expires))
}

/// The process in clear is what the leaf commits to, and says the same of sensitive data.
fn check_opening(opening: &Opening, signed: &SignedAccessRequest) -> Result<(), Code> {
    let leaf = &signed.request.leaf;
    let commitment = Hash::of(&[TAG_TERMS, &opening.salt, opening.process.as_bytes()]);
    let process: Option<serde_json::Value> = serde_json::from_str(&opening.process).ok();
    let sensitive = process.as_ref().and_then(|process| process.get("sensitive")?.as_bool());
    if commitment == leaf.commitment && sensitive == Some(leaf.sensitive) {
        Ok(())
    } else {
        Err(Code::OpeningMismatch)
    }
}

/// The record of a key, of a layout that is known; none where the key has no record.
fn record(proof: &Proof, root: &Hash, key: &Key) -> Result<Option<Record>, Code> {
    let value = value_of(proof, root, key)?;
    value.map(|bytes| Record::decode(&bytes)).transpose().map_err(|_| Code::RecordUnknown)
}
