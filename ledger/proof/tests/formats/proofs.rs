//! Offline proofs of single entries.

use ledger_proof::policy::PolicyFailure;
use ledger_proof::tile::TileReader;
use ledger_proof::tlog_proof::{TlogProof, TlogProofError, TlogProofFailure};

use crate::fixture::{Folder, entry, head, policy, signed};

fn proof(index: u64, size: u64, cosigners: &[u8]) -> TlogProof {
    let folder = Folder::of(size);
    let path = TileReader::new(&folder, size).inclusion(index).unwrap();
    TlogProof { extra: None, index, path, checkpoint: signed(head(size), cosigners) }
}

#[test]
fn every_entry_of_a_log_is_proved_and_no_other() {
    for index in [0, 1, 128, 255, 256, 299] {
        let made = proof(index, 300, &[0, 1, 2]);
        let read = TlogProof::parse(&made.to_string()).unwrap();
        assert_eq!(read, made);
        assert!(read.verify(&policy(), &entry(index)).is_ok());
        let other = read.verify(&policy(), &entry(index + 1));
        assert_eq!(other, Err(TlogProofFailure::NotIncluded));
    }
    let few = proof(0, 300, &[0]).verify(&policy(), &entry(0)).unwrap_err();
    assert_eq!(few, TlogProofFailure::Policy(PolicyFailure::NoQuorum { count: 1 }));
}

#[test]
fn extra_data_is_carried_and_trusted_by_nobody() {
    for extra in [&b""[..], b"anything at all"] {
        let made = TlogProof { extra: Some(extra.to_vec()), ..proof(3, 5, &[1, 2, 3]) };
        let read = TlogProof::parse(&made.to_string()).unwrap();
        assert_eq!(read.extra.as_deref(), Some(extra));
        assert!(read.verify(&policy(), &entry(3)).is_ok());
    }
}

#[test]
fn every_byte_of_a_proof_counts() {
    let text = proof(2, 5, &[0, 1, 2]).to_string();
    let whole = TlogProof::parse(&text).unwrap();
    assert_eq!(whole.to_string(), text);
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(tampered) = String::from_utf8(bytes) else { continue };
            let Ok(read) = TlogProof::parse(&tampered) else { continue };
            assert_eq!(read.to_string(), tampered, "a text has one form");
            let refused = read.verify(&policy(), &entry(2)).is_err();
            assert!(refused, "byte {at} bit {bit} of\n{text}");
        }
    }
}

#[test]
fn what_is_no_proof_is_refused() {
    let good = proof(2, 5, &[0]).to_string();
    let table = [
        ("@v1", "@v2", TlogProofError::Header),
        ("index 2", "index 02", TlogProofError::Index),
        ("index 2", "Index 2", TlogProofError::Index),
        ("index 2", "extra ?\nindex 2", TlogProofError::Extra),
        ("index 2\n", "index 2\nxx\n", TlogProofError::Path),
    ];
    for (from, to, error) in table {
        let text = good.replacen(from, to, 1);
        assert_eq!(TlogProof::parse(&text).unwrap_err(), error, "{text}");
    }
    let hash = good.lines().nth(2).unwrap();
    let long =
        good.replacen("index 2\n", &format!("index 2\n{}", format!("{hash}\n").repeat(61)), 1);
    assert_eq!(TlogProof::parse(&long).unwrap_err(), TlogProofError::Path);
}
