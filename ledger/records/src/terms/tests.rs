//! Tests of processes, of their tree, and of every reason why a request is not covered.

use ledger_types::limits::TERMS_PATH_MAX;
use ledger_types::{Hash, PartyId, PartyRoles, merkle};
use proptest::prelude::*;

use super::*;
use crate::commitment::Salt;
use crate::format::Version;
use crate::vocabulary::{ConceptName, Vocabulary};

fn name(text: &str) -> ConceptName {
    ConceptName::new(text).unwrap()
}

fn period(from: &str, until: &str) -> DataPeriod {
    DataPeriod { from: from.parse().unwrap(), until: until.parse().unwrap() }
}

/// A hospital may look at, use and keep the medication notebook for coordinating care.
fn process() -> Process {
    Process {
        version: Version,
        vocabulary: Vocabulary::built_in().hash(),
        category: name("pd:HealthRecord"),
        purpose: name("kyojo:MedicalCare"),
        excludes: Vec::new(),
        recipient: Recipient::Party(PartyId::new(7)),
        operations: vec![Processing::Consult, Processing::Use, Processing::Store],
        retention_days: 365,
        region: Region::new("JP-07").unwrap(),
        data_period: Some(period("2026-04-01", "2027-04-01")),
        sensitive: true,
    }
}

fn request() -> Request {
    Request {
        category: name("kyojo:MedicalRecord"),
        purpose: name("kyojo:RegionalMedicalCoordination"),
        recipient: PartyId::new(7),
        recipient_roles: PartyRoles::RECIPIENT,
        is_joint_user: false,
        operations: vec![Processing::Consult],
        retention_days: 30,
        region: Region::new("JP-07-202").unwrap(),
        data_period: Some(period("2026-10-01", "2026-11-01")),
    }
}

fn covers(process: &Process, request: &Request) -> Result<(), Mismatch> {
    process.check(Vocabulary::built_in()).unwrap();
    process.covers(request, Vocabulary::built_in())
}

#[test]
fn a_narrower_request_is_covered() {
    assert_eq!(covers(&process(), &request()), Ok(()));
    let whole = Process { data_period: None, ..process() };
    assert_eq!(covers(&whole, &Request { data_period: None, ..request() }), Ok(()));
}

#[test]
fn a_process_is_for_its_recipient_alone() {
    let stranger = Request { recipient: PartyId::new(99), ..request() };
    let emergency = PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY);
    let in_role = Request { recipient_roles: emergency, ..stranger.clone() };
    let in_circle = Request { is_joint_user: true, ..stranger.clone() };
    let refused = Err(Mismatch::Recipient { asked: PartyId::new(99) });
    for (recipient, covered, others) in [
        (Recipient::Party(PartyId::new(7)), request(), [&in_role, &in_circle]),
        (Recipient::Roles(PartyRoles::EMERGENCY), in_role.clone(), [&stranger, &in_circle]),
        (Recipient::JointUse { scheme: 1, version: 2 }, in_circle.clone(), [&stranger, &in_role]),
    ] {
        let process = Process { recipient, ..process() };
        assert_eq!(covers(&process, &covered), Ok(()));
        for other in others {
            assert_eq!(covers(&process, other), refused, "{recipient:?}");
        }
    }
}

#[test]
fn each_way_of_asking_for_more_has_its_own_reason() {
    let cases = [
        (
            Request { category: name("kyojo:PurchaseRecord"), ..request() },
            Mismatch::Category { asked: name("kyojo:PurchaseRecord") },
        ),
        (
            Request { category: name("pd:MedicalHealth"), ..request() },
            Mismatch::Category { asked: name("pd:MedicalHealth") },
        ),
        (
            Request { category: name("pd:Nothing"), ..request() },
            Mismatch::Category { asked: name("pd:Nothing") },
        ),
        (
            Request { purpose: name("dpv:Marketing"), ..request() },
            Mismatch::Purpose { asked: name("dpv:Marketing") },
        ),
        (
            Request { recipient: PartyId::new(8), ..request() },
            Mismatch::Recipient { asked: PartyId::new(8) },
        ),
        (Request { operations: Vec::new(), ..request() }, Mismatch::NoOperation),
        (
            Request { operations: vec![Processing::Use, Processing::Share], ..request() },
            Mismatch::Operation { asked: Processing::Share },
        ),
        (Request { retention_days: 366, ..request() }, Mismatch::Retention { asked: 366 }),
        (
            Request { region: Region::new("JP").unwrap(), ..request() },
            Mismatch::Region { asked: Region::new("JP").unwrap() },
        ),
        (
            Request { data_period: Some(period("2026-03-31", "2026-05-01")), ..request() },
            Mismatch::DataPeriod,
        ),
        (
            Request { data_period: Some(period("2027-03-01", "2027-04-02")), ..request() },
            Mismatch::DataPeriod,
        ),
        (
            Request { data_period: Some(period("2026-10-02", "2026-10-01")), ..request() },
            Mismatch::DataPeriod,
        ),
        (Request { data_period: None, ..request() }, Mismatch::DataPeriod),
    ];
    for (asked, expected) in cases {
        assert_eq!(covers(&process(), &asked), Err(expected), "{asked:?}");
    }
    let other = Vocabulary::from_text(&Vocabulary::built_in().to_text().replacen(
        "お薬手帳",
        "薬の手帳",
        1,
    ))
    .unwrap();
    assert_eq!(process().covers(&request(), &other), Err(Mismatch::Vocabulary));
}

#[test]
fn a_broad_consent_leaves_out_what_was_excluded_from_above_and_below() {
    let broad = Process {
        category: name("pd:HealthRecord"),
        purpose: name("dpv:Purpose"),
        excludes: vec![name("kyojo:MedicalResearch"), name("kyojo:VaccinationRecord")],
        ..process()
    };
    assert_eq!(covers(&broad, &request()), Ok(()));
    for (category, purpose, excluded) in [
        ("kyojo:MedicalRecord", "kyojo:MedicalResearch", "kyojo:MedicalResearch"),
        ("kyojo:MedicalRecord", "kyojo:UniversityResearch", "kyojo:MedicalResearch"),
        ("pd:HealthRecord", "kyojo:MedicalCare", "kyojo:VaccinationRecord"),
    ] {
        let asked = Request { category: name(category), purpose: name(purpose), ..request() };
        let expected = Mismatch::Excluded { excluded: name(excluded) };
        assert_eq!(covers(&broad, &asked), Err(expected));
    }
    // Research that is not commercial is research, though the tree has it under another concept.
    let research = name("dpv:ResearchAndDevelopment");
    let broad = Process { excludes: vec![research.clone()], ..broad };
    let asked = Request { purpose: name("dpv:NonCommercialResearch"), ..request() };
    assert_eq!(covers(&broad, &asked), Err(Mismatch::Excluded { excluded: research }));
}

#[test]
fn broad_data_without_the_sensitive_bit_covers_ordinary_data_only() {
    let ordinary = Process { category: name("pd:Social"), sensitive: false, ..process() };
    let asked = Request { category: name("kyojo:ChildcareRecord"), ..request() };
    assert_eq!(covers(&ordinary, &asked), Ok(()));
    let asked = Request { category: name("kyojo:CrimeVictim"), ..request() };
    let expected = Mismatch::Sensitive { asked: name("kyojo:CrimeVictim") };
    assert_eq!(covers(&ordinary, &asked), Err(expected));
    let agreed = Process { sensitive: true, ..ordinary };
    assert_eq!(covers(&agreed, &asked), Ok(()));
}

#[test]
fn documents_that_are_not_whole_are_refused() {
    let vocabulary = Vocabulary::built_in();
    let roles = Recipient::Roles;
    let cases = [
        (
            Process { vocabulary: Hash::ZERO, ..process() },
            ProcessError::OtherVocabulary { named: Hash::ZERO },
        ),
        (
            Process { category: name("dpv:Marketing"), ..process() },
            ProcessError::UnknownConcept { name: name("dpv:Marketing") },
        ),
        (
            Process { purpose: name("pd:Name"), ..process() },
            ProcessError::UnknownConcept { name: name("pd:Name") },
        ),
        (
            Process { excludes: vec![name("dpv:Marketing")], ..process() },
            ProcessError::NothingToExclude { name: name("dpv:Marketing") },
        ),
        (Process { recipient: roles(PartyRoles::default()), ..process() }, ProcessError::Nobody),
        (Process { recipient: roles(PartyRoles::COUNTER), ..process() }, ProcessError::Nobody),
        (
            Process {
                recipient: roles(PartyRoles::AUDITOR.with(PartyRoles::CONTROLLER)),
                ..process()
            },
            ProcessError::Nobody,
        ),
        (Process { operations: Vec::new(), ..process() }, ProcessError::Empty),
        (
            Process { operations: vec![Processing::Use; 65], ..process() },
            ProcessError::TooLong { most: 64 },
        ),
        (Process { retention_days: 36_526, ..process() }, ProcessError::Retention { most: 36_525 }),
        (
            Process { data_period: Some(period("2026-01-01", "2026-01-01")), ..process() },
            ProcessError::Period,
        ),
        (
            Process { sensitive: false, ..process() },
            ProcessError::SensitivityHidden { name: name("pd:HealthRecord") },
        ),
    ];
    for (process, expected) in cases {
        assert_eq!(process.check(vocabulary), Err(expected.clone()));
        assert_eq!(Terms::new(vec![process], vocabulary), Err(TermsError::Process(expected)));
    }
    let empty = Terms::new(Vec::new(), vocabulary);
    assert_eq!(empty, Err(TermsError::Count { count: 0, most: 1 << TERMS_PATH_MAX }));
}

#[test]
fn the_document_of_a_process_is_pinned() {
    let text = crate::canonical::canonical_document(&process()).unwrap();
    let vocabulary = Vocabulary::built_in().hash();
    assert_eq!(
        text,
        format!(
            "{{\"category\":\"pd:HealthRecord\",\
             \"data_period\":{{\"from\":\"2026-04-01\",\"until\":\"2027-04-01\"}},\
             \"operations\":[\"consult\",\"use\",\"store\"],\"purpose\":\"kyojo:MedicalCare\",\
             \"recipient\":{{\"party\":7,\"type\":\"party\"}},\"region\":\"JP-07\",\
             \"retention_days\":365,\"sensitive\":true,\"version\":2,\
             \"vocabulary\":\"{vocabulary}\"}}"
        )
    );
    assert_eq!(serde_json::from_str::<Process>(&text).unwrap(), process());
    for bad in [
        text.replace("\"version\":2", "\"version\":1"),
        text.replace("\"sensitive\"", "\"surprise\":1,\"sensitive\""),
        text.replace("\"store\"", "\"sell\""),
        text.replace("365", "-1"),
        text.replace("\"party\":7,", ""),
        text.replace("\"type\":\"party\"", "\"type\":\"anybody\""),
    ] {
        assert!(serde_json::from_str::<Process>(&bad).is_err(), "{bad}");
    }
}

#[test]
fn a_recipient_is_written_as_the_ledger_writes_it() {
    let roles = PartyRoles::EMERGENCY.with(PartyRoles::DATA_HOLDER);
    for (recipient, expected) in [
        (Recipient::Party(PartyId::new(7)), r#"{"type":"party","party":7}"#),
        (Recipient::Roles(roles), r#"{"type":"roles","roles":["data_holder","emergency"]}"#),
        (
            Recipient::JointUse { scheme: 1, version: 2 },
            r#"{"type":"joint_use","scheme":1,"version":2}"#,
        ),
    ] {
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(serde_json::to_value(recipient).unwrap(), expected);
        assert_eq!(serde_json::from_value::<Recipient>(expected).unwrap(), recipient);
        let terms = Process { recipient, ..process() };
        let terms = Terms::new(vec![terms], Vocabulary::built_in()).unwrap();
        assert_eq!(terms.processes()[0].leaf().recipient, recipient);
    }
}

#[test]
fn up_to_eight_processes_look_alike_and_stand_at_random_places() {
    let vocabulary = Vocabulary::built_in();
    let mut first_places = std::collections::BTreeSet::new();
    for count in 1..=8 {
        for _ in 0..8 {
            let terms = Terms::new(vec![process(); count], vocabulary).unwrap();
            assert_eq!(terms.disclose(0).unwrap().path.len(), 3);
            first_places.insert(terms.processes()[0].index);
        }
    }
    // 64 draws of eight places: all the same with a chance of 8^-63.
    assert!(first_places.len() > 1);
    let nine = Terms::new(vec![process(); 9], vocabulary).unwrap();
    assert_eq!(nine.disclose(8).unwrap().path.len(), 4);
    assert_eq!(nine.disclose(9), None);
}

#[test]
fn a_disclosure_is_accepted_whole_or_not_at_all() {
    let vocabulary = Vocabulary::built_in();
    let second = Process { retention_days: 30, ..process() };
    let terms = Terms::new(vec![process(), second.clone()], vocabulary).unwrap();
    let root = terms.root();
    let disclosure = terms.disclose(1).unwrap();
    assert_eq!(disclosure.check(&root, vocabulary), Ok(&second));
    let refused = Err(DisclosureError::NotInTerms);
    assert_eq!(disclosure.check(&Hash::ZERO, vocabulary), refused);
    let mut changed = disclosure.clone();
    changed.process.opening.document.retention_days = 31;
    assert_eq!(changed.check(&root, vocabulary), refused);
    let mut changed = disclosure.clone();
    changed.process.opening.salt = Salt::fresh();
    assert_eq!(changed.check(&root, vocabulary), refused);
    let mut changed = disclosure.clone();
    changed.process.index ^= 1;
    assert_eq!(changed.check(&root, vocabulary), refused);
    let mut changed = disclosure.clone();
    changed.path.pop();
    assert_eq!(changed.check(&root, vocabulary), refused);
    let mut changed = disclosure;
    changed.path = vec![Hash::ZERO; TERMS_PATH_MAX + 1];
    assert_eq!(changed.check(&root, vocabulary), refused);
}

#[test]
fn terms_read_back_and_a_changed_file_is_found() {
    let vocabulary = Vocabulary::built_in();
    let terms = Terms::new(vec![process(); 3], vocabulary).unwrap();
    let text = serde_json::to_string(&terms).unwrap();
    let again: Terms = serde_json::from_str(&text).unwrap();
    assert_eq!((again.check(vocabulary), &again), (Ok(()), &terms));
    let changed: Terms = serde_json::from_str(&text.replacen("365", "366", 1)).unwrap();
    let index = terms.processes()[0].index;
    assert_eq!(changed.check(vocabulary), Err(TermsError::Misplaced { index }));
}

proptest! {
    /// Any subset of ways to ask for less stays covered; a second look finds the same root.
    #[test]
    fn asking_for_less_is_always_covered(days in 0_u32..=365, from in 1_i8..28, length in 1_i8..28,
                                         operations in 1_usize..=3) {
        let from = jiff::civil::date(2026, 4, from);
        let until = from.checked_add(jiff::Span::new().days(i64::from(length))).unwrap();
        let asked = Request {
            retention_days: days,
            operations: process().operations[..operations].to_vec(),
            data_period: Some(DataPeriod { from, until }),
            ..request()
        };
        prop_assert_eq!(covers(&process(), &asked), Ok(()));
    }

    #[test]
    fn every_leaf_of_every_tree_is_accepted_by_the_ledger(count in 1_usize..20) {
        let vocabulary = Vocabulary::built_in();
        let terms = Terms::new(vec![process(); count], vocabulary).unwrap();
        let mut places = std::collections::BTreeSet::new();
        for position in 0..count {
            let shown = terms.disclose(position).unwrap();
            let (leaf, index) = (shown.process.leaf(), u64::from(shown.process.index));
            prop_assert!(merkle::verify_fixed_path(leaf.hash(), index, &shown.path, &terms.root()));
            prop_assert!(places.insert(index));
        }
    }
}
