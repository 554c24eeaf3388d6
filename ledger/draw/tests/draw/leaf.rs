//! Leaves, lists and what a leaf's key signs.

use ledger_types::verify::verify;
use ledger_types::{AccountId, Hash};
use proptest::prelude::*;
use public_draw::leaf::{application_message, household_tag, is_listed, list_path, list_root};
use public_draw::{Application, Leaf};

use crate::sample::{PROGRAMME, ROUND, genesis, leaf, letter};

#[test]
fn everything_of_a_leaf_is_in_its_hash() {
    let one = leaf(0);
    let others = [
        Leaf { key: leaf(1).key, ..one },
        Leaf { household: household_tag(&[8; 32], &0_u32.to_be_bytes()), ..one },
        Leaf { household: household_tag(&[9; 32], &1_u32.to_be_bytes()), ..one },
        Leaf { sets: 5, ..one },
    ];
    assert!(others.iter().all(|other| other.hash() != one.hash()));
    assert_eq!(leaf(0).household, leaf(1).household);
}

#[test]
fn an_application_counts_for_one_applicant_place_round_and_network() {
    let application = Application {
        programme: PROGRAMME,
        round: ROUND,
        list: 0,
        index: 3,
        applicant: AccountId::new([1; 20]),
    };
    let key = letter(3).signing_key(&genesis(), PROGRAMME);
    let signature = key.sign(&application_message(&genesis(), &application));
    let holds = |genesis: &Hash, of: &Application| {
        verify(&leaf(3).key, &application_message(genesis, of), &signature)
    };
    assert!(holds(&genesis(), &application));
    assert!(!holds(&Hash::ZERO, &application));
    for other in [
        Application { programme: 8, ..application },
        Application { round: 2, ..application },
        Application { list: 1, ..application },
        Application { index: 4, ..application },
        Application { applicant: AccountId::new([2; 20]), ..application },
    ] {
        assert!(!holds(&genesis(), &other), "{other:?}");
    }
}

proptest! {
    #[test]
    fn every_leaf_of_a_list_has_one_place(size in 1_u32..70, index in 0_u32..80, other in 0_u32..80) {
        let list: Vec<Hash> = (0..size).map(|one| Hash::of(&[&one.to_be_bytes()])).collect();
        let root = list_root(&list);
        let Some(path) = list_path(&list, index) else {
            prop_assert!(index >= size);
            return Ok(());
        };
        let leaf = list[index as usize];
        prop_assert!(is_listed(&root, size, index, &leaf, &path));
        prop_assert_eq!(is_listed(&root, size, other, &leaf, &path), other == index);
        prop_assert!(!is_listed(&root, size, index, &Hash::ZERO, &path));
        prop_assert!(!is_listed(&Hash::ZERO, size, index, &leaf, &path));
    }
}
