//! Signs load ahead of time, so that a measurement is of the network and not of its client.

use ledger_types::operation::Transfer;
use ledger_types::{AccountId, Day, Hash, Nonce, Operation, SigningKey, Timestamp, Unsigned, Yen};
use network_clock::Clock;
pub use node_client::Signed;
use rand::SeedableRng as _;

use crate::shape::Shape;

/// Who can pay in a load.
#[derive(Clone, Debug)]
pub struct Payer {
    /// The account.
    pub account: AccountId,
    /// Its key.
    pub key: SigningKey,
}

/// Milliseconds since the epoch by this machine's clock.
#[must_use]
pub fn now() -> Timestamp {
    Clock::real().now()
}

/// The identity of something that ends, as of today.
#[must_use]
pub fn of_today(random: Hash) -> Hash {
    Day::of(now()).id(random)
}

/// A transfer, signed, valid for an hour from now.
#[must_use]
pub fn transfer(genesis: &Hash, payer: &Payer, nonce: u64, to: AccountId, amount: u64) -> Signed {
    sign(genesis, payer, nonce, vec![transferred(to, amount)])
}

fn transferred(to: AccountId, amount: u64) -> Operation {
    Operation::Transfer(Transfer { to, amount: Yen::new(amount), reference: None })
}

/// A transaction of these operations, signed, valid for an hour from now.
#[must_use]
pub fn sign(genesis: &Hash, payer: &Payer, nonce: u64, operations: Vec<Operation>) -> Signed {
    unfinished(payer, nonce, operations).sign(genesis)
}

fn unfinished(payer: &Payer, nonce: u64, operations: Vec<Operation>) -> Unfinished<'_> {
    Unfinished {
        account: payer.account,
        nonce: Nonce::new(nonce),
        valid_until: now().checked_add_millis(3_600_000).unwrap_or_default(),
        operations,
        key: &payer.key,
    }
}

/// Signs `count` transfers of a community currency's shape among `payers`, on every core.
///
/// Each payer's nonces count on from `nonces`, which is brought up to date.
#[must_use]
pub fn community(
    genesis: &Hash,
    payers: &[Payer],
    nonces: &mut [u64],
    count: usize,
    seed: u64,
) -> Vec<Signed> {
    let shape = Shape::new(payers.len());
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(seed);
    let drawn = (0..count)
        .map(|_| {
            let payment = shape.draw(&mut random);
            let nonce = nonces[payment.debtor];
            nonces[payment.debtor] += 1;
            let to = payers[payment.creditor].account;
            unfinished(&payers[payment.debtor], nonce, vec![transferred(to, payment.amount)])
        })
        .collect();
    presign(drawn, genesis, std::thread::available_parallelism().map_or(1, usize::from))
}

/// A transaction that lacks only its network and signature.
#[derive(Clone, Debug)]
pub struct Unfinished<'k> {
    /// The sender.
    pub account: AccountId,
    /// Its nonce.
    pub nonce: Nonce,
    /// Until when it is valid.
    pub valid_until: Timestamp,
    /// What to do.
    pub operations: Vec<Operation>,
    /// The key that signs.
    pub key: &'k SigningKey,
}

impl Unfinished<'_> {
    /// Signs for the network with this genesis.
    #[must_use]
    pub fn sign(self, genesis: &Hash) -> Signed {
        let unsigned = Unsigned {
            network: genesis.network(),
            account: self.account,
            nonce: self.nonce,
            valid_until: self.valid_until,
            purpose: 0,
            operations: self.operations,
        };
        Signed::new(unsigned, genesis, &[self.key])
    }
}

/// Signs many on `threads` threads; the order stays.
#[must_use]
pub fn presign(unfinished: Vec<Unfinished<'_>>, genesis: &Hash, threads: usize) -> Vec<Signed> {
    let share = unfinished.len().div_ceil(threads.max(1)).max(1);
    let mut rest = unfinished;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let tail = rest.split_off(share.min(rest.len()));
        parts.push(std::mem::replace(&mut rest, tail));
    }
    std::thread::scope(|scope| {
        let sign = |part: Vec<Unfinished<'_>>| -> Vec<Signed> {
            part.into_iter().map(|one| one.sign(genesis)).collect()
        };
        let threads: Vec<_> =
            parts.into_iter().map(|part| scope.spawn(move || sign(part))).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("signing does not panic"))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use ledger_types::Transaction;

    use super::*;

    #[test]
    fn presigned_transactions_verify_and_keep_their_order() {
        let genesis = Hash::of(&[b"genesis"]);
        let key = SigningKey::from_seed(&[1; 32]);
        let unfinished: Vec<Unfinished<'_>> = (0..10)
            .map(|nonce| Unfinished {
                account: AccountId::new([1; 20]),
                nonce: Nonce::new(nonce),
                valid_until: Timestamp::from_millis(1),
                operations: vec![Operation::Transfer(Transfer {
                    to: AccountId::new([2; 20]),
                    amount: Yen::new(1),
                    reference: None,
                })],
                key: &key,
            })
            .collect();
        let one_by_one: Vec<Signed> =
            unfinished.iter().map(|one| one.clone().sign(&genesis)).collect();
        for threads in [0, 1, 3, 10, 64] {
            assert_eq!(presign(unfinished.clone(), &genesis, threads), one_by_one);
        }
        for signed in one_by_one {
            let transaction = Transaction::decode(&signed.bytes).unwrap();
            assert_eq!(transaction.verify(&genesis), Ok(()));
            assert_eq!(transaction.id(&genesis), signed.id);
        }
    }
}
