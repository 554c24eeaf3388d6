//! Parts come in any order, twice, too large, unsigned or forged: proposals come out whole or not.

use proptest::prelude::{Just, Strategy, any, prop_assert_eq, proptest};
use proptest::sample::subsequence;

use ledger_types::{Hash, Round, SigningKey};

use super::{Assembled, Assembler, PEER_BYTES_MAX, PEER_STREAMS_MAX};
use crate::part::{Claim, Init, PART_BYTES, Part, split};
use bytes::Bytes;
use ledger_types::Height;
use ledger_types::limits::BLOCK_BYTES_MAX;

const PEER: u8 = 1;
const NOW: Height = Height::new(7);

fn init(round: u32) -> Init {
    let key = SigningKey::from_seed(&[9; 32]);
    let block = Hash::of(&[&round.to_le_bytes()]);
    let claim = Claim { height: NOW, round: Round::new(round), valid_round: None, block };
    Init::sign(claim, &key, &Hash::ZERO)
}

fn block(length: usize) -> Bytes {
    (0..length).map(|index| u8::try_from(index % 251).expect("below 251")).collect()
}

fn name(number: u8) -> Bytes {
    Bytes::copy_from_slice(&[number])
}

fn add(assembler: &mut Assembler<u8>, sequence: u64, part: Part) -> Assembled {
    assembler.add(NOW, PEER, &name(0), sequence, part, |_| true)
}

/// The parts' indices in an order of their own, some of them twice.
fn orders(count: usize) -> impl Strategy<Value = Vec<usize>> {
    let all: Vec<usize> = (0..count).collect();
    subsequence(all.clone(), 0..=count)
        .prop_map(move |again| all.iter().copied().chain(again).collect::<Vec<_>>())
        .prop_shuffle()
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(48))]

    #[test]
    fn a_block_is_whole_once_its_last_part_is_there_in_any_order(
        (length, order) in (0_usize..4 * PART_BYTES).prop_flat_map(|length| {
            let count = crate::part::part_count(length);
            (Just(length), orders(count))
        }),
    ) {
        let (bytes, init) = (block(length), init(0));
        let parts = split(init, &bytes);
        let mut assembler = Assembler::new();
        let mut seen = vec![false; parts.len()];
        for index in order {
            let outcome = add(&mut assembler, index as u64, parts[index].clone());
            let was_complete = seen.iter().all(|seen| *seen);
            seen[index] = true;
            if was_complete {
                break;
            }
            let is_complete = seen.iter().all(|seen| *seen);
            let completed = matches!(&outcome, Assembled::Complete(..));
            prop_assert_eq!(completed, is_complete);
            if let Assembled::Complete(whose, whole) = outcome {
                prop_assert_eq!(whose, init);
                prop_assert_eq!(whole, bytes.clone());
                prop_assert_eq!(assembler.bytes_of(PEER), 0);
            }
        }
    }

    #[test]
    fn nothing_that_a_peer_sends_keeps_more_than_its_bounds(
        parts in proptest::collection::vec(
            (any::<u8>(), 0_u64..20, any::<bool>(), 0_usize..=PART_BYTES, any::<u32>()), 0..64),
    ) {
        let mut assembler = Assembler::new();
        for (stream, sequence, is_first, length, declared) in parts {
            let bytes = block(length);
            let part = if is_first {
                Part::First { init: init(0), length: declared % (1 << 23), bytes }
            } else {
                Part::Further { bytes }
            };
            assembler.add(NOW, PEER, &name(stream), sequence, part, |_| true);
            assert!(assembler.bytes_of(PEER) <= PEER_BYTES_MAX);
            assert!(assembler.streams_of(PEER) <= PEER_STREAMS_MAX);
        }
    }
}

#[test]
fn an_unsigned_opening_drops_what_came_before_it() {
    let parts = split(init(0), &block(2 * PART_BYTES));
    let mut assembler = Assembler::new();
    assert_eq!(add(&mut assembler, 1, parts[1].clone()), Assembled::Incomplete);
    let outcome = assembler.add(NOW, PEER, &name(0), 0, parts[0].clone(), |_| false);
    assert_eq!(outcome, Assembled::Refused);
    assert_eq!((assembler.streams_of(PEER), assembler.bytes_of(PEER)), (0, 0));
}

#[test]
fn a_second_opening_changes_nothing() {
    let bytes = block(2 * PART_BYTES);
    let parts = split(init(0), &bytes);
    let other = split(init(1), &block(2 * PART_BYTES));
    let mut assembler = Assembler::new();
    assert_eq!(add(&mut assembler, 0, parts[0].clone()), Assembled::Opened(init(0)));
    assert_eq!(add(&mut assembler, 0, other[0].clone()), Assembled::Refused);
    let outcome = add(&mut assembler, 1, parts[1].clone());
    assert_eq!(outcome, Assembled::Complete(init(0), bytes));
}

#[test]
fn a_part_of_the_wrong_size_ends_its_stream_and_no_other() {
    let parts = split(init(0), &block(2 * PART_BYTES));
    let mut assembler = Assembler::new();
    assembler.add(NOW, PEER, &name(1), 0, parts[0].clone(), |_| true);
    add(&mut assembler, 0, parts[0].clone());
    let short = Part::Further { bytes: block(PART_BYTES - 1) };
    assert_eq!(add(&mut assembler, 1, short), Assembled::Refused);
    assert_eq!(assembler.streams_of(PEER), 1, "the other stream is still there");
}

#[test]
fn a_block_larger_than_any_may_be_is_refused_at_its_opening() {
    let length = u32::try_from(BLOCK_BYTES_MAX + 1).expect("fits");
    let part = Part::First { init: init(0), length, bytes: block(PART_BYTES) };
    let mut assembler = Assembler::new();
    assert_eq!(add(&mut assembler, 0, part), Assembled::Refused);
    assert_eq!(assembler.streams_of(PEER), 0);
}

#[test]
fn a_peer_that_floods_loses_its_own_oldest_stream_only() {
    let first = |round| split(init(round), &block(2 * PART_BYTES))[0].clone();
    let mut assembler = Assembler::new();
    assembler.add(NOW, 2, &name(0), 0, first(0), |_| true);
    for number in 0..20 {
        assembler.add(NOW, PEER, &name(number), 0, first(0), |_| true);
    }
    assert_eq!(assembler.streams_of(PEER), PEER_STREAMS_MAX);
    assert_eq!(assembler.streams_of(2), 1);
}

#[test]
fn decided_heights_are_forgotten_and_stray_parts_a_little_later() {
    let parts = split(init(0), &block(2 * PART_BYTES));
    let mut assembler = Assembler::new();
    add(&mut assembler, 0, parts[0].clone());
    assembler.add(NOW, PEER, &name(1), 1, parts[1].clone(), |_| true);
    assembler.advance(NOW);
    assert_eq!(assembler.streams_of(PEER), 1, "the opened stream was for a decided height");
    assembler.advance(Height::new(NOW.get() + 2));
    assert_eq!(assembler.streams_of(PEER), 0);
}
