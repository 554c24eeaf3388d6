//! `RotateKeys`: whoever sends gets other keys, by the old ones.

use crate::authority::WeightedKey;
use crate::facts::{event, operation};
use crate::json::Whose;

operation! {
    /// By an account, a data subject or a party, signed by its keys as they are; alone in its
    /// transaction. The new keys act from the next block on.
    pub struct RotateKeys {
        /// The keys that act from now on, each once.
        keys: Vec<WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
    }

    refused [NotAlone, KeyFrozen, PartySuspended, AccountFrozen, BadKeySet]
    samples [Self { keys: keys(), threshold: 0x0203 }]
}

event! {
    /// Other keys act for an account, a data subject or a party.
    pub struct KeysRotated {
        /// Whose keys.
        account: Whose,
    }

    enters [account]
}
