//! What a consent puts on the ledger has nothing personal in it, whatever form one looks for.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

use consent_records::commitment::{Opening, Salt, TAG_PRESENTATION, random_id};
use consent_records::format::Version;
use consent_records::holder;
use consent_records::pseudonym::SubjectSecret;
use consent_records::sweep::Sweep;
use consent_records::terms::{Process, Processing, Recipient, Region, Terms};
use consent_records::vault::{Entry, Kind, MasterKey, Vault};
use consent_records::vocabulary::{ConceptName, Vocabulary};
use ledger_types::consent::{Breadth, Language, Profile};
use ledger_types::operation::{AccessBasis, ConsentBasis, Grant, RequestAccess};
use ledger_types::{
    AccountId, ConsentId, Hash, Nonce, NoticeId, Operation, PartyId, Timestamp, Unsigned, codec,
};
use serde_json::json;
use zeroize::Zeroizing;

const NAME: &str = "佐藤 花子";
const ADDRESS: &str = "福島県会津若松市追手町1-1";
const PHONE: &str = "0242-39-1111";
const BIRTHDAY: &str = "1948-03-05";

struct Scenario {
    secret: [u8; 32],
    terms: Terms,
    presentation: Opening<serde_json::Value>,
    holder_salt: Hash,
    operations: Vec<Operation>,
}

fn concept(text: &str) -> ConceptName {
    ConceptName::new(text).unwrap()
}

fn scenario() -> Scenario {
    let vocabulary = Vocabulary::built_in();
    let process = Process {
        version: Version,
        vocabulary: vocabulary.hash(),
        category: concept("kyojo:MedicationRecord"),
        purpose: concept("kyojo:RegionalMedicalCoordination"),
        excludes: Vec::new(),
        recipient: Recipient::Party(PartyId::new(7)),
        operations: vec![Processing::Consult],
        retention_days: 30,
        region: Region::new("JP-07-202").unwrap(),
        data_period: None,
        sensitive: true,
    };
    let terms = Terms::new(vec![process], vocabulary).unwrap();
    let presentation = Opening::fresh(json!({
        "shown_to": NAME, "address": ADDRESS, "telephone": PHONE, "born": BIRTHDAY,
    }));
    let consent = ConsentId::new(random_id());
    let grant = Grant {
        consent,
        controller: PartyId::new(7),
        terms_root: terms.root(),
        notice: NoticeId::new(1),
        notice_version: 1,
        language: Language::new("ja").unwrap(),
        notice_hash: Hash::of(&[b"notice"]),
        presentation_commitment: presentation.commitment(TAG_PRESENTATION).unwrap(),
        valid_from: Timestamp::from_millis(1_767_225_600_000),
        expires: Timestamp::from_millis(1_798_761_600_000),
        use_limit: Some(12),
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    };
    let shown = terms.disclose(0).unwrap();
    let basis = AccessBasis::Consent(ConsentBasis {
        consent,
        leaf: shown.process.leaf(),
        leaf_index: shown.process.index,
        path: shown.path,
        purpose: None,
    });
    let (holder, holder_salt) = holder::named(PartyId::new(2));
    let access = RequestAccess { access: random_id(), basis, holder };
    let operations = vec![Operation::Grant(grant), Operation::RequestAccess(access)];
    Scenario { secret: [0x5a; 32], terms, presentation, holder_salt, operations }
}

fn sweep(scenario: &Scenario) -> Sweep {
    let mut sweep = Sweep::new();
    for (name, text) in [
        ("name", NAME),
        ("address", ADDRESS),
        ("telephone", PHONE),
        ("birthday", BIRTHDAY),
        ("category", "kyojo:MedicationRecord"),
        ("category's name", "MedicationRecord"),
        ("category in Japanese", "お薬手帳"),
        ("purpose", "RegionalMedicalCoordination"),
        ("region", "JP-07-202"),
    ] {
        sweep.add_text(name, text).unwrap();
    }
    sweep.add_bytes("secret", &scenario.secret).unwrap();
    sweep.add_bytes("salt of the evidence", scenario.presentation.salt.as_bytes()).unwrap();
    sweep.add_bytes("salt of the holder", scenario.holder_salt.as_bytes()).unwrap();
    for process in scenario.terms.processes() {
        sweep.add_bytes("salt of a process", process.opening.salt.as_bytes()).unwrap();
    }
    sweep
}

/// The signed transactions as they would be committed.
fn committed(scenario: &Scenario) -> Vec<u8> {
    let secret = SubjectSecret::new(Zeroizing::new(scenario.secret));
    let genesis = Hash::of(&[b"a network"]);
    let key = secret.signing_key(&genesis, PartyId::new(7));
    let unsigned = Unsigned {
        network: genesis.network(),
        account: AccountId::of_subject(&key.public_key()),
        nonce: Nonce::new(0),
        valid_until: Timestamp::from_millis(1_767_225_660_000),
        purpose: 0,
        operations: scenario.operations.clone(),
    };
    codec::encode(&unsigned.sign(&genesis, &[&key]))
}

#[test]
fn nothing_personal_is_in_what_a_consent_commits() {
    let scenario = scenario();
    let bytes = committed(&scenario);
    assert!(bytes.len() > 400, "{} bytes", bytes.len());
    assert_eq!(sweep(&scenario).search(&bytes), []);
}

#[test]
fn a_leak_of_any_of_it_would_be_found() {
    let scenario = scenario();
    let sweep = sweep(&scenario);
    let opening = serde_json::to_vec(&scenario.terms).unwrap();
    let evidence = serde_json::to_vec(&scenario.presentation).unwrap();
    for (leak, expected) in [(opening, "category"), (evidence, "birthday")] {
        let bytes = [committed(&scenario), leak].concat();
        let found = sweep.search(&bytes);
        assert!(found.iter().any(|finding| finding.name == expected), "{found:?}");
    }
    let unsalted = Hash::of(&["お薬手帳".as_bytes()]);
    let found = sweep.search(unsalted.as_bytes());
    assert_eq!(found.len(), 1, "a commitment without a salt is a leak: {found:?}");
}

#[test]
fn nothing_personal_is_in_the_files_of_a_vault() {
    let scenario = scenario();
    let sweep = sweep(&scenario);
    let folder = tempfile::tempdir().unwrap();
    let vault =
        Vault::open(folder.path(), MasterKey::new(Zeroizing::new(*Salt::fresh().as_bytes())))
            .unwrap();
    let consent = ConsentId::new(random_id());
    let body = serde_json::to_vec(&scenario.terms).unwrap();
    assert!(!sweep.search(&body).is_empty(), "there is something to find");
    vault.keep(&consent, Entry { kind: Kind::Opening, number: 0 }, &body).unwrap();
    let path = folder.path().join("bodies").join(consent.get().to_string()).join("opening-0");
    assert_eq!(sweep.search(&std::fs::read(path).unwrap()), []);
}
