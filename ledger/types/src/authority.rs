//! Who acts for a sender: weighted keys, a threshold, and the nonces and allowance used so far.

use std::sync::Arc;

use crate::allowance::Used;
use crate::guard::refuse_if;
use crate::id::AddressPrefix;
use crate::inadmissible::Inadmissible;
use crate::json::{Json, JsonError, Schemas, serde_by_json, shape};
use crate::key::{PublicKey, Signature};
use crate::limits::KEYS_MAX;
use crate::nonce::NonceWindow;
use borsh::{BorshDeserialize, BorshSerialize};
use serde_json::Value;

shape! {
    /// A key of an account with its weight towards the threshold.
    #[derive(Copy)]
    pub struct WeightedKey {
        /// The key.
        key: PublicKey,
        /// Its weight, at least 1.
        weight: u16,
        /// Whose part it has, where two must act together; left out where it has none.
        role: KeyRole,
    }
}

serde_by_json!(WeightedKey);

impl WeightedKey {
    /// A key that has no part of its own.
    #[must_use]
    pub const fn plain(key: PublicKey, weight: u16) -> Self {
        Self { key, weight, role: KeyRole::Any }
    }
}

/// Whose part a key has. Where any key of a set has one, nothing is signed by one part alone: what
/// the maker prepares another person, the checker, looks at (maker-checker).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum KeyRole {
    /// None: it weighs, and stands for no part.
    #[default]
    Any = 0,
    /// Whoever prepares.
    Maker = 1,
    /// Whoever looks at it.
    Checker = 2,
}

impl KeyRole {
    /// Its name, as JSON has it; none where it is left out.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Maker => Some("maker"),
            Self::Checker => Some("checker"),
        }
    }
}

impl Json for KeyRole {
    const MAY_BE_LEFT_OUT: bool = true;

    fn to_json(&self, _: &AddressPrefix) -> Option<Value> {
        self.name().map(Value::from)
    }

    fn of_json(
        value: Option<Value>,
        field: &'static str,
        _: &AddressPrefix,
    ) -> Result<Self, JsonError> {
        let Some(value) = value else { return Ok(Self::Any) };
        let parts = [Self::Maker, Self::Checker];
        let known = parts.into_iter().find(|part| value.as_str() == part.name());
        known.ok_or_else(|| JsonError::new(field, &"it is one of maker checker"))
    }

    fn schema(_: &mut Schemas) -> Value {
        serde_json::json!({ "type": "string", "enum": ["maker", "checker"] })
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
    /// more together, and of both parts where any has one.
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
        if has_one_part_alone(keys.iter().map(|entry| entry.role)) {
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
        let keys = Keys(Held::One(WeightedKey::plain(key, 1)));
        Self { keys, threshold: 1, window: NonceWindow::default(), used: Used::default() }
    }

    /// Whether two parts must act together.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        self.keys.as_slice().iter().any(|entry| entry.role != KeyRole::Any)
    }

    /// The weight of a key, or `None` where it does not act here.
    #[must_use]
    pub fn weight_of(&self, key: &PublicKey) -> Option<u16> {
        self.entry(key).map(|entry| entry.weight)
    }

    fn entry(&self, key: &PublicKey) -> Option<&WeightedKey> {
        self.keys.as_slice().iter().find(|entry| entry.key == *key)
    }

    /// Checks that the keys of these authorisations act here and reach the threshold together, and
    /// are of both parts where the set has parts.
    ///
    /// # Errors
    /// [`Inadmissible::KeyNotAuthorised`], [`Inadmissible::ThresholdNotMet`] or
    /// [`Inadmissible::OnePartAlone`].
    pub fn authorise<'a>(
        &self,
        authorisations: impl IntoIterator<Item = &'a Authorisation>,
    ) -> Result<(), Inadmissible> {
        let mut weight = 0_u32;
        let mut signed = (false, false);
        for authorisation in authorisations {
            let one = self.entry(&authorisation.key).ok_or(Inadmissible::KeyNotAuthorised)?;
            let after = weight.checked_add(u32::from(one.weight));
            weight = after.ok_or(Inadmissible::BadAuthorisations)?;
            signed = with_part(signed, one.role);
        }
        if weight < u32::from(self.threshold) {
            return Err(Inadmissible::ThresholdNotMet { weight, threshold: self.threshold });
        }
        let is_of_both = signed == (true, true);
        refuse_if(self.has_parts() && !is_of_both, Inadmissible::OnePartAlone)
    }

    /// Whether a maker and a checker of these keys are among those that signed.
    #[must_use]
    pub fn is_of_both_parts(&self, authorisations: &[Authorisation]) -> bool {
        let signed = authorisations.iter().filter_map(|one| self.entry(&one.key));
        signed.fold((false, false), |parts, one| with_part(parts, one.role)) == (true, true)
    }
}

/// Which parts are there (maker, checker) with one more key.
const fn with_part((maker, checker): (bool, bool), role: KeyRole) -> (bool, bool) {
    (maker || matches!(role, KeyRole::Maker), checker || matches!(role, KeyRole::Checker))
}

/// Whether there is a maker without a checker, or a checker without a maker.
fn has_one_part_alone(roles: impl Iterator<Item = KeyRole>) -> bool {
    let parts = roles.fold((false, false), with_part);
    parts.0 != parts.1
}
