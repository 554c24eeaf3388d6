//! One key and one pseudonym for each party, so that no two parties can tell that they deal with
//! the same person.
//!
//! Both come from the subject's secret by HKDF-SHA-256 (RFC 5869) with the network's genesis hash
//! as salt and `domain ‖ party number (4 bytes, big endian)` as info: they are found again from the
//! recovery words alone, and they differ by use, by party and by network. Without the secret they
//! are independent random bytes; nothing in one says anything about another.

use hkdf::Hkdf;
use ledger_types::{Hash, PartyId, SigningKey};
use sha2::Sha256;
use zeroize::Zeroizing;

const DOMAIN_KEY: &[u8] = b"kyojo/consent-key/v1";
const DOMAIN_PSEUDONYM: &[u8] = b"kyojo/pseudonym/v1";

/// What all keys and pseudonyms of a data subject come from; wiped when dropped, never printed.
#[derive(Clone)]
pub struct SubjectSecret(Zeroizing<[u8; 32]>);

impl SubjectSecret {
    /// A secret from its 32 bytes.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The key that signs for consents given to one party of one network.
    #[must_use]
    pub fn signing_key(&self, genesis: &Hash, party: PartyId) -> SigningKey {
        SigningKey::from_seed(&self.derived(DOMAIN_KEY, genesis, party))
    }

    /// The name under which one party of one network knows the subject off the ledger.
    #[must_use]
    pub fn pseudonym(&self, genesis: &Hash, party: PartyId) -> Pseudonym {
        Pseudonym(Hash::new(*self.derived(DOMAIN_PSEUDONYM, genesis, party)))
    }

    fn derived(&self, domain: &[u8], genesis: &Hash, party: PartyId) -> Zeroizing<[u8; 32]> {
        let mut bytes = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(genesis.as_bytes()), self.0.as_ref())
            .expand(&[domain, &party.get().to_be_bytes()].concat(), bytes.as_mut())
            .expect("32 bytes are within HKDF-SHA-256's 8,160");
        bytes
    }
}

impl core::fmt::Debug for SubjectSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SubjectSecret(…)")
    }
}

/// 32 opaque bytes that stand for a person towards one party.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Pseudonym(Hash);

impl Pseudonym {
    /// The value.
    #[must_use]
    pub const fn get(self) -> Hash {
        self.0
    }
}

impl core::fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn secret(byte: u8) -> SubjectSecret {
        SubjectSecret::new(Zeroizing::new([byte; 32]))
    }

    /// Secret byte, genesis byte, party, the key's seed and the pseudonym, worked out with another
    /// implementation of HKDF (HMAC written out as RFC 5869 section 2 says).
    const VECTORS: [(u8, u8, u32, &str, &str); 3] = [
        (
            1,
            2,
            1,
            "10916c4df4b1d2235dbab85f53f3bdc2593ac27d1b8a299c882464a000724417",
            "5540209c17534fb2ddb5711c9e46d90ae571ffeca1f5524c1d96a31c5605e749",
        ),
        (
            1,
            2,
            2,
            "f17868cba2012b205dd9cd74d90e2c5a3edca51c4ddf69babed340cc966ad1d6",
            "acd586e7d8be91fb8af0699aedaf0a74205edd7746dd62bd3b0678f40d319d46",
        ),
        (
            255,
            0,
            4294967295,
            "75bd7cae23429880e2d756cfa3d307af35286ade49a94b83469f58db5a82a956",
            "f0eb3f22e8ffb45f400b13c76499f313b547ec544e1c71db4b0792b361c33257",
        ),
    ];

    #[test]
    fn vectors_hold() {
        for (from, genesis, party, seed, pseudonym) in VECTORS {
            let (genesis, party) = (Hash::new([genesis; 32]), PartyId::new(party));
            let mut bytes = [0; 32];
            hex::decode_to_slice(seed, &mut bytes).unwrap();
            let expected = SigningKey::from_seed(&bytes).public_key();
            assert_eq!(secret(from).signing_key(&genesis, party).public_key(), expected);
            assert_eq!(secret(from).pseudonym(&genesis, party).to_string(), pseudonym);
        }
    }

    #[test]
    fn nothing_repeats_over_uses_parties_networks_and_people() {
        let mut seen = BTreeSet::new();
        for person in 1..=4 {
            for network in 1..=3 {
                for party in 0..50 {
                    let (genesis, party) = (Hash::new([network; 32]), PartyId::new(party));
                    let key = secret(person).signing_key(&genesis, party).public_key();
                    seen.insert(Hash::new(*key.as_bytes()));
                    seen.insert(secret(person).pseudonym(&genesis, party).get());
                }
            }
        }
        assert_eq!(seen.len(), 4 * 3 * 50 * 2);
        assert_eq!(format!("{:?}", secret(1)), "SubjectSecret(…)");
    }

    proptest! {
        /// Two parties hold a person's values; they share no run of bytes that two strangers'
        /// values would not share, and their XOR is not the same for two people.
        #[test]
        fn what_two_parties_hold_has_nothing_in_common(one: [u8; 32], other: [u8; 32],
                                                       a in 0_u32..1000, b in 1000_u32..2000) {
            prop_assume!(one != other);
            let genesis = Hash::new([9; 32]);
            let of = |bytes: [u8; 32], party| {
                *SubjectSecret::new(Zeroizing::new(bytes))
                    .pseudonym(&genesis, PartyId::new(party)).get().as_bytes()
            };
            let shares = |x: [u8; 32], y: [u8; 32]| {
                x.windows(6).any(|run| y.windows(6).any(|other| other == run))
            };
            prop_assert!(!shares(of(one, a), of(one, b)));
            let difference = |bytes| {
                let (x, y) = (of(bytes, a), of(bytes, b));
                x.iter().zip(y).map(|(x, y)| x ^ y).collect::<Vec<u8>>()
            };
            prop_assert_ne!(difference(one), difference(other));
        }
    }
}
