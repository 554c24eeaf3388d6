//! Whether a request for data is permitted, judged offline by a data holder.
//!
//! The ledger's own `RequestAccess` decides by the same [rule](crate::rule); this judges a state
//! that is proved to be the latest of a checkpoint which a quorum cosigned within Δ of now. That a
//! grant is in the log says nothing of its withdrawal: only the state of the last block does.
//!
//! In order: the commit is an entry of the log, and its last; a quorum cosigned within Δ of now;
//! the block's time and the request's are within Δ of now; the request is to this holder, where the
//! verifier says who it is; the requester is registered and not suspended, uses data, has no review
//! overdue, and its keys signed the request; the consent is in force and not set aside, is not due
//! for renewal, waits for no emergency; the process is among the terms, for the requester, and its
//! purpose within the breadth; a use is left; the opening, where there is one, is the process's.
//!
//! A consent for emergencies is refused: a bundle has no proof that one is in force. Such accesses
//! are decided by the ledger, or are broken glass.

use ledger_types::hash::TAG_TERMS;
use ledger_types::verify::verify;
use ledger_types::{BlockCommit, Hash, Timestamp, refuse_if};

use super::error::Code;
use super::proved::Proved;
use super::verify::{Frame, LogFrame, value_of};
use super::{DecisionClaim, Opening};
use crate::record::{
    Consent, JointUse, Party, Record, consent_key, joint_use_key, notice_key, party_key,
};
use crate::request::SignedAccessRequest;
use crate::state::{Key, Proof};
use ledger_types::consent::Denial;

pub(super) fn judge_decision(frame: &Frame<'_>, claim: &DecisionClaim) -> Result<Proved, Code> {
    let request = &claim.request.request;
    let now = frame.trust.now.ok_or(Code::TimeMissing)?;
    let delta = frame.trust.decision_validity_ms;
    let commit = frame.commit(&claim.commit)?;
    check_fresh(frame.log()?, claim, &commit, now, delta)?;
    let is_for_another = frame.trust.holder.is_some_and(|holder| holder != request.holder);
    refuse_if(is_for_another, Code::NotThisHolder)?;
    let root = &commit.state_root;
    let requester = check_requester(claim, root, &frame.trust.genesis)?;
    let key = consent_key(&request.consent);
    let Some(consent) = record(&claim.consent, root, &key)?.and_then(Record::into_consent) else {
        return Err(Code::ConsentUnknown);
    };
    let consent_ends = check_in_force(&consent, claim, root, now)?;
    let circle = circle(claim, &consent, root)?;
    request.asked().check(&consent, &requester, circle.as_deref())?;
    consent.check_uses(0)?;
    if let Some(opening) = &claim.opening {
        check_opening(opening, &claim.request)?;
    }
    let until = commit.time.checked_add_millis(delta).unwrap_or(consent_ends);
    Ok(Proved::Decision {
        consent: request.consent,
        requester: request.requester,
        holder: request.holder,
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
    refuse_if(claim.commit.index.checked_add(1) != Some(log.size), Code::CommitNotLast)?;
    let is_now = |millis: u64| millis.abs_diff(now.as_millis()) <= delta;
    let cosigned_now = |seconds: u64| seconds.checked_mul(1000).is_some_and(is_now);
    refuse_if(!log.witnessed.is_quorum_where(&log.policy, cosigned_now), Code::CheckpointStale)?;
    refuse_if(!is_now(commit.time.as_millis()), Code::CommitStale)?;
    if is_now(claim.request.request.time.as_millis()) { Ok(()) } else { Err(Code::RequestStale) }
}

/// The requester, which is registered, may act and use data, and signed.
fn check_requester(claim: &DecisionClaim, root: &Hash, genesis: &Hash) -> Result<Party, Code> {
    let SignedAccessRequest { request, authorisations } = &claim.request;
    let key = party_key(request.requester);
    let Some(party) = record(&claim.party, root, &key)?.and_then(Record::into_party) else {
        return Err(Code::RequesterUnknown);
    };
    party.check_active()?;
    refuse_if(party.party != request.requester, Code::RoleMissing)?;
    party.check_user()?;
    party.authority.authorise(authorisations).map_err(|_| Code::RequestUnauthorised)?;
    let message = request.signed_bytes(genesis);
    let all = authorisations.iter().all(|one| verify(&one.key, &message, &one.signature));
    if all { Ok(party) } else { Err(Code::RequestSignatureInvalid) }
}

/// The version of the scheme of joint use that the process is for, where it is for one.
fn circle(
    claim: &DecisionClaim,
    consent: &Consent,
    root: &Hash,
) -> Result<Option<Box<JointUse>>, Code> {
    let named = claim.request.request.asked().circle().zip(claim.joint_use.as_ref());
    let Some(((scheme, version), proof)) = named else { return Ok(None) };
    let key = joint_use_key(consent.controller, scheme, version);
    Ok(record(proof, root, &key)?.and_then(Record::into_joint_use))
}

/// Until when the consent stays in force; what its own record says comes before the notice's proof.
fn check_in_force(
    consent: &Consent,
    claim: &DecisionClaim,
    root: &Hash,
    now: Timestamp,
) -> Result<Timestamp, Code> {
    consent.check_own(now)?;
    let key = notice_key(consent.controller, consent.notice);
    let notice = record(&claim.notice, root, &key)?.and_then(Record::into_notice);
    let unproved = |_| None;
    Ok(consent.in_force(notice.as_ref(), unproved, now)?)
}

impl From<Denial> for Code {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::PartySuspended => Self::RequesterSuspended,
            Denial::PartyRoleMissing => Self::RoleMissing,
            Denial::ReviewOverdue => Self::ReviewOverdue,
            Denial::ConsentEnded { .. } => Self::ConsentEnded,
            Denial::ConsentExpired { .. } => Self::ConsentExpired,
            Denial::ConsentNotYetValid { .. } => Self::ConsentNotYetValid,
            Denial::ConsentSuspended => Self::ConsentSuspended,
            Denial::UnknownNotice => Self::NoticeUnknown,
            Denial::ConsentRenewalDue => Self::ConsentRenewalDue,
            // No bundle has a proof that an emergency is in force.
            Denial::EmergencyNotInForce => Self::EmergencyUnproved,
            Denial::NotInTerms => Self::NotInTerms,
            Denial::NotTheRecipient => Self::NotTheRecipient,
            Denial::PurposeNotCovered => Self::PurposeNotCovered,
            Denial::ConsentUsesExhausted => Self::ConsentUsesExhausted,
        }
    }
}

/// The process in clear is what the leaf commits to, and says the same of sensitive data and of the
/// recipient.
fn check_opening(opening: &Opening, signed: &SignedAccessRequest) -> Result<(), Code> {
    let leaf = &signed.request.leaf;
    let commitment = Hash::of(&[TAG_TERMS, &opening.salt, opening.process.as_bytes()]);
    let process: Option<serde_json::Value> = serde_json::from_str(&opening.process).ok();
    let sensitive = process.as_ref().and_then(|process| process.get("sensitive")?.as_bool());
    let recipient = process.as_ref().and_then(|process| process.get("recipient"));
    let is_the_leafs = commitment == leaf.commitment
        && sensitive == Some(leaf.sensitive)
        && recipient == serde_json::to_value(leaf.recipient).ok().as_ref();
    refuse_if(!is_the_leafs, Code::OpeningMismatch)
}

/// The record of a key, of a layout that is known; none where the key has no record.
fn record(proof: &Proof, root: &Hash, key: &Key) -> Result<Option<Record>, Code> {
    let value = value_of(proof, root, key)?;
    value.map(|bytes| Record::decode(&bytes)).transpose().map_err(|_| Code::RecordUnknown)
}
