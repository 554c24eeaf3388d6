//! The supply is known from sums that are kept, whatever happened before and however many hold it.
#![allow(clippy::disallowed_types, reason = "a measurement reads the clock")]

use std::time::{Duration, Instant};

use ledger::State;
use ledger_types::genesis::GenesisAccount;
use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::{AccountId, Hash, codec};

use super::chain::Chain;
use super::fixture::{AIZU, akari, botan, commitment, genesis, keys_of, yen};
use super::happy::{charged, request, transfer};

const ACCOUNTS: u32 = 50_000;

fn further() -> impl Iterator<Item = GenesisAccount> {
    (0..ACCOUNTS).map(|number| GenesisAccount {
        account: AccountId::opened_by(AIZU, &Hash::of(&[&number.to_be_bytes()])),
        custodian: AIZU,
        kind: AccountKind::Citizen,
        kyc_level: KycLevel::K2,
        holder_commitment: Hash::ZERO,
        balance: yen(0),
        keys: keys_of(&akari()),
        threshold: 1,
    })
}

/// The shortest of several times that it took.
fn shortest(of: impl Fn()) -> Duration {
    let times = (0..5).map(|_| {
        let began = Instant::now();
        of();
        began.elapsed()
    });
    times.min().unwrap()
}

#[test]
fn the_supply_is_known_without_reading_an_account() {
    let bytes: Vec<u8> = further().flat_map(|entry| codec::encode(&entry)).collect();
    let mut document = genesis();
    document.accounts_file = Some(Hash::of(&[&bytes]));
    let state = State::from_genesis(&document, further()).unwrap();
    assert_eq!(state.supply(), state.conservation());
    let supply = shortest(|| assert!(state.supply().is_ok()));
    let all = shortest(|| state.recount().unwrap());
    // A few microseconds against milliseconds; were accounts read, both would take as long.
    assert!(supply * 50 < all, "the supply took {supply:?}, reading all accounts {all:?}");
}

#[test]
fn the_supply_is_that_of_the_accounts_after_commits_and_rejections() {
    let mut chain = Chain::new();
    charged(&mut chain, 30);
    chain.must(&akari(), request(commitment(51), 20));
    let before = chain.state.supply().unwrap();
    // The first payment stands until the second is refused, and with it both.
    let twice = vec![transfer(&botan(), 10), transfer(&botan(), 1_000_000)];
    assert_ne!(chain.outcome(&akari(), twice), 0);
    assert_eq!(chain.state.supply().unwrap(), before);
    chain.state.recount().unwrap();
    assert_eq!((before.supply, before.in_zones, before.held), (yen(400), yen(30), yen(20)));
}
