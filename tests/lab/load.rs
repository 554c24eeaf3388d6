//! Signs load ahead of time, so that a measurement is of the network and not of its client.

use ledger_types::operation::Transfer;
use ledger_types::{AccountId, Hash, Nonce, Operation, SigningKey, Timestamp, Yen};
use network_clock::Clock;
pub use node_client::Signed;
use node_client::{Unfinished, presign};
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
