//! The vector that independent verifiers agreed on, byte for byte.

use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::note::{SignatureKind, VerifierKey};

use crate::fixture::{head, log, policy, signed, validator};

const CHECKPOINT_TEXT: &str =
    "ledger.example/consent\n300\nZ+M+AcMhTnWXIBYz9xE5ConVq+b+0mEezNq8QtrdV9g=\n";
const LOG_KEY: &str =
    "ledger.example/consent+24389b90+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
const V0_KEY: &str = "validator.example/v0+f3db6b26+BFycbfJhycuEBHV3aq782US0BTKPqyj5s6le9ASQ096E";
const LOG_LINE: &str = "— ledger.example/consent JDibkPSYgLjXuzxAy4yGIjS5H6874MQb9ko8GxeEYP7OcSIa\
                        AEB154MNnHtu9zLXXiYXXKNtD3K2wNBQ5it6tfR1pQw=";
const V0_LINE: &str = "— validator.example/v0 89trJgAAAABpVbkA0U3MAWW1D9R6DdQUrZLXw2l8sljzg/Vtvves\
                       pOi3lfaCWLMyGBJRZK0HXqqpHV6cIxBwTYKMsfUYKJBWfERcAA==";

#[test]
fn the_vector_is_made_bit_for_bit() {
    assert_eq!(head(300).to_string(), CHECKPOINT_TEXT);
    assert_eq!(log().verifier(SignatureKind::Ed25519).to_string(), LOG_KEY);
    assert_eq!(validator(0).verifier(SignatureKind::Cosignature).to_string(), V0_KEY);
    let checkpoint = signed(head(300), &[0]).to_string();
    assert_eq!(checkpoint, format!("{CHECKPOINT_TEXT}\n{LOG_LINE}\n{V0_LINE}\n"));
}

#[test]
fn the_vector_is_read_and_verified() {
    let checkpoint = signed(head(300), &[0, 1, 2]);
    let read = SignedCheckpoint::parse(&checkpoint.to_string()).unwrap();
    assert_eq!(read, checkpoint);
    let times: Vec<_> = policy()
        .judge(&read)
        .unwrap()
        .cosignatures
        .iter()
        .map(|one| (one.witness, one.time))
        .collect();
    assert_eq!(times, [(0, 1_767_225_600), (1, 1_767_225_601), (2, 1_767_225_602)]);
    for text in [LOG_KEY, V0_KEY] {
        assert_eq!(VerifierKey::parse(text).unwrap().to_string(), text);
    }
}

/// The verifier key and note of the specification itself (c2sp.org/signed-note).
#[test]
fn the_specifications_example_verifies() {
    use ledger_proof::note::{Checked, Note};
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let note = "This is an example message.\n\n— example.com/foo \
                Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72\
                IneyaQM=\n";
    let (key, note) = (VerifierKey::parse(key).unwrap(), Note::parse(note).unwrap());
    let checked = |text: &str| key.check(text, &note.signatures()[0]);
    assert_eq!(checked(note.text()), Checked::Good { time: None });
    assert_eq!(checked("This is another message.\n"), Checked::Bad);
}
