//! Core banking references that a bank used: sorted runs, so that each is known for good in few bytes.
//!
//! A run is cut in two halves where it grows past [`REFERENCE_RUN_MAX`]: an issue writes one run, or
//! two, however many references there are and however a bank chooses them. None is ever taken out,
//! since at most once is for good.

use ledger_types::BankId;
use ledger_types::limits::REFERENCE_RUN_MAX;
use ledger_types::record::{ReferenceMark, References};

use crate::state::Books;

/// Whether the bank used the reference before.
pub(super) fn is_used(books: &Books, bank: BankId, mark: &ReferenceMark) -> bool {
    let run = books.references_around(bank, mark);
    run.is_some_and(|(_, run)| run.marks.binary_search(mark).is_ok())
}

/// Notes that the bank used a reference that it did not use before.
pub(super) fn note(books: &mut Books, bank: BankId, mark: ReferenceMark) {
    let run = books.references_around(bank, &mark);
    let (up_to, mut marks) =
        run.map_or((ReferenceMark::LAST, Vec::new()), |(up_to, run)| (up_to, run.marks.to_vec()));
    marks.insert(marks.partition_point(|one| *one < mark), mark);
    if marks.len() > REFERENCE_RUN_MAX {
        let upper = marks.split_off(marks.len() >> 1);
        if let Some(last) = marks.last().copied() {
            books.put_references(bank, &last, References { marks: marks.into() });
        }
        marks = upper;
    }
    books.put_references(bank, &up_to, References { marks: marks.into() });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ledger_types::record::{Kind, Record};
    use ledger_types::{Hash, codec};
    use proptest::prelude::*;

    use super::*;
    use crate::state::Books;

    const BANK: BankId = BankId::new(7);
    const OTHER: BankId = BankId::new(8);

    /// What a record takes in memory beside its value's own bytes: its slot with the key, its leaf and
    /// the nodes above it, its place in order and index, and what the allocator rounds up.
    const RECORD_BYTES: usize = size_of::<Record>() + 24 + 8 + 64 + 4 + 8 + 32;

    fn mark(number: u64) -> ReferenceMark {
        ReferenceMark::of_issue(&Hash::of(&[&number.to_be_bytes()]))
    }

    fn empty() -> Books {
        Books::restore([]).unwrap()
    }

    /// Uses a reference as an issue does; whether it was new.
    fn uses(books: &mut Books, bank: BankId, mark: ReferenceMark) -> bool {
        let is_new = !is_used(books, bank, &mark);
        if is_new {
            note(books, bank, mark);
        }
        is_new
    }

    fn runs(books: &Books) -> Vec<References> {
        books.of_kind::<References>().map(|(_, run)| run.clone()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn a_reference_is_used_at_most_once_as_a_set_would_have_it(
            numbers in prop::collection::vec(0..9_000_u64, 10_000),
            sealed_every in 1..900_usize,
        ) {
            let (mut books, mut model) = (empty(), BTreeSet::new());
            for (count, number) in numbers.into_iter().enumerate() {
                let bank = if number % 5 == 0 { OTHER } else { BANK };
                prop_assert_eq!(uses(&mut books, bank, mark(number)), model.insert((bank, mark(number))));
                if count % sealed_every == 0 {
                    books.seal();
                }
            }
            books.seal();
            // A checkpoint gives back the same books.
            let stored: Vec<_> = books.stored().collect();
            let restored = Books::restore(stored).unwrap();
            prop_assert_eq!(restored.root(), books.root());
            for books in [books, restored] {
                let agrees = |bank, number| {
                    is_used(&books, bank, &mark(number)) == model.contains(&(bank, mark(number)))
                };
                let agree = (0..9_000).all(|number| agrees(BANK, number) && agrees(OTHER, number));
                prop_assert!(agree);
                let all: usize = runs(&books).iter().map(|run| run.marks.len()).sum();
                prop_assert_eq!(all, model.len());
            }
        }
    }

    #[test]
    fn what_a_transaction_that_is_rejected_used_is_not_used() {
        let mut books = empty();
        books.begin();
        assert!((0..200).all(|number| uses(&mut books, BANK, mark(number))));
        books.rollback();
        assert!((0..200).all(|number| uses(&mut books, BANK, mark(number))));
    }

    #[test]
    fn a_run_is_at_least_half_full_however_a_bank_chooses_its_references() {
        let mut sorted: Vec<ReferenceMark> = (0..5_000).map(mark).collect();
        sorted.sort_unstable();
        let falling: Vec<ReferenceMark> = sorted.iter().rev().copied().collect();
        for marks in [sorted, falling] {
            let mut books = empty();
            assert!(marks.into_iter().all(|mark| uses(&mut books, BANK, mark)));
            let runs = runs(&books);
            let lengths = runs.iter().map(|run| run.marks.len());
            let within = REFERENCE_RUN_MAX / 2..=REFERENCE_RUN_MAX;
            assert!(lengths.clone().all(|length| within.contains(&length)));
            assert_eq!(lengths.sum::<usize>(), 5_000);
        }
    }

    #[test]
    fn a_reference_costs_under_64_bytes_among_many() {
        const COUNT: usize = 100_000;
        let mut books = empty();
        for number in 0..COUNT as u64 {
            assert!(uses(&mut books, BANK, mark(number)));
            if number % 1_000 == 0 {
                books.seal();
            }
        }
        books.seal();
        let bytes: usize = books
            .of_kind::<References>()
            .map(|(key, run)| {
                assert!(key.as_bytes().len() <= 23, "the key lies in the slot");
                RECORD_BYTES + codec::encode(run).len()
            })
            .sum();
        assert!(bytes / COUNT < 64, "{} bytes each", bytes / COUNT);
        assert_eq!(References::NUMBER, 46);
    }
}
