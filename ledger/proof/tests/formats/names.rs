//! What a note, a key and a checkpoint must not be.

use ledger_proof::checkpoint::{CheckpointError, SignedCheckpoint};
use ledger_proof::note::{KeyError, KeyName, Note, NoteError, VerifierKey};

use crate::fixture::{head, signed};

#[test]
fn names_hold_no_spaces_plus_signs_or_control_characters() {
    for bad in ["", "a b", "a\u{a0}b", "a\u{3000}", "a+b", "a\nb", "a\u{1}", "\u{2028}"] {
        assert_eq!(KeyName::new(bad), None, "{bad:?}");
    }
    assert!(KeyName::new(&"a".repeat(255)).is_some());
    assert!(KeyName::new(&"a".repeat(256)).is_none());
    assert_eq!(KeyName::new("共助.example").unwrap().as_str(), "共助.example");
}

#[test]
fn a_note_has_one_form() {
    let line = "— a.example AAAAAAA=\n";
    let good = format!("text\n\nmore\n\n{line}");
    let note = Note::parse(&good).unwrap();
    assert_eq!((note.text(), note.signatures().len()), ("text\n\nmore\n", 1));
    assert_eq!(note.to_string(), good);
    let bad = NoteError::BadSignatureLine { line: 1 };
    for (text, error) in [
        (String::new(), NoteError::NoSignatures),
        ("text\n".to_owned(), NoteError::NoSignatures),
        ("text\n\n".to_owned(), NoteError::NoSignatures),
        (format!("\n\n{line}"), NoteError::NoSignatures),
        (format!("te\txt\n\n{line}"), NoteError::ControlCharacter),
        (format!("te\rxt\n\n{line}"), NoteError::ControlCharacter),
        (format!("text\n\n{}", line.trim_end()), bad),
        ("text\n\n- a.example AAAAAAA=\n".to_owned(), bad),
        ("text\n\n— a.example AAAAAAA\n".to_owned(), bad),
        ("text\n\n— a.example AAAAAAB=\n".to_owned(), bad),
        ("text\n\n— a.example AAAAAA==\n".to_owned(), bad),
        ("text\n\n— a+b AAAAAAA=\n".to_owned(), bad),
        ("text\n\n—  AAAAAAA=\n".to_owned(), bad),
        (format!("text\n\n{line}x\n"), NoteError::BadSignatureLine { line: 2 }),
        (format!("text\n\n{}", line.repeat(257)), NoteError::TooManySignatures),
        (format!("{}\n\n{line}", "x".repeat(64 * 1024)), NoteError::TooLarge),
    ] {
        assert_eq!(Note::parse(&text).unwrap_err(), error, "{text:.40}");
    }
}

#[test]
fn a_checkpoint_has_three_lines() {
    let good = signed(head(3), &[]).to_string();
    let table = [
        ("\n3\n", "\n03\n", CheckpointError::Size),
        ("\n3\n", "\n+3\n", CheckpointError::Size),
        ("\n3\n", "\n9223372036854775808\n", CheckpointError::Size),
        ("ledger.example/consent\n3", "ledger example\n3", CheckpointError::Origin),
        ("=\n\n", "\n\n", CheckpointError::Root),
        ("=\n\n", "=\nextension\n\n", CheckpointError::Extension),
    ];
    assert!(SignedCheckpoint::parse(&good).is_ok());
    for (from, to, error) in table {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        assert_eq!(SignedCheckpoint::parse(&text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn a_verifier_key_is_bound_to_its_name_and_type() {
    let good = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    for (from, to, error) in [
        ("foo", "fop", KeyError::WrongId),
        ("530d903a", "530D903A", KeyError::WrongId),
        ("+AekyeR", "+BOkyeR", KeyError::WrongId),
        ("+AekyeR", "+AukyeR", KeyError::UnknownKind { number: 2 }),
        ("v3U2k", "v3U2k=", KeyError::Malformed),
        ("+530d903a", "", KeyError::Malformed),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        assert_eq!(VerifierKey::parse(&text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn a_key_of_small_order_is_refused() {
    use ledger_proof::note::SignatureKind;
    let mut bytes = [0; 32];
    bytes[0] = 1;
    let key = ledger_types::PublicKey::Ed25519(bytes);
    let kind = SignatureKind::Ed25519;
    let weak = VerifierKey { name: KeyName::new("weak").unwrap(), kind, key };
    assert_eq!(VerifierKey::parse(&weak.to_string()), Err(KeyError::BadKey));
}
