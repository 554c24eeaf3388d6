//! `OpenZoneAccount`: a holder opens its own sub-account in a zone.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::id::{AccountId, ZoneId};
use crate::yen::Yen;

operation! {
    /// By the holder.
    pub struct OpenZoneAccount {
        /// The zone.
        zone: ZoneId,
    }

    refused [NotAMoneyAccount, UnknownZone, ZoneAccountExists]
    samples [Self { zone: ZoneId::new(0x0102) }]
    follows |open, sender| ZoneAccountOpened { zone: open.zone, account: sender }
}

/// What the bank owes an account inside a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ZoneAccount {
    /// Yen in the zone.
    pub balance: Yen,
}

event! {
    /// A sub-account was opened.
    pub struct ZoneAccountOpened {
        /// The zone.
        zone: ZoneId,
        /// The holder.
        account: AccountId,
    }

    enters [account]
}
