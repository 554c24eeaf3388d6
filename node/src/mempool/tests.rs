//! The mempool as its users meet it, over a real state.

use std::time::Duration;

use ledger_types::allowance::{Allowance, Allowances};
use ledger_types::receipt::{Outcome, Receipt};
use ledger_types::{AccountId, Inadmissible, Nonce};

use super::testing::{World, now, start, transfer, world, world_with};
use super::*;

fn id_of(world: &World, bytes: &Bytes) -> TransactionId {
    Enveloped::decode(bytes).expect("it decodes").id(&world.genesis_hash)
}

/// The same bytes with the last signature's last byte changed.
fn spoilt(bytes: &Bytes) -> Bytes {
    let mut bytes = bytes.to_vec();
    *bytes.last_mut().expect("it has a signature") ^= 1;
    Bytes::from(bytes)
}

fn peer() -> Source {
    Source::Peer(PeerId::random())
}

fn read(world: &World) -> State {
    State::from_genesis(&world.genesis, []).expect("the genesis is sound")
}

fn codes(verdicts: &[Result<TransactionId, SubmitError>]) -> Vec<u16> {
    verdicts.iter().map(|v| v.as_ref().map_or_else(SubmitError::code, |_| 0)).collect()
}

fn receipts(ids: &[TransactionId]) -> Vec<Receipt> {
    let (height, outcome) = (Height::new(1), Outcome::Committed);
    ids.iter().map(|id| Receipt { transaction: *id, height, index: 0, outcome }).collect()
}

#[tokio::test]
async fn a_bad_signature_among_good_ones_costs_only_itself() {
    let world = world(1_500);
    let (mempool, _outlet) = start(&world);
    let mut bundle: Vec<Bytes> = (0..1_500).map(|citizen| world.signed(citizen, 0)).collect();
    for place in [0, 777, 1_023, 1_024, 1_499] {
        bundle[place] = spoilt(&bundle[place]);
    }
    let verdicts = mempool.submit(bundle.clone(), Source::Client).await;
    for (place, verdict) in verdicts.iter().enumerate() {
        if [0, 777, 1_023, 1_024, 1_499].contains(&place) {
            let transaction = Some(id_of(&world, &bundle[place]));
            let reason = Inadmissible::BadSignature;
            assert_eq!(*verdict, Err(SubmitError::Inadmissible { transaction, reason }));
        } else {
            assert_eq!(*verdict, Ok(id_of(&world, &bundle[place])));
        }
    }
    assert_eq!(mempool.len(), 1_495);
    assert_eq!(mempool.admitted_total(), 1_495);
}

#[tokio::test]
async fn every_refusal_has_its_code_and_its_place() {
    let world = world(4);
    let (mempool, _outlet) = start(&world);
    let mut expired = transfer(&world, 0, 1);
    expired.valid_until = Timestamp::from_millis(now() - 1);
    let mut stranger = transfer(&world, 0, 2);
    stranger.account = AccountId::new([7; 20]);
    let mut far = transfer(&world, 0, 3);
    far.nonce = Nonce::new(500);
    let mut other_network = transfer(&world, 0, 4);
    other_network.network = NetworkId::new([9; 4]);
    let bundle = vec![
        Bytes::from_static(b"no transaction"),
        world.signed(0, 0),
        world.sign(expired, 0),
        world.sign(stranger, 0),
        world.sign(far, 0),
        world.sign(other_network, 0),
        world.sign(transfer(&world, 1, 0), 2),
        Bytes::from(vec![0; 70_000]),
        world.signed(3, 0),
    ];
    let verdicts = mempool.submit(bundle, Source::Client).await;
    assert_eq!(codes(&verdicts), [1001, 0, 1005, 1009, 1008, 1003, 1010, 1002, 0]);
    assert_eq!(mempool.len(), 2);
}

#[tokio::test]
async fn sending_again_answers_with_the_same_identity() {
    let world = world(2);
    let (mempool, _outlet) = start(&world);
    let bytes = world.signed(0, 0);
    let id = id_of(&world, &bytes);
    for source in [Source::Client, Source::Client, peer()] {
        assert_eq!(mempool.submit(vec![bytes.clone()], source).await, [Ok(id)]);
    }
    // Signed once: two of different milliseconds are two transactions.
    let other = world.signed(1, 0);
    let twice = mempool.submit(vec![other.clone(), other], Source::Client).await;
    assert_eq!(twice[0], twice[1]);
    assert_eq!(mempool.len(), 2);
    assert!(mempool.get(&id).is_some());

    let included = Enveloped::decode(&bytes).expect("it decodes");
    mempool.committed(&[included], &receipts(&[id]), &read(&world));
    assert_eq!(mempool.len(), 1);
    assert_eq!(mempool.submit(vec![bytes], Source::Client).await, [Ok(id)]);
    assert_eq!(mempool.len(), 1);
    assert!(mempool.get(&id).is_none());
}

#[tokio::test]
async fn a_replacement_is_refused_and_names_the_one_that_waits() {
    let world = world(2);
    let (mempool, _outlet) = start(&world);
    let first = world.signed(0, 0);
    let id = id_of(&world, &first);
    assert_eq!(mempool.submit(vec![first], Source::Client).await, [Ok(id)]);
    let mut second = transfer(&world, 0, 0);
    second.purpose = 7;
    let verdicts = mempool.submit(vec![world.sign(second, 0)], Source::Client).await;
    assert_eq!(verdicts, [Err(SubmitError::NonceTaken { pooled: id })]);
    assert_eq!(codes(&verdicts), [7008]);
}

#[tokio::test]
async fn selecting_drops_what_no_later_block_may_hold() {
    let world = world(3);
    let (mempool, _outlet) = start(&world);
    let mut soon = transfer(&world, 0, 0);
    soon.valid_until = Timestamp::from_millis(now() + 60_000);
    let bundle = vec![world.sign(soon, 0), world.signed(1, 0)];
    let verdicts = mempool.submit(bundle, Source::Client).await;
    assert_eq!(codes(&verdicts), [0, 0]);
    let state = read(&world);
    assert_eq!(mempool.select(&state, Timestamp::from_millis(now())).len(), 2);
    let later = mempool.select(&state, Timestamp::from_millis(now() + 120_000));
    assert_eq!(later.iter().map(|t| t.unsigned.account).collect::<Vec<_>>(), [world.account(1)]);
    assert_eq!(mempool.len(), 1);
}

#[tokio::test]
async fn a_peer_that_keeps_sending_bad_ones_must_wait_and_others_need_not() {
    let world = world(40);
    let (mempool, _outlet) = start(&world);
    let (bad, good) = (peer(), peer());
    let bundle: Vec<Bytes> = (0..20).map(|citizen| spoilt(&world.signed(citizen, 0))).collect();
    assert_eq!(codes(&mempool.submit(bundle.clone(), bad).await), [1004; 20]);
    let verdicts = mempool.submit(vec![world.signed(30, 0)], bad).await;
    assert_eq!(verdicts, [Err(SubmitError::Throttled)]);
    assert_eq!(codes(&mempool.submit(vec![world.signed(31, 0)], good).await), [0]);
    assert_eq!(codes(&mempool.submit(bundle, Source::Client).await), [1004; 20]);
    assert_eq!(codes(&mempool.submit(vec![world.signed(32, 0)], Source::Client).await), [0]);
}

#[tokio::test]
async fn garbage_from_a_peer_counts_against_it() {
    let world = world(1);
    let (mempool, _outlet) = start(&world);
    let source = peer();
    let garbage = vec![Bytes::from_static(b"garbage"); STRIKES_MAX as usize];
    assert!(mempool.submit(garbage, source).await.iter().all(Result::is_err));
    let verdicts = mempool.submit(vec![world.signed(0, 0)], source).await;
    assert_eq!(verdicts, [Err(SubmitError::Throttled)]);
}

#[tokio::test]
async fn a_block_is_verified_whatever_is_remembered() {
    let world = world(600);
    let (mempool, _outlet) = start(&world);
    let bundle: Vec<Bytes> = (0..600).map(|citizen| world.signed(citizen, 0)).collect();
    let transactions: Vec<Enveloped> =
        bundle.iter().map(|bytes| Enveloped::decode(bytes).expect("it decodes")).collect();
    let envelopes: Vec<Hash> = transactions.iter().map(Enveloped::envelope_hash).collect();
    assert!(!mempool.is_verified(&envelopes[0]));
    mempool.submit(bundle[..300].to_vec(), Source::Client).await;
    assert!(envelopes[..300].iter().all(|envelope| mempool.is_verified(envelope)));
    assert!(!mempool.is_verified(&envelopes[300]));

    // The same identities with another's signatures: a cache by identity would accept them.
    let mut swapped = transactions.clone();
    swapped[5] = Enveloped::decode(&spoilt(&bundle[5])).expect("it decodes");
    assert_eq!(swapped[5].id(&world.genesis_hash), transactions[5].id(&world.genesis_hash));
    assert!(!mempool.verify_transactions(&swapped));

    assert!(mempool.verify_transactions(&transactions));
    assert!(envelopes.iter().all(|envelope| mempool.is_verified(envelope)));
    assert!(mempool.verify_transactions(&transactions));
    assert!(mempool.verify_transactions(&[]));
}

#[tokio::test]
async fn waiting_ends_with_the_first_transaction() {
    let world = world(1);
    let (mempool, _outlet) = start(&world);
    let waiting = tokio::spawn({
        let mempool = Arc::clone(&mempool);
        async move { mempool.wait_nonempty().await }
    });
    assert_eq!(codes(&mempool.submit(vec![world.signed(0, 0)], Source::Client).await), [0]);
    let deadline = Duration::from_secs(10);
    tokio::time::timeout(deadline, waiting).await.expect("in time").expect("no panic");
    tokio::time::timeout(deadline, mempool.wait_nonempty()).await.expect("at once");
}

#[tokio::test]
async fn only_what_clients_sent_is_passed_on() {
    let world = world(3);
    let (mempool, mut outlet) = start(&world);
    mempool.submit(vec![world.signed(0, 0)], peer()).await;
    let bundle = vec![world.signed(1, 0), spoilt(&world.signed(2, 0))];
    mempool.submit(bundle.clone(), Source::Client).await;
    assert_eq!(outlet.recv().await, Some(vec![bundle[0].clone()]));
    assert!(outlet.try_recv().is_err());
    assert_eq!(mempool.local(1_000_000), vec![bundle[0].clone()]);
    assert!(mempool.local(10).is_empty());
    assert!(!mempool.take_missed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_at_once_each_get_their_own_answers() {
    let world = Arc::new(world(64));
    let (mempool, _outlet) = start(&world);
    let clients: Vec<_> = (0..64)
        .map(|citizen| {
            let (world, mempool) = (Arc::clone(&world), Arc::clone(&mempool));
            tokio::spawn(async move {
                for nonce in 0..8 {
                    let good = world.signed(citizen, nonce);
                    let bundle = vec![spoilt(&world.signed(citizen, nonce + 50)), good.clone()];
                    let verdicts = mempool.submit(bundle, Source::Client).await;
                    assert_eq!(codes(&verdicts), [1004, 0]);
                    assert_eq!(verdicts[1], Ok(id_of(&world, &good)));
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("no panic");
    }
    assert_eq!(mempool.len(), 64 * 8);
    let selected = mempool.select(&read(&world), Timestamp::from_millis(now()));
    assert_eq!(selected.len(), 64 * 8);
}

#[tokio::test]
async fn a_submission_larger_than_the_line_is_answered_in_part() {
    let world = world(700);
    let limits = Limits { queued_max: 1, ..Limits::default() };
    let (mempool, _outlet) =
        Mempool::start(limits, world.state(), Clock::real()).expect("threads start");
    let bundle: Vec<Bytes> =
        (0..1_400).map(|n| world.signed(n % 700, if n < 700 { 0 } else { 1 })).collect();
    let verdicts = mempool.submit(bundle, Source::Client).await;
    assert!(verdicts[..1_024].iter().all(Result::is_ok));
    assert!(verdicts[1_024..].iter().all(|v| v.is_ok() || *v == Err(SubmitError::Busy)));
}

/// Citizens who may have 64 payments at once, and six more a minute.
fn thrifty() -> World {
    let citizen = Allowance { burst: 64, per_minute: 6 };
    world_with(2, Allowances { citizen, ..Allowances::INITIAL })
}

#[tokio::test]
async fn a_client_over_its_allowance_is_told_when_it_will_do_and_others_are_not() {
    let world = thrifty();
    let (mempool, _outlet) = start(&world);
    let bundle = (0..66).map(|nonce| world.signed(0, nonce)).collect();
    let verdicts = mempool.submit(bundle, Source::Client).await;
    assert_eq!(codes(&verdicts[..64]), [0; 64]);
    for over in &verdicts[64..] {
        assert_eq!(*over, Err(SubmitError::OverAllowance { seconds: 10 }));
    }
    let other = mempool.submit(vec![world.signed(1, 0)], Source::Client).await;
    assert_eq!(codes(&other), [0]);
    // What leaves the pool without a block makes room again.
    let first = id_of(&world, &mempool.local(usize::MAX)[0]);
    lock(&mempool.shared.pool).remove(&first);
    let again = mempool.submit(vec![world.signed(0, 100)], Source::Client).await;
    assert_eq!(codes(&again), [0]);
}

#[tokio::test]
async fn what_a_peer_took_waits_as_far_as_its_payer_ever_has_it() {
    let world = thrifty();
    let (mempool, _outlet) = start(&world);
    let bundle = (0..65).map(|nonce| world.signed(0, nonce)).collect();
    let verdicts = mempool.submit(bundle, peer()).await;
    assert_eq!(codes(&verdicts[..64]), [0; 64]);
    assert_eq!(verdicts[64], Err(SubmitError::OverAllowance { seconds: 10 }));
    assert!(!verdicts[64].as_ref().is_err_and(SubmitError::is_senders_fault), "no strike");
}
