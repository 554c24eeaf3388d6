//! `RotateKeys`: for accounts, data subjects and parties; at the next block; by the old threshold.

use ledger_types::event::{Event, KeysRotated};
use ledger_types::operation::{KeyLoss, Operation, ProposeRecovery, RotateKeys, WeightedKey};
use ledger_types::{AccountId, Inadmissible, PublicKey, SigningKey, Timestamp};

use crate::chain::{Chain, admit, codes};
use crate::consent::world::{COUNTER, hospital, town};
use crate::fixture::{Actor, HOSPITAL, akari, botan, chika, commitment, keys_of, seeded, subject};
use crate::happy::transfer;

fn weighted(key: &SigningKey, weight: u16) -> WeightedKey {
    WeightedKey::plain(key.public_key(), weight)
}

fn rotate(keys: Vec<WeightedKey>, threshold: u16) -> Operation {
    Operation::RotateKeys(RotateKeys { keys, threshold })
}

/// The same account with another key.
fn with_key(actor: &Actor, number: u8) -> Actor {
    Actor { account: actor.account, key: seeded(number) }
}

/// Whether a transaction by this actor would be admitted now.
fn admits(chain: &mut Chain, actor: &Actor) -> Result<(), Inadmissible> {
    let tx = chain.tx(actor, vec![transfer(&chika(), 1)]);
    let now = Timestamp::from_millis(chain.now + 1000);
    admit(&chain.state, &tx, now)
}

#[test]
fn accounts_subjects_and_parties_get_other_keys_at_the_next_block() {
    let mut chain = town();
    for (actor, number) in [(akari(), 201), (subject(), 202), (hospital(), 203)] {
        let next = with_key(&actor, number);
        assert!(admits(&mut chain, &next).is_err(), "{actor:?}");
        // Two transactions of the old key in one block: the second is as good as the first.
        let rotation = chain.tx(&actor, vec![rotate(keys_of(&next), 1)]);
        let beside = chain.tx(&actor, vec![transfer(&chika(), 1)]);
        let applied = chain.commit(vec![rotation, beside]);
        assert_eq!(codes(&applied)[0], 0, "{actor:?}");
        let account = actor.account.into();
        assert_eq!(applied.events[0].event, Event::KeysRotated(KeysRotated { account }));
        assert_eq!(admits(&mut chain, &actor), Err(Inadmissible::KeyNotAuthorised), "{actor:?}");
        assert_eq!(admits(&mut chain, &next), Ok(()), "{actor:?}");
    }
    // The party acts through its account still.
    assert!(chain.state.party_at(&AccountId::of_party(HOSPITAL)).is_some());
}

#[test]
fn rotation_needs_the_old_threshold_and_brings_the_new_one() {
    let mut chain = Chain::new();
    let (first, second) = (seeded(210), seeded(211));
    chain.must(&akari(), rotate(vec![weighted(&first, 1), weighted(&second, 1)], 2));
    let one = Actor { account: akari().account, key: seeded(210) };
    let refused = Err(Inadmissible::ThresholdNotMet { weight: 1, threshold: 2 });
    assert_eq!(admits(&mut chain, &one), refused);
    let back = vec![rotate(keys_of(&akari()), 1)];
    let nonce = chain.nonce(akari().account);
    let unsigned = chain.unsigned(akari().account, nonce, back);
    let both = unsigned.sign(&chain.state.genesis_hash(), &[&first, &second]);
    assert_eq!(codes(&chain.commit(vec![both])), [0]);
    assert_eq!(admits(&mut chain, &akari()), Ok(()));
}

#[test]
fn rotation_keeps_the_nonces_that_were_used() {
    let mut chain = Chain::new();
    let used = chain.tx(&akari(), vec![rotate(vec![weighted(&seeded(220), 1)], 1)]);
    let nonce = used.unsigned.nonce;
    chain.commit(vec![used]);
    let window = chain.state.account(&akari().account).unwrap().authority.window;
    assert!(window.after_use(nonce).is_none(), "a used nonce is free again");
    assert_eq!(window.lowest_unused().get(), nonce.get() + 1);
}

#[test]
fn rotation_stands_alone_and_takes_usable_keys_only() {
    let mut chain = Chain::new();
    let good = vec![weighted(&seeded(230), 1)];
    let pay = || transfer(&chika(), 1);
    let root = chain.state.account(&akari().account).unwrap().authority.keys.clone();
    assert_eq!(chain.outcome(&akari(), vec![rotate(good.clone(), 1), pay()]), 2021);
    assert_eq!(chain.outcome(&akari(), vec![pay(), rotate(good.clone(), 1)]), 2021);
    // y = 1 is the neutral point, of small order; 2^255 - 18 is the same y, not canonical.
    let mut small = [0; 32];
    small[0] = 1;
    let mut wide = [0xff; 32];
    (wide[0], wide[31]) = (0xee, 0x7f);
    let weak = |bytes| WeightedKey::plain(PublicKey::Ed25519(bytes), 1);
    let twice = vec![good[0], good[0]];
    for (keys, threshold) in [
        (vec![weak(small)], 1),
        (vec![weak(wide)], 1),
        (twice, 1),
        (vec![], 1),
        (good.clone(), 0),
        (good, 2),
    ] {
        assert_eq!(chain.outcome(&akari(), vec![rotate(keys, threshold)]), 2013);
    }
    assert_eq!(chain.state.account(&akari().account).unwrap().authority.keys, root);
    assert_eq!(chain.outcome(&botan(), vec![pay()]), 0);
}

#[test]
fn a_pending_recovery_outlives_a_rotation() {
    let mut chain = town();
    let (subject, evidence) = (subject(), commitment(9));
    let key = seeded(240).public_key();
    let propose = ProposeRecovery { subject: subject.account, key, evidence, loss: KeyLoss::Lost };
    chain.must(&Actor::party(COUNTER), Operation::ProposeRecovery(propose));
    chain.must(&subject, rotate(vec![weighted(&seeded(241), 1)], 1));
    assert_eq!(chain.state.recovery(&subject.account).unwrap().key, key);
}
