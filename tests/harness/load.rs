//! Signs load ahead of time, so that a measurement is of the network and not of its client.

use ledger_types::operation::Transfer;
use ledger_types::{
    AccountId, Hash, Nonce, Operation, SigningKey, Timestamp, TransactionId, Unsigned, Yen, codec,
};
use network_clock::Clock;
use rand::SeedableRng as _;

use crate::shape::Shape;

/// A signed transaction, ready to be handed over.
#[derive(Clone, Debug)]
pub struct Presigned {
    /// Its identity.
    pub id: TransactionId,
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
}

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
pub fn transfer(
    genesis: &Hash,
    payer: &Payer,
    nonce: u64,
    to: AccountId,
    amount: u64,
) -> Presigned {
    let operation = Operation::Transfer(Transfer { to, amount: Yen::new(amount), reference: None });
    sign(genesis, payer, nonce, vec![operation])
}

/// A transaction of these operations, signed, valid for an hour from now.
#[must_use]
pub fn sign(genesis: &Hash, payer: &Payer, nonce: u64, operations: Vec<Operation>) -> Presigned {
    let unsigned = Unsigned {
        network: genesis.network(),
        account: payer.account,
        nonce: Nonce::new(nonce),
        valid_until: now().checked_add_millis(3_600_000).unwrap_or_default(),
        purpose: 0,
        operations,
    };
    let transaction = unsigned.sign(genesis, &[&payer.key]);
    Presigned { id: transaction.id(genesis), bytes: codec::encode(&transaction) }
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
) -> Vec<Presigned> {
    let shape = Shape::new(payers.len());
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(seed);
    let drawn: Vec<_> = (0..count)
        .map(|_| {
            let payment = shape.draw(&mut random);
            let nonce = nonces[payment.debtor];
            nonces[payment.debtor] += 1;
            (payment, nonce)
        })
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = drawn.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = drawn
            .chunks(share)
            .map(|chunk| {
                scope.spawn(move || {
                    let sign = |(payment, nonce): &(crate::shape::Payment, u64)| {
                        let creditor = payers[payment.creditor].account;
                        transfer(genesis, &payers[payment.debtor], *nonce, creditor, payment.amount)
                    };
                    chunk.iter().map(sign).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("signing cannot fail")).collect()
    })
}
