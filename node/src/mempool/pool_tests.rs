//! The pool's rules one by one, and its bookkeeping against a plain model.

use std::collections::BTreeSet;

use ledger_types::limits::{BLOCK_SIGNATURES_MAX, BLOCK_TRANSACTIONS_BYTES_MAX};
use ledger_types::operation::Withdraw;
use ledger_types::transaction::Authorisation;
use ledger_types::{
    ConsentId, Hash, NetworkId, Operation, PublicKey, Signature, Transaction, TransactionId,
    Unsigned,
};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_oneof, proptest};

use super::*;

fn account(number: u64) -> AccountId {
    AccountId::new(Hash::of(&[&number.to_le_bytes()]).first_20())
}

fn transaction(account_number: u64, nonce: u64, end: u64) -> Enveloped {
    let unsigned = Unsigned {
        network: NetworkId::new([0; 4]),
        account: account(account_number),
        nonce: Nonce::new(nonce),
        valid_until: Timestamp::from_millis(end),
        purpose: 0,
        operations: vec![Operation::Withdraw(Withdraw { consent: ConsentId::new(Hash::ZERO) })],
    };
    let authorisation =
        Authorisation { key: PublicKey::Ed25519([0; 32]), signature: Signature::Ed25519([0; 64]) };
    Transaction { unsigned, authorisations: vec![authorisation] }.into()
}

fn pooled(account_number: u64, nonce: u64, end: u64, lane: Lane) -> Pooled {
    let transaction = transaction(account_number, nonce, end);
    let id = transaction.id(&Hash::ZERO);
    Pooled {
        payer: transaction.unsigned.account,
        transaction,
        id,
        source: Source::Client,
        lane,
        purse: Purse::Allowance,
        takes: 1,
    }
}

fn payment(account_number: u64, nonce: u64) -> Pooled {
    pooled(account_number, nonce, 1_000_000, Lane::Ordinary)
}

fn withdrawal(account_number: u64, nonce: u64) -> Pooled {
    pooled(account_number, nonce, 1_000_000, Lane::Withdrawal)
}

#[test]
fn a_blocks_worth_waits_once_its_signatures_fill_one_and_no_longer_when_one_is_gone() {
    let mut pool = Pool::new(Limits::default());
    let last = u64::try_from(BLOCK_SIGNATURES_MAX).unwrap() - 1;
    (0..last).for_each(|account| _ = pool.insert(payment(account, 0)).unwrap());
    assert!(!pool.fills_block());
    pool.insert(payment(last, 0)).unwrap();
    assert!(pool.fills_block());
    let gone = transaction(7, 0, 1_000_000);
    pool.included(core::iter::once(gone.id(&Hash::ZERO)), core::iter::once(&gone));
    assert!(!pool.fills_block());
}

fn small() -> Limits {
    Limits {
        transactions_max: 300,
        bytes_max: 1_000 * memory(),
        source_transactions_max: 200,
        withdrawals_max: 3,
        ..Limits::default()
    }
}

/// What every transaction here takes of `bytes_max`.
fn memory() -> usize {
    Pooled::memory_bytes(&transaction(0, 0, 0))
}

/// What fills a block of which nothing is inadmissible.
fn filling(pool: &Pool) -> Vec<Enveloped> {
    let mut room = Room::of_block();
    let (selected, refused) =
        pool.select(|next| room.take(next, Weight::NONE).map_err(Refusal::Full));
    assert_eq!(refused, []);
    selected
}

fn place(transaction: &Enveloped) -> (AccountId, u64) {
    (transaction.unsigned.account, transaction.unsigned.nonce.get())
}

fn selected(pool: &Pool) -> Vec<(AccountId, u64)> {
    filling(pool).iter().map(place).collect()
}

fn include(pool: &mut Pool, transactions: &[Enveloped]) -> usize {
    let ids: Vec<TransactionId> = transactions.iter().map(|t| t.id(&Hash::ZERO)).collect();
    pool.included(ids.into_iter(), transactions.iter()).len()
}

/// Everything that the pool keeps twice agrees.
fn check_books(pool: &Pool) {
    let waiting: Vec<&Arc<Pooled>> = pool.waiting().collect();
    assert_eq!(waiting.len(), pool.len());
    let ids: BTreeSet<TransactionId> = waiting.iter().map(|p| p.id).collect();
    assert_eq!(ids.len(), pool.len());
    assert!(ids.iter().all(|id| pool.get(id).is_some()));
    let payments: Vec<_> = waiting.iter().filter(|p| p.lane == Lane::Ordinary).collect();
    assert_eq!(pool.bytes(), payments.len() * memory());
    assert_eq!(pool.by_source.values().sum::<usize>(), payments.len());
    assert_eq!(pool.pooled_withdrawals, pool.len() - payments.len());
    assert!(pool.ends.len() <= 2 * pool.len() + 1024 + 1);
    let units: u64 = waiting.iter().map(|pooled| pooled.takes).sum();
    assert_eq!(pool.by_payer.values().sum::<u64>(), units);
    assert!(pool.by_payer.values().all(|pending| *pending > 0), "nobody is kept for nothing");
}

#[test]
fn what_waits_for_its_allowance_or_its_class_is_passed_over_and_stays() {
    let mut pool = Pool::new(Limits::default());
    for (account, nonce) in [(0, 0), (0, 1), (1, 0), (2, 0)] {
        pool.insert(payment(account, nonce)).unwrap();
    }
    let waits = [(account(0), 0, Full::Allowance), (account(1), 0, Full::OtherUnits)];
    let (selected, refused) = pool.select(|next| {
        let waiting = waits.iter().find(|(account, nonce, _)| place(next) == (*account, *nonce));
        waiting.map_or(Ok(()), |(.., full)| Err(Refusal::Full(*full)))
    });
    let taken: Vec<_> = selected.iter().map(place).collect();
    assert_eq!(taken, [(account(2), 0), (account(0), 1)]);
    assert_eq!((refused.len(), pool.len()), (0, 4));
    check_books(&pool);
}

#[test]
fn so_many_are_passed_over_and_no_more() {
    let mut pool = Pool::new(Limits::default());
    let all = u64::try_from(SKIPPED_MAX).unwrap() + 2;
    (0..all).for_each(|account| _ = pool.insert(payment(account, 0)).unwrap());
    let mut asked = 0;
    pool.select(|_| {
        asked += 1;
        Err(Refusal::Full(Full::Allowance))
    });
    assert_eq!(asked, SKIPPED_MAX + 1);
}

#[test]
fn accounts_take_turns_and_each_goes_by_nonce() {
    let mut pool = Pool::new(small());
    for (number, nonce) in [(1, 7), (1, 5), (1, 6), (2, 0), (3, 9), (3, 8)] {
        assert_eq!(pool.insert(payment(number, nonce)), Ok(Known::New));
    }
    let turns = [(1, 5), (2, 0), (3, 8), (1, 6), (3, 9), (1, 7)];
    assert_eq!(selected(&pool), turns.map(|(number, nonce)| (account(number), nonce)));
}

#[test]
fn an_account_that_was_served_goes_behind_those_that_were_not() {
    let mut pool = Pool::new(small());
    for (number, nonce) in [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0)] {
        assert_eq!(pool.insert(payment(number, nonce)), Ok(Known::New));
    }
    assert_eq!(include(&mut pool, &[transaction(1, 0, 1_000_000)]), 1);
    let turns = [(2, 0), (3, 0), (1, 1), (2, 1)];
    assert_eq!(selected(&pool), turns.map(|(number, nonce)| (account(number), nonce)));
    check_books(&pool);
}

#[test]
fn a_selection_fits_into_a_block_and_nothing_more_would() {
    let limits = Limits { source_transactions_max: usize::MAX, ..Limits::default() };
    let mut pool = Pool::new(limits);
    for number in 0..20_000 {
        assert_eq!(pool.insert(payment(number, 0)), Ok(Known::New));
    }
    assert_eq!(filling(&pool).len(), BLOCK_SIGNATURES_MAX);
    let mut pool = Pool::new(limits);
    let mut long = transaction(0, 0, 1_000_000).into_transaction();
    long.unsigned.operations = vec![long.unsigned.operations[0].clone(); 64];
    let length = Enveloped::from(long.clone()).length();
    for number in 0..3_000 {
        long.unsigned.account = account(number);
        let transaction = Enveloped::from(long.clone());
        let id = transaction.id(&Hash::ZERO);
        assert_eq!(pool.insert(Pooled { transaction, id, ..payment(0, 0) }), Ok(Known::New));
    }
    assert_eq!(filling(&pool).len(), BLOCK_TRANSACTIONS_BYTES_MAX / length);
}

#[test]
fn one_nonce_waits_once_and_the_first_is_kept() {
    let mut pool = Pool::new(small());
    let first = payment(1, 0);
    let id = first.id;
    assert_eq!(pool.insert(first), Ok(Known::New));
    assert_eq!(pool.insert(payment(1, 0)), Ok(Known::Already));
    let taken = Err(SubmitError::NonceTaken { pooled: id });
    assert_eq!(pool.insert(pooled(1, 0, 2_000_000, Lane::Ordinary)), taken);
    assert_eq!(pool.insert(pooled(1, 0, 3_000_000, Lane::Withdrawal)), taken);
    assert_eq!(pool.len(), 1);
    check_books(&pool);
}

#[test]
fn what_a_block_included_never_waits_again() {
    let mut pool = Pool::new(small());
    assert_eq!(pool.insert(payment(1, 0)), Ok(Known::New));
    assert_eq!(include(&mut pool, &[transaction(1, 0, 1_000_000), transaction(2, 0, 1)]), 1);
    assert_eq!(pool.len(), 0);
    assert_eq!(pool.insert(payment(1, 0)), Ok(Known::Already));
    assert_eq!(pool.len(), 0);
    check_books(&pool);
}

#[test]
fn another_transaction_with_the_nonce_evicts_the_one_that_waits() {
    let mut pool = Pool::new(small());
    assert_eq!(pool.insert(payment(1, 0)), Ok(Known::New));
    assert_eq!(pool.insert(payment(1, 1)), Ok(Known::New));
    assert_eq!(include(&mut pool, &[transaction(1, 0, 5)]), 1);
    assert_eq!(selected(&pool), [(account(1), 1)]);
    check_books(&pool);
}

#[test]
fn quotas_name_whose_they_are() {
    let mut pool = Pool::new(small());
    for nonce in 0..128 {
        assert_eq!(pool.insert(payment(1, nonce)), Ok(Known::New));
    }
    let (quota, most) = (Quota::Account, 128);
    let refused = Err(SubmitError::QuotaExceeded { quota, pooled: 128, most });
    assert_eq!(pool.insert(payment(1, 128)), refused);
    for number in 2..74 {
        assert_eq!(pool.insert(payment(number, 0)), Ok(Known::New));
    }
    let (quota, most) = (Quota::Source, 200);
    let refused = Err(SubmitError::QuotaExceeded { quota, pooled: 200, most });
    assert_eq!(pool.insert(payment(99, 0)), refused);
    for number in 100..200 {
        let peers = Source::Peer(libp2p::PeerId::random());
        let other = Pooled { source: peers, ..payment(number, 0) };
        assert_eq!(pool.insert(other), Ok(Known::New));
    }
    let other = Source::Peer(libp2p::PeerId::random());
    let over = Pooled { source: other, ..payment(300, 0) };
    assert_eq!(pool.insert(over), Err(SubmitError::PoolFull));
    check_books(&pool);
}

#[test]
fn bytes_are_bounded_too() {
    let mut pool = Pool::new(Limits { bytes_max: 2 * memory(), ..small() });
    assert_eq!(pool.insert(payment(1, 0)), Ok(Known::New));
    assert_eq!(pool.insert(payment(2, 0)), Ok(Known::New));
    assert_eq!(pool.insert(payment(3, 0)), Err(SubmitError::PoolFull));
}

#[test]
fn withdrawals_are_outside_the_quotas_ahead_of_payments_and_bounded() {
    let mut pool = Pool::new(Limits { transactions_max: 2, ..small() });
    assert_eq!(pool.insert(payment(1, 0)), Ok(Known::New));
    assert_eq!(pool.insert(payment(2, 0)), Ok(Known::New));
    assert_eq!(pool.insert(payment(3, 0)), Err(SubmitError::PoolFull));
    for number in 10..13 {
        assert_eq!(pool.insert(withdrawal(number, 0)), Ok(Known::New));
    }
    assert_eq!(pool.insert(withdrawal(13, 0)), Err(SubmitError::PoolFull));
    let turns = [10, 11, 12, 1, 2].map(|number| (account(number), 0));
    assert_eq!(selected(&pool), turns);
    check_books(&pool);
}

#[test]
fn withdrawals_leave_most_of_a_block_to_payments() {
    let limits = Limits {
        withdrawals_max: usize::MAX,
        source_transactions_max: usize::MAX,
        ..Limits::default()
    };
    let mut pool = Pool::new(limits);
    for number in 0..20_000 {
        assert_eq!(pool.insert(withdrawal(number, 0)), Ok(Known::New));
        assert_eq!(pool.insert(payment(100_000 + number, 0)), Ok(Known::New));
    }
    let selected = filling(&pool);
    let withdrawals = (0..20_000).map(account).collect::<BTreeSet<_>>();
    let withdrawals = selected.iter().filter(|p| withdrawals.contains(&p.unsigned.account)).count();
    assert_eq!(selected.len(), BLOCK_SIGNATURES_MAX);
    assert_eq!(withdrawals, BLOCK_SIGNATURES_MAX / WITHDRAWALS_FIRST_DIVISOR);
}

#[test]
fn what_a_block_may_not_hold_takes_no_room_and_is_named_with_its_reason() {
    let mut pool = Pool::new(small());
    for number in 0..3 {
        assert_eq!(pool.insert(payment(number, 0)), Ok(Known::New));
    }
    let mut taken = 0;
    let (selected, refused) = pool.select(|next| {
        if next.unsigned.account == account(0) {
            return Err(Refusal::Inadmissible(Inadmissible::UnknownSender));
        }
        taken += 1;
        if taken > 1 { Err(Refusal::Full(ledger::Full::Signatures)) } else { Ok(()) }
    });
    assert_eq!(selected, [transaction(1, 0, 1_000_000)]);
    assert_eq!(refused, [(payment(0, 0).id, Inadmissible::UnknownSender)]);
    assert_eq!(pool.len(), 3);
}

#[test]
fn what_ended_leaves_at_its_instant() {
    let mut pool = Pool::new(small());
    assert_eq!(pool.insert(pooled(1, 0, 100, Lane::Ordinary)), Ok(Known::New));
    assert_eq!(pool.insert(pooled(2, 0, 101, Lane::Withdrawal)), Ok(Known::New));
    assert_eq!(pool.expire(Timestamp::from_millis(99)).len(), 0);
    assert_eq!(pool.expire(Timestamp::from_millis(100)).len(), 1);
    assert_eq!(selected(&pool), [(account(2), 0)]);
    assert_eq!(pool.expire(Timestamp::from_millis(101)).len(), 1);
    assert_eq!(pool.len(), 0);
    check_books(&pool);
}

#[test]
fn ends_of_what_left_are_swept() {
    let mut pool = Pool::new(Limits::default());
    for round in 0..10_000 {
        assert_eq!(pool.insert(payment(1, round)), Ok(Known::New));
        include(&mut pool, &[transaction(1, round, 1_000_000)]);
        pool.expire(Timestamp::from_millis(1));
    }
    check_books(&pool);
}

/// One step of the pool's life.
#[derive(Clone, Debug)]
enum Step {
    Insert { account: u64, nonce: u64, end: u64, lane: Lane },
    Include { account: u64, nonce: u64, end: u64 },
    Expire { time: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let lane = prop_oneof![3 => Just(Lane::Ordinary), 1 => Just(Lane::Withdrawal)];
    prop_oneof![
        6 => (0_u64..6, 0_u64..6, 1_u64..20, lane)
            .prop_map(|(account, nonce, end, lane)| Step::Insert { account, nonce, end, lane }),
        2 => (0_u64..6, 0_u64..6, 1_u64..20)
            .prop_map(|(account, nonce, end)| Step::Include { account, nonce, end }),
        1 => (0_u64..20).prop_map(|time| Step::Expire { time }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_pool_holds_what_a_plain_model_holds(steps in prop::collection::vec(step(), 0..120)) {
        let mut pool = Pool::new(Limits { withdrawals_max: usize::MAX, ..Limits::default() });
        let mut model: BTreeMap<(AccountId, u64), u64> = BTreeMap::new();
        let mut committed = BTreeSet::new();
        for step in steps {
            match step {
                Step::Insert { account: number, nonce, end, lane } => {
                    let new = pooled(number, nonce, end, lane);
                    let known = committed.contains(&new.id);
                    let place = (account(number), nonce);
                    let expected = match model.get(&place) {
                        _ if known => Ok(Known::Already),
                        Some(waits) if *waits == end => Ok(Known::Already),
                        Some(waits) => {
                            let pooled = transaction(number, nonce, *waits).id(&Hash::ZERO);
                            Err(SubmitError::NonceTaken { pooled })
                        }
                        None => Ok(Known::New),
                    };
                    assert_eq!(pool.insert(new), expected);
                    if expected == Ok(Known::New) {
                        model.insert(place, end);
                    }
                }
                Step::Include { account: number, nonce, end } => {
                    let included = transaction(number, nonce, end);
                    committed.insert(included.id(&Hash::ZERO));
                    let left = include(&mut pool, &[included]);
                    assert_eq!(left, usize::from(model.remove(&(account(number), nonce)).is_some()));
                }
                Step::Expire { time } => {
                    pool.expire(Timestamp::from_millis(time));
                    model.retain(|_, end| *end > time);
                }
            }
            check_books(&pool);
            let mut all = selected(&pool);
            all.sort_unstable();
            assert_eq!(all, model.keys().copied().collect::<Vec<_>>());
        }
    }

    #[test]
    fn nobodys_second_comes_before_anyones_first(
        counts in prop::collection::vec(1_u64..20, 1..12),
    ) {
        let mut pool = Pool::new(Limits::default());
        for (number, count) in (0_u64..).zip(&counts) {
            for nonce in 0..*count {
                assert_eq!(pool.insert(payment(number, nonce)), Ok(Known::New));
            }
        }
        let rounds: Vec<u64> = selected(&pool).into_iter().map(|(_, nonce)| nonce).collect();
        assert!(rounds.is_sorted());
        assert_eq!(rounds.len() as u64, counts.iter().sum::<u64>());
    }
}
