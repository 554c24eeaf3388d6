//! Development keys: every key and number of a local network follows from one small seed.
//!
//! Whoever knows the seed knows every key, so such keys are for development only.

use ledger_types::{Hash, SigningKey};
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

const TAG_DEVELOPMENT: &[u8] = b"kyojo/development-key/v1";

/// The seed of a local network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DevelopmentSeed(u64);

impl DevelopmentSeed {
    /// The seed with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// 32 bytes that belong to the `index`-th thing called `label`.
    #[must_use]
    pub fn digest(self, label: &str, index: u64) -> Hash {
        Hash::of(&[TAG_DEVELOPMENT, &self.0.to_be_bytes(), &index.to_be_bytes(), label.as_bytes()])
    }

    /// A generator for the `index`-th thing called `label`, independent of every other.
    #[must_use]
    pub fn generator(self, label: &str, index: u64) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(*self.digest(label, index).as_bytes())
    }

    /// The key of the `index`-th thing called `label`.
    #[must_use]
    pub fn key(self, label: &str, index: u64) -> SigningKey {
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        self.generator(label, index).fill_bytes(seed.as_mut());
        SigningKey::from_seed(&seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_repeat_for_a_seed_and_differ_by_seed_label_and_index() {
        let key = |seed, label, index| DevelopmentSeed::new(seed).key(label, index).public_key();
        assert_eq!(key(7, "citizen", 1), key(7, "citizen", 1));
        assert_ne!(key(7, "citizen", 1), key(8, "citizen", 1));
        assert_ne!(key(7, "citizen", 1), key(7, "merchant", 1));
        assert_ne!(key(7, "citizen", 1), key(7, "citizen", 2));
    }

    #[test]
    fn every_key_is_registrable() {
        let seed = DevelopmentSeed::new(1);
        assert!((0..64).all(|index| seed.key("any", index).public_key().is_registrable()));
    }
}
