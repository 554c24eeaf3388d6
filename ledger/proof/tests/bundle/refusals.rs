//! Every code has a bundle that gets it, from both verifiers.

use std::collections::BTreeSet;

use ledger_proof::bundle::{Bundle, Claim, Code, DecisionClaim, StateAnchor, TrustRoot};
use ledger_proof::note::KeyName;
use ledger_proof::record::consent_key;
use ledger_types::{Hash, Height, NetworkId, Timestamp};
use serde_json::json;

use crate::decisions::{decisions, purposes};
use crate::python::{one_line, ours, theirs};
use crate::recipients::{openings, recipients};
use crate::world::{
    NOW_MS, World, account_key, certified, certified_over, cosigner, decided, key, log_signer,
    of_before, set, trust,
};

pub(crate) struct Case {
    code: Code,
    document: Vec<u8>,
    pub(crate) trust: TrustRoot,
}

fn case(code: Code, bundle: &Bundle) -> Case {
    Case { code, document: one_line(bundle), trust: trust() }
}

/// A decision in a world that was changed.
pub(crate) fn decision(code: Code, change: impl FnOnce(&mut World)) -> Case {
    changed_decision(code, change, |_| ())
}

pub(crate) fn changed_decision(
    code: Code,
    change: impl FnOnce(&mut World),
    after: impl FnOnce(&mut DecisionClaim),
) -> Case {
    let mut world = World::new();
    change(&mut world);
    let mut claim = world.decision();
    after(&mut claim);
    case(code, &world.bundle(vec![Claim::Decision(Box::new(claim))]))
}

/// A bundle of the sample world with this one claim, changed.
fn changed(code: Code, claim: Option<Claim>, change: impl FnOnce(&mut Bundle)) -> Case {
    let mut bundle = World::new().bundle(claim.into_iter().collect());
    change(&mut bundle);
    case(code, &bundle)
}

fn receipt() -> Option<Claim> {
    Some(Claim::Receipt(World::new().entry(0)))
}

fn header() -> Option<Claim> {
    let new = set(&[1, 2, 3, 4]);
    Some(Claim::Header(Box::new(decided(60, &new, Hash::ZERO, &[1, 2, 3]))))
}

fn with_header(code: Code, change: impl FnOnce(&mut ledger_types::Header)) -> Case {
    let mut header = decided(60, &set(&[1, 2, 3, 4]), Hash::ZERO, &[]).header;
    change(&mut header);
    changed(code, Some(Claim::Header(Box::new(certified(header, &[1, 2, 3])))), |_| ())
}

fn documents() -> Vec<Case> {
    let whole = one_line(&World::new().bundle(vec![]));
    let other = String::from_utf8(whole.clone()).unwrap().replace("bundle/2", "bundle/1");
    let case = |code, document| Case { code, document, trust: trust() };
    vec![
        case(Code::TooLarge, vec![b' '; 16 * 1024 * 1024 + 1]),
        case(Code::UnknownFormat, other.into_bytes()),
        case(Code::Malformed, whole[..whole.len() - 1].to_vec()),
    ]
}

fn frames() -> Vec<Case> {
    let outsiders = set(&[0, 5, 6, 7]);
    vec![
        changed(Code::WrongGenesis, None, |b| b.genesis = Hash::ZERO),
        changed(Code::ValidatorsUntrusted, None, |b| {
            b.validators.as_mut().unwrap().set = set(&[0, 1, 2, 4]);
        }),
        changed(Code::ValidatorsUntrusted, None, |b| {
            b.validators.as_mut().unwrap().height = Height::new(2);
        }),
        changed(Code::ValidatorsMissing, None, |b| b.validators = None),
        changed(Code::ChangeOutOfOrder, None, |b| b.changes.push(b.changes[0].clone())),
        changed(Code::SetMismatch, None, |b| b.changes[0].set = set(&[1, 2, 3])),
        changed(Code::ChangeNotVouched, None, |b| {
            b.changes[0].decided = decided(50, &outsiders, Hash::ZERO, &[0, 5, 6, 7]);
            b.changes[0].set = outsiders;
        }),
        changed(Code::PolicyUntrusted, None, |b| b.log.as_mut().unwrap().policy.push('\n')),
        changed(Code::LogUnknown, None, |b| {
            resign(b, |head| head.origin = KeyName::new("other.example").unwrap());
        }),
        changed(Code::NoteSignatureInvalid, None, |b| {
            let log = b.log.as_mut().unwrap();
            let mut signatures = log.checkpoint.note().signatures().to_vec();
            signatures[2].bytes[71] ^= 1;
            log.checkpoint = log.checkpoint.checkpoint().clone().signed(signatures).unwrap();
        }),
        changed(Code::LogSignatureMissing, None, |b| {
            let log = b.log.as_mut().unwrap();
            let signatures = log.checkpoint.note().signatures()[1..].to_vec();
            log.checkpoint = log.checkpoint.checkpoint().clone().signed(signatures).unwrap();
        }),
        decision(Code::NoQuorum, |world| world.cosigners = vec![2, 3]),
    ]
}

/// Signs another head with everybody's keys.
fn resign(bundle: &mut Bundle, change: impl FnOnce(&mut ledger_proof::checkpoint::Checkpoint)) {
    let log = bundle.log.as_mut().unwrap();
    let mut head = log.checkpoint.checkpoint().clone();
    change(&mut head);
    let text = head.to_string();
    let cosigned = (0..4).map(|number| cosigner(number).cosign(&text, NOW_MS / 1000));
    let signatures = [log_signer().sign(&text)].into_iter().chain(cosigned).collect();
    log.checkpoint = head.signed(signatures).unwrap();
}

fn claims() -> Vec<Case> {
    let world = World::new();
    let state = |anchor| world.state_claim(anchor, account_key());
    let commit = |index| StateAnchor::Commit(world.entry(index));
    let mut elsewhere = state(commit(3));
    if let Claim::State { key, .. } = &mut elsewhere {
        *key = consent_key(&crate::world::consent_id());
    }
    let gap = ledger_proof::state::Key::of([0]);
    let mut out_of_gap = world.state_claim(commit(3), gap);
    if let Claim::State { key, .. } = &mut out_of_gap {
        *key = account_key();
    }
    let early = decided(0, &set(&[0, 1, 2, 3]), Hash::ZERO, &[0, 1, 2]);
    let mut moved = world.entry(0);
    moved.index = 1;
    vec![
        changed(Code::LogMissing, receipt(), |b| b.log = None),
        changed(Code::WrongEntryKind, Some(Claim::Receipt(world.entry(2))), |_| ()),
        changed(Code::WrongEntryKind, Some(state(commit(0))), |_| ()),
        changed(Code::NotInLog, Some(Claim::Receipt(moved)), |_| ()),
        changed(Code::StateRootMismatch, Some(state(commit(2))), |_| ()),
        changed(Code::StateRootMismatch, Some(elsewhere), |_| ()),
        changed(Code::StateNotInGap, Some(out_of_gap), |_| ()),
        changed(Code::ValidatorsMissing, header(), |b| {
            b.validators = None;
            b.changes.clear();
        }),
        changed(Code::HeaderBeforeTrust, Some(Claim::Header(Box::new(early))), |_| ()),
        changed(Code::SetMismatch, header(), |b| b.changes.clear()),
        with_header(Code::WrongNetwork, |h| h.network = NetworkId::new([0; 4])),
        with_header(Code::SetMismatch, |h| h.validators_hash = Hash::ZERO),
        changed_header(Code::CertificateMismatch, |d| d.header.time = Timestamp::from_millis(1)),
        changed_header(Code::CertificateMismatch, |d| d.certificate.height = Height::new(61)),
        changed_header(Code::CertificateInvalid, |d| d.certificate.signatures.truncate(2)),
        changed_header(Code::CertificateInvalid, |d| d.certificate.signatures.swap(0, 1)),
        changed_header(Code::CertificateInvalid, |d| {
            d.certificate.signatures[1].signature = d.certificate.signatures[0].signature;
        }),
        changed_header(Code::CertificateInvalid, |d| {
            d.certificate.signatures.push(d.certificate.signatures[2]);
        }),
        changed_header(Code::CertificateInvalid, |d| {
            let outsider = certified(d.header.clone(), &[0]).certificate.signatures[0];
            d.certificate.signatures.push(outsider);
            d.certificate.signatures.sort_by_key(|entry| entry.validator);
        }),
        changed_header(Code::CertificateInvalid, |d| {
            *d = certified_over(d.header.clone(), &[1, 2, 3], of_before);
        }),
    ]
}

fn changed_header(code: Code, change: impl FnOnce(&mut ledger_proof::bundle::Decided)) -> Case {
    let Some(Claim::Header(mut decided)) = header() else { panic!("a header") };
    change(&mut decided);
    changed(code, Some(Claim::Header(decided)), |_| ())
}

#[test]
fn every_code_is_given_and_both_verifiers_give_the_same() {
    let cases: Vec<Case> =
        [documents(), frames(), claims(), decisions(), purposes(), recipients(), openings()]
            .into_iter()
            .flatten()
            .collect();
    for case in &cases {
        let said = ours(&case.document, &case.trust);
        assert_eq!(said["code"], json!(case.code.as_str()), "{said}");
        assert_eq!(theirs(std::slice::from_ref(&case.document), &case.trust), [said]);
    }
    let given: BTreeSet<Code> = cases.iter().map(|case| case.code).collect();
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    assert_eq!(given, all);
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

#[test]
fn the_format_names_every_code_and_no_other() {
    let text = include_str!("../../FORMAT.md");
    let named = |code: &&Code| text.contains(&format!("`{}`", code.as_str()));
    assert!(Code::ALL.iter().all(|code| named(&code)), "FORMAT.md lacks a code");
    let in_brackets = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    let words = in_brackets.flat_map(|(inside, _)| inside.split(", "));
    for word in words.filter_map(|word| word.strip_prefix('`')?.strip_suffix('`')) {
        assert!(Code::ALL.iter().any(|code| code.as_str() == word), "{word} is no code");
    }
}

/// A withdrawal is in the next block: whoever shows the block before is refused, though its state
/// is in the log and the checkpoint is fresh.
#[test]
fn a_consent_as_it_was_before_its_withdrawal_permits_nothing() {
    let before = World::new();
    let mut after = World::new();
    after.put_consent(|c| c.ended = Some(Height::new(2)));
    let mut bundle = after.bundle(vec![Claim::Decision(Box::new(before.decision()))]);
    let said = ours(&one_line(&bundle), &trust());
    assert_eq!(said["code"], "not_in_log", "the state before is not in that log at all");
    bundle.claims = vec![Claim::Decision(Box::new(after.decision()))];
    assert_eq!(ours(&one_line(&bundle), &trust())["code"], "consent_ended");
}

#[test]
fn a_key_of_another_party_cannot_ask() {
    let mut world = World::new();
    world.request_keys = vec![0x70, 0x71];
    let said =
        ours(&one_line(&world.bundle(vec![Claim::Decision(Box::new(world.decision()))])), &trust());
    assert_eq!(said["code"], "request_unauthorised");
    assert_ne!(key(0x70).public_key(), key(0x60).public_key());
}
