//! Transactions signed and encoded, ready to be sent; in bulk on several threads.

use bytes::Bytes;
use ledger_types::{
    AccountId, Hash, Nonce, Operation, SigningKey, Timestamp, TransactionId, Unsigned, codec,
};

/// A signed transaction as bytes, with what identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its identity.
    pub id: TransactionId,
    /// Its sender.
    pub account: AccountId,
    /// Its nonce.
    pub nonce: Nonce,
    /// Its canonical bytes, signatures included.
    pub bytes: Bytes,
}

impl Signed {
    /// Signs with each key in turn.
    #[must_use]
    pub fn new(unsigned: Unsigned, genesis: &Hash, keys: &[&SigningKey]) -> Self {
        let (id, account, nonce) = (unsigned.id(genesis), unsigned.account, unsigned.nonce);
        let bytes = codec::encode(&unsigned.sign(genesis, keys)).into();
        Self { id, account, nonce, bytes }
    }
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
    use ledger_types::operation::Transfer;
    use ledger_types::{Transaction, Yen};

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
