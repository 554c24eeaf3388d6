//! No text or bytes make a parser panic, and what is read is written the same.

use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::note::{Note, VerifierKey, parse_signatures};
use ledger_proof::policy::Policy;
use ledger_proof::state::{Key, Proof};
use ledger_proof::tile::{Tile, decode_entries, encode_entries};
use ledger_proof::tlog_proof::TlogProof;
use ledger_proof::witness::AddCheckpoint;
use ledger_types::{Hash, codec};
use proptest::prelude::*;

use crate::fixture::{head, policy, signed};

/// Reads a text as everything; whatever reads it writes it back.
fn read_all(text: &str) {
    if let Ok(read) = Note::parse(text) {
        assert_eq!(read.to_string(), text);
    }
    if let Ok(read) = Checkpoint::parse(text) {
        assert_eq!(read.to_string(), text);
    }
    if let Ok(read) = SignedCheckpoint::parse(text) {
        assert_eq!(read.to_string(), text);
        let _ = policy().judge(&read);
    }
    if let Ok(read) = TlogProof::parse(text) {
        assert_eq!(read.to_string(), text);
    }
    if let Ok(read) = AddCheckpoint::parse(text) {
        assert_eq!(read.to_string(), text);
    }
    if let Ok(read) = VerifierKey::parse(text) {
        assert_eq!(read.to_string(), text);
    }
    if let Ok(read) = Tile::parse(text) {
        assert_eq!(read.path(), text);
    }
    if let Ok(read) = Policy::parse(text) {
        assert_eq!(Policy::parse(&read.to_string()), Ok(read));
    }
    let _ = parse_signatures(text);
}

fn samples() -> Vec<String> {
    let checkpoint = signed(head(4), &[0, 1]);
    let path = vec![Hash::new([5; 32]); 2];
    let proof = TlogProof { extra: Some(vec![1]), index: 3, path, checkpoint: checkpoint.clone() };
    let request = AddCheckpoint { old_size: 2, proof: proof.path.clone(), checkpoint };
    vec![proof.to_string(), request.to_string(), policy().to_string()]
}

proptest! {
    #[test]
    fn random_text_panics_nowhere(text in any::<String>(), lines in "([ -~—\n]{0,40}\n){0,8}") {
        read_all(&text);
        read_all(&lines);
    }

    #[test]
    fn mangled_texts_panic_nowhere(
        which in 0..3_usize, at in any::<prop::sample::Index>(), with in any::<char>(), cut: bool,
    ) {
        let text = samples().swap_remove(which);
        let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let at = starts[at.index(starts.len())];
        let (before, after) = text.split_at(at);
        let mut rest = after.chars();
        rest.next();
        read_all(&if cut { before.to_owned() } else { format!("{before}{with}{}", rest.as_str()) });
    }

    #[test]
    fn random_bytes_panic_nowhere(bytes in prop::collection::vec(any::<u8>(), 0..1300)) {
        if let Ok(entries) = decode_entries(&bytes) {
            prop_assert_eq!(encode_entries(entries), Ok(bytes.clone()));
        }
        if let Ok(proof) = codec::decode::<Proof>(&bytes, bytes.len()) {
            prop_assert_eq!(codec::encode(&proof), bytes.clone());
            let _ = proof.verify(&Hash::ZERO, &Key::of(*b"key"));
        }
        if let Ok(text) = core::str::from_utf8(&bytes) {
            read_all(text);
        }
    }
}
