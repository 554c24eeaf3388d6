//! Validators, their set, and whose turn it is to propose.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::codec;
use crate::hash::{Hash, TAG_ROTATION, TAG_VALIDATOR, TAG_VALIDATORS};
use crate::height::{Height, Round};
use crate::key::PublicKey;
use crate::newtype::shown_in_hex;
use crate::time::Timestamp;

/// A validator's address: 20 bytes derived from its consensus key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct ValidatorAddress([u8; 20]);

impl ValidatorAddress {
    /// The address of a consensus key.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        Self(Hash::of(&[TAG_VALIDATOR, &[key.tag()], key.as_bytes()]).first_20())
    }

    /// The 20 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

shown_in_hex!(ValidatorAddress);

/// A validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Validator {
    /// The key that signs its votes and proposals.
    pub key: PublicKey,
    /// Its voting power, at least 1.
    pub power: u64,
}

impl Validator {
    /// Its address.
    #[must_use]
    pub fn address(&self) -> ValidatorAddress {
        ValidatorAddress::of(&self.key)
    }
}

/// The validators of a height, in ascending order of address, each once.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ValidatorSet {
    validators: Vec<Validator>,
}

impl ValidatorSet {
    /// A set; `None` where it is empty, too large, repeats a key, or its power overflows.
    #[must_use]
    pub fn new(mut validators: Vec<Validator>) -> Option<Self> {
        validators.sort_by_key(Validator::address);
        let repeated = validators
            .iter()
            .zip(validators.iter().skip(1))
            .any(|(one, next)| one.address() == next.address());
        let fits = (1..=crate::limits::VALIDATORS_MAX).contains(&validators.len());
        let powers = validators.iter().map(|v| v.power);
        let total = powers.clone().try_fold(0_u64, u64::checked_add);
        let sound = total.is_some_and(|sum| sum < u64::MAX / 3) && powers.min() != Some(0);
        (fits && !repeated && sound).then_some(Self { validators })
    }

    /// The validators, in ascending order of address.
    #[must_use]
    pub fn as_slice(&self) -> &[Validator] {
        &self.validators
    }

    /// The validator with this address.
    #[must_use]
    pub fn get(&self, address: &ValidatorAddress) -> Option<&Validator> {
        self.validators.iter().find(|validator| validator.address() == *address)
    }

    /// The sum of voting power.
    #[must_use]
    pub fn total_power(&self) -> u64 {
        self.validators.iter().map(|validator| validator.power).sum()
    }

    /// Whether `power` is a quorum: more than two thirds of the total.
    #[must_use]
    pub fn is_quorum(&self, power: u64) -> bool {
        u128::from(power) * 3 > u128::from(self.total_power()) * 2
    }

    /// The set's hash, as headers carry it.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[TAG_VALIDATORS, &codec::encode(self)])
    }
}

/// How long a validator is passed over after its first missed turn, in milliseconds; twice as long
/// after each further one in a row.
pub const PASSED_OVER_MS: u64 = 60_000;
/// At most so many times as long.
pub const PASSED_OVER_TIMES_MAX: u64 = 16;

/// A validator that missed its last turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Missed {
    /// Who.
    pub validator: ValidatorAddress,
    /// How many turns in a row.
    pub turns: u32,
    /// It is passed over until a block has this time, and then asked again.
    pub passed_over_until: Timestamp,
    /// Whether the last block's time is before that.
    pub is_passed_over: bool,
}

/// Whose turn it is: round robin that passes over those who keep missing their turns.
///
/// A function of committed state alone (protocol rule 17): it changes only by [`Rotation::after`].
/// A turn that is missed costs everybody a timeout, so whoever misses one is not asked again for a
/// minute at least.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Rotation {
    /// In ascending order of address, each once.
    missed: Vec<Missed>,
}

impl Rotation {
    /// The validators in the order of their turns at `height`: first those in good standing.
    #[must_use]
    pub fn order(&self, set: &ValidatorSet, height: Height) -> Vec<ValidatorAddress> {
        let addresses = set.as_slice().iter().map(Validator::address);
        let (waiting, mut order): (Vec<_>, Vec<_>) =
            addresses.partition(|address| self.is_passed_over(address));
        if !order.is_empty() {
            let turn = height.get() % (order.len() as u64);
            order.rotate_left(usize::try_from(turn).unwrap_or(0));
        }
        order.extend(waiting);
        order
    }

    /// The proposer of a round of a height.
    #[must_use]
    pub fn proposer(
        &self,
        set: &ValidatorSet,
        height: Height,
        round: Round,
    ) -> Option<ValidatorAddress> {
        let order = self.order(set, height);
        let index = usize::try_from(round.get()).ok()?.checked_rem(order.len())?;
        order.get(index).copied()
    }

    /// The rotation after a block decided in `round` of `height`: rounds before it were missed.
    /// `time` is that of the last block.
    #[must_use]
    pub fn after(&self, set: &ValidatorSet, height: Height, round: Round, time: Timestamp) -> Self {
        self.after_under(self, set, height, round, time)
    }

    /// This rotation after a block that was decided while another, `in_force`, said whose turn
    /// it was.
    ///
    /// A block's round is known one block later, from its certificate; by then this rotation may
    /// have moved on. Blame follows the order that held at `height`.
    #[must_use]
    pub fn after_under(
        &self,
        in_force: &Self,
        set: &ValidatorSet,
        height: Height,
        round: Round,
        time: Timestamp,
    ) -> Self {
        let order = in_force.order(set, height);
        let mut missed = self.missed.clone();
        missed.retain(|entry| set.get(&entry.validator).is_some());
        let turns = usize::try_from(round.get()).unwrap_or(usize::MAX);
        for address in order.iter().take(turns) {
            note_missed(&mut missed, *address, time);
        }
        if let Some(proposer) = in_force.proposer(set, height, round) {
            missed.retain(|entry| entry.validator != proposer);
        }
        Self { missed }.at(time)
    }

    /// This rotation once a block has this time: whose pause is over is asked again.
    #[must_use]
    pub fn at(mut self, time: Timestamp) -> Self {
        for entry in &mut self.missed {
            entry.is_passed_over = time < entry.passed_over_until;
        }
        self
    }

    /// Who missed turns, in ascending order of address.
    #[must_use]
    pub fn missed(&self) -> &[Missed] {
        &self.missed
    }

    /// The rotation's hash, as headers carry it.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[TAG_ROTATION, &codec::encode(self)])
    }

    fn is_passed_over(&self, address: &ValidatorAddress) -> bool {
        self.missed.iter().any(|entry| entry.validator == *address && entry.is_passed_over)
    }
}

fn note_missed(missed: &mut Vec<Missed>, validator: ValidatorAddress, time: Timestamp) {
    let before = missed.iter().find(|entry| entry.validator == validator).map_or(0, |e| e.turns);
    let times = 1_u64.checked_shl(before).unwrap_or(u64::MAX).min(PASSED_OVER_TIMES_MAX);
    let until = time.as_millis().saturating_add(PASSED_OVER_MS.saturating_mul(times));
    missed.retain(|entry| entry.validator != validator);
    missed.push(Missed {
        validator,
        turns: before.saturating_add(1),
        passed_over_until: Timestamp::from_millis(until),
        is_passed_over: true,
    });
    missed.sort_by_key(|entry| entry.validator);
}
