//! Tests of the built-in vocabulary, of freezing, and of proofs of descent.

use proptest::prelude::*;

use super::*;

fn name(text: &str) -> ConceptName {
    ConceptName::new(text).unwrap()
}

#[test]
fn the_built_in_vocabulary_is_pinned() {
    let vocabulary = Vocabulary::built_in();
    assert_eq!(vocabulary.size() as usize, vocabulary.concepts().count());
    assert_eq!(
        (vocabulary.size(), vocabulary.hash().to_string(), vocabulary.root().to_string()),
        (
            432,
            "96da37cfca9fb4d074c0b5c005770a36009b91059ca7f595c508aa6b30055267".to_owned(),
            "a940f30a5a66424eaf43069f575dc38cf0b344b2c40a86fb9d3d4ae5246f93fb".to_owned()
        ),
        "a frozen vocabulary never changes: another one is another version"
    );
}

#[test]
fn the_built_in_vocabulary_reads_back_from_its_text() {
    let vocabulary = Vocabulary::built_in();
    let text = vocabulary.to_text();
    let again = Vocabulary::from_text(&text).unwrap();
    assert_eq!(&again, vocabulary);
    let relabelled = Vocabulary::from_text(&text.replacen("お薬手帳", "薬の手帳", 1)).unwrap();
    assert_ne!(relabelled.hash(), vocabulary.hash(), "labels are what people were shown");
    assert_eq!(relabelled.root(), vocabulary.root(), "the trees are the same");
}

#[test]
fn there_are_two_trees_and_every_concept_of_ours_has_a_japanese_label() {
    let vocabulary = Vocabulary::built_in();
    let roots: Vec<&str> = vocabulary
        .concepts()
        .filter(|concept| concept.broader.is_none())
        .map(|concept| concept.name.as_str())
        .collect();
    assert_eq!(roots, [PERSONAL_DATA, PURPOSE]);
    for concept in vocabulary.concepts() {
        assert!(concept.label.ja.is_some() || !concept.name.as_str().starts_with("kyojo:"));
        let purpose = vocabulary.is_under(&concept.name, PURPOSE);
        assert_ne!(purpose, vocabulary.is_under(&concept.name, PERSONAL_DATA), "{}", concept.name);
    }
}

#[test]
fn care_required_data_of_the_act_is_marked_with_all_below_it() {
    let vocabulary = Vocabulary::built_in();
    for marked in [
        "kyojo:MedicationRecord",
        "kyojo:HealthCheckupResult",
        "kyojo:CarePlan",
        "kyojo:VitalSign",
        "kyojo:IntellectualDisability",
        "kyojo:CrimeVictim",
        "kyojo:JuvenileProcedure",
        "kyojo:SocialStatusByBirth",
        "kyojo:Creed",
        "pd:Race",
        "pd:CriminalConviction",
        "pd:DNACode",
    ] {
        assert!(vocabulary.sensitivity(&name(marked)).care_required, "{marked}");
        assert!(vocabulary.node(&name(marked)).unwrap().sensitive, "{marked}");
    }
    for ordinary in ["kyojo:PurchaseRecord", "kyojo:MobilityRecord", "pd:Name", "pd:SocialStatus"] {
        assert!(!vocabulary.node(&name(ordinary)).unwrap().sensitive, "{ordinary}");
    }
    let special = vocabulary.sensitivity(&name("pd:TradeUnionMembership"));
    assert!(special.special && !special.care_required, "the DPV's mark is not the Act's");
}

#[test]
fn descent_is_proved_against_the_root_alone() {
    let vocabulary = Vocabulary::built_in();
    let (size, root) = (vocabulary.size(), vocabulary.root());
    let broad = vocabulary.proof(&name("kyojo:MedicalCare")).unwrap();
    let narrow = vocabulary.proof(&name("kyojo:RegionalMedicalCoordination")).unwrap();
    let other = vocabulary.proof(&name("kyojo:ShoppingSuggestion")).unwrap();
    for proof in [&broad, &narrow, &other] {
        assert!(proof.node.verify(size, &proof.path, &root));
        assert!(proof.path.len() <= 9, "{} hashes", proof.path.len());
    }
    assert!(narrow.node.is_within(&broad.node) && !other.node.is_within(&broad.node));
    assert!(!broad.node.verify(size, &narrow.path, &root));
}

#[test]
fn every_interval_agrees_with_a_walk_up_the_tree() {
    let vocabulary = Vocabulary::built_in();
    let concepts: Vec<&Concept> = vocabulary.concepts().collect();
    for narrow in &concepts {
        let mut above = vec![&narrow.name];
        let mut next = *narrow;
        while let Some(broader) = &next.broader {
            above.push(broader);
            next = vocabulary.concept(broader).unwrap();
        }
        for broad in &concepts {
            let expected = above.contains(&&broad.name);
            assert_eq!(vocabulary.is_within(&narrow.name, &broad.name), expected);
        }
    }
}

#[test]
fn exclusion_and_sensitivity_follow_every_broader_concept() {
    let vocabulary = Vocabulary::built_in();
    let (research, all) = (name("dpv:NonCommercialResearch"), name("dpv:ResearchAndDevelopment"));
    assert!(!vocabulary.is_within(&research, &all), "the tree has it under another");
    assert!(vocabulary.lies_under(&research, &all));
    assert!(vocabulary.lies_under(&research, &research) && !vocabulary.lies_under(&all, &research));
    let mut secret = concept(1, "kyojo:A", None);
    secret.sensitivity.special = true;
    let mut child = concept(3, "kyojo:C", Some("kyojo:B"));
    child.also = vec![name("kyojo:A")];
    let grandchild = concept(4, "kyojo:D", Some("kyojo:C"));
    let concepts = vec![secret, concept(2, "kyojo:B", None), child.clone(), grandchild];
    let vocabulary = Vocabulary::freeze(concepts).unwrap();
    for (concept, expected) in [("A", true), ("B", false), ("C", true), ("D", true)] {
        let node = vocabulary.node(&name(&format!("kyojo:{concept}"))).unwrap();
        assert_eq!(node.sensitive, expected, "{concept}");
    }
    child.also = vec![name("kyojo:X")];
    let unknown = Vocabulary::freeze(vec![concept(2, "kyojo:B", None), child]);
    assert_eq!(unknown, Err(VocabularyError::Unknown { name: name("kyojo:X") }));
}

fn concept(number: u32, own: &str, broader: Option<&str>) -> Concept {
    Concept {
        number: ConceptId::new(number),
        name: name(own),
        broader: broader.map(name),
        also: Vec::new(),
        sensitivity: Sensitivity::default(),
        label: Label { en: own.to_owned(), ja: None },
    }
}

#[test]
fn concepts_that_do_not_fit_together_are_refused() {
    let cases = [
        (
            vec![concept(1, "kyojo:A", None), concept(1, "kyojo:B", None)],
            VocabularyError::Repeated { name: name("kyojo:B") },
        ),
        (
            vec![concept(1, "kyojo:A", None), concept(2, "kyojo:A", None)],
            VocabularyError::Repeated { name: name("kyojo:A") },
        ),
        (
            vec![concept(1, "kyojo:A", Some("kyojo:B"))],
            VocabularyError::Unknown { name: name("kyojo:B") },
        ),
        (
            vec![
                concept(1, "kyojo:A", Some("kyojo:B")),
                concept(2, "kyojo:B", Some("kyojo:A")),
                concept(3, "kyojo:C", None),
            ],
            VocabularyError::Circular { name: name("kyojo:A") },
        ),
    ];
    for (concepts, expected) in cases {
        assert_eq!(Vocabulary::freeze(concepts), Err(expected));
    }
    let chain: Vec<Concept> = (0..80)
        .map(|depth| {
            let above = (depth > 0).then(|| format!("kyojo:C{}", depth - 1));
            concept(depth, &format!("kyojo:C{depth}"), above.as_deref())
        })
        .collect();
    assert_eq!(Vocabulary::freeze(chain), Err(VocabularyError::TooDeep { most: 64 }));
    for bad in ["1\tkyojo:A\t-\t-\tA", "x\tkyojo:A\t-\t-\tA\t-", "1\tkyojo:A\t-\tq\tA\t-"] {
        assert!(matches!(read::read(&[bad], ""), Err(VocabularyError::Malformed { .. })), "{bad}");
    }
    let label_of_nothing = read::read(&["1\tkyojo:A\t-\t-\tA\t-"], "kyojo:B\t-\tび");
    assert_eq!(label_of_nothing, Err(VocabularyError::Unknown { name: name("kyojo:B") }));
}

proptest! {
    /// Any forest: parents chosen among the concepts before, so that none is circular.
    #[test]
    fn intervals_are_descent_in_any_forest(parents in proptest::collection::vec(0_u32..40, 1..40),
                                           turn in 0_usize..40) {
        let named = |index: usize| format!("kyojo:C{index}");
        let parent = |index: usize| {
            let parent = parents[index] as usize;
            (parent < index).then_some(parent)
        };
        let mut concepts: Vec<Concept> = (0..parents.len())
            .map(|index| concept(u32::try_from(index).unwrap(), &named(index), parent(index).map(named).as_deref()))
            .collect();
        concepts.rotate_left(turn % parents.len());
        let vocabulary = Vocabulary::freeze(concepts).unwrap();
        for index in 0..parents.len() {
            let (mut above, mut next) = (vec![index], index);
            while let Some(found) = parent(next) {
                above.push(found);
                next = found;
            }
            let proof = vocabulary.proof(&name(&named(index))).unwrap();
            prop_assert!(proof.node.verify(vocabulary.size(), &proof.path, &vocabulary.root()));
            for broad in 0..parents.len() {
                let within = vocabulary.is_within(&name(&named(index)), &name(&named(broad)));
                prop_assert_eq!(within, above.contains(&broad));
            }
        }
    }
}
