//! Who acts for a sender: weighted keys, a threshold, and the nonces and allowance used so far.

use std::sync::Arc;

use crate::allowance::Used;
use crate::inadmissible::Inadmissible;
use crate::json::shape;
use crate::key::{PublicKey, Signature};
use crate::limits::KEYS_MAX;
use crate::nonce::NonceWindow;
use borsh::{BorshDeserialize, BorshSerialize};

shape! {
    /// A key of an account with its weight towards the threshold.
    #[derive(Copy, serde::Serialize, serde::Deserialize)]
    pub struct WeightedKey {
        /// The key.
        key: PublicKey,
        /// Its weight, at least 1.
        weight: u16,
    }
}

/// A key and its signature over the unsigned bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Authorisation {
    /// The key.
    pub key: PublicKey,
    /// Its signature.
    pub signature: Signature,
}

/// Weighted keys: 1 to 8, each once. One lies in the record itself; more are shared by its copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys(Held);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    One(WeightedKey),
    /// Any other number than one, so that equal keys are held alike.
    Several(Arc<[WeightedKey]>),
}

impl Keys {
    fn new(keys: &[WeightedKey]) -> Self {
        Self(match keys {
            [key] => Held::One(*key),
            _ => Held::Several(keys.into()),
        })
    }

    /// The keys in the order in which they were registered.
    #[must_use]
    pub fn as_slice(&self) -> &[WeightedKey] {
        match &self.0 {
            Held::One(key) => core::slice::from_ref(key),
            Held::Several(keys) => keys,
        }
    }
}

impl BorshSerialize for Keys {
    fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
        self.as_slice().serialize(writer)
    }
}

impl BorshDeserialize for Keys {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        Vec::deserialize_reader(reader).map(|keys| Self::new(&keys))
    }
}

/// The keys of a sender, what they must weigh together, its nonces, and what it used.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Authority {
    /// The keys.
    pub keys: Keys,
    /// The weight that a transaction needs.
    pub threshold: u16,
    /// The nonces used.
    pub window: NonceWindow,
    /// What of its allowance it has used.
    pub used: Used,
}

impl Authority {
    /// A fresh authority, or `None` where keys, weights or threshold do not make a usable set:
    /// 1 to 8 registrable keys, each once and of weight 1 or more, that reach a threshold of 1 or
    /// more together.
    #[must_use]
    pub fn new(keys: &[WeightedKey], threshold: u16) -> Option<Self> {
        Self::judged(keys, threshold, PublicKey::is_registrable)
    }

    /// As [`Authority::new`], where `is_registrable` says it of a key.
    #[must_use]
    pub fn judged(
        keys: &[WeightedKey],
        threshold: u16,
        mut is_registrable: impl FnMut(&PublicKey) -> bool,
    ) -> Option<Self> {
        // First of all the count: what follows is quadratic in it.
        if !(1..=KEYS_MAX).contains(&keys.len()) {
            return None;
        }
        let weight: u32 =
            keys.iter().try_fold(0_u32, |sum, entry| sum.checked_add(u32::from(entry.weight)))?;
        let weighed = keys.iter().all(|entry| entry.weight > 0)
            && threshold > 0
            && u32::from(threshold) <= weight;
        let repeated = keys
            .iter()
            .enumerate()
            .any(|(index, entry)| keys.iter().take(index).any(|earlier| earlier.key == entry.key));
        if !weighed || repeated {
            return None;
        }
        if !keys.iter().all(|entry| is_registrable(&entry.key)) {
            return None;
        }
        Some(Self {
            keys: Keys::new(keys),
            threshold,
            window: NonceWindow::default(),
            used: Used::default(),
        })
    }

    /// The authority of one key alone, which the caller has found registrable.
    #[must_use]
    pub fn of_one_key(key: PublicKey) -> Self {
        let keys = Keys(Held::One(WeightedKey { key, weight: 1 }));
        Self { keys, threshold: 1, window: NonceWindow::default(), used: Used::default() }
    }

    /// The weight of a key, or `None` where it does not act here.
    #[must_use]
    pub fn weight_of(&self, key: &PublicKey) -> Option<u16> {
        self.keys.as_slice().iter().find(|entry| entry.key == *key).map(|entry| entry.weight)
    }

    /// Checks that the keys of these authorisations act here and reach the threshold together.
    ///
    /// # Errors
    /// [`Inadmissible::KeyNotAuthorised`] or [`Inadmissible::ThresholdNotMet`].
    pub fn authorise<'a>(
        &self,
        authorisations: impl IntoIterator<Item = &'a Authorisation>,
    ) -> Result<(), Inadmissible> {
        let mut weight = 0_u32;
        for authorisation in authorisations {
            let one = self.weight_of(&authorisation.key).ok_or(Inadmissible::KeyNotAuthorised)?;
            weight = weight.checked_add(u32::from(one)).ok_or(Inadmissible::BadAuthorisations)?;
        }
        if weight < u32::from(self.threshold) {
            return Err(Inadmissible::ThresholdNotMet { weight, threshold: self.threshold });
        }
        Ok(())
    }
}
