//! Validators: keys, power, whose turn it is, and who misses turns.

use ledger_types::{Height, PublicKey, Rotation, ValidatorSet};

use crate::form::body;
use crate::text::schema;
use crate::time::Time;

body! {
    /// The validators of the next height, in the order of their turns.
    pub struct ValidatorsBody {
        /// The next height: the one that they decide.
        height: Height as u64,
        /// The sum of their power; a quorum is more than two thirds of it.
        total_power: u64,
        /// The validators: the first proposes first.
        validators: Vec<ValidatorBody>,
    }

    /// A validator.
    pub struct ValidatorBody {
        /// Its address: 40 hexadecimal digits.
        #[schema(pattern = "^[0-9a-f]{40}$")]
        address: String,
        /// The key that signs its votes.
        key: PublicKey as schema::Key,
        /// Its voting power.
        power: u64,
        /// How many turns in a row it has missed.
        missed_turns: u32,
        /// It is passed over until a block has this time, where it missed its last turn.
        passed_over_until?: Time as schema::Instant,
    }
}

impl ValidatorsBody {
    /// The validators of `height` in the order of their turns.
    #[must_use]
    pub fn of(set: &ValidatorSet, rotation: &Rotation, height: Height) -> Self {
        let order = rotation.order(set, height);
        let validators = order.iter().filter_map(|address| set.get(address)).map(|validator| {
            let address = validator.address();
            let missed = rotation.missed().iter().find(|missed| missed.validator == address);
            ValidatorBody {
                address: address.to_string(),
                key: validator.key,
                power: validator.power,
                missed_turns: missed.map_or(0, |missed| missed.turns),
                passed_over_until: missed.map(|missed| missed.passed_over_until.into()),
            }
        });
        Self { height, total_power: set.total_power(), validators: validators.collect() }
    }
}
