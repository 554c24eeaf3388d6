//! A witness through the life of a log: what it cosigns, what it refuses, and in what order.

use ledger_proof::checkpoint::Checkpoint;
use ledger_proof::note::{Checked, SignatureKind, VerifierKey, parse_signatures};
use ledger_proof::tile::TileReader;
use ledger_proof::witness::{AddCheckpoint, Latest, Refusal, RequestError, judge};
use ledger_types::Hash;

use crate::fixture::{Folder, head, log, signed, validator};

fn logs() -> Vec<VerifierKey> {
    vec![log().verifier(SignatureKind::Ed25519)]
}

fn request(old_size: u64, size: u64) -> AddCheckpoint {
    let folder = Folder::of(size);
    let proof = TileReader::new(&folder, size).consistency(old_size).unwrap();
    AddCheckpoint { old_size, proof, checkpoint: signed(head(size), &[]) }
}

fn latest(size: u64) -> Option<Latest> {
    Some(Latest { size, root: head(size).root })
}

#[test]
fn a_growing_log_is_cosigned_at_each_size() {
    let mut known = None;
    for (old, size) in [(0, 0), (0, 3), (3, 3), (3, 7), (7, 256), (256, 300)] {
        let made = request(old, size);
        let read = AddCheckpoint::parse(&made.to_string()).unwrap();
        assert_eq!(read, made);
        let accepted = judge(&read, &logs(), known).unwrap();
        assert_eq!(Some(accepted.latest()), latest(size));
        let cosignature = accepted.cosign(&validator(2), 1_767_225_600);
        let answer = parse_signatures(&format!("{cosignature}\n")).unwrap();
        let key = validator(2).verifier(SignatureKind::Cosignature);
        let checked = key.check(&accepted.checkpoint().to_string(), &answer[0]);
        assert_eq!(checked, Checked::Good { time: Some(1_767_225_600) });
        known = Some(accepted.latest());
    }
}

#[test]
fn refusals_come_in_the_specifications_order() {
    let unsigned = |request: AddCheckpoint, head: Checkpoint| {
        let signature = validator(0).sign(&head.to_string());
        AddCheckpoint { checkpoint: head.signed(vec![signature]).unwrap(), ..request }
    };
    let rewritten = |size: u64, old: u64| {
        let forged = Checkpoint { root: Hash::new([7; 32]), ..head(size) };
        AddCheckpoint { checkpoint: signed(forged, &[]), ..request(old, size) }
    };
    let mut shortened = request(3, 7);
    shortened.proof.pop();
    let mut padded = request(0, 7);
    padded.proof.push(Hash::ZERO);
    let mut same = request(7, 7);
    same.proof.push(Hash::ZERO);
    let backwards = AddCheckpoint { old_size: 7, ..request(0, 3) };
    let table = [
        (unsigned(request(3, 7), head(7)), latest(3), Refusal::NotSigned, 403),
        (backwards, latest(7), Refusal::OldSizeTooLarge, 400),
        (request(3, 7), latest(5), Refusal::Conflict { size: 5 }, 409),
        (request(3, 7), None, Refusal::Conflict { size: 0 }, 409),
        (request(0, 7), latest(7), Refusal::Conflict { size: 7 }, 409),
        (rewritten(0, 0), None, Refusal::EmptyRoot, 422),
        (rewritten(7, 3), latest(3), Refusal::Inconsistent, 422),
        (rewritten(7, 7), latest(7), Refusal::Inconsistent, 422),
        (shortened, latest(3), Refusal::Inconsistent, 422),
        (padded, None, Refusal::Inconsistent, 422),
        (same, latest(7), Refusal::Inconsistent, 422),
    ];
    for (request, known, refusal, status) in table {
        assert_eq!(judge(&request, &logs(), known), Err(refusal), "{request}");
        assert_eq!(refusal.status(), status);
    }
    assert_eq!(judge(&request(0, 1), &[], None), Err(Refusal::UnknownOrigin));
    assert_eq!(Refusal::UnknownOrigin.status(), 404);
}

#[test]
fn two_histories_of_one_size_are_never_both_cosigned() {
    let forged = Checkpoint { root: Hash::new([9; 32]), ..head(5) };
    let forged = AddCheckpoint { checkpoint: signed(forged, &[]), ..request(0, 5) };
    let first = judge(&request(0, 5), &logs(), None).unwrap().latest();
    assert!(judge(&forged, &logs(), None).is_ok(), "alone it looks like any log");
    assert!(judge(&forged, &logs(), Some(first)).is_err());
}

#[test]
fn what_is_no_request_is_refused() {
    let good = request(3, 7).to_string();
    for (from, to, error) in [
        ("old 3", "old 03", RequestError::OldSize),
        ("old 3", "new 3", RequestError::OldSize),
        ("old 3", "old 9223372036854775808", RequestError::OldSize),
        ("old 3\n", "old 3\nnot a hash\n", RequestError::Proof),
    ] {
        let body = good.replacen(from, to, 1);
        assert_eq!(AddCheckpoint::parse(&body).unwrap_err(), error, "{body}");
    }
    let line = good.lines().nth(1).unwrap();
    let long = good.replacen("old 3\n", &format!("old 3\n{}", format!("{line}\n").repeat(61)), 1);
    assert_eq!(AddCheckpoint::parse(&long).unwrap_err(), RequestError::Proof);
}
